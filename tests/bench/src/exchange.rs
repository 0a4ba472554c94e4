//! What goes over the wire: commands and answers by their lengths, and how long a card takes for them.

use bitaqa_virtual_card::Cost;
use serde::Serialize;

/// One command and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exchange {
    /// Bytes of the command.
    pub command: usize,
    /// Bytes of the answer, with the status word.
    pub answer: usize,
}

/// What exchanges come to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Commands.
    pub commands: usize,
    /// Bytes, both ways.
    pub bytes: usize,
    /// How long they take.
    pub milliseconds: Modelled,
}

/// Milliseconds on each kind of card: computed from lengths, not waited for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Modelled {
    /// [`Cost::CONTACTLESS_106`].
    pub contactless_106: f64,
    /// [`Cost::CONTACTLESS_848`].
    pub contactless_848: f64,
    /// [`Cost::CONTACT_T1`].
    pub contact_t1: f64,
}

impl Tally {
    /// Of these exchanges.
    #[must_use]
    pub fn of(exchanges: &[Exchange]) -> Self {
        let on = |cost: Cost| {
            let times = exchanges.iter().map(|exchange| cost.of(exchange.command, exchange.answer));
            (times.sum::<std::time::Duration>().as_secs_f64() * 10_000.0).round() / 10.0
        };
        Self {
            commands: exchanges.len(),
            bytes: exchanges.iter().map(|exchange| exchange.command + exchange.answer).sum(),
            milliseconds: Modelled {
                contactless_106: on(Cost::CONTACTLESS_106),
                contactless_848: on(Cost::CONTACTLESS_848),
                contact_t1: on(Cost::CONTACT_T1),
            },
        }
    }
}
