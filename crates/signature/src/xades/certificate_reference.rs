//! `SigningCertificate` and `SigningCertificateV2` (EN 319 132-1 clause 5.2.2): which certificate the signer meant.

use bitaqa_trust::Certificate;
use der::{Decode, Encode, Sequence, asn1::Int};
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};

use super::{
    algorithm::digest_from_uri,
    names::{DS, XADES},
    structure::{attribute, base64_of},
};
use crate::{
    Hash,
    xml::{Document, NodeId},
};

/// Most certificates that one property names.
const MAX_REFERENCES: usize = 32;

/// One certificate, by its digest.
#[derive(Debug, Clone)]
pub(super) struct CertificateReference {
    /// None where the algorithm is not accepted.
    hash: Option<Hash>,
    digest: Vec<u8>,
    issuer_serial: Option<IssuerAndSerial>,
}

#[derive(Debug, Clone)]
enum IssuerAndSerial {
    /// The number in decimal, as XML Signature has it.
    Decimal(String),
    /// `IssuerSerial` of RFC 5035 in DER.
    Encoded(Vec<u8>),
}

/// `IssuerSerial` (RFC 5035 section 4).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
pub(super) struct IssuerSerial {
    pub(super) issuer: GeneralNames,
    pub(super) serial: Int,
}

impl CertificateReference {
    /// Those of a property of either version. None where it is not as its schema demands.
    pub(super) fn read_all(document: &Document<'_>, property: NodeId) -> Option<Vec<Self>> {
        let certificates: Vec<NodeId> = document.children(property).take(MAX_REFERENCES + 1).collect();
        if certificates.is_empty() || certificates.len() > MAX_REFERENCES {
            return None;
        }
        certificates.into_iter().map(|certificate| Self::read(document, certificate)).collect()
    }

    fn read(document: &Document<'_>, certificate: NodeId) -> Option<Self> {
        if !document.is(certificate, XADES, "Cert") {
            return None;
        }
        let digest = document.child(certificate, XADES, "CertDigest")?;
        let method = document.child(digest, DS, "DigestMethod")?;
        let value = document.child(digest, DS, "DigestValue")?;
        let decimal = document.child(certificate, XADES, "IssuerSerial").map(|named| {
            let number =
                document.child(named, DS, "X509SerialNumber").and_then(|number| document.text_of(number));
            IssuerAndSerial::Decimal(number.unwrap_or_default().trim_ascii().to_owned())
        });
        let encoded = document
            .child(certificate, XADES, "IssuerSerialV2")
            .map(|named| IssuerAndSerial::Encoded(base64_of(document, named).unwrap_or_default()));
        Some(Self {
            hash: digest_from_uri(&attribute(document, method, "Algorithm")?),
            digest: base64_of(document, value)?,
            issuer_serial: decimal.or(encoded),
        })
    }

    /// Whether its digest is the certificate's.
    pub(super) fn names(&self, certificate: &Certificate) -> bool {
        self.hash.is_some_and(|hash| hash.digest(&[certificate.der()]) == self.digest)
    }

    /// Whether its digest cannot be compared, since its algorithm is unknown or too weak.
    pub(super) const fn is_weak(&self) -> bool {
        self.hash.is_none()
    }

    /// Whether issuer and serial number, where they are there, are the certificate's. The names of old files are text in many
    /// dialects and are not compared; the digest names the certificate.
    pub(super) fn has_serial_of(&self, certificate: &Certificate) -> bool {
        let serial = certificate.tbs().serial_number().as_bytes();
        match &self.issuer_serial {
            None => true,
            Some(IssuerAndSerial::Decimal(number)) => decimal(number).is_some_and(|number| number == without_zeros(serial)),
            Some(IssuerAndSerial::Encoded(der)) => IssuerSerial::from_der(der).is_ok_and(|named| {
                let issuer = named.issuer.iter().any(|name| {
                    matches!(name, GeneralName::DirectoryName(name) if name.to_der().ok() == certificate.tbs().issuer().to_der().ok())
                });
                issuer && without_zeros(named.serial.as_bytes()) == without_zeros(serial)
            }),
        }
    }
}

/// `IssuerSerial` of a certificate, in DER.
pub(super) fn issuer_serial(certificate: &Certificate) -> der::Result<Vec<u8>> {
    let serial = Int::new(certificate.tbs().serial_number().as_bytes())?;
    IssuerSerial { issuer: vec![GeneralName::DirectoryName(certificate.tbs().issuer().clone())], serial }
        .to_der()
}

fn without_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

/// Bytes of a number in decimal, without zeros in front. At most 80 digits: a serial number has 20 bytes.
fn decimal(text: &str) -> Option<Vec<u8>> {
    if text.is_empty() || text.len() > 80 || !text.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let mut little_endian: Vec<u8> = Vec::new();
    for digit in text.bytes() {
        let mut carry = u16::from(digit - b'0');
        for byte in &mut little_endian {
            let [low, high] = (u16::from(*byte) * 10 + carry).to_le_bytes();
            *byte = low;
            carry = u16::from(high);
        }
        if carry > 0 {
            little_endian.push(carry.to_le_bytes()[0]);
        }
    }
    little_endian.reverse();
    Some(little_endian)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_numbers_of_any_length_are_read() {
        assert_eq!(decimal("0"), Some(vec![]));
        assert_eq!(decimal("0256"), Some(vec![1, 0]));
        assert_eq!(decimal("1208925819614629174706176"), Some(vec![1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
        assert_eq!(decimal("-1"), None);
        assert_eq!(decimal(&"9".repeat(81)), None);
    }
}
