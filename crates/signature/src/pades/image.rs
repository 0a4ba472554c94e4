//! Images for appearances: JPEG as it is; PNG as it is where it has no transparency, else with the transparency apart.

use miniz_oxide::{deflate::compress_to_vec_zlib, inflate::decompress_to_vec_zlib_with_limit};

use super::PadesError;
use crate::pdf::{Dictionary, Object, PdfError, Reference, filter::undo_predictor, update::Update};

/// Largest file.
const MAX_FILE: usize = 8 << 20;
/// Most pixels, as a decoded image with transparency is held in memory.
const MAX_PIXELS: u64 = 16_000_000;
/// How hard pixels are compressed, of 10.
const EFFORT: u8 = 6;

/// An image that a PDF can hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    width: u32,
    height: u32,
    dictionary: Dictionary,
    data: Vec<u8>,
    /// How opaque each pixel is, compressed.
    opacity: Option<Vec<u8>>,
}

impl Image {
    /// A JPEG or PNG, by its first bytes.
    ///
    /// # Errors
    /// [`PadesError::Appearance`]: neither, or one that is not taken.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PadesError> {
        if bytes.len() > MAX_FILE {
            return Err(PadesError::Appearance("the image is too large"));
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return png(bytes).unwrap_or(Err(PadesError::Appearance(
                "the PNG is malformed, interlaced or of a kind that is not taken",
            )));
        }
        jpeg(bytes).ok_or(PadesError::Appearance("the image is neither a PNG nor a JPEG in grey or colour"))
    }

    /// Pixels across and up.
    pub(super) fn size(&self) -> [f64; 2] {
        [f64::from(self.width), f64::from(self.height)]
    }

    pub(super) fn write(&self, update: &mut Update) -> Result<Reference, PdfError> {
        let mut dictionary = self.dictionary.clone();
        if let Some(opacity) = &self.opacity {
            let mask = description(self.width, self.height, 8, Object::name("DeviceGray"))
                .with("Filter", Object::name("FlateDecode"));
            dictionary.set("SMask", update.add_stream(mask, opacity.clone())?);
        }
        update.add_stream(dictionary, self.data.clone())
    }
}

fn description(width: u32, height: u32, depth: i64, space: Object) -> Dictionary {
    Dictionary::new()
        .with("Type", Object::name("XObject"))
        .with("Subtype", Object::name("Image"))
        .with("Width", i64::from(width))
        .with("Height", i64::from(height))
        .with("BitsPerComponent", depth)
        .with("ColorSpace", space)
}

fn number16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes
        .get(at..at.checked_add(2)?)?
        .iter()
        .try_fold(0_u32, |value, byte| Some(value << 8 | u32::from(*byte)))
}

fn number32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(number16(bytes, at)? << 16 | number16(bytes, at.checked_add(2)?)?)
}

/// By the frame header (ITU-T T.81 annex B).
fn jpeg(bytes: &[u8]) -> Option<Image> {
    let mut at = 2_usize;
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    loop {
        let marker = *bytes.get(at.checked_add(1)?)?;
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let length = usize::try_from(number16(bytes, at + 2)?).ok()?;
        // Frames of Huffman coding, baseline, extended or progressive.
        if matches!(marker, 0xc0..=0xc2) {
            let (height, width) = (number16(bytes, at + 5)?, number16(bytes, at + 7)?);
            let space = match bytes.get(at + 9)? {
                1 => "DeviceGray",
                3 => "DeviceRGB",
                _ => return None,
            };
            if *bytes.get(at + 4)? != 8 || width == 0 || height == 0 {
                return None;
            }
            let dictionary = description(width, height, 8, Object::name(space));
            let dictionary = dictionary.with("Filter", Object::name("DCTDecode"));
            return Some(Image { width, height, dictionary, data: bytes.to_vec(), opacity: None });
        }
        if matches!(marker, 0xd8..=0xda) {
            return None;
        }
        at = at.checked_add(2)?.checked_add(length)?;
    }
}

/// ISO/IEC 15948. The inner error is a limit.
fn png(bytes: &[u8]) -> Option<Result<Image, PadesError>> {
    let mut at = 8_usize;
    let (mut header, mut palette, mut data) = (None, Vec::new(), Vec::new());
    loop {
        let length = usize::try_from(number32(bytes, at)?).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        let content = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        match kind {
            b"IHDR" => header = Some(content),
            b"PLTE" => palette = content.to_vec(),
            b"IDAT" => data.extend_from_slice(content),
            b"tRNS" => return None,
            b"IEND" => break,
            _ => (),
        }
        at += 12 + length;
    }
    let header = header?;
    let (width, height) = (number32(header, 0)?, number32(header, 4)?);
    let &[depth, kind, 0, 0, 0] = header.get(8..13)? else { return None };
    if width == 0 || height == 0 {
        return None;
    }
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Some(Err(PadesError::Appearance("the image has too many pixels")));
    }
    let (colors, space) = match (kind, depth) {
        (0, 1 | 2 | 4 | 8) => (1, Object::name("DeviceGray")),
        (2, 8) => (3, Object::name("DeviceRGB")),
        (3, 1 | 2 | 4 | 8) if !palette.is_empty() && palette.len().is_multiple_of(3) => {
            let last = i64::try_from(palette.len() / 3 - 1).ok()?;
            let name =
                [Object::name("Indexed"), Object::name("DeviceRGB"), last.into(), Object::String(palette)];
            (1, Object::Array(name.to_vec()))
        }
        (4, 8) => return with_opacity(width, height, 2, &data).map(Ok),
        (6, 8) => return with_opacity(width, height, 4, &data).map(Ok),
        _ => return None,
    };
    let dictionary = description(width, height, i64::from(depth), space)
        .with("Filter", Object::name("FlateDecode"))
        .with("DecodeParms", predictor(width, colors, i64::from(depth)));
    Some(Ok(Image { width, height, dictionary, data, opacity: None }))
}

fn predictor(width: u32, colors: i64, depth: i64) -> Dictionary {
    Dictionary::new()
        .with("Predictor", 15)
        .with("Colors", colors)
        .with("BitsPerComponent", depth)
        .with("Columns", i64::from(width))
}

fn with_opacity(width: u32, height: u32, channels: usize, data: &[u8]) -> Option<Image> {
    let pixels = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
    let limit = pixels * channels + usize::try_from(height).ok()?;
    let rows = decompress_to_vec_zlib_with_limit(data, limit).ok()?;
    let rows = undo_predictor(&predictor(width, i64::try_from(channels).ok()?, 8), rows).ok()?;
    if rows.len() != pixels * channels {
        return None;
    }
    let (mut seen, mut opacity) = (Vec::with_capacity(rows.len()), Vec::with_capacity(pixels));
    for pixel in rows.chunks_exact(channels) {
        let (alpha, color) = pixel.split_last()?;
        seen.extend_from_slice(color);
        opacity.push(*alpha);
    }
    let space = if channels == 2 { "DeviceGray" } else { "DeviceRGB" };
    let dictionary = description(width, height, 8, Object::name(space));
    Some(Image {
        width,
        height,
        dictionary: dictionary.with("Filter", Object::name("FlateDecode")),
        data: compress_to_vec_zlib(&seen, EFFORT),
        opacity: Some(compress_to_vec_zlib(&opacity, EFFORT)),
    })
}
