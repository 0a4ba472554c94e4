//! The Latvian card: a client walks through its lists, then signs with RSA or with elliptic curves.

use bitaqa_virtual_card::{
    CardSpec,
    private_key::KeyKind,
    spec::{Personality, SpecError},
};

use crate::terminal::{PKI, Terminal};

const SELECT_AUTHENTICATION: &str = "00A4040C 0D E828BD080FF2504F5420415750";
const SELECT_SIGNATURE: &str = "00A4040C 10 51534344204170706C69636174696F6E";
const VERIFY_PIN1: &str = "00200001 0C 31323334FFFFFFFFFFFFFFFF";
const VERIFY_PIN2: &str = "00200085 0C 313233343536FFFFFFFFFFFF";

fn card(key: Option<KeyKind>) -> Terminal {
    Terminal::with(&CardSpec { key, ..CardSpec::new(Personality::Lateid) })
}

#[test]
fn the_lists_lead_to_key_and_certificate() {
    for (key, tag, references) in [(None, 0x30, [0x81, 0x9F]), (Some(KeyKind::P384), 0xA0, [0x82, 0x9E])] {
        let mut card = card(key);
        card.expect("00A4040C 10 A000000077010800070000FE00000100", 0x9000);
        for (select, reference, file) in [
            (SELECT_AUTHENTICATION, [2, 2, 0, references[0]], [0x34, 0x01]),
            (SELECT_SIGNATURE, [2, 2, 0, references[1]], [0x34, 0x1F]),
        ] {
            card.expect(select, 0x9000);
            card.expect("00A4020C 02 5031", 0x9000);
            let list = card.data("00B00000 00");
            assert!(list.windows(4).any(|window| window == [0x04, 0x02, 0x70, 0x05]), "{list:02X?}");
            card.expect("00A4020C 02 7005", 0x9000);
            assert!(card.data("00B00000 00").windows(2).any(|window| window == file));
            card.expect("00A4020C 02 7001", 0x9000);
            let keys = card.data("00B00000 00");
            assert_eq!(keys[0], tag);
            assert!(keys.windows(4).any(|window| window == reference), "{keys:02X?}");
        }
    }
}

#[test]
fn rsa_keys_sign_a_digest_info_and_a_hash() {
    let mut card = card(None);
    card.expect(SELECT_AUTHENTICATION, 0x9000);
    card.expect("002241A4 06 800102 840181", 0x9000);
    card.expect(VERIFY_PIN1, 0x9000);
    let info = format!("3031300D060960864801650304020105000420{}", "5A".repeat(32));
    assert_eq!(card.data(&format!("00880000 33 {info} 00")).len(), 256);
    card.expect(SELECT_SIGNATURE, 0x9000);
    card.expect("002241B6 06 800142 84019F", 0x9000);
    card.expect(VERIFY_PIN2, 0x9000);
    assert_eq!(card.data(&format!("002A9E9A 20 {} 00", "5A".repeat(32))).len(), 256);
    card.expect(&format!("002A9E9A 20 {} 00", "5A".repeat(32)), 0x6982);
}

#[test]
fn keys_on_curves_sign_as_on_the_estonian_card() {
    let mut card = card(Some(KeyKind::P384));
    card.expect(SELECT_AUTHENTICATION, 0x9000);
    card.expect("002241A4 06 800102 840182", 0x6A80);
    card.expect("002241A4 06 800104 840182", 0x9000);
    card.expect(VERIFY_PIN1, 0x9000);
    assert_eq!(card.data(&format!("00880000 30 {} 00", "5A".repeat(48))).len(), 96);
}

#[test]
fn there_are_no_other_keys() {
    let spec = CardSpec { key: Some(KeyKind::P256), ..CardSpec::new(Personality::Lateid) };
    assert_eq!(spec.make(&PKI).err(), Some(SpecError::NotForThisMake("key")));
}
