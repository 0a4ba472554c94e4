//! Raising the signatures of a container to higher levels, and keeping them (EN 319 162-1 clause 5 and annex A.7).
//!
//! A signature file is taken out ([`signature`](Container::signature)), raised by [`cades`] or
//! [`xades`], and put back ([`with_signature`](Container::with_signature)). A time stamp over all of the container is made with an archive manifest.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read, Seek},
};

use super::{
    AsicError, Container, ContainerKind,
    container::{META_INF, Part},
    covered::{self, Manifests},
    manifest::{DataObjectReference, Manifest, TIME_STAMP_TOKEN},
    read::MAX_TOKEN,
    zip::{Compression, EntryName, ZipFault, ZipWriter},
};
use crate::{Hash, cades, found::Integrity, time_stamp::TimeStampToken, xades};

/// The archive manifest that was made last has this name; those before it have numbers.
const ARCHIVE_MANIFEST: &str = "META-INF/ASiCArchiveManifest.xml";

/// An archive manifest that lacks its time stamp.
#[derive(Debug, Clone)]
pub struct PreparedArchive {
    xml: Vec<u8>,
    token: EntryName,
    /// The archive manifest that was the last, by its new name.
    renamed: Option<(EntryName, Vec<u8>)>,
}

impl<R: Read + Seek> Container<R> {
    /// The signature files: those in CMS, then those in XML.
    #[must_use]
    pub fn signature_files(&self) -> Vec<String> {
        [self.parts(Part::CmsSignature), self.parts(Part::XmlSignatures)].concat()
    }

    /// A signature file's bytes.
    ///
    /// # Errors
    /// [`AsicError`]: there is no such file, or it cannot be unpacked.
    pub fn signature(&mut self, name: &str) -> Result<Vec<u8>, AsicError> {
        Ok(self.metadata(name)?)
    }

    /// Digest of what a signature file in CMS is over: the container's file, or a manifest.
    #[must_use]
    pub fn signed_digest(&mut self, name: &str, hash: Hash) -> Option<Vec<u8>> {
        let content = match self.kind() {
            ContainerKind::Simple => self.files().next()?.as_str().to_owned(),
            ContainerKind::Extended => Manifests::read(self, Part::Manifest).of(name).ok()?.0.clone(),
        };
        self.digest(&content, hash)
    }

    /// Whether an archive manifest names a signature file, so that it has to stay as it is.
    #[must_use]
    pub fn has_archived_signatures(&mut self) -> bool {
        let files: BTreeSet<String> = self.signature_files().into_iter().collect();
        let manifests = Manifests::read(self, Part::ArchiveManifest).readable;
        let mut names = manifests.iter().flat_map(|(_, manifest)| &manifest.references);
        names.any(|reference| files.contains(reference.name.as_str()))
    }

    /// Whether a manifest names a file, so that it has to stay as it is.
    fn is_covered(&mut self, name: &str) -> bool {
        [Part::Manifest, Part::ArchiveManifest].into_iter().any(|part| {
            Manifests::read(self, part).readable.iter().any(|(_, manifest)| {
                manifest.references.iter().any(|reference| reference.name.as_str() == name)
            })
        })
    }

    /// The container with certificates and revocation data in the time stamp that was made last over an archive manifest: what
    /// that covers has to stay as it is, and it is covered by nothing yet (EN 319 162-1 annex A.7).
    ///
    /// # Errors
    /// [`AsicError`]: there is no such time stamp, or it becomes longer than what is read.
    pub fn with_validation_data(&mut self, data: &cades::ValidationData) -> Result<Vec<u8>, AsicError> {
        let archives = Manifests::read(self, Part::ArchiveManifest).readable;
        let newest = archives.into_iter().find(|(name, _)| name == ARCHIVE_MANIFEST);
        let token = newest.ok_or(AsicError::Covered)?.1.signature;
        if self.is_covered(token.as_str()) {
            return Err(AsicError::Covered);
        }
        let extended = cades::with_validation_data(&self.metadata(token.as_str())?, data)?;
        if extended.len() as u64 > MAX_TOKEN {
            return Err(AsicError::Archive(ZipFault::TooLarge));
        }
        self.with_parts(&[(token, extended)], &[])
    }

    /// The container with a signature file in place of the one that it has.
    ///
    /// # Errors
    /// [`AsicError`]: there is no such file, a time stamp of the container covers it, or one of its signatures is not intact.
    pub fn with_signature(&mut self, name: &str, message: &[u8]) -> Result<Vec<u8>, AsicError> {
        let entry = self.zip.entry(name).ok_or(ZipFault::NoSuchEntry)?.name().clone();
        if self.is_covered(name) {
            return Err(AsicError::Covered);
        }
        let found = match Part::of(&entry) {
            Some(Part::CmsSignature) => cades::read(message, &mut |hash| self.signed_digest(name, hash))?,
            Some(Part::XmlSignatures) => xades::read(message, &self.contents())?,
            _ => return Err(ZipFault::NoSuchEntry.into()),
        };
        if found.iter().any(|signature| signature.integrity != Integrity::Intact) {
            return Err(AsicError::OtherContent);
        }
        self.with_parts(&[(entry, message.to_vec())], &[])
    }

    /// Prepares a time stamp over all files, signatures, manifests and time stamps of the container.
    ///
    /// # Errors
    /// [`AsicError`]: an entry cannot be unpacked, or an archive manifest that is there is not intact any more.
    pub fn prepare_archive(&mut self, hash: Hash) -> Result<PreparedArchive, AsicError> {
        for (_, manifest) in Manifests::read(self, Part::ArchiveManifest).readable {
            if covered::integrity(self, &manifest) != Integrity::Intact {
                return Err(AsicError::OtherContent);
            }
        }
        let renamed = match self.zip.entry(ARCHIVE_MANIFEST) {
            None => None,
            Some(_) => {
                let number = self.free_number(&["ASiCArchiveManifest"]);
                let name = EntryName::parse(&format!("{META_INF}ASiCArchiveManifest{number:03}.xml"))?;
                Some((name, self.metadata(ARCHIVE_MANIFEST)?))
            }
        };
        let media_types = self.media_types();
        let entries = self.zip.entries().iter().map(|entry| entry.name().clone());
        let names: Vec<EntryName> = entries
            .filter(|name| !name.is_folder() && (self.is_content(name) || belongs_to_signatures(name)))
            .collect();
        let mut references = Vec::with_capacity(names.len());
        for name in names {
            let digest = self.digest(name.as_str(), hash).ok_or(ZipFault::Content)?;
            let is_root = name.as_str() == ARCHIVE_MANIFEST;
            let media_type = media_types.get(&name).cloned();
            let name = match &renamed {
                Some((renamed, _)) if is_root => renamed.clone(),
                _ => name,
            };
            references.push(DataObjectReference { name, media_type, hash: Some(hash), digest, is_root });
        }
        let number = self.free_number(&["timestamp"]);
        let token = EntryName::parse(&format!("{META_INF}timestamp{number:03}.tst"))?;
        let signature_media_type = Some(TIME_STAMP_TOKEN.to_owned());
        let manifest = Manifest { signature: token.clone(), signature_media_type, references };
        Ok(PreparedArchive { xml: manifest.to_xml().into_bytes(), token, renamed })
    }

    /// The media types that manifests state.
    pub(super) fn media_types(&mut self) -> BTreeMap<EntryName, String> {
        let manifests = Manifests::read(self, Part::Manifest);
        let references = manifests.readable.into_iter().flat_map(|(_, manifest)| manifest.references);
        references.filter_map(|reference| Some((reference.name, reference.media_type?))).collect()
    }

    /// The first number from 1 that no file of `META-INF` has whose name begins with one of these.
    pub(super) fn free_number(&self, beginnings: &[&str]) -> usize {
        let taken = |number: usize| {
            self.zip.entries().iter().any(|entry| {
                let file = entry.name().as_str().strip_prefix(META_INF).unwrap_or_default();
                beginnings.iter().any(|beginning| {
                    let rest = file.strip_prefix(beginning).unwrap_or_default();
                    rest.split('.').next().and_then(|digits| digits.parse().ok()) == Some(number)
                })
            })
        };
        (1..).find(|number| !taken(*number)).unwrap_or(usize::MAX)
    }

    /// The container with parts added or put in place of those of the same name, and others left out. Everything else is copied
    /// byte for byte.
    pub(super) fn with_parts(
        &mut self,
        parts: &[(EntryName, Vec<u8>)],
        left_out: &[&str],
    ) -> Result<Vec<u8>, AsicError> {
        let mut zip = ZipWriter::new(Vec::new());
        let names: Vec<String> =
            self.zip.entries().iter().map(|entry| entry.name().as_str().to_owned()).collect();
        for name in names {
            let is_replaced = parts.iter().any(|(part, _)| part.as_str() == name);
            if !is_replaced && !left_out.contains(&name.as_str()) {
                zip.copy(&mut self.zip, &name)?;
            }
        }
        for (name, content) in parts {
            zip.add(name, content, Compression::Deflated)?;
        }
        let comment = self.zip.comment().to_vec();
        Ok(zip.finish(&comment)?)
    }

    fn is_content(&self, name: &EntryName) -> bool {
        self.files().any(|file| file == name)
    }
}

impl PreparedArchive {
    /// What the time stamp must cover: the manifest.
    #[must_use]
    pub fn digest(&self, hash: Hash) -> Vec<u8> {
        hash.digest(&[&self.xml])
    }

    /// The container with manifest and time stamp.
    ///
    /// # Errors
    /// [`AsicError`]: the token covers something else, or the container cannot be read.
    pub fn finish<R: Read + Seek>(
        self,
        container: &mut Container<R>,
        token: &[u8],
    ) -> Result<Vec<u8>, AsicError> {
        let parsed = TimeStampToken::parse(token)?;
        let hash = parsed.hash().ok_or(AsicError::OtherContent)?;
        if parsed.imprint() != self.digest(hash) {
            return Err(AsicError::OtherContent);
        }
        let mut parts = Vec::from_iter(self.renamed);
        parts.push((EntryName::parse(ARCHIVE_MANIFEST)?, self.xml));
        parts.push((self.token, token.to_vec()));
        container.with_parts(&parts, &[])
    }
}

fn belongs_to_signatures(name: &EntryName) -> bool {
    matches!(
        Part::of(name),
        Some(
            Part::CmsSignature
                | Part::XmlSignatures
                | Part::TimeStamp
                | Part::Manifest
                | Part::ArchiveManifest
                | Part::EvidenceRecord
        )
    )
}
