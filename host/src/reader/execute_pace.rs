//! Readers that run PACE themselves: PC/SC part 10, amendment 1 (`FEATURE_EXECUTE_PACE`), result codes as in BSI TR-03119.
//!
//! The person types the card access number on the reader's own keys, and the reader protects what follows: it never reaches this
//! computer. Numbers are little endian.

use bitaqa_card::{TransportError, apdu::StatusWord, transport::PaceOnReader};
use pcsc::{Card, Error};

use super::transport::transport_error;

/// The feature's number.
pub(super) const FEATURE_EXECUTE_PACE: u8 = 0x20;
/// `idxFunction`: GetReadersPACECapabilities.
const GET_CAPABILITIES: u8 = 0x01;
/// `idxFunction`: EstablishPACEChannel.
const ESTABLISH_CHANNEL: u8 = 0x02;
/// `BitMap`: the reader runs PACE for whoever asks.
const GENERIC_PACE: u8 = 0x40;
/// `PinID`: the card access number.
const CAN: u8 = 0x02;
/// Longest answer that is looked at: EF.CardAccess is in it.
const MAX_ANSWER: usize = 4096;

/// A reader that runs PACE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PaceReader {
    code: u32,
}

impl PaceReader {
    /// A reader that announces the feature under this control code, if its capabilities say that it can be used for any card.
    pub(super) fn find(card: &Card, code: u32) -> Option<Self> {
        let mut buffer = [0; MAX_ANSWER];
        let answer = card.control(code.into(), &request(GET_CAPABILITIES, &[]), &mut buffer).ok()?;
        can_run_pace(answer).then_some(Self { code })
    }

    /// Has the person type the card access number, and the reader open the card.
    ///
    /// # Errors
    /// Transport faults, and result codes that say nothing of number or card.
    pub(super) fn establish(self, card: &Card) -> Result<PaceOnReader, TransportError> {
        // no CHAT, no number from this side, no certificate description
        let input = request(ESTABLISH_CHANNEL, &[CAN, 0, 0, 0, 0]);
        let mut buffer = [0; MAX_ANSWER];
        match card.control(self.code.into(), &input, &mut buffer) {
            Ok(answer) => match result(answer) {
                Some((code, _)) => outcome(code),
                None => Err(TransportError::Fault("the reader's answer to PACE is none".into())),
            },
            // some drivers say it this way
            Err(Error::Cancelled | Error::CancelledByUser) => Ok(PaceOnReader::Cancelled),
            Err(Error::Timeout) => Ok(PaceOnReader::TimedOut),
            Err(error) => Err(transport_error(error)),
        }
    }
}

fn request(function: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX).to_le_bytes();
    [&[function], &length[..], data].concat()
}

/// Result code and output.
fn result(answer: &[u8]) -> Option<(u32, &[u8])> {
    let (code, rest) = answer.split_first_chunk()?;
    let (length, output) = rest.split_first_chunk()?;
    let length = usize::from(u16::from_le_bytes(*length));
    Some((u32::from_le_bytes(*code), output.get(..length)?))
}

/// Some readers put the length of the bit map before it.
fn can_run_pace(answer: &[u8]) -> bool {
    match result(answer) {
        Some((0, [map] | [1, map])) => map & GENERIC_PACE != 0,
        _ => false,
    }
}

/// What a result code says. In its lower half it may have the card's status word.
fn outcome(code: u32) -> Result<PaceOnReader, TransportError> {
    let [_, _, sw1, sw2] = code.to_be_bytes();
    let status = StatusWord(u16::from_be_bytes([sw1, sw2]));
    match code {
        0 => Ok(PaceOnReader::Open),
        // wrong authentication token: the card has another number
        0xE000_0006 => Ok(PaceOnReader::WrongKey),
        0xF010_0002 => Err(TransportError::Removed),
        0xF020_0001 => Ok(PaceOnReader::Cancelled),
        0xF020_0002 => Ok(PaceOnReader::TimedOut),
        0xF002_0000..=0xF002_FFFF => Ok(PaceOnReader::Refused { command: "MSE:Set AT", status }),
        0xF003_0000..=0xF006_FFFF => Ok(PaceOnReader::Refused { command: "GENERAL AUTHENTICATE", status }),
        _ => Err(TransportError::Fault(format!("PACE on the reader failed with {code:08X}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_have_function_and_length_before_their_data() {
        assert_eq!(request(GET_CAPABILITIES, &[]), [1, 0, 0]);
        assert_eq!(request(ESTABLISH_CHANNEL, &[CAN, 0, 0, 0, 0]), [2, 5, 0, 2, 0, 0, 0, 0]);
    }

    #[test]
    fn a_reader_without_generic_pace_is_not_asked() {
        assert!(can_run_pace(&[0, 0, 0, 0, 1, 0, 0x40]));
        assert!(can_run_pace(&[0, 0, 0, 0, 2, 0, 1, 0x60]));
        for other in [
            &[][..],
            &[0, 0, 0, 0, 1, 0, 0x20],
            &[1, 0, 0, 0xD0, 1, 0, 0x40],
            &[0, 0, 0, 0, 2, 0, 0x40],
            &[0, 0, 0, 0, 0, 0],
        ] {
            assert!(!can_run_pace(other), "{other:02X?}");
        }
    }

    #[test]
    fn each_result_code_says_what_happened() {
        let refused = |command, status| Ok(PaceOnReader::Refused { command, status: StatusWord(status) });
        for (code, expected) in [
            (0x0000_0000, Ok(PaceOnReader::Open)),
            (0xE000_0006, Ok(PaceOnReader::WrongKey)),
            (0xF002_6983, refused("MSE:Set AT", 0x6983)),
            (0xF006_63C2, refused("GENERAL AUTHENTICATE", 0x63C2)),
            (0xF010_0002, Err(TransportError::Removed)),
            (0xF020_0001, Ok(PaceOnReader::Cancelled)),
            (0xF020_0002, Ok(PaceOnReader::TimedOut)),
        ] {
            assert_eq!(outcome(code), expected, "{code:08X}");
        }
        for other in [0xD000_0001, 0xE000_0001, 0xF001_6A82, 0xF010_0001] {
            assert!(matches!(outcome(other), Err(TransportError::Fault(_))), "{other:08X}");
        }
    }

    #[test]
    fn answers_are_taken_apart_by_their_lengths() {
        // result, length of the output; status of MSE:Set AT, EF.CardAccess (empty set), no authority, no identifier
        let open = [0, 0, 0, 0, 0x0A, 0, 0x90, 0x00, 0x02, 0x00, 0x31, 0x00, 0x00, 0x00, 0x00, 0x00];
        assert_eq!(result(&open), Some((0, &open[6..])));
        assert_eq!(result(&[0xC2, 0x63, 0x06, 0xF0, 0, 0]), Some((0xF006_63C2, &[][..])));
        // what follows is none of it
        assert_eq!(result(&[0, 0, 0, 0, 1, 0, 0x40, 0xFF]), Some((0, &[0x40][..])));
        assert_eq!(result(&[0, 0, 0, 0, 2, 0, 0x90]), None, "shorter than it says");
        assert_eq!(result(&[0, 0, 0, 0, 0]), None);
        assert_eq!(result(&[]), None);
    }
}
