//! The parts of a `ds:Signature`, by its schema and nothing beside it.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::names::{BASE64, DS, ENVELOPED, EXCLUSIVE, FILTER2, XPATH};
use crate::xml::{Canonicalization, Document, NodeId};

/// Most references of one signature, manifests included.
pub(super) const MAX_REFERENCES: usize = 4096;
/// Most transforms of one reference.
const MAX_TRANSFORMS: usize = 8;

/// A signature.
#[derive(Debug, Clone)]
pub(super) struct Structure {
    pub(super) node: NodeId,
    pub(super) signed_info: NodeId,
    pub(super) canonicalization: Canonicalization,
    /// `SignatureMethod`.
    pub(super) method: NodeId,
    pub(super) references: Vec<Reference>,
    pub(super) value: NodeId,
    pub(super) signature: Vec<u8>,
    pub(super) key_info: Option<NodeId>,
    pub(super) objects: Vec<NodeId>,
}

/// A reference, of `SignedInfo` or of a manifest.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) node: NodeId,
    pub(super) identifier: Option<String>,
    pub(super) uri: Option<String>,
    pub(super) kind: Option<String>,
    pub(super) transforms: Result<Vec<Transform>, StructureFault>,
    pub(super) digest_method: String,
    pub(super) digest: Vec<u8>,
}

/// A transform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Transform {
    /// Leaves out the signature itself.
    Enveloped,
    /// Leaves out every signature: the two XPath expressions that are in use for it, taken by their text.
    WithoutSignatures,
    Canonical(Canonicalization),
    Base64,
}

/// Why a signature is not one by the schema, or asks for what is not done here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StructureFault {
    /// An element is missing, too much, or in the wrong place.
    #[error("{0} is not as XML Signature demands")]
    Element(&'static str),
    /// A canonicalization algorithm that is unknown.
    #[error("the canonicalization algorithm is not supported")]
    Canonicalization,
    /// A transform that is not one of those that are safe: XSLT, XPath other than the common one, or unknown.
    #[error("the transform {0} is not supported")]
    Transform(String),
    /// More of something than is accepted.
    #[error("the signature has too many {0}")]
    TooMany(&'static str),
}

impl Structure {
    pub(super) fn read(document: &Document<'_>, node: NodeId) -> Result<Self, StructureFault> {
        let wrong = |name: &'static str| StructureFault::Element(name);
        let mut children = document.children(node).peekable();
        let mut next = |local: &'static str| children.next_if(|child| document.is(*child, DS, local));
        let signed_info = next("SignedInfo").ok_or(wrong("SignedInfo"))?;
        let value = next("SignatureValue").ok_or(wrong("SignatureValue"))?;
        let key_info = next("KeyInfo");
        let objects = std::iter::from_fn(|| next("Object")).collect();
        if children.next().is_some() {
            return Err(wrong("Signature"));
        }
        let mut inside = document.children(signed_info);
        let mut next = |local: &'static str| {
            inside.next().filter(|child| document.is(*child, DS, local)).ok_or(wrong(local))
        };
        let canonicalization = next("CanonicalizationMethod")?;
        let method = next("SignatureMethod")?;
        attribute(document, method, "Algorithm").ok_or(wrong("SignatureMethod"))?;
        let references = references(document, inside)?;
        if references.is_empty() {
            return Err(wrong("Reference"));
        }
        Ok(Self {
            node,
            signed_info,
            canonicalization: self::canonicalization(document, canonicalization)?,
            method,
            references,
            value,
            signature: base64_of(document, value).ok_or(wrong("SignatureValue"))?,
            key_info,
            objects,
        })
    }
}

/// References, and nothing but references.
pub(super) fn references(
    document: &Document<'_>,
    elements: impl Iterator<Item = NodeId>,
) -> Result<Vec<Reference>, StructureFault> {
    let mut references = Vec::new();
    for element in elements {
        if !document.is(element, DS, "Reference") {
            return Err(StructureFault::Element("Reference"));
        }
        if references.len() >= MAX_REFERENCES {
            return Err(StructureFault::TooMany("references"));
        }
        references.push(reference(document, element)?);
    }
    Ok(references)
}

fn reference(document: &Document<'_>, node: NodeId) -> Result<Reference, StructureFault> {
    let wrong = StructureFault::Element("Reference");
    let mut children = document.children(node).peekable();
    let transforms = children.next_if(|child| document.is(*child, DS, "Transforms"));
    let method =
        children.next().filter(|child| document.is(*child, DS, "DigestMethod")).ok_or(wrong.clone())?;
    let value =
        children.next().filter(|child| document.is(*child, DS, "DigestValue")).ok_or(wrong.clone())?;
    if children.next().is_some() {
        return Err(wrong);
    }
    Ok(Reference {
        node,
        identifier: attribute(document, node, "Id"),
        uri: attribute(document, node, "URI"),
        kind: attribute(document, node, "Type"),
        transforms: transforms.map_or(Ok(Vec::new()), |element| self::transforms(document, element)),
        digest_method: attribute(document, method, "Algorithm").ok_or(wrong.clone())?,
        digest: base64_of(document, value).ok_or(wrong)?,
    })
}

fn transforms(document: &Document<'_>, node: NodeId) -> Result<Vec<Transform>, StructureFault> {
    let mut transforms = Vec::new();
    for child in document.children(node) {
        if transforms.len() >= MAX_TRANSFORMS {
            return Err(StructureFault::TooMany("transforms"));
        }
        if !document.is(child, DS, "Transform") {
            return Err(StructureFault::Element("Transforms"));
        }
        let algorithm =
            attribute(document, child, "Algorithm").ok_or(StructureFault::Element("Transform"))?;
        transforms.push(match algorithm.as_str() {
            ENVELOPED => Transform::Enveloped,
            BASE64 => Transform::Base64,
            XPATH | FILTER2 if leaves_out_signatures(document, child, &algorithm) => {
                Transform::WithoutSignatures
            }
            _ => canonicalization(document, child)
                .map(Transform::Canonical)
                .map_err(|_| StructureFault::Transform(algorithm.chars().take(200).collect()))?,
        });
    }
    Ok(transforms)
}

/// Whether a transform is one of the two expressions that leave out every `ds:Signature` with all inside it.
fn leaves_out_signatures(document: &Document<'_>, transform: NodeId, algorithm: &str) -> bool {
    let (namespace, expression) = if algorithm == XPATH {
        (DS, "not(ancestor-or-self::ds:Signature)")
    } else {
        (FILTER2, "/descendant::ds:Signature")
    };
    let mut children = document.children(transform);
    let Some(xpath) = children.next().filter(|child| document.is(*child, namespace, "XPath")) else {
        return false;
    };
    let filter = document.element(xpath).and_then(|element| element.attribute("Filter"));
    children.next().is_none()
        && (algorithm == XPATH || filter == Some("subtract"))
        && document.text_of(xpath).is_some_and(|text| text.trim_ascii() == expression)
        && document.namespace_at(xpath, "ds") == Some(DS)
}

/// The algorithm of a `CanonicalizationMethod` or `Transform`.
pub(super) fn canonicalization(
    document: &Document<'_>,
    node: NodeId,
) -> Result<Canonicalization, StructureFault> {
    let fault = StructureFault::Canonicalization;
    let uri = attribute(document, node, "Algorithm").ok_or(fault.clone())?;
    let found = Canonicalization::from_uri(&uri).ok_or(fault.clone())?;
    let mut children = document.children(node);
    let Some(list) = children.next() else { return Ok(found) };
    let prefixes = attribute(document, list, "PrefixList");
    if !document.is(list, EXCLUSIVE, "InclusiveNamespaces") || children.next().is_some() {
        return Err(fault);
    }
    found.with_prefixes(prefixes.as_deref().unwrap_or_default()).ok_or(fault)
}

pub(super) fn attribute(document: &Document<'_>, node: NodeId, name: &str) -> Option<String> {
    document.element(node)?.attribute(name).map(str::to_owned)
}

/// Bytes of an element that holds base64, with white space anywhere.
pub(super) fn base64_of(document: &Document<'_>, node: NodeId) -> Option<Vec<u8>> {
    let text = document.text_of(node)?;
    decode_base64(&text)
}

pub(super) fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let dense: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).collect();
    STANDARD.decode(dense).ok()
}
