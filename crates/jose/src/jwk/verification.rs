use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{JwkError, MAX_LENGTH, PublicJwk, RsaPublicJwk, Thumbprint, members::Members};
use crate::{SignatureAlgorithm, json};

/// A public key whose holder chose its kind: on a curve, or of RSA.
#[derive(Clone, PartialEq, Eq)]
pub enum VerificationJwk {
    /// On a curve.
    Curve(PublicJwk),
    /// Of RSA.
    Rsa(RsaPublicJwk),
}

impl VerificationJwk {
    /// Parses a JWK. A private key is refused.
    ///
    /// # Errors
    /// [`JwkError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, JwkError> {
        if bytes.len() > MAX_LENGTH {
            return Err(JwkError::TooLong);
        }
        Self::from_members(&json::from_slice(bytes).map_err(|_| JwkError::Malformed)?)
    }

    fn from_members(members: &Members) -> Result<Self, JwkError> {
        if members.is_rsa() {
            RsaPublicJwk::from_members(members).map(Self::Rsa)
        } else {
            PublicJwk::from_members(members).map(Self::Curve)
        }
    }

    /// The key's name (`kid`), if it has one.
    #[must_use]
    pub fn key_id(&self) -> Option<&str> {
        match self {
            Self::Curve(key) => key.key_id(),
            Self::Rsa(key) => key.key_id(),
        }
    }

    /// Its thumbprint with SHA-256 (RFC 7638): the same for the same key, whatever else its JWK says.
    #[must_use]
    pub fn thumbprint(&self) -> Thumbprint {
        match self {
            Self::Curve(key) => key.thumbprint(),
            Self::Rsa(key) => key.thumbprint(),
        }
    }

    /// Whether it says that it is for encryption (`"use": "enc"`), and so verifies nothing.
    #[must_use]
    pub fn is_for_encryption(&self) -> bool {
        match self {
            Self::Curve(key) => key.is_for_encryption(),
            Self::Rsa(key) => key.is_for_encryption(),
        }
    }

    /// Whether signatures of an algorithm can be made with such a key.
    #[must_use]
    pub fn fits(&self, algorithm: SignatureAlgorithm) -> bool {
        match self {
            Self::Curve(key) => key.curve().signature_algorithm() == algorithm,
            Self::Rsa(_) => SignatureAlgorithm::RSA.contains(&algorithm),
        }
    }

    /// Verifies a signature as JWS has it.
    ///
    /// # Errors
    /// [`JwkError::Use`]: the key is not for this algorithm, or not for verifying. Whether the signature is right is the value.
    pub fn verify(
        &self,
        algorithm: SignatureAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, JwkError> {
        match self {
            Self::Curve(key) => key.verify(algorithm, message, signature),
            Self::Rsa(key) => key.verify(algorithm, message, signature),
        }
    }
}

impl From<PublicJwk> for VerificationJwk {
    fn from(key: PublicJwk) -> Self {
        Self::Curve(key)
    }
}

/// The thumbprint is enough to tell keys apart.
impl fmt::Debug for VerificationJwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Curve(key) => key.fmt(f),
            Self::Rsa(key) => write!(f, "RsaPublicJwk({})", key.thumbprint()),
        }
    }
}

impl Serialize for VerificationJwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Curve(key) => key.serialize(serializer),
            Self::Rsa(key) => key.to_members().serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for VerificationJwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::from_members(&Members::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
