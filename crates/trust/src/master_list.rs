//! Master lists: certificates of many countries' authorities, collected and signed by one of them (ICAO Doc 9303-12, section 9).

use bitaqa_card::{CardError, signed_data::SignedData};

use crate::{
    DateTime,
    csca_store::{CscaStore, CscaStoreBuilder, IssuerFault, RevocationVerdict, StoreFull},
    icao_pki::{
        Fields, FormatError, INTEGER, IcaoCertificate, SEQUENCE, SET, Signer, SignerFault,
        without_leading_zeros,
    },
};

/// Longest list, in bytes.
pub const MAX_LENGTH: usize = 12 * 1024 * 1024;
/// Most certificates of a list.
pub const MAX_CERTIFICATES: usize = 8 * 1024;

/// Most certificates of a list that are tried as those of its signer's authority.
const MAX_ISSUERS: usize = 32;

/// `id-icao-cscaMasterList` (2.23.136.1.1.2), content bytes.
const CSCA_MASTER_LIST: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x02];

/// A master list, taken apart but not judged.
#[derive(Debug, Clone)]
pub struct MasterList {
    signed_data: SignedData,
    certificates: Vec<IcaoCertificate>,
    unreadable: Vec<UnreadableCertificate>,
}

/// A certificate of a list that is none that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("certificate {number} of the list cannot be read: {error}")]
pub struct UnreadableCertificate {
    /// Its place in the list, from 1.
    pub number: usize,
    /// Why.
    pub error: FormatError,
}

impl MasterList {
    /// Parses a list. Certificates that cannot be read are left out, and named: one country's mistake must not keep the others
    /// away.
    ///
    /// # Errors
    /// [`MasterListError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, MasterListError> {
        if bytes.len() > MAX_LENGTH {
            return Err(MasterListError::TooLong);
        }
        let signed_data = SignedData::parse("master list", bytes).map_err(MasterListError::SignedData)?;
        if signed_data.content_type != CSCA_MASTER_LIST {
            return Err(MasterListError::ContentType);
        }
        const WHAT: &str = "CscaMasterList";
        let mut fields = Fields::of_object(&signed_data.content, SEQUENCE, WHAT)?;
        let version = fields.expect(INTEGER, "version")?;
        if !without_leading_zeros(version.value).is_empty() {
            return Err(FormatError::value("version").into());
        }
        let mut list = fields.inside(SET, "certList")?;
        fields.end(WHAT)?;
        let (mut certificates, mut unreadable) = (Vec::new(), Vec::new());
        while let Some(certificate) = list.next("certList")? {
            let number = certificates.len() + unreadable.len() + 1;
            if number > MAX_CERTIFICATES {
                return Err(MasterListError::TooMany);
            }
            match IcaoCertificate::from_der(certificate.encoded) {
                Ok(certificate) => certificates.push(certificate),
                Err(error) => unreadable.push(UnreadableCertificate { number, error }),
            }
        }
        Ok(Self { signed_data, certificates, unreadable })
    }

    /// The certificates that could be read. Nobody has vouched for them yet: see [`verify`](Self::verify).
    #[must_use]
    pub fn claimed_certificates(&self) -> &[IcaoCertificate] {
        &self.certificates
    }

    /// Those that could not.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableCertificate] {
        &self.unreadable
    }

    /// Checks who signed the list, against authorities that the caller trusts.
    ///
    /// # Errors
    /// [`MasterListFault`]: the list is not to be used.
    pub fn verify(&self, store: &CscaStore, at: DateTime) -> Result<VerifiedMasterList<'_>, MasterListFault> {
        let signature = Signer::of(&self.signed_data).map_err(MasterListFault::of)?;
        let signer = self.signer(&signature)?;
        if !signature.has_attributes() {
            return Err(FormatError::value("signedAttrs").into());
        }
        signature.check_attributes().map_err(MasterListFault::of)?;
        let key = signer.key().map_err(|error| MasterListFault::Signature(error.to_string()))?;
        signature.check_signature(key).map_err(MasterListFault::of)?;
        if !signer.may_sign_master_lists() || signer.has_unknown_critical_extension() {
            return Err(MasterListFault::SignerPurpose);
        }
        let path = store.path(&signer, at).map_err(|fault| match fault {
            IssuerFault::Unknown { .. } => {
                MasterListFault::CscaUnknown { issuer: signer.issuer().to_string() }
            }
            IssuerFault::NotSigned => {
                MasterListFault::SignerNotIssued { issuer: signer.issuer().to_string() }
            }
        })?;
        if !signer.is_valid_at(at) || !path.is_valid_at(at) {
            return Err(MasterListFault::NotValid {
                not_before: signer.not_before(),
                not_after: signer.not_after(),
            });
        }
        if let RevocationVerdict::SignerRevoked(revoked) | RevocationVerdict::AuthorityRevoked(revoked) =
            store.revocation(&signer, &path, at)
        {
            return Err(MasterListFault::Revoked { since: revoked.since });
        }
        let csca = path.csca().clone();
        Ok(VerifiedMasterList { list: self, signer, csca, signing_time: signature.signing_time() })
    }

    /// Checks the list against the authority in it: it is whole, and whoever has that authority's key made it. Whether this
    /// is the authority of its name, the caller must know, by its fingerprint or by where the list came from.
    ///
    /// # Errors
    /// [`MasterListFault`].
    pub fn verify_by_itself(&self, at: DateTime) -> Result<VerifiedMasterList<'_>, MasterListFault> {
        let signer = self.signer(&Signer::of(&self.signed_data).map_err(MasterListFault::of)?)?;
        let may_be_issuer = |certificate: &IcaoCertificate| {
            let is_named = signer.authority_key().is_some_and(|key| certificate.has_subject_key(key));
            certificate.subject() == signer.issuer() || is_named
        };
        let mut builder = CscaStoreBuilder::new();
        // nobody has vouched for anything yet: no more of it is looked at than a signer may need
        let listed = self.certificates.iter().cloned();
        for certificate in self.embedded().into_iter().chain(listed).filter(may_be_issuer).take(MAX_ISSUERS) {
            if builder.add(certificate).is_err() {
                break;
            }
        }
        self.verify(&builder.build().0, at)
    }

    /// The certificate that the signature names.
    fn signer(&self, signature: &Signer<'_>) -> Result<IcaoCertificate, MasterListFault> {
        let signer = self.embedded().into_iter().find(|certificate| signature.is(certificate));
        signer.ok_or(MasterListFault::SignerMissing)
    }

    /// The certificates beside the list: those of its signer.
    fn embedded(&self) -> Vec<IcaoCertificate> {
        let readable = self.signed_data.certificates.iter().map(|der| IcaoCertificate::from_der(der));
        readable.filter_map(Result::ok).collect()
    }
}

/// A list whose signer is vouched for.
#[derive(Debug, Clone)]
pub struct VerifiedMasterList<'l> {
    list: &'l MasterList,
    signer: IcaoCertificate,
    csca: IcaoCertificate,
    signing_time: Option<DateTime>,
}

impl VerifiedMasterList<'_> {
    /// The certificates.
    #[must_use]
    pub fn certificates(&self) -> &[IcaoCertificate] {
        &self.list.certificates
    }

    /// Who signed the list.
    #[must_use]
    pub const fn signer(&self) -> &IcaoCertificate {
        &self.signer
    }

    /// The authority that vouches for the signer.
    #[must_use]
    pub const fn csca(&self) -> &IcaoCertificate {
        &self.csca
    }

    /// When it was signed, as the signer says.
    #[must_use]
    pub const fn signing_time(&self) -> Option<DateTime> {
        self.signing_time
    }

    /// Puts the certificates into a store, each by what it is.
    ///
    /// # Errors
    /// [`StoreFull`].
    pub fn add_to(&self, builder: &mut CscaStoreBuilder) -> Result<(), StoreFull> {
        self.certificates().iter().try_for_each(|certificate| builder.add(certificate.clone()))
    }
}

/// Why bytes are no master list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MasterListError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the master list has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// More than [`MAX_CERTIFICATES`] certificates.
    #[error("the master list has more than {MAX_CERTIFICATES} certificates")]
    TooMany,
    /// No CMS signed data.
    #[error("no master list: {0}")]
    SignedData(CardError),
    /// Signed data of something else.
    #[error("signed, but no master list")]
    ContentType,
    /// The list itself is malformed.
    #[error("malformed: {0}")]
    Format(#[from] FormatError),
}

/// Why a list is not to be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MasterListFault {
    /// The list does not bring its signer's certificate.
    #[error("the certificate of the list's signer is missing")]
    SignerMissing,
    /// The signature's own fields are malformed.
    #[error("the signature cannot be read: {0}")]
    Format(#[from] FormatError),
    /// The signature is not that of this list.
    #[error("the signature of the list does not hold: {0}")]
    Signature(String),
    /// The signer's certificate is not for signing master lists.
    #[error("the signer's certificate is not one for signing master lists")]
    SignerPurpose,
    /// Nobody who is trusted vouches for the signer.
    #[error("the authority \"{issuer}\" of the list's signer is not known")]
    CscaUnknown {
        /// Its name.
        issuer: String,
    },
    /// The authority is trusted, and did not sign the signer's certificate.
    #[error("the signer's certificate is not signed by the authority \"{issuer}\" that it names")]
    SignerNotIssued {
        /// Its name.
        issuer: String,
    },
    /// Signer or authority are not valid at the time.
    #[error(
        "the list's signer, whose certificate is valid from {not_before} to {not_after}, or its authority is not valid at this time"
    )]
    NotValid {
        /// First moment of the signer's certificate.
        not_before: DateTime,
        /// Its last moment.
        not_after: DateTime,
    },
    /// Signer or authority were revoked.
    #[error("the list's signer or its authority was revoked on {since}")]
    Revoked {
        /// Since when.
        since: DateTime,
    },
}

impl MasterListFault {
    fn of(fault: SignerFault) -> Self {
        match fault {
            SignerFault::Format(error) => Self::Format(error),
            other => Self::Signature(other.to_string()),
        }
    }
}
