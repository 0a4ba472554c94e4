//! The answer: `bitaqa-identity:1`.
//!
//! What the issuer or the card signed is here as it was read, byte for byte. What only the host says is marked so:
//! [`HostAsserted`], and the consent record unless a token of the card covers it. The whole is JSON, encrypted to the key of
//! the portal's statement (JWE, compact; see [`header`](super::header)).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    asserted::AssertedClaims,
    request::{Holder, ProofWanted},
};
use crate::{
    AuthToken, Base64Error, Challenge, Language, Origin,
    claim::{ClaimSet, DataGroup, RequestedClaims},
    decode_base64, encode_base64,
    mediation::Mode,
    statement::PurposeId,
};

/// Value of the member `format`.
pub const FORMAT: &str = "bitaqa-identity:1";

/// Longest answer, in bytes of JSON.
pub const MAX_LENGTH: usize = 2 * 1024 * 1024;

/// Longest file of a card, in bytes: an elementary file has no more (ISO/IEC 7816-4, READ BINARY with an odd instruction
/// aside).
pub const MAX_FILE: usize = 512 * 1024;

/// An answer. Nothing in it is believed before it is verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityAnswer {
    /// Always [`FORMAT`].
    pub format: String,
    /// What was asked, as the host understood it.
    pub request: AnsweredRequest,
    /// What the person agreed to.
    pub consent: Consent,
    /// What was read.
    pub document: Document,
    /// What the chip signed for this answer.
    pub proofs: ChipProofs,
    /// The card's sign-in token, where the holder was asked for the PIN. Its nonce covers request and consent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub token: Option<AuthToken>,
    /// What nobody signed.
    pub host_asserted: HostAsserted,
}

impl IdentityAnswer {
    /// Parses the JSON of an answer.
    ///
    /// # Errors
    /// [`IdentityAnswerError`] names the first thing that is wrong.
    pub fn parse(json: &[u8]) -> Result<Self, IdentityAnswerError> {
        if json.len() > MAX_LENGTH {
            return Err(IdentityAnswerError::TooLong { bytes: json.len() });
        }
        let answer: Self =
            serde_json::from_slice(json).map_err(|error| IdentityAnswerError::Json(error.to_string()))?;
        if answer.format == FORMAT { Ok(answer) } else { Err(IdentityAnswerError::Format) }
    }
}

/// What was asked. Its canonical JSON goes into the token's nonce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnsweredRequest {
    /// Who asked, by the browser's word.
    pub origin: Origin,
    /// The portal's challenge.
    pub challenge: Challenge,
    /// SHA-256 of the request's text in the place of a statement, in base64url without padding.
    pub statement_hash: String,
    /// For what.
    pub purpose: PurposeId,
    /// Which claims.
    pub claims: RequestedClaims,
    /// Whether the PIN was asked for.
    pub holder: Holder,
    /// Which proof.
    pub proof: ProofWanted,
}

/// What the person saw and agreed to. Its canonical JSON goes into the token's nonce.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Consent {
    /// The portal's name, as it was shown.
    pub portal: String,
    /// The purpose, as it was shown.
    pub purpose: String,
    /// Through which platform, where one asks for the portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub through: Option<Through>,
    /// In which language.
    pub language: Language,
    /// Data groups that are given, in order.
    pub groups: Vec<DataGroup>,
    /// Every claim that these groups disclose.
    pub claims: ClaimSet,
    /// Which document: SHA-256 of EF.SOD, in base64url without padding. A card that signs nothing has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub sod_hash: Option<String>,
    /// When, in seconds since 1970 by the clock of the person's computer.
    pub at: u64,
}

/// A platform that asks for a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Through {
    /// Its name, as it was shown.
    pub platform: String,
    /// Who can read the answer, as it was shown.
    pub mode: Mode,
}

/// What was read of the card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Document {
    /// A chip of ICAO Doc 9303.
    Icao {
        /// EF.SOD, whole.
        sod: Bytes,
        /// The data groups that were agreed to, and those that hold the chip's keys (`dg14`, `dg15`), by their names; whole files.
        groups: BTreeMap<ChipGroup, Bytes>,
    },
    /// A card that gives its data to everybody and signs nothing (the Bahraini cards before 2025): what the host says that it
    /// says. It proves nothing, and raises no level.
    HostAsserted {
        /// The values that were agreed to.
        claims: AssertedClaims,
    },
}

/// A data group of a chip, by its number: `dg1` to `dg16` (ICAO Doc 9303-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(type = "string"),
    schemars(with = "String")
)]
#[serde(try_from = "String", into = "String")]
pub struct ChipGroup(u8);

impl ChipGroup {
    /// With this number, 1 to 16.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if 1 <= number && number <= 16 { Some(Self(number)) } else { None }
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }
}

impl TryFrom<String> for ChipGroup {
    type Error = ChipGroupError;
    fn try_from(text: String) -> Result<Self, ChipGroupError> {
        let digits = text.strip_prefix("dg").ok_or(ChipGroupError)?;
        let group = digits.parse().ok().and_then(Self::new).ok_or(ChipGroupError)?;
        // one text for each
        if String::from(group) == text { Ok(group) } else { Err(ChipGroupError) }
    }
}

impl From<ChipGroup> for String {
    fn from(group: ChipGroup) -> Self {
        format!("dg{}", group.0)
    }
}

/// Not a data group of a chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("data groups are dg1 to dg16")]
pub struct ChipGroupError;

/// What the chip signed for this answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChipProofs {
    /// Active authentication: the signatures of both rounds (ICAO Doc 9303-11, section 6.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub active_authentication: Option<[Bytes; 2]>,
}

/// What only the host says. It raises no level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HostAsserted {
    /// Version of the host.
    pub host: String,
    /// How the chip was opened.
    pub access: Access,
    /// Whether EF.CardAccess says what its signed copy says.
    pub card_access: CardAccess,
    /// Chip authentication that the host ran by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub chip_authentication: Option<bool>,
    /// Data groups that were agreed to and that the chip did not give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_given: Vec<DataGroup>,
}

/// How a chip was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// PACE with the card access number.
    PaceCan,
    /// PACE with the machine readable zone.
    PaceMrz,
    /// Basic access control.
    Bac,
    /// Not at all: it is free to read.
    Free,
}

/// Whether EF.CardAccess says what its signed copy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CardAccess {
    /// Both say the same.
    Same,
    /// They differ.
    Differs,
    /// There is no signed copy.
    NotSigned,
}

/// Bytes, as canonical base64 in JSON; at most [`MAX_FILE`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(type = "string"),
    schemars(with = "String")
)]
#[serde(try_from = "String", into = "String")]
pub struct Bytes(pub Vec<u8>);

/// How many, never which: most of what is here is personal.
impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl TryFrom<String> for Bytes {
    type Error = BytesError;
    fn try_from(text: String) -> Result<Self, BytesError> {
        if text.len() > MAX_FILE.div_ceil(3) * 4 {
            return Err(BytesError::TooLong);
        }
        Ok(Self(decode_base64(&text)?))
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        encode_base64(&bytes.0)
    }
}

/// Why a text is no [`Bytes`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BytesError {
    /// More than [`MAX_FILE`] bytes.
    #[error("more than {MAX_FILE} bytes")]
    TooLong,
    /// Not canonical base64.
    #[error(transparent)]
    Base64(#[from] Base64Error),
}

/// Why a text is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityAnswerError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the answer has {bytes} bytes; at most {MAX_LENGTH} are accepted")]
    TooLong {
        /// Bytes given.
        bytes: usize,
    },
    /// Not the JSON object of an answer: a field is missing, unknown, twice there or of the wrong type.
    #[error("the answer is not a {FORMAT} object: {0}")]
    Json(String),
    /// Another format.
    #[error("the answer's format is not {FORMAT}")]
    Format,
}
