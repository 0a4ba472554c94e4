//! Cards that the reader opens: what it says of the person and of the number. What follows where it succeeds needs its secure
//! messaging, and is tested through a real pcscd, with the host.

use bitaqa_card::{
    Card, CardError, ReaderOpening, Role, Transport, TransportError,
    apdu::StatusWord,
    chip_session::AccessRefusal,
    transport::{Limits, PaceOnReader},
};
use bitaqa_virtual_card::{
    CardSpec,
    spec::{Hypothesis, Personality},
};

use crate::{
    opening::{MSE, can, opened_look},
    reader::{PROFILES, Reader, first_look},
};

/// A reader that runs PACE itself, with this outcome, and knows no secure messaging.
struct PaceReader {
    inside: Reader,
    outcome: Result<PaceOnReader, TransportError>,
    asked: usize,
}

impl PaceReader {
    fn with(spec: &CardSpec, outcome: Result<PaceOnReader, TransportError>) -> Self {
        Self { inside: Reader::with(spec), outcome, asked: 0 }
    }

    fn open(&mut self) -> Result<ReaderOpening<()>, CardError> {
        let atr = self.inside.card.atr().to_vec();
        Card::open_on_reader(self, &atr, &PROFILES)?.and_then(|_| Ok(()))
    }
}

impl Transport for PaceReader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        self.inside.transmit(command, answer)
    }

    fn limits(&self) -> Limits {
        self.inside.limits
    }

    fn executes_pace(&self) -> bool {
        true
    }

    fn execute_pace(&mut self) -> Result<PaceOnReader, TransportError> {
        self.asked += 1;
        self.outcome.clone()
    }
}

fn closed() -> CardSpec {
    CardSpec::cnie_2(Hypothesis::IasEccCam, 4)
}

#[test]
fn each_outcome_on_the_reader_has_its_own_meaning() {
    let refused = |command, status| PaceOnReader::Refused { command, status: StatusWord(status) };
    let can_wrong =
        |tries_left| format!("{:?}", ReaderOpening::<()>::Refused(AccessRefusal::CanWrong { tries_left }));
    let closed_for = |refusal| format!("{:?}", ReaderOpening::<()>::Refused(refusal));
    for (outcome, expected) in [
        (PaceOnReader::Cancelled, "Cancelled".to_owned()),
        (PaceOnReader::TimedOut, "TimedOut".to_owned()),
        (PaceOnReader::WrongKey, can_wrong(None)),
        (refused("GENERAL AUTHENTICATE", 0x6300), can_wrong(None)),
        (refused("GENERAL AUTHENTICATE", 0x63C2), can_wrong(Some(2))),
        (refused("GENERAL AUTHENTICATE", 0x6983), closed_for(AccessRefusal::Blocked)),
        (refused("MSE:Set AT", 0x6983), closed_for(AccessRefusal::Blocked)),
        (refused("MSE:Set AT", 0x6283), closed_for(AccessRefusal::Deactivated)),
    ] {
        let mut reader = PaceReader::with(&closed(), Ok(outcome));
        assert_eq!(format!("{:?}", reader.open().unwrap()), expected, "{outcome:?}");
        assert_eq!(reader.asked, 1, "one number, one try");
        assert!(!reader.inside.was_sent(MSE), "nothing was tried but by the reader");
    }
}

#[test]
fn what_says_nothing_of_the_number_is_a_fault_of_the_reader() {
    let no_verdict = |status| Ok(PaceOnReader::Refused { command: "MSE:Set AT", status: StatusWord(status) });
    for outcome in [no_verdict(0x6A80), no_verdict(0x6D00), Err(TransportError::Fault("broken".into()))] {
        let mut reader = PaceReader::with(&closed(), outcome.clone());
        let opening = reader.open();
        assert!(
            matches!(opening, Err(CardError::Transport(TransportError::Fault(_)))),
            "{outcome:?}: {opening:?}"
        );
    }
    // a reader that does not do it
    let mut reader = Reader::with(&closed());
    let atr = reader.card.atr().to_vec();
    let opening = Card::open_on_reader(&mut reader, &atr, &PROFILES).map(drop);
    assert!(matches!(opening, Err(CardError::Transport(TransportError::Fault(_)))), "{opening:?}");
}

#[test]
fn a_reader_that_says_open_and_protects_nothing_gives_nothing_away() {
    let mut reader = PaceReader::with(&closed(), Ok(PaceOnReader::Open));
    assert!(reader.open().is_err(), "the card is closed still");
    assert_eq!(reader.inside.verify_count(), 0);
}

#[test]
fn nobody_is_asked_for_a_number_that_the_card_does_not_take() {
    for spec in [CardSpec::new(Personality::PassportBac), CardSpec::esteid()] {
        let mut reader = PaceReader::with(&spec, Ok(PaceOnReader::Open));
        assert!(matches!(reader.open(), Err(CardError::Unsupported(_))), "{:?}", spec.personality);
        assert_eq!(reader.asked, 0);
    }
    let mut reader = PaceReader::with(&CardSpec::esteid(), Ok(PaceOnReader::Open));
    let look = first_look(&mut reader.inside, Role::Authentication).unwrap();
    let opening = Card::open_on_reader_with_layout(&mut reader, look.layout).map(drop);
    assert!(matches!(opening, Err(CardError::Unsupported(_))));
    assert_eq!(reader.asked, 0);
}

#[test]
fn a_layout_says_who_has_the_keys_now() {
    let spec = closed();
    let mut reader = PaceReader::with(&spec, Ok(PaceOnReader::Open));
    let look = opened_look(&mut reader.inside, &can(&spec), Role::Authentication).unwrap();
    assert!(!look.layout.takes_pin_pad(), "the keys are ours");
    reader.inside.insert_again();
    let opening = Card::open_on_reader_with_layout(&mut reader, look.layout).unwrap();
    let ReaderOpening::Open(card) = opening else { panic!("it stays closed") };
    assert!(card.layout().takes_pin_pad(), "the keys are the reader's");
}
