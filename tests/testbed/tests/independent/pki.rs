//! The test infrastructure, judged by openssl: good certificates are good, and bad ones bad in the way they say.

use bitaqa_testbed::{CardSpec, Testbed, Variant};

use crate::judge::{Judge, certificate_file};

/// What openssl says of an authentication certificate for a TLS client under our policy.
fn verdict(bed: &Testbed, variant: Variant) -> Result<String, String> {
    let card = bed.make(&CardSpec { certificate: variant, ..CardSpec::esteid() }).unwrap();
    let file = certificate_file(bed, "leaf.pem", &card.certificates().authentication);
    let path = |name: &str| bed.pki_dir().join(name).display().to_string();
    let policy = ["-policy_check", "-explicit_policy", "-policy", "1.3.6.1.4.1.32473.1.2"];
    let chain = ["-CAfile", &path("root.pem"), "-untrusted", &path("issuing.pem"), &file];
    let arguments = [&["verify", "-x509_strict", "-purpose", "sslclient"][..], &policy, &chain].concat();
    Judge::of(bed).try_run("openssl", &arguments)
}

#[test]
fn a_valid_certificate_is_accepted() {
    let bed = Testbed::builder().start().unwrap();
    assert!(verdict(&bed, Variant::Valid).unwrap().ends_with("OK\n"));
}

#[test]
fn each_bad_certificate_is_refused_for_its_own_reason() {
    let bed = Testbed::builder().start().unwrap();
    for (variant, reason) in [
        (Variant::Expired, "certificate has expired"),
        (Variant::NotYetValid, "certificate is not yet valid"),
        (Variant::WrongKeyUsage, "unsuitable certificate purpose"),
        (Variant::WrongPolicy, "no explicit policy"),
        (Variant::UnknownIssuer, "unable to get local issuer certificate"),
        (Variant::SelfSigned, "self-signed certificate"),
    ] {
        let said = verdict(&bed, variant).unwrap_err();
        assert!(said.contains(reason), "{variant:?}: {said}");
    }
}

#[test]
fn a_certificate_without_extended_key_usage_has_none() {
    let bed = Testbed::builder().start().unwrap();
    assert!(verdict(&bed, Variant::NoExtendedKeyUsage).is_ok(), "openssl takes it for any purpose");
    let text = |variant| {
        let card = bed.make(&CardSpec { certificate: variant, ..CardSpec::esteid() }).unwrap();
        let file = certificate_file(&bed, "leaf.pem", &card.certificates().authentication);
        Judge::of(&bed).run("openssl", &["x509", "-in", &file, "-noout", "-text"])
    };
    assert!(text(Variant::Valid).contains("TLS Web Client Authentication"));
    assert!(!text(Variant::NoExtendedKeyUsage).contains("Extended Key Usage"));
}

#[test]
fn names_are_read_in_every_script() {
    let bed = Testbed::builder().start().unwrap();
    for (person, surname) in [("zoe", "DÉMONSTRATION"), ("maryam", "نموذج"), ("tiziri", "ⴰⵎⴷⵢⴰ")]
    {
        let card = bed.make(&CardSpec::esteid().for_person(person)).unwrap();
        let file = certificate_file(&bed, "leaf.pem", &card.certificates().signature);
        let how = ["x509", "-in", &file, "-noout", "-subject", "-nameopt", "utf8,-esc_msb"];
        let subject = Judge::of(&bed).run("openssl", &how);
        assert!(subject.contains(surname), "{subject}");
    }
}

#[test]
fn a_signature_certificate_is_qualified_and_for_nothing_else() {
    let bed = Testbed::builder().start().unwrap();
    let card = bed.make(&CardSpec::esteid()).unwrap();
    let file = certificate_file(&bed, "leaf.pem", &card.certificates().signature);
    let text = Judge::of(&bed).run("openssl", &["x509", "-in", &file, "-noout", "-text"]);
    for expected in ["Non Repudiation", "Policy: 1.3.6.1.4.1.32473.1.3", "qcStatements"] {
        assert!(text.contains(expected), "no {expected:?} in {text}");
    }
    assert!(!text.contains("Digital Signature\n"));
    // QcCompliance and QcSSCD stand in the statements
    let dump = Judge::of(&bed).run("openssl", &["asn1parse", "-in", &file]);
    assert!(dump.contains("qcStatements"));
}
