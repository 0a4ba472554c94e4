//! Commands with a PIN: never sent twice, and never by a reader that cannot protect them.

use super::{Channel, Protection, Repeat};
use crate::{
    apdu::StatusWord, error::CardError, pin::PinFormat, secure_messaging::LengthForm, transport::PaceOnReader,
};

impl Channel<'_> {
    /// Sends VERIFY or another short command with a PIN that the caller wrote into memory of its own. Inside a session
    /// it leaves here encrypted; it is never sent twice.
    ///
    /// # Errors
    /// Transport faults, an answer without status word or one that the session does not believe.
    pub fn send_verify(&mut self, apdu: &[u8]) -> Result<StatusWord, CardError> {
        match self.protection {
            Protection::None => Ok(self.exchange(apdu)?.status),
            Protection::Ended => Err(CardError::SessionEnded),
            Protection::Session(_) => {
                let malformed = CardError::Unsupported("a command with a PIN that is no short command");
                let Some((header, field)) = apdu.split_first_chunk::<4>() else { return Err(malformed) };
                let data = match field.split_first() {
                    Some((lc, data)) if usize::from(*lc) == data.len() => data,
                    None => field,
                    Some(_) => return Err(malformed),
                };
                Ok(self.exchange_protected(*header, data, None, LengthForm::Short, Repeat::Never)?.status)
            }
        }
    }

    /// VERIFY on the reader's key pad.
    ///
    /// # Errors
    /// Transport faults, and [`CardError::PinPadInSession`] inside a session, whose keys the reader does not have.
    pub fn verify_on_pin_pad(&mut self, format: &PinFormat) -> Result<StatusWord, CardError> {
        match self.protection {
            Protection::None => Ok(self.transport.verify_on_pin_pad(format)?),
            Protection::Session(_) => Err(CardError::PinPadInSession),
            Protection::Ended => Err(CardError::SessionEnded),
        }
    }

    /// CHANGE REFERENCE DATA on the reader's key pad.
    ///
    /// # Errors
    /// As [`verify_on_pin_pad`](Self::verify_on_pin_pad).
    pub fn modify_on_pin_pad(&mut self, format: &PinFormat) -> Result<StatusWord, CardError> {
        match self.protection {
            Protection::None => Ok(self.transport.modify_on_pin_pad(format)?),
            Protection::Session(_) => Err(CardError::PinPadInSession),
            Protection::Ended => Err(CardError::SessionEnded),
        }
    }

    /// PACE by the reader: afterwards it protects what goes through this channel in the clear.
    ///
    /// # Errors
    /// Transport faults, and [`CardError::Unsupported`] inside a session of our own.
    pub(crate) fn execute_pace(&mut self) -> Result<PaceOnReader, CardError> {
        match self.protection {
            Protection::None => Ok(self.transport.execute_pace()?),
            Protection::Session(_) => Err(CardError::Unsupported("PACE by the reader inside a session")),
            Protection::Ended => Err(CardError::SessionEnded),
        }
    }
}
