//! The statement of a relying party: who a portal is, on the word of the platform that registered it, where it may ask from, what
//! for, and which claims.
//!
//! It travels as a JWS (`crates/jose`) whose `typ` is [`TYPE`] and whose `kid` names the issuer's key; this module is its
//! payload. `docs/statements.md` describes it for those who write one.
//!
//! **Unknown members are refused.** What a newer issuer adds may limit what it says (a region, a condition), and a reader that
//! passes over a limit grants more than was meant. RFC 7519 section 4 lets an application demand this. A payload with
//! other members is another kind, with a `typ` of its own; issuers offer both as long as readers of the older one exist.
//!
//! ```json
//! {
//!   "iss": "https://platform.example.ma",
//!   "iat": 1767225600, "exp": 1767226200,
//!   "jti": "b7c0d1c2-6f7e-4a55-9a50-4ad0f0d6a111",
//!   "legal_name": { "ar": "بوابة المثال", "fr": "Portail Exemple", "en": "Example Portal" },
//!   "origins": ["https://portal.example.ma"],
//!   "purposes": [{ "id": "open-account", "text": { "ar": "فتح حساب", "fr": "Ouvrir un compte", "en": "Open an account" } }],
//!   "claims": ["given_name", "family_name", "birthdate"],
//!   "jwk": { "kty": "EC", "crv": "P-256", "x": "…", "y": "…", "kid": "2026-01" }
//! }
//! ```

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Origin, claim::ClaimSet};
pub use crate::{
    encryption_key::{EncryptionCurve, EncryptionKey, EncryptionKeyError},
    issuer::{IssuerId, IssuerIdError},
    localized_text::{LocalizedText, ShownText, ShownTextError},
};

/// The `typ` of its JWS.
pub const TYPE: &str = "bitaqa-statement+jwt";
/// Longest statement in compact serialisation, in bytes.
pub const MAX_LENGTH: usize = 24 * 1024;
/// Longest life, in seconds: a portal that is suspended can go on for this long.
pub const MAX_LIFETIME: u64 = 15 * 60;
/// Most origins.
pub const MAX_ORIGINS: usize = 16;
/// Most purposes.
pub const MAX_PURPOSES: usize = 16;
/// Most characters of a legal name.
pub const MAX_NAME: usize = 200;
/// Most characters of a purpose's text.
pub const MAX_PURPOSE: usize = 300;
/// Last second of the year 9999: later times are mistakes.
pub(crate) const LAST_TIME: u64 = 253_402_300_799;

/// The payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Who says it.
    pub iss: IssuerId,
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub iat: u64,
    /// From when on it counts no more, in the same seconds: after `iat`, and at most 15 minutes after it.
    pub exp: u64,
    /// Its own name, different for each.
    pub jti: StatementId,
    /// Whom it is about: the portal's name in law.
    pub legal_name: LocalizedText<MAX_NAME>,
    /// Where the portal asks from: 1 to 16, none twice, compared letter by letter.
    #[cfg_attr(feature = "codegen", schemars(length(min = 1, max = 16)))]
    pub origins: Vec<Origin>,
    /// What it may ask for: 1 to 16, no identifier twice.
    #[cfg_attr(feature = "codegen", schemars(length(min = 1, max = 16)))]
    pub purposes: Vec<Purpose>,
    /// The claims that it may come to know, those that come along included ([`crate::claim::Closure`]); at least one.
    pub claims: ClaimSet,
    /// The key that answers are encrypted to.
    pub jwk: EncryptionKey,
}

/// What a portal asks for, as the issuer approved it. The page only names the identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// How a request names it.
    pub id: PurposeId,
    /// What the person reads.
    pub text: LocalizedText<MAX_PURPOSE>,
}

impl Statement {
    /// Parses the payload and checks what can be checked without a clock, a key or a request.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn parse(payload: &[u8]) -> Result<Self, StatementError> {
        if payload.len() > MAX_LENGTH {
            return Err(StatementError::TooLong);
        }
        let statement: Self =
            serde_json::from_slice(payload).map_err(|error| StatementError::Malformed(error.to_string()))?;
        statement.check()?;
        Ok(statement)
    }

    /// Checks a statement that was put together.
    ///
    /// # Errors
    /// [`StatementError`].
    pub fn check(&self) -> Result<(), StatementError> {
        if self.exp <= self.iat || self.exp > LAST_TIME {
            return Err(StatementError::Times);
        }
        if self.exp - self.iat > MAX_LIFETIME {
            return Err(StatementError::Lifetime { seconds: self.exp - self.iat });
        }
        if self.claims.is_empty() {
            return Err(StatementError::NoClaims);
        }
        let bounded = |length: usize, max: usize| (1..=max).contains(&length);
        if !bounded(self.origins.len(), MAX_ORIGINS) || has_twice(self.origins.iter()) {
            return Err(StatementError::Origins);
        }
        if !bounded(self.purposes.len(), MAX_PURPOSES)
            || has_twice(self.purposes.iter().map(|purpose| &purpose.id))
        {
            return Err(StatementError::Purposes);
        }
        Ok(())
    }

    /// The purpose with this identifier.
    #[must_use]
    pub fn purpose(&self, id: &PurposeId) -> Option<&Purpose> {
        self.purposes.iter().find(|purpose| purpose.id == *id)
    }
}

fn has_twice<T: PartialEq>(items: impl Iterator<Item = T> + Clone) -> bool {
    let mut rest = items.clone();
    items.into_iter().any(|item| {
        rest.next();
        rest.clone().any(|other| other == item)
    })
}

/// Why a payload is not a statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the statement has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// Not JSON, or a member is missing, unknown, there twice or not what it should be.
    #[error("{0}")]
    Malformed(String),
    /// It ends before it begins, or after all time.
    #[error("the statement's exp is not after its iat")]
    Times,
    /// It lives too long.
    #[error("the statement lives {seconds} seconds; at most {MAX_LIFETIME} are allowed")]
    Lifetime {
        /// From `iat` to `exp`.
        seconds: u64,
    },
    /// No claim.
    #[error("the statement allows no claim")]
    NoClaims,
    /// No origin, too many, or one twice.
    #[error("a statement has 1 to {MAX_ORIGINS} origins, none twice")]
    Origins,
    /// No purpose, too many, or one identifier twice.
    #[error("a statement has 1 to {MAX_PURPOSES} purposes, no identifier twice")]
    Purposes,
}

/// A short name in ASCII.
macro_rules! short_name {
    ($(#[$docs:meta])* $name:ident, $pattern:literal, $allowed:expr) => {
        $(#[$docs])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema), ts(type = "string"))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Most characters.
            pub const MAX_CHARACTERS: usize = 64;

            /// Checks the text.
            ///
            /// # Errors
            /// [`ShortNameError`].
            pub fn parse(text: &str) -> Result<Self, ShortNameError> {
                let allowed: fn(u8) -> bool = $allowed;
                if (1..=Self::MAX_CHARACTERS).contains(&text.len()) && text.bytes().all(allowed) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(ShortNameError { pattern: $pattern })
                }
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = ShortNameError;

            fn try_from(text: String) -> Result<Self, ShortNameError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

short_name!(
    /// Identifier of a purpose: 1 to 64 small letters, digits and hyphens.
    PurposeId,
    "^[a-z0-9-]{1,64}$",
    |byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
);

short_name!(
    /// A statement's own name (`jti`): 1 to 64 letters, digits, hyphens and underscores.
    StatementId,
    "^[A-Za-z0-9_-]{1,64}$",
    |byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
);

/// The text is not such a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name must match {pattern}")]
pub struct ShortNameError {
    pattern: &'static str,
}
