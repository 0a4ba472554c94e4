//! The three formats, and where their fields are.

use super::MrzField::{self, *};

/// Format of a document, hence of its zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MrzFormat {
    /// Card size, three lines of 30 (9303-5).
    Td1,
    /// Two lines of 36 (9303-6).
    Td2,
    /// Passport, two lines of 44 (9303-4).
    Td3,
}

/// A run of characters, counted over all lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) length: usize,
}

const fn at(start: usize, length: usize) -> Place {
    Place { start, length }
}

/// 9303-5.
const TD1: [(MrzField, Place); 14] = [
    (DocumentCode, at(0, 2)),
    (Issuer, at(2, 3)),
    (Number, at(5, 9)),
    (NumberDigit, at(14, 1)),
    (Optional, at(15, 15)),
    (Birth, at(30, 6)),
    (BirthDigit, at(36, 1)),
    (Sex, at(37, 1)),
    (Expiry, at(38, 6)),
    (ExpiryDigit, at(44, 1)),
    (Nationality, at(45, 3)),
    (Optional2, at(48, 11)),
    (CompositeDigit, at(59, 1)),
    (Name, at(60, 30)),
];

/// 9303-6.
const TD2: [(MrzField, Place); 13] = [
    (DocumentCode, at(0, 2)),
    (Issuer, at(2, 3)),
    (Name, at(5, 31)),
    (Number, at(36, 9)),
    (NumberDigit, at(45, 1)),
    (Nationality, at(46, 3)),
    (Birth, at(49, 6)),
    (BirthDigit, at(55, 1)),
    (Sex, at(56, 1)),
    (Expiry, at(57, 6)),
    (ExpiryDigit, at(63, 1)),
    (Optional, at(64, 7)),
    (CompositeDigit, at(71, 1)),
];

/// 9303-4, section 4.2.2.
const TD3: [(MrzField, Place); 14] = [
    (DocumentCode, at(0, 2)),
    (Issuer, at(2, 3)),
    (Name, at(5, 39)),
    (Number, at(44, 9)),
    (NumberDigit, at(53, 1)),
    (Nationality, at(54, 3)),
    (Birth, at(57, 6)),
    (BirthDigit, at(63, 1)),
    (Sex, at(64, 1)),
    (Expiry, at(65, 6)),
    (ExpiryDigit, at(71, 1)),
    (Optional, at(72, 14)),
    (OptionalDigit, at(86, 1)),
    (CompositeDigit, at(87, 1)),
];

impl MrzFormat {
    pub(super) const fn of_length(length: usize) -> Option<Self> {
        match length {
            90 => Some(Self::Td1),
            72 => Some(Self::Td2),
            88 => Some(Self::Td3),
            _ => None,
        }
    }

    /// Number of lines.
    #[must_use]
    pub const fn lines(self) -> usize {
        match self {
            Self::Td1 => 3,
            Self::Td2 | Self::Td3 => 2,
        }
    }

    /// Characters of a line.
    #[must_use]
    pub const fn line_length(self) -> usize {
        match self {
            Self::Td1 => 30,
            Self::Td2 => 36,
            Self::Td3 => 44,
        }
    }

    pub(super) const fn places(self) -> &'static [(MrzField, Place)] {
        match self {
            Self::Td1 => &TD1,
            Self::Td2 => &TD2,
            Self::Td3 => &TD3,
        }
    }

    /// What the composite check digit covers: everything with a check digit of its own, and the optional data.
    pub(super) const fn composite_over(self) -> &'static [Place] {
        const TD1: [Place; 4] = [at(5, 25), at(30, 7), at(38, 7), at(48, 11)];
        const TD2: [Place; 3] = [at(36, 10), at(49, 7), at(57, 14)];
        const TD3: [Place; 3] = [at(44, 10), at(57, 7), at(65, 22)];
        match self {
            Self::Td1 => &TD1,
            Self::Td2 => &TD2,
            Self::Td3 => &TD3,
        }
    }

    pub(super) fn field_at(self, position: usize) -> MrzField {
        let holds = |place: &Place| (place.start..place.start + place.length).contains(&position);
        let found = self.places().iter().find(|(_, place)| holds(place));
        found.map_or(Whole, |(field, _)| *field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_each_format_cover_it_without_gap_or_overlap() {
        for format in [MrzFormat::Td1, MrzFormat::Td2, MrzFormat::Td3] {
            let mut places: Vec<Place> = format.places().iter().map(|(_, place)| *place).collect();
            places.sort_by_key(|place| place.start);
            let end = places.iter().fold(0, |end, place| {
                assert_eq!(place.start, end, "{format:?}");
                end + place.length
            });
            assert_eq!(end, format.lines() * format.line_length());
            assert_eq!(MrzFormat::of_length(end), Some(format));
        }
    }
}
