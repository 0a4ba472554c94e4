use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;

use super::{KeyStore, KeyStoreError, SealedFile, Token};
use crate::clock::Seconds;

/// Where the keys are.
#[derive(Debug, Clone)]
pub enum KeyPlace {
    /// In a file that another one unseals.
    SealedFile {
        /// All keys, encrypted.
        file: PathBuf,
        /// What decrypts them.
        unsealing: PathBuf,
    },
    /// In a token of PKCS #11.
    Token {
        /// The token's module, a shared library.
        module: PathBuf,
        /// The token's label.
        label: String,
        /// The file with the user's PIN.
        pin: PathBuf,
    },
}

impl KeyPlace {
    /// Draws all keys, once.
    ///
    /// # Errors
    /// [`KeyStoreError`]: also where there are keys already.
    pub fn create(&self, now: Seconds) -> Result<Arc<dyn KeyStore>, KeyStoreError> {
        Ok(match self {
            Self::SealedFile { file, unsealing } => Arc::new(SealedFile::create(file, unsealing, now)?),
            Self::Token { module, label, pin } => Arc::new(Token::create(module, label, pin, now)?),
        })
    }

    /// Opens the keys that are there.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    pub fn open(&self) -> Result<Arc<dyn KeyStore>, KeyStoreError> {
        Ok(match self {
            Self::SealedFile { file, unsealing } => Arc::new(SealedFile::open(file, unsealing)?),
            Self::Token { module, label, pin } => Arc::new(Token::open(module, label, pin)?),
        })
    }
}

/// As it stands in the configuration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WrittenKeyPlace {
    file: Option<PathBuf>,
    unsealing: Option<PathBuf>,
    pkcs11: Option<WrittenToken>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenToken {
    module: PathBuf,
    token: String,
    pin: PathBuf,
}

impl WrittenKeyPlace {
    /// A sealed file or a token, not both, with paths resolved beside the configuration.
    pub(crate) fn beside(self, folder: &Path) -> Option<KeyPlace> {
        match self {
            Self { file: Some(file), unsealing: Some(unsealing), pkcs11: None } => {
                Some(KeyPlace::SealedFile { file: folder.join(file), unsealing: folder.join(unsealing) })
            }
            Self { file: None, unsealing: None, pkcs11: Some(WrittenToken { module, token, pin }) } => {
                Some(KeyPlace::Token { module: folder.join(module), label: token, pin: folder.join(pin) })
            }
            _ => None,
        }
    }
}
