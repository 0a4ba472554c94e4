//! EF.DG5 and EF.DG7: portrait and signature as they are printed (ICAO Doc 9303-10, sections on DG5 and DG7).

use super::{DataGroup, Image, template::Template};
use crate::{error::CardError, tlv::Tag};

/// Most images of a group.
const MAX_IMAGES: usize = 16;

/// EF.DG5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dg5 {
    /// Displayed portraits (5F40).
    pub portraits: Vec<Image>,
}

/// EF.DG7.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dg7 {
    /// Displayed signatures or usual marks (5F43).
    pub signatures: Vec<Image>,
}

impl Dg5 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let group = DataGroup::DG5;
        let portraits =
            Template { what: group.name() }.images(content, group.tag(), Tag(0x5F40), MAX_IMAGES)?;
        Ok(Self { portraits })
    }
}

impl Dg7 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let group = DataGroup::DG7;
        let signatures =
            Template { what: group.name() }.images(content, group.tag(), Tag(0x5F43), MAX_IMAGES)?;
        Ok(Self { signatures })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        lds::{
            ImageFormat,
            image::tests::{JP2, JPEG},
            truncation::refused_wherever_cut,
        },
        test_hex::hex,
        tlv::encode,
    };

    fn file(group: u32, tag: u32, count: u8, images: &[&str]) -> Vec<u8> {
        let images = images.iter().flat_map(|image| encode(Tag(tag), &hex(image)));
        encode(Tag(group), &[0x02, 0x01, count].into_iter().chain(images).collect::<Vec<u8>>())
    }

    #[test]
    fn portraits_and_signatures_are_located_and_typed() {
        let portraits = Dg5::parse(&file(0x65, 0x5F40, 2, &[JPEG, JP2])).unwrap().portraits;
        assert_eq!((portraits[0].format, portraits[1].format), (ImageFormat::Jpeg, ImageFormat::Jpeg2000));
        let signatures = Dg7::parse(&file(0x67, 0x5F43, 1, &[JPEG])).unwrap().signatures;
        assert_eq!(signatures.len(), 1);
    }

    #[test]
    fn another_number_and_other_images_are_refused() {
        for (count, images) in [(1, &[JPEG, JPEG][..]), (2, &[JPEG]), (17, &[JPEG; 17]), (1, &["474946"])] {
            assert!(Dg5::parse(&file(0x65, 0x5F40, count, images)).is_err());
        }
        assert!(Dg5::parse(&file(0x65, 0x5F43, 1, &[JPEG])).is_err());
        assert!(Dg7::parse(&file(0x65, 0x5F43, 1, &[JPEG])).is_err());
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        refused_wherever_cut(&file(0x65, 0x5F40, 1, &[JPEG]), Dg5::parse);
        refused_wherever_cut(&file(0x67, 0x5F43, 1, &[JP2]), Dg7::parse);
    }

    proptest! {
        #[test]
        fn any_bytes_end_in_images_or_a_fault(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Dg5::parse(&bytes);
            let _ = Dg5::parse(&encode(Tag(0x65), &bytes));
            let _ = Dg7::parse(&encode(Tag(0x67), &bytes));
        }
    }
}
