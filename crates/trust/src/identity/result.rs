//! What comes of verifying an identity answer.

use bitaqa_card::lds::Dg1;
use bitaqa_jose::jwe::JweError;
use bitaqa_protocol::{
    claim::Claim,
    identity::{
        ProofWanted,
        answer::{AnsweredRequest, Consent, HostAsserted, IdentityAnswerError},
    },
};
use serde::{Serialize, Serializer};

use super::{
    claims::{Claims, GroupFault},
    country,
    date::{Day, PartialDate},
    link::{HolderNumbers, Link},
    status::{DocumentStatus, WithdrawalReason},
    unsigned::AssertedFault,
};
use crate::{
    Assurance, Level, SignIn, TokenFailure,
    chip_proof::{ChipProof, ChipProofFault},
    passive_authentication::{Fault, Report, Unreadable},
    token_verification::HolderVerification,
};

/// A step of the verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "codegen", ts(rename = "IdentityStep"))]
pub enum Step {
    /// It is encrypted to a key of this verifier, for its origin and challenge.
    Encryption,
    /// It is an answer.
    Content,
    /// It is one to the request of the verifier's session: [`Outcome::Passed`] if all of it was compared,
    /// [`Outcome::NotCompared`] if the session did not know statement, purpose and claims.
    Request,
    /// Nothing goes beyond what the person agreed to.
    Consent,
    /// The data groups are what the country signed (passive authentication).
    Document,
    /// The chip is no copy.
    Chip,
    /// The holder showed that the card is theirs, and card and chip are one person's.
    Holder,
    /// The document is in use.
    Status,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 8] = [
        Self::Encryption,
        Self::Content,
        Self::Request,
        Self::Consent,
        Self::Document,
        Self::Chip,
        Self::Holder,
        Self::Status,
    ];

    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Encryption => "encryption",
            Self::Content => "content",
            Self::Request => "request",
            Self::Consent => "consent",
            Self::Document => "document",
            Self::Chip => "chip",
            Self::Holder => "holder",
            Self::Status => "status",
        }
    }
}

pub use crate::verification_report::Outcome;

/// One line of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[cfg_attr(feature = "codegen", ts(rename = "IdentityCheck"))]
pub struct Check {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
}

/// What is known of the chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Chip {
    /// It signed the verifier's challenge.
    ActiveAuthentication,
    /// It answered under keys that only it and the verifier can have.
    ChipAuthentication,
    /// The document has no key that a chip could prove, and the host says that it saw a proof: that proves nothing here.
    AssertedByHost,
    /// The document has no key that a chip could prove: it may be a copy.
    NotOffered,
    /// The portal asked for the data only: it may be a copy.
    DataOnly,
    /// The card signs nothing, neither for its data nor for itself: anybody can make such a card.
    Unsigned,
}

impl Chip {
    /// Judges a proof by what the portal asked for.
    ///
    /// # Errors
    /// `chip-proof-missing`, `chip-proof-invalid`.
    pub(super) fn of(proof: ChipProof, wanted: ProofWanted) -> Result<Self, IdentityFailure> {
        match proof {
            ChipProof::ActiveAuthentication { .. } => Ok(Self::ActiveAuthentication),
            ChipProof::ChipAuthentication { .. } => Ok(Self::ChipAuthentication),
            ChipProof::Invalid(fault) => Err(IdentityFailure::ChipProof(fault)),
            _ if wanted.takes_copies() => Ok(Self::DataOnly),
            ChipProof::AssertedByHost(_) => Ok(Self::AssertedByHost),
            ChipProof::NotOffered => Ok(Self::NotOffered),
            ChipProof::Missing { .. } => Err(IdentityFailure::ChipProofMissing),
        }
    }

    /// Whether the chip is known to be no copy.
    #[must_use]
    pub const fn is_proven(self) -> bool {
        matches!(self, Self::ActiveAuthentication | Self::ChipAuthentication)
    }

    pub(super) const fn outcome(self) -> Outcome {
        if self.is_proven() { Outcome::Passed } else { Outcome::NotChecked }
    }
}

/// An answer that holds: who it is about, and how sure that is.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct VerifiedIdentity {
    /// What was asked for, agreed to and read, each with how it is known.
    pub claims: Claims,
    /// How sure it is that this is the person.
    pub level: Level,
    /// Test if document or certificate are of test authorities.
    pub assurance: Assurance,
    /// How it was made sure that the card was in its holder's hands; `none` for possession alone.
    #[serde(serialize_with = "holder")]
    #[cfg_attr(feature = "codegen", ts(type = "\"none\" | \"pin\""))]
    pub holder_verification: Option<HolderVerification>,
    /// Whose PIN it was, by the certificate of the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub token: Option<SignIn>,
    /// How certificate and chip are linked, where there is a certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub link: Option<Link>,
    /// What is known of the chip.
    pub chip: Chip,
    /// What is known of the document.
    #[serde(flatten)]
    pub status: DocumentStatus,
    /// Who signed the document: the subject of the document signer's certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub signer: Option<String>,
    /// What the machine readable zone says of the document, where its group was agreed to: for who has to know whose document it is.
    #[serde(skip)]
    #[cfg_attr(feature = "codegen", ts(skip))]
    pub document: Option<DocumentKind>,
    /// Numbers of document and person, where the zone's group was agreed to: for who knows one of the person's already.
    #[serde(skip)]
    #[cfg_attr(feature = "codegen", ts(skip))]
    pub numbers: Option<HolderNumbers>,
    /// SHA-256 of EF.SOD, in lower-case hexadecimal digits: by this a status source knows the document, and so can a portal.
    /// A card that signs nothing has none.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "hexadecimal")]
    #[cfg_attr(feature = "codegen", ts(optional, type = "string"))]
    pub fingerprint: Option<[u8; 32]>,
    /// What was asked.
    pub request: AnsweredRequest,
    /// What the person agreed to, by the host's word; a token of the card covers it.
    pub consent: Consent,
    /// What nobody signed.
    pub host_asserted: HostAsserted,
    /// Every step with its outcome.
    pub checks: Vec<Check>,
}

/// What kind of document it is, and whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentKind {
    /// Document code (ICAO Doc 9303-5 section 4.2.2): `I`, `A` or `C` and perhaps another letter for cards, `P…` for passports.
    pub code: String,
    /// Issuing state or organisation, one to three letters.
    pub state: String,
    /// Country of the authority whose signer signed it, two letters.
    pub authority: Option<String>,
    /// Until when it is valid; nothing where the zone leaves that open.
    pub expiry: Option<PartialDate>,
}

impl DocumentKind {
    /// Of a genuine DG1, on a day.
    pub(super) fn of(dg1: &[u8], authority: Option<&str>, on: Day) -> Option<Self> {
        let zone = Dg1::parse(dg1).ok()?.mrz;
        Some(Self {
            code: zone.document_code,
            state: zone.issuer,
            authority: authority.map(str::to_owned),
            expiry: PartialDate::of_expiry(zone.expiry, on),
        })
    }

    /// Whether the state that the zone names signed it: any country that somebody trusts could sign a document that names another.
    #[must_use]
    pub fn is_of_its_state(&self) -> bool {
        self.authority.as_deref().is_some_and(|authority| country::is_same(authority, &self.state))
    }

    /// Whether its time is over on a day. One that does not say is taken as one that is.
    #[must_use]
    pub fn has_expired(&self, on: Day) -> bool {
        self.expiry.is_none_or(|expiry| expiry.latest() < on)
    }
}

fn holder<S: Serializer>(holder: &Option<HolderVerification>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(holder.map_or("none", HolderVerification::name))
}

fn hexadecimal<S: Serializer>(bytes: &Option<[u8; 32]>, serializer: S) -> Result<S::Ok, S::Error> {
    let digits: String = bytes.iter().flatten().map(|byte| format!("{byte:02x}")).collect();
    serializer.serialize_str(&digits)
}

/// An answer that does not hold.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{failure}")]
pub struct RefusedIdentity {
    /// What is wrong with it.
    pub failure: IdentityFailure,
    /// Every step with its outcome.
    pub checks: Vec<Check>,
}

impl RefusedIdentity {
    /// Says of a step that passed, and of nothing behind it, that it failed after all.
    pub(super) fn after_all(mut checks: Vec<Check>, step: Step, failure: IdentityFailure) -> Self {
        checks.truncate(Step::ALL.iter().take_while(|earlier| **earlier != step).count());
        Self::at(checks, failure)
    }

    pub(super) fn at(mut checks: Vec<Check>, failure: IdentityFailure) -> Self {
        let mut outcome = Outcome::Failed;
        for step in Step::ALL.into_iter().skip(checks.len()) {
            checks.push(Check { step, outcome });
            outcome = Outcome::NotReached;
        }
        Self { failure, checks }
    }
}

/// Why an answer does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityFailure {
    /// It is not encrypted as it must be, or does not decrypt.
    #[error("the answer does not open: {0}")]
    Encryption(JweError),
    /// It names a key that this verifier does not have.
    #[error("the answer is encrypted to a key that this verifier does not have")]
    OtherKey,
    /// It is an answer to something else.
    #[error("the answer is to another request: {0} differs")]
    OtherRequest(&'static str),
    /// What was encrypted is no answer.
    #[error(transparent)]
    Content(IdentityAnswerError),
    /// A data group came that was not agreed to.
    #[error("data group {group} came, and was not agreed to")]
    BeyondConsent {
        /// Its number.
        group: u8,
    },
    /// The record of consent does not say everything that the groups disclose.
    #[error("the record of consent does not name what its data groups disclose")]
    ConsentIncomplete,
    /// The card signs nothing, and the portal asked for something signed.
    #[error("nobody signed these data, and unsigned data were not asked for")]
    Unauthenticated,
    /// A value that nobody signed makes no sense.
    #[error(transparent)]
    Asserted(#[from] AssertedFault),
    /// What the portal requires is not in the answer.
    #[error("the answer does not tell {0}, which was required")]
    ClaimMissing(Claim),
    /// The document cannot be read.
    #[error(transparent)]
    Unreadable(Unreadable),
    /// The document is not what a country signed.
    #[error("the document is not genuine: {}", words(.0))]
    NotGenuine(Vec<Fault>),
    /// The document has a key that its chip could prove, and no proof came: it may be a copy.
    #[error("the document's chip could prove that it is no copy, and no proof came")]
    ChipProofMissing,
    /// What came is no proof.
    #[error("the chip's proof does not hold: {0}")]
    ChipProof(ChipProofFault),
    /// The chip's answer came long after the verifier's key was made: somebody may have passed it on to a chip elsewhere.
    #[error("the chip's proof came too late")]
    ChipProofLate,
    /// The PIN was asked for, and no token came.
    #[error("the PIN was asked for, and the answer has no token of the card")]
    HolderMissing,
    /// A token came, and this verifier has nothing to verify it with.
    #[error("the answer has a token of the card, and this verifier has no issuers for it")]
    HolderUnexpected,
    /// The token does not hold.
    #[error("the card's token does not hold: {0}")]
    Token(TokenFailure),
    /// Certificate and chip are not known to be of one person.
    #[error("the card's certificate and its chip do not name the same person")]
    NotLinked,
    /// The document is not in use.
    #[error("the document is not in use: {reason:?}")]
    Withdrawn {
        /// Why.
        reason: WithdrawalReason,
    },
    /// A genuine group that makes no sense.
    #[error(transparent)]
    Group(#[from] GroupFault),
}

fn words(faults: &[Fault]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl IdentityFailure {
    pub(super) fn not_genuine(report: &Report<'_>) -> Self {
        Self::NotGenuine(report.faults().cloned().collect())
    }

    /// Every word that [`code`](Self::code) gives.
    pub const CODES: [&'static str; 19] = [
        "answer-for-another-key",
        "answer-malformed",
        "answer-not-decrypted",
        "answer-to-another-request",
        "beyond-consent",
        "chip-proof-invalid",
        "chip-proof-late",
        "chip-proof-missing",
        "claim-missing",
        "consent-incomplete",
        "document-not-genuine",
        "document-unauthenticated",
        "document-unreadable",
        "document-withdrawn",
        "group-unreadable",
        "holder-verification-missing",
        "holder-verification-unexpected",
        "not-linked",
        "token-invalid",
    ];

    /// A stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Encryption(_) => "answer-not-decrypted",
            Self::OtherKey => "answer-for-another-key",
            Self::OtherRequest(_) => "answer-to-another-request",
            Self::Content(_) => "answer-malformed",
            Self::BeyondConsent { .. } => "beyond-consent",
            Self::ClaimMissing(_) => "claim-missing",
            Self::ConsentIncomplete => "consent-incomplete",
            Self::Unauthenticated => "document-unauthenticated",
            Self::Asserted(_) | Self::Unreadable(_) => "document-unreadable",
            Self::NotGenuine(_) => "document-not-genuine",
            Self::ChipProofMissing => "chip-proof-missing",
            Self::ChipProof(_) => "chip-proof-invalid",
            Self::ChipProofLate => "chip-proof-late",
            Self::HolderMissing => "holder-verification-missing",
            Self::HolderUnexpected => "holder-verification-unexpected",
            Self::Token(_) => "token-invalid",
            Self::NotLinked => "not-linked",
            Self::Withdrawn { .. } => "document-withdrawn",
            Self::Group(_) => "group-unreadable",
        }
    }
}
