//! The entries of a revocation list, one after the other, without making an object of any but the one looked for.

use der::{
    DateTime, Decode, Encode, Reader, SliceReader, Tag,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use x509_cert::{
    ext::pkix::{
        CrlReason,
        name::{GeneralName, GeneralNames},
    },
    name::Name,
    time::Time,
};

use super::fault::CrlFault;
use crate::{oid, signed_object::element};

/// What a list says about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// When it was revoked.
    pub since: DateTime,
    /// Why, if the list says.
    pub reason: Option<CrlReason>,
}

/// The content of `revokedCertificates` (RFC 5280 section 5.1.2.6).
pub(super) struct Entries<'a> {
    content: &'a [u8],
    list_issuer: &'a Name,
    indirect: bool,
}

impl<'a> Entries<'a> {
    pub(super) fn new(content: &'a [u8], list_issuer: &'a Name, indirect: bool) -> Self {
        Self { content, list_issuer, indirect }
    }

    /// The last entry of the certificate; all of them are read, since a critical extension in any of them counts.
    /// `serial_number` is the INTEGER of the certificate, tag and length included.
    pub(super) fn find(&self, serial_number: &[u8], issuer: &Name) -> Result<Option<Entry>, CrlFault> {
        let malformed = |_| CrlFault::Entry;
        let mut found = None;
        // in an indirect list an entry without an issuer is of the issuer of the one before it (section 5.3.3)
        let mut same_issuer = certval::compare_names(self.list_issuer, issuer);
        let mut reader = SliceReader::new(self.content).map_err(malformed)?;
        while !reader.is_finished() {
            let (tag, content) = element(&mut reader).map_err(malformed)?;
            tag.assert_eq(Tag::Sequence).map_err(|_| CrlFault::Entry)?;
            let mut entry = SliceReader::new(content).map_err(malformed)?;
            let serial = entry.tlv_bytes().map_err(malformed)?;
            let date = entry.tlv_bytes().map_err(malformed)?;
            let extensions = if entry.is_finished() {
                EntryExtensions::default()
            } else {
                let (tag, list) = element(&mut entry).map_err(malformed)?;
                tag.assert_eq(Tag::Sequence).map_err(|_| CrlFault::Entry)?;
                EntryExtensions::read(list)?
            };
            entry.finish().map_err(malformed)?;
            if let Some(names) = extensions.issuer {
                if !self.indirect {
                    return Err(CrlFault::Entry);
                }
                same_issuer = names_issuer(names, issuer)?;
            }
            if same_issuer && serial == serial_number {
                let since = Time::from_der(date).map_err(malformed)?.to_date_time();
                let reason = extensions
                    .reason
                    .map(|value| CrlReason::from_der(value).map_err(malformed))
                    .transpose()?;
                found = Some(Entry { since, reason });
            }
        }
        Ok(found)
    }
}

/// The extensions of an entry that are processed, undecoded.
#[derive(Default)]
struct EntryExtensions<'a> {
    reason: Option<&'a [u8]>,
    issuer: Option<&'a [u8]>,
}

impl<'a> EntryExtensions<'a> {
    fn read(list: &'a [u8]) -> Result<Self, CrlFault> {
        let malformed = |_| CrlFault::Entry;
        let mut found = Self::default();
        let mut reader = SliceReader::new(list).map_err(malformed)?;
        while !reader.is_finished() {
            let (tag, content) = element(&mut reader).map_err(malformed)?;
            tag.assert_eq(Tag::Sequence).map_err(|_| CrlFault::Entry)?;
            let mut extension = SliceReader::new(content).map_err(malformed)?;
            let identifier = ObjectIdentifier::decode(&mut extension).map_err(malformed)?;
            let critical = match Tag::peek(&extension).map_err(malformed)? {
                Tag::Boolean => bool::decode(&mut extension).map_err(malformed)?,
                _ => false,
            };
            let value = <&OctetStringRef>::decode(&mut extension).map_err(malformed)?.as_bytes();
            extension.finish().map_err(malformed)?;
            let place = match identifier {
                oid::CRL_REASONS => &mut found.reason,
                oid::CERTIFICATE_ISSUER => &mut found.issuer,
                // says more about the date, and nothing about whether it was revoked
                oid::INVALIDITY_DATE => continue,
                extension if critical => return Err(CrlFault::EntryCriticalExtension { extension }),
                _ => continue,
            };
            if place.replace(value).is_some() {
                return Err(CrlFault::Entry);
            }
        }
        Ok(found)
    }
}

fn names_issuer(names: &[u8], issuer: &Name) -> Result<bool, CrlFault> {
    let names = GeneralNames::from_der(names).map_err(|_| CrlFault::Entry)?;
    Ok(names
        .iter()
        .any(|name| matches!(name, GeneralName::DirectoryName(name) if certval::compare_names(name, issuer))))
}

/// The INTEGER of a certificate's number as it stands in a list.
pub(super) fn serial_number(certificate: &crate::Certificate) -> Result<Vec<u8>, CrlFault> {
    certificate.tbs().serial_number().to_der().map_err(|_| CrlFault::Malformed)
}
