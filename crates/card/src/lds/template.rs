//! What the parsers of data groups share: one template with known objects in it, on behalf of a named file.

use std::fmt;

use super::{Image, NationalName, Personal};
use crate::{
    error::{CardError, Misbehaviour},
    tlv::{Tag, Tlv, TlvReader},
};

/// Text about a person.
pub type Text = Personal<String>;

/// Number of instances that follow (02).
const COUNT: Tag = Tag(0x02);

/// Reads a template on behalf of the named file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Template {
    pub(super) what: &'static str,
}

impl Template {
    /// What is inside the file's one data object, which nothing may follow.
    pub(super) fn open(self, tag: Tag, content: &[u8]) -> Result<TlvReader<'_>, CardError> {
        let mut reader = TlvReader::new(content);
        let template = self.expect(&mut reader, tag)?;
        reader.end().map_err(|error| self.fault(error))?;
        Ok(template.children())
    }

    pub(super) fn next<'a>(self, reader: &mut TlvReader<'a>) -> Result<Option<Tlv<'a>>, CardError> {
        reader.read().map_err(|error| self.fault(error))
    }

    pub(super) fn expect<'a>(self, reader: &mut TlvReader<'a>, tag: Tag) -> Result<Tlv<'a>, CardError> {
        reader.expect(tag).map_err(|error| self.fault(error))
    }

    /// The number of instances, at most `limit`.
    pub(super) fn count(self, reader: &mut TlvReader<'_>, limit: usize) -> Result<usize, CardError> {
        match self.expect(reader, COUNT)?.value {
            [count] if usize::from(*count) <= limit => Ok(usize::from(*count)),
            _ => Err(self.wrong("number of instances")),
        }
    }

    /// As many images under one tag as their number says.
    pub(super) fn images(
        self,
        content: &[u8],
        group: Tag,
        tag: Tag,
        limit: usize,
    ) -> Result<Vec<Image>, CardError> {
        let mut reader = self.open(group, content)?;
        let count = self.count(&mut reader, limit)?;
        let mut images = Vec::with_capacity(count);
        while !reader.rest().is_empty() {
            images.push(self.image(self.expect(&mut reader, tag)?.value)?);
        }
        if images.len() == count { Ok(images) } else { Err(self.wrong("number of instances")) }
    }

    pub(super) fn image(self, bytes: &[u8]) -> Result<Image, CardError> {
        Image::recognise(bytes).ok_or_else(|| self.wrong("image in JPEG or JPEG 2000"))
    }

    /// As many names under one tag as their number says.
    pub(super) fn names(
        self,
        element: &'static str,
        field: &Tlv<'_>,
        tag: Tag,
        limit: usize,
    ) -> Result<Vec<NationalName>, CardError> {
        let mut objects = field.children();
        let count = self.count(&mut objects, limit)?;
        let mut names = Vec::with_capacity(count);
        while let Some(name) = self.next(&mut objects)? {
            if name.tag != tag || names.len() == count {
                return Err(self.wrong(element));
            }
            names.push(NationalName(self.text(element, name.value)?));
        }
        if names.len() == count { Ok(names) } else { Err(self.wrong(element)) }
    }

    /// UTF-8, as it stands.
    pub(super) fn text(self, element: &'static str, value: &[u8]) -> Result<Text, CardError> {
        match std::str::from_utf8(value) {
            Ok(text) => Ok(Text::from(text)),
            Err(_) => Err(Misbehaviour::NotUtf8 { what: self.what, element }.into()),
        }
    }

    /// A date of eight digits.
    pub(super) fn date(self, element: &'static str, value: &[u8]) -> Result<FullDate, CardError> {
        FullDate::parse(value).ok_or_else(|| self.wrong(element))
    }

    /// Fills in what may be there once.
    pub(super) fn once<T>(
        self,
        slot: &mut Option<T>,
        element: &'static str,
        value: T,
    ) -> Result<(), CardError> {
        match slot.replace(value) {
            None => Ok(()),
            Some(_) => Err(self.wrong(element)),
        }
    }

    pub(super) fn fault(self, error: crate::tlv::TlvError) -> CardError {
        Misbehaviour::Tlv { what: self.what, error }.into()
    }

    pub(super) fn wrong(self, element: &'static str) -> CardError {
        Misbehaviour::Element { what: self.what, element }.into()
    }
}

/// A date with its century, each part of which may be unknown (9303-10, table of DG11).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FullDate {
    /// Year.
    pub year: Option<u16>,
    /// Month, 1 to 12.
    pub month: Option<u8>,
    /// Day, 1 to 31.
    pub day: Option<u8>,
}

impl FullDate {
    /// CCYYMMDD as eight characters, or as four bytes of BCD, which early documents have; zeros, or fillers, for unknown.
    pub(super) fn parse(value: &[u8]) -> Option<Self> {
        let digits = digits::<8>(value)?;
        let [c1, c2, y1, y2, m1, m2, d1, d2] = digits;
        let century = pair(c1, c2)?;
        let year = match (century, pair(y1, y2)?) {
            (Some(century), Some(year)) if (century, year) != (0, 0) => {
                Some(u16::from(century) * 100 + u16::from(year))
            }
            _ => None,
        };
        let known = |part: Option<u8>, last: u8| match part {
            None | Some(0) => Some(None),
            Some(part) if part <= last => Some(Some(part)),
            Some(_) => None,
        };
        Some(Self { year, month: known(pair(m1, m2)?, 12)?, day: known(pair(d1, d2)?, 31)? })
    }
}

impl fmt::Debug for FullDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FullDate(personal)")
    }
}

/// As many digits, or fillers as `None`, from characters or from BCD.
pub(super) fn digits<const N: usize>(value: &[u8]) -> Option<[Option<u8>; N]> {
    let mut digits = [None; N];
    let mut put = |index: usize, digit: Option<u8>| digits.get_mut(index).map(|place| *place = digit);
    if value.len() == N {
        for (index, character) in value.iter().enumerate() {
            match character {
                b'0'..=b'9' => put(index, Some(character - b'0'))?,
                b'<' => put(index, None)?,
                _ => return None,
            }
        }
    } else if value.len() * 2 == N {
        for (index, byte) in value.iter().enumerate() {
            for (half, digit) in [byte >> 4, byte & 0x0F].into_iter().enumerate() {
                if digit > 9 {
                    return None;
                }
                put(index * 2 + half, Some(digit))?;
            }
        }
    } else {
        return None;
    }
    Some(digits)
}

/// Two digits; `Some(None)` for two fillers.
fn pair(tens: Option<u8>, units: Option<u8>) -> Option<Option<u8>> {
    match (tens, units) {
        (Some(tens), Some(units)) => Some(Some(tens * 10 + units)),
        (None, None) => Some(None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_dates_are_read_from_characters_and_from_bcd() {
        let date = |value: &[u8]| FullDate::parse(value).map(|date| (date.year, date.month, date.day));
        assert_eq!(date(b"19740812"), Some((Some(1974), Some(8), Some(12))));
        assert_eq!(date(&[0x19, 0x74, 0x08, 0x12]), Some((Some(1974), Some(8), Some(12))));
        assert_eq!(date(b"19740000"), Some((Some(1974), None, None)));
        assert_eq!(date(b"00000000"), Some((None, None, None)));
        assert_eq!(date(b"1974<<<<"), Some((Some(1974), None, None)));
        for wrong in [&b"19741301"[..], b"19740832", b"1974081", b"1974081A", b"1974<812", &[0x1A, 0, 0, 0]] {
            assert_eq!(date(wrong), None);
        }
    }
}
