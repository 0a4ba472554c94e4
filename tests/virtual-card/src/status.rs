//! Status words (ISO 7816-4, section 5.6, tables 5 and 6).

use std::fmt;

/// SW1-SW2, the last two bytes of every answer.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct StatusWord(pub u16);

impl StatusWord {
    /// Normal processing.
    pub const SUCCESS: Self = Self(0x9000);
    /// The end of the file was reached before Ne bytes were read.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// The selected file is deactivated; of a PACE password: it is deactivated.
    pub const FILE_DEACTIVATED: Self = Self(0x6283);
    /// Authentication failed; nothing is counted.
    pub const AUTHENTICATION_FAILED: Self = Self(0x6300);
    /// Wrong length.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// Logical channels are not supported.
    pub const LOGICAL_CHANNEL_NOT_SUPPORTED: Self = Self(0x6881);
    /// Secure messaging is not supported.
    pub const SECURE_MESSAGING_NOT_SUPPORTED: Self = Self(0x6882);
    /// The last command of the chain was expected.
    pub const LAST_OF_CHAIN_EXPECTED: Self = Self(0x6883);
    /// Command chaining is not supported.
    pub const CHAINING_NOT_SUPPORTED: Self = Self(0x6884);
    /// The command does not fit the structure of the file.
    pub const WRONG_FILE_STRUCTURE: Self = Self(0x6981);
    /// The security condition is not satisfied.
    pub const SECURITY_NOT_SATISFIED: Self = Self(0x6982);
    /// The authentication method is blocked.
    pub const METHOD_BLOCKED: Self = Self(0x6983);
    /// The reference data cannot be used (here: a PIN that was never activated).
    pub const REFERENCE_DATA_NOT_USABLE: Self = Self(0x6984);
    /// The conditions of use are not satisfied.
    pub const CONDITIONS_NOT_SATISFIED: Self = Self(0x6985);
    /// No elementary file is selected.
    pub const NO_CURRENT_FILE: Self = Self(0x6986);
    /// Expected secure messaging data objects are missing.
    pub const SECURE_MESSAGING_OBJECTS_MISSING: Self = Self(0x6987);
    /// Secure messaging data objects are incorrect.
    pub const SECURE_MESSAGING_OBJECTS_INCORRECT: Self = Self(0x6988);
    /// Wrong data field.
    pub const WRONG_DATA: Self = Self(0x6A80);
    /// The function is not supported.
    pub const FUNCTION_NOT_SUPPORTED: Self = Self(0x6A81);
    /// File or application not found.
    pub const FILE_NOT_FOUND: Self = Self(0x6A82);
    /// Wrong P1-P2.
    pub const WRONG_PARAMETERS: Self = Self(0x6A86);
    /// Nc does not fit P1-P2.
    pub const LENGTH_AGAINST_PARAMETERS: Self = Self(0x6A87);
    /// Referenced data or data object not found.
    pub const REFERENCE_NOT_FOUND: Self = Self(0x6A88);
    /// Wrong P1-P2: the offset lies outside the file.
    pub const OFFSET_OUTSIDE_FILE: Self = Self(0x6B00);
    /// The instruction is not supported.
    pub const INSTRUCTION_NOT_SUPPORTED: Self = Self(0x6D00);
    /// The class is not supported.
    pub const CLASS_NOT_SUPPORTED: Self = Self(0x6E00);
    /// No precise diagnosis.
    pub const NO_DIAGNOSIS: Self = Self(0x6F00);

    /// `63CX`: verification failed, X tries are left.
    #[must_use]
    pub fn tries_left(tries: u8) -> Self {
        Self(0x63C0 | u16::from(tries.min(15)))
    }

    /// `61XX`: XX bytes (00: 256 or more) wait to be fetched with GET RESPONSE.
    #[must_use]
    pub fn bytes_waiting(bytes: usize) -> Self {
        Self(0x6100 | u16::from(u8::try_from(bytes).unwrap_or(0)))
    }

    /// `6CXX`: wrong Le, XX (00: 256 or more) is the right one.
    #[must_use]
    pub fn right_length(bytes: usize) -> Self {
        Self(0x6C00 | u16::from(u8::try_from(bytes).unwrap_or(0)))
    }
}

impl fmt::Debug for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Display for StatusWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}
