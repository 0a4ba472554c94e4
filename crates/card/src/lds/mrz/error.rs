//! What is wrong with a machine readable zone, and where.

use std::fmt;

/// A machine readable zone that is none. It never holds a character of the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the machine readable zone is wrong at character {position} ({field}): {fault}")]
pub struct MrzError {
    /// Which field.
    pub field: MrzField,
    /// Which character, from 0, line ends not counted.
    pub position: usize,
    /// What is wrong.
    pub fault: MrzFault,
}

/// What can be wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MrzFault {
    /// Not 90 (TD1), 72 (TD2) or 88 (TD3) characters.
    #[error("no format has this length")]
    Length,
    /// A character that this field cannot have.
    #[error("not a character of this field")]
    Character,
    /// Nothing but fillers where something must be.
    #[error("nothing is there")]
    Missing,
    /// A date that is none.
    #[error("not a date")]
    Date,
    /// The rest of a long document number lacks its check digit or the filler behind it.
    #[error("a long document number without its end")]
    LongNumber,
    /// The check digit is another.
    #[error("the check digit is wrong")]
    CheckDigit,
}

/// A field of the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MrzField {
    /// All of it.
    Whole,
    /// Document code.
    DocumentCode,
    /// Issuing state or organisation.
    Issuer,
    /// Name.
    Name,
    /// Document number.
    Number,
    /// Its check digit.
    NumberDigit,
    /// Nationality.
    Nationality,
    /// Date of birth.
    Birth,
    /// Its check digit.
    BirthDigit,
    /// Sex.
    Sex,
    /// Date of expiry.
    Expiry,
    /// Its check digit.
    ExpiryDigit,
    /// Optional data; of a TD3 the personal number.
    Optional,
    /// Its check digit (TD3).
    OptionalDigit,
    /// Second field of optional data (TD1).
    Optional2,
    /// Composite check digit.
    CompositeDigit,
}

impl fmt::Display for MrzField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whole => "all of it",
            Self::DocumentCode => "document code",
            Self::Issuer => "issuing state",
            Self::Name => "name",
            Self::Number => "document number",
            Self::NumberDigit => "check digit of the document number",
            Self::Nationality => "nationality",
            Self::Birth => "date of birth",
            Self::BirthDigit => "check digit of the date of birth",
            Self::Sex => "sex",
            Self::Expiry => "date of expiry",
            Self::ExpiryDigit => "check digit of the date of expiry",
            Self::Optional => "optional data",
            Self::OptionalDigit => "check digit of the optional data",
            Self::Optional2 => "second optional data",
            Self::CompositeDigit => "composite check digit",
        })
    }
}
