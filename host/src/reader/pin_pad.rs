//! Readers with keys of their own: PC/SC part 10 (IFDs with secure PIN entry capabilities), revision 2.02.09.

use bitaqa_card::{
    PinFormat, TransportError,
    apdu::{StatusWord, ins},
    pin::{PinAlphabet, PinEncoding},
};
use pcsc::{Card, Error, ctl_code};

use super::{
    execute_pace::{FEATURE_EXECUTE_PACE, PaceReader},
    transport::transport_error,
};

/// `CM_IOCTL_GET_FEATURE_REQUEST` (section 2.2).
const GET_FEATURE_REQUEST: u32 = 3400;
/// `FEATURE_VERIFY_PIN_DIRECT` (section 2.3).
const FEATURE_VERIFY_PIN_DIRECT: u8 = 0x06;
/// `FEATURE_MODIFY_PIN_DIRECT`.
const FEATURE_MODIFY_PIN_DIRECT: u8 = 0x07;
/// `FEATURE_GET_TLV_PROPERTIES`.
const FEATURE_GET_TLV_PROPERTIES: u8 = 0x12;
/// `PCSCv2_PART10_PROPERTY_dwMaxAPDUDataSize` (section 2.6.14).
const PROPERTY_MAX_APDU_DATA_SIZE: u8 = 0x0A;
/// Seconds until the key pad gives up, for the first and for each further key. The window's own limit is longer.
const KEY_PAD_SECONDS: u8 = 60;
/// `bEntryValidationCondition`: the person presses the validation key.
const VALIDATION_KEY: u8 = 0x02;
/// `bNumberMessage`: the reader shows one message.
const ONE_MESSAGE: u8 = 0x01;
/// `bNumberMessage`: it asks for the current PIN, the new one, and the new one again.
const THREE_MESSAGES: u8 = 0x03;
/// `bConfirmPIN`: the current PIN is asked for (bit 1), the new one twice (bit 0).
const CURRENT_AND_CONFIRMED: u8 = 0x03;
/// `wLangId`: English of the United States, which every reader has.
const ENGLISH: u16 = 0x0409;
/// Longest answer to a control request that is looked at.
const MAX_ANSWER: usize = 256;

/// A reader's key pad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PinPad {
    verify_direct: u32,
    modify_direct: Option<u32>,
}

/// What a reader says of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Features {
    pub(super) pin_pad: Option<PinPad>,
    pub(super) pace: Option<PaceReader>,
    pub(super) max_apdu_data: Option<u32>,
}

/// Asks a reader what it can do; `None` if it could not be asked. To be called inside a transaction: pcsc-lite refuses
/// control requests while another program holds one, and a key pad would be taken for missing.
pub(super) fn features(card: &Card) -> Option<Features> {
    let mut buffer = [0; MAX_ANSWER];
    let answer = match card.control(ctl_code(GET_FEATURE_REQUEST.into()), &[], &mut buffer) {
        Ok(answer) => answer,
        // a driver without such requests: it can do nothing special
        Err(Error::UnsupportedFeature | Error::NotTransacted | Error::InvalidParameter) => &[],
        Err(_) => return None,
    };
    let list = feature_list(answer);
    let code = |feature: u8| list.iter().find(|(tag, _)| *tag == feature).map(|(_, code)| *code);
    let pin_pad = code(FEATURE_VERIFY_PIN_DIRECT)
        .map(|verify_direct| PinPad { verify_direct, modify_direct: code(FEATURE_MODIFY_PIN_DIRECT) });
    let max_apdu_data = code(FEATURE_GET_TLV_PROPERTIES).and_then(|request| {
        let mut buffer = [0; MAX_ANSWER];
        max_apdu_data(card.control(request.into(), &[], &mut buffer).ok()?)
    });
    let pace = code(FEATURE_EXECUTE_PACE).and_then(|request| PaceReader::find(card, request));
    Some(Features { pin_pad, pace, max_apdu_data })
}

/// Whether a reader's key pad can put a PIN of this format into a command. Part 10 knows digits as ASCII, as packed BCD, and
/// the length of ISO 9564-1 format 2 in a block of 8 bytes; the card would take anything else for a wrong PIN.
pub(crate) fn can_take(format: &PinFormat) -> bool {
    match format.encoding {
        PinEncoding::Ascii => format.alphabet == PinAlphabet::Digits,
        PinEncoding::Bcd => format.stored_length > 0,
        PinEncoding::Iso9564Format2 => format.stored_length == 8,
        PinEncoding::HalfNibbleBcd => false,
    }
}

/// Tag, length 4, control code in network byte order (section 2.2).
fn feature_list(answer: &[u8]) -> Vec<(u8, u32)> {
    let entry = |chunk: &[u8]| match chunk {
        [tag, 4, a, b, c, d] => Some((*tag, u32::from_be_bytes([*a, *b, *c, *d]))),
        _ => None,
    };
    answer.chunks(6).map_while(entry).collect()
}

/// Tag, length, value in the reader's (little endian) order (section 2.6).
fn max_apdu_data(mut properties: &[u8]) -> Option<u32> {
    while let [tag, length, rest @ ..] = properties {
        let (value, after) = rest.split_at_checked(usize::from(*length))?;
        if let (PROPERTY_MAX_APDU_DATA_SIZE, [a, b, c, d]) = (*tag, value) {
            return Some(u32::from_le_bytes([*a, *b, *c, *d]));
        }
        properties = after;
    }
    None
}

impl PinPad {
    /// Has the reader take the PIN and send VERIFY; blocks until the person is done, cancels, or the time is over.
    ///
    /// # Errors
    /// Transport faults, and an answer that is no status word.
    pub(super) fn verify(self, card: &Card, format: &PinFormat) -> Result<StatusWord, TransportError> {
        Self::ask(card, self.verify_direct, &verify_structure(format))
    }

    /// Whether [`modify`](Self::modify) works.
    pub(super) const fn can_modify(self) -> bool {
        self.modify_direct.is_some()
    }

    /// Has the reader take the current PIN and twice the new one, and send CHANGE REFERENCE DATA. Where each PIN stands in the
    /// command must be known beforehand: an unpadded PIN, or one of a format that the pad does not know, is refused.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub(super) fn modify(self, card: &Card, format: &PinFormat) -> Result<StatusWord, TransportError> {
        let code = self.modify_direct.filter(|_| format.stored_length > 0 && can_take(format));
        let code = code.ok_or_else(|| TransportError::Fault("the key pad cannot change this PIN".into()))?;
        Self::ask(card, code, &modify_structure(format))
    }

    fn ask(card: &Card, code: u32, request: &[u8]) -> Result<StatusWord, TransportError> {
        let mut buffer = [0; MAX_ANSWER];
        match card.control(code.into(), request, &mut buffer) {
            Ok([.., sw1, sw2]) => Ok(StatusWord(u16::from_be_bytes([*sw1, *sw2]))),
            Ok(_) => Err(TransportError::Fault("the key pad gave no status word".into())),
            // some drivers say it this way
            Err(Error::Cancelled | Error::CancelledByUser) => Ok(StatusWord(0x6401)),
            Err(Error::Timeout) => Ok(StatusWord(0x6400)),
            Err(error) => Err(transport_error(error)),
        }
    }
}

/// `PIN_VERIFY_STRUCTURE` (section 2.5.2), little endian.
fn verify_structure(format: &PinFormat) -> Vec<u8> {
    let mut structure = placement(format);
    structure.extend_from_slice(&u16::from_be_bytes([format.min_length, format.max_length]).to_le_bytes());
    structure.extend_from_slice(&[VALIDATION_KEY, ONE_MESSAGE]);
    structure.extend_from_slice(&ENGLISH.to_le_bytes());
    // bMsgIndex; bTeoPrologue
    structure.extend_from_slice(&[0x00, 0x00, 0x00, 0x00]);
    append_command(&mut structure, ins::VERIFY, format.reference, &pin_field(format));
    structure
}

/// `PIN_MODIFY_STRUCTURE` (section 2.5.3), little endian.
fn modify_structure(format: &PinFormat) -> Vec<u8> {
    let field = pin_field(format);
    let mut structure = placement(format);
    // bInsertionOffsetOld, bInsertionOffsetNew: the new PIN follows the current one
    structure.extend_from_slice(&[0, format.stored_length]);
    structure.extend_from_slice(&u16::from_be_bytes([format.min_length, format.max_length]).to_le_bytes());
    structure.extend_from_slice(&[CURRENT_AND_CONFIRMED, VALIDATION_KEY, THREE_MESSAGES]);
    structure.extend_from_slice(&ENGLISH.to_le_bytes());
    // bMsgIndex1 to 3; bTeoPrologue
    structure.extend_from_slice(&[0x00, 0x01, 0x02, 0x00, 0x00, 0x00]);
    append_command(
        &mut structure,
        ins::CHANGE_REFERENCE_DATA,
        format.reference,
        &[&field[..], &field].concat(),
    );
    structure
}

/// Waiting times, and where and how a PIN stands in its field.
fn placement(format: &PinFormat) -> Vec<u8> {
    // bmFormatString: units are bytes (80), position of the PIN in bytes (bits 6–3), left justified, PIN as BCD (1) or
    // ASCII (2); bmPINBlockString: bits of the length field, bytes of the block; bmPINLengthFormat: where the length goes
    let (format_string, block_string, length_format) = match format.encoding {
        // half-nibble BCD comes never here, see `can_take`
        PinEncoding::Ascii | PinEncoding::HalfNibbleBcd => (0x82, format.stored_length & 0x0F, 0x00),
        PinEncoding::Bcd => (0x81, format.stored_length & 0x0F, 0x00),
        // the digits begin after control half and length, so seven of the eight bytes are theirs
        PinEncoding::Iso9564Format2 => (0x89, 0x47, 0x04),
    };
    vec![KEY_PAD_SECONDS, KEY_PAD_SECONDS, format_string, block_string, length_format]
}

/// An empty, padded PIN field that the reader fills.
fn pin_field(format: &PinFormat) -> Vec<u8> {
    let mut field = vec![format.pad; usize::from(format.stored_length)];
    if format.encoding == PinEncoding::Iso9564Format2 {
        field.fill(0xFF);
        if let Some(first) = field.first_mut() {
            *first = 0x20;
        }
    }
    field
}

/// `ulDataLength` and `abData`: the command with this data field.
fn append_command(structure: &mut Vec<u8>, instruction: u8, reference: u8, field: &[u8]) {
    let lc = u8::try_from(field.len()).unwrap_or(0);
    structure.extend_from_slice(&u32::try_from(5 + field.len()).unwrap_or(0).to_le_bytes());
    structure.extend_from_slice(&[0x00, instruction, 0x00, reference, lc]);
    structure.extend_from_slice(field);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_and_properties_are_read_and_garbage_is_not() {
        let answer = [0x06, 4, 0x42, 0x33, 0x00, 0x06, 0x12, 4, 0x42, 0x33, 0x00, 0x12, 0x0A, 2];
        assert_eq!(feature_list(&answer), [(0x06, 0x4233_0006), (0x12, 0x4233_0012)]);
        assert_eq!(feature_list(&[0x06, 3, 1, 2, 3, 4]), []);
        assert_eq!(max_apdu_data(&[0x01, 2, 0, 0, 0x0A, 4, 0x00, 0x00, 0x01, 0x00]), Some(65_536));
        assert_eq!(max_apdu_data(&[0x0A, 4, 0x00]), None);
        assert_eq!(max_apdu_data(&[0x0A]), None);
    }

    #[test]
    fn a_pin_that_a_key_pad_would_spoil_is_not_given_to_one() {
        let format = |encoding, stored_length| PinFormat {
            reference: 0x01,
            encoding,
            alphabet: PinAlphabet::Digits,
            min_length: 4,
            max_length: 8,
            stored_length,
            pad: 0xFF,
        };
        assert!(can_take(&format(PinEncoding::Ascii, 8)));
        assert!(can_take(&format(PinEncoding::Ascii, 0)));
        assert!(can_take(&format(PinEncoding::Bcd, 8)));
        assert!(can_take(&format(PinEncoding::Iso9564Format2, 8)));
        // part 10 has no word for it
        assert!(!can_take(&format(PinEncoding::HalfNibbleBcd, 8)));
        // the template would have no room for the block
        assert!(!can_take(&format(PinEncoding::Iso9564Format2, 0)));
        let letters = PinFormat { alphabet: PinAlphabet::Ascii, ..format(PinEncoding::Ascii, 8) };
        assert!(!can_take(&letters), "a key pad has digits only");
    }

    #[test]
    fn the_verify_structure_is_that_of_section_2_5_2() {
        let format = PinFormat {
            reference: 0x01,
            encoding: PinEncoding::Ascii,
            alphabet: PinAlphabet::Digits,
            min_length: 4,
            max_length: 12,
            stored_length: 12,
            pad: 0xFF,
        };
        let structure = verify_structure(&format);
        assert_eq!(structure[2..9], [0x82, 0x0C, 0x00, 12, 4, 0x02, 0x01]);
        assert_eq!(structure[15..19], [17, 0, 0, 0]);
        assert_eq!(structure[19..24], [0x00, 0x20, 0x00, 0x01, 12]);
        assert_eq!(structure.len(), 19 + 17);
    }

    #[test]
    fn digits_of_format_2_end_with_their_field_of_eight_bytes() {
        let format = PinFormat {
            reference: 0x83,
            encoding: PinEncoding::Iso9564Format2,
            alphabet: PinAlphabet::Digits,
            min_length: 4,
            max_length: 12,
            stored_length: 8,
            pad: 0xFF,
        };
        // one byte on, seven bytes long, the length in the low half of the first byte
        let structure = [
            60, 60, 0x89, 0x47, 0x04, 12, 4, 0x02, 0x01, 0x09, 0x04, 0, 0, 0, 0, 13, 0, 0, 0, 0x00, 0x20,
            0x00, 0x83, 8, 0x20, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        ];
        assert_eq!(verify_structure(&format), structure);
    }

    #[test]
    fn the_modify_structure_is_that_of_section_2_5_3() {
        let format = PinFormat {
            reference: 0x81,
            encoding: PinEncoding::Iso9564Format2,
            alphabet: PinAlphabet::Digits,
            min_length: 4,
            max_length: 8,
            stored_length: 8,
            pad: 0xFF,
        };
        let structure = modify_structure(&format);
        assert_eq!(structure[2..12], [0x89, 0x47, 0x04, 0, 8, 8, 4, 0x03, 0x02, 0x03]);
        assert_eq!(structure[14..20], [0, 1, 2, 0, 0, 0]);
        assert_eq!(structure[20..24], [21, 0, 0, 0]);
        assert_eq!(structure[24..29], [0x00, 0x24, 0x00, 0x81, 16]);
        assert_eq!(structure[29..37], structure[37..45]);
        assert_eq!(structure.len(), 24 + 21);
    }
}
