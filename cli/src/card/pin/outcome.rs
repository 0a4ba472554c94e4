//! What came of it, in words and as JSON.

use std::io::{self, Write};

use bitaqa_card::{CardError, PinCounters, PinOutcome, PinVerdict, apdu::StatusWord};
use serde::{Serialize, Serializer};

use super::{Operation, Which, called, tries};
use crate::{Verdict, printable::Printable};

/// What was known before anything was sent.
pub(super) struct Before {
    pub(super) reader: String,
    pub(super) which: Which,
    pub(super) operation: Operation,
    pub(super) counters: PinCounters,
    pub(super) label: Option<String>,
}

impl Before {
    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let name = called(self.label.as_deref());
        writeln!(out, "{}: {name} for {}", Printable(&self.reader), self.which.name())?;
        writeln!(out, "  {name}: {}", tries(self.counters.pin.tries_left, self.counters.pin.tries_maximum))?;
        if let (Operation::Unblock, Some(puk)) = (self.operation, self.counters.puk) {
            writeln!(out, "  PUK: {}", tries(puk.tries_left, puk.tries_maximum))?;
        }
        out.flush()
    }
}

/// Why it is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Reason {
    WrongPin,
    WrongPuk,
    Blocked,
    PukBlocked,
    Refused,
}

/// What came of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    reader: String,
    #[serde(serialize_with = "name")]
    pin: Which,
    label: Option<String>,
    done: bool,
    reason: Option<Reason>,
    status: Option<String>,
    tries_left_before: Option<u8>,
    tries_left: Option<u8>,
    tries_maximum: Option<u8>,
    activated: Option<bool>,
    puk_tries_left: Option<u8>,
    #[serde(skip)]
    operation: Operation,
    #[serde(skip)]
    puk_tries_maximum: Option<u8>,
}

impl Outcome {
    pub(super) fn of(before: Before, outcome: &PinOutcome) -> Self {
        let Before { reader, which, operation, counters, label } = before;
        let of_puk = operation == Operation::Unblock;
        let (reason, status) = match &outcome.verdict {
            Ok(PinVerdict::Correct) => (None, None),
            Ok(PinVerdict::Wrong { .. }) => {
                (Some(if of_puk { Reason::WrongPuk } else { Reason::WrongPin }), None)
            }
            Ok(PinVerdict::Blocked) => {
                (Some(if of_puk { Reason::PukBlocked } else { Reason::Blocked }), None)
            }
            Err(CardError::Refused { status: StatusWord(status), .. }) => {
                (Some(Reason::Refused), Some(format!("{status:04X}")))
            }
            // a key pad's verdicts, and what is not sent: neither happens with what was typed here
            _ => (Some(Reason::Refused), None),
        };
        // what the card said to the try counts where its counters cannot be read
        let said = match &outcome.verdict {
            Ok(PinVerdict::Wrong { tries_left }) => *tries_left,
            Ok(PinVerdict::Blocked) => Some(0),
            _ => None,
        };
        let after = outcome.counters.as_ref().ok();
        let puk = after.and_then(|after| after.puk);
        let pin_left = after.and_then(|after| after.pin.tries_left);
        let puk_left = puk.and_then(|puk| puk.tries_left);
        Self {
            reader,
            pin: which,
            label,
            done: reason.is_none(),
            reason,
            status,
            tries_left_before: counters.pin.tries_left,
            tries_left: pin_left.or(said.filter(|_| !of_puk)),
            tries_maximum: counters.pin.tries_maximum,
            activated: after.and_then(|after| after.pin.activated),
            puk_tries_left: puk_left.or(said.filter(|_| of_puk)),
            operation,
            puk_tries_maximum: puk.and_then(|puk| puk.tries_maximum),
        }
    }

    pub(super) const fn verdict(&self) -> Verdict {
        if self.done { Verdict::Yes } else { Verdict::No }
    }

    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let name = called(self.label.as_deref());
        let unchanged = match self.operation {
            Operation::Change => "is not changed",
            Operation::Unblock => "is not unblocked",
            Operation::Activate => "is not activated",
        };
        match (self.reason, self.operation) {
            (None, Operation::Change) => writeln!(out, "{name} is changed."),
            (None, Operation::Unblock) => writeln!(out, "{name} is unblocked."),
            (None, Operation::Activate) => writeln!(out, "{name} is activated."),
            (Some(Reason::WrongPin), Operation::Activate) => {
                writeln!(out, "{name} {unchanged}: what came with the card is another PIN.")
            }
            (Some(Reason::WrongPin), _) => writeln!(out, "{name} {unchanged}: the current PIN was wrong."),
            (Some(Reason::WrongPuk), _) => writeln!(out, "{name} {unchanged}: the PUK was wrong."),
            (Some(Reason::Blocked), _) => {
                writeln!(out, "{name} {unchanged}: it is blocked. `bitaqa card pin unblock` needs the PUK.")
            }
            (Some(Reason::PukBlocked), _) => {
                writeln!(out, "{name} {unchanged}: the PUK is blocked. Only the issuer of the card can help.")
            }
            (Some(Reason::Refused), _) => {
                let status = self.status.as_deref().map_or_else(String::new, |status| format!(" ({status})"));
                writeln!(
                    out,
                    "{name} {unchanged}: the card refuses it{status}. It may not want this new PIN."
                )
            }
        }?;
        writeln!(out, "  {name}: {}", tries(self.tries_left, self.tries_maximum))?;
        if self.operation == Operation::Unblock {
            writeln!(out, "  PUK: {}", tries(self.puk_tries_left, self.puk_tries_maximum))?;
        }
        Ok(())
    }
}

fn name<S: Serializer>(which: &Which, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(which.name())
}
