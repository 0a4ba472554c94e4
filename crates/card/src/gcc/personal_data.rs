//! EF 0101/0001: who the holder is.

use super::{
    Generation,
    record::{Date, Record},
};
use crate::error::CardError;

/// The holder.
#[derive(Clone, PartialEq, Eq)]
pub struct PersonalData {
    /// The personal number (CPR): nine digits, leading zeros kept; `None` if the card has anything else. Its check digit
    /// follows no public rule.
    pub number: Option<String>,
    /// Names in Latin letters.
    pub names: Names,
    /// Names in Arabic letters.
    pub arabic_names: Names,
    /// The letter that the card has for the sex.
    pub sex: Option<char>,
    /// Date of birth.
    pub birth: Option<Date>,
    /// Blood group; not on version 1.
    pub blood_group: Option<String>,
    /// Date of expiry; on version 1 only, others have it beside the card's data.
    pub expiry: Option<Date>,
}

/// The parts of a name; parts that a person does not have are empty.
#[derive(Clone, PartialEq, Eq)]
pub struct Names {
    /// First name.
    pub first: String,
    /// Names of father and forefathers.
    pub middle: [String; 4],
    /// Family name.
    pub last: String,
}

/// Where things are.
struct Offsets {
    size: usize,
    number: usize,
    names: usize,
    arabic_names: usize,
    sex: usize,
    birth: usize,
}

/// Bytes of one name, in Latin and in Arabic letters.
const NAME: usize = 32;
const ARABIC_NAME: usize = 64;

const VERSION_1: Offsets =
    Offsets { size: 610, number: 8, names: 17, arabic_names: 209, sex: 593, birth: 594 };
const VERSION_2: Offsets =
    Offsets { size: 597, number: 0, names: 9, arabic_names: 201, sex: 585, birth: 586 };

impl PersonalData {
    pub(super) const fn size(generation: Generation) -> usize {
        offsets(generation).size
    }

    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour if it is too short.
    pub fn parse(generation: Generation, content: &[u8]) -> Result<Self, CardError> {
        let at = offsets(generation);
        let record = Record::new(content, at.size)?;
        let number = record.text(at.number, 9);
        let is_first = generation == Generation::V1;
        Ok(Self {
            number: (number.len() == 9 && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(number),
            names: Names::parse(record, at.names, NAME),
            arabic_names: Names::parse(record, at.arabic_names, ARABIC_NAME),
            sex: record.text(at.sex, 1).chars().next(),
            birth: record.date(at.birth),
            blood_group: if is_first {
                None
            } else {
                Some(record.text(594, 3)).filter(|text| !text.is_empty())
            },
            expiry: if is_first { record.date(602) } else { None },
        })
    }
}

const fn offsets(generation: Generation) -> &'static Offsets {
    match generation {
        Generation::V1 => &VERSION_1,
        Generation::V2 | Generation::V2_1 | Generation::V4 => &VERSION_2,
    }
}

impl Names {
    fn parse(record: Record<'_>, offset: usize, length: usize) -> Self {
        let part = |number: usize| record.text(offset + number * length, length);
        Self { first: part(0), middle: [part(1), part(2), part(3), part(4)], last: part(5) }
    }

    /// The parts that are there, in their order.
    #[must_use]
    pub fn full(&self) -> String {
        let parts = std::iter::once(&self.first).chain(&self.middle).chain(std::iter::once(&self.last));
        parts.filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn file(size: usize, fields: &[(usize, &str)]) -> Vec<u8> {
        let mut content = vec![0; size];
        for (offset, text) in fields {
            content[*offset..offset + text.len()].copy_from_slice(text.as_bytes());
        }
        content
    }

    #[test]
    fn every_field_of_version_2_is_where_public_readers_have_it() {
        let fields = [
            (0, "012345678"),
            (9, "AMINA"),
            (41, "ALI"),
            (73, "HASAN"),
            (105, "OMAR"),
            (137, "SAMI"),
            (169, "ALTAJIR"),
            (201, "أمينة"),
            (521, "التاجر"),
            (585, "F"),
            (586, "19900102"),
            (594, "AB+"),
        ];
        let data = PersonalData::parse(Generation::V2, &file(597, &fields)).unwrap();
        assert_eq!(data.number.as_deref(), Some("012345678"));
        assert_eq!(data.names.full(), "AMINA ALI HASAN OMAR SAMI ALTAJIR");
        assert_eq!((data.arabic_names.first.as_str(), data.arabic_names.last.as_str()), ("أمينة", "التاجر"));
        assert_eq!((data.sex, data.birth.unwrap().year), (Some('F'), 1990));
        assert_eq!((data.blood_group.as_deref(), data.expiry), (Some("AB+"), None));
        assert!(PersonalData::parse(Generation::V2, &[0; 596]).is_err());
    }

    #[test]
    fn every_field_of_version_1_is_where_public_readers_have_it() {
        let fields = [
            (8, "000000019"),
            (17, "YOUSSEF"),
            (177, "ALSAYED"),
            (209, "يوسف"),
            (529, "السيد"),
            (593, "M"),
            (594, "19751231"),
            (602, "20301231"),
        ];
        let data = PersonalData::parse(Generation::V1, &file(610, &fields)).unwrap();
        assert_eq!(data.number.as_deref(), Some("000000019"));
        assert_eq!(
            (data.names.full().as_str(), data.arabic_names.full().as_str()),
            ("YOUSSEF ALSAYED", "يوسف السيد")
        );
        assert_eq!((data.sex, data.expiry.unwrap().year, data.blood_group), (Some('M'), 2030, None));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for wrong in ["12345678", "12345678X", ""] {
            let data = PersonalData::parse(Generation::V2, &file(597, &[(0, wrong)])).unwrap();
            assert_eq!(data.number, None);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_data_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 500..700)) {
            for generation in [Generation::V1, Generation::V2, Generation::V4] {
                let parsed = PersonalData::parse(generation, &bytes);
                prop_assert_eq!(parsed.is_ok(), bytes.len() >= PersonalData::size(generation));
            }
        }
    }
}
