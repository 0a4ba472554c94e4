//! The card layer asks cards for no more than a tenth above the least that there is: counted, not timed.
#![cfg(test)]

use std::sync::LazyLock;

use bitaqa_bench::{Measured, batch_flows, document_flows, exchange::Tally, opened_flows, sign_in_flows};
use bitaqa_virtual_card::Pki;

/// Commands above the least.
const AIM: f64 = 1.10;

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::generate().unwrap());

#[track_caller]
fn assert_reached(one: &Measured) {
    let Measured { flow, card, reader, done, least_commands, .. } = one;
    let counts = format!("{flow}, {card}, {reader} reader: {} commands, least {least_commands}", done.len());
    assert!(one.ratio() <= AIM, "{counts}");
    // a formula that asks for more than there is proves nothing
    assert!(one.ratio() >= 1.0, "{counts}");
}

#[test]
fn documents_are_opened_and_read_in_the_least_commands() {
    let measured = document_flows::measure(&PKI).unwrap();
    assert_eq!(measured.len(), document_flows::DocumentFlow::ALL.len() * 4);
    for one in &measured {
        assert_reached(one);
        // not a tenth above the least: the least
        assert_eq!(one.done.len(), one.least_commands, "{} on a {}", one.flow, one.card);
        // what is asked for beyond it is how long answers may be, once, where both carry more
        let asked = usize::from(one.reader == "extended" && one.card == "chip of extended lengths");
        assert_eq!(one.done.len(), one.least_if_lengths_were_known + asked, "{} on a {}", one.flow, one.card);
    }
}

/// Lengths can be extended where they need not be, which costs four bytes each time; nothing else is above the least.
#[test]
fn documents_are_read_in_the_least_bytes() {
    for one in document_flows::measure(&PKI).unwrap() {
        let done = Tally::of(&one.done);
        let least = Tally::of(one.least.as_deref().unwrap());
        let bytes = format!("{} on a {}: {} bytes, least {}", one.flow, one.card, done.bytes, least.bytes);
        let lengths_are_extended = one.reader == "extended" && one.card == "chip of extended lengths";
        let most = if lengths_are_extended { least.bytes + 4 * done.commands } else { least.bytes };
        assert!((least.bytes..=most).contains(&done.bytes), "{bytes}");
    }
}

#[test]
fn cards_sign_in_and_sign_in_the_least_commands() {
    let measured = sign_in_flows::measure(&PKI).unwrap();
    // eight makes, two keys, met for the first time and known
    assert_eq!(measured.len(), 8 * 2 * 2);
    measured.iter().for_each(assert_reached);
}

#[test]
fn cards_behind_pace_sign_in_in_the_least_commands() {
    let measured = opened_flows::measure(&PKI).unwrap();
    // met for the first time, by nothing but what they say of themselves, and known
    assert_eq!(measured.len(), opened_flows::MAKES.len() * 2);
    measured.iter().for_each(assert_reached);
}

/// Whatever else there may be to ask of a card, it was asked before the first document, and is the same for one document as for all.
#[test]
fn a_hundred_documents_take_one_certificate_read_and_each_the_commands_of_one_signature() {
    let alone = batch_flows::measure(&PKI, 1).unwrap();
    let batches = batch_flows::measure(&PKI, batch_flows::DOCUMENTS).unwrap();
    assert_eq!(batches.len(), 15);
    for (batch, alone) in batches.iter().zip(&alone) {
        let batch_flows::Batch { card, .. } = batch;
        assert_eq!(batch.documents, 100, "{card}");
        assert_eq!(batch.certificate_reads, 1, "{card}");
        assert_eq!(batch.instructions, batch.expected, "{card}");
        assert_eq!(batch.before, alone.before, "{card}");
        assert_eq!(batch.pins, if batch.pin_each_time { 100 } else { 1 }, "{card}");
    }
    // makes that take all of them after one entry are among them
    assert_eq!(batches.iter().filter(|batch| batch.pins == 1).count(), 6);
}
