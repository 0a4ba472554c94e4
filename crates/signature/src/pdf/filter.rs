//! What a stream of objects or cross-reference data holds, uncompressed (ISO 32000-1 section 7.4): `FlateDecode`, with the
//! predictors of PNG, or nothing.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use super::{Dictionary, Object, PdfError};

/// Most bytes that one such stream may hold.
pub const MAX_DECODED: usize = 32 << 20;

/// Undoes the filters.
///
/// # Errors
/// [`PdfError::Filter`]: another filter, or data that are not of it; [`PdfError::Limit`].
pub fn decode(dictionary: &Dictionary, data: Vec<u8>) -> Result<Vec<u8>, PdfError> {
    let only = |value: &Object| match value {
        Object::Array(elements) => match elements.as_slice() {
            [] => Ok(Object::Null),
            [one] => Ok(one.clone()),
            _ => Err(PdfError::Filter),
        },
        other => Ok(other.clone()),
    };
    match only(dictionary.get("Filter"))? {
        Object::Null => return Ok(data),
        name if name.is_name("FlateDecode") => (),
        _ => return Err(PdfError::Filter),
    }
    let inflated = decompress_to_vec_zlib_with_limit(&data, MAX_DECODED).map_err(|error| {
        if error.status == miniz_oxide::inflate::TINFLStatus::HasMoreOutput {
            PdfError::Limit("bytes in a compressed stream")
        } else {
            PdfError::Filter
        }
    })?;
    match only(dictionary.get("DecodeParms"))? {
        Object::Null => Ok(inflated),
        Object::Dictionary(parameters) => undo_predictor(&parameters, inflated),
        _ => Err(PdfError::Filter),
    }
}

/// The predictors of PNG with whole bytes; cross-reference streams use no other.
pub(crate) fn undo_predictor(parameters: &Dictionary, data: Vec<u8>) -> Result<Vec<u8>, PdfError> {
    let parameter = |key: &str, default: i64| match parameters.get(key) {
        Object::Null => Ok(default),
        value => value.integer().ok_or(PdfError::Filter),
    };
    match parameter("Predictor", 1)? {
        1 => return Ok(data),
        10..=15 => (),
        _ => return Err(PdfError::Filter),
    }
    if parameter("BitsPerComponent", 8)? != 8 {
        return Err(PdfError::Filter);
    }
    let colors = usize::try_from(parameter("Colors", 1)?).ok().filter(|count| (1..=32).contains(count));
    let columns = usize::try_from(parameter("Columns", 1)?).ok().filter(|count| (1..=65_536).contains(count));
    let (Some(pixel), Some(columns)) = (colors, columns) else { return Err(PdfError::Filter) };
    let row_length = pixel * columns;
    let mut above = vec![0; row_length];
    let mut decoded = Vec::with_capacity(data.len());
    for line in data.chunks(row_length + 1) {
        let Some((kind, line)) = line.split_first() else { break };
        if line.len() != row_length {
            return Err(PdfError::Filter);
        }
        let mut row: Vec<u8> = Vec::with_capacity(row_length);
        for (index, byte) in line.iter().enumerate() {
            let of =
                |row: &[u8]| index.checked_sub(pixel).and_then(|left| row.get(left)).copied().unwrap_or(0);
            let (left, up, corner) = (of(&row), above.get(index).copied().unwrap_or(0), of(&above));
            let predicted = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => left.midpoint(up),
                4 => paeth(left, up, corner),
                _ => return Err(PdfError::Filter),
            };
            row.push(byte.wrapping_add(predicted));
        }
        decoded.extend_from_slice(&row);
        above = row;
    }
    Ok(decoded)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let [a, b, c] = [left, up, corner].map(i32::from);
    let estimate = a + b - c;
    let [from_a, from_b, from_c] = [a, b, c].map(|value| (estimate - value).abs());
    if from_a <= from_b && from_a <= from_c {
        left
    } else if from_b <= from_c {
        up
    } else {
        corner
    }
}
