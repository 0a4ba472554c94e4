//! EF.DG2: the face (ICAO Doc 9303-10, section on DG2).

use super::{
    DataGroup, Image,
    biometric::{self, BiometricHeader, Block},
    face_image_data_block, facial_record,
    template::Template,
};
use crate::error::CardError;

/// EF.DG2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dg2 {
    /// The faces: at least one.
    pub faces: Vec<Face>,
}

/// A face.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// What the template says of the record.
    pub header: BiometricHeader,
    /// How the record is encoded.
    pub encoding: FaceEncoding,
    /// The image.
    pub image: Image,
}

/// How a record is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaceEncoding {
    /// ISO/IEC 19794-5:2005.
    Iso19794,
    /// ISO/IEC 39794-5.
    Iso39794,
}

impl Dg2 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault; [`CardError::Unsupported`] for an encrypted record.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG2.name() };
        let mut faces = Vec::new();
        for (header, block) in biometric::records(template, DataGroup::DG2.tag(), content)? {
            let (encoding, images) = match block {
                Block::Iso19794(record) => (FaceEncoding::Iso19794, facial_record::images(record)),
                Block::Iso39794(data) => (FaceEncoding::Iso39794, face_image_data_block::images(data)),
            };
            let images = images.map_err(|element| template.wrong(element))?;
            faces.extend(images.into_iter().map(|image| Face { header, encoding, image }));
        }
        if faces.is_empty() { Err(template.wrong("number of instances")) } else { Ok(Self { faces }) }
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
        tlv::{Tag, encode},
    };

    /// A file with these records behind one header: face, owner 0101, format type 8.
    fn file(blocks: &[Vec<u8>]) -> Vec<u8> {
        let header = hex("A112800201018101028201008702010188020008");
        let mut group = vec![0x02, 0x01, u8::try_from(blocks.len()).unwrap()];
        for block in blocks {
            group.extend(encode(Tag(0x7F60), &[header.clone(), block.clone()].concat()));
        }
        encode(Tag(0x75), &encode(Tag(0x7F61), &group))
    }

    fn iso_19794(image: &str) -> Vec<u8> {
        encode(Tag(0x5F2E), &facial_record::tests::record(0, &hex(image)))
    }

    fn iso_39794(image: &str) -> Vec<u8> {
        encode(Tag(0x7F2E), &encode(Tag(0xA1), &face_image_data_block::tests::block(&hex(image), None)))
    }

    #[test]
    fn both_encodings_are_read() {
        let faces = Dg2::parse(&file(&[iso_19794(JPEG), iso_39794(JP2)])).unwrap().faces;
        let found: Vec<_> = faces.iter().map(|face| (face.encoding, face.image.format)).collect();
        assert_eq!(
            found,
            [(FaceEncoding::Iso19794, ImageFormat::Jpeg), (FaceEncoding::Iso39794, ImageFormat::Jpeg2000)]
        );
        assert_eq!(faces[0].header.biometric_type, Some(2));
        assert_eq!((faces[0].header.format_owner, faces[0].header.format_type), (Some(0x0101), Some(8)));
        assert!(!format!("{faces:?}").contains("255, 216"));
    }

    #[test]
    fn a_file_without_a_face_or_with_another_number_is_refused() {
        assert!(Dg2::parse(&file(&[])).is_err());
        let mut more = file(&[iso_19794(JPEG)]);
        // the number of instances, behind 75 81xx 7F61 81xx 02 01
        let at = more.windows(3).position(|window| window == [0x02, 0x01, 0x01]).unwrap() + 2;
        more[at] = 2;
        assert!(Dg2::parse(&more).is_err());
        more[at] = 17;
        assert!(Dg2::parse(&more).is_err());
        more[at] = 0;
        assert!(Dg2::parse(&more).is_err());
        assert!(Dg2::parse(&file(&[vec![]])).is_err());
        assert!(Dg2::parse(&file(&[[iso_19794(JPEG), iso_19794(JPEG)].concat()])).is_err());
        assert!(matches!(Dg2::parse(&file(&[hex("7D00")])), Err(CardError::Unsupported(_))));
    }

    #[test]
    fn a_file_that_is_cut_is_refused() {
        refused_wherever_cut(&file(&[iso_19794(JPEG)]), Dg2::parse);
        refused_wherever_cut(&file(&[iso_39794(JP2)]), Dg2::parse);
    }

    proptest! {
        #[test]
        fn any_spoiled_file_ends_in_faces_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut content = file(&[iso_19794(JPEG), iso_39794(JP2)]);
            let at = at.index(content.len());
            content[at] = with;
            let _ = Dg2::parse(&content);
            let _ = Dg2::parse(&bytes);
            let _ = Dg2::parse(&file(&[bytes]));
        }
    }
}
