//! `bitaqa chain verify` as a person or a script meets it, and `bitaqa token verify` with lists and answers. What they say of
//! chains, `openssl verify` says too.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use bitaqa_protocol::auth_token::TokenAlgorithm::ES256;
use serde_json::Value;
use tempfile::TempDir;
use test_pki::{
    Issued, Key, Kind, Template, challenge, extension, origin,
    revocation::{AnswerTemplate, GOOD, ListTemplate, entry, reason, statement},
    template::pem,
    token,
};

const POLICY: &str = "1.3.6.1.4.1.32473.1.2";
const AT: &str = "2026-06-01T12:00:00Z";
const AT_UNIX: &str = "1780315200";

/// Root → issuing authority → person, with files of each.
struct Folder {
    folder: TempDir,
    root: Issued,
    issuing: Issued,
    person: Issued,
}

impl Folder {
    fn new() -> Self {
        Self::with(Template::person().with(extension::policies(&[POLICY])))
    }

    fn with(person: Template) -> Self {
        let root = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
        let issuing = Template::authority("Example Issuing")
            .numbered(&[2])
            .with(extension::policies(&["2.5.29.32.0"]))
            .issued_by(&root, Key::new(Kind::P256, 2));
        let person = person.issued_by(&issuing, Key::new(Kind::P256, 3));
        let folder = Self { folder: tempfile::tempdir().unwrap(), root, issuing, person };
        folder.write("root.pem", folder.root.pem().as_bytes());
        folder.write("issuing.pem", folder.issuing.pem().as_bytes());
        folder.write("chain.pem", (folder.person.pem() + &folder.issuing.pem()).as_bytes());
        folder.write("person.pem", folder.person.pem().as_bytes());
        folder.write("person.der", &folder.person.der);
        folder.list("root.crl", &ListTemplate::new().issued_by(&folder.root));
        folder.list("issuing.crl", &ListTemplate::new().issued_by(&folder.issuing));
        let token = token(&folder.person, ES256, &origin(), &challenge());
        folder.write("token.json", serde_json::to_string(&token).unwrap().as_bytes());
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    fn list(&self, name: &str, der: &[u8]) {
        self.write(name, pem("X509 CRL", der).as_bytes());
    }

    fn revoke_person(&self) {
        let list = ListTemplate::new().listing(entry(&[0x17], &[reason(1)]));
        self.list("issuing.crl", &list.issued_by(&self.issuing));
    }

    fn answer(&self, status: &[u8]) -> Vec<u8> {
        let updates = ("20260601100000Z", Some("20260602100000Z"));
        AnswerTemplate::new(statement(&self.person, &[0x17], &self.issuing, status, updates))
            .signed_by(&self.issuing)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_bitaqa"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    fn chain(&self, arguments: &[&str]) -> (i32, Value) {
        json(&self.run(&[&["chain", "verify", "--json", "--at", AT], arguments].concat()))
    }

    fn token(&self, arguments: &[&str]) -> (i32, Value) {
        let nonce = challenge();
        let fixed = [
            "token",
            "verify",
            "--json",
            "--at",
            AT,
            "--origin",
            "https://portal.example.ma",
            "--nonce",
            nonce.as_str(),
            "--trust",
            "root.pem",
            "--trust",
            "issuing.pem",
        ];
        json(&self.run(&[&fixed, arguments, &["token.json"]].concat()))
    }

    /// Whether `openssl verify` accepts the person's certificate.
    fn openssl(&self, arguments: &[&str]) -> bool {
        let fixed = ["verify", "-attime", AT_UNIX, "-CAfile", "root.pem", "-untrusted", "issuing.pem"];
        let ran = Command::new("openssl")
            .args([&fixed, arguments, &["person.pem"]].concat())
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        ran.status.success()
    }
}

fn json(output: &Output) -> (i32, Value) {
    let json = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&output.stderr).into_owned()));
    (output.status.code().unwrap(), json)
}

const LISTS: [&str; 4] = ["--crl", "root.crl", "--crl", "issuing.crl"];
const OPENSSL_LISTS: [&str; 5] = ["-crl_check_all", "-CRLfile", "root.crl", "-CRLfile", "issuing.crl"];

#[test]
fn a_bundle_is_valid_and_each_check_is_explained() {
    let folder = Folder::new();
    let output = folder.run(&["chain", "verify", "--trust", "root.pem", "--at", AT, "chain.pem"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    for expected in [
        "VALID at 2026-06-01T12:00:00Z",
        "✓ signatures passed       each certificate is signed with the key of the next, up to one you trust",
        "✓ rules      passed",
        "? policies   not-checked  no policy was named with --policy",
        "✓ validity   passed",
        "? revocation not-checked  nobody looked, or nobody can tell",
        "leaf         CN=أمينة المثال",
        "intermediate CN=Example Issuing",
        "anchor       CN=Example Root",
    ] {
        assert!(said.contains(expected), "{said}\nshould say {expected}");
    }
}

#[test]
fn the_json_has_the_documented_fields() {
    let folder = Folder::new();
    let (code, json) =
        folder.chain(&[&["--trust", "root.pem", "--policy", POLICY][..], &LISTS, &["chain.pem"]].concat());
    assert_eq!((code, &json["valid"]), (0, &Value::Bool(true)), "{json}");
    let mut fields: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["at", "checks", "code", "message", "path", "revocation", "valid"]);
    let checks = json["checks"].as_array().unwrap();
    let steps: Vec<_> = checks.iter().map(|check| check["step"].as_str().unwrap()).collect();
    assert_eq!(steps, ["signatures", "rules", "policies", "validity", "revocation"]);
    assert!(checks.iter().all(|check| check["outcome"] == "passed" && check["explanation"].is_string()));
    assert_eq!(json["path"][0]["role"], "leaf");
    assert_eq!(json["path"][0]["key"], "P-256");
    assert_eq!(json["path"][2]["role"], "anchor");
    assert_eq!(json["revocation"][0]["status"], "good");
    assert_eq!(json["revocation"][0]["evidence"][0]["source"], "crl");
    assert_eq!(json["revocation"].as_array().unwrap().len(), 2);
}

#[test]
fn openssl_agrees_with_every_verdict() {
    let agree = |folder: &Folder, ours: &[&str], theirs: &[&str], expected: &str| {
        let arguments = [&["--trust", "root.pem", "--trust", "issuing.pem"], ours, &["person.pem"]].concat();
        let (code, json) = folder.chain(&arguments);
        assert_eq!(json["code"].as_str().unwrap_or("valid"), expected, "{json}");
        assert_eq!(code, i32::from(expected != "valid"));
        assert_eq!(folder.openssl(theirs), expected == "valid", "openssl about {expected}");
    };
    let folder = Folder::new();
    agree(&folder, &[], &[], "valid");
    agree(&folder, &LISTS, &OPENSSL_LISTS, "valid");
    agree(&folder, &LISTS[..2], &OPENSSL_LISTS[..3], "revocation-undetermined");
    agree(&folder, &["--policy", POLICY], &["-explicit_policy", "-policy", POLICY], "valid");
    let other = "1.3.6.1.4.1.32473.1.3";
    agree(
        &folder,
        &["--policy", other],
        &["-explicit_policy", "-policy", other],
        "policy-constraints-violated",
    );
    folder.revoke_person();
    agree(&folder, &LISTS, &OPENSSL_LISTS, "certificate-revoked");
    let stale = ListTemplate { next_update: Some("20260601110000Z"), ..ListTemplate::new() };
    folder.list("issuing.crl", &stale.issued_by(&folder.issuing));
    agree(&folder, &LISTS, &OPENSSL_LISTS, "revocation-undetermined");
    folder.list("issuing.crl", &ListTemplate::new().signed_by(&folder.issuing.name, &folder.root));
    agree(&folder, &LISTS, &OPENSSL_LISTS, "revocation-undetermined");
    let expired = Template::person().valid("20200101000000Z", "20210101000000Z");
    agree(&Folder::with(expired), &[], &[], "certificate-expired");
    let unknown = Template::person().with(extension::extension("1.2.3.4", true, &[5, 0]));
    agree(&Folder::with(unknown), &[], &[], "critical-extension-unknown");
}

#[test]
fn nobody_who_brings_a_certificate_brings_trust() {
    let folder = Folder::new();
    folder.write("all.pem", (folder.person.pem() + &folder.issuing.pem() + &folder.root.pem()).as_bytes());
    let other = Template::authority("Other Root").self_signed(Key::new(Kind::P256, 9));
    folder.write("other.pem", other.pem().as_bytes());
    let (code, json) = folder.chain(&["--trust", "other.pem", "all.pem"]);
    assert_eq!((code, json["code"].as_str()), (1, Some("issuer-unknown")));
    // an anchor that is no root
    let (code, json) = folder.chain(&["--anchor", "issuing.pem", "person.der"]);
    assert_eq!(code, 0, "{json}");
    let (code, _) = folder.chain(&["--trust", "root.pem", "--anchor", "other.pem", "chain.pem"]);
    assert_eq!(code, 1);
}

#[test]
fn without_evidence_the_answer_is_no_unless_asked_for_softly() {
    let folder = Folder::new();
    let with = |more: &[&str]| folder.chain(&[&["--trust", "root.pem"], more, &["chain.pem"]].concat());
    assert_eq!(with(&["--crl", "root.crl"]).1["code"], "revocation-undetermined");
    assert_eq!(with(&["--revocation", "hard"]).1["code"], "revocation-undetermined");
    let (code, json) = with(&["--crl", "root.crl", "--revocation", "soft"]);
    assert_eq!(code, 0);
    assert_eq!(json["checks"][4]["outcome"], "not-checked");
    assert_eq!(json["revocation"][0]["status"], "not-determined");
    // what was revoked is refused either way
    folder.revoke_person();
    let (code, json) = with(&["--crl", "issuing.crl", "--revocation", "soft"]);
    assert_eq!((code, json["code"].as_str()), (1, Some("certificate-revoked")));
    assert_eq!(json["revocation"][0]["reason"], "keyCompromise");
    // an answer of a responder, beside the list
    folder.write("answer.ors", &folder.answer(GOOD));
    folder.list("issuing.crl", &ListTemplate::new().issued_by(&folder.issuing));
    let (code, json) = with(&["--crl", "root.crl", "--ocsp", "answer.ors"]);
    assert_eq!(code, 0, "{json}");
    assert_eq!(json["revocation"][0]["evidence"][0]["source"], "ocsp");
    assert_eq!(json["revocation"][0]["evidence"][0]["responder"], "issuer");
}

#[test]
fn folders_of_lists_are_read_whole() {
    let folder = Folder::new();
    fs::create_dir(folder.path("lists")).unwrap();
    for name in ["root.crl", "issuing.crl"] {
        fs::copy(folder.path(name), folder.path("lists").join(name)).unwrap();
    }
    folder.write("lists/README", b"no list");
    let (code, json) = folder.chain(&["--trust", "root.pem", "--crl", "lists", "chain.pem"]);
    assert_eq!(code, 0, "{json}");
}

#[test]
fn what_cannot_be_read_is_no_answer() {
    let folder = Folder::new();
    folder.write("text", b"no certificate");
    fs::create_dir(folder.path("empty")).unwrap();
    for arguments in [
        &["--trust", "root.pem", "missing.pem"][..],
        &["--trust", "root.pem", "text"],
        &["--trust", "text", "chain.pem"],
        &["--trust", "root.pem", "--crl", "text", "chain.pem"],
        &["--trust", "root.pem", "--crl", "root.pem", "chain.pem"],
        &["--trust", "root.pem", "--crl", "empty", "chain.pem"],
        &["--trust", "root.pem", "--ocsp", "person.der", "chain.pem"],
        &["--trust", "root.pem", "--policy", "no policy", "chain.pem"],
        &["chain.pem"],
    ] {
        let output = folder.run(&[&["chain", "verify"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty());
    }
}

#[test]
fn a_token_is_checked_for_revocation_by_explicit_choice() {
    let folder = Folder::new();
    let (code, said) = folder.token(&LISTS);
    assert_eq!(code, 2, "{said}");
    assert!(said.as_str().unwrap().contains("--revocation soft or hard"));
    let (code, json) = folder.token(&[&LISTS[..], &["--revocation", "hard"]].concat());
    assert_eq!(code, 0, "{json}");
    assert_eq!(json["revocation"][0]["status"], "good");
    assert_eq!(json["checks"][7]["outcome"], "passed");
    let (code, json) = folder.token(&["--revocation", "hard"]);
    assert_eq!((code, json["code"].as_str()), (1, Some("revocation-undetermined")));
    let (code, json) = folder.token(&["--revocation", "soft"]);
    assert_eq!(code, 0);
    assert_eq!(json["checks"][7]["outcome"], "not-checked");
    assert_eq!(json["revocation"][0]["status"], "not-determined");
    folder.revoke_person();
    let (code, json) = folder.token(&[&LISTS[..], &["--revocation", "soft"]].concat());
    assert_eq!((code, json["code"].as_str()), (1, Some("certificate-revoked")));
    assert_eq!(json["subject"], Value::Null);
    folder.write("answer.ors", &folder.answer(GOOD));
    let (code, json) = folder.token(&["--revocation", "hard", "--crl", "root.crl", "--ocsp", "answer.ors"]);
    assert_eq!(code, 0, "{json}");
    assert_eq!(json["revocation"][0]["evidence"][0]["nonce"], "not-asked");
}
