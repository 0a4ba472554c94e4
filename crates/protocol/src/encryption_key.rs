//! The key that answers to a portal are encrypted to.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

/// A public EC key as JWK (RFC 7517; RFC 7518 section 6.2). Here its shape is checked; whether the point is on its curve is checked
/// by whoever uses the key (`crates/jose`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(try_from = "Members", into = "Members")]
pub struct EncryptionKey {
    curve: EncryptionCurve,
    x: String,
    y: String,
    key_id: String,
}

/// Curve of such a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
pub enum EncryptionCurve {
    /// NIST P-256.
    #[serde(rename = "P-256")]
    P256,
    /// NIST P-384.
    #[serde(rename = "P-384")]
    P384,
}

impl EncryptionCurve {
    /// The value of `crv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    const fn coordinate_length(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }
}

/// The members, as they stand in JSON.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Members {
    kty: String,
    crv: EncryptionCurve,
    x: String,
    y: String,
    kid: String,
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    usage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
}

impl EncryptionKey {
    /// Most bytes of `kid`.
    pub const MAX_KEY_ID: usize = 128;

    /// From coordinates in base64url.
    ///
    /// # Errors
    /// [`EncryptionKeyError`].
    pub fn new(curve: EncryptionCurve, x: &str, y: &str, key_id: &str) -> Result<Self, EncryptionKeyError> {
        for coordinate in [x, y] {
            let bytes = URL_SAFE_NO_PAD.decode(coordinate).map_err(|_| EncryptionKeyError::Coordinate)?;
            if bytes.len() != curve.coordinate_length() {
                return Err(EncryptionKeyError::Coordinate);
            }
        }
        let printable = key_id.bytes().all(|byte| byte.is_ascii_graphic());
        if !(1..=Self::MAX_KEY_ID).contains(&key_id.len()) || !printable {
            return Err(EncryptionKeyError::KeyId);
        }
        Ok(Self { curve, x: x.to_owned(), y: y.to_owned(), key_id: key_id.to_owned() })
    }

    /// Its curve.
    #[must_use]
    pub const fn curve(&self) -> EncryptionCurve {
        self.curve
    }

    /// The coordinates x and y, big-endian, in their full length.
    #[must_use]
    pub fn coordinates(&self) -> (Vec<u8>, Vec<u8>) {
        // both were decoded once already
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        (bytes(&self.x), bytes(&self.y))
    }

    /// Its name (`kid`), which stands in the header of each answer.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }
}

impl TryFrom<Members> for EncryptionKey {
    type Error = EncryptionKeyError;

    fn try_from(members: Members) -> Result<Self, EncryptionKeyError> {
        let fits = members.kty == "EC"
            && members.usage.is_none_or(|usage| usage == "enc")
            && members.alg.is_none_or(|alg| alg == "ECDH-ES");
        if fits {
            Self::new(members.crv, &members.x, &members.y, &members.kid)
        } else {
            Err(EncryptionKeyError::Kind)
        }
    }
}

impl From<EncryptionKey> for Members {
    fn from(key: EncryptionKey) -> Self {
        Self {
            kty: "EC".to_owned(),
            crv: key.curve,
            x: key.x,
            y: key.y,
            kid: key.key_id,
            usage: None,
            alg: None,
        }
    }
}

/// Why members are not such a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncryptionKeyError {
    /// Another key type, or for another use.
    #[error("the key must be an EC key, with use enc and alg ECDH-ES where these are said")]
    Kind,
    /// A coordinate of the wrong length or spelling.
    #[error("a coordinate of the key is not base64url of its curve's length")]
    Coordinate,
    /// `kid` is empty, too long or not of visible ASCII characters.
    #[error("the key's kid has 1 to {} visible ASCII characters", EncryptionKey::MAX_KEY_ID)]
    KeyId,
}
