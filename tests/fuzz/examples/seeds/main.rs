//! Writes the seeds of the corpora, made from the software cards and the test
//! authorities of `crates/trust`: `cargo run --release -p bitaqa-fuzz --example seeds`.
//!
//! The cards draw new keys each time, so the seeds come out different each time; those that are checked in stay until somebody
//! wants others. Inputs that a fuzzer found have names that begin with `found-`, and are left alone.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a tool for developers ends where it cannot go on"
)]

mod answers;
mod countries;
mod documents;
mod files;
mod frames;
mod jose;
mod page_requests;
mod pictures;
mod revocation;
mod signatures;
#[path = "../../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;
mod to_be_signed;

use std::{collections::BTreeSet, fs, path::Path};

/// The longest seed. What is longer teaches a fuzzer nothing that its begin does not.
const LONGEST: usize = 3072;

/// A seed: its target, its name and its bytes.
pub(crate) type Seed = (&'static str, String, Vec<u8>);

fn main() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let seeds = [
        files::seeds(),
        documents::seeds(),
        answers::seeds(),
        jose::seeds(),
        pictures::seeds(),
        countries::seeds(),
        revocation::seeds(),
        signatures::seeds(),
        to_be_signed::seeds(),
        frames::seeds(),
        page_requests::seeds(),
    ]
    .concat();
    for target in bitaqa_fuzz::TARGETS {
        let folder = corpus.join(target.name);
        fs::create_dir_all(&folder).expect("a folder that can be written");
        for entry in fs::read_dir(&folder).expect("the folder of a target") {
            let path = entry.expect("an entry of it").path();
            let found = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("found-"));
            if !found {
                fs::remove_file(path).expect("an old seed");
            }
        }
        assert!(seeds.iter().any(|(name, ..)| *name == target.name), "{} has no seed", target.name);
    }
    let mut written = BTreeSet::new();
    for (target, name, bytes) in seeds {
        // cards share files
        if !written.insert((target, bytes.clone())) {
            continue;
        }
        let target = bitaqa_fuzz::target(target).expect("a target that exists");
        assert!(bytes.len() <= LONGEST, "{}/{name}: {} bytes", target.name, bytes.len());
        // a seed that makes a target panic is a fault that was found already
        (target.run)(&bytes);
        fs::write(corpus.join(target.name).join(name), bytes).expect("a seed");
    }
}
