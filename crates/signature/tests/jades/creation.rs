//! What is made here is verified by others.

use bitaqa_jose::base64url;
use bitaqa_signature::{
    Hash, SignatureAlgorithm,
    algorithm::AlgorithmError,
    found::{Coverage, Integrity, SigningCertificate},
    jades::{self, Content, DetachedObject, JadesError, NoContent, Options, Serialization, algorithm},
    signer::SignerError,
    statement::{Commitment, Place, SignaturePolicy, SignerStatement},
};
use bitaqa_trust::ObjectIdentifier;
use serde_json::{Value, json};

use crate::{
    CONTENT, SERIALIZATIONS, finished,
    judges::{JUDGES, Judge},
    options, pem, signed, statement,
    support::{Kind, pki},
};

const WITH_NAMES: [Kind; 6] =
    [Kind::P256, Kind::P384, Kind::P521, Kind::Rsa2048, Kind::Rsa3072, Kind::RsaPss];

fn verification(document: &[u8], certificate: &str, algorithm: &str) -> Value {
    let document = String::from_utf8(document.to_vec()).unwrap();
    json!({"task": "verify", "document": document, "certificate": certificate, "algorithm": algorithm})
}

#[test]
fn every_registered_algorithm_in_every_serialisation_is_verified_by_others() {
    let mut tasks = Vec::new();
    let mut restricted = Vec::new();
    for kind in WITH_NAMES {
        let holder = pki().signer(kind);
        let key = holder.certificate.public_key().unwrap().kind();
        for signature_algorithm in SignatureAlgorithm::of_key(key) {
            let Ok(name) = algorithm::name(signature_algorithm, key) else { continue };
            let signer = holder.with(signature_algorithm);
            for serialization in SERIALIZATIONS {
                let content = Content::Attached(CONTENT);
                let prepared =
                    jades::prepare(&signer, content, options(serialization), &statement()).unwrap();
                let document = finished(prepared, &holder, &signer);
                let found = jades::read(&document, &NoContent).unwrap();
                assert_eq!(found.len(), 1);
                assert_eq!(found[0].integrity, Integrity::Intact, "{name}");
                assert_eq!(found[0].format_faults, Vec::<String>::new());
                assert_eq!(found[0].remarks, Vec::<String>::new());
                let task = verification(&document, &pem(&holder), name);
                if kind == Kind::RsaPss { restricted.push(task) } else { tasks.push(task) }
            }
        }
    }
    assert_eq!((tasks.len(), restricted.len()), (3 * 3 + 2 * 6 * 3, 3 * 3));
    for judge in JUDGES {
        for result in judge.done(&tasks) {
            assert_eq!(result["content"], base64url::encode(CONTENT));
        }
    }
    // Web Cryptography does not import keys that are restricted to PSS
    assert_eq!(Judge::Python.done(&restricted).len(), restricted.len());
}

#[test]
fn what_has_no_registered_name_is_refused() {
    for (kind, signature_algorithm) in [
        (Kind::Brainpool256, SignatureAlgorithm::Ecdsa(Hash::Sha256)),
        (Kind::Brainpool512, SignatureAlgorithm::Ecdsa(Hash::Sha512)),
        (Kind::P256, SignatureAlgorithm::Ecdsa(Hash::Sha384)),
        (Kind::P256, SignatureAlgorithm::Ecdsa(Hash::Sha3_256)),
        (Kind::Rsa2048, SignatureAlgorithm::RsaPkcs1(Hash::Sha3_512)),
    ] {
        let signer = pki().signer(kind).with(signature_algorithm);
        let error = jades::prepare(&signer, Content::Attached(CONTENT), Options::default(), &statement())
            .unwrap_err();
        assert!(matches!(error, JadesError::Algorithm(AlgorithmError::Name { .. })), "{kind:?}: {error}");
    }
}

#[test]
fn objects_elsewhere_are_named_with_their_digests() {
    let holder = pki().signer(Kind::P384);
    let files: [(&str, &[u8]); 2] = [("contract.pdf", b"%PDF-1.7"), ("annex%201.txt", b"")];
    for hash in [Hash::Sha256, Hash::Sha512, Hash::Sha3_384] {
        let objects: Vec<_> =
            files.iter().map(|(name, content)| DetachedObject::new(name, hash, content)).collect();
        let objects = [objects[0].clone().with_media_type("application/pdf"), objects[1].clone()];
        for serialization in SERIALIZATIONS {
            let document = signed(&holder, Content::Detached(&objects), serialization);
            let found = &jades::read(&document, &files[..]).unwrap()[0];
            assert_eq!((found.integrity, &found.format_faults), (Integrity::Intact, &Vec::new()));
            assert_eq!(found.content_hashes, [hash]);
            let names = files.iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(found.coverage, Coverage::Parts(names));
            let changed: [(&str, &[u8]); 2] = [files[0], ("annex%201.txt", b"1")];
            assert_eq!(jades::read(&document, &changed[..]).unwrap()[0].integrity, Integrity::ContentChanged);
            assert_eq!(jades::read(&document, &files[..1]).unwrap()[0].integrity, Integrity::ContentMissing);
            let task = verification(&document, &pem(&holder), "ES384");
            for judge in JUDGES {
                let result = &judge.done(std::slice::from_ref(&task))[0];
                // `jwcrypto` lists the headers of all signatures
                let header = result["header"].get(0).unwrap_or(&result["header"]);
                assert_eq!((&result["content"], &header["crit"]), (&json!(""), &json!(["sigD"])));
            }
        }
    }
}

#[test]
fn digests_of_objects_are_over_their_base64url_text() {
    let holder = pki().signer(Kind::P256);
    let object = DetachedObject::new("a", Hash::Sha256, b"what is signed");
    let document = signed(&holder, Content::Detached(&[object]), Serialization::Compact);
    let header = base64url::decode(String::from_utf8(document).unwrap().split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    // printf %s "$(printf 'what is signed' | basenc --base64url | tr -d '=\n')" | openssl sha256 -binary | basenc --base64url
    let text = pki().file("object.b64", base64url::encode(b"what is signed").as_bytes());
    let digest = pki().run(&["dgst", "-sha256", "-binary", text.to_str().unwrap()]);
    assert_eq!(header["sigD"]["hashV"], json!([base64url::encode(&digest)]));
}

#[test]
fn all_that_is_said_is_read_again() {
    let said = SignerStatement {
        commitments: vec![Commitment::ProofOfApproval, Commitment::ProofOfOrigin],
        claimed_roles: vec!["مديرة".to_owned()],
        place: Some(Place {
            locality: Some("Rabat".to_owned()),
            country: Some("MA".to_owned()),
            ..Place::default()
        }),
        policy: Some(SignaturePolicy {
            identifier: ObjectIdentifier::new_unwrap("1.2.3.4"),
            digest: vec![1; 32],
            hash: Hash::Sha256,
            uri: None,
        }),
        media_type: Some("application/json".to_owned()),
        ..statement()
    };
    let holder = pki().signer(Kind::P256);
    let signer = holder.best();
    for hash in [Hash::Sha256, Hash::Sha512, Hash::Sha3_256] {
        let wish = Options { certificate_hash: hash, serialization: Serialization::Compact };
        let prepared = jades::prepare(&signer, Content::Attached(CONTENT), wish, &said).unwrap();
        let document = finished(prepared, &holder, &signer);
        let found = &jades::read(&document, &NoContent).unwrap()[0];
        assert_eq!(found.statement, said);
        assert_eq!((&found.format_faults, &found.remarks), (&Vec::new(), &Vec::new()));
        assert!(matches!(&found.signer, SigningCertificate::Bound(bound) if **bound == holder.certificate));
        for judge in JUDGES {
            judge.done(&[verification(&document, &pem(&holder), "ES256")]);
        }
    }
    let untimed = SignerStatement::default();
    let error =
        jades::prepare(&signer, Content::Attached(CONTENT), Options::default(), &untimed).unwrap_err();
    assert!(matches!(error, JadesError::Inexpressible(_)));
}

#[test]
fn a_second_signer_signs_beside_the_first() {
    let first = pki().signer(Kind::P256);
    let second = pki().signer(Kind::Rsa2048);
    let signer = second.best();
    let object = [DetachedObject::new("a", Hash::Sha256, CONTENT)];
    let files: [(&str, &[u8]); 1] = [("a", CONTENT)];
    for (content, objects) in
        [(Content::Attached(CONTENT), None), (Content::Detached(&object), Some(&object[..]))]
    {
        for serialization in SERIALIZATIONS {
            let document = signed(&first, content, serialization);
            let before = String::from_utf8(document.clone()).unwrap();
            let prepared =
                jades::prepare_beside(&document, &signer, objects, Options::default(), &statement()).unwrap();
            let document = finished(prepared, &second, &signer);
            let found = jades::read(&document, &files[..]).unwrap();
            assert_eq!(found.len(), 2);
            assert!(found.iter().all(|found| found.integrity == Integrity::Intact));
            let text: Value = serde_json::from_slice(&document).unwrap();
            let kept = text["signatures"][0]["signature"].as_str().unwrap();
            assert!(before.contains(kept), "the first signature stays as it was");
            let tasks = [
                verification(&document, &pem(&first), "ES256"),
                verification(&document, &pem(&second), "RS256"),
            ];
            assert_eq!(Judge::JavaScript.done(&tasks).len(), 2);
        }
    }
    let attached = signed(&first, Content::Attached(CONTENT), Serialization::General);
    let other = jades::prepare_beside(&attached, &signer, Some(&object), Options::default(), &statement());
    assert!(matches!(other.unwrap_err(), JadesError::Inexpressible(_)));
}

#[test]
fn a_signature_of_somebody_else_lands_nowhere() {
    let holder = pki().signer(Kind::P256);
    let signer = holder.best();
    let prepared =
        jades::prepare(&signer, Content::Attached(CONTENT), Options::default(), &statement()).unwrap();
    let other = signer.algorithm().hash().digest(&[b"something else"]);
    let signature = holder.sign(signer.algorithm(), &other);
    assert_eq!(prepared.finish(&signature), Err(JadesError::Signer(SignerError::Signature)));
}
