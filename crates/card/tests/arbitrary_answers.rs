//! A card that answers anything at all: always a specific error or a value, never a panic or an endless loop.

use bitaqa_card::{
    Card, CardError, CardOpening, Hash, PinEntry, Profile, Role, SignatureAlgorithm, Transport,
    TransportError,
    chip_session::AccessKey,
    pace::Can,
    pin::SCRATCH_LENGTH,
    pkcs15::{authentication_object, certificate, ef_dir, object_directory, private_key, token_info},
    signature::KeySize,
};
use proptest::prelude::*;

/// Gives the answers one after the other, then is gone. Counts what it was asked.
struct Arbitrary<'a> {
    answers: std::slice::Iter<'a, Vec<u8>>,
}

impl Transport for Arbitrary<'_> {
    fn transmit(&mut self, _command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let given = self.answers.next().ok_or(TransportError::Removed)?;
        answer.clear();
        answer.extend_from_slice(given);
        Ok(())
    }
}

/// Answers that look right often enough to get somewhere.
fn answer() -> impl Strategy<Value = Vec<u8>> {
    let status = prop_oneof![
        6 => Just(vec![0x90, 0x00]),
        1 => (0_u8..16).prop_map(|x| vec![0x63, 0xC0 | x]),
        1 => any::<u8>().prop_map(|x| vec![0x61, x]),
        1 => any::<u8>().prop_map(|x| vec![0x6C, x]),
        1 => any::<[u8; 2]>().prop_map(|x| x.to_vec()),
    ];
    let data = prop_oneof![
        Just(vec![]),
        proptest::collection::vec(any::<u8>(), 0..260),
        proptest::collection::vec(
            prop_oneof![Just(0x30_u8), Just(0x04), Just(0x02), Just(0xA0), Just(0xA1), 0_u8..32],
            0..120
        ),
        any::<u16>().prop_map(|n| [&[0x62, 0x04, 0x80, 0x02][..], &n.to_be_bytes()].concat()),
    ];
    (data, status).prop_map(|(data, status)| [data, status].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_sign_in_with_any_answers_ends(answers in proptest::collection::vec(answer(), 0..60), atr_known in any::<bool>()) {
        let profiles = Profile::compiled_in().unwrap();
        let atr = if atr_known { profiles[0].recognise.atr_hints[0].example() } else { vec![] };
        let mut transport = Arbitrary { answers: answers.iter() };
        let outcome = (|| -> Result<(), CardError> {
            let mut card = Card::discover(&mut transport, &atr, &profiles)?;
            let credential = card.credential(Role::Authentication)?;
            if let Some(pin) = &credential.pin {
                card.pin_status(pin)?;
            }
            card.certificate(&credential)?;
            let mut scratch = [0; SCRATCH_LENGTH];
            let entry = PinEntry::Typed { pin: b"1234", scratch: &mut scratch };
            card.verify_and_sign(&credential, entry, SignatureAlgorithm::Ecdsa(Hash::Sha384), KeySize::Ec(48), &[1; 48])?;
            assert_eq!(scratch, [0; SCRATCH_LENGTH], "the VERIFY command is overwritten");
            Ok(())
        })();
        drop(outcome);
    }

    #[test]
    fn opening_a_card_that_answers_anything_ends(answers in proptest::collection::vec(answer(), 0..60)) {
        let profiles = Profile::compiled_in().unwrap();
        let key = AccessKey::Can(Can::new("123456").unwrap());
        let mut random = |out: &mut [u8]| out.fill(7);
        // EF.CardAccess as in the worked example of ICAO Doc 9303-11, appendix G.1: generic mapping, AES-128
        let card_access = b"\x31\x14\x30\x12\x06\x0A\x04\x00\x7F\x00\x07\x02\x02\x04\x02\x02\x02\x01\x02\x02\x01\x0D\x90\x00";
        let answers: Vec<Vec<u8>> = std::iter::once(card_access.to_vec()).chain(answers).collect();
        let mut transport = Arbitrary { answers: answers.iter() };
        match Card::open(&mut transport, &[], &profiles, &mut random, &key) {
            Ok(CardOpening::Open(_)) => panic!("a card that does not know the number was opened"),
            Ok(CardOpening::Refused(_)) => {}
            // not what any card would fail with that was not asked to open
            Err(error) => prop_assert!(!matches!(error, CardError::Closed(_))),
        }
    }

    #[test]
    fn directory_files_of_any_bytes_end_in_a_value_or_an_error(content in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = ef_dir::parse(&content);
        let _ = object_directory::parse(&content);
        let _ = private_key::parse(&content);
        let _ = certificate::parse(&content);
        let _ = authentication_object::parse(&content);
        let _ = token_info::parse(&content);
    }

    #[test]
    fn profiles_of_any_text_end_in_a_value_or_an_error(text in "\\PC{0,300}") {
        let _ = Profile::parse("any", &text);
    }
}
