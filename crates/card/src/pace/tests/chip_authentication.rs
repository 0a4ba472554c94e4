//! Chip authentication mapping: what the chip proves, and to which key.

use super::{
    example::object,
    values::{CA_IC, CARD_SECURITY_KEY, CHIP_AUTHENTICATION},
};
use crate::{error::Misbehaviour, key_agreement::PrivateKey, security_infos::SecurityInfos, test_hex::hex};

/// 9303-11 appendix I.1: IV, CA_IC, and the chip's key in EF.CardSecurity.
#[test]
fn chip_authentication_mapping_proves_the_key_that_the_issuer_signed_and_no_other() {
    let data = CHIP_AUTHENTICATION.open().chip_authentication.unwrap();
    let factor = CHIP_AUTHENTICATION.parameters.private_key(&hex(CA_IC)).unwrap();
    let (PrivateKey::Scalar(expected), PrivateKey::Scalar(found)) = (&factor, data.factor()) else {
        panic!()
    };
    assert_eq!(found, expected);
    assert_eq!(data.mapping_key().encode(), hex(CHIP_AUTHENTICATION.mapping_answer));
    assert_eq!(data.domain_parameters(), CHIP_AUTHENTICATION.parameters);

    let infos = |info: &str| SecurityInfos::parse("EF.CardSecurity", &hex(&format!("3164{info}"))).unwrap();
    let signed = infos(CARD_SECURITY_KEY);
    assert!(data.proves_one_of(signed.chip_authentication_public_keys()));
    // another key of the same curve: the one of the mapping itself
    let other = CARD_SECURITY_KEY.replace(&CARD_SECURITY_KEY[64..194], CHIP_AUTHENTICATION.mapping_answer);
    assert!(!data.proves_one_of(infos(&other).chip_authentication_public_keys()));
    // a key on another curve, and none
    let other = CARD_SECURITY_KEY.replace("02010D0342", "02010C0342");
    assert!(!data.proves_one_of(infos(&other).chip_authentication_public_keys()));
    assert!(!data.proves_one_of([]));
}

#[test]
fn chip_authentication_data_that_is_no_number_of_the_curve_is_misbehaviour() {
    let element = |name| Err(Misbehaviour::Element { what: "GENERAL AUTHENTICATE", element: name }.into());
    let example = CHIP_AUTHENTICATION;
    let token = format!("8608{}", example.token_answer);
    for wrong in
        ["", "8A00", "8A0100", &object("8A", &"00".repeat(48)), &format!("8A20{}", &example.more[4..68])]
    {
        let answer = format!("{}9000", object("7C", &format!("{token}{wrong}")));
        let outcome = example.last_answer(&answer).map(|verdict| format!("{verdict:?}"));
        assert_eq!(outcome, element("encrypted chip authentication data"), "{wrong}");
    }
}
