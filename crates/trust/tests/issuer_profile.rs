//! Issuer profiles: what they demand, and which level they give.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use bitaqa_trust::{
    Assurance, Level, TokenVerifier,
    token_verification::{Outcome, Step},
};
use test_pki::{
    Key, Kind, Template, challenge,
    extension::{self, DIGITAL_SIGNATURE, KEY_AGREEMENT},
    origin,
    verification::{
        NOW, OTHER_POLICY, POLICY, Pki, at, code, issuing_template, json, judged, parse, person_template,
        profiles, store, verify,
    },
};

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
