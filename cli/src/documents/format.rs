//! The forms that a signature can have, and how each is prepared.

use std::path::{Path, PathBuf};

use bitaqa_signature::{
    FileKind, Signer, SignerStatement,
    cades::{self, Profile},
    jades, pades,
};
use clap::ValueEnum;

use super::{DocumentFault, detached::digest_of, read_document};
use crate::bounded_file::FileFault;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Inside of a PDF.
    Pades,
    /// A file of its own (.p7s) beside the document.
    Cades,
    /// A file (.p7m) with the document in it.
    CadesAttached,
    /// A JSON file with the document in it.
    Jades,
    /// A text of three parts with the document in it.
    JadesCompact,
    /// A JSON file beside the document.
    JadesDetached,
}

impl Format {
    /// The form that fits a document: inside of a PDF, else a file of its own beside it.
    pub(super) fn fitting(path: &Path) -> Result<Self, FileFault> {
        let head = crate::bounded_file::read_bounded(path, 1024)
            .map_err(|error| FileFault { path: path.to_owned(), error })?;
        Ok(if FileKind::of(&head) == Some(FileKind::Pdf) { Self::Pades } else { Self::Cades })
    }

    /// Its name on the command line and in JSON.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pades => "pades",
            Self::Cades => "cades",
            Self::CadesAttached => "cades-attached",
            Self::Jades => "jades",
            Self::JadesCompact => "jades-compact",
            Self::JadesDetached => "jades-detached",
        }
    }

    /// The name of the signed file, where the person names a folder.
    pub(super) fn file_name(self, document: &Path) -> String {
        let name = document.file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_else(|| "document".to_owned());
        match self {
            Self::Pades => match name.strip_suffix(".pdf") {
                Some(stem) => format!("{stem}.signed.pdf"),
                None => format!("{name}.signed.pdf"),
            },
            Self::Cades => format!("{name}.p7s"),
            Self::CadesAttached => format!("{name}.p7m"),
            Self::Jades | Self::JadesDetached => format!("{name}.json"),
            Self::JadesCompact => format!("{name}.jws"),
        }
    }

    /// Whether the document stays a file of its own.
    pub(super) const fn is_detached(self) -> bool {
        matches!(self, Self::Cades | Self::JadesDetached)
    }
}

/// What is put into PDF files alone.
#[derive(Debug, Clone, Default)]
pub(super) struct PdfWords {
    /// Why somebody signs.
    pub(super) reason: Option<String>,
    /// An empty field that is there.
    pub(super) field: Option<String>,
    /// The signer's name.
    pub(super) name: Option<String>,
}

/// A signature that lacks its value.
pub(super) enum Prepared {
    Cades(Box<cades::Prepared>),
    Jades(Box<jades::Prepared>),
    Pades { prepared: Box<pades::Prepared>, document: Vec<u8> },
}

/// Prepares the signature of a document.
pub(super) fn prepare(
    path: &Path,
    format: Format,
    signer: &Signer,
    statement: &SignerStatement,
    words: &PdfWords,
) -> Result<Prepared, DocumentFault> {
    let fault = |error: SigningFault| DocumentFault::Signing { path: path.to_owned(), error };
    let hash = signer.algorithm().hash();
    match format {
        Format::Cades => {
            let digest = digest_of(path, hash).map_err(|error| FileFault { path: path.to_owned(), error })?;
            let content = cades::Content::Digest { hash, digest };
            let prepared = cades::prepare(signer, content, Profile::Cades, statement);
            Ok(Prepared::Cades(Box::new(prepared.map_err(|error| fault(error.into()))?)))
        }
        Format::CadesAttached => {
            let document = read_document(path)?;
            let content = cades::Content::Attached(&document);
            let prepared = cades::prepare(signer, content, Profile::Cades, statement);
            Ok(Prepared::Cades(Box::new(prepared.map_err(|error| fault(error.into()))?)))
        }
        Format::Jades | Format::JadesCompact | Format::JadesDetached => {
            let document = read_document(path)?;
            let serialization = if format == Format::JadesCompact {
                jades::Serialization::Compact
            } else {
                jades::Serialization::Flattened
            };
            let options = jades::Options { serialization, ..jades::Options::default() };
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let object = [jades::DetachedObject::new(&name, hash, &document)];
            let content = if format == Format::JadesDetached {
                jades::Content::Detached(&object)
            } else {
                jades::Content::Attached(&document)
            };
            let prepared = jades::prepare(signer, content, options, statement);
            Ok(Prepared::Jades(Box::new(prepared.map_err(|error| fault(error.into()))?)))
        }
        Format::Pades => {
            let document = read_document(path)?;
            let settings = pades::SignatureSettings {
                reason: words.reason.clone(),
                name: words.name.clone(),
                field: words.field.clone().map_or(pades::FieldChoice::New, pades::FieldChoice::Existing),
                ..pades::SignatureSettings::default()
            };
            let source = &document;
            let made = pades::place(source, signer, statement, &settings).and_then(|placed| {
                let digest = placed.digest(source)?;
                placed.prepare(&digest)
            });
            let prepared = Box::new(made.map_err(|error| fault(error.into()))?);
            Ok(Prepared::Pades { prepared, document })
        }
    }
}

impl Prepared {
    /// The bytes that are signed.
    pub(super) fn to_be_signed(&self) -> &[u8] {
        match self {
            Self::Cades(prepared) => prepared.to_be_signed(),
            Self::Jades(prepared) => prepared.to_be_signed(),
            Self::Pades { prepared, .. } => prepared.to_be_signed(),
        }
    }

    /// The signed file.
    pub(super) fn finish(self, signature: &[u8]) -> Result<Vec<u8>, SigningFault> {
        match self {
            Self::Cades(prepared) => Ok(prepared.finish(signature)?),
            Self::Jades(prepared) => Ok(prepared.finish(signature)?),
            Self::Pades { prepared, mut document } => {
                let appended = prepared.finish(signature)?.appended()?;
                document.extend_from_slice(&appended);
                Ok(document)
            }
        }
    }
}

/// Why a document cannot be signed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SigningFault {
    #[error("{0}")]
    Cades(#[from] cades::CadesError),
    #[error("{0}")]
    Jades(#[from] jades::JadesError),
    #[error("{0}")]
    Pades(#[from] pades::PadesError),
}

/// Where the signed file of a document goes.
pub(super) fn output(out: &Path, is_folder: bool, format: Format, document: &Path) -> PathBuf {
    if is_folder { out.join(format.file_name(document)) } else { out.to_owned() }
}
