//! Which files of a container a manifest covers, and whether they are what it says.

use std::io::{Read, Seek};

use super::{
    container::{Container, Part},
    manifest::Manifest,
};
use crate::{Hash, found::Integrity};

/// Most files that all manifests of a container name together.
const MAX_REFERENCES: usize = 100_000;

/// The manifests of a container.
#[derive(Debug, Default)]
pub(super) struct Manifests {
    /// Each with the name of its file.
    pub(super) readable: Vec<(String, Manifest)>,
    /// What is wrong with the others.
    pub(super) faults: Vec<String>,
}

impl Manifests {
    /// Reads the manifests of a kind.
    pub(super) fn read<R: Read + Seek>(container: &mut Container<R>, part: Part) -> Self {
        let mut found = Self::default();
        // each file of an archive manifest may be a signature, which gets a copy of the time stamp
        let mut left = if part == Part::ArchiveManifest { 5_000 } else { MAX_REFERENCES };
        for name in container.parts(part) {
            let read = container.metadata(&name).map_err(|fault| fault.to_string());
            match read.and_then(|bytes| Manifest::parse(&bytes).map_err(|fault| fault.to_string())) {
                Ok(manifest) if manifest.references.len() > left => {
                    found.faults.push(format!("the manifest {name} and those before it name too many files"));
                }
                Ok(manifest) => {
                    left -= manifest.references.len();
                    found.readable.push((name, manifest));
                }
                Err(fault) => found.faults.push(format!("the manifest {name} cannot be read: {fault}")),
            }
        }
        found
    }

    /// The one manifest that belongs to a signature or time stamp; of none or several it would be anyone's choice.
    pub(super) fn of(&self, signature: &str) -> Result<&(String, Manifest), String> {
        let mut found = self.readable.iter().filter(|(_, manifest)| manifest.signature.as_str() == signature);
        match (found.next(), found.next()) {
            (Some(manifest), None) => Ok(manifest),
            (None, _) => Err("no manifest belongs to the signature or time stamp".to_owned()),
            (Some(_), Some(_)) => {
                Err("more than one manifest belongs to the signature or time stamp".to_owned())
            }
        }
    }
}

/// Whether the files of a manifest are what it says.
pub(super) fn integrity<R: Read + Seek>(container: &mut Container<R>, manifest: &Manifest) -> Integrity {
    let mut integrity = Integrity::Intact;
    for reference in &manifest.references {
        let name = reference.name.as_str();
        let outcome = match reference.hash.map(|hash| container.digest(name, hash)) {
            None => Integrity::NotVerified,
            Some(None) => Integrity::ContentMissing,
            Some(Some(digest)) if digest == reference.digest => continue,
            // nothing that is found later makes this better
            Some(Some(_)) => return Integrity::ContentChanged,
        };
        if integrity != Integrity::NotVerified {
            integrity = outcome;
        }
    }
    integrity
}

/// The hashes of a manifest.
pub(super) fn hashes(manifest: &Manifest) -> Vec<Hash> {
    let mut hashes = Vec::new();
    for hash in manifest.references.iter().filter_map(|reference| reference.hash) {
        if !hashes.contains(&hash) {
            hashes.push(hash);
        }
    }
    hashes
}

/// The names of a manifest.
pub(super) fn names(manifest: &Manifest) -> Vec<String> {
    manifest.references.iter().map(|reference| reference.name.as_str().to_owned()).collect()
}
