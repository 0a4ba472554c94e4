//! Making containers and adding signatures to them, in two steps (EN 319 162-1 clauses 4.3 and 4.4).

use std::io::{Read, Seek, Write};

use super::{
    AsicError, Container, ContainerKind,
    container::{META_INF, MIMETYPE},
    manifest::{ASIC, DataObjectReference, Manifest, PKCS7_SIGNATURE, encode_uri},
    zip::{Compression, EntryName, ZipWriter},
};
use crate::{
    Signer,
    cades::{self, Content, Profile},
    statement::SignerStatement,
    xades::{self, Packaging},
    xml::escape,
};

/// How signatures are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureKind {
    /// In CMS (EN 319 162-1 clauses 4.3.3.2 and 4.4.4).
    Cades,
    /// In XML (EN 319 162-1 clauses 4.3.3.3 and 4.4.3).
    Xades,
}

/// A file that will be in the container and signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct File<'a> {
    /// Its name: a relative path.
    pub name: &'a str,
    /// Its media type.
    pub media_type: Option<&'a str>,
    /// Its bytes.
    pub content: &'a [u8],
}

/// A container that lacks its signature.
#[derive(Debug, Clone)]
pub struct Prepared<'a> {
    kind: ContainerKind,
    files: Vec<(EntryName, &'a [u8])>,
    signature: Signature,
}

/// A signature that a container lacks.
#[derive(Debug, Clone)]
pub struct PreparedBeside {
    signature: Signature,
}

#[derive(Debug, Clone)]
struct Signature {
    manifest: Option<(EntryName, Vec<u8>)>,
    name: EntryName,
    made: Making,
}

#[derive(Debug, Clone)]
enum Making {
    Cades(Box<cades::Prepared>),
    Xades(Box<xades::Prepared>),
}

/// The list of files that OpenDocument and older programs look for (EN 319 162-1 clause 4.4.3.2).
const MANIFEST: &str = "META-INF/manifest.xml";
const UNKNOWN_MEDIA_TYPE: &str = "application/octet-stream";

/// Prepares a container with a signature over all its files.
///
/// # Errors
/// [`AsicError`]: a name that is not accepted or there twice; for [`ContainerKind::Simple`] not exactly one file, or one in a
/// folder; or the signature cannot be prepared.
pub fn prepare<'a>(
    signer: &Signer,
    kind: ContainerKind,
    signature: SignatureKind,
    files: &[File<'a>],
    statement: &SignerStatement,
) -> Result<Prepared<'a>, AsicError> {
    let mut named = Vec::with_capacity(files.len());
    let mut folded = std::collections::BTreeSet::from([MIMETYPE.to_owned()]);
    for file in files {
        let name = EntryName::parse(file.name)?;
        let lower = name.folded();
        if name.is_folder() || lower.starts_with("meta-inf") || !folded.insert(lower) {
            return Err(AsicError::Names);
        }
        named.push((name, file.content));
    }
    let hash = signer.algorithm().hash();
    match (kind, named.as_slice()) {
        (ContainerKind::Simple, [(only, _)]) if !only.as_str().contains('/') => {}
        (ContainerKind::Simple, _) => return Err(AsicError::NotOneFile),
        (ContainerKind::Extended, []) => return Err(AsicError::Names),
        (ContainerKind::Extended, _) => {}
    }
    let references = named.iter().zip(files).map(|((name, content), file)| DataObjectReference {
        name: name.clone(),
        media_type: file.media_type.map(str::to_owned),
        hash: Some(hash),
        digest: hash.digest(&[content]),
        is_root: false,
    });
    let references: Vec<_> = references.collect();
    let signature = match (kind, signature, references.as_slice()) {
        (_, SignatureKind::Xades, _) => {
            let number = (kind == ContainerKind::Extended).then_some(1);
            let mut made = Signature::in_xml(signer, number, &references, statement)?;
            if kind == ContainerKind::Extended {
                made.manifest = Some((EntryName::parse(MANIFEST)?, open_document_manifest(&references)));
            }
            made
        }
        (ContainerKind::Simple, SignatureKind::Cades, [only]) => {
            let mut said = statement.clone();
            said.media_type = said.media_type.or_else(|| only.media_type.clone());
            let name = EntryName::parse("META-INF/signature.p7s")?;
            let content = Content::Digest { hash, digest: only.digest.clone() };
            let made = Making::Cades(Box::new(cades::prepare(signer, content, Profile::Cades, &said)?));
            Signature { manifest: None, name, made }
        }
        (_, SignatureKind::Cades, _) => Signature::over(signer, 1, references, statement)?,
    };
    Ok(Prepared { kind, files: named, signature })
}

/// Prepares one more signature over all files of a container of the extended kind. The media types of the files are taken from
/// the manifests that are there.
///
/// # Errors
/// [`AsicError`]: the container is of the simple kind or has no file, or the signature cannot be prepared.
pub fn prepare_beside<R: Read + Seek>(
    container: &mut Container<R>,
    signer: &Signer,
    signature: SignatureKind,
    statement: &SignerStatement,
) -> Result<PreparedBeside, AsicError> {
    let hash = signer.algorithm().hash();
    let names: Vec<EntryName> = container.files().cloned().collect();
    if container.kind() == ContainerKind::Simple || names.is_empty() {
        return Err(AsicError::NotOneFile);
    }
    let media_types = container.media_types();
    let mut references = Vec::with_capacity(names.len());
    for name in names {
        let digest = container.digest(name.as_str(), hash).ok_or(super::zip::ZipFault::Content)?;
        let media_type = media_types.get(&name).cloned();
        references.push(DataObjectReference { name, media_type, hash: Some(hash), digest, is_root: false });
    }
    let number = container.free_number(&["ASiCManifest", "signature", "signatures"]);
    let signature = match signature {
        SignatureKind::Cades => Signature::over(signer, number, references, statement)?,
        SignatureKind::Xades => Signature::in_xml(signer, Some(number), &references, statement)?,
    };
    Ok(PreparedBeside { signature })
}

impl Signature {
    fn over(
        signer: &Signer,
        number: usize,
        references: Vec<DataObjectReference>,
        statement: &SignerStatement,
    ) -> Result<Self, AsicError> {
        let name = EntryName::parse(&format!("{META_INF}signature{number:03}.p7s"))?;
        let signature_media_type = Some(PKCS7_SIGNATURE.to_owned());
        let manifest = Manifest { signature: name.clone(), signature_media_type, references };
        let xml = manifest.to_xml().into_bytes();
        let hash = signer.algorithm().hash();
        let digest = hash.digest(&[&xml]);
        let said = SignerStatement { media_type: None, ..statement.clone() };
        let content = Content::Digest { hash, digest };
        let made = Making::Cades(Box::new(cades::prepare(signer, content, Profile::Cades, &said)?));
        let manifest_name = EntryName::parse(&format!("{META_INF}ASiCManifest{number:03}.xml"))?;
        Ok(Self { manifest: Some((manifest_name, xml)), name, made })
    }

    /// A file of its own with one signature in XML, which names the files itself.
    fn in_xml(
        signer: &Signer,
        number: Option<usize>,
        references: &[DataObjectReference],
        statement: &SignerStatement,
    ) -> Result<Self, AsicError> {
        let number = number.map_or_else(String::new, |number| format!("{number:03}"));
        let name = EntryName::parse(&format!("{META_INF}signatures{number}.xml"))?;
        let uris: Vec<String> =
            references.iter().map(|reference| encode_uri(reference.name.as_str())).collect();
        let files = uris.iter().zip(references).map(|(uri, reference)| xades::File {
            uri,
            digest: &reference.digest,
            media_type: reference.media_type.as_deref().unwrap_or(UNKNOWN_MEDIA_TYPE),
        });
        let files: Vec<_> = files.collect();
        let root = format!("<asic:XAdESSignatures xmlns:asic=\"{ASIC}\"></asic:XAdESSignatures>");
        let packaging = Packaging::Detached { files: &files, container: Some(root.as_bytes()) };
        let said = SignerStatement { media_type: None, ..statement.clone() };
        let made = Making::Xades(Box::new(xades::prepare(signer, packaging, &said)?));
        Ok(Self { manifest: None, name, made })
    }

    fn to_be_signed(&self) -> &[u8] {
        match &self.made {
            Making::Cades(prepared) => prepared.to_be_signed(),
            Making::Xades(prepared) => prepared.to_be_signed(),
        }
    }

    fn digest(&self) -> Vec<u8> {
        match &self.made {
            Making::Cades(prepared) => prepared.digest(),
            Making::Xades(prepared) => prepared.digest(),
        }
    }

    fn finish(self, signature: &[u8]) -> Result<Vec<(EntryName, Vec<u8>)>, AsicError> {
        let mut parts = Vec::from_iter(self.manifest);
        let file = match self.made {
            Making::Cades(prepared) => prepared.finish(signature)?,
            Making::Xades(prepared) => prepared.finish(signature)?,
        };
        parts.push((self.name, file));
        Ok(parts)
    }
}

/// `META-INF/manifest.xml` (OpenDocument 1.2 part 3).
fn open_document_manifest(references: &[DataObjectReference]) -> Vec<u8> {
    const NAMESPACE: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";
    let entry = |path: &str, media_type: &str| {
        format!(
            "<manifest:file-entry manifest:full-path=\"{}\" manifest:media-type=\"{}\"/>",
            escape::attribute(path),
            escape::attribute(media_type)
        )
    };
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <manifest:manifest xmlns:manifest=\"{NAMESPACE}\" manifest:version=\"1.2\">{}",
        entry("/", ContainerKind::Extended.media_type())
    );
    for reference in references {
        let media_type = reference.media_type.as_deref().unwrap_or(UNKNOWN_MEDIA_TYPE);
        xml.push_str(&entry(reference.name.as_str(), media_type));
    }
    xml.push_str("</manifest:manifest>");
    xml.into_bytes()
}

impl Prepared<'_> {
    /// The bytes to be signed.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.signature.to_be_signed()
    }

    /// Their digest, with the hash of the signer's algorithm.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.signature.digest()
    }

    /// The container.
    ///
    /// # Errors
    /// [`AsicError`]: the signer's key did not make the signature over [`digest`](Self::digest), or the files are too large.
    pub fn finish(self, signature: &[u8]) -> Result<Vec<u8>, AsicError> {
        self.finish_into(signature, Vec::new())
    }

    /// Writes the container.
    ///
    /// # Errors
    /// As [`finish`](Self::finish), and if it cannot be written.
    pub fn finish_into<W: Write>(self, signature: &[u8], sink: W) -> Result<W, AsicError> {
        let parts = self.signature.finish(signature)?;
        let mut zip = ZipWriter::new(sink);
        zip.add(&EntryName::parse(MIMETYPE)?, self.kind.media_type().as_bytes(), Compression::Stored)?;
        for (name, content) in self.files {
            zip.add(&name, content, Compression::Deflated)?;
        }
        for (name, content) in parts {
            zip.add(&name, &content, Compression::Deflated)?;
        }
        Ok(zip.finish(&[])?)
    }
}

impl PreparedBeside {
    /// The bytes to be signed.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.signature.to_be_signed()
    }

    /// Their digest, with the hash of the signer's algorithm.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.signature.digest()
    }

    /// The container with the signature, all else as it was.
    ///
    /// # Errors
    /// [`AsicError`]: the signer's key did not make the signature over [`digest`](Self::digest), or the container cannot be read.
    pub fn finish<R: Read + Seek>(
        self,
        container: &mut Container<R>,
        signature: &[u8],
    ) -> Result<Vec<u8>, AsicError> {
        container.with_parts(&self.signature.finish(signature)?, &[])
    }
}
