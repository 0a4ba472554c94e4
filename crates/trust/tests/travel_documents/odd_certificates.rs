//! Certificates and signatures as some countries have made them, against the rules: read all the same, and verified like any
//! other.

use bitaqa_trust::{Certificate, csca_store::CscaStoreBuilder, icao_pki::IcaoCertificate};
use der::asn1::ObjectIdentifier;
use sha2::{Digest, Sha256};

use crate::{
    country::{borrowed, faults, groups, security_object, verify},
    test_pki::{
        Key, Kind,
        der::{bit_string, integer, name, octet_string, oid, sequence, set, tlv},
    },
};

/// The parts of a certificate, each of which can be odd.
#[derive(Clone)]
struct Parts {
    version: Vec<u8>,
    serial_number: Vec<u8>,
    issuer: Vec<u8>,
    validity: Vec<u8>,
    subject: Vec<u8>,
    extensions: Vec<Vec<u8>>,
    /// Of the algorithm outside the part that is signed.
    outer_algorithm: Vec<u8>,
    /// Bytes of the length of the part that is signed, beyond the least.
    long_length: bool,
}

fn ecdsa() -> Vec<u8> {
    sequence(&[&oid("1.2.840.10045.4.3.2")])
}

fn utc(text: &str) -> Vec<u8> {
    tlv(0x17, text.as_bytes())
}

fn extension(identifier: &str, critical: &[u8], value: &[u8]) -> Vec<u8> {
    sequence(&[&oid(identifier), critical, &octet_string(value)])
}

fn csca_name() -> Vec<u8> {
    name(&[("2.5.4.6", "UT"), ("2.5.4.3", "Odd CSCA")])
}

fn signer() -> Parts {
    Parts {
        version: tlv(0xA0, &integer(&[2])),
        serial_number: integer(&[0x17]),
        issuer: csca_name(),
        validity: sequence(&[&utc("220101000000Z"), &utc("320101000000Z")]),
        subject: name(&[("2.5.4.6", "UT"), ("2.5.4.3", "Odd signer")]),
        extensions: vec![extension("2.5.29.15", &tlv(0x01, &[0xFF]), &tlv(0x03, &[7, 0x80]))],
        outer_algorithm: ecdsa(),
        long_length: false,
    }
}

fn csca() -> Parts {
    let authority = sequence(&[&tlv(0x01, &[0xFF]), &integer(&[0])]);
    Parts {
        subject: csca_name(),
        extensions: vec![
            extension("2.5.29.19", &tlv(0x01, &[0xFF]), &authority),
            extension("2.5.29.15", &tlv(0x01, &[0xFF]), &tlv(0x03, &[1, 0x06])),
        ],
        ..signer()
    }
}

impl Parts {
    fn signed_by(&self, issuer: &Key, own: &Key) -> Vec<u8> {
        let extensions = match self.extensions.as_slice() {
            [] => Vec::new(),
            extensions => tlv(0xA3, &tlv(0x30, &extensions.concat())),
        };
        let algorithm = ecdsa();
        let parts: [&[u8]; 8] = [
            &self.version,
            &self.serial_number,
            &algorithm,
            &self.issuer,
            &self.validity,
            &self.subject,
            &own.spki(),
            &extensions,
        ];
        let content = parts.concat();
        let body = if self.long_length {
            let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
            [&[0x30, 0x83, 0x00, high, low], content.as_slice()].concat()
        } else {
            tlv(0x30, &content)
        };
        sequence(&[&body, &self.outer_algorithm, &bit_string(&issuer.sign_certificate(&body))])
    }
}

/// How the attributes of the signature stand, and how they were signed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// As DER sorts them, both.
    Sorted,
    /// Unsorted, and signed as they stand.
    UnsortedAndSignedSo,
    /// Unsorted, and signed as DER would sort them (RFC 5652 section 5.4).
    UnsortedButSignedSorted,
}

fn sod(certificate: &[u8], parts: &Parts, key: &Key, content: &[u8], order: Order) -> Vec<u8> {
    let lds = oid("2.23.136.1.1.1");
    let digest = octet_string(&Sha256::digest(content));
    let attribute = |kind: &str, value: &[u8]| sequence(&[&oid(kind), &set(&[value])]);
    let mut attributes = [
        attribute("1.2.840.113549.1.9.3", &lds),
        attribute("1.2.840.113549.1.9.4", &digest),
        attribute("1.2.840.113549.1.9.5", &utc("220201000000Z")),
    ];
    attributes.sort();
    let sorted = attributes.concat();
    attributes.reverse();
    let unsorted = attributes.concat();
    assert_ne!(sorted, unsorted);
    let (sent, signed) = match order {
        Order::Sorted => (&sorted, &sorted),
        Order::UnsortedAndSignedSo => (&unsorted, &unsorted),
        Order::UnsortedButSignedSorted => (&unsorted, &sorted),
    };
    let sha256 = sequence(&[&oid("2.16.840.1.101.3.4.2.1")]);
    let signer_info = sequence(&[
        &integer(&[1]),
        &sequence(&[&parts.issuer, &parts.serial_number]),
        &sha256,
        &tlv(0xA0, sent),
        &ecdsa(),
        &octet_string(&key.sign_certificate(&tlv(0x31, signed))),
    ]);
    let signed_data = sequence(&[
        &integer(&[3]),
        &set(&[&sha256]),
        &sequence(&[&lds, &tlv(0xA0, &octet_string(content))]),
        &tlv(0xA0, certificate),
        &set(&[&signer_info]),
    ]);
    tlv(0x77, &sequence(&[&oid("1.2.840.113549.1.7.2"), &tlv(0xA0, &signed_data)]))
}

/// What is said of a document whose certificates are these.
fn judged(csca: &Parts, signer: &Parts, order: Order) -> (Vec<&'static str>, [bool; 2]) {
    let [country, own] = [1, 2].map(|seed| Key::new(Kind::P256, seed));
    let certificates = [csca.signed_by(&country, &country), signer.signed_by(&country, &own)];
    let groups = groups();
    let sod = sod(&certificates[1], signer, &own, &security_object(&borrowed(&groups)), order);
    let mut builder = CscaStoreBuilder::new();
    builder.add(IcaoCertificate::from_der(&certificates[0]).unwrap()).unwrap();
    let (store, unused) = builder.build();
    assert_eq!(unused, []);
    let groups = borrowed(&groups);
    let report = verify(&sod, &groups, &store).unwrap();
    (faults(&report), certificates.map(|der| Certificate::from_der(&der).is_err()))
}

#[test]
fn oddities_that_strict_parsers_refuse_change_no_verdict() {
    let alone = judged(&csca(), &signer(), Order::Sorted);
    assert_eq!(alone, (vec![], [false, false]));
    let oid = |dotted: &str| ObjectIdentifier::new(dotted).unwrap().as_bytes().to_vec();
    let odd_value = |tag: u8, text: &[u8]| {
        let pair = sequence(&[&tlv(0x06, &oid("2.5.4.3")), &tlv(tag, text)]);
        sequence(&[&set(&[&pair])])
    };
    let usual = signer();
    let key_usage = |critical: &[u8]| vec![extension("2.5.29.15", critical, &tlv(0x03, &[7, 0x80]))];
    let oddities: Vec<(&str, Parts)> = vec![
        ("a negative serial number", Parts { serial_number: tlv(0x02, &[0x80, 0x01]), ..usual.clone() }),
        (
            "a serial number with zeros in front",
            Parts { serial_number: tlv(0x02, &[0, 0, 0x17]), ..usual.clone() },
        ),
        ("a serial number of 40 bytes", Parts { serial_number: tlv(0x02, &[0x11; 40]), ..usual.clone() }),
        (
            "times without seconds",
            Parts { validity: sequence(&[&utc("2201010000Z"), &utc("3201010000Z")]), ..usual.clone() },
        ),
        (
            "GeneralizedTime before 2050",
            Parts {
                validity: sequence(&[&tlv(0x18, b"20220101000000Z"), &tlv(0x18, b"20320101000000Z")]),
                ..usual.clone()
            },
        ),
        ("a name in T.61", Parts { subject: odd_value(0x14, b"Signer\xE9"), ..usual.clone() }),
        ("a name that is not printable", Parts { subject: odd_value(0x13, b"sign_er@ut"), ..usual.clone() }),
        ("TRUE that is not FF", Parts { extensions: key_usage(&tlv(0x01, &[0x01])), ..usual.clone() }),
        ("FALSE written out", Parts { extensions: key_usage(&tlv(0x01, &[0x00])), ..usual.clone() }),
        (
            "key usage without a count of unused bits",
            Parts { extensions: vec![extension("2.5.29.15", &[], &tlv(0x03, &[0, 0x80]))], ..usual.clone() },
        ),
        (
            "an extension of somebody's own with anything in it",
            Parts {
                extensions: [key_usage(&[]), vec![extension("1.3.6.1.4.1.32473.1", &[], &[0xFF, 0xFF])]]
                    .concat(),
                ..usual.clone()
            },
        ),
        (
            "a parameter outside that is not inside",
            Parts {
                outer_algorithm: sequence(&[&tlv(0x06, &oid("1.2.840.10045.4.3.2")), &tlv(0x05, &[])]),
                ..usual.clone()
            },
        ),
        ("a length longer than it need be", Parts { long_length: true, ..usual.clone() }),
    ];
    let mut refused_elsewhere = 0;
    for (oddity, parts) in &oddities {
        let (faults, [_, strict_refuses]) = judged(&csca(), parts, Order::Sorted);
        assert_eq!(faults, [""; 0], "{oddity}");
        refused_elsewhere += usize::from(strict_refuses);
    }
    println!("{refused_elsewhere} of {} oddities are refused by the strict parser", oddities.len());
    assert!(refused_elsewhere >= 4, "{refused_elsewhere}");
}

#[test]
fn an_authority_of_the_first_years_without_extensions_is_one() {
    let first = Parts { version: Vec::new(), extensions: Vec::new(), ..csca() };
    assert_eq!(judged(&first, &signer(), Order::Sorted).0, [""; 0]);
    // without basicConstraints, but with the right to sign certificates
    let with_usage = Parts { extensions: vec![csca().extensions.remove(1)], ..csca() };
    assert_eq!(judged(&with_usage, &signer(), Order::Sorted).0, [""; 0]);
}

#[test]
fn attributes_are_verified_in_whatever_order_they_were_sent_and_signed() {
    for order in [Order::Sorted, Order::UnsortedAndSignedSo, Order::UnsortedButSignedSorted] {
        assert_eq!(judged(&csca(), &signer(), order).0, [""; 0]);
    }
}

#[test]
fn what_contradicts_itself_is_no_certificate() {
    let key = Key::new(Kind::P256, 1);
    let parse = |parts: Parts| IcaoCertificate::from_der(&parts.signed_by(&key, &key)).is_ok();
    assert!(parse(csca()));
    let sha384 = sequence(&[&oid("1.2.840.10045.4.3.3")]);
    assert!(!parse(Parts { outer_algorithm: sha384, ..csca() }), "another algorithm outside");
    let twice = [csca().extensions, csca().extensions].concat();
    assert!(!parse(Parts { extensions: twice, ..csca() }), "an extension twice");
    assert!(!parse(Parts { validity: sequence(&[&utc("220101000000Z")]), ..csca() }));
    assert!(!parse(Parts { serial_number: Vec::new(), ..csca() }));
    let many = (1..40_u8).map(|last| extension(&format!("1.2.3.{last}"), &[], &[])).collect();
    assert!(!parse(Parts { extensions: many, ..csca() }), "more extensions than anybody has");
}
