//! Opening a card that answers anything at all: always a specific error, never a panic or an endless loop.

use bitaqa_card::{
    Card, CardError, CardOpening, Profile, Transport, TransportError, chip_session::AccessKey, pace::Can,
};
use proptest::prelude::*;

use crate::several_faults::answer;

/// Gives the answers one after the other, then is gone.
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

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
}
