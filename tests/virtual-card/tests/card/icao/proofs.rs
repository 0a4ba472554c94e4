//! How the chip shows that it is no copy, and what its issuer signed. The judge of signatures is openssl.

use std::{fs, path::Path, process::Command};

use bitaqa_curves::{Curve, ecdsa_verify, modp::Group};
use bitaqa_virtual_card::{
    CardSpec,
    digest::Digest,
    icao::{
        active_authentication::ActiveAuthenticationKind,
        cipher::Cipher,
        domain::Domain,
        order::{AlteredByte, ChipAuthenticationOrder, DocumentOrder, FaultOrder},
        pace::PasswordKind,
        security_object::SecurityObjectVersion,
    },
    pki::{CountryKey, DocumentAuthority},
    spec::{Hypothesis, Personality},
};

use super::terminal::{
    Private, Public, Reader, SELECT_APPLICATION, Session, USUAL, first_object, object, private,
};

fn order(document: DocumentOrder) -> CardSpec {
    let document = DocumentOrder { pace: Some(vec![USUAL]), groups: Some(vec![1, 11]), ..document };
    CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(document)
}

fn opened(spec: &CardSpec) -> Reader {
    let mut reader = Reader::with(spec);
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect(SELECT_APPLICATION, 0x9000);
    reader
}

fn openssl(directory: &Path, arguments: &[&str]) {
    let run = Command::new("openssl").current_dir(directory).args(arguments).output().unwrap();
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
}

const CHALLENGE: &str = "0102030405060708";

fn signed(kind: ActiveAuthenticationKind) -> (Vec<u8>, Vec<u8>) {
    let spec = order(DocumentOrder { active_authentication: Some(kind), ..DocumentOrder::default() });
    let mut reader = opened(&spec);
    let key = first_object(&reader.read(15).unwrap()).1.to_vec();
    reader.expect("00880000 07 01020304050607 00", 0x6700);
    let signature = reader.data(&format!("00880000 000008 {CHALLENGE} 0000"));
    (key, signature)
}

#[test]
fn rsa_signs_with_message_recovery() {
    for (kind, size, digest, trailer) in [
        (ActiveAuthenticationKind::Rsa1024Sha1, 128, Digest::Sha1, &[0xBC][..]),
        (ActiveAuthenticationKind::Rsa2048Sha1, 256, Digest::Sha1, &[0xBC]),
        (ActiveAuthenticationKind::Rsa2048Sha256, 256, Digest::Sha256, &[0x34, 0xCC]),
    ] {
        let (key, signature) = signed(kind);
        assert_eq!(signature.len(), size);
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        fs::write(path.join("key"), key).unwrap();
        fs::write(path.join("signature"), signature).unwrap();
        openssl(
            path,
            &[
                "pkeyutl",
                "-verifyrecover",
                "-pubin",
                "-keyform",
                "DER",
                "-inkey",
                "key",
                "-in",
                "signature",
                "-out",
                "recovered",
                "-pkeyopt",
                "rsa_padding_mode:none",
            ],
        );
        let recovered = fs::read(path.join("recovered")).unwrap();
        let (start, end) = recovered.split_at(size - trailer.len());
        assert_eq!((start[0], end), (0x6A, trailer));
        let (message, hash) = start[1..].split_at(start.len() - 1 - digest.length());
        assert_eq!(hash, digest.of(&[message, &[1, 2, 3, 4, 5, 6, 7, 8]].concat()));
    }
}

#[test]
fn curves_sign_in_plain_format_or_in_der() {
    let hash = Digest::Sha256.of(&[1, 2, 3, 4, 5, 6, 7, 8]);
    let (key, signature) = signed(ActiveAuthenticationKind::EcdsaPlain);
    let public = Curve::BrainpoolP256r1.decode_point(&key[key.len() - 65..]).unwrap();
    assert!(ecdsa_verify(&public, &hash, &signature));

    let (key, signature) = signed(ActiveAuthenticationKind::EcdsaDer);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    fs::write(path.join("key"), key).unwrap();
    fs::write(path.join("hash"), hash).unwrap();
    fs::write(path.join("signature"), signature).unwrap();
    openssl(
        path,
        &[
            "pkeyutl",
            "-verify",
            "-pubin",
            "-keyform",
            "DER",
            "-inkey",
            "key",
            "-in",
            "hash",
            "-sigfile",
            "signature",
        ],
    );
}

#[test]
fn nothing_is_signed_for_whoever_did_not_open_the_chip() {
    let mut reader = Reader::with(&CardSpec::new(Personality::PassportBac));
    reader.expect(SELECT_APPLICATION, 0x9000);
    reader.expect(&format!("00880000 08 {CHALLENGE} 00"), 0x6982);
}

/// The bits of the public key that DG14 tells for chip authentication.
fn chip_key(dg14: &[u8], domain: Domain) -> Public {
    let arc = if matches!(domain, Domain::Curve(_)) { 2 } else { 1 };
    let wanted = [0x06, 0x09, 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, arc];
    let at = dg14.windows(wanted.len()).position(|window| window == wanted).unwrap() + wanted.len();
    let (tag, info) = first_object(&dg14[at..]);
    assert_eq!((tag, &info[..4]), (0x30, &[0x30, 0x0C, 0x06, 0x07][..]));
    assert_eq!(info[13], domain.parameter_id());
    let (tag, bits) = first_object(&info[14..]);
    assert_eq!((tag, bits[0]), (0x03, 0));
    match domain {
        Domain::Curve(_) => Public::decode(domain, &bits[1..]),
        Domain::Group(_) => Public::decode(domain, first_object(&bits[1..]).1),
    }
}

#[test]
fn chip_authentication_begins_a_new_session() {
    let domains = [
        Domain::Curve(Curve::P224),
        Domain::Curve(Curve::BrainpoolP320r1),
        Domain::Group(Group::Rfc5114_2048_256),
    ];
    for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
        for domain in domains {
            let keys = Some(vec![ChipAuthenticationOrder { cipher, domain }]);
            let mut reader =
                opened(&order(DocumentOrder { chip_authentication: keys, ..DocumentOrder::default() }));
            let theirs = chip_key(&reader.read(14).unwrap(), domain);
            let own: Private = private(domain, 7);
            let public = Public::generator(domain).times(&own).encode();
            let digits = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
            if cipher == Cipher::TripleDes {
                let data = object(0x91, &public);
                reader.expect(&format!("002241A6 00{:04X} {}", data.len(), digits(&data)), 0x9000);
            } else {
                let arcs = match (domain, cipher) {
                    (Domain::Curve(_), Cipher::Aes128) => [2, 2],
                    (Domain::Curve(_), Cipher::Aes192) => [2, 3],
                    (Domain::Curve(_), _) => [2, 4],
                    (_, Cipher::Aes128) => [1, 2],
                    (_, Cipher::Aes192) => [1, 3],
                    _ => [1, 4],
                };
                reader.expect(&format!("002241A4 0C 800A04007F00070202 03{}", digits(&arcs)), 0x9000);
                let data = object(0x7C, &object(0x80, &public));
                let command = format!("00860000 00{:04X} {} 0000", data.len(), digits(&data));
                assert_eq!(reader.data(&command), [0x7C, 0x00]);
            }
            // a copy would not know these keys
            reader.session = Some(Session::of_secret(cipher, &theirs.times(&own).secret()));
            reader.read(11).map_err(|status| (cipher, domain, status)).unwrap();
        }
    }
}

#[test]
fn chip_authentication_is_refused_with_a_point_off_the_curve() {
    let mut reader = opened(&CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 0));
    reader.expect("002241A4 0C 800A04007F00070202030202", 0x9000);
    let point = "11".repeat(64);
    reader.expect(&format!("00860000 45 7C438041 04{point} 00"), 0x6A80);
    // the session goes on as it was
    reader.read(1).unwrap();
    reader.expect("00860000 02 7C00 00", 0x6985);
    reader.expect("002241A4 0C 800A04007F00070202030204", 0x6A80);
}

/// Writes the file's SignedData, and lets openssl verify it with the country's certificate; gives what was signed.
fn verified(signed: &[u8], country: &str, kind: CountryKey) -> Vec<u8> {
    let authority = DocumentAuthority::of(country, kind).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    fs::write(path.join("signed"), signed).unwrap();
    fs::write(path.join("csca.pem"), authority.certificate().pem()).unwrap();
    openssl(
        path,
        &[
            "cms",
            "-verify",
            "-inform",
            "DER",
            "-in",
            "signed",
            "-CAfile",
            "csca.pem",
            "-purpose",
            "any",
            "-x509_strict",
            "-out",
            "content",
            "-binary",
        ],
    );
    fs::read(path.join("content")).unwrap()
}

fn groups_are_signed(kind: CountryKey, version: SecurityObjectVersion) {
    let spec =
        order(DocumentOrder { country_key: kind, security_object: version, ..DocumentOrder::default() });
    let mut reader = opened(&spec);
    let file = reader.read(0x1D).unwrap();
    assert_eq!(file[0], 0x77);
    let content = verified(first_object(&file).1, "MA", kind);
    for number in [1, 11, 14, 15] {
        let hash = Digest::Sha256.of(&reader.read(number).unwrap());
        let entry = [&[0x30, 0x25, 0x02, 0x01, number, 0x04, 0x20][..], &hash].concat();
        assert!(content.windows(entry.len()).any(|window| window == entry), "{kind:?} DG{number}");
    }
    let versions = content.ends_with(b"\x30\x0E\x13\x040108\x13\x06040000");
    assert_eq!(versions, version == SecurityObjectVersion::V1);
}

#[test]
fn openssl_accepts_what_the_document_signer_signed() {
    groups_are_signed(CountryKey::BrainpoolP256r1, SecurityObjectVersion::V0);
    groups_are_signed(CountryKey::BrainpoolP384r1, SecurityObjectVersion::V1);
    groups_are_signed(CountryKey::Rsa3072, SecurityObjectVersion::V0);
    groups_are_signed(CountryKey::Rsa3072Pss, SecurityObjectVersion::V1);
}

#[test]
fn openssl_accepts_a_country_with_4096_bits() {
    groups_are_signed(CountryKey::Rsa4096, SecurityObjectVersion::V0);
    groups_are_signed(CountryKey::Rsa4096Pss, SecurityObjectVersion::V0);
}

#[test]
fn the_card_says_the_same_in_the_open_and_signed() {
    let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 0);
    let mut reader = Reader::with(&spec);
    let access = reader.read(0x1C).unwrap();
    let offer = bitaqa_virtual_card::icao::pace::Offer {
        mapping: bitaqa_virtual_card::icao::pace::Mapping::ChipAuthentication,
        ..USUAL
    };
    reader.pace(&offer, PasswordKind::Can, b"123456").map(drop).unwrap();
    let security = verified(&reader.read(0x1D).unwrap(), "MA", CountryKey::BrainpoolP256r1);
    reader.expect(SELECT_APPLICATION, 0x9000);
    let dg14 = reader.read(14).unwrap();
    let info = first_object(&access).1;
    for signed in [security, dg14] {
        assert!(signed.windows(info.len()).any(|window| window == info));
    }
}

#[test]
fn a_copy_signs_with_another_key_and_agrees_on_other_keys() {
    let faults = FaultOrder { copied: true, ..FaultOrder::default() };
    let kind = Some(ActiveAuthenticationKind::EcdsaPlain);
    let keys = Some(vec![ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: USUAL.domain }]);
    let document = DocumentOrder {
        faults,
        active_authentication: kind,
        chip_authentication: keys,
        ..DocumentOrder::default()
    };
    let mut reader = opened(&order(document));
    let key = reader.read(15).unwrap();
    let public = Curve::BrainpoolP256r1.decode_point(&key[key.len() - 65..]).unwrap();
    let signature = reader.data(&format!("00880000 08 {CHALLENGE} 00"));
    let hash = Digest::Sha256.of(&[1, 2, 3, 4, 5, 6, 7, 8]);
    assert!(!ecdsa_verify(&public, &hash, &signature));
}

#[test]
fn a_document_can_contradict_itself() {
    let faults = FaultOrder {
        card_access_differs: true,
        tampered_group: Some(1),
        common_tags: Some(vec![0x61, 0x63]),
        ..FaultOrder::default()
    };
    let mut reader = Reader::with(&order(DocumentOrder { faults, ..DocumentOrder::default() }));
    let access = reader.read(0x1C).unwrap();
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect(SELECT_APPLICATION, 0x9000);
    let dg14 = reader.read(14).unwrap();
    let info = first_object(&access).1;
    assert!(!dg14.windows(info.len()).any(|window| window == info));
    assert!(reader.read(0x1E).unwrap().ends_with(&[0x5C, 2, 0x61, 0x63]));
    let sod = reader.read(0x1D).unwrap();
    let content = verified(first_object(&sod).1, "MA", CountryKey::BrainpoolP256r1);
    let hash = Digest::Sha256.of(&reader.read(1).unwrap());
    assert!(!content.windows(32).any(|window| window == hash));
    let hash = Digest::Sha256.of(&reader.read(11).unwrap());
    assert!(content.windows(32).any(|window| window == hash));
}

#[test]
fn a_byte_of_a_file_or_a_whole_group_can_be_other_than_it_was_signed() {
    for (altered, number) in [
        (AlteredByte { group: Some(1), at: 0, bits: 1 }, 1),
        (AlteredByte { group: Some(11), at: -2, bits: 0x80 }, 11),
    ] {
        let faults = FaultOrder { altered: Some(altered), hidden_groups: vec![15], ..FaultOrder::default() };
        let kind = Some(ActiveAuthenticationKind::EcdsaPlain);
        let document = DocumentOrder { faults, active_authentication: kind, ..DocumentOrder::default() };
        let mut reader = opened(&order(document));
        let mut file = reader.read(number).unwrap();
        let sod = reader.read(0x1D).unwrap();
        let content = verified(first_object(&sod).1, "MA", CountryKey::BrainpoolP256r1);
        let lists =
            |file: &[u8]| content.windows(32).any(|window| window == Digest::Sha256.of(file).as_slice());
        assert!(!lists(&file));
        let place = if altered.at == 0 { 0 } else { file.len() - 2 };
        file[place] ^= altered.bits;
        assert!(lists(&file));
        assert!(reader.read(15).is_err());
        assert!(content.windows(5).any(|window| window == [0x30, 0x25, 0x02, 0x01, 15]));
    }
}

#[test]
fn openssl_refuses_signers_that_expired_or_are_revoked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let authority = DocumentAuthority::of("MA", CountryKey::BrainpoolP256r1).unwrap();
    let expired = authority.clone().with_expired_signer().unwrap();
    fs::write(path.join("csca.pem"), authority.certificate().pem()).unwrap();
    fs::write(path.join("good.pem"), authority.signer_certificate().pem()).unwrap();
    fs::write(path.join("expired.pem"), expired.signer_certificate().pem()).unwrap();
    fs::write(path.join("list.crl"), authority.revocation_list().unwrap()).unwrap();
    openssl(path, &["crl", "-inform", "DER", "-in", "list.crl", "-out", "list.pem"]);
    let verdict = |arguments: &[&str]| {
        let chain = ["verify", "-CAfile", "csca.pem", "-purpose", "any", "-x509_strict"];
        let run = Command::new("openssl").current_dir(path).args(chain).args(arguments).output().unwrap();
        (run.status.success(), String::from_utf8_lossy(&run.stderr).into_owned())
    };
    assert_eq!(verdict(&["good.pem"]), (true, String::new()));
    for (arguments, reason) in [
        (&["expired.pem"][..], "certificate has expired"),
        (&["-crl_check", "-CRLfile", "list.pem", "good.pem"], "certificate revoked"),
    ] {
        let (good, said) = verdict(arguments);
        assert!(!good && said.contains(reason), "{arguments:?}: {said}");
    }
}

#[test]
fn curves_are_written_out_where_that_is_ordered() {
    let keys = Some(vec![ChipAuthenticationOrder { cipher: Cipher::Aes128, domain: USUAL.domain }]);
    let document = DocumentOrder {
        explicit_parameters: true,
        active_authentication: Some(ActiveAuthenticationKind::EcdsaPlain),
        chip_authentication: keys,
        ..DocumentOrder::default()
    };
    let mut reader = Reader::with(&order(document));
    let prime = Curve::BrainpoolP256r1.prime();
    let holds = |file: &[u8]| file.windows(32).any(|window| window == prime);
    assert!(holds(&reader.read(0x1C).unwrap()));
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader.expect(SELECT_APPLICATION, 0x9000);
    assert!(holds(&reader.read(14).unwrap()));
    let key = reader.read(15).unwrap();
    assert!(holds(&key));
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("key"), first_object(&key).1).unwrap();
    openssl(directory.path(), &["pkey", "-pubin", "-inform", "DER", "-in", "key", "-noout", "-pubcheck"]);
}
