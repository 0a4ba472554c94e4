//! Changing a PIN, giving it its tries back, and giving it its first value.

use zeroize::Zeroize;

use super::Card;
use crate::{
    apdu::StatusWord,
    error::CardError,
    layout::{Activation, Credential, PinObject, Unblocking},
    pin::{PinEntry, PinError, PinFormat, PinStatus, PinVerdict},
    pin_status,
};

const CHANGE: &str = "CHANGE REFERENCE DATA";
const RESET: &str = "RESET RETRY COUNTER";

/// Where the current PIN, or the transport value, and the new PIN come from.
pub enum PinChangeEntry<'a> {
    /// Typed into our own window or terminal.
    Typed {
        /// What the PIN is now, as ASCII; not looked at where the card holds no value yet.
        current: &'a [u8],
        /// What it shall be.
        new: &'a [u8],
        /// Memory for the command, at least [`CHANGE_SCRATCH_LENGTH`](crate::pin::CHANGE_SCRATCH_LENGTH) bytes; overwritten
        /// with zeros afterwards.
        scratch: &'a mut [u8],
    },
    /// Typed on the reader's own keys, which ask for the new PIN twice.
    PinPad,
}

/// Where the PUK and the new PIN come from: our own window or terminal.
pub struct UnblockEntry<'a> {
    /// The PUK, as ASCII.
    pub puk: &'a [u8],
    /// The new PIN; `None` where the card keeps the old one ([`UnblockingWay`](crate::layout::UnblockingWay)).
    pub new: Option<&'a [u8]>,
    /// Memory for the commands, at least [`CHANGE_SCRATCH_LENGTH`](crate::pin::CHANGE_SCRATCH_LENGTH) bytes; overwritten with
    /// zeros afterwards.
    pub scratch: &'a mut [u8],
}

/// Counters of a PIN and of its PUK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PinCounters {
    /// Of the PIN.
    pub pin: PinStatus,
    /// Of the PUK, where one is known.
    pub puk: Option<PinStatus>,
}

/// What came of one try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinOutcome {
    /// What the card said to the current PIN, or to the PUK; or how it refused the command ([`CardError::Refused`], never
    /// another error), as it does with a new PIN that it does not want.
    pub verdict: Result<PinVerdict, CardError>,
    /// The counters, read again after the try, or why they could not be.
    pub counters: Result<PinCounters, CardError>,
}

impl Card<'_> {
    /// Asks for the tries left of a credential's PIN and PUK, where that is known to cost none.
    ///
    /// # Errors
    /// [`CardError::NoCredential`] if there is no PIN before the key; misbehaviour, refusals and transport faults.
    pub fn pin_counters(&mut self, credential: &Credential) -> Result<PinCounters, CardError> {
        let pin = pin_of(credential)?;
        self.demand_opening()?;
        self.enter_pin_directory(credential, pin)?;
        self.counters(pin)
    }

    /// Gives the PIN another value.
    ///
    /// # Errors
    /// [`CardError::NoCredential`] if there is no PIN before the key, [`CardError::Unsupported`] if it cannot be changed,
    /// [`CardError::PinPadInSession`] for a key pad on a card that was opened, and transport faults. A wrong PIN is no error: see [`PinOutcome`].
    pub fn change_pin(
        &mut self,
        credential: &Credential,
        entry: PinChangeEntry<'_>,
    ) -> Result<PinOutcome, CardError> {
        let pin = pin_of(credential)?;
        if !pin.can_be_changed {
            return Err(CardError::Unsupported("changing a PIN that the card does not let be changed"));
        }
        self.give_value(credential, pin, entry, PinFormat::write_change)
    }

    /// Gives the PIN of a new card its first value: in place of the transport value, or where there is none.
    ///
    /// # Errors
    /// As [`change_pin`](Self::change_pin).
    pub fn activate_pin(
        &mut self,
        credential: &Credential,
        entry: PinChangeEntry<'_>,
    ) -> Result<PinOutcome, CardError> {
        let pin = pin_of(credential)?;
        match (pin.activation, &entry) {
            (Activation::Change, _) => self.give_value(credential, pin, entry, PinFormat::write_activation),
            (Activation::Set, PinChangeEntry::Typed { .. }) => {
                self.give_value(credential, pin, entry, |format, _, new, out| {
                    format.write_first_value(new, out)
                })
            }
            (Activation::Set, PinChangeEntry::PinPad) => {
                Err(CardError::Unsupported("the first value of a PIN on a key pad"))
            }
        }
    }

    /// Gives the PIN its tries back, with the PUK.
    ///
    /// # Errors
    /// As [`change_pin`](Self::change_pin); [`CardError::Unsupported`] if it is not known how this card unblocks.
    pub fn unblock_pin(
        &mut self,
        credential: &Credential,
        entry: UnblockEntry<'_>,
    ) -> Result<PinOutcome, CardError> {
        let pin = pin_of(credential)?;
        let unblocking =
            pin.unblocking.as_ref().ok_or(CardError::Unsupported("a PUK of which nothing is known"))?;
        self.demand_opening()?;
        let UnblockEntry { puk, new, scratch } = entry;
        // whatever cannot be done is found out before the PUK is presented
        let fits = unblocking.write_reset(&pin.format, puk, new, scratch).is_ok();
        scratch.zeroize();
        let verdict = if fits {
            self.reset(credential, pin, unblocking, UnblockEntry { puk, new, scratch: &mut *scratch })
        } else {
            Ok(PinVerdict::NotPresented)
        };
        scratch.zeroize();
        let counters = |card: &mut Self| {
            card.enter_pin_directory(credential, pin)?;
            card.counters(pin)
        };
        self.outcome(verdict, counters)
    }

    fn reset(
        &mut self,
        credential: &Credential,
        pin: &PinObject,
        unblocking: &Unblocking,
        UnblockEntry { puk, new, scratch }: UnblockEntry<'_>,
    ) -> Result<PinVerdict, CardError> {
        if unblocking.way.verifies_puk() {
            match &unblocking.directory {
                Some(directory) => self.selection.enter(&mut self.channel, directory)?,
                None => self.enter_pin_directory(credential, pin)?,
            }
            let entry = PinEntry::Typed { pin: puk, scratch: &mut *scratch };
            let verdict = entry.present(&mut self.channel, &unblocking.puk)?;
            if verdict != PinVerdict::Correct {
                return Ok(verdict);
            }
        }
        self.enter_pin_directory(credential, pin)?;
        let written = unblocking.write_reset(&pin.format, puk, new, scratch);
        PinVerdict::of_change(RESET, self.send_written(written, scratch)?)
    }

    fn give_value(
        &mut self,
        credential: &Credential,
        pin: &PinObject,
        entry: PinChangeEntry<'_>,
        write: impl FnOnce(&PinFormat, &[u8], &[u8], &mut [u8]) -> Result<usize, PinError>,
    ) -> Result<PinOutcome, CardError> {
        self.demand_opening()?;
        if matches!(entry, PinChangeEntry::PinPad) {
            self.demand_pin_pad()?;
        }
        self.enter_pin_directory(credential, pin)?;
        let verdict = match entry {
            PinChangeEntry::PinPad => self.channel.modify_on_pin_pad(&pin.format).and_then(change_verdict),
            PinChangeEntry::Typed { current, new, scratch } => {
                match write(&pin.format, current, new, &mut *scratch) {
                    Ok(length) => self.send_written(Ok(length), scratch).and_then(change_verdict),
                    Err(_) => {
                        scratch.zeroize();
                        Ok(PinVerdict::NotPresented)
                    }
                }
            }
        };
        self.outcome(verdict, |card| card.counters(pin))
    }

    /// Sends a command that was written into this memory, and overwrites it whatever comes of it.
    fn send_written(
        &mut self,
        written: Result<usize, PinError>,
        scratch: &mut [u8],
    ) -> Result<StatusWord, CardError> {
        let command = written.ok().and_then(|length| scratch.get(..length));
        let status = match command {
            Some(command) => self.channel.send_verify(command),
            None => Err(CardError::Unsupported("a PIN that the card cannot hold")),
        };
        scratch.zeroize();
        status
    }

    /// A refusal of the card is an outcome, and its counters are read; everything else ends here.
    fn outcome(
        &mut self,
        verdict: Result<PinVerdict, CardError>,
        counters: impl FnOnce(&mut Self) -> Result<PinCounters, CardError>,
    ) -> Result<PinOutcome, CardError> {
        match verdict {
            Ok(_) | Err(CardError::Refused { command: CHANGE | RESET | "VERIFY", .. }) => {
                Ok(PinOutcome { verdict, counters: counters(self) })
            }
            Err(error) => Err(error),
        }
    }

    fn enter_pin_directory(&mut self, credential: &Credential, pin: &PinObject) -> Result<(), CardError> {
        self.selection.enter(&mut self.channel, &credential.key.directory)?;
        match &pin.directory {
            Some(directory) => self.selection.enter(&mut self.channel, directory),
            None => Ok(()),
        }
    }

    fn counters(&mut self, pin: &PinObject) -> Result<PinCounters, CardError> {
        let status = pin_status::ask(&mut self.channel, &mut self.selection, pin)?;
        let puk = match &pin.unblocking {
            Some(Unblocking { status, puk, .. }) => {
                Some(pin_status::ask_by(&mut self.channel, &mut self.selection, status, puk.reference)?)
            }
            None => None,
        };
        Ok(PinCounters { pin: status, puk })
    }
}

fn pin_of(credential: &Credential) -> Result<&PinObject, CardError> {
    credential.pin.as_ref().ok_or(CardError::NoCredential)
}

fn change_verdict(status: StatusWord) -> Result<PinVerdict, CardError> {
    PinVerdict::of_change(CHANGE, status)
}
