//! EF 0101/0002: the card itself. Not on version 1, which has its expiry beside the personal data.

use super::record::{Date, Record};
use crate::error::CardError;

pub(super) const SIZE: usize = 36;

/// The card.
#[derive(Clone, PartialEq, Eq)]
pub struct CardData {
    /// Date of expiry.
    pub expiry: Option<Date>,
    /// Date of issue.
    pub issue: Option<Date>,
    /// Who issued it.
    pub authority: String,
}

impl CardData {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour if it is too short.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let record = Record::new(content, SIZE)?;
        Ok(Self { expiry: record.date(0), issue: record.date(8), authority: record.text(16, 20) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_authority_are_read() {
        let data = CardData::parse(b"2031123120220101TEST AUTHORITY\0\0\0\0\0\0").unwrap();
        assert_eq!((data.expiry.unwrap().year, data.issue.unwrap().year), (2031, 2022));
        assert_eq!(data.authority, "TEST AUTHORITY");
        assert!(CardData::parse(&[0; 35]).is_err());
    }
}
