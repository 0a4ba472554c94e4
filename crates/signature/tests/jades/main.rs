//! JAdES: what is made here is verified by others, what they make is read here, and nothing that was changed passes.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

mod creation;
mod hostile;
mod judges;
mod levels;
mod reading;

use bitaqa_signature::{
    Signer, SignerStatement,
    jades::{self, Content, Options, Prepared, Serialization},
};
use bitaqa_trust::DateTime;
use support::Holder;

const SERIALIZATIONS: [Serialization; 3] =
    [Serialization::Compact, Serialization::Flattened, Serialization::General];
const CONTENT: &[u8] = "{\"عقد\": \"contract\"}".as_bytes();

fn statement() -> SignerStatement {
    SignerStatement { signing_time: DateTime::new(2026, 11, 26, 12, 0, 0).ok(), ..SignerStatement::default() }
}

fn options(serialization: Serialization) -> Options {
    Options { serialization, ..Options::default() }
}

fn finished(prepared: Prepared, holder: &Holder, signer: &Signer) -> Vec<u8> {
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    prepared.finish(&signature).unwrap()
}

fn signed(holder: &Holder, content: Content<'_>, serialization: Serialization) -> Vec<u8> {
    let signer = holder.best();
    finished(jades::prepare(&signer, content, options(serialization), &statement()).unwrap(), holder, &signer)
}

fn pem(holder: &Holder) -> String {
    std::fs::read_to_string(&holder.certificate_file).unwrap()
}
