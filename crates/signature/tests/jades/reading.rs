//! What others make is read here.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_jose::base64url;
use bitaqa_signature::{
    found::{Integrity, SigningCertificate},
    jades::{self, NoContent},
};
use serde_json::{Value, json};

use crate::{
    CONTENT,
    judges::{JUDGES, Judge},
    support::{Holder, Kind, pki},
};

fn header(holder: &Holder) -> Value {
    json!({
        "iat": 1,
        "x5c": [STANDARD.encode(holder.certificate.der())],
        "x5t#S256": base64url::encode(&holder.certificate.sha256()),
    })
}

fn creation(holder: &Holder, algorithm: &str, form: &str, header: &Value, content: &[u8]) -> Value {
    let key = std::fs::read_to_string(&holder.key_file).unwrap();
    let content = base64url::encode(content);
    json!({"task": "sign", "form": form, "key": key, "algorithm": algorithm, "header": header, "content": content})
}

fn made(judge: Judge, task: &Value) -> Vec<u8> {
    judge.done(std::slice::from_ref(task))[0].as_str().unwrap().as_bytes().to_vec()
}

#[test]
fn every_serialisation_of_others_is_read() {
    for (kind, algorithm) in [
        (Kind::P256, "ES256"),
        (Kind::P384, "ES384"),
        (Kind::P521, "ES512"),
        (Kind::Rsa2048, "RS384"),
        (Kind::Rsa2048, "PS256"),
        (Kind::Rsa3072, "PS512"),
    ] {
        let holder = pki().signer(kind);
        for judge in JUDGES {
            for form in ["compact", "flattened", "general"] {
                let task = creation(&holder, algorithm, form, &header(&holder), CONTENT);
                let found = jades::read(&made(judge, &task), &NoContent).unwrap();
                assert_eq!(found.len(), if form == "general" { 2 } else { 1 }, "{judge:?} {form}");
                for found in &found {
                    assert_eq!(found.integrity, Integrity::Intact, "{judge:?} {algorithm} {form}");
                    assert_eq!((&found.format_faults, &found.remarks), (&Vec::new(), &Vec::new()));
                    assert!(
                        matches!(&found.signer, SigningCertificate::Bound(bound) if **bound == holder.certificate)
                    );
                }
            }
        }
    }
}

#[test]
fn an_unencoded_payload_is_read_as_rfc_7797_has_it() {
    let holder = pki().signer(Kind::P256);
    let mut header = header(&holder);
    header["b64"] = false.into();
    header["crit"] = json!(["b64"]);
    let task = creation(&holder, "ES256", "flattened", &header, CONTENT);
    // `jose` leaves such a payload out
    let detached = String::from_utf8(made(Judge::JavaScript, &task)).unwrap();
    let mut text: Value = serde_json::from_str(&detached).unwrap();
    text["payload"] = String::from_utf8(CONTENT.to_vec()).unwrap().into();
    let found = &jades::read(text.to_string().as_bytes(), &NoContent).unwrap()[0];
    assert_eq!((found.integrity, &found.format_faults), (Integrity::Intact, &Vec::new()));
    assert_eq!(jades::read(detached.as_bytes(), &CONTENT).unwrap()[0].integrity, Integrity::Intact);
    assert_eq!(jades::read(detached.as_bytes(), &NoContent).unwrap()[0].integrity, Integrity::ContentMissing);
}

#[test]
fn a_payload_that_is_elsewhere_is_asked_for() {
    let holder = pki().signer(Kind::P256);
    let document = made(Judge::Python, &creation(&holder, "ES256", "compact", &header(&holder), CONTENT));
    let text = String::from_utf8(document).unwrap();
    let parts: Vec<_> = text.split('.').collect();
    let detached = format!("{}..{}", parts[0], parts[2]);
    for (content, integrity) in
        [(CONTENT, Integrity::Intact), (b"something else", Integrity::SignatureInvalid)]
    {
        assert_eq!(jades::read(detached.as_bytes(), &content).unwrap()[0].integrity, integrity);
    }
    let found = &jades::read(detached.as_bytes(), &NoContent).unwrap()[0];
    assert_eq!(found.integrity, Integrity::ContentMissing);
}

#[test]
fn what_breaks_a_rule_has_its_fault_though_it_is_intact() {
    let holder = pki().signer(Kind::P256);
    for (name, value, faults) in [
        ("crit", json!(["own"]), 1),
        ("crit", json!(["sigT"]), 1),
        ("crit", json!(["alg"]), 1),
        ("crit", json!(["iat", "iat"]), 1),
        ("crit", json!([]), 1),
        ("crit", json!("iat"), 1),
        ("b64", json!(true), 1),
        ("etsiU", json!([]), 1),
        ("x5t", json!("AA"), 1),
        ("iat", json!(null), 0),
        ("own", json!(1), 0),
    ] {
        let mut header = header(&holder);
        header[name] = value;
        if name == "crit" && header["crit"] == json!(["own"]) {
            header["own"] = json!(1);
        }
        let signed = signed_with(&holder, &header);
        let read = jades::read(&signed, &NoContent);
        if name == "iat" {
            assert!(read.is_err());
            continue;
        }
        let found = &read.unwrap()[0];
        assert_eq!((found.integrity, found.format_faults.len()), (Integrity::Intact, faults), "{header}");
    }
}

#[test]
fn algorithms_that_prove_nothing_are_not_verified() {
    let holder = pki().signer(Kind::P256);
    for algorithm in ["none", "HS256", "EdDSA", "RS1"] {
        let mut header = header(&holder);
        header["alg"] = algorithm.into();
        let found = &jades::read(&signed_with(&holder, &header), &NoContent).unwrap()[0];
        assert_eq!(found.integrity, Integrity::NotVerified, "{algorithm}");
        assert!(found.algorithm.is_err());
    }
    // an algorithm of other keys
    for algorithm in ["ES384", "ES512", "RS256", "PS256"] {
        let mut header = header(&holder);
        header["alg"] = algorithm.into();
        let found = &jades::read(&signed_with(&holder, &header), &NoContent).unwrap()[0];
        assert_eq!(found.integrity, Integrity::SignatureInvalid, "{algorithm}");
    }
}

#[test]
fn the_certificate_must_be_the_one_that_is_named() {
    let holder = pki().signer(Kind::P256);
    let other = pki().signer(Kind::P384);
    for (name, value) in [
        ("x5t#S256", json!(base64url::encode(&other.certificate.sha256()))),
        ("x5t#o", json!({"digAlg": "S512", "digVal": base64url::encode(&[0; 64])})),
        ("sigX5ts", json!([{"digAlg": "S256", "digVal": "AA"}])),
    ] {
        let mut header = header(&holder);
        header[name] = value;
        let found = &jades::read(&signed_with(&holder, &header), &NoContent).unwrap()[0];
        assert!(matches!(found.signer, SigningCertificate::Mismatch), "{name}");
        assert_eq!(found.integrity, Integrity::NotVerified);
    }
    let mut nobody = header(&holder);
    nobody.as_object_mut().unwrap().retain(|name, _| name == "iat");
    let found = &jades::read(&signed_with(&holder, &nobody), &NoContent).unwrap()[0];
    assert!(matches!(found.signer, SigningCertificate::NotFound));
    assert_eq!((found.integrity, found.format_faults.len()), (Integrity::NotVerified, 1));
}

#[test]
fn the_unprotected_header_says_nothing() {
    let holder = pki().signer(Kind::P256);
    let mut task = creation(&holder, "ES256", "flattened", &header(&holder), CONTENT);
    task["unprotected"] = json!({"kid": "somebody"});
    let found = &jades::read(&made(Judge::JavaScript, &task), &NoContent).unwrap()[0];
    assert_eq!((found.integrity, found.format_faults.len()), (Integrity::Intact, 1));
    // a parameter in both headers has two meanings
    let mut document: Value = serde_json::from_slice(&made(Judge::JavaScript, &task)).unwrap();
    document["header"] = json!({"iat": 2});
    assert!(jades::read(document.to_string().as_bytes(), &NoContent).is_err());
}

#[test]
fn content_that_only_others_could_find_is_missing() {
    let holder = pki().signer(Kind::P256);
    for mechanism in ["http://uri.etsi.org/19182/HttpHeaders", "http://uri.etsi.org/19182/ObjectIdByURI"] {
        let mut header = header(&holder);
        header["crit"] = json!(["sigD"]);
        header["sigD"] = json!({"mId": mechanism, "pars": ["(request-target)"]});
        let found = &jades::read(&signed_over(&holder, &header, b""), &CONTENT).unwrap()[0];
        assert_eq!(found.integrity, Integrity::ContentMissing, "{mechanism}");
    }
    // content named beside a payload would be covered by nothing
    let mut header = header(&holder);
    header["crit"] = json!(["sigD"]);
    header["sigD"] = json!({"mId": jades::detached::OBJECT_ID_BY_URI_HASH, "pars": ["a"], "hashM": "S256", "hashV": ["AA"]});
    assert!(jades::read(&signed_with(&holder, &header), &NoContent).is_err());
}

/// A document whose header is whatever a test wants, signed with the holder's P-256 key.
pub(crate) fn signed_with(holder: &Holder, header: &Value) -> Vec<u8> {
    signed_over(holder, header, CONTENT)
}

fn signed_over(holder: &Holder, header: &Value, content: &[u8]) -> Vec<u8> {
    let mut header = header.clone();
    if header.get("alg").is_none() {
        header["alg"] = "ES256".into();
    }
    let algorithm = bitaqa_signature::SignatureAlgorithm::Ecdsa(bitaqa_signature::Hash::Sha256);
    let input =
        format!("{}.{}", base64url::encode(header.to_string().as_bytes()), base64url::encode(content));
    let digest = algorithm.hash().digest(&[input.as_bytes()]);
    let signature = bitaqa_signature::algorithm::ecdsa_raw(&holder.sign(algorithm, &digest), 32).unwrap();
    format!("{input}.{}", base64url::encode(&signature)).into_bytes()
}
