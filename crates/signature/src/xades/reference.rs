//! What a reference stands for: the bytes that are hashed, and which part of the document they are.

use std::borrow::Cow;

use super::{
    detached::DetachedContent,
    names::DS,
    structure::{Reference, StructureFault, Transform, base64_of, decode_base64},
};
use crate::{
    Hash,
    xades::algorithm::digest_from_uri,
    xml::{
        Canonicalization, Document, NodeId, NodeSet,
        canonical::{CanonicalError, Method},
    },
};

/// What reading one document may cost beside its size: canonical forms of parts that overlap, in bytes.
const WORK: usize = 128 << 20;

/// Looks references up in one document.
pub(super) struct Resolver<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) detached: &'d dyn DetachedContent,
    /// Every `ds:Signature`, in document order.
    pub(super) signatures: &'d [NodeId],
    work: usize,
}

/// What a reference names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A part of the document.
    Nodes(NodeSet),
    /// Something outside it.
    Outside(String),
}

/// Why it cannot be said what a reference stands for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceFault {
    /// No element has the identifier, or the content outside was not given.
    #[error("what the reference {0} names is not there")]
    Missing(String),
    /// By structure or transform.
    #[error("{0}")]
    Structure(#[from] StructureFault),
    /// A transform cannot follow what was before it.
    #[error("the transforms of a reference do not fit each other")]
    Order,
    /// The signature is not inside what it should be left out of.
    #[error("the signature is not inside what it signs as enveloped")]
    NotEnveloped,
    /// Base64 with elements inside, or not base64.
    #[error("what a reference names is not base64")]
    Base64,
    /// By its canonical form.
    #[error("{0}")]
    Canonical(#[from] CanonicalError),
    /// A digest algorithm that is unknown or too weak.
    #[error("the digest algorithm {0} is not accepted")]
    Digest(String),
    /// The references of the document cost more than is accepted.
    #[error("the references of the document cost too much")]
    Work,
}

enum Data<'c> {
    Nodes(NodeSet),
    Octets(Cow<'c, [u8]>),
    Outside,
}

impl<'d, 'a> Resolver<'d, 'a> {
    pub(super) fn new(
        document: &'d Document<'a>,
        detached: &'d dyn DetachedContent,
        signatures: &'d [NodeId],
    ) -> Self {
        let work = WORK.saturating_add(document.text().len().saturating_mul(8));
        Self { document, detached, signatures, work }
    }

    /// What a reference names, before any transform (XML Signature section 4.4.3.3).
    pub(super) fn target(&self, reference: &Reference) -> Result<Target, ReferenceFault> {
        let uri = reference.uri.as_deref();
        let Some(fragment) =
            uri.and_then(|uri| if uri.is_empty() { Some("") } else { uri.strip_prefix('#') })
        else {
            return Ok(Target::Outside(uri.unwrap_or_default().to_owned()));
        };
        let document = self.document;
        let (identifier, comments) = match fragment {
            "" if uri == Some("") => return Ok(Target::Nodes(NodeSet::subtree(document.root()))),
            "xpointer(/)" => return Ok(Target::Nodes(NodeSet::subtree(document.root()).with_comments())),
            _ => pointed(fragment).map_or((fragment, false), |identifier| (identifier, true)),
        };
        let element = document.by_identifier(identifier);
        let nodes = NodeSet::subtree(element.ok_or_else(|| ReferenceFault::Missing(named(reference)))?);
        Ok(Target::Nodes(if comments { nodes.with_comments() } else { nodes }))
    }

    /// Digest of what a reference stands for, and the part that it covers.
    pub(super) fn digest(
        &mut self,
        reference: &Reference,
        signature: NodeId,
    ) -> Result<(Hash, Vec<u8>, Target), ReferenceFault> {
        let hash = digest_from_uri(&reference.digest_method)
            .ok_or_else(|| ReferenceFault::Digest(reference.digest_method.chars().take(200).collect()))?;
        let target = self.target(reference)?;
        let (data, target) = self.transformed(reference, signature, target)?;
        let digest = match (&data, &target) {
            (Data::Outside, Target::Outside(uri)) => self
                .detached
                .digest(uri, hash)
                .filter(|digest| digest.len() == hash.length())
                .ok_or_else(|| ReferenceFault::Missing(named(reference)))?,
            (Data::Octets(octets), _) => hash.digest(&[octets]),
            (Data::Nodes(nodes), _) => {
                let octets = self.canonical(&Canonicalization::new(Method::Inclusive), &nodes.clone())?;
                hash.digest(&[&octets])
            }
            (Data::Outside, Target::Nodes(_)) => return Err(ReferenceFault::Order),
        };
        Ok((hash, digest, target))
    }

    /// The bytes that a reference stands for; a part without canonicalization of its own gets this one.
    pub(super) fn octets(
        &mut self,
        reference: &Reference,
        signature: NodeId,
        canonicalization: &Canonicalization,
    ) -> Result<Vec<u8>, ReferenceFault> {
        let target = self.target(reference)?;
        let (data, target) = self.transformed(reference, signature, target)?;
        match (data, target) {
            (Data::Octets(octets), _) => Ok(octets.into_owned()),
            (Data::Nodes(nodes), _) => self.canonical(canonicalization, &nodes),
            (Data::Outside, Target::Outside(uri)) => {
                let octets =
                    self.detached.octets(&uri).ok_or_else(|| ReferenceFault::Missing(named(reference)))?;
                Ok(octets.into_owned())
            }
            (Data::Outside, Target::Nodes(_)) => Err(ReferenceFault::Order),
        }
    }

    fn transformed(
        &mut self,
        reference: &Reference,
        signature: NodeId,
        target: Target,
    ) -> Result<(Data<'d>, Target), ReferenceFault> {
        let document = self.document;
        let mut data = match &target {
            Target::Nodes(nodes) => Data::Nodes(nodes.clone()),
            Target::Outside(_) => Data::Outside,
        };
        let mut covered = target;
        for transform in reference.transforms.clone()? {
            data = match (transform, data) {
                (Transform::Enveloped, Data::Nodes(nodes)) => {
                    if nodes.apex() == signature || !document.contains(nodes.apex(), signature) {
                        return Err(ReferenceFault::NotEnveloped);
                    }
                    Data::Nodes(nodes.without(signature))
                }
                (Transform::WithoutSignatures, Data::Nodes(nodes)) => {
                    let mut at = nodes.apex();
                    while at != document.root() {
                        if document.is(at, DS, "Signature") {
                            return Err(ReferenceFault::Order);
                        }
                        at = document.parent(at);
                    }
                    let first = self.signatures.partition_point(|signature| *signature < nodes.apex());
                    let inside = self.signatures.iter().skip(first).copied();
                    let inside: Vec<NodeId> =
                        inside.take_while(|signature| document.contains(nodes.apex(), *signature)).collect();
                    Data::Nodes(nodes.without_all(inside))
                }
                (Transform::Canonical(method), Data::Nodes(nodes)) => {
                    covered = Target::Nodes(nodes.clone());
                    Data::Octets(Cow::Owned(self.canonical(&method, &nodes)?))
                }
                (Transform::Base64, Data::Nodes(nodes)) => {
                    let octets = base64_of(document, nodes.apex()).ok_or(ReferenceFault::Base64)?;
                    self.spend(octets.len())?;
                    covered = Target::Nodes(nodes);
                    Data::Octets(Cow::Owned(octets))
                }
                (Transform::Base64, Data::Octets(octets)) => {
                    let text = std::str::from_utf8(&octets).map_err(|_| ReferenceFault::Base64)?;
                    Data::Octets(Cow::Owned(decode_base64(text).ok_or(ReferenceFault::Base64)?))
                }
                (Transform::Canonical(method), Data::Outside) => {
                    let Target::Outside(uri) = &covered else { return Err(ReferenceFault::Order) };
                    let missing = || ReferenceFault::Missing(named(reference));
                    let octets = self.detached.octets(uri).ok_or_else(missing)?;
                    let outside = Document::parse(&octets).map_err(|_| ReferenceFault::Order)?;
                    self.spend(octets.len())?;
                    let nodes = NodeSet::subtree(outside.root()).with_comments();
                    Data::Octets(Cow::Owned(method.apply(&outside, &nodes)?))
                }
                _ => return Err(ReferenceFault::Order),
            };
        }
        if let Data::Nodes(nodes) = &data {
            covered = Target::Nodes(nodes.clone());
        }
        Ok((data, covered))
    }

    /// The canonical form of a part, paid for.
    pub(super) fn canonical(
        &mut self,
        method: &Canonicalization,
        nodes: &NodeSet,
    ) -> Result<Vec<u8>, ReferenceFault> {
        self.spend(1)?;
        // Where it becomes too large, so did the work.
        let octets = method.apply(self.document, nodes).inspect_err(|_| self.work = 0)?;
        self.spend(octets.len())?;
        Ok(octets)
    }

    fn spend(&mut self, octets: usize) -> Result<(), ReferenceFault> {
        let left = self.work.checked_sub(octets);
        self.work = left.unwrap_or(0);
        left.map(|_| ()).ok_or(ReferenceFault::Work)
    }
}

/// The identifier of `xpointer(id('…'))`.
fn pointed(fragment: &str) -> Option<&str> {
    let quoted = fragment.strip_prefix("xpointer(id(")?.strip_suffix("))")?;
    ["'", "\""].into_iter().find_map(|quote| quoted.strip_prefix(quote)?.strip_suffix(quote))
}

/// A reference by its URI, for people.
pub(super) fn named(reference: &Reference) -> String {
    reference.uri.as_deref().map_or_else(|| "(without URI)".to_owned(), |uri| uri.chars().take(200).collect())
}
