//! Cards that go wrong on order, cost time and keep a log.

use std::time::Duration;

use bitaqa_virtual_card::{CardSpec, Cost, Effect, Misbehaviour, card::Removal, rules::Protocol};

use crate::terminal::{Terminal, bytes};

const SELECT_EF: &str = "00A4090C 04 ADF13401";
const READ: &str = "00B00000 10";

fn card() -> Terminal {
    let mut card = Terminal::with(&CardSpec::esteid());
    card.expect(SELECT_EF, 0x9000);
    card
}

fn spoiled(fault: Effect) -> Vec<u8> {
    let mut card = card();
    card.card.misbehave(Misbehaviour::at_instruction(2, 0xB0, fault));
    let good = card.data(READ);
    let bad = card.card.transmit(Protocol::T1, &bytes(READ)).answer.unwrap();
    assert_eq!(card.data(READ), good, "a fault happens once");
    assert_ne!(bad, [good.as_slice(), &[0x90, 0x00]].concat());
    bad
}

#[test]
fn answers_are_spoiled_at_the_command_that_was_ordered() {
    assert_eq!(spoiled(Effect::Truncate { keep: 3 }).len(), 5);
    assert_eq!(spoiled(Effect::EarlyEnd { keep: 1 }).len(), 1);
    assert_eq!(spoiled(Effect::EarlyEnd { keep: 0 }).len(), 0);
    assert_eq!(spoiled(Effect::WrongLength { with: 0x02 })[..2], [0x30, 0x80]);
    assert_eq!(spoiled(Effect::WrongTag { tag: 0x31 })[0], 0x31);
    assert_eq!(spoiled(Effect::Oversize { bytes: 300 }).len(), 318);
    assert_eq!(spoiled(Effect::Status { status: 0x6F00 }), [0x6F, 0x00]);
    assert_eq!(spoiled(Effect::Instead { answer: vec![1, 2, 3] }), [1, 2, 3]);
    assert_eq!(spoiled(Effect::OneBit).len(), 18);
}

#[test]
fn a_card_that_insists_does_not_stop() {
    let mut card = card();
    card.card.misbehave(Misbehaviour::at(2, Effect::Insist { status: 0x6110, data: vec![7] }));
    card.data(READ);
    for _ in 0..5 {
        let answer = card.card.transmit(Protocol::T1, &bytes(READ)).answer.unwrap();
        assert_eq!(answer, [7, 0x61, 0x10]);
    }
    card.card.behave();
    card.data(READ);
}

#[test]
fn a_twin_is_what_the_card_is_now_and_goes_its_own_way() {
    const WRONG: &str = "00200001 0C 39393939FFFFFFFFFFFFFFFF";
    let mut card = card();
    card.expect(WRONG, 0x63C2);
    let mut twin = card.card.twin();
    assert_eq!((twin.tries_left(1), twin.log().entries().len()), (Some(2), 0));
    assert_eq!(
        twin.transmit(Protocol::T1, &bytes(READ)).answer.unwrap(),
        [0x69, 0x86],
        "nothing is selected"
    );
    assert!(twin.transmit(Protocol::T1, &bytes(WRONG)).answer.unwrap().ends_with(&[0x63, 0xC1]));
    assert_eq!((twin.tries_left(1), card.card.tries_left(1)), (Some(1), Some(2)));
    assert_eq!(twin.counters()[0], (0x01, 1));
}

#[test]
fn a_card_leaves_before_or_after_a_command() {
    let mut card = card();
    card.card.misbehave(Misbehaviour::at(1, Effect::RemoveBefore));
    let exchange = card.card.transmit(Protocol::T1, &bytes(READ));
    assert_eq!((exchange.answer, exchange.removal), (None, Some(Removal::BeforeCommand)));
    card.card.misbehave(Misbehaviour::at(1, Effect::RemoveAfter));
    let exchange = card.card.transmit(Protocol::T1, &bytes(READ));
    assert!(exchange.answer.is_some());
    assert_eq!(exchange.removal, Some(Removal::AfterCommand));
}

#[test]
fn a_reset_in_between_forgets_the_selected_file() {
    let mut card = card();
    card.card.misbehave(Misbehaviour::at(1, Effect::ResetBefore));
    card.expect(READ, 0x6986);
}

#[test]
fn a_mute_card_gives_no_answer_to_reset() {
    let mut card = card();
    card.card.misbehave(Misbehaviour::at(1, Effect::Mute));
    assert_eq!(card.card.reset(), None);
    card.card.behave();
    assert!(card.card.reset().is_some());
}

#[test]
fn time_is_told_by_command_and_by_byte() {
    let mut card = card();
    card.card.set_cost(Cost {
        command_milliseconds: 100,
        byte_in_microseconds: 1_000,
        byte_out_microseconds: 2_000,
    });
    card.card.misbehave(Misbehaviour::at(2, Effect::Delay { milliseconds: 500 }));
    // 5 bytes in, 18 out
    let all = Duration::from_millis(100 + 5 + 36);
    let wait = card.card.transmit(Protocol::T1, &bytes(READ)).wait;
    assert!(wait <= all && wait > all - Duration::from_millis(50), "{wait:?}");
    let all = all + Duration::from_millis(500);
    let wait = card.card.transmit(Protocol::T1, &bytes(READ)).wait;
    assert!(wait <= all && wait > all - Duration::from_millis(50), "{wait:?}");
}

#[test]
fn the_log_holds_headers_and_lengths_and_no_data() {
    let mut card = card();
    card.card.clear_log();
    card.expect("00200001 0C 39393939FFFFFFFFFFFFFFFF", 0x63C2);
    card.expect("00200001", 0x63C2);
    card.data(READ);
    card.expect("0020", 0x6700);
    let log = card.card.log();
    let headers: Vec<&str> = log.entries().iter().map(|entry| entry.header.as_str()).collect();
    assert_eq!(headers, ["00200001", "00200001", "00B00000", "0020"]);
    let first = &log.entries()[0];
    assert_eq!((first.lc, first.le, first.bytes_in, first.bytes_out), (Some(12), None, 17, 2));
    assert_eq!(first.status, "63C2");
    assert_eq!(log.verify_count(), 1, "the status query presents nothing");
    assert!(!format!("{log:?}").contains("3939"));
}

#[test]
fn an_answer_comes_again_in_place_of_another() {
    let mut card = card();
    card.data(READ);
    card.card.misbehave(Misbehaviour::at(1, Effect::Replay));
    let first = card.data("00B00000 08");
    assert_eq!(first, card.data(READ), "the answer to the command before");
}
