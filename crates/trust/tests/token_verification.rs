//! Sign-in tokens with everything that is behind them: purpose, path, validity, issuer profile, revocation.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use std::{io, sync::Arc, sync::atomic::AtomicUsize, sync::atomic::Ordering};

use bitaqa_protocol::{
    Challenge, Origin,
    auth_token::TokenAlgorithm::{self, ES256, ES384, ES512, PS256, RS256},
    encode_base64,
};
use bitaqa_trust::{
    Assurance, Certificate, DateTime, IssuerProfiles, Level, RefusedToken, TokenVerifier, TrustStore,
    VerifiedToken,
    certification_path::CertificationPath,
    revocation::{RevocationSource, RevocationStatus},
    token_verification::{Outcome, Step},
};
use test_pki::{
    Issued, Key, Kind, Template, challenge,
    extension::{
        self, CERTIFICATE_AND_CRL_SIGN, CLIENT_AUTH, DIGITAL_SIGNATURE, KEY_AGREEMENT, NON_REPUDIATION,
        SERVER_AUTH,
    },
    origin, token,
};

const NOW: &str = "2026-06-01T12:00:00Z";
const POLICY: &str = "1.3.6.1.4.1.32473.1.2";
const OTHER_POLICY: &str = "1.3.6.1.4.1.32473.1.3";

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

/// Root → issuing authority → person.
struct Pki {
    root: Issued,
    issuing: Issued,
}

impl Pki {
    fn new() -> Self {
        Self::with(Template::authority("Example Root"), issuing_template())
    }

    fn with(root: Template, issuing: Template) -> Self {
        let root = root.self_signed(Key::new(Kind::P384, 1));
        let issuing = issuing.issued_by(&root, Key::new(Kind::P256, 2));
        Self { root, issuing }
    }

    fn person(&self, template: Template) -> Issued {
        template.issued_by(&self.issuing, Key::new(Kind::P384, 3))
    }

    fn store(&self) -> TrustStore {
        store(&[&self.root, &self.issuing])
    }
}

fn issuing_template() -> Template {
    Template::authority("Example Issuing").with(extension::policies(&["2.5.29.32.0"]))
}

fn person_template() -> Template {
    Template::person().with(extension::policies(&[POLICY]))
}

fn certificate(issued: &Issued) -> Certificate {
    Certificate::from_der(&issued.der).unwrap()
}

fn store(certificates: &[&Issued]) -> TrustStore {
    let mut store = TrustStore::new();
    for issued in certificates {
        store.add(certificate(issued));
    }
    store
}

fn json(holder: &Issued) -> String {
    let algorithm = match holder.key {
        Key::P256(_) | Key::BrainpoolP256r1(_) => ES256,
        Key::P384(_) | Key::BrainpoolP384r1(_) => ES384,
        Key::P521(_) => ES512,
        Key::Rsa(_) => RS256,
    };
    json_with(holder, algorithm)
}

fn json_with(holder: &Issued, algorithm: TokenAlgorithm) -> String {
    serde_json::to_string(&token(holder, algorithm, &origin(), &challenge())).unwrap()
}

fn verify(store: TrustStore, holder: &Issued) -> Result<VerifiedToken, Box<RefusedToken>> {
    TokenVerifier::with_anchors(origin(), store).verify(&json(holder), &challenge(), at(NOW))
}

fn code(result: Result<VerifiedToken, Box<RefusedToken>>) -> &'static str {
    let refused = result.unwrap_err();
    assert_eq!(refused.checks.len(), Step::ALL.len(), "a report has every step");
    refused.failure.code()
}

fn profiles(pki: &Pki, demands: &str) -> IssuerProfiles {
    let text = format!(
        "schema = 1\n[[issuer]]\nname = \"Example State\"\nanchors = [\"root.pem\"]\nintermediates = [\"issuing.pem\"]\n{demands}\n"
    );
    parse(&text, pki).unwrap()
}

fn parse(text: &str, pki: &Pki) -> Result<IssuerProfiles, bitaqa_trust::issuer_profile::IssuerProfileError> {
    IssuerProfiles::parse(text, |file| match file {
        "root.pem" => Ok(pki.root.pem().into_bytes()),
        "issuing.pem" => Ok(pki.issuing.pem().into_bytes()),
        _ => Err(io::ErrorKind::NotFound.into()),
    })
}

fn judged(pki: &Pki, demands: &str, holder: &Issued) -> Result<VerifiedToken, Box<RefusedToken>> {
    TokenVerifier::with_profiles(origin(), profiles(pki, demands)).verify(
        &json(holder),
        &challenge(),
        at(NOW),
    )
}

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
fn everybody_on_the_path_is_valid_at_the_time() {
    let person = || person_template().valid("20250101000000Z", "20270101000000Z");
    let issuing = || issuing_template().valid("20240101000000Z", "20280101000000Z");
    let root = || Template::authority("Example Root").valid("20230101000000Z", "20290101000000Z");
    let pki = Pki::with(root(), issuing());
    let holder = pki.person(person());
    let verifier = TokenVerifier::with_anchors(origin(), pki.store());
    let when = |time: &str| verifier.verify(&json(&holder), &challenge(), at(time));
    // the first and the last second belong to it
    assert!(when("2025-01-01T00:00:00Z").is_ok());
    assert!(when("2027-01-01T00:00:00Z").is_ok());
    assert_eq!(code(when("2024-12-31T23:59:59Z")), "certificate-not-yet-valid");
    assert_eq!(code(when("2027-01-01T00:00:01Z")), "certificate-expired");

    let late = |root: Template, issuing: Template, time: &str| {
        let pki = Pki::with(root, issuing);
        let holder = pki.person(person().valid("20100101000000Z", "20500101000000Z"));
        code(TokenVerifier::with_anchors(origin(), pki.store()).verify(
            &json(&holder),
            &challenge(),
            at(time),
        ))
    };
    assert_eq!(late(root(), issuing(), "2028-06-01T00:00:00Z"), "issuer-expired");
    assert_eq!(late(root(), issuing(), "2023-06-01T00:00:00Z"), "issuer-not-yet-valid");
    let always = || issuing_template().valid("20100101000000Z", "20500101000000Z");
    assert_eq!(late(root(), always(), "2029-06-01T00:00:00Z"), "anchor-expired");
    assert_eq!(late(root(), always(), "2022-06-01T00:00:00Z"), "anchor-not-yet-valid");
}

#[test]
fn nobody_vouches_for_unknown_issuers() {
    let pki = Pki::new();
    let holder = pki.person(person_template());
    assert_eq!(code(verify(TrustStore::new(), &holder)), "issuer-unknown");
    assert_eq!(code(verify(store(&[&pki.root]), &holder)), "issuer-unknown");
    assert_eq!(code(verify(store(&[&pki.issuing]), &holder)), "issuer-unknown");
    // a root that only has the right name
    let impostor = Template::authority("Example Root").self_signed(Key::new(Kind::P384, 9));
    assert_eq!(code(verify(store(&[&impostor, &pki.issuing]), &holder)), "certificate-signature-invalid");
    // somebody who signs a certificate for himself
    let alone = person_template().self_signed(Key::new(Kind::P384, 3));
    assert_eq!(code(verify(pki.store(), &alone)), "issuer-unknown");
}

#[test]
fn an_intermediate_can_be_pinned_and_even_a_leaf() {
    let pki = Pki::new();
    let holder = pki.person(person_template());
    let mut pinned = TrustStore::new();
    pinned.add_anchor(certificate(&pki.issuing));
    assert_eq!(verify(pinned, &holder).unwrap().path.certificates().count(), 2);

    let mut pinned = TrustStore::new();
    pinned.add_anchor(certificate(&holder));
    assert!(verify(pinned.clone(), &holder).unwrap().path.is_pinned_leaf());
    // that says nothing about anybody else, and a pinned leaf issues nothing
    let other = person_template().issued_by(&pki.issuing, Key::new(Kind::P384, 7));
    assert_eq!(code(verify(pinned.clone(), &other)), "issuer-unknown");
    let child = person_template().issued_by(&holder, Key::new(Kind::P384, 8));
    assert_eq!(code(verify(pinned, &child)), "issuer-not-authority");
}

#[test]
fn only_authorities_issue_certificates() {
    for (root, issuing) in [
        (Template::authority("Example Root"), issuing_template().with(extension::not_authority())),
        (Template::authority("Example Root"), issuing_template().without("2.5.29.19")),
        (
            Template::authority("Example Root"),
            issuing_template().with(extension::key_usage(DIGITAL_SIGNATURE)),
        ),
        (Template::authority("Example Root"), issuing_template().without("2.5.29.15")),
        (Template::authority("Example Root").with(extension::not_authority()), issuing_template()),
        (Template::authority("Example Root").without("2.5.29.19"), issuing_template()),
        (
            Template::authority("Example Root").with(extension::key_usage(DIGITAL_SIGNATURE)),
            issuing_template(),
        ),
    ] {
        let pki = Pki::with(root, issuing);
        let holder = pki.person(person_template());
        assert_eq!(code(verify(pki.store(), &holder)), "issuer-not-authority");
    }
}

#[test]
fn an_authority_may_limit_how_long_the_path_becomes() {
    let pki = Pki::with(
        Template::authority("Example Root").with(extension::authority(Some(0))),
        issuing_template(),
    );
    assert_eq!(code(verify(pki.store(), &pki.person(person_template()))), "path-too-long");
    let pki = Pki::with(
        Template::authority("Example Root").with(extension::authority(Some(1))),
        issuing_template(),
    );
    assert!(verify(pki.store(), &pki.person(person_template())).is_ok());
    let pki = Pki::with(
        Template::authority("Example Root").with(extension::authority(Some(1))),
        issuing_template().with(extension::authority(Some(0))),
    );
    let below = Template::authority("Example Below").issued_by(&pki.issuing, Key::new(Kind::P256, 5));
    let holder = person_template().issued_by(&below, Key::new(Kind::P384, 6));
    assert_eq!(code(verify(store(&[&pki.root, &pki.issuing, &below]), &holder)), "path-too-long");
}

#[test]
fn an_authority_vouches_only_for_names_it_may_vouch_for() {
    for (constraint, holder, good) in [
        (extension::permitted_country("MA"), person_template(), true),
        (extension::permitted_country("BH"), person_template(), false),
        (
            extension::permitted_mail("example.ma"),
            person_template().with(extension::mail("a@example.ma")),
            true,
        ),
        (
            extension::permitted_mail("example.ma"),
            person_template().with(extension::mail("a@example.org")),
            false,
        ),
    ] {
        let pki = Pki::with(Template::authority("Example Root"), issuing_template().with(constraint.clone()));
        let result = verify(pki.store(), &pki.person(holder.clone()));
        if good {
            assert!(result.is_ok());
        } else {
            assert_eq!(code(result), "name-constraints-violated");
        }
        // the anchor's own constraints count too (RFC 5937)
        let mail = holder.extensions.iter().any(|extension| *extension == extension::mail("a@example.org"));
        if mail {
            let pki = Pki::with(Template::authority("Example Root").with(constraint), issuing_template());
            assert_eq!(code(verify(pki.store(), &pki.person(holder))), "name-constraints-violated");
        }
    }
}

#[test]
fn an_authority_for_other_purposes_does_not_vouch_for_clients() {
    let server = extension::extended_key_usage(&[SERVER_AUTH]);
    let pki = Pki::with(Template::authority("Example Root"), issuing_template().with(server));
    assert_eq!(code(verify(pki.store(), &pki.person(person_template()))), "issuer-purpose-wrong");
    let client = extension::extended_key_usage(&[SERVER_AUTH, CLIENT_AUTH]);
    let pki = Pki::with(Template::authority("Example Root"), issuing_template().with(client));
    assert!(verify(pki.store(), &pki.person(person_template())).is_ok());
}

#[test]
fn critical_extensions_are_understood_or_refused() {
    let pki = Pki::new();
    let holder = pki.person(person_template().with(extension::unknown_critical()));
    assert_eq!(code(verify(pki.store(), &holder)), "critical-extension-unknown");
    let pki = Pki::with(
        Template::authority("Example Root"),
        issuing_template().with(extension::unknown_critical()),
    );
    assert_eq!(code(verify(pki.store(), &pki.person(person_template()))), "critical-extension-unknown");
    let pki = Pki::with(
        Template::authority("Example Root").with(extension::unknown_critical()),
        issuing_template(),
    );
    assert_eq!(code(verify(pki.store(), &pki.person(person_template()))), "critical-extension-unknown");
    // qualified statements are read by the issuer profile
    let statement =
        test_pki::der::sequence(&[&test_pki::der::sequence(&[&test_pki::der::oid("0.4.0.1862.1.1")])]);
    let critical = extension::extension("1.3.6.1.5.5.7.1.3", true, &statement);
    let pki = Pki::new();
    assert!(verify(pki.store(), &pki.person(person_template().with(critical))).is_ok());
}

#[test]
fn short_keys_do_not_vouch_for_anybody() {
    let root = Template::authority("Example Root").self_signed(Key::new(Kind::Rsa1024, 1));
    let holder = person_template().issued_by(&root, Key::new(Kind::P384, 2));
    let mut anchors = TrustStore::new();
    anchors.add_anchor(certificate(&root));
    assert_eq!(code(verify(anchors, &holder)), "issuer-key-unsupported");
    let root = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    let holder = person_template().issued_by(&root, Key::new(Kind::Rsa1024, 2));
    assert_eq!(code(verify(store(&[&root]), &holder)), "key-unsupported");
}

#[test]
fn of_several_paths_the_one_that_holds_counts() {
    // the issuing authority has a certificate of an expired root and one of a current root, in both orders
    let old = Template::authority("Old Root").valid("20100101000000Z", "20200101000000Z");
    let old = old.self_signed(Key::new(Kind::P384, 11));
    let new = Template::authority("New Root").self_signed(Key::new(Kind::P384, 12));
    let by_old = issuing_template().issued_by(&old, Key::new(Kind::P256, 2));
    let by_new = issuing_template().issued_by(&new, Key::new(Kind::P256, 2));
    let holder = person_template().issued_by(&by_new, Key::new(Kind::P384, 3));
    for order in [[&old, &new, &by_old, &by_new], [&new, &old, &by_new, &by_old]] {
        let verified = verify(store(&order), &holder).unwrap();
        assert_eq!(*verified.path.anchor(), certificate(&new));
    }
    // and if none holds, the report is about the one that got furthest
    assert_eq!(code(verify(store(&[&old, &by_old, &by_new]), &holder)), "anchor-expired");
}

#[test]
fn loops_end_and_crowds_are_bounded() {
    // two authorities vouch for each other, nobody for them
    let a = Template::authority("A").self_signed(Key::new(Kind::P256, 21));
    let b = Template::authority("B").self_signed(Key::new(Kind::P256, 22));
    let a_by_b = Template::authority("A").issued_by(&b, Key::new(Kind::P256, 21));
    let b_by_a = Template::authority("B").issued_by(&a, Key::new(Kind::P256, 22));
    let holder = person_template().issued_by(&a, Key::new(Kind::P384, 3));
    assert_eq!(code(verify(store(&[&a_by_b, &b_by_a]), &holder)), "issuer-unknown");

    // many keys of one name: the search gives up instead of trying everything
    let mut crowd = TrustStore::new();
    for seed in 30..=200 {
        crowd.add_intermediate(certificate(
            &Template::authority("A").issued_by(&b, Key::new(Kind::P256, seed)),
        ));
        crowd.add_intermediate(certificate(
            &Template::authority("A").issued_by(&a, Key::new(Kind::P256, seed)),
        ));
    }
    assert_eq!(code(verify(crowd, &holder)), "path-too-complex");

    // a chain longer than any real one
    let mut long = TrustStore::new();
    let mut last = Template::authority("Chain 0").self_signed(Key::new(Kind::P256, 50));
    long.add(certificate(&last));
    for step in 1..=12 {
        let next =
            Template::authority(&format!("Chain {step}")).issued_by(&last, Key::new(Kind::P256, 50 + step));
        long.add(certificate(&next));
        last = next;
    }
    let holder = person_template().issued_by(&last, Key::new(Kind::P384, 3));
    assert_eq!(code(verify(long, &holder)), "path-too-long");
}

#[test]
fn a_profile_demands_policies_that_hold_along_the_path() {
    let demands =
        "required_policies = [\"1.3.6.1.4.1.32473.1.2\", \"1.3.6.1.4.1.32473.1.8\"]\nlevel = \"substantial\"";
    let pki = Pki::new();
    assert_eq!(judged(&pki, demands, &pki.person(person_template())).unwrap().level(), Level::Substantial);
    for template in [
        Template::person(),
        Template::person().with(extension::policies(&[OTHER_POLICY])),
        // anyPolicy in a person's certificate names none of them
        Template::person().with(extension::policies(&["1.3.6.1.4.1.32473.7"])),
    ] {
        assert_eq!(code(judged(&pki, demands, &pki.person(template))), "policy-missing");
    }
    // the person's certificate claims a policy that its issuer may not use
    for issuing in [
        Template::authority("Example Issuing"),
        Template::authority("Example Issuing").with(extension::policies(&[OTHER_POLICY])),
    ] {
        let pki = Pki::with(Template::authority("Example Root"), issuing);
        assert_eq!(code(judged(&pki, demands, &pki.person(person_template()))), "policy-missing");
    }
    let pki = Pki::with(
        Template::authority("Example Root").with(extension::policies(&[OTHER_POLICY])),
        issuing_template(),
    );
    assert_eq!(code(judged(&pki, demands, &pki.person(person_template()))), "policy-missing");
}

#[test]
fn a_profile_forbids_policies_and_demands_statements_and_usages() {
    let pki = Pki::new();
    let both = Template::person().with(extension::policies(&[POLICY, OTHER_POLICY]));
    let forbidden = "forbidden_policies = [\"1.3.6.1.4.1.32473.1.3\"]";
    assert_eq!(code(judged(&pki, forbidden, &pki.person(both))), "policy-forbidden");
    assert!(judged(&pki, forbidden, &pki.person(person_template())).is_ok());

    let statement = "required_qc_statements = [\"0.4.0.1862.1.1\", \"0.4.0.1862.1.4\"]";
    let half = person_template().with(extension::qc_statements(&["0.4.0.1862.1.1"]));
    let whole = person_template().with(extension::qc_statements(&["0.4.0.1862.1.4", "0.4.0.1862.1.1"]));
    assert_eq!(code(judged(&pki, statement, &pki.person(person_template()))), "qc-statement-missing");
    assert_eq!(code(judged(&pki, statement, &pki.person(half))), "qc-statement-missing");
    assert!(judged(&pki, statement, &pki.person(whole)).is_ok());

    let usage = "required_key_usages = [\"digital-signature\", \"key-agreement\"]";
    let agreeing = person_template().with(extension::key_usage(DIGITAL_SIGNATURE | KEY_AGREEMENT));
    assert_eq!(code(judged(&pki, usage, &pki.person(person_template()))), "profile-key-usage-missing");
    assert!(judged(&pki, usage, &pki.person(agreeing)).is_ok());
}

#[test]
fn a_profile_without_a_level_proves_none_and_a_test_profile_says_test() {
    let pki = Pki::new();
    let holder = pki.person(person_template());
    let verified = judged(&pki, "", &holder).unwrap();
    assert_eq!((verified.level(), verified.assurance()), (Level::None, Some(Assurance::Production)));
    let verified = judged(&pki, "test = true\nlevel = \"high\"", &holder).unwrap();
    assert_eq!((verified.level(), verified.assurance()), (Level::High, Some(Assurance::Test)));
    let verified = verify(pki.store(), &holder).unwrap();
    assert_eq!((verified.level(), verified.assurance()), (Level::None, None));
    assert!(verified.checks.iter().any(|c| c.step == Step::Issuer && c.outcome == Outcome::NotChecked));
}

#[test]
fn the_first_profile_of_an_anchor_that_is_met_counts() {
    let pki = Pki::new();
    let text = "schema = 1\n\
        [[issuer]]\nname = \"Cards\"\nanchors = [\"root.pem\"]\nintermediates = [\"issuing.pem\"]\nrequired_policies = [\"1.3.6.1.4.1.32473.1.2\"]\nlevel = \"high\"\n\
        [[issuer]]\nname = \"Others\"\nanchors = [\"root.pem\"]\nrequired_policies = [\"1.3.6.1.4.1.32473.1.3\"]\nlevel = \"low\"\n";
    let verifier = TokenVerifier::with_profiles(origin(), parse(text, &pki).unwrap());
    let who = |policy: &str| {
        let holder = pki.person(Template::person().with(extension::policies(&[policy])));
        verifier.verify(&json(&holder), &challenge(), at(NOW))
    };
    assert_eq!(who(POLICY).unwrap().issuer.unwrap().name, "Cards");
    assert_eq!(who(OTHER_POLICY).unwrap().issuer.unwrap().name, "Others");
    assert_eq!(code(who("1.3.6.1.4.1.32473.1.4")), "policy-missing");
}

#[test]
fn an_anchor_without_a_profile_brings_no_trust_where_there_are_profiles() {
    let pki = Pki::new();
    let stranger = Template::authority("Stranger").self_signed(Key::new(Kind::P256, 40));
    let holder = person_template().issued_by(&stranger, Key::new(Kind::P384, 41));
    let verifier =
        TokenVerifier::with_profiles(origin(), profiles(&pki, "")).and_certificates(&store(&[&stranger]));
    assert_eq!(code(verifier.verify(&json(&holder), &challenge(), at(NOW))), "issuer-without-profile");
}

/// Counts how often it is asked.
struct Source(RevocationStatus, Arc<AtomicUsize>);

impl RevocationSource for Source {
    fn status(&self, path: &CertificationPath, _at: DateTime) -> RevocationStatus {
        assert!(path.issuer().is_some());
        self.1.fetch_add(1, Ordering::Relaxed);
        self.0
    }
}

#[test]
fn revocation_is_asked_last_and_only_for_tokens_that_hold_otherwise() {
    let pki = Pki::new();
    let holder = pki.person(person_template());
    let with = |status, text: &str, challenge: &Challenge, time: &str| {
        let asked = Arc::new(AtomicUsize::new(0));
        let verifier = TokenVerifier::with_anchors(origin(), pki.store())
            .and_revocation(Box::new(Source(status, Arc::clone(&asked))));
        let result = verifier.verify(text, challenge, at(time));
        (result, asked.load(Ordering::Relaxed))
    };
    let text = json(&holder);
    let (result, asked) = with(RevocationStatus::Good, &text, &challenge(), NOW);
    assert!(result.unwrap().revocation_checked());
    assert_eq!(asked, 1);
    let since = Some(at("2026-01-01T00:00:00Z"));
    let (result, _) = with(RevocationStatus::Revoked { since }, &text, &challenge(), NOW);
    assert_eq!(code(result), "certificate-revoked");
    let (result, _) = with(RevocationStatus::Undetermined, &text, &challenge(), NOW);
    assert_eq!(code(result), "revocation-undetermined");
    let other = Challenge::parse(&encode_base64(&[9; 32])).unwrap();
    let (result, asked) = with(RevocationStatus::Good, &text, &other, NOW);
    assert_eq!((code(result), asked), ("signature-invalid", 0));
    let (result, asked) = with(RevocationStatus::Good, &text, &challenge(), "2099-01-01T00:00:00Z");
    assert_eq!((code(result), asked), ("certificate-expired", 0));
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
