//! The key pad as clients see it (PC/SC part 10, "IFDs with Secure PIN Entry Capabilities").

use crate::{
    device_name::{Pace, PinPad, SHORT_COMMAND},
    execute_pace,
    pin_structure::{PinModify, PinVerify},
    reader::{Entry, Reader, ReaderError},
    wire::Prompt,
};

/// CM_IOCTL_GET_FEATURE_REQUEST as pcsc-lite spells it: SCARD_CTL_CODE(3400).
pub const GET_FEATURE_REQUEST: u32 = 0x4200_0D48;
/// Control code of a feature, before its number.
const FEATURE: u32 = 0x4233_0000;

const VERIFY_PIN_DIRECT: u8 = 0x06;
const MODIFY_PIN_DIRECT: u8 = 0x07;
const IFD_PIN_PROPERTIES: u8 = 0x0A;
const GET_TLV_PROPERTIES: u8 = 0x12;
const EXECUTE_PACE: u8 = 0x20;

/// The person pressed nothing in time (section 2.5.4).
const TIMED_OUT: [u8; 2] = [0x64, 0x00];
/// The person cancelled.
const CANCELLED: [u8; 2] = [0x64, 0x01];
/// The new PIN and its repetition differ.
const MISMATCH: [u8; 2] = [0x64, 0x02];
/// Fewer or more digits than allowed.
const WRONG_LENGTH: [u8; 2] = [0x64, 0x03];
/// The structure is not well formed.
const WRONG_STRUCTURE: [u8; 2] = [0x6B, 0x80];

/// Why a control code was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlError {
    /// This reader does not know the code.
    NotSupported,
    /// The reader failed.
    Reader(ReaderError),
}

impl From<ReaderError> for ControlError {
    fn from(error: ReaderError) -> Self {
        Self::Reader(error)
    }
}

/// Carries a control code out.
///
/// # Errors
/// [`ControlError`].
pub fn control(reader: &Reader, code: u32, input: &[u8]) -> Result<Vec<u8>, ControlError> {
    if code == GET_FEATURE_REQUEST {
        return Ok(feature_list(reader));
    }
    let feature = features(reader).find(|feature| FEATURE | u32::from(*feature) == code);
    match feature.ok_or(ControlError::NotSupported)? {
        VERIFY_PIN_DIRECT => Ok(verify(reader, input)?),
        MODIFY_PIN_DIRECT => Ok(modify(reader, input)?),
        EXECUTE_PACE => Ok(execute_pace::control(reader, input)?),
        // wLcdLayout: no display; bEntryValidationCondition: a key; bTimeOut2: not told apart
        IFD_PIN_PROPERTIES => Ok(vec![0, 0, 2, 0]),
        _ => Ok(tlv_properties(reader)),
    }
}

fn features(reader: &Reader) -> impl Iterator<Item = u8> {
    let of_pin_pad: &[u8] = match reader.device().pin_pad {
        PinPad::None => &[],
        PinPad::Verify => &[VERIFY_PIN_DIRECT, IFD_PIN_PROPERTIES],
        PinPad::VerifyAndModify => &[VERIFY_PIN_DIRECT, MODIFY_PIN_DIRECT, IFD_PIN_PROPERTIES],
    };
    let of_pace = (reader.device().pace != Pace::No).then_some(EXECUTE_PACE);
    of_pin_pad.iter().copied().chain([GET_TLV_PROPERTIES]).chain(of_pace)
}

/// Section 2.2: for each feature its number, the length 4 and its control code, big-endian.
fn feature_list(reader: &Reader) -> Vec<u8> {
    features(reader)
        .flat_map(|feature| {
            let [a, b, c, d] = (FEATURE | u32::from(feature)).to_be_bytes();
            [feature, 4, a, b, c, d]
        })
        .collect()
}

/// Section 2.6.14: numbers are little-endian.
fn tlv_properties(reader: &Reader) -> Vec<u8> {
    let device = reader.device();
    // dwMaxAPDUDataSize: 0 says "short only"
    let longest: u32 = if device.max_command > SHORT_COMMAND { 65_536 } else { 0 };
    let properties: [(u8, Vec<u8>); 7] = [
        (1, vec![0, 0]),
        (2, vec![2]),
        (3, vec![0]),
        (6, vec![device.min_pin]),
        (7, vec![device.max_pin]),
        (8, b"Bitaqa virtual reader".to_vec()),
        (10, longest.to_le_bytes().to_vec()),
    ];
    properties
        .into_iter()
        .flat_map(|(tag, value)| {
            let length = u8::try_from(value.len()).unwrap_or(0);
            [tag, length].into_iter().chain(value)
        })
        .collect()
}

fn verify(reader: &Reader, input: &[u8]) -> Result<Vec<u8>, ReaderError> {
    let Ok(structure) = PinVerify::parse(input) else {
        return Ok(WRONG_STRUCTURE.to_vec());
    };
    let digits = match reader.enter_pin(Prompt::Verify, structure.seconds())? {
        Entry::Digits(digits) => digits,
        other => return Ok(ending(&other)),
    };
    match structure.command(&digits, limits(reader)) {
        Ok(command) => reader.transmit(&command),
        Err(_) => Ok(WRONG_LENGTH.to_vec()),
    }
}

fn modify(reader: &Reader, input: &[u8]) -> Result<Vec<u8>, ReaderError> {
    let Ok(structure) = PinModify::parse(input) else {
        return Ok(WRONG_STRUCTURE.to_vec());
    };
    let ask = |prompt| reader.enter_pin(prompt, structure.seconds());
    let old = match structure.asks_old.then(|| ask(Prompt::Old)).transpose()? {
        None => None,
        Some(Entry::Digits(digits)) => Some(digits),
        Some(other) => return Ok(ending(&other)),
    };
    let new = match ask(Prompt::New)? {
        Entry::Digits(digits) => digits,
        other => return Ok(ending(&other)),
    };
    match structure.asks_confirmation.then(|| ask(Prompt::Confirm)).transpose()? {
        None => {}
        Some(Entry::Digits(again)) if again == new => {}
        Some(Entry::Digits(_)) => return Ok(MISMATCH.to_vec()),
        Some(other) => return Ok(ending(&other)),
    }
    match structure.command(old.as_deref().map(Vec::as_slice), &new, limits(reader)) {
        Ok(command) => reader.transmit(&command),
        Err(_) => Ok(WRONG_LENGTH.to_vec()),
    }
}

fn limits(reader: &Reader) -> (u8, u8) {
    (reader.device().min_pin, reader.device().max_pin)
}

fn ending(entry: &Entry) -> Vec<u8> {
    if matches!(entry, Entry::Cancelled) { CANCELLED.to_vec() } else { TIMED_OUT.to_vec() }
}
