//! From text to tree.

use std::{borrow::Cow, sync::Arc};

use super::{
    XML_NAMESPACE, XMLNS_NAMESPACE,
    document::{Attribute, Element, Kind, Node, NodeId},
    limits,
    scanner::{Scanner, XmlError, XmlFault, is_character, is_space, referenced, with_line_feeds},
};

/// Reads one document.
pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    nodes: Vec<Node<'a>>,
    open: Vec<Open<'a>>,
    /// Prefix and namespace of every declaration in force.
    bindings: Vec<(&'a str, Arc<str>)>,
    no_namespace: Arc<str>,
    xml_namespace: Arc<str>,
}

/// An element whose end tag did not come yet.
struct Open<'a> {
    node: NodeId,
    name: (&'a str, &'a str),
    bindings: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            scanner: Scanner::new(text),
            nodes: Vec::new(),
            open: Vec::new(),
            bindings: Vec::new(),
            no_namespace: Arc::from(""),
            xml_namespace: Arc::from(XML_NAMESPACE),
        }
    }

    pub(super) fn run(mut self) -> Result<Vec<Node<'a>>, XmlError> {
        if self.scanner.rest().len() > limits::MAX_OCTETS {
            return Err(self.scanner.error(XmlFault::TooLarge));
        }
        self.push(Kind::Root, NodeId(0))?;
        self.scanner.take("\u{FEFF}");
        self.declaration()?;
        self.outside()?;
        if self.scanner.at_end() {
            return Err(self.scanner.error(XmlFault::End));
        }
        self.scanner.expect("<")?;
        self.start_tag()?;
        while !self.open.is_empty() {
            self.inside()?;
        }
        self.outside()?;
        if !self.scanner.at_end() {
            return Err(self.scanner.error(XmlFault::Markup));
        }
        self.close(NodeId(0));
        Ok(self.nodes)
    }

    fn push(&mut self, kind: Kind<'a>, parent: NodeId) -> Result<NodeId, XmlError> {
        let number = u32::try_from(self.nodes.len()).ok().filter(|_| self.nodes.len() < limits::MAX_NODES);
        let number = number.ok_or_else(|| self.scanner.error(XmlFault::TooLarge))?;
        self.nodes.push(Node { kind, parent, end: NodeId(number + 1) });
        Ok(NodeId(number))
    }

    fn close(&mut self, node: NodeId) {
        let end = self.nodes.len();
        if let (Some(node), Ok(end)) = (self.nodes.get_mut(node.index()), u32::try_from(end)) {
            node.end = NodeId(end);
        }
    }

    fn parent(&self) -> NodeId {
        self.open.last().map_or(NodeId(0), |open| open.node)
    }

    /// `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`: each but the version may be left out.
    fn declaration(&mut self) -> Result<(), XmlError> {
        let rest = self.scanner.rest();
        if !rest.strip_prefix("<?xml").and_then(|rest| rest.bytes().next()).is_some_and(is_space) {
            return Ok(());
        }
        let error = self.scanner.error(XmlFault::Markup);
        self.scanner.take("<?xml");
        let declared = self.scanner.until("?>")?;
        let mut inner = Scanner::new(declared);
        let mut names = ["version", "encoding", "standalone"].into_iter();
        loop {
            let spaced = inner.space();
            if inner.at_end() {
                break;
            }
            let name = inner.simple_name().map_err(|_| error.clone())?;
            if !spaced || !names.any(|allowed| allowed == name) {
                return Err(error);
            }
            inner.space();
            inner.expect("=").map_err(|_| error.clone())?;
            inner.space();
            let quote = if inner.take("\"") { "\"" } else { "'" };
            if quote == "'" && !inner.take("'") {
                return Err(error);
            }
            let value = inner.until(quote).map_err(|_| error.clone())?;
            let fault = match name {
                "version" if value != "1.0" => XmlFault::Version,
                "encoding"
                    if !["utf-8", "us-ascii", "ascii"]
                        .iter()
                        .any(|name| value.eq_ignore_ascii_case(name)) =>
                {
                    XmlFault::Encoding
                }
                "standalone" if !matches!(value, "yes" | "no") => XmlFault::Markup,
                _ => continue,
            };
            return Err(XmlError { fault, ..error });
        }
        // A declaration without version is none.
        if declared.contains("version") { Ok(()) } else { Err(error) }
    }

    /// Comments, processing instructions and white space before and behind the outermost element.
    fn outside(&mut self) -> Result<(), XmlError> {
        loop {
            self.scanner.space();
            if self.scanner.rest().starts_with("<!DOCTYPE") {
                return Err(self.scanner.error(XmlFault::DocumentType));
            }
            if !self.comment_or_instruction()? {
                return Ok(());
            }
        }
    }

    fn comment_or_instruction(&mut self) -> Result<bool, XmlError> {
        let error = self.scanner.error(XmlFault::Markup);
        if self.scanner.take("<!--") {
            let comment = self.scanner.until("--")?;
            self.scanner.expect(">")?;
            self.characters(comment)?;
            self.push(Kind::Comment(with_line_feeds(comment)), self.parent())?;
            return Ok(true);
        }
        if !self.scanner.take("<?") {
            return Ok(false);
        }
        let target = self.scanner.simple_name()?;
        let whole = self.scanner.until("?>")?;
        let data = whole.trim_start_matches([' ', '\t', '\r', '\n']);
        if target.eq_ignore_ascii_case("xml") || (data.len() == whole.len() && !data.is_empty()) {
            return Err(error);
        }
        self.characters(data)?;
        self.push(Kind::Instruction { target, data: with_line_feeds(data) }, self.parent())?;
        Ok(true)
    }

    fn characters(&self, text: &str) -> Result<(), XmlError> {
        if text.chars().all(is_character) { Ok(()) } else { Err(self.scanner.error(XmlFault::Character)) }
    }

    /// What comes next inside an element.
    fn inside(&mut self) -> Result<(), XmlError> {
        if self.scanner.at_end() {
            return Err(self.scanner.error(XmlFault::End));
        }
        if self.scanner.peek() != Some(b'<') {
            return self.text();
        }
        if self.scanner.take("</") {
            return self.end_tag();
        }
        if self.scanner.take("<![CDATA[") {
            let text = self.scanner.until("]]>")?;
            self.characters(text)?;
            self.push(Kind::Text(with_line_feeds(text)), self.parent())?;
            return Ok(());
        }
        if self.comment_or_instruction()? {
            return Ok(());
        }
        if self.scanner.rest().starts_with("<!DOCTYPE") {
            return Err(self.scanner.error(XmlFault::DocumentType));
        }
        self.scanner.expect("<")?;
        self.start_tag()
    }

    fn text(&mut self) -> Result<(), XmlError> {
        let raw = self.scanner.while_not(|byte| byte == b'<');
        if raw.contains("]]>") {
            return Err(self.scanner.error(XmlFault::Markup));
        }
        let text = self.replaced(raw, with_line_feeds)?;
        self.push(Kind::Text(text), self.parent())?;
        Ok(())
    }

    /// A text with its references replaced; `plain` normalises what is between them.
    fn replaced(&self, raw: &'a str, plain: fn(&'a str) -> Cow<'a, str>) -> Result<Cow<'a, str>, XmlError> {
        self.characters(raw)?;
        if !raw.contains('&') {
            return Ok(plain(raw));
        }
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((before, behind)) = rest.split_once('&') {
            text.push_str(&plain(before));
            let (reference, behind) =
                behind.split_once(';').ok_or_else(|| self.scanner.error(XmlFault::CharacterReference))?;
            text.push(referenced(reference).map_err(|fault| self.scanner.error(fault))?);
            rest = behind;
        }
        text.push_str(&plain(rest));
        Ok(Cow::Owned(text))
    }

    fn end_tag(&mut self) -> Result<(), XmlError> {
        let content_end = self.scanner.position() - "</".len();
        let name = self.scanner.name()?;
        self.scanner.space();
        self.scanner.expect(">")?;
        let open = self.open.pop().filter(|open| open.name == name);
        let open = open.ok_or_else(|| self.scanner.error(XmlFault::EndTag))?;
        self.bindings.truncate(open.bindings);
        self.close(open.node);
        let end = self.scanner.position();
        if let Some(Node { kind: Kind::Element(element), .. }) = self.nodes.get_mut(open.node.index()) {
            element.content.end = content_end;
            element.end = end;
        }
        Ok(())
    }

    fn start_tag(&mut self) -> Result<(), XmlError> {
        let start = self.scanner.position() - "<".len();
        if self.open.len() >= limits::MAX_DEPTH {
            return Err(self.scanner.error(XmlFault::TooLarge));
        }
        let (prefix, local) = self.scanner.name()?;
        let bindings = self.bindings.len();
        let mut raw = Vec::new();
        let mut declarations = Vec::new();
        let one_tag = loop {
            let spaced = self.scanner.space();
            if self.scanner.take("/>") {
                break true;
            }
            if self.scanner.take(">") {
                break false;
            }
            if !spaced {
                return Err(self.scanner.error(if self.scanner.at_end() {
                    XmlFault::End
                } else {
                    XmlFault::Markup
                }));
            }
            if raw.len() + declarations.len() >= limits::MAX_ATTRIBUTES {
                return Err(self.scanner.error(XmlFault::TooLarge));
            }
            let (name, value) = self.attribute()?;
            match name {
                ("", "xmlns") => declarations.push(("", Arc::from(value))),
                ("xmlns", prefix) => declarations.push((prefix, Arc::from(value))),
                (prefix, local) => raw.push((prefix, local, value)),
            }
        };
        for (prefix, namespace) in &declarations {
            self.declare(prefix, namespace, bindings)?;
        }
        let namespace = self.namespace(prefix)?;
        let attributes = self.attributes(raw)?;
        let content_start = self.scanner.position();
        let element = Element {
            prefix,
            local,
            namespace,
            attributes,
            declarations,
            start,
            content: content_start..content_start,
            end: content_start,
        };
        let node = self.push(Kind::Element(Box::new(element)), self.parent())?;
        if one_tag {
            self.bindings.truncate(bindings);
        } else {
            self.open.push(Open { node, name: (prefix, local), bindings });
        }
        Ok(())
    }

    fn attribute(&mut self) -> Result<((&'a str, &'a str), Cow<'a, str>), XmlError> {
        let name = self.scanner.name()?;
        self.scanner.space();
        self.scanner.expect("=")?;
        self.scanner.space();
        let quote = if self.scanner.peek() == Some(b'"') { "\"" } else { "'" };
        self.scanner.expect(quote)?;
        let raw = self.scanner.until(quote)?;
        if raw.contains('<') {
            return Err(self.scanner.error(XmlFault::Markup));
        }
        Ok((name, self.replaced(raw, with_spaces)?))
    }

    /// Namespaces in XML 1.0 sections 2.2 and 3.
    fn declare(&mut self, prefix: &'a str, namespace: &Arc<str>, element: usize) -> Result<(), XmlError> {
        let is = |other: &str| namespace.as_ref() == other;
        let reserved = is(XML_NAMESPACE) || is(XMLNS_NAMESPACE);
        let allowed = match prefix {
            "xml" => is(XML_NAMESPACE),
            "xmlns" => false,
            "" => !reserved,
            _ => !reserved && !namespace.is_empty(),
        };
        if !allowed {
            return Err(self.scanner.error(XmlFault::Declaration));
        }
        if !namespace.is_empty() && !is_absolute(namespace) {
            return Err(self.scanner.error(XmlFault::RelativeNamespace));
        }
        if namespace.len() > limits::MAX_NAME {
            return Err(self.scanner.error(XmlFault::TooLarge));
        }
        let own = self.bindings.get(element..).unwrap_or_default();
        if own.iter().any(|(declared, _)| *declared == prefix) {
            return Err(self.scanner.error(XmlFault::DuplicateAttribute));
        }
        if self.bindings.len() >= limits::MAX_DECLARATIONS_IN_SCOPE {
            return Err(self.scanner.error(XmlFault::TooLarge));
        }
        self.bindings.push((prefix, Arc::clone(namespace)));
        Ok(())
    }

    fn namespace(&self, prefix: &str) -> Result<Arc<str>, XmlError> {
        if prefix == "xml" {
            return Ok(Arc::clone(&self.xml_namespace));
        }
        match self.bindings.iter().rev().find(|(declared, _)| *declared == prefix) {
            Some((_, namespace)) => Ok(Arc::clone(namespace)),
            None if prefix.is_empty() => Ok(Arc::clone(&self.no_namespace)),
            None => Err(self.scanner.error(XmlFault::Prefix)),
        }
    }

    fn attributes(&self, raw: Vec<(&'a str, &'a str, Cow<'a, str>)>) -> Result<Vec<Attribute<'a>>, XmlError> {
        let mut attributes = Vec::with_capacity(raw.len());
        for (prefix, local, value) in raw {
            let namespace =
                if prefix.is_empty() { Arc::clone(&self.no_namespace) } else { self.namespace(prefix)? };
            attributes.push(Attribute { prefix, local, namespace, value });
        }
        let mut names: Vec<(&str, &str)> =
            attributes.iter().map(|attribute| (attribute.namespace.as_ref(), attribute.local)).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair.first() == pair.last()) {
            return Err(self.scanner.error(XmlFault::DuplicateAttribute));
        }
        Ok(attributes)
    }
}

/// White space of an attribute value as an application sees it (XML 1.0 section 3.3.3).
fn with_spaces(raw: &str) -> Cow<'_, str> {
    if raw.bytes().any(|byte| matches!(byte, b'\t' | b'\n' | b'\r')) {
        Cow::Owned(raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " "))
    } else {
        Cow::Borrowed(raw)
    }
}

/// Whether a reference has a scheme (RFC 3986 section 3.1).
fn is_absolute(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}
