//! `bitaqa sign --level` and `bitaqa extend` with real authorities on the loopback address: openssl's time stamps, answers and lists.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod authorities;
mod empty_pdf;
mod installed_pack;
mod on_terminal;
#[path = "../../crates/signature/tests/support/mod.rs"]
mod support;

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use authorities::Authorities;
use bitaqa_testbed::{CardSpec, KeyKind, OwnRoot, Testbed};
use empty_pdf::pdf;
use on_terminal::typing;
use serde_json::Value;
use support::{Kind, judge, now};

/// Runs the command line where the administrator permits what this root says, with a cache of its own.
fn bitaqa(root: &OwnRoot, arguments: &[&str]) -> Output {
    let cache = tempfile::tempdir().unwrap();
    root.command(env!("CARGO_BIN_EXE_bitaqa"))
        .args(arguments)
        .env("XDG_CACHE_HOME", cache.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[track_caller]
fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// `verify` once more, with the report in XML, which the schema of TS 119 102-2 must accept.
#[track_caller]
fn xml(root: &OwnRoot, arguments: &[&str]) -> String {
    let output = bitaqa(root, &[&["verify", "--xml"], arguments].concat());
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &output.stdout).unwrap();
    let verdict = judge::validation_reports([file.path().to_owned()]);
    assert!(verdict.success, "{}", verdict.text);
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_signature_of_others_is_raised_to_every_level_and_then_needs_nobody() {
    let authorities = Authorities::begin();
    let root = authorities.permitted();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    fs::write(path("letter.txt"), "text").unwrap();
    let holder = authorities.pki.signer(Kind::P256);
    authorities.signed_by_openssl(&holder, &path("letter.txt"), &path("letter.p7s"));

    for level in ["B-T", "B-LT", "B-LTA"] {
        let out = text(level);
        let (tsa, anchor) = (authorities.address("tsa"), authorities.root());
        let arguments = [
            "extend",
            "--json",
            "--level",
            level,
            "--tsa",
            &tsa,
            "--trust",
            &anchor,
            "--detached",
            &text("letter.txt"),
            "--out",
            &out,
            &text("letter.p7s"),
        ];
        let output = bitaqa(&root, &arguments);
        let answer = json(&output);
        assert_eq!((output.status.code(), &answer["level"]), (Some(0), &level.into()), "{answer:#}");
        assert_eq!(answer["asked"], serde_json::json!(["127.0.0.1"]), "{answer:#}");
        assert_eq!(answer["failures"], serde_json::json!([]), "{answer:#}");

        let mut arguments = vec!["--offline", "--trust", &anchor, "--detached"];
        let letter = text("letter.txt");
        arguments.push(&letter);
        if level == "B-T" {
            arguments.extend(["--revocation", "soft"]);
        }
        arguments.push(&out);
        assert!(xml(&root, &arguments).contains(":total-passed<"));
        let output = bitaqa(&root, &[&["verify", "--json"], &arguments[..]].concat());
        let report = json(&output);
        assert_eq!(
            (output.status.code(), &report["indication"]),
            (Some(0), &"TOTAL-PASSED".into()),
            "{report:#}"
        );
        assert_eq!(report["signatures"][0]["level"], level, "{report:#}");
    }
    // what nobody asked for the file's sake is fetched when it is verified
    let output = bitaqa(
        &root,
        &[
            "verify",
            "--json",
            "--trust",
            &authorities.root(),
            "--detached",
            &text("letter.txt"),
            &text("letter.p7s"),
        ],
    );
    let report = json(&output);
    assert_eq!(
        (output.status.code(), &report["indication"]),
        (Some(0), &"TOTAL-PASSED".into()),
        "{report:#}"
    );
}

#[test]
fn what_was_signed_with_a_revoked_certificate_gets_no_further_than_a_time_stamp() {
    let authorities = Authorities::begin();
    let root = authorities.permitted();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    fs::write(path("letter.txt"), "text").unwrap();
    let (letter, tsa, anchor) = (text("letter.txt"), authorities.address("tsa"), authorities.root());
    let shared = ["--json", "--detached", &letter, "--trust", &anchor];
    let extend = |level: &str, from: &str, to: &str| {
        let (from, to) = (text(from), text(to));
        let own = ["extend", "--level", level, "--tsa", &tsa, "--out", &to, &from];
        let output = bitaqa(&root, &[&own[..], &shared].concat());
        (output.status.code(), json(&output))
    };
    let verify = |file: &str| {
        let output = bitaqa(&root, &[&["verify", "--offline", &text(file)][..], &shared].concat());
        let report = json(&output);
        (report["indication"].clone(), report["signatures"][0]["level"].clone())
    };
    let holder = authorities.pki.signer(Kind::P256);
    authorities.signed_by_openssl(&holder, &path("letter.txt"), &path("signed"));
    assert_eq!(extend("B-T", "signed", "stamped").0, Some(0));
    // the time of a stamp has no fractions
    thread::sleep(Duration::from_millis(1100));
    authorities.pki.revoke_at(&holder, now(), None);

    // the signature is older, says its time stamp
    let (code, answer) = extend("B-LTA", "stamped", "archived");
    assert_eq!(
        (code, &answer["level"], &answer["notices"]),
        (Some(0), &"B-LTA".into(), &Value::Array(vec![]))
    );
    assert_eq!(verify("archived"), ("TOTAL-PASSED".into(), "B-LTA".into()));

    // nothing says so of the one that is stamped only now
    let (code, answer) = extend("B-LTA", "signed", "late");
    assert_eq!((code, &answer["level"]), (Some(1), &"B-T".into()), "{answer:#}");
    let notice = answer["notices"][0].as_str().unwrap();
    assert!(notice.ends_with("a certificate above the signer or its own was revoked"), "{notice}");
    assert_eq!(verify("late"), ("INDETERMINATE".into(), "B-T".into()));
}

#[test]
fn a_signature_of_the_card_is_stamped_as_it_is_made() {
    let authorities = Authorities::begin();
    let bed = Testbed::with_readers(&["Desk"]).unwrap();
    bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("letter.txt"), "text").unwrap();
    let tsa = authorities.address("tsa");
    let arguments =
        ["sign", "--level", "B-T", "--tsa", &tsa, "--out", &path("letter.p7s"), &path("letter.txt")];
    let run = typing(&bed, &arguments, &[("PIN", "12345")]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert!(
        run.out.contains("cades B-T") && run.out.contains("Asked over the network: 127.0.0.1"),
        "{run:?}"
    );

    // an authority that is not there: the signature is kept, and its level told
    let arguments = [
        "sign",
        "--level",
        "B-T",
        "--tsa",
        "http://127.0.0.1:9/",
        "--out",
        &path("again.p7s"),
        &path("letter.txt"),
    ];
    let run = typing(&bed, &arguments, &[("PIN", "12345")]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.out.contains("cades B-B") && run.err.contains("no time stamp could be had"), "{run:?}");
    assert!(Path::new(&path("again.p7s")).is_file());

    // the next one is asked
    let arguments = [
        "sign",
        "--level",
        "B-T",
        "--tsa",
        "http://127.0.0.1:9/",
        "--tsa",
        &tsa,
        "--out",
        &path("third.p7s"),
        &path("letter.txt"),
    ];
    let run = typing(&bed, &arguments, &[("PIN", "12345")]);
    assert_eq!(run.code, Some(0), "{run:?}");
}

#[test]
fn whom_an_installed_pack_for_tests_names_is_believed_and_every_report_says_so() {
    let authorities = Authorities::begin();
    let root = authorities.permitted();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("letter.txt"), "text").unwrap();
    let holder = authorities.pki.signer(Kind::P256);
    authorities.signed_by_openssl(&holder, &path("letter.txt"), &path("letter.p7s"));
    let (letter, signed) = (path("letter.txt"), path("letter.p7s"));
    let file = ["--detached", letter.to_str().unwrap(), signed.to_str().unwrap()];
    let verify = |more: &[&str]| bitaqa(&root, &[&["verify"], more, &file].concat());

    let stranger = json(&verify(&["--json"]));
    assert_eq!(stranger["subIndication"], "NO_CERTIFICATE_CHAIN_FOUND", "{stranger:#}");
    assert_eq!(stranger["assurance"], "production", "{stranger:#}");

    let anchor = authorities.root();
    let believed = serde_json::json!({ "signers": [anchor], "time_stamp_authorities": [anchor] });
    installed_pack::believe(&root, &believed, true, folder.path());
    // naming the same root does not make it more than it is
    for trust in [&[][..], &["--trust", &anchor]] {
        let report = json(&verify(&[&["--json"], trust].concat()));
        assert_eq!(report["indication"], "TOTAL-PASSED", "{report:#}");
        let said = [&report["assurance"], &report["signatures"][0]["assurance"]];
        assert_eq!(said, ["test", "test"], "{report:#}");
    }
    let text = String::from_utf8(verify(&[]).stdout).unwrap();
    assert!(text.starts_with("TEST: ") && text.contains("TOTAL-PASSED"), "{text}");
    let xml = xml(&root, &file);
    assert!(xml.contains("<Type>urn:bitaqa:assurance</Type>"), "{xml}");
}

#[test]
fn nobody_is_asked_whom_the_administrator_does_not_permit() {
    let authorities = Authorities::begin();
    let root = OwnRoot::new().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("letter.txt"), "text").unwrap();
    let holder = authorities.pki.signer(Kind::P256);
    authorities.signed_by_openssl(&holder, &path("letter.txt"), &path("letter.p7s"));
    let output = bitaqa(
        &root,
        &[
            "verify",
            "--trust",
            &authorities.root(),
            "--detached",
            path("letter.txt").to_str().unwrap(),
            path("letter.p7s").to_str().unwrap(),
        ],
    );
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("TRY_LATER") && text.contains("could not be had"), "{text}");
}

/// Kept for the judge of this file's own server: openssl's client understands it.
#[test]
fn the_authorities_of_this_test_answer_openssl() {
    let authorities = Authorities::begin();
    let holder = authorities.pki.signer(Kind::P256);
    let url = authorities.address("ocsp");
    let output = Command::new("openssl")
        .current_dir(authorities.pki.path(""))
        .args([
            "ocsp",
            "-issuer",
            "ca.pem",
            "-CAfile",
            "root.pem",
            "-verify_other",
            "ca.pem",
            "-url",
            &url,
            "-cert",
        ])
        .arg(&holder.certificate_file)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains(": good"), "{text} {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_pdf_is_stamped_inside_of_its_signature_and_by_document_time_stamps_later() {
    let authorities = Authorities::begin();
    let bed = Testbed::with_readers(&["Desk"]).unwrap();
    bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("contract.pdf"), pdf()).unwrap();
    let (tsa, anchor, cards) =
        (authorities.address("tsa"), authorities.root(), bed.pki_dir().to_str().unwrap().to_owned());
    let stamped = path("stamped.pdf");
    let arguments = ["sign", "--level", "B-T", "--tsa", &tsa, "--out", &stamped, &path("contract.pdf")];
    let run = typing(&bed, &arguments, &[("PIN", "12345")]);
    assert_eq!(run.code, Some(0), "{run:?}");

    let plain = path("plain.pdf");
    let run = typing(&bed, &["sign", "--out", &plain, &path("contract.pdf")], &[("PIN", "12345")]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let later = path("later.pdf");
    let root = authorities.permitted();
    let arguments = ["extend", "--level", "B-T", "--tsa", &tsa, "--out", &later, &plain];
    let output = bitaqa(&root, &arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");

    for (file, kind) in [(&stamped, "signature"), (&later, "archive")] {
        let arguments =
            ["--offline", "--revocation", "soft", "--trust", &cards, "--tsa-trust", &anchor, file];
        let stamped = if kind == "signature" { "<SignatureTimeStamp>" } else { "<DocTimeStamp>" };
        assert!(xml(&root, &arguments).contains(stamped));
        let output = bitaqa(&root, &[&["verify", "--json"], &arguments[..]].concat());
        let report = json(&output);
        let signature = &report["signatures"][0];
        assert_eq!((output.status.code(), &signature["level"]), (Some(0), &"B-T".into()), "{report:#}");
        assert_eq!(signature["timeStamps"][0]["kind"], kind, "{report:#}");
        assert_eq!(signature["bestSignatureTimeProven"], true, "{report:#}");
    }
}
