//! Time stamps and validation data for a signature that is there (EN 319 132-1 clauses 5.3 to 5.5): the levels B-T, B-LT and
//! B-LTA. Everything else of the document stays byte for byte.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bitaqa_trust::Certificate;

use super::{
    XadesError,
    covered::{self, Over},
    detached::{DetachedContent, NoContent},
    intact,
    names::{DS, XADES, XADES_141},
    packaging::exclusive,
    reading::signatures,
    reference::Resolver,
    structure::Structure,
    unsigned_properties,
};
use crate::{
    Hash,
    found::EmbeddedRevocation,
    time_stamp::TimeStampToken,
    xml::{Document, NodeId},
};

/// Digest that a time stamp over a signature's value must cover. The signature is named by its `Id`.
///
/// # Errors
/// [`XadesError`]: the document cannot be read, or the signature is not there.
pub fn signature_time_stamp_digest(
    document: &[u8],
    signature: &str,
    hash: Hash,
) -> Result<Vec<u8>, XadesError> {
    let document = Document::parse(document)?;
    digest(&document, signature, hash, Stamp::Signature, &NoContent)
}

/// The document with a time stamp over a signature's value: level B-T.
///
/// # Errors
/// [`XadesError`]: the time stamp covers something else, or a signature over this one would break.
pub fn with_signature_time_stamp(
    document: &[u8],
    signature: &str,
    token: &[u8],
) -> Result<Vec<u8>, XadesError> {
    with_time_stamp(document, signature, token, Stamp::Signature, &NoContent)
}

/// The document with certificates and revocation data for a signature: level B-LT. What validates the time stamps is of it. Where
/// validation data is there already, this goes behind it and any archive time stamp (`TimeStampValidationData`).
///
/// # Errors
/// [`XadesError`]: the document cannot be read, or a signature over this one would break.
pub fn with_validation_data(
    document: &[u8],
    signature: &str,
    certificates: &[Certificate],
    revocation: &EmbeddedRevocation,
) -> Result<Vec<u8>, XadesError> {
    let parsed = Document::parse(document)?;
    let node = unsigned_properties::signature(&parsed, signature)?;
    let encapsulated =
        |name: &str, der: &[u8]| format!("<xades:{name}>{}</xades:{name}>", STANDARD.encode(der));
    let certificates: String = certificates
        .iter()
        .map(|certificate| encapsulated("EncapsulatedX509Certificate", certificate.der()))
        .collect();
    let group = |name: &str, inner: &str, all: &[std::sync::Arc<[u8]>]| {
        let all: String = all.iter().map(|der| encapsulated(inner, der)).collect();
        if all.is_empty() { all } else { format!("<xades:{name}>{all}</xades:{name}>") }
    };
    let revocation = group("CRLValues", "EncapsulatedCRLValue", &revocation.lists)
        + &group("OCSPValues", "EncapsulatedOCSPValue", &revocation.answers);
    if certificates.is_empty() && revocation.is_empty() {
        return Ok(document.to_vec());
    }
    let is_there = |property: NodeId| {
        let element = parsed.element(property);
        element.is_some_and(|element| {
            element.is(XADES, "CertificateValues")
                || element.is(XADES, "RevocationValues")
                || element.is(XADES_141, "ArchiveTimeStamp")
        })
    };
    let further = unsigned_properties::all(&parsed, node).into_iter().any(is_there);
    let values = |name: &str, inner: String, declarations: &str| match inner.as_str() {
        "" => inner,
        _ => format!("<xades:{name}{declarations}>{inner}</xades:{name}>"),
    };
    let declaration = format!(" xmlns:xades=\"{XADES}\"");
    let own = if further { "" } else { &declaration };
    let both = values("CertificateValues", certificates, own) + &values("RevocationValues", revocation, own);
    let property = if further {
        format!(
            "<xades141:TimeStampValidationData xmlns:xades141=\"{XADES_141}\"{declaration}>{both}\
             </xades141:TimeStampValidationData>"
        )
    } else {
        both
    };
    insert(&parsed, node, &property)
}

/// Digest that an archive time stamp must cover: the signature with all that it signs and all its unsigned properties.
///
/// # Errors
/// [`XadesError`]: the document cannot be read, the signature is not there, or what it signs is not.
pub fn archive_time_stamp_digest(
    document: &[u8],
    signature: &str,
    hash: Hash,
    detached: &dyn DetachedContent,
) -> Result<Vec<u8>, XadesError> {
    let document = Document::parse(document)?;
    digest(&document, signature, hash, Stamp::Archive, detached)
}

/// The document with an archive time stamp: level B-LTA.
///
/// # Errors
/// [`XadesError`]: the time stamp covers something else, or a signature over this one would break.
pub fn with_archive_time_stamp(
    document: &[u8],
    signature: &str,
    token: &[u8],
    detached: &dyn DetachedContent,
) -> Result<Vec<u8>, XadesError> {
    with_time_stamp(document, signature, token, Stamp::Archive, detached)
}

#[derive(Clone, Copy)]
enum Stamp {
    Signature,
    Archive,
}

fn digest(
    document: &Document<'_>,
    signature: &str,
    hash: Hash,
    stamp: Stamp,
    detached: &dyn DetachedContent,
) -> Result<Vec<u8>, XadesError> {
    let node = unsigned_properties::signature(document, signature)?;
    let structure = Structure::read(document, node)?;
    let all = signatures(document)?;
    let mut resolver = Resolver::new(document, detached, &all);
    let unsigned = unsigned_properties::all(document, node);
    let over = match stamp {
        Stamp::Signature => Over::Signature,
        Stamp::Archive => Over::Archive { unsigned: &unsigned },
    };
    let octets = covered::octets(&mut resolver, &structure, over, None, &exclusive())?;
    Ok(hash.digest(&[&octets]))
}

fn with_time_stamp(
    document: &[u8],
    signature: &str,
    token: &[u8],
    stamp: Stamp,
    detached: &dyn DetachedContent,
) -> Result<Vec<u8>, XadesError> {
    let parsed = Document::parse(document)?;
    let imprint = TimeStampToken::parse(token)?;
    let hash = imprint.hash().ok_or(XadesError::OtherImprint)?;
    if digest(&parsed, signature, hash, stamp, detached)? != imprint.imprint() {
        return Err(XadesError::OtherImprint);
    }
    let node = unsigned_properties::signature(&parsed, signature)?;
    let (name, declaration) = match stamp {
        Stamp::Signature => ("xades:SignatureTimeStamp", String::new()),
        Stamp::Archive => ("xades141:ArchiveTimeStamp", format!(" xmlns:xades141=\"{XADES_141}\"")),
    };
    let property = format!(
        "<{name}{declaration} xmlns:xades=\"{XADES}\" xmlns:ds=\"{DS}\">\
         <ds:CanonicalizationMethod Algorithm=\"{}\"/><xades:EncapsulatedTimeStamp>{}</xades:EncapsulatedTimeStamp></{name}>",
        exclusive().uri(),
        STANDARD.encode(token)
    );
    insert(&parsed, node, &property)
}

/// Puts a property behind the others of a signature.
fn insert(document: &Document<'_>, signature: NodeId, property: &str) -> Result<Vec<u8>, XadesError> {
    let (before, behind) = unsigned_properties::place(document, signature)?.around(document, "", "");
    let extended = [before.as_str(), property, &behind.closing, behind.rest].concat();
    intact::stays(document, &Document::parse(extended.as_bytes())?)?;
    Ok(extended.into_bytes())
}
