//! Finding and verifying the signatures and time stamps of a container (EN 319 162-1 clause 4; EN 319 102-1).

use std::{
    borrow::Cow,
    collections::BTreeSet,
    io::{Read, Seek},
};

use super::{
    AsicError, archive,
    container::{Container, ContainerKind, Part},
    covered::{self, Manifests},
    manifest::{ASIC, entry_name},
};
use crate::{
    Hash, cades,
    cms::SignedData,
    found::{Coverage, FoundSignature, FoundTimeStamp, Integrity, SignatureFormat},
    time_stamp::TimeStampToken,
    xades,
    xml::Document,
};

/// The list of files of OpenDocument: no document.
const OPEN_DOCUMENT_MANIFEST: &str = "META-INF/manifest.xml";

/// Root of signatures in OpenDocument, which containers of that origin have in place of `XAdESSignatures`.
const OPEN_DOCUMENT: &str = "urn:oasis:names:tc:opendocument:xmlns:digitalsignature:1.0";

/// Longest time-stamp token, in bytes, with what was added to validate it.
pub(super) const MAX_TOKEN: u64 = 8 * 1024 * 1024;

/// Most names of files that all signatures of a container have together: each signer of a message covers all files of its manifest,
/// so a small container can have ten thousand times ten thousand.
const MAX_COVERED: usize = 1_000_000;

/// What is in a container.
#[derive(Debug, Clone)]
pub struct FoundContainer {
    /// Its kind.
    pub kind: ContainerKind,
    /// Its files.
    pub files: Vec<String>,
    /// Those that no signature and no time stamp covers.
    pub uncovered: Vec<String>,
    /// All signatures. Their names begin with that of their file.
    pub signatures: Vec<FoundSignature>,
    /// Time stamps over files, without any signature.
    pub time_stamps: Vec<ContainerTimeStamp>,
    /// What a person should know of the container.
    pub remarks: Vec<String>,
}

/// A time stamp over files of a container.
#[derive(Debug, Clone)]
pub struct ContainerTimeStamp {
    /// Name of its file.
    pub name: String,
    /// The files that it covers.
    pub files: Vec<String>,
    /// The token, with the digest that it must cover where these files are what its manifest says.
    pub stamp: FoundTimeStamp,
    /// Rules that are broken: then it proves nothing.
    pub faults: Vec<String>,
}

/// Reads all signatures and time stamps.
///
/// # Errors
/// [`AsicError::NoSignature`]: there are none.
pub fn read<R: Read + Seek>(container: &mut Container<R>) -> Result<FoundContainer, AsicError> {
    let files: Vec<String> = container.files().map(|name| name.as_str().to_owned()).collect();
    let manifests = Manifests::read(container, Part::Manifest);
    let archives = Manifests::read(container, Part::ArchiveManifest);
    // each with the name of its file, which no name that a signature gives itself may stand for
    let mut signatures: Vec<(String, FoundSignature)> = Vec::new();
    let mut left = MAX_COVERED;
    for name in container.parts(Part::CmsSignature) {
        let found = cms_signatures(container, &manifests, &name, &files, &mut left);
        signatures.extend(found.into_iter().map(|signature| (name.clone(), signature)));
    }
    for name in container.parts(Part::XmlSignatures) {
        let found = xml_signatures(container, &name);
        signatures.extend(found.into_iter().map(|signature| (name.clone(), signature)));
    }
    let mut time_stamps = Vec::new();
    let mut room = archive::MAX_COPIED;
    let mut brought = Vec::new();
    for name in container.parts(Part::TimeStamp) {
        if archives.readable.iter().any(|(_, manifest)| manifest.signature.as_str() == name) {
            let to = (&mut signatures[..], &mut room);
            archive::time_stamp(container, &archives, &name, to, &mut time_stamps, &mut brought);
        } else {
            time_stamps.push(time_stamp(container, &manifests, &name, &files));
        }
    }
    for (index, revocation) in brought {
        if let Some((_, signature)) = signatures.get_mut(index) {
            signature.revocation.add(&revocation);
        }
    }
    if signatures.is_empty() && time_stamps.is_empty() {
        return Err(AsicError::NoSignature);
    }
    let mut remarks = container.remarks().to_vec();
    remarks.extend(manifests.faults);
    remarks.extend(archives.faults);
    if !container.parts(Part::EvidenceRecord).is_empty() {
        remarks.push("the container has an evidence record, which was not looked at".to_owned());
    }
    let mut signatures: Vec<FoundSignature> =
        signatures.into_iter().map(|(_, signature)| signature).collect();
    let mut uncovered = uncovered(&files, &signatures, &time_stamps);
    // nobody signs what is beside the signatures, and somebody may take it for a document
    let others = container.parts(Part::Other).into_iter();
    uncovered.extend(others.filter(|name| name != OPEN_DOCUMENT_MANIFEST));
    for signature in &mut signatures {
        signature.archive_time_stamps.sort_by_key(|stamp| stamp.claimed_time);
        complete(signature, container.kind(), &files);
    }
    Ok(FoundContainer { kind: container.kind(), files, uncovered, signatures, time_stamps, remarks })
}

/// The signatures of a file in CMS.
fn cms_signatures<R: Read + Seek>(
    container: &mut Container<R>,
    manifests: &Manifests,
    name: &str,
    files: &[String],
    left: &mut usize,
) -> Vec<FoundSignature> {
    let format = SignatureFormat::Cades;
    let message = match container.metadata(name) {
        Ok(message) => message,
        Err(fault) => return vec![unreadable(format, name, &fault.to_string())],
    };
    let manifest = match container.kind() {
        ContainerKind::Simple => None,
        ContainerKind::Extended => Some(manifests.of(name)),
    };
    let (content, manifest, fault) = match (manifest, files) {
        (None, [file]) => (Some(file.clone()), None, None),
        (Some(Ok((name, manifest))), _) => (Some(name.clone()), Some(manifest), None),
        (Some(Err(fault)), _) => (None, None, Some(fault)),
        (None, _) => (None, None, Some("the container has not one file".to_owned())),
    };
    let mut digest = |hash| container.digest(content.as_deref()?, hash);
    let mut found = match cades::read(&message, &mut digest) {
        Ok(found) if !found.is_empty() => found,
        Ok(_) => return vec![unreadable(format, name, "nobody signed")],
        Err(fault) => return vec![unreadable(format, name, &fault.to_string())],
    };
    let covered = manifest.map_or(0, |manifest| manifest.references.len()).saturating_mul(found.len());
    match left.checked_sub(covered) {
        Some(after) => *left = after,
        None => return vec![unreadable(format, name, "too many signers over too many files")],
    }
    // a copy of what it should be over does no harm; anything else would be signed in place of the container's file
    let own = SignedData::parse(&message).and_then(|message| Ok(message.content()?.map(Cow::into_owned)));
    let own = own.ok().flatten();
    let is_copy = own.as_ref().is_some_and(|own| {
        content.as_deref().and_then(|content| container.digest(content, Hash::Sha256))
            == Some(Hash::Sha256.digest(&[own]))
    });
    let of_files = manifest.map(|manifest| covered::integrity(container, manifest));
    for signature in &mut found {
        signature.name = format!("{name} {}", signature.name);
        // what it would be over nobody knows
        if let Some(fault) = &fault {
            signature.format_faults.push(fault.clone());
            signature.coverage = Coverage::Unknown;
        }
        if container.kind() == ContainerKind::Simple && name != "META-INF/signature.p7s" {
            signature
                .format_faults
                .push("the signature file has a name of the other kind of container".to_owned());
        }
        if let Some(manifest) = manifest {
            signature.coverage = Coverage::Parts(covered::names(manifest));
            for hash in covered::hashes(manifest) {
                if !signature.content_hashes.contains(&hash) {
                    signature.content_hashes.push(hash);
                }
            }
        }
        if is_copy {
            signature.remarks.push("the signature has a copy of what it is over".to_owned());
        }
        if own.is_some() && !is_copy {
            signature.format_faults.push("the signature has content of its own".to_owned());
            signature.coverage = Coverage::Unknown;
            signature.integrity = Integrity::ContentMissing;
        } else if let (Integrity::Intact, Some(of_files)) = (signature.integrity, of_files) {
            signature.integrity = of_files;
        }
    }
    found
}

/// The signatures of a file in XML.
fn xml_signatures<R: Read + Seek>(container: &mut Container<R>, name: &str) -> Vec<FoundSignature> {
    let format = SignatureFormat::Xades;
    let bytes = match container.metadata(name) {
        Ok(bytes) => bytes,
        Err(fault) => return vec![unreadable(format, name, &fault.to_string())],
    };
    let document = match Document::parse(&bytes) {
        Ok(document) => document,
        Err(fault) => return vec![unreadable(format, name, &fault.to_string())],
    };
    let is_root = document.root_element().is_some_and(|root| {
        document.is(root, ASIC, "XAdESSignatures") || document.is(root, OPEN_DOCUMENT, "document-signatures")
    });
    let mut found = match xades::read_document(&document, &container.contents()) {
        Ok(found) => found,
        Err(fault) => return vec![unreadable(format, name, &fault.to_string())],
    };
    for signature in &mut found {
        signature.name = format!("{name} {}", signature.name);
        if !is_root {
            signature.format_faults.push("the root of the file is not XAdESSignatures".to_owned());
        }
        let parts = match &signature.coverage {
            Coverage::Parts(parts) => {
                // what is in the file with the signature is no file of the container either
                parts.iter().filter(|uri| !uri.contains('#')).filter_map(|uri| entry_name(uri)).collect()
            }
            // all of the file with the signature is no file of the container
            Coverage::Whole | Coverage::Unknown => Vec::new(),
        };
        let names = parts.iter().map(|name| name.as_str().to_owned()).collect::<Vec<_>>();
        if names.is_empty() {
            signature.format_faults.push("the signature covers no file of the container".to_owned());
        }
        signature.coverage = Coverage::Parts(names);
    }
    found
}

/// A time stamp that is not over signatures.
fn time_stamp<R: Read + Seek>(
    container: &mut Container<R>,
    manifests: &Manifests,
    name: &str,
    files: &[String],
) -> ContainerTimeStamp {
    let mut faults = Vec::new();
    let (content, covered) = match (container.kind(), files) {
        (ContainerKind::Simple, [file]) if name == "META-INF/timestamp.tst" => {
            (Some(file.clone()), vec![file.clone()])
        }
        _ => match manifests.of(name) {
            Ok((content, manifest)) => {
                let integrity = covered::integrity(container, manifest);
                if integrity != Integrity::Intact {
                    faults.push("a file is not there, or not what the manifest says".to_owned());
                }
                let content = (integrity == Integrity::Intact).then(|| content.clone());
                (content, covered::names(manifest))
            }
            Err(fault) => {
                faults.push(fault);
                (None, Vec::new())
            }
        },
    };
    let stamp = stamp(container, name, content.as_deref(), &mut faults);
    ContainerTimeStamp { name: name.to_owned(), files: covered, stamp, faults }
}

/// A token with what it must cover: an entry.
pub(super) fn stamp<R: Read + Seek>(
    container: &mut Container<R>,
    name: &str,
    content: Option<&str>,
    faults: &mut Vec<String>,
) -> FoundTimeStamp {
    let token = container.zip.read_to_vec(name, MAX_TOKEN).unwrap_or_default();
    let parsed = TimeStampToken::parse(&token).ok();
    if parsed.is_none() {
        faults.push(format!("the time stamp {name} cannot be read"));
    }
    let hash = parsed.as_ref().and_then(TimeStampToken::hash);
    FoundTimeStamp {
        covered_digest: hash.zip(content).and_then(|(hash, content)| container.digest(content, hash)),
        certificates: Vec::new(),
        claimed_time: parsed.as_ref().map(TimeStampToken::gen_time),
        covered_material: Vec::new(),
        is_of_old_kind: false,
        token,
    }
}

/// A signature file that cannot be read is one whose signatures are worth nothing, not one that is not there.
fn unreadable(format: SignatureFormat, name: &str, fault: &str) -> FoundSignature {
    let mut found = FoundSignature::unread(format, name);
    found.format_faults.push(format!("the signature file cannot be read: {fault}"));
    found
}

fn uncovered(
    files: &[String],
    signatures: &[FoundSignature],
    time_stamps: &[ContainerTimeStamp],
) -> Vec<String> {
    let mut covered: BTreeSet<&String> = BTreeSet::new();
    for signature in signatures {
        match &signature.coverage {
            Coverage::Whole => covered.extend(files),
            Coverage::Parts(names) => covered.extend(names),
            Coverage::Unknown => {}
        }
    }
    // what is wrong proves nothing of the files that it names
    let sound = time_stamps.iter().filter(|stamp| {
        stamp.faults.is_empty()
            && TimeStampToken::parse(&stamp.stamp.token)
                .is_ok_and(|token| token.verify_signature(&stamp.stamp.certificates).is_ok())
    });
    covered.extend(sound.flat_map(|stamp| &stamp.files));
    files.iter().filter(|file| !covered.contains(file)).cloned().collect()
}

/// Says of a signature whether it covers all files, and if not, which it leaves out.
fn complete(signature: &mut FoundSignature, kind: ContainerKind, files: &[String]) {
    let Coverage::Parts(names) = &signature.coverage else { return };
    let covered: BTreeSet<&String> = names.iter().collect();
    if files.iter().all(|file| covered.contains(file)) {
        signature.coverage = Coverage::Whole;
    } else if kind == ContainerKind::Simple {
        signature.format_faults.push("the signature does not cover the container's file".to_owned());
    } else {
        signature.remarks.push("the container has files that this signature does not cover".to_owned());
    }
}
