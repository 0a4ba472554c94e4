//! How an operator shows who they are without a password: a JWS with `typ` `bitaqa-operator-sign-in+jwt`, signed with the operator's key,
//! for one platform, for two minutes, once.

use bitaqa_jose::{
    CompactJws, JwsHeader, PrivateJwk, Signer as _, json,
    jws::{self, ExpectedType, JwsRules},
};
use bitaqa_protocol::Origin;
use serde::{Deserialize, Serialize};

use super::{
    draft::SKEW,
    entry::ALGORITHMS,
    operator::{Operator, Operators},
};
use crate::{
    clock::Seconds,
    secret::{Hash, random_identifier},
};

/// The `typ` of its JWS.
pub const TYPE: &str = "bitaqa-operator-sign-in+jwt";
/// How long one is good for.
pub const LIFETIME: Seconds = 2 * 60;
/// Longest one, in bytes.
const MAX_LENGTH: usize = 2 * 1024;
/// Most characters of a name.
const MAX_NAME: usize = 64;

/// The word of somebody who has a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The platform: its issuer.
    pub aud: String,
    /// Thumbprint of the key (RFC 7638).
    pub sub: String,
    /// Since when it is good.
    pub iat: Seconds,
    /// Until when.
    pub exp: Seconds,
    /// Its own name, by which it is known when it comes again.
    pub jti: String,
}

impl SignIn {
    /// For the holder of a key, from now on.
    #[must_use]
    pub fn new(key: &PrivateJwk, platform: &Origin, now: Seconds) -> Self {
        Self {
            aud: platform.to_string(),
            sub: key.public().thumbprint().to_string(),
            iat: now,
            exp: now.saturating_add(LIFETIME),
            jti: random_identifier(),
        }
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`SignInError::Signing`].
    pub fn sign(&self, key: &PrivateJwk) -> Result<String, SignInError> {
        let payload = serde_json::to_vec(self).map_err(|_| SignInError::Signing)?;
        jws::sign(JwsHeader::new(key.algorithm(), TYPE), &payload, key).map_err(|_| SignInError::Signing)
    }

    /// Reads one that an operator signed and that is good now. Whether it was there before is the caller's to ask.
    ///
    /// # Errors
    /// [`SignInError`].
    pub fn verify<'a>(
        text: &str,
        operators: &'a Operators,
        platform: &Origin,
        now: Seconds,
    ) -> Result<(&'a Operator, Self), SignInError> {
        let rules =
            JwsRules { type_: ExpectedType::Is(TYPE), algorithms: &ALGORITHMS, max_length: MAX_LENGTH };
        let jws = CompactJws::parse(text, &rules).map_err(|_| SignInError::Format)?;
        let said: Self = json::from_slice(jws.unverified_payload()).map_err(|_| SignInError::Format)?;
        let operator = operators.iter().find(|operator| operator.key.thumbprint().to_string() == said.sub);
        let operator = operator.filter(|operator| operator.serves(now)).ok_or(SignInError::Operator)?;
        let payload = jws.verify(&operator.key).map_err(|_| SignInError::Signature)?;
        let said: Self = json::from_slice(&payload).map_err(|_| SignInError::Format)?;
        if said.aud != platform.as_str() {
            return Err(SignInError::Platform);
        }
        let lives = said.exp.saturating_sub(said.iat);
        if !(1..=LIFETIME).contains(&lives) || said.exp <= now || said.iat > now.saturating_add(SKEW) {
            return Err(SignInError::Time);
        }
        if !(1..=MAX_NAME).contains(&said.jti.len()) {
            return Err(SignInError::Format);
        }
        Ok((operator, said))
    }

    /// What is remembered of it. No relying party's assertion has such a name.
    #[must_use]
    pub fn name(&self) -> Hash {
        Hash::of(format!("operator: {} {}", self.sub, self.jti).as_bytes())
    }
}

/// Why nobody is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Not one of these.
    #[error("it is nothing that an operator signs to sign in")]
    Format,
    /// Nobody's key, or one whose time is over.
    #[error("no operator of the configuration has that key now")]
    Operator,
    /// Another key.
    #[error("the operator's key did not sign it")]
    Signature,
    /// Another platform, or realm.
    #[error("it was signed for another platform")]
    Platform,
    /// Too late, too early, or for too long.
    #[error("it has ended, is not good yet, or lives longer than two minutes")]
    Time,
    /// It came before.
    #[error("it was used before")]
    Used,
    /// The key does not sign.
    #[error("it could not be signed")]
    Signing,
}

impl SignInError {
    /// A stable word for the log, and for the page's text.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Operator => "operator",
            Self::Signature => "signature",
            Self::Platform => "platform",
            Self::Time => "time",
            Self::Used => "used",
            Self::Signing => "signing",
        }
    }
}
