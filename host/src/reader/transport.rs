//! What carries the card layer's commands to a PC/SC card.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use bitaqa_card::{
    PinFormat, Transport, TransportError,
    apdu::{StatusWord, ins},
    transport::{Limits, PaceOnReader},
};
use pcsc::{Card, Error, MAX_BUFFER_SIZE_EXTENDED};

use super::{
    execute_pace::PaceReader,
    pin_pad::{Features, PinPad},
};

/// What one transaction cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Inside PC/SC calls.
    pub time: Duration,
    /// Commands sent.
    pub commands: u16,
    /// Bytes sent and received.
    pub bytes: u32,
    /// Whether a PIN was presented (by a command that carries one, or on the key pad).
    pub pin_presented: bool,
}

/// The channel that a reader opened which runs PACE itself, as far as this connection vouches for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct ChannelOfReader {
    /// It was open when the transaction began: opened in an earlier one, and nobody has reset the card since.
    pub(super) is_open: bool,
    /// It stays open when the transaction ends.
    pub(super) is_kept: bool,
}

/// A PC/SC card inside a transaction.
pub struct PcscTransport<'c> {
    card: &'c Card,
    pin_pad: Option<PinPad>,
    pace: Option<PaceReader>,
    limits: Limits,
    cancelled: Arc<AtomicBool>,
    buffer: Vec<u8>,
    is_continued: bool,
    channel: ChannelOfReader,
    /// What was done so far.
    pub usage: Usage,
}

impl<'c> PcscTransport<'c> {
    pub(super) fn new(
        card: &'c Card,
        Features { pin_pad, pace, .. }: Features,
        limits: Limits,
        cancelled: Arc<AtomicBool>,
    ) -> Self {
        let buffer = vec![0; limits.answer];
        let (is_continued, channel) = (false, ChannelOfReader::default());
        Self {
            card,
            pin_pad,
            pace,
            limits,
            cancelled,
            buffer,
            is_continued,
            channel,
            usage: Usage::default(),
        }
    }

    pub(super) const fn continued(mut self, is_continued: bool, has_channel: bool) -> Self {
        self.is_continued = is_continued;
        self.channel.is_open = is_continued && has_channel;
        self
    }

    pub(super) const fn channel_is_kept(&self) -> bool {
        self.channel.is_kept
    }

    /// Whether the channel that the reader opened in an earlier transaction of this connection is open still.
    #[must_use]
    pub const fn has_channel(&self) -> bool {
        self.channel.is_open
    }

    /// Keeps the channel that the reader opened until a later transaction of this connection, however this one was to end. The card
    /// is reset when the connection ends, if not before, so that nobody finds it open.
    pub const fn keep_channel(&mut self) {
        self.channel.is_kept = true;
    }

    /// Whether PC/SC vouches that this is the card of the connection's last transaction: it stayed connected and nobody
    /// reset it. (pcsc-lite forgets a removal when a reset follows before we ask.)
    #[must_use]
    pub const fn is_continued(&self) -> bool {
        self.is_continued
    }

    fn check_cancelled(&self) -> Result<(), TransportError> {
        if self.cancelled.load(Ordering::SeqCst) { Err(TransportError::Cancelled) } else { Ok(()) }
    }

    fn count(&mut self, started: Instant, sent: usize, received: usize) {
        self.usage.time += started.elapsed();
        self.usage.commands = self.usage.commands.saturating_add(1);
        self.usage.bytes =
            self.usage.bytes.saturating_add(u32::try_from(sent + received).unwrap_or(u32::MAX));
    }
}

impl PcscTransport<'_> {
    fn on_pin_pad(
        &mut self,
        ask: impl FnOnce(PinPad, &Card) -> Result<StatusWord, TransportError>,
    ) -> Result<StatusWord, TransportError> {
        let pad = self.pin_pad.ok_or_else(|| TransportError::Fault("the reader has no key pad".into()))?;
        self.usage.pin_presented = true;
        let started = Instant::now();
        let status = ask(pad, self.card);
        self.count(started, 0, 2);
        // the person may have given up in our window while the key pad waited
        self.check_cancelled()?;
        status
    }
}

impl Transport for PcscTransport<'_> {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        self.check_cancelled()?;
        // it costs a try from here on, whatever happens to its answer
        self.usage.pin_presented |= carries_pin(command);
        let started = Instant::now();
        let outcome = self.card.transmit(command, &mut self.buffer).map(|received| {
            answer.clear();
            answer.extend_from_slice(received);
        });
        self.count(started, command.len(), answer.len());
        outcome.map_err(transport_error)
    }

    fn limits(&self) -> Limits {
        self.limits
    }

    fn keep_alive(&mut self) -> Result<(), TransportError> {
        self.check_cancelled()?;
        self.card.status2_owned().map(drop).map_err(transport_error)
    }

    fn has_pin_pad(&self) -> bool {
        self.pin_pad.is_some()
    }

    fn verify_on_pin_pad(&mut self, format: &PinFormat) -> Result<StatusWord, TransportError> {
        self.check_cancelled()?;
        self.on_pin_pad(|pad, card| pad.verify(card, format))
    }

    fn executes_pace(&self) -> bool {
        self.pace.is_some()
    }

    fn execute_pace(&mut self) -> Result<PaceOnReader, TransportError> {
        self.check_cancelled()?;
        let pace = self.pace.ok_or_else(|| TransportError::Fault("the reader does not run PACE".into()))?;
        let started = Instant::now();
        let outcome = pace.establish(self.card);
        self.count(started, 0, 0);
        // the person may have given up in our window while the reader waited
        self.check_cancelled()?;
        outcome
    }

    fn can_modify_on_pin_pad(&self) -> bool {
        self.pin_pad.is_some_and(PinPad::can_modify)
    }

    fn modify_on_pin_pad(&mut self, format: &PinFormat) -> Result<StatusWord, TransportError> {
        self.check_cancelled()?;
        self.on_pin_pad(|pad, card| pad.modify(card, format))
    }
}

/// Whether a command carries a PIN or PUK, by its header; inside secure messaging, whether it has content at all: a question for
/// the tries left has none, but the same header and a checksum (ISO/IEC 7816-4, section 10).
fn carries_pin(command: &[u8]) -> bool {
    const WITH_PIN: [u8; 4] =
        [ins::VERIFY, ins::VERIFY_DATA_OBJECT, ins::CHANGE_REFERENCE_DATA, ins::RESET_RETRY_COUNTER];
    match command {
        [class, instruction, _, _, _, first, ..] if WITH_PIN.contains(instruction) => {
            class & 0x0C != 0x0C || matches!(first, 0x81 | 0x85 | 0x87)
        }
        _ => false,
    }
}

/// Lengths that every reader carries, unless it says more (PC/SC part 10, `dwMaxAPDUDataSize`).
pub(super) fn limits(max_apdu_data: Option<u32>) -> Limits {
    match max_apdu_data {
        Some(data) if data > 256 => {
            let data = usize::try_from(data).unwrap_or(usize::MAX);
            Limits {
                command: (data.saturating_add(9)).min(MAX_BUFFER_SIZE_EXTENDED),
                answer: MAX_BUFFER_SIZE_EXTENDED,
            }
        }
        _ => Limits::default(),
    }
}

/// What a PC/SC error means for the card layer.
pub(super) fn transport_error(error: Error) -> TransportError {
    match error {
        Error::RemovedCard | Error::NoSmartcard | Error::UnpoweredCard => TransportError::Removed,
        Error::ResetCard => TransportError::Reset,
        Error::SharingViolation => TransportError::Busy,
        Error::NoService | Error::ServiceStopped | Error::CommError | Error::InvalidHandle => {
            TransportError::ServiceStopped
        }
        Error::ReaderUnavailable | Error::UnknownReader => TransportError::ReaderGone,
        Error::Cancelled => TransportError::Cancelled,
        other => TransportError::Fault(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_carries_a_pin_is_seen_in_the_clear_and_inside_secure_messaging() {
        assert!(carries_pin(&[0x00, 0x20, 0x00, 0x81, 0x04, 0x31, 0x32, 0x33, 0x34]));
        assert!(carries_pin(&[0x00, 0x2C, 0x02, 0x81, 0x01, 0x31]));
        assert!(carries_pin(&[0x0C, 0x24, 0x00, 0x81, 0x1D, 0x87, 0x11, 0x01]));
        for other in [
            &[0x00, 0x20, 0x00, 0x81][..],
            &[0x00, 0x20, 0x00, 0x81, 0x00],
            &[0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00],
            // a checksum alone
            &[0x0C, 0x20, 0x00, 0x81, 0x0A, 0x8E, 0x08],
        ] {
            assert!(!carries_pin(other), "{other:02X?}");
        }
    }
}
