//! What a PDF has beside pages that always look the same: said before anybody is asked for anything, and no reason not to sign.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use bitaqa_signature::{
    Hash,
    file_kind::{PDF_HEADER_WITHIN, has_pdf_header},
    pades::{DocumentRisks, inspect},
    pdf::{Source, SourceError, source::read_in_pieces},
};

use super::DocumentFault;
use crate::{
    bounded_file::{FileFault, read_bounded},
    printable::Printable,
};

/// The PDF files among the documents, by their content, whatever they are called and whatever form their signature has.
pub(super) struct InspectedPdfs(BTreeMap<PathBuf, InspectedPdf>);

struct InspectedPdf {
    /// Of the bytes that were looked at.
    sha256: Vec<u8>,
    risks: Vec<Risk>,
}

/// One kind of risk.
#[derive(Debug, PartialEq, Eq)]
struct Risk {
    /// Its name in JSON.
    name: &'static str,
    /// What is said of the file.
    sentence: String,
}

impl InspectedPdfs {
    /// Looks at every document that programs may take for a PDF.
    pub(super) fn of<'a>(documents: impl Iterator<Item = &'a PathBuf>) -> Result<Self, FileFault> {
        let mut inspected = BTreeMap::new();
        for path in documents {
            let fault = |error| FileFault { path: path.clone(), error };
            if has_pdf_header(&read_bounded(path, PDF_HEADER_WITHIN).map_err(fault)?) {
                inspected.insert(path.clone(), InspectedPdf::of(path).map_err(fault)?);
            }
        }
        Ok(Self(inspected))
    }

    /// Says a line for each risk.
    pub(super) fn say(&self, out: &mut impl Write) -> io::Result<()> {
        for (path, pdf) in &self.0 {
            let path = path.display().to_string();
            for Risk { sentence, .. } in &pdf.risks {
                writeln!(out, "Caution: {}: {}", Printable(&path), Printable(sentence))?;
            }
        }
        Ok(())
    }

    /// The names of a document's risks.
    pub(super) fn names(&self, document: &Path) -> Vec<&'static str> {
        let risks = self.0.get(document).map(|pdf| pdf.risks.as_slice()).unwrap_or_default();
        risks.iter().map(|risk| risk.name).collect()
    }

    /// What is said of a PDF is said of the bytes that are signed, or nothing is signed.
    pub(super) fn confirm(&self, document: &Path, sha256: &[u8]) -> Result<(), DocumentFault> {
        match self.0.get(document) {
            Some(pdf) if pdf.sha256 != sha256 => Err(DocumentFault::Changed(document.to_owned())),
            _ => Ok(()),
        }
    }
}

impl InspectedPdf {
    fn of(path: &Path) -> io::Result<Self> {
        let file = Ranges::of(File::open(path)?)?;
        let mut hasher = Hash::Sha256.hasher();
        read_in_pieces(&file, 0..file.length, |piece| hasher.update(piece)).map_err(io::Error::other)?;
        let risks = match inspect(&file) {
            Ok(risks) => kinds(&risks),
            // whoever opens it may see anything
            Err(error) => {
                vec![Risk { name: "unreadable", sentence: format!("its structure cannot be read: {error}") }]
            }
        };
        Ok(Self { sha256: hasher.finish(), risks })
    }
}

/// The kinds of risks that a file has; no kind goes unsaid, since every member is named here.
fn kinds(risks: &DocumentRisks) -> Vec<Risk> {
    let DocumentRisks {
        java_script,
        xfa,
        optional_content,
        external_actions,
        external_content,
        embedded_files,
        media,
        automatic_actions,
        form_fields,
        viewer_made_appearances,
        trailing_bytes,
    } = *risks;
    [
        (java_script, "javaScript", "it has scripts, which can change what it shows"),
        (xfa, "xfa", "it has an XFA form, which some programs show in place of its pages"),
        (optional_content, "optionalContent", "it has layers that can be shown or hidden"),
        (
            external_actions,
            "externalActions",
            "it has links or actions that open other files or addresses, start programs or send the form",
        ),
        (external_content, "externalContent", "parts of it are in other files, which are not signed"),
        (embedded_files, "embeddedFiles", "it has other files inside, which are signed, too"),
        (media, "media", "it has sound, films or three-dimensional content, which programs show differently"),
        (
            automatic_actions,
            "automaticActions",
            "it does something by itself when it is opened, printed, closed or filled in",
        ),
        (form_fields, "formFields", "it has fields that can be filled in"),
        (
            viewer_made_appearances,
            "viewerMadeAppearances",
            "each program draws its fields by itself, so they may look different elsewhere",
        ),
        (trailing_bytes, "trailingBytes", "something stands behind its end, which its pages do not show"),
    ]
    .into_iter()
    .filter(|(is_there, ..)| *is_there)
    .map(|(_, name, sentence)| Risk { name, sentence: sentence.to_owned() })
    .collect()
}

/// A file by ranges: of a large one only what is needed comes into memory.
struct Ranges {
    file: File,
    length: u64,
}

impl Ranges {
    fn of(file: File) -> io::Result<Self> {
        Ok(Self { length: file.metadata()?.len(), file })
    }
}

impl Source for Ranges {
    fn length(&self) -> u64 {
        self.length
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        // a length that a file states is not allocated before it is known to be there
        let end = offset.checked_add(length as u64).ok_or(SourceError::End)?;
        if end > self.length {
            return Err(SourceError::End);
        }
        let mut bytes = vec![0; length];
        self.file
            .read_exact_at(&mut bytes, offset)
            .map_err(|error| SourceError::Unreadable(error.to_string()))?;
        Ok(bytes)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]
mod tests {
    use std::fs;

    use super::*;

    const ALL: DocumentRisks = DocumentRisks {
        java_script: true,
        xfa: true,
        optional_content: true,
        external_actions: true,
        external_content: true,
        embedded_files: true,
        media: true,
        automatic_actions: true,
        form_fields: true,
        viewer_made_appearances: true,
        trailing_bytes: true,
    };

    #[test]
    fn every_kind_has_a_sentence_of_its_own_and_its_name_in_json() {
        let all = kinds(&ALL);
        let json = serde_json::to_value(&ALL).unwrap();
        let mut names: Vec<&str> = all.iter().map(|risk| risk.name).collect();
        names.sort_unstable();
        assert_eq!(names, json.as_object().unwrap().keys().collect::<Vec<_>>());
        let sentences: std::collections::BTreeSet<&str> =
            all.iter().map(|risk| risk.sentence.as_str()).collect();
        assert_eq!(sentences.len(), all.len());
        assert!(kinds(&DocumentRisks::default()).is_empty());
    }

    #[test]
    fn a_pdf_that_changed_after_it_was_inspected_is_not_signed() {
        let folder = tempfile::tempdir().unwrap();
        let (pdf, text) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&pdf, "%PDF-1.7 and nothing more").unwrap();
        fs::write(&text, "text").unwrap();
        let inspected = InspectedPdfs::of([&pdf, &text].into_iter()).unwrap();
        assert_eq!(inspected.names(&pdf), ["unreadable"]);
        assert!(inspected.names(&text).is_empty());
        let of = |content: &[u8]| Hash::Sha256.digest(&[content]);
        assert!(inspected.confirm(&pdf, &of(b"%PDF-1.7 and nothing more")).is_ok());
        assert!(
            matches!(inspected.confirm(&pdf, &of(b"%PDF-1.7 else")), Err(DocumentFault::Changed(path)) if path == pdf)
        );
        assert!(inspected.confirm(&text, &of(b"anything")).is_ok());
    }
}
