//! A chip that answers anything at all: always a specific error or a value, never a panic or an endless loop.

use bitaqa_card::{
    CardError, SecureMessaging, Transport, TransportError,
    active_authentication::{self, ActiveAuthenticationKey, Challenge},
    bac::{self, BacVerdict},
    channel::Channel,
    chip_authentication::{self, ChipKey, RelayedChipAuthentication, Verifier},
    lds::{DocumentNumber, MrzDate, MrzKey},
    symmetric::Cipher,
};
use bitaqa_curves::Curve;
use proptest::prelude::*;

use crate::{
    chip_authentication::{chip, counting, infos, p256},
    model_card::{CIPHERS, LINK, ModelCard, SHORT},
};

/// Gives the answers one after the other, then is gone.
struct Arbitrary<'a>(std::slice::Iter<'a, Vec<u8>>);

impl Transport for Arbitrary<'_> {
    fn transmit(&mut self, _: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        answer.clone_from(self.0.next().ok_or(TransportError::Removed)?);
        Ok(())
    }
}

fn answer() -> impl Strategy<Value = Vec<u8>> {
    let status = prop_oneof![
        4 => Just(vec![0x90, 0x00]),
        1 => any::<u8>().prop_map(|x| vec![0x61, x]),
        1 => any::<u8>().prop_map(|x| vec![0x6C, x]),
        1 => any::<[u8; 2]>().prop_map(|x| x.to_vec()),
    ];
    let data = prop_oneof![
        Just(vec![]),
        proptest::collection::vec(any::<u8>(), 8),
        proptest::collection::vec(any::<u8>(), 40),
        proptest::collection::vec(
            prop_oneof![Just(0x87), Just(0x99), Just(0x8E), Just(0x7C), 0_u8..20],
            0..60
        ),
        proptest::collection::vec(any::<u8>(), 0..300),
    ];
    (data, status).prop_map(|(data, status)| [data, status].concat())
}

fn zone() -> MrzKey {
    let date = MrzDate::new(Some(30), Some(1), Some(2)).unwrap();
    MrzKey::new(&DocumentNumber::new("AB1234567").unwrap(), date, date)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn basic_access_control_with_any_answers_never_opens(answers in proptest::collection::vec(answer(), 0..8)) {
        let mut transport = Arbitrary(answers.iter());
        let mut channel = Channel::new(&mut transport, LINK);
        let outcome = bac::establish(&mut channel, &mut counting(), &zone());
        prop_assert!(!matches!(outcome, Ok(BacVerdict::Open)));
        prop_assert!(!channel.is_protected());
    }

    #[test]
    fn active_authentication_with_any_answers_is_no_proof(
        answers in proptest::collection::vec(answer(), 0..8), cipher in proptest::option::of(proptest::sample::select(&CIPHERS[..])),
    ) {
        let mut transport = Arbitrary(answers.iter());
        let mut channel = Channel::new(&mut transport, LINK);
        if let Some(cipher) = cipher {
            channel.protect(SecureMessaging::from_secret(cipher, &[1]).unwrap());
        }
        let key = ActiveAuthenticationKey::Ec(Curve::P256.generator());
        let challenge = Challenge::bound_to(b"anything");
        match active_authentication::sign(&mut channel, &key, &challenge) {
            Ok(signatures) => {
                prop_assert_eq!(cipher, None);
                prop_assert!(key.verify_rounds(&challenge, &signatures, None).is_err());
            }
            Err(CardError::Symmetric(_)) => prop_assert!(false, "our own mistake"),
            Err(_) => {}
        }
    }

    #[test]
    fn chip_authentication_with_any_answers_ends_in_an_error(answers in proptest::collection::vec(answer(), 0..8), relay in any::<bool>()) {
        let chip = chip(p256(), &[Cipher::Aes128]);
        let key = ChipKey::best(&infos(&chip.dg14)).unwrap().unwrap();
        let (_, session) = ModelCard::new(Cipher::TripleDes, SHORT, vec![]);
        let mut transport = Arbitrary(answers.iter());
        let mut channel = Channel::new(&mut transport, LINK);
        channel.protect(session);
        if relay {
            let private = key.public_key().domain_parameters().private_key(&[5; 20]).unwrap();
            let verifier = Verifier::new(&key, &private).unwrap();
            let relayed =
                RelayedChipAuthentication::new(&key, verifier.ephemeral(), verifier.protected_read()).unwrap();
            prop_assert!(relayed.run(&mut channel).is_err());
        } else {
            prop_assert!(chip_authentication::run(&mut channel, &mut counting(), &key).is_err());
        }
        prop_assert!(!channel.is_protected());
    }
}
