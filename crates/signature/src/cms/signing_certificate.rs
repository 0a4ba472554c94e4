//! Which certificate a signer names in what is signed: `signing-certificate` and `signing-certificate-v2` (RFC 5035; EN 319 122-1
//! clause 5.2.2).

use bitaqa_trust::{Certificate, ObjectIdentifier, public_key::Hash};
use der::Encode;
use sha1::{Digest, Sha1};

use super::{Attributes, CmsError, Element, attribute, element::tag, value, writer};
use crate::oid;

/// Most certificates that the attribute may name: the signer's and its issuers'.
const MAX_NAMED: usize = 16;

/// What a signer names: the first `ESSCertID` or `ESSCertIDv2`, which is the signer's own certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningCertificateReference {
    /// The hash over the certificate.
    pub hash: ReferenceHash,
    digest: Vec<u8>,
    issuer_serial: Option<IssuerSerial>,
}

/// Name of the issuer, in DER, and serial number.
type IssuerSerial = (Vec<u8>, Vec<u8>);

/// The hash of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceHash {
    /// SHA-1, the only one of the first version. Whoever could make two certificates with one digest of it had both issued, so
    /// it binds somewhat; not enough for a signature of today.
    Sha1,
    /// One that we take.
    Accepted(Hash),
    /// Any other.
    Unknown(ObjectIdentifier),
}

/// What comes of comparing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// It is this certificate.
    Same,
    /// It is this certificate by a hash that is too weak to bind it.
    SameByWeakHash,
    /// It is another one.
    Other,
    /// The hash is unknown.
    CannotTell,
}

impl SigningCertificateReference {
    /// Finds the reference among the signed attributes; the second version goes before the first.
    ///
    /// # Errors
    /// [`CmsError`]: malformed, or an attribute occurs several times.
    pub fn find(signed: &Attributes<'_>) -> Result<Option<Self>, CmsError> {
        let second = signed.only_value(oid::SIGNING_CERTIFICATE_V2)?;
        let first = signed.only_value(oid::SIGNING_CERTIFICATE)?;
        match (second, first) {
            (Some(value), _) => Self::parse(&value, true).map(Some),
            (None, Some(value)) => Self::parse(&value, false).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn parse(value: &Element<'_>, second_version: bool) -> Result<Self, CmsError> {
        let certificates = value.expect(tag::SEQUENCE, "a reference to certificates")?.reader()?.element()?;
        let all = certificates.children(MAX_NAMED, "references to certificates")?;
        let first = all.first().ok_or(CmsError::Value("a reference to no certificate"))?;
        let mut reader = first.reader()?;
        let hash = if second_version {
            let named = reader.optional(tag::SEQUENCE)?;
            let oid = named.map_or(Ok(Hash::Sha256.oid()), |named| value::algorithm_oid(&named))?;
            match Hash::from_oid(oid) {
                Some(hash) => ReferenceHash::Accepted(hash),
                None if oid == oid::SHA_1 => ReferenceHash::Sha1,
                None => ReferenceHash::Unknown(oid),
            }
        } else {
            ReferenceHash::Sha1
        };
        let digest = reader.expect(tag::OCTET_STRING, "a reference without digest")?.content().to_vec();
        let issuer_serial = reader.optional(tag::SEQUENCE)?.map(|pair| issuer_serial(&pair)).transpose()?;
        reader.finish()?;
        Ok(Self { hash, digest, issuer_serial: issuer_serial.flatten() })
    }

    /// Whether it names a certificate.
    #[must_use]
    pub fn compare(&self, certificate: &Certificate) -> Comparison {
        let (same, by_hash) = match self.hash {
            ReferenceHash::Sha1 => {
                (*Sha1::digest(certificate.der()) == *self.digest, Comparison::SameByWeakHash)
            }
            ReferenceHash::Accepted(hash) => {
                (hash.digest(&[certificate.der()]) == self.digest, Comparison::Same)
            }
            ReferenceHash::Unknown(_) => (true, Comparison::CannotTell),
        };
        let same_issuer = self.issuer_serial.as_ref().is_none_or(|(issuer, serial)| {
            certificate.tbs().serial_number().as_bytes() == serial
                && certificate.tbs().issuer().to_der().is_ok_and(|name| name == *issuer)
        });
        if same && same_issuer { by_hash } else { Comparison::Other }
    }
}

/// `IssuerSerial`; none if the issuer is not named by a directory name alone.
fn issuer_serial(pair: &Element<'_>) -> Result<Option<IssuerSerial>, CmsError> {
    let mut reader = pair.reader()?;
    let names = reader.expect(tag::SEQUENCE, "an issuer that is no list of names")?;
    let serial = reader.expect(tag::INTEGER, "a serial number that is no integer")?.content().to_vec();
    let name = names.only_child().ok().filter(|name| name.tag() == tag::context(4));
    Ok(name.map(|name| name.only_child()?.to_der()).transpose()?.map(|issuer| (issuer, serial)))
}

/// The attribute `signing-certificate-v2` that names a certificate; SHA-256 is the default and so not named.
///
/// # Errors
/// The encoder's.
pub fn encode(certificate: &Certificate, hash: Hash) -> der::Result<Vec<u8>> {
    let issuer = writer::explicit(4, &certificate.tbs().issuer().to_der()?);
    let issuer_serial =
        writer::sequence([writer::sequence([issuer]), certificate.tbs().serial_number().to_der()?]);
    let algorithm = if hash == Hash::Sha256 { Vec::new() } else { writer::algorithm(hash.oid()) };
    let digest = writer::octet_string(&hash.digest(&[certificate.der()]));
    let reference = writer::sequence([algorithm, digest, issuer_serial]);
    let value = writer::sequence([writer::sequence([reference])]);
    Ok(attribute::encode(oid::SIGNING_CERTIFICATE_V2, vec![value]))
}
