//! What a signer said beside the content, as it is read from signed attributes. Nothing of it is proven; what cannot be read
//! becomes a remark.

use bitaqa_trust::public_key::Hash;

use crate::{
    SignerStatement,
    cms::{Attributes, CmsError, Element, attribute::MAX_VALUES, element::tag, value},
    oid,
    statement::{Commitment, Place, SignaturePolicy},
};

/// Most roles, and most lines of an address, that are read.
const MAX_LIST: usize = 64;

/// Reads all of it.
pub(super) fn statement(signed: &Attributes<'_>, remarks: &mut Vec<String>) -> SignerStatement {
    let mut remark = |what: &str, fault: CmsError| remarks.push(format!("{what} cannot be read: {fault}"));
    let mut statement = SignerStatement::default();
    match signed
        .only_value(oid::SIGNING_TIME)
        .and_then(|found| found.map(|time| value::time(&time)).transpose())
    {
        Ok(time) => statement.signing_time = time,
        Err(fault) => remark("the signing time", fault),
    }
    match commitments(signed) {
        Ok(commitments) => statement.commitments = commitments,
        Err(fault) => remark("the commitment", fault),
    }
    match roles(signed) {
        Ok(roles) => statement.claimed_roles = roles,
        Err(fault) => remark("the roles", fault),
    }
    match signed
        .only_value(oid::SIGNER_LOCATION)
        .and_then(|found| found.map(|found| place(&found)).transpose())
    {
        Ok(place) => statement.place = place,
        Err(fault) => remark("the place", fault),
    }
    match signed
        .only_value(oid::SIGNATURE_POLICY)
        .and_then(|found| found.map(|found| policy(&found)).transpose())
    {
        Ok(policy) => statement.policy = policy.flatten(),
        Err(fault) => remark("the policy", fault),
    }
    match signed
        .only_value(oid::MIME_TYPE)
        .and_then(|found| found.map(|found| value::text(&found)).transpose())
    {
        Ok(media_type) => statement.media_type = media_type,
        Err(fault) => remark("the media type", fault),
    }
    statement
}

fn commitments(signed: &Attributes<'_>) -> Result<Vec<Commitment>, CmsError> {
    let Some(attribute) = signed.find(oid::COMMITMENT_TYPE) else { return Ok(Vec::new()) };
    let identifier = |found: &Element<'_>| value::object_identifier(&found.reader()?.element()?);
    attribute.values.iter().map(|found| identifier(found).map(Commitment::from_oid)).collect()
}

/// Claimed roles of `signer-attributes-v2`, or of its forerunner, which has the same form there.
fn roles(signed: &Attributes<'_>) -> Result<Vec<String>, CmsError> {
    let second = signed.only_value(oid::SIGNER_ATTRIBUTES_V2)?;
    let Some(found) =
        second.map_or_else(|| signed.only_value(oid::SIGNER_ATTRIBUTES), |found| Ok(Some(found)))?
    else {
        return Ok(Vec::new());
    };
    let mut roles = Vec::new();
    for part in found.children(MAX_LIST, "signer attributes")? {
        // certified attributes and assertions are other parts; nobody verifies them here, so they are not told
        if part.tag() != tag::context(0) {
            continue;
        }
        let claimed = part.only_child()?;
        // an implicit tag, as some write it, has the attributes right inside
        let list = if claimed.only_child().is_ok_and(|inner| inner.tag() == tag::OBJECT_IDENTIFIER) {
            part
        } else {
            claimed
        };
        let attributes = Attributes::parse(&list)?;
        for role in attributes.0.iter().flat_map(|attribute| &attribute.values).take(MAX_VALUES) {
            roles.push(value::text(role)?);
        }
    }
    Ok(roles)
}

/// `SignerLocation`. Lines of the postal address are not named: one with a digit is read as the postal code.
fn place(found: &Element<'_>) -> Result<Place, CmsError> {
    let mut reader = found.reader()?;
    let mut text = |number| -> Result<Option<String>, CmsError> {
        let part = reader.optional(tag::context(number))?;
        part.map(|part| value::text(&part.only_child()?)).transpose()
    };
    let mut place = Place { country: text(0)?, locality: text(1)?, ..Place::default() };
    if let Some(address) = reader.optional(tag::context(2))? {
        for line in address.only_child()?.children(MAX_LIST, "lines of an address")? {
            let line = value::text(&line)?;
            let place_of_line = if line.contains(|c: char| c.is_numeric()) {
                &mut place.postal_code
            } else {
                &mut place.state
            };
            *place_of_line =
                Some(place_of_line.take().map_or(line.clone(), |before| format!("{before}, {line}")));
        }
    }
    reader.finish()?;
    Ok(place)
}

/// `SignaturePolicy`; none if it is implied.
fn policy(found: &Element<'_>) -> Result<Option<SignaturePolicy>, CmsError> {
    if found.tag() == tag::NULL {
        return Ok(None);
    }
    let mut reader = found.reader()?;
    let identifier = value::object_identifier(&reader.element()?)?;
    let mut digest = reader.expect(tag::SEQUENCE, "a policy without digest")?.reader()?;
    let hash = Hash::from_oid(value::algorithm_oid(&digest.element()?)?)
        .ok_or(CmsError::Value("the hash of the policy is not accepted"))?;
    let digest = digest.element()?.octets()?.into_owned();
    let mut uri = None;
    if let Some(qualifiers) = reader.optional(tag::SEQUENCE)? {
        for qualifier in qualifiers.children(MAX_LIST, "policy qualifiers")? {
            let mut qualifier = qualifier.reader()?;
            if value::object_identifier(&qualifier.element()?)? == oid::POLICY_URI {
                uri = Some(value::text(&qualifier.element()?)?);
            }
        }
    }
    Ok(Some(SignaturePolicy { identifier, digest, hash, uri }))
}
