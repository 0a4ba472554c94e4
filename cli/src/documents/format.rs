//! The forms that a signature can have, and how each is prepared.

use std::path::{Path, PathBuf};

use bitaqa_signature::{
    FileKind, Hash, Signer, SignerStatement, asic,
    augmentation::Need,
    cades::{self, Profile},
    jades, pades, xades,
};
use clap::ValueEnum;

use super::{
    DocumentFault,
    detached::{digests_of, shown_digest},
    network::Network,
    read_document,
};
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
    /// A container of all documents, with a signature of CMS over them.
    AsicE,
    /// A container of all documents, with a signature of XML over them.
    AsicEXades,
    /// A container of one document, with a signature of CMS over it.
    AsicS,
    /// A container of one document, with a signature of XML over it.
    AsicSXades,
    /// Inside of an XML document.
    Xades,
    /// An XML file with the document in it.
    XadesEnveloping,
    /// An XML file beside the document.
    XadesDetached,
    /// A JSON file with the document in it, and one signature.
    Jades,
    /// A JSON file with the document in it, and a list of signatures.
    JadesGeneral,
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
            Self::AsicE => "asic-e",
            Self::AsicEXades => "asic-e-xades",
            Self::AsicS => "asic-s",
            Self::AsicSXades => "asic-s-xades",
            Self::Xades => "xades",
            Self::XadesEnveloping => "xades-enveloping",
            Self::XadesDetached => "xades-detached",
            Self::Jades => "jades",
            Self::JadesGeneral => "jades-general",
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
            Self::AsicE | Self::AsicEXades => format!("{name}.asice"),
            Self::AsicS | Self::AsicSXades => format!("{name}.asics"),
            Self::Xades => match name.strip_suffix(".xml") {
                Some(stem) => format!("{stem}.signed.xml"),
                None => format!("{name}.signed.xml"),
            },
            Self::XadesEnveloping | Self::XadesDetached => format!("{name}.xades.xml"),
            Self::Jades | Self::JadesGeneral | Self::JadesDetached => format!("{name}.json"),
            Self::JadesCompact => format!("{name}.jws"),
        }
    }

    /// Whether all documents become one file.
    pub(super) const fn is_container_of_all(self) -> bool {
        matches!(self, Self::AsicE | Self::AsicEXades)
    }

    /// Whether the document stays a file of its own.
    pub(super) const fn is_detached(self) -> bool {
        matches!(self, Self::Cades | Self::JadesDetached | Self::XadesDetached)
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
    Xades(Box<xades::Prepared>),
    /// With what goes into the container.
    Asic(Box<Container>),
    Pades {
        prepared: Box<pades::Prepared>,
        document: Vec<u8>,
    },
}

/// Documents on their way into a container. What is prepared borrows them, so they are prepared again, in the same way, when the
/// signature is there.
pub(super) struct Container {
    files: Vec<(String, Vec<u8>)>,
    format: Format,
    signer: Signer,
    statement: SignerStatement,
    to_be_signed: Vec<u8>,
}

impl Container {
    fn new(
        paths: &[PathBuf],
        format: Format,
        signer: &Signer,
        statement: &SignerStatement,
    ) -> Result<Self, DocumentFault> {
        let mut files = Vec::new();
        for path in paths {
            files.push((file_name(path), read_document(path)?));
        }
        let mut container = Self {
            files,
            format,
            signer: signer.clone(),
            statement: statement.clone(),
            to_be_signed: Vec::new(),
        };
        let path = paths.first().cloned().unwrap_or_default();
        let prepared =
            container.prepared().map_err(|error| DocumentFault::Signing { path, error: error.into() })?;
        container.to_be_signed = prepared.to_be_signed().to_vec();
        Ok(container)
    }

    fn prepared(&self) -> Result<asic::Prepared<'_>, asic::AsicError> {
        let files: Vec<asic::File<'_>> =
            self.files.iter().map(|(name, content)| asic::File { name, media_type: None, content }).collect();
        let (kind, signature) = match self.format {
            Format::AsicS => (asic::ContainerKind::Simple, asic::SignatureKind::Cades),
            Format::AsicSXades => (asic::ContainerKind::Simple, asic::SignatureKind::Xades),
            Format::AsicEXades => (asic::ContainerKind::Extended, asic::SignatureKind::Xades),
            _ => (asic::ContainerKind::Extended, asic::SignatureKind::Cades),
        };
        asic::prepare(&self.signer, kind, signature, &files, &self.statement)
    }
}

/// Prepares the signature of a document, or of all documents of a container. With it comes the SHA-256 of each document, taken of
/// the very bytes that are signed.
pub(super) fn prepare(
    paths: &[PathBuf],
    format: Format,
    signer: &Signer,
    statement: &SignerStatement,
    words: &PdfWords,
) -> Result<(Prepared, Vec<Vec<u8>>), DocumentFault> {
    let Some(path) = paths.first() else { return Err(DocumentFault::NoDocument) };
    let fault = |error: SigningFault| DocumentFault::Signing { path: path.to_owned(), error };
    let hash = signer.algorithm().hash();
    match format {
        Format::AsicE | Format::AsicEXades | Format::AsicS | Format::AsicSXades => {
            let container = Container::new(paths, format, signer, statement)?;
            let digests = container.files.iter().map(|(_, content)| sha256(content)).collect();
            Ok((Prepared::Asic(Box::new(container)), digests))
        }
        Format::Cades => {
            let (digest, shown) = digests_of(path, hash)?;
            let content = cades::Content::Digest { hash, digest };
            let prepared = cades::prepare(signer, content, Profile::Cades, statement);
            let prepared = Box::new(prepared.map_err(|error| fault(error.into()))?);
            Ok((Prepared::Cades(prepared), vec![shown]))
        }
        Format::CadesAttached => {
            let document = read_document(path)?;
            let content = cades::Content::Attached(&document);
            let prepared = cades::prepare(signer, content, Profile::Cades, statement);
            let prepared = Box::new(prepared.map_err(|error| fault(error.into()))?);
            Ok((Prepared::Cades(prepared), vec![sha256(&document)]))
        }
        // what stays beside its signature is never in memory as a whole
        Format::JadesDetached => {
            let mut digest = jades::detached::DetachedDigest::new(hash);
            let shown = shown_digest(path, &mut |piece| digest.update(piece))?;
            let object = [jades::DetachedObject::with_digest(&escaped(&file_name(path)), digest)];
            let options = jades::Options {
                serialization: jades::Serialization::Flattened,
                ..jades::Options::default()
            };
            let prepared = jades::prepare(signer, jades::Content::Detached(&object), options, statement);
            let prepared = Box::new(prepared.map_err(|error| fault(error.into()))?);
            Ok((Prepared::Jades(prepared), vec![shown]))
        }
        Format::XadesDetached => {
            let (digest, shown) = digests_of(path, hash)?;
            let uri = escaped(&file_name(path));
            let file = [xades::File { uri: &uri, digest: &digest, media_type: "application/octet-stream" }];
            let packaging = xades::Packaging::Detached { files: &file, container: None };
            let prepared = xades::prepare(signer, packaging, statement);
            let prepared = Box::new(prepared.map_err(|error| fault(error.into()))?);
            Ok((Prepared::Xades(prepared), vec![shown]))
        }
        Format::Jades | Format::JadesGeneral | Format::JadesCompact => {
            let document = read_document(path)?;
            let serialization = match format {
                Format::JadesCompact => jades::Serialization::Compact,
                Format::JadesGeneral => jades::Serialization::General,
                _ => jades::Serialization::Flattened,
            };
            let options = jades::Options { serialization, ..jades::Options::default() };
            let content = jades::Content::Attached(&document);
            let prepared = jades::prepare(signer, content, options, statement);
            let prepared = Box::new(prepared.map_err(|error| fault(error.into()))?);
            Ok((Prepared::Jades(prepared), vec![sha256(&document)]))
        }
        Format::Xades | Format::XadesEnveloping => {
            let document = read_document(path)?;
            let object = [xades::Object {
                content: xades::ObjectContent::Octets(&document),
                media_type: "application/octet-stream",
            }];
            let packaging = if format == Format::Xades {
                xades::Packaging::Enveloped { document: &document, others: xades::OtherSignatures::LeftOut }
            } else {
                xades::Packaging::Enveloping { objects: &object }
            };
            let prepared = xades::prepare(signer, packaging, statement);
            let prepared = Box::new(prepared.map_err(|error| fault(error.into()))?);
            Ok((Prepared::Xades(prepared), vec![sha256(&document)]))
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
            let shown = vec![sha256(&document)];
            Ok((Prepared::Pades { prepared, document }, shown))
        }
    }
}

impl Prepared {
    /// The bytes that are signed.
    pub(super) fn to_be_signed(&self) -> &[u8] {
        match self {
            Self::Cades(prepared) => prepared.to_be_signed(),
            Self::Jades(prepared) => prepared.to_be_signed(),
            Self::Xades(prepared) => prepared.to_be_signed(),
            Self::Asic(container) => &container.to_be_signed,
            Self::Pades { prepared, .. } => prepared.to_be_signed(),
        }
    }

    /// The signed file. A PDF has room for a time stamp inside of the signature, if there is somebody who gives one.
    pub(super) fn finish(self, signature: &[u8], stamps: Option<&Network>) -> Result<Vec<u8>, SigningFault> {
        match self {
            Self::Cades(prepared) => Ok(prepared.finish(signature)?),
            Self::Jades(prepared) => Ok(prepared.finish(signature)?),
            Self::Xades(prepared) => Ok(prepared.finish(signature)?),
            Self::Asic(container) => Ok(container.prepared()?.finish(signature)?),
            Self::Pades { prepared, mut document } => {
                let mut signed = prepared.finish(signature)?;
                if let Some(network) = stamps {
                    let digest = signed.time_stamp_digest(Hash::Sha256)?;
                    // where nobody gives one now, a document time stamp can be added later
                    if let Some(token) = network.fetch(&Need::TimeStamp { hash: Hash::Sha256, digest }) {
                        signed = signed.with_time_stamp(&token)?;
                    }
                }
                let appended = signed.appended()?;
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
    Asic(#[from] asic::AsicError),
    #[error("{0}")]
    Xades(#[from] xades::XadesError),
    #[error("{0}")]
    Pades(#[from] pades::PadesError),
}

fn sha256(content: &[u8]) -> Vec<u8> {
    Hash::Sha256.digest(&[content])
}

/// What a document is called in or beside its signature.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// A name as a relative URI reference (RFC 3986 section 2.1).
fn escaped(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

/// Where the signed file of a document goes.
pub(super) fn output(out: &Path, is_folder: bool, format: Format, document: &Path) -> PathBuf {
    if is_folder { out.join(format.file_name(document)) } else { out.to_owned() }
}
