//! Canonical XML, piece by piece: only what the canonical form writes is taken, so that one text stands for one tree.
//!
//! Taken are elements, attributes without a prefix and text. Comments, processing instructions, CDATA, document types, entities
//! beyond those of the canonical form and empty-element tags are not: the canonical form has none of them, or none that a
//! `SignedInfo` needs. A declaration of a namespace that the element around it already made is not canonical either.

use super::Refusal;

/// Most elements within elements.
const MAX_DEPTH: usize = 8;
/// Most attributes and declarations of one element.
const MAX_ATTRIBUTES: usize = 16;
/// Characters of a name in XML that are taken; the names of our elements have no others.
const fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// A piece of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// An element begins.
    Start(Start<'a>),
    /// It ends.
    End,
    /// Text, with its references replaced.
    Text(String),
}

/// The beginning of an element.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Start<'a> {
    /// Its namespace.
    pub(super) namespace: String,
    /// Its local name.
    pub(super) name: &'a str,
    /// Its attributes, which have no namespace.
    pub(super) attributes: Vec<(&'a str, String)>,
}

impl Start<'_> {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads piece after piece.
pub(super) struct Reader<'a> {
    rest: &'a str,
    /// Names of the open elements, and how many namespaces were in scope around each.
    open: Vec<(&'a str, usize)>,
    /// Namespaces in scope: prefix and name, the nearest last.
    scope: Vec<(&'a str, String)>,
    ended: bool,
}

const MALFORMED: Refusal = Refusal::Malformed("not canonical XML");

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { rest: text, open: Vec::new(), scope: Vec::new(), ended: false }
    }

    /// The next piece; none after the end of the one element.
    pub(super) fn next(&mut self) -> Result<Option<Piece<'a>>, Refusal> {
        if self.ended {
            return if self.rest.is_empty() { Ok(None) } else { Err(MALFORMED) };
        }
        if let Some(after) = self.rest.strip_prefix("</") {
            self.rest = after;
            return self.end().map(Some);
        }
        if let Some(after) = self.rest.strip_prefix('<') {
            self.rest = after;
            return self.start().map(Some);
        }
        if self.open.is_empty() {
            return Err(MALFORMED);
        }
        let end = self.rest.find('<').ok_or(MALFORMED)?;
        let (text, after) = self.rest.split_at(end);
        self.rest = after;
        // text: & < > and CARRIAGE RETURN are written as references, and nothing else is
        if text.contains(['>', '\r']) {
            return Err(MALFORMED);
        }
        let references = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&#xD;", '\r')];
        Ok(Some(Piece::Text(unescaped(text, &references)?)))
    }

    fn end(&mut self) -> Result<Piece<'a>, Refusal> {
        let (name, outside) = self.open.pop().ok_or(MALFORMED)?;
        self.rest = self.rest.strip_prefix(name).and_then(|rest| rest.strip_prefix('>')).ok_or(MALFORMED)?;
        self.scope.truncate(outside);
        self.ended = self.open.is_empty();
        Ok(Piece::End)
    }

    fn start(&mut self) -> Result<Piece<'a>, Refusal> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Refusal::TooMany);
        }
        let qualified = self.qualified_name()?;
        let outside = self.scope.len();
        let mut attributes: Vec<(&'a str, String)> = Vec::new();
        let mut declared: Option<&'a str> = None;
        loop {
            if let Some(after) = self.rest.strip_prefix('>') {
                self.rest = after;
                break;
            }
            self.rest = self.rest.strip_prefix(' ').ok_or(MALFORMED)?;
            let name = self.qualified_name()?;
            let value = self.value()?;
            if self.scope.len() - outside + attributes.len() >= MAX_ATTRIBUTES {
                return Err(Refusal::TooMany);
            }
            let prefix = match name.split_once(':') {
                Some(("xmlns", prefix)) => Some(prefix),
                None if name == "xmlns" => Some(""),
                Some(_) => return Err(Refusal::NotUnderstood("an attribute with a namespace")),
                None => None,
            };
            match prefix {
                Some(prefix) => {
                    // declarations come first, in the order of their prefixes, and none says what is known already
                    let is_new = self.namespace(prefix) != Some(value.as_str());
                    let in_order = attributes.is_empty() && declared.is_none_or(|before| before < prefix);
                    if !in_order || !is_new || (value.is_empty() && self.namespace(prefix).is_none()) {
                        return Err(MALFORMED);
                    }
                    declared = Some(prefix);
                    self.scope.push((prefix, value));
                }
                None => {
                    if attributes.last().is_some_and(|(before, _)| *before >= name) {
                        return Err(MALFORMED);
                    }
                    attributes.push((name, value));
                }
            }
        }
        let (prefix, name) = qualified.split_once(':').unwrap_or(("", qualified));
        let namespace = match self.namespace(prefix) {
            Some(namespace) => namespace.to_owned(),
            None if prefix.is_empty() => String::new(),
            None => return Err(MALFORMED),
        };
        self.open.push((qualified, outside));
        Ok(Piece::Start(Start { namespace, name, attributes }))
    }

    /// `name` or `prefix:name`.
    fn qualified_name(&mut self) -> Result<&'a str, Refusal> {
        let end = self.rest.find(|c: char| !u8::try_from(c).is_ok_and(|byte| in_name(byte) || byte == b':'));
        let (name, after) = self.rest.split_at(end.ok_or(MALFORMED)?);
        let begins_well = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && !part.contains(':')
        };
        let parts_good = match name.split_once(':') {
            Some((prefix, name)) => begins_well(prefix) && begins_well(name),
            None => begins_well(name),
        };
        if !parts_good {
            return Err(MALFORMED);
        }
        self.rest = after;
        Ok(name)
    }

    /// `="value"`.
    fn value(&mut self) -> Result<String, Refusal> {
        let after = self.rest.strip_prefix("=\"").ok_or(MALFORMED)?;
        let (value, after) = after.split_once('"').ok_or(MALFORMED)?;
        self.rest = after;
        if value.contains(['<', '\t', '\n', '\r']) {
            return Err(MALFORMED);
        }
        let references = [
            ("&amp;", '&'),
            ("&lt;", '<'),
            ("&quot;", '"'),
            ("&#x9;", '\t'),
            ("&#xA;", '\n'),
            ("&#xD;", '\r'),
        ];
        unescaped(value, &references)
    }

    fn namespace(&self, prefix: &str) -> Option<&str> {
        self.scope.iter().rev().find(|(known, _)| *known == prefix).map(|(_, name)| name.as_str())
    }
}

/// Replaces these references; there may be no others.
fn unescaped(text: &str, references: &[(&str, char)]) -> Result<String, Refusal> {
    // characters that XML does not have (Extensible Markup Language 1.0, section 2.2)
    let is_none =
        |c: char| (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    if text.contains(is_none) {
        return Err(MALFORMED);
    }
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, reference) = rest.split_at(at);
        value.push_str(before);
        let found = references
            .iter()
            .find_map(|(written, character)| Some((*character, reference.strip_prefix(written)?)));
        let (character, after) = found.ok_or(MALFORMED)?;
        value.push(character);
        rest = after;
    }
    value.push_str(rest);
    Ok(value)
}
