//! The signatures of a document, each with what mathematics says about it.

use bitaqa_trust::Certificate;

use super::{
    XadesError,
    coverage::{Part, coverage, doubled, has_unsigned_object, misplaced},
    covered::{self, Over},
    detached::DetachedContent,
    embedded::Embedded,
    names::{DS, TYPE_COUNTERSIGNED, TYPE_MANIFEST, TYPE_OBJECT, TYPE_SIGNED_PROPERTIES, XADES, XADES_141},
    properties::{self, Qualifying},
    reference::{ReferenceFault, Resolver, Target, named},
    signature_method::scheme,
    signing_certificate,
    structure::{MAX_REFERENCES, Reference, Structure, StructureFault, attribute, references},
};
use crate::{
    FoundSignature,
    found::{Integrity, SignatureFormat},
    xml::{Document, NodeId, NodeSet},
};

/// Most signatures of one document, counter-signatures included.
pub const MAX_SIGNATURES: usize = 20_000;
/// Most time stamps and sets of validation data of one signature.
const MAX_UNSIGNED_PROPERTIES: usize = 256;

/// Reads the signatures of a document, in its order. A signature that breaks the rules is there too, with its faults: none is
/// passed over. Of content outside the document only what `detached` gives is taken; nothing is fetched.
///
/// # Errors
/// [`XadesError`]: the document is not one that we read, or has no signature or too many.
pub fn read(document: &[u8], detached: &dyn DetachedContent) -> Result<Vec<FoundSignature>, XadesError> {
    let document = Document::parse(document)?;
    read_document(&document, detached)
}

/// The same of a document that was parsed already.
///
/// # Errors
/// As [`read`], but for those of parsing.
pub fn read_document(
    document: &Document<'_>,
    detached: &dyn DetachedContent,
) -> Result<Vec<FoundSignature>, XadesError> {
    let signatures = signatures(document)?;
    let mut reader =
        Reader { resolver: Resolver::new(document, detached, &signatures), parts: Vec::new(), outer: 0 };
    let outer =
        signatures.iter().enumerate().filter(|(_, signature)| countersigned(document, **signature).is_none());
    let mut all = Vec::new();
    for (number, signature) in outer {
        reader.outer = all.len();
        all.push(reader.signature(*signature, number, None));
    }
    for (place, name) in doubled(document, &reader.parts) {
        if let Some(found) = all.get_mut(place) {
            found.format_faults.push(format!(
                "{name} names one of several elements of this name, and another is not signed: who reads the document may take that one"
            ));
        }
    }
    Ok(all)
}

/// Every `ds:Signature` of a document.
pub(super) fn signatures(document: &Document<'_>) -> Result<Vec<NodeId>, XadesError> {
    let all =
        document.elements_below(document.root()).filter(|element| document.is(*element, DS, "Signature"));
    let signatures: Vec<NodeId> = all.take(MAX_SIGNATURES + 1).collect();
    match signatures.len() {
        0 => Err(XadesError::NoSignature),
        1..=MAX_SIGNATURES => Ok(signatures),
        _ => Err(XadesError::TooManySignatures),
    }
}

/// The signature that another one is inside of as a counter-signature.
fn countersigned(document: &Document<'_>, signature: NodeId) -> Option<NodeId> {
    let names =
        ["CounterSignature", "UnsignedSignatureProperties", "UnsignedProperties", "QualifyingProperties"];
    let mut at = signature;
    for name in names {
        at = document.parent(at);
        if !document.is(at, XADES, name) {
            return None;
        }
    }
    let object = document.parent(at);
    let outer = document.parent(object);
    (document.is(object, DS, "Object") && document.is(outer, DS, "Signature")).then_some(outer)
}

struct Reader<'d, 'a> {
    resolver: Resolver<'d, 'a>,
    /// What is signed, with the place of the signature that is not a counter-signature.
    parts: Vec<(usize, Part)>,
    /// The place of the one that is read.
    outer: usize,
}

/// What came of the references of a signature.
#[derive(Default)]
struct References {
    changed: bool,
    missing: bool,
    not_verified: bool,
    signs_properties: bool,
    parts: Vec<Part>,
    count: usize,
}

impl Reader<'_, '_> {
    fn signature(
        &mut self,
        node: NodeId,
        number: usize,
        countersigned: Option<&Structure>,
    ) -> FoundSignature {
        let document = self.resolver.document;
        let name = attribute(document, node, "Id");
        let mut found =
            FoundSignature::unread(SignatureFormat::Xades, name.unwrap_or_else(|| format!("{}", number + 1)));
        match Structure::read(document, node) {
            Ok(structure) => self.of_structure(&structure, countersigned, &mut found),
            Err(fault) => found.format_faults.push(fault.to_string()),
        }
        found
    }

    fn of_structure(
        &mut self,
        structure: &Structure,
        countersigned: Option<&Structure>,
        found: &mut FoundSignature,
    ) {
        let document = self.resolver.document;
        let qualifying = Qualifying::find(document, structure, &mut found.format_faults);
        let signed = qualifying.and_then(|qualifying| qualifying.signed);
        let mut outcome = References::default();
        for reference in &structure.references {
            self.reference(reference, structure, signed, &mut outcome, found);
        }
        if let Some(outer) = countersigned {
            let value = NodeSet::subtree(outer.value);
            let is_over = outcome.parts.iter().any(|part| {
                matches!(&part.target, Target::Nodes(nodes) if nodes.apex() == value.apex() && nodes.left_out().is_empty())
            });
            if !is_over {
                outcome.not_verified = true;
                found
                    .format_faults
                    .push("the counter-signature is not over the signature around it".to_owned());
            }
        }
        let mut embedded = Embedded::default();
        if let Some(key_info) = structure.key_info {
            embedded.add_key_info(document, key_info);
        }
        let of_key_info = embedded.certificates.len();
        let mut properties = properties::SignedProperties::default();
        match signed {
            Some(signed) if outcome.signs_properties => {
                let (faults, remarks) = (&mut found.format_faults, &mut found.remarks);
                properties = properties::read_signed(document, structure, signed, faults, remarks);
                for stamp in std::mem::take(&mut properties.time_stamps) {
                    let all = document.is(stamp, XADES, "AllDataObjectsTimeStamp");
                    let over = if all { Over::Content { signed } } else { Over::SomeContent };
                    let read = covered::read(&mut self.resolver, structure, stamp, over, &mut embedded);
                    found.content_time_stamps.extend(read);
                }
            }
            Some(_) => {
                outcome.not_verified = true;
                found.format_faults.push("SignedProperties is not signed".to_owned());
            }
            None => {}
        }
        self.unsigned(structure, qualifying, &mut embedded, found);
        found.algorithm = scheme(document, structure.method);
        let key_info: Vec<Certificate> = embedded.certificates.iter().take(of_key_info).cloned().collect();
        let verified = self.verified(structure, &key_info, &embedded.certificates, &properties, found);
        found.integrity = integrity(&outcome, verified);
        found.statement = properties.statement;
        found.coverage = coverage(document, structure, &outcome.parts);
        if has_unsigned_object(document, structure, &outcome.parts) {
            found.remarks.push("the signature has an object inside that is not signed".to_owned());
        }
        for name in misplaced(document, structure, &outcome.parts) {
            found
                .format_faults
                .push(format!("{name} names an element in a place where what is signed does not stand"));
        }
        let outer = self.outer;
        self.parts.extend(outcome.parts.into_iter().map(|part| (outer, part)));
        found.certificates = embedded.certificates;
        found.revocation = embedded.revocation;
        found.remarks.append(&mut embedded.remarks);
    }

    /// Whether the signature is one of the signer's key; none where that cannot be told.
    fn verified(
        &mut self,
        structure: &Structure,
        key_info: &[Certificate],
        all: &[Certificate],
        properties: &properties::SignedProperties,
        found: &mut FoundSignature,
    ) -> Option<bool> {
        let signed = found.algorithm.as_ref().ok().map(|scheme| {
            let nodes = NodeSet::subtree(structure.signed_info).with_comments();
            let octets = self.resolver.canonical(&structure.canonicalization, &nodes);
            octets.map(|octets| (*scheme, octets))
        });
        let signed = match signed {
            None => None,
            Some(Ok(signed)) => Some(signed),
            Some(Err(fault)) => {
                found.format_faults.push(fault.to_string());
                None
            }
        };
        let verify = |certificate: &Certificate| {
            let (scheme, octets) = signed.as_ref()?;
            Some(certificate.public_key().ok()?.verify_message(*scheme, octets, &structure.signature).is_ok())
        };
        let choice = signing_certificate::choose(key_info, all, properties.certificates.as_deref(), verify);
        found.signer = choice.signer;
        found.format_faults.extend(choice.faults);
        found.remarks.extend(choice.remarks);
        choice.verified
    }

    fn reference(
        &mut self,
        reference: &Reference,
        structure: &Structure,
        signed_properties: Option<NodeId>,
        outcome: &mut References,
        found: &mut FoundSignature,
    ) {
        outcome.count += 1;
        if outcome.count > MAX_REFERENCES {
            outcome.not_verified = true;
            return;
        }
        let document = self.resolver.document;
        let (hash, target) = match self.resolver.digest(reference, structure.node) {
            Ok((hash, digest, target)) => {
                outcome.changed |= digest != reference.digest;
                (hash, target)
            }
            Err(ReferenceFault::Missing(name)) => {
                outcome.missing = true;
                outcome.parts.push(Part { target: Target::Outside(name.clone()), name });
                return;
            }
            Err(fault) => {
                outcome.not_verified = true;
                let fault = fault.to_string();
                // Thousands of references can have the same one.
                if !found.format_faults.contains(&fault) {
                    found.format_faults.push(fault);
                }
                return;
            }
        };
        let kind = reference.kind.as_deref();
        let apex = match &target {
            Target::Nodes(nodes) if nodes.left_out().is_empty() => Some(nodes.apex()),
            _ => None,
        };
        if signed_properties.is_some() && apex == signed_properties {
            if outcome.signs_properties {
                found.format_faults.push("SignedProperties is signed more than once".to_owned());
            }
            outcome.signs_properties = true;
            if kind != Some(TYPE_SIGNED_PROPERTIES) {
                found.format_faults.push("the reference to SignedProperties does not say so".to_owned());
            }
            return;
        }
        // Whoever wraps what was signed keeps the reference and its digest right, but not the place that its type promises.
        let is_promised = match kind {
            Some(TYPE_SIGNED_PROPERTIES) => false,
            Some(TYPE_OBJECT) => apex.is_some_and(|apex| structure.objects.contains(&apex)),
            Some(TYPE_COUNTERSIGNED) => apex.is_some_and(|apex| document.is(apex, DS, "SignatureValue")),
            _ => true,
        };
        if !is_promised {
            outcome.not_verified = true;
            let kind = kind.unwrap_or_default();
            found.format_faults.push(format!("a reference of type {kind} is to something else"));
        }
        if !found.content_hashes.contains(&hash) {
            found.content_hashes.push(hash);
        }
        outcome.parts.push(Part { target, name: named(reference) });
        if kind == Some(TYPE_MANIFEST) {
            self.manifest(apex, structure, outcome, found);
        }
    }

    /// The references of a manifest are of the signature, too: what it lists is what the signer wanted to sign.
    fn manifest(
        &mut self,
        manifest: Option<NodeId>,
        structure: &Structure,
        outcome: &mut References,
        found: &mut FoundSignature,
    ) {
        let document = self.resolver.document;
        let listed = manifest
            .filter(|node| document.is(*node, DS, "Manifest") && document.contains(structure.node, *node))
            .ok_or(StructureFault::Element("Manifest"))
            .and_then(|node| references(document, document.children(node)));
        match listed {
            Ok(listed) => {
                for mut reference in listed {
                    // One level is enough for everybody, and never ends in a circle.
                    if reference.kind.as_deref() == Some(TYPE_MANIFEST) {
                        reference.kind = None;
                        found.remarks.push("a manifest inside a manifest is not followed".to_owned());
                    }
                    self.reference(&reference, structure, None, outcome, found);
                }
            }
            Err(fault) => {
                outcome.not_verified = true;
                found.format_faults.push(fault.to_string());
            }
        }
    }

    fn unsigned(
        &mut self,
        structure: &Structure,
        qualifying: Option<Qualifying>,
        embedded: &mut Embedded,
        found: &mut FoundSignature,
    ) {
        let document = self.resolver.document;
        let Some(unsigned) = qualifying.and_then(|qualifying| qualifying.unsigned) else { return };
        let mut counted = 0;
        let properties: Vec<NodeId> = document.children(unsigned).collect();
        for (place, property) in properties.iter().enumerate() {
            let Some(element) = document.element(*property) else { continue };
            let is_counter_signature = element.is(XADES, "CounterSignature");
            counted += usize::from(!is_counter_signature);
            if counted > MAX_UNSIGNED_PROPERTIES {
                found.format_faults.push(StructureFault::TooMany("unsigned properties").to_string());
                return;
            }
            let resolver = &mut self.resolver;
            match (element.namespace(), element.local()) {
                (XADES, "CounterSignature") => {
                    let inner: Vec<NodeId> = document.children(*property).collect();
                    match inner[..] {
                        [inner] if document.is(inner, DS, "Signature") => {
                            let number = found.counter_signatures.len();
                            let counter = self.signature(inner, number, Some(structure));
                            found.counter_signatures.push(counter);
                        }
                        _ => {
                            found.format_faults.push(StructureFault::Element("CounterSignature").to_string());
                        }
                    }
                }
                (XADES, "SignatureTimeStamp") => {
                    let read = covered::read(resolver, structure, *property, Over::Signature, embedded);
                    found.signature_time_stamps.extend(read);
                }
                (XADES_141, "ArchiveTimeStamp") => {
                    let before = properties.get(..place).unwrap_or_default();
                    let over = Over::Archive { unsigned: before };
                    let read = covered::read(resolver, structure, *property, over, embedded);
                    found.archive_time_stamps.extend(read);
                }
                (XADES, "CertificateValues") => embedded.add_certificates(document, *property),
                (XADES, "RevocationValues") => embedded.add_revocation(document, *property),
                (XADES_141, "TimeStampValidationData") => embedded.add_validation_data(document, *property),
                (_, name) => embedded.remarks.push(format!("the unsigned property {name} is not understood")),
            }
        }
    }
}

fn integrity(outcome: &References, verified: Option<bool>) -> Integrity {
    match verified {
        Some(false) => Integrity::SignatureInvalid,
        _ if outcome.changed => Integrity::ContentChanged,
        _ if outcome.missing => Integrity::ContentMissing,
        Some(true) if !outcome.not_verified => Integrity::Intact,
        _ => Integrity::NotVerified,
    }
}
