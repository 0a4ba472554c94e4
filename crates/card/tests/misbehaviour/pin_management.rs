//! Asking for tries, changing, unblocking and activating PINs. The card is known already.

use std::sync::Arc;

use bitaqa_card::{
    Card, CardError, PinChangeEntry, PinOutcome, PinVerdict, Role, UnblockEntry, pin::CHANGE_SCRATCH_LENGTH,
};
use bitaqa_virtual_card::{
    CardSpec,
    pin::Pin,
    private_key::KeyKind,
    spec::{Generation, Lifecycle, Personality},
};

use crate::{
    flow::{Ended, Flow},
    reader::Reader,
    sign_in::first_look_over,
    table::check,
};

const NEW: &str = "7654321";
const PUK: &str = "12345678";
const TRANSPORT: &str = "000000";

/// What is asked of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Status,
    Change,
    Unblock,
    Activate,
}

/// `presented` is the current PIN, the PUK or the transport value.
fn manage(name: &str, spec: &CardSpec, task: Task, presented: &str, may_cost: u8) -> Flow {
    let presented = presented.to_owned();
    let run = move |reader: &mut Reader, _| {
        let atr = reader.card.atr().to_vec();
        let look = first_look_over(reader, &atr, Role::Authentication)?;
        reader.end_prelude();
        let mut card = Card::with_layout(reader, Arc::clone(&look.layout));
        let mut scratch = [0; CHANGE_SCRATCH_LENGTH];
        let credential = &look.credential;
        let typed =
            |scratch| PinChangeEntry::Typed { current: presented.as_bytes(), new: NEW.as_bytes(), scratch };
        let outcome = match task {
            Task::Status => {
                let counters = card.pin_counters(credential)?;
                return Ok(Ended::With(format!("{counters:?}").into_bytes()));
            }
            Task::Change => card.change_pin(credential, typed(&mut scratch)),
            Task::Activate => card.activate_pin(credential, typed(&mut scratch)),
            Task::Unblock => card.unblock_pin(
                credential,
                UnblockEntry { puk: presented.as_bytes(), new: Some(NEW.as_bytes()), scratch: &mut scratch },
            ),
        };
        assert_eq!(scratch, [0; CHANGE_SCRATCH_LENGTH], "the command is overwritten");
        ended(outcome?)
    };
    Flow::new(format!("{task:?}, {name}"), spec, run).costing(may_cost)
}

/// Whoever asked hears the verdict, and the counters or why they could not be read.
fn ended(outcome: PinOutcome) -> Result<Ended, CardError> {
    let (verdict, counters) = (outcome.verdict?, outcome.counters?);
    Ok(match verdict {
        PinVerdict::Correct => Ended::With(format!("{counters:?}").into_bytes()),
        verdict => Ended::Refused(format!("{verdict:?}, {counters:?}")),
    })
}

fn makes() -> Vec<(&'static str, CardSpec)> {
    let of = CardSpec::of_generation;
    let lateid = CardSpec { key: Some(KeyKind::P384), ..CardSpec::new(Personality::Lateid) };
    vec![
        ("esteid", CardSpec::esteid()),
        ("esteid thales", of(Personality::Esteid, Generation::Thales)),
        ("fineid v3", of(Personality::Fineid, Generation::V3)),
        ("fineid v4", of(Personality::Fineid, Generation::V4)),
        ("lateid", lateid),
        ("piv", CardSpec::piv(KeyKind::P256)),
        ("iasecc", CardSpec::iasecc(KeyKind::P256)),
        ("pkcs15", CardSpec::pkcs15(KeyKind::P256)),
    ]
}

/// Every make, every task, right and wrong.
pub(crate) fn flows() -> Vec<Flow> {
    let mut flows = Vec::new();
    for (name, spec) in makes() {
        let pin = spec.pins().pin.digits().to_owned();
        let wrong = "9".repeat(pin.len());
        flows.push(manage(name, &spec, Task::Status, "", 0));
        flows.push(manage(name, &spec, Task::Change, &pin, 0));
        flows.push(manage(&format!("{name}, wrong PIN"), &spec, Task::Change, &wrong, 1));
        // of the others nothing public says how they unblock
        if ![Personality::Fineid, Personality::Lateid].contains(&spec.personality) {
            let blocked = CardSpec { tries_left: Some(0), ..spec.clone() };
            flows.push(manage(name, &blocked, Task::Unblock, PUK, 0));
            flows.push(manage(&format!("{name}, wrong PUK"), &blocked, Task::Unblock, "87654321", 1));
        }
        let new = CardSpec {
            lifecycle: Lifecycle::Transport,
            transport_pin: Some(Pin::new(TRANSPORT).unwrap()),
            ..spec
        };
        flows.push(manage(name, &new, Task::Activate, TRANSPORT, 0));
        flows.push(manage(&format!("{name}, wrong transport PIN"), &new, Task::Activate, "111111", 1));
    }
    flows
}

#[test]
fn pin_management_that_is_disturbed_ends_in_an_error_of_its_own_and_presents_once() {
    check(&flows());
}
