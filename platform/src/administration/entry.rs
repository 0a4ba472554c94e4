//! What an operator did: a JWS with `typ` `bitaqa-administration+jwt`, signed with the operator's key.

use bitaqa_jose::{
    CompactJws, JwsHeader, PrivateJwk, SignatureAlgorithm, Signer as _, json,
    jws::{self, ExpectedType, JwsRules},
};
use bitaqa_protocol::{Origin, statement::ShownText};
use serde::{Deserialize, Serialize};

use super::operator::{Operator, Operators, Role};
use crate::clock::Seconds;

/// What operators sign with.
pub const ALGORITHMS: [SignatureAlgorithm; 3] =
    [SignatureAlgorithm::Es256, SignatureAlgorithm::Es384, SignatureAlgorithm::EdDsa];
/// The `typ` of its JWS.
pub const TYPE: &str = "bitaqa-administration+jwt";
/// Longest one, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024;
/// Most characters of a reason.
const MAX_REASON: usize = 300;

/// Why something was refused or suspended.
pub type Reason = ShownText<MAX_REASON>;

/// What an operator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The platform: its issuer. What was signed for the sandbox counts nowhere else.
    pub aud: String,
    /// The operator.
    pub sub: String,
    /// The how manieth of this operator's entries, from 1.
    pub number: i64,
    /// Digest of the one before it; none for the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// When.
    pub iat: Seconds,
    /// What.
    pub act: Act,
}

/// What can be done about a relying party. Digests are SHA-256 in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Act {
    /// An onboarder proposes a registration.
    Propose {
        /// `client_id`.
        client: String,
        /// Which one it will be, from 1: one more than the one that counts now.
        revision: i64,
        /// Digest of its text.
        registration: String,
        /// Digest of the suspension that it ends, if it is to end one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        takes_up: Option<String>,
    },
    /// An authoriser approves what was proposed.
    Approve {
        /// `client_id`.
        client: String,
        /// Digest of the entry that proposes.
        proposal: String,
    },
    /// An authoriser refuses it.
    Refuse {
        /// `client_id`.
        client: String,
        /// Digest of the entry that proposes.
        proposal: String,
        /// Why.
        reason: Reason,
    },
    /// Somebody suspends a relying party.
    Suspend {
        /// `client_id`.
        client: String,
        /// The registration that counted.
        revision: i64,
        /// Why.
        reason: Reason,
    },
}

impl Act {
    /// Whom it is about.
    #[must_use]
    pub fn client(&self) -> &str {
        match self {
            Self::Propose { client, .. }
            | Self::Approve { client, .. }
            | Self::Refuse { client, .. }
            | Self::Suspend { client, .. } => client,
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Propose { .. } => "propose",
            Self::Approve { .. } => "approve",
            Self::Refuse { .. } => "refuse",
            Self::Suspend { .. } => "suspend",
        }
    }

    /// Why, where that is said.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Refuse { reason, .. } | Self::Suspend { reason, .. } => Some(reason.as_str()),
            Self::Propose { .. } | Self::Approve { .. } => None,
        }
    }

    /// Whose work it is, where not everybody's.
    #[must_use]
    pub const fn needs(&self) -> Option<Role> {
        match self {
            Self::Propose { .. } => Some(Role::Onboarder),
            Self::Approve { .. } | Self::Refuse { .. } => Some(Role::Authoriser),
            Self::Suspend { .. } => None,
        }
    }
}

impl Entry {
    /// Signs it.
    ///
    /// # Errors
    /// [`EntryError::Signing`].
    pub fn sign(&self, key: &PrivateJwk) -> Result<String, EntryError> {
        let payload = serde_json::to_vec(self).map_err(|_| EntryError::Signing)?;
        jws::sign(JwsHeader::new(key.algorithm(), TYPE), &payload, key).map_err(|_| EntryError::Signing)
    }

    /// Reads an entry that one of the operators signed, whose role it fits.
    ///
    /// # Errors
    /// [`EntryError`].
    pub fn verify<'a>(
        text: &str,
        operators: &'a Operators,
        platform: &Origin,
    ) -> Result<(&'a Operator, Self), EntryError> {
        let (jws, unverified) = parse(text)?;
        let operator = operators.named(&unverified.sub).ok_or(EntryError::Operator)?;
        let payload = jws.verify(&operator.key).map_err(|_| EntryError::Signature)?;
        let entry: Self = json::from_slice(&payload).map_err(|_| EntryError::Format)?;
        if entry.aud != platform.as_str() {
            return Err(EntryError::Platform);
        }
        if operator.until.is_some_and(|until| entry.iat >= until) {
            return Err(EntryError::Late);
        }
        if entry.act.needs().is_some_and(|role| role != operator.role) {
            return Err(EntryError::Role);
        }
        Ok((operator, entry))
    }

    /// What an entry says, whoever signed it.
    #[must_use]
    pub fn unverified(text: &str) -> Option<Self> {
        parse(text).ok().map(|(_, entry)| entry)
    }
}

pub(super) fn parse(text: &str) -> Result<(CompactJws<'_>, Entry), EntryError> {
    let rules = JwsRules { type_: ExpectedType::Is(TYPE), algorithms: &ALGORITHMS, max_length: MAX_LENGTH };
    let jws = CompactJws::parse(text, &rules).map_err(|_| EntryError::Format)?;
    let entry = json::from_slice(jws.unverified_payload()).map_err(|_| EntryError::Format)?;
    Ok((jws, entry))
}

/// Why an entry does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// No entry.
    #[error("it is no entry that an operator signs")]
    Format,
    /// Nobody of that name.
    #[error("no operator of the configuration has that name")]
    Operator,
    /// Another key.
    #[error("the operator's key did not sign it")]
    Signature,
    /// Another platform, or realm.
    #[error("it was signed for another platform")]
    Platform,
    /// The operator was none any more.
    #[error("the operator signed it after the end of their time")]
    Late,
    /// Not theirs to do.
    #[error("the operator's role does not allow it")]
    Role,
    /// The key does not sign.
    #[error("it could not be signed")]
    Signing,
}
