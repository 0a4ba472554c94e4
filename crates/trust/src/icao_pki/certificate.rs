//! Certificates of authorities and signers (9303-12, section 7.1).

use std::{fmt, ops::Range};

use bitaqa_card::{signed_data::AlgorithmIdentifier, tlv::Tag};
use der::DateTime;
use sha2::{Digest, Sha256};

pub use super::certificate_extensions::KeyUsagePeriod;
use super::{
    certificate_extensions::Extensions,
    distinguished_name::IcaoName,
    fields::{Fields, FormatError, INTEGER, OBJECT_IDENTIFIER, SEQUENCE, without_leading_zeros},
    public_key::{IcaoKey, IcaoKeyError},
    signature_scheme::{IcaoScheme, IcaoSignatureError},
    signed_structure::SignedStructure,
    validity_time::time,
};

/// Longest certificate, in bytes. Curves that are written out take room.
pub const MAX_LENGTH: usize = 16 * 1024;

/// Bits of `keyUsage` in its first byte.
const DIGITAL_SIGNATURE: u8 = 0x80;
const KEY_CERT_SIGN: u8 = 0x04;
const CRL_SIGN: u8 = 0x02;

/// `id-icao-mrtd-security-cscaMasterListSigningKey` (2.23.136.1.1.3), content bytes.
const MASTER_LIST_SIGNING: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01, 0x03];
/// What `extKeyUsage` may say in the certificate of somebody who is no document signer: other signers of 9303-12, and
/// servers and clients of networks.
const OTHER_SIGNERS: &[u8] = &[0x67, 0x81, 0x08, 0x01, 0x01];
const NETWORK: &[u8] = &[0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03];

/// A certificate, taken apart but not judged.
#[derive(Clone)]
pub struct IcaoCertificate {
    der: Vec<u8>,
    sha256: [u8; 32],
    signed: Range<usize>,
    algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
    serial_number: Vec<u8>,
    issuer: IcaoName,
    subject: IcaoName,
    validity: (DateTime, DateTime),
    key: Result<IcaoKey, IcaoKeyError>,
    extensions: Extensions,
}

impl IcaoCertificate {
    /// Parses a certificate. A key that cannot be used makes it no worse until the key is needed.
    ///
    /// # Errors
    /// [`FormatError`]: no certificate, longer than [`MAX_LENGTH`], an extension twice, or signed with another algorithm than it
    /// says inside.
    pub fn from_der(der: &[u8]) -> Result<Self, FormatError> {
        const WHAT: &str = "Certificate";
        if der.len() > MAX_LENGTH {
            return Err(FormatError::value(WHAT));
        }
        let SignedStructure { body, signed, algorithm, signature } =
            SignedStructure::parse(der, WHAT, "tbsCertificate")?;

        let mut fields = Fields::new(body);
        fields.take(Tag(0xA0), "version")?;
        let serial_number = fields.expect(INTEGER, "serialNumber")?.value;
        let inner = self::algorithm(&mut fields)?;
        let issuer = IcaoName::from_der(fields.expect(SEQUENCE, "issuer")?.encoded)?;
        let mut validity = fields.inside(SEQUENCE, "validity")?;
        let mut moment = |element| {
            let field = validity.next(element)?.ok_or_else(|| FormatError::value(element))?;
            time(&field, element)
        };
        let validity = (moment("notBefore")?, moment("notAfter")?);
        let subject = IcaoName::from_der(fields.expect(SEQUENCE, "subject")?.encoded)?;
        let key = IcaoKey::from_der(fields.expect(SEQUENCE, "subjectPublicKeyInfo")?.encoded);
        fields.take(Tag(0x81), "issuerUniqueID")?;
        fields.take(Tag(0x82), "subjectUniqueID")?;
        let extensions = match fields.take(Tag(0xA3), "extensions")? {
            Some(explicit) => Extensions::parse(explicit.value)?,
            None => Extensions::default(),
        };
        fields.end("tbsCertificate")?;
        if !is_same_algorithm(&algorithm, &inner) {
            return Err(FormatError::value("signatureAlgorithm"));
        }
        Ok(Self {
            der: der.to_vec(),
            sha256: Sha256::digest(der).into(),
            signed,
            algorithm,
            signature,
            serial_number: without_leading_zeros(serial_number).to_vec(),
            issuer,
            subject,
            validity,
            key,
            extensions,
        })
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of [`der`](Self::der).
    #[must_use]
    pub const fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// Serial number, big endian, without leading zeros.
    #[must_use]
    pub fn serial_number(&self) -> &[u8] {
        &self.serial_number
    }

    /// Who signed it.
    #[must_use]
    pub const fn issuer(&self) -> &IcaoName {
        &self.issuer
    }

    /// Whose it is.
    #[must_use]
    pub const fn subject(&self) -> &IcaoName {
        &self.subject
    }

    /// First moment of validity.
    #[must_use]
    pub const fn not_before(&self) -> DateTime {
        self.validity.0
    }

    /// Last moment of validity.
    #[must_use]
    pub const fn not_after(&self) -> DateTime {
        self.validity.1
    }

    /// Whether it is valid at a time.
    #[must_use]
    pub fn is_valid_at(&self, at: DateTime) -> bool {
        self.not_before() <= at && at <= self.not_after()
    }

    /// Its public key.
    ///
    /// # Errors
    /// [`IcaoKeyError`]: not one that we verify with.
    pub const fn key(&self) -> Result<&IcaoKey, &IcaoKeyError> {
        self.key.as_ref()
    }

    /// When its private key may sign, where it says so.
    #[must_use]
    pub const fn key_usage_period(&self) -> Option<KeyUsagePeriod> {
        self.extensions.key_usage_period
    }

    /// The document codes that it may sign, where it says so.
    #[must_use]
    pub fn document_types(&self) -> Option<&[String]> {
        self.extensions.document_types.as_deref()
    }

    /// Whether a critical extension is not understood: then it must not be used (RFC 5280 section 4.2).
    #[must_use]
    pub const fn has_unknown_critical_extension(&self) -> bool {
        self.extensions.has_unknown_critical
    }

    /// Whether it may sign certificates. The first authorities had certificates without extensions: those that say nothing
    /// may, if `basicConstraints` is not missing beside other extensions that tell of an end entity.
    #[must_use]
    pub fn may_sign_certificates(&self) -> bool {
        let has_bit = self.extensions.key_usage.is_none_or(|bits| bits & KEY_CERT_SIGN != 0);
        match self.extensions.is_authority {
            Some(is_authority) => is_authority && has_bit,
            None => {
                self.extensions.key_usage.is_some() && has_bit || self.extensions == Extensions::default()
            }
        }
    }

    /// Whether it may sign revocation lists.
    #[must_use]
    pub fn may_sign_revocation_lists(&self) -> bool {
        self.may_sign_certificates() && self.extensions.key_usage.is_none_or(|bits| bits & CRL_SIGN != 0)
    }

    /// Whether it may sign documents (9303-12, section 7.1.1): its key makes signatures, and it is neither an authority nor a
    /// signer of something else.
    #[must_use]
    pub fn may_sign_documents(&self) -> bool {
        let others = self.extensions.purposes.as_ref().is_some_and(|purposes| {
            purposes.iter().any(|purpose| purpose.starts_with(OTHER_SIGNERS) || purpose.starts_with(NETWORK))
        });
        self.may_sign_data() && !others
    }

    /// Whether it may sign master lists (9303-12, section 7.1.1).
    #[must_use]
    pub fn may_sign_master_lists(&self) -> bool {
        let purposes = self.extensions.purposes.as_deref().unwrap_or_default();
        self.may_sign_data() && purposes.iter().any(|purpose| purpose == MASTER_LIST_SIGNING)
    }

    fn may_sign_data(&self) -> bool {
        self.extensions.key_usage.is_none_or(|bits| bits & DIGITAL_SIGNATURE != 0)
            && self.extensions.is_authority != Some(true)
    }

    /// Whether subject and issuer are the same name.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Whether it is signed with its own key.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.key().is_ok_and(|key| self.verify_signature(key).is_ok())
    }

    /// Whether both certificates have this one's subject key identifier, where this one has one.
    #[must_use]
    pub fn has_subject_key(&self, identifier: &[u8]) -> bool {
        self.extensions.subject_key.as_deref() == Some(identifier)
    }

    /// Identifier of the key that signed it, where it says so.
    #[must_use]
    pub fn authority_key(&self) -> Option<&[u8]> {
        self.extensions.authority_key.as_deref()
    }

    /// Verifies its signature, over the bytes as they were received.
    ///
    /// # Errors
    /// [`IcaoSignatureError`].
    pub fn verify_signature(&self, issuer: &IcaoKey) -> Result<(), IcaoSignatureError> {
        let signed = self.der.get(self.signed.clone()).unwrap_or_default();
        IcaoScheme::of(&self.algorithm, None)?.verify(issuer, signed, &self.signature)
    }
}

/// The names only: a signer's certificate is in the document of a person.
impl fmt::Debug for IcaoCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IcaoCertificate({})", self.subject)
    }
}

impl PartialEq for IcaoCertificate {
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

impl Eq for IcaoCertificate {}

/// `AlgorithmIdentifier`, the next field.
pub(super) fn algorithm(fields: &mut Fields<'_>) -> Result<AlgorithmIdentifier, FormatError> {
    const WHAT: &str = "signatureAlgorithm";
    let sequence = fields.expect(SEQUENCE, WHAT)?;
    let mut inner = Fields::new(sequence.value);
    let algorithm = inner.expect(OBJECT_IDENTIFIER, WHAT)?.value.to_vec();
    let parameters = inner.next(WHAT)?.map(|parameters| parameters.encoded.to_vec());
    inner.end(WHAT)?;
    Ok(AlgorithmIdentifier { algorithm, parameters, encoded: sequence.encoded.to_vec() })
}

/// Whether the identifier outside, which nobody signed, is the one inside. Issuers leave a NULL out in one of them.
pub(super) fn is_same_algorithm(one: &AlgorithmIdentifier, other: &AlgorithmIdentifier) -> bool {
    let parameters = |identifier: &AlgorithmIdentifier| {
        identifier.parameters.clone().filter(|parameters| parameters != &[0x05, 0x00])
    };
    one.algorithm == other.algorithm && parameters(one) == parameters(other)
}
