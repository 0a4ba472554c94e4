//! Where a signature is in the file, and what it covers: `ByteRange` must name everything but the signature's own contents.

use std::ops::Range;

use super::field::Field;
use crate::{
    cms::element::Element,
    pdf::{Dictionary, Document, Object, PdfError, Reference, strings::pairs_of_digits},
};

/// Largest contents that are read.
const MAX_CONTENTS: u64 = 8 << 20;

/// A signature in its place.
#[derive(Debug, Clone)]
pub(super) struct Located {
    /// The signature dictionary's object.
    pub(super) reference: Reference,
    /// The signature dictionary.
    pub(super) dictionary: Dictionary,
    /// What is not covered: the contents with their brackets.
    pub(super) gap: Range<u64>,
    /// Where what is covered ends.
    pub(super) end: u64,
    /// CMS, without what fills the gap.
    pub(super) contents: Vec<u8>,
}

/// Finds the signature of a field. The error says in words which rule is broken.
pub(super) fn locate(document: &Document<'_>, field: &Field) -> Result<Located, String> {
    let unreadable = |error: PdfError| format!("the signature cannot be read: {error}");
    let reference = field.dictionary.get("V").reference();
    let reference = reference.ok_or("the signature is not an indirect object")?;
    let dictionary = document.dictionary(&Object::Reference(reference)).map_err(unreadable)?;
    let dictionary = dictionary.ok_or("the signature is not there")?;
    let numbers = dictionary.get("ByteRange").array().unwrap_or_default();
    let numbers: Option<Vec<u64>> =
        numbers.iter().map(|number| u64::try_from(number.integer()?).ok()).collect();
    let Some(&[0, before, after, last]) = numbers.as_deref() else {
        return Err("ByteRange is not that of one gap in a whole file".to_owned());
    };
    let place = document.locate(reference, b"Contents").map_err(unreadable)?;
    let place = place.ok_or("the contents of the signature are not by themselves in the file")?;
    if place != (before..after) {
        return Err("ByteRange leaves out something else than the contents of the signature".to_owned());
    }
    let end = after.checked_add(last).filter(|end| *end <= document.end());
    let end = end.ok_or("ByteRange ends beyond the file")?;
    let contents = contents(document, &place).map_err(unreadable)?;
    let contents = contents.ok_or("the contents of the signature are not a hexadecimal string")?;
    let (message, rest) =
        Element::read(&contents).map_err(|fault| format!("the contents of the signature: {fault}"))?;
    if rest.iter().any(|byte| *byte != 0) {
        return Err("something stands behind the signature in its contents".to_owned());
    }
    Ok(Located { reference, dictionary, gap: place, end, contents: message.encoded().to_vec() })
}

/// The contents from the bytes of the file, which nothing but digits may be.
fn contents(document: &Document<'_>, place: &Range<u64>) -> Result<Option<Vec<u8>>, PdfError> {
    let length = place.end - place.start;
    if length > MAX_CONTENTS {
        return Err(PdfError::Limit("bytes of a signature"));
    }
    let Ok(length) = usize::try_from(length) else { return Ok(None) };
    document.charge(length as u64)?;
    let bytes = document.source().read(place.start, length)?;
    let digits = bytes.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">"));
    Ok(digits.and_then(pairs_of_digits))
}
