//! What a portal asks for.

use serde::{Deserialize, Serialize};

use crate::{
    Challenge,
    claim::RequestedClaims,
    mediation,
    statement::{self, PurposeId},
};

/// Who is this? The claims, what they are for, and how much of a proof is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityRequest {
    /// The challenge of the portal's server, used once: the answer is bound to it.
    pub challenge: Challenge,
    /// The portal's statement, as it came from its issuer; or, where a platform asks for a portal, what joins both statements.
    pub statement: StatementText,
    /// Which of the statement's purposes this is.
    pub purpose: PurposeId,
    /// What the portal wants to know.
    pub claims: RequestedClaims,
    /// Whether the holder shows that the card is theirs.
    #[serde(default)]
    #[cfg_attr(feature = "codegen", ts(optional, as = "Option<Holder>"))]
    pub holder: Holder,
    /// How sure the portal has to be that the chip is no copy.
    #[serde(default)]
    #[cfg_attr(feature = "codegen", ts(optional, as = "Option<ProofWanted>"))]
    pub proof: ProofWanted,
}

/// Whether the holder shows that the card is theirs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Holder {
    /// Whoever has the card: possession, which raises nothing above low.
    #[default]
    None,
    /// Who knows the PIN: the card signs a token in the same session, and its nonce covers request and consent.
    Pin,
}

/// How sure the portal has to be that the chip is no copy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ProofWanted {
    /// Every proof that the chip gives without the portal's help: active authentication.
    #[default]
    Chip,
    /// These, and chip authentication, which the portal's server drives in a second call.
    ChipAuthentication,
    /// None of the chip: the document is what its country signed, but may be a copy, and the result says so.
    DataOnly,
    /// None at all: as [`ProofWanted::DataOnly`], and the data of a card that signs nothing are taken, too. Anybody can make such an
    /// answer, with any data in it.
    Unsigned,
}

impl ProofWanted {
    /// Whether a document is taken that may be a copy. Its country signed it all the same.
    #[must_use]
    pub const fn takes_copies(self) -> bool {
        matches!(self, Self::DataOnly | Self::Unsigned)
    }
}

/// A statement in its compact form, or three texts of this form joined ([`mediation`]): not yet read, only bounded. It is read where
/// it is verified.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema), ts(type = "string"))]
#[serde(try_from = "String", into = "String")]
pub struct StatementText(String);

impl StatementText {
    /// Checks length and characters: three parts of base64url (RFC 7515 section 7.1), once or three times.
    ///
    /// # Errors
    /// [`StatementTextError`].
    pub fn parse(text: &str) -> Result<Self, StatementTextError> {
        let joined = text.split(mediation::SEPARATOR).count();
        let max = if joined == 1 { statement::MAX_LENGTH } else { mediation::MAX_JOINED };
        if text.len() > max {
            return Err(StatementTextError::TooLong { characters: text.len(), max });
        }
        let in_alphabet = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        };
        let is_compact = |text: &str| text.split('.').count() == 3 && text.split('.').all(in_alphabet);
        if matches!(joined, 1 | 3) && text.split(mediation::SEPARATOR).all(is_compact) {
            Ok(Self(text.to_owned()))
        } else {
            Err(StatementTextError::NotCompact)
        }
    }

    /// The statement of who can read the answer: the first, or the only one.
    #[must_use]
    pub fn of_recipient(&self) -> &str {
        self.0.split(mediation::SEPARATOR).next().unwrap_or_default()
    }

    /// The three texts where a platform asks for a portal: the recipient's statement, the mediation, the other statement.
    #[must_use]
    pub fn joined(&self) -> Option<[&str; 3]> {
        let mut parts = self.0.split(mediation::SEPARATOR);
        Some([parts.next()?, parts.next()?, parts.next()?])
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for StatementText {
    type Error = StatementTextError;
    fn try_from(text: String) -> Result<Self, StatementTextError> {
        Self::parse(&text)
    }
}

impl From<StatementText> for String {
    fn from(statement: StatementText) -> Self {
        statement.0
    }
}

/// Why a text is no statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementTextError {
    /// More than [`statement::MAX_LENGTH`] characters, or, where three are joined, [`mediation::MAX_JOINED`].
    #[error("the statement has {characters} characters; at most {max} are accepted")]
    TooLong {
        /// Characters given.
        characters: usize,
        /// Characters accepted.
        max: usize,
    },
    /// Not three parts of base64url, nor three times three.
    #[error("the statement is not a JWS in compact form, nor three with ~ between them")]
    NotCompact,
}
