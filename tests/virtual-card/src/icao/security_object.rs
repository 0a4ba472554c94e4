//! EF.SOD and EF.CardSecurity: what the issuer signed (ICAO Doc 9303-10, section 4.6.2 and appendix D; TR-03110-3, A.1.2.5).

use serde::Deserialize;

use super::{logical_data_structure::DataGroup, oid};
use crate::{
    ber_tlv::object,
    der,
    digest::Digest,
    pki::{DocumentAuthority, document_authority::digest_algorithm},
    private_key::KeyError,
};

/// Version of the signed list of hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SecurityObjectVersion {
    /// Version 0.
    #[default]
    V0,
    /// Version 1: with the versions of data structure and Unicode.
    V1,
}

/// EF.SOD: the hashes of all data groups, signed.
pub(crate) fn document_security_object(
    authority: &DocumentAuthority,
    groups: &[DataGroup],
    version: SecurityObjectVersion,
) -> Result<Vec<u8>, KeyError> {
    let digest = Digest::Sha256;
    let mut sorted: Vec<&DataGroup> = groups.iter().collect();
    sorted.sort_by_key(|group| group.number);
    let hashes: Vec<Vec<u8>> = sorted
        .iter()
        .map(|group| {
            der::sequence(&[
                der::integer(u32::from(group.number)),
                der::octet_string(&digest.of(&group.content)),
            ])
        })
        .collect();
    let number = u32::from(version == SecurityObjectVersion::V1);
    let mut parts = vec![der::integer(number), digest_algorithm(digest), der::sequence(&hashes)];
    if version == SecurityObjectVersion::V1 {
        parts.push(der::sequence(&[der::printable("0108"), der::printable("040000")]));
    }
    let signed = authority.sign(oid::LDS_SECURITY_OBJECT, &der::sequence(&parts))?;
    Ok(object(0x77, &signed))
}

/// EF.CardSecurity: SecurityInfos, signed.
pub(crate) fn card_security(authority: &DocumentAuthority, infos: &[u8]) -> Result<Vec<u8>, KeyError> {
    authority.sign(oid::SECURITY_OBJECT, infos)
}
