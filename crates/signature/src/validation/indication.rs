//! The words of a verdict (EN 319 102-1 clause 5.1.3).

use serde::Serialize;

/// What a validation ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Indication {
    /// Every check passed.
    #[serde(rename = "TOTAL-PASSED")]
    TotalPassed,
    /// Neither can be said with what is known.
    #[serde(rename = "INDETERMINATE")]
    Indeterminate,
    /// Not what was signed, not by who is named, or signed when the certificate was no longer good.
    #[serde(rename = "TOTAL-FAILED")]
    TotalFailed,
}

impl Indication {
    /// Its name in the standard.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::TotalPassed => "TOTAL-PASSED",
            Self::Indeterminate => "INDETERMINATE",
            Self::TotalFailed => "TOTAL-FAILED",
        }
    }
}

/// Why it is not passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubIndication {
    /// It breaks the rules of its format.
    FormatFailure,
    /// The content, or a piece of it, is not what was signed.
    HashFailure,
    /// The signature is not one of the signer's key.
    SigCryptoFailure,
    /// Made after the signer's certificate was revoked.
    Revoked,
    /// Made after the signer's certificate expired.
    Expired,
    /// Made before the signer's certificate was valid.
    NotYetValid,
    /// What was signed beside the document, or the certificate, is not what the verifier demands.
    SigConstraintsFailure,
    /// The path breaks what the verifier or its authorities demand.
    ChainConstraintsFailure,
    /// The path cannot be validated for a reason that has no name of its own.
    CertificateChainGeneralFailure,
    /// An algorithm or a key is too weak.
    CryptoConstraintsFailure,
    /// An algorithm or a key is too weak by now, and nothing proves that it was used while it was not.
    CryptoConstraintsFailureNoPoe,
    /// The signature names a policy under which it cannot be validated.
    SignaturePolicyNotAvailable,
    /// Time stamps contradict the order in which they must have been made.
    TimestampOrderFailure,
    /// The signer's certificate is not there, or not the one that was signed with.
    NoSigningCertificateFound,
    /// No path leads to anybody whom the verifier trusts.
    NoCertificateChainFound,
    /// The signer's certificate is revoked, and nothing proves that the signature is older.
    RevokedNoPoe,
    /// An authority's certificate is revoked, and nothing proves that everything is older.
    RevokedCaNoPoe,
    /// A certificate has expired, and nothing proves that the signature is older.
    OutOfBoundsNoPoe,
    /// The same, though the certificate was not revoked while it was valid.
    OutOfBoundsNotRevoked,
    /// Who signed the revocation data has expired, and nothing proves that the data is older.
    RevocationOutOfBoundsNoPoe,
    /// A proof that something existed is missing.
    NoPoe,
    /// Whether a certificate was revoked is not known yet.
    TryLater,
    /// The content is not there.
    SignedDataNotFound,
    /// Any other reason.
    Generic,
}

impl SubIndication {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::FormatFailure,
        Self::HashFailure,
        Self::SigCryptoFailure,
        Self::Revoked,
        Self::Expired,
        Self::NotYetValid,
        Self::SigConstraintsFailure,
        Self::ChainConstraintsFailure,
        Self::CertificateChainGeneralFailure,
        Self::CryptoConstraintsFailure,
        Self::CryptoConstraintsFailureNoPoe,
        Self::SignaturePolicyNotAvailable,
        Self::TimestampOrderFailure,
        Self::NoSigningCertificateFound,
        Self::NoCertificateChainFound,
        Self::RevokedNoPoe,
        Self::RevokedCaNoPoe,
        Self::OutOfBoundsNoPoe,
        Self::OutOfBoundsNotRevoked,
        Self::RevocationOutOfBoundsNoPoe,
        Self::NoPoe,
        Self::TryLater,
        Self::SignedDataNotFound,
        Self::Generic,
    ];

    /// Its name in the standard.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FormatFailure => "FORMAT_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::ChainConstraintsFailure => "CHAIN_CONSTRAINTS_FAILURE",
            Self::CertificateChainGeneralFailure => "CERTIFICATE_CHAIN_GENERAL_FAILURE",
            Self::CryptoConstraintsFailure => "CRYPTO_CONSTRAINTS_FAILURE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::SignaturePolicyNotAvailable => "SIGNATURE_POLICY_NOT_AVAILABLE",
            Self::TimestampOrderFailure => "TIMESTAMP_ORDER_FAILURE",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::OutOfBoundsNotRevoked => "OUT_OF_BOUNDS_NOT_REVOKED",
            Self::RevocationOutOfBoundsNoPoe => "REVOCATION_OUT_OF_BOUNDS_NO_POE",
            Self::NoPoe => "NO_POE",
            Self::TryLater => "TRY_LATER",
            Self::SignedDataNotFound => "SIGNED_DATA_NOT_FOUND",
            Self::Generic => "GENERIC",
        }
    }

    /// Which of the two it makes a signature: what can never become good is failed, all else is open (tables 5 and 6 of
    /// clause 5.1.3).
    #[must_use]
    pub const fn indication(self) -> Indication {
        match self {
            Self::FormatFailure
            | Self::HashFailure
            | Self::SigCryptoFailure
            | Self::Revoked
            | Self::Expired => Indication::TotalFailed,
            _ => Indication::Indeterminate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_in_json() {
        for sub_indication in SubIndication::ALL {
            assert_eq!(
                serde_json::to_value(sub_indication).unwrap(),
                serde_json::json!(sub_indication.name())
            );
        }
        for indication in [Indication::TotalPassed, Indication::Indeterminate, Indication::TotalFailed] {
            assert_eq!(serde_json::to_value(indication).unwrap(), serde_json::json!(indication.name()));
        }
    }
}
