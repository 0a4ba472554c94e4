//! Archive manifests: time stamps over signatures, their files and all that belongs to them (EN 319 162-1 annex A.7).

use std::{
    collections::BTreeSet,
    io::{Read, Seek},
};

use bitaqa_trust::Certificate;
use sha2::{Digest as _, Sha256};

use super::{
    container::Container,
    covered::{self, Manifests},
    read::{ContainerTimeStamp, stamp},
};
use crate::{
    found::{EmbeddedRevocation, FoundSignature, Integrity},
    time_stamp::TimeStampToken,
};

/// Most bytes of the copies that signatures get of archive time stamps, of digests of what these cover, and of what they bring.
pub(super) const MAX_COPIED: usize = 128 * 1024 * 1024;

/// Gives a time stamp over an archive manifest to each signature that the manifest covers. Where it covers none, it is one over
/// files only. What it brings about revocation is told apart, by the number of the signature: it is in no file that older ones cover.
pub(super) fn time_stamp<R: Read + Seek>(
    container: &mut Container<R>,
    archives: &Manifests,
    name: &str,
    (signatures, room): (&mut [(String, FoundSignature)], &mut usize),
    time_stamps: &mut Vec<ContainerTimeStamp>,
    brought: &mut Vec<(usize, EmbeddedRevocation)>,
) {
    let mut faults = Vec::new();
    let manifest = match archives.of(name) {
        Ok(manifest) => Some(manifest),
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let names = manifest.map_or_else(Vec::new, |(_, manifest)| covered::names(manifest));
    // all of it must be what was stamped: what is not is not proven to have been there
    let intact =
        manifest.filter(|(_, manifest)| covered::integrity(container, manifest) == Integrity::Intact);
    if manifest.is_some() && intact.is_none() {
        faults.push("a file is not there, or not what the archive manifest says".to_owned());
    }
    let content = intact.map(|(name, _)| name.as_str());
    let mut found = stamp(container, name, content, &mut faults);
    let mut older = Vec::new();
    for covered in &names {
        if covered.ends_with(".tst")
            && let Ok(token) = container.metadata(covered)
        {
            older.push(Sha256::digest(&token).into());
            // and what validates it, which is nowhere else
            if let Ok(token) = TimeStampToken::parse(&token) {
                older.extend(token.certificates().iter().map(Certificate::sha256));
                let revocation = token.revocation().lists.iter().chain(&token.revocation().answers);
                older.extend(revocation.map(|der| <[u8; 32]>::from(Sha256::digest(der))));
            }
        }
    }
    let is_named: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let revocation = TimeStampToken::parse(&found.token).map(|token| token.revocation().clone());
    let revocation = revocation.ok().filter(|revocation| *revocation != EmbeddedRevocation::default());
    let pieces =
        revocation.as_ref().map_or(0, |revocation| revocation.lists.len() + revocation.answers.len());
    let mut belongs = false;
    for (index, (file, signature)) in signatures.iter_mut().enumerate() {
        if !is_named.contains(file.as_str()) {
            continue;
        }
        belongs = true;
        if !faults.is_empty() {
            signature
                .remarks
                .push(format!("the archive time stamp {name} proves nothing: {}", faults.join("; ")));
        }
        let copied = found.token.len() + 32 * (certificates_and_evidence(signature) + older.len() + pieces);
        match room.checked_sub(copied) {
            Some(after) => *room = after,
            None => {
                let remark = format!("the archive time stamp {name} was not looked at: there are too many");
                signature.remarks.push(remark);
                continue;
            }
        }
        let mut stamp = found.clone();
        stamp.covered_material = if intact.is_some() { material(signature) } else { Vec::new() };
        if intact.is_some() {
            stamp.covered_material.extend(&older);
        }
        signature.archive_time_stamps.push(stamp);
        brought.extend(revocation.clone().map(|revocation| (index, revocation)));
    }
    if !belongs {
        found.covered_material = if intact.is_some() { older } else { Vec::new() };
        time_stamps.push(ContainerTimeStamp { name: name.to_owned(), files: names, stamp: found, faults });
    }
}

/// How many digests [`material`] has at least.
const fn certificates_and_evidence(signature: &FoundSignature) -> usize {
    let revocation = &signature.revocation;
    signature.certificates.len() + revocation.lists.len() + revocation.answers.len()
}

/// All that is in the file of a signature. Archive time stamps are files of their own, and are covered only where the manifest
/// names them.
fn material(signature: &FoundSignature) -> Vec<[u8; 32]> {
    let certificates = signature.certificates.iter().map(Certificate::sha256);
    let revocation = signature.revocation.lists.iter().chain(&signature.revocation.answers);
    let stamps = [&signature.content_time_stamps, &signature.signature_time_stamps];
    let tokens = stamps.into_iter().flatten().map(|stamp| Sha256::digest(&stamp.token).into());
    certificates.chain(revocation.map(|der| Sha256::digest(der).into())).chain(tokens).collect()
}
