//! `bitaqa statement …` and `bitaqa key …` as a platform, a portal or a script meets them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod trust_desk;

use std::{fs, os::unix::fs::PermissionsExt as _};

use serde_json::{Value, json};
use trust_desk::{Desk, checked, in_days, text};

/// A desk on whose computer the pack is installed, with a statement in `portal.jwt`.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.put(&desk.pack(1, "signer", |pack| pack["issued"] = in_days(-5).into()), "national.pack");
    issue(&desk, "portal.jwt", &desk.statement());
    desk
}

#[track_caller]
fn issue(desk: &Desk, name: &str, description: &Value) -> String {
    desk.write("description.json", description);
    let output = desk.run(&["statement", "issue", "--key", "platform.json", "description.json"]);
    fs::write(desk.path(name), checked(&output, 0)).unwrap();
    text(&output.stderr)
}

#[test]
fn a_good_statement_is_shown_with_the_checks_that_hold() {
    let desk = desk();
    let said = desk.script_says("bitaqa statement show portal.jwt", 0);
    for expected in [
        "VALID at ",
        "✓ signature passed",
        "✓ origins   passed",
        "بوابة المثال",
        "Example Portal",
        "https://portal.example.ma",
        "open-account: Open an account",
        "Vouched by national",
    ] {
        assert!(said.contains(expected), "{said}\nshould say {expected}");
    }
    assert!(!said.contains("TEST"));
    assert_eq!(
        desk.script_says("bitaqa statement show - < portal.jwt", 0).lines().count(),
        said.lines().count()
    );
}

#[test]
fn the_json_of_a_statement_has_the_documented_fields() {
    let desk = desk();
    let shown = desk.json("bitaqa statement show --json portal.jwt", 0);
    let mut fields: Vec<_> = shown.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        ["assurance", "at", "checks", "code", "key", "message", "pack", "request", "statement", "valid"]
    );
    assert_eq!(
        (&shown["valid"], &shown["code"], &shown["request"]),
        (&json!(true), &Value::Null, &Value::Null)
    );
    assert_eq!((&shown["pack"], &shown["assurance"]), (&json!("national"), &json!("production")));
    let statement = &shown["statement"];
    assert_eq!(statement["exp"].as_u64().unwrap() - statement["iat"].as_u64().unwrap(), 600);
    assert_eq!(statement["jwk"]["kid"], "portal");
    assert_eq!(statement["jwk"]["d"], Value::Null);
    let steps: Vec<_> =
        shown["checks"].as_array().unwrap().iter().map(|c| c["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["format", "issuer", "key", "signature", "content", "time", "origins"]);
}

#[test]
fn each_fault_has_its_code() {
    let desk = desk();
    let code = |script: &str| {
        let shown = desk.json(script, 1);
        assert_eq!((&shown["valid"], &shown["statement"]), (&json!(false), &Value::Null));
        shown["code"].as_str().unwrap().to_owned()
    };
    let show = "bitaqa statement show --json";
    assert_eq!(code(&format!("rm /etc/bitaqa/trust/*; {show} portal.jwt")), "issuer-unknown");
    assert_eq!(code(&format!("{show} --at {} portal.jwt", in_days(1))), "statement-expired");
    assert_eq!(code(&format!("{show} --at {} portal.jwt", in_days(-1))), "statement-not-yet-valid");
    fs::write(desk.path("text.jwt"), "hello").unwrap();
    assert_eq!(code(&format!("{show} text.jwt")), "statement-malformed");
    let mut foreign = desk.statement();
    foreign["origins"] = json!(["https://portal.example.com"]);
    issue(&desk, "foreign.jwt", &foreign);
    assert_eq!(code(&format!("{show} foreign.jwt")), "origin-foreign");
    let revoked = desk.pack(2, "signer", |pack| {
        pack["statement_issuers"][0]["keys"][0]["revoked"] = in_days(-1).into();
    });
    assert_eq!(code(&format!("bitaqa trust add {revoked} >&2; {show} portal.jwt")), "key-revoked");
    let other =
        desk.pack(2, "signer", |pack| pack["statement_issuers"][0]["keys"][0]["jwk"] = json!("next.json"));
    assert_eq!(code(&format!("bitaqa trust add {other} >&2; {show} portal.jwt")), "key-unknown");
    checked(&desk.script("bitaqa statement show nothing.jwt"), 2);
}

#[test]
fn a_request_is_judged_by_the_statement() {
    let desk = desk();
    let request = |origin: &str, purpose: &str, claims: &str, code: i32| {
        let script =
            format!("bitaqa statement show --json --origin {origin} --purpose {purpose} {claims} portal.jwt");
        desk.json(&script, code)["request"].clone()
    };
    let covered =
        request("https://portal.example.ma", "open-account", "--claim family_name --claim age_over_18", 0);
    assert_eq!(covered, json!({ "covered": true, "code": null, "message": null }));
    for (origin, purpose, claims, code) in [
        ("https://other.example.ma", "open-account", "--claim family_name", "origin-not-in-statement"),
        ("https://portal.example.ma", "close-account", "--claim family_name", "purpose-unknown"),
        ("https://portal.example.ma", "open-account", "--claim photo", "claims-exceed-statement"),
        ("https://portal.example.ma", "open-account", "--claim given_name#ar", "claims-exceed-statement"),
    ] {
        assert_eq!(request(origin, purpose, claims, 1)["code"], code);
    }
    for arguments in [
        "--claim face",
        "--purpose open-account",
        "--origin https://portal.example.ma",
        "--origin portal --purpose a",
    ] {
        checked(&desk.script(&format!("bitaqa statement show {arguments} portal.jwt")), 2);
    }
}

#[test]
fn a_pack_for_tests_makes_a_statement_for_tests() {
    let desk = Desk::new();
    desk.put(&desk.pack(1, "signer", |pack| pack["test"] = json!(true)), "national.pack");
    issue(&desk, "portal.jwt", &desk.statement());
    assert!(desk.script_says("bitaqa statement show portal.jwt", 0).starts_with("TEST:"));
    assert_eq!(desk.json("bitaqa statement show --json portal.jwt", 0)["assurance"], "test");
}

#[test]
fn a_description_with_a_fault_makes_no_statement() {
    let desk = Desk::new();
    let with = |name: &str, value: Value| {
        let mut description = desk.statement();
        description[name] = value;
        description
    };
    for (description, words) in [
        (json!([]), "the description of the statement"),
        (with("iat", json!(1)), "iat is added by this command"),
        (with("exp", json!(1)), "exp is added by this command"),
        (with("region", json!("north")), "unknown field `region`"),
        (with("iss", json!("platform")), "an issuer is an https URL"),
        (with("claims", json!([])), "allows no claim"),
        (with("claims", json!(["name"])), "no claim of this vocabulary"),
        (with("origins", json!(["https://portal.example.ma/"])), "origin"),
        (with("jwk", json!("nobody.json")), "nobody.json"),
        (with("legal_name", json!({ "en": "Portal" })), "missing field `ar`"),
    ] {
        desk.write("bad.json", &description);
        let output = desk.run(&["statement", "issue", "--key", "platform.json", "bad.json"]);
        checked(&output, 2);
        let said = text(&output.stderr);
        assert!(said.contains(words), "{said}\nshould say {words}");
        assert!(output.stdout.is_empty());
    }
    desk.write("good.json", &desk.statement());
    for seconds in ["0", "901", "-1", "x"] {
        let output =
            desk.run(&["statement", "issue", "--key", "platform.json", "--valid-for", seconds, "good.json"]);
        checked(&output, 2);
    }
    // Ed25519 is for signatures only
    desk.says(&["key", "new", "--curve", "ed25519", "--out", "ed25519.json"], 0);
    desk.write("bad.json", &with("jwk", json!("ed25519.json")));
    checked(&desk.run(&["statement", "issue", "--key", "platform.json", "bad.json"]), 2);
    checked(&desk.run(&["statement", "issue", "--key", "ed25519.json", "good.json"]), 0);
}

#[test]
fn what_a_statement_allows_in_part_only_is_said() {
    let desk = Desk::new();
    assert_eq!(issue(&desk, "whole.jwt", &desk.statement()), "");
    let mut description = desk.statement();
    description["claims"] = json!(["family_name", "photo"]);
    let said = issue(&desk, "part.jwt", &description);
    assert!(said.contains("note: dg1 cannot be read") && said.contains("document_number"), "{said}");
    assert!(!said.contains("dg2"), "{said}");
}

#[test]
fn a_private_key_is_its_owner_s_and_is_never_shown() {
    let desk = Desk::new();
    let file = fs::read_to_string(desk.path("signer.json")).unwrap();
    assert_eq!(fs::metadata(desk.path("signer.json")).unwrap().permissions().mode() & 0o777, 0o600);
    let private: Value = serde_json::from_str(&file).unwrap();
    let secret = private["d"].as_str().unwrap();
    let json: Value = serde_json::from_str(&desk.says(&["key", "show", "--json", "signer.json"], 0)).unwrap();
    assert_eq!(json["jwk"]["kid"], "signer");
    fs::write(desk.path("public.json"), json["jwk"].to_string()).unwrap();
    for arguments in [vec!["key", "show", "signer.json"], vec!["key", "show", "public.json"]] {
        let said = desk.says(&arguments, 0);
        assert!(said.contains(json["fingerprint"].as_str().unwrap()) && !said.contains(secret), "{said}");
    }
    // what is there already is not written over
    checked(&desk.run(&["key", "new", "--out", "signer.json"]), 2);
    assert_eq!(fs::read_to_string(desk.path("signer.json")).unwrap(), file);
    // and one that others can read signs nothing
    desk.write("good.json", &desk.statement());
    fs::set_permissions(desk.path("platform.json"), fs::Permissions::from_mode(0o640)).unwrap();
    let output = desk.run(&["statement", "issue", "--key", "platform.json", "good.json"]);
    checked(&output, 2);
    assert!(text(&output.stderr).contains("others than its owner can read this private key"));
    let output = desk.run(&["statement", "issue", "--key", "public.json", "good.json"]);
    checked(&output, 2);
    fs::set_permissions(desk.path("public.json"), fs::Permissions::from_mode(0o600)).unwrap();
    let output = desk.run(&["statement", "issue", "--key", "public.json", "good.json"]);
    assert!(text(&output.stderr).contains("public key, where a private one belongs"));
    fs::write(desk.path("broken.json"), file.replace(&format!("\"{secret}\""), "1234567890")).unwrap();
    fs::set_permissions(desk.path("broken.json"), fs::Permissions::from_mode(0o600)).unwrap();
    let output = desk.run(&["key", "show", "broken.json"]);
    checked(&output, 2);
    assert!(!text(&output.stderr).contains("1234567890"), "{}", text(&output.stderr));
}
