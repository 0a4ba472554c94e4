//! What is signed beside the content (EN 319 122-1 clause 5.2).

use bitaqa_trust::{Certificate, ObjectIdentifier, public_key::Hash};

use super::{CadesError, Profile};
use crate::{
    SignerStatement,
    cms::{attribute::encode, element::tag, signing_certificate, value, writer},
    oid,
    statement::{Place, SignaturePolicy},
};

/// Longest text that a signer may say, in bytes; what is longer would not be read either.
const MAX_TEXT: usize = value::MAX_TEXT;

/// Whose attributes over what.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// The signer's certificate.
    pub certificate: &'a Certificate,
    /// Hash of digest and reference.
    pub hash: Hash,
    /// Digest of the content.
    pub digest: &'a [u8],
    /// The content's type; none in a counter-signature (RFC 5652 section 11.4).
    pub content_type: Option<ObjectIdentifier>,
}

/// The attributes, as a SET in DER.
///
/// # Errors
/// [`CadesError`]: the statement cannot be written.
pub fn signed_attributes(
    signed: Signed<'_>,
    profile: Profile,
    statement: &SignerStatement,
) -> Result<Vec<u8>, CadesError> {
    let mut attributes = vec![
        encode(oid::MESSAGE_DIGEST, vec![writer::octet_string(signed.digest)]),
        signing_certificate::encode(signed.certificate, signed.hash)?,
    ];
    attributes.extend(
        signed.content_type.map(|oid| encode(oid::CONTENT_TYPE, vec![writer::object_identifier(oid)])),
    );
    if !statement.commitments.is_empty() {
        let mut commitments = statement.commitments.clone();
        commitments.dedup();
        let indication = |commitment: &crate::statement::Commitment| {
            writer::sequence([writer::object_identifier(commitment.oid())])
        };
        attributes.push(encode(oid::COMMITMENT_TYPE, commitments.iter().map(indication).collect()));
    }
    if !statement.claimed_roles.is_empty() {
        attributes.push(signer_attributes(&statement.claimed_roles)?);
    }
    attributes.extend(statement.policy.as_ref().map(signature_policy).transpose()?);
    if profile == Profile::Cades {
        attributes.extend(
            statement.signing_time.map(|time| encode(oid::SIGNING_TIME, vec![value::encode_time(time)])),
        );
        attributes.extend(statement.place.as_ref().map(signer_location).transpose()?.flatten());
        if let Some(media_type) = &statement.media_type {
            attributes.push(encode(oid::MIME_TYPE, vec![text(media_type)?]));
        }
    }
    Ok(writer::set_of(attributes))
}

fn text(text: &str) -> Result<Vec<u8>, CadesError> {
    if text.is_empty() || text.len() > MAX_TEXT {
        return Err(CadesError::Statement("a text is empty or too long"));
    }
    Ok(writer::utf8_string(text))
}

/// `signer-attributes-v2` with claimed roles, each the attribute `name` (clause 5.2.6.1).
fn signer_attributes(roles: &[String]) -> Result<Vec<u8>, CadesError> {
    let roles = roles.iter().map(|role| Ok(encode(oid::NAME, vec![text(role)?])));
    let claimed = writer::sequence(&roles.collect::<Result<Vec<_>, CadesError>>()?);
    let value = writer::sequence([writer::explicit(0, &claimed)]);
    Ok(encode(oid::SIGNER_ATTRIBUTES_V2, vec![value]))
}

/// `signer-location` (clause 5.2.5); none if nothing of the place is known.
fn signer_location(place: &Place) -> Result<Option<Vec<u8>>, CadesError> {
    let explicit = |number: u8, part: &Option<String>| {
        part.as_deref().map(|part| Ok::<_, CadesError>(writer::explicit(number, &text(part)?))).transpose()
    };
    let mut parts: Vec<Vec<u8>> = Vec::new();
    parts.extend(explicit(0, &place.country)?);
    parts.extend(explicit(1, &place.locality)?);
    let lines = [&place.postal_code, &place.state].into_iter().flatten().map(|line| text(line));
    let lines = lines.collect::<Result<Vec<_>, _>>()?;
    if !lines.is_empty() {
        parts.push(writer::explicit(2, &writer::sequence(&lines)));
    }
    Ok((!parts.is_empty()).then(|| encode(oid::SIGNER_LOCATION, vec![writer::sequence(&parts)])))
}

/// `signature-policy-identifier` (clause 5.2.9.1).
fn signature_policy(policy: &SignaturePolicy) -> Result<Vec<u8>, CadesError> {
    if policy.digest.len() != policy.hash.length() {
        return Err(CadesError::Statement("the policy's digest has another length than its hash makes"));
    }
    let digest =
        writer::sequence([writer::algorithm(policy.hash.oid()), writer::octet_string(&policy.digest)]);
    let mut parts = vec![writer::object_identifier(policy.identifier), digest];
    if let Some(uri) = &policy.uri {
        if uri.is_empty() || uri.len() > MAX_TEXT || !uri.is_ascii() {
            return Err(CadesError::Statement("the policy's address is no ASCII text"));
        }
        let address = writer::element(tag::IA5_STRING, uri.as_bytes());
        parts.push(writer::sequence([writer::sequence([
            writer::object_identifier(oid::POLICY_URI),
            address,
        ])]));
    }
    Ok(encode(oid::SIGNATURE_POLICY, vec![writer::sequence(&parts)]))
}
