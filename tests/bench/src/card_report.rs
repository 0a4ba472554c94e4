//! What cards are asked, beside the least: as a table and as JSON.

use std::fmt::Write as _;

use bitaqa_virtual_card::{Cost, Pki};
use serde::Serialize;

use crate::{
    BenchError, Measured,
    batch_flows::{self, Batch, DOCUMENTS},
    document_flows,
    exchange::Tally,
    opened_flows, sign_in_flows,
};

/// The models and what they make of everything that was done.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    models: Models,
    rows: Vec<Row>,
    batches: Vec<Batch>,
}

/// What a command costs on each kind of card.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Models {
    contactless_106: Cost,
    contactless_848: Cost,
    contact_t1: Cost,
}

/// One row.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    flow: &'static str,
    card: &'static str,
    reader: &'static str,
    #[serde(flatten)]
    done: Tally,
    least: Least,
    /// Commands by the least commands.
    ratio: f64,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Least {
    commands: usize,
    commands_if_lengths_were_known: usize,
    #[serde(flatten)]
    exchanged: Option<Exchanged>,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Exchanged {
    bytes: usize,
    milliseconds: crate::exchange::Modelled,
}

/// Everything that can be done with every card.
///
/// # Errors
/// [`BenchError`]; a test proves that it does not happen.
pub fn measure() -> Result<Report, BenchError> {
    let pki = Pki::generate()?;
    let measured =
        [document_flows::measure(&pki)?, sign_in_flows::measure(&pki)?, opened_flows::measure(&pki)?]
            .concat();
    Ok(Report::of(&measured, batch_flows::measure(&pki, DOCUMENTS)?))
}

impl Report {
    /// Of all this.
    fn of(measured: &[Measured], batches: Vec<Batch>) -> Self {
        let models = Models {
            contactless_106: Cost::CONTACTLESS_106,
            contactless_848: Cost::CONTACTLESS_848,
            contact_t1: Cost::CONTACT_T1,
        };
        Self { models, rows: measured.iter().map(Row::of).collect(), batches }
    }
}

impl Row {
    fn of(one: &Measured) -> Self {
        Self {
            flow: one.flow,
            card: one.card,
            reader: one.reader,
            done: Tally::of(&one.done),
            least: Least {
                commands: one.least_commands,
                commands_if_lengths_were_known: one.least_if_lengths_were_known,
                exchanged: one
                    .least
                    .as_deref()
                    .map(Tally::of)
                    .map(|tally| Exchanged { bytes: tally.bytes, milliseconds: tally.milliseconds }),
            },
            ratio: (one.ratio() * 1000.0).round() / 1000.0,
        }
    }
}

/// As a table: each figure as "ours/least".
#[must_use]
pub fn table(report: &Report) -> String {
    let mut text = String::new();
    let head =
        ["what", "card", "reader", "commands", "ratio", "bytes", "106 kbit/s", "848 kbit/s", "contact"];
    let [what, card, reader, commands, ratio, bytes, slow, fast, contact] = head;
    // writing to a string does not fail
    let _ = writeln!(
        text,
        "{what:<24}{card:<28}{reader:<10}{commands:>10}{ratio:>8}{bytes:>16}{slow:>18}{fast:>18}{contact:>18}"
    );
    for row in &report.rows {
        let Row { flow, card, reader, done, least, ratio } = row;
        let beside = |ours: f64, least: Option<f64>| match least {
            Some(least) => format!("{ours:.0}/{least:.0}"),
            None => format!("{ours:.0}"),
        };
        let (ours, others) = (done.milliseconds, least.exchanged.map(|exchanged| exchanged.milliseconds));
        let commands = format!("{}/{}", done.commands, least.commands);
        let bytes = match least.exchanged {
            Some(least) => format!("{}/{}", done.bytes, least.bytes),
            None => done.bytes.to_string(),
        };
        let slow = beside(ours.contactless_106, others.map(|others| others.contactless_106));
        let fast = beside(ours.contactless_848, others.map(|others| others.contactless_848));
        let contact = beside(ours.contact_t1, others.map(|others| others.contact_t1));
        let _ = writeln!(
            text,
            "{flow:<24}{card:<28}{reader:<10}{commands:>10}{ratio:>8.3}{bytes:>16}{slow:>18}{fast:>18}{contact:>18}"
        );
    }
    text.push_str(&batches(&report.batches));
    text
}

fn batches(batches: &[Batch]) -> String {
    let mut text = format!("\n{DOCUMENTS} documents under one consent:\n");
    let head = ["card", "certificate reads", "PINs", "before the PIN", "to sign", "all", "106 kbit/s"];
    let [card, reads, pins, before, sign, all, slow] = head;
    let _ = writeln!(text, "{card:<28}{reads:>18}{pins:>6}{before:>16}{sign:>12}{all:>6}{slow:>12}");
    for batch in batches {
        let Batch { card, certificate_reads, pins, commands_before, all, .. } = batch;
        let sign = format!("{}/{}", batch.commands_to_sign, batch.least_commands_to_sign);
        let (all, slow) = (all.commands, all.milliseconds.contactless_106);
        let _ = writeln!(
            text,
            "{card:<28}{certificate_reads:>18}{pins:>6}{commands_before:>16}{sign:>12}{all:>6}{slow:>12.0}"
        );
    }
    text
}
