//! ASiC: containers that are made here are opened and verified by others, those of others are read here, and nothing that was
//! changed passes.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

mod archive;
mod attacks;
mod corpus;
mod creation;
mod hostile;
mod levels;
mod scale;

use std::io::Cursor;

use bitaqa_signature::{
    FoundSignature,
    asic::{self, AsicError, Container, ContainerKind, File, FoundContainer, SignatureKind},
    found::Integrity,
};
use support::{Holder, cms::statement};

const FILES: [File<'static>; 3] = [
    File { name: "عقد.pdf", media_type: Some("application/pdf"), content: b"%PDF-1.7 contract" },
    File { name: "annex 1/table&.txt", media_type: Some("text/plain"), content: &[b'a'; 5_000] },
    File { name: "empty", media_type: None, content: b"" },
];

fn container(holder: &Holder, kind: ContainerKind) -> Vec<u8> {
    container_of(holder, kind, SignatureKind::Cades)
}

fn container_of(holder: &Holder, kind: ContainerKind, signature: SignatureKind) -> Vec<u8> {
    let files = if kind == ContainerKind::Simple { &FILES[..1] } else { &FILES[..] };
    let signer = holder.best();
    let prepared = asic::prepare(&signer, kind, signature, files, &statement()).unwrap();
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    prepared.finish(&signature).unwrap()
}

fn open(bytes: &[u8]) -> Result<Container<Cursor<&[u8]>>, AsicError> {
    Container::open(Cursor::new(bytes))
}

fn read(bytes: &[u8]) -> Result<FoundContainer, AsicError> {
    asic::read(&mut open(bytes)?)
}

/// Whether there are signatures and all of them are intact by all rules.
fn is_intact(found: &FoundContainer) -> bool {
    let is_intact = |signature: &FoundSignature| {
        signature.integrity == Integrity::Intact && signature.format_faults.is_empty()
    };
    !found.signatures.is_empty() && found.signatures.iter().all(is_intact)
}
