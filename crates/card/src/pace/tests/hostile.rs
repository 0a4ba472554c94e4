//! Chips that lie.

use proptest::prelude::*;

use super::{
    example::{Exchanges, object},
    values::{CARD_SECURITY_KEY, EXAMPLES, GENERIC_DH, GENERIC_ECDH, INTEGRATED_ECDH},
};
use crate::{
    channel::Channel,
    error::{CardError, Misbehaviour},
    key_agreement::DomainParameters,
    pace::{PaceVerdict, establish},
    security_infos::{Mapping, SecurityInfos},
    test_hex::hex,
    test_script::CHAINING,
    transport::{Transport, TransportError},
};

#[test]
fn a_chip_that_does_not_know_the_password_itself_is_not_believed() {
    let example = GENERIC_ECDH;
    let proof = CardError::from(Misbehaviour::Proof { command: "GENERAL AUTHENTICATE" });
    for token in [
        "86080000000000000000",
        "8600",
        &format!("8607{}", &example.token_answer[2..]),
        &format!("8608{}", example.token),
    ] {
        let outcome = example.last_answer(&format!("{}9000", object("7C", token)));
        assert_eq!(outcome.err(), Some(proof.clone()), "{token}");
    }
    assert!(matches!(example.last_answer("9000"), Err(CardError::Misbehaved(_))));
    assert!(matches!(
        example.last_answer("7C009000"),
        Err(CardError::Misbehaved(Misbehaviour::Element { .. }))
    ));
}

#[test]
fn public_keys_that_are_none_or_our_own_are_refused() {
    let key = CardError::from(Misbehaviour::PublicKey { command: "GENERAL AUTHENTICATE" });
    for example in [GENERIC_ECDH, GENERIC_DH] {
        for (step, tag, own) in [(2, "82", example.mapping), (3, "84", example.ephemeral)] {
            let mut beside = own.to_owned();
            beside.replace_range(own.len() - 2.., "55");
            for wrong in [own, &beside, "", "00", "01", "04", "02"] {
                let mut exchanges = example.exchanges();
                exchanges[step].1 = format!("{}9000", object("7C", &object(tag, wrong)));
                exchanges.truncate(step + 1);
                assert_eq!(example.run(&exchanges).err(), Some(key.clone()), "{step} {wrong}");
            }
        }
    }
}

#[test]
fn an_order_two_element_of_the_field_is_refused() {
    let DomainParameters::Group(group) = GENERIC_DH.parameters else { panic!() };
    let mut last = group.prime();
    *last.last_mut().unwrap() -= 1;
    let last: String = last.iter().map(|byte| format!("{byte:02X}")).collect();
    let mut exchanges = GENERIC_DH.exchanges();
    exchanges[2].1 = format!("{}9000", object("7C", &object("82", &last)));
    exchanges.truncate(3);
    let key = Misbehaviour::PublicKey { command: "GENERAL AUTHENTICATE" };
    assert_eq!(GENERIC_DH.run(&exchanges).err(), Some(key.into()));
}

#[test]
fn nonces_of_another_length_than_the_cipher_asks_for_are_misbehaviour() {
    let nonce =
        CardError::from(Misbehaviour::Element { what: "GENERAL AUTHENTICATE", element: "encrypted nonce" });
    for example in [GENERIC_ECDH, INTEGRATED_ECDH] {
        for wrong in [0, 8, 17, 80] {
            let mut exchanges = example.exchanges();
            exchanges[1].1 = format!("{}9000", object("7C", &object("80", &"AA".repeat(wrong))));
            exchanges.truncate(2);
            assert_eq!(example.run(&exchanges).err(), Some(nonce.clone()), "{wrong}");
        }
    }
    // the integrated mapping takes no other
    let mut exchanges = INTEGRATED_ECDH.exchanges();
    exchanges[1].1 = format!("{}9000", object("7C", &object("80", &"AA".repeat(32))));
    exchanges.truncate(3);
    assert_eq!(INTEGRATED_ECDH.run(&exchanges).err(), Some(nonce));
    // and the chip has nothing to say to it
    let mut exchanges = INTEGRATED_ECDH.exchanges();
    exchanges[2].1 = format!("{}9000", object("7C", &object("82", "01")));
    exchanges.truncate(3);
    assert!(matches!(INTEGRATED_ECDH.run(&exchanges), Err(CardError::Misbehaved(_))));
    exchanges = INTEGRATED_ECDH.exchanges();
    exchanges[2].1 = "7C009000".into();
    assert!(matches!(INTEGRATED_ECDH.run(&exchanges), Ok(PaceVerdict::Open(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_damaged_answer_never_opens_the_chip_nor_panics(
        which in 0..EXAMPLES.len(),
        step in 0..5usize,
        at in any::<prop::sample::Index>(),
        with in 1..=255u8,
        cut in any::<prop::sample::Index>(),
    ) {
        let example = &EXAMPLES[which];
        let original = hex(&example.exchanges()[step].1);
        let mut damaged = original.clone();
        *at.get_mut(&mut damaged) ^= with;
        for answer in [damaged, original[..cut.index(original.len())].to_vec()] {
            let answer: Vec<u8> = answer;
            let mut card = Damaged { exchanges: example.exchanges(), step, at: 0, answer };
            let mut channel = Channel::new(&mut card, CHAINING);
            let outcome = example.with_password(|password| {
                establish(&mut channel, &mut example.random(), &example.variant(), password, None)
            });
            let Ok(PaceVerdict::Open(session)) = outcome else {
                prop_assert!(!channel.is_protected());
                continue;
            };
            // the status word of MSE:Set AT may become another that lets PACE go on; the answer to the integrated mapping is empty
            let is_harmless = match (session.variant.protocol.mapping, step) {
                (_, 0) | (Mapping::Integrated, 2) => true,
                // what the token does not cover proves nothing then
                (Mapping::ChipAuthentication, 4) => {
                    let signed = hex(&format!("3164{CARD_SECURITY_KEY}"));
                    let signed = SecurityInfos::parse("EF.CardSecurity", &signed).unwrap();
                    let data = session.chip_authentication.unwrap();
                    !data.proves_one_of(signed.chip_authentication_public_keys())
                }
                _ => false,
            };
            prop_assert!(is_harmless, "{which} {step}");
        }
    }
}

/// A chip that gives one answer other than the example's. It does not look at commands: after a damaged answer they are others.
struct Damaged {
    exchanges: Exchanges,
    step: usize,
    at: usize,
    answer: Vec<u8>,
}

impl Transport for Damaged {
    fn transmit(&mut self, _: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let given = match self.exchanges.get(self.at) {
            Some(_) if self.at == self.step => self.answer.clone(),
            Some((_, given)) => hex(given),
            None => return Err(TransportError::Removed),
        };
        self.at += 1;
        answer.clear();
        answer.extend_from_slice(&given);
        Ok(())
    }
}
