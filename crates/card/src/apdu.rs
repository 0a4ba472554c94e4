//! Command and response APDUs (ISO/IEC 7816-4, section 5.1).

use std::fmt;

use crate::error::{CardError, Misbehaviour};

/// Most data bytes of a short command.
pub const MAX_SHORT_DATA: usize = 255;
/// Most bytes a short response carries.
pub const MAX_SHORT_RESPONSE: usize = 256;
/// Most data bytes of an extended command.
pub const MAX_EXTENDED_DATA: usize = 65_535;
/// Most bytes an extended response carries.
pub const MAX_EXTENDED_RESPONSE: usize = 65_536;
/// Class byte bit 5: not the last command of a chain (section 5.4.1).
pub const CLA_CHAINING: u8 = 0x10;

/// Instruction bytes (ISO/IEC 7816-4 section 5.4.2 and 7816-8).
pub mod ins {
    /// VERIFY.
    pub const VERIFY: u8 = 0x20;
    /// VERIFY with data objects.
    pub const VERIFY_DATA_OBJECT: u8 = 0x21;
    /// MANAGE SECURITY ENVIRONMENT.
    pub const MANAGE_SECURITY_ENVIRONMENT: u8 = 0x22;
    /// CHANGE REFERENCE DATA.
    pub const CHANGE_REFERENCE_DATA: u8 = 0x24;
    /// PERFORM SECURITY OPERATION.
    pub const PERFORM_SECURITY_OPERATION: u8 = 0x2A;
    /// RESET RETRY COUNTER.
    pub const RESET_RETRY_COUNTER: u8 = 0x2C;
    /// EXTERNAL AUTHENTICATE.
    pub const EXTERNAL_AUTHENTICATE: u8 = 0x82;
    /// GET CHALLENGE.
    pub const GET_CHALLENGE: u8 = 0x84;
    /// GENERAL AUTHENTICATE.
    pub const GENERAL_AUTHENTICATE: u8 = 0x86;
    /// GENERAL AUTHENTICATE, as PIV cards have it.
    pub const GENERAL_AUTHENTICATE_TEMPLATE: u8 = 0x87;
    /// INTERNAL AUTHENTICATE.
    pub const INTERNAL_AUTHENTICATE: u8 = 0x88;
    /// SELECT.
    pub const SELECT: u8 = 0xA4;
    /// READ BINARY.
    pub const READ_BINARY: u8 = 0xB0;
    /// READ BINARY with the offset in the data field.
    pub const READ_BINARY_ODD: u8 = 0xB1;
    /// GET RESPONSE.
    pub const GET_RESPONSE: u8 = 0xC0;
    /// GET DATA with the tag in P1-P2.
    pub const GET_DATA_BY_TAG: u8 = 0xCA;
    /// GET DATA with a header list in the data field.
    pub const GET_DATA: u8 = 0xCB;
}

/// A command without secrets. A PIN never goes into one of these: see [`PinFormat::write_verify`](crate::PinFormat::write_verify).
#[derive(Clone, PartialEq, Eq)]
pub struct Command {
    /// Class byte, without chaining bit.
    pub cla: u8,
    /// Instruction byte.
    pub ins: u8,
    /// First parameter.
    pub p1: u8,
    /// Second parameter.
    pub p2: u8,
    /// Data field.
    pub data: Vec<u8>,
    /// Most response bytes wanted; `None` if no response data is expected.
    pub le: Option<usize>,
}

impl Command {
    /// A command of the interindustry class without data.
    #[must_use]
    pub const fn new(ins: u8, p1: u8, p2: u8) -> Self {
        Self { cla: 0x00, ins, p1, p2, data: Vec::new(), le: None }
    }

    /// Adds the data field.
    #[must_use]
    pub fn data(mut self, data: impl Into<Vec<u8>>) -> Self {
        self.data = data.into();
        self
    }

    /// Adds the number of response bytes wanted.
    #[must_use]
    pub const fn le(mut self, le: usize) -> Self {
        self.le = Some(le);
        self
    }

    /// Whether the command fits short length.
    #[must_use]
    pub fn fits_short(&self) -> bool {
        self.data.len() <= MAX_SHORT_DATA && self.le.is_none_or(|le| le <= MAX_SHORT_RESPONSE)
    }

    /// Short encoding; `Le` above 256 is asked as 256. `None` if the data field is too long.
    #[must_use]
    pub fn encode_short(&self) -> Option<Vec<u8>> {
        let mut apdu = vec![self.cla, self.ins, self.p1, self.p2];
        if !self.data.is_empty() {
            apdu.push(u8::try_from(self.data.len()).ok()?);
            apdu.extend_from_slice(&self.data);
        }
        if let Some(le) = self.le {
            // 256 is written as 00
            apdu.push(u8::try_from(le).unwrap_or(0));
        }
        Some(apdu)
    }

    /// Extended encoding; `Le` above 65,536 is asked as 65,536. `None` if the data field is too long.
    #[must_use]
    pub fn encode_extended(&self) -> Option<Vec<u8>> {
        let mut apdu = vec![self.cla, self.ins, self.p1, self.p2];
        if !self.data.is_empty() {
            apdu.push(0x00);
            apdu.extend_from_slice(&u16::try_from(self.data.len()).ok()?.to_be_bytes());
            apdu.extend_from_slice(&self.data);
        }
        if let Some(le) = self.le {
            if self.data.is_empty() {
                apdu.push(0x00);
            }
            // 65,536 is written as 0000
            apdu.extend_from_slice(&u16::try_from(le).unwrap_or(0).to_be_bytes());
        }
        Some(apdu)
    }
}

/// What a card answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// Data field.
    pub data: Vec<u8>,
    /// SW1 and SW2.
    pub status: StatusWord,
}

impl Response {
    /// Splits an answer into data and status word.
    ///
    /// # Errors
    /// [`Misbehaviour::NoStatusWord`] for fewer than two bytes.
    pub fn parse(mut answer: Vec<u8>) -> Result<Self, CardError> {
        match (answer.pop(), answer.pop()) {
            (Some(sw2), Some(sw1)) => {
                Ok(Self { data: answer, status: StatusWord(u16::from_be_bytes([sw1, sw2])) })
            }
            _ => Err(Misbehaviour::NoStatusWord.into()),
        }
    }

    /// The data, if the status word is 9000.
    ///
    /// # Errors
    /// [`CardError::Refused`] with command name and status word.
    pub fn expect_ok(self, command: &'static str) -> Result<Vec<u8>, CardError> {
        if self.status == StatusWord::OK {
            Ok(self.data)
        } else {
            Err(CardError::Refused { command, status: self.status })
        }
    }
}

/// SW1-SW2 (ISO/IEC 7816-4, section 5.6).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// Normal processing.
    pub const OK: Self = Self(0x9000);
    /// End of file reached before reading Le bytes.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// Wrong length.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// Security status not satisfied.
    pub const SECURITY_STATUS: Self = Self(0x6982);
    /// Conditions of use not satisfied.
    pub const CONDITIONS_OF_USE: Self = Self(0x6985);
    /// Expected secure messaging data objects missing.
    pub const NO_SECURE_MESSAGING: Self = Self(0x6987);
    /// Authentication method blocked.
    pub const METHOD_BLOCKED: Self = Self(0x6983);
    /// Reference data not usable.
    pub const REFERENCE_NOT_USABLE: Self = Self(0x6984);
    /// File or application not found.
    pub const NOT_FOUND: Self = Self(0x6A82);
    /// Wrong parameters P1-P2: here, an offset outside the file.
    pub const OFFSET_OUTSIDE: Self = Self(0x6B00);

    /// Instruction code not supported or invalid.
    pub const UNKNOWN_INSTRUCTION: Self = Self(0x6D00);

    /// First byte.
    #[must_use]
    pub const fn sw1(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    /// Second byte.
    #[must_use]
    pub const fn sw2(self) -> u8 {
        self.0.to_be_bytes()[1]
    }

    /// Whether the card wants something to come first: a proof, or secure messaging (table 6).
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::SECURITY_STATUS | Self::CONDITIONS_OF_USE | Self::NO_SECURE_MESSAGING)
    }

    /// Tries left, if this is `63Cx`.
    #[must_use]
    pub const fn tries_left(self) -> Option<u8> {
        if self.0 & 0xFFF0 == 0x63C0 { Some(self.sw2() & 0x0F) } else { None }
    }

    /// Bytes waiting for GET RESPONSE, if this is `61xx` (0 means 256 or more).
    #[must_use]
    pub const fn more_available(self) -> Option<u8> {
        if self.sw1() == 0x61 { Some(self.sw2()) } else { None }
    }

    /// The right Le, if this is `6Cxx` (0 means 256).
    #[must_use]
    pub const fn exact_length(self) -> Option<u8> {
        if self.sw1() == 0x6C { Some(self.sw2()) } else { None }
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

/// Without the data, which may be a password's proof or somebody's name.
impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cla, ins, p1, p2, data, le } = self;
        write!(f, "Command {cla:02X} {ins:02X} {p1:02X} {p2:02X}, {} bytes, Le {le:?}", data.len())
    }
}

/// Without the data, as [`Command`].
impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response of {} bytes, {}", self.data.len(), self.status)
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SW {:04X}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_cases_are_encoded_as_section_5_1_says() {
        let case1 = Command::new(0xA4, 0, 0);
        assert_eq!(case1.encode_short().unwrap(), [0, 0xA4, 0, 0]);
        assert_eq!(case1.clone().le(256).encode_short().unwrap(), [0, 0xA4, 0, 0, 0]);
        assert_eq!(case1.clone().data([1, 2]).encode_short().unwrap(), [0, 0xA4, 0, 0, 2, 1, 2]);
        assert_eq!(case1.clone().data([1, 2]).le(16).encode_short().unwrap(), [0, 0xA4, 0, 0, 2, 1, 2, 16]);
        assert_eq!(case1.clone().le(65_536).encode_extended().unwrap(), [0, 0xA4, 0, 0, 0, 0, 0]);
        assert_eq!(case1.clone().data([1, 2]).encode_extended().unwrap(), [0, 0xA4, 0, 0, 0, 0, 2, 1, 2]);
        assert_eq!(
            case1.clone().data([1, 2]).le(300).encode_extended().unwrap(),
            [0, 0xA4, 0, 0, 0, 0, 2, 1, 2, 0x01, 0x2C]
        );
        assert_eq!(case1.clone().data([0; 256]).encode_short(), None);
        assert_eq!(case1.data(vec![0; 65_536]).encode_extended(), None);
    }

    #[test]
    fn an_answer_without_a_status_word_is_misbehaviour() {
        assert!(Response::parse(vec![0x90]).is_err());
        assert_eq!(Response::parse(vec![1, 0x63, 0xC2]).unwrap().status.tries_left(), Some(2));
    }
}
