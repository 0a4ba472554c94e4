//! Documents that openssl signed, in every way that countries sign.

use bitaqa_card::{
    active_authentication::DigestAlgorithm,
    lds::DataGroup,
    tlv::{Tag, encode},
};
use bitaqa_trust::passive_authentication::{GroupState, NotChecked, Outcome, Step};

use crate::country::{
    Country, Order, PSS, PSS_MASK_SHA1, PSS_SHORT_SALT, RSA, Signing, authority_order, borrowed, faults,
    groups, security_object_with, verify,
};

/// Makes a document with keys and signatures of this kind, and lets openssl and us judge it.
fn genuine(key: &[&str], hash: &str, options: &[&str], arguments: &[&str]) -> (Country, Vec<u8>) {
    let country = Country::with(&Order { key, hash, options, ..authority_order() });
    let signer = country.issue(&Order { key, hash, options, ..Order::default() });
    let groups = groups();
    let sod = country.document(&signer, &borrowed(&groups), Signing { hash, arguments, options });
    let store = country.store();
    let groups = borrowed(&groups);
    let report = verify(&sod, &groups, &store).unwrap();
    assert_eq!(faults(&report), [""; 0], "{key:?} {hash} {options:?} {arguments:?}: {:?}", report.checks());
    (country, sod)
}

fn genuine_and_so_says_openssl(key: &[&str], hash: &str, options: &[&str], arguments: &[&str]) {
    let (country, sod) = genuine(key, hash, options, arguments);
    assert!(country.openssl_accepts(&sod), "{key:?} {hash} {options:?} {arguments:?}");
}

#[test]
fn every_curve_verifies() {
    for (curve, hash) in [
        ("secp224r1", "sha224"),
        ("P-256", "sha256"),
        ("P-384", "sha384"),
        ("P-521", "sha512"),
        ("brainpoolP224r1", "sha1"),
        ("brainpoolP256r1", "sha256"),
        ("brainpoolP320r1", "sha256"),
        ("brainpoolP384r1", "sha384"),
        ("brainpoolP512r1", "sha512"),
    ] {
        genuine_and_so_says_openssl(&["EC", &format!("ec_paramgen_curve:{curve}")], hash, &[], &[]);
    }
}

#[test]
fn curves_that_are_written_out_verify() {
    for curve in ["P-256", "P-384", "brainpoolP256r1", "brainpoolP512r1"] {
        let curve = format!("ec_paramgen_curve:{curve}");
        // openssl signs with them, and refuses them in chains
        genuine(&["EC", &curve, "ec_param_enc:explicit"], "sha256", &[], &[]);
    }
}

#[test]
fn a_curve_that_documents_do_not_use_is_refused() {
    for (curve, encoding) in
        [("secp192k1", "named_curve"), ("secp256k1", "named_curve"), ("secp256k1", "explicit")]
    {
        let (curve, encoding) = (format!("ec_paramgen_curve:{curve}"), format!("ec_param_enc:{encoding}"));
        let country = Country::new();
        let signer = country.issue(&Order { key: &["EC", &curve, &encoding], ..Order::default() });
        let groups = groups();
        let sod = country.document(&signer, &borrowed(&groups), Signing::default());
        let (store, groups) = (country.store(), borrowed(&groups));
        let report = verify(&sod, &groups, &store).unwrap();
        assert_eq!(faults(&report), ["signer-key"], "{curve} {encoding}");
    }
}

#[test]
fn rsa_verifies_with_both_paddings() {
    for (hash, options) in [
        ("sha1", &[][..]),
        ("sha224", &[]),
        ("sha256", &[]),
        ("sha384", PSS),
        ("sha512", &[]),
        ("sha1", PSS),
        ("sha256", PSS),
        ("sha512", PSS),
        ("sha256", PSS_MASK_SHA1),
        ("sha256", PSS_SHORT_SALT),
    ] {
        genuine_and_so_says_openssl(RSA, hash, options, &[]);
    }
}

#[test]
fn a_modulus_of_odd_length_verifies() {
    genuine_and_so_says_openssl(&["RSA", "rsa_keygen_bits:2049"], "sha256", PSS, &[]);
    genuine_and_so_says_openssl(&["RSA", "rsa_keygen_bits:2055"], "sha256", &[], &[]);
}

#[test]
fn a_short_key_is_refused() {
    let country = Country::new();
    let signer = country.issue(&Order { key: &["RSA", "rsa_keygen_bits:1024"], ..Order::default() });
    let groups = groups();
    let sod = country.document(&signer, &borrowed(&groups), Signing::default());
    let (store, groups) = (country.store(), borrowed(&groups));
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), ["signer-key"]);
}

#[test]
fn indefinite_lengths_key_identifiers_and_bare_contents_verify() {
    let key = &["EC", "ec_paramgen_curve:P-256"];
    for arguments in [&["-stream"][..], &["-keyid"], &["-stream", "-keyid"]] {
        genuine_and_so_says_openssl(key, "sha256", &[], arguments);
    }
    let (_, sod) = genuine(key, "sha256", &[], &["-stream"]);
    let has_indefinite_lengths = sod.windows(2).any(|pair| pair == [0x30, 0x80]);
    assert!(has_indefinite_lengths, "openssl streams with indefinite lengths");
    // a signature without signed attributes covers the content
    genuine_and_so_says_openssl(key, "sha256", &[], &["-noattr"]);
    genuine_and_so_says_openssl(RSA, "sha512", &[], &["-stream", "-noattr"]);
}

#[test]
fn every_hash_of_groups_and_both_versions_of_the_list_verify() {
    let country = Country::new();
    let signer = country.issue(&Order::default());
    let groups = groups();
    let (store, groups) = (country.store(), borrowed(&groups));
    for hash in DigestAlgorithm::ALL {
        for versions in [None, Some([&b"0107"[..], b"040000"]), Some([&b"0108"[..], b"040000"])] {
            let object = security_object_with(hash, &groups, versions);
            let signed = country.sign(&signer, "2.23.136.1.1.1", &object, Signing::default());
            let sod = encode(Tag(0x77), &signed);
            let report = verify(&sod, &groups, &store).unwrap();
            assert_eq!((faults(&report), report.digest_algorithm()), (vec![], hash));
            let lds = report.versions().map(|versions| versions.lds.clone().into_bytes());
            assert_eq!(lds, versions.map(|[lds, _]| lds.to_vec()));
            let altered = [groups[0], (DataGroup::DG2, &[0x75, 0x00][..])];
            assert_eq!(faults(&verify(&sod, &altered, &store).unwrap()), ["group-altered"]);
        }
    }
}

/// The last place of these bytes.
fn last_place(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes.windows(wanted.len()).rposition(|window| window == wanted).unwrap()
}

#[test]
fn a_signer_is_found_whose_issuer_is_spelled_in_another_order_and_string_type() {
    let country = Country::new();
    let signer = country.issue(&Order::default());
    let groups = groups();
    let mut sod = country.document(&signer, &borrowed(&groups), Signing::default());
    let (store, groups) = (country.store(), borrowed(&groups));
    let relative = |last: u8, tag: u32, text: &[u8]| {
        let pair = [encode(Tag(0x06), &[0x55, 0x04, last]), encode(Tag(tag), text)].concat();
        encode(Tag(0x31), &encode(Tag(0x30), &pair))
    };
    // what openssl wrote last is the signer identifier; the same name stands in the certificate before
    let usual =
        [relative(6, 0x13, b"UT"), relative(10, 0x0C, b"Utopia"), relative(3, 0x0C, b"CSCA Utopia")].concat();
    let at = last_place(&sod, &usual);
    for other in [
        [relative(3, 0x0C, b"CSCA Utopia"), relative(10, 0x0C, b"Utopia"), relative(6, 0x13, b"UT")],
        [relative(6, 0x0C, b"ut"), relative(10, 0x13, b"UTOPIA"), relative(3, 0x14, b"CSCA Utopia")],
    ] {
        sod[at..at + usual.len()].copy_from_slice(&other.concat());
        assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), [""; 0]);
    }
    let another =
        [relative(6, 0x13, b"UT"), relative(10, 0x0C, b"Utopia"), relative(3, 0x0C, b"CSCA Utopib")];
    sod[at..at + usual.len()].copy_from_slice(&another.concat());
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), ["signer-missing"]);
}

#[test]
fn a_signer_that_the_document_does_not_bring_is_found_in_the_store() {
    let country = Country::new();
    let signer = country.issue(&Order::default());
    let groups = groups();
    let sod = country.document(
        &signer,
        &borrowed(&groups),
        Signing { arguments: &["-nocerts"], ..Signing::default() },
    );
    let (store, groups) = (country.store(), borrowed(&groups));
    let report = verify(&sod, &groups, &store).unwrap();
    assert_eq!(faults(&report), ["signer-missing"]);
    assert_eq!(*report.outcome(Step::Signature), Outcome::NotReached);
    let mut builder = bitaqa_trust::csca_store::CscaStoreBuilder::new();
    builder.add(country.certificate(&country.csca)).unwrap();
    builder.add(country.certificate(&signer)).unwrap();
    let (store, _) = builder.build();
    assert_eq!(faults(&verify(&sod, &groups, &store).unwrap()), [""; 0]);
}

#[test]
fn groups_are_named_by_what_is_wrong_with_them() {
    let country = Country::new();
    let signer = country.issue(&Order::default());
    let mut groups = groups();
    let sod = country.document(&signer, &borrowed(&groups), Signing::default());
    let store = country.store();
    let none = verify(&sod, &[], &store).unwrap();
    assert_eq!(*none.outcome(Step::Groups), Outcome::NotChecked(NotChecked::NoGroup));
    assert!(none.groups().iter().all(|check| check.state == GroupState::NotGiven));
    assert_eq!(none.genuine().unwrap().group(DataGroup::DG1), None);

    groups.push((DataGroup::DG11, vec![0x6B, 0x00]));
    groups[1].1[200] ^= 1;
    let groups = borrowed(&groups);
    let report = verify(&sod, &groups, &store).unwrap();
    assert_eq!(faults(&report), ["group-altered"]);
    let states: Vec<_> = report.groups().iter().map(|check| (check.group.number(), check.state)).collect();
    assert_eq!(states, [(1, GroupState::Unchanged), (2, GroupState::Altered), (11, GroupState::NotListed)]);
    let report = verify(&sod, &[groups[0], groups[2]], &store).unwrap();
    assert_eq!(faults(&report), ["group-not-listed"]);
    assert!(verify(&sod, &[groups[0], groups[0]], &store).is_err(), "a group twice");
}
