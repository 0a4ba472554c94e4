//! Signatures in CMS, judged by programs that are not ours.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_signature::{
    SignatureAlgorithm, Signer,
    cades::{self, Content, Profile},
    cms::{SignedData, signed_data::content_info, writer},
    found::{Integrity, SigningCertificate},
};
use support::{
    Kind,
    cms::{CONTENT, detached, finish, openssl, own_file, signed, statement},
    pki,
};

#[test]
fn openssl_accepts_every_key_and_algorithm_attached_and_detached() {
    for kind in Kind::ALL {
        let holder = pki().signer(kind);
        let key = holder.certificate.public_key().unwrap();
        for algorithm in SignatureAlgorithm::of_key(key.kind()) {
            let signer = holder.with(algorithm);
            for attached in [true, false] {
                let content = if attached { Content::Attached(CONTENT) } else { detached(&signer) };
                let prepared = cades::prepare(&signer, content, Profile::Cades, &statement()).unwrap();
                let message = finish(&holder, &signer, prepared);
                let verdict = openssl(&message, attached);
                assert!(verdict.success, "{kind:?} {algorithm:?} attached {attached}: {}", verdict.text);

                let found = if attached {
                    cades::read(&message, &mut cades::no_content).unwrap()
                } else {
                    cades::read(&message, &mut cades::content_of(CONTENT)).unwrap()
                };
                let [found] = &found[..] else { panic!("{} signatures", found.len()) };
                assert_eq!(found.integrity, Integrity::Intact, "{kind:?} {algorithm:?} {found:?}");
                assert!(
                    matches!(&found.signer, SigningCertificate::Bound(one) if **one == holder.certificate)
                );
                assert!(found.format_faults.is_empty() && found.remarks.is_empty(), "{found:?}");
                assert_eq!(found.content_hashes, [algorithm.hash()]);
            }
        }
    }
}

#[test]
fn content_that_is_missing_or_another_is_told() {
    let holder = pki().signer(Kind::P256);
    let message = signed(&holder, false);
    let integrity = |content: cades::DetachedDigest<'_>| cades::read(&message, content).unwrap()[0].integrity;
    assert_eq!(integrity(&mut cades::content_of(CONTENT)), Integrity::Intact);
    assert_eq!(integrity(&mut cades::no_content), Integrity::ContentMissing);
    assert_eq!(integrity(&mut cades::content_of(b"another")), Integrity::ContentChanged);

    let attached = signed(&holder, true);
    let found = cades::read(&attached, &mut cades::content_of(b"another")).unwrap();
    assert_eq!(found[0].integrity, Integrity::ContentChanged, "given another content than the one inside");
}

#[test]
fn a_serial_number_with_its_highest_bit_set_is_found() {
    let holder = pki().signer(Kind::P256);
    let key = format!("{}.key", holder.name);
    pki().run(&[
        "req",
        "-config",
        "openssl.cnf",
        "-x509",
        "-new",
        "-key",
        &key,
        "-subj",
        "/CN=High",
        "-set_serial",
        "0x9a00000000000001",
        "-extensions",
        "signer",
        "-out",
        "high.pem",
    ]);
    let certificate = pki().certificate("high.pem");
    let signer = Signer::new(certificate.clone(), Vec::new(), holder.best().algorithm()).unwrap();
    let prepared = cades::prepare(&signer, Content::Attached(CONTENT), Profile::Cades, &statement()).unwrap();
    let message = finish(&holder, &signer, prepared);
    let found = &cades::read(&message, &mut cades::no_content).unwrap()[0];
    assert_eq!(found.integrity, Integrity::Intact);
    assert!(matches!(&found.signer, SigningCertificate::Bound(one) if **one == certificate));
}

#[test]
fn a_signer_named_by_key_identifier_is_found_and_one_without_reference_is_not_bound() {
    let holder = pki().signer(Kind::Rsa2048);
    let content = own_file(CONTENT);
    let (certificate, key) = (format!("{}.pem", holder.name), format!("{}.key", holder.name));
    let fixed = [
        "cms",
        "-sign",
        "-binary",
        "-nodetach",
        "-in",
        content.to_str().unwrap(),
        "-signer",
        &certificate,
        "-inkey",
        &key,
        "-outform",
        "DER",
    ];
    let found = |more: &[&str]| {
        let message = pki().run(&[&fixed[..], more].concat());
        cades::read(&message, &mut cades::no_content).unwrap().remove(0)
    };
    let bound = found(&["-cades", "-keyid", "-md", "sha384"]);
    assert!(matches!(&bound.signer, SigningCertificate::Bound(one) if **one == holder.certificate));
    let plain = found(&["-md", "sha256"]);
    assert!(matches!(&plain.signer, SigningCertificate::NotBound(one) if **one == holder.certificate));
    assert_eq!(plain.integrity, Integrity::Intact);
    let bare = found(&["-md", "sha256", "-noattr"]);
    assert_eq!(bare.integrity, Integrity::Intact);
    assert_eq!(bare.format_faults, ["there are no signed attributes"]);
    let weak = found(&["-md", "sha1"]);
    assert_eq!(weak.integrity, Integrity::NotVerified);
    assert!(weak.algorithm.is_err());
    let gone = found(&["-cades", "-nocerts"]);
    assert!(matches!(gone.signer, SigningCertificate::NotFound));
    assert_eq!(gone.integrity, Integrity::NotVerified);
}

#[test]
fn a_reference_to_another_certificate_of_the_same_key_is_a_mismatch() {
    // a twin: same issuer, serial number and key, other content
    let holder = pki().signer(Kind::P256);
    let key = format!("{}.key", holder.name);
    for (name, days) in [("twin_a.pem", "10"), ("twin_b.pem", "20")] {
        pki().run(&[
            "req",
            "-config",
            "openssl.cnf",
            "-x509",
            "-new",
            "-key",
            &key,
            "-subj",
            "/CN=Twin",
            "-set_serial",
            "5",
            "-extensions",
            "signer",
            "-days",
            days,
            "-out",
            name,
        ]);
    }
    let [mine, other] = ["twin_a.pem", "twin_b.pem"].map(|pem| pki().certificate(pem));
    let signer = Signer::new(mine.clone(), Vec::new(), holder.best().algorithm()).unwrap();
    let prepared = cades::prepare(&signer, Content::Attached(CONTENT), Profile::Cades, &statement()).unwrap();
    let message = finish(&holder, &signer, prepared);
    let parts = SignedData::parse(&message).unwrap();
    let replaced = content_info(&writer::sequence([
        parts.version.encoded().to_vec(),
        writer::set_of(vec![parts.digest_algorithms[0].encoded().to_vec()]),
        parts.encapsulated.encoded().to_vec(),
        writer::constructed(0xa0, [other.der()]),
        writer::set_of(vec![parts.signers[0].element.encoded().to_vec()]),
    ]));
    let found = &cades::read(&replaced, &mut cades::no_content).unwrap()[0];
    assert!(matches!(found.signer, SigningCertificate::Mismatch), "{:?}", found.signer);
}
