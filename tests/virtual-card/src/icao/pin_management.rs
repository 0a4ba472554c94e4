//! What becomes of the PIN of PACE under a session (BSI TR-03110-2, section 3.5; part 3, B.6 and B.8).

use super::{
    Opening,
    pace::{Password, PasswordKind},
};
use crate::{
    chip::{Answer, Chip, Refusal},
    command::Command,
    file_system::Right,
    status::StatusWord,
};

/// Fewest and most digits of a PIN of PACE.
const DIGITS: std::ops::RangeInclusive<usize> = 4..=12;

impl Chip {
    pub(crate) fn has_pace_pin(&self) -> bool {
        let pace = self.document.as_ref().and_then(|document| document.pace.as_ref());
        pace.is_some_and(|pace| pace.passwords.get(PasswordKind::Pin).is_some())
    }

    fn pace_pin(&mut self) -> Result<&mut Password, Refusal> {
        let pace = self.document.as_mut().and_then(|document| document.pace.as_mut());
        let pin = pace.and_then(|pace| pace.passwords.get_mut(PasswordKind::Pin));
        pin.ok_or_else(|| StatusWord::REFERENCE_NOT_FOUND.into())
    }

    /// RESET RETRY COUNTER, ACTIVATE and DEACTIVATE, all with the reference 03.
    pub(crate) fn manage_pace_pin(&mut self, command: &Command) -> Result<Answer, Refusal> {
        let opening = self.session.icao.opening;
        let by = |kind| opening == Some(Opening::Pace(kind));
        let terminal_may = self.session.icao.has_right(Right::PinManagement);
        let allowed = match (command.instruction, command.p1) {
            // a new PIN: whoever showed the old one
            (0x2C, 0x02) => by(PasswordKind::Pin) || terminal_may,
            // the tries: whoever showed the PUK
            (0x2C, _) => by(PasswordKind::Puk) || terminal_may,
            _ => terminal_may,
        };
        if !allowed {
            return Err(StatusWord::SECURITY_NOT_SATISFIED.into());
        }
        match (command.instruction, command.p1) {
            (0x2C, 0x02) => {
                if !DIGITS.contains(&command.data.len()) {
                    return Err(StatusWord::WRONG_LENGTH.into());
                }
                if !command.data.iter().all(u8::is_ascii_digit) {
                    return Err(StatusWord::WRONG_DATA.into());
                }
                self.pace_pin()?.change(&command.data);
            }
            _ if !command.data.is_empty() => return Err(StatusWord::WRONG_LENGTH.into()),
            (0x2C, _) => self.pace_pin()?.reset_counter(),
            (instruction, _) => self.pace_pin()?.set_in_use(instruction == 0x44),
        }
        Ok(Answer::empty())
    }
}
