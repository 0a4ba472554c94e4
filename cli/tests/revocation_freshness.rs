//! What is known about revocation is asked for anew when a signature is raised, and only then: a responder on the loopback address
//! counts the questions.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod authorities;
mod on_terminal;
#[path = "../../crates/signature/tests/support/mod.rs"]
mod support;

use std::{fs, process::Stdio};

use authorities::{Authorities, Mood};
use bitaqa_testbed::{CardSpec, Certificate, KeyKind, OwnRoot, Testbed};
use on_terminal::typing_after;
use serde_json::{Value, json};
use support::Kind;
use tempfile::TempDir;

/// Authorities, a letter, and a person whose programs keep what they fetched in one folder.
struct Desk {
    authorities: Authorities,
    root: OwnRoot,
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let authorities = Authorities::begin();
        let root = authorities.permitted();
        let desk = Self { authorities, root, folder: TempDir::new().unwrap() };
        fs::write(desk.text("letter.txt"), "text").unwrap();
        desk
    }

    fn text(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// A signature of somebody whose certificate names responder and list.
    fn signed(&self) -> String {
        let holder = self.authorities.pki.signer(Kind::P256);
        let [letter, signed] = ["letter.txt", "signed.p7s"].map(|name| self.folder.path().join(name));
        self.authorities.signed_by_openssl(&holder, &letter, &signed);
        self.text("signed.p7s")
    }

    fn bitaqa(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self
            .root
            .command(env!("CARGO_BIN_EXE_bitaqa"))
            .args(arguments)
            .args(["--json", "--detached", &self.text("letter.txt"), "--trust", &self.authorities.root()])
            .env("XDG_CACHE_HOME", self.folder.path().join("cache"))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let answer = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code(), answer)
    }

    #[track_caller]
    fn extends(&self, file: &str, level: &str, out: &str) -> Value {
        let (tsa, out) = (self.authorities.address("tsa"), self.text(out));
        let (code, answer) = self.bitaqa(&["extend", "--level", level, "--tsa", &tsa, "--out", &out, file]);
        assert_eq!((code, &answer["level"]), (Some(0), &level.into()), "{answer:#}");
        answer
    }

    #[track_caller]
    fn verifies(&self, file: &str) {
        let (code, report) = self.bitaqa(&["verify", file]);
        assert_eq!((code, &report["indication"]), (Some(0), &"TOTAL-PASSED".into()), "{report:#}");
    }
}

#[test]
fn verifying_asks_once_and_then_uses_what_is_kept_and_raising_asks_each_time() {
    let desk = Desk::new();
    let signed = desk.signed();
    desk.verifies(&signed);
    let first = desk.authorities.asked();
    assert_eq!(first.0, 1, "{first:?}");
    desk.verifies(&signed);
    assert_eq!(desk.authorities.asked(), (0, 0), "it is kept");

    // the responder about the signer, and lists about who is above and about the time-stamp authority
    for out in ["one", "two"] {
        desk.extends(&signed, "B-LTA", out);
        let (answers, lists) = desk.authorities.asked();
        assert!(answers == 1 && lists >= 2, "{out}: {answers} {lists}");
    }
    // nobody needs to be asked about what is in the file
    desk.verifies(&desk.text("two"));
    assert_eq!(desk.authorities.asked(), (0, 0));
}

#[test]
fn where_nothing_newer_comes_what_is_kept_is_used_and_lowers_nothing() {
    for mood in [Mood::NotAtAll, Mood::Later] {
        let desk = Desk::new();
        let signed = desk.signed();
        desk.extends(&signed, "B-LT", "before");
        desk.authorities.asked();
        desk.authorities.answer_about_revocation(mood);
        let answer = desk.extends(&signed, "B-LT", "after");
        assert_eq!((&answer["notices"], &answer["failures"]), (&json!([]), &json!([])), "{answer:#}");
        // who was asked is named all the same
        assert_eq!(answer["asked"], json!(["127.0.0.1"]), "{answer:#}");
        assert_eq!(desk.authorities.asked().0, 1, "{mood:?}");
        desk.verifies(&desk.text("after"));

        // without anything kept the level is lower, and that is said
        fs::remove_dir_all(desk.folder.path().join("cache")).unwrap();
        let (tsa, out) = (desk.authorities.address("tsa"), desk.text("lower"));
        let (code, answer) =
            desk.bitaqa(&["extend", "--level", "B-LT", "--tsa", &tsa, "--out", &out, &signed]);
        assert_eq!((code, &answer["level"]), (Some(1), &"B-T".into()), "{answer:#}");
        assert!(!answer["notices"].as_array().unwrap().is_empty(), "{answer:#}");
    }
}

#[test]
fn two_signatures_of_a_card_in_a_row_ask_twice() {
    let desk = Desk::new();
    let bed = Testbed::with_readers(&["Desk"]).unwrap();
    let card = bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    let renewed = desk.authorities.pki.issue_for_key_of(card.certificates().signature.der());
    card.renew_signature_certificate(Certificate::of_der(renewed)).unwrap();
    let (tsa, anchor) = (desk.authorities.address("tsa"), desk.text("trust.pem"));
    // the issuer's certificate is at no address that the card's names
    let authorities = ["root.pem", "ca.pem"].map(|name| fs::read(desk.authorities.pki.path(name)).unwrap());
    fs::write(&anchor, authorities.concat()).unwrap();
    let mut words = desk.root.arguments(env!("CARGO_BIN_EXE_bitaqa").as_ref());
    // the terminal starts the program itself
    words.pop();
    let words = words.iter().map(|word| format!("'{}'", word.to_str().unwrap())).collect::<Vec<_>>();
    let inside = format!("XDG_CACHE_HOME='{}' unshare {} ", desk.text("cache"), words.join(" "));
    for out in ["one.p7s", "two.p7s"] {
        let (out, letter) = (desk.text(out), desk.text("letter.txt"));
        let arguments =
            ["sign", "--level", "B-LT", "--tsa", &tsa, "--trust", &anchor, "--out", &out, &letter];
        let run = typing_after(&inside, &bed, &arguments, &[("PIN", "12345")]);
        assert_eq!(run.code, Some(0), "{run:?}");
        assert!(run.out.contains("cades B-LT"), "{run:?}");
        assert_eq!(desk.authorities.asked().0, 1, "{out}");
    }
}
