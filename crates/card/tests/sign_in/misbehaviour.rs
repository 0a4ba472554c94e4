//! Each fault at each command of a sign-in: a specific error, or success where it does no harm; never a try lost beyond the
//! one that the person made.

use bitaqa_card::{CardError, Misbehaviour, Role, Signed, TransportError};
use bitaqa_virtual_card::{
    CardSpec, Effect, Misbehaviour as Fault,
    private_key::KeyKind,
    rules::Protocol,
    spec::{Generation, Personality},
};
use proptest::prelude::*;

use crate::reader::{Reader, first_look, sign, usual};

const WRONG: &str = "987654";
/// Commands of a card of no special make that only ask whether it is one of another kind.
const ASKED_FOR_OTHER_KINDS: usize = 6;

struct Subject {
    reader: Reader,
    right: String,
    /// Reference of the PIN.
    reference: u8,
    /// Tries that it has.
    tries: usize,
    /// The instructions of a sign-in without faults, in order.
    instructions: Vec<u8>,
}

/// What a sign-in ended with: whether the certificate is the one on the card, and what came of the PIN.
type Ended = Result<(Certificate, Signed), CardError>;

/// What the person types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entry {
    Right,
    Wrong,
}

#[derive(Debug, PartialEq, Eq)]
enum Certificate {
    True,
    Spoiled,
}

impl Subject {
    fn new(spec: &CardSpec, reference: u8) -> Self {
        let right = spec.pins().pin.digits().to_owned();
        let mut subject =
            Self { reader: Reader::with(spec), right, reference, tries: 0, instructions: Vec::new() };
        subject.tries = subject.tries_left();
        assert!(matches!(subject.sign_in(Entry::Right), Ok((_, Signed::Signature(_)))));
        let instruction = |header: &str| u8::from_str_radix(&header[2..4], 16).unwrap();
        subject.instructions =
            subject.reader.card.log().entries().iter().map(|entry| instruction(&entry.header)).collect();
        subject
    }

    fn all() -> Vec<Self> {
        let described = |protocol| CardSpec { protocol: Some(protocol), ..CardSpec::pkcs15(KeyKind::P256) };
        vec![
            Self::new(&CardSpec::esteid(), 0x01),
            Self::new(&described(Protocol::T1), 0x81),
            Self::new(&described(Protocol::T0), 0x81),
            Self::new(&CardSpec::of_generation(Personality::Esteid, Generation::Thales), 0x81),
            Self::new(&CardSpec::of_generation(Personality::Fineid, Generation::V3), 0x11),
            Self::new(&CardSpec::new(Personality::Lateid), 0x01),
            Self::new(&CardSpec::piv(KeyKind::P256), 0x80),
            Self::new(&CardSpec::iasecc(KeyKind::P256), 0x81),
        ]
    }

    /// Both transactions, as far as they go.
    fn sign_in(&mut self, entry: Entry) -> Ended {
        let pin = match entry {
            Entry::Right => &self.right,
            Entry::Wrong => WRONG,
        };
        let look = first_look(&mut self.reader, Role::Authentication)?;
        let way = usual(&look);
        let digest = vec![7; way.0.hash().length()];
        let signed = sign(&mut self.reader, &look, pin, way, &digest)?;
        let is_true = look.certificate == self.reader.card.certificates().authentication.der();
        Ok((if is_true { Certificate::True } else { Certificate::Spoiled }, signed))
    }

    /// A sign-in with these faults, from a card with all its tries.
    fn with_faults(&mut self, faults: impl IntoIterator<Item = Fault>, entry: Entry) -> Ended {
        self.reader.insert_again();
        for fault in faults {
            self.reader.card.misbehave(fault);
        }
        let ended = self.sign_in(entry);
        let (presented, left) = (self.reader.verify_count(), self.tries_left());
        assert!(presented <= 1, "VERIFY was sent {presented} times for one entry");
        assert!(left + presented >= self.tries, "{left} of {} tries after {presented} entries", self.tries);
        if entry == Entry::Wrong {
            assert!(!matches!(ended, Ok((_, Signed::Signature(_)))), "signed with a wrong PIN");
            self.reader.insert_again();
            self.sign_in(Entry::Right).unwrap();
        }
        assert_eq!(self.tries_left(), self.tries);
        ended
    }

    fn tries_left(&self) -> usize {
        self.reader.card.tries_left(self.reference).unwrap().into()
    }

    /// This fault at every command, with the right and with a wrong PIN.
    fn at_each_command(&mut self, effect: &Effect, judge: impl Fn(&Place, Ended)) {
        let last = self.instructions.len();
        for at in 1..=last {
            let instruction = self.instructions[at - 1];
            for entry in [Entry::Right, Entry::Wrong] {
                let fault = Fault::at(u32::try_from(at).unwrap(), effect.clone());
                let ended = self.with_faults([fault], entry);
                // a wrong PIN ends it earlier: the fault may not have happened
                if entry == Entry::Right {
                    let presents = self.instructions.iter().rposition(|other| *other == 0x20) == Some(at - 1);
                    judge(&Place { at, last, instruction, presents }, ended);
                }
            }
        }
    }
}

/// Where the fault was.
#[derive(Debug)]
struct Place {
    at: usize,
    last: usize,
    instruction: u8,
    /// Whether the command carries the PIN: some cards are asked for their tries by a VERIFY without one.
    presents: bool,
}

fn is_success(ended: &Ended) -> bool {
    matches!(ended, Ok((_, Signed::Signature(_))))
}

#[test]
fn a_card_that_leaves_is_gone_wherever_it_leaves() {
    for mut subject in Subject::all() {
        subject.at_each_command(&Effect::RemoveBefore, |place, ended| {
            let gone = CardError::Transport(TransportError::Removed);
            assert_eq!(ended.unwrap_err(), gone, "before command {} of {}", place.at, place.last);
        });
        subject.at_each_command(&Effect::RemoveAfter, |place, ended| {
            if place.at == place.last {
                assert!(is_success(&ended), "the signature was there already: {ended:?}");
            } else {
                let gone = CardError::Transport(TransportError::Removed);
                assert_eq!(ended.unwrap_err(), gone, "after command {} of {}", place.at, place.last);
            }
        });
    }
}

#[test]
fn a_card_that_gives_no_answer_is_a_fault_of_the_reader() {
    for mut subject in Subject::all() {
        subject.at_each_command(&Effect::NoAnswer, |place, ended| {
            let fault = CardError::Transport(TransportError::Fault("no answer".into()));
            assert_eq!(ended.unwrap_err(), fault, "{place:?}");
        });
    }
}

#[test]
fn an_answer_that_ends_before_its_status_word_is_misbehaviour() {
    for mut subject in Subject::all() {
        for keep in [0, 1] {
            subject.at_each_command(&Effect::EarlyEnd { keep }, |place, ended| match ended {
                Err(CardError::Misbehaved(Misbehaviour::NoStatusWord)) => {}
                // only asked whether it is a card of another kind
                Ok((Certificate::True, Signed::Signature(_))) if place.at <= ASKED_FOR_OTHER_KINDS => {}
                other => panic!("{place:?}: {other:?}"),
            });
        }
    }
}

#[test]
fn data_that_ends_early_is_read_on_or_seen() {
    for mut subject in Subject::all() {
        for keep in [0, 1, 3, 20] {
            subject.at_each_command(&Effect::Truncate { keep }, |place, ended| match ended {
                Ok((certificate, Signed::Signature(_))) => {
                    assert_eq!(certificate, Certificate::True, "{place:?}");
                    assert!(place.at < place.last, "a piece of a signature was taken for one");
                }
                Err(CardError::Misbehaved(_) | CardError::NoCredential) => {}
                other => panic!("{keep} bytes at {place:?}: {other:?}"),
            });
        }
    }
}

#[test]
fn more_data_than_was_asked_for_is_left_or_seen() {
    for mut subject in Subject::all() {
        for bytes in [1, 300, 65_536] {
            subject.at_each_command(&Effect::Oversize { bytes }, |place, ended| match ended {
                Ok((certificate, Signed::Signature(_))) => {
                    assert_eq!(certificate, Certificate::True, "{place:?}");
                    assert!(place.at < place.last, "a signature with something behind it");
                }
                Err(CardError::Misbehaved(_)) => {}
                other => panic!("{bytes} bytes at {place:?}: {other:?}"),
            });
        }
    }
}

#[test]
fn wrong_tags_and_lengths_are_seen_or_do_no_harm() {
    for mut subject in Subject::all() {
        let effects = [
            Effect::WrongTag { tag: 0x00 },
            Effect::WrongTag { tag: 0x31 },
            Effect::WrongTag { tag: 0xFF },
            Effect::WrongLength { with: 0x01 },
            Effect::WrongLength { with: 0x7F },
            Effect::WrongLength { with: 0x80 },
            Effect::WrongLength { with: 0xFF },
        ];
        for effect in effects {
            subject.at_each_command(&effect, |place, ended| match ended {
                Ok((certificate, Signed::Signature(_))) => {
                    // what a file holds is the card's to say: whoever uses the certificate finds out
                    let may_differ = matches!(place.instruction, 0xB0 | 0xC0);
                    assert!(may_differ || certificate == Certificate::True, "{effect:?} at {place:?}");
                }
                Err(
                    CardError::Misbehaved(_)
                    | CardError::NoCredential
                    | CardError::Unknown
                    | CardError::Refused { .. }
                    | CardError::Unsupported(_),
                ) => {}
                other => panic!("{effect:?} at {place:?}: {other:?}"),
            });
        }
    }
}

#[test]
fn a_command_that_is_refused_ends_with_the_cards_own_status_word_or_the_card_is_unknown() {
    for mut subject in Subject::all() {
        for status in [0x6F00, 0x6A82, 0x6982, 0x6985, 0x6E00, 0x6A80] {
            subject.at_each_command(&Effect::Status { status }, |place, ended| match ended {
                // TokenInfo is of use, but not needed
                Ok((certificate, Signed::Signature(_))) => {
                    assert_eq!(certificate, Certificate::True, "{status:04X} at {place:?}");
                    assert!(place.at < place.last);
                }
                Err(CardError::Refused { status: said, .. }) => {
                    assert!(
                        said.0 == status || place.instruction == 0xA4,
                        "{status:04X} became {said} at {place:?}"
                    );
                }
                // the card may seem to be of another make, or to have no such key
                Err(CardError::Unknown | CardError::Unsupported(_)) => {
                    let may_not_read = status == 0x6982 && place.instruction == 0xB0;
                    assert!(place.instruction == 0xA4 || may_not_read, "{status:04X} at {place:?}");
                }
                Err(CardError::NoCredential) => {
                    assert!(
                        matches!(place.instruction, 0xA4 | 0xB0 | 0xC0 | 0xCB),
                        "{status:04X} at {place:?}"
                    );
                }
                Err(CardError::Misbehaved(_)) => {
                    assert_eq!(place.instruction, 0xB0, "{status:04X} at {place:?}");
                }
                other => panic!("{status:04X} at {place:?}: {other:?}"),
            });
        }
    }
}

#[test]
fn status_words_that_ask_for_another_command_never_repeat_a_verify() {
    for mut subject in Subject::all() {
        for status in [0x6100, 0x6108, 0x6C00, 0x6C08] {
            subject.at_each_command(&Effect::Status { status }, |place, ended| {
                assert!(
                    !place.presents || matches!(ended, Err(CardError::Refused { .. })),
                    "{place:?}: {ended:?}"
                );
            });
        }
    }
}

#[test]
fn a_card_that_another_program_reset_asks_for_nothing_twice() {
    for mut subject in Subject::all() {
        subject.at_each_command(&Effect::ResetBefore, |place, ended| match ended {
            Ok((certificate, Signed::Signature(_))) => {
                assert_eq!(certificate, Certificate::True, "{place:?}");
            }
            // forgotten in the middle of being recognised, it may seem to be of another make
            Err(
                CardError::Refused { .. }
                | CardError::Unknown
                | CardError::Unsupported(_)
                | CardError::NoCredential
                | CardError::Misbehaved(_),
            ) => {}
            other => panic!("{place:?}: {other:?}"),
        });
    }
}

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        (0_usize..40).prop_map(|keep| Effect::Truncate { keep }),
        (0_usize..2).prop_map(|keep| Effect::EarlyEnd { keep }),
        any::<u8>().prop_map(|with| Effect::WrongLength { with }),
        any::<u8>().prop_map(|tag| Effect::WrongTag { tag }),
        (0_usize..400).prop_map(|bytes| Effect::Oversize { bytes }),
        any::<u16>().prop_map(|status| Effect::Status { status }),
        Just(Effect::NoAnswer),
        Just(Effect::ResetBefore),
        Just(Effect::RemoveBefore),
        Just(Effect::RemoveAfter),
    ]
}

#[test]
fn several_faults_at_once_end_the_same_way() {
    let mut subjects = Subject::all();
    let faults = proptest::collection::vec((1_u32..40, effect()), 1..5);
    let case = (0..subjects.len(), faults, any::<bool>());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1500));
    let subjects = std::cell::RefCell::new(&mut subjects);
    let outcome = runner.run(&case, |(subject, faults, right)| {
        let faults = faults.into_iter().map(|(at, effect)| Fault::at(at, effect));
        // the rules are in there
        let _ = subjects.borrow_mut()[subject]
            .with_faults(faults, if right { Entry::Right } else { Entry::Wrong });
        Ok(())
    });
    outcome.unwrap();
}
