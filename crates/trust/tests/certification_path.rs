//! Paths from a person's certificate to an anchor: who may vouch for whom, and when.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use bitaqa_trust::{TokenVerifier, TrustStore};
use test_pki::{
    Key, Kind, Template, challenge,
    extension::{self, CLIENT_AUTH, DIGITAL_SIGNATURE, SERVER_AUTH},
    origin,
    verification::{Pki, at, certificate, code, issuing_template, json, person_template, store, verify},
};

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
    let refused = verify(pki.store(), &alone).unwrap_err();
    assert_eq!(refused.failure.code(), "issuer-unknown");
    assert!(!refused.to_string().contains("IDCMA"), "a failure names no person: {refused}");
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
