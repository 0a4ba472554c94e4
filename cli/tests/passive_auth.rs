//! `bitaqa passive-auth` and `bitaqa masterlist` as a person or a script meets them. Documents and lists come from openssl.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "of the country, which the tests of crates/trust made"
)]

#[allow(dead_code, reason = "the tests of crates/trust use the rest of it")]
#[path = "../../crates/trust/tests/travel_documents/country.rs"]
mod country;

use std::{
    fs,
    process::{Command, Output},
};

use bitaqa_card::tlv::{Tag, encode};
use country::{Country, Holder, MASTER_LIST_SIGNER, Order, Signing, authority_order, borrowed, groups};
use serde_json::Value;

/// A country's folder with a document in it.
struct Desk {
    country: Country,
    signer: Holder,
}

impl Desk {
    fn new() -> Self {
        let country = Country::new();
        let signer = country.issue(&Order::default());
        let groups = groups();
        let sod = country.document(&signer, &borrowed(&groups), Signing::default());
        let desk = Self { country, signer };
        desk.write("sod.bin", &sod);
        desk.write("dg1.bin", &groups[0].1);
        desk.write("dg2.bin", &groups[1].1);
        fs::create_dir(desk.country.path("trust")).unwrap();
        desk.write("trust/csca.cer", &desk.country.certificate_der(&desk.country.csca));
        desk.write("trust/README", b"not a certificate, and not taken for one");
        desk
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.country.path(name), content).unwrap();
    }

    fn bitaqa(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_bitaqa"))
            .current_dir(self.country.path("."))
            .args(arguments)
            .output()
            .unwrap()
    }

    /// With the trust of the desk and a time at which everything is valid.
    fn passive_auth(&self, arguments: &[&str]) -> Output {
        let mut all = vec!["passive-auth", "--sod", "sod.bin"];
        if !arguments.contains(&"--csca") {
            all.extend(["--csca", "trust"]);
        }
        if !arguments.contains(&"--at") {
            all.extend(["--at", "2023-06-01T00:00:00Z"]);
        }
        self.bitaqa(&[&all, arguments].concat())
    }

    /// A master list of the country's own authority.
    fn master_list(&self, signer: &Holder) -> Vec<u8> {
        let certificates = encode(Tag(0x31), &self.country.certificate_der(&self.country.csca));
        let content = encode(Tag(0x30), &[vec![0x02, 0x01, 0x00], certificates].concat());
        self.country.sign(signer, "2.23.136.1.1.2", &content, Signing::default())
    }

    fn list_signer(&self) -> Holder {
        self.country.issue(&Order { extensions: MASTER_LIST_SIGNER, ..Order::default() })
    }
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn complaint(output: &Output) -> String {
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    String::from_utf8(output.stderr.clone()).unwrap()
}

const GROUPS: [&str; 4] = ["--dg", "1=dg1.bin", "--dg", "2=dg2.bin"];

#[test]
fn a_genuine_document_is_said_to_be_one_to_people_and_scripts() {
    let desk = Desk::new();
    let output = desk.passive_auth(&GROUPS);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output);
    assert!(
        said.starts_with("GENUINE at 2023-06-01T00:00:00Z: signed under C=UT, O=Utopia, CN=CSCA Utopia"),
        "{said}"
    );
    assert!(said.contains("bitaqa card authenticate"), "{said}");

    let output = desk.passive_auth(&[&GROUPS[..], &["--json"]].concat());
    assert_eq!(output.status.code(), Some(0));
    let answer = json(&output);
    assert_eq!(
        (&answer["genuine"], &answer["code"], &answer["message"]),
        (&true.into(), &Value::Null, &Value::Null)
    );
    assert_eq!(answer["groups"][0], serde_json::json!({"group": "DG1", "state": "unchanged"}));
    assert_eq!(answer["signature"]["algorithm"], "ECDSA with SHA-256");
    assert_eq!(answer["csca"]["subject"], "C=UT, O=Utopia, CN=CSCA Utopia");
    assert_eq!(answer["signer"]["notAfter"], "2032-03-31T00:00:00Z");
    let steps: Vec<_> = answer["checks"].as_array().unwrap().iter().map(|check| &check["step"]).collect();
    assert_eq!(steps.len(), 10);
    let revocation =
        answer["checks"].as_array().unwrap().iter().find(|check| check["step"] == "revocation").unwrap();
    assert_eq!(
        (&revocation["outcome"], &revocation["code"]),
        (&"not-checked".into(), &"no-revocation-list".into())
    );
}

#[test]
fn what_is_not_genuine_ends_with_one_and_a_code() {
    let desk = Desk::new();
    let code = |arguments: &[&str]| {
        let output = desk.passive_auth(&[arguments, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        json(&output)["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code(&["--dg", "1=dg2.bin"]), "group-altered");
    assert_eq!(code(&["--dg", "dg11=dg2.bin"]), "group-not-listed");
    assert_eq!(code(&["--at", "2033-01-01T00:00:00Z"]), "signer-expired");
    let other = Country::with(&Order { subject: "/C=XX/CN=Other", ..authority_order() });
    desk.write("other.der", &other.certificate_der(&other.csca));
    assert_eq!(code(&["--csca", "other.der"]), "csca-unknown");

    let serial = desk.country.serial_number(&desk.signer);
    let list =
        desk.country.revocation_list(&[(&serial, "230301000000Z")], ("20230501000000Z", "20230801000000Z"));
    desk.write("trust/list.crl", list.der());
    assert_eq!(code(&GROUPS), "signer-revoked");

    let said = text(&desk.passive_auth(&["--csca", "other.der", "--dg", "1=dg2.bin"]));
    assert!(said.contains("NOT GENUINE: DG1 is not what was signed (group-altered)"), "{said}");
    assert!(said.contains("master list, to --csca"), "{said}");
}

#[test]
fn what_cannot_be_read_ends_with_two_and_its_name() {
    let desk = Desk::new();
    desk.write("nothing.bin", b"");
    desk.write("text.pem", b"no certificate");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n";
    desk.write("broken.pem", broken.as_bytes());
    for (arguments, named) in [
        (&["--csca", "missing"][..], "missing"),
        (&["--csca", "text.pem"], "text.pem: nothing found"),
        (&["--csca", "broken.pem"], "broken.pem: block 1"),
        (&["--csca", "sod.bin"], "sod.bin"),
        (&["--dg", "1=missing.bin"], "missing.bin"),
        (&["--dg", "17=dg1.bin"], "1 to 16"),
        (&["--dg", "dg1.bin"], "1 to 16"),
        (&["--dg", "1=dg1.bin", "--dg", "1=dg2.bin"], "DG1 was given twice"),
        (&["--at", "yesterday"], "RFC 3339"),
    ] {
        let said = complaint(&desk.passive_auth(arguments));
        assert!(said.contains(named), "{arguments:?}: {said}");
    }
    for file in ["nothing.bin", "dg1.bin"] {
        let said = complaint(&desk.bitaqa(&["passive-auth", "--csca", "trust", "--sod", file]));
        assert!(said.contains("this is no EF.SOD"), "{said}");
    }
    assert_eq!(
        desk.bitaqa(&["passive-auth", "--sod", "sod.bin"]).status.code(),
        Some(2),
        "nobody is trusted by default"
    );
}

#[test]
fn certificates_and_lists_are_taken_from_pem_as_well() {
    let desk = Desk::new();
    let list =
        desk.country.revocation_list(&[("01", "230301000000Z")], ("20230501000000Z", "20230801000000Z"));
    desk.write("list.der", list.der());
    desk.country.openssl(&["crl", "-inform", "DER", "-in", "list.der", "-out", "list.pem"]);
    let certificate =
        fs::read_to_string(desk.country.path(&format!("{}.pem", desk.country.csca.name))).unwrap();
    let list = fs::read_to_string(desk.country.path("list.pem")).unwrap();
    desk.write("bundle.pem", format!("Utopia\n{certificate}\n{list}").as_bytes());
    let output = desk.passive_auth(&[&GROUPS[..], &["--csca", "bundle.pem", "--json"]].concat());
    assert_eq!(output.status.code(), Some(0));
    let answer = json(&output);
    assert_eq!(answer["notes"], serde_json::json!([]));
    let revocation =
        answer["checks"].as_array().unwrap().iter().find(|check| check["step"] == "revocation").unwrap();
    assert_eq!(revocation["outcome"], "passed");
}

#[test]
fn a_master_list_is_shown_imported_and_then_trusted() {
    let desk = Desk::new();
    desk.write("list.ml", &desk.master_list(&desk.list_signer()));
    let at = ["--at", "2023-06-01T00:00:00Z"];
    let shown = desk.bitaqa(&[&["masterlist", "show", "list.ml", "--json"][..], &at].concat());
    assert_eq!(shown.status.code(), Some(0));
    let answer = json(&shown);
    assert_eq!((&answer["trust"], answer["certificates"].as_array().unwrap().len()), (&"itself".into(), 1));
    let given =
        desk.bitaqa(&[&["masterlist", "show", "list.ml", "--csca", "trust", "--json"][..], &at].concat());
    assert_eq!(json(&given)["trust"], "given");
    let said = text(&desk.bitaqa(&[&["masterlist", "show", "list.ml"][..], &at].concat()));
    assert!(said.contains("Compare its SHA-256") && said.contains("1 certificates"), "{said}");

    for (new, already) in [(1, 0), (0, 1)] {
        let arguments =
            [&["masterlist", "import", "list.ml", "--out", "imported", "--json"][..], &at].concat();
        let output = desk.bitaqa(&arguments);
        assert_eq!(output.status.code(), Some(0));
        let answer = json(&output);
        assert_eq!(
            (&answer["imported"], answer["files"].as_array().unwrap().len()),
            (&new.into(), new + already)
        );
        assert!(answer["files"][0].as_str().unwrap().starts_with("UT-"));
    }
    let output = desk.passive_auth(&[&GROUPS[..], &["--csca", "imported"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    // or used as it is
    let output = desk.passive_auth(&[&GROUPS[..], &["--csca", "list.ml"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
}

#[test]
fn a_list_that_nobody_vouches_for_is_not_imported() {
    let desk = Desk::new();
    // signed by a document signer
    desk.write("list.ml", &desk.master_list(&desk.signer));
    let at = ["--at", "2023-06-01T00:00:00Z"];
    let output = desk.bitaqa(&[&["masterlist", "import", "list.ml", "--out", "imported"][..], &at].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(
        text(&output).contains("NOT VERIFIED: the signer's certificate is not one for signing master lists")
    );
    assert!(!desk.country.path("imported").exists());
    let said = complaint(&desk.passive_auth(&["--csca", "list.ml"]));
    assert!(said.contains("list.ml: the master list is not to be used"), "{said}");

    // by somebody whom the caller does not trust
    desk.write("good.ml", &desk.master_list(&desk.list_signer()));
    let other = Country::with(&Order { subject: "/C=XX/CN=Other", ..authority_order() });
    desk.write("other.der", &other.certificate_der(&other.csca));
    let arguments = ["masterlist", "import", "good.ml", "--csca", "other.der", "--out", "imported", "--json"];
    let output = desk.bitaqa(&[&arguments[..], &at].concat());
    assert_eq!((output.status.code(), &json(&output)["trust"]), (Some(1), &"none".into()));
    assert!(!desk.country.path("imported").exists());
    let said = complaint(&desk.bitaqa(&["masterlist", "show", "trust/csca.cer"]));
    assert!(said.contains("not a master list"), "{said}");
}
