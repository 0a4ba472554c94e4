//! How a relying party wants ID tokens and userinfo (OpenID Connect Dynamic Client Registration section 2).
//!
//! ```toml
//! userinfo_signed_response_alg = "ES256"          # userinfo as a JWT; as JSON if left out
//! userinfo_encrypted_response_alg = "ECDH-ES"     # encrypted for a key with "use": "enc" among its keys; not if left out
//! userinfo_encrypted_response_enc = "A256GCM"     # or "A128GCM"; beside the other, always
//! id_token_encrypted_response_alg = "ECDH-ES"
//! id_token_encrypted_response_enc = "A256GCM"
//! ```

use bitaqa_jose::ContentEncryption;
use serde::{Deserialize, Serialize};

use super::RegistrationError;

/// What answers are signed with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    #[serde(rename = "ES256")]
    Es256,
}

/// How a key for an answer is agreed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum KeyAgreement {
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
}

/// The formats.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ResponseFormats {
    /// What userinfo is signed with, if it is.
    pub userinfo_signing: Option<SigningAlgorithm>,
    /// What userinfo is encrypted with, if it is.
    pub userinfo_encryption: Option<ContentEncryption>,
    /// What ID tokens are encrypted with, once they are signed, if they are.
    pub id_token_encryption: Option<ContentEncryption>,
}

impl ResponseFormats {
    /// Whether anything is encrypted.
    #[must_use]
    pub const fn encrypts(&self) -> bool {
        self.userinfo_encryption.is_some() || self.id_token_encryption.is_some()
    }
}

/// The specification's own choice where `enc` is left out is a cipher that is not offered, so nothing is left out.
pub(super) const fn encryption(
    agreement: Option<KeyAgreement>,
    encryption: Option<ContentEncryption>,
) -> Result<Option<ContentEncryption>, RegistrationError> {
    match (agreement, encryption) {
        (Some(KeyAgreement::EcdhEs), Some(encryption)) => Ok(Some(encryption)),
        (None, None) => Ok(None),
        _ => Err(RegistrationError::Encryption),
    }
}
