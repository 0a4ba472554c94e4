//! What is said of good and bad tokens.

use std::{fs, io::Write as _, process::Stdio};

use bitaqa_protocol::auth_token::TokenAlgorithm::ES256;
use serde_json::Value;

use crate::{
    POLICY,
    folder::{Folder, text},
    test_pki::{Key, Kind, Template, challenge, extension, origin, token},
};

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
            "revocation",
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
    assert_eq!(json["revocation"], Value::Null);
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
