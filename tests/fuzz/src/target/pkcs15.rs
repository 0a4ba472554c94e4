//! Directory files of ISO/IEC 7816-15; the first byte says which.

use bitaqa_card::pkcs15::{
    authentication_object, certificate, ef_dir, object_directory, object_walk, private_key, token_info,
};

use super::{choice, written};

/// A file: its name, and what reads it.
type File = (&'static str, fn(&[u8]));

/// The files, in the order of their numbers.
pub const FILES: &[File] = &[
    ("odf", |content| written(&object_directory::parse(content))),
    ("prkdf", |content| written(&private_key::parse(content))),
    ("cdf", |content| written(&certificate::parse(content))),
    ("aodf", |content| written(&authentication_object::parse(content))),
    ("token-info", token_info),
    ("dir", |content| written(&ef_dir::parse(content))),
    ("first-key", |content| written(&object_walk::first_key(content))),
    ("first-certificate", |content| written(&object_walk::first_certificate(content))),
];

pub(crate) fn run(input: &[u8]) {
    let (number, content) = choice(input);
    if let Some((_, read)) = FILES.get(usize::from(number)) {
        read(content);
    }
}

fn token_info(content: &[u8]) {
    if let Ok(info) = token_info::parse(content) {
        written(&info);
        for algorithm in &info.algorithms {
            written(&algorithm.method());
        }
    }
}
