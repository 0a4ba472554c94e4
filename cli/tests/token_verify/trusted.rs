//! Whom the command believes: anchors and issuer profiles.

use std::fs;

use crate::{
    folder::{Folder, text},
    test_pki::{Key, Kind, Template, challenge},
};

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
