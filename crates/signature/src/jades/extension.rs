//! Adding to signatures that are there (TS 119 182-1 clause 6): time stamps, validation data, counter-signatures. Whatever was
//! signed stays as it is; a document in compact serialisation becomes an object.
//!
//! | from | to | with |
//! |---|---|---|
//! | B-B | B-T | [`with_signature_time_stamp`] |
//! | B-T | B-LT | [`with_validation_data`] |
//! | B-LT | B-LTA | [`with_archive_time_stamp`] |
//! | B-LTA | B-LTA for longer | [`with_validation_data`] for the last time stamp, then [`with_archive_time_stamp`] |

use bitaqa_trust::Certificate;
use serde_json::{Map, Value};

use super::{
    DetachedContent, JadesError, Serialization,
    document::Document,
    payload::{Contents, Payload},
    protected_header::ProtectedHeader,
    time_stamps, unsigned,
};
use crate::{Hash, found::EmbeddedRevocation, time_stamp::TimeStampToken};

pub use super::prepare::prepare_counter_signature;

/// What a time stamp over the signature must cover.
///
/// # Errors
/// [`JadesError`]: the document cannot be read or has no signature of that number.
pub fn signature_time_stamp_digest(document: &[u8], index: usize, hash: Hash) -> Result<Vec<u8>, JadesError> {
    Ok(time_stamps::signature_digest(Document::parse(document)?.entry(index)?, hash))
}

/// Adds a time stamp over the signature (`sigTst`).
///
/// # Errors
/// [`JadesError`]: the document cannot be read or has no signature of that number, or the token covers something else.
pub fn with_signature_time_stamp(document: &[u8], index: usize, token: &[u8]) -> Result<Vec<u8>, JadesError> {
    let document = Document::parse(document)?;
    let entry = document.entry(index)?;
    check_token(token, |hash| Ok(time_stamps::signature_digest(entry, hash)))?;
    push(document, index, "sigTst", &unsigned::time_stamp_container(token))
}

/// Adds certificates and revocation data: the first time as `xVals` and `rVals`, later as `anyValData`, which may stand there
/// more than once.
///
/// # Errors
/// [`JadesError`]: the document cannot be read or has no signature of that number.
pub fn with_validation_data(
    document: &[u8],
    index: usize,
    certificates: &[Certificate],
    revocation: &EmbeddedRevocation,
) -> Result<Vec<u8>, JadesError> {
    let mut document = Document::parse(document)?;
    let header = &document.entry(index)?.header;
    let is_first = !unsigned::has(header, "xVals")? && !unsigned::has(header, "rVals")?;
    let mut values = Map::new();
    if !certificates.is_empty() {
        values.insert("xVals".to_owned(), unsigned::certificate_values(certificates));
    }
    if *revocation != EmbeddedRevocation::default() {
        values.insert("rVals".to_owned(), unsigned::revocation_values(revocation));
    }
    let properties = if is_first {
        values
    } else if values.is_empty() {
        Map::new()
    } else {
        Map::from_iter([("anyValData".to_owned(), Value::Object(values))])
    };
    let header = &mut document.entry_mut(index)?.header;
    for (name, value) in properties {
        unsigned::push(header, &name, &value)?;
    }
    Ok(written(document))
}

/// What an archive time stamp must cover.
///
/// # Errors
/// [`JadesError`]: the document cannot be read or has no signature of that number, its unsigned properties are in the clear, or
/// content is not there.
pub fn archive_time_stamp_digest(
    document: &[u8],
    index: usize,
    content: &(impl DetachedContent + ?Sized),
    hash: Hash,
) -> Result<Vec<u8>, JadesError> {
    archive_digest(&Document::parse(document)?, index, content, hash)
}

/// Adds a time stamp over all that is there (`arcTst`).
///
/// # Errors
/// [`JadesError`]: as with [`archive_time_stamp_digest`], or the token covers something else.
pub fn with_archive_time_stamp(
    document: &[u8],
    index: usize,
    content: &(impl DetachedContent + ?Sized),
    token: &[u8],
) -> Result<Vec<u8>, JadesError> {
    let document = Document::parse(document)?;
    check_token(token, |hash| archive_digest(&document, index, content, hash))?;
    push(document, index, "arcTst", &unsigned::time_stamp_container(token))
}

fn archive_digest(
    document: &Document,
    index: usize,
    content: &(impl DetachedContent + ?Sized),
    hash: Hash,
) -> Result<Vec<u8>, JadesError> {
    let entry = document.entry(index)?;
    let header = ProtectedHeader::parse(&entry.protected, &entry.header)?;
    let properties = unsigned::covered(&entry.header)?;
    let source = |name: Option<&str>, sink: &mut dyn FnMut(&[u8])| content.read(name, sink);
    let contents = Contents::new(&source);
    let payload = Payload::new(document, &header, &contents)?;
    let digest = time_stamps::archive_digest(&payload, entry, &properties, hash);
    contents.check()?;
    digest.ok_or(JadesError::ContentMissing)
}

fn check_token(
    token: &[u8],
    covered: impl FnOnce(Hash) -> Result<Vec<u8>, JadesError>,
) -> Result<(), JadesError> {
    const MALFORMED: JadesError = JadesError::Malformed("the time stamp");
    let parsed = TimeStampToken::parse(token).map_err(|_| MALFORMED)?;
    let hash = parsed.hash().ok_or(MALFORMED)?;
    if covered(hash)? == parsed.imprint() { Ok(()) } else { Err(MALFORMED) }
}

fn push(mut document: Document, index: usize, name: &str, value: &Value) -> Result<Vec<u8>, JadesError> {
    unsigned::push(&mut document.entry_mut(index)?.header, name, value)?;
    Ok(written(document))
}

fn written(mut document: Document) -> Vec<u8> {
    if document.serialization == Serialization::Compact {
        document.serialization = Serialization::Flattened;
    }
    document.to_bytes()
}
