//! `bitaqa trust sign`: descriptions, and what is made of them.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod trust_desk;

use std::{fs, process::Command};

use serde_json::{Value, json};
use trust_desk::{Desk, checked, in_days, text};

#[test]
fn certificates_and_profiles_are_taken_along() {
    let desk = Desk::new();
    let openssl = Command::new("openssl")
        .current_dir(desk.path("."))
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-keyout",
            "csca.key",
        ])
        .args(["-out", "csca.pem", "-days", "30", "-subj", "/C=MA/O=Example/CN=Example CSCA"])
        .output()
        .unwrap();
    assert!(openssl.status.success(), "{}", text(&openssl.stderr));
    fs::write(
        desk.path("issuers.toml"),
        "schema = 1\n[[issuer]]\nname = \"Example State\"\nanchors = [\"csca.pem\"]\nlevel = \"high\"\n",
    )
    .unwrap();
    let pack = desk.pack(1, "signer", |pack| {
        pack["csca"] = json!(["csca.pem"]);
        pack["issuer_profiles"] = json!("issuers.toml");
        pack["status_sources"] = json!([{ "url": "https://status.example.ma", "states": ["MAR"] }]);
        pack["documents"] = json!({ "signers": ["csca.pem"], "list_signers": ["csca.pem", "csca.pem"] });
    });
    let shown: Value = serde_json::from_str(&desk.says(&["trust", "show", "--json", &pack], 0)).unwrap();
    let subject = shown["cscaCertificates"][0]["subject"].as_str().unwrap();
    assert!(subject.contains("Example CSCA"), "{subject}");
    assert_eq!(
        shown["issuerProfiles"],
        json!([{ "name": "Example State", "level": "high", "assurance": "production" }])
    );
    assert_eq!(shown["statusSources"], json!([{ "url": "https://status.example.ma", "states": ["MAR"] }]));
    let documents = &shown["documents"];
    assert_eq!(documents["signers"], shown["cscaCertificates"]);
    assert_eq!(documents["timeStampAuthorities"], json!([]));
    assert_eq!(documents["listSigners"].as_array().map(Vec::len), Some(2));
    let said = desk.says(&["trust", "show", &pack], 0);
    for expected in [
        "1 authority for signers",
        "2 signers of trusted lists",
        "Signer of trusted lists: ",
        "Country signing certificate: ",
        "Issuer profile: Example State",
        "https://status.example.ma for MAR",
    ] {
        assert!(said.contains(expected), "{said}\nshould say {expected}");
    }
}

#[test]
fn a_description_with_a_fault_makes_no_pack() {
    let desk = Desk::new();
    let good = json!({ "name": "national", "version": 1, "expires": in_days(30) });
    let with = |name: &str, value: Value| {
        let mut description = good.clone();
        description[name] = value;
        description
    };
    let issuer = |key: Value, origins: Value| json!([{ "iss": "https://platform.example.ma", "keys": [key], "origins": origins }]);
    let key =
        |not_after: &str| json!({ "jwk": "platform.json", "not_before": in_days(0), "not_after": not_after });
    let later = in_days(10);
    for (description, words) in [
        (json!({}), "missing field `name`"),
        (with("region", json!("north")), "unknown field `region`"),
        (with("name", json!("National")), "small letters"),
        (with("version", json!(0)), "from 1 to"),
        (with("expires", json!("tomorrow")), "2026-03-01T09:30:00Z"),
        (with("expires", json!(in_days(2000))), "three years"),
        (with("expires", json!(in_days(-1))), "not after the one before it"),
        (with("signers", json!(["nobody.json"])), "nobody.json"),
        (with("csca", json!(["nothing.pem"])), "nothing.pem"),
        (with("issuer_profiles", json!("nothing.toml")), "nothing.toml"),
        (
            with("statement_issuers", issuer(key(&later), json!(["https://*.ma"]))),
            "all subdomains of a domain",
        ),
        (with("statement_issuers", issuer(key(&later), json!([]))), "origins: between 1 and"),
        (
            with("statement_issuers", issuer(key(&in_days(-1)), json!(["https://a.ma"]))),
            "not after the one before it",
        ),
    ] {
        desk.write("bad.json", &description);
        let output = desk.run(&["trust", "sign", "--key", "signer.json", "--out", "bad.pack", "bad.json"]);
        checked(&output, 2);
        let said = text(&output.stderr);
        assert!(said.contains(words), "{said}\nshould say {words}");
        assert!(!desk.path("bad.pack").exists());
    }
    desk.write("good.json", &good);
    let said = desk.run(&["trust", "sign", "--key", "signer.json", "--out", "good.pack", "good.json"]);
    checked(&said, 0);
    assert!(text(&said.stderr).contains(&desk.fingerprint("signer")));
    // nothing is written over
    checked(&desk.run(&["trust", "sign", "--key", "signer.json", "--out", "good.pack", "good.json"]), 2);
    assert_eq!(desk.says(&["trust", "sign", "--key", "signer.json", "good.json"], 0).lines().count(), 1);
}
