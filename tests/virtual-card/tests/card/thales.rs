//! Finnish cards, and the Estonian one of 2025: the recipes that clients follow.

use bitaqa_virtual_card::{
    CardSpec,
    spec::{Generation, Lifecycle, Personality, SpecError},
};

use crate::terminal::{PKI, Terminal};

const SELECT: &str = "00A4040C 0C A000000063504B43532D3135";

fn card(personality: Personality, generation: Generation) -> Terminal {
    Terminal::with(&CardSpec::of_generation(personality, generation))
}

fn finnish_3() -> Terminal {
    card(Personality::Fineid, Generation::V3)
}

fn finnish_4() -> Terminal {
    card(Personality::Fineid, Generation::V4)
}

fn estonian() -> Terminal {
    card(Personality::Esteid, Generation::Thales)
}

/// Reads the current file to its end.
fn read(card: &mut Terminal, length: usize) -> Vec<u8> {
    let mut content = Vec::new();
    while content.len() < length {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        let piece = (length - content.len()).min(0xB5);
        content.extend(card.data(&format!("00B0{high:02X}{low:02X} {piece:02X}")));
    }
    content
}

/// VERIFY, MSE, PSO: HASH, PSO: COMPUTE DIGITAL SIGNATURE.
fn sign(card: &mut Terminal, verify: &str, environment: &str, hash: usize) -> Vec<u8> {
    card.expect(verify, 0x9000);
    card.expect(environment, 0x9000);
    card.expect(&format!("002A90A0 {:02X} 90{hash:02X}{}", hash + 2, "5A".repeat(hash)), 0x9000);
    card.data("002A9E9A 00")
}

#[test]
fn certificates_are_where_the_recipes_say() {
    for (mut card, authentication, signature) in [
        (finnish_3(), "02 4331", "04 50164335"),
        (finnish_4(), "02 4331", "04 50164332"),
        (estonian(), "04 ADF13411", "04 ADF23421"),
    ] {
        card.expect(SELECT, 0x9000);
        let certificates = card.card.certificates().clone();
        for (path, certificate) in
            [(authentication, certificates.authentication), (signature, certificates.signature)]
        {
            card.expect(&format!("00A4080C {path}"), 0x9000);
            assert_eq!(read(&mut card, certificate.der().len()), certificate.der(), "{path}");
        }
    }
}

#[test]
fn counters_are_told_by_reference() {
    let mut card = finnish_4();
    // the whole answer, as clients see it from a real card
    let told = card.data("00CB00FF 05 A003830111 00");
    let expected = "A023830111 8C04F0000000 9C04F0000000 DF210405FFA503 DF2702FFFF DF28010C DF2F0101";
    assert_eq!(told, crate::terminal::bytes(expected));
    card.expect("00200011 0C 393939390000000000000000", 0x63C4);
    assert_eq!(card.data("00CB00FF 05 A003830111 00")[20], 4);
    card.expect("00CB00FF 05 A003830199 00", 0x6A88);
    card.expect("00CB00FF 02 A003 00", 0x6A80);
    card.expect("00CB3FFF 05 A003830111 00", 0x6A88);
    assert_eq!(estonian().data("00CB00FF 05 A003830181 00")[20], 3);
}

#[test]
fn the_recipes_of_signing_work() {
    let mut card = finnish_3();
    card.expect("00A4000C 02 3F00", 0x9000);
    let pin = "00200011 0C 313233340000000000000000";
    assert_eq!(sign(&mut card, pin, "002241B6 06 800145 840101", 32).len(), 256);
    let signature_pin = "00200082 0C 313233343536000000000000";
    assert_eq!(sign(&mut card, signature_pin, "002241B6 06 800144 840103", 32).len(), 64);
    let mut card = finnish_4();
    assert_eq!(sign(&mut card, pin, "002241B6 06 800154 840101", 48).len(), 96);
    assert_eq!(sign(&mut card, signature_pin, "002241B6 06 800164 840102", 64).len(), 96);
    let mut card = estonian();
    let pin = "00200081 0C 313233340000000000000000";
    assert_eq!(sign(&mut card, pin, "002241B6 06 800154 840101", 48).len(), 96);
    let signature_pin = "00200082 0C 313233343500000000000000";
    assert_eq!(sign(&mut card, signature_pin, "002241B6 06 800134 840105", 28).len(), 96);
}

#[test]
fn the_signature_pin_is_good_for_one_signature_and_the_other_for_more() {
    let mut card = finnish_4();
    card.expect("00200011 0C 313233340000000000000000", 0x9000);
    card.expect("00200082 0C 313233343536000000000000", 0x9000);
    for (key, again) in [("01", 0x9000), ("02", 0x6982)] {
        card.expect(&format!("002241B6 06 800154 8401{key}"), 0x9000);
        let hash = format!("002A90A0 32 9030{}", "5A".repeat(48));
        card.expect(&hash, 0x9000);
        card.data("002A9E9A 00");
        card.expect(&hash, 0x9000);
        assert_eq!(card.send("002A9E9A 00").1, again, "key {key}");
    }
}

#[test]
fn a_hash_of_another_length_than_the_algorithm_is_refused() {
    let mut card = finnish_4();
    card.expect("002241B6 06 800154 840101", 0x9000);
    card.expect(&format!("002A90A0 22 9020{}", "5A".repeat(32)), 0x6A80);
    card.expect("002241B6 06 800155 840101", 0x6A80);
    card.expect("002241B6 06 800154 840103", 0x6A88);
}

#[test]
fn pins_that_were_never_changed_say_so() {
    let spec = CardSpec {
        lifecycle: Lifecycle::Transport,
        ..CardSpec::of_generation(Personality::Esteid, Generation::Thales)
    };
    let mut card = Terminal::with(&spec);
    let state =
        |card: &mut Terminal, pin: &str| *card.data(&format!("00CB00FF 05 A0038301{pin} 00")).last().unwrap();
    assert_eq!(state(&mut card, "81"), 0);
    card.expect("00200081 0C 313233340000000000000000", 0x6984);
    card.expect("00240081 18 313233340000000000000000 343332310000000000000000", 0x9000);
    assert_eq!(state(&mut card, "81"), 1);
    assert_eq!(state(&mut card, "82"), 0);
    assert_eq!(state(&mut card, "83"), 1);
    card.expect("00200081 0C 343332310000000000000000", 0x9000);
}

#[test]
fn the_puk_unblocks_both_pins() {
    let mut card = Terminal::with(&CardSpec {
        tries_left: Some(0),
        signature_tries_left: Some(0),
        ..CardSpec::of_generation(Personality::Fineid, Generation::V4)
    });
    card.expect("00200011 0C 313233340000000000000000", 0x6983);
    for (reference, pin) in [("11", "343332310000000000000000"), ("82", "363534333231000000000000")] {
        card.expect(&format!("002C00{reference} 18 313233343536373800000000 {pin}"), 0x9000);
        card.expect(&format!("002000{reference} 0C {pin}"), 0x9000);
    }
    assert_eq!(card.card.tries_left(0x11), Some(5));
}

#[test]
fn a_generation_belongs_to_its_make() {
    for (personality, generation) in [
        (Personality::Esteid, Generation::V4),
        (Personality::Fineid, Generation::Thales),
        (Personality::Bahrain2016, Generation::V3),
        (Personality::Pkcs15, Generation::V3),
    ] {
        let refused = CardSpec::of_generation(personality, generation).make(&PKI).err();
        assert_eq!(refused, Some(SpecError::NotForThisMake("generation")));
    }
}
