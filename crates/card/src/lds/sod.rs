//! EF.SOD: which data groups exist, and their digests, signed (ICAO Doc 9303-10, section 4.6.2).
//!
//! It is taken apart here, and group contents are compared with it. Whether its signature is right, and whose it is, is
//! for passive authentication.

use std::fmt;

use super::{DataGroup, DigestAlgorithm, ElementaryFile};
use crate::{
    error::{CardError, Misbehaviour},
    oid,
    signed_data::{Parser, SignedData},
    tlv::{Tag, TlvReader},
};

const PRINTABLE_STRING: Tag = Tag(0x13);
const SEQUENCE: Tag = Tag(0x30);
const WHAT: Parser = Parser { what: "EF.SOD" };

/// EF.SOD.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sod {
    /// What signs the security object, and what the signature covers.
    pub signed_data: SignedData,
    /// The security object.
    pub security_object: LdsSecurityObject,
}

/// `LDSSecurityObject`.
#[derive(Clone, PartialEq, Eq)]
pub struct LdsSecurityObject {
    /// How the digests were made.
    pub digest_algorithm: DigestAlgorithm,
    /// Digest of each group that exists, by rising number.
    pub digests: Vec<(DataGroup, Vec<u8>)>,
    /// `ldsVersionInfo`, which version 1 of the object may have.
    pub versions: Option<LdsVersionInfo>,
}

/// `LDSVersionInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LdsVersionInfo {
    /// `ldsVersion`, such as `0108`.
    pub lds: String,
    /// `unicodeVersion`, such as `040000`.
    pub unicode: String,
}

/// What the security object says of a data group's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum GroupDigest {
    /// It is what the issuer signed.
    Matches,
    /// It is not.
    Differs,
    /// The issuer signed no such group: it does not exist, whatever the card gave.
    NotListed,
}

impl Sod {
    /// Parses the file.
    ///
    /// # Errors
    /// Misbehaviour, with the place of the fault; [`CardError::Unsupported`] for another digest algorithm than those of
    /// 9303-12.
    pub fn parse(content: &[u8]) -> Result<Self, CardError> {
        let mut reader = TlvReader::new(content);
        let outer = WHAT.expect(&mut reader, ElementaryFile::Sod.tag())?;
        WHAT.end(&reader)?;
        let signed_data = SignedData::parse(WHAT.what, outer.value)?;
        if ![oid::LDS_SECURITY_OBJECT, oid::LDS_SECURITY_OBJECT_OLD]
            .contains(&signed_data.content_type.as_slice())
        {
            return Err(WHAT.wrong("eContentType"));
        }
        let security_object = LdsSecurityObject::parse(&signed_data.content)?;
        Ok(Self { signed_data, security_object })
    }

    /// The groups that exist.
    pub fn groups(&self) -> impl Iterator<Item = DataGroup> {
        self.security_object.digests.iter().map(|(group, _)| *group)
    }

    /// Whether a group exists.
    #[must_use]
    pub fn lists(&self, group: DataGroup) -> bool {
        self.groups().any(|listed| listed == group)
    }

    /// Compares a group's content, the whole file, with its digest.
    pub fn group_digest(&self, group: DataGroup, content: &[u8]) -> GroupDigest {
        let object = &self.security_object;
        match object.digests.iter().find(|(listed, _)| *listed == group) {
            None => GroupDigest::NotListed,
            Some((_, digest)) if object.digest_algorithm.digest(content) == *digest => GroupDigest::Matches,
            Some(_) => GroupDigest::Differs,
        }
    }

    /// Whether a group is listed and its content, the whole file, has the digest of the list.
    #[must_use]
    pub fn group_digest_matches(&self, group: DataGroup, content: &[u8]) -> bool {
        self.group_digest(group, content) == GroupDigest::Matches
    }
}

impl LdsSecurityObject {
    fn parse(content: &[u8]) -> Result<Self, CardError> {
        let mut outer = TlvReader::new(content);
        let mut fields = WHAT.expect(&mut outer, SEQUENCE)?.children();
        WHAT.end(&outer)?;
        let version = WHAT.small_integer(&mut fields, "version of LDSSecurityObject")?;
        let algorithm = WHAT.algorithm(&WHAT.expect(&mut fields, SEQUENCE)?)?;
        let digest_algorithm = DigestAlgorithm::from_oid(&algorithm.algorithm)
            .ok_or(CardError::Unsupported("the digest algorithm of its security object"))?;
        let mut digests = Vec::new();
        // members() admits sixteen, as many as there are groups
        for entry in WHAT.members(WHAT.expect(&mut fields, SEQUENCE)?, "dataGroupHashValues")? {
            digests.push(group_hash(&WHAT.inside(&entry, SEQUENCE)?, digest_algorithm)?);
        }
        digests.sort_by_key(|(group, _)| *group);
        let twice = digests.windows(2).any(|pair| matches!(pair, [(one, _), (other, _)] if one == other));
        if digests.is_empty() || twice {
            return Err(WHAT.wrong("dataGroupHashValues"));
        }
        let versions = WHAT.take_if(&mut fields, SEQUENCE)?;
        WHAT.end(&fields)?;
        let versions = match (version, versions) {
            // version 1 may have the information, version 0 may not
            (0 | 1, None) => None,
            (1, Some(info)) => Some(LdsVersionInfo::parse(info.children())?),
            _ => return Err(WHAT.wrong("version of LDSSecurityObject")),
        };
        Ok(Self { digest_algorithm, digests, versions })
    }
}

/// `DataGroupHash`.
fn group_hash(fields: &TlvReader<'_>, algorithm: DigestAlgorithm) -> Result<(DataGroup, Vec<u8>), CardError> {
    let mut fields = *fields;
    let number = WHAT.small_integer(&mut fields, "dataGroupNumber")?;
    let group = DataGroup::new(number).ok_or_else(|| WHAT.wrong("dataGroupNumber"))?;
    let digest = WHAT.octets(&mut fields)?;
    WHAT.end(&fields)?;
    if digest.len() != algorithm.length() {
        return Err(WHAT.wrong("dataGroupHashValue"));
    }
    Ok((group, digest.to_vec()))
}

impl LdsVersionInfo {
    fn parse(mut fields: TlvReader<'_>) -> Result<Self, CardError> {
        let mut version = |element| -> Result<String, CardError> {
            let value = WHAT.expect(&mut fields, PRINTABLE_STRING)?.value;
            if value.len() > 16 || !value.is_ascii() {
                return Err(WHAT.wrong(element));
            }
            String::from_utf8(value.to_vec())
                .map_err(|_| Misbehaviour::NotUtf8 { what: WHAT.what, element }.into())
        };
        Ok(Self { lds: version("ldsVersion")?, unicode: version("unicodeVersion")? })
    }
}

/// Digests of personal data name their person: they are not shown.
impl fmt::Debug for LdsSecurityObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<u8> = self.digests.iter().map(|(group, _)| group.number()).collect();
        f.debug_struct("LdsSecurityObject")
            .field("digest_algorithm", &self.digest_algorithm)
            .field("groups", &groups)
            .field("versions", &self.versions)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
