//! Several faults at once, and answers that are nobody's: no panic, no endless loop, no try lost, and nothing that a protected
//! session would have to notice passes for what the card holds.

use bitaqa_virtual_card::{Effect, Misbehaviour as Fault};
use proptest::prelude::*;

use crate::{
    data_cards,
    flow::{Ended, Flow, Undisturbed, counters},
    opened_cards, opening, pin_management, signing_cards,
    table::presented_once,
    terminals, travel_documents,
};

/// Answers that look right often enough to get somewhere.
pub(crate) fn answer() -> impl Strategy<Value = Vec<u8>> {
    let status = prop_oneof![
        6 => Just(vec![0x90, 0x00]),
        1 => (0_u8..16).prop_map(|x| vec![0x63, 0xC0 | x]),
        1 => any::<u8>().prop_map(|x| vec![0x61, x]),
        1 => any::<u8>().prop_map(|x| vec![0x6C, x]),
        1 => any::<[u8; 2]>().prop_map(|x| x.to_vec()),
    ];
    let tags = prop_oneof![
        Just(0x30_u8),
        Just(0x04),
        Just(0xA0),
        Just(0xA1),
        Just(0x7C),
        Just(0x87),
        Just(0x99),
        Just(0x8E),
        0_u8..32
    ];
    let data = prop_oneof![
        Just(vec![]),
        proptest::collection::vec(any::<u8>(), 8),
        proptest::collection::vec(any::<u8>(), 40),
        proptest::collection::vec(any::<u8>(), 0..300),
        proptest::collection::vec(tags, 0..120),
        any::<u16>().prop_map(|n| [&[0x62, 0x04, 0x80, 0x02][..], &n.to_be_bytes()].concat()),
    ];
    (data, status).prop_map(|(data, status)| [data, status].concat())
}

fn effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        4 => answer().prop_map(|answer| Effect::Instead { answer }),
        1 => (0_usize..40).prop_map(|keep| Effect::Truncate { keep }),
        1 => (0_usize..2).prop_map(|keep| Effect::EarlyEnd { keep }),
        1 => any::<u8>().prop_map(|with| Effect::WrongLength { with }),
        1 => any::<u8>().prop_map(|tag| Effect::WrongTag { tag }),
        1 => (0_usize..400).prop_map(|bytes| Effect::Oversize { bytes }),
        1 => any::<u16>().prop_map(|status| Effect::Status { status }),
        1 => Just(Effect::OneBit),
        1 => Just(Effect::Replay),
        1 => Just(Effect::NoAnswer),
        1 => Just(Effect::ResetBefore),
        1 => Just(Effect::RemoveBefore),
        1 => Just(Effect::RemoveAfter),
    ]
}

/// Faults by their place in the flow, from 0 for the first command to 255 for the last.
fn faults() -> impl Strategy<Value = Vec<(u8, Effect)>> {
    proptest::collection::vec((any::<u8>(), effect()), 1..8)
}

fn check(flows: Vec<Flow>, cases: u32) {
    let subjects: Vec<(Flow, Undisturbed)> = flows
        .into_iter()
        .map(|flow| {
            let undisturbed = Undisturbed::of(&flow);
            (flow, undisturbed)
        })
        .collect();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(cases));
    let case = (0..subjects.len(), faults());
    let outcome = runner.run(&case, |(subject, faults)| {
        let (flow, undisturbed) = &subjects[subject];
        run(flow, undisturbed, &faults).map_err(|what| TestCaseError::fail(format!("{}: {what}", flow.name)))
    });
    outcome.unwrap();
}

fn run(flow: &Flow, undisturbed: &Undisturbed, faults: &[(u8, Effect)]) -> Result<(), String> {
    let (first, last) = (*undisturbed.commands.start(), *undisturbed.commands.end());
    let mut reader = flow.reader();
    let before = counters(&reader.card);
    let mut all_protected = true;
    for (place, effect) in faults {
        let at = first + usize::from(*place) * (last - first) / 255;
        all_protected &= undisturbed.places[at - 1].is_protected;
        reader.card.misbehave(Fault::at(u32::try_from(at).unwrap(), effect.clone()));
    }
    match flow.run(&mut reader, 2) {
        Ok(ended @ Ended::With(_)) if ended != undisturbed.ended => {
            // without protection a card, or whoever stands before it, may say what it likes; but nobody else signs
            let was_refused = matches!(undisturbed.ended, Ended::Refused(_));
            if all_protected || flow.proves_itself && was_refused {
                return Err("it passes for what the card holds".into());
            }
        }
        Ok(_) | Err(_) => {}
    }
    presented_once(&reader.card, &before, flow.may_cost)
}

#[test]
fn several_faults_in_cards_for_signing_cost_no_try() {
    let flows = signing_cards::flows(true).into_iter();
    let flows = flows.chain(opened_cards::flows()).chain(pin_management::flows());
    check(flows.collect(), 1500);
}

#[test]
fn several_faults_in_chips_pass_for_nothing() {
    let flows = travel_documents::flows().into_iter().chain(opening::flows()).chain(terminals::flows());
    check(flows.collect(), 400);
}

#[test]
fn several_faults_in_data_cards_end() {
    check(data_cards::flows(), 400);
}
