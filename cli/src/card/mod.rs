//! `bitaqa card …`: readers and cards. Nothing but [`pin`] and [`signing`] asks for a PIN, and nothing but [`pin`] changes a card.

pub(crate) mod authenticate;
pub(crate) mod certificates;
pub(crate) mod info;
pub(crate) mod list;
pub(crate) mod pin;
pub(crate) mod profiles;
pub(crate) mod read;
pub(crate) mod report;
pub(crate) mod signing;

pub(crate) mod access_key;
mod access_on_reader;
mod chip;
mod description;
mod holder;
mod look;
mod output_folder;
mod seen_card;
mod signing_certificate;

use std::{io, time::Duration};

use bitaqa_card::{CardError, TransportError, chip_session::AccessRefusal, profile::ProfileError};
use bitaqa_host::reader::{CardPresence, Monitor, ReaderSeen, Snapshot};
use clap::Args;
use tokio::{runtime, time::timeout};

use crate::{Verdict, terminal::TerminalFault};

/// The first look at the readers takes a few milliseconds.
const FIRST_LOOK: Duration = Duration::from_secs(3);

/// Which card.
#[derive(Debug, Args)]
pub(crate) struct Selection {
    /// Only the card in this reader: its name, or a part of it. All cards if absent
    #[arg(long, value_name = "NAME")]
    reader: Option<String>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

impl Selection {
    /// Whether JSON is wanted.
    pub(crate) const fn json(&self) -> bool {
        self.json
    }
}

/// Why a card cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CardFault {
    /// PC/SC.
    #[error(
        "the smart card service does not run\nStart it (on Linux: systemctl start pcscd.socket; the package is pcscd)."
    )]
    ServiceStopped,
    /// No reader.
    #[error("no card reader is connected")]
    NoReader,
    /// No reader of that name.
    #[error("no reader's name contains {0:?}; `bitaqa card list` shows their names")]
    NoSuchReader(String),
    /// No card.
    #[error("there is no card in {0}")]
    NoCard(String),
    /// Another program.
    #[error("another program holds the card in {0}")]
    Busy(String),
    /// One card is meant.
    #[error("there are several cards: {0}\nName one reader with --reader.")]
    SeveralCards(String),
    /// Something about a PIN, before the card was asked.
    #[error(transparent)]
    Pin(#[from] pin::PinFault),
    /// Nobody can be asked, or does not want to answer.
    #[error(transparent)]
    Terminal(#[from] TerminalFault),
    /// The card itself.
    #[error("{reader}: {error}")]
    Card {
        /// Where.
        reader: String,
        /// What it said.
        error: CardError,
    },
    /// It has certificates for documents, and none is used.
    #[error("{reader}: no certificate of the card can be used; nothing was signed{}", listed(.not_used))]
    NoCertificate {
        /// Where.
        reader: String,
        /// Each with its reason.
        not_used: Vec<signing_certificate::NotUsed>,
    },
    /// It does not open.
    #[error("{reader}: {refusal}")]
    Closed {
        /// Where.
        reader: String,
        /// What it said.
        refusal: AccessRefusal,
    },
    /// Nobody can be asked.
    #[error(
        "what opens the card is asked for on a terminal, and standard input is none\nName a file that holds it; see --help."
    )]
    NoTerminal,
    /// The person gave up.
    #[error("given up")]
    GivenUp,
    /// Nobody typed anything on the reader.
    #[error("no card access number was typed on {0} in time")]
    NotTyped(String),
    /// What was typed, or is in a file, is not what it should be.
    #[error("{0}")]
    NotUnderstood(&'static str),
    /// A card of another kind.
    #[error("the card in {0} has no data groups; leave out --groups")]
    NoGroups(String),
    /// A card of another kind.
    #[error("the card in {0} has no way to prove that it is no copy")]
    NoProof(String),
    /// A mistake of ours.
    #[error("the profiles of this program cannot be read: {0}")]
    Profiles(#[from] ProfileError),
    /// The system.
    #[error("{0}")]
    System(#[from] io::Error),
}

impl CardFault {
    /// A card that is there but cannot be used is a no; everything else could not be asked.
    pub(crate) const fn verdict(&self) -> Verdict {
        match self {
            Self::Card { .. }
            | Self::Busy(_)
            | Self::Closed { .. }
            | Self::NoCertificate { .. }
            | Self::NoProof(_) => Verdict::No,
            Self::Pin(fault) => fault.verdict(),
            _ => Verdict::NotAsked,
        }
    }

    fn of(reader: &ReaderSeen, error: CardError) -> Self {
        let reader = name(reader);
        match error {
            CardError::Transport(TransportError::Removed) => Self::NoCard(reader),
            CardError::Transport(TransportError::Busy) => Self::Busy(reader),
            CardError::Transport(TransportError::ServiceStopped) => Self::ServiceStopped,
            error => Self::Card { reader, error },
        }
    }
}

/// Runs a look at the readers to its end.
fn run<T>(work: impl Future<Output = Result<T, CardFault>>) -> Result<T, CardFault> {
    runtime::Builder::new_current_thread().enable_time().build()?.block_on(work)
}

/// The readers there are.
async fn readers() -> Result<Vec<ReaderSeen>, CardFault> {
    let monitor = Monitor::start()?;
    let mut snapshots = monitor.snapshots();
    if snapshots.borrow().is_none() {
        let _ = timeout(FIRST_LOOK, snapshots.changed()).await;
    }
    match snapshots.borrow().clone() {
        Some(Snapshot::Readers(readers)) if readers.is_empty() => Err(CardFault::NoReader),
        Some(Snapshot::Readers(readers)) => Ok(readers),
        None | Some(Snapshot::ServiceStopped) => Err(CardFault::ServiceStopped),
    }
}

/// The readers that are meant and have a card.
async fn readers_with_card(selection: &Selection) -> Result<Vec<ReaderSeen>, CardFault> {
    let mut meant = readers().await?;
    if let Some(part) = &selection.reader {
        meant.retain(|reader| name(reader).contains(part.as_str()));
        if meant.is_empty() {
            return Err(CardFault::NoSuchReader(part.clone()));
        }
    }
    let names = meant.iter().map(name).collect::<Vec<_>>().join(", ");
    meant.retain(|reader| reader.card != CardPresence::Empty);
    if meant.is_empty() { Err(CardFault::NoCard(names)) } else { Ok(meant) }
}

/// The one card that is meant.
async fn one_card(selection: &Selection) -> Result<ReaderSeen, CardFault> {
    let mut meant = readers_with_card(selection).await?;
    match (meant.pop(), meant.is_empty()) {
        (Some(only), true) => Ok(only),
        (last, _) => {
            let names: Vec<String> = meant.iter().chain(&last).map(name).collect();
            Err(CardFault::SeveralCards(names.join(", ")))
        }
    }
}

fn name(reader: &ReaderSeen) -> String {
    reader.name.to_string_lossy().into_owned()
}

/// Each on a line of its own.
fn listed(not_used: &[signing_certificate::NotUsed]) -> String {
    not_used.iter().map(|not_used| format!("\n  {not_used}")).collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
