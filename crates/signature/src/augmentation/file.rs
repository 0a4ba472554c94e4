//! Any signed file, raised to a level.

use super::{
    Answers, Augmented, CmsFile, Goal, JwsFile, Need, PdfFile, Progress, XmlFile, augment,
    container_file::augment_container,
};
use crate::{
    FileKind,
    document::{DetachedContent, DocumentError, InXml, digest, message_of_text},
};

/// How far it is.
#[derive(Debug)]
pub enum FileProgress {
    /// These have to be answered first.
    Needs(Vec<Need>),
    /// As high as it goes with these answers.
    Done {
        /// The file. What was in text (PEM, compact serialisation) is in the form that has room for what was added.
        file: Vec<u8>,
        /// What was reached.
        augmented: Augmented,
    },
}

/// Raises every signature of a file to a level, as far as the answers go. Content that stands elsewhere is asked for. Who is told
/// of needs begins again with the same file.
///
/// # Errors
/// [`DocumentError`].
pub fn augment_file(
    file: &[u8],
    detached: &dyn DetachedContent,
    goal: &Goal,
    answers: &Answers,
) -> Result<FileProgress, DocumentError> {
    // whatever cannot be read, or has no signature, is said so in one way
    crate::document::signatures(file, detached)?;
    match FileKind::of(file).ok_or(DocumentError::UnknownKind)? {
        FileKind::Cms => cms(file, detached, goal, answers),
        FileKind::CmsText => cms(&message_of_text(file).ok_or(DocumentError::Text)?, detached, goal, answers),
        FileKind::Json | FileKind::CompactJws => {
            let mut document = JwsFile::new(file.trim_ascii(), detached);
            let progress = augment(&mut document, goal, answers)?;
            Ok(with_file(progress, || document.into_bytes()))
        }
        FileKind::Pdf => {
            let mut pdf = PdfFile::new(&file);
            let progress = augment(&mut pdf, goal, answers)?;
            Ok(with_file(progress, || [file, &pdf.into_appended()].concat()))
        }
        FileKind::Xml => {
            let content = InXml(detached);
            let mut document = XmlFile::new(file, &content);
            let progress = augment(&mut document, goal, answers)?;
            Ok(with_file(progress, || document.into_bytes()))
        }
        FileKind::Container => augment_container(file, goal, answers),
    }
}

fn cms(
    message: &[u8],
    detached: &dyn DetachedContent,
    goal: &Goal,
    answers: &Answers,
) -> Result<FileProgress, DocumentError> {
    let mut content = |hash| digest(detached, None, hash);
    let mut message = CmsFile::new(message, &mut content);
    let progress = augment(&mut message, goal, answers)?;
    Ok(with_file(progress, || message.into_bytes()))
}

fn with_file(progress: Progress, file: impl FnOnce() -> Vec<u8>) -> FileProgress {
    match progress {
        Progress::Needs(needs) => FileProgress::Needs(needs),
        Progress::Done(augmented) => FileProgress::Done { file: file(), augmented },
    }
}
