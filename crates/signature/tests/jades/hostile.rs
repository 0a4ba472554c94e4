//! Files that an attacker writes.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_jose::base64url;
use bitaqa_signature::{
    FoundSignature, Hash, SignatureAlgorithm,
    found::{EmbeddedRevocation, Integrity},
    jades::{self, Content, DetachedObject, NoContent, Serialization, extension},
    time_stamp::{TimeStampRequest, token_of_response},
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{
    CONTENT, SERIALIZATIONS, signed,
    support::{Holder, Kind, pki},
};

/// What a validator would make of a signature: nothing of this may change in silence.
fn said(found: &[FoundSignature]) -> Option<String> {
    let passed =
        |found: &FoundSignature| found.integrity == Integrity::Intact && found.format_faults.is_empty();
    found.iter().all(passed).then(|| {
        let each = found.iter().map(|found| {
            let stamps =
                [&found.content_time_stamps, &found.signature_time_stamps, &found.archive_time_stamps].map(
                    |stamps| {
                        stamps.iter().map(|stamp| (&stamp.token, &stamp.covered_digest)).collect::<Vec<_>>()
                    },
                );
            format!(
                "{:?} {:?} {:?} {stamps:?} {:?} {:?}",
                found.signer, found.statement, found.coverage, found.revocation, found.certificates
            )
        });
        each.collect()
    })
}

#[test]
fn a_flipped_bit_is_noticed_or_changes_nothing() {
    let holder = pki().signer(Kind::P256);
    let objects = [DetachedObject::new("a", Hash::Sha256, CONTENT)];
    let files: [(&str, &[u8]); 1] = [("a", CONTENT)];
    for content in [Content::Attached(CONTENT), Content::Detached(&objects)] {
        for serialization in SERIALIZATIONS {
            let document = signed(&holder, content, serialization);
            let original = said(&jades::read(&document, &files[..]).unwrap());
            assert!(original.is_some());
            let mut unchanged = 0;
            for position in 0..document.len() {
                for bit in [0x01, 0x20, 0x80] {
                    let mut changed = document.clone();
                    changed[position] ^= bit;
                    let Ok(found) = jades::read(&changed, &files[..]) else { continue };
                    let now = said(&found);
                    assert!(now.is_none() || now == original, "byte {position} of {serialization:?}");
                    unchanged += usize::from(now.is_some());
                }
            }
            // only what a parser skips may change: names of members that then are nobody's (`payload` of a detached document is
            // not there at all), which none of these documents can afford
            assert_eq!(unchanged, 0, "{serialization:?}");
        }
    }
}

#[test]
fn a_flipped_bit_of_unsigned_properties_proves_no_more_than_before() {
    let holder = pki().signer(Kind::P256);
    let document = signed(&holder, Content::Attached(CONTENT), Serialization::Flattened);
    let digest = extension::signature_time_stamp_digest(&document, 0, Hash::Sha256).unwrap();
    let request = TimeStampRequest::new(Hash::Sha256, &digest, None).unwrap();
    let token = token_of_response(&pki().time_stamp(&request.to_der()), &request).unwrap();
    let document = extension::with_signature_time_stamp(&document, 0, &token).unwrap();
    let document =
        extension::with_validation_data(&document, 0, &[pki().root()], &EmbeddedRevocation::default())
            .unwrap();
    let original = jades::read(&document, &NoContent).unwrap().remove(0);
    for position in 0..document.len() {
        let mut changed = document.clone();
        changed[position] ^= 0x01;
        let Ok(found) = jades::read(&changed, &NoContent) else { continue };
        let found = &found[0];
        if found.integrity != Integrity::Intact || !found.format_faults.is_empty() {
            continue;
        }
        assert_eq!(found.statement, original.statement);
        assert_eq!(found.signer.certificate(), original.signer.certificate());
        // a time stamp is the same, or another one (which its own signature decides), or gone; never two
        assert!(found.signature_time_stamps.len() <= 1);
        for stamp in &found.signature_time_stamps {
            assert!(stamp.covered_digest.is_none() || stamp.covered_digest.as_ref() == Some(&digest));
        }
    }
}

#[test]
fn texts_that_are_read_in_two_ways_are_refused() {
    let holder = pki().signer(Kind::P256);
    let document = signed(&holder, Content::Attached(CONTENT), Serialization::Flattened);
    let text = String::from_utf8(document).unwrap();
    let twice = text.replacen('{', "{\"payload\":\"e30\",", 1);
    assert!(jades::read(twice.as_bytes(), &NoContent).is_err());
    let compact =
        String::from_utf8(signed(&holder, Content::Attached(CONTENT), Serialization::Compact)).unwrap();
    for changed in [
        format!("{compact}="),
        format!("{compact}\n"),
        format!(" {compact}"),
        format!("{compact}."),
        compact.replace('.', ".."),
        compact.replace('_', "/"),
    ] {
        assert!(changed == compact || jades::read(changed.as_bytes(), &NoContent).is_err(), "{changed}");
    }
    // stray bits at the end of the signature's text
    let last = compact.len() - 1;
    for letter in ["A", "B", "C", "D"] {
        let changed = format!("{}{letter}", &compact[..last]);
        if changed != compact {
            let refused = jades::read(changed.as_bytes(), &NoContent)
                .map_or(true, |found| found[0].integrity != Integrity::Intact);
            assert!(refused, "{letter}");
        }
    }
}

#[test]
fn a_public_key_is_no_secret() {
    // HMAC with what everybody has as its key: the certificate's key in DER, in PEM, and the certificate
    let holder = pki().signer(Kind::Rsa2048);
    let pem = std::fs::read_to_string(&holder.certificate_file).unwrap();
    let public = pki().run(&["x509", "-in", holder.certificate_file.to_str().unwrap(), "-noout", "-pubkey"]);
    let body: String =
        String::from_utf8(public.clone()).unwrap().lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(body).unwrap();
    let certificate = holder.certificate.der().to_vec();
    for (name, hash) in [("HS256", "sha256"), ("HS384", "sha384"), ("HS512", "sha512")] {
        for key in [&der, &public, &pem.clone().into_bytes(), &certificate] {
            let header = json!({"alg": name, "iat": 1, "x5c": [STANDARD.encode(&certificate)]});
            let input = format!(
                "{}.{}",
                base64url::encode(header.to_string().as_bytes()),
                base64url::encode(CONTENT)
            );
            let hexadecimal: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            let file = pki().file("hmac.input", input.as_bytes());
            let mac = pki().run(&[
                "dgst",
                &format!("-{hash}"),
                "-mac",
                "HMAC",
                "-macopt",
                &format!("hexkey:{hexadecimal}"),
                "-binary",
                file.to_str().unwrap(),
            ]);
            let document = format!("{input}.{}", base64url::encode(&mac));
            let found = jades::read(document.as_bytes(), &NoContent).unwrap().remove(0);
            assert_eq!(found.integrity, Integrity::NotVerified, "{name}");
            assert!(found.algorithm.is_err());
        }
    }
}

#[test]
fn no_signature_at_all_is_none() {
    let holder = pki().signer(Kind::P256);
    let compact =
        String::from_utf8(signed(&holder, Content::Attached(CONTENT), Serialization::Compact)).unwrap();
    let parts: Vec<&str> = compact.split('.').collect();
    let mut header: Value = serde_json::from_slice(&base64url::decode(parts[0]).unwrap()).unwrap();
    // with and without the signature that was there
    for name in ["none", "None", "NONE", "nOnE", ""] {
        header["alg"] = name.into();
        let protected = base64url::encode(header.to_string().as_bytes());
        for signature in ["", parts[2]] {
            let document = format!("{protected}.{}.{signature}", parts[1]);
            let found = jades::read(document.as_bytes(), &NoContent);
            assert!(
                found.is_err() || found.is_ok_and(|found| found[0].integrity == Integrity::NotVerified),
                "{name}"
            );
        }
    }
}

#[test]
fn an_unencoded_payload_without_crit_has_its_fault() {
    // a program that does not know `b64` reads the payload in another way; `crit` is what keeps it from that
    let holder = pki().signer(Kind::P256);
    for (critical, faults) in [(json!(["b64"]), 0), (json!(null), 1), (json!(["iat"]), 1)] {
        let mut header = json!({
            "iat": 1,
            "b64": false,
            "x5c": [STANDARD.encode(holder.certificate.der())],
        });
        if !critical.is_null() {
            header["crit"] = critical;
        }
        let document = signed_unencoded(&holder, &header);
        let found = jades::read(document.as_bytes(), &NoContent).unwrap().remove(0);
        assert_eq!((found.integrity, found.format_faults.len()), (Integrity::Intact, faults), "{header}");
    }
}

/// A document whose payload is signed as it stands (RFC 7797).
fn signed_unencoded(holder: &Holder, header: &Value) -> String {
    let mut header = header.clone();
    header["alg"] = "ES256".into();
    let protected = base64url::encode(header.to_string().as_bytes());
    let payload = "plain text";
    let algorithm = SignatureAlgorithm::Ecdsa(Hash::Sha256);
    let digest = Hash::Sha256.digest(&[format!("{protected}.{payload}").as_bytes()]);
    let signature = bitaqa_signature::algorithm::ecdsa_raw(&holder.sign(algorithm, &digest), 32).unwrap();
    json!({"payload": payload, "protected": protected, "signature": base64url::encode(&signature)})
        .to_string()
}

#[test]
fn a_member_twice_is_refused_wherever_it_is() {
    let holder = pki().signer(Kind::P256);
    let document =
        String::from_utf8(signed(&holder, Content::Attached(CONTENT), Serialization::Flattened)).unwrap();
    let value: Value = serde_json::from_str(&document).unwrap();
    let [protected, signature] = ["protected", "signature"].map(|name| value[name].as_str().unwrap());
    for member in ["payload", "protected", "signature"] {
        // before and behind, and by another spelling of its name
        let twice = document.replacen('{', &format!("{{\"{member}\":\"e30\","), 1);
        assert!(jades::read(twice.as_bytes(), &NoContent).is_err(), "{member}");
        let escaped = format!("\\u00{:02x}{}", member.as_bytes()[0], &member[1..]);
        let spelled = document.replacen('{', &format!("{{\"{escaped}\":\"e30\","), 1);
        assert!(jades::read(spelled.as_bytes(), &NoContent).is_err(), "{escaped}");
    }
    // in the header: `alg` once as it was signed and once as somebody wants it is another header, so sign that
    let header = String::from_utf8(base64url::decode(protected).unwrap()).unwrap();
    let header = header.replacen('{', "{\"alg\":\"none\",", 1);
    let twice = document.replace(protected, &base64url::encode(header.as_bytes()));
    assert!(jades::read(twice.as_bytes(), &NoContent).is_err());
    // one of both forms in one document
    let both = document.replacen(
        '{',
        &format!("{{\"signatures\":[{{\"protected\":\"{protected}\",\"signature\":\"{signature}\"}}],"),
        1,
    );
    assert!(jades::read(both.as_bytes(), &NoContent).is_err());
}

#[test]
fn names_of_objects_are_compared_as_they_stand() {
    // two spellings of one URI: whoever resolves them finds one file, which would stand for two
    let holder = pki().signer(Kind::P256);
    let objects = [("annex%201.txt", CONTENT), ("annex 1.txt", b"other")]
        .map(|(name, content)| DetachedObject::new(name, Hash::Sha256, content));
    let document = signed(&holder, Content::Detached(&objects), Serialization::Flattened);
    let files: [(&str, &[u8]); 2] = [("annex%201.txt", CONTENT), ("annex 1.txt", b"other")];
    assert_eq!(jades::read(&document, &files[..]).unwrap()[0].integrity, Integrity::Intact);
    // a reader that takes one of them for both finds the other changed
    struct Resolved;
    impl jades::DetachedContent for Resolved {
        fn read(&self, name: Option<&str>, sink: &mut dyn FnMut(&[u8])) -> bool {
            let is_it = name.is_some_and(|name| name.replace("%20", " ") == "annex 1.txt");
            is_it.then(|| sink(CONTENT)).is_some()
        }
    }
    assert_eq!(jades::read(&document, &Resolved).unwrap()[0].integrity, Integrity::ContentChanged);
    let one = [DetachedObject::new("annex%201.txt", Hash::Sha256, CONTENT)];
    let document = signed(&holder, Content::Detached(&one), Serialization::Flattened);
    let other: [(&str, &[u8]); 1] = [("annex 1.txt", CONTENT)];
    assert_eq!(jades::read(&document, &other[..]).unwrap()[0].integrity, Integrity::ContentMissing);
}

#[test]
fn what_is_too_much_is_refused_before_it_costs_anything() {
    let many = json!({"signatures": vec![json!({"protected": "e30", "signature": "AA"}); 10_001]});
    assert!(jades::read(many.to_string().as_bytes(), &NoContent).is_err());
    let deep = "[".repeat(100_000);
    assert!(jades::read(format!("{{\"header\":{deep}").as_bytes(), &NoContent).is_err());
    let holder = pki().signer(Kind::P256);
    let document = signed(&holder, Content::Attached(CONTENT), Serialization::Flattened);
    let mut document: Value = serde_json::from_slice(&document).unwrap();
    document["header"] = json!({"etsiU": vec![base64url::encode(b"{\"own\":1}"); 1_001]});
    assert!(jades::read(document.to_string().as_bytes(), &NoContent).is_err());
    // counter-signatures over counter-signatures
    let mut nested: Value = document.clone();
    nested["header"] = json!({"etsiU": []});
    nested.as_object_mut().unwrap().remove("header");
    for _ in 0..8 {
        let mut inner = nested.clone();
        inner.as_object_mut().unwrap().remove("payload");
        nested["header"] = json!({"etsiU": [{"cSig": inner}]});
    }
    assert!(jades::read(nested.to_string().as_bytes(), &NoContent).is_err());
}

#[test]
fn ten_thousand_signatures_are_read() {
    let holder = pki().signer(Kind::P256);
    let document = signed(&holder, Content::Attached(CONTENT), Serialization::General);
    let mut document: Value = serde_json::from_slice(&document).unwrap();
    let one = document["signatures"][0].clone();
    document["signatures"] = vec![one; 10_000].into();
    let found = jades::read(document.to_string().as_bytes(), &NoContent).unwrap();
    assert_eq!(found.len(), 10_000);
    assert!(found.iter().all(|found| found.integrity == Integrity::Intact));
}

proptest! {
    #[test]
    fn no_text_is_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        let _ = jades::read(&bytes, &NoContent);
    }

    #[test]
    fn no_header_is_too_strange(
        members in proptest::collection::btree_map(
            prop::sample::select(vec![
                "alg", "crit", "b64", "iat", "sigT", "x5c", "x5t#S256", "x5t#o", "sigX5ts", "srCms", "sigPl", "srAts",
                "adoTst", "sigPId", "sigD", "cty", "own",
            ]),
            prop::sample::select(vec![
                json!(null), json!(true), json!(1), json!("ES256"), json!([]), json!({}), json!(["sigD"]),
                json!({"mId": "http://uri.etsi.org/19182/ObjectIdByURIHash", "pars": ["a"], "hashM": "S256", "hashV": ["AA"]}),
                json!({"tstTokens": [{"val": "AAAA"}]}), json!([{"digAlg": "S256", "digVal": "AA"}]),
            ]),
            0..8,
        ),
        property in prop::sample::select(vec![
            "{}", "{\"sigTst\":1}", "{\"sigTst\":{\"tstTokens\":[{\"val\":\"AAAA\"}]}}", "{\"arcTst\":{\"tstTokens\":[{\"val\":\"AAAA\"}]}}",
            "{\"cSig\":\"a.b.c\"}", "{\"xVals\":[{}]}", "{\"rVals\":{\"crlVals\":[{\"val\":\"\"}]}}", "{\"anyValData\":{\"xVals\":1}}",
        ]),
    ) {
        let members: serde_json::Map<String, Value> =
            members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let document = json!({
            "payload": "e30",
            "protected": base64url::encode(Value::Object(members).to_string().as_bytes()),
            "header": {"etsiU": [base64url::encode(property.as_bytes())]},
            "signature": "AA",
        });
        if let Ok(found) = jades::read(document.to_string().as_bytes(), &NoContent) {
            prop_assert!(found.iter().all(|found| found.integrity != Integrity::Intact));
        }
    }
}
