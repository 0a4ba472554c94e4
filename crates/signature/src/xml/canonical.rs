//! Canonical XML 1.0 and 1.1, and Exclusive XML Canonicalization 1.0: the bytes of a part of a document, the same however the
//! document was written.

use super::{
    XML_NAMESPACE,
    document::{Attribute, Document, Element, Kind, NodeId},
    escape,
    scope::Scope,
};

/// A canonicalization algorithm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canonicalization {
    method: Method,
    comments: bool,
    /// Prefixes that the exclusive form treats as the inclusive one does; the default namespace is the empty one.
    prefixes: Vec<String>,
}

/// Which rules hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Canonical XML 1.0.
    Inclusive,
    /// Canonical XML 1.1.
    Inclusive11,
    /// Exclusive XML Canonicalization 1.0.
    Exclusive,
}

/// Most prefixes of an `InclusiveNamespaces` list.
const MAX_PREFIXES: usize = 64;

const METHODS: [(Method, bool, &str); 6] = [
    (Method::Inclusive, false, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
    (Method::Inclusive, true, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"),
    (Method::Inclusive11, false, "http://www.w3.org/2006/12/xml-c14n11"),
    (Method::Inclusive11, true, "http://www.w3.org/2006/12/xml-c14n11#WithComments"),
    (Method::Exclusive, false, "http://www.w3.org/2001/10/xml-exc-c14n#"),
    (Method::Exclusive, true, "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
];

impl Canonicalization {
    /// The algorithm without comments.
    #[must_use]
    pub const fn new(method: Method) -> Self {
        Self { method, comments: false, prefixes: Vec::new() }
    }

    /// The algorithm with an identifier, if it is one that we know.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        let found = METHODS.into_iter().find(|(.., known)| *known == uri)?;
        Some(Self { method: found.0, comments: found.1, prefixes: Vec::new() })
    }

    /// Its identifier.
    #[must_use]
    pub fn uri(&self) -> &'static str {
        let found =
            METHODS.iter().find(|(method, comments, _)| *method == self.method && *comments == self.comments);
        found.map_or("", |(.., uri)| uri)
    }

    /// The same that keeps comments.
    #[must_use]
    pub fn with_comments(self) -> Self {
        Self { comments: true, ..self }
    }

    /// The same with a list of prefixes (`InclusiveNamespaces`; `#default` is the default namespace). None where this is not
    /// the exclusive form, or the list too long.
    #[must_use]
    pub fn with_prefixes(self, list: &str) -> Option<Self> {
        let prefix = |token: &str| if token == "#default" { String::new() } else { token.to_owned() };
        let prefixes: Vec<String> =
            list.split_ascii_whitespace().take(MAX_PREFIXES + 1).map(prefix).collect();
        (self.method == Method::Exclusive && prefixes.len() <= MAX_PREFIXES)
            .then_some(Self { prefixes, ..self })
    }

    /// The canonical form of a part of a document.
    ///
    /// # Errors
    /// [`CanonicalError`].
    pub fn apply(&self, document: &Document<'_>, nodes: &NodeSet) -> Result<Vec<u8>, CanonicalError> {
        let mut writer = Writer {
            canonicalization: self,
            document,
            root_element: document.root_element(),
            comments: self.comments && nodes.comments,
            in_force: document.scope_at(document.parent(nodes.apex)),
            rendered: Scope::default(),
            open: Vec::new(),
            output: String::new(),
        };
        writer.run(nodes)?;
        Ok(writer.output.into_bytes())
    }

    /// The canonical form of an element and all inside it, without comments.
    ///
    /// # Errors
    /// [`CanonicalError`].
    pub fn apply_to(&self, document: &Document<'_>, element: NodeId) -> Result<Vec<u8>, CanonicalError> {
        self.apply(document, &NodeSet::subtree(element))
    }
}

/// A node and all inside it, but for some elements that are left out with all inside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeSet {
    apex: NodeId,
    comments: bool,
    /// In document order.
    left_out: Vec<NodeId>,
}

impl NodeSet {
    /// A node and all inside it; comments are not of the set (XML Signature section 4.4.3.3).
    #[must_use]
    pub const fn subtree(apex: NodeId) -> Self {
        Self { apex, comments: false, left_out: Vec::new() }
    }

    /// The same with its comments.
    #[must_use]
    pub fn with_comments(self) -> Self {
        Self { comments: true, ..self }
    }

    /// The same without an element and all inside it.
    #[must_use]
    pub fn without(mut self, element: NodeId) -> Self {
        if let Err(place) = self.left_out.binary_search(&element) {
            self.left_out.insert(place, element);
        }
        self
    }

    /// The same without some elements and all inside them.
    #[must_use]
    pub fn without_all(mut self, elements: impl IntoIterator<Item = NodeId>) -> Self {
        self.left_out.extend(elements);
        self.left_out.sort_unstable();
        self.left_out.dedup();
        self
    }

    /// The node above all others of the set.
    #[must_use]
    pub const fn apex(&self) -> NodeId {
        self.apex
    }

    /// What is left out.
    #[must_use]
    pub fn left_out(&self) -> &[NodeId] {
        &self.left_out
    }
}

/// Why a part has no canonical form here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CanonicalError {
    /// `xml:base` of elements around the part would have to be joined (Canonical XML 1.1 section 2.4); that is not supported.
    #[error("the canonical form needs xml:base of elements around the part, which is not supported")]
    Base,
    /// The canonical form is many times larger than the document: declarations that exclusive canonicalization repeats.
    #[error("the canonical form is much larger than the document")]
    TooLarge,
}

struct Writer<'d, 'a> {
    canonicalization: &'d Canonicalization,
    document: &'d Document<'a>,
    root_element: Option<NodeId>,
    comments: bool,
    /// Declarations in force in the document.
    in_force: Scope<'d>,
    /// Declarations in force in what was written.
    rendered: Scope<'d>,
    open: Vec<Open<'d, 'a>>,
    output: String,
}

struct Open<'d, 'a> {
    element: &'d Element<'a>,
    end: u32,
    in_force: usize,
    rendered: usize,
}

impl<'d, 'a> Writer<'d, 'a> {
    fn run(&mut self, nodes: &NodeSet) -> Result<(), CanonicalError> {
        let range = self.document.subtree(nodes.apex);
        let mut left_out = nodes.left_out.iter().peekable();
        // A character becomes six at most, as a quotation mark does.
        let limit = self.document.text.len().saturating_mul(8).saturating_add(1 << 20);
        let mut number = range.start;
        while number < range.end {
            self.close_until(number);
            while left_out.next_if(|element| element.0 < number).is_some() {}
            let node = NodeId(number);
            if left_out.next_if(|element| **element == node).is_some() {
                number = self.document.subtree(node).end.max(number + 1);
                continue;
            }
            self.node(node, nodes.apex)?;
            if self.output.len() > limit {
                return Err(CanonicalError::TooLarge);
            }
            number += 1;
        }
        self.close_until(range.end);
        Ok(())
    }

    fn close_until(&mut self, number: u32) {
        while let Some(open) = self.open.pop_if(|open| open.end <= number) {
            self.output.push_str("</");
            write_name(&mut self.output, open.element.prefix, open.element.local);
            self.output.push('>');
            self.in_force.leave(open.in_force);
            self.rendered.leave(open.rendered);
        }
    }

    fn node(&mut self, node: NodeId, apex: NodeId) -> Result<(), CanonicalError> {
        let document = self.document;
        let Some(here) = document.nodes.get(node.index()) else { return Ok(()) };
        match &here.kind {
            Kind::Element(element) => {
                let end = here.end.0;
                return self.element(element, node, end, node == apex);
            }
            Kind::Text(text) => self.output.push_str(&escape::text(text)),
            Kind::Comment(comment) if self.comments => {
                let comment = format!("<!--{}-->", escape::carriage_returns(comment));
                self.outside_or_inside(node, &comment);
            }
            Kind::Root | Kind::Comment(_) => {}
            Kind::Instruction { target, data } => {
                let space = if data.is_empty() { "" } else { " " };
                let instruction = format!("<?{target}{space}{}?>", escape::carriage_returns(data));
                self.outside_or_inside(node, &instruction);
            }
        }
        Ok(())
    }

    /// Comments and instructions outside the outermost element have a line of their own.
    fn outside_or_inside(&mut self, node: NodeId, written: &str) {
        let outside = self.document.parent(node) == self.document.root();
        let before = self.root_element.is_some_and(|element| node < element);
        if outside && !before {
            self.output.push('\n');
        }
        self.output.push_str(written);
        if outside && before {
            self.output.push('\n');
        }
    }

    fn element(
        &mut self,
        element: &'d Element<'a>,
        node: NodeId,
        end: u32,
        apex: bool,
    ) -> Result<(), CanonicalError> {
        let (in_force, rendered) = (self.in_force.enter(), self.rendered.enter());
        for (prefix, namespace) in &element.declarations {
            self.in_force.declare(prefix, namespace);
        }
        self.output.push('<');
        write_name(&mut self.output, element.prefix, element.local);
        for (prefix, namespace) in self.declarations(element, apex) {
            self.output.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            self.output.push_str(prefix);
            self.output.push_str("=\"");
            self.output.push_str(&escape::attribute(namespace));
            self.output.push('"');
            self.rendered.declare(prefix, namespace);
        }
        let mut attributes: Vec<&Attribute<'_>> = element.attributes.iter().collect();
        if apex {
            attributes.extend(self.inherited(element, node)?);
        }
        attributes.sort_by_key(|attribute| (attribute.namespace.as_ref(), attribute.local));
        for attribute in attributes {
            self.output.push(' ');
            write_name(&mut self.output, attribute.prefix, attribute.local);
            self.output.push_str("=\"");
            self.output.push_str(&escape::attribute(&attribute.value));
            self.output.push('"');
        }
        self.output.push('>');
        self.open.push(Open { element, end, in_force, rendered });
        Ok(())
    }

    /// The declarations to be written at an element, in order.
    fn declarations(&self, element: &'d Element<'a>, apex: bool) -> Vec<(&'d str, &'d str)> {
        let mut candidates: Vec<&'d str> = match self.canonicalization.method {
            // Elsewhere what is in force around the element was written there.
            Method::Inclusive | Method::Inclusive11 if !apex => {
                element.declarations.iter().map(|(prefix, _)| *prefix).collect()
            }
            Method::Inclusive | Method::Inclusive11 => {
                self.in_force.in_force().into_iter().map(|(prefix, _)| prefix).collect()
            }
            Method::Exclusive => {
                let used = element.attributes.iter().map(|attribute| attribute.prefix);
                let used = used.filter(|prefix| !prefix.is_empty()).chain([element.prefix]);
                used.chain(self.listed(element, apex)).collect()
            }
        };
        candidates.sort_unstable();
        candidates.dedup();
        let needed = |prefix: &'d str| {
            let namespace = self.in_force.namespace(prefix).unwrap_or_default();
            let written = self.rendered.namespace(prefix).unwrap_or_default();
            let is_xml = prefix == "xml" && (namespace.is_empty() || namespace == XML_NAMESPACE);
            (namespace != written && !is_xml).then_some((prefix, namespace))
        };
        candidates.into_iter().filter_map(needed).collect()
    }

    /// Prefixes of the list that may have to be written at an element.
    fn listed(&self, element: &'d Element<'a>, apex: bool) -> Vec<&'d str> {
        let list = &self.canonicalization.prefixes;
        if list.is_empty() {
            return Vec::new();
        }
        let own = element.declarations.iter().map(|(prefix, _)| *prefix);
        let around = if apex { self.in_force.in_force() } else { Vec::new() };
        own.chain(around.into_iter().map(|(prefix, _)| prefix))
            .filter(|prefix| list.iter().any(|listed| listed == prefix))
            .collect()
    }

    /// Attributes of `xml:` that an element has from those around it, which are not of the set.
    fn inherited(
        &self,
        element: &Element<'_>,
        node: NodeId,
    ) -> Result<Vec<&'d Attribute<'a>>, CanonicalError> {
        if self.canonicalization.method == Method::Exclusive {
            return Ok(Vec::new());
        }
        let document = self.document;
        let mut found: Vec<&'d Attribute<'a>> = Vec::new();
        let mut at = node;
        while at != document.root() {
            at = document.parent(at);
            let around = document.element(at).map_or(&[][..], |around| around.attributes.as_slice());
            for attribute in around.iter().filter(|attribute| attribute.namespace.as_ref() == XML_NAMESPACE) {
                if self.canonicalization.method == Method::Inclusive11 {
                    match attribute.local {
                        "base" => return Err(CanonicalError::Base),
                        "lang" | "space" => {}
                        _ => continue,
                    }
                }
                let is_same = |other: &Attribute<'_>| {
                    other.local == attribute.local && other.namespace.as_ref() == XML_NAMESPACE
                };
                if !element.attributes.iter().any(is_same) && !found.iter().any(|other| is_same(other)) {
                    found.push(attribute);
                }
            }
        }
        Ok(found)
    }
}

fn write_name(output: &mut String, prefix: &str, local: &str) {
    if !prefix.is_empty() {
        output.push_str(prefix);
        output.push(':');
    }
    output.push_str(local);
}
