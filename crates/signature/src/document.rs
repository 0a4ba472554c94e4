//! A signed file of whatever kind: which signatures it has.

use std::borrow::Cow;

use crate::{
    FileKind, FoundSignature, Hash, asic, cades,
    jades::{self, JadesError},
    pades,
    pdf::{Source, SourceError},
    xades,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bitaqa_trust::{public_key::Hasher, signature_memory};

pub use crate::jades::{DetachedContent, NoContent};

/// Most bytes of content elsewhere that are taken into memory, where its digest does not do.
const MAX_OCTETS: usize = 64 * 1024 * 1024;

/// Most files of a container that are told of by name as unsigned.
const MAX_TOLD: usize = 20;

/// Most bytes of a file that is read all at once.
const MAX_WHOLE: usize = 512 * 1024 * 1024;
/// How much of a file says which kind it is.
const HEAD: usize = 1024;

/// Most bytes of a CMS message in text.
const MAX_TEXT: usize = 64 * 1024 * 1024;

/// Reads all signatures of a file. Content that stands elsewhere is asked for; without a name it is the one content of a
/// signature that names nothing.
///
/// # Errors
/// [`DocumentError`]: no kind of file that holds signatures, or not one that can be read. What is wrong with a signature stands
/// in it.
pub fn signatures(file: &[u8], detached: &dyn DetachedContent) -> Result<Vec<FoundSignature>, DocumentError> {
    // what a message and its time stamps bring is the same over and over
    let signatures = signature_memory::remembered(|| all(file, detached))?;
    if signatures.is_empty() { Err(DocumentError::NoSignature) } else { Ok(signatures) }
}

/// The same of a file that is elsewhere: of a PDF only what is needed is read, and never all at once.
///
/// # Errors
/// As [`signatures`]; or the file cannot be read, or is too long for one that is not a PDF.
pub fn signatures_in(
    source: &dyn Source,
    detached: &dyn DetachedContent,
) -> Result<Vec<FoundSignature>, DocumentError> {
    if !is_pdf(source)? {
        return signatures(&whole(source)?, detached);
    }
    let signatures = pades::read(source)?.signatures;
    if signatures.is_empty() { Err(DocumentError::NoSignature) } else { Ok(signatures) }
}

/// Whether a file begins like a PDF.
///
/// # Errors
/// [`SourceError`].
pub fn is_pdf(source: &dyn Source) -> Result<bool, SourceError> {
    let length = usize::try_from(source.length()).map_or(HEAD, |length| length.min(HEAD));
    Ok(FileKind::of(&source.read(0, length)?) == Some(FileKind::Pdf))
}

/// All of a file that is not a PDF.
///
/// # Errors
/// [`DocumentError::Source`], [`DocumentError::TooLong`].
pub fn whole(source: &dyn Source) -> Result<Vec<u8>, DocumentError> {
    let length = usize::try_from(source.length()).ok().filter(|length| *length <= MAX_WHOLE);
    Ok(source.read(0, length.ok_or(DocumentError::TooLong)?)?)
}

fn all(file: &[u8], detached: &dyn DetachedContent) -> Result<Vec<FoundSignature>, DocumentError> {
    match FileKind::of(file).ok_or(DocumentError::UnknownKind)? {
        FileKind::Cms => Ok(cades::read_beside(file, &mut BesideCms(detached))?),
        FileKind::CmsText => {
            let message = message_of_text(file).ok_or(DocumentError::Text)?;
            Ok(cades::read_beside(&message, &mut BesideCms(detached))?)
        }
        // a text editor ends a file with a line end
        FileKind::CompactJws => Ok(jades::read(file.trim_ascii(), detached)?),
        FileKind::Json => Ok(jades::read(file, detached)?),
        FileKind::Pdf => Ok(pades::read(&file)?.signatures),
        FileKind::Xml => match xades::read(file, &InXml(detached)) {
            Err(xades::XadesError::NoSignature) => Ok(Vec::new()),
            found => Ok(found?),
        },
        FileKind::Container => {
            let mut container = asic::Container::open(std::io::Cursor::new(file))?;
            let found = match asic::read(&mut container) {
                Err(asic::AsicError::NoSignature) => return Ok(Vec::new()),
                found => found?,
            };
            let mut signatures = found.signatures;
            for remark in remarks_on_uncovered(&found.uncovered) {
                signatures.iter_mut().for_each(|signature| signature.remarks.push(remark.clone()));
            }
            Ok(signatures)
        }
    }
}

/// What every signature of a container says of files that nobody signed.
fn remarks_on_uncovered(names: &[String]) -> Vec<String> {
    let (told, rest) = names.split_at(names.len().min(MAX_TOLD));
    let mut remarks: Vec<String> = told
        .iter()
        .map(|name| format!("the file {name} of the container is not signed by anybody"))
        .collect();
    if !rest.is_empty() {
        remarks.push(format!("{} more files of the container are not signed by anybody", rest.len()));
    }
    remarks
}

/// Content that stands elsewhere, of a message, which has no name for it.
struct BesideCms<'a>(&'a dyn DetachedContent);

impl cades::ContentBeside for BesideCms<'_> {
    fn digest(&mut self, hash: Hash) -> Option<Vec<u8>> {
        digest(self.0, None, hash)
    }

    fn put_into(&mut self, hasher: &mut Hasher) -> bool {
        self.0.read(None, &mut |piece| hasher.update(piece))
    }
}

/// Content that stands elsewhere, as references of XML name it.
pub(crate) struct InXml<'a>(pub(crate) &'a dyn DetachedContent);

impl xades::DetachedContent for InXml<'_> {
    fn digest(&self, uri: &str, hash: Hash) -> Option<Vec<u8>> {
        digest(self.0, (!uri.is_empty()).then_some(uri), hash)
    }

    fn octets(&self, uri: &str) -> Option<Cow<'_, [u8]>> {
        let mut octets = Vec::new();
        let mut fits = true;
        let is_there = self.0.read((!uri.is_empty()).then_some(uri), &mut |piece| {
            fits = fits && octets.len() + piece.len() <= MAX_OCTETS;
            if fits {
                octets.extend_from_slice(piece);
            }
        });
        (is_there && fits).then_some(Cow::Owned(octets))
    }
}

/// The digest of content that stands elsewhere; none if it is not there.
pub(crate) fn digest(detached: &dyn DetachedContent, name: Option<&str>, hash: Hash) -> Option<Vec<u8>> {
    let mut hasher = hash.hasher();
    detached.read(name, &mut |piece| hasher.update(piece)).then(|| hasher.finish())
}

/// A message in PEM (RFC 7468 section 9), or in base64 alone.
#[must_use]
pub fn message_of_text(text: &[u8]) -> Option<Vec<u8>> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?.trim_start_matches('\u{feff}').trim();
    let base64 = match text.strip_prefix("-----BEGIN ") {
        None => text,
        Some(rest) => {
            let (label, rest) = rest.split_once("-----")?;
            if !matches!(label, "CMS" | "PKCS7" | "PKCS #7 SIGNED DATA") {
                return None;
            }
            let (base64, after) = rest.split_once("-----END ")?;
            let after = after.strip_prefix(label)?.strip_prefix("-----")?;
            // one message, and nothing that could be taken for it
            if !after.trim().is_empty() {
                return None;
            }
            base64
        }
    };
    let base64: String = base64.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(base64).ok()
}

/// Why a file is none with signatures.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is none in it.
    #[error("there is no signature in this file")]
    NoSignature,
    /// It begins like none.
    #[error("this is no signed file of a known kind (CMS, PDF, XML, JSON or an ASiC container)")]
    UnknownKind,
    /// It cannot be read.
    #[error("{0}")]
    Source(#[from] SourceError),
    /// It would have to be read all at once.
    #[error("a file of this kind may have 512 MiB")]
    TooLong,
    /// Neither PEM of a message nor base64.
    #[error("this is no CMS message in PEM or base64")]
    Text,
    /// A container that cannot be read.
    #[error("{0}")]
    Asic(#[from] asic::AsicError),
    /// A CMS message that cannot be read.
    #[error("{0}")]
    Cades(#[from] cades::CadesError),
    /// A JWS that cannot be read.
    #[error("{0}")]
    Jades(#[from] JadesError),
    /// A PDF that cannot be read.
    #[error("{0}")]
    Pades(#[from] pades::PadesError),
    /// An XML document that cannot be read.
    #[error("{0}")]
    Xades(#[from] xades::XadesError),
}
