use proptest::prelude::*;

use super::*;
use crate::{
    lds::{tr_03105_5, truncation::refused_wherever_cut},
    signed_data::SignerIdentifier,
    test_hex::hex,
    tlv::encode,
};

/// `SignedData` around this `LDSSecurityObject`, with lengths as the argument writes them.
fn sod(content_type: &[u8], object: &[u8]) -> Vec<u8> {
    let sequence = |parts: &[Vec<u8>]| encode(SEQUENCE, &parts.concat());
    let algorithm = sequence(&[encode(Tag(0x06), oid::SHA256)]);
    let integer = |number| encode(Tag(0x02), &[number]);
    let content = sequence(&[encode(Tag(0x06), content_type), encode(Tag(0xA0), &encode(Tag(0x04), object))]);
    let signer = sequence(&[
        integer(3),
        encode(Tag(0x80), &[1, 2, 3]),
        algorithm.clone(),
        encode(Tag(0xA0), &encode(SEQUENCE, &[])),
        algorithm.clone(),
        encode(Tag(0x04), &[9; 8]),
    ]);
    let signed_data = sequence(&[
        integer(3),
        encode(Tag(0x31), &algorithm),
        content,
        encode(Tag(0xA0), &sequence(&[integer(1)])),
        encode(Tag(0x31), &signer),
    ]);
    let content_info = sequence(&[encode(Tag(0x06), oid::SIGNED_DATA), encode(Tag(0xA0), &signed_data)]);
    encode(Tag(0x77), &content_info)
}

/// `LDSSecurityObject` with these groups, all of the same content.
fn object(version: u8, algorithm: &[u8], digest: &[u8], groups: &[u8], info: Option<&str>) -> Vec<u8> {
    let entries: Vec<u8> = groups
        .iter()
        .flat_map(|group| {
            encode(SEQUENCE, &[encode(Tag(0x02), &[*group]), encode(Tag(0x04), digest)].concat())
        })
        .collect();
    let info = info.map(|info| {
        encode(
            SEQUENCE,
            &[PRINTABLE_STRING, PRINTABLE_STRING].map(|tag| encode(tag, info.as_bytes())).concat(),
        )
    });
    let algorithm = encode(SEQUENCE, &[encode(Tag(0x06), algorithm), vec![0x05, 0x00]].concat());
    let parts =
        [encode(Tag(0x02), &[version]), algorithm, encode(SEQUENCE, &entries), info.unwrap_or_default()];
    encode(SEQUENCE, &parts.concat())
}

#[test]
fn the_set_of_tr_03105_5_is_taken_apart() {
    let sod = Sod::parse(&hex(tr_03105_5::EF_SOD)).unwrap();
    assert_eq!(sod.security_object.digest_algorithm, DigestAlgorithm::Sha256);
    assert_eq!(sod.groups().map(DataGroup::number).collect::<Vec<_>>(), [1, 2, 3, 4, 14]);
    assert_eq!(sod.security_object.versions, None);
    let signed = &sod.signed_data;
    assert_eq!((signed.version, signed.certificates.len(), signed.signer_infos.len()), (3, 1, 1));
    assert_eq!(signed.content.len(), 0xDB);
    assert!(signed.certificates[0].starts_with(&hex("30820461")));
    let signer = &signed.signer_infos[0];
    assert!(
        matches!(&signer.signer, SignerIdentifier::IssuerAndSerialNumber { serial_number, .. } if *serial_number == hex("0142FD5CF927"))
    );
    let attributes = signer.signed_attributes.as_ref().unwrap();
    assert_eq!(attributes[0], 0x31);
    // the digest of the content is among the signed attributes
    let digest = DigestAlgorithm::Sha256.digest(&signed.content);
    assert!(attributes.windows(32).any(|window| window == digest));
    assert_eq!(signer.signature.len(), 256);
}

#[test]
fn group_contents_are_those_that_were_signed_or_not() {
    let sod = Sod::parse(&hex(tr_03105_5::EF_SOD)).unwrap();
    for (group, content) in [(DataGroup::DG1, tr_03105_5::DG1), (DataGroup::DG14, tr_03105_5::DG14)] {
        let mut content = hex(content);
        assert_eq!(sod.group_digest(group, &content), GroupDigest::Matches);
        assert!(sod.group_digest_matches(group, &content));
        *content.last_mut().unwrap() ^= 1;
        assert_eq!(sod.group_digest(group, &content), GroupDigest::Differs);
    }
    assert!(!sod.lists(DataGroup::DG15));
    assert_eq!(sod.group_digest(DataGroup::DG15, &hex(tr_03105_5::DG15)), GroupDigest::NotListed);
    assert!(!sod.group_digest_matches(DataGroup::DG15, &hex(tr_03105_5::DG15)));
    assert!(!sod.group_digest_matches(DataGroup::DG2, &hex(tr_03105_5::DG1)));
}

#[test]
fn both_content_types_both_versions_and_all_digests_are_known() {
    for algorithm in [oid::SHA1, oid::SHA224, oid::SHA256, oid::SHA384, oid::SHA512] {
        let digest = DigestAlgorithm::from_oid(algorithm).unwrap().digest(b"content");
        for content_type in [oid::LDS_SECURITY_OBJECT, oid::LDS_SECURITY_OBJECT_OLD] {
            for (version, info) in [(0, None), (1, Some("0108"))] {
                let sod = Sod::parse(&sod(content_type, &object(version, algorithm, &digest, &[2, 1], info)))
                    .unwrap();
                assert!(sod.group_digest_matches(DataGroup::DG2, b"content"));
                assert_eq!(sod.security_object.versions.is_some(), version == 1);
            }
        }
    }
}

#[test]
fn objects_that_make_no_sense_are_refused() {
    let digest = [7; 32];
    let parse = |content_type: &[u8], object: &[u8]| Sod::parse(&sod(content_type, object));
    let of = |object: Vec<u8>| parse(oid::LDS_SECURITY_OBJECT, &object);
    assert!(of(object(0, oid::SHA256, &digest, &[1, 2], None)).is_ok());
    assert!(of(object(1, oid::SHA256, &digest, &[1, 2], None)).is_ok());
    let element = |element| CardError::from(Misbehaviour::Element { what: "EF.SOD", element });
    for (object, fault) in [
        (object(0, oid::SHA256, &digest, &[], None), element("dataGroupHashValues")),
        (object(0, oid::SHA256, &digest, &[1, 1], None), element("dataGroupHashValues")),
        (object(0, oid::SHA256, &digest, &[0], None), element("dataGroupNumber")),
        (object(0, oid::SHA256, &digest, &[17], None), element("dataGroupNumber")),
        (object(0, oid::SHA256, &digest, &[1; 17], None), element("dataGroupHashValues")),
        (object(0, oid::SHA256, &digest[1..], &[1], None), element("dataGroupHashValue")),
        (object(0, oid::SHA256, &digest, &[1], Some("0107")), element("version of LDSSecurityObject")),
        (object(2, oid::SHA256, &digest, &[1], None), element("version of LDSSecurityObject")),
    ] {
        assert_eq!(of(object).unwrap_err(), fault);
    }
    assert!(matches!(of(object(0, oid::SIGNED_DATA, &digest, &[1], None)), Err(CardError::Unsupported(_))));
    let other = parse(&[0x2A, 0x03], &object(0, oid::SHA256, &digest, &[1], None));
    assert_eq!(other.unwrap_err(), element("eContentType"));
}

/// Every constructed object, and the content's octets in two pieces, with indefinite length.
fn loosened(bytes: &[u8]) -> Vec<u8> {
    let mut reader = TlvReader::new(bytes);
    let mut out = Vec::new();
    while let Ok(Some(object)) = reader.read() {
        if object.tag.is_constructed() {
            out.extend(object.tag.to_bytes());
            out.push(0x80);
            out.extend(loosened(object.value));
            out.extend([0, 0]);
        } else if object.tag == Tag(0x04) && object.value.len() > 100 {
            let (one, two) = object.value.split_at(50);
            out.extend([0x24, 0x80]);
            out.extend([encode(Tag(0x04), one), encode(Tag(0x04), two)].concat());
            out.extend([0, 0]);
        } else {
            out.extend_from_slice(object.encoded);
        }
    }
    out
}

#[test]
fn the_looser_forms_of_ber_are_the_same_object() {
    let strict = hex(tr_03105_5::EF_SOD);
    let value = TlvReader::new(&strict).read().unwrap().unwrap().value;
    let loose = encode(Tag(0x77), &loosened(value));
    assert!(Sod::parse(&loose).unwrap() == Sod::parse(&strict).unwrap());
}

#[test]
fn a_file_that_is_cut_is_refused() {
    refused_wherever_cut(&hex(tr_03105_5::EF_SOD), Sod::parse);
    // inside the outer object as well
    let strict = hex(tr_03105_5::EF_SOD);
    let value = TlvReader::new(&strict).read().unwrap().unwrap().value;
    for end in 0..value.len() {
        assert!(Sod::parse(&encode(Tag(0x77), &value[..end])).is_err(), "{end}");
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_an_object_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Sod::parse(&bytes);
        let _ = Sod::parse(&encode(Tag(0x77), &bytes));
        let _ = LdsSecurityObject::parse(&bytes);
    }

    #[test]
    fn any_spoiled_byte_ends_in_an_object_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>()) {
        let mut bytes = hex(tr_03105_5::EF_SOD);
        let at = at.index(bytes.len());
        bytes[at] = with;
        let _ = Sod::parse(&bytes);
    }
}
