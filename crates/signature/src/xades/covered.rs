//! What each kind of time stamp covers (EN 319 132-1 clauses 5.2.8, 5.3 and 5.5.2).

use sha2::{Digest, Sha256};

use super::{
    embedded::Embedded,
    names::{DS, XADES},
    reference::{ReferenceFault, Resolver},
    structure::{Structure, StructureFault, attribute, base64_of, canonicalization},
};
use crate::{
    found::FoundTimeStamp,
    time_stamp::TimeStampToken,
    xml::{Canonicalization, NodeId, NodeSet, canonical::Method},
};

/// What a time stamp is over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Over<'p> {
    /// All that the signer wanted to sign; `signed` are the signed properties, which are not of it.
    Content { signed: NodeId },
    /// Some of it, named by the element.
    SomeContent,
    /// The signature value.
    Signature,
    /// The signature, and those unsigned properties.
    Archive { unsigned: &'p [NodeId] },
}

/// The canonicalization that the element of a time stamp names; Canonical XML 1.0 where it names none.
pub(super) fn method(
    resolver: &Resolver<'_, '_>,
    element: NodeId,
) -> Result<Canonicalization, StructureFault> {
    resolver
        .document
        .child(element, DS, "CanonicalizationMethod")
        .map_or(Ok(Canonicalization::new(Method::Inclusive)), |node| {
            canonicalization(resolver.document, node)
        })
}

/// The bytes that a time stamp covers.
pub(super) fn octets(
    resolver: &mut Resolver<'_, '_>,
    structure: &Structure,
    over: Over<'_>,
    element: Option<NodeId>,
    method: &Canonicalization,
) -> Result<Vec<u8>, ReferenceFault> {
    let document = resolver.document;
    let mut octets = Vec::new();
    match over {
        Over::Content { signed } => {
            for reference in &structure.references {
                let is_signed_properties = reference
                    .uri
                    .as_deref()
                    .and_then(|uri| uri.strip_prefix('#'))
                    .is_some_and(|identifier| document.by_identifier(identifier) == Some(signed));
                if !is_signed_properties {
                    octets.extend(resolver.octets(reference, structure.node, method)?);
                }
            }
        }
        Over::SomeContent => {
            let includes: Vec<NodeId> = element
                .map(|element| document.children_named(element, XADES, "Include").collect())
                .unwrap_or_default();
            for include in includes {
                let uri = attribute(document, include, "URI").unwrap_or_default();
                let missing = || ReferenceFault::Missing(uri.clone());
                let node = uri.strip_prefix('#').and_then(|identifier| document.by_identifier(identifier));
                let reference = structure.references.iter().find(|reference| Some(reference.node) == node);
                if attribute(document, include, "referencedData").as_deref() != Some("true") {
                    return Err(missing());
                }
                octets.extend(resolver.octets(reference.ok_or_else(missing)?, structure.node, method)?);
            }
        }
        Over::Signature => {
            octets = resolver.canonical(method, &NodeSet::subtree(structure.value).with_comments())?;
        }
        Over::Archive { unsigned } => {
            for reference in &structure.references {
                octets.extend(resolver.octets(reference, structure.node, method)?);
            }
            let parts = [Some(structure.signed_info), Some(structure.value), structure.key_info];
            let objects = structure
                .objects
                .iter()
                .filter(|object| document.child(**object, XADES, "QualifyingProperties").is_none());
            for part in parts.into_iter().flatten().chain(unsigned.iter().copied()).chain(objects.copied()) {
                octets.extend(resolver.canonical(method, &NodeSet::subtree(part).with_comments())?);
            }
        }
    }
    Ok(octets)
}

/// The tokens of an element of a time stamp.
pub(super) fn read(
    resolver: &mut Resolver<'_, '_>,
    structure: &Structure,
    element: NodeId,
    over: Over<'_>,
    embedded: &mut Embedded,
) -> Vec<FoundTimeStamp> {
    let document = resolver.document;
    // What a time stamp covers is implied by its kind. One that names it all the same may mean something else.
    let is_implied = document.child(element, XADES, "Include").is_none();
    let covered = if is_implied || matches!(over, Over::SomeContent) {
        method(resolver, element)
            .map_err(ReferenceFault::from)
            .and_then(|method| octets(resolver, structure, over, Some(element), &method))
    } else {
        Err(ReferenceFault::Order)
    };
    let covered_material = match over {
        Over::Archive { .. } => embedded.material.clone(),
        _ => Vec::new(),
    };
    let elements: Vec<NodeId> = document.children_named(element, XADES, "EncapsulatedTimeStamp").collect();
    if elements.is_empty() || document.child(element, XADES, "XMLTimeStamp").is_some() {
        embedded.remarks.push("a time stamp in XML is not supported".to_owned());
    }
    let mut found = Vec::new();
    for token in elements.into_iter().take(MAX_TOKENS) {
        let Some(token) = base64_of(document, token) else {
            embedded.remarks.push("a time stamp is not base64".to_owned());
            continue;
        };
        let parsed = TimeStampToken::parse(&token).ok();
        let hash = parsed.as_ref().and_then(TimeStampToken::hash);
        embedded.material.push(Sha256::digest(&token).into());
        found.push(FoundTimeStamp {
            covered_digest: hash.zip(covered.as_ref().ok()).map(|(hash, octets)| hash.digest(&[octets])),
            token,
            certificates: Vec::new(),
            claimed_time: parsed.map(|parsed| parsed.gen_time()),
            covered_material: covered_material.clone(),
            is_of_old_kind: false,
        });
    }
    found
}

/// Most tokens of one element.
const MAX_TOKENS: usize = 16;
