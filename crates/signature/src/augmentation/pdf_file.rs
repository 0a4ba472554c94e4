//! Signatures in PDF, as the engine changes them: everything is appended, so one document time stamp covers all of them.

use super::{Augmentable, ValidationData};
use crate::{
    FoundSignature, Hash,
    pades::{self, PadesError, PlacedTimeStamp},
};

/// Room for the token of a document time stamp, with the certificates of its authority.
const ROOM: usize = 12_288;

/// A file.
pub struct PdfFile {
    file: Vec<u8>,
}

impl PdfFile {
    /// A file with signatures.
    #[must_use]
    pub fn new(file: &[u8]) -> Self {
        Self { file: file.to_vec() }
    }

    /// The file as it is now.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.file
    }

    fn place(&self, hash: Hash) -> Result<PlacedTimeStamp, PadesError> {
        pades::place_document_time_stamp(&self.file, hash, ROOM)
    }

    fn imprint(&self, hash: Hash) -> Result<Vec<u8>, PadesError> {
        self.place(hash)?.digest(&self.file)
    }

    fn add_time_stamp(&mut self, token: &[u8]) -> Result<(), PadesError> {
        let hash = crate::time_stamp::TimeStampToken::parse(token)?.hash().unwrap_or(Hash::Sha256);
        let placed = self.place(hash)?;
        let digest = placed.digest(&self.file)?;
        let appended = placed.appended(&digest, token)?;
        self.file.extend_from_slice(&appended);
        Ok(())
    }
}

impl Augmentable for PdfFile {
    type Error = PadesError;

    fn signatures(&mut self) -> Result<Vec<FoundSignature>, PadesError> {
        Ok(pades::read(&self.file)?.signatures)
    }

    fn signature_imprint(&mut self, _signature: usize, hash: Hash) -> Result<Vec<u8>, PadesError> {
        self.imprint(hash)
    }

    fn add_signature_time_stamp(&mut self, _signature: usize, token: &[u8]) -> Result<(), PadesError> {
        self.add_time_stamp(token)
    }

    fn add_validation_data(&mut self, _signature: usize, data: &ValidationData) -> Result<(), PadesError> {
        let appended = pades::add_validation_data(&self.file, data)?;
        self.file.extend_from_slice(&appended);
        Ok(())
    }

    fn archive_imprint(&mut self, _signature: usize, hash: Hash) -> Result<Vec<u8>, PadesError> {
        self.imprint(hash)
    }

    fn add_archive_time_stamp(&mut self, _signature: usize, token: &[u8]) -> Result<(), PadesError> {
        self.add_time_stamp(token)
    }

    fn covers_whole_file(&self) -> bool {
        true
    }
}
