//! Images as data groups have them: located and typed, never decoded here.

use super::Personal;

/// An encoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// How it is encoded, by what it starts with: what a record says of it beside is not always true.
    pub format: ImageFormat,
    /// Its size, as its own header says it.
    pub dimensions: Option<Dimensions>,
    /// The encoded image.
    pub data: Personal<Vec<u8>>,
}

/// Encoding of an image (ICAO Doc 9303-10, sections on DG2, DG5 and DG7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImageFormat {
    /// JPEG (ISO/IEC 10918-1).
    Jpeg,
    /// JPEG 2000 in its file format JP2 (ISO/IEC 15444-1, annex I).
    Jpeg2000,
    /// JPEG 2000, the codestream alone (annex A).
    Jpeg2000Codestream,
}

/// Pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Dimensions {
    /// Pixels in a line.
    pub width: u32,
    /// Lines.
    pub height: u32,
}

impl Image {
    /// Recognises an image; `None` if it is neither JPEG nor JPEG 2000.
    #[must_use]
    pub fn recognise(bytes: &[u8]) -> Option<Self> {
        let (format, dimensions) = if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            (ImageFormat::Jpeg, jpeg_dimensions(bytes))
        } else if bytes.starts_with(&JP2_SIGNATURE) {
            (ImageFormat::Jpeg2000, jp2_dimensions(bytes))
        } else if bytes.starts_with(&CODESTREAM_START) {
            (ImageFormat::Jpeg2000Codestream, codestream_dimensions(bytes))
        } else {
            return None;
        };
        Some(Self { format, dimensions, data: Personal::from(bytes) })
    }
}

/// Signature box (ISO/IEC 15444-1, section I.5.1).
const JP2_SIGNATURE: [u8; 12] = [0x00, 0x00, 0x00, 0x0C, b'j', b'P', b' ', b' ', 0x0D, 0x0A, 0x87, 0x0A];
/// Markers SOC and SIZ (section A.4).
const CODESTREAM_START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];

fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
}

fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    bytes.get(offset..)?.first_chunk().map(|bytes| u32::from_be_bytes(*bytes))
}

/// From the frame header (ISO/IEC 10918-1, section B.2.2).
fn jpeg_dimensions(bytes: &[u8]) -> Option<Dimensions> {
    let mut offset = 2;
    loop {
        let (0xFF, marker) = (*bytes.get(offset)?, *bytes.get(offset + 1)?) else { return None };
        match marker {
            // fill bytes
            0xFF => offset += 1,
            // SOF, but not DHT, JPG and DAC, which share their range: length, precision, lines, samples
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let height = u16_at(bytes, offset + 5)?;
                let width = u16_at(bytes, offset + 7)?;
                return Some(Dimensions { width: width.into(), height: height.into() });
            }
            // start of scan or end of image before any frame
            0xDA | 0xD9 => return None,
            _ => offset += 2 + usize::from(u16_at(bytes, offset + 2)?).max(2),
        }
    }
}

/// From the image header box, first in the header box (ISO/IEC 15444-1, section I.5.3).
fn jp2_dimensions(bytes: &[u8]) -> Option<Dimensions> {
    let mut offset = 0;
    loop {
        let length = u32_at(bytes, offset)?;
        match bytes.get(offset + 4..offset + 8)? {
            b"jp2h" if bytes.get(offset + 12..offset + 16) == Some(b"ihdr") => {
                let (height, width) = (u32_at(bytes, offset + 16)?, u32_at(bytes, offset + 20)?);
                return Some(Dimensions { width, height });
            }
            b"jp2h" | b"jp2c" => return None,
            // 0 is a box to the end, 1 one of more than 32 bits of length
            _ if length >= 8 => offset = offset.checked_add(usize::try_from(length).ok()?)?,
            _ => return None,
        }
    }
}

/// From the image and tile size: grid less offset (ISO/IEC 15444-1, section A.5.1).
fn codestream_dimensions(bytes: &[u8]) -> Option<Dimensions> {
    let at = |offset| u32_at(bytes, offset);
    Some(Dimensions { width: at(8)?.checked_sub(at(16)?)?, height: at(12)?.checked_sub(at(20)?)? })
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_hex::hex;

    /// Headers of a JPEG of 413 × 531: APP0, DQT (cut short), SOF0, SOS.
    pub(crate) const JPEG: &str = "FFD8FFE000104A46494600010100000100010000FFDB000400AAFFC0000B080213019D01011100FFDA00080101003F00FFD9";
    /// JP2 of 300 × 400: signature, ftyp, jp2h with ihdr.
    pub(crate) const JP2: &str = concat!(
        "0000000C6A5020200D0A870A",
        "00000014667479706A703220000000006A703220",
        "0000001E6A703268",
        "0000001669686472000001900000012C00030707010000"
    );
    /// SOC and SIZ of 300 × 400, offset by 4 and 8.
    pub(crate) const CODESTREAM: &str = "FF4FFF51002900000000013000000198000000040000000800000000";

    #[test]
    fn images_are_typed_by_what_they_start_with_and_measured_by_their_headers() {
        for (bytes, format, width, height) in [
            (JPEG, ImageFormat::Jpeg, 413, 531),
            (JP2, ImageFormat::Jpeg2000, 300, 400),
            (CODESTREAM, ImageFormat::Jpeg2000Codestream, 300, 400),
        ] {
            let image = Image::recognise(&hex(bytes)).unwrap();
            assert_eq!((image.format, image.dimensions), (format, Some(Dimensions { width, height })));
            assert_eq!(*image.data, hex(bytes));
        }
        assert!(Image::recognise(b"GIF89a").is_none());
        assert!(Image::recognise(&[]).is_none());
    }

    #[test]
    fn an_image_without_a_sound_header_has_no_dimensions() {
        for bytes in [
            "FFD8FFD9",
            "FFD8FFFFFFFFFF",
            "FFD8FFE00000",
            "0000000C6A5020200D0A870A00000000",
            "FF4FFF5100290000000000010000000100000002",
        ] {
            assert_eq!(Image::recognise(&hex(bytes)).unwrap().dimensions, None, "{bytes}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_behind_a_start_end_in_an_image(start in prop_oneof![Just("FFD8FF"), Just("0000000C6A5020200D0A870A"), Just("FF4FFF51")], rest in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(Image::recognise(&[hex(start), rest].concat()).is_some());
        }
    }
}
