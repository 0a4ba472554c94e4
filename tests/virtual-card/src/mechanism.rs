//! Signature mechanisms: what a chip does between the data field and the private key (RFC 8017, ISO 7816-8).

use crate::{
    digest::Digest,
    private_key::{KeyError, PrivateKey, random},
};

/// What the chip does with the input of a signature command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// RSA without padding: the terminal padded already.
    RsaRaw,
    /// RSASSA-PKCS1-v1_5 (RFC 8017, section 8.2): the terminal gives DigestInfo.
    RsaPkcs1,
    /// RSASSA-PKCS1-v1_5: the terminal gives the hash value, or lets the chip hash; the chip puts DigestInfo around it.
    RsaPkcs1Of(Digest),
    /// RSASSA-PSS (RFC 8017, section 8.1) over a hash value; MGF1 with the same hash, salt as long as the hash.
    RsaPss(Digest),
    /// ECDSA over whatever hash value the terminal gives, at most as long as a field element.
    Ecdsa,
    /// ECDSA over a hash value of this algorithm, by the terminal or by the chip.
    EcdsaOf(Digest),
}

impl Mechanism {
    /// The hash algorithm that belongs to the mechanism, for hashing in the chip.
    #[must_use]
    pub const fn digest(self) -> Option<Digest> {
        match self {
            Self::RsaPkcs1Of(digest) | Self::RsaPss(digest) | Self::EcdsaOf(digest) => Some(digest),
            Self::RsaRaw | Self::RsaPkcs1 | Self::Ecdsa => None,
        }
    }

    /// Signs.
    ///
    /// # Errors
    /// [`KeyError::Length`] when the input has the wrong length; [`KeyError::Kind`] when the key does not fit.
    pub fn sign(self, key: &PrivateKey, input: &[u8]) -> Result<Vec<u8>, KeyError> {
        if let Some(digest) = self.digest()
            && input.len() != digest.length()
        {
            return Err(KeyError::Length);
        }
        match self {
            Self::RsaRaw if input.len() == key.size() => key.rsa(input),
            Self::RsaRaw => Err(KeyError::Length),
            Self::RsaPkcs1 => key.rsa(&pkcs1_block(input, key.size())?),
            Self::RsaPkcs1Of(digest) => key.rsa(&pkcs1_block(&digest.info(input), key.size())?),
            Self::RsaPss(digest) => key.rsa(&pss_block(digest, input, key.size())?),
            Self::Ecdsa => key.ecdsa(input),
            // FIPS 186-5, section 6.4: the leftmost bits of a hash that is longer than the order
            Self::EcdsaOf(_) => key.ecdsa(input.get(..key.size()).unwrap_or(input)),
        }
    }
}

/// EMSA-PKCS1-v1_5 (RFC 8017, section 9.2), from the end of DigestInfo on.
pub(crate) fn pkcs1_block(info: &[u8], size: usize) -> Result<Vec<u8>, KeyError> {
    // 0x00 0x01, at least eight bytes 0xFF, 0x00
    if info.is_empty() || info.len() + 11 > size {
        return Err(KeyError::Length);
    }
    let filler = vec![0xFF; size - 3 - info.len()];
    Ok([&[0, 1], filler.as_slice(), &[0], info].concat())
}

/// EMSA-PSS (RFC 8017, section 9.1.1) for a modulus of whole bytes: emBits is 8 * size - 1.
pub(crate) fn pss_block(digest: Digest, hash: &[u8], size: usize) -> Result<Vec<u8>, KeyError> {
    let length = digest.length();
    let filler = size.checked_sub(2 * length + 2).ok_or(KeyError::Length)?;
    let salt = random(length)?;
    let h = digest.of(&[&[0; 8], hash, salt.as_slice()].concat());
    let block = [vec![0; filler], vec![1], salt].concat();
    let mask = mask_generation(digest, &h, block.len());
    let mut masked: Vec<u8> = block.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    if let Some(first) = masked.first_mut() {
        *first &= 0x7F;
    }
    Ok([masked, h, vec![0xBC]].concat())
}

/// MGF1 (RFC 8017, appendix B.2.1).
fn mask_generation(digest: Digest, seed: &[u8], length: usize) -> Vec<u8> {
    (0_u32..).flat_map(|counter| digest.of(&[seed, &counter.to_be_bytes()].concat())).take(length).collect()
}
