//! What a signer says, as parameters of the protected header (TS 119 182-1 clauses 5.1 and 5.2).

use std::time::Duration;

use bitaqa_jose::base64url;
use bitaqa_trust::{DateTime, ObjectIdentifier};
use serde_json::{Map, Value, json};

use super::{
    JadesError,
    algorithm::{hash_from_name, hash_name},
};
use crate::statement::{Commitment, Place, SignaturePolicy, SignerStatement};

/// Most commitments, roles or other items of one list.
const MAX_ITEMS: usize = 256;

/// The names that commitments have as URIs, which JAdES prefers to their object identifiers where both exist.
const COMMITMENT_URI: &str = "http://uri.etsi.org/01903/v1.2.2#";
const COMMITMENT_NAMES: [(&str, Commitment); 6] = [
    ("ProofOfOrigin", Commitment::ProofOfOrigin),
    ("ProofOfReceipt", Commitment::ProofOfReceipt),
    ("ProofOfDelivery", Commitment::ProofOfDelivery),
    ("ProofOfSender", Commitment::ProofOfSender),
    ("ProofOfApproval", Commitment::ProofOfApproval),
    ("ProofOfCreation", Commitment::ProofOfCreation),
];
/// Object identifiers as URIs (RFC 3061).
const URN_OID: &str = "urn:oid:";

/// Adds what is said to a header.
pub(super) fn write(statement: &SignerStatement, header: &mut Map<String, Value>) -> Result<(), JadesError> {
    if let Some(time) = statement.signing_time {
        header.insert("iat".to_owned(), time.unix_duration().as_secs().into());
    }
    if !statement.commitments.is_empty() {
        let commitments = statement.commitments.iter().map(|commitment| {
            let named = COMMITMENT_NAMES.iter().find(|(_, known)| known == commitment);
            let id =
                named.map_or_else(|| urn(commitment.oid()), |(name, _)| format!("{COMMITMENT_URI}{name}"));
            json!({"commId": {"id": id}})
        });
        header.insert("srCms".to_owned(), commitments.collect());
    }
    if !statement.claimed_roles.is_empty() {
        let roles =
            json!([{"mediaType": "text/plain", "encoding": "binary", "qVals": statement.claimed_roles}]);
        header.insert("srAts".to_owned(), json!({"claimed": roles}));
    }
    if let Some(place) = &statement.place {
        let mut members = Map::new();
        for (name, value) in [
            ("addressCountry", &place.country),
            ("addressLocality", &place.locality),
            ("addressRegion", &place.state),
            ("postalCode", &place.postal_code),
        ] {
            members.extend(value.iter().map(|text| (name.to_owned(), text.clone().into())));
        }
        if members.is_empty() {
            return Err(JadesError::Inexpressible("a place without a name"));
        }
        header.insert("sigPl".to_owned(), Value::Object(members));
    }
    if let Some(policy) = &statement.policy {
        let mut members = json!({
            "id": {"id": urn(policy.identifier)},
            "digAlg": hash_name(policy.hash),
            "digVal": base64url::encode(&policy.digest),
        });
        if let (Some(uri), Some(members)) = (&policy.uri, members.as_object_mut()) {
            members.insert("sigPQuals".to_owned(), json!([{"spURI": uri}]));
        }
        header.insert("sigPId".to_owned(), members);
    }
    Ok(())
}

/// Reads what is said; what cannot be told goes to the faults, what is only not understood to the remarks.
pub(super) fn read(
    header: &Map<String, Value>,
    faults: &mut Vec<String>,
    remarks: &mut Vec<String>,
) -> Result<SignerStatement, JadesError> {
    let media_type = text(header, "cty")?.map(|short| {
        // RFC 7515 section 4.1.10: without a slash it lacks its beginning
        if short.contains('/') { short.to_owned() } else { format!("application/{short}") }
    });
    Ok(SignerStatement {
        signing_time: signing_time(header, faults)?,
        commitments: commitments(header, remarks)?,
        claimed_roles: claimed_roles(header, remarks)?,
        place: place(header, remarks)?,
        policy: policy(header, faults)?,
        media_type,
    })
}

fn signing_time(
    header: &Map<String, Value>,
    faults: &mut Vec<String>,
) -> Result<Option<DateTime>, JadesError> {
    let issued = match header.get("iat") {
        None => None,
        Some(value) => {
            let seconds = value.as_u64().ok_or(JadesError::Malformed("iat"))?;
            let time = DateTime::from_unix_duration(Duration::from_secs(seconds));
            Some(time.map_err(|_| JadesError::Malformed("iat"))?)
        }
    };
    let written = match text(header, "sigT")? {
        None => None,
        Some(text) => Some(text.parse::<DateTime>().map_err(|_| JadesError::Malformed("sigT"))?),
    };
    match (issued, written) {
        (Some(one), Some(other)) => {
            faults.push("the header has both iat and sigT".to_owned());
            Ok(Some(one).filter(|one| *one == other))
        }
        (None, None) => {
            faults.push("the header has no signing time (iat)".to_owned());
            Ok(None)
        }
        (one, other) => Ok(one.or(other)),
    }
}

fn commitments(
    header: &Map<String, Value>,
    remarks: &mut Vec<String>,
) -> Result<Vec<Commitment>, JadesError> {
    const MALFORMED: JadesError = JadesError::Malformed("srCms");
    let mut found = Vec::new();
    for item in list(header.get("srCms"), "srCms")? {
        let id = item.pointer("/commId/id").and_then(Value::as_str).ok_or(MALFORMED)?;
        let name = id.strip_prefix(COMMITMENT_URI);
        let named = COMMITMENT_NAMES.iter().find(|(known, _)| Some(*known) == name);
        match named.map(|(_, commitment)| *commitment).or_else(|| from_urn(id).map(Commitment::from_oid)) {
            Some(commitment) => found.push(commitment),
            None => remarks.push("a commitment is named by a URI that is not known here".to_owned()),
        }
    }
    Ok(found)
}

fn claimed_roles(header: &Map<String, Value>, remarks: &mut Vec<String>) -> Result<Vec<String>, JadesError> {
    let Some(attributes) = header.get("srAts") else { return Ok(Vec::new()) };
    let attributes = attributes.as_object().ok_or(JadesError::Malformed("srAts"))?;
    if attributes.keys().any(|name| name != "claimed") {
        remarks.push("certified attributes or signed assertions are there and were not examined".to_owned());
    }
    let mut roles = Vec::new();
    for item in list(attributes.get("claimed"), "srAts")? {
        let encoded = item.get("encoding").and_then(Value::as_str) == Some("base64");
        for value in list(item.get("qVals"), "srAts")? {
            match value.as_str().filter(|_| !encoded) {
                Some(role) => roles.push(role.to_owned()),
                None => remarks.push("a claimed attribute is not a text and was not read".to_owned()),
            }
        }
    }
    Ok(roles)
}

fn place(header: &Map<String, Value>, remarks: &mut Vec<String>) -> Result<Option<Place>, JadesError> {
    let Some(value) = header.get("sigPl") else { return Ok(None) };
    let members = value.as_object().ok_or(JadesError::Malformed("sigPl"))?;
    let mut place = Place::default();
    for (name, value) in members {
        let text = value.as_str().ok_or(JadesError::Malformed("sigPl"))?;
        let part = match name.as_str() {
            "addressCountry" => &mut place.country,
            "addressLocality" => &mut place.locality,
            "addressRegion" => &mut place.state,
            "postalCode" => &mut place.postal_code,
            _ => {
                remarks.push("the place of signing says more than is shown".to_owned());
                continue;
            }
        };
        *part = Some(text.to_owned());
    }
    Ok(Some(place))
}

fn policy(
    header: &Map<String, Value>,
    faults: &mut Vec<String>,
) -> Result<Option<SignaturePolicy>, JadesError> {
    const MALFORMED: JadesError = JadesError::Malformed("sigPId");
    let Some(value) = header.get("sigPId") else { return Ok(None) };
    let id = value.pointer("/id/id").and_then(Value::as_str).ok_or(MALFORMED)?;
    let hash = value.get("digAlg").and_then(Value::as_str).and_then(hash_from_name);
    let digest = value.get("digVal").and_then(Value::as_str).map(base64url::decode).transpose();
    let (Some(identifier), Some(hash), Some(digest)) = (from_urn(id), hash, digest.map_err(|_| MALFORMED)?)
    else {
        // a policy that nobody can look up binds the signer to nobody knows what
        faults
            .push("the signature policy has no object identifier, or no digest that is accepted".to_owned());
        return Ok(None);
    };
    let qualifiers = list(value.get("sigPQuals"), "sigPId")?;
    let uri = qualifiers.iter().find_map(|item| item.get("spURI")).and_then(Value::as_str);
    Ok(Some(SignaturePolicy { identifier, digest, hash, uri: uri.map(str::to_owned) }))
}

/// A bounded list; an absent one is empty.
fn list<'a>(value: Option<&'a Value>, name: &'static str) -> Result<&'a [Value], JadesError> {
    let Some(value) = value else { return Ok(&[]) };
    let items = value.as_array().ok_or(JadesError::Malformed(name))?;
    if items.len() > MAX_ITEMS { Err(JadesError::TooLong(name)) } else { Ok(items) }
}

fn text<'a>(header: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, JadesError> {
    header.get(name).map(|value| value.as_str().ok_or(JadesError::Malformed(name))).transpose()
}

fn urn(oid: ObjectIdentifier) -> String {
    format!("{URN_OID}{oid}")
}

fn from_urn(id: &str) -> Option<ObjectIdentifier> {
    ObjectIdentifier::new(id.strip_prefix(URN_OID)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hash;

    fn full() -> SignerStatement {
        SignerStatement {
            signing_time: DateTime::new(2026, 11, 26, 12, 0, 1).ok(),
            commitments: vec![
                Commitment::ProofOfApproval,
                Commitment::Other(ObjectIdentifier::new_unwrap("1.2.3")),
            ],
            claimed_roles: vec!["مدير".to_owned(), "directeur".to_owned()],
            place: Some(Place {
                locality: Some("Rabat".to_owned()),
                country: Some("MA".to_owned()),
                ..Place::default()
            }),
            policy: Some(SignaturePolicy {
                identifier: ObjectIdentifier::new_unwrap("1.2.3.4"),
                digest: vec![7; 48],
                hash: Hash::Sha384,
                uri: Some("https://example.org/policy".to_owned()),
            }),
            media_type: None,
        }
    }

    #[test]
    fn what_is_said_is_read_as_it_was_written() {
        let mut header = Map::new();
        write(&full(), &mut header).unwrap();
        let (mut faults, mut remarks) = (Vec::new(), Vec::new());
        assert_eq!(read(&header, &mut faults, &mut remarks), Ok(full()));
        assert_eq!((faults, remarks), (Vec::new(), Vec::new()));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for (name, value) in [
            ("srCms", json!([{"commId": {"id": "https://example.org/own"}}])),
            ("srAts", json!({"certified": []})),
            ("srAts", json!({"claimed": [{"qVals": [1]}]})),
            ("sigPl", json!({"streetAddress": "1"})),
        ] {
            let header = Map::from_iter([("iat".to_owned(), 1.into()), (name.to_owned(), value)]);
            let (mut faults, mut remarks) = (Vec::new(), Vec::new());
            read(&header, &mut faults, &mut remarks).unwrap();
            assert_eq!((faults.len(), remarks.len()), (0, 1), "{name}");
        }
        for (name, value) in [
            ("sigPId", json!({"id": {"id": "https://example.org"}})),
            ("sigT", json!("2026-01-01T00:00:00Z")),
        ] {
            let header = Map::from_iter([("iat".to_owned(), 1.into()), (name.to_owned(), value)]);
            let (mut faults, mut remarks) = (Vec::new(), Vec::new());
            read(&header, &mut faults, &mut remarks).unwrap();
            assert_eq!(faults.len(), 1, "{name}");
        }
        for (name, value) in
            [("iat", json!(-1)), ("iat", json!(1.5)), ("iat", json!(u64::MAX)), ("srCms", json!({}))]
        {
            let header = Map::from_iter([(name.to_owned(), value)]);
            assert!(read(&header, &mut Vec::new(), &mut Vec::new()).is_err(), "{name}");
        }
    }
}
