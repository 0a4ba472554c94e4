//! Text and attribute values as canonical XML writes them (Canonical XML 1.0 section 2.3).

use std::borrow::Cow;

/// Text between tags.
#[must_use]
pub fn text(value: &str) -> Cow<'_, str> {
    escaped(value, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#xD;"),
        _ => None,
    })
}

/// The value of an attribute, between double quotes.
#[must_use]
pub fn attribute(value: &str) -> Cow<'_, str> {
    escaped(value, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#x9;"),
        '\n' => Some("&#xA;"),
        '\r' => Some("&#xD;"),
        _ => None,
    })
}

/// Comments and processing instructions.
#[must_use]
pub fn carriage_returns(value: &str) -> Cow<'_, str> {
    escaped(value, |character| (character == '\r').then_some("&#xD;"))
}

fn escaped(value: &str, replacement: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    // Whatever is replaced is ASCII, so bytes are enough to find it.
    if !value.bytes().any(|byte| replacement(char::from(byte)).is_some()) {
        return Cow::Borrowed(value);
    }
    let mut written = String::with_capacity(value.len() + 16);
    for character in value.chars() {
        match replacement(character) {
            Some(reference) => written.push_str(reference),
            None => written.push(character),
        }
    }
    Cow::Owned(written)
}
