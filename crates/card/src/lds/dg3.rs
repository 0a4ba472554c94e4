//! EF.DG3: fingers (ICAO Doc 9303-10, section on DG3), for chips that give it: most demand terminal authentication, and
//! [`CardError::Forbidden`] says so.

use super::{
    DataGroup, Personal,
    biometric::{self, BiometricHeader, Block},
    record_reader::RecordReader,
    template::Template,
};
use crate::error::CardError;

/// Format identifier and version 010 of ISO/IEC 19794-4:2005.
const START: [u8; 8] = *b"FIR\x00010\x00";
/// Bytes of a finger image header, which its length field counts.
const IMAGE_HEADER: usize = 14;

/// EF.DG3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dg3 {
    /// The fingers; none where the issuer took none.
    pub fingers: Vec<Finger>,
}

/// An image of one or more fingers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finger {
    /// What the template says of the record.
    pub header: BiometricHeader,
    /// Which finger: 1 right thumb to 10 left little finger, 0 unknown.
    pub position: u8,
    /// How the image is compressed.
    pub compression: FingerCompression,
    /// Declared size in pixels.
    pub dimensions: (u16, u16),
    /// The image.
    pub data: Personal<Vec<u8>>,
}

/// Compression of finger images (ISO/IEC 19794-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FingerCompression {
    /// None, one byte a pixel.
    None,
    /// None, bits packed.
    Packed,
    /// WSQ.
    Wsq,
    /// JPEG.
    Jpeg,
    /// JPEG 2000.
    Jpeg2000,
    /// PNG.
    Png,
}

impl Dg3 {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault; [`CardError::Unsupported`] for an encrypted record and for ISO/IEC
    /// 39794-4.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let template = Template { what: DataGroup::DG3.name() };
        let mut fingers = Vec::new();
        for (header, block) in biometric::records(template, DataGroup::DG3.tag(), content)? {
            let Block::Iso19794(record) = block else {
                return Err(CardError::Unsupported("fingerprints in ISO/IEC 39794-4"));
            };
            fingers.extend(images(header, record).map_err(|element| template.wrong(element))?);
        }
        Ok(Self { fingers })
    }
}

fn images(header: BiometricHeader, record: &[u8]) -> Result<Vec<Finger>, &'static str> {
    const HEADER: &str = "finger record header";
    let mut reader = RecordReader::new(record);
    if reader.bytes(START.len()) != Some(&START) {
        return Err("format identifier and version of ISO/IEC 19794-4:2005");
    }
    if reader.number::<6>() != Some(record.len()) {
        return Err("length of record");
    }
    // capture device, acquisition level
    reader.bytes(2 + 2).ok_or(HEADER)?;
    let count = usize::from(reader.byte().ok_or(HEADER)?);
    // units, scan and image resolution, depth
    reader.bytes(1 + 2 + 2 + 2 + 2 + 1).ok_or(HEADER)?;
    let compression = match reader.byte() {
        Some(0) => FingerCompression::None,
        Some(1) => FingerCompression::Packed,
        Some(2) => FingerCompression::Wsq,
        Some(3) => FingerCompression::Jpeg,
        Some(4) => FingerCompression::Jpeg2000,
        Some(5) => FingerCompression::Png,
        _ => return Err("compression algorithm"),
    };
    reader.bytes(2).ok_or(HEADER)?;
    if count > biometric::MAX_INSTANCES {
        return Err("number of fingers");
    }
    (0..count).map(|_| finger(&mut reader, header, compression).ok_or("finger image header")).collect()
}

fn finger(
    reader: &mut RecordReader<'_>,
    header: BiometricHeader,
    compression: FingerCompression,
) -> Option<Finger> {
    let length = reader.number::<4>()?;
    let position = reader.byte()?;
    // number of views, view, quality, impression type
    reader.bytes(1 + 1 + 1 + 1)?;
    let width = u16::try_from(reader.number::<2>()?).ok()?;
    let height = u16::try_from(reader.number::<2>()?).ok()?;
    reader.bytes(1)?;
    let data = Personal::from(reader.bytes(length.checked_sub(IMAGE_HEADER)?)?);
    Some(Finger { header, position, compression, dimensions: (width, height), data })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        lds::truncation::refused_wherever_cut,
        test_hex::hex,
        tlv::{Tag, encode},
    };

    /// A record of two WSQ images.
    fn record() -> Vec<u8> {
        let image = |position: u8, data: &[u8]| {
            let length = u32::try_from(IMAGE_HEADER + data.len()).unwrap().to_be_bytes();
            [&length[..], &[position, 1, 1, 80, 0, 0x01, 0x00, 0x01, 0x40, 0], data].concat()
        };
        let images = [image(2, &hex("FFA0FFA4")), image(7, &hex("FFA0"))].concat();
        let length = u64::try_from(32 + images.len()).unwrap().to_be_bytes();
        [&START[..], &length[2..], &hex("0000001F020101F401F401F401F408020000"), &images].concat()
    }

    fn file(record: &[u8]) -> Vec<u8> {
        let information = encode(Tag(0x7F60), &[hex("A103810108"), encode(Tag(0x5F2E), record)].concat());
        encode(Tag(0x63), &encode(Tag(0x7F61), &[hex("020101"), information].concat()))
    }

    #[test]
    fn fingers_are_located_by_their_headers() {
        let fingers = Dg3::parse(&file(&record())).unwrap().fingers;
        assert_eq!(fingers.iter().map(|finger| finger.position).collect::<Vec<_>>(), [2, 7]);
        assert_eq!(fingers[0].compression, FingerCompression::Wsq);
        assert_eq!(fingers[0].dimensions, (256, 320));
        assert_eq!(*fingers[0].data, hex("FFA0FFA4"));
        assert_eq!(fingers[1].header.biometric_type, Some(8));
    }

    #[test]
    fn a_group_without_fingers_is_empty_and_not_wrong() {
        assert_eq!(Dg3::parse(&hex("630F7F610C0201005307A1B2C3D4E5F607")).unwrap().fingers, []);
        assert_eq!(Dg3::parse(&hex("63067F6103020100")).unwrap().fingers, []);
    }

    #[test]
    fn a_file_that_is_cut_or_spoiled_is_refused() {
        refused_wherever_cut(&file(&record()), Dg3::parse);
        for end in 0..record().len() {
            assert!(Dg3::parse(&file(&record()[..end])).is_err(), "{end}");
        }
        let newer = hex("63117F610E0201017F60087F2E05A103640100");
        assert!(Dg3::parse(&newer).is_err());
    }

    proptest! {
        #[test]
        fn any_spoiled_file_ends_in_fingers_or_a_fault(at in any::<prop::sample::Index>(), with in any::<u8>(), bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut content = file(&record());
            let at = at.index(content.len());
            content[at] = with;
            let _ = Dg3::parse(&content);
            let _ = Dg3::parse(&bytes);
        }
    }
}
