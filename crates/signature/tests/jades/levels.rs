//! Time stamps, validation data and counter-signatures.

use std::sync::atomic::{AtomicUsize, Ordering};

use bitaqa_jose::base64url;
use bitaqa_signature::{
    Hash,
    found::{EmbeddedRevocation, FoundTimeStamp, Integrity},
    jades::{self, Content, DetachedObject, JadesError, NoContent, Options, Serialization, extension},
    time_stamp::{TimeStampRequest, TimeStampToken, token_of_response},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{
    CONTENT, SERIALIZATIONS, finished,
    judges::JUDGES,
    pem, signed, statement,
    support::{Kind, judge, pki},
};

/// A token of the test authority over a digest.
fn token(hash: Hash, digest: &[u8]) -> Vec<u8> {
    let request = TimeStampRequest::new(hash, digest, Some([7; 8])).unwrap();
    token_of_response(&pki().time_stamp(&request.to_der()), &request).unwrap()
}

/// Whether a token covers what it must, by its own word and by that of `openssl ts`.
fn covers(found: &FoundTimeStamp) -> bool {
    let parsed = TimeStampToken::parse(&found.token).unwrap();
    let Some(digest) = &found.covered_digest else { return false };
    if digest != parsed.imprint() {
        return false;
    }
    let digest = digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    // tests run side by side
    static STAMPS: AtomicUsize = AtomicUsize::new(0);
    let number = STAMPS.fetch_add(1, Ordering::Relaxed);
    let file = pki().file(&format!("stamp_{number}.tst"), &found.token);
    let (root, chain) = (pki().path("root.pem"), pki().path("ca.pem"));
    let arguments = [
        "ts".as_ref(),
        "-verify".as_ref(),
        "-digest".as_ref(),
        digest.as_ref(),
        "-token_in".as_ref(),
        "-in".as_ref(),
        file.as_os_str(),
        "-CAfile".as_ref(),
        root.as_os_str(),
        "-untrusted".as_ref(),
        chain.as_os_str(),
    ];
    let verdict = judge::ask("openssl", arguments);
    assert!(verdict.success, "{}", verdict.text);
    true
}

#[test]
fn a_signature_grows_to_every_level_and_stays_valid() {
    let holder = pki().signer(Kind::P256);
    let objects = [DetachedObject::new("a", Hash::Sha256, CONTENT)];
    let files: [(&str, &[u8]); 1] = [("a", CONTENT)];
    let revocation = EmbeddedRevocation {
        lists: vec![pki().revocation_list().into()],
        answers: vec![pki().ocsp_response(&holder).into()],
    };
    for content in [Content::Attached(CONTENT), Content::Detached(&objects)] {
        for (serialization, hash) in
            SERIALIZATIONS.into_iter().zip([Hash::Sha256, Hash::Sha384, Hash::Sha512])
        {
            let document = signed(&holder, content, serialization);
            let digest = extension::signature_time_stamp_digest(&document, 0, hash).unwrap();
            let document = extension::with_signature_time_stamp(&document, 0, &token(hash, &digest)).unwrap();
            let certificates = [pki().authority(), pki().root()];
            let document = extension::with_validation_data(&document, 0, &certificates, &revocation).unwrap();
            let digest = extension::archive_time_stamp_digest(&document, 0, &files[..], hash).unwrap();
            let document =
                extension::with_archive_time_stamp(&document, 0, &files[..], &token(hash, &digest)).unwrap();
            // and once more, for longer
            let document = extension::with_validation_data(&document, 0, &[], &revocation).unwrap();
            let digest = extension::archive_time_stamp_digest(&document, 0, &files[..], hash).unwrap();
            let document =
                extension::with_archive_time_stamp(&document, 0, &files[..], &token(hash, &digest)).unwrap();

            let found = &jades::read(&document, &files[..]).unwrap()[0];
            assert_eq!((found.integrity, &found.format_faults), (Integrity::Intact, &Vec::new()));
            assert_eq!(found.remarks, Vec::<String>::new());
            assert_eq!(found.signature_time_stamps.len(), 1);
            assert_eq!(found.archive_time_stamps.len(), 2);
            for stamp in found.signature_time_stamps.iter().chain(&found.archive_time_stamps) {
                assert!(covers(stamp));
            }
            assert_eq!((found.revocation.lists.len(), found.revocation.answers.len()), (2, 2));
            assert!(found.certificates.contains(&pki().root()));
            let material = &found.archive_time_stamps[0].covered_material;
            for covered in [&*revocation.lists[0], &found.signature_time_stamps[0].token, pki().root().der()]
            {
                assert!(material.contains(&Sha256::digest(covered).into()));
            }
            assert!(!material.contains(&Sha256::digest(&found.archive_time_stamps[0].token).into()));
            // what was signed is still what others verify
            let task = json!({"task": "verify", "document": String::from_utf8(document).unwrap(),
                "certificate": pem(&holder), "algorithm": "ES256"});
            for judge in JUDGES {
                judge.done(std::slice::from_ref(&task));
            }
        }
    }
}

#[test]
fn what_time_stamps_cover_is_computed_by_somebody_else_too() {
    // by the words of the standard, with nothing of this project's but the document
    const IMPRINTS: &str = "
import base64, hashlib, json, sys
document = json.loads(sys.argv[1])
properties = document['header']['etsiU']
before = b''.join(text.encode() for text in properties[:-1])
signature = document['signature'].encode()
print(hashlib.sha256(signature).hexdigest())
covered = document['payload'].encode() + b'.' + document['protected'].encode() + b'.' + signature + b'.' + before
print(hashlib.sha256(covered).hexdigest())
";
    let holder = pki().signer(Kind::P256);
    let document = signed(&holder, Content::Attached(CONTENT), Serialization::Flattened);
    let digest = extension::signature_time_stamp_digest(&document, 0, Hash::Sha256).unwrap();
    let document = extension::with_signature_time_stamp(&document, 0, &token(Hash::Sha256, &digest)).unwrap();
    let archive = extension::archive_time_stamp_digest(&document, 0, &NoContent, Hash::Sha256).unwrap();
    let document =
        extension::with_archive_time_stamp(&document, 0, &NoContent, &token(Hash::Sha256, &archive)).unwrap();
    let document = String::from_utf8(document).unwrap();
    let verdict = judge::ask(judge::python(), ["-c", IMPRINTS, &document]);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(verdict.text.lines().collect::<Vec<_>>(), [hex(&digest), hex(&archive)]);
}

#[test]
fn a_time_stamp_over_something_else_lands_nowhere() {
    let holder = pki().signer(Kind::P256);
    let document = signed(&holder, Content::Attached(CONTENT), Serialization::Compact);
    let other = token(Hash::Sha256, &Hash::Sha256.digest(&[b"something else"]));
    let error = JadesError::Malformed("the time stamp");
    assert_eq!(extension::with_signature_time_stamp(&document, 0, &other), Err(error.clone()));
    assert_eq!(extension::with_archive_time_stamp(&document, 0, &NoContent, &other), Err(error.clone()));
    assert_eq!(extension::with_signature_time_stamp(&document, 0, b"no token"), Err(error));
    let error = JadesError::NoSuchSignature { index: 1 };
    assert_eq!(extension::with_signature_time_stamp(&document, 1, &other), Err(error));
}

#[test]
fn a_time_stamp_that_was_moved_covers_nothing() {
    let holder = pki().signer(Kind::P256);
    let [one, other] = [&b"one"[..], b"other"].map(|content| {
        let document = signed(&holder, Content::Attached(content), Serialization::Flattened);
        let digest = extension::signature_time_stamp_digest(&document, 0, Hash::Sha256).unwrap();
        let document =
            extension::with_signature_time_stamp(&document, 0, &token(Hash::Sha256, &digest)).unwrap();
        serde_json::from_slice::<Value>(&document).unwrap()
    });
    let mut mixed = one;
    mixed["header"] = other["header"].clone();
    let found = &jades::read(mixed.to_string().as_bytes(), &NoContent).unwrap()[0];
    assert_eq!(found.integrity, Integrity::Intact);
    assert!(!covers(&found.signature_time_stamps[0]));
}

#[test]
fn properties_in_the_clear_are_read_and_added_to() {
    let holder = pki().signer(Kind::P256);
    let document = signed(&holder, Content::Attached(CONTENT), Serialization::Flattened);
    let digest = extension::signature_time_stamp_digest(&document, 0, Hash::Sha256).unwrap();
    let document = extension::with_signature_time_stamp(&document, 0, &token(Hash::Sha256, &digest)).unwrap();
    let mut clear: Value = serde_json::from_slice(&document).unwrap();
    let property = base64url::decode(clear["header"]["etsiU"][0].as_str().unwrap()).unwrap();
    clear["header"]["etsiU"][0] = serde_json::from_slice(&property).unwrap();
    let clear = clear.to_string();
    let document =
        extension::with_validation_data(clear.as_bytes(), 0, &[pki().root()], &EmbeddedRevocation::default())
            .unwrap();
    let found = &jades::read(&document, &NoContent).unwrap()[0];
    assert!(covers(&found.signature_time_stamps[0]));
    assert!(found.certificates.contains(&pki().root()));
    let error = extension::archive_time_stamp_digest(&document, 0, &NoContent, Hash::Sha256);
    assert_eq!(error, Err(JadesError::ClearProperties));
    // both forms in one list
    let mut mixed: Value = serde_json::from_slice(&document).unwrap();
    mixed["header"]["etsiU"][1] = base64url::encode(b"{\"xVals\":[]}").into();
    assert!(jades::read(mixed.to_string().as_bytes(), &NoContent).is_err());
}

#[test]
fn a_counter_signature_covers_the_signature() {
    let holder = pki().signer(Kind::P256);
    let witness = pki().signer(Kind::P384);
    let signer = witness.best();
    let mut document = signed(&holder, Content::Attached(CONTENT), Serialization::Compact);
    for number in 1..=2 {
        let prepared =
            extension::prepare_counter_signature(&document, 0, &signer, Options::default(), &statement())
                .unwrap();
        document = finished(prepared, &witness, &signer);
        let found = &jades::read(&document, &NoContent).unwrap()[0];
        assert_eq!(found.integrity, Integrity::Intact);
        assert_eq!(found.counter_signatures.len(), number);
        for counter in &found.counter_signatures {
            assert_eq!((counter.integrity, &counter.format_faults), (Integrity::Intact, &Vec::new()));
            assert_eq!(counter.signer.certificate(), Some(&witness.certificate));
        }
    }
    // others verify it over the value of the signature
    let text: Value = serde_json::from_slice(&document).unwrap();
    let property = base64url::decode(text["header"]["etsiU"][0].as_str().unwrap()).unwrap();
    let property: Value = serde_json::from_slice(&property).unwrap();
    let task = json!({"task": "verify", "document": property["cSig"].to_string(), "payload": text["signature"],
        "certificate": pem(&witness), "algorithm": "ES384"});
    for judge in JUDGES {
        assert_eq!(judge.done(std::slice::from_ref(&task))[0]["content"], text["signature"]);
    }
    // and it does not hold for another signature
    let other = signed(&holder, Content::Attached(b"other"), Serialization::Flattened);
    let mut other: Value = serde_json::from_slice(&other).unwrap();
    other["header"] = text["header"].clone();
    let found = &jades::read(other.to_string().as_bytes(), &NoContent).unwrap()[0];
    assert_eq!(found.counter_signatures[0].integrity, Integrity::SignatureInvalid);
}
