//! Signatures in PDF, as the engine changes them: everything is appended, so one document time stamp covers all of them.

use super::{Answers, Augmentable, Augmented, Goal, Need, Progress, ValidationData, augment};
use crate::{
    FoundSignature, Hash,
    document::DocumentError,
    pades::{self, PadesError, PlacedTimeStamp},
    pdf::{Source, source::Appended},
};

/// Room for the token of a document time stamp, with the certificates of its authority.
const ROOM: usize = 12_288;

/// How far a PDF is.
#[derive(Debug)]
pub enum PdfProgress {
    /// These have to be answered first.
    Needs(Vec<Need>),
    /// As high as it goes with these answers.
    Done {
        /// What belongs at the end of the file; nothing if nothing could be added.
        appended: Vec<u8>,
        /// What was reached.
        augmented: Augmented,
    },
}

/// Raises every signature of a PDF to a level, as [`augment_file`](super::augment_file) does, without having the file.
///
/// # Errors
/// [`DocumentError`].
pub fn augment_pdf(
    source: &dyn Source,
    goal: &Goal,
    answers: &Answers,
) -> Result<PdfProgress, DocumentError> {
    let mut pdf = PdfFile::new(source);
    if pdf.signatures()?.is_empty() {
        return Err(DocumentError::NoSignature);
    }
    Ok(match augment(&mut pdf, goal, answers)? {
        Progress::Needs(needs) => PdfProgress::Needs(needs),
        Progress::Done(augmented) => PdfProgress::Done { appended: pdf.into_appended(), augmented },
    })
}

/// A file.
pub struct PdfFile<'s> {
    file: Appended<'s>,
}

impl<'s> PdfFile<'s> {
    /// A file with signatures.
    #[must_use]
    pub const fn new(file: &'s dyn Source) -> Self {
        Self { file: Appended::to(file) }
    }

    /// What was added to its end.
    #[must_use]
    pub fn into_appended(self) -> Vec<u8> {
        self.file.into_bytes()
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
        self.file.append(&appended);
        Ok(())
    }
}

impl Augmentable for PdfFile<'_> {
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
        self.file.append(&appended);
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
