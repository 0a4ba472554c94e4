//! Which of a chip's keys is used, and how.

use crate::{
    error::CardError,
    key_agreement::{BadPublicKey, PublicKey},
    security_infos::{ChipAuthenticationProtocol, ChipAuthenticationPublicKeyInfo, SecurityInfos},
    symmetric::Cipher,
};

/// The only version that works without terminal authentication.
const VERSION: u32 = 1;

/// A chip's key, checked, with the protocol that it is used in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipKey {
    protocol: ChipAuthenticationProtocol,
    public_key: PublicKey,
    key_id: Option<u32>,
}

impl ChipKey {
    /// The best of what DG14 offers: the strongest cipher. `None` where it offers no chip authentication of version 1.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] if there is chip authentication, but every key is of domain parameters that we do not know,
    /// or none of its group.
    pub fn best(dg14: &SecurityInfos) -> Result<Option<Self>, CardError> {
        let mut usable = Vec::new();
        let mut unusable = None;
        for key in dg14.chip_authentication_public_keys() {
            for protocol in protocols(dg14, key) {
                match Self::new(protocol, key) {
                    Ok(chip) => usable.push(chip),
                    Err(BadPublicKey) => {
                        unusable =
                            Some(CardError::Unsupported("a chip authentication key of unknown parameters"));
                    }
                }
            }
        }
        match (usable.into_iter().max_by_key(|chip| strength(chip.cipher())), unusable) {
            (None, Some(error)) => Err(error),
            (best, _) => Ok(best),
        }
    }

    /// This key in this protocol.
    ///
    /// # Errors
    /// [`BadPublicKey`] if it is none of its group, or the protocol is for another kind of group.
    pub fn new(
        protocol: ChipAuthenticationProtocol,
        info: &ChipAuthenticationPublicKeyInfo,
    ) -> Result<Self, BadPublicKey> {
        let public_key = info.public_key.key()?;
        if public_key.domain_parameters().key_agreement() != protocol.key_agreement {
            return Err(BadPublicKey);
        }
        Ok(Self { protocol, public_key, key_id: info.key_id })
    }

    /// The protocol.
    #[must_use]
    pub const fn protocol(&self) -> ChipAuthenticationProtocol {
        self.protocol
    }

    /// What the new session is protected with.
    #[must_use]
    pub const fn cipher(&self) -> Cipher {
        self.protocol.cipher
    }

    /// The chip's public key.
    #[must_use]
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The key's number as commands have it, where the chip has several keys.
    pub(super) fn key_reference(&self) -> Option<Vec<u8>> {
        let bytes = self.key_id?.to_be_bytes();
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count().min(3);
        Some(bytes.get(zeros..).unwrap_or_default().to_vec())
    }
}

/// The protocols that a key is offered in. Where the chip says none at all, it is 3DES (9303-11, section 9.2.5).
fn protocols(dg14: &SecurityInfos, key: &ChipAuthenticationPublicKeyInfo) -> Vec<ChipAuthenticationProtocol> {
    let mut all = dg14.chip_authentication().peekable();
    if all.peek().is_none() {
        let key_agreement = key.key_agreement;
        return vec![ChipAuthenticationProtocol { key_agreement, cipher: Cipher::TripleDes }];
    }
    all.filter(|info| info.version == VERSION && info.key_id == key.key_id)
        .map(|info| info.protocol)
        .filter(|protocol| protocol.key_agreement == key.key_agreement)
        .collect()
}

const fn strength(cipher: Cipher) -> u8 {
    match cipher {
        Cipher::TripleDes => 0,
        Cipher::Aes128 => 1,
        Cipher::Aes192 => 2,
        Cipher::Aes256 => 3,
    }
}
