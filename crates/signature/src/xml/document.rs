//! The tree of a document, with the place of each element in the file.

use std::{borrow::Cow, collections::HashMap, ops::Range, sync::Arc};

use super::{
    XML_NAMESPACE,
    parser::Parser,
    scanner::{XmlError, XmlFault},
    scope::Scope,
};

/// A node. Nodes are numbered in document order, so a subtree is a range of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A document.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    pub(super) text: &'a str,
    pub(super) nodes: Vec<Node<'a>>,
    identifiers: HashMap<String, NodeId>,
}

/// What is at one place of the tree.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) parent: NodeId,
    /// The first node behind its subtree.
    pub(super) end: NodeId,
}

#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    Root,
    Element(Box<Element<'a>>),
    Text(Cow<'a, str>),
    Comment(Cow<'a, str>),
    Instruction { target: &'a str, data: Cow<'a, str> },
}

/// An element.
#[derive(Debug, Clone)]
pub struct Element<'a> {
    pub(super) prefix: &'a str,
    pub(super) local: &'a str,
    pub(super) namespace: Arc<str>,
    pub(super) attributes: Vec<Attribute<'a>>,
    /// Prefix and namespace of each declaration.
    pub(super) declarations: Vec<(&'a str, Arc<str>)>,
    pub(super) start: usize,
    pub(super) content: Range<usize>,
    pub(super) end: usize,
}

/// An attribute that is no declaration.
#[derive(Debug, Clone)]
pub(super) struct Attribute<'a> {
    pub(super) prefix: &'a str,
    pub(super) local: &'a str,
    pub(super) namespace: Arc<str>,
    pub(super) value: Cow<'a, str>,
}

impl<'a> Element<'a> {
    /// Its local name.
    #[must_use]
    pub const fn local(&self) -> &'a str {
        self.local
    }

    /// Its prefix; empty where there is none.
    #[must_use]
    pub const fn prefix(&self) -> &'a str {
        self.prefix
    }

    /// Its namespace; empty where there is none.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Whether it has this namespace and local name.
    #[must_use]
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.local == local && self.namespace() == namespace
    }

    /// The value of an attribute without namespace.
    #[must_use]
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.local == local && attribute.namespace.is_empty())
            .map(|attribute| attribute.value.as_ref())
    }

    /// Bytes of the file from its start tag to its end tag, both included.
    #[must_use]
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Bytes of the file between its tags; empty, and at its end, for a tag like `<a/>`.
    #[must_use]
    pub fn content_range(&self) -> Range<usize> {
        self.content.clone()
    }

    /// Whether it is written as one tag, `<a/>`.
    #[must_use]
    pub const fn is_one_tag(&self) -> bool {
        self.content.start == self.end
    }

    /// Its identifier: `Id`, `ID` or `id` without namespace, or `xml:id`.
    #[must_use]
    pub fn identifier(&self) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.is_identifier()).map(|found| found.value.as_ref())
    }
}

impl Attribute<'_> {
    fn is_identifier(&self) -> bool {
        (self.namespace.is_empty() && matches!(self.local, "Id" | "ID" | "id"))
            || (self.namespace.as_ref() == XML_NAMESPACE && self.local == "id")
    }
}

impl<'a> Document<'a> {
    /// Reads a document.
    ///
    /// # Errors
    /// [`XmlError`]: where it breaks a rule of XML or of ours, and which.
    pub fn parse(octets: &'a [u8]) -> Result<Self, XmlError> {
        let text = std::str::from_utf8(octets)
            .map_err(|error| XmlError { fault: XmlFault::Encoding, position: error.valid_up_to() })?;
        let nodes = Parser::new(text).run()?;
        let identifiers = identifiers(&nodes)?;
        Ok(Self { text, nodes, identifiers })
    }

    /// The text that was read.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The node above all others.
    #[must_use]
    pub const fn root(&self) -> NodeId {
        NodeId(0)
    }

    /// The outermost element.
    #[must_use]
    pub fn root_element(&self) -> Option<NodeId> {
        self.elements_below(self.root()).next()
    }

    /// The element at a node.
    #[must_use]
    pub fn element(&self, node: NodeId) -> Option<&Element<'a>> {
        match &self.nodes.get(node.index())?.kind {
            Kind::Element(element) => Some(element),
            _ => None,
        }
    }

    /// Whether an element has this namespace and local name.
    #[must_use]
    pub fn is(&self, node: NodeId, namespace: &str, local: &str) -> bool {
        self.element(node).is_some_and(|element| element.is(namespace, local))
    }

    /// The node around a node; of the root, the root.
    #[must_use]
    pub fn parent(&self, node: NodeId) -> NodeId {
        self.nodes.get(node.index()).map_or(self.root(), |node| node.parent)
    }

    /// Whether `inner` is `outer` or inside it.
    #[must_use]
    pub fn contains(&self, outer: NodeId, inner: NodeId) -> bool {
        self.subtree(outer).contains(&inner.0)
    }

    /// Numbers of a node and all inside it.
    pub(super) fn subtree(&self, node: NodeId) -> Range<u32> {
        node.0..self.nodes.get(node.index()).map_or(node.0, |node| node.end.0)
    }

    /// Elements inside a node, at any depth, in document order.
    pub fn elements_below(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.subtree(node).skip(1).map(NodeId).filter(|inner| self.element(*inner).is_some())
    }

    /// Elements directly inside a node.
    pub fn children(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.child_nodes(node).filter(|child| self.element(*child).is_some())
    }

    /// Nodes directly inside a node.
    fn child_nodes(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let range = self.subtree(node);
        let first = range.start.saturating_add(1);
        std::iter::successors((first < range.end).then_some(NodeId(first)), move |child| {
            let next = self.nodes.get(child.index())?.end;
            (next > *child && next.0 < range.end).then_some(next)
        })
    }

    /// The elements directly inside a node with a namespace and local name.
    pub fn children_named<'d>(
        &'d self,
        node: NodeId,
        namespace: &'d str,
        local: &'d str,
    ) -> impl Iterator<Item = NodeId> + 'd {
        self.children(node).filter(move |child| self.is(*child, namespace, local))
    }

    /// The first element directly inside a node with a namespace and local name.
    #[must_use]
    pub fn child(&self, node: NodeId, namespace: &str, local: &str) -> Option<NodeId> {
        self.children_named(node, namespace, local).next()
    }

    /// Whether text other than white space stands directly in a node.
    #[must_use]
    pub fn has_text(&self, node: NodeId) -> bool {
        let is_text = |child: NodeId| {
            let node = self.nodes.get(child.index());
            matches!(node.map(|node| &node.kind), Some(Kind::Text(text)) if !text.trim_ascii().is_empty())
        };
        self.child_nodes(node).any(is_text)
    }

    /// Text of an element that holds nothing but text; comments and processing instructions inside are an ambiguity, so such an
    /// element has none.
    #[must_use]
    pub fn text_of(&self, node: NodeId) -> Option<Cow<'_, str>> {
        let mut texts = Vec::new();
        for child in self.child_nodes(node) {
            match &self.nodes.get(child.index())?.kind {
                Kind::Text(text) => texts.push(text.as_ref()),
                _ => return None,
            }
        }
        Some(match texts.as_slice() {
            [] => Cow::Borrowed(""),
            [one] => Cow::Borrowed(*one),
            _ => Cow::Owned(texts.concat()),
        })
    }

    /// The element with an identifier. There is at most one: a document with two was refused.
    #[must_use]
    pub fn by_identifier(&self, identifier: &str) -> Option<NodeId> {
        self.identifiers.get(identifier).copied()
    }

    /// The namespace that a prefix means at an element.
    #[must_use]
    pub fn namespace_at(&self, node: NodeId, prefix: &str) -> Option<&str> {
        self.scope_at(node).namespace(prefix)
    }

    /// The declarations in force inside a node.
    pub(super) fn scope_at(&self, node: NodeId) -> Scope<'_> {
        let mut way = vec![node];
        let mut at = node;
        while at != self.root() {
            at = self.parent(at);
            way.push(at);
        }
        let mut scope = Scope::default();
        for element in way.into_iter().rev().filter_map(|node| self.element(node)) {
            for (prefix, namespace) in &element.declarations {
                scope.declare(prefix, namespace);
            }
        }
        scope
    }
}

fn identifiers(nodes: &[Node<'_>]) -> Result<HashMap<String, NodeId>, XmlError> {
    let mut identifiers = HashMap::new();
    for (number, node) in (0..).zip(nodes) {
        let Kind::Element(element) = &node.kind else { continue };
        for attribute in element.attributes.iter().filter(|attribute| attribute.is_identifier()) {
            let before = identifiers.insert(attribute.value.clone().into_owned(), NodeId(number));
            // `Id` and `id` of the same element may say the same.
            if before.is_some_and(|before| before.0 != number) {
                return Err(XmlError { fault: XmlFault::DuplicateIdentifier, position: element.start });
            }
        }
    }
    Ok(identifiers)
}
