//! Facial records of ISO/IEC 19794-5:2005, section 5.

use super::{Dimensions, Image, record_reader::RecordReader};

/// Format identifier and version 010 (section 5.4).
const START: [u8; 8] = *b"FAC\x00010\x00";
/// Bytes of the facial record header (section 5.4).
const HEADER: usize = 14;
/// Most images of a record.
const MAX_IMAGES: usize = 16;
/// Bytes of a feature point (section 5.6).
const FEATURE_POINT: usize = 8;

/// Why a record is refused: the field's name in the standard.
type Fault = &'static str;

/// The images of a record.
pub(super) fn images(record: &[u8]) -> Result<Vec<Image>, Fault> {
    let mut reader = RecordReader::new(record);
    if reader.bytes(START.len()) != Some(&START) {
        return Err("format identifier and version of ISO/IEC 19794-5:2005");
    }
    let length = reader.number::<4>().and_then(|length| length.checked_sub(HEADER));
    let count = reader.number::<2>().ok_or("number of facial images")?;
    let mut blocks = length.and_then(|length| reader.part(length)).ok_or("length of record")?;
    if count == 0 || count > MAX_IMAGES {
        return Err("number of facial images");
    }
    (0..count).map(|_| image(&mut blocks)).collect()
}

/// Facial record data: facial information, feature points, image information, image (sections 5.5 to 5.8).
fn image(blocks: &mut RecordReader<'_>) -> Result<Image, Fault> {
    const LENGTH: Fault = "facial record data length";
    let mut ahead = *blocks;
    let length = ahead.number::<4>().ok_or(LENGTH)?;
    let mut block = blocks.part(length).ok_or(LENGTH)?;
    block.bytes(4).ok_or(LENGTH)?;
    let points = block.number::<2>().ok_or(LENGTH)?;
    // gender, eye and hair colour, property mask, expression, pose angles and their uncertainty
    block.bytes(1 + 1 + 1 + 3 + 2 + 3 + 3).ok_or(LENGTH)?;
    block.bytes(points * FEATURE_POINT).ok_or("number of feature points")?;
    // face image type, image data type
    block.bytes(1 + 1).ok_or(LENGTH)?;
    let width = block.number::<2>().ok_or(LENGTH)?;
    let height = block.number::<2>().ok_or(LENGTH)?;
    // colour space, source type, device type, quality
    block.bytes(1 + 1 + 2 + 2).ok_or(LENGTH)?;
    let mut image = Image::recognise(block.rest()).ok_or("image in JPEG or JPEG 2000")?;
    image.dimensions = image.dimensions.or_else(|| declared(width, height));
    Ok(image)
}

/// A size that a record declares; zero stands for none.
pub(super) fn declared(width: usize, height: usize) -> Option<Dimensions> {
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    (width > 0 && height > 0).then_some(Dimensions { width, height })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        lds::image::{ImageFormat, tests::JPEG},
        test_hex::hex,
    };

    /// A record of one image, with so many feature points and a declared size of 240 × 320.
    pub(crate) fn record(points: u16, image: &[u8]) -> Vec<u8> {
        let length = 20 + usize::from(points) * 8 + 12 + image.len();
        let mut record = START.to_vec();
        record.extend(u32::try_from(HEADER + length).unwrap().to_be_bytes());
        record.extend([0, 1]);
        record.extend(u32::try_from(length).unwrap().to_be_bytes());
        record.extend(points.to_be_bytes());
        record.extend(vec![0; 14 + usize::from(points) * 8]);
        record.extend([1, 0, 0x00, 0xF0, 0x01, 0x40, 1, 0, 0, 0, 0, 0]);
        record.extend_from_slice(image);
        record
    }

    #[test]
    fn the_image_stands_behind_the_feature_points() {
        for points in [0, 1, 5] {
            let images = images(&record(points, &hex(JPEG))).unwrap();
            assert_eq!(images.len(), 1);
            assert_eq!(*images[0].data, hex(JPEG));
            assert_eq!(images[0].dimensions, Some(Dimensions { width: 413, height: 531 }));
        }
    }

    #[test]
    fn the_declared_size_serves_where_the_image_says_none() {
        let images = images(&record(0, &hex("FFD8FFD9"))).unwrap();
        assert_eq!(images[0].format, ImageFormat::Jpeg);
        assert_eq!(images[0].dimensions, Some(Dimensions { width: 240, height: 320 }));
    }

    #[test]
    fn a_record_that_is_cut_or_of_another_edition_is_refused() {
        let whole = record(2, &hex(JPEG));
        for end in 0..whole.len() {
            assert!(images(&whole[..end]).is_err(), "{end}");
        }
        let mut newer = whole.clone();
        newer[4..8].copy_from_slice(b"030\0");
        assert!(images(&newer).is_err());
        let mut none = whole.clone();
        none[13] = 0;
        assert_eq!(images(&none).unwrap_err(), "number of facial images");
        assert_eq!(images(&record(0, b"GIF89a")).unwrap_err(), "image in JPEG or JPEG 2000");
    }

    proptest! {
        #[test]
        fn any_spoiled_record_ends_in_images_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>(), bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut record = record(2, &hex(JPEG));
            let at = at.index(record.len());
            record[at] = with;
            let _ = images(&record);
            let _ = images(&[&START[..], &bytes].concat());
        }
    }
}
