//! What a person should know of a document before they sign it: it may show something else tomorrow, or elsewhere.

use serde::Serialize;

use super::PadesError;
use crate::pdf::{Dictionary, Document, Object, Reference, Source, Stream, cross_reference::Entry};

/// What a document has beside pages that always look the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentRisks {
    /// Scripts.
    pub java_script: bool,
    /// A form of XFA, which may show other content than the pages.
    pub xfa: bool,
    /// Layers that can be shown or hidden.
    pub optional_content: bool,
    /// Actions that start programs, open other files or addresses, or send the form.
    pub external_actions: bool,
    /// Content that is in other files.
    pub external_content: bool,
    /// Files inside the document.
    pub embedded_files: bool,
    /// Sound, films, three-dimensional or rich media.
    pub media: bool,
    /// Something happens when it is opened, closed, printed or a field is used.
    pub automatic_actions: bool,
    /// Fields that can be filled in.
    pub form_fields: bool,
    /// Appearances of fields are made by each viewer for itself.
    pub viewer_made_appearances: bool,
    /// Bytes behind the end of the document.
    pub trailing_bytes: bool,
}

impl DocumentRisks {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Looks at every object of a document, except for what its streams hold.
///
/// # Errors
/// [`PadesError::Pdf`].
pub fn inspect(source: &dyn Source) -> Result<DocumentRisks, PadesError> {
    inspect_document(&Document::open(source)?)
}

pub(super) fn inspect_document(document: &Document<'_>) -> Result<DocumentRisks, PadesError> {
    let mut risks = DocumentRisks {
        trailing_bytes: document.cross_reference().trailing_bytes,
        ..DocumentRisks::default()
    };
    for (number, entry) in &document.cross_reference().entries {
        let generation = match entry {
            Entry::Free => continue,
            Entry::InFile { generation, .. } => *generation,
            Entry::InStream { .. } => 0,
        };
        risks.add(&document.get(Reference { number: *number, generation })?);
    }
    Ok(risks)
}

impl DocumentRisks {
    fn add(&mut self, object: &Object) {
        match object {
            Object::Array(elements) => elements.iter().for_each(|element| self.add(element)),
            Object::Dictionary(dictionary) => self.add_dictionary(dictionary),
            Object::Stream(Stream { dictionary, .. }) => {
                // The data of the stream are in another file (ISO 32000-1 table 5).
                self.external_content |= dictionary.has("F");
                self.add_dictionary(dictionary);
            }
            _ => (),
        }
    }

    fn add_dictionary(&mut self, dictionary: &Dictionary) {
        let name_of = |key| match dictionary.get(key) {
            Object::Name(name) => name.as_slice(),
            _ => b"",
        };
        self.java_script |= dictionary.has("JS") || dictionary.has("JavaScript");
        match name_of("S") {
            b"JavaScript" => self.java_script = true,
            b"Launch" | b"URI" | b"GoToR" | b"GoToE" | b"SubmitForm" | b"ImportData" | b"Thread" => {
                self.external_actions = true;
            }
            b"Rendition" | b"Sound" | b"Movie" | b"GoTo3DView" | b"RichMediaExecute" => self.media = true,
            b"SetOCGState" => self.optional_content = true,
            _ => (),
        }
        match name_of("Subtype") {
            b"FileAttachment" => self.embedded_files = true,
            b"Sound" | b"Movie" | b"Screen" | b"3D" | b"RichMedia" => self.media = true,
            _ => (),
        }
        self.xfa |= dictionary.has("XFA");
        self.optional_content |= dictionary.has("OCProperties");
        self.external_content |= dictionary.has("Ref") && name_of("Subtype") == b"Form";
        self.embedded_files |= dictionary.has("EmbeddedFiles") || dictionary.has("EF");
        self.automatic_actions |= dictionary.has("OpenAction") || dictionary.has("AA");
        self.form_fields |= matches!(name_of("FT"), b"Tx" | b"Ch" | b"Btn");
        self.viewer_made_appearances |= *dictionary.get("NeedAppearances") == Object::Boolean(true);
        dictionary.iter().for_each(|(_, value)| self.add(value));
    }
}
