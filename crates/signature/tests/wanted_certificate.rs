//! Which certificate is wanted, by what it says of itself.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_signature::{WantedCertificate, trusted_list::qualification::Purpose};
use support::{Holder, Kind, pki};

/// Qualified, with a device, for signatures, under the law of Morocco; under no policy.
fn signature() -> Holder {
    pki().issue("wanted-signature", Kind::P256, "/C=MA/CN=AMINA EXEMPLE", "qualified")
}

/// Qualified, without a device, for seals, under the law of the Union, which needs no name; under one policy.
fn seal() -> Holder {
    pki().issue("wanted-seal", Kind::P256, "/C=MA/CN=EXEMPLE SA", "seal")
}

/// One without any statement.
fn plain() -> Holder {
    pki().issue("wanted-plain", Kind::P256, "/C=MA/CN=AMINA EXEMPLE", "signer")
}

fn of_law(laws: &[&str]) -> WantedCertificate {
    let legislations = laws.iter().map(|law| law.parse().unwrap()).collect();
    WantedCertificate { legislations, ..WantedCertificate::default() }
}

fn of_policy(policies: &[&str]) -> WantedCertificate {
    let policies = policies.iter().map(|policy| policy.parse().unwrap()).collect();
    WantedCertificate { policies, ..WantedCertificate::default() }
}

fn of_purpose(purpose: Purpose) -> WantedCertificate {
    WantedCertificate { purpose: Some(purpose), ..WantedCertificate::default() }
}

#[test]
fn what_is_not_asked_does_not_matter() {
    for holder in [signature(), seal(), plain()] {
        assert!(WantedCertificate::default().is(&holder.certificate));
    }
}

#[test]
fn a_certificate_that_says_it_is_qualified_is_one_with_its_key_on_a_device_for_that() {
    let wanted = WantedCertificate { qualified: true, ..WantedCertificate::default() };
    assert!(wanted.is(&signature().certificate));
    assert!(!wanted.is(&seal().certificate) && !wanted.is(&plain().certificate));
}

#[test]
fn a_certificate_is_of_the_type_that_it_names() {
    let (signature, seal, plain) = (signature().certificate, seal().certificate, plain().certificate);
    let (of_signature, of_seal) = (of_purpose(Purpose::Signature), of_purpose(Purpose::Seal));
    assert!(of_signature.is(&signature) && !of_signature.is(&seal) && !of_signature.is(&plain));
    assert!(of_seal.is(&seal) && !of_seal.is(&signature) && !of_seal.is(&plain));
    for other in [&signature, &seal, &plain] {
        assert!(!of_purpose(Purpose::WebSite).is(other));
    }
}

#[test]
fn one_of_the_laws_is_enough_and_one_that_names_none_is_under_that_of_the_union() {
    let (signature, seal, plain) = (signature().certificate, seal().certificate, plain().certificate);
    assert!(of_law(&["MA"]).is(&signature) && of_law(&["BH", "MA"]).is(&signature));
    assert!(!of_law(&["BH"]).is(&signature) && !of_law(&["EU"]).is(&signature));
    assert!(of_law(&["EU"]).is(&seal) && !of_law(&["MA"]).is(&seal));
    // it does not say that it is qualified at all
    assert!(!of_law(&["EU"]).is(&plain));
}

#[test]
fn one_of_the_policies_is_enough() {
    let seal = seal().certificate;
    assert!(of_policy(&["1.3.6.1.4.1.32473.1.3"]).is(&seal));
    assert!(of_policy(&["1.2.3", "1.3.6.1.4.1.32473.1.3"]).is(&seal));
    assert!(
        !of_policy(&["1.3.6.1.4.1.32473.1"]).is(&seal) && !of_policy(&["1.2.3"]).is(&signature().certificate)
    );
}

#[test]
fn everything_that_is_asked_has_to_be_said() {
    let wanted = WantedCertificate { purpose: Some(Purpose::Seal), ..of_law(&["EU"]) };
    assert!(wanted.is(&seal().certificate));
    assert!(!WantedCertificate { qualified: true, ..wanted }.is(&seal().certificate));
}

#[test]
fn a_law_is_named_by_two_capital_letters() {
    for law in ["ma", "M", "MAR", "M1", ""] {
        assert!(law.parse::<bitaqa_signature::wanted_certificate::Legislation>().is_err(), "{law}");
    }
}
