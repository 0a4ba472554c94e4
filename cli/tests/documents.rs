//! `bitaqa sign`, `extend` and `verify` as a person meets them: with a software card behind a real pcscd, a terminal for the PIN, and
//! openssl, pdfsig and qpdf as judges of what comes out.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod empty_pdf;
mod on_terminal;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use bitaqa_testbed::{CardSpec, KeyKind, Testbed, Variant};
use empty_pdf::pdf;
use on_terminal::{Run, typing};
use serde_json::Value;
use tempfile::TempDir;

/// The PIN of the software cards' key for documents.
const PIN: &str = "12345";

struct Desk {
    bed: Testbed,
    folder: TempDir,
}

impl Desk {
    fn with(card: &CardSpec) -> Self {
        let bed = Testbed::with_readers(&["Desk"]).unwrap();
        bed.insert(0, card).unwrap();
        Self { bed, folder: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        fs::write(self.path(name), content).unwrap();
        self.text(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Roots and intermediates of the software cards.
    fn trust(&self) -> String {
        self.bed.pki_dir().to_str().unwrap().to_owned()
    }

    #[track_caller]
    fn signs(&self, arguments: &[&str]) -> Run {
        let run = typing(&self.bed, &[&["sign"], arguments].concat(), &[("PIN", PIN)]);
        assert_eq!(run.code, Some(0), "{run:?}");
        run
    }
}

fn bitaqa(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bitaqa")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// The report of a verification without network, as JSON, and its exit code.
#[track_caller]
fn verified(arguments: &[&str]) -> (Value, Option<i32>) {
    let output = bitaqa(&[&["verify", "--json", "--offline"], arguments].concat());
    let report = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    (report, output.status.code())
}

#[track_caller]
fn asked(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("this test needs {program}: {error}"));
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {text}");
    text
}

#[test]
fn a_pdf_is_signed_with_the_card_and_others_accept_it() {
    for kind in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let desk = Desk::with(&CardSpec::pkcs15(kind));
        let document = desk.file("contract.pdf", &pdf());
        let out = desk.text("contract.signed.pdf");
        let run = desk.signs(&["--reason", "I agree", "--out", &out, &document]);
        assert!(run.out.contains("pades B-B"), "{run:?}");
        let before = fs::read(&document).unwrap();
        let after = fs::read(&out).unwrap();
        assert!(after.starts_with(&before), "what was there is there still, byte for byte");
        assert!(asked("qpdf", &["--check", &out]).contains("No syntax or stream encoding errors"));
        let judged = asked("pdfsig", &["-nocert", &out]);
        assert!(judged.contains("Signature is Valid"), "{judged}");

        let (report, code) = verified(&["--trust", &desk.trust(), "--revocation", "soft", &out]);
        assert_eq!((code, &report["indication"]), (Some(0), &"TOTAL-PASSED".into()), "{report:#}");
        let signature = &report["signatures"][0];
        assert_eq!((&signature["format"], &signature["level"]), (&"PAdES".into(), &"B-B".into()));
        assert_eq!(signature["cryptographicallyIntact"], true);
        assert!(signature["signer"]["name"].as_str().is_some_and(|name| !name.is_empty()), "{report:#}");
        assert!(signature["signingTime"].is_string());

        // nobody knows whether the certificate was revoked, and nobody is trusted
        let (report, code) = verified(&["--trust", &desk.trust(), &out]);
        assert_eq!((code, &report["subIndication"]), (Some(3), &"TRY_LATER".into()), "{report:#}");
        let (report, code) = verified(&[&out]);
        assert_eq!(code, Some(3));
        assert_eq!(report["subIndication"], "NO_CERTIFICATE_CHAIN_FOUND", "{report:#}");

        // a changed byte of what was signed
        let mut changed = after;
        changed[20] ^= 1;
        let changed = desk.file("changed.pdf", &changed);
        let output =
            bitaqa(&["verify", "--offline", "--trust", &desk.trust(), "--revocation", "soft", &changed]);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{output:?}");
    }
}

#[test]
fn any_file_gets_a_signature_beside_it_that_openssl_accepts() {
    let desk = Desk::with(&CardSpec::pkcs15(KeyKind::P256));
    let document = desk.file("letter.txt", "السلام عليكم\n".as_bytes());
    let out = desk.text("letter.txt.p7s");
    let run = desk.signs(&[
        "--role",
        "Director",
        "--place",
        "Rabat",
        "--commitment",
        "approval",
        "--out",
        &out,
        &document,
    ]);
    assert!(run.out.contains("cades B-B"), "{run:?}");
    assert!(run.terminal.contains("PIN"), "{run:?}");
    assert!(run.err.contains("Signing as"), "{run:?}");
    let authorities = ["root.pem", "issuing.pem"]
        .map(|name| fs::read(Path::new(&desk.trust()).join(name)).unwrap())
        .concat();
    let authorities = desk.file("authorities.pem", &authorities);
    let text = asked(
        "openssl",
        &[
            "cms",
            "-verify",
            "-cades",
            "-inform",
            "DER",
            "-in",
            &out,
            "-content",
            &document,
            "-binary",
            "-CAfile",
            &authorities,
            "-purpose",
            "any",
        ],
    );
    assert!(text.contains("السلام"), "{text}");

    let trust = desk.trust();
    let common = ["--trust", &trust, "--revocation", "soft"];
    let (report, code) = verified(&[&common[..], &["--detached", &document, &out]].concat());
    assert_eq!(code, Some(0), "{report:#}");
    let (report, code) = verified(&[&common[..], &[&out[..]]].concat());
    assert_eq!((code, &report["subIndication"]), (Some(3), &"SIGNED_DATA_NOT_FOUND".into()), "{report:#}");
    let other = desk.file("other.txt", b"something else");
    let (report, code) = verified(&[&common[..], &["--detached", &other, &out]].concat());
    assert_eq!((code, &report["subIndication"]), (Some(1), &"HASH_FAILURE".into()), "{report:#}");
    assert_eq!(report["signatures"][0]["cryptographicallyIntact"], false);

    let output = bitaqa(&["verify", "--offline", &other]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let output = bitaqa(&["verify", "--offline", &desk.text("nowhere")]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn several_documents_are_signed_with_an_entry_each_where_the_card_wants_that() {
    let desk = Desk::with(&CardSpec::pkcs15(KeyKind::P256));
    let first = desk.file("first.txt", b"one");
    let second = desk.file("second.pdf", &pdf());
    let out = desk.text("signed");
    let run =
        typing(&desk.bed, &["sign", "--json", "--out", &out, &first, &second], &[("PIN", PIN), ("PIN", PIN)]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let answer = run.json();
    let files = answer["files"].as_array().unwrap();
    assert_eq!(files.len(), 2, "{answer:#}");
    assert_eq!((&files[0]["format"], &files[1]["format"]), (&"cades".into(), &"pades".into()));
    assert!(desk.path("signed/first.txt.p7s").is_file() && desk.path("signed/second.signed.pdf").is_file());

    // a file is never overwritten, and nobody is asked for a PIN in vain
    let run = typing(&desk.bed, &["sign", "--out", &out, &first, &second], &[]);
    run.complains(2, "there is such a file already");
}

#[test]
fn where_nothing_is_signed_no_folder_is_left_that_was_not_there() {
    let desk = Desk::with(&CardSpec { signs_many: Some(true), ..CardSpec::pkcs15(KeyKind::P256) });
    let documents = ["one.txt", "two.txt"].map(|name| desk.file(name, b"text"));
    let sign = |out: &str, pin| {
        let arguments = ["sign", "--out", &desk.text(out), &documents[0], &documents[1]];
        typing(&desk.bed, &arguments, &[("PIN", pin)])
    };
    fs::create_dir(desk.path("before")).unwrap();
    for out in ["new", "before/new/folder"] {
        assert_eq!(sign(out, "99999").code, Some(1));
    }
    assert!(!desk.path("new").exists() && !desk.path("before/new").exists());

    let run = sign("before/new/folder", PIN);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(fs::read_dir(desk.path("before/new/folder")).unwrap().count(), 2);

    fs::create_dir(desk.path("empty")).unwrap();
    assert_eq!(sign("empty", "99999").code, Some(1));
    assert!(desk.path("empty").is_dir(), "it was there before");
}

#[test]
fn a_wrong_pin_signs_nothing() {
    let desk = Desk::with(&CardSpec::pkcs15(KeyKind::P256));
    let document = desk.file("letter.txt", b"text");
    let out = desk.text("letter.p7s");
    let run = typing(&desk.bed, &["sign", "--out", &out, &document], &[("PIN", "99999")]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.err.contains("bitaqa: the PIN is wrong, tries left: 2; nothing was signed"), "{run:?}");
    assert!(!desk.path("letter.p7s").exists());
}

#[test]
fn a_document_in_json_is_signed_and_verified() {
    let desk = Desk::with(&CardSpec::pkcs15(KeyKind::P256));
    let document = desk.file("order.json", br#"{"order": 7}"#);
    for (format, name) in [("jades", "order.jades.json"), ("jades-compact", "order.jws")] {
        let out = desk.text(name);
        desk.signs(&["--format", format, "--out", &out, &document]);
        let (report, code) = verified(&["--trust", &desk.trust(), "--revocation", "soft", &out]);
        assert_eq!((code, &report["signatures"][0]["format"]), (Some(0), &"JAdES".into()), "{report:#}");
    }
}

#[test]
fn who_wants_a_level_must_say_whom_to_ask() {
    let desk = Desk::with(&CardSpec::pkcs15(KeyKind::P256));
    let document = desk.file("letter.txt", b"text");
    let run = typing(&desk.bed, &["sign", "--level", "B-T", "--out", &desk.text("x"), &document], &[]);
    run.complains(2, "no time-stamp authority is known");
}

#[test]
fn a_document_in_xml_is_signed_inside_around_and_beside() {
    let desk = Desk::with(&CardSpec::pkcs15(KeyKind::P256));
    let document =
        desk.file("دفتر 1.xml", "<book xmlns=\"urn:example\"><title>مثال</title></book>".as_bytes());
    for (format, name) in
        [("xades", "inside.xml"), ("xades-enveloping", "around.xml"), ("xades-detached", "beside.xml")]
    {
        let out = desk.text(name);
        desk.signs(&["--format", format, "--out", &out, &document]);
        let trust = desk.trust();
        let mut arguments = vec!["--trust", &trust, "--revocation", "soft", &out];
        if format == "xades-detached" {
            arguments.extend(["--detached", &document]);
        }
        let (report, code) = verified(&arguments);
        assert_eq!((code, &report["signatures"][0]["format"]), (Some(0), &"XAdES".into()), "{report:#}");
    }
    let trust = desk.trust();
    let out = desk.text("inside.xml");
    let output = bitaqa(&["verify", "--xml", "--offline", "--trust", &trust, "--revocation", "soft", &out]);
    let report = desk.file("report.xml", &output.stdout);
    asked("xmllint", &["--noout", &report]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("urn:etsi:019102:mainindication:total-passed"));
}

#[test]
fn several_documents_go_into_one_container_with_one_entry() {
    let desk = Desk::with(&CardSpec::pkcs15(KeyKind::P256));
    let first = desk.file("first.txt", b"one");
    let second = desk.file("second.pdf", &pdf());
    for (format, name) in [("asic-e", "both.asice"), ("asic-e-xades", "xml.asice")] {
        let out = desk.text(name);
        desk.signs(&["--format", format, "--out", &out, &first, &second]);
        assert!(asked("unzip", &["-t", &out]).contains("No errors detected"));
        let (report, code) = verified(&["--trust", &desk.trust(), "--revocation", "soft", &out]);
        assert_eq!((code, &report["indication"]), (Some(0), &"TOTAL-PASSED".into()), "{report:#}");
    }
    let out = desk.text("one.asics");
    desk.signs(&["--format", "asic-s", "--out", &out, &first]);
    let (report, code) = verified(&["--trust", &desk.trust(), "--revocation", "soft", &out]);
    assert_eq!(code, Some(0), "{report:#}");
    let run = typing(
        &desk.bed,
        &["sign", "--format", "asic-s", "--out", &desk.text("x.asics"), &desk.text("nowhere")],
        &[],
    );
    assert_eq!(run.code, Some(2), "{run:?}");
}

/// A card whose first certificate for documents is a qualified one for signatures; a second is for seals, under the law of Morocco;
/// two more cannot be used.
fn card_with_many() -> CardSpec {
    CardSpec {
        further_signature_certificates: vec![Variant::Seal, Variant::WrongKeyUsage, Variant::Expired],
        ..CardSpec::pkcs15(KeyKind::P256)
    }
}

/// `id-etsi-qct-eseal` in DER, which of the card's certificates only the one for seals holds.
const SEAL: [u8; 9] = [0x06, 0x07, 0x04, 0x00, 0x8e, 0x46, 0x01, 0x06, 0x02];

fn is_of_seal(file: &Path) -> bool {
    fs::read(file).unwrap().windows(SEAL.len()).any(|part| part == SEAL)
}

/// The reasons that are given on standard error, in their order.
fn reasons(run: &Run) -> Vec<&str> {
    let lines = run.err.lines().filter(|line| line.contains(", certificate "));
    lines.filter_map(|line| line.rsplit_once('(')?.1.strip_suffix(')')).collect()
}

#[test]
fn of_several_certificates_the_one_that_is_asked_for_signs_and_the_others_are_told() {
    let desk = Desk::with(&card_with_many());
    let document = desk.file("letter.txt", b"text");
    let seal = ["not-wanted", "key-usage", "expired"];
    for (index, (asked, is_seal, told)) in [
        // without a wish the first is taken
        (&[][..], false, ["another-first", "key-usage", "expired"]),
        (&["--qualified"], false, seal),
        (&["--legislation", "EU"], false, seal),
        (&["--policy", "1.2.3", "--policy", "1.3.6.1.4.1.32473.1.3"], false, seal),
        (&["--certificate-type", "seal"], true, seal),
        (&["--certificate-type", "eseal"], true, seal),
        (&["--legislation", "BH", "--legislation", "MA"], true, seal),
        (&["--policy", "1.3.6.1.4.1.32473.1.4", "--legislation", "MA"], true, seal),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("letter.{index}.p7s");
        let run = desk.signs(&[asked, &["--out", &desk.text(&name), &document]].concat());
        assert_eq!(
            (is_of_seal(&desk.path(&name)), reasons(&run)),
            (is_seal, told.to_vec()),
            "{asked:?} {run:?}"
        );
    }
    // the key is the one of the certificate
    let out = desk.text("letter.4.p7s");
    let (report, code) =
        verified(&["--trust", &desk.trust(), "--revocation", "soft", "--detached", &document, &out]);
    assert_eq!((code, &report["indication"]), (Some(0), &"TOTAL-PASSED".into()), "{report:#}");
}

#[test]
fn where_no_certificate_is_as_asked_each_is_told_with_its_reason_and_nobody_is_asked_for_a_pin() {
    let desk = Desk::with(&card_with_many());
    let document = desk.file("letter.txt", b"text");
    for asked in [
        &["--legislation", "BH"][..],
        &["--certificate-type", "web"],
        &["--certificate-type", "signature"],
        &["--qualified", "--legislation", "MA"],
        &["--policy", "1.3.6.1.4.1.32473.1.99"],
    ] {
        let out = desk.text("x.p7s");
        let arguments = [&["sign"], asked, &["--out", &out, &document]].concat();
        let run = typing(&desk.bed, &arguments, &[]);
        run.complains(1, "no certificate of the card can be used; nothing was signed");
        assert_eq!(reasons(&run), ["not-wanted", "not-wanted", "key-usage", "expired"], "{run:?}");
        assert!(!desk.path("x.p7s").exists());
    }
    for (option, value) in [("--legislation", "ma"), ("--policy", "three"), ("--certificate-type", "mail")] {
        let arguments = ["sign", option, value, "--out", &desk.text("x.p7s"), &document];
        assert_eq!(typing(&desk.bed, &arguments, &[]).code, Some(2), "{option} {value}");
    }
}

#[test]
fn a_certificate_that_is_not_for_documents_never_signs_them() {
    for (certificate, reason) in [
        (Variant::WrongKeyUsage, "it is not for signing documents (key-usage)"),
        (Variant::Expired, "it has expired, or is not valid yet (expired)"),
        (Variant::NotYetValid, "it has expired, or is not valid yet (expired)"),
    ] {
        let card = CardSpec { signature_certificate: certificate, ..CardSpec::pkcs15(KeyKind::P256) };
        let desk = Desk::with(&card);
        let document = desk.file("letter.txt", b"text");
        let run = typing(&desk.bed, &["sign", "--out", &desk.text("x.p7s"), &document], &[]);
        run.complains(1, reason);
    }
}
