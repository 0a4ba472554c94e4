//! Certificate extensions (RFC 5280 section 4.2).

use super::der::{bit_string, integer, octet_string, oid, sequence, tlv, utf8};

/// `Extension` with its value.
pub fn extension(identifier: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let critical = if critical { tlv(0x01, &[0xff]) } else { Vec::new() };
    sequence(&[&oid(identifier), &critical, &octet_string(value)])
}

/// `basicConstraints` of an authority, with the number of authorities that may follow.
pub fn authority(path_length: Option<u8>) -> Vec<u8> {
    let length = path_length.map(|length| integer(&[length])).unwrap_or_default();
    extension("2.5.29.19", true, &sequence(&[&tlv(0x01, &[0xff]), &length]))
}

/// `basicConstraints` of somebody who is none.
pub fn not_authority() -> Vec<u8> {
    extension("2.5.29.19", true, &sequence(&[]))
}

/// `keyUsage` with the bits of its first byte, as they stand in DER (0x80 is digitalSignature).
pub fn key_usage(bits: u8) -> Vec<u8> {
    let unused = bits.trailing_zeros() as u8;
    extension("2.5.29.15", true, &tlv(0x03, &[unused, bits]))
}

/// digitalSignature.
pub const DIGITAL_SIGNATURE: u8 = 0x80;
/// nonRepudiation.
pub const NON_REPUDIATION: u8 = 0x40;
/// keyAgreement.
pub const KEY_AGREEMENT: u8 = 0x08;
/// keyCertSign and cRLSign.
pub const CERTIFICATE_AND_CRL_SIGN: u8 = 0x06;

/// `extKeyUsage`.
pub fn extended_key_usage(purposes: &[&str]) -> Vec<u8> {
    let purposes: Vec<u8> = purposes.iter().flat_map(|purpose| oid(purpose)).collect();
    extension("2.5.29.37", false, &tlv(0x30, &purposes))
}

/// clientAuth.
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
/// serverAuth.
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// `certificatePolicies`.
pub fn policies(policies: &[&str]) -> Vec<u8> {
    let list: Vec<u8> = policies.iter().flat_map(|policy| sequence(&[&oid(policy)])).collect();
    extension("2.5.29.32", false, &tlv(0x30, &list))
}

/// `qcStatements` (RFC 3739 section 3.2.6) without further information.
pub fn qc_statements(statements: &[&str]) -> Vec<u8> {
    let list: Vec<u8> = statements.iter().flat_map(|statement| sequence(&[&oid(statement)])).collect();
    extension("1.3.6.1.5.5.7.1.3", false, &tlv(0x30, &list))
}

/// `subjectAltName` with a mail address.
pub fn mail(address: &str) -> Vec<u8> {
    extension("2.5.29.17", false, &sequence(&[&tlv(0x81, address.as_bytes())]))
}

/// `nameConstraints` that allow mail addresses of one host only.
pub fn permitted_mail(host: &str) -> Vec<u8> {
    let subtree = sequence(&[&tlv(0x81, host.as_bytes())]);
    extension("2.5.29.30", true, &sequence(&[&tlv(0xa0, &subtree)]))
}

/// `nameConstraints` that allow names of one country only.
pub fn permitted_country(country: &str) -> Vec<u8> {
    let name = sequence(&[&super::der::set(&[&sequence(&[&oid("2.5.4.6"), &utf8(country)])])]);
    let subtree = sequence(&[&tlv(0xa4, &name)]);
    extension("2.5.29.30", true, &sequence(&[&tlv(0xa0, &subtree)]))
}

/// A critical extension that nobody knows.
pub fn unknown_critical() -> Vec<u8> {
    extension("1.3.6.1.4.1.32473.77", true, &bit_string(&[0]))
}

/// `authorityInfoAccess` with the address of a responder.
pub fn responder_at(url: &str) -> Vec<u8> {
    let description = sequence(&[&oid("1.3.6.1.5.5.7.48.1"), &tlv(0x86, url.as_bytes())]);
    extension("1.3.6.1.5.5.7.1.1", false, &sequence(&[&description]))
}

/// `cRLDistributionPoints` with an address.
pub fn lists_at(url: &str) -> Vec<u8> {
    extension("2.5.29.31", false, &sequence(&[&sequence(&[&tlv(0xa0, &full_name(url))])]))
}

/// `DistributionPointName` of an address.
pub fn full_name(url: &str) -> Vec<u8> {
    tlv(0xa0, &tlv(0x86, url.as_bytes()))
}

/// id-kp-OCSPSigning.
pub const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";

/// `id-pkix-ocsp-nocheck`.
pub fn no_check() -> Vec<u8> {
    extension("1.3.6.1.5.5.7.48.1.5", false, &super::der::null())
}

/// `subjectKeyIdentifier` (RFC 5280 section 4.2.1.2, method 1).
pub fn subject_key(key: &super::Key) -> Vec<u8> {
    use sha1::Digest;
    extension("2.5.29.14", false, &octet_string(&sha1::Sha1::digest(key.point())))
}
