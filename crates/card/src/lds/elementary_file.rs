//! The files of the logical data structure (ICAO Doc 9303-10, sections 3 and 4).

use crate::tlv::Tag;

/// Application identifier of the travel document application, LDS1 (9303-10, section 4).
pub const APPLICATION: [u8; 7] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];

/// A data group, 1 to 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataGroup(u8);

impl DataGroup {
    /// Machine readable zone.
    pub const DG1: Self = Self(1);
    /// Face.
    pub const DG2: Self = Self(2);
    /// Fingers.
    pub const DG3: Self = Self(3);
    /// Irises.
    pub const DG4: Self = Self(4);
    /// Displayed portrait.
    pub const DG5: Self = Self(5);
    /// Reserved.
    pub const DG6: Self = Self(6);
    /// Displayed signature.
    pub const DG7: Self = Self(7);
    /// Data features.
    pub const DG8: Self = Self(8);
    /// Structure features.
    pub const DG9: Self = Self(9);
    /// Substance features.
    pub const DG10: Self = Self(10);
    /// Additional details of the person.
    pub const DG11: Self = Self(11);
    /// Additional details of the document.
    pub const DG12: Self = Self(12);
    /// Optional details.
    pub const DG13: Self = Self(13);
    /// Security options.
    pub const DG14: Self = Self(14);
    /// Public key of active authentication.
    pub const DG15: Self = Self(15);
    /// Persons to notify.
    pub const DG16: Self = Self(16);

    /// By number; `None` outside 1 to 16.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        match number {
            1..=16 => Some(Self(number)),
            _ => None,
        }
    }

    /// All sixteen.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=16).map(Self)
    }

    /// By the tag of its file, which EF.COM lists.
    #[must_use]
    pub fn from_tag(tag: Tag) -> Option<Self> {
        Self::all().find(|group| group.tag() == tag)
    }

    /// 1 to 16.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Tag of its file.
    #[must_use]
    pub const fn tag(self) -> Tag {
        Tag(match self.0 {
            1 => 0x61,
            2 => 0x75,
            3 => 0x63,
            4 => 0x76,
            5 => 0x65,
            6 => 0x66,
            7 => 0x67,
            8 => 0x68,
            9 => 0x69,
            10 => 0x6A,
            11 => 0x6B,
            12 => 0x6C,
            13 => 0x6D,
            14 => 0x6E,
            15 => 0x6F,
            _ => 0x70,
        })
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            1 => "DG1",
            2 => "DG2",
            3 => "DG3",
            4 => "DG4",
            5 => "DG5",
            6 => "DG6",
            7 => "DG7",
            8 => "DG8",
            9 => "DG9",
            10 => "DG10",
            11 => "DG11",
            12 => "DG12",
            13 => "DG13",
            14 => "DG14",
            15 => "DG15",
            _ => "DG16",
        }
    }
}

/// An elementary file whose content is one data object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ElementaryFile {
    /// EF.CardAccess, in the master file.
    CardAccess,
    /// EF.CardSecurity, in the master file.
    CardSecurity,
    /// EF.COM.
    Com,
    /// EF.SOD.
    Sod,
    /// EF.DG1 to EF.DG16.
    Group(DataGroup),
}

impl ElementaryFile {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CardAccess => "EF.CardAccess",
            Self::CardSecurity => "EF.CardSecurity",
            Self::Com => "EF.COM",
            Self::Sod => "EF.SOD",
            Self::Group(group) => group.name(),
        }
    }

    /// Its file identifier.
    #[must_use]
    pub const fn identifier(self) -> [u8; 2] {
        // short identifiers are the low byte everywhere (9303-10, tables of files)
        [0x01, self.short_identifier()]
    }

    /// Its short file identifier.
    #[must_use]
    pub const fn short_identifier(self) -> u8 {
        match self {
            Self::CardAccess => 0x1C,
            Self::CardSecurity | Self::Sod => 0x1D,
            Self::Com => 0x1E,
            Self::Group(group) => group.number(),
        }
    }

    /// Tag of the data object that it holds.
    #[must_use]
    pub const fn tag(self) -> Tag {
        match self {
            // SecurityInfos: a SET
            Self::CardAccess => Tag(0x31),
            // ContentInfo: a SEQUENCE
            Self::CardSecurity => Tag(0x30),
            Self::Com => Tag(0x60),
            Self::Sod => Tag(0x77),
            Self::Group(group) => group.tag(),
        }
    }

    /// Whether it is in the master file, not in the application.
    #[must_use]
    pub const fn is_in_master_file(self) -> bool {
        matches!(self, Self::CardAccess | Self::CardSecurity)
    }

    /// Most bytes that are read of it: several times what real documents have.
    #[must_use]
    pub const fn limit(self) -> usize {
        const KIBIBYTE: usize = 1024;
        match self {
            Self::Com => KIBIBYTE,
            Self::CardAccess => 8 * KIBIBYTE,
            Self::CardSecurity | Self::Sod => 64 * KIBIBYTE,
            Self::Group(group) => match group.number() {
                // images
                2..=4 => 512 * KIBIBYTE,
                5..=7 | 12 => 256 * KIBIBYTE,
                // a proof of citizenship may be an image
                11 => 128 * KIBIBYTE,
                8..=10 | 13 => 64 * KIBIBYTE,
                14..=16 => 32 * KIBIBYTE,
                _ => KIBIBYTE,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_found_by_number_and_by_tag() {
        assert_eq!(DataGroup::all().count(), 16);
        for group in DataGroup::all() {
            assert_eq!(DataGroup::new(group.number()), Some(group));
            assert_eq!(DataGroup::from_tag(group.tag()), Some(group));
            assert_eq!(group.name(), format!("DG{}", group.number()));
        }
        assert_eq!(
            (DataGroup::new(0), DataGroup::new(17), DataGroup::from_tag(Tag(0x60))),
            (None, None, None)
        );
    }

    #[test]
    fn files_have_the_identifiers_of_9303_10() {
        let file = |file: ElementaryFile| (file.identifier(), file.short_identifier(), file.tag().0);
        assert_eq!(file(ElementaryFile::Com), ([0x01, 0x1E], 0x1E, 0x60));
        assert_eq!(file(ElementaryFile::Sod), ([0x01, 0x1D], 0x1D, 0x77));
        assert_eq!(file(ElementaryFile::Group(DataGroup::DG1)), ([0x01, 0x01], 0x01, 0x61));
        assert_eq!(file(ElementaryFile::Group(DataGroup::DG16)), ([0x01, 0x10], 0x10, 0x70));
        assert_eq!(file(ElementaryFile::CardAccess), ([0x01, 0x1C], 0x1C, 0x31));
        assert_eq!(file(ElementaryFile::CardSecurity), ([0x01, 0x1D], 0x1D, 0x30));
    }
}
