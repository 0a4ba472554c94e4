//! What a chip says of chip authentication (TR-03110-3 section A.1.1, 9303-11 section 9.2).

use super::{
    algorithm_identifier::domain_parameters, pace::CIPHERS, public_key::SubjectPublicKey, value::Fields,
};
use crate::{
    error::CardError,
    key_agreement::{DomainParameters, KeyAgreement},
    oid,
    symmetric::Cipher,
};

/// A variant of chip authentication: key agreement and cipher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChipAuthenticationProtocol {
    /// DH or ECDH.
    pub key_agreement: KeyAgreement,
    /// What the session is protected with.
    pub cipher: Cipher,
}

const fn agreement(arc: u8) -> Option<KeyAgreement> {
    match arc {
        1 => Some(KeyAgreement::Dh),
        2 => Some(KeyAgreement::Ecdh),
        _ => None,
    }
}

/// Key agreement of `id-CA-DH` and `id-CA-ECDH`, as in ChipAuthenticationDomainParameterInfo.
pub(super) fn key_agreement_of(protocol: &[u8]) -> Option<KeyAgreement> {
    let [arc] = *protocol.strip_prefix(oid::CHIP_AUTHENTICATION)? else { return None };
    agreement(arc)
}

/// Key agreement of `id-PK-DH` and `id-PK-ECDH`.
pub(super) fn public_key_agreement_of(protocol: &[u8]) -> Option<KeyAgreement> {
    match protocol {
        oid::PK_DH => Some(KeyAgreement::Dh),
        oid::PK_ECDH => Some(KeyAgreement::Ecdh),
        _ => None,
    }
}

impl ChipAuthenticationProtocol {
    /// The variant of an object identifier, given as content bytes.
    #[must_use]
    pub fn from_oid(protocol: &[u8]) -> Option<Self> {
        let (last, agreement) = protocol.split_last()?;
        let key_agreement = key_agreement_of(agreement)?;
        let cipher = CIPHERS.iter().find(|(number, _)| number == last).map(|(_, cipher)| *cipher)?;
        Some(Self { key_agreement, cipher })
    }

    /// Content bytes of its object identifier.
    #[must_use]
    pub fn oid(self) -> Vec<u8> {
        let agreement = match self.key_agreement {
            KeyAgreement::Dh => 1,
            KeyAgreement::Ecdh => 2,
        };
        let cipher =
            CIPHERS.iter().find(|(_, cipher)| *cipher == self.cipher).map_or(0, |(number, _)| *number);
        [oid::CHIP_AUTHENTICATION, &[agreement, cipher]].concat()
    }
}

/// `ChipAuthenticationInfo`: the chip speaks this variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChipAuthenticationInfo {
    /// Which.
    pub protocol: ChipAuthenticationProtocol,
    /// Version of the protocol: 1, 2 or 3.
    pub version: u32,
    /// Number of the key it is spoken with, where there are several.
    pub key_id: Option<u32>,
}

impl ChipAuthenticationInfo {
    pub(super) fn parse(
        protocol: ChipAuthenticationProtocol,
        mut fields: Fields<'_>,
    ) -> Result<Self, CardError> {
        Ok(Self { protocol, version: fields.number("version")?, key_id: fields.take_number("keyId")? })
    }
}

/// `ChipAuthenticationDomainParameterInfo` (version 2): in which group the terminal makes its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChipAuthenticationDomainParameterInfo {
    /// DH or ECDH.
    pub key_agreement: KeyAgreement,
    /// The parameters; `None` where they are none that we know, which must not be used.
    pub domain_parameters: Option<DomainParameters>,
    /// Number of the key, where there are several.
    pub key_id: Option<u32>,
}

impl ChipAuthenticationDomainParameterInfo {
    pub(super) fn parse(key_agreement: KeyAgreement, mut fields: Fields<'_>) -> Result<Self, CardError> {
        let parameters = domain_parameters(&mut fields, "domainParameter")?;
        Ok(Self {
            key_agreement,
            domain_parameters: parameters.filter(|parameters| parameters.key_agreement() == key_agreement),
            key_id: fields.take_number("keyId")?,
        })
    }
}

/// `ChipAuthenticationPublicKeyInfo`: the chip's public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipAuthenticationPublicKeyInfo {
    /// DH or ECDH.
    pub key_agreement: KeyAgreement,
    /// The key.
    pub public_key: SubjectPublicKey,
    /// Its number, where there are several.
    pub key_id: Option<u32>,
}

impl ChipAuthenticationPublicKeyInfo {
    pub(super) fn parse(key_agreement: KeyAgreement, mut fields: Fields<'_>) -> Result<Self, CardError> {
        Ok(Self {
            key_agreement,
            public_key: SubjectPublicKey::parse(&mut fields, "chipAuthenticationPublicKey")?,
            key_id: fields.take_number("keyId")?,
        })
    }
}
