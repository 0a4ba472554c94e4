//! Signatures in JSON, as the engine changes them.

use super::{Augmentable, ValidationData};
use crate::{
    FoundSignature, Hash,
    jades::{self, DetachedContent, JadesError, extension},
};

/// A document, with the content that stands elsewhere.
pub struct JwsFile<'a> {
    document: Vec<u8>,
    content: &'a dyn DetachedContent,
}

impl<'a> JwsFile<'a> {
    /// A document in any serialisation; what is added makes a compact one a flattened one.
    #[must_use]
    pub fn new(document: &[u8], content: &'a dyn DetachedContent) -> Self {
        Self { document: document.to_vec(), content }
    }

    /// The document as it is now.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.document
    }
}

impl Augmentable for JwsFile<'_> {
    type Error = JadesError;

    fn signatures(&mut self) -> Result<Vec<FoundSignature>, JadesError> {
        jades::read(&self.document, self.content)
    }

    fn signature_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, JadesError> {
        extension::signature_time_stamp_digest(&self.document, signature, hash)
    }

    fn add_signature_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), JadesError> {
        self.document = extension::with_signature_time_stamp(&self.document, signature, token)?;
        Ok(())
    }

    fn add_validation_data(&mut self, signature: usize, data: &ValidationData) -> Result<(), JadesError> {
        self.document = extension::with_validation_data(
            &self.document,
            signature,
            &data.certificates,
            &data.revocation(),
        )?;
        Ok(())
    }

    fn archive_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, JadesError> {
        extension::archive_time_stamp_digest(&self.document, signature, self.content, hash)
    }

    fn add_archive_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), JadesError> {
        self.document = extension::with_archive_time_stamp(&self.document, signature, self.content, token)?;
        Ok(())
    }

    fn covers_whole_file(&self) -> bool {
        false
    }
}
