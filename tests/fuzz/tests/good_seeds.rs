//! Seeds that are meant to be good are: a fuzzer that begins with refused ones never sees what lies behind the signature.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

use std::{fs, io::Cursor, time::Duration};

use bitaqa_fuzz::{JOSE_TYPE, TRUST_PACK, joined_statements, jose_keys, signed, with_key};
use bitaqa_jose::{
    CompactJwe, CompactJws, SignatureAlgorithm,
    jwe::JweRules,
    jws::{ExpectedType, JwsRules},
};
use bitaqa_protocol::{
    host::ToHost, identity::StatementText, page::PageRequest, signing_request::SigningRequest,
};
use bitaqa_signature::{
    Hash, SignatureAlgorithm as DocumentAlgorithm,
    asic::{
        self, Container,
        zip::{Limits, ZipReader},
    },
    cades,
    found::Integrity,
    to_be_signed::{Format, ToBeSigned},
    xades,
    xml::Document,
};
use bitaqa_trust::{DateTime, TrustPack, TrustPacks, mediation, statement, trust_pack};

/// A seed without the byte that chooses.
fn seed(name: &str) -> String {
    let path = format!("{}/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
    String::from_utf8(fs::read(path).unwrap().split_off(1)).unwrap()
}

#[test]
fn signed_and_encrypted_texts_open() {
    let type_ = ExpectedType::Is(JOSE_TYPE);
    let rules = JwsRules { type_, algorithms: &SignatureAlgorithm::ALL, max_length: 4096 };
    for key in jose_keys() {
        let curve = key.public().curve();
        let text = seed(&format!("jws/signed-{curve}"));
        assert_eq!(CompactJws::parse(&text, &rules).unwrap().verify(key.public()).unwrap(), b"{}");
    }
    for key in jose_keys().iter().take(2) {
        let text = seed(&format!("jwe/encrypted-{}", key.public().curve()));
        let jwe = CompactJwe::parse(
            &text,
            &JweRules { type_, encryptions: &[bitaqa_jose::ContentEncryption::A256Gcm], max_length: 4096 },
        )
        .unwrap();
        assert_eq!(jwe.decrypt(key).unwrap().as_slice(), b"secret");
    }
}

#[test]
fn the_statement_is_believed_on_the_word_of_the_pack() {
    assert!(TrustPack::parse(&seed("trust_pack/signed")).is_ok());
    let pack = signed(trust_pack::TYPE, with_key(TRUST_PACK).as_bytes()).unwrap();
    let packs = TrustPacks::new(vec![TrustPack::parse(&pack).unwrap()]);
    let at = DateTime::from_unix_duration(Duration::from_secs(1_780_315_200)).unwrap();
    statement::verify(&seed("statement/signed"), &packs, at).unwrap();
    let joined = joined_statements(seed("mediation/payload").as_bytes()).unwrap();
    mediation::verify(&StatementText::parse(&joined).unwrap(), &packs, at).unwrap();
}

#[test]
fn bytes_to_be_signed_are_read() {
    for (name, format) in [
        ("attributes", Format::CmsSignedAttributes),
        ("signed-info", Format::XmlSignedInfo),
        ("jws-payload", Format::JwsSigningInput),
        ("jws-digests", Format::JwsSigningInput),
    ] {
        let path = format!("{}/corpus/to_be_signed/{name}", env!("CARGO_MANIFEST_DIR"));
        let bytes = fs::read(path).unwrap().split_off(1);
        let read = ToBeSigned::read(format, &bytes, DocumentAlgorithm::Ecdsa(Hash::Sha256));
        assert!(read.is_ok(), "{name}: {read:?}");
    }
}

#[test]
fn frames_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/frame");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if !path.file_name().unwrap().to_string_lossy().starts_with("found-") {
            let text = fs::read_to_string(&path).unwrap();
            assert!(ToHost::parse(&text).is_ok(), "{}: {:?}", path.display(), ToHost::parse(&text));
        }
    }
}

#[test]
fn requests_of_pages_are_read() {
    let seed = |name: &str| {
        fs::read_to_string(format!("{}/corpus/page_request/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    for name in ["status", "authenticate"] {
        assert!(PageRequest::parse(&seed(name)).is_ok(), "{name}");
    }
    for name in ["sign", "sign-digests", "signing-certificates"] {
        assert!(SigningRequest::parse(&seed(name)).is_ok(), "{name}");
    }
}

#[test]
fn signatures_in_every_format_are_read() {
    let seed = |name: &str| fs::read(format!("{}/corpus/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    for name in ["attached", "certificates", "indefinite-lengths"] {
        let found = cades::read(&seed(&format!("cms/{name}")), &mut cades::no_content).unwrap();
        assert_eq!(found[0].integrity, Integrity::Intact, "{name}");
    }
    let found = cades::read(&seed("cms/detached"), &mut cades::content_of(b"a")).unwrap();
    assert_eq!(found[0].integrity, Integrity::Intact);
    let found = xades::read(&seed("xml/signed")[1..], &xades::NoContent).unwrap();
    assert_eq!(found[0].integrity, Integrity::Intact);
    for name in ["namespaces", "attributes", "text"] {
        Document::parse(&seed(&format!("xml/{name}"))[1..]).unwrap();
    }
    for name in ["simple-cms", "simple-xml", "extended-cms"] {
        let mut container = Container::open(Cursor::new(seed(&format!("zip/{name}")))).unwrap();
        assert_eq!(asic::read(&mut container).unwrap().signatures[0].integrity, Integrity::Intact, "{name}");
    }
    let archive = ZipReader::open(Cursor::new(seed("zip/files")), Limits::default()).unwrap();
    assert_eq!(archive.entries().len(), 4);
}
