//! What carries bytes to a card and back.

use crate::{apdu::StatusWord, pin::PinFormat};

/// A connection to one card, held exclusively while it is borrowed.
pub trait Transport {
    /// Sends one command and puts the whole answer (data and status word) into `answer`, which is cleared first.
    ///
    /// The command may hold a PIN: an implementation keeps no copy and logs no data field.
    ///
    /// # Errors
    /// [`TransportError`]; the state of the card is then unknown.
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError>;

    /// What reader and driver can carry.
    fn limits(&self) -> Limits {
        Limits::default()
    }

    /// Asks the reader, without a command to the card, whether the card is still there. Systems that reset a card after some
    /// silence count this as none.
    ///
    /// # Errors
    /// [`TransportError`] if it is not, or was reset.
    fn keep_alive(&mut self) -> Result<(), TransportError> {
        Ok(())
    }

    /// Whether [`verify_on_pin_pad`](Self::verify_on_pin_pad) works.
    fn has_pin_pad(&self) -> bool {
        false
    }

    /// Has the reader take the PIN on its own keys and send VERIFY (PC/SC part 10, `FEATURE_VERIFY_PIN_DIRECT`).
    ///
    /// # Errors
    /// [`TransportError`], also where the reader has no key pad.
    fn verify_on_pin_pad(&mut self, _format: &PinFormat) -> Result<StatusWord, TransportError> {
        Err(TransportError::Fault("the reader has no key pad".into()))
    }

    /// Whether [`execute_pace`](Self::execute_pace) works.
    fn executes_pace(&self) -> bool {
        false
    }

    /// Has the reader take the card access number on its own keys and run PACE with the card (PC/SC part 10, amendment 1,
    /// `FEATURE_EXECUTE_PACE`). Once the card is open, and until it is reset, the reader protects whatever is sent in the clear.
    ///
    /// # Errors
    /// [`TransportError`], also where the reader does not do that.
    fn execute_pace(&mut self) -> Result<PaceOnReader, TransportError> {
        Err(TransportError::Fault("the reader does not run PACE".into()))
    }

    /// Whether [`modify_on_pin_pad`](Self::modify_on_pin_pad) works.
    fn can_modify_on_pin_pad(&self) -> bool {
        false
    }

    /// Has the reader take the current PIN and twice the new one on its own keys and send CHANGE REFERENCE DATA (PC/SC part
    /// 10, `FEATURE_MODIFY_PIN_DIRECT`).
    ///
    /// # Errors
    /// [`TransportError`], also where the reader's key pad does not do that.
    fn modify_on_pin_pad(&mut self, _format: &PinFormat) -> Result<StatusWord, TransportError> {
        Err(TransportError::Fault("the reader has no key pad that changes PINs".into()))
    }
}

/// What came of PACE that the reader ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaceOnReader {
    /// The card is open.
    Open,
    /// The number is another: the proofs of reader and card do not fit together.
    WrongKey,
    /// The card refused a step.
    Refused {
        /// Name of the command in ISO/IEC 7816-4.
        command: &'static str,
        /// What it said.
        status: StatusWord,
    },
    /// The person pressed the cancel key.
    Cancelled,
    /// The person pressed nothing in time.
    TimedOut,
}

/// What reader and driver can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest command, in bytes.
    pub command: usize,
    /// Longest answer, status word included, in bytes.
    pub answer: usize,
}

impl Default for Limits {
    /// Short APDUs, which every reader carries: 4 + 1 + 255 + 1 bytes there, 256 + 2 bytes back.
    fn default() -> Self {
        Self { command: 261, answer: 258 }
    }
}

/// The connection failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The card was taken out.
    #[error("the card was removed")]
    Removed,
    /// Somebody reset the card: what was selected and verified is gone.
    #[error("the card was reset by another program")]
    Reset,
    /// Another program holds the reader.
    #[error("another program holds the reader")]
    Busy,
    /// The smart card service ended.
    #[error("the smart card service stopped")]
    ServiceStopped,
    /// The reader was unplugged.
    #[error("the reader was unplugged")]
    ReaderGone,
    /// The operation was given up from our side.
    #[error("cancelled")]
    Cancelled,
    /// Anything else, in the driver's words.
    #[error("the reader failed: {0}")]
    Fault(String),
}
