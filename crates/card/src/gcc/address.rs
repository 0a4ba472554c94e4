//! EF 0101/0005: where the holder lives. The file of version 1 is longer, and where things are in it is not public.

use super::record::Record;
use crate::error::CardError;

pub(super) const SIZE: usize = 512;

/// The address; what is not there is empty.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// E-mail address.
    pub email: String,
    /// Telephone.
    pub contact_number: String,
    /// Telephone at home.
    pub residence_number: String,
    /// Flat.
    pub flat: String,
    /// Building.
    pub building: String,
    /// Letter after the building's number.
    pub building_letter: String,
    /// The same in Arabic.
    pub building_letter_arabic: String,
    /// The road.
    pub road: Place,
    /// The block.
    pub block: Place,
    /// Number of the governorate.
    pub governorate: String,
}

/// A numbered road or block.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// Its number.
    pub number: String,
    /// Its name in Latin letters.
    pub name: String,
    /// Its name in Arabic letters.
    pub arabic_name: String,
}

impl Address {
    /// Parses the file of version 2 and later.
    ///
    /// # Errors
    /// Misbehaviour if it is too short.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let record = Record::new(content, SIZE)?;
        let place = |offset: usize| Place {
            number: record.text(offset, 4),
            name: record.text(offset + 4, 64),
            arabic_name: record.text(offset + 68, 128),
        };
        Ok(Self {
            email: record.text(0, 64),
            contact_number: record.text(64, 12),
            residence_number: record.text(76, 12),
            flat: record.text(105, 4),
            building: record.text(109, 4),
            building_letter: record.text(113, 1),
            building_letter_arabic: record.text(114, 2),
            road: place(116),
            block: place(312),
            governorate: record.text(508, 4),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_field_is_where_public_readers_have_it() {
        let mut content = vec![0; SIZE];
        for (offset, text) in [
            (0, "a@b.example"),
            (64, "17000000"),
            (76, "17000001"),
            (105, "12"),
            (109, "345"),
            (113, "A"),
            (114, "أ"),
            (116, "678"),
            (120, "ROAD"),
            (184, "طريق"),
            (312, "901"),
            (316, "BLOCK"),
            (380, "مجمع"),
            (508, "1"),
        ] {
            content[offset..offset + text.len()].copy_from_slice(text.as_bytes());
        }
        let address = Address::parse(&content).unwrap();
        let Address { email, contact_number, residence_number, flat, building, .. } = &address;
        assert_eq!(
            [email, contact_number, residence_number, flat, building],
            ["a@b.example", "17000000", "17000001", "12", "345"]
        );
        assert_eq!((address.building_letter.as_str(), address.building_letter_arabic.as_str()), ("A", "أ"));
        let Place { number, name, arabic_name } = &address.road;
        assert_eq!([number, name, arabic_name], ["678", "ROAD", "طريق"]);
        let Place { number, name, arabic_name } = &address.block;
        assert_eq!([number, name, arabic_name], ["901", "BLOCK", "مجمع"]);
        assert_eq!(address.governorate, "1");
        assert!(Address::parse(&content[1..]).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_an_address_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 480..540)) {
            prop_assert_eq!(Address::parse(&bytes).is_ok(), bytes.len() >= SIZE);
        }
    }
}
