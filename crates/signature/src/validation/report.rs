//! What a validation found, for programs and people. Its JSON is stable: members may be added, none changes its meaning.

use std::fmt;

use bitaqa_trust::{Assurance, DateTime};
use serde::{Serialize, Serializer};

use super::indication::{Indication, SubIndication};
use crate::{
    found::{Coverage, SignatureFormat},
    level::Level,
    trusted_list::qualification::Qualification,
};

/// The validation of a file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The worst of its signatures; a file without any is not passed.
    pub indication: Indication,
    /// Why, where it is not passed.
    pub sub_indication: Option<SubIndication>,
    /// The time at which the signatures were judged.
    #[serde(serialize_with = "as_text")]
    pub validation_time: DateTime,
    /// The cryptographic constraints, by name and edition.
    pub cryptographic_constraints: String,
    /// Test if one of the signatures is.
    pub assurance: Assurance,
    /// Each signature, in the file's order.
    pub signatures: Vec<SignatureReport>,
}

impl Report {
    /// The report as JSON.
    ///
    /// # Errors
    /// None in practice: the encoder's.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }

    /// Whether every signature passed, and there is one.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.indication == Indication::TotalPassed
    }
}

/// One signature.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignatureReport {
    /// What tells it from others of the same file.
    pub name: String,
    /// Its format.
    pub format: SignatureFormat,
    /// The level that it reaches: every part of it validates. None if it is not even B-B.
    pub level: Option<Level>,
    /// The verdict.
    pub indication: Indication,
    /// Why, where it is not passed.
    pub sub_indication: Option<SubIndication>,
    /// Whether the content and what is signed beside it are what the signer's key signed, whoever that is.
    pub cryptographically_intact: bool,
    /// Who signed, by the certificate; to be believed only where the certificate validates.
    pub signer: Option<SignerReport>,
    /// When the signer says that they signed.
    #[serde(serialize_with = "as_text_if_there")]
    pub signing_time: Option<DateTime>,
    /// The time at which the signature is judged (best-signature-time).
    #[serde(serialize_with = "as_text")]
    pub best_signature_time: DateTime,
    /// Whether a time stamp proves that the signature existed then. If not it is the time of validation.
    pub best_signature_time_proven: bool,
    /// How it is signed; none where the algorithm is not accepted.
    pub algorithm: Option<String>,
    /// What of the file it covers.
    pub coverage: Coverage,
    /// Each step of the validation.
    pub steps: Vec<StepReport>,
    /// The path from the signer's certificate to an anchor, the certificate first.
    pub chain: Vec<CertificateReport>,
    /// Time stamps.
    pub time_stamps: Vec<TimeStampReport>,
    /// Whether it is a qualified signature.
    pub qualification: Qualification,
    /// Test if the verdict rests on somebody who counts for tests alone.
    pub assurance: Assurance,
    /// Signatures over this signature.
    pub counter_signatures: Vec<SignatureReport>,
    /// What a person should know.
    pub remarks: Vec<String>,
}

/// A signer, by the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SignerReport {
    /// The name that a person would use.
    pub name: Option<String>,
    /// The person's number, if the certificate has it.
    pub serial_number: Option<String>,
    /// Two letters.
    pub country: Option<String>,
    /// Organisation.
    pub organisation: Option<String>,
    /// SHA-256 of the certificate, in hexadecimal digits.
    pub certificate_sha256: String,
}

/// A step of the validation (EN 319 102-1 clauses 5.2.2 to 5.2.8 and 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// The format's rules.
    FormatChecking,
    /// The certificate is there, and the one that was signed with.
    IdentificationOfTheSigningCertificate,
    /// The signature's policy is known.
    ValidationContextInitialization,
    /// Time stamps.
    TimeStampValidation,
    /// A path to an anchor, whose certificates were valid and not revoked.
    CertificateValidation,
    /// Content and signature are intact.
    CryptographicVerification,
    /// What was signed is what the verifier demands.
    SignatureAcceptanceValidation,
}

impl Step {
    /// All of them, in the order of the validation.
    pub const ALL: [Self; 7] = [
        Self::FormatChecking,
        Self::IdentificationOfTheSigningCertificate,
        Self::ValidationContextInitialization,
        Self::TimeStampValidation,
        Self::CertificateValidation,
        Self::CryptographicVerification,
        Self::SignatureAcceptanceValidation,
    ];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FormatChecking => "format-checking",
            Self::IdentificationOfTheSigningCertificate => "identification-of-the-signing-certificate",
            Self::ValidationContextInitialization => "validation-context-initialization",
            Self::TimeStampValidation => "time-stamp-validation",
            Self::CertificateValidation => "certificate-validation",
            Self::CryptographicVerification => "cryptographic-verification",
            Self::SignatureAcceptanceValidation => "signature-acceptance-validation",
        }
    }
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing is wrong.
    Passed,
    /// Something is.
    NotPassed,
    /// It could not be done because an earlier one did not pass.
    NotDone,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepReport {
    /// Which.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not pass.
    pub sub_indication: Option<SubIndication>,
    /// The same for a person.
    pub detail: Option<String>,
}

/// A certificate of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CertificateReport {
    /// Its subject.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// SHA-256 of the certificate, in hexadecimal digits.
    pub sha256: String,
    /// First moment of validity.
    #[serde(serialize_with = "as_text")]
    pub not_before: DateTime,
    /// Last moment of validity.
    #[serde(serialize_with = "as_text")]
    pub not_after: DateTime,
    /// What is known about its revocation.
    pub revocation: RevocationFinding,
    /// The certificate, in DER.
    #[serde(skip)]
    pub der: Vec<u8>,
}

/// What is known about a certificate's revocation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum RevocationFinding {
    /// Trusted by the verifier's own choice.
    Anchor,
    /// Not revoked.
    Good {
        /// When the newest statement that says so was right.
        #[serde(serialize_with = "as_text")]
        known: DateTime,
        /// Who says so.
        by: String,
    },
    /// Revoked.
    Revoked {
        /// When.
        #[serde(serialize_with = "as_text")]
        since: DateTime,
        /// Why, if that is known (RFC 5280 section 5.3.1).
        reason: Option<&'static str>,
    },
    /// The issuer's responder does not know the certificate.
    Unknown,
    /// Nobody can tell.
    NotDetermined {
        /// Why.
        because: String,
    },
}

/// What a time stamp is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeStampKind {
    /// The content, before the signature.
    Content,
    /// The signature.
    Signature,
    /// The signature and what its validation needs.
    Archive,
}

/// A time stamp.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TimeStampReport {
    /// What it is over.
    pub kind: TimeStampKind,
    /// The verdict.
    pub indication: Indication,
    /// Why, where it is not passed; then it proves nothing.
    pub sub_indication: Option<SubIndication>,
    /// The same for a person.
    pub detail: Option<String>,
    /// The time in it.
    #[serde(serialize_with = "as_text_if_there")]
    pub time: Option<DateTime>,
    /// Whose it is.
    pub authority: Option<String>,
    /// The policy that it was made under.
    pub policy: Option<String>,
    /// The path from the authority's certificate to an anchor.
    pub chain: Vec<CertificateReport>,
    /// What a person should know.
    pub remarks: Vec<String>,
    /// The token as it was found.
    #[serde(skip)]
    pub token: Vec<u8>,
}

impl TimeStampReport {
    /// Whether it proves that something existed at its time.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.indication == Indication::TotalPassed
    }
}

pub(crate) fn as_text<S: Serializer>(value: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

pub(crate) fn as_text_if_there<S: Serializer>(
    value: &Option<DateTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.collect_str(value),
        None => serializer.serialize_none(),
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
