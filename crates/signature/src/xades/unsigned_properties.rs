//! Where something is put into a document that stays as it is.

use super::{
    XadesError,
    names::{DS, XADES},
    reading::signatures,
    structure::attribute,
};
use crate::xml::{Document, NodeId, document::Element};

/// A place in a document's text, with what has to be written around something that is put there.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// Bytes of the text that are kept before.
    keep: usize,
    opening: String,
    closing: String,
    /// Where the kept text goes on.
    resume: usize,
    /// Of an element that had only one tag.
    end_tag: String,
}

impl Place {
    /// At the end of what is inside an element.
    pub(super) fn inside(element: &Element<'_>) -> Self {
        let content = element.content_range();
        if !element.is_one_tag() {
            return Self {
                keep: content.end,
                opening: String::new(),
                closing: String::new(),
                resume: content.end,
                end_tag: String::new(),
            };
        }
        // `<a b="c"/>` becomes `<a b="c">…</a>`: the two characters at its end are the only ones that change.
        let end = element.range().end;
        let keep = end.saturating_sub("/>".len());
        let name = match element.prefix() {
            "" => element.local().to_owned(),
            prefix => format!("{prefix}:{}", element.local()),
        };
        Self {
            keep,
            opening: ">".to_owned(),
            closing: String::new(),
            resume: end,
            end_tag: format!("</{name}>"),
        }
    }

    /// Before everything that is inside an element.
    fn at_the_beginning(element: &Element<'_>) -> Self {
        if element.is_one_tag() {
            return Self::inside(element);
        }
        let start = element.content_range().start;
        Self {
            keep: start,
            opening: String::new(),
            closing: String::new(),
            resume: start,
            end_tag: String::new(),
        }
    }

    /// Directly behind an element.
    const fn behind(element: &Element<'_>) -> Self {
        let end = element.range().end;
        Self {
            keep: end,
            opening: String::new(),
            closing: String::new(),
            resume: end,
            end_tag: String::new(),
        }
    }

    /// The same with something around what is put there.
    fn wrapped(self, opening: &str, closing: &str) -> Self {
        Self { opening: self.opening + opening, closing: closing.to_owned() + &self.closing, ..self }
    }

    /// The text before and behind what is put there, with something directly around it.
    pub(super) fn around<'a>(
        self,
        document: &Document<'a>,
        opening: &str,
        closing: &str,
    ) -> (String, Behind<'a>) {
        let text = document.text();
        let kept = text.get(..self.keep).unwrap_or_default();
        let before = [kept, &self.opening, opening].concat();
        let behind = Behind {
            closing: [closing, &self.closing, &self.end_tag].concat(),
            rest: text.get(self.resume..).unwrap_or_default(),
        };
        (before, behind)
    }
}

/// What stands behind something that was put into a document.
#[derive(Debug, Clone, Default)]
pub(super) struct Behind<'a> {
    pub(super) closing: String,
    pub(super) rest: &'a str,
}

/// The signature with an `Id`.
pub(super) fn signature(document: &Document<'_>, identifier: &str) -> Result<NodeId, XadesError> {
    let named = |node: &NodeId| attribute(document, *node, "Id").as_deref() == Some(identifier);
    signatures(document)?.into_iter().find(named).ok_or(XadesError::NoSignature)
}

/// The unsigned properties of a signature, in order.
pub(super) fn all(document: &Document<'_>, signature: NodeId) -> Vec<NodeId> {
    let mut at: Vec<NodeId> = vec![signature];
    for (namespace, name) in [
        (DS, "Object"),
        (XADES, "QualifyingProperties"),
        (XADES, "UnsignedProperties"),
        (XADES, "UnsignedSignatureProperties"),
    ] {
        at = at.into_iter().flat_map(|node| document.children_named(node, namespace, name)).collect();
    }
    at.into_iter().flat_map(|node| document.children(node)).collect()
}

/// Where the next unsigned property of a signature goes: behind those that are there. Which prefixes are declared there is the
/// file's own affair, so a property that is put there declares its own.
pub(super) fn place(document: &Document<'_>, signature: NodeId) -> Result<Place, XadesError> {
    let objects = document.children_named(signature, DS, "Object");
    let mut properties: Vec<NodeId> = Vec::new();
    for object in objects {
        properties.extend(document.children_named(object, XADES, "QualifyingProperties"));
    }
    let [qualifying] = properties[..] else { return Err(XadesError::NoProperties) };
    let element = |node: NodeId| document.element(node).ok_or(XadesError::NoProperties);
    let Some(unsigned) = document.child(qualifying, XADES, "UnsignedProperties") else {
        let place = match document.child(qualifying, XADES, "SignedProperties") {
            Some(signed) => Place::behind(element(signed)?),
            None => Place::inside(element(qualifying)?),
        };
        return Ok(place.wrapped(
            &format!("<xades:UnsignedProperties xmlns:xades=\"{XADES}\"><xades:UnsignedSignatureProperties>"),
            "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>",
        ));
    };
    match document.child(unsigned, XADES, "UnsignedSignatureProperties") {
        Some(inner) => Ok(Place::inside(element(inner)?)),
        // `UnsignedDataObjectProperties` would go behind it.
        None => Ok(Place::at_the_beginning(element(unsigned)?).wrapped(
            &format!("<xades:UnsignedSignatureProperties xmlns:xades=\"{XADES}\">"),
            "</xades:UnsignedSignatureProperties>",
        )),
    }
}
