//! Names and dates.

use std::fmt;

use super::CvcError;

/// Most characters of a reference: country, mnemonic and sequence number (TR-03110-3 section C.1.2).
const MAX_REFERENCE: usize = 16;

/// A certification authority reference or certificate holder reference: the name of a key.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reference(Vec<u8>);

impl Reference {
    /// From its characters, ISO/IEC 8859-1. Shorter ones than the standard's eight are understood: test authorities have
    /// them.
    ///
    /// # Errors
    /// [`CvcError::Element`] for none or more than sixteen, and for control characters.
    pub fn new(characters: &[u8]) -> Result<Self, CvcError> {
        let is_text = characters.iter().all(|byte| matches!(byte, 0x20..=0x7E | 0xA0..));
        if is_text && (1..=MAX_REFERENCE).contains(&characters.len()) {
            Ok(Self(characters.to_vec()))
        } else {
            Err(CvcError::Element { element: "reference" })
        }
    }

    /// The characters.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({self})")
    }
}

/// A day: `YYMMDD`, one digit in a byte, of the years 2000 to 2099.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    /// Year.
    pub year: u16,
    /// Month, from 1.
    pub month: u8,
    /// Day of the month, from 1.
    pub day: u8,
}

impl Date {
    /// From its six digits.
    pub(super) fn parse(digits: &[u8]) -> Option<Self> {
        let &[y1, y0, m1, m0, d1, d0] = digits else { return None };
        let number = |tens: u8, ones: u8| (tens < 10 && ones < 10).then(|| tens * 10 + ones);
        let (year, month, day) = (number(y1, y0)?, number(m1, m0)?, number(d1, d0)?);
        let exists = (1..=12).contains(&month) && (1..=31).contains(&day);
        exists.then(|| Self { year: 2000 + u16::from(year), month, day })
    }
}
