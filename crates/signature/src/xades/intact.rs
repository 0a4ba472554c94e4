//! Whether signatures that are in a document stay what they were when something is added to it.

use super::{NoContent, XadesError, reading::read_document};
use crate::{FoundSignature, found::Integrity, xml::Document};

/// Compares the signatures of a document before and after something was added.
///
/// # Errors
/// [`XadesError::WouldBreak`]: one that was intact, or only lacks its content here, is not any more.
pub(super) fn stays(before: &Document<'_>, after: &Document<'_>) -> Result<(), XadesError> {
    let found = match read_document(before, &NoContent) {
        Ok(found) => found,
        Err(XadesError::NoSignature) => return Ok(()),
        Err(error) => return Err(error),
    };
    let after = read_document(after, &NoContent)?;
    let mut broken = Vec::new();
    compare(&found, &after, &mut broken);
    broken.into_iter().next().map_or(Ok(()), |name| Err(XadesError::WouldBreak(name)))
}

fn compare(before: &[FoundSignature], after: &[FoundSignature], broken: &mut Vec<String>) {
    for signature in before {
        let holds = |integrity| matches!(integrity, Integrity::Intact | Integrity::ContentMissing);
        let same = after.iter().find(|other| other.name == signature.name);
        if holds(signature.integrity) && !same.is_some_and(|other| other.integrity == signature.integrity) {
            broken.push(signature.name.clone());
        }
        if let Some(same) = same {
            compare(&signature.counter_signatures, &same.counter_signatures, broken);
        }
    }
}
