//! Revocation lists of an authority (9303-12, section 7.1.4; RFC 5280 section 5).

use std::{fmt, ops::Range};

use bitaqa_card::{signed_data::AlgorithmIdentifier, tlv::Tag};
use der::DateTime;

use super::{
    certificate::{IcaoCertificate, algorithm, is_same_algorithm},
    distinguished_name::IcaoName,
    fields::{
        BOOLEAN, ENUMERATED, Fields, FormatError, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE,
        without_leading_zeros,
    },
    public_key::IcaoKey,
    signature_scheme::{IcaoScheme, IcaoSignatureError},
    signed_structure::SignedStructure,
    validity_time::{is_time, time},
};

/// Longest list, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024 * 1024;
/// Most entries.
pub const MAX_ENTRIES: usize = 200_000;
/// Most extensions, of the list or of an entry.
const MAX_EXTENSIONS: usize = 32;

const AUTHORITY_KEY_IDENTIFIER: &[u8] = &[0x55, 0x1D, 0x23];
const REASON_CODE: &[u8] = &[0x55, 0x1D, 0x15];
/// `removeFromCRL` (RFC 5280 section 5.3.1), which only delta lists have.
const REMOVED: u8 = 8;

/// A revocation list, taken apart but not judged.
#[derive(Clone)]
pub struct RevocationList {
    der: Vec<u8>,
    signed: Range<usize>,
    algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
    issuer: IcaoName,
    authority_key: Option<Vec<u8>>,
    this_update: DateTime,
    next_update: Option<DateTime>,
    /// By rising serial number.
    entries: Vec<(Vec<u8>, Revoked)>,
}

/// What a list says of a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revoked {
    /// Since when.
    pub since: DateTime,
    /// Why: a number of RFC 5280 section 5.3.1, where it is given.
    pub reason: Option<u8>,
}

impl RevocationList {
    /// Parses a list.
    ///
    /// # Errors
    /// [`FormatError`]: no list, too long, with a critical extension (an incomplete or indirect list, whose silence means
    /// nothing), or signed with another algorithm than it says inside.
    pub fn from_der(der: &[u8]) -> Result<Self, FormatError> {
        const WHAT: &str = "CertificateList";
        if der.len() > MAX_LENGTH {
            return Err(FormatError::value(WHAT));
        }
        let SignedStructure { body, signed, algorithm, signature } =
            SignedStructure::parse(der, WHAT, "tbsCertList")?;

        let mut fields = Fields::new(body);
        fields.take(INTEGER, "version")?;
        let inner = self::algorithm(&mut fields)?;
        let issuer = IcaoName::from_der(fields.expect(SEQUENCE, "issuer")?.encoded)?;
        let this_update = fields.next("thisUpdate")?.ok_or_else(|| FormatError::value("thisUpdate"))?;
        let this_update = time(&this_update, "thisUpdate")?;
        let mut next = fields;
        let next_update = match next.next("nextUpdate")? {
            Some(field) if is_time(&field) => {
                fields = next;
                Some(time(&field, "nextUpdate")?)
            }
            _ => None,
        };
        let entries = match fields.take(SEQUENCE, "revokedCertificates")? {
            Some(list) => entries(Fields::new(list.value))?,
            None => Vec::new(),
        };
        let authority_key = match fields.take(Tag(0xA0), "crlExtensions")? {
            Some(explicit) => list_extensions(explicit.value)?,
            None => None,
        };
        fields.end("tbsCertList")?;
        if !is_same_algorithm(&algorithm, &inner) {
            return Err(FormatError::value("signatureAlgorithm"));
        }
        Ok(Self {
            der: der.to_vec(),
            signed,
            algorithm,
            signature,
            issuer,
            authority_key,
            this_update,
            next_update,
            entries,
        })
    }

    /// Whose list it is.
    #[must_use]
    pub const fn issuer(&self) -> &IcaoName {
        &self.issuer
    }

    /// When it was made.
    #[must_use]
    pub const fn this_update(&self) -> DateTime {
        self.this_update
    }

    /// When the next one was to come, where it says so.
    #[must_use]
    pub const fn next_update(&self) -> Option<DateTime> {
        self.next_update
    }

    /// How many certificates it revokes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it revokes none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The bytes it was parsed from.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether an authority may be the one that signed it, before the signature is checked.
    pub(crate) fn may_be_of(&self, authority: &IcaoCertificate) -> bool {
        self.issuer == *authority.subject()
            && self.authority_key.as_deref().is_none_or(|key| authority.has_subject_key(key))
            && authority.may_sign_revocation_lists()
    }

    /// Verifies its signature, over the bytes as they were received.
    ///
    /// # Errors
    /// [`IcaoSignatureError`].
    pub fn verify_signature(&self, issuer: &IcaoKey) -> Result<(), IcaoSignatureError> {
        let signed = self.der.get(self.signed.clone()).unwrap_or_default();
        IcaoScheme::of(&self.algorithm, None)?.verify(issuer, signed, &self.signature)
    }

    /// What it says of a certificate of its issuer, by serial number without leading zeros.
    #[must_use]
    pub fn revocation_of(&self, serial_number: &[u8]) -> Option<Revoked> {
        let found = self.entries.binary_search_by(|(serial, _)| serial.as_slice().cmp(serial_number)).ok()?;
        self.entries.get(found).map(|(_, revoked)| *revoked)
    }
}

impl fmt::Debug for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RevocationList({}, {})", self.issuer, self.this_update)
    }
}

fn entries(mut list: Fields<'_>) -> Result<Vec<(Vec<u8>, Revoked)>, FormatError> {
    const WHAT: &str = "revokedCertificates";
    let mut entries = Vec::new();
    while let Some(entry) = list.next(WHAT)? {
        if entries.len() == MAX_ENTRIES {
            return Err(FormatError::value(WHAT));
        }
        let mut fields = Fields::of_object(entry.encoded, SEQUENCE, WHAT)?;
        let serial_number = without_leading_zeros(fields.expect(INTEGER, WHAT)?.value).to_vec();
        let since = fields.next(WHAT)?.ok_or_else(|| FormatError::value("revocationDate"))?;
        let since = time(&since, "revocationDate")?;
        let reason = match fields.take(SEQUENCE, WHAT)? {
            Some(extensions) => reason(extensions.encoded)?,
            None => None,
        };
        fields.end(WHAT)?;
        entries.push((serial_number, Revoked { since, reason }));
    }
    // one number may stand there twice: the first revocation counts
    entries.sort_by(|(one, first), (other, second)| one.cmp(other).then(first.since.cmp(&second.since)));
    entries.dedup_by(|(later, _), (earlier, _)| later == earlier);
    Ok(entries)
}

/// Reason of an entry. Any other critical extension would make it the entry of another issuer.
fn reason(extensions: &[u8]) -> Result<Option<u8>, FormatError> {
    let mut reason = None;
    each_extension(extensions, |identifier, is_critical, value| {
        if identifier == REASON_CODE {
            match Fields::new(value).expect(ENUMERATED, "reasonCode")?.value {
                [code] if *code != REMOVED => reason = Some(*code),
                _ => return Err(FormatError::value("reasonCode")),
            }
        } else if is_critical {
            return Err(FormatError::value("crlEntryExtensions"));
        }
        Ok(())
    })?;
    Ok(reason)
}

/// The authority's key identifier.
fn list_extensions(extensions: &[u8]) -> Result<Option<Vec<u8>>, FormatError> {
    let mut key = None;
    each_extension(extensions, |identifier, is_critical, value| {
        if identifier == AUTHORITY_KEY_IDENTIFIER {
            let mut fields = Fields::of_object(value, SEQUENCE, "authorityKeyIdentifier")?;
            key = fields.take(Tag(0x80), "authorityKeyIdentifier")?.map(|key| key.value.to_vec());
        } else if is_critical {
            return Err(FormatError::value("crlExtensions"));
        }
        Ok(())
    })?;
    Ok(key)
}

fn each_extension<'a>(
    encoded: &'a [u8],
    mut take: impl FnMut(&'a [u8], bool, &'a [u8]) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    const WHAT: &str = "crlExtensions";
    let mut all = Fields::of_object(encoded, SEQUENCE, WHAT)?;
    let mut count = 0;
    while let Some(extension) = all.next(WHAT)? {
        count += 1;
        if count > MAX_EXTENSIONS {
            return Err(FormatError::value(WHAT));
        }
        let mut fields = Fields::of_object(extension.encoded, SEQUENCE, WHAT)?;
        let identifier = fields.expect(OBJECT_IDENTIFIER, WHAT)?.value;
        let is_critical = fields.take(BOOLEAN, WHAT)?.is_some_and(|flag| flag.value != [0]);
        take(identifier, is_critical, fields.expect(OCTET_STRING, WHAT)?.value)?;
    }
    Ok(())
}
