//! Statements: which are believed, and which requests they cover.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod example_pack;

use bitaqa_jose::{Curve, JwsHeader, PrivateJwk, base64url, jws};
use bitaqa_protocol::{
    Claim, Closure, Origin, PurposeId, Statement,
    claim::AgeLimit,
    statement::{StatementError, TYPE},
};
use bitaqa_trust::{
    Assurance, TrustPacks,
    statement::{AuthorizationError, IssueError, Outcome, StatementFailure, Step, issue, verify},
    trust_pack::{OriginPattern, PackContents, PackName},
};
use example_pack::{
    DAY, NOW, contents, encryption_key, issuer_key, key, known, pack, portal_key, signer, statement, time,
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn packs() -> TrustPacks {
    TrustPacks::new(vec![pack(&contents())])
}

fn issued() -> String {
    issue(&statement(), &issuer_key()).unwrap()
}

/// The example with changes that no checked way would write.
fn forged(change: impl FnOnce(&mut Value)) -> String {
    let mut value = serde_json::to_value(statement()).unwrap();
    change(&mut value);
    signed(value.to_string().as_bytes(), TYPE, &issuer_key())
}

fn signed(payload: &[u8], type_: &str, key: &PrivateJwk) -> String {
    jws::sign(JwsHeader::new(key.public().curve().signature_algorithm(), type_), payload, key).unwrap()
}

#[track_caller]
fn refused(text: &str, packs: &TrustPacks, at: u64) -> StatementFailure {
    verify(text, packs, time(at)).unwrap_err().failure
}

fn changed(change: impl FnOnce(&mut PackContents)) -> PackContents {
    let mut contents = contents();
    change(&mut contents);
    contents
}

#[test]
fn a_good_statement_says_who_vouches_for_it() {
    let verified = verify(&issued(), &packs(), time(NOW)).unwrap();
    assert_eq!(verified.statement, statement());
    assert_eq!(verified.pack.as_str(), "example");
    assert_eq!(verified.assurance, Assurance::Production);
    assert_eq!(verified.key, issuer_key().public().thumbprint());
    assert_eq!(verified.encryption_key.thumbprint(), portal_key().public().thumbprint());
    assert_eq!(verified.encryption_key.key_id(), Some("2026-01"));
    assert!(verified.checks().iter().all(|check| check.outcome == Outcome::Passed));
}

#[test]
fn every_algorithm_and_both_curves_of_portals_are_taken() {
    for curve in Curve::ALL {
        let by = key(curve, 40);
        let packs = TrustPacks::new(vec![pack(&changed(|contents| {
            contents.statement_issuers[0].keys.push(known(by.public()));
        }))]);
        for portal in [Curve::P256, Curve::P384] {
            let mut statement = statement();
            statement.jwk = encryption_key(&key(portal, 41));
            let verified = verify(&issue(&statement, &by).unwrap(), &packs, time(NOW)).unwrap();
            assert_eq!((verified.key, verified.encryption_key.curve()), (by.public().thumbprint(), portal));
        }
    }
}

#[test]
fn a_statement_counts_from_its_beginning_to_its_end() {
    let (text, packs) = (issued(), packs());
    let statement = statement();
    for at in [statement.iat - 60, statement.iat, statement.exp - 1] {
        assert!(verify(&text, &packs, time(at)).is_ok(), "{at}");
    }
    assert_eq!(refused(&text, &packs, statement.iat - 61), StatementFailure::NotYetValid);
    assert_eq!(refused(&text, &packs, statement.exp), StatementFailure::Expired);
    assert_eq!(refused(&text, &packs, statement.exp + DAY), StatementFailure::Expired);
}

#[test]
fn an_issuer_is_known_as_long_as_its_pack_counts() {
    let text = issued();
    assert_eq!(refused(&text, &TrustPacks::default(), NOW), StatementFailure::IssuerUnknown);
    let other = forged(|value| value["iss"] = json!("https://platform.example.ma/"));
    assert_eq!(refused(&other, &packs(), NOW), StatementFailure::IssuerUnknown);
    let expired = changed(|contents| contents.expires = NOW);
    assert_eq!(refused(&text, &TrustPacks::new(vec![pack(&expired)]), NOW), StatementFailure::PackExpired);
    let to_come = changed(|contents| contents.issued = NOW + 61);
    assert_eq!(refused(&text, &TrustPacks::new(vec![pack(&to_come)]), NOW), StatementFailure::PackExpired);
    // another pack is not affected
    let both = TrustPacks::new(vec![pack(&expired), pack(&contents())]);
    assert!(verify(&text, &both, time(NOW)).is_ok());
}

#[test]
fn a_key_is_known_by_its_name_within_its_time_and_unless_it_is_revoked() {
    let text = issued();
    let with = |change: &dyn Fn(&mut bitaqa_trust::trust_pack::IssuerKey)| {
        TrustPacks::new(vec![pack(&changed(|contents| change(&mut contents.statement_issuers[0].keys[0])))])
    };
    let other = key(Curve::P256, 50);
    let stranger = issue(&statement(), &other).unwrap();
    assert_eq!(refused(&stranger, &packs(), NOW), StatementFailure::KeyUnknown);
    for (packs, expected) in [
        (with(&|key| key.not_before = NOW), None),
        (with(&|key| key.not_before = NOW + 1), Some(StatementFailure::KeyNotValid)),
        (with(&|key| key.not_after = NOW), None),
        (with(&|key| key.not_after = NOW - 1), Some(StatementFailure::KeyNotValid)),
        (with(&|key| key.revoked = Some(NOW)), Some(StatementFailure::KeyRevoked)),
        (with(&|key| key.revoked = Some(0)), Some(StatementFailure::KeyRevoked)),
        (with(&|key| key.revoked = Some(NOW + 1)), None),
        (with(&|known| known.jwk = other.public().clone()), Some(StatementFailure::KeyUnknown)),
    ] {
        assert_eq!(verify(&text, &packs, time(NOW)).err().map(|refused| refused.failure), expected);
    }
}

#[test]
fn a_key_that_one_pack_calls_revoked_is_revoked_in_all() {
    let mut revoking = changed(|contents| {
        contents.name = PackName::parse("older").unwrap();
        contents.expires = NOW - DAY;
        contents.statement_issuers[0].keys[0].revoked = Some(NOW - 2 * DAY);
    });
    let packs = TrustPacks::new(vec![pack(&contents()), pack(&revoking)]);
    assert_eq!(refused(&issued(), &packs, NOW), StatementFailure::KeyRevoked);
    // it is the key that is revoked, not its name
    revoking.statement_issuers[0].iss = "https://elsewhere.example.ma".to_owned().try_into().unwrap();
    let packs = TrustPacks::new(vec![pack(&contents()), pack(&revoking)]);
    assert_eq!(refused(&issued(), &packs, NOW), StatementFailure::KeyRevoked);
    revoking.statement_issuers[0].keys[0].jwk =
        key(Curve::P256, 51).public().clone().with_key_id(issuer_key().public().key_id()).unwrap();
    let packs = TrustPacks::new(vec![pack(&contents()), pack(&revoking)]);
    assert!(verify(&issued(), &packs, time(NOW)).is_ok());
}

#[test]
fn the_name_of_a_key_is_not_the_key() {
    let name = issuer_key().public().key_id().unwrap().to_owned();
    let mut members: Value = serde_json::from_str(&key(Curve::P256, 50).to_json()).unwrap();
    members["kid"] = name.into();
    let impostor = PrivateJwk::parse(members.to_string().as_bytes()).unwrap();
    let text = issue(&statement(), &impostor).unwrap();
    assert_eq!(refused(&text, &packs(), NOW), StatementFailure::Signature);
    let mut changed = issued();
    let payload = changed.find('.').unwrap() + 40;
    let other = if &changed[payload..=payload] == "A" { "B" } else { "A" };
    changed.replace_range(payload..=payload, other);
    assert!(matches!(
        refused(&changed, &packs(), NOW),
        StatementFailure::Signature | StatementFailure::NoIssuer | StatementFailure::IssuerUnknown
    ));
}

#[test]
fn an_issuer_speaks_for_the_origins_of_its_pack_only() {
    let with = |origins: &[&str]| {
        let mut statement = statement();
        statement.origins = origins.iter().map(|text| Origin::parse(text).unwrap()).collect();
        issue(&statement, &issuer_key()).unwrap()
    };
    assert!(
        verify(&with(&["https://a.b.example.ma", "https://portal.example.bh"]), &packs(), time(NOW)).is_ok()
    );
    for foreign in ["https://example.ma", "https://portal.example.ma:8443", "https://portal.example.com"] {
        let failure = refused(&with(&["https://portal.example.ma", foreign]), &packs(), NOW);
        assert_eq!(failure, StatementFailure::ForeignOrigin { origin: Origin::parse(foreign).unwrap() });
    }
    // two packs may each allow some
    let second = changed(|contents| {
        contents.name = PackName::parse("second").unwrap();
        contents.statement_issuers[0].origins =
            vec![OriginPattern::parse("https://portal.example.com").unwrap()];
    });
    let packs = TrustPacks::new(vec![pack(&contents()), pack(&second)]);
    assert!(
        verify(&with(&["https://portal.example.ma", "https://portal.example.com"]), &packs, time(NOW))
            .is_ok()
    );
}

#[test]
fn a_pack_for_tests_makes_the_statement_one_for_tests() {
    let test = changed(|contents| {
        contents.name = PackName::parse("tests").unwrap();
        contents.test = true;
    });
    for packs in [vec![pack(&test)], vec![pack(&contents()), pack(&test)]] {
        let verified = verify(&issued(), &TrustPacks::new(packs), time(NOW)).unwrap();
        assert_eq!(verified.assurance, Assurance::Test);
    }
}

#[test]
fn what_is_no_statement_is_refused_before_anybody_is_asked() {
    for text in [String::new(), "a.b.c".to_owned(), issued().replace('.', "..")] {
        assert!(matches!(refused(&text, &packs(), NOW), StatementFailure::Format(_)), "{text}");
    }
    let payload = serde_json::to_vec(&statement()).unwrap();
    for type_ in ["JWT", "bitaqa-trust-pack+jws", "bitaqa-statement+JWT"] {
        let text = signed(&payload, type_, &issuer_key());
        assert!(matches!(refused(&text, &packs(), NOW), StatementFailure::Format(_)), "{type_}");
    }
    // a trust pack is none either, whoever signed it
    let pack = example_pack::signed(&contents(), &issuer_key());
    assert!(matches!(refused(&pack, &packs(), NOW), StatementFailure::Format(_)));
    for payload in [
        "",
        "{}",
        r#"{"iss":7}"#,
        r#"{"iss":"https://platform.example.ma","iss":"https://platform.example.ma"}"#,
    ] {
        let text = signed(payload.as_bytes(), TYPE, &issuer_key());
        assert_eq!(refused(&text, &packs(), NOW), StatementFailure::NoIssuer, "{payload}");
    }
    let (input, _) = issued().rsplit_once('.').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let none = format!(
        "{}.{}.",
        base64url::encode(br#"{"alg":"none","typ":"bitaqa-statement+jwt"}"#),
        input.split_once('.').unwrap().1
    );
    assert!(matches!(refused(&none, &packs(), NOW), StatementFailure::Format(_)));
}

#[test]
fn a_signed_statement_still_keeps_to_the_rules() {
    let long = forged(|value| value["exp"] = json!(NOW + 900));
    assert_eq!(
        refused(&long, &packs(), NOW),
        StatementFailure::Content(StatementError::Lifetime { seconds: 960 })
    );
    let unknown = forged(|value| value["region"] = json!("Casablanca"));
    assert!(matches!(
        refused(&unknown, &packs(), NOW),
        StatementFailure::Content(StatementError::Malformed(_))
    ));
    let off_curve = forged(|value| value["jwk"]["y"] = value["jwk"]["x"].clone());
    assert!(matches!(refused(&off_curve, &packs(), NOW), StatementFailure::EncryptionKey(_)));
    // nor is one made that does not
    let mut statement = statement();
    statement.exp = statement.iat + 901;
    let error = issue(&statement, &issuer_key()).unwrap_err();
    assert_eq!(error, IssueError::Statement(StatementError::Lifetime { seconds: 901 }));
}

#[test]
fn the_report_says_how_far_it_came() {
    let refused = verify(&issued(), &packs(), time(NOW + DAY)).unwrap_err();
    let outcomes: Vec<(Step, Outcome)> =
        refused.checks().iter().map(|check| (check.step, check.outcome)).collect();
    assert_eq!(
        outcomes,
        [
            (Step::Format, Outcome::Passed),
            (Step::Issuer, Outcome::Passed),
            (Step::Key, Outcome::Passed),
            (Step::Signature, Outcome::Passed),
            (Step::Content, Outcome::Passed),
            (Step::Time, Outcome::Failed),
            (Step::Origins, Outcome::NotReached),
        ]
    );
}

#[test]
fn a_request_goes_as_far_as_the_statement() {
    let verified = verify(&issued(), &packs(), time(NOW)).unwrap();
    let origin = Origin::parse("https://portal.example.ma").unwrap();
    let purpose = PurposeId::parse("open-account").unwrap();
    let age = Claim::AgeOver(AgeLimit::new(18).unwrap());
    let closure = Closure::of([Claim::FamilyName, age]);
    assert_eq!(verified.authorize(&origin, &purpose, &closure).unwrap().id, purpose);
    // the issuer may speak for this one, the statement does not
    let other = Origin::parse("https://other.example.ma").unwrap();
    assert_eq!(verified.authorize(&other, &purpose, &closure), Err(AuthorizationError::OtherOrigin));
    let unknown = PurposeId::parse("close-account").unwrap();
    assert_eq!(verified.authorize(&origin, &unknown, &closure), Err(AuthorizationError::PurposeUnknown));
    let photo = Closure::of([Claim::FamilyName, Claim::Photo]);
    let error = verified.authorize(&origin, &purpose, &photo).unwrap_err();
    assert_eq!(error, AuthorizationError::ClaimsExceedStatement { beyond: vec![Claim::Photo] });
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("claims-exceed-statement", "the statement does not allow: photo")
    );
}

#[test]
fn a_statement_for_less_than_a_data_group_tells_covers_no_reading_of_it() {
    let mut narrow = statement();
    narrow.claims = bitaqa_protocol::ClaimSet::new([Claim::GivenName, Claim::FamilyName]).unwrap();
    let verified = verify(&issue(&narrow, &issuer_key()).unwrap(), &packs(), time(NOW)).unwrap();
    let origin = Origin::parse("https://portal.example.ma").unwrap();
    let purpose = PurposeId::parse("open-account").unwrap();
    let error = verified.authorize(&origin, &purpose, &Closure::of([Claim::FamilyName])).unwrap_err();
    let AuthorizationError::ClaimsExceedStatement { beyond } = error else { panic!("{error}") };
    assert!(beyond.contains(&Claim::DocumentNumber) && !beyond.contains(&Claim::FamilyName));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn a_statement_is_believed_unaltered_or_not_at_all(at in any::<prop::sample::Index>(), byte in any::<u8>(), text in ".{0,300}") {
        let packs = packs();
        prop_assert!(verify(&text, &packs, time(NOW)).is_err());
        let mut changed = issued().into_bytes();
        let at = at.index(changed.len());
        if changed[at] != byte
            && let Ok(changed) = String::from_utf8({ changed[at] = byte; changed })
        {
            prop_assert!(verify(&changed, &packs, time(NOW)).is_err());
        }
    }

    #[test]
    fn no_stranger_is_believed(number in 60_u8..=255, lifetime in 1_u64..900) {
        let mut statement: Statement = statement();
        statement.exp = statement.iat + lifetime;
        let stranger = key(Curve::P256, number);
        let text = issue(&statement, &stranger).unwrap();
        prop_assume!(stranger.public().thumbprint() != issuer_key().public().thumbprint());
        prop_assert!(verify(&text, &packs(), time(statement.iat)).is_err());
        prop_assert!(signer().public().thumbprint() != issuer_key().public().thumbprint());
    }
}
