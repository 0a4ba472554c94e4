//! Trust packs: what is one, and what follows from it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod example_pack;
mod test_pki;

use std::collections::BTreeMap;

use bitaqa_jose::{Curve, JwsHeader, SignatureAlgorithm, base64url, jws};
use bitaqa_protocol::encode_base64;
use bitaqa_trust::{
    Assurance, Certificate, TrustPack, TrustPacks,
    issuer_profile_file::IssuerProfileError,
    trust_pack::{
        self, ContentsError, DocumentAuthorities, MakeError, PackContents, PackName, StatusSource, TYPE,
        TrustPackError,
        contents::{MAX_LIFETIME, ProfileFiles},
    },
};
use example_pack::{NOW, contents, issuer, key, known, pack, signed, signer};
use proptest::prelude::*;
use serde_json::{Value, json};
use test_pki::{Issued, Key, Kind, Template};

fn changed(change: impl FnOnce(&mut PackContents)) -> PackContents {
    let mut contents = contents();
    change(&mut contents);
    contents
}

fn root(name: &str, seed: u8) -> Issued {
    Template::authority(name).self_signed(Key::new(Kind::P256, seed))
}

fn profiles(root: &Issued, test: bool) -> ProfileFiles {
    ProfileFiles {
        profiles: format!(
            "schema = 1\n[[issuer]]\nname = \"Example\"\ntest = {test}\nlevel = \"high\"\nanchors = [\"root.pem\"]\n"
        ),
        files: BTreeMap::from([("root.pem".to_owned(), encode_base64(root.pem().as_bytes()))]),
    }
}

/// A payload that nobody here would sign.
fn forged(payload: &Value) -> String {
    with_header(JwsHeader::new(SignatureAlgorithm::Es256, TYPE), payload, true)
}

fn with_header(mut header: JwsHeader, payload: &Value, with_key: bool) -> String {
    header.key = with_key.then(|| signer().public().clone());
    jws::sign(header, payload.to_string().as_bytes(), &signer()).unwrap()
}

#[test]
fn a_pack_comes_back_as_it_was_signed() {
    let (csca, issuing) = (root("Example CSCA", 1), root("Example Root", 2));
    let [signers, stamps, lists] = [3, 4, 5].map(|number| root("Example Authority", number));
    let contents = changed(|contents| {
        contents.csca_certificates = vec![encode_base64(&csca.der)];
        contents.issuer_profiles = Some(profiles(&issuing, false));
        contents.status_sources = vec![StatusSource {
            url: "https://status.example.ma".to_owned().try_into().unwrap(),
            states: vec!["MAR".to_owned()],
        }];
        contents.documents = Some(DocumentAuthorities {
            signers: vec![encode_base64(&signers.der)],
            time_stamp_authorities: vec![encode_base64(&stamps.der)],
            list_signers: vec![encode_base64(&lists.der)],
        });
    });
    let pack = pack(&contents);
    assert_eq!(*pack.contents(), contents);
    let trust = pack.document_trust();
    for (read, made) in
        [(&trust.signers, &signers), (&trust.time_stamp_authorities, &stamps), (&trust.list_signers, &lists)]
    {
        assert_eq!(read.iter().map(Certificate::der).collect::<Vec<_>>(), [&*made.der]);
    }
    assert_eq!(pack.signer().thumbprint(), signer().public().thumbprint());
    assert_eq!(pack.assurance(), Assurance::Production);
    assert_eq!(pack.csca_certificates()[0].der(), csca.der);
    assert_eq!(pack.issuer_profiles().profiles()[0].name(), "Example");
    let packs = TrustPacks::new(vec![pack]);
    assert_eq!(packs.csca_certificates(NOW).len(), 1);
    assert_eq!(packs.issuer_profiles(NOW).unwrap().store().anchors().len(), 1);
    assert_eq!(packs.status_sources("MAR", NOW).count(), 1);
    assert_eq!(packs.status_sources("BHR", NOW).count(), 0);
    // nothing of an expired pack counts
    let later = contents.expires;
    assert!(packs.csca_certificates(later).is_empty());
    assert!(packs.issuer_profiles(later).unwrap().profiles().is_empty());
    assert_eq!(packs.status_sources("MAR", later).count(), 0);
}

#[test]
fn a_pack_counts_from_its_beginning_to_its_end() {
    let pack = pack(&contents());
    let (issued, expires) = (contents().issued, contents().expires);
    for (at, current) in [
        (issued - 61, false),
        (issued - 60, true),
        (issued, true),
        (expires - 1, true),
        (expires, false),
        (u64::MAX, false),
    ] {
        assert_eq!(pack.is_current(at), current, "{at}");
    }
}

#[test]
fn everything_of_a_test_pack_is_for_tests() {
    let csca = root("Example CSCA", 1);
    let test = changed(|contents| {
        contents.name = PackName::parse("tests").unwrap();
        contents.test = true;
        contents.csca_certificates = vec![encode_base64(&csca.der)];
        contents.issuer_profiles = Some(profiles(&root("Example Root", 2), false));
    });
    let test_pack = pack(&test);
    assert_eq!(test_pack.assurance(), Assurance::Test);
    assert_eq!(test_pack.issuer_profiles().profiles()[0].assurance(), Assurance::Test);
    let real = changed(|contents| contents.csca_certificates.clone_from(&test.csca_certificates));
    for packs in [vec![pack(&test)], vec![pack(&real), pack(&test)], vec![pack(&test), pack(&real)]] {
        let packs = TrustPacks::new(packs);
        let certificates = packs.csca_certificates(NOW);
        assert_eq!((certificates.len(), certificates[0].assurance), (1, Assurance::Test));
    }
    assert_eq!(TrustPacks::new(vec![pack(&real)]).csca_certificates(NOW)[0].assurance, Assurance::Production);
    // a profile for tests in a real pack stays one
    let mixed = changed(|contents| contents.issuer_profiles = Some(profiles(&root("Example Root", 2), true)));
    assert_eq!(pack(&mixed).issuer_profiles().profiles()[0].assurance(), Assurance::Test);
    // one anchor is not for both
    let both = changed(|contents| contents.issuer_profiles = Some(profiles(&root("Example Root", 2), false)));
    let error = TrustPacks::new(vec![pack(&both), test_pack]).issuer_profiles(NOW).unwrap_err();
    assert!(matches!(error, IssuerProfileError::TestAndProduction { .. }));
}

#[test]
fn only_what_the_key_in_the_header_signed_is_a_pack() {
    let payload = serde_json::to_value(contents()).unwrap();
    assert!(TrustPack::parse(&forged(&payload)).is_ok());
    let without_key = with_header(JwsHeader::new(SignatureAlgorithm::Es256, TYPE), &payload, false);
    assert!(matches!(TrustPack::parse(&without_key), Err(TrustPackError::NoKey)));
    for type_ in ["JWT", "bitaqa-statement+jwt"] {
        let text = with_header(JwsHeader::new(SignatureAlgorithm::Es256, type_), &payload, true);
        assert!(matches!(TrustPack::parse(&text), Err(TrustPackError::Jws(_))), "{type_}");
    }
    // another key in the header
    let mut header = JwsHeader::new(SignatureAlgorithm::Es256, TYPE);
    header.key = Some(key(Curve::P256, 9).public().clone().with_key_id(None).unwrap());
    let text = jws::sign(header, payload.to_string().as_bytes(), &signer()).unwrap();
    assert!(matches!(TrustPack::parse(&text), Err(TrustPackError::Jws(_))));
    for text in ["", "x", "a.b.c", "{}"] {
        assert!(TrustPack::parse(text).is_err(), "{text}");
    }
}

#[test]
fn every_changed_letter_of_a_pack_is_noticed() {
    let text = signed(&contents(), &signer());
    for at in (0..text.len()).step_by(7) {
        let mut changed = text.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        assert!(TrustPack::parse(&String::from_utf8(changed).unwrap()).is_err(), "{at}");
    }
}

#[test]
fn contents_that_break_a_rule_are_refused_by_reader_and_maker() {
    let second = |change: &dyn Fn(&mut PackContents)| {
        let mut contents = contents();
        change(&mut contents);
        contents
    };
    let count = |member, least, most| ContentsError::Count { member, least, most };
    let cases: Vec<(PackContents, ContentsError)> = vec![
        (second(&|c| c.schema = 2), ContentsError::Schema { schema: 2 }),
        (second(&|c| c.version = 0), ContentsError::Version),
        (second(&|c| c.version = 1 << 53), ContentsError::Version),
        (second(&|c| c.expires = c.issued), ContentsError::Times),
        (second(&|c| c.expires = c.issued + MAX_LIFETIME + 1), ContentsError::Times),
        (second(&|c| c.signers.clear()), count("signers", 1, 8)),
        (second(&|c| c.signers = vec![signer().public().clone(); 9]), count("signers", 1, 8)),
        (second(&|c| c.statement_issuers[0].keys.clear()), count("keys", 1, 16)),
        (second(&|c| c.statement_issuers[0].origins.clear()), count("origins", 1, 4096)),
        (
            second(&|c| c.statement_issuers.push(issuer())),
            ContentsError::IssuerTwice { issuer: issuer().iss },
        ),
        (
            second(&|c| {
                let again = c.statement_issuers[0].keys[0].clone();
                c.statement_issuers[0].keys.push(again);
            }),
            ContentsError::KeyTwice,
        ),
        (
            second(&|c| {
                c.statement_issuers[0].keys[0] =
                    known(&key(Curve::P256, 2).public().clone().with_key_id(None).unwrap());
            }),
            ContentsError::NoKeyId,
        ),
        (
            second(&|c| {
                let key = &mut c.statement_issuers[0].keys[0];
                key.not_after = key.not_before;
            }),
            ContentsError::Times,
        ),
        (
            second(&|c| {
                c.status_sources =
                    vec![StatusSource { url: issuer().iss, states: vec!["Morocco".to_owned()] }];
            }),
            ContentsError::State,
        ),
    ];
    for (contents, error) in cases {
        let text = forged(&serde_json::to_value(&contents).unwrap());
        let refused = TrustPack::parse(&text).unwrap_err();
        assert!(
            matches!(&refused, TrustPackError::Contents(found) if *found == error),
            "{refused} for {error}"
        );
        let made = trust_pack::sign(&contents, signer().public(), &signer());
        assert!(matches!(made, Err(MakeError::Pack(TrustPackError::Contents(found))) if found == error));
    }
}

#[test]
fn a_member_that_is_unknown_there_twice_or_of_another_kind_is_refused() {
    let with = |pointer: &str, value: Value| {
        let mut payload = serde_json::to_value(contents()).unwrap();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        payload.pointer_mut(parent).unwrap()[name] = value;
        payload
    };
    for payload in [
        with("/region", json!("north")),
        with("/name", json!("Example")),
        with("/name", json!("../example")),
        with("/name", json!("7")),
        with("/version", json!("7")),
        with("/version", json!(-7)),
        with("/test", json!(1)),
        with("/signers", json!([{ "kty": "oct", "k": "AA" }])),
        with("/signers", json!([serde_json::from_str::<Value>(&signer().to_json()).unwrap()])),
        with("/statement_issuers/0/iss", json!("platform")),
        with("/statement_issuers/0/origins", json!(["https://*.ma"])),
        with("/statement_issuers/0/keys/0/reason", json!("lost")),
        with("/statement_issuers/0/name", json!("Platform")),
        with("/issuer_profiles", json!({ "profiles": "" })),
    ] {
        assert!(
            matches!(TrustPack::parse(&forged(&payload)), Err(TrustPackError::Malformed(_))),
            "{payload}"
        );
    }
    let twice = serde_json::to_string(&contents()).unwrap().replacen('{', r#"{"version":9,"#, 1);
    let mut header = JwsHeader::new(SignatureAlgorithm::Es256, TYPE);
    header.key = Some(signer().public().clone());
    let text = jws::sign(header, twice.as_bytes(), &signer()).unwrap();
    assert!(matches!(TrustPack::parse(&text), Err(TrustPackError::Malformed(_))));
}

#[test]
fn certificates_and_profiles_that_cannot_be_read_spoil_the_pack() {
    let csca = |text: &str| changed(|contents| contents.csca_certificates = vec![text.to_owned()]);
    for contents in [csca("="), csca("AAAA"), csca(&base64url::encode(&root("Root", 1).der))] {
        let refused = TrustPack::parse(&forged(&serde_json::to_value(&contents).unwrap())).unwrap_err();
        assert!(
            matches!(
                refused,
                TrustPackError::Base64 { number: 1, .. } | TrustPackError::Certificate { number: 1, .. }
            ),
            "{refused}"
        );
    }
    let lists = changed(|contents| {
        let list_signers = vec![encode_base64(&root("Root", 1).der), "AAAA".to_owned()];
        contents.documents = Some(DocumentAuthorities { list_signers, ..DocumentAuthorities::default() });
    });
    let refused = TrustPack::parse(&forged(&serde_json::to_value(&lists).unwrap())).unwrap_err();
    assert!(refused.to_string().starts_with("certificate 2 of documents.list_signers: "), "{refused}");
    let missing = changed(|contents| {
        let mut files = profiles(&root("Root", 1), false);
        files.files.clear();
        contents.issuer_profiles = Some(files);
    });
    let refused = TrustPack::parse(&forged(&serde_json::to_value(&missing).unwrap())).unwrap_err();
    assert!(
        matches!(&refused, TrustPackError::Profiles(_)) && refused.to_string().contains("root.pem"),
        "{refused}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn any_payload_is_refused_or_read(payload in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), byte in 0x20_u8..0x7F) {
        let sign = |payload: &[u8]| {
            let mut header = JwsHeader::new(SignatureAlgorithm::Es256, TYPE);
            header.key = Some(signer().public().clone());
            jws::sign(header, payload, &signer()).unwrap()
        };
        prop_assert!(TrustPack::parse(&sign(&payload)).is_err());
        let mut changed = serde_json::to_vec(&contents()).unwrap();
        let at = at.index(changed.len());
        changed[at] = byte;
        if let Ok(pack) = TrustPack::parse(&sign(&changed)) {
            prop_assert!(pack.contents().check().is_ok());
        }
    }
}
