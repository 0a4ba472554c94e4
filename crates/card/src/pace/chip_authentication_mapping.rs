//! Chip authentication mapping (9303-11 section 4.4.3.5): the chip proves with its key pair of the mapping that it has the
//! private key whose public half the issuer signed.

use crate::{
    key_agreement::{DomainParameters, PrivateKey, PublicKey},
    security_infos::ChipAuthenticationPublicKeyInfo,
    symmetric::{Cipher, SymmetricError, unpadded_length},
};

/// What the chip sent, decrypted. It proves nothing until it was checked against a key that the issuer signed.
#[derive(Debug, Clone)]
pub struct ChipAuthenticationData {
    /// CA_IC.
    factor: PrivateKey,
    /// PK_Map,IC.
    mapping_key: PublicKey,
}

impl ChipAuthenticationData {
    /// Decrypts the content of DO 8A. `None` if it is no padded number below the order of the curve.
    pub(super) fn decrypt(
        cipher: Cipher,
        k_enc: &[u8],
        encrypted: &[u8],
        mapping_key: &PublicKey,
    ) -> Result<Option<Self>, SymmetricError> {
        let block = cipher.block_length();
        if encrypted.is_empty() || !encrypted.len().is_multiple_of(block) {
            return Ok(None);
        }
        // IV = E(KS_Enc, -1)
        let mut iv = vec![0xFF; block];
        cipher.encrypt_block(k_enc, &mut iv)?;
        let mut plain = encrypted.to_vec();
        cipher.decrypt_cbc(k_enc, &iv, &mut plain)?;
        let factor = unpadded_length(cipher, &plain)
            .and_then(|length| plain.get(..length))
            .and_then(|number| mapping_key.domain_parameters().private_key(number));
        Ok(factor.map(|factor| Self { factor, mapping_key: mapping_key.clone() }))
    }

    /// Whether this chip has the private key of that public key: PK_Map,IC = CA_IC · PK_IC. The caller must know from a signature
    /// (EF.CardSecurity, DG14) that the key is the issuer's; without that the answer says nothing.
    #[must_use]
    pub fn proves(&self, info: &ChipAuthenticationPublicKeyInfo) -> bool {
        info.public_key.key().is_ok_and(|key| self.proves_key(&key))
    }

    /// Whether one of these keys, which the caller knows from a signature, is this chip's.
    #[must_use]
    pub fn proves_one_of<'a>(
        &self,
        infos: impl IntoIterator<Item = &'a ChipAuthenticationPublicKeyInfo>,
    ) -> bool {
        infos.into_iter().any(|info| self.proves(info))
    }

    fn proves_key(&self, key: &PublicKey) -> bool {
        key.agree(&self.factor).is_ok_and(|product| product == self.mapping_key)
    }

    /// The group of both keys.
    #[must_use]
    pub const fn domain_parameters(&self) -> DomainParameters {
        self.mapping_key.domain_parameters()
    }

    /// PK_Map,IC, the chip's public key of the mapping.
    #[must_use]
    pub const fn mapping_key(&self) -> &PublicKey {
        &self.mapping_key
    }

    /// CA_IC, the number that turns the issuer's key into that of the mapping.
    #[must_use]
    pub const fn factor(&self) -> &PrivateKey {
        &self.factor
    }
}
