//! What of a document a signature covers.

use std::collections::HashSet;

use super::{
    names::{DS, XADES},
    reference::Target,
    structure::Structure,
};
use crate::{
    found::Coverage,
    xml::{Document, NodeId, NodeSet},
};

/// What one reference covers.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) target: Target,
    /// The reference's URI.
    pub(super) name: String,
}

/// All of a document, or the parts by their URIs; `(document)` where something of it is left out.
pub(super) fn coverage(document: &Document<'_>, structure: &Structure, parts: &[Part]) -> Coverage {
    if parts.iter().any(|part| is_whole(document, part)) || is_envelope(document, structure, parts) {
        return Coverage::Whole;
    }
    if parts.is_empty() {
        return Coverage::Unknown;
    }
    let name = |part: &Part| if part.name.is_empty() { "(document)".to_owned() } else { part.name.clone() };
    Coverage::Parts(parts.iter().map(name).collect())
}

/// References to elements of the document that stand neither around the signature, nor beside it or what it is in, nor inside of
/// it; or in one of its objects, where the document has something else than signatures. Whoever moves what was signed into a corner and puts
/// something else in its place makes such.
pub(super) fn misplaced(document: &Document<'_>, structure: &Structure, parts: &[Part]) -> Vec<String> {
    let ancestors: Vec<NodeId> = above(document, structure.node);
    let is_in_place = |apex: NodeId| {
        apex == structure.node
            || ancestors.contains(&apex)
            || above(document, apex).first().is_some_and(|parent| ancestors.contains(parent))
            || above(document, apex).contains(&structure.node)
    };
    let is_alone = ancestors.iter().all(|outer| {
        let mut inside = document.children(*outer);
        !document.has_text(*outer)
            && inside.all(|child| document.is(child, DS, "Signature") || ancestors.contains(&child))
    });
    // an object itself may be anywhere with its signature, as may manifests and what else belongs to signatures
    let is_hidden = |apex: NodeId| {
        let is_in_object = above(document, apex).iter().any(|outer| structure.objects.contains(outer));
        let namespace = document.element(apex).map_or("", |element| element.namespace());
        is_in_object && !is_alone && ![DS, XADES].contains(&namespace)
    };
    let mut misplaced = Vec::new();
    for part in parts {
        if let Target::Nodes(nodes) = &part.target
            && nodes.apex() != document.root()
            && (!is_in_place(nodes.apex()) || is_hidden(nodes.apex()))
        {
            misplaced.push(part.name.clone());
        }
    }
    misplaced
}

/// Elements that are signed, each with its signature's place, where an element of the same name is signed by nobody. A program
/// that looks for the element by its name can find that one: this is what wrapping comes to where what was signed stays beside
/// its signature.
pub(super) fn doubled(document: &Document<'_>, parts: &[(usize, Part)]) -> Vec<(usize, String)> {
    let apex = |part: &Part| match &part.target {
        Target::Nodes(nodes) => Some(nodes.apex()),
        Target::Outside(_) => None,
    };
    let signed: HashSet<NodeId> = parts.iter().filter_map(|(_, part)| apex(part)).collect();
    let names = |node: NodeId| {
        let element = document.element(node)?;
        // what belongs to signatures has its own rules
        let is_own = [DS, XADES].contains(&element.namespace());
        (!is_own).then(|| (element.namespace(), element.local()))
    };
    if signed.contains(&document.root()) || signed.iter().all(|node| names(*node).is_none()) {
        return Vec::new();
    }
    let mut unsigned = HashSet::new();
    let mut within: Option<NodeId> = None;
    for node in document.elements_below(document.root()) {
        if within.is_some_and(|outer| document.contains(outer, node)) {
            continue;
        }
        if signed.contains(&node) {
            within = Some(node);
        } else {
            unsigned.extend(names(node));
        }
    }
    parts
        .iter()
        .filter(|(_, part)| apex(part).and_then(names).is_some_and(|name| unsigned.contains(&name)))
        .map(|(signature, part)| (*signature, part.name.clone()))
        .collect()
}

/// Whether the signature has an object, other than its properties, that it does not sign: somebody may have put it there since.
pub(super) fn has_unsigned_object(document: &Document<'_>, structure: &Structure, parts: &[Part]) -> bool {
    structure.objects.iter().any(|object| {
        let is_signed = parts.iter().any(|part| {
            matches!(&part.target, Target::Nodes(nodes) if *object == nodes.apex() || above(document, nodes.apex()).contains(object))
        });
        let mut inside = document.children(*object);
        !is_signed && inside.any(|child| !document.is(child, XADES, "QualifyingProperties"))
    })
}

/// The nodes around one, the nearest first.
fn above(document: &Document<'_>, node: NodeId) -> Vec<NodeId> {
    let mut above = Vec::new();
    let mut node = node;
    while node != document.root() {
        node = document.parent(node);
        above.push(node);
    }
    above
}

/// Whether a reference covers the root element, with nothing left out but signatures that carry nothing else.
fn is_whole(document: &Document<'_>, part: &Part) -> bool {
    let Target::Nodes(nodes) = &part.target else { return false };
    let root = document.root_element();
    (nodes.apex() == document.root() || Some(nodes.apex()) == root)
        && nodes.left_out().iter().all(|left_out| carries_nothing(document, *left_out))
}

/// Whether something that is left out as a signature is one, with nothing in its objects but its properties.
fn carries_nothing(document: &Document<'_>, signature: NodeId) -> bool {
    Structure::read(document, signature).is_ok_and(|structure| {
        let mut inside = structure.objects.iter().flat_map(|object| document.children(*object));
        inside.all(|child| document.is(child, XADES, "QualifyingProperties"))
    })
}

/// Whether the signature is all of the document, and each of its objects is signed.
fn is_envelope(document: &Document<'_>, structure: &Structure, parts: &[Part]) -> bool {
    let covers = |object: NodeId| {
        parts
            .iter()
            .any(|part| matches!(&part.target, Target::Nodes(nodes) if *nodes == NodeSet::subtree(object)))
    };
    let mut objects = structure
        .objects
        .iter()
        .filter(|object| document.child(**object, XADES, "QualifyingProperties").is_none())
        .peekable();
    document.root_element() == Some(structure.node)
        && objects.peek().is_some()
        && objects.all(|object| covers(*object))
}
