//! Where a service is missing the level is lower, and the command that is printed raises the file when the service is back.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod authorities;
mod empty_pdf;
mod on_terminal;
#[path = "../../crates/signature/tests/support/mod.rs"]
mod support;

use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use authorities::{Authorities, Mood};
use bitaqa_testbed::{CardSpec, Certificate, KeyKind, OwnRoot, Testbed};
use empty_pdf::pdf;
use on_terminal::{Run, typing_after};
use serde_json::Value;
use support::{Kind, now};
use tempfile::TempDir;

/// A person with a card whose certificate names responder and list, in a folder of their own.
struct Desk {
    authorities: Authorities,
    root: OwnRoot,
    bed: Testbed,
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let authorities = Authorities::begin();
        let root = authorities.permitted();
        let bed = Testbed::with_readers(&["Desk"]).unwrap();
        let card = bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
        let renewed = authorities.pki.issue_for_key_of(card.certificates().signature.der());
        card.renew_signature_certificate(Certificate::of_der(renewed)).unwrap();
        let desk = Self { authorities, root, bed, folder: TempDir::new().unwrap() };
        // the issuer's certificate is at no address that the card's names
        let trusted = ["root.pem", "ca.pem"].map(|name| fs::read(desk.authorities.pki.path(name)).unwrap());
        fs::write(desk.path("whom I trust.pem"), trusted.concat()).unwrap();
        fs::create_dir(desk.path("bin")).unwrap();
        symlink(env!("CARGO_BIN_EXE_bitaqa"), desk.path("bin/bitaqa")).unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// What is kept in the way of an answer is a folder of its own, and forgotten.
    fn forget(&self) {
        let _ = fs::remove_dir_all(self.path("cache"));
    }

    /// `bitaqa sign` with the card, to this level.
    fn signs(&self, level: &str, arguments: &[&str]) -> Run {
        self.forget();
        let mut words = self.root.arguments(env!("CARGO_BIN_EXE_bitaqa").as_ref());
        // the terminal starts the program itself
        words.pop();
        let words = words.iter().map(|word| format!("'{}'", word.to_str().unwrap())).collect::<Vec<_>>();
        let inside = format!("XDG_CACHE_HOME='{}' unshare {} ", self.text("cache"), words.join(" "));
        let (tsa, trust) = (self.authorities.address("tsa"), self.text("whom I trust.pem"));
        let services = ["sign", "--level", level, "--tsa", &tsa, "--trust", &trust];
        typing_after(&inside, &self.bed, &[&services[..], arguments].concat(), &[("PIN", "12345")])
    }

    /// What a shell does with a line, in the person's folder.
    fn shell(&self, line: &str) -> Output {
        self.forget();
        let path = format!("{}:{}", self.text("bin"), env::var("PATH").unwrap());
        let mut command = self.root.command("sh");
        command.args(["-c", line]).env("PATH", path).env("XDG_CACHE_HOME", self.path("cache"));
        command.current_dir(self.folder.path()).stdin(Stdio::null()).output().unwrap()
    }

    #[track_caller]
    fn verifies(&self, file: &Path, detached: Option<&str>, level: &str) {
        let trust = self.text("whom I trust.pem");
        let mut command = self.root.command(env!("CARGO_BIN_EXE_bitaqa"));
        command.args(["verify", "--json", "--offline", "--trust", &trust]).arg(file);
        command.args(detached.iter().flat_map(|document| ["--detached", document]));
        let output = command.stdin(Stdio::null()).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let said = (&report["indication"], &report["signatures"][0]["level"]);
        assert_eq!(said, (&"TOTAL-PASSED".into(), &level.into()), "{report:#}");
    }
}

/// The command that is offered.
#[track_caller]
fn offered(err: &str) -> &str {
    let line = err.lines().find(|line| line.starts_with("  bitaqa extend "));
    line.unwrap_or_else(|| panic!("nothing is offered: {err}")).trim()
}

#[test]
fn without_a_responder_the_level_is_lower_and_the_printed_command_raises_it_later() {
    let desk = Desk::new();
    let name = "Amina's letter $(of) \"today\" é.txt";
    fs::write(desk.path(name), "text").unwrap();
    desk.authorities.answer_about_revocation(Mood::NotAtAll);
    let (letter, out) = (desk.text(name), desk.text("the letter.p7s"));
    let run = desk.signs("B-LT", &["--out", &out, &letter]);
    assert_eq!(run.code, Some(1), "{run:?}");
    assert!(run.out.contains("cades B-T"), "{run:?}");
    for said in [
        &*format!("Lower level: {out} is B-T, not B-LT"),
        "whether a certificate above the signer or its own was revoked cannot be learned now",
        &format!(
            "could not be had: {}: the server answered with status 404",
            desk.authorities.address("ocsp")
        ),
    ] {
        assert!(run.err.contains(said), "{run:?}\nshould say {said}");
    }
    let command = offered(&run.err);

    // still not there: the same again, and nothing is lost
    let again = desk.shell(command);
    let said = String::from_utf8(again.stderr).unwrap();
    assert_eq!(again.status.code(), Some(1), "{said}");
    assert!(said.contains("is B-T, not B-LT"), "{said}");
    offered(&said);
    assert!(!desk.path("the letter.lt.p7s").exists());

    // with all the names that stand in it
    desk.authorities.answer_about_revocation(Mood::Well);
    let raised = desk.shell(command);
    assert_eq!(raised.status.code(), Some(0), "{command} {raised:?}");
    desk.verifies(&desk.path("the letter.lt.p7s"), Some(&letter), "B-LT");
}

#[test]
fn without_time_stamps_a_file_stays_without_and_json_has_the_command() {
    let desk = Desk::new();
    fs::write(desk.path("a contract.pdf"), pdf()).unwrap();
    desk.authorities.give_time_stamps(false);
    let (contract, out) = (desk.text("a contract.pdf"), desk.text("signed contract.pdf"));
    let run = desk.signs("B-LTA", &["--json", "--out", &out, &contract]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let answer = run.json();
    let file = &answer["files"][0];
    assert_eq!(
        (&file["level"], &file["extendLater"]["wanted"]),
        (&"B-B".into(), &"B-LTA".into()),
        "{answer:#}"
    );
    assert!(file["notices"][0].as_str().unwrap().contains("no time stamp could be had"), "{answer:#}");
    assert!(answer["failures"][0].as_str().unwrap().contains("(fetch-status)"), "{answer:#}");
    let command = file["extendLater"]["command"].as_str().unwrap();
    assert_eq!(command, offered(&run.err));
    assert!(run.err.contains("is B-B, not B-LTA"), "{run:?}");

    desk.authorities.give_time_stamps(true);
    let raised = desk.shell(command);
    assert_eq!(raised.status.code(), Some(0), "{command} {raised:?}");
    desk.verifies(&desk.path("signed contract.lta.pdf"), None, "B-LTA");
}

#[test]
fn where_the_last_time_stamp_is_missing_the_printed_command_adds_it_later() {
    let desk = Desk::new();
    fs::write(desk.path("letter.txt"), "text").unwrap();
    let (letter, out) = (desk.text("letter.txt"), desk.text("letter.p7s"));
    desk.authorities.give_so_many_time_stamps(1);
    let run = desk.signs("B-LTA", &["--out", &out, &letter]);
    assert_eq!(run.code, Some(1), "{run:?}");
    for said in [&*format!("Lower level: {out} is B-LT, not B-LTA"), "no time stamp could be had"] {
        assert!(run.err.contains(said), "{run:?}\nshould say {said}");
    }
    desk.verifies(Path::new(&out), Some(&letter), "B-LT");

    desk.authorities.give_time_stamps(true);
    let command = offered(&run.err);
    let raised = desk.shell(command);
    assert_eq!(raised.status.code(), Some(0), "{command} {raised:?}");
    desk.verifies(&desk.path("letter.lta.p7s"), Some(&letter), "B-LTA");
}

/// An archive time stamp of XAdES is over the content itself, of which a program takes no more than 64 MiB into memory.
#[test]
fn where_the_last_step_fails_the_level_below_it_is_kept() {
    let desk = Desk::new();
    fs::File::create(desk.path("long.bin")).unwrap().set_len((64 << 20) + 1).unwrap();
    let (document, out) = (desk.text("long.bin"), desk.text("long.xml"));
    let run = desk.signs("B-LTA", &["--json", "--format", "xades-detached", "--out", &out, &document]);
    assert_eq!(run.code, Some(1), "{run:?}");
    let answer = run.json();
    let file = &answer["files"][0];
    assert_eq!(
        (&file["level"], &file["extendLater"]["wanted"]),
        (&"B-LT".into(), &"B-LTA".into()),
        "{answer:#}"
    );
    let said = format!("Lower level: {out} is B-LT, not B-LTA");
    assert!(run.err.contains(&said) && run.err.contains(&format!("bitaqa: {out}: ")), "{run:?}");
    assert!(offered(&run.err).contains(" --level B-LTA "), "{run:?}");
    desk.verifies(&desk.path("long.xml"), Some(&document), "B-LT");
}

#[test]
fn where_the_level_is_reached_nothing_is_offered() {
    let desk = Desk::new();
    fs::write(desk.path("letter.txt"), "text").unwrap();
    let (letter, out) = (desk.text("letter.txt"), desk.text("letter.p7s"));
    // an authority that is not there, and another one in its place
    let run = desk.signs("B-LT", &["--json", "--tsa", "http://127.0.0.1:9/", "--out", &out, &letter]);
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(run.json()["files"][0]["extendLater"], Value::Null);
    assert!(!run.err.contains("Lower level") && !run.err.contains("extend"), "{run:?}");
}

#[test]
fn what_was_signed_with_a_revoked_certificate_is_told_without_an_offer() {
    let desk = Desk::new();
    fs::write(desk.path("letter.txt"), "text").unwrap();
    let pki = &desk.authorities.pki;
    let holder = pki.issue("withdrawn", Kind::P256, "/C=MA/CN=AMINA EXEMPLE", "signer");
    desk.authorities.signed_by_openssl(&holder, &desk.path("letter.txt"), &desk.path("letter.p7s"));
    pki.revoke_at(&holder, now(), None);
    let tsa = desk.authorities.address("tsa");
    let [trust, letter, out, signed] = ["whom I trust.pem", "letter.txt", "out.p7s", "letter.p7s"]
        .map(|name| format!("'{}'", desk.text(name)));
    let output = desk.shell(&format!(
        "bitaqa extend --level B-LT --tsa {tsa} --trust {trust} --detached {letter} --out {out} {signed}"
    ));
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("was revoked") && said.contains("does not help"), "{said}");
    assert!(!said.contains("bitaqa extend"), "{said}");
}
