//! A platform asks for a portal: the object that joins both statements, and how the three travel.
//!
//! A request of a page has one text in the place of a statement ([`StatementText`](crate::identity::StatementText)). Where a platform
//! asks for itself nobody is named but the platform; where it asks **for a portal**, the text is three JWS in compact form with
//! [`SEPARATOR`] between them:
//!
//! ```text
//! STATEMENT OF WHO CAN READ THE ANSWER ~ MEDIATION ~ THE OTHER STATEMENT
//! ```
//!
//! The first is the one whose key the answer is encrypted to: the portal's with [`Mode::Relay`], the platform's with [`Mode::Assert`].
//! So the extension checks an answer as ever, against the key of the first statement, and reads nothing of the rest; the
//! host verifies all three (`crates/trust`, `mediation`). No compact form has a `~` in it (RFC 7515, section 7.1).
//!
//! This module is the payload in the middle. `docs/statements.md` describes it for those who write one. Unknown members are
//! refused, as in a statement.
//!
//! ```json
//! {
//!   "iss": "https://platform.example.ma",
//!   "aud": "https://platform.example.ma",
//!   "iat": 1767225600, "exp": 1767226200,
//!   "jti": "7f0d3a52",
//!   "mode": "relay",
//!   "portal": "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU",
//!   "platform": "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
//!   "purpose": "open-account",
//!   "claims": { "required": ["given_name", "family_name"] },
//!   "challenge": "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=",
//!   "holder": "none",
//!   "proof": "chip",
//!   "recipient": "4ZDr4ZkBzCbXeqZUlJsEBoQyKkbx-3cKwD3GkBlBqhA"
//! }
//! ```

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use crate::{
    Challenge, Origin,
    claim::RequestedClaims,
    identity::{Holder, ProofWanted},
    issuer::IssuerId,
    statement::{self, PurposeId, StatementId},
};

/// The `typ` of its JWS.
pub const TYPE: &str = "bitaqa-mediation+jwt";
/// Longest in compact serialisation, in bytes.
pub const MAX_LENGTH: usize = 4 * 1024;
/// Longest text of all three, in bytes. A request of a page has 32 KiB, so the three have to be shorter than each could be.
pub const MAX_JOINED: usize = statement::MAX_LENGTH + MAX_LENGTH;
/// Between the three.
pub const SEPARATOR: char = '~';
/// Longest life, in seconds; it ends no later than both statements.
pub const MAX_LIFETIME: u64 = statement::MAX_LIFETIME;

/// The payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Mediation {
    /// The platform: also the issuer of both statements.
    pub iss: IssuerId,
    /// Which page hands the request over: an origin of the platform's statement, as the browser names it.
    pub aud: Origin,
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub iat: u64,
    /// From when on it counts no more: after `iat`, at most 15 minutes after it, and not after the end of a statement.
    pub exp: u64,
    /// Its own name, different for each.
    pub jti: StatementId,
    /// Who can read the answer.
    pub mode: Mode,
    /// The portal's statement.
    pub portal: Sha256Digest,
    /// The platform's own statement.
    pub platform: Sha256Digest,
    /// Which of the portal's purposes this is.
    pub purpose: PurposeId,
    /// What is asked.
    pub claims: RequestedClaims,
    /// The challenge of the request.
    pub challenge: Challenge,
    /// Whether the holder shows that the card is theirs.
    pub holder: Holder,
    /// How sure the reader has to be that the chip is no copy.
    pub proof: ProofWanted,
    /// Thumbprint (RFC 7638) of the key that the answer is encrypted to.
    pub recipient: Sha256Digest,
}

impl Mediation {
    /// Parses the payload and checks what can be checked without a clock, a key or a request.
    ///
    /// # Errors
    /// [`MediationError`].
    pub fn parse(payload: &[u8]) -> Result<Self, MediationError> {
        if payload.len() > MAX_LENGTH {
            return Err(MediationError::TooLong);
        }
        let mediation: Self =
            serde_json::from_slice(payload).map_err(|error| MediationError::Malformed(error.to_string()))?;
        mediation.check()?;
        Ok(mediation)
    }

    /// Checks one that was put together.
    ///
    /// # Errors
    /// [`MediationError`].
    pub fn check(&self) -> Result<(), MediationError> {
        if self.exp <= self.iat || self.exp > statement::LAST_TIME {
            return Err(MediationError::Times);
        }
        match self.exp - self.iat {
            seconds if seconds > MAX_LIFETIME => Err(MediationError::Lifetime { seconds }),
            _ => Ok(()),
        }
    }
}

/// Who can read the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema), ts(rename = "MediationMode"))]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The portal alone: the platform passes on what it cannot read.
    Relay,
    /// The platform: it decrypts, gives the portal the claims that were granted, and erases the rest.
    Assert,
}

/// A SHA-256 digest, in base64url without padding in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema), schemars(with = "String"))]
#[serde(try_from = "String", into = "String")]
pub struct Sha256Digest(pub [u8; 32]);

impl Sha256Digest {
    /// Reads the 43 characters.
    ///
    /// # Errors
    /// [`Sha256DigestError`].
    pub fn parse(text: &str) -> Result<Self, Sha256DigestError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Sha256DigestError)?;
        bytes.try_into().map(Self).map_err(|_| Sha256DigestError)
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl TryFrom<String> for Sha256Digest {
    type Error = Sha256DigestError;

    fn try_from(text: String) -> Result<Self, Sha256DigestError> {
        Self::parse(&text)
    }
}

impl From<Sha256Digest> for String {
    fn from(digest: Sha256Digest) -> Self {
        digest.to_string()
    }
}

/// Not 32 bytes in base64url without padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 digest has 43 characters of base64url")]
pub struct Sha256DigestError;

/// Why a payload joins nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediationError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the mediation has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// Not JSON, or a member is missing, unknown, there twice or not what it should be.
    #[error("{0}")]
    Malformed(String),
    /// It ends before it begins, or after all time.
    #[error("the mediation's exp is not after its iat")]
    Times,
    /// It lives too long.
    #[error("the mediation lives {seconds} seconds; at most {MAX_LIFETIME} are allowed")]
    Lifetime {
        /// From `iat` to `exp`.
        seconds: u64,
    },
}
