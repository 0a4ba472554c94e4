//! The document security store (EN 319 142-1): certificates, OCSP answers and revocation lists in the file.

use std::collections::BTreeSet;

use super::{PadesError, form::Edits};
use crate::{
    Hash,
    cades::ValidationData,
    pdf::{Dictionary, Document, Object, PdfError, Source, Stream, update::Update},
};

/// Most streams of the store that are looked at.
const MAX_STREAMS: usize = 4096;
/// Largest piece of validation data that is taken from a file.
const MAX_VALIDATION_BYTES: usize = 16 << 20;

/// What a store holds, each in DER and believed by nobody.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) answers: Vec<Vec<u8>>,
    pub(super) lists: Vec<Vec<u8>>,
}

impl Stored {
    /// What the store of a document holds; nothing where there is none.
    ///
    /// # Errors
    /// [`PdfError`].
    pub(super) fn of(document: &Document<'_>) -> Result<Self, PdfError> {
        let (_, catalog) = document.catalog()?;
        let Some(store) = document.dictionary(catalog.get("DSS"))? else { return Ok(Self::default()) };
        let read = |key: &str| -> Result<Vec<Vec<u8>>, PdfError> {
            let streams = document.array(store.get(key))?;
            if streams.len() > MAX_STREAMS {
                return Err(PdfError::Limit("validation data"));
            }
            let read = streams.iter().map(|stream| match document.resolve(stream)? {
                Object::Stream(stream) => validation_bytes(document, &stream),
                _ => Err(PdfError::Structure("validation data are not in a stream")),
            });
            read.collect()
        };
        Ok(Self { certificates: read("Certs")?, answers: read("OCSPs")?, lists: read("CRLs")? })
    }
}

fn validation_bytes(document: &Document<'_>, stream: &Stream) -> Result<Vec<u8>, PdfError> {
    if stream.dictionary.has("Filter") {
        document.decoded(stream)
    } else {
        document.data(stream, MAX_VALIDATION_BYTES)
    }
}

/// The bytes to be appended to a file so that its store has these data, beside those that it has (level B-LT).
///
/// # Errors
/// [`PadesError`].
pub fn add_validation_data(source: &dyn Source, data: &ValidationData) -> Result<Vec<u8>, PadesError> {
    let document = Document::open(source)?;
    let present = Stored::of(&document)?;
    let certificates = data.certificates.iter().map(|certificate| certificate.der().to_vec()).collect();
    let mut edits = Edits::new(&document)?;
    let mut update = Update::of(&document)?;
    let mut store = document.dictionary(edits.catalog.get("DSS"))?.unwrap_or_default();
    store.set("Type", Object::name("DSS"));
    for (key, added, present) in [
        ("Certs", &certificates, &present.certificates),
        ("OCSPs", &data.answers, &present.answers),
        ("CRLs", &data.lists, &present.lists),
    ] {
        let mut all = document.array(store.get(key))?;
        let digest = |bytes: &Vec<u8>| Hash::Sha256.digest(&[bytes]);
        let mut known: BTreeSet<Vec<u8>> = present.iter().map(digest).collect();
        for bytes in added {
            if known.insert(digest(bytes)) {
                all.push(update.add_stream(Dictionary::new(), bytes.clone())?.into());
            }
        }
        if !all.is_empty() {
            store.set(key, Object::Array(all));
        }
    }
    match edits.catalog.get("DSS").reference() {
        Some(reference) => update.set(reference, &store.into())?,
        None => {
            let reference = update.add(&store.into())?;
            edits.catalog.set("DSS", reference);
            edits.catalog_changed = true;
        }
    }
    edits.write(&mut update)?;
    Ok(update.finish()?.bytes)
}
