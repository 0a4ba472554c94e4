//! Characters and names of XML, and where a document breaks the rules.

use std::borrow::Cow;

use super::limits;

/// Where a document is not one that we read, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (at byte {position})")]
pub struct XmlError {
    /// What is wrong.
    pub fault: XmlFault,
    /// Bytes from the beginning.
    pub position: usize,
}

/// What is wrong with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum XmlFault {
    /// Not UTF-8, or declared to be something else.
    #[error("the document is not UTF-8")]
    Encoding,
    /// Not XML 1.0.
    #[error("the document is not of XML 1.0")]
    Version,
    /// A document type declaration: it can change the meaning of everything that follows.
    #[error("the document has a document type declaration")]
    DocumentType,
    /// An entity other than the five of XML.
    #[error("the document refers to an entity")]
    Entity,
    /// A character that XML does not have.
    #[error("a character is not one of XML")]
    Character,
    /// A reference to a character that is none.
    #[error("a character reference is not one")]
    CharacterReference,
    /// A name that is none, or longer than [`limits::MAX_NAME`].
    #[error("a name is not one of XML")]
    Name,
    /// Markup that is not well-formed.
    #[error("the markup is not well-formed")]
    Markup,
    /// An end tag that does not match its start tag.
    #[error("an end tag does not match its start tag")]
    EndTag,
    /// Attributes with the same name.
    #[error("an attribute is there twice")]
    DuplicateAttribute,
    /// A prefix that was not declared.
    #[error("a prefix is not declared")]
    Prefix,
    /// A declaration that Namespaces in XML forbids.
    #[error("a namespace declaration is not allowed")]
    Declaration,
    /// A namespace that is a relative reference: it has no canonical form (Canonical XML 1.0 section 1.3).
    #[error("a namespace is a relative reference")]
    RelativeNamespace,
    /// The same identifier at two elements.
    #[error("an identifier is there twice")]
    DuplicateIdentifier,
    /// It ends too early.
    #[error("the document ends too early")]
    End,
    /// More than one of [`limits`] allows.
    #[error("the document is larger than is accepted")]
    TooLarge,
}

/// A place in a text.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Scanner<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, position: 0 }
    }

    pub(super) const fn position(&self) -> usize {
        self.position
    }

    pub(super) const fn error(&self, fault: XmlFault) -> XmlError {
        XmlError { fault, position: self.position }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    pub(super) fn at_end(&self) -> bool {
        self.position >= self.text.len()
    }

    /// Steps over `expected` if it is next.
    pub(super) fn take(&mut self, expected: &str) -> bool {
        let next = self.rest().starts_with(expected);
        if next {
            self.position += expected.len();
        }
        next
    }

    pub(super) fn expect(&mut self, expected: &str) -> Result<(), XmlError> {
        if self.take(expected) {
            return Ok(());
        }
        Err(self.error(if self.at_end() { XmlFault::End } else { XmlFault::Markup }))
    }

    /// Everything before `end`, and steps over both.
    pub(super) fn until(&mut self, end: &str) -> Result<&'a str, XmlError> {
        let rest = self.rest();
        let length = rest.find(end).ok_or_else(|| self.error(XmlFault::End))?;
        self.position += length + end.len();
        Ok(rest.get(..length).unwrap_or_default())
    }

    /// Everything before the first byte that `stop` wants.
    pub(super) fn while_not(&mut self, stop: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(stop).unwrap_or(rest.len());
        self.position += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Steps over white space; whether there was any.
    pub(super) fn space(&mut self) -> bool {
        !self.while_not(|byte| !is_space(byte)).is_empty()
    }

    /// A name without colon (`NCName`).
    pub(super) fn simple_name(&mut self) -> Result<&'a str, XmlError> {
        let rest = self.rest();
        let mut characters = rest.char_indices();
        let starts = characters.next().is_some_and(|(_, character)| starts_name(character));
        let length = characters.find(|(_, character)| !continues_name(*character));
        let name = rest.get(..length.map_or(rest.len(), |(index, _)| index)).unwrap_or_default();
        if !starts || name.len() > limits::MAX_NAME {
            return Err(self.error(XmlFault::Name));
        }
        self.position += name.len();
        Ok(name)
    }

    /// Prefix (empty where there is none) and local part (`QName`).
    pub(super) fn name(&mut self) -> Result<(&'a str, &'a str), XmlError> {
        let first = self.simple_name()?;
        if self.take(":") { Ok((first, self.simple_name()?)) } else { Ok(("", first)) }
    }
}

pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

const fn starts_name(character: char) -> bool {
    matches!(character,
        'A'..='Z' | 'a'..='z' | '_' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

const fn continues_name(character: char) -> bool {
    starts_name(character)
        || matches!(character,
            '0'..='9' | '-' | '.' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether XML 1.0 has this character (production 2).
pub(super) const fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Line ends as an application sees them (XML 1.0 section 2.11).
pub(super) fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The character of a reference, without `&` and `;`; of the five entities too.
pub(super) fn referenced(reference: &str) -> Result<char, XmlFault> {
    let number = match reference {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => reference.strip_prefix('#').ok_or(XmlFault::Entity)?,
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    if digits.is_empty()
        || digits.len() > 10
        || !digits.bytes().all(|digit| char::from(digit).is_digit(radix))
    {
        return Err(XmlFault::CharacterReference);
    }
    u32::from_str_radix(digits, radix)
        .ok()
        .and_then(char::from_u32)
        .filter(|character| is_character(*character))
        .ok_or(XmlFault::CharacterReference)
}
