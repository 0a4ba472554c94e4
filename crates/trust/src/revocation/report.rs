//! What was found out about revocation: for each certificate its status, the evidence for it, and what was not used.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};
use x509_cert::ext::pkix::CrlReason;

use super::fault::{CrlFault, OcspFault};
use crate::DateTime;

/// What is to be done where nobody can tell whether a certificate was revoked. There is no default: whoever verifies
/// decides. A certificate that was revoked, or that its issuer's responder does not know, is refused either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum OnMissingEvidence {
    /// Go on, and say so in the result. Who can keep answers away can then use a revoked card.
    Accept,
    /// Refuse. Without responders and lists nobody can then sign in.
    Refuse,
}

/// The status of every certificate of a path but its anchor, which the verifier trusts by its own choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RevocationReport {
    /// The leaf's first.
    pub certificates: Vec<CertificateRevocation>,
}

/// What is known about one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
pub struct CertificateRevocation {
    /// Its status.
    #[serde(flatten)]
    pub status: CertificateStatus,
    /// Evidence that was looked at and says nothing about this certificate, with the reason.
    #[serde(rename = "notUsed")]
    pub not_used: Vec<NotUsed>,
}

/// The status of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum CertificateStatus {
    /// Not revoked, says the evidence.
    Good {
        /// All of it that was needed.
        evidence: Vec<EvidenceUsed>,
    },
    /// Revoked, for ever or for now.
    Revoked {
        /// When.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(feature = "codegen", ts(type = "string"))]
        since: DateTime,
        /// Why, if the evidence says (RFC 5280 section 5.3.1).
        #[serde(serialize_with = "reason_name")]
        #[cfg_attr(feature = "codegen", ts(type = "string | null"))]
        reason: Option<CrlReason>,
        /// The evidence.
        evidence: Vec<EvidenceUsed>,
    },
    /// The issuer's responder does not know the certificate: it may never have been issued.
    Unknown {
        /// The answer.
        evidence: Vec<EvidenceUsed>,
    },
    /// No usable evidence.
    NotDetermined,
}

/// A piece of evidence that was believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct EvidenceUsed {
    /// Where it is from: an address, or the name that the caller gave it.
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub source: Source,
    /// When its content was right.
    #[serde(serialize_with = "as_text")]
    #[cfg_attr(feature = "codegen", ts(type = "string"))]
    pub this_update: DateTime,
    /// When newer content will be there at the latest.
    #[serde(serialize_with = "as_text_if_there", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional, as = "Option<String>"))]
    pub next_update: Option<DateTime>,
}

impl EvidenceUsed {
    pub(super) fn rests_on_unchecked_responder(&self) -> bool {
        matches!(self.source, Source::Ocsp { responder: Responder::AppointedNotChecked, .. })
    }
}

/// What a piece of evidence is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(tag = "source", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Source {
    /// An answer of a responder.
    Ocsp {
        /// When it was signed.
        #[serde(serialize_with = "as_text")]
        #[cfg_attr(feature = "codegen", ts(type = "string"))]
        produced_at: DateTime,
        /// Who signed it.
        responder: Responder,
        /// Whether it is the answer to this question.
        nonce: NonceCheck,
    },
    /// A revocation list.
    Crl {
        /// Its number, in hexadecimal digits.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        number: Option<String>,
        /// Whether it says only what has changed since another list.
        delta: bool,
    },
}

/// Who signed an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Responder {
    /// The certificate's issuer.
    Issuer,
    /// Somebody whom the issuer appointed, and whose certificate it says need not be checked.
    AppointedWithoutCheck,
    /// Somebody whom the issuer appointed, and whose certificate was not revoked by a list.
    AppointedAndGood,
    /// Somebody whom the issuer appointed; nobody could tell whether the appointment still holds.
    AppointedNotChecked,
}

/// What an answer's nonce proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum NonceCheck {
    /// It was made for this question.
    Matched,
    /// The question had one, the answer has none: it was made in advance.
    Absent,
    /// The answer was not asked for now: stapled, kept, or asked for without a nonce.
    NotAsked,
}

/// Evidence that was not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS), ts(as = "NotUsedText"))]
pub struct NotUsed {
    /// Where it is from: an address, or the name that the caller gave it.
    pub name: String,
    /// Why.
    #[serde(flatten)]
    pub fault: EvidenceFault,
}

/// Why evidence was not used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceFault {
    /// A list.
    #[error("{0}")]
    Crl(#[from] CrlFault),
    /// An answer.
    #[error("{0}")]
    Ocsp(#[from] OcspFault),
}

impl EvidenceFault {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Crl(fault) => fault.code(),
            Self::Ocsp(fault) => fault.code(),
        }
    }
}

impl Serialize for EvidenceFault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut object = serializer.serialize_struct("EvidenceFault", 2)?;
        object.serialize_field("code", self.code())?;
        object.serialize_field("message", &self.to_string())?;
        object.end()
    }
}

/// [`NotUsed`] as it stands in JSON.
#[cfg(feature = "codegen")]
#[derive(ts_rs::TS)]
#[ts(rename = "NotUsed")]
#[expect(dead_code, reason = "a shape for TypeScript")]
struct NotUsedText {
    name: String,
    code: String,
    message: String,
}

/// Why a path is refused on account of revocation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RevocationFailure {
    /// A certificate was revoked.
    #[error("a certificate was revoked on {since}{}", reason.map_or_else(String::new, |reason| format!(" ({})", name_of_reason(reason))))]
    Revoked {
        /// Its place in the path; the leaf is 0.
        position: usize,
        /// When.
        since: DateTime,
        /// Why, if the evidence says.
        reason: Option<CrlReason>,
    },
    /// A certificate that its issuer does not know.
    #[error("the issuer's responder does not know the certificate")]
    Unknown {
        /// Its place in the path; the leaf is 0.
        position: usize,
    },
    /// No evidence, where it is demanded.
    #[error("whether a certificate was revoked cannot be determined{}", .fault.as_ref().map_or_else(String::new, |fault| format!(": {fault}")))]
    NotDetermined {
        /// Its place in the path; the leaf is 0.
        position: usize,
        /// Why the first piece of evidence about it was not used, if there was one.
        fault: Option<EvidenceFault>,
    },
}

impl RevocationFailure {
    /// Its stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Revoked { .. } => "certificate-revoked",
            Self::Unknown { .. } => "certificate-unknown-to-issuer",
            Self::NotDetermined { .. } => "revocation-undetermined",
        }
    }
}

impl RevocationReport {
    /// Judges the path.
    ///
    /// # Errors
    /// [`RevocationFailure`]: a certificate was revoked or is unknown to its issuer; or, if so demanded, nobody can tell.
    pub fn judge(&self, on_missing: OnMissingEvidence) -> Result<(), RevocationFailure> {
        let mut missing = None;
        for (position, certificate) in self.certificates.iter().enumerate() {
            match &certificate.status {
                CertificateStatus::Revoked { since, reason, .. } => {
                    return Err(RevocationFailure::Revoked { position, since: *since, reason: *reason });
                }
                CertificateStatus::Unknown { .. } => return Err(RevocationFailure::Unknown { position }),
                CertificateStatus::NotDetermined => {
                    missing = missing.or(Some(position));
                }
                CertificateStatus::Good { evidence } => {
                    if evidence.iter().any(EvidenceUsed::rests_on_unchecked_responder) {
                        missing = missing.or(Some(position));
                    }
                }
            }
        }
        match (missing, on_missing) {
            (Some(position), OnMissingEvidence::Refuse) => Err(RevocationFailure::NotDetermined {
                position,
                fault: self
                    .certificates
                    .get(position)
                    .and_then(|found| Some(found.not_used.first()?.fault.clone())),
            }),
            _ => Ok(()),
        }
    }

    /// Whether every certificate was found not to be revoked.
    #[must_use]
    pub fn all_good(&self) -> bool {
        !self.certificates.is_empty() && self.judge(OnMissingEvidence::Refuse).is_ok()
    }
}

/// The stable name of a reason (RFC 5280 section 5.3.1).
#[must_use]
pub const fn name_of_reason(reason: CrlReason) -> &'static str {
    match reason {
        CrlReason::Unspecified => "unspecified",
        CrlReason::KeyCompromise => "keyCompromise",
        CrlReason::CaCompromise => "cACompromise",
        CrlReason::AffiliationChanged => "affiliationChanged",
        CrlReason::Superseded => "superseded",
        CrlReason::CessationOfOperation => "cessationOfOperation",
        CrlReason::CertificateHold => "certificateHold",
        CrlReason::RemoveFromCRL => "removeFromCRL",
        CrlReason::PrivilegeWithdrawn => "privilegeWithdrawn",
        CrlReason::AaCompromise => "aACompromise",
    }
}

fn as_text<S: Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn as_text_if_there<S: Serializer>(value: &Option<DateTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

fn reason_name<S: Serializer>(value: &Option<CrlReason>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(reason) => serializer.serialize_str(name_of_reason(*reason)),
        None => serializer.serialize_none(),
    }
}
