//! The certificates of the worked example and of real terminals, and what is none.

use proptest::prelude::*;

use super::{test_certificates::*, *};
use crate::{
    active_authentication::DigestAlgorithm,
    test_hex::hex,
    tlv::{Tag, TlvFault, TlvReader, encode},
};

fn certificate(digits: &str) -> Certificate {
    Certificate::parse(&hex(digits)).unwrap()
}

const CHAINS: [[&str; 3]; 2] = [[ECDH_CVCA, ECDH_DV, ECDH_TERMINAL], [DH_CVCA, DH_DV, DH_TERMINAL]];

#[test]
fn every_public_certificate_and_request_parses() {
    for (name, digits) in CERTIFICATES {
        let certificate = Certificate::parse(&hex(digits));
        assert!(certificate.is_ok(), "{name}: {certificate:?}");
        assert!(hex(digits).ends_with(&certificate.unwrap().to_verify()), "{name}");
        assert!(CertificateRequest::parse(&hex(digits)).is_err(), "{name} is no request");
    }
    for (name, digits) in REQUESTS {
        let request = CertificateRequest::parse(&hex(digits));
        assert!(request.is_ok(), "{name}: {request:?}");
        assert!(Certificate::parse(&hex(digits)).is_err(), "{name} is no certificate");
    }
}

#[test]
fn a_terminal_certificate_says_what_it_certifies() {
    let [_, _, terminal] = CHAINS[0].map(certificate);
    assert_eq!(terminal.authority.to_string(), "DETESTDVDE019");
    assert_eq!(terminal.holder.to_string(), "DETESTATDE019");
    assert_eq!(terminal.authorization.authorization(), hex("0000000110"));
    assert_eq!(terminal.effective, Date { year: 2010, month: 9, day: 30 });
    assert_eq!(terminal.expiry, Date { year: 2010, month: 10, day: 30 });
    assert_eq!(
        terminal.public_key.algorithm(),
        Algorithm { scheme: Scheme::Ecdsa, digest: DigestAlgorithm::Sha512 }
    );
    assert!(!terminal.public_key.is_complete() && terminal.extensions.is_empty());
    let (_, with_extensions) = CERTIFICATES.iter().find(|(name, _)| *name == "kba_cert").unwrap();
    let extensions = certificate(with_extensions).extensions;
    // sectors, then the description of the terminal's holder
    assert_eq!(extensions[0].kind, hex("04007F000703010302"));
    assert_eq!(extensions[1].kind, hex("04007F000703010301"));
    assert_eq!((extensions[1].values[0].0, extensions[1].values[0].1.len()), (Tag(0x80), 32));
}

#[test]
fn descriptions_of_holders_are_those_that_were_certified() {
    for (name, description) in DESCRIPTIONS {
        let (_, digits) = CERTIFICATES.iter().find(|(own, _)| *own == name).unwrap();
        let mut description = hex(description);
        assert!(certificate(digits).is_described_by(&description), "{name}");
        description[20] ^= 1;
        assert!(!certificate(digits).is_described_by(&description), "{name}");
    }
    assert!(!certificate(ECDH_TERMINAL).is_described_by(&[]));
}

#[test]
fn both_chains_of_the_worked_example_hold_however_they_are_given() {
    for chain in CHAINS {
        let [authority, verifier, terminal] = chain.map(certificate);
        let known = [authority.holder.as_bytes()];
        for given in [
            vec![verifier.clone(), terminal.clone()],
            vec![terminal.clone(), authority.clone(), verifier.clone()],
        ] {
            let chain = CertificateChain::arrange(given, &known).unwrap();
            assert_eq!(chain.certificates(), [verifier.clone(), terminal.clone()]);
            let key = chain.verify(&authority).unwrap();
            assert_eq!(key.algorithm(), terminal.public_key.algorithm());
            assert_eq!(key.signature_length(), 128);
        }
        // a chip that knows the verifier itself needs the terminal's certificate only
        let short = CertificateChain::arrange(
            vec![verifier.clone(), terminal.clone()],
            &[verifier.holder.as_bytes()],
        );
        assert_eq!(short.unwrap().certificates(), [terminal]);
    }
}

#[test]
fn real_chains_are_ordered_without_the_authority_at_hand() {
    for (verifier, terminal) in [("kba_dvca_cert", "kba_cert"), ("kba_dvca_cert_2", "schufa_cert")] {
        let [verifier, terminal] = [verifier, terminal]
            .map(|name| certificate(CERTIFICATES.iter().find(|(own, _)| *own == name).unwrap().1));
        let chain =
            CertificateChain::arrange(vec![terminal.clone(), verifier.clone()], &["DECVCAeID00102"]).unwrap();
        assert_eq!(chain.certificates(), [verifier.clone(), terminal.clone()]);
        // the authority is on another curve than that of the worked example
        let curve = bitaqa_curves::Curve::BrainpoolP256r1;
        let (_, complete) = CERTIFICATES.iter().find(|(name, _)| *name == "wrong_tc_ecdh_cvca").unwrap();
        let on_curve = certificate(complete).public_key.resolve(None).unwrap();
        assert_eq!(on_curve.curve(), Some(curve));
        let key = verifier.public_key.resolve(Some(&on_curve)).unwrap();
        assert_eq!(terminal.verify(&key), Ok(()));
    }
}

#[test]
fn what_is_no_chain_is_refused_for_its_own_reason() {
    let [authority, verifier, terminal] = CHAINS[0].map(certificate);
    let [_, other_verifier, other_terminal] = CHAINS[1].map(certificate);
    let arrange = |given: &[&Certificate], known: &str| {
        CertificateChain::arrange(given.iter().copied().cloned().collect(), &[known])
    };
    let known = "DECVCAAT00001";
    assert_eq!(arrange(&[], known), Err(ChainError::Terminals { terminals: 0 }));
    assert_eq!(arrange(&[&verifier], known), Err(ChainError::Terminals { terminals: 0 }));
    assert_eq!(
        arrange(&[&verifier, &terminal, &other_terminal], known),
        Err(ChainError::Terminals { terminals: 2 })
    );
    assert_eq!(arrange(&[&terminal], known), Err(ChainError::Unknown { authority: verifier.holder.clone() }));
    assert_eq!(
        arrange(&[&verifier, &terminal, &authority], "DECVCAAT00002"),
        Err(ChainError::Unknown { authority: authority.holder.clone() })
    );
    assert_eq!(arrange(&[&verifier; 17], known), Err(ChainError::TooMany { certificates: 17 }));
    // an authority signs no terminals
    let mut direct = terminal.clone();
    direct.authority = Reference::new(b"DELINK00002").unwrap();
    let mut link = authority.clone();
    link.holder = direct.authority.clone();
    assert_eq!(arrange(&[&direct, &link], known), Err(ChainError::Role { holder: link.holder.clone() }));
    // the same names, another authority's signature
    let chain = arrange(&[&other_verifier, &terminal], "DETESTCVCA00003").unwrap();
    let other_authority = certificate(DH_CVCA);
    assert_eq!(
        chain.verify(&other_authority),
        Err(ChainError::Certificate { holder: terminal.holder.clone(), error: CvcError::Signature })
    );
    assert_eq!(
        chain.verify(&authority),
        Err(ChainError::OtherAuthority { authority: other_authority.holder })
    );
    assert_eq!(verifier.own_key(), Err(CvcError::DomainParameters));
}

#[test]
fn link_certificates_lead_from_an_old_authority_to_a_new_one() {
    let [authority, verifier, terminal] = CHAINS[0].map(certificate);
    let mut link = authority;
    link.authority = Reference::new(b"DECVCAAT00000").unwrap();
    let given = vec![terminal, verifier, link.clone()];
    let chain = CertificateChain::arrange(given, &["DECVCAAT00000"]).unwrap();
    assert_eq!(chain.certificates().len(), 3);
    assert_eq!(chain.certificates()[0], link);
}

#[test]
fn requests_prove_that_their_key_is_there() {
    for (name, digits) in REQUESTS {
        let request = CertificateRequest::parse(&hex(digits)).unwrap();
        assert!(request.public_key.is_complete());
        let key = request.verify(None);
        assert!(key.is_ok(), "{name}: {key:?}");
        assert_eq!(request.outer_authority().is_some(), name == "csr_with_outer_sig");
        // the one outer signature covers the request and not the name beside it, which is not the standard's form
        assert_eq!(request.verify_outer(&key.unwrap()), Err(CvcError::Signature), "{name}");
    }
}

#[test]
fn an_outer_signature_covers_the_request_and_the_name() {
    let (_, complete) = CERTIFICATES.iter().find(|(name, _)| *name == "wrong_tc_ecdh_cvca").unwrap();
    let on_curve = certificate(complete).public_key.resolve(None).unwrap();
    let curve = on_curve.curve().unwrap();
    let private = curve.scalar(&[0x37; 32]).unwrap();
    let object = [
        encode(Tag(0x06), &on_curve.algorithm().oid()),
        encode(Tag(0x86), &curve.generator().mul(&private).encode()),
    ];
    let key =
        PublicKeyObject::parse(TlvReader::new(&object.concat())).unwrap().resolve(Some(&on_curve)).unwrap();

    let message = [hex(REQUESTS[0].1), encode(Tag(0x42), b"DECVCAAT00001")].concat();
    let digest = DigestAlgorithm::Sha256.of(&[&message]);
    let signature = bitaqa_curves::ecdsa_sign(&private, &digest, &mut |out: &mut [u8]| out.fill(0x21));
    let framed =
        |signature: &[u8]| encode(Tag(0x67), &[&message[..], &encode(Tag(0x5F37), signature)].concat());
    let request = CertificateRequest::parse(&framed(&signature)).unwrap();
    assert_eq!(request.outer_authority().unwrap().to_string(), "DECVCAAT00001");
    assert_eq!(request.verify_outer(&key), Ok(()));
    assert!(request.verify(None).is_ok());
    assert_eq!(request.verify_outer(&on_curve), Err(CvcError::Signature));
    let mut name_changed = framed(&signature);
    let at = name_changed.windows(13).position(|window| window == b"DECVCAAT00001").unwrap();
    name_changed[at] ^= 1;
    let request = CertificateRequest::parse(&name_changed).unwrap();
    assert_eq!(request.verify_outer(&key), Err(CvcError::Signature));
}

#[test]
fn another_message_or_key_is_not_what_was_signed() {
    for chain in CHAINS {
        let authority = certificate(chain[0]);
        let key = authority.own_key().unwrap();
        assert!(key.verify(b"something else", &[1; 128]).is_err());
        assert!(key.verify(b"something else", &[]).is_err());
        // the last byte of the expiry date, before the signature's header
        let mut changed = hex(chain[1]);
        let at = changed.len() - 128 - 4 - 1;
        changed[at] ^= 1;
        let changed = Certificate::parse(&changed).unwrap();
        assert_eq!(changed.verify(&key), Err(CvcError::Signature));
    }
}

#[test]
fn elements_that_make_no_sense_are_named() {
    let change = |from: &str, to: &str| Certificate::parse(&hex(&ECDH_TERMINAL.replacen(from, to, 1)));
    assert_eq!(
        change("5F290100", "5F290101"),
        Err(CvcError::Element { element: "certificate profile identifier" })
    );
    assert_eq!(
        change("5F2506010000090300", "5F2506010001030300"),
        Err(CvcError::Element { element: "certificate effective date" })
    );
    assert_eq!(
        change("5F2406010001000300", "5F24060100010A0300"),
        Err(CvcError::Element { element: "certificate expiration date" })
    );
    assert_eq!(change("04007F00070202020205", "04007F00070202020209"), Err(CvcError::Algorithm));
    assert_eq!(change("420D444554", "420D440054"), Err(CvcError::Element { element: "reference" }));
    assert!(
        matches!(change("5F20", "5F21"), Err(CvcError::Tlv(error)) if error.fault == TlvFault::UnexpectedTag)
    );
    assert!(matches!(
        Certificate::parse(&hex(&format!("{ECDH_TERMINAL}00"))),
        Err(CvcError::Tlv(error)) if error.fault == TlvFault::Trailing
    ));
    assert_eq!(Certificate::parse(&[0; 5000]), Err(CvcError::TooLong { bytes: 5000 }));
}

#[test]
fn keys_that_must_not_be_used_are_refused() {
    let authority = certificate(ECDH_CVCA).own_key().unwrap();
    let off_curve = ECDH_TERMINAL.replacen("8681810433", "8681810434", 1);
    assert_eq!(certificate(&off_curve).public_key.resolve(Some(&authority)), Err(CvcError::PublicKey));
    let compressed = ECDH_TERMINAL.replacen("8681810433", "8681810333", 1);
    assert_eq!(certificate(&compressed).public_key.resolve(Some(&authority)), Err(CvcError::PublicKey));
    // an RSA issuer has no curve to inherit
    let rsa = certificate(DH_CVCA).own_key().unwrap();
    assert_eq!(certificate(ECDH_DV).public_key.resolve(Some(&rsa)), Err(CvcError::DomainParameters));
    // a made-up curve parses, and is not computed on
    let made_up = ECDH_CVCA.replacen("82407830A3", "82407830A4", 1);
    assert_eq!(certificate(&made_up).public_key.resolve(None), Err(CvcError::DomainParameters));
    let even = DH_CVCA.replacen("8203010001", "8203010002", 1);
    assert_eq!(certificate(&even).public_key.resolve(None), Err(CvcError::PublicKey));
}

#[test]
fn algorithms_are_found_by_their_identifiers_and_back() {
    for arcs in [[1, 1], [1, 4], [1, 6], [2, 1], [2, 5]] {
        let identifier = [crate::oid::TERMINAL_AUTHENTICATION, &arcs].concat();
        assert_eq!(Algorithm::from_oid(&identifier).unwrap().oid(), identifier);
    }
    for arcs in [&[][..], &[1], &[1, 7], &[3, 1], &[1, 1, 1]] {
        assert_eq!(Algorithm::from_oid(&[crate::oid::TERMINAL_AUTHENTICATION, arcs].concat()), None);
    }
}

#[test]
fn every_truncation_is_refused() {
    for digits in [ECDH_CVCA, ECDH_TERMINAL, DH_TERMINAL, REQUESTS[0].1, REQUESTS[2].1] {
        let bytes = hex(digits);
        for end in 0..bytes.len() {
            assert!(Certificate::parse(&bytes[..end]).is_err());
            assert!(CertificateRequest::parse(&bytes[..end]).is_err());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_certificate_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Certificate::parse(&bytes);
        let _ = CertificateRequest::parse(&bytes);
    }

    #[test]
    fn no_change_of_a_certificate_goes_unseen(
        which in 0_usize..2, at in any::<proptest::sample::Index>(), with in 1_u8..,
    ) {
        let [authority, verifier, _] = CHAINS[which];
        let mut bytes = hex(verifier);
        let at = at.index(bytes.len());
        bytes[at] ^= with;
        let key = certificate(authority).own_key().unwrap();
        let holds = Certificate::parse(&bytes).is_ok_and(|changed| changed.verify(&key).is_ok());
        prop_assert!(!holds);
    }
}
