//! Sign-in tokens with everything that is behind them: the steps, their order and the report.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use bitaqa_protocol::{
    Challenge, Origin,
    auth_token::TokenAlgorithm::{ES256, ES384, PS256, RS256},
    encode_base64,
};
use bitaqa_trust::{
    Assurance, Level, TokenVerifier, TrustStore,
    token_verification::{Outcome, Step},
};
use test_pki::{
    Key, Kind, Template, challenge,
    extension::{
        self, CERTIFICATE_AND_CRL_SIGN, CLIENT_AUTH, DIGITAL_SIGNATURE, KEY_AGREEMENT, NON_REPUDIATION,
        SERVER_AUTH,
    },
    origin, token,
    verification::{NOW, Pki, at, code, json, json_with, judged, person_template, store, verify},
};

#[test]
fn a_good_token_says_who_signed_in_and_what_was_looked_at() {
    let pki = Pki::new();
    let holder = pki.person(person_template().with(extension::mail("amina@example.ma")));
    let verified =
        judged(&pki, "level = \"high\"\nrequired_policies = [\"1.3.6.1.4.1.32473.1.2\"]", &holder).unwrap();
    assert_eq!(verified.certificate.subject().display_name().as_deref(), Some("أمينة المثال"));
    assert_eq!(verified.certificate.personal_number(), Some("IDCMA-BE123456"));
    assert_eq!(verified.certificate.email(), Some("amina@example.ma"));
    assert_eq!(verified.issuer.as_ref().unwrap().name, "Example State");
    assert_eq!(verified.level(), Level::High);
    assert_eq!(verified.assurance(), Some(Assurance::Production));
    assert_eq!(verified.fingerprint().len(), 64);
    assert_eq!(verified.path.certificates().count(), 3);
    assert!(!verified.revocation_checked());
    let outcomes: Vec<_> = verified.checks.iter().map(|check| (check.step, check.outcome)).collect();
    let mut expected: Vec<_> = Step::ALL.into_iter().map(|step| (step, Outcome::Passed)).collect();
    expected[7].1 = Outcome::NotChecked;
    assert_eq!(outcomes, expected);
}

#[test]
fn every_kind_of_key_signs_in_and_issues() {
    let kinds =
        [Kind::P256, Kind::P384, Kind::P521, Kind::BrainpoolP256r1, Kind::BrainpoolP384r1, Kind::Rsa2048];
    for kind in kinds {
        let root = Template::authority("Example Root").self_signed(Key::new(kind, 1));
        let issuing = Template::authority("Example Issuing").issued_by(&root, Key::new(kind, 2));
        let holder = Template::person().issued_by(&issuing, Key::new(kind, 3));
        let verified = verify(store(&[&root, &issuing]), &holder).unwrap();
        assert_eq!(verified.level(), Level::None, "{kind:?}");
    }
    let root = Template::authority("Example Root").self_signed(Key::new(Kind::Rsa2048, 1));
    let holder = Template::person().issued_by(&root, Key::new(Kind::Rsa2048, 1));
    let verifier = TokenVerifier::with_anchors(origin(), store(&[&root]));
    assert!(verifier.verify(&json_with(&holder, PS256), &challenge(), at(NOW)).is_ok());
}

#[test]
fn a_change_in_any_field_is_refused_with_the_code_of_its_step() {
    let pki = Pki::new();
    let holder = pki.person(person_template());
    let other = Template::person().issued_by(&pki.issuing, Key::new(Kind::P384, 4));
    let verifier = TokenVerifier::with_anchors(origin(), pki.store());
    let good = token(&holder, ES384, &origin(), &challenge());
    let refused = |change: &dyn Fn(&mut bitaqa_protocol::AuthToken)| {
        let mut token = good.clone();
        change(&mut token);
        code(verifier.verify(&serde_json::to_string(&token).unwrap(), &challenge(), at(NOW)))
    };
    assert_eq!(refused(&|token| token.format = "web-eid:1.1".into()), "format-unsupported");
    assert_eq!(refused(&|token| token.format = String::new()), "format-unsupported");
    assert_eq!(refused(&|token| token.algorithm = ES256), "algorithm-mismatch");
    assert_eq!(refused(&|token| token.algorithm = RS256), "algorithm-mismatch");
    assert_eq!(refused(&|token| token.signature = encode_base64(&[1; 96])), "signature-invalid");
    assert_eq!(refused(&|token| token.signature = encode_base64(&[1; 95])), "signature-invalid");
    assert_eq!(refused(&|token| token.signature = String::new()), "token-malformed");
    assert_eq!(refused(&|token| token.signature.push('\n')), "token-malformed");
    assert_eq!(refused(&|token| token.signature.truncate(127)), "token-malformed");
    assert_eq!(
        refused(&|token| token.unverified_certificate = encode_base64(&other.der)),
        "signature-invalid"
    );
    assert_eq!(
        refused(&|token| token.unverified_certificate = encode_base64(&[0x30, 0])),
        "certificate-malformed"
    );
    assert_eq!(refused(&|token| token.unverified_certificate = "-".into()), "token-malformed");
    // the address of the software is information for people and signed by nobody
    let mut token = good.clone();
    token.app_version = Some("https://example.org/other".into());
    assert!(verifier.verify(&serde_json::to_string(&token).unwrap(), &challenge(), at(NOW)).is_ok());
}

#[test]
fn json_that_is_not_exactly_a_token_is_refused() {
    let pki = Pki::new();
    let verifier = TokenVerifier::with_anchors(origin(), pki.store());
    let good = json(&pki.person(person_template()));
    for text in [
        String::new(),
        "{}".into(),
        "null".into(),
        "[]".into(),
        good.replace("\"format\"", "\"fmt\""),
        good.replace('{', "{\"origin\":\"https://portal.example.ma\","),
        good.replace('{', "{\"format\":\"web-eid:1.0\","),
        format!("{good}x"),
        format!("{good}{}", " ".repeat(20_000)),
    ] {
        assert_eq!(code(verifier.verify(&text, &challenge(), at(NOW))), "token-malformed", "{text}");
    }
}

#[test]
fn a_token_for_another_origin_or_challenge_is_refused() {
    let pki = Pki::new();
    let text = json(&pki.person(person_template()));
    let elsewhere =
        TokenVerifier::with_anchors(Origin::parse("https://portal.example.org").unwrap(), pki.store());
    assert_eq!(code(elsewhere.verify(&text, &challenge(), at(NOW))), "signature-invalid");
    let other = Challenge::parse(&encode_base64(&[9; 32])).unwrap();
    let here = TokenVerifier::with_anchors(origin(), pki.store());
    assert_eq!(code(here.verify(&text, &other, at(NOW))), "signature-invalid");
}

#[test]
fn a_certificate_for_something_else_does_not_sign_in() {
    let pki = Pki::new();
    for (template, expected) in [
        (person_template().with(extension::key_usage(NON_REPUDIATION)), "key-usage-wrong"),
        (person_template().with(extension::key_usage(KEY_AGREEMENT)), "key-usage-wrong"),
        (person_template().without("2.5.29.15"), "key-usage-wrong"),
        (person_template().with(extension::extended_key_usage(&[SERVER_AUTH])), "extended-key-usage-wrong"),
        (person_template().with(extension::extended_key_usage(&["2.5.29.37.0"])), "extended-key-usage-wrong"),
        (
            person_template()
                .with(extension::authority(None))
                .with(extension::key_usage(CERTIFICATE_AND_CRL_SIGN | DIGITAL_SIGNATURE)),
            "certificate-is-authority",
        ),
    ] {
        assert_eq!(code(verify(pki.store(), &pki.person(template))), expected);
    }
    for template in [
        person_template().without("2.5.29.37"),
        person_template().with(extension::extended_key_usage(&[SERVER_AUTH, CLIENT_AUTH])),
        person_template().with(extension::key_usage(DIGITAL_SIGNATURE | KEY_AGREEMENT)),
        person_template().without("2.5.29.19"),
    ] {
        assert!(verify(pki.store(), &pki.person(template)).is_ok());
    }
}

#[test]
fn a_report_marks_what_failed_and_what_was_not_reached() {
    let pki = Pki::new();
    let refused = verify(TrustStore::new(), &pki.person(person_template())).unwrap_err();
    let outcomes: Vec<_> = refused.checks.iter().map(|check| check.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Passed,
            Outcome::Passed,
            Outcome::Passed,
            Outcome::Passed,
            Outcome::Failed,
            Outcome::NotReached,
            Outcome::NotReached,
            Outcome::NotReached
        ]
    );
}
