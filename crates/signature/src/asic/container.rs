//! A container, its kind and the parts it has (EN 319 162-1 clause 4).

use std::{
    borrow::Cow,
    cell::RefCell,
    collections::HashMap,
    io::{Read, Seek},
};

use super::{
    AsicError,
    manifest::entry_name,
    zip::{EntryName, Limits, ZipFault, ZipReader},
};
use crate::{Hash, xades};

/// The kinds of container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ContainerKind {
    /// ASiC-S: one file with its signatures or its time stamp.
    Simple,
    /// ASiC-E: any number of files, each signature over any of them.
    Extended,
}

impl ContainerKind {
    /// Its media type, which is also the content of `mimetype`.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Simple => "application/vnd.etsi.asic-s+zip",
            Self::Extended => "application/vnd.etsi.asic-e+zip",
        }
    }
}

/// Name of the entry with the media type.
pub(super) const MIMETYPE: &str = "mimetype";
/// The folder of signatures.
pub(super) const META_INF: &str = "META-INF/";
/// Most bytes of a signature, manifest or time stamp.
pub(super) const MAX_METADATA: u64 = 64 * 1024 * 1024;

/// What a file of `META-INF` is, by its name (EN 319 162-1 clauses 4.3.3 and 4.4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// `signature*.p7s`.
    CmsSignature,
    /// `signatures*.xml`.
    XmlSignatures,
    /// `timestamp*.tst`.
    TimeStamp,
    /// `ASiCManifest*.xml`.
    Manifest,
    /// `ASiCArchiveManifest*.xml`.
    ArchiveManifest,
    /// An evidence record (RFC 4998, RFC 6283).
    EvidenceRecord,
    /// `manifest.xml` and others that say nothing about signatures.
    Other,
}

impl Part {
    pub(super) fn of(name: &EntryName) -> Option<Self> {
        let file = name.as_str().strip_prefix(META_INF)?;
        let is = |within: &str, ending: &str| file.contains(within) && file.ends_with(ending);
        Some(if is("ASiCArchiveManifest", ".xml") {
            Self::ArchiveManifest
        } else if is("ASiCManifest", ".xml") {
            Self::Manifest
        } else if is("ASiCEvidenceRecordManifest", ".xml")
            || is("evidencerecord", ".ers")
            || is("evidencerecord", ".xml")
        {
            Self::EvidenceRecord
        } else if is("signature", ".p7s") {
            Self::CmsSignature
        } else if is("signatures", ".xml") {
            Self::XmlSignatures
        } else if file.ends_with(".tst") {
            Self::TimeStamp
        } else {
            Self::Other
        })
    }
}

/// A container that was opened.
#[derive(Debug)]
pub struct Container<R> {
    pub(super) zip: ZipReader<R>,
    kind: ContainerKind,
    remarks: Vec<String>,
    /// Digests of entries, so that each is unpacked once for each hash.
    digests: HashMap<(String, Hash), Option<Vec<u8>>>,
}

impl<R: Read + Seek> Container<R> {
    /// Opens a container: reads the archive's directory and `mimetype`, no more.
    ///
    /// # Errors
    /// [`AsicError`]: the archive is refused, says that it is something else, or is not of the kind that it says.
    pub fn open(source: R) -> Result<Self, AsicError> {
        Self::open_within(source, Limits::default())
    }

    /// The same with other limits.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_within(source: R, limits: Limits) -> Result<Self, AsicError> {
        let mut zip = ZipReader::open(source, limits)?;
        let mut remarks = Vec::new();
        let stated = stated_kind(&mut zip, &mut remarks)?;
        for entry in zip.entries() {
            let name = entry.name().as_str();
            if name.to_lowercase().starts_with("meta-inf/") && !name.starts_with(META_INF) {
                return Err(AsicError::Folder);
            }
        }
        let files = || zip.entries().iter().map(super::zip::Entry::name).filter(|name| is_file(name));
        let has_manifest = zip.entries().iter().any(|entry| Part::of(entry.name()) == Some(Part::Manifest));
        let kind = stated.unwrap_or_else(|| {
            remarks.push("the container does not say which kind it is".to_owned());
            let is_simple = files().count() == 1 && !has_manifest;
            if is_simple { ContainerKind::Simple } else { ContainerKind::Extended }
        });
        if kind == ContainerKind::Simple {
            let mut files = files();
            let (Some(only), None) = (files.next(), files.next()) else { return Err(AsicError::NotOneFile) };
            if only.as_str().contains('/') {
                return Err(AsicError::NotOneFile);
            }
        }
        Ok(Self { zip, kind, remarks, digests: HashMap::new() })
    }

    /// Its kind: what it says, else what it looks like.
    #[must_use]
    pub const fn kind(&self) -> ContainerKind {
        self.kind
    }

    /// What a person should know of the container itself.
    #[must_use]
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The names of the files that are or should be signed: all but those of `META-INF`, and `mimetype`.
    pub fn files(&self) -> impl Iterator<Item = &EntryName> {
        self.zip.entries().iter().map(super::zip::Entry::name).filter(|name| is_file(name))
    }

    /// Bytes of a file, unpacked; none if there is no such file.
    #[must_use]
    pub fn length(&self, name: &str) -> Option<u64> {
        self.zip.entry(name).map(super::zip::Entry::length)
    }

    /// Unpacks a file into the sink, piece by piece. What the sink got counts only if this succeeds.
    ///
    /// # Errors
    /// [`ZipFault`]: there is no such file, or it cannot be unpacked.
    pub fn read(&mut self, name: &str, sink: &mut dyn FnMut(&[u8])) -> Result<(), ZipFault> {
        self.zip.read(name, sink)
    }

    /// The files, for references in XML.
    pub const fn contents(&mut self) -> Contents<'_, R> {
        Contents(RefCell::new(self))
    }

    /// Names of the parts of a kind, in the order of the names.
    pub(super) fn parts(&self, wanted: Part) -> Vec<String> {
        let entries = self.zip.entries().iter().map(super::zip::Entry::name);
        let found = entries.filter(|name| Part::of(name) == Some(wanted));
        let mut names: Vec<String> = found.map(|name| name.as_str().to_owned()).collect();
        names.sort();
        names
    }

    /// Bytes of a signature, manifest or time stamp.
    pub(super) fn metadata(&mut self, name: &str) -> Result<Vec<u8>, ZipFault> {
        self.zip.read_to_vec(name, MAX_METADATA)
    }

    /// Digest of an entry; none if it is not there or cannot be unpacked.
    pub(super) fn digest(&mut self, name: &str, hash: Hash) -> Option<Vec<u8>> {
        let key = (name.to_owned(), hash);
        if let Some(known) = self.digests.get(&key) {
            return known.clone();
        }
        let mut digester = hash.hasher();
        let read = self.zip.read(name, &mut |piece| digester.update(piece));
        let digest = read.is_ok().then(|| digester.finish());
        self.digests.insert(key, digest.clone());
        digest
    }
}

/// The files of a container, as references in XML name them.
#[derive(Debug)]
pub struct Contents<'c, R>(RefCell<&'c mut Container<R>>);

/// Largest file whose bytes are brought into memory at once, for archive time stamps and XML.
const MAX_OCTETS: u64 = 64 * 1024 * 1024;

impl<R: Read + Seek> xades::DetachedContent for Contents<'_, R> {
    fn digest(&self, uri: &str, hash: Hash) -> Option<Vec<u8>> {
        self.0.borrow_mut().digest(entry_name(uri)?.as_str(), hash)
    }

    fn octets(&self, uri: &str) -> Option<Cow<'_, [u8]>> {
        let name = entry_name(uri)?;
        let read = self.0.borrow_mut().zip.read_to_vec(name.as_str(), MAX_OCTETS);
        read.ok().map(Cow::Owned)
    }
}

/// Whether an entry is content: neither `mimetype` nor in `META-INF` nor a folder.
fn is_file(name: &EntryName) -> bool {
    !name.is_folder() && name.as_str() != MIMETYPE && !name.as_str().starts_with(META_INF)
}

/// The kind that `mimetype` or the archive's comment state (EN 319 162-1 annex A.1). Some programs write the media type of the
/// file that is signed into the comment, which then says nothing of the container.
fn stated_kind<R: Read + Seek>(
    zip: &mut ZipReader<R>,
    remarks: &mut Vec<String>,
) -> Result<Option<ContainerKind>, AsicError> {
    let kind = |text: &[u8]| {
        [ContainerKind::Simple, ContainerKind::Extended]
            .into_iter()
            .find(|kind| kind.media_type().as_bytes() == text)
    };
    let comment = zip.comment().strip_prefix(b"mimetype=").and_then(kind);
    let Some(entry) = zip.entry(MIMETYPE) else { return Ok(comment) };
    let is_first = zip.entries().first().is_some_and(|first| first.name() == entry.name());
    if !is_first || !entry.is_stored() || entry.has_extra_field() {
        remarks.push(
            "mimetype is not where programs look for it: first, stored, without extra fields".to_owned(),
        );
    }
    let content = zip.read_to_vec(MIMETYPE, 128)?;
    // some programs end the line
    let stated = kind(content.trim_ascii_end()).ok_or(AsicError::MediaType)?;
    match comment {
        Some(other) if other != stated => Err(AsicError::MediaType),
        _ => Ok(Some(stated)),
    }
}
