//! What `cargo xtask bench` measures apart from browsers.
//!
//! | module | what |
//! |---|---|
//! | [`host_start`] | the start of the native host, beside a shell that answers at once |
//! | [`window_memory`] | window child and host while a photo is shown |
//! | [`document_flows`] | a travel document: opened, read |
//! | [`sign_in_flows`] | cards with keys behind a PIN: a sign-in, a signature |
//! | [`opened_flows`] | cards with keys behind PACE and a PIN: a sign-in |
//! | [`batch_flows`] | a hundred documents under one consent: certificate reads, commands for each |
//! | [`least`] | the least commands and bytes, computed from sizes |
//! | [`pace_time`] | what PACE costs the terminal's processor |
//! | [`signatures`] | signed documents: validated, made |
//! | [`card_report`] | both side by side, as a table and as JSON |

pub mod batch_flows;
pub mod card_report;
pub mod document_flows;
pub mod exchange;
pub mod host_start;
pub mod least;
pub mod opened_flows;
pub mod pace_time;
pub mod recorder;
pub mod sign_in_flows;
pub mod signatures;
pub mod window_memory;

use bitaqa_card::CardError;
use bitaqa_virtual_card::{private_key::KeyError, spec::SpecError};

use exchange::Exchange;

/// What was done with a card, and the least that it takes.
#[derive(Debug, Clone)]
pub struct Measured {
    /// What was done.
    pub flow: &'static str,
    /// On which card.
    pub card: &'static str,
    /// What the reader carries.
    pub reader: &'static str,
    /// What was exchanged.
    pub done: Vec<Exchange>,
    /// The least commands.
    pub least_commands: usize,
    /// The least that is exchanged, where it is computed to the byte.
    pub least: Option<Vec<Exchange>>,
    /// The least commands, if card and reader need not be asked what they carry.
    pub least_if_lengths_were_known: usize,
}

impl Measured {
    /// Commands by the least.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    pub fn ratio(&self) -> f64 {
        self.done.len() as f64 / self.least_commands as f64
    }
}

/// Why something cannot be measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The software card was ordered wrongly, or does not do what was ordered.
    #[error("the software card is not as it was ordered")]
    Order,
    /// It cannot be made.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// Its keys cannot be made.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It does not work.
    #[error(transparent)]
    Card(#[from] CardError),
}
