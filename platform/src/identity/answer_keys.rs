//! The platform's keys, for who judges answers.

use std::sync::Mutex;

use bitaqa_jose::{CompactJwe, Thumbprint, jwe::JweError};
use bitaqa_trust::identity::answer_keys::{AnswerKeys, KeysError};
use zeroize::Zeroizing;

use crate::{
    Unable,
    key_store::{KeyStore, KeyStoreError},
};

/// The platform's keys, wherever they are. Where they could not be reached, a verifier says that there is no such key: so
/// [`OwnKeys::check`] comes before its word.
pub struct OwnKeys<'a> {
    keys: &'a dyn KeyStore,
    failed: Mutex<Option<KeyStoreError>>,
}

impl<'a> OwnKeys<'a> {
    /// Of a platform.
    #[must_use]
    pub fn new(keys: &'a dyn KeyStore) -> Self {
        Self { keys, failed: Mutex::new(None) }
    }

    /// Whether the keys could be reached whenever they were asked.
    ///
    /// # Errors
    /// [`Unable`]: they could not, and nothing is known of the answer.
    pub fn check(&self) -> Result<(), Unable> {
        let failed = self.failed.lock().map_err(|_| Unable::Unreadable("keys"))?.take();
        failed.map_or(Ok(()), |error| Err(error.into()))
    }

    fn asked<T>(&self, answer: Result<T, KeyStoreError>) -> Result<T, KeysError> {
        answer.map_err(|error| {
            if let Ok(mut failed) = self.failed.lock() {
                *failed = Some(error);
            }
            KeysError::OtherKey
        })
    }
}

impl AnswerKeys for OwnKeys<'_> {
    fn open(&self, jwe: &CompactJwe<'_>) -> Result<(Zeroizing<Vec<u8>>, Thumbprint), KeysError> {
        let published = self.asked(self.keys.encryption_keys())?;
        let named = |key: &&str| Some(*key) == jwe.header().key_id.as_deref();
        let key = published.iter().find(|key| key.key.key_id().as_ref().is_some_and(named));
        let thumbprint = key.ok_or(KeysError::OtherKey)?.key.thumbprint();
        let content = self.asked(self.keys.decrypt(jwe))?;
        Ok((content.ok_or(KeysError::Encryption(JweError::Decryption))?, thumbprint))
    }
}
