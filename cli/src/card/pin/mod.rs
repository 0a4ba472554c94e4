//! `bitaqa card pin …`.
//!
//! Two transactions: what is it and how many tries are left; then, when everything is typed, the one command that costs a try.
//! Between them nobody is kept from the card, so the second begins only where the card stayed what it was.

pub(crate) mod status;

mod biometric_reference;
mod fault;
mod outcome;
mod questions;

use std::io::{self, Write};

use bitaqa_card::{
    CardError, Credential, PinChangeEntry, PinCounters, PinOutcome, Role, UnblockEntry,
    layout::{Activation, PinObject},
};
use bitaqa_host::reader::connection::AfterTransaction;
use clap::{Args, ValueEnum};

pub(crate) use fault::PinFault;
use outcome::{Before, Outcome};
pub(super) use questions::Questions;

use super::{
    CardFault, Selection,
    access_key::{AskedOn, KeySource},
    look::{Look, Opening, look},
    name, one_card, run,
    seen_card::SeenCard,
};
use crate::{Verdict, printable::Printable};

const HELP: &str = "\
PIN and PUK are asked for on the terminal, without echo. They are never taken from the command line, a file or another
program. Tries left are shown before and after, where the card tells them without spending one. A card that has to be opened
with PACE first is opened with its card access number, or with document number and dates, which are asked for on the terminal
unless a file holds them, or on the keys of a reader that opens cards itself; PINs then go to the card encrypted.

With --json: {reader, pin, label, done, reason, status, triesLeftBefore, triesLeft, triesMaximum, activated, pukTriesLeft};
reason is null, wrong-pin, wrong-puk, blocked, puk-blocked or refused; status the card's status word if it is refused; null
where the card does not say.

Exit codes: 0 done, 1 refused, 2 wrong usage, nothing was typed that could be sent, or there is no service, reader or card.";

/// Which PIN of which card.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    key: KeySource,

    /// The PIN of this key
    #[arg(long, value_enum, default_value = "authentication")]
    pin: Which,
}

/// A PIN, by the key that it guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Which {
    /// The key to sign in with.
    Authentication,
    /// The key to sign documents with.
    Signature,
}

impl Which {
    const fn of(role: Role) -> Self {
        match role {
            Role::Authentication => Self::Authentication,
            Role::Signature => Self::Signature,
        }
    }

    const fn role(self) -> Role {
        match self {
            Self::Authentication => Role::Authentication,
            Self::Signature => Role::Signature,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Authentication => "authentication",
            Self::Signature => "signature",
        }
    }
}

/// What is to be done with a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operation {
    Change,
    Unblock,
    Activate,
}

/// Gives a PIN another value.
pub(crate) fn change(arguments: &Arguments) -> Result<Verdict, CardFault> {
    operate(arguments, Operation::Change)
}

/// Gives a PIN its tries back.
pub(crate) fn unblock(arguments: &Arguments) -> Result<Verdict, CardFault> {
    operate(arguments, Operation::Unblock)
}

/// Gives a PIN its first value.
pub(crate) fn activate(arguments: &Arguments) -> Result<Verdict, CardFault> {
    operate(arguments, Operation::Activate)
}

fn operate(arguments: &Arguments, operation: Operation) -> Result<Verdict, CardFault> {
    let json = arguments.selection.json;
    let (before, outcome) = run(async {
        let reader = one_card(&arguments.selection).await?;
        let role = arguments.pin.role();
        let Look { connection, layout, opened_with, seen: (credential, counters), .. } =
            look(&reader, opening(&arguments.key), move |card| {
                let credential = card.credential(role)?;
                let counters = match credential.wants_fingerprint() {
                    true => PinCounters::default(),
                    false => card.pin_counters(&credential)?,
                };
                Ok((credential, counters))
            })
            .await?;
        if credential.wants_fingerprint() {
            return Err(PinFault::Fingerprint.into());
        }
        let seen = SeenCard { reader: reader.clone(), connection, layout, opened_with };
        let pin = credential.pin.clone().ok_or_else(|| CardFault::of(&reader, CardError::NoCredential))?;
        let before = Before {
            reader: name(&reader),
            which: arguments.pin,
            operation,
            counters,
            label: pin.label.clone(),
        };
        can_be_done(operation, &pin, counters)?;
        if !json {
            before.print(&mut io::stdout().lock())?;
        }
        let outcome = match operation {
            Operation::Unblock => seen.unblock(credential, &pin).await?,
            Operation::Change | Operation::Activate => seen.give_value(credential, &pin, operation).await?,
        };
        Ok((before, outcome))
    })?;
    let outcome = Outcome::of(before, &outcome);
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer_pretty(&mut out, &outcome).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        outcome.print(&mut out)?;
    }
    Ok(outcome.verdict())
}

/// What is known to be in vain is not asked for.
fn can_be_done(operation: Operation, pin: &PinObject, counters: PinCounters) -> Result<(), PinFault> {
    let puk_is_blocked = counters.puk.is_some_and(|puk| puk.is_blocked());
    match operation {
        Operation::Change if !pin.can_be_changed => Err(PinFault::CannotBeChanged),
        Operation::Change if counters.pin.activated == Some(false) => Err(PinFault::NotActivated),
        Operation::Activate if counters.pin.activated == Some(true) => Err(PinFault::Activated),
        Operation::Change | Operation::Activate if counters.pin.is_blocked() => Err(PinFault::Blocked),
        Operation::Unblock if pin.unblocking.is_none() => Err(PinFault::NoPuk),
        Operation::Unblock if puk_is_blocked => Err(PinFault::PukBlocked),
        _ => Ok(()),
    }
}

/// What opens a card that is closed: asked for where the PINs are.
const fn opening(key: &KeySource) -> Opening<'_> {
    // The card stays as it is: PC/SC vouches for a card that nobody has reset, and nothing is verified on it yet.
    Opening { key, asked_on: AskedOn::ControllingTerminal, afterwards: AfterTransaction::Leave }
}

impl SeenCard {
    async fn give_value(
        self,
        credential: Credential,
        pin: &PinObject,
        operation: Operation,
    ) -> Result<PinOutcome, CardFault> {
        let mut questions = Questions::open(pin)?;
        let current = match (operation, pin.activation) {
            (Operation::Activate, Activation::Set) => None,
            (Operation::Activate, Activation::Change) => Some(questions.transport_value()?),
            _ => Some(questions.current_pin()?),
        };
        let new = questions.new_pin(current.as_ref().map(|current| current.as_slice()))?;
        drop(questions);
        self.act(move |card, scratch| {
            let current = current.as_ref().map_or(&[][..], |current| current.as_slice());
            let entry = PinChangeEntry::Typed { current, new: &new, scratch };
            match operation {
                Operation::Activate => card.activate_pin(&credential, entry),
                _ => card.change_pin(&credential, entry),
            }
        })
        .await
    }

    async fn unblock(self, credential: Credential, pin: &PinObject) -> Result<PinOutcome, CardFault> {
        let unblocking = pin.unblocking.as_ref().ok_or(PinFault::NoPuk)?;
        let mut questions = Questions::open(pin)?;
        let puk = questions.puk(&unblocking.puk)?;
        let new = if unblocking.way.takes_new_pin() { Some(questions.new_pin(None)?) } else { None };
        drop(questions);
        self.act(move |card, scratch| {
            let new = new.as_ref().map(|new| new.as_slice());
            card.unblock_pin(&credential, UnblockEntry { puk: &puk, new, scratch })
        })
        .await
    }
}

/// Tries left, in words.
pub(super) fn tries(left: Option<u8>, maximum: Option<u8>) -> String {
    match (left, maximum) {
        (Some(0), _) => "blocked, no tries left".to_owned(),
        (Some(left), Some(maximum)) => format!("{left} of {maximum} tries left"),
        (Some(1), None) => "1 try left".to_owned(),
        (Some(left), None) => format!("{left} tries left"),
        (None, _) => "the card does not say how many tries are left".to_owned(),
    }
}

/// A PIN's name on the card, or what it is.
fn called(label: Option<&str>) -> String {
    Printable(label.unwrap_or("PIN")).to_string()
}
