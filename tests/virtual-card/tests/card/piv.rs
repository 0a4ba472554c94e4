//! The PIV card: what NIST SP 800-73-5 says, command by command.

use bitaqa_virtual_card::{
    CardSpec,
    pin::Pin,
    private_key::KeyKind,
    spec::{Lifecycle, SpecError},
};

use crate::terminal::{PKI, Terminal};

const SELECT: &str = "00A40400 0B A000000308000010000100 00";
const VERIFY: &str = "00200080 08 313233343536FFFF";
const VERIFY_WRONG: &str = "00200080 08 393939393939FFFF";

fn card(key: KeyKind) -> Terminal {
    Terminal::with(&CardSpec::piv(key))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// GET DATA, with as many GET RESPONSE as it takes.
fn object(card: &mut Terminal, tag: &str) -> Vec<u8> {
    let (mut data, mut status) =
        card.send(&format!("00CB3FFF {:02X} 5C{:02X}{tag} 00", tag.len() / 2 + 2, tag.len() / 2));
    while status >> 8 == 0x61 {
        let (more, next) = card.send("00C00000 00");
        data.extend(more);
        status = next;
    }
    assert_eq!(format!("{status:04X}"), "9000", "{tag}");
    data
}

/// GENERAL AUTHENTICATE over a challenge of one field's or modulus' length.
fn authenticate(card: &mut Terminal, algorithm: &str, key: &str, challenge: usize) -> (Vec<u8>, u16) {
    let inner = format!("8200 81{:02X}{}", challenge, "5A".repeat(challenge));
    card.send(&format!("0087{algorithm}{key} {:02X} 7C{:02X} {inner} 00", challenge + 6, challenge + 4))
}

#[test]
fn the_application_tells_what_it_is() {
    let mut card = card(KeyKind::P256);
    let told = card.data(SELECT);
    assert_eq!(
        hexadecimal(&told[..21]),
        "6123".to_owned() + "4F06000010000100" + "79074F05A000000308" + "5010"
    );
    // a name that is cut off on the right, as clients send it
    assert_eq!(card.data("00A40400 09 A00000030800001000 00"), told);
    assert_eq!(card.send("00A40400 09 A00000030800001001 00").1, 0x6A82);
    assert_eq!(card.send("00A40000 02 3F00").1, 0x6A86);
    assert_eq!(card.send("00B00000 00").1, 0x6D00);
}

#[test]
fn the_application_is_there_after_a_reset() {
    let mut card = card(KeyKind::P256);
    assert_eq!(hexadecimal(&object(&mut card, "7E")), "7E124F0BA0000003080000100001005F2F024000");
}

#[test]
fn certificates_come_in_pieces() {
    let mut card = card(KeyKind::P384);
    let authentication = card.card.certificates().authentication.der().to_vec();
    let signature = card.card.certificates().signature.der().to_vec();
    for (tag, certificate) in [("5FC105", authentication), ("5FC10A", signature)] {
        let read = object(&mut card, tag);
        let [0x53, 0x82, _, _, 0x70, 0x82, high, low, rest @ ..] = read.as_slice() else {
            panic!("{read:02X?}")
        };
        let (inside, after) = rest.split_at(usize::from(u16::from_be_bytes([*high, *low])));
        assert_eq!(inside, certificate);
        assert_eq!(after, [0x71, 1, 0, 0xFE, 0]);
    }
    assert_ne!(object(&mut card, "5FC10B"), object(&mut card, "5FC101"));
    let (first, status) = card.send("00CB3FFF 05 5C035FC105 08");
    assert_eq!((first.len(), status), (8, 0x6100));
}

#[test]
fn what_is_not_there_and_what_is_not_for_everybody() {
    let mut card = card(KeyKind::P256);
    card.expect("00CB3FFF 05 5C035FC10C 00", 0x6A82);
    card.expect("00CB3FFF 05 5C035FC109 00", 0x6982);
    card.expect("00CB3F00 05 5C035FC107 00", 0x6A86);
    card.expect("00CB3FFF 05 4D035FC107 00", 0x6A80);
    card.expect(VERIFY, 0x9000);
    assert_eq!(object(&mut card, "5FC109")[0], 0x53);
}

#[test]
fn the_capability_container_and_the_holder_identifier_have_their_fields() {
    let mut card = card(KeyKind::P256);
    let container = object(&mut card, "5FC107");
    assert_eq!(container[..11], [0x53, 0x33, 0xF0, 0x15, 0xA0, 0, 0, 1, 0x16, 0xFF, 2]);
    let identifier = object(&mut card, "5FC102");
    assert_eq!((&identifier[..2], &identifier[4..6]), (&[0x53, 0x82][..], &[0x30, 0x19][..]));
    assert_eq!(identifier[31..33], [0x34, 0x10]);
    assert_eq!(hexadecimal(&identifier[49..61]), "350832303331313233313E82");
    assert!(identifier.ends_with(&[0xFE, 0]));
}

#[test]
fn each_key_signs_as_it_was_made_for() {
    for (kind, algorithm, length) in [(KeyKind::P256, "11", 32), (KeyKind::P384, "14", 48)] {
        let mut card = card(kind);
        assert_eq!(authenticate(&mut card, algorithm, "9A", length).1, 0x6982);
        let (response, status) = authenticate(&mut card, algorithm, "9E", length);
        assert_eq!((response[0], status), (0x7C, 0x9000), "the card's own key asks for no PIN");
        card.expect(VERIFY, 0x9000);
        let (response, status) = authenticate(&mut card, algorithm, "9A", length);
        assert_eq!(status, 0x9000);
        let [0x7C, _, 0x82, _, 0x30, _, 0x02, ..] = response.as_slice() else { panic!("{response:02X?}") };
        assert_eq!(authenticate(&mut card, algorithm, "9D", length).1, 0x6A86);
        assert_eq!(authenticate(&mut card, "07", "9A", length).1, 0x6A86);
        assert_eq!(authenticate(&mut card, algorithm, "9A", length - 1).1, 0x6A80);
        assert_eq!(authenticate(&mut card, algorithm, "82", length).1, 0x6A86);
    }
}

#[test]
fn the_signature_key_wants_the_pin_just_before() {
    let mut card = card(KeyKind::P256);
    card.expect(VERIFY, 0x9000);
    assert_eq!(authenticate(&mut card, "11", "9C", 32).1, 0x9000);
    assert_eq!(authenticate(&mut card, "11", "9C", 32).1, 0x6982);
    assert_eq!(authenticate(&mut card, "11", "9A", 32).1, 0x9000, "the other key goes on");
    card.expect(VERIFY, 0x9000);
    object(&mut card, "7E");
    assert_eq!(authenticate(&mut card, "11", "9C", 32).1, 0x6982, "something came between");
    card.expect(VERIFY, 0x9000);
    card.expect("00200080", 0x9000);
    assert_eq!(authenticate(&mut card, "11", "9C", 32).1, 0x6982, "a question is no PIN");
}

#[test]
fn an_rsa_challenge_comes_in_a_chain_and_the_answer_in_pieces() {
    let mut card = card(KeyKind::Rsa2048);
    card.expect(VERIFY, 0x9000);
    let field = format!("7C820106 8200 81820100 00{}", "5A".repeat(255));
    let field: String = field.split_whitespace().collect();
    let (first, second) = field.split_at(2 * 200);
    card.expect(&format!("1087079C C8 {first}"), 0x9000);
    let (mut answer, status) = card.send(&format!("0087079C {:02X} {second} 00", second.len() / 2));
    assert_eq!((answer.len(), status), (256, 0x6108));
    answer.extend(card.data("00C00000 08"));
    assert_eq!(hexadecimal(&answer[..8]), "7C82010482820100");
    assert_eq!(answer.len(), 264);
}

#[test]
fn a_pin_is_six_to_eight_digits_and_anything_else_costs_nothing() {
    let mut card = card(KeyKind::P256);
    for wrong in ["00200080 06 313233343536", "00200080 08 31323334FFFFFFFF", "00200080 08 3132333435414242"]
    {
        card.expect(wrong, 0x6A80);
    }
    card.expect("00200080", 0x63C3);
    card.expect(VERIFY_WRONG, 0x63C2);
    card.expect(VERIFY, 0x9000);
    card.expect("0020FF80", 0x9000);
    card.expect("00200080", 0x63C3);
    card.expect("00200000", 0x6A88);
    card.expect("00200081", 0x63C3);
    card.expect("00240080 10 393939393939FFFF 363534333231FFFF", 0x63C2);
    card.expect("00240080 10 313233343536FFFF 3635343332FFFFFF", 0x6A80);
    card.expect("00240080 10 313233343536FFFF 363534333231FFFF", 0x9000);
    card.expect("00240180 08 363534333231FFFF", 0x6A86);
    card.expect("00200080 08 363534333231FFFF", 0x9000);
}

#[test]
fn the_puk_gives_a_new_pin_and_can_be_changed() {
    let mut card = Terminal::with(&CardSpec { tries_left: Some(0), ..CardSpec::piv(KeyKind::P256) });
    card.expect(VERIFY, 0x6983);
    card.expect("002C0180 08 3132333435363738", 0x6A86);
    card.expect("002C0080 10 3132333435363739 363534333231FFFF", 0x63C2);
    card.expect("00240081 10 3132333435363738 3837363534333231", 0x9000);
    card.expect("002C0080 10 3837363534333231 363534333231FFFF", 0x9000);
    card.expect("00200080", 0x63C3);
    card.expect("00200080 08 363534333231FFFF", 0x9000);
    let mut blocked =
        Terminal::with(&CardSpec { lifecycle: Lifecycle::Blocked, ..CardSpec::piv(KeyKind::P256) });
    blocked.expect("002C0080 10 3132333435363738 363534333231FFFF", 0x6983);
}

#[test]
fn a_global_pin_opens_the_application_too() {
    let spec = CardSpec { global_pin: Some(Pin::new("777777").unwrap()), ..CardSpec::piv(KeyKind::P256) };
    let mut card = Terminal::with(&spec);
    assert_eq!(hexadecimal(&object(&mut card, "7E")[15..]), "5F2F026010");
    card.expect("00200000 08 373737373737FFFF", 0x9000);
    assert_eq!(authenticate(&mut card, "11", "9C", 32).1, 0x9000);
    card.expect("00200080", 0x63C3);
}

#[test]
fn an_order_that_no_piv_card_can_meet_is_refused() {
    let short = CardSpec { pin: Some(Pin::new("1234").unwrap()), ..CardSpec::piv(KeyKind::P256) };
    assert_eq!(short.make(&PKI).err(), Some(SpecError::PinLength("PIN")));
    let brainpool = CardSpec::piv(KeyKind::BrainpoolP256r1);
    assert_eq!(brainpool.make(&PKI).err(), Some(SpecError::NotForThisMake("key")));
    let strange = CardSpec { roomy_files: Some(true), ..CardSpec::piv(KeyKind::P256) };
    assert_eq!(strange.make(&PKI).err(), Some(SpecError::NotForThisMake("roomyFiles")));
}
