use bitaqa_curves::{Curve, modp};
use proptest::prelude::*;

use super::*;
use crate::{
    key_agreement::{DomainParameters, KeyAgreement},
    symmetric::Cipher,
    test_hex::hex,
};

fn parse(digits: &str) -> SecurityInfos {
    SecurityInfos::parse("EF.CardAccess", &hex(digits)).unwrap()
}

const BRAINPOOL: Option<DomainParameters> = Some(DomainParameters::Curve(Curve::BrainpoolP256r1));

#[test]
fn the_worked_example_names_every_protocol() {
    let infos = parse(WORKED_EXAMPLE_ECDH);
    let pace: Vec<_> = infos.pace().collect();
    assert_eq!(
        pace,
        [&PaceInfo {
            protocol: PaceProtocol {
                key_agreement: KeyAgreement::Ecdh,
                mapping: Mapping::Generic,
                cipher: Cipher::Aes128
            },
            version: 2,
            parameter_id: Some(13)
        }]
    );
    let versions: Vec<u32> = infos.terminal_authentication().map(|info| info.version).collect();
    assert_eq!(versions, [2]);
    let chip = infos.chip_authentication().next().unwrap();
    assert_eq!(chip.protocol.oid(), hex("04007F00070202030202"));
    assert_eq!((chip.version, chip.key_id), (2, Some(1)));
    let parameters = infos.chip_authentication_domain_parameters().next().unwrap();
    assert_eq!((parameters.domain_parameters, parameters.key_id), (BRAINPOOL, Some(1)));
    assert_eq!(infos.all().len(), 6);
    // CardInfoLocator and eIDSecurityInfo are kept as they are
    let unknown = infos.all().iter().filter(|info| matches!(info.content, Content::Unknown { .. }));
    assert_eq!(unknown.count(), 2);
}

#[test]
fn finite_fields_are_named_like_curves() {
    let infos = parse(WORKED_EXAMPLE_DH);
    let pace = infos.pace().next().unwrap();
    assert_eq!(pace.protocol.oid(), hex("04007F00070202040102"));
    assert_eq!((pace.protocol.key_agreement, pace.parameter_id), (KeyAgreement::Dh, Some(0)));
    let parameters = infos.chip_authentication_domain_parameters().next().unwrap();
    let group = Some(DomainParameters::Group(modp::Group::Rfc5114_1024_160));
    assert_eq!((parameters.key_agreement, parameters.domain_parameters), (KeyAgreement::Dh, group));
}

#[test]
fn parameters_that_are_written_out_are_recognised() {
    let infos = parse(DG14);
    let key = infos.chip_authentication_public_keys().next().unwrap();
    let curve = Some(DomainParameters::Curve(Curve::BrainpoolP224r1));
    assert_eq!(key.public_key.domain_parameters, curve);

    // another last byte of the coefficient b, and it is no curve of ours
    let other = DG14.replace("69E33E2135D266DBB372386C400B", "69E33E2135D266DBB372386C400C");
    assert_ne!(other, DG14);
    let infos = parse(&other);
    let key = infos.chip_authentication_public_keys().next().unwrap();
    assert_eq!(key.public_key.domain_parameters, None);
    assert!(key.public_key.key().is_err());
}

#[test]
fn a_twisted_curve_is_none_that_the_standard_knows() {
    // the card writes out brainpoolP256t1
    let infos = parse(OLD_TEST_CARD);
    assert_eq!(infos.pace().next().map(|info| (info.version, info.parameter_id)), Some((1, None)));
    let parameters = infos.pace_domain_parameters().next().unwrap();
    assert_eq!((parameters.domain_parameters, parameters.parameter_id), (None, None));
    let chip = infos.chip_authentication_domain_parameters().next().unwrap();
    assert_eq!((chip.domain_parameters, chip.key_id), (None, None));
}

#[test]
fn several_keys_are_told_apart() {
    let ids = |digits| -> Vec<Option<u32>> {
        parse(digits).chip_authentication().map(|info| info.key_id).collect()
    };
    assert_eq!(ids(TWO_KEYS), [Some(0x41), Some(0x45)]);
    assert_eq!(ids(NEW_TEST_CARD), [Some(0x41)]);
    let infos = parse(CA_3);
    let versions: Vec<u32> = infos.chip_authentication().map(|info| info.version).collect();
    assert_eq!(versions, [2, 3]);
    let mappings: Vec<Mapping> = infos.pace().map(|info| info.protocol.mapping).collect();
    assert_eq!(mappings, [Mapping::Generic, Mapping::ChipAuthentication]);
}

#[test]
fn the_first_version_gives_the_file_of_its_certification_authority() {
    let infos = parse(VERSION_1);
    let terminal = infos.terminal_authentication().next().unwrap();
    assert_eq!((terminal.version, terminal.ef_cvca), (1, Some((0x011A, Some(0x1A)))));
    assert_eq!(infos.chip_authentication().next().unwrap().key_id, Some(3));
}

#[test]
fn the_keys_of_data_group_14_are_checked_when_they_are_used() {
    let infos = parse(DG14);
    let key = infos.chip_authentication_public_keys().next().unwrap();
    assert_eq!(key.key_agreement, KeyAgreement::Ecdh);
    let parameters = key.public_key.domain_parameters.unwrap();
    assert_eq!(key.public_key.key().unwrap().domain_parameters(), parameters);
    assert_eq!(infos.chip_authentication().count(), 1);

    let infos = parse(&format!("3164{CAM_PUBLIC_KEY}"));
    let key = infos.chip_authentication_public_keys().next().unwrap();
    assert_eq!(key.public_key.domain_parameters, BRAINPOOL);
    let point = hex(&CAM_PUBLIC_KEY[64..194]);
    assert_eq!(key.public_key.key().unwrap().encode(), point);

    let mut beside = CAM_PUBLIC_KEY.to_owned();
    beside.replace_range(192..194, "00");
    let infos = parse(&format!("3164{beside}"));
    assert!(infos.chip_authentication_public_keys().next().unwrap().public_key.key().is_err());
}

#[test]
fn active_authentication_restricted_identification_and_ef_dir_are_typed() {
    // ecdsa-plain-SHA256, bsi-de 1.1.4.1.3
    let infos = parse("311930170606678108010105020101060A04007F00070101040103");
    assert_eq!(infos.active_authentication().unwrap().signature_algorithm, hex("04007F00070101040103"));
    let infos = parse("31193017060A04007F000702020502033009020101020101010100");
    let restricted = infos.restricted_identification().next().unwrap();
    assert_eq!((restricted.key_id, restricted.authorized_only), (1, false));
    let infos = parse("310F300D060667810801010D04036101AA");
    assert_eq!(infos.all()[0].content, Content::EfDir(EfDirInfo { content: hex("6101AA") }));
}

#[test]
fn what_nobody_signed_is_found() {
    let access = parse(WORKED_EXAMPLE_ECDH);
    assert!(access.missing_from(&access).is_empty());
    let signed = parse(CA_3);
    let missing: Vec<&[u8]> = access.missing_from(&signed).iter().map(|info| info.encoded()).collect();
    assert!(missing.iter().any(|encoded| encoded.starts_with(&hex("302F060804007F0007020206"))));
    // both have PACE with the same parameters
    assert!(!missing.contains(&&hex("3012060A04007F0007020204020202010202010D")[..]));
    // version 1 instead of 2: an attempt to weaken
    let weakened = parse(&WORKED_EXAMPLE_ECDH.replace("0204020202010202010D", "0204020202010102010D"));
    assert_eq!(weakened.missing_from(&access).len(), 1);
}

#[test]
fn each_variant_has_one_object_identifier() {
    let mut count = 0;
    for arcs in 0..=0xFFFF_u16 {
        let protocol = [oid::PACE, &arcs.to_be_bytes()].concat();
        if let Some(variant) = PaceProtocol::from_oid(&protocol) {
            assert_eq!(variant.oid(), protocol);
            count += 1;
        }
        let protocol = [oid::CHIP_AUTHENTICATION, &arcs.to_be_bytes()].concat();
        if let Some(variant) = ChipAuthenticationProtocol::from_oid(&protocol) {
            assert_eq!(variant.oid(), protocol);
        }
    }
    // five mappings with four ciphers, less chip authentication mapping with 3DES
    assert_eq!(count, 19);
}

#[test]
fn an_entry_without_a_required_value_is_misbehaviour() {
    let missing = |element| Err(Misbehaviour::Element { what: "EF.CardAccess", element }.into());
    let parse = |digits: &str| SecurityInfos::parse("EF.CardAccess", &hex(digits));
    assert_eq!(parse("310E300C060A04007F00070202040202"), missing("version"));
    assert_eq!(parse("31023000"), missing("protocol"));
    assert_eq!(parse("31020400"), missing("SecurityInfo"));
    assert_eq!(parse("3110300E060A04007F000702020402020200"), missing("version"));
    let many = format!("31820186{}", "3004060228C1".repeat(65));
    assert_eq!(parse(&many), missing("number of SecurityInfos"));
}

proptest! {
    #[test]
    fn arbitrary_and_damaged_bytes_are_parsed_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        at in any::<prop::sample::Index>(),
        with in any::<u8>(),
    ) {
        let _ = SecurityInfos::parse("bytes", &bytes);
        for sample in [WORKED_EXAMPLE_ECDH, OLD_TEST_CARD, CA_3, DG14] {
            let mut sample = hex(sample);
            let length = at.index(sample.len());
            prop_assert!(SecurityInfos::parse("cut", &sample[..length]).is_err());
            sample[length] = with;
            if let Ok(infos) = SecurityInfos::parse("damaged", &sample) {
                for key in infos.chip_authentication_public_keys() {
                    let _ = key.public_key.key();
                }
            }
        }
    }
}

/// EF.CardAccess of the TR-03110 worked example, ECDH.
const WORKED_EXAMPLE_ECDH: &str = "3181C6300D060804007F00070202020201023012060A04007F000702020302020201020201013012060A04007F000702\
    0204020202010202010D301C060904007F000702020302300C060704007F0007010202010D020101302F060804007F00\
    07020206162368747470733A2F2F7777772E686A702D636F6E73756C74696E672E636F6D2F686F6D65303E060804007F\
    000702020831323012060A04007F00070202030202020102020102301C060904007F000702020302300C060704007F00\
    07010202010D020102";

/// EF.CardAccess of the TR-03110 worked example, DH.
const WORKED_EXAMPLE_DH: &str = "3181C6300D060804007F00070202020201023012060A04007F000702020301020201020201013012060A04007F000702\
    02040102020102020100301C060904007F000702020301300C060704007F00070102020100020101302F060804007F00\
    07020206162368747470733A2F2F7777772E686A702D636F6E73756C74696E672E636F6D2F686F6D65303E060804007F\
    000702020831323012060A04007F00070202030102020102020102301C060904007F000702020301300C060704007F00\
    070102020100020102";

/// A test card of 2008: PACE version 1 and parameters written out.
const OLD_TEST_CARD: &str = "31820264300D060804007F0007020202020102300F060A04007F00070202030202020102300F060A04007F0007020204\
    0202020101302F060804007F0007020206162341775420655041202D2042447220476D6248202D20546573746B617274\
    652076312E303081FE060904007F0007020203023081F0060B04007F00070101050202023081E0020101302C06072A86\
    48CE3D0101022100A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E537730440420A9FB57DB\
    A1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E53740420662C61C430D84EA4FE66A7733D0B76B7BF93\
    EBC4AF2F49256AE58101FEE92B04044104A3E8EB3CC1CFE7B7732213B23A656149AFA142C47AAFBC2B79A191562E1305\
    F42D996C823439C56D7F7B22E14644417E69BCB6DE39D027001DABE8F35B25C9BE022100A9FB57DBA1EEA9BC3E660A90\
    9D838D718C397AA3B561A6F7901E0E82974856A70201013081FE060904007F0007020204023081F0060B04007F000701\
    01050202023081E0020101302C06072A8648CE3D0101022100A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620\
    282013481D1F6E537730440420A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5374042066\
    2C61C430D84EA4FE66A7733D0B76B7BF93EBC4AF2F49256AE58101FEE92B04044104A3E8EB3CC1CFE7B7732213B23A65\
    6149AFA142C47AAFBC2B79A191562E1305F42D996C823439C56D7F7B22E14644417E69BCB6DE39D027001DABE8F35B25\
    C9BE022100A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7020101";

/// A later test card, whose file holds other bytes behind them.
const NEW_TEST_CARD: &str = "318182300D060804007F00070202020201023012060A04007F000702020302020201020201413012060A04007F000702\
    0204020202010202010D301C060904007F000702020302300C060704007F0007010202010D020141302B060804007F00\
    07020206161F655041202D2042447220476D6248202D20546573746B617274652076322E3004491715411928800A01B4\
    21FA07000000000000000000000000000000000000201010291010";

/// Two chip authentication keys.
const TWO_KEYS: &str = "3181B3300D060804007F00070202020201023012060A04007F000702020302020201020201413012060A04007F000702\
    020302020201020201453012060A04007F0007020204020202010202010D301C060904007F000702020302300C060704\
    007F0007010202010D020141301C060904007F000702020302300C060704007F0007010202010D020145302A06080400\
    7F0007020206161E687474703A2F2F6273692E62756E642E64652F6369662F6E70612E786D6C";

/// EAC version 1 with a file identifier of EF.CVCA; a status word follows in the published sample.
const VERSION_1: &str = "315B3012060A04007F00070202030201020101020103301C060904007F000702020302300C060704007F000701020201\
    0D0201033016060804007F000702020202010130070402011A04011A300F06072881C1170300090201010201066282";

/// Chip authentication version 3 and chip authentication mapping.
const CA_3: &str = "31820124300D060804007F00070202020201023012060A04007F000702020302020201020201483012060A04007F0007\
    020203020202010302014F3012060A04007F0007020204020202010202010D3012060A04007F00070202040602020102\
    02010D301B060B04007F000702020B010203300902010102010002010102014F301C060904007F000702020302300C06\
    0704007F0007010202010D020148301C060904007F000702020302300C060704007F0007010202010D02014F302A0608\
    04007F0007020206161E687474703A2F2F6273692E62756E642E64652F6369662F6E70612E786D6C303E060804007F00\
    0702020831323012060A04007F00070202030202020102020149301C060904007F000702020302300C060704007F0007\
    010202010D020149";

/// DG14 of the reference data set of TR-03105-5, inside its tag.
const DG14: &str = "3182014630820122060904007F000702020102308201133081D406072A8648CE3D02013081C8020101302806072A8648\
    CE3D0101021D00D7C134AA264366862A18302575D1D787B09F075797DA89F57EC8C0FF303C041C68A5E62CA9CE6C1C29\
    9803A6C1530B514E182AD8B0042A59CAD29F43041C2580F63CCFE44138870713B1A92369E33E2135D266DBB372386C40\
    0B0439040D9029AD2C7E5CF4340823B2A87DC68C9E4CE3174C1E6EFDEE12C07D58AA56F772C0726F24C6B89E4ECDAC24\
    354B9E99CAA3F6D3761402CD021D00D7C134AA264366862A18302575D0FB98D116BC4B6DDEBCA3A5A7939F020101033A\
    0004A847F020F71DF33D386BE7C9223A354D6AC7727018B26E281C6FFB96A83B142AAF303C23F2BCF2CDE4706C14E459\
    14A9BE42C15BCB67A01F300F060A04007F00070202030201020101300D060804007F0007020202020101";

/// ChipAuthenticationPublicKeyInfo of 9303-11 appendix I.1.
const CAM_PUBLIC_KEY: &str = "3062060904007F0007020201023052300C060704007F0007010202010D034200041872709494399E7470A6431BE25E83\
    EEE24FEA568C2ED28DB48E05DB3A610DC884D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA138A6E7A4A08F68E1\
    6F02010D";
