//! The card's own writer and reader of BER-TLV data objects (ISO 7816-4, section 5.2.2).
//!
//! The terminal has another one, written apart, so that one mistake cannot pass on both sides.

/// Encodes a data object: the tag's bytes as they stand in `tag` (`0x30`, `0x5F52`, `0xBF8101`), definite length, value.
#[must_use]
pub(crate) fn object(tag: u32, value: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    if bytes.is_empty() {
        bytes.push(0);
    }
    bytes.extend(length_field(value.len()));
    bytes.extend_from_slice(value);
    bytes
}

/// Encodes a constructed data object from encoded parts.
#[must_use]
pub(crate) fn constructed<P: AsRef<[u8]>>(tag: u32, parts: &[P]) -> Vec<u8> {
    let value: Vec<u8> = parts.iter().flat_map(|part| part.as_ref().iter().copied()).collect();
    object(tag, &value)
}

fn length_field(length: usize) -> Vec<u8> {
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => vec![short],
        _ => {
            let digits: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            let count = u8::try_from(digits.len()).unwrap_or(u8::MAX);
            std::iter::once(0x80 | count).chain(digits).collect()
        }
    }
}

/// Reads the data objects that stand side by side in `bytes`; `None` when they are not well formed.
#[must_use]
pub(crate) fn objects(mut bytes: &[u8]) -> Option<Vec<(u32, &[u8])>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (tag, rest) = read_tag(bytes)?;
        let (length, rest) = read_length(rest)?;
        let (value, rest) = rest.split_at_checked(length)?;
        found.push((tag, value));
        bytes = rest;
    }
    Some(found)
}

fn read_tag(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let (first, mut rest) = bytes.split_first()?;
    let mut tag = u32::from(*first);
    if first & 0x1F != 0x1F {
        return Some((tag, rest));
    }
    // subsequent bytes of the tag: bit 8 says that another follows; three are plenty
    for _ in 0..3 {
        let (next, after) = rest.split_first()?;
        tag = tag << 8 | u32::from(*next);
        rest = after;
        if next & 0x80 == 0 {
            return Some((tag, rest));
        }
    }
    None
}

fn read_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [short @ 0..=0x7F, rest @ ..] => Some((usize::from(*short), rest)),
        [0x81, length, rest @ ..] => Some((usize::from(*length), rest)),
        [0x82, high, low, rest @ ..] => Some((usize::from(u16::from_be_bytes([*high, *low])), rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_lengths_take_as_many_bytes_as_they_need() {
        assert_eq!(object(0x84, &[1, 2]), [0x84, 2, 1, 2]);
        assert_eq!(object(0xBF8101, &[]), [0xBF, 0x81, 0x01, 0]);
        assert_eq!(object(0x30, &[0; 0x80])[..3], [0x30, 0x81, 0x80]);
        assert_eq!(object(0x30, &[0; 0x100])[..4], [0x30, 0x82, 1, 0]);
    }

    #[test]
    fn what_was_written_is_read_back() {
        let bytes = [object(0x80, &[4]), object(0xBF8101, &[0; 200])].concat();
        assert_eq!(objects(&bytes).unwrap(), [(0x80, &[4][..]), (0xBF8101, &[0; 200][..])]);
    }

    #[test]
    fn objects_that_end_early_are_not_read() {
        for bytes in [&[0x80][..], &[0x80, 2, 1], &[0x9F], &[0x80, 0x80], &[0xBF, 0x81, 0x81, 0x81, 0x01, 0]]
        {
            assert_eq!(objects(bytes), None, "{bytes:02X?}");
        }
    }
}
