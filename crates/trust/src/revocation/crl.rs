//! Certificate revocation lists (RFC 5280 section 5), read in place: a list of ten megabytes stays one block of bytes.

use const_oid::AssociatedOid;
use der::{
    DateTime, Decode, Reader, SliceReader, Tag,
    asn1::{ObjectIdentifier, UintRef},
};
use spki::AlgorithmIdentifierOwned;
use x509_cert::{
    ext::{
        Extension,
        pkix::{AuthorityKeyIdentifier, IssuingDistributionPoint, SubjectKeyIdentifier},
    },
    name::Name,
    time::Time,
};

use super::{
    crl_entries::{Entries, Entry},
    fault::CrlFault,
};
use crate::{
    certificate::Certificate,
    oid,
    signed_object::{SignedObject, element, sequence},
};

/// Longest list, in bytes.
pub const MAX_LENGTH: usize = 32 * 1024 * 1024;

/// Most extensions of a list.
const MAX_EXTENSIONS: usize = 32;

/// A parsed list. Parsing believes nothing: no signature is checked, and the entries are not looked at.
pub struct CertificateList<'a> {
    signed: SignedObject<'a>,
    issuer: Name,
    this_update: DateTime,
    next_update: Option<DateTime>,
    entries: &'a [u8],
    number: Option<Vec<u8>>,
    base_number: Option<Vec<u8>>,
    scope: Option<IssuingDistributionPoint>,
    scope_der: Option<Vec<u8>>,
    authority_key: Option<Vec<u8>>,
}

impl<'a> CertificateList<'a> {
    /// Parses DER (RFC 5280 section 5.1). Lists of version 1 have no extensions.
    ///
    /// # Errors
    /// [`CrlFault`]: too long, not a list, or with a critical extension that is not processed.
    pub fn from_der(der: &'a [u8]) -> Result<Self, CrlFault> {
        if der.len() > MAX_LENGTH {
            return Err(CrlFault::TooLong);
        }
        let signed = SignedObject::from_der(der).map_err(|_| CrlFault::Malformed)?;
        if !signed.rest.is_empty() {
            return Err(CrlFault::Malformed);
        }
        let message = sequence(signed.message).map_err(|_| CrlFault::Malformed)?;
        let fields = Fields::read(message).map_err(|_| CrlFault::Malformed)?;
        // the signed part names its algorithm too (section 5.1.1.2)
        if fields.algorithm != signed.algorithm || (!fields.version_2 && !fields.extensions.is_empty()) {
            return Err(CrlFault::Malformed);
        }
        let mut list = Self {
            signed,
            issuer: fields.issuer,
            this_update: fields.this_update,
            next_update: fields.next_update,
            entries: fields.entries,
            number: None,
            base_number: None,
            scope: None,
            scope_der: None,
            authority_key: None,
        };
        list.read_extensions(&fields.extensions)?;
        Ok(list)
    }

    /// The list's issuer.
    #[must_use]
    pub fn issuer(&self) -> &Name {
        &self.issuer
    }

    /// When it was issued.
    #[must_use]
    pub fn this_update(&self) -> DateTime {
        self.this_update
    }

    /// When the next one will be there at the latest.
    #[must_use]
    pub fn next_update(&self) -> Option<DateTime> {
        self.next_update
    }

    /// Its number (section 5.2.3), big-endian without leading zeros.
    #[must_use]
    pub fn number(&self) -> Option<&[u8]> {
        self.number.as_deref()
    }

    /// In a delta list, the number of the list that it starts from (section 5.2.4).
    #[must_use]
    pub fn base_number(&self) -> Option<&[u8]> {
        self.base_number.as_deref()
    }

    /// What it covers, if not everything of its issuer (section 5.2.5).
    #[must_use]
    pub fn scope(&self) -> Option<&IssuingDistributionPoint> {
        self.scope.as_ref()
    }

    /// Whether both cover the same (section 5.2.4).
    pub(super) fn same_scope(&self, other: &Self) -> bool {
        self.scope_der == other.scope_der
            && self.authority_key == other.authority_key
            && certval::compare_names(&self.issuer, &other.issuer)
    }

    /// Whether the list says that it is about certificates of several issuers.
    #[must_use]
    pub fn is_indirect(&self) -> bool {
        self.scope.as_ref().is_some_and(|scope| scope.indirect_crl)
    }

    /// Whether this certificate's key signed it, and may sign lists (section 6.3.3 steps f and g).
    ///
    /// # Errors
    /// [`CrlFault`].
    pub fn verify_signature(&self, signer: &Certificate) -> Result<(), CrlFault> {
        let subject_key = signer.extension::<SubjectKeyIdentifier>().map_err(|_| CrlFault::Issuer)?;
        if let (Some(named), Some(own)) = (&self.authority_key, &subject_key)
            && named != own.0.as_bytes()
        {
            return Err(CrlFault::AuthorityKey);
        }
        let usage = signer.extension::<x509_cert::ext::pkix::KeyUsage>().map_err(|_| CrlFault::Issuer)?;
        if usage.is_some_and(|usage| !usage.crl_sign()) {
            return Err(CrlFault::NotCrlSigner);
        }
        let key = signer.public_key().map_err(|_| CrlFault::IssuerKey)?;
        self.signed.verify(&key).map_err(CrlFault::Signature)
    }

    /// The entry of a certificate, if it has one. Every entry is looked at: one with a critical extension that is not
    /// processed makes the whole list unusable (section 5.3).
    ///
    /// # Errors
    /// [`CrlFault`].
    pub fn find(&self, serial_number: &[u8], issuer: &Name) -> Result<Option<Entry>, CrlFault> {
        Entries::new(self.entries, &self.issuer, self.is_indirect()).find(serial_number, issuer)
    }

    fn read_extensions(&mut self, extensions: &[Extension]) -> Result<(), CrlFault> {
        for (index, extension) in extensions.iter().enumerate() {
            if extensions.iter().skip(index + 1).any(|other| other.extn_id == extension.extn_id) {
                return Err(CrlFault::Malformed);
            }
            let value = extension.extn_value.as_bytes();
            match extension.extn_id {
                oid::CRL_NUMBER => self.number = Some(unsigned(value)?),
                oid::DELTA_CRL_INDICATOR => self.base_number = Some(unsigned(value)?),
                oid::ISSUING_DISTRIBUTION_POINT => {
                    self.scope = Some(scope(value)?);
                    self.scope_der = Some(value.to_vec());
                }
                AuthorityKeyIdentifier::OID => {
                    let identifier =
                        AuthorityKeyIdentifier::from_der(value).map_err(|_| CrlFault::Malformed)?;
                    self.authority_key =
                        identifier.key_identifier.map(|identifier| identifier.as_bytes().to_vec());
                }
                other if extension.critical => {
                    return Err(CrlFault::CriticalExtension { extension: other });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn unsigned(value: &[u8]) -> Result<Vec<u8>, CrlFault> {
    Ok(UintRef::from_der(value).map_err(|_| CrlFault::Malformed)?.as_bytes().to_vec())
}

fn scope(value: &[u8]) -> Result<IssuingDistributionPoint, CrlFault> {
    let scope = IssuingDistributionPoint::from_der(value).map_err(|_| CrlFault::Malformed)?;
    let kinds =
        [scope.only_contains_user_certs, scope.only_contains_ca_certs, scope.only_contains_attribute_certs];
    // at most one of them (section 5.2.5)
    if kinds.iter().filter(|kind| **kind).count() > 1 {
        return Err(CrlFault::Malformed);
    }
    Ok(scope)
}

/// `TBSCertList`.
struct Fields<'a> {
    version_2: bool,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Name,
    this_update: DateTime,
    next_update: Option<DateTime>,
    entries: &'a [u8],
    extensions: Vec<Extension>,
}

impl<'a> Fields<'a> {
    fn read(message: &'a [u8]) -> der::Result<Self> {
        let mut reader = SliceReader::new(message)?;
        let version_2 = Tag::peek_optional(&reader)? == Some(Tag::Integer);
        if version_2 && u8::decode(&mut reader)? != 1 {
            return Err(reader.error(der::ErrorKind::Failed));
        }
        let algorithm = reader.decode()?;
        let issuer = reader.decode()?;
        let this_update = Time::decode(&mut reader)?.to_date_time();
        let next_update = match Tag::peek_optional(&reader)? {
            Some(Tag::UtcTime | Tag::GeneralizedTime) => Some(Time::decode(&mut reader)?.to_date_time()),
            _ => None,
        };
        let entries = match Tag::peek_optional(&reader)? {
            Some(Tag::Sequence) => element(&mut reader)?.1,
            _ => &[],
        };
        let extensions = if reader.is_finished() { Vec::new() } else { extensions(&mut reader)? };
        reader.finish()?;
        Ok(Self { version_2, algorithm, issuer, this_update, next_update, entries, extensions })
    }
}

fn extensions(reader: &mut SliceReader<'_>) -> der::Result<Vec<Extension>> {
    let (tag, content) = element(reader)?;
    let wanted = Tag::ContextSpecific { constructed: true, number: der::TagNumber(0) };
    if tag != wanted {
        return Err(reader.error(der::ErrorKind::Failed));
    }
    let mut list = SliceReader::new(sequence(content)?)?;
    let mut found = Vec::new();
    while !list.is_finished() {
        if found.len() >= MAX_EXTENSIONS {
            return Err(list.error(der::ErrorKind::Overlength));
        }
        found.push(Extension::decode(&mut list)?);
    }
    Ok(found)
}

/// Looks at the next tag, if anything follows.
trait PeekOptional: Sized {
    fn peek_optional(reader: &SliceReader<'_>) -> der::Result<Option<Self>>;
}

impl PeekOptional for Tag {
    fn peek_optional(reader: &SliceReader<'_>) -> der::Result<Option<Self>> {
        if reader.is_finished() { Ok(None) } else { Tag::peek(reader).map(Some) }
    }
}

/// The extension's identifier as an error shows it.
pub(super) type ExtensionId = ObjectIdentifier;
