//! `FEATURE_EXECUTE_PACE` (PC/SC part 10, amendment 1; BSI TR-03119): the reader runs PACE itself. Numbers are little-endian.

use zeroize::Zeroizing;

use crate::{
    device_name::Pace,
    pace::{self, result},
    reader::{Entry, Reader, ReaderError},
    wire::Prompt,
};

/// `idxFunction`: GetReadersPACECapabilities.
const CAPABILITIES: u8 = 0x01;
/// `idxFunction`: EstablishPACEChannel.
const ESTABLISH: u8 = 0x02;
/// `BitMap`: PACE, and nothing of German cards.
const GENERIC_PACE: u8 = 0x40;
/// `PinID`: the card access number.
const CAN: u8 = 0x02;
/// Seconds that the person has.
const SECONDS: u8 = 60;

/// What is wrong with the input.
const INCONSISTENT_LENGTHS: u32 = 0xD000_0001;
const UNEXPECTED_DATA: u32 = 0xD000_0002;
const UNKNOWN_PIN_ID: u32 = 0xE000_0003;

/// Carries a request out: result code, length, and output.
pub(crate) fn control(reader: &Reader, input: &[u8]) -> Result<Vec<u8>, ReaderError> {
    let (code, output) = match request(input) {
        Err(code) => (code, Vec::new()),
        Ok((CAPABILITIES, [])) => (0, vec![GENERIC_PACE]),
        Ok((ESTABLISH, input)) => match establish(reader, input)? {
            Ok(output) => (0, output),
            Err(code) => (code, Vec::new()),
        },
        Ok(_) => (UNEXPECTED_DATA, Vec::new()),
    };
    let length = u16::try_from(output.len()).unwrap_or(0).to_le_bytes();
    Ok([code.to_le_bytes().as_slice(), &length, &output].concat())
}

fn request(input: &[u8]) -> Result<(u8, &[u8]), u32> {
    match input {
        [function, low, high, data @ ..] if data.len() == usize::from(u16::from_le_bytes([*low, *high])) => {
            Ok((*function, data))
        }
        _ => Err(INCONSISTENT_LENGTHS),
    }
}

/// `PinID`, then CHAT, PIN and certificate description, each behind its length: here the number must come from the person.
fn establish(reader: &Reader, input: &[u8]) -> Result<Result<Vec<u8>, u32>, ReaderError> {
    match input {
        [CAN, 0, 0, 0, 0] | [CAN, 0, 0] => {}
        [CAN, ..] => return Ok(Err(UNEXPECTED_DATA)),
        _ => return Ok(Err(UNKNOWN_PIN_ID)),
    }
    if reader.device().pace == Pace::Fails {
        return Ok(Err(result::COMMUNICATION));
    }
    let number: Zeroizing<Vec<u8>> = match reader.enter_pin(Prompt::CardAccessNumber, SECONDS)? {
        Entry::Digits(digits) => digits,
        Entry::Cancelled => return Ok(Err(result::ABORTED)),
        Entry::TimedOut => return Ok(Err(result::TIMEOUT)),
    };
    let opened = match pace::open(reader, &number) {
        Ok(opened) => opened,
        Err(code) => return Ok(Err(code)),
    };
    let length = u16::try_from(opened.card_access.len()).unwrap_or(0).to_le_bytes();
    // no certification authorities and no identifier of the chip: nothing of terminal authentication
    let output = [&opened.set_at[..], &length, &opened.card_access, &[0, 0, 0, 0]].concat();
    reader.protect(opened.channel);
    Ok(Ok(output))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device_name::DeviceName;

    fn answer(pace: &str, input: &[u8]) -> Vec<u8> {
        let device = DeviceName::parse(&format!("/nonexistent/reader:pace={pace}")).unwrap();
        control(&Reader::new(device), input).unwrap()
    }

    #[test]
    fn capabilities_are_those_of_a_reader_for_every_card() {
        assert_eq!(answer("yes", &[0x01, 0x00, 0x00]), [0, 0, 0, 0, 0x01, 0x00, 0x40]);
    }

    #[test]
    fn what_is_asked_in_another_way_has_a_result_code() {
        // function, length, PIN-ID, CHAT, PIN, certificate description
        for (input, code) in [
            (&[][..], 0xD000_0001_u32),
            (&[0x01, 0x01, 0x00], 0xD000_0001),
            (&[0x02, 0x05, 0x00, 0x02, 0x00, 0x00, 0x00], 0xD000_0001),
            (&[0x01, 0x01, 0x00, 0x00], 0xD000_0002),
            // a number that does not come from its keys
            (&[0x02, 0x06, 0x00, 0x02, 0x00, 0x01, 0x31, 0x00, 0x00], 0xD000_0002),
            (&[0x02, 0x05, 0x00, 0x03, 0x00, 0x00, 0x00, 0x00], 0xE000_0003),
        ] {
            let expected = [&code.to_le_bytes()[..], &[0, 0]].concat();
            assert_eq!(answer("yes", input), expected, "{input:02X?}");
        }
    }

    #[test]
    fn a_reader_that_fails_says_so_and_asks_nobody() {
        let input = [0x02, 0x05, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00];
        assert_eq!(answer("fails", &input), [0x01, 0x00, 0x10, 0xF0, 0, 0]);
        let device = DeviceName::parse("/nonexistent/reader:pace=yes").unwrap();
        assert_eq!(control(&Reader::new(device), &input), Err(ReaderError::NoCard), "nobody is there");
    }
}
