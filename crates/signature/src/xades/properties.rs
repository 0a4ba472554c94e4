//! `QualifyingProperties` (EN 319 132-1 clause 4.3): what the signer said beside the document.

use bitaqa_trust::ObjectIdentifier;

use super::{
    algorithm::digest_from_uri,
    certificate_reference::CertificateReference,
    date_time,
    names::{DS, XADES, XADES_ANY},
    structure::{Structure, attribute, base64_of},
};
use crate::{
    statement::{Commitment, Place, SignaturePolicy, SignerStatement},
    xml::{Document, NodeId},
};

/// Most values of one property.
const MAX_VALUES: usize = 64;

/// Where the properties of a signature are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Qualifying {
    pub(super) signed: Option<NodeId>,
    /// `UnsignedSignatureProperties`.
    pub(super) unsigned: Option<NodeId>,
}

impl Qualifying {
    /// The properties of a signature. Whatever is not of this signature is a fault and not believed.
    pub(super) fn find(
        document: &Document<'_>,
        structure: &Structure,
        faults: &mut Vec<String>,
    ) -> Option<Self> {
        let mut found = Vec::new();
        for child in structure.objects.iter().flat_map(|object| document.children(*object)) {
            let Some(element) = document.element(child) else { continue };
            if element.is(XADES, "QualifyingProperties") {
                found.push(child);
            } else if element.namespace().starts_with(XADES_ANY) {
                faults.push(format!(
                    "{} of {} is not supported",
                    element.local(),
                    short(element.namespace())
                ));
            }
        }
        let [node] = found[..] else {
            if !found.is_empty() {
                faults.push("QualifyingProperties is there more than once".to_owned());
            }
            return None;
        };
        let identifier = attribute(document, structure.node, "Id");
        let target = attribute(document, node, "Target");
        let is_target = |target: &str| {
            target.strip_prefix('#').is_some_and(|target| Some(target) == identifier.as_deref())
        };
        if !target.as_deref().is_some_and(is_target) {
            faults.push("QualifyingProperties is of another signature".to_owned());
            return None;
        }
        let signed = document.child(node, XADES, "SignedProperties");
        let unsigned = document.child(node, XADES, "UnsignedProperties");
        let twice = |local| document.children_named(node, XADES, local).count() > 1;
        if twice("SignedProperties") || twice("UnsignedProperties") {
            faults.push("SignedProperties or UnsignedProperties is there more than once".to_owned());
            return None;
        }
        let unsigned = unsigned.and_then(|node| document.child(node, XADES, "UnsignedSignatureProperties"));
        Some(Self { signed, unsigned })
    }
}

/// What signed properties say.
#[derive(Debug, Clone, Default)]
pub(super) struct SignedProperties {
    pub(super) statement: SignerStatement,
    pub(super) certificates: Option<Vec<CertificateReference>>,
    /// `AllDataObjectsTimeStamp` and `IndividualDataObjectsTimeStamp`.
    pub(super) time_stamps: Vec<NodeId>,
}

/// Reads signed properties that were found to be signed.
pub(super) fn read_signed(
    document: &Document<'_>,
    structure: &Structure,
    signed: NodeId,
    faults: &mut Vec<String>,
    remarks: &mut Vec<String>,
) -> SignedProperties {
    let mut read = SignedProperties::default();
    // comments are not in the usual canonical forms: whoever puts one into a text has a program that reads its first piece say
    // something else than was signed
    let is_cut =
        |element: NodeId| document.children(element).next().is_none() && document.text_of(element).is_none();
    if document.elements_below(signed).any(is_cut) {
        faults.push("a comment or an instruction stands in a text of the signed properties".to_owned());
    }
    let mut seen = Vec::new();
    let signature_properties = document.child(signed, XADES, "SignedSignatureProperties");
    for property in signature_properties.into_iter().flat_map(|node| document.children(node)) {
        let Some(element) = document.element(property) else { continue };
        let name = element.local();
        if seen.contains(&name) {
            faults.push(format!("{name} is there more than once"));
            continue;
        }
        seen.push(name);
        let statement = &mut read.statement;
        let understood = match name {
            _ if element.namespace() != XADES => false,
            "SigningTime" => {
                statement.signing_time = document.text_of(property).and_then(|text| date_time::read(&text));
                statement.signing_time.is_some()
            }
            "SigningCertificate" | "SigningCertificateV2" => {
                match CertificateReference::read_all(document, property) {
                    Some(found) => read.certificates.get_or_insert_default().extend(found),
                    None => faults.push(format!("{name} is malformed")),
                }
                true
            }
            "SignaturePolicyIdentifier" => {
                statement.policy = policy(document, property);
                statement.policy.is_some()
                    || document.child(property, XADES, "SignaturePolicyImplied").is_some()
            }
            "SignatureProductionPlace" | "SignatureProductionPlaceV2" => {
                statement.place = Some(place(document, property));
                true
            }
            "SignerRole" | "SignerRoleV2" => {
                let roles = document.child(property, XADES, "ClaimedRoles");
                let roles =
                    roles.into_iter().flat_map(|roles| document.children_named(roles, XADES, "ClaimedRole"));
                statement.claimed_roles =
                    roles.take(MAX_VALUES).filter_map(|role| text(document, role)).collect();
                document.children(property).all(|child| document.is(child, XADES, "ClaimedRoles"))
            }
            _ => false,
        };
        if !understood {
            remarks.push(format!("the signed property {name} is not understood"));
        }
    }
    let object_properties = document.child(signed, XADES, "SignedDataObjectProperties");
    let mut media_types = Vec::new();
    for property in object_properties.into_iter().flat_map(|node| document.children(node)) {
        let Some(element) = document.element(property) else { continue };
        match element.local() {
            name if element.namespace() != XADES => {
                remarks.push(format!("the signed property {name} is not understood"));
            }
            "DataObjectFormat" => {
                let named =
                    element.attribute("ObjectReference").and_then(|reference| reference.strip_prefix('#'));
                let is_named = structure
                    .references
                    .iter()
                    .any(|reference| named.is_some() && reference.identifier.as_deref() == named);
                if !is_named {
                    faults.push("DataObjectFormat is about no reference".to_owned());
                }
                media_types.extend(
                    document.child(property, XADES, "MimeType").and_then(|node| text(document, node)),
                );
            }
            "CommitmentTypeIndication" if read.statement.commitments.len() < MAX_VALUES => {
                match commitment(document, property) {
                    Some(commitment) => read.statement.commitments.push(commitment),
                    None => remarks.push("a commitment is not one that is known".to_owned()),
                }
            }
            "AllDataObjectsTimeStamp" | "IndividualDataObjectsTimeStamp"
                if read.time_stamps.len() < MAX_VALUES =>
            {
                read.time_stamps.push(property);
            }
            name => remarks.push(format!("the signed property {name} is not understood")),
        }
    }
    if let [one] = media_types.as_slice() {
        read.statement.media_type = Some(one.clone());
    }
    read
}

fn text(document: &Document<'_>, node: NodeId) -> Option<String> {
    Some(document.text_of(node)?.trim_ascii().to_owned())
}

fn short(text: &str) -> String {
    text.chars().take(100).collect()
}

fn place(document: &Document<'_>, property: NodeId) -> Place {
    let part = |name: &str| document.child(property, XADES, name).and_then(|node| text(document, node));
    Place {
        locality: part("City"),
        state: part("StateOrProvince"),
        postal_code: part("PostalCode"),
        country: part("CountryName"),
    }
}

/// The identifier of an `ObjectIdentifierType`: an OID, or one of the URIs of the six commitments.
fn identifier(document: &Document<'_>, node: NodeId) -> Option<String> {
    document.child(node, XADES, "Identifier").and_then(|node| text(document, node))
}

/// An OID, with or without `urn:oid:`.
fn oid(text: &str) -> Option<ObjectIdentifier> {
    let prefix = text.get(..8).filter(|prefix| prefix.eq_ignore_ascii_case("urn:oid:"));
    ObjectIdentifier::new(text.get(prefix.map_or(0, str::len)..)?).ok()
}

/// Beginnings of the URIs of commitments; XAdES has them since version 1.2.2.
pub(super) const COMMITMENT_PREFIX: &str = "http://uri.etsi.org/01903/v1.2.2#";

/// The commitments that have a URI, with the end of it.
pub(super) const COMMITMENTS: [(Commitment, &str); 6] = [
    (Commitment::ProofOfOrigin, "ProofOfOrigin"),
    (Commitment::ProofOfReceipt, "ProofOfReceipt"),
    (Commitment::ProofOfDelivery, "ProofOfDelivery"),
    (Commitment::ProofOfSender, "ProofOfSender"),
    (Commitment::ProofOfApproval, "ProofOfApproval"),
    (Commitment::ProofOfCreation, "ProofOfCreation"),
];

fn commitment(document: &Document<'_>, property: NodeId) -> Option<Commitment> {
    let identifier = identifier(document, document.child(property, XADES, "CommitmentTypeId")?)?;
    let name = identifier.strip_prefix(COMMITMENT_PREFIX);
    let known =
        COMMITMENTS.iter().find(|(_, ending)| Some(*ending) == name).map(|(commitment, _)| *commitment);
    known.or_else(|| oid(&identifier).map(Commitment::from_oid))
}

fn policy(document: &Document<'_>, property: NodeId) -> Option<SignaturePolicy> {
    let node = document.child(property, XADES, "SignaturePolicyId")?;
    let identifier = identifier(document, document.child(node, XADES, "SigPolicyId")?)?;
    let digest = document.child(node, XADES, "SigPolicyHash")?;
    let method = attribute(document, document.child(digest, DS, "DigestMethod")?, "Algorithm")?;
    let qualifiers = document.child(node, XADES, "SigPolicyQualifiers");
    let uri = qualifiers
        .into_iter()
        .flat_map(|node| document.children_named(node, XADES, "SigPolicyQualifier"))
        .find_map(|qualifier| document.child(qualifier, XADES, "SPURI"));
    Some(SignaturePolicy {
        identifier: oid(&identifier)?,
        digest: base64_of(document, document.child(digest, DS, "DigestValue")?)?,
        hash: digest_from_uri(&method)?,
        uri: uri.and_then(|node| text(document, node)),
    })
}
