//! Data groups of an ICAO chip.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A data group that holds something of the person (ICAO Doc 9303-10, section 4.7). A group is read, signed and handed on as a
/// whole. Groups with fingerprints and irises, and those about the chip itself, are never among what a portal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum DataGroup {
    /// The machine readable zone.
    Dg1,
    /// The face.
    Dg2,
    /// The image of the signature.
    Dg7,
    /// Additional personal details: the name in national letters, place of birth, address.
    Dg11,
    /// Optional details: what is in it is the issuing state's own decision.
    Dg13,
}

impl DataGroup {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Dg1, Self::Dg2, Self::Dg7, Self::Dg11, Self::Dg13];

    /// Its number, 1 to 16.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Dg1 => 1,
            Self::Dg2 => 2,
            Self::Dg7 => 7,
            Self::Dg11 => 11,
            Self::Dg13 => 13,
        }
    }

    /// The group with this number, if a portal can ask for it.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.number() == number)
    }
}

/// `dg11`.
impl fmt::Display for DataGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dg{}", self.number())
    }
}
