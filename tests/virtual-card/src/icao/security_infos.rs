//! SecurityInfos: what protocols a chip knows (ICAO Doc 9303-11, section 9.2; BSI TR-03110-3, A.1).

use super::{
    active_authentication::ActiveAuthentication,
    chip_authentication::ChipKey,
    oid,
    pace::{Mapping, Offer},
    restricted_identification::PseudonymKey,
};
use crate::{ber_tlv::object, der};

/// SecurityInfos: a SET OF, sorted as DER asks.
pub(crate) fn security_infos(infos: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted = infos.to_vec();
    sorted.sort();
    object(0x31, &sorted.concat())
}

/// What EF.CardAccess says: how PACE can be run.
pub(crate) fn of_pace(offers: &[Offer], explicit: bool) -> Vec<Vec<u8>> {
    offers
        .iter()
        .flat_map(|offer| {
            let written_out = if explicit { offer.explicit_infos() } else { None };
            written_out.unwrap_or_else(|| vec![offer.info()])
        })
        .collect()
}

/// What DG14 says: chip authentication with its public keys, and what active authentication with a curve is signed with.
pub(crate) fn of_proofs(keys: &[ChipKey], active: Option<&ActiveAuthentication>) -> Vec<Vec<u8>> {
    let mut infos: Vec<Vec<u8>> = keys.iter().flat_map(|key| [key.info(), key.public_key_info()]).collect();
    infos.extend(active.and_then(ActiveAuthentication::info));
    infos
}

/// The static key of the chip authentication mapping, as it stands in EF.CardSecurity.
pub(crate) fn of_mapping(offers: &[Offer], keys: &[ChipKey]) -> Vec<Vec<u8>> {
    if !offers.iter().any(|offer| offer.mapping == Mapping::ChipAuthentication) {
        return Vec::new();
    }
    keys.iter().filter(|key| key.domain.is_curve()).map(ChipKey::public_key_info).collect()
}

/// What EF.CardAccess of extended access control, version 2, says beside PACE: all but the keys.
pub(crate) fn of_extension(keys: &[ChipKey], pseudonyms: &PseudonymKey) -> Vec<Vec<u8>> {
    let mut infos = vec![info(oid::TERMINAL_AUTHENTICATION, 2, None)];
    infos.extend(keys.iter().flat_map(|key| [key.info(), key.domain_info()]));
    infos.extend([pseudonyms.info(), pseudonyms.domain_info()]);
    infos
}

/// The public keys, as EF.CardSecurity tells them.
pub(crate) fn of_public_keys(keys: &[ChipKey]) -> Vec<Vec<u8>> {
    keys.iter().map(ChipKey::public_key_info).collect()
}

/// One info: the protocol, a version, and perhaps a number.
pub(crate) fn info(protocol: &[u8], version: u32, number: Option<u32>) -> Vec<u8> {
    let mut parts = vec![object(0x06, protocol), der::integer(version)];
    parts.extend(number.map(der::integer));
    der::sequence(&parts)
}

/// ActiveAuthenticationInfo (Doc 9303-11, section 9.2.4).
pub(crate) fn active_authentication(signature_algorithm: &[u8]) -> Vec<u8> {
    der::sequence(&[
        object(0x06, oid::ACTIVE_AUTHENTICATION),
        der::integer(1),
        object(0x06, signature_algorithm),
    ])
}
