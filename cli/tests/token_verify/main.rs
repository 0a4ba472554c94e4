//! `bitaqa token verify` as a person or a script meets it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use bitaqa_protocol::auth_token::TokenAlgorithm::ES256;
use serde_json::Value;
use tempfile::TempDir;
use test_pki::{Issued, Key, Kind, Template, challenge, extension, origin, token};

const POLICY: &str = "1.3.6.1.4.1.32473.1.2";

/// A folder with what the command reads.
struct Folder {
    folder: TempDir,
    root: Issued,
    issuing: Issued,
}

impl Folder {
    fn new() -> Self {
        let root = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
        let issuing = Template::authority("Example Issuing")
            .with(extension::policies(&["2.5.29.32.0"]))
            .issued_by(&root, Key::new(Kind::P256, 2));
        let folder = Self { folder: tempfile::tempdir().unwrap(), root, issuing };
        fs::create_dir(folder.path("trust")).unwrap();
        folder.write("trust/root.pem", &folder.root.pem());
        folder.write("trust/issuing.pem", &folder.issuing.pem());
        folder.write("trust/README", "not a certificate, and not taken for one");
        folder.write("token.json", &folder.token(folder.person()));
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn person(&self) -> Template {
        let _ = self;
        Template::person().with(extension::policies(&[POLICY]))
    }

    fn token(&self, template: Template) -> String {
        let holder = template.issued_by(&self.issuing, Key::new(Kind::P256, 3));
        serde_json::to_string(&token(&holder, ES256, &origin(), &challenge())).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bitaqa"));
        command.current_dir(self.folder.path()).args(["token", "verify"]).args(arguments);
        command
    }

    /// With origin, nonce and trust of the example, and a time at which everything is valid.
    fn verify(&self, arguments: &[&str]) -> Output {
        let nonce = challenge();
        let mut all = vec!["--origin", "https://portal.example.ma", "--nonce", nonce.as_str()];
        if !arguments.contains(&"--trust") && !arguments.contains(&"--issuers") {
            all.extend(["--trust", "trust"]);
        }
        if !arguments.contains(&"--at") {
            all.extend(["--at", "2026-06-01T12:00:00Z"]);
        }
        all.extend(arguments);
        self.command(&all).output().unwrap()
    }

    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.verify(&[arguments, &["--json"]].concat());
        let json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&output.stderr).into_owned()));
        (output.status.code().unwrap(), json)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_good_token_is_valid_and_the_text_says_who_signed_in_and_what_it_does_not_say() {
    let output = Folder::new().verify(&["token.json"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for expected in [
        "VALID for https://portal.example.ma at 2026-06-01T12:00:00Z",
        "✓ signature  passed",
        "? issuer     not-checked",
        "? revocation not-checked",
        "أمينة المثال",
        "IDCMA-BE123456",
        "Level        none (no issuer profile was given",
        "Revocation   not checked",
    ] {
        assert!(said.contains(expected), "{said}\nshould say {expected}");
    }
    assert!(output.stderr.is_empty());
}

#[test]
fn the_json_of_a_good_token_has_the_documented_fields() {
    let (code, json) = Folder::new().json(&["token.json"]);
    assert_eq!(code, 0);
    let mut fields: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "assurance",
            "at",
            "certificate",
            "checks",
            "code",
            "holderVerification",
            "issuer",
            "level",
            "message",
            "origin",
            "subject",
            "valid"
        ]
    );
    assert_eq!(json["valid"], true);
    assert_eq!(json["code"], Value::Null);
    assert_eq!(json["subject"]["personalNumber"], "IDCMA-BE123456");
    assert_eq!(json["subject"]["givenName"], "أمينة");
    assert_eq!(json["certificate"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(json["certificate"]["policies"][0], POLICY);
    assert_eq!(json["certificate"]["notAfter"], "2040-01-01T00:00:00Z");
    assert_eq!(json["level"], "none");
    assert_eq!(json["assurance"], Value::Null);
    assert_eq!(json["holderVerification"], "pin");
    let steps: Vec<_> =
        json["checks"].as_array().unwrap().iter().map(|c| c["step"].as_str().unwrap()).collect();
    assert_eq!(
        steps,
        ["format", "algorithm", "signature", "purpose", "path", "validity", "issuer", "revocation"]
    );
}

#[test]
fn an_invalid_token_names_the_step_that_failed() {
    let folder = Folder::new();
    let good = fs::read_to_string(folder.path("token.json")).unwrap();
    let server = extension::extended_key_usage(&[extension::SERVER_AUTH]);
    let expired = folder.person().valid("20200101000000Z", "20210101000000Z");
    let stranger = Template::authority("Stranger").self_signed(Key::new(Kind::P256, 8));
    let strange = Template::person().issued_by(&stranger, Key::new(Kind::P256, 9));
    let strange = serde_json::to_string(&token(&strange, ES256, &origin(), &challenge())).unwrap();
    for (name, content, step, code) in [
        ("empty", String::new(), "format", "token-malformed"),
        ("cut", good[..good.len() - 1].to_owned(), "format", "token-malformed"),
        ("long", format!("{good}{}", " ".repeat(20_000)), "format", "token-malformed"),
        ("version", good.replace("web-eid:1.0", "web-eid:2.0"), "format", "format-unsupported"),
        ("algorithm", good.replace("ES256", "ES384"), "algorithm", "algorithm-mismatch"),
        ("purpose", folder.token(folder.person().with(server)), "purpose", "extended-key-usage-wrong"),
        ("expired", folder.token(expired), "validity", "certificate-expired"),
        ("stranger", strange, "path", "issuer-unknown"),
    ] {
        folder.write(name, &content);
        let (exit, json) = folder.json(&[name]);
        assert_eq!(exit, 1, "{name}");
        assert_eq!(json["valid"], false, "{name}");
        assert_eq!(json["code"], code, "{name}");
        assert!(json["message"].as_str().is_some_and(|message| !message.is_empty()), "{name}");
        assert_eq!(json["subject"], Value::Null, "{name}");
        let failed =
            json["checks"].as_array().unwrap().iter().find(|check| check["outcome"] == "failed").unwrap();
        assert_eq!(failed["step"], step, "{name}");
        let output = folder.verify(&[name]);
        assert_eq!(output.status.code(), Some(1));
        let said = text(&output.stdout);
        assert!(said.starts_with("INVALID: ") && said.contains(&format!("({code})")), "{said}");
        assert!(!said.contains("IDCMA"), "an invalid token says nothing about anybody: {said}");
    }
    // bytes that are no text at all
    fs::write(folder.path("binary"), [0xff, 0xfe, 0x00]).unwrap();
    assert_eq!(folder.json(&["binary"]).0, 1);
}

#[test]
fn another_origin_or_nonce_is_invalid() {
    let folder = Folder::new();
    let nonce = challenge();
    let other = bitaqa_protocol::encode_base64(&[1; 32]);
    for (origin, nonce, expected) in [
        ("https://portal.example.ma", nonce.as_str(), 0),
        ("https://portal.example.org", nonce.as_str(), 1),
        ("https://portal.example.ma", other.as_str(), 1),
    ] {
        let output = folder
            .command(&["--origin", origin, "--nonce", nonce, "--trust", "trust", "token.json"])
            .args(["--at", "2026-06-01T12:00:00Z"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(expected), "{origin}");
    }
}

#[test]
fn the_token_may_come_from_standard_input() {
    let folder = Folder::new();
    let nonce = challenge();
    let mut child = folder
        .command(&[
            "--origin",
            "https://portal.example.ma",
            "--nonce",
            nonce.as_str(),
            "--trust",
            "trust",
            "-",
        ])
        .args(["--at", "2026-06-01T12:00:00Z"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let token = fs::read(folder.path("token.json")).unwrap();
    child.stdin.take().unwrap().write_all(&token).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(0));
}

#[test]
fn an_expired_certificate_was_valid_then() {
    let folder = Folder::new();
    folder.write("old.json", &folder.token(folder.person().valid("20200101000000Z", "20210101000000Z")));
    for (at, exit) in [
        ("2020-06-01T12:00:00Z", 0),
        ("2020-06-01T12:00:00.5+01:00", 0),
        ("2021-01-01T00:00:00Z", 0),
        ("2021-01-01T00:00:01Z", 1),
        ("2021-01-01T00:30:00+01:00", 0),
        ("2021-01-01T00:00:00-01:00", 1),
        ("2019-12-31T23:59:59Z", 1),
    ] {
        assert_eq!(folder.json(&["--at", at, "old.json"]).0, exit, "{at}");
    }
    for at in ["yesterday", "2020-06-01", "2020-06-01T12:00:00", "1960-01-01T00:00:00Z", ""] {
        assert_eq!(folder.json(&["--at", at, "old.json"]).0, 2, "{at}");
    }
}

#[test]
fn without_a_time_it_is_now() {
    let folder = Folder::new();
    let nonce = challenge();
    let arguments = [
        "--origin",
        "https://portal.example.ma",
        "--nonce",
        nonce.as_str(),
        "--trust",
        "trust",
        "token.json",
    ];
    assert_eq!(folder.command(&arguments).output().unwrap().status.code(), Some(0));
    folder.write("old.json", &folder.token(folder.person().valid("20200101000000Z", "20210101000000Z")));
    let old = arguments.map(|argument| if argument == "token.json" { "old.json" } else { argument });
    assert_eq!(folder.command(&old).output().unwrap().status.code(), Some(1));
}

#[test]
fn trust_is_a_folder_or_a_file_and_an_anchor_can_be_pinned() {
    let folder = Folder::new();
    let holder = folder.person().issued_by(&folder.issuing, Key::new(Kind::P256, 3));
    folder.write("both.pem", &(folder.root.pem() + &folder.issuing.pem()));
    folder.write("root.pem", &folder.root.pem());
    folder.write("issuing.pem", &folder.issuing.pem());
    folder.write("holder.pem", &holder.pem());
    fs::write(folder.path("root.der"), &folder.root.der).unwrap();
    for (arguments, exit) in [
        (&["--trust", "both.pem"][..], 0),
        (&["--trust", "root.pem", "--trust", "issuing.pem"], 0),
        (&["--trust", "root.der", "--trust", "issuing.pem"], 0),
        (&["--trust", "root.pem"], 1),
        (&["--trust", "issuing.pem"], 1),
        (&["--anchor", "issuing.pem"], 0),
        (&["--anchor", "issuing.pem", "--trust", "both.pem"], 0),
        (&["--anchor", "root.pem", "--trust", "issuing.pem"], 0),
        (&["--anchor", "holder.pem"], 0),
    ] {
        let mut all = arguments.to_vec();
        all.push("token.json");
        assert_eq!(folder.json(&all).0, exit, "{arguments:?}");
    }
    // a pinned anchor is the only one
    let other = Template::authority("Other").self_signed(Key::new(Kind::P256, 7));
    folder.write("other.pem", &other.pem());
    assert_eq!(folder.json(&["--anchor", "other.pem", "--trust", "both.pem", "token.json"]).0, 1);
}

#[test]
fn profiles_say_issuer_level_and_test() {
    let folder = Folder::new();
    let profile = |more: &str| {
        format!(
            "schema = 1\n[[issuer]]\nname = \"Example State\"\nanchors = [\"trust/root.pem\"]\nintermediates = [\"trust/issuing.pem\"]\n{more}\n"
        )
    };
    folder
        .write("issuers.toml", &profile("level = \"high\"\nrequired_policies = [\"1.3.6.1.4.1.32473.1.2\"]"));
    let (exit, json) = folder.json(&["--issuers", "issuers.toml", "token.json"]);
    assert_eq!(exit, 0, "{json}");
    assert_eq!(json["issuer"]["name"], "Example State");
    assert_eq!((&json["level"], &json["assurance"]), (&"high".into(), &"production".into()));

    folder.write("test.toml", &profile("test = true"));
    let (exit, json) = folder.json(&["--issuers", "test.toml", "token.json"]);
    assert_eq!((exit, &json["assurance"], &json["level"]), (0, &"test".into(), &"none".into()));
    let said = text(&folder.verify(&["--issuers", "test.toml", "token.json"]).stdout);
    assert!(said.starts_with("TEST"), "{said}");

    folder.write("strict.toml", &profile("required_policies = [\"1.3.6.1.4.1.32473.1.3\"]"));
    let (exit, json) = folder.json(&["--issuers", "strict.toml", "token.json"]);
    assert_eq!((exit, &json["code"]), (1, &"policy-missing".into()));

    // the profile finds its files beside itself, wherever the command runs
    fs::create_dir(folder.path("elsewhere")).unwrap();
    let issuers = folder.path("issuers.toml");
    let token = folder.path("token.json");
    let nonce = challenge();
    let output = folder
        .command(&["--origin", "https://portal.example.ma", "--nonce", nonce.as_str(), "--issuers"])
        .current_dir(folder.path("elsewhere"))
        .arg(&issuers)
        .args(["--at", "2026-06-01T12:00:00Z"])
        .arg(&token)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn what_cannot_be_asked_ends_with_two_and_says_why() {
    let folder = Folder::new();
    fs::create_dir(folder.path("nothing")).unwrap();
    folder.write("broken.pem", "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n");
    folder.write("wrong.toml", "schema = 1\n[[issuer]]\nname = \"A\"\nanchors = [\"lost.pem\"]\n");
    for (arguments, message) in [
        (&["lost.json"][..], "lost.json: No such file"),
        (&["--trust", "lost", "token.json"], "lost: No such file"),
        (&["--trust", "nothing", "token.json"], "no certificate file"),
        (&["--trust", "broken.pem", "token.json"], "broken.pem, certificate 1: not DER"),
        (&["--anchor", "token.json", "token.json"], "token.json: no certificate found"),
        (&["--issuers", "wrong.toml", "token.json"], "lost.pem: No such file"),
        (&["--issuers", "wrong.toml", "--anchor", "trust/root.pem", "token.json"], "cannot be used with"),
        (&[], "required"),
        (&["--unknown", "token.json"], "unexpected argument"),
    ] {
        let output = folder.verify(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
        let said = text(&output.stderr);
        assert!(said.contains(message), "{arguments:?}: {said}");
    }
    let nonce = challenge();
    for (origin, nonce, message) in [
        ("https://portal.example.ma/", nonce.as_str(), "no slash, no path"),
        ("portal.example.ma", nonce.as_str(), "starts with https://"),
        ("https://portal.example.ma", "c2hvcnQ=", "at least 44"),
    ] {
        let output = folder
            .command(&["--origin", origin, "--nonce", nonce, "--trust", "trust", "token.json"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(message), "{}", text(&output.stderr));
    }
    let output = folder
        .command(&["--origin", "https://portal.example.ma", "--nonce", nonce.as_str(), "token.json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "nothing is trusted by itself");
}

#[test]
fn names_cannot_paint_on_the_terminal() {
    let folder = Folder::new();
    let mut template = folder.person();
    template.name =
        test_pki::der::name(&[("2.5.4.3", "Eve\u{1b}[2J\u{202e}"), ("2.5.4.5", "1\n  Level        high")]);
    folder.write("eve.json", &folder.token(template));
    let output = folder.verify(&["eve.json"]);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'));
    assert!(!said.lines().any(|line| line.trim_start().starts_with("Level        high")), "{said}");
}

#[test]
fn help_is_there_at_every_step() {
    for arguments in
        [&["--help"][..], &["token", "--help"], &["token", "verify", "--help"], &["token", "verify", "-h"]]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_bitaqa")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(text(&output.stdout).contains("Usage: bitaqa"), "{arguments:?}");
    }
    for arguments in [&[][..], &["token"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_bitaqa")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains("Usage: bitaqa"), "{arguments:?}");
    }
}
