//! JPEG (ISO/IEC 10918-1) and JPEG 2000 (ISO/IEC 15444-1).

use hayro_jpeg2000::{ColorSpace as WaveletColours, DecodeSettings, DecoderContext, Image};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use crate::{
    MAX_ENCODED,
    pixels::{Bounds, Pixels},
};

/// Most pixels in one direction, before anything is decoded.
const MAX_SIDE: usize = 4096;
/// Most pixels altogether.
const MAX_PIXELS: usize = 12_000_000;
/// Most scans of a progressive JPEG: each goes over the whole picture again.
const MAX_SCANS: usize = 100;
/// What a JPEG starts with (section B.1.1.3).
const JPEG_START: &[u8] = &[0xFF, 0xD8];

/// Decodes a picture of at most [`MAX_ENCODED`] bytes and makes it fit the bounds.
///
/// # Errors
/// [`Undecodable`].
pub fn decode(encoded: &[u8], bounds: Bounds) -> Result<Pixels, Undecodable> {
    if encoded.len() > MAX_ENCODED {
        return Err(Undecodable::TooLarge);
    }
    let pixels = if encoded.starts_with(JPEG_START) { jpeg(encoded)? } else { jpeg_2000(encoded, bounds)? };
    pixels.scaled(bounds).ok_or(Undecodable::Broken)
}

fn jpeg(encoded: &[u8]) -> Result<Pixels, Undecodable> {
    let options = DecoderOptions::new_safe()
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_max_scans(MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(encoded), options);
    decoder.decode_headers().map_err(|_| Undecodable::Broken)?;
    let size = decoder.info().ok_or(Undecodable::Broken)?;
    let (width, height) = (usize::from(size.width), usize::from(size.height));
    check_size(width, height)?;
    let samples = decoder.decode().map_err(|_| Undecodable::Broken)?;
    match decoder.output_colorspace() {
        Some(ColorSpace::RGB) => Pixels::new(width, height, samples).ok_or(Undecodable::Broken),
        Some(ColorSpace::Luma) => from_channels(width, height, &samples, 1, Colours::Grey),
        _ => Err(Undecodable::Colours),
    }
}

fn jpeg_2000(encoded: &[u8], bounds: Bounds) -> Result<Pixels, Undecodable> {
    let whole = DecodeSettings::default();
    let image = Image::new(encoded, &whole).map_err(|_| Undecodable::Broken)?;
    let size = |length: u32| usize::try_from(length).map_err(|_| Undecodable::TooLarge);
    check_size(size(image.width())?, size(image.height())?)?;
    // only the resolutions that are needed
    let needed =
        DecodeSettings { target_resolution: Some((bounds.width.into(), bounds.height.into())), ..whole };
    let image = Image::new(encoded, &needed).map_err(|_| Undecodable::Broken)?;
    let (width, height) = (size(image.width())?, size(image.height())?);
    let channels = usize::from(image.color_space().num_channels()) + usize::from(image.has_alpha());
    let colours = match image.color_space() {
        WaveletColours::Gray | WaveletColours::Icc { num_channels: 1, .. } => Colours::Grey,
        WaveletColours::RGB | WaveletColours::Icc { num_channels: 3, .. } => Colours::RedGreenBlue,
        _ => return Err(Undecodable::Colours),
    };
    let mut context = DecoderContext::default();
    let decoded = image.decode(&mut context).map_err(|_| Undecodable::Broken)?;
    let sizes = decoded.components().iter().map(|component| component.samples().len());
    if decoded.components().len() != channels || !sizes.eq(std::iter::repeat_n(width * height, channels)) {
        return Err(Undecodable::Broken);
    }
    from_channels(width, height, &decoded.data_u8(), channels, colours)
}

fn check_size(width: usize, height: usize) -> Result<(), Undecodable> {
    let fits = (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height);
    if fits && width * height <= MAX_PIXELS { Ok(()) } else { Err(Undecodable::TooLarge) }
}

/// What the first channels of a pixel are; those behind them, transparency, are not looked at.
#[derive(Clone, Copy)]
enum Colours {
    Grey,
    RedGreenBlue,
}

fn from_channels(
    width: usize,
    height: usize,
    samples: &[u8],
    channels: usize,
    colours: Colours,
) -> Result<Pixels, Undecodable> {
    let pixels = samples.chunks_exact(channels.max(1));
    let rgb: Option<Vec<u8>> = match colours {
        Colours::Grey => {
            Some(pixels.flat_map(|pixel| pixel.first().map_or([0; 3], |&grey| [grey; 3])).collect())
        }
        Colours::RedGreenBlue => pixels
            .map(|pixel| pixel.first_chunk::<3>().copied())
            .collect::<Option<Vec<_>>>()
            .map(|pixels| pixels.concat()),
    };
    rgb.and_then(|rgb| Pixels::new(width, height, rgb)).ok_or(Undecodable::Broken)
}

/// Why a picture cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undecodable {
    /// Neither JPEG nor JPEG 2000, or a broken one.
    #[error("no picture, or a broken one")]
    Broken,
    /// More pixels than any photo of a card.
    #[error("more pixels than are decoded")]
    TooLarge,
    /// Colours that no photo of a card has.
    #[error("colours of another kind than a card has")]
    Colours,
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { width: 480, height: 640 };

    /// Start of a baseline JPEG of this size: SOI, SOF0 with three components, nothing behind.
    fn jpeg_header(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0]);
        bytes.extend([0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0]);
        bytes
    }

    /// Start of a codestream of this size: SOC, SIZ with three components, COD, QCD (ISO/IEC 15444-1, annex A).
    fn codestream_header(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0];
        for value in [width, height, 0, 0, width, height, 0, 0] {
            bytes.extend(value.to_be_bytes());
        }
        bytes.extend([0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1]);
        bytes.extend([0xFF, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, 1]);
        bytes.extend([0xFF, 0x5C, 0, 19, 0x40]);
        bytes.extend([0x40; 16]);
        bytes.extend([0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0x93]);
        bytes
    }

    #[test]
    fn a_huge_picture_is_refused_before_it_is_decoded() {
        for (width, height) in [(4097, 16), (16, 4097), (4000, 3001), (60_000, 60_000)] {
            assert!(decode(&jpeg_header(width, height), BOUNDS).is_err(), "{width} × {height}");
            let codestream = codestream_header(width.into(), height.into());
            assert_eq!(decode(&codestream, BOUNDS), Err(Undecodable::TooLarge), "{width} × {height}");
        }
        assert_eq!(decode(&jpeg_header(4000, 3001), BOUNDS), Err(Undecodable::TooLarge));
        // the same headers of a size that is decoded are not refused for it
        assert_ne!(decode(&codestream_header(64, 64), BOUNDS), Err(Undecodable::TooLarge));
    }

    #[test]
    fn what_is_longer_than_any_is_not_looked_at() {
        let mut long = jpeg_header(16, 16);
        long.resize(MAX_ENCODED + 1, 0);
        assert_eq!(decode(&long, BOUNDS), Err(Undecodable::TooLarge));
    }

    #[test]
    fn what_is_no_picture_is_none() {
        for bytes in [&b""[..], b"\xff\xd8", b"\xff\xd8\xff\xd9", b"\xff\x4f\xff\x51", b"GIF89a", &[0; 64]] {
            assert_eq!(decode(bytes, BOUNDS), Err(Undecodable::Broken), "{bytes:?}");
        }
    }
}
