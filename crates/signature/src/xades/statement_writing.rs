//! The signed properties of a signature (EN 319 132-1 clause 5.2), in the order of their schema.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    XadesError,
    algorithm::digest_uri,
    certificate_reference::issuer_serial,
    date_time,
    properties::{COMMITMENT_PREFIX, COMMITMENTS},
};
use crate::{
    Hash, Signer, SignerStatement,
    statement::{Commitment, Place, SignaturePolicy},
    xml::escape,
};

/// A reference to content, for its media type.
pub(super) struct Format<'a> {
    /// `Id` of the reference.
    pub(super) reference: String,
    pub(super) media_type: &'a str,
}

/// `SignedProperties` with an identifier. It names its namespaces by the prefixes `xades` and `ds`, declared around it.
pub(super) fn signed_properties(
    identifier: &str,
    signer: &Signer,
    statement: &SignerStatement,
    formats: &[Format<'_>],
) -> Result<String, XadesError> {
    let mut xml = format!("<xades:SignedProperties Id=\"{identifier}\"><xades:SignedSignatureProperties>");
    if let Some(time) = statement.signing_time {
        xml.push_str(&element("SigningTime", &date_time::written(time)));
    }
    let hash = signer.algorithm().hash();
    let certificate = signer.certificate();
    let _ = write!(
        xml,
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>{}</xades:CertDigest>{}</xades:Cert>\
         </xades:SigningCertificateV2>",
        digest(hash, &hash.digest(&[certificate.der()])),
        element("IssuerSerialV2", &STANDARD.encode(issuer_serial(certificate)?)),
    );
    if let Some(stated) = &statement.policy {
        xml.push_str(&policy(stated));
    }
    if let Some(stated) = &statement.place {
        xml.push_str(&place(stated));
    }
    if !statement.claimed_roles.is_empty() {
        let roles: String = statement.claimed_roles.iter().map(|role| element("ClaimedRole", role)).collect();
        let _ = write!(
            xml,
            "<xades:SignerRoleV2><xades:ClaimedRoles>{roles}</xades:ClaimedRoles></xades:SignerRoleV2>"
        );
    }
    xml.push_str("</xades:SignedSignatureProperties>");
    if !formats.is_empty() || !statement.commitments.is_empty() {
        xml.push_str("<xades:SignedDataObjectProperties>");
        for format in formats {
            let _ = write!(
                xml,
                "<xades:DataObjectFormat ObjectReference=\"#{}\">{}</xades:DataObjectFormat>",
                format.reference,
                element("MimeType", format.media_type)
            );
        }
        xml.extend(statement.commitments.iter().map(|commitment| self::commitment(*commitment)));
        xml.push_str("</xades:SignedDataObjectProperties>");
    }
    xml.push_str("</xades:SignedProperties>");
    Ok(xml)
}

/// `DigestMethod` and `DigestValue`.
pub(super) fn digest(hash: Hash, digest: &[u8]) -> String {
    format!(
        "<ds:DigestMethod Algorithm=\"{}\"/><ds:DigestValue>{}</ds:DigestValue>",
        digest_uri(hash),
        STANDARD.encode(digest)
    )
}

fn element(name: &str, text: &str) -> String {
    format!("<xades:{name}>{}</xades:{name}>", escape::text(text))
}

fn commitment(commitment: Commitment) -> String {
    let named = COMMITMENTS.iter().find(|(known, _)| *known == commitment);
    let identifier = named.map_or_else(
        || {
            format!(
                "<xades:Identifier Qualifier=\"OIDAsURN\">urn:oid:{}</xades:Identifier>",
                commitment.oid()
            )
        },
        |(_, ending)| element("Identifier", &format!("{COMMITMENT_PREFIX}{ending}")),
    );
    format!(
        "<xades:CommitmentTypeIndication><xades:CommitmentTypeId>{identifier}</xades:CommitmentTypeId>\
         <xades:AllSignedDataObjects/></xades:CommitmentTypeIndication>"
    )
}

fn policy(policy: &SignaturePolicy) -> String {
    let uri = policy.uri.as_ref().map_or_else(String::new, |uri| {
        let uri = element("SPURI", uri);
        format!(
            "<xades:SigPolicyQualifiers><xades:SigPolicyQualifier>{uri}</xades:SigPolicyQualifier>\
             </xades:SigPolicyQualifiers>"
        )
    });
    format!(
        "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>\
         <xades:Identifier Qualifier=\"OIDAsURN\">urn:oid:{}</xades:Identifier></xades:SigPolicyId>\
         <xades:SigPolicyHash>{}</xades:SigPolicyHash>{uri}</xades:SignaturePolicyId></xades:SignaturePolicyIdentifier>",
        policy.identifier,
        digest(policy.hash, &policy.digest)
    )
}

fn place(place: &Place) -> String {
    let parts = [
        ("City", &place.locality),
        ("StateOrProvince", &place.state),
        ("PostalCode", &place.postal_code),
        ("CountryName", &place.country),
    ];
    let parts: String =
        parts.iter().filter_map(|(name, value)| Some(element(name, value.as_deref()?))).collect();
    format!("<xades:SignatureProductionPlaceV2>{parts}</xades:SignatureProductionPlaceV2>")
}
