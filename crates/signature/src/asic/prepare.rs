//! Making containers and adding signatures to them, in two steps (EN 319 162-1 clauses 4.3 and 4.4).

use std::io::{Read, Seek, Write};

use super::{
    AsicError, Container, ContainerKind,
    container::{META_INF, MIMETYPE},
    manifest::{DataObjectReference, Manifest, PKCS7_SIGNATURE},
    zip::{Compression, EntryName, ZipWriter},
};
use crate::{
    Signer,
    cades::{self, Content, Profile},
    statement::SignerStatement,
};

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
    cades: cades::Prepared,
}

/// Prepares a container with a signature (CAdES) over all its files.
///
/// # Errors
/// [`AsicError`]: a name that is not accepted or there twice; for [`ContainerKind::Simple`] not exactly one file, or one in a
/// folder; or the signature cannot be prepared.
pub fn prepare<'a>(
    signer: &Signer,
    kind: ContainerKind,
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
    let signature = match (kind, files) {
        (ContainerKind::Simple, [file]) if !file.name.contains('/') => {
            let mut said = statement.clone();
            said.media_type = said.media_type.or_else(|| file.media_type.map(str::to_owned));
            let name = EntryName::parse("META-INF/signature.p7s")?;
            let digest = hash.digest(&[file.content]);
            let content = Content::Digest { hash, digest };
            Signature { manifest: None, name, cades: cades::prepare(signer, content, Profile::Cades, &said)? }
        }
        (ContainerKind::Simple, _) => return Err(AsicError::NotOneFile),
        (ContainerKind::Extended, []) => return Err(AsicError::Names),
        (ContainerKind::Extended, _) => {
            let references = named.iter().zip(files).map(|((name, content), file)| DataObjectReference {
                name: name.clone(),
                media_type: file.media_type.map(str::to_owned),
                hash: Some(hash),
                digest: hash.digest(&[content]),
                is_root: false,
            });
            Signature::over(signer, 1, references.collect(), statement)?
        }
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
    let number = container.free_number(&["ASiCManifest", "signature"]);
    Ok(PreparedBeside { signature: Signature::over(signer, number, references, statement)? })
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
        let cades = cades::prepare(signer, Content::Digest { hash, digest }, Profile::Cades, &said)?;
        let manifest_name = EntryName::parse(&format!("{META_INF}ASiCManifest{number:03}.xml"))?;
        Ok(Self { manifest: Some((manifest_name, xml)), name, cades })
    }

    fn finish(self, signature: &[u8]) -> Result<Vec<(EntryName, Vec<u8>)>, AsicError> {
        let mut parts = Vec::from_iter(self.manifest);
        parts.push((self.name, self.cades.finish(signature)?));
        Ok(parts)
    }
}

impl Prepared<'_> {
    /// The bytes to be signed.
    #[must_use]
    pub fn to_be_signed(&self) -> &[u8] {
        self.signature.cades.to_be_signed()
    }

    /// Their digest, with the hash of the signer's algorithm.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.signature.cades.digest()
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
        self.signature.cades.to_be_signed()
    }

    /// Their digest, with the hash of the signer's algorithm.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        self.signature.cades.digest()
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
