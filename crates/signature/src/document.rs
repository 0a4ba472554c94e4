//! A signed file of whatever kind: which signatures it has.

use crate::{
    FileKind, FoundSignature, Hash, cades,
    jades::{self, JadesError},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};

pub use crate::jades::{DetachedContent, NoContent};

/// Most bytes of a CMS message in text.
const MAX_TEXT: usize = 64 * 1024 * 1024;

/// Reads all signatures of a file. Content that stands elsewhere is asked for; without a name it is the one content of a
/// signature that names nothing.
///
/// # Errors
/// [`DocumentError`]: no kind of file that holds signatures, or not one that can be read. What is wrong with a signature stands
/// in it.
pub fn signatures(file: &[u8], detached: &dyn DetachedContent) -> Result<Vec<FoundSignature>, DocumentError> {
    match FileKind::of(file).ok_or(DocumentError::UnknownKind)? {
        FileKind::Cms => Ok(cades::read(file, &mut |hash| digest(detached, None, hash))?),
        FileKind::CmsText => {
            let message = message_of_text(file).ok_or(DocumentError::Text)?;
            Ok(cades::read(&message, &mut |hash| digest(detached, None, hash))?)
        }
        FileKind::Json | FileKind::CompactJws => Ok(jades::read(file, detached)?),
        _ => Err(DocumentError::UnknownKind),
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
    /// It begins like none.
    #[error("this is no signed file of a known kind (CMS, PDF, XML, JSON or an ASiC container)")]
    UnknownKind,
    /// It asks for more and more.
    #[error("raising the signature needs more steps than any file should")]
    NeverEnds,
    /// Neither PEM of a message nor base64.
    #[error("this is no CMS message in PEM or base64")]
    Text,
    /// A CMS message that cannot be read.
    #[error("{0}")]
    Cades(#[from] cades::CadesError),
    /// A JWS that cannot be read.
    #[error("{0}")]
    Jades(#[from] JadesError),
}
