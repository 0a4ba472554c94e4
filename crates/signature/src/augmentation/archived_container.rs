//! Containers whose archive manifests cover their signatures: these stay as they are, and what is added is over all of the container
//! (EN 319 162-1 annex A.7).

use std::io::Cursor;

use super::{Augmentable, ValidationData};
use crate::{
    FoundSignature, Hash,
    asic::{self, AsicError, Container},
    time_stamp::TimeStampToken,
};

/// A container.
pub(super) struct ArchivedContainer {
    file: Vec<u8>,
}

impl ArchivedContainer {
    pub(super) fn new(file: &[u8]) -> Self {
        Self { file: file.to_vec() }
    }

    /// The container as it is now.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.file
    }

    fn open(&self) -> Result<Container<Cursor<&[u8]>>, AsicError> {
        Container::open(Cursor::new(&self.file[..]))
    }
}

impl Augmentable for ArchivedContainer {
    type Error = AsicError;

    fn signatures(&mut self) -> Result<Vec<FoundSignature>, AsicError> {
        Ok(asic::read(&mut self.open()?)?.signatures)
    }

    /// One beside those that are covered gets the time stamp that all of them get.
    fn signature_imprint(&mut self, signature: usize, hash: Hash) -> Result<Vec<u8>, AsicError> {
        self.archive_imprint(signature, hash)
    }

    fn add_signature_time_stamp(&mut self, signature: usize, token: &[u8]) -> Result<(), AsicError> {
        self.add_archive_time_stamp(signature, token)
    }

    fn add_validation_data(&mut self, _signature: usize, data: &ValidationData) -> Result<(), AsicError> {
        self.file = self.open()?.with_validation_data(data)?;
        Ok(())
    }

    fn archive_imprint(&mut self, _signature: usize, hash: Hash) -> Result<Vec<u8>, AsicError> {
        Ok(self.open()?.prepare_archive(hash)?.digest(hash))
    }

    fn add_archive_time_stamp(&mut self, _signature: usize, token: &[u8]) -> Result<(), AsicError> {
        let hash = TimeStampToken::parse(token)?.hash().ok_or(AsicError::OtherContent)?;
        let mut container = self.open()?;
        self.file = container.prepare_archive(hash)?.finish(&mut container, token)?;
        Ok(())
    }

    fn covers_whole_file(&self) -> bool {
        true
    }
}
