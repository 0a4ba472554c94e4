//! Each fault at each command of a sign-in with a card that is opened first: a specific error or the true result; never a
//! panic, a result that the card did not give, or a try lost beyond the one that the person made.

use bitaqa_card::{CardError, Role, Signed, TransportError, chip_session::AccessKey};
use bitaqa_virtual_card::{
    CardSpec, Effect, Misbehaviour as Fault,
    spec::{Hypothesis, Personality},
};

use crate::{
    opening::{NotDone, can, opened_look, opened_sign},
    openssl::MESSAGE,
    reader::{Reader, usual},
};

const WRONG: &str = "987654";

/// What the person types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    Right,
    Wrong,
}

struct Subject {
    reader: Reader,
    key: AccessKey,
    right: String,
    reference: u8,
    /// Commands of both transactions without faults.
    commands: usize,
    certificate: Vec<u8>,
}

impl Subject {
    fn new(spec: &CardSpec) -> Self {
        let right = spec.pins().pin.digits().to_owned();
        let mut reader = Reader::with(spec);
        let certificate = reader.card.certificates().authentication.der().to_vec();
        let key = can(spec);
        let look = opened_look(&mut reader, &key, Role::Authentication).unwrap();
        let reference = look.credential.pin.as_ref().unwrap().format.reference;
        let mut subject = Self { reader, key, right, reference, commands: 0, certificate };
        subject.reader.insert_again();
        assert!(matches!(subject.sign_in(Entry::Right), Ok(Signed::Signature(_))));
        subject.commands = subject.reader.commands();
        subject
    }

    fn of_each_family() -> Vec<Self> {
        let specs = [(Hypothesis::IasEccCam, 11), (Hypothesis::Pkcs15Gm, 12)];
        specs.map(|(hypothesis, seed)| Self::new(&CardSpec::cnie_2(hypothesis, seed))).into()
    }

    /// Both transactions on one count of commands, with the reset between them.
    fn sign_in(&mut self, entry: Entry) -> Result<Signed, NotDone> {
        let look = opened_look(&mut self.reader, &self.key, Role::Authentication)?;
        assert_eq!(look.certificate, self.certificate, "a certificate that is not the card's");
        self.reader.card.power_off();
        let (algorithm, size) = usual(&look);
        let pin = if entry == Entry::Wrong { WRONG } else { &self.right };
        opened_sign(&mut self.reader, &look, &self.key, pin, (algorithm, size, MESSAGE))
    }

    fn with_fault(&mut self, fault: Fault, entry: Entry) -> Result<Signed, NotDone> {
        self.reader.insert_again();
        self.reader.card.misbehave(fault);
        let ended = self.sign_in(entry);
        let (presented, left) = (self.reader.verify_count(), self.tries_left());
        assert!(presented <= 1, "VERIFY was sent {presented} times for one entry");
        assert!(left + presented >= 3, "{left} of 3 tries after {presented} entries");
        if entry == Entry::Wrong {
            assert!(!matches!(ended, Ok(Signed::Signature(_))), "signed with a wrong PIN");
        }
        if left < 3 {
            self.reader.insert_again();
            assert!(matches!(self.sign_in(Entry::Right), Ok(Signed::Signature(_))));
        }
        assert_eq!(self.tries_left(), 3);
        ended
    }

    fn tries_left(&self) -> usize {
        self.reader.card.tries_left(self.reference).unwrap().into()
    }

    /// This fault at every command, with the right PIN and, where it is said so, with a wrong one.
    fn at_each_command(
        &mut self,
        effect: &Effect,
        entries: &[Entry],
        judge: impl Fn(usize, usize, Result<Signed, NotDone>),
    ) {
        for at in 1..=self.commands {
            for entry in entries {
                let ended = self.with_fault(Fault::at(u32::try_from(at).unwrap(), effect.clone()), *entry);
                // a wrong PIN ends it earlier: the fault may not have happened
                if *entry == Entry::Right {
                    judge(at, self.commands, ended);
                }
            }
        }
    }
}

#[test]
fn a_card_that_leaves_is_gone_wherever_it_leaves() {
    let bahrain = CardSpec { seed: Some(2), ..CardSpec::new(Personality::Bahrain2025) };
    for mut subject in Subject::of_each_family().into_iter().chain([Subject::new(&bahrain)]) {
        let both = [Entry::Right, Entry::Wrong];
        let gone = || NotDone::Error(CardError::Transport(TransportError::Removed));
        subject.at_each_command(&Effect::RemoveBefore, &both, |at, last, ended| {
            assert_eq!(ended, Err(gone()), "before command {at} of {last}");
        });
        subject.at_each_command(&Effect::RemoveAfter, &both, |at, last, ended| {
            if at == last {
                assert!(matches!(ended, Ok(Signed::Signature(_))), "the signature was there: {ended:?}");
            } else {
                assert_eq!(ended, Err(gone()), "after command {at} of {last}");
            }
        });
    }
}

#[test]
fn spoiled_answers_end_in_an_error_or_change_nothing() {
    let effects = [
        Effect::Truncate { keep: 0 },
        Effect::EarlyEnd { keep: 1 },
        Effect::WrongTag { tag: 0x31 },
        Effect::Oversize { bytes: 300 },
        Effect::Replay,
    ];
    for mut subject in Subject::of_each_family() {
        for effect in &effects {
            subject.at_each_command(effect, &[Entry::Right], |at, last, ended| match ended {
                // what only asked what kind of card it is does not matter; a signature is never a spoiled one
                Ok(Signed::Signature(_)) => assert!(at < last, "{effect:?} at {at} of {last}"),
                Ok(Signed::PinRefused(verdict)) => panic!("{effect:?} at {at}: {verdict:?}"),
                Err(NotDone::Error(CardError::Transport(error))) => panic!("{effect:?} at {at}: {error}"),
                Err(_) => {}
            });
        }
    }
}

#[test]
fn refusals_and_resets_end_in_an_error_or_change_nothing() {
    let statuses = [0x6982, 0x6A82, 0x6F00, 0x6C08];
    let effects = statuses.map(|status| Effect::Status { status });
    for mut subject in Subject::of_each_family() {
        for effect in effects.iter().chain([&Effect::ResetBefore]) {
            subject.at_each_command(effect, &[Entry::Right], |at, last, ended| match ended {
                Ok(Signed::Signature(_)) => assert!(at < last, "{effect:?} at {at} of {last}"),
                Ok(Signed::PinRefused(verdict)) => panic!("{effect:?} at {at}: {verdict:?}"),
                Err(NotDone::Error(CardError::Transport(error))) => panic!("{effect:?} at {at}: {error}"),
                Err(_) => {}
            });
        }
    }
}
