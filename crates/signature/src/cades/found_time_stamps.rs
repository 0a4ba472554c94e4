//! Time stamps among a signature's attributes, each with the digest that it must cover.

use std::sync::Arc;

use bitaqa_trust::{ObjectIdentifier, public_key::Hash};
use sha2::{Digest, Sha256};

use super::{
    archive::{HashIndex, Members, Named},
    archive_v2::{self, Dated},
    content_digest::{ContentDigest, ContentDigests},
};
use crate::{
    cms::{Attributes, CmsError, Element, SignedData, SignerInfo, material},
    found::{EmbeddedRevocation, FoundTimeStamp},
    oid,
    time_stamp::TimeStampToken,
};

/// Most time stamps of one kind on one signature.
const MAX_OF_A_KIND: usize = 32;

/// `content-time-stamp` (EN 319 122-1 clause 5.2.8): over the content.
pub(super) fn over_content(
    signed: &Attributes<'_>,
    mut digest: impl FnMut(Hash) -> Option<Vec<u8>>,
    revocation: &mut EmbeddedRevocation,
) -> Result<Vec<FoundTimeStamp>, CmsError> {
    let tokens = values(signed, oid::CONTENT_TIME_STAMP)?;
    Ok(tokens.iter().map(|token| found(token, revocation, &mut digest)).collect())
}

/// `signature-time-stamp` (EN 319 122-1 clause 5.3): over the signature value.
pub(super) fn over_signature(
    unsigned: &Attributes<'_>,
    value: &[u8],
    revocation: &mut EmbeddedRevocation,
) -> Result<Vec<FoundTimeStamp>, CmsError> {
    let tokens = values(unsigned, oid::SIGNATURE_TIME_STAMP)?;
    let stamps = tokens.iter().map(|token| found(token, revocation, |hash| Some(hash.digest(&[value]))));
    Ok(stamps.collect())
}

/// What archive time stamps of a signature are over.
pub(super) struct Archived<'s, 'm, 'a, 'c> {
    pub(super) message: &'m SignedData<'a>,
    pub(super) signer: &'s SignerInfo<'a>,
    pub(super) unsigned: &'s Attributes<'a>,
    pub(super) content: &'s mut ContentDigests<'c>,
    pub(super) members: &'s mut Members<'m, 'a>,
}

impl Archived<'_, '_, '_, '_> {
    /// Archive time stamps, the oldest first: those of the third kind (EN 319 122-1 clause 5.5.3), and those of the second
    /// (RFC 5126 section 6.4.1), which are over the content itself.
    pub(super) fn time_stamps(
        &mut self,
        revocation: &mut EmbeddedRevocation,
    ) -> Result<Vec<FoundTimeStamp>, CmsError> {
        let mut stamps = Vec::new();
        let old = values(self.unsigned, oid::ARCHIVE_TIME_STAMP_V2)?;
        let dated = if old.is_empty() { Dated::default() } else { Dated::of(self.unsigned) };
        for token in old {
            let parsed = TimeStampToken::parse(token.encoded()).ok();
            let mut stamp = found(&token, revocation, |hash| {
                let of = (self.message, self.signer);
                archive_v2::imprint(of, &dated, self.content, hash, parsed.as_ref()?)
            });
            stamp.is_of_old_kind = true;
            if let (Some(parsed), Some(_)) = (&parsed, &stamp.covered_digest) {
                let attributes = dated.covered(parsed.gen_time());
                stamp.covered_material =
                    covered_material(&Named { material: self.members.all(), attributes });
            }
            stamps.push(stamp);
        }
        for token in values(self.unsigned, oid::ARCHIVE_TIME_STAMP_V3)? {
            let mut covered = Vec::new();
            let mut stamp = found(&token, revocation, |hash| {
                let ContentDigest::Is(content) = self.content.take(hash) else { return None };
                let index = HashIndex::find(&SignedData::parse(token.encoded()).ok()?).ok()??;
                covered = covered_material(&index.named(self.members, self.unsigned)?);
                Some(index.imprint(self.message, self.signer, hash, &content))
            });
            stamp.covered_material = covered;
            stamps.push(stamp);
        }
        stamps.sort_by_key(|stamp| stamp.claimed_time);
        Ok(stamps)
    }
}

/// SHA-256 of what an index names, in the bytes in which a found signature has it.
fn covered_material(named: &Named<'_>) -> Vec<[u8; 32]> {
    let mut covered: Vec<Arc<[u8]>> = named.material.clone();
    for (oid, value) in &named.attributes {
        covered.push(value.encoded().into());
        if let Ok(members) = material::members_inside(*oid, value) {
            covered.extend(members.into_iter().map(|(_, bytes)| bytes));
        }
        if let (
            oid::SIGNATURE_TIME_STAMP | oid::ARCHIVE_TIME_STAMP_V2 | oid::ARCHIVE_TIME_STAMP_V3,
            Ok(token),
        ) = (*oid, TimeStampToken::parse(value.encoded()))
        {
            covered.extend(token.certificates().iter().map(|certificate| certificate.der().into()));
            covered.extend(token.revocation().lists.iter().chain(&token.revocation().answers).cloned());
        }
    }
    covered.iter().map(|bytes| Sha256::digest(bytes).into()).collect()
}

/// All values of a kind of attribute.
fn values<'a>(attributes: &Attributes<'a>, oid: ObjectIdentifier) -> Result<Vec<Element<'a>>, CmsError> {
    let attributes = attributes.0.iter().filter(|attribute| attribute.oid == oid);
    let values: Vec<_> = attributes.flat_map(|attribute| attribute.values.iter().copied()).collect();
    if values.len() > MAX_OF_A_KIND { Err(CmsError::TooMany("time stamps")) } else { Ok(values) }
}

/// A time stamp with what its digest must be; what it brings about revocation goes to that of the signature.
fn found(
    token: &Element<'_>,
    revocation: &mut EmbeddedRevocation,
    digest: impl FnOnce(Hash) -> Option<Vec<u8>>,
) -> FoundTimeStamp {
    let parsed = TimeStampToken::parse(token.encoded()).ok();
    if let Some(parsed) = &parsed {
        revocation.add(parsed.revocation());
    }
    FoundTimeStamp {
        token: token.encoded().to_vec(),
        covered_digest: parsed.as_ref().and_then(TimeStampToken::hash).and_then(digest),
        certificates: Vec::new(),
        claimed_time: parsed.map(|parsed| parsed.gen_time()),
        covered_material: Vec::new(),
        is_of_old_kind: false,
    }
}
