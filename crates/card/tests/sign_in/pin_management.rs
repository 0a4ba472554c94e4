//! Changing, unblocking and activating PINs on every make of software card, in every encoding and in each of the four ways.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, Credential, Layout, PinChangeEntry, PinCounters, PinOutcome, PinVerdict, Role, Signed,
    UnblockEntry,
    apdu::StatusWord,
    layout::{Activation, UnblockingWay},
    pin::CHANGE_SCRATCH_LENGTH,
};
use bitaqa_virtual_card::{
    self as virtual_card, CardSpec,
    pin::Pin,
    private_key::KeyKind,
    spec::{Generation, Lifecycle, Personality, PinFormatName},
};

use crate::reader::{FirstLook, Reader, first_look, sign, sign_message, usual};

const CHANGE: u8 = 0x24;
const RESET: u8 = 0x2C;
const PUK: &str = "12345678";

fn thales() -> CardSpec {
    CardSpec::of_generation(Personality::Esteid, Generation::Thales)
}

/// Every make that has PINs of its own.
fn makes() -> Vec<CardSpec> {
    vec![
        CardSpec::esteid(),
        thales(),
        CardSpec::of_generation(Personality::Fineid, Generation::V3),
        CardSpec::of_generation(Personality::Fineid, Generation::V4),
        CardSpec::new(Personality::Lateid),
        CardSpec::piv(KeyKind::P256),
        CardSpec::iasecc(KeyKind::P256),
        CardSpec::pkcs15(KeyKind::P256),
    ]
}

/// Those of which it is known how they unblock.
fn makes_with_puk() -> Vec<CardSpec> {
    let unknown = [Personality::Fineid, Personality::Lateid];
    makes().into_iter().filter(|spec| !unknown.contains(&spec.personality)).collect()
}

fn formats() -> [CardSpec; 5] {
    use PinFormatName::{Ascii, Ascii00, AsciiFf, Bcd, Iso9564Format2};
    [AsciiFf, Ascii00, Ascii, Bcd, Iso9564Format2]
        .map(|name| CardSpec { pin_format: Some(name), ..CardSpec::pkcs15(KeyKind::P256) })
}

fn everything() -> Vec<CardSpec> {
    makes().into_iter().chain(formats()).collect()
}

/// A card with one of its PINs in view.
struct Holder {
    reader: Reader,
    look: FirstLook,
}

impl Holder {
    #[track_caller]
    fn of(spec: &CardSpec, role: Role) -> Self {
        let mut reader = Reader::with(spec);
        let look = first_look(&mut reader, role).unwrap();
        reader.insert_again();
        Self { reader, look }
    }

    fn reference(&self) -> u8 {
        self.look.credential.pin.as_ref().unwrap().format.reference
    }

    fn tells_tries(&self) -> bool {
        self.look.pin_status.tries_left.is_some()
    }

    fn layout_with(&mut self, change: impl FnOnce(&mut Credential)) {
        change(&mut self.look.credential);
    }

    fn in_card<T>(&mut self, act: impl FnOnce(&mut Card<'_>, &Credential) -> T) -> T {
        self.reader.insert_again();
        let layout: Arc<Layout> = Arc::clone(&self.look.layout);
        let mut card = Card::with_layout(&mut self.reader, layout);
        act(&mut card, &self.look.credential)
    }

    fn change(&mut self, current: &str, new: &str) -> Result<PinOutcome, CardError> {
        let mut scratch = [0xEE; CHANGE_SCRATCH_LENGTH];
        let outcome =
            self.in_card(|card, credential| card.change_pin(credential, typed(current, new, &mut scratch)));
        assert_eq!(scratch, [0; CHANGE_SCRATCH_LENGTH], "the command is overwritten");
        outcome
    }

    fn activate(&mut self, current: &str, new: &str) -> Result<PinOutcome, CardError> {
        let mut scratch = [0xEE; CHANGE_SCRATCH_LENGTH];
        let outcome =
            self.in_card(|card, credential| card.activate_pin(credential, typed(current, new, &mut scratch)));
        assert_eq!(scratch, [0; CHANGE_SCRATCH_LENGTH], "the command is overwritten");
        outcome
    }

    fn unblock(&mut self, puk: &str, new: Option<&str>) -> Result<PinOutcome, CardError> {
        let mut scratch = [0xEE; CHANGE_SCRATCH_LENGTH];
        let outcome = self.in_card(|card, credential| {
            let new = new.map(str::as_bytes);
            card.unblock_pin(credential, UnblockEntry { puk: puk.as_bytes(), new, scratch: &mut scratch })
        });
        if !matches!(outcome, Err(CardError::Unsupported(_))) {
            assert_eq!(scratch, [0; CHANGE_SCRATCH_LENGTH], "the command is overwritten");
        }
        outcome
    }

    fn counters(&mut self) -> PinCounters {
        self.in_card(|card, credential| card.pin_counters(credential).unwrap())
    }

    fn signs_with(&mut self, pin: &str) -> bool {
        self.reader.insert_again();
        let way = usual(&self.look);
        let digest = vec![7; way.0.hash().length()];
        let signed = match sign(&mut self.reader, &self.look, pin, way, &digest) {
            Err(CardError::Unsupported(_)) => {
                sign_message(&mut self.reader, &self.look, pin, way, b"message")
            }
            signed => signed,
        };
        matches!(signed, Ok(Signed::Signature(_)))
    }

    fn tries_left(&self) -> Option<u8> {
        self.reader.card.tries_left(self.reference())
    }
}

fn typed<'a>(current: &'a str, new: &'a str, scratch: &'a mut [u8]) -> PinChangeEntry<'a> {
    PinChangeEntry::Typed { current: current.as_bytes(), new: new.as_bytes(), scratch }
}

/// The PIN of a role, as ordered.
fn pin_of(spec: &CardSpec, role: Role) -> String {
    let pins = spec.pins();
    let pin = if role == Role::Signature { pins.signature_pin } else { pins.pin };
    pin.digits().to_owned()
}

#[track_caller]
fn verdict(outcome: Result<PinOutcome, CardError>) -> PinVerdict {
    outcome.unwrap().verdict.unwrap()
}

#[test]
fn every_pin_of_every_make_is_changed_and_signs_with_its_new_value_only() {
    for spec in everything() {
        for role in [Role::Authentication, Role::Signature] {
            let old = pin_of(&spec, role);
            let mut holder = Holder::of(&spec, role);
            let outcome = holder.change(&old, "7654321").unwrap();
            assert_eq!(outcome.verdict, Ok(PinVerdict::Correct), "{spec:?}");
            assert!(holder.reader.was_sent(CHANGE));
            assert!(holder.signs_with("7654321"), "{spec:?} {role:?}");
            assert!(!holder.signs_with(&old), "{spec:?} {role:?}");
        }
    }
}

#[test]
fn a_wrong_current_pin_costs_one_try_and_the_counter_is_read_again() {
    for spec in everything() {
        let mut holder = Holder::of(&spec, Role::Authentication);
        let before = holder.tries_left().unwrap();
        // of the right length: a card without padding sees at once that another length is no PIN of its own
        let wrong = "9".repeat(pin_of(&spec, Role::Authentication).len());
        let outcome = holder.change(&wrong, "7654321").unwrap();
        let left = before - 1;
        assert_eq!(outcome.verdict, Ok(PinVerdict::Wrong { tries_left: Some(left) }), "{spec:?}");
        assert_eq!(holder.tries_left(), Some(left));
        let told = outcome.counters.unwrap().pin.tries_left;
        assert_eq!(told, holder.tells_tries().then_some(left), "{spec:?}");
        assert_eq!(holder.counters().pin.tries_left, told);
        assert!(holder.signs_with(&pin_of(&spec, Role::Authentication)), "the PIN is what it was");
    }
}

#[test]
fn what_the_card_cannot_hold_is_no_try() {
    for spec in everything() {
        let mut holder = Holder::of(&spec, Role::Authentication);
        let old = pin_of(&spec, Role::Authentication);
        for (current, new) in [
            ("1", "7654321"),
            (&old, "1"),
            (&old, "1234567890123"),
            (&old, "76543a1"),
            ("", &old),
            (&old, ""),
        ] {
            assert_eq!(verdict(holder.change(current, new)), PinVerdict::NotPresented, "{spec:?}");
            assert!(!holder.reader.was_sent(CHANGE));
        }
    }
}

#[test]
fn a_blocked_pin_gets_its_tries_and_a_new_value_from_the_puk() {
    for spec in makes_with_puk().into_iter().chain(formats()) {
        let blocked = CardSpec { tries_left: Some(0), signature_tries_left: Some(0), ..spec.clone() };
        for role in [Role::Authentication, Role::Signature] {
            let mut holder = Holder::of(&blocked, role);
            let old = pin_of(&spec, role);
            assert_eq!(verdict(holder.change(&old, "7654321")), PinVerdict::Blocked, "{spec:?}");
            let wrong = verdict(holder.unblock("87654321", Some("7654321")));
            assert_eq!(wrong, PinVerdict::Wrong { tries_left: Some(2) }, "{spec:?}");
            assert_eq!(holder.tries_left(), Some(0));
            let outcome = holder.unblock(PUK, Some("7654321")).unwrap();
            assert_eq!(outcome.verdict, Ok(PinVerdict::Correct), "{spec:?} {role:?}");
            let counters = outcome.counters.unwrap();
            if holder.tells_tries() && spec.personality != Personality::Piv {
                assert_eq!(counters.pin.tries_left, holder.tries_left(), "{spec:?}");
                assert_eq!(counters.puk.unwrap().tries_left, Some(3), "{spec:?}");
            }
            assert!(holder.tries_left().unwrap() >= 3);
            assert!(holder.signs_with("7654321"), "{spec:?} {role:?}");
        }
    }
}

#[test]
fn a_blocked_puk_is_called_blocked() {
    for spec in makes_with_puk() {
        let mut holder = Holder::of(&CardSpec { tries_left: Some(0), ..spec }, Role::Authentication);
        for left in [2, 1] {
            let wrong = verdict(holder.unblock("87654321", Some("7654321")));
            assert_eq!(wrong, PinVerdict::Wrong { tries_left: Some(left) });
        }
        assert_eq!(verdict(holder.unblock("87654321", Some("7654321"))), PinVerdict::Blocked);
        assert_eq!(verdict(holder.unblock(PUK, Some("7654321"))), PinVerdict::Blocked, "too late");
    }
}

#[test]
fn where_nothing_is_known_of_a_puk_nothing_is_sent() {
    for spec in makes()
        .into_iter()
        .filter(|spec| [Personality::Fineid, Personality::Lateid].contains(&spec.personality))
    {
        let mut holder = Holder::of(&spec, Role::Authentication);
        assert!(matches!(holder.unblock(PUK, Some("7654321")), Err(CardError::Unsupported(_))));
        assert!(holder.reader.card.log().entries().is_empty());
        assert_eq!(holder.counters().puk, None);
    }
}

#[test]
fn each_of_the_four_ways_unblocks_as_the_profile_says() {
    for spec in makes_with_puk() {
        // PIV knows the first only
        if spec.personality == Personality::Piv {
            continue;
        }
        for way in [
            UnblockingWay::PukAndNewPin,
            UnblockingWay::Puk,
            UnblockingWay::VerifyThenNewPin,
            UnblockingWay::Verify,
        ] {
            let mut holder =
                Holder::of(&CardSpec { tries_left: Some(0), ..spec.clone() }, Role::Authentication);
            holder.layout_with(|credential| {
                credential.pin.as_mut().unwrap().unblocking.as_mut().unwrap().way = way;
            });
            let new = way.takes_new_pin().then_some("7654321");
            let other = if new.is_some() { None } else { Some("7654321") };
            assert_eq!(verdict(holder.unblock(PUK, other)), PinVerdict::NotPresented, "{way:?}");
            assert!(!holder.reader.was_sent(RESET) && !holder.reader.was_sent(0x20));
            assert_eq!(verdict(holder.unblock(PUK, new)), PinVerdict::Correct, "{spec:?} {way:?}");
            let old = pin_of(&spec, Role::Authentication);
            assert!(holder.signs_with(new.unwrap_or(&old)), "{spec:?} {way:?}");
        }
    }
}

#[test]
fn a_transport_pin_becomes_a_pin_and_a_wrong_one_costs_a_try() {
    for spec in everything() {
        let spec = CardSpec {
            lifecycle: Lifecycle::Transport,
            transport_pin: Some(Pin::new("000000").unwrap()),
            ..spec
        };
        let mut holder = Holder::of(&spec, Role::Authentication);
        let tries = holder.tries_left().unwrap();
        assert!(!holder.signs_with("000000"), "{spec:?}");
        let wrong = verdict(holder.activate("111111", "7654321"));
        assert_eq!(wrong, PinVerdict::Wrong { tries_left: Some(tries - 1) }, "{spec:?}");
        assert_eq!(verdict(holder.activate("000000", "7654321")), PinVerdict::Correct, "{spec:?}");
        assert_eq!(holder.tries_left(), Some(tries));
        assert!(holder.signs_with("7654321"), "{spec:?}");
    }
}

#[test]
fn the_thales_family_tells_when_the_holder_has_set_the_pin() {
    let spec = CardSpec {
        lifecycle: Lifecycle::Transport,
        transport_pin: Some(Pin::new("0000").unwrap()),
        ..thales()
    };
    for role in [Role::Authentication, Role::Signature] {
        let mut holder = Holder::of(&spec, role);
        assert_eq!(holder.counters().pin.activated, Some(false));
        let outcome = holder.activate("0000", "7654321").unwrap();
        assert_eq!(outcome.verdict, Ok(PinVerdict::Correct));
        assert_eq!(outcome.counters.unwrap().pin.activated, Some(true));
        assert!(holder.signs_with("7654321"));
    }
}

#[test]
fn a_pin_without_a_value_is_set_once() {
    let spec = CardSpec {
        lifecycle: Lifecycle::Transport,
        activation: Some(virtual_card::spec::Activation::Set),
        ..CardSpec::pkcs15(KeyKind::P256)
    };
    let mut holder = Holder::of(&spec, Role::Authentication);
    holder.layout_with(|credential| credential.pin.as_mut().unwrap().activation = Activation::Set);
    assert_eq!(verdict(holder.activate("", "7654321")), PinVerdict::Correct);
    assert!(holder.signs_with("7654321"));
    let outcome = holder.activate("", "1111111").unwrap();
    let refused = CardError::Refused { command: "CHANGE REFERENCE DATA", status: StatusWord(0x6982) };
    assert_eq!(outcome.verdict, Err(refused), "no verdict on a PIN");
    assert!(holder.signs_with("7654321"));
}

#[test]
fn a_status_word_that_is_no_verdict_is_a_refusal_and_the_counter_is_still_read() {
    use bitaqa_virtual_card::misbehaviour::{Effect, Misbehaviour};
    for status in [0x6A80, 0x6982, 0x6985, 0x6700, 0x6F00] {
        let mut holder = Holder::of(&CardSpec::esteid(), Role::Authentication);
        let mut scratch = [0; CHANGE_SCRATCH_LENGTH];
        holder.reader.card.misbehave(Misbehaviour::at_instruction(1, CHANGE, Effect::Status { status }));
        let layout = Arc::clone(&holder.look.layout);
        let mut card = Card::with_layout(&mut holder.reader, layout);
        let outcome =
            card.change_pin(&holder.look.credential, typed("1234", "7654321", &mut scratch)).unwrap();
        let refused = CardError::Refused { command: "CHANGE REFERENCE DATA", status: StatusWord(status) };
        assert_eq!(outcome.verdict, Err(refused));
        assert_eq!(outcome.counters.unwrap().pin.tries_left, Some(3));
    }
}
