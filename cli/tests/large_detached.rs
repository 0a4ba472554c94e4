//! A document of 1 GiB that stays beside its signature is signed and validated in a quarter of that memory.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod on_terminal;

use std::{
    fs::{self, File},
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    process::{Command, Output},
    time::Instant,
};

use bitaqa_testbed::{CardSpec, KeyKind, Testbed};
use on_terminal::typing_after;
use serde_json::Value;

/// The PIN of the software cards' key for documents.
const PIN: &str = "12345";

/// Bytes of the document: as many as the program would read of a signed file.
const LENGTH: u64 = 1 << 30;
/// All the address space that a run gets, in KiB: program, libraries and stacks with everything that is read.
const SPACE: u64 = 256 * 1024;

/// A file that is long and takes no room, with something at its end.
fn large(path: &Path) -> String {
    let mut file = File::create(path).unwrap();
    file.set_len(LENGTH).unwrap();
    file.seek(SeekFrom::End(-4)).unwrap();
    file.write_all(b"last").unwrap();
    path.to_str().unwrap().to_owned()
}

/// A shell that limits what it becomes.
fn limited(program: &str, arguments: &[&str]) -> Output {
    let script = format!("ulimit -v {SPACE}; exec \"$0\" \"$@\"");
    Command::new("sh").args(["-c", &script, program]).args(arguments).output().unwrap()
}

fn verified(arguments: &[&str]) -> (Value, Option<i32>) {
    let arguments = [&["verify", "--json", "--offline", "--revocation", "soft"], arguments].concat();
    let output = limited(env!("CARGO_BIN_EXE_bitaqa"), &arguments);
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (report, output.status.code())
}

#[test]
fn a_document_of_a_gibibyte_is_signed_and_validated_piece_by_piece() {
    let bed = Testbed::with_readers(&["Desk"]).unwrap();
    bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let document = large(&folder.path().join("large.bin"));
    let trust = bed.pki_dir().to_str().unwrap().to_owned();
    let limit = format!("ulimit -v {SPACE}; ");
    let mut signatures = Vec::new();
    for format in ["cades", "xades-detached", "jades-detached"] {
        let out = folder.path().join(format).to_str().unwrap().to_owned();
        let arguments = ["sign", "--format", format, "--out", &out, &document];
        let begun = Instant::now();
        let run = typing_after(&limit, &bed, &arguments, &[("PIN", PIN)]);
        assert_eq!(run.code, Some(0), "{format}: {run:?}");
        let signed = begun.elapsed();
        let begun = Instant::now();
        let (report, code) = verified(&["--trust", &trust, "--detached", &document, &out]);
        assert_eq!((code, &report["indication"]), (Some(0), &"TOTAL-PASSED".into()), "{format}: {report:#}");
        println!("{format}: signed in {signed:.1?}, validated in {:.1?}", begun.elapsed());
        signatures.push(out);
    }

    // somebody else has the same digest of it
    let authorities = ["root.pem", "issuing.pem"].map(|name| fs::read(Path::new(&trust).join(name)).unwrap());
    let anchors = folder.path().join("authorities.pem");
    fs::write(&anchors, authorities.concat()).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args([
        "cms",
        "-verify",
        "-cades",
        "-binary",
        "-purpose",
        "any",
        "-inform",
        "DER",
        "-out",
        "/dev/null",
    ]);
    let openssl =
        openssl.args(["-in", &signatures[0], "-content", &document, "-CAfile"]).arg(&anchors).output();
    assert!(openssl.as_ref().is_ok_and(|output| output.status.success()), "{openssl:?}");

    // the last byte counts
    let mut file = File::options().write(true).open(&document).unwrap();
    file.seek(SeekFrom::End(-1)).unwrap();
    file.write_all(b"u").unwrap();
    for out in &signatures {
        let (report, code) = verified(&["--trust", &trust, "--detached", &document, out]);
        assert_eq!((code, &report["subIndication"]), (Some(1), &"HASH_FAILURE".into()), "{out}: {report:#}");
    }

    // and the limit is one: what is read as a whole does not fit
    let output = limited(env!("CARGO_BIN_EXE_bitaqa"), &["verify", "--offline", &document]);
    assert!(!matches!(output.status.code(), Some(0 | 1 | 3)), "{output:?}");
}
