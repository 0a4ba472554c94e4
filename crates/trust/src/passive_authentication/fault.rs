//! What can be wrong with a document, and what could not be checked.

use bitaqa_card::lds::DataGroup;

use crate::{
    DateTime,
    icao_pki::{FormatError, IcaoKeyError, IcaoSignatureError, Revoked},
};

/// Why a document is not genuine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Neither the document nor the store has the signer's certificate.
    #[error("the certificate of the document signer is missing")]
    SignerMissing,
    /// A certificate in the document is none.
    #[error("the certificate of the document signer cannot be read: {0}")]
    SignerUnreadable(FormatError),
    /// The signature's own fields are malformed.
    #[error("the signature cannot be read: {0}")]
    SignatureMalformed(FormatError),
    /// The signature is over something that is no list of digests.
    #[error("the signature was made over another type of content")]
    ContentTypeDiffers,
    /// The signature is over another list of digests.
    #[error("the list of digests is not the one that was signed")]
    ContentAltered,
    /// A digest that is not among those of 9303-12.
    #[error("the digest algorithm of the signature is not supported")]
    DigestAlgorithm,
    /// The signature does not verify.
    #[error("the signature of the document signer does not hold: {0}")]
    Signature(IcaoSignatureError),
    /// The signer's key cannot be used.
    #[error("the key of the document signer cannot be used: {0}")]
    SignerKey(IcaoKeyError),
    /// The certificate is not for signing documents.
    #[error("the signer's certificate is not one for signing documents")]
    SignerPurpose,
    /// A critical extension that is not understood.
    #[error("the signer's certificate has a critical extension that is not understood")]
    CriticalExtension,
    /// No authority of that name and key is among those that are trusted.
    #[error("the country signing authority \"{issuer}\" is not known{}", if *.others == 0 { "" } else { " with this key" })]
    CscaUnknown {
        /// Its name.
        issuer: String,
        /// How many are known of the same name, with other keys.
        others: usize,
    },
    /// The authority is trusted, and did not sign this certificate.
    #[error(
        "the signer's certificate is not signed by the country signing authority \"{issuer}\" that it names"
    )]
    SignerNotIssued {
        /// Its name.
        issuer: String,
    },
    /// The signer's certificate is too old.
    #[error("the certificate of the document signer expired on {since}")]
    SignerExpired {
        /// Its last moment.
        since: DateTime,
    },
    /// The signer's certificate is too new.
    #[error("the certificate of the document signer is valid only from {until}")]
    SignerNotYetValid {
        /// Its first moment.
        until: DateTime,
    },
    /// The authority's certificate is too old.
    #[error("the certificate of the country signing authority expired on {since}")]
    CscaExpired {
        /// Its last moment.
        since: DateTime,
    },
    /// The authority's certificate is too new.
    #[error("the certificate of the country signing authority is valid only from {until}")]
    CscaNotYetValid {
        /// Its first moment.
        until: DateTime,
    },
    /// The document was issued when the signer's key was not to be used.
    #[error("the document was issued when the signer's key was not to be used")]
    IssuedOutsideKeyUsage,
    /// The signer may not sign documents of this type.
    #[error("the signer may not sign documents of the type {code}")]
    DocumentType {
        /// The document code.
        code: String,
    },
    /// The signer's certificate was revoked.
    #[error("the certificate of the document signer was revoked on {}", .0.since)]
    SignerRevoked(Revoked),
    /// An authority's certificate was revoked.
    #[error("the certificate of the country signing authority was revoked on {}", .0.since)]
    CscaRevoked(Revoked),
    /// Nobody can say whether the signer was revoked, and the caller wants to know.
    #[error("it is not known whether the document signer was revoked: {0}")]
    RevocationUnknown(NotChecked),
    /// Groups are not what was signed.
    #[error("{} not what was signed", listed(.groups))]
    GroupsAltered {
        /// Which.
        groups: Vec<DataGroup>,
    },
    /// Groups were given that the document does not have.
    #[error("{} not among the signed data groups", listed(.groups))]
    GroupsNotListed {
        /// Which.
        groups: Vec<DataGroup>,
    },
}

impl Fault {
    /// A stable word for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignerMissing => "signer-missing",
            Self::SignerUnreadable(_) => "signer-unreadable",
            Self::SignatureMalformed(_) => "signature-malformed",
            Self::ContentTypeDiffers => "content-type-differs",
            Self::ContentAltered => "content-altered",
            Self::DigestAlgorithm => "digest-algorithm",
            Self::Signature(_) => "signature-invalid",
            Self::SignerKey(_) => "signer-key",
            Self::SignerPurpose => "signer-purpose",
            Self::CriticalExtension => "critical-extension",
            Self::CscaUnknown { .. } => "csca-unknown",
            Self::SignerNotIssued { .. } => "signer-not-issued",
            Self::SignerExpired { .. } => "signer-expired",
            Self::SignerNotYetValid { .. } => "signer-not-yet-valid",
            Self::CscaExpired { .. } => "csca-expired",
            Self::CscaNotYetValid { .. } => "csca-not-yet-valid",
            Self::IssuedOutsideKeyUsage => "issued-outside-key-usage",
            Self::DocumentType { .. } => "document-type",
            Self::SignerRevoked(_) => "signer-revoked",
            Self::CscaRevoked(_) => "csca-revoked",
            Self::RevocationUnknown(_) => "revocation-unknown",
            Self::GroupsAltered { .. } => "group-altered",
            Self::GroupsNotListed { .. } => "group-not-listed",
        }
    }
}

/// Why a check could not be made. None of these speaks against a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotChecked {
    /// The signature covers the list of digests itself.
    #[error("the signature covers the list of digests itself")]
    NoSignedAttributes,
    /// The certificate says nothing about it.
    #[error("the signer's certificate says nothing about it")]
    NotStated,
    /// Neither DG12 nor the signature says when the document was issued.
    #[error("nothing that was given says when the document was issued")]
    IssueDateUnknown,
    /// DG1 was not given, or has no zone.
    #[error("DG1, which says the type of the document, was not given or is not what was signed")]
    DocumentTypeUnknown,
    /// There is no revocation list of the authority.
    #[error("there is no revocation list of the country signing authority")]
    NoRevocationList,
    /// The list is older than it may be.
    #[error("the revocation list of the country signing authority is out of date{}", .next_update.map_or_else(String::new, |next| format!(": the next was due on {next}")))]
    RevocationListStale {
        /// When the next list was due, where the list says so.
        next_update: Option<DateTime>,
    },
    /// Revoked after the time of the check.
    #[error("the certificate of the document signer was revoked later, on {}", .0.since)]
    RevokedLater(Revoked),
    /// No group was given.
    #[error("no data group was given")]
    NoGroup,
}

impl NotChecked {
    /// A stable word for it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoSignedAttributes => "no-signed-attributes",
            Self::NotStated => "not-stated",
            Self::IssueDateUnknown => "issue-date-unknown",
            Self::DocumentTypeUnknown => "document-type-unknown",
            Self::NoRevocationList => "no-revocation-list",
            Self::RevocationListStale { .. } => "revocation-list-stale",
            Self::RevokedLater(_) => "revoked-later",
            Self::NoGroup => "no-group",
        }
    }
}

fn listed(groups: &[DataGroup]) -> String {
    let names: Vec<&str> = groups.iter().map(|group| group.name()).collect();
    format!("{} {}", names.join(", "), if names.len() == 1 { "is" } else { "are" })
}
