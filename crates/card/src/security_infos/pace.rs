//! PACEInfo and PACEDomainParameterInfo (9303-11 sections 9.2.1 and 9.2.2).

use super::{algorithm_identifier::domain_parameters, value::Fields};
use crate::{
    error::CardError,
    key_agreement::{DomainParameters, KeyAgreement},
    oid,
    symmetric::Cipher,
};

/// How the nonce becomes a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mapping {
    /// By a second key agreement (GM).
    Generic,
    /// By hashing onto the group (IM).
    Integrated,
    /// Like the generic mapping, with a key pair that afterwards proves the chip genuine (CAM).
    ChipAuthentication,
}

/// A variant of PACE: key agreement, mapping and cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PaceProtocol {
    /// DH or ECDH.
    pub key_agreement: KeyAgreement,
    /// How the nonce is mapped.
    pub mapping: Mapping,
    /// What the session is protected with.
    pub cipher: Cipher,
}

/// Arcs below `id-PACE`: `id-PACE-DH-GM` and its like.
const MAPPINGS: [(u8, KeyAgreement, Mapping); 5] = [
    (1, KeyAgreement::Dh, Mapping::Generic),
    (2, KeyAgreement::Ecdh, Mapping::Generic),
    (3, KeyAgreement::Dh, Mapping::Integrated),
    (4, KeyAgreement::Ecdh, Mapping::Integrated),
    (6, KeyAgreement::Ecdh, Mapping::ChipAuthentication),
];

/// Last arc: the cipher. The same under PACE and chip authentication.
pub(super) const CIPHERS: [(u8, Cipher); 4] =
    [(1, Cipher::TripleDes), (2, Cipher::Aes128), (3, Cipher::Aes192), (4, Cipher::Aes256)];

/// Key agreement and mapping of an object identifier that ends there, as in PACEDomainParameterInfo.
pub(super) fn mapping_of(protocol: &[u8]) -> Option<(KeyAgreement, Mapping)> {
    let [arc] = *protocol.strip_prefix(oid::PACE)? else { return None };
    MAPPINGS.iter().find(|(number, ..)| *number == arc).map(|(_, agreement, mapping)| (*agreement, *mapping))
}

impl PaceProtocol {
    /// The variant of an object identifier, given as content bytes. Chip authentication mapping exists with AES only.
    #[must_use]
    pub fn from_oid(protocol: &[u8]) -> Option<Self> {
        let (last, mapping) = protocol.split_last()?;
        let (key_agreement, mapping) = mapping_of(mapping)?;
        let cipher = CIPHERS.iter().find(|(number, _)| number == last).map(|(_, cipher)| *cipher)?;
        let defined = mapping != Mapping::ChipAuthentication || cipher != Cipher::TripleDes;
        defined.then_some(Self { key_agreement, mapping, cipher })
    }

    /// Content bytes of its object identifier.
    #[must_use]
    pub fn oid(self) -> Vec<u8> {
        let mapping = MAPPINGS
            .iter()
            .find(|(_, agreement, mapping)| (*agreement, *mapping) == (self.key_agreement, self.mapping))
            .map_or(0, |(number, ..)| *number);
        let cipher =
            CIPHERS.iter().find(|(_, cipher)| *cipher == self.cipher).map_or(0, |(number, _)| *number);
        [oid::PACE, &[mapping, cipher]].concat()
    }
}

/// `PACEInfo`: the chip speaks this variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PaceInfo {
    /// Which.
    pub protocol: PaceProtocol,
    /// Version of the protocol; 2 is the one that exists.
    pub version: u32,
    /// Number of the domain parameters: standardised ones, or those of a PACEDomainParameterInfo with the same number.
    pub parameter_id: Option<u32>,
}

impl PaceInfo {
    pub(super) fn parse(protocol: PaceProtocol, mut fields: Fields<'_>) -> Result<Self, CardError> {
        Ok(Self {
            protocol,
            version: fields.number("version")?,
            parameter_id: fields.take_number("parameterId")?,
        })
    }
}

/// `PACEDomainParameterInfo`: domain parameters that the chip gives itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PaceDomainParameterInfo {
    /// DH or ECDH.
    pub key_agreement: KeyAgreement,
    /// The mapping they are for.
    pub mapping: Mapping,
    /// The parameters; `None` where they are none that we know, which must not be used.
    pub domain_parameters: Option<DomainParameters>,
    /// Their number.
    pub parameter_id: Option<u32>,
}

impl PaceDomainParameterInfo {
    pub(super) fn parse(
        (key_agreement, mapping): (KeyAgreement, Mapping),
        mut fields: Fields<'_>,
    ) -> Result<Self, CardError> {
        let parameters = domain_parameters(&mut fields, "domainParameter")?;
        Ok(Self {
            key_agreement,
            mapping,
            domain_parameters: parameters.filter(|parameters| parameters.key_agreement() == key_agreement),
            parameter_id: fields.take_number("parameterId")?,
        })
    }
}
