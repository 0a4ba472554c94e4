//! `bitaqa verify --at`: a file is judged as if it were another time, which the report says.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod authorities;
#[path = "../../crates/signature/tests/support/mod.rs"]
mod support;

use std::{
    fs,
    path::PathBuf,
    process::{Output, Stdio},
};

use authorities::Authorities;
use bitaqa_testbed::OwnRoot;
use bitaqa_trust::DateTime;
use serde_json::Value;
use support::{
    Holder, Kind,
    dated::{DAY, earlier, later},
    now,
};
use tempfile::TempDir;

/// Seconds of an hour.
const HOUR: u64 = 60 * 60;

/// Authorities, a letter, and somebody who signed it, whose certificate begins in two days and ends in ten.
struct Desk {
    authorities: Authorities,
    root: OwnRoot,
    folder: TempDir,
    begins: DateTime,
    ends: DateTime,
}

impl Desk {
    fn new() -> Self {
        let authorities = Authorities::begin();
        let root = authorities.permitted();
        let (begins, ends) = (later(now(), 2 * DAY), later(now(), 10 * DAY));
        let desk = Self { authorities, root, folder: TempDir::new().unwrap(), begins, ends };
        fs::write(desk.path("letter.txt"), "text").unwrap();
        let subject = "/C=MA/CN=AMINA EXEMPLE";
        let holder =
            desk.authorities.pki.issue_between(("dated", Kind::P256), subject, "signer", (begins, ends));
        desk.signed_by(&holder, "letter.p7s");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn signed_by(&self, holder: &Holder, out: &str) {
        self.authorities.signed_by_openssl(holder, &self.path("letter.txt"), &self.path(out));
    }

    /// The revocation lists of this moment, which count for ten years.
    fn lasting_lists(&self) -> [String; 2] {
        let pki = &self.authorities.pki;
        // makes the configuration of the root
        pki.root_revocation_list();
        [("openssl.cnf", "ca"), ("root.cnf", "root")].map(|(configuration, name)| {
            let (pem, out) = (format!("{name}.lasting.pem"), self.text(&format!("{name}.crl")));
            pki.run(&["ca", "-config", configuration, "-gencrl", "-crldays", "3650", "-out", &pem]);
            pki.run(&["crl", "-in", &pem, "-outform", "DER", "-out", &out]);
            out
        })
    }

    fn bitaqa(&self, arguments: &[&str]) -> Output {
        self.root
            .command(env!("CARGO_BIN_EXE_bitaqa"))
            .args(arguments)
            .env("XDG_CACHE_HOME", self.path("cache"))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    #[track_caller]
    fn verified(&self, file: &str, at: Option<DateTime>, more: &[&str]) -> (Option<i32>, Value) {
        let (letter, file, anchor) = (self.text("letter.txt"), self.text(file), self.authorities.root());
        let at = at.map(|at| at.to_string());
        let mut arguments = vec!["verify", "--json", "--trust", &anchor, "--detached", &letter];
        arguments.extend(at.iter().flat_map(|at| ["--at", at]));
        arguments.extend(more);
        arguments.push(&file);
        let output = self.bitaqa(&arguments);
        let report = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
        (output.status.code(), report)
    }
}

#[track_caller]
fn says((code, report): &(Option<i32>, Value), expected: (i32, &str, Option<&str>), at: DateTime) {
    let said = (*code, &report["indication"], report["subIndication"].as_str());
    assert_eq!(said, (Some(expected.0), &expected.1.into(), expected.2), "{report:#}");
    assert_eq!(report["validationTime"], at.to_string(), "{report:#}");
    assert_eq!(report["signatures"][0]["cryptographicallyIntact"], true, "{report:#}");
}

#[test]
fn a_signature_without_a_time_stamp_passes_while_its_certificate_is_valid_and_not_before_or_after() {
    let desk = Desk::new();
    let lists = desk.lasting_lists();
    let offline = ["--offline", "--crl", &lists[0], "--crl", &lists[1]];
    let early = (3, "INDETERMINATE", Some("NOT_YET_VALID"));
    let passed = (0, "TOTAL-PASSED", None);
    // what is known is that nobody revoked it, not that the signature is older (EN 319 102-1 clause 5.2.6.4)
    let late = (3, "INDETERMINATE", Some("OUT_OF_BOUNDS_NOT_REVOKED"));
    let late_and_unknown = (3, "INDETERMINATE", Some("OUT_OF_BOUNDS_NO_POE"));
    for (at, expected) in [
        (earlier(desk.begins, 1), early),
        (desk.begins, passed),
        (later(desk.begins, 3 * DAY), passed),
        (desk.ends, passed),
        (later(desk.ends, 1), late),
        (later(desk.ends, 400 * DAY), late),
    ] {
        says(&desk.verified("letter.p7s", Some(at), &offline), expected, at);
    }
    let unknown = ["--offline", "--revocation", "soft"];
    for (at, expected) in [(desk.begins, passed), (later(desk.ends, 1), late_and_unknown)] {
        says(&desk.verified("letter.p7s", Some(at), &unknown), expected, at);
    }
    // with what the services say now
    let at = later(desk.begins, HOUR);
    says(&desk.verified("letter.p7s", Some(at), &[]), passed, at);

    // a person is told what would help
    let at = later(desk.ends, DAY).to_string();
    let (letter, anchor, signed) =
        (desk.text("letter.txt"), desk.authorities.root(), desk.text("letter.p7s"));
    let output = desk.bitaqa(&["verify", "--at", &at, "--trust", &anchor, "--detached", &letter, &signed]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("only a time stamp proves") && said.contains("--at"), "{said}");
}

#[test]
fn without_it_a_file_is_judged_now() {
    let desk = Desk::new();
    desk.signed_by(&desk.authorities.pki.signer(Kind::P256), "now.p7s");
    let before = now();
    let (code, report) = desk.verified("now.p7s", None, &[]);
    assert_eq!(code, Some(0), "{report:#}");
    let judged: DateTime = report["validationTime"].as_str().unwrap().parse().unwrap();
    assert!(before <= judged && judged <= now(), "{report:#}");
    // the certificate of the other file is not valid yet
    let (code, report) = desk.verified("letter.p7s", None, &[]);
    assert_eq!((code, &report["subIndication"]), (Some(3), &"NOT_YET_VALID".into()), "{report:#}");
}

#[test]
fn an_archived_signature_passes_long_after_the_signers_certificate_expired() {
    let desk = Desk::new();
    let subject = "/C=MA/CN=AMINA EXEMPLE";
    let ends = later(now(), DAY);
    let holder = desk.authorities.pki.issue_until(("short", Kind::P256), subject, "signer", ends);
    desk.signed_by(&holder, "short.p7s");
    let (tsa, anchor, letter) =
        (desk.authorities.address("tsa"), desk.authorities.root(), desk.text("letter.txt"));
    for (level, out) in [("B-T", "stamped.p7s"), ("B-LTA", "archived.p7s")] {
        let (from, out) = (desk.text("short.p7s"), desk.text(out));
        let services = ["--tsa", &tsa, "--trust", &anchor, "--detached", &letter];
        let output =
            desk.bitaqa(&[&["extend", "--level", level, "--out", &out][..], &services, &[&from]].concat());
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    // the authority for time stamps is there for a year, and what is known about it then
    let lists = desk.lasting_lists();
    let offline = ["--offline", "--crl", &lists[0], "--crl", &lists[1]];
    for days in [2, 30, 360] {
        let at = later(now(), days * DAY);
        let judged = desk.verified("archived.p7s", Some(at), &offline);
        says(&judged, (0, "TOTAL-PASSED", None), at);
        let signature = &judged.1["signatures"][0];
        assert_eq!(
            (&signature["level"], &signature["bestSignatureTimeProven"]),
            (&"B-LTA".into(), &true.into())
        );
        // which the signature alone does not
        let judged = desk.verified("short.p7s", Some(at), &offline);
        says(&judged, (3, "INDETERMINATE", Some("OUT_OF_BOUNDS_NOT_REVOKED")), at);
    }
}

#[test]
fn what_is_no_time_is_wrong_usage_and_what_a_time_looks_like_is_said() {
    let desk = Desk::new();
    for at in [
        "",
        "yesterday",
        "2026-03-01",
        "2026-13-01T00:00:00Z",
        "2026-03-01T09:30:00",
        "1969-01-01T00:00:00Z",
        "12",
    ] {
        let output = desk.bitaqa(&["verify", "--at", at, &desk.text("letter.p7s")]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{at}: {said}");
        assert!(said.contains("--at <TIME>") && said.contains("2026-03-01T09:30:00Z"), "{at}: {said}");
    }
    // any offset is one
    let (letter, anchor, signed) =
        (desk.text("letter.txt"), desk.authorities.root(), desk.text("letter.p7s"));
    let time = ["--at", "2020-03-01T09:30:00+01:00"];
    let file = ["--detached", &letter, "--trust", &anchor, &signed];
    let output = desk.bitaqa(&[&["verify", "--offline", "--json"][..], &time, &file].concat());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["validationTime"], "2020-03-01T08:30:00Z");
    let output = desk.bitaqa(&[&["verify", "--offline"][..], &time, &file].concat());
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains("judged at 2020-03-01T08:30:00Z"), "{said}");
}
