//! Signatures in XML, as the engine changes them.

use super::{Augmentable, ValidationData};
use crate::{
    FoundSignature, Hash,
    xades::{self, DetachedContent, XadesError, extension},
};

/// A document, with the content that stands elsewhere.
pub struct XmlFile<'a> {
    document: Vec<u8>,
    content: &'a dyn DetachedContent,
}

impl<'a> XmlFile<'a> {
    /// A document with signatures.
    #[must_use]
    pub fn new(document: &[u8], content: &'a dyn DetachedContent) -> Self {
        Self { document: document.to_vec(), content }
    }

    /// The document as it is now.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.document
    }

    /// The name of a signature: its `Id`.
    fn name(&self, signature: usize) -> Result<String, XadesError> {
        let found = xades::read(&self.document, self.content)?;
        found.into_iter().nth(signature).map(|found| found.name).ok_or(XadesError::NoSignature)
    }
}

impl Augmentable for XmlFile<'_> {
    type Error = XadesError;

    fn signatures(&mut self) -> Result<Vec<FoundSignature>, XadesError> {
        xades::read(&self.document, self.content)
    }

    fn signature_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, XadesError> {
        extension::signature_time_stamp_digest(&self.document, &self.name(signature)?, hash)
    }

    fn add_signature_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), XadesError> {
        self.document = extension::with_signature_time_stamp(&self.document, &self.name(signature)?, token)?;
        Ok(())
    }

    fn add_validation_data(&mut self, signature: usize, data: &ValidationData) -> Result<(), XadesError> {
        let name = self.name(signature)?;
        self.document =
            extension::with_validation_data(&self.document, &name, &data.certificates, &data.revocation())?;
        Ok(())
    }

    fn archive_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, XadesError> {
        extension::archive_time_stamp_digest(&self.document, &self.name(signature)?, hash, self.content)
    }

    fn add_archive_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), XadesError> {
        let name = self.name(signature)?;
        self.document = extension::with_archive_time_stamp(&self.document, &name, token, self.content)?;
        Ok(())
    }

    fn covers_whole_file(&self) -> bool {
        false
    }
}
