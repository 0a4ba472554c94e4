//! Signatures in CMS, as the engine changes them.

use super::{Augmentable, ValidationData};
use crate::{
    FoundSignature, Hash,
    cades::{self, CadesError, DetachedDigest},
};

/// A message, with the content that stands elsewhere.
pub struct CmsFile<'a> {
    message: Vec<u8>,
    content: DetachedDigest<'a>,
}

impl<'a> CmsFile<'a> {
    /// A message in DER or BER.
    #[must_use]
    pub fn new(message: &[u8], content: DetachedDigest<'a>) -> Self {
        Self { message: message.to_vec(), content }
    }

    /// The message as it is now.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.message
    }
}

impl Augmentable for CmsFile<'_> {
    type Error = CadesError;

    fn signatures(&mut self) -> Result<Vec<FoundSignature>, CadesError> {
        cades::read(&self.message, self.content)
    }

    fn signature_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, CadesError> {
        cades::signature_time_stamp_digest(&self.message, signature, hash)
    }

    fn add_signature_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), CadesError> {
        self.message = cades::with_signature_time_stamp(&self.message, signature, token)?;
        Ok(())
    }

    fn add_validation_data(&mut self, _signature: usize, data: &ValidationData) -> Result<(), CadesError> {
        self.message = cades::with_validation_data(&self.message, data)?;
        Ok(())
    }

    fn archive_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, CadesError> {
        cades::archive_time_stamp_digest(&self.message, signature, hash, self.content)
    }

    fn add_archive_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), CadesError> {
        self.message = cades::with_archive_time_stamp(&self.message, signature, self.content, token)?;
        Ok(())
    }

    fn covers_whole_file(&self) -> bool {
        false
    }
}
