//! The report: its JSON is stable, its XML holds what it refers to. What the schema says of the XML is in `report_schema`.

use std::collections::BTreeSet;

use bitaqa_signature::{
    FoundSignature, Level,
    validation::{ValidationSettings, report_xml, validate},
};
use bitaqa_trust::{Assurance, TrustStore};
use serde_json::Value;

use crate::{
    files::{archive, authority, found, judge, lists, settings, settings_with_lists, sign, stamp, with_data},
    support::{Kind, Pki, dated::earlier, judge as judges, now, pki},
};

fn members(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn members_of_the_json_are_these() {
    let message = with_data(&stamp(&sign(&pki().signer(Kind::P256)), &authority()), lists(pki()), Vec::new());
    let report = judge(&archive(&message, &authority()), &settings(now()));
    let json: Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();
    assert_eq!(
        members(&json),
        [
            "assurance",
            "cryptographicConstraints",
            "indication",
            "signatures",
            "subIndication",
            "validationTime"
        ]
    );
    let signature = &json["signatures"][0];
    assert_eq!(
        members(signature),
        [
            "algorithm",
            "assurance",
            "bestSignatureTime",
            "bestSignatureTimeProven",
            "chain",
            "counterSignatures",
            "coverage",
            "cryptographicallyIntact",
            "format",
            "indication",
            "level",
            "name",
            "qualification",
            "remarks",
            "signer",
            "signingTime",
            "steps",
            "subIndication",
            "timeStamps"
        ]
    );
    assert_eq!(
        members(&signature["signer"]),
        ["certificateSha256", "country", "name", "organisation", "serialNumber"]
    );
    assert_eq!(
        members(&signature["chain"][0]),
        ["issuer", "notAfter", "notBefore", "revocation", "sha256", "subject"]
    );
    assert_eq!(members(&signature["chain"][0]["revocation"]), ["by", "known", "status"]);
    assert_eq!(
        members(&signature["timeStamps"][0]),
        ["authority", "chain", "detail", "indication", "kind", "policy", "remarks", "subIndication", "time"]
    );
    assert_eq!(members(&signature["steps"][0]), ["detail", "outcome", "step", "subIndication"]);
    assert_eq!(members(&signature["qualification"]), ["level", "provider", "purpose", "reason", "territory"]);
    assert_eq!(json["indication"], "TOTAL-PASSED");
    assert_eq!([&json["assurance"], &signature["assurance"]], ["production", "production"]);
    assert_eq!(json["subIndication"], Value::Null);
    assert_eq!(signature["format"], "CAdES");
    assert_eq!(signature["level"], "B-LTA");
    assert_eq!(signature["algorithm"], "ECDSA with SHA-256, P-256");
    assert_eq!(signature["signer"]["name"], "AMINA EXEMPLE");
    assert_eq!(signature["signer"]["serialNumber"], "AB123456");
    assert_eq!(signature["chain"][0]["revocation"]["status"], "good");
    assert_eq!(signature["chain"][2]["revocation"]["status"], "anchor");
    assert_eq!(signature["coverage"]["kind"], "whole");
    assert_eq!(signature["qualification"]["level"], "indeterminate");
    let kinds: Vec<&Value> =
        signature["timeStamps"].as_array().unwrap().iter().map(|stamp| &stamp["kind"]).collect();
    assert_eq!(kinds, ["archive", "signature"]);
}

#[test]
fn the_xml_is_well_formed_and_refers_to_what_is_in_it() {
    let holder = pki().issue("revoked_for_report", Kind::P256, "/CN=A & <B> \"ÉÈ\" أمينة", "signer");
    let plain = sign(&holder);
    let message = archive(&with_data(&stamp(&plain, &authority()), lists(pki()), Vec::new()), &authority());
    pki().revoke_at(&holder, earlier(now(), 3600), Some("superseded"));
    let mut all = found(&message);
    let countersigned = all[0].clone();
    all[0].counter_signatures.push(countersigned);
    all.extend(found(&plain));
    let report = validate(&all, &settings_with_lists(now()));
    assert_eq!(report.signatures[0].level, Some(Level::BT), "what was fetched says that it was revoked");
    let xml = report_xml::to_xml(&report).unwrap();
    let file = pki().file("report.xml", xml.as_bytes());
    let verdict = judges::ask("xmllint", ["--noout".as_ref(), file.as_os_str()]);
    assert!(verdict.success, "{}", verdict.text);

    let value = |expression: &str| {
        judges::ask("xmllint", ["--xpath".as_ref(), expression.as_ref(), file.as_os_str()]).text
    };
    let name = |local: &str| format!("*[local-name()='{local}']");
    assert_eq!(value("namespace-uri(/*)").trim(), "http://uri.etsi.org/19102/v1.4.1#");
    assert_eq!(value(&format!("count(//{})", name("SignatureValidationReport"))).trim(), "3");
    let main = value(&format!("string(//{}/{})", name("SignatureValidationStatus"), name("MainIndication")));
    assert_eq!(main.trim(), "urn:etsi:019102:mainindication:indeterminate");
    let sub = value(&format!("string(//{}/{})", name("SignatureValidationStatus"), name("SubIndication")));
    assert_eq!(sub.trim(), "urn:etsi:019102:subindication:REVOKED_NO_POE");
    let signer = value(&format!("string(//{})", name("Signer")));
    assert_eq!(signer.trim(), "A & <B> \"ÉÈ\" أمينة");

    let attributes = |attribute: &str| -> BTreeSet<String> {
        xml.split(&format!(" {attribute}=\""))
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect()
    };
    let (references, identifiers) = (attributes("VOReference"), attributes("id"));
    assert!(references.len() > 4);
    assert!(references.is_subset(&identifiers), "{references:?} {identifiers:?}");
}

#[test]
fn what_rests_on_authorities_for_tests_says_so() {
    let message = stamp(&sign(&pki().signer(Kind::P256)), &authority());
    let says = |found: &[FoundSignature], settings: &ValidationSettings| {
        let report = validate(found, settings);
        let xml = report_xml::to_xml(&report).unwrap();
        let counters = report.signatures[0].counter_signatures.iter().map(|counter| counter.assurance);
        let all = [report.assurance, report.signatures[0].assurance].into_iter().chain(counters).collect();
        (all, xml.contains("<Type>urn:bitaqa:assurance</Type>"))
    };
    use Assurance::{Production, Test};
    let real = settings_with_lists(now());
    let mut test = real.clone();
    test.test_trust.add(&pki().root());
    assert_eq!(says(&found(&message), &real), (vec![Production, Production], false));
    assert_eq!(says(&found(&message), &test), (vec![Test, Test], true));

    // nobody is believed about the signer, and the authority for tests about the time
    let mut stranger = test.clone();
    stranger.signers = TrustStore::new();
    assert_eq!(says(&found(&message), &stranger), (vec![Test, Test], true));
    // somebody else's certificate is of no interest
    let mut other = real.clone();
    other.test_trust.add(&authority().certificate);
    other.time_stamp_authorities = TrustStore::new();
    assert_eq!(says(&found(&sign(&pki().signer(Kind::P256))), &other), (vec![Production, Production], false));

    // anybody can add a signature over this one
    let tester = Pki::served_at(1);
    let counter = found(&sign(&tester.signer(Kind::P256))).remove(0);
    let mut both = found(&sign(&pki().signer(Kind::P256)));
    both[0].counter_signatures.push(counter);
    let mut settings = settings_with_lists(now());
    settings.signers.add_anchor(tester.root());
    settings.evidence.certificates.push(tester.authority());
    settings.test_trust.add(&tester.root());
    assert_eq!(says(&both, &settings), (vec![Test, Production, Test], true));
}

#[test]
fn a_report_without_signatures_has_no_xml() {
    assert!(report_xml::to_xml(&validate(&[], &settings(now()))).is_err());
}
