//! DG2, the portrait, in either encoding (ICAO Doc 9303-10, section 4.7.2; ISO/IEC 19794-5 and ISO/IEC 39794-5).
//!
//! The picture is a drawing made for this project: `portrait.jpg` (baseline JPEG, 240 by 320) and the same as
//! `portrait.jp2`. It is filled up to the size that is wanted with comments, which decoders skip.

use serde::Deserialize;

use crate::{ber_tlv::object, der};

static JPEG: &[u8] = include_bytes!("portrait.jpg");
static JPEG_2000: &[u8] = include_bytes!("portrait.jp2");

const WIDTH: u16 = 240;
const HEIGHT: u16 = 320;

/// How a biometric record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BiometricEncoding {
    /// ISO/IEC 19794-5:2005: fixed fields.
    #[default]
    Iso19794,
    /// ISO/IEC 39794-5:2019: DER.
    Iso39794,
}

/// How the picture is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortraitFormat {
    /// JPEG.
    #[default]
    Jpeg,
    /// JPEG 2000.
    Jpeg2000,
}

/// What portrait the document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PortraitOrder {
    /// How the record is written.
    pub encoding: BiometricEncoding,
    /// How the picture is compressed.
    pub format: PortraitFormat,
    /// About how many bytes the picture has, if more than the drawing has by itself.
    pub size: usize,
}

/// The value of DG2: one biometric information template.
pub(super) fn faces(order: &PortraitOrder) -> Vec<u8> {
    let picture = picture(order.format, order.size);
    let (format_type, record) = match order.encoding {
        BiometricEncoding::Iso19794 => ([0x00, 0x08], object(0x5F2E, &fixed_fields(order.format, &picture))),
        BiometricEncoding::Iso39794 => ([0x00, 0x08], object(0x7F2E, &in_der(order.format, &picture))),
    };
    let header = [
        object(0x80, &[0x01, 0x01]), // version of the header
        object(0x81, &[0x02]),       // biometric type: facial features
        object(0x82, &[0x00]),       // subtype: none
        object(0x87, &[0x01, 0x01]), // owner of the format: ISO/IEC JTC 1/SC 37
        object(0x88, &format_type),
    ];
    let template = [object(0xA1, &header.concat()), record].concat();
    object(0x7F61, &[object(0x02, &[1]), object(0x7F60, &template)].concat())
}

/// The picture, with comments up to this size.
pub(super) fn picture(format: PortraitFormat, size: usize) -> Vec<u8> {
    match format {
        PortraitFormat::Jpeg => filled_jpeg(size),
        PortraitFormat::Jpeg2000 => filled_jpeg_2000(size),
    }
}

/// JPEG comments stand after the start of the image (ITU-T T.81, section B.2.4.5): FF FE, a length that counts itself.
fn filled_jpeg(size: usize) -> Vec<u8> {
    let (start, rest) = JPEG.split_at_checked(2).unwrap_or((JPEG, &[]));
    let mut picture = start.to_vec();
    let mut missing = size.saturating_sub(JPEG.len());
    while missing > 4 {
        let comment = missing.min(65_000) - 4;
        picture.extend([0xFF, 0xFE]);
        picture.extend(u16::try_from(comment + 2).unwrap_or(2).to_be_bytes());
        // it has to look like a compressed picture: nothing to gain by leaving zeros out
        picture.extend(noise(comment));
        missing -= comment + 4;
    }
    picture.extend_from_slice(rest);
    picture
}

/// A `free` box at the end (ISO/IEC 15444-1, annex I; boxes that are not known are skipped).
fn filled_jpeg_2000(size: usize) -> Vec<u8> {
    let mut picture = JPEG_2000.to_vec();
    let missing = size.saturating_sub(picture.len());
    if missing > 8 {
        picture.extend(u32::try_from(missing).unwrap_or(8).to_be_bytes());
        picture.extend(b"free");
        picture.extend(noise(missing - 8));
    }
    picture
}

/// Bytes without pattern, the same each time.
fn noise(count: usize) -> impl Iterator<Item = u8> {
    let mut state = 0x2545_F491_u32;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_be_bytes()[0]
    })
    .take(count)
}

/// ISO/IEC 19794-5:2005, sections 5.4 to 5.7.
fn fixed_fields(format: PortraitFormat, picture: &[u8]) -> Vec<u8> {
    let image_type: u8 = match format {
        PortraitFormat::Jpeg => 0,
        PortraitFormat::Jpeg2000 => 1,
    };
    let [width, height] = [WIDTH.to_be_bytes(), HEIGHT.to_be_bytes()];
    // face image type: full frontal; colour space: 24-bit RGB; source: static photograph from a digital camera
    let image =
        [&[0x01, image_type][..], &width, &height, &[0x01, 0x02], &[0x00, 0x00], &[0x00, 0x00]].concat();
    let length = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX).to_be_bytes();
    let block = 20 + image.len() + picture.len();
    // no feature points; gender, eyes, hair, features, expression and pose are not told
    let information = [&length(block)[..], &[0; 16]].concat();
    let header = [b"FAC\0", b"010\0", &length(14 + block)[..], &[0x00, 0x01]].concat();
    [header, information, image, picture.to_vec()].concat()
}

/// ISO/IEC 39794-5:2019: FaceImageDataBlock with one two-dimensional representation, and no more than it must have.
fn in_der(format: PortraitFormat, picture: &[u8]) -> Vec<u8> {
    let code = match format {
        PortraitFormat::Jpeg => 2,
        PortraitFormat::Jpeg2000 => 3,
    };
    let integer =
        |number: u8, value: u32| der::context_primitive(number, &der::integer_value(&value.to_be_bytes()));
    let version = der::context(0, &[integer(0, 3), integer(1, 2019)]);
    let data_format = der::context(0, &[der::context_primitive(0, &[code])]);
    let size = der::context(7, &[integer(0, u32::from(WIDTH)), integer(1, u32::from(HEIGHT))]);
    let information = der::context(1, &[data_format, size]);
    let image = der::context(0, &[der::context_primitive(0, picture), information]);
    // ImageRepresentation and ImageRepresentationBase are choices: their tags stand around what was chosen
    let representation = der::context(1, &[der::context(0, &[image])]);
    let block = der::sequence(&[integer(0, 0), representation]);
    object(0x65, &[version, der::context(1, &[block])].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_grow_to_the_size_that_is_wanted() {
        for format in [PortraitFormat::Jpeg, PortraitFormat::Jpeg2000] {
            let plain = picture(format, 0);
            assert!(plain.len() < 4_000);
            for size in [4_000, 20_000, 150_000] {
                let filled = picture(format, size).len();
                assert!(filled <= size && filled + 8 > size, "{format:?} {size} {filled}");
            }
        }
    }

    #[test]
    fn the_fixed_fields_say_how_long_they_are() {
        let record = fixed_fields(PortraitFormat::Jpeg, &picture(PortraitFormat::Jpeg, 0));
        assert_eq!(u32::from_be_bytes(*record[8..].first_chunk().unwrap()) as usize, record.len());
        assert_eq!(u32::from_be_bytes(*record[14..].first_chunk().unwrap()) as usize, record.len() - 14);
        assert_eq!(record[46..48], [0xFF, 0xD8]);
    }
}
