//! PINs and PUKs in the chip, with their counters (ISO 7816-4, section 9.2; VERIFY and its relatives, section 11.6).

use std::ops::RangeInclusive;

use zeroize::Zeroizing;

use crate::{
    chip::{Answer, Chip, Refusal},
    command::Command,
    file_system::FileRef,
    pin::{Pin, PinFormat},
    rules::StatusQuery,
    status::StatusWord,
};

/// Where reference data holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere in the chip.
    Global,
    /// In this dedicated file and below.
    Local(FileRef),
}

/// Life cycle of reference data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinState {
    /// Holds the transport value: it has to be changed before it is good for anything.
    Transport,
    /// Holds nothing yet: the first value can be set by anybody.
    Unset,
    /// In use.
    Operational,
}

/// A PIN or PUK in the chip.
#[derive(Clone)]
pub struct ReferenceData {
    /// The qualifier in P2 (ISO 7816-4, table 64; bit 8 says "specific").
    pub reference: u8,
    /// Where it holds.
    pub scope: Scope,
    /// How it stands in commands.
    pub format: PinFormat,
    /// Fewest and most digits.
    pub digits: RangeInclusive<usize>,
    /// Tries after a success.
    pub tries: u8,
    /// Tries left; at none it is blocked.
    pub tries_left: u8,
    /// Its life cycle.
    pub state: PinState,
    /// The reference of the PUK that resets its counter.
    pub unblocked_by: Option<u8>,
    block: Zeroizing<Vec<u8>>,
}

impl ReferenceData {
    /// Reference data with this value, in use, three tries, 4 to 12 digits.
    ///
    /// A value that does not fit the format makes reference data that no PIN matches.
    #[must_use]
    pub fn new(reference: u8, scope: Scope, format: PinFormat, value: &Pin) -> Self {
        Self {
            reference,
            scope,
            format,
            digits: 4..=12,
            tries: 3,
            tries_left: 3,
            state: PinState::Operational,
            unblocked_by: None,
            block: format.block(value.digits()).unwrap_or_default(),
        }
    }

    fn wrong_length(&self, length: usize) -> bool {
        match self.format.fixed_length() {
            Some(fixed) => length != fixed,
            None => !self.digits.contains(&length),
        }
    }

    /// Compares and counts. The counter goes down before the comparison's outcome can show.
    fn try_value(&mut self, value: &[u8]) -> Result<(), Refusal> {
        if self.tries_left == 0 {
            return Err(StatusWord::METHOD_BLOCKED.into());
        }
        self.tries_left -= 1;
        if *self.block != value {
            return Err(StatusWord::tries_left(self.tries_left).into());
        }
        self.tries_left = self.tries;
        Ok(())
    }

    fn set_value(&mut self, value: &[u8]) -> Result<(), Refusal> {
        let digits = self.format.digits(value).ok_or(StatusWord::WRONG_DATA)?;
        if !self.digits.contains(&digits.len()) {
            return Err(StatusWord::WRONG_DATA.into());
        }
        self.block = Zeroizing::new(value.to_vec());
        self.state = PinState::Operational;
        Ok(())
    }
}

impl Chip {
    /// VERIFY (section 11.6.6).
    pub(crate) fn verify(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let index = self.reference_data(command.p2)?;
        match command.p1 {
            0x00 => {}
            0xFF if command.data.is_empty() => {
                self.session.verified.remove(&index);
                return Ok(Answer::empty());
            }
            _ => return Err(StatusWord::WRONG_PARAMETERS.into()),
        }
        self.presented = !command.data.is_empty();
        let query = self.rules.status_query;
        let was_verified = self.session.verified.contains(&index);
        let pin = self.pin_mut(index)?;
        if command.data.is_empty() && query != StatusQuery::CostsATry {
            return match (query, pin.state, pin.tries_left) {
                (StatusQuery::Refused, ..) => Err(StatusWord::WRONG_LENGTH.into()),
                (_, PinState::Transport | PinState::Unset, _) => {
                    Err(StatusWord::REFERENCE_DATA_NOT_USABLE.into())
                }
                (.., 0) => Err(StatusWord::METHOD_BLOCKED.into()),
                (.., left) if !was_verified => Err(StatusWord::tries_left(left).into()),
                _ => Ok(Answer::empty()),
            };
        }
        if pin.state != PinState::Operational {
            return Err(StatusWord::REFERENCE_DATA_NOT_USABLE.into());
        }
        if pin.tries_left > 0 && !command.data.is_empty() && pin.wrong_length(command.data.len()) {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        let outcome = pin.try_value(&command.data);
        self.session.set_verified(index, outcome.is_ok());
        outcome.map(|()| Answer::empty())
    }

    /// CHANGE REFERENCE DATA (section 11.6.7): P1 = 00 old and new; 01 new, after VERIFY or where there was nothing yet.
    pub(crate) fn change_reference_data(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let index = self.reference_data(command.p2)?;
        let was_verified = self.session.verified.contains(&index);
        let pin = self.pin_mut(index)?;
        let outcome = match command.p1 {
            0x00 if pin.state == PinState::Unset => Err(StatusWord::REFERENCE_DATA_NOT_USABLE.into()),
            0x00 => {
                let old = pin.format.fixed_length().unwrap_or(pin.block.len());
                let (old, new) = command.data.split_at_checked(old).ok_or(StatusWord::WRONG_LENGTH)?;
                if pin.tries_left > 0 && pin.wrong_length(new.len()) {
                    return Err(StatusWord::WRONG_LENGTH.into());
                }
                pin.try_value(old).and_then(|()| pin.set_value(new))
            }
            0x01 if was_verified || pin.state == PinState::Unset => {
                if pin.wrong_length(command.data.len()) {
                    return Err(StatusWord::WRONG_LENGTH.into());
                }
                pin.set_value(&command.data)
            }
            0x01 => Err(StatusWord::SECURITY_NOT_SATISFIED.into()),
            _ => Err(StatusWord::WRONG_PARAMETERS.into()),
        };
        outcome.map(|()| Answer::empty())
    }

    /// RESET RETRY COUNTER (section 11.6.10): P1 = 00 PUK and new PIN, 01 PUK, 02 new PIN, 03 nothing; 02 and 03 after VERIFY of the PUK.
    pub(crate) fn reset_retry_counter(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let index = self.reference_data(command.p2)?;
        let puk_reference = self.pin_mut(index)?.unblocked_by.ok_or(StatusWord::CONDITIONS_NOT_SATISFIED)?;
        let puk = self.pin_index(puk_reference).ok_or(StatusWord::REFERENCE_NOT_FOUND)?;
        let puk_length = {
            let puk = self.pin_mut(puk)?;
            puk.format.fixed_length().unwrap_or(puk.block.len())
        };
        let data = command.data.as_slice();
        let (puk_value, new) = match command.p1 {
            0x00 => data.split_at_checked(puk_length).map(|(puk, new)| (Some(puk), Some(new))),
            0x01 => Some((Some(data), None)),
            0x02 => Some((None, Some(data))),
            0x03 if data.is_empty() => Some((None, None)),
            0x03 => None,
            _ => return Err(StatusWord::WRONG_PARAMETERS.into()),
        }
        .ok_or(StatusWord::WRONG_LENGTH)?;
        if new.is_some_and(|new| self.pins.get(index).is_some_and(|pin| pin.wrong_length(new.len()))) {
            return Err(StatusWord::WRONG_LENGTH.into());
        }
        match puk_value {
            Some(value) => {
                let puk = self.pin_mut(puk)?;
                if puk.tries_left > 0 && puk.wrong_length(value.len()) {
                    return Err(StatusWord::WRONG_LENGTH.into());
                }
                puk.try_value(value)?;
            }
            None if self.session.verified.contains(&puk) => {}
            None => return Err(StatusWord::SECURITY_NOT_SATISFIED.into()),
        }
        let pin = self.pin_mut(index)?;
        if let Some(new) = new {
            pin.set_value(new)?;
        }
        pin.tries_left = pin.tries;
        Ok(Answer::empty())
    }

    /// The reference data that P2 means in the current dedicated file.
    fn reference_data(&self, p2: u8) -> Result<usize, Refusal> {
        self.pin_index(p2).ok_or_else(|| StatusWord::REFERENCE_NOT_FOUND.into())
    }

    pub(crate) fn pin_index(&self, reference: u8) -> Option<usize> {
        self.pins.iter().position(|pin| pin.reference == reference && self.in_scope(pin.scope))
    }

    pub(crate) fn in_scope(&self, scope: Scope) -> bool {
        match scope {
            Scope::Global => true,
            Scope::Local(owner) => self.files.is_within(self.session.directory, owner),
        }
    }

    fn pin_mut(&mut self, index: usize) -> Result<&mut ReferenceData, Refusal> {
        self.pins.get_mut(index).ok_or_else(|| StatusWord::REFERENCE_NOT_FOUND.into())
    }
}
