//! Each flow, each command, each disturbance.

use crate::{
    disturbance::{Class, Disturbance},
    flow::{Flow, Undisturbed, counters},
    judgement,
};

/// Commands that a disturbed run may take beyond an undisturbed one: where a card seems to be of another make, the profiles
/// that are left are tried.
const FURTHER_COMMANDS: usize = 40;
/// Parts of one answer that are fetched at most.
const PARTS: usize = 512;
/// Faults that are shown of one table.
const SHOWN: usize = 60;

/// Runs the whole table and tells everything that is not as it should be.
pub(crate) fn check(flows: &[Flow]) {
    let mut wrong = Vec::new();
    for flow in flows {
        let undisturbed = Undisturbed::of(flow);
        for at in undisturbed.commands.clone() {
            for disturbance in Disturbance::ALL {
                if let Err(what) = run(flow, &undisturbed, at, disturbance) {
                    let place = &undisturbed.places[at - 1];
                    wrong.push(format!("{}, {disturbance:02X?} at {place:02X?}: {what}", flow.name));
                }
            }
        }
    }
    let shown = wrong.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of them:\n{shown}", wrong.len());
}

fn run(flow: &Flow, undisturbed: &Undisturbed, at: usize, disturbance: Disturbance) -> Result<(), String> {
    let place = &undisturbed.places[at - 1];
    let Some(fault) = disturbance.order(place, undisturbed) else { return Ok(()) };
    let mut reader = flow.reader();
    let before = counters(&reader.card);
    reader.card.misbehave(fault);
    let ended = flow.run(&mut reader, 2);
    judgement::of(flow, undisturbed, place, disturbance, &ended)?;
    let further = FURTHER_COMMANDS + if disturbance.class() == Class::Again { PARTS } else { 0 };
    if reader.commands() > undisturbed.places.len() + further {
        return Err(format!("{} commands, then {ended:?}", reader.commands()));
    }
    presented_once(&reader.card, &before, flow.may_cost)
}

/// Nothing was presented twice, and nothing cost more than the person's own try.
pub(crate) fn presented_once(
    card: &bitaqa_virtual_card::Card,
    before: &[u8],
    may_cost: u8,
) -> Result<(), String> {
    for instruction in [0x20, 0x24, 0x2C] {
        // VERIFY without a PIN asks for the tries
        let presents = |entry: &&bitaqa_virtual_card::command_log::LogEntry| {
            entry.is(instruction) && (instruction != 0x20 || entry.presented)
        };
        let times = card.log().entries().iter().filter(presents).count();
        if times > 1 {
            return Err(format!("{instruction:02X} was sent {times} times"));
        }
    }
    let after = counters(card);
    for (before, after) in before.iter().zip(&after) {
        if after.saturating_add(may_cost) < *before {
            return Err(format!("{after} of {before} tries are left"));
        }
    }
    Ok(())
}
