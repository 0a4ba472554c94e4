//! How a relying party wants ID tokens and userinfo (OpenID Connect Dynamic Client Registration section 2).
//!
//! ```toml
//! id_token_signed_response_alg = "ES256"          # or "EdDSA", or "RS256" (fapi2: "PS256"); ES256 if left out. Logout tokens, too
//! userinfo_signed_response_alg = "ES256"          # userinfo as a JWT, by one of the same; as JSON if left out
//! userinfo_encrypted_response_alg = "ECDH-ES"     # encrypted for a key with "use": "enc" among its keys; not if left out
//! userinfo_encrypted_response_enc = "A256GCM"     # or "A128GCM"; beside the other, always
//! id_token_encrypted_response_alg = "ECDH-ES"
//! id_token_encrypted_response_enc = "A256GCM"
//! ```

use bitaqa_jose::{ContentEncryption, SignatureAlgorithm};
use serde::{Deserialize, Serialize};

use super::{Profile, RegistrationError};
use crate::key_store::{KeyStore, KeyStoreError};

/// What answers are signed with: one of [`SIGNED_WITH`](crate::key_store::SIGNED_WITH).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    #[default]
    #[serde(rename = "ES256")]
    Es256,
    /// Ed25519.
    #[serde(rename = "EdDSA")]
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
}

impl SigningAlgorithm {
    /// By its name in a header.
    #[must_use]
    pub const fn algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::Es256 => SignatureAlgorithm::Es256,
            Self::EdDsa => SignatureAlgorithm::EdDsa,
            Self::Rs256 => SignatureAlgorithm::Rs256,
            Self::Ps256 => SignatureAlgorithm::Ps256,
        }
    }

    /// Whether relying parties of a profile may have it (FAPI 2.0 Security Profile section 5.4.1).
    const fn fits(self, profile: Profile) -> bool {
        match (self, profile) {
            (Self::Es256 | Self::EdDsa, _) | (Self::Rs256, Profile::Oidc) | (Self::Ps256, Profile::Fapi2) => {
                true
            }
            (Self::Rs256, Profile::Fapi2) | (Self::Ps256, Profile::Oidc) => false,
        }
    }
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
    /// What ID tokens and logout tokens are signed with.
    #[serde(default)]
    pub id_token_signing: SigningAlgorithm,
    /// What userinfo is signed with, if it is.
    pub userinfo_signing: Option<SigningAlgorithm>,
    /// What userinfo is encrypted with, if it is.
    pub userinfo_encryption: Option<ContentEncryption>,
    /// What ID tokens are encrypted with, once they are signed, if they are.
    pub id_token_encryption: Option<ContentEncryption>,
}

impl ResponseFormats {
    fn signed_with(&self) -> impl Iterator<Item = SigningAlgorithm> {
        [Some(self.id_token_signing), self.userinfo_signing].into_iter().flatten()
    }

    /// What something is signed with beside ES256, for which there always is a key.
    pub fn signed_with_others(&self) -> impl Iterator<Item = SignatureAlgorithm> {
        let others = self.signed_with().filter(|algorithm| *algorithm != SigningAlgorithm::Es256);
        others.map(SigningAlgorithm::algorithm)
    }

    /// What something is signed with and there is no key for.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn missing_key(&self, keys: &dyn KeyStore) -> Result<Option<SignatureAlgorithm>, KeyStoreError> {
        let mut wanted = self.signed_with_others().peekable();
        if wanted.peek().is_none() {
            return Ok(None);
        }
        let there = keys.algorithms()?;
        Ok(wanted.find(|algorithm| !there.contains(algorithm)))
    }

    pub(super) fn check(&self, profile: Profile) -> Result<(), RegistrationError> {
        if self.signed_with().all(|algorithm| algorithm.fits(profile)) {
            Ok(())
        } else {
            Err(RegistrationError::Signing)
        }
    }

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
