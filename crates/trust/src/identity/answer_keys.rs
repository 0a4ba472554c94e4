//! Keys that answers are encrypted to, wherever they are.

use bitaqa_jose::{CompactJwe, PrivateJwk, Thumbprint, jwe::JweError};
use zeroize::Zeroizing;

use super::result::IdentityFailure;

/// Keys that are not in the caller's hands, such as those of a hardware module.
pub trait AnswerKeys {
    /// Decrypts with the key that the header names, and says which that is. Keys that cannot be reached just now are as none: whoever
    /// has them knows that they could not, and says so in the answer's stead.
    ///
    /// # Errors
    /// [`KeysError`].
    fn open(&self, jwe: &CompactJwe<'_>) -> Result<(Zeroizing<Vec<u8>>, Thumbprint), KeysError>;
}

/// Why an answer was not decrypted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// It names a key that is not there.
    #[error("there is no such key")]
    OtherKey,
    /// It does not decrypt.
    #[error(transparent)]
    Encryption(#[from] JweError),
}

/// Where the keys of a verifier are.
#[derive(Clone, Copy)]
pub(super) enum Keys<'a> {
    Here(&'a [PrivateJwk]),
    Elsewhere(&'a dyn AnswerKeys),
}

impl Keys<'_> {
    pub(super) fn open(
        self,
        jwe: &CompactJwe<'_>,
    ) -> Result<(Zeroizing<Vec<u8>>, Thumbprint), IdentityFailure> {
        match self {
            Self::Here(keys) => {
                let named = |key: &&PrivateJwk| key.public().key_id() == jwe.header().key_id.as_deref();
                let key = keys.iter().find(named).ok_or(IdentityFailure::OtherKey)?;
                let content = jwe.decrypt(key).map_err(IdentityFailure::Encryption)?;
                Ok((content, key.public().thumbprint()))
            }
            Self::Elsewhere(keys) => keys.open(jwe).map_err(|error| match error {
                KeysError::OtherKey => IdentityFailure::OtherKey,
                KeysError::Encryption(error) => IdentityFailure::Encryption(error),
            }),
        }
    }
}
