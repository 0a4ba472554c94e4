//! The block ciphers of secure messaging and the message authentication codes over them (ICAO Doc 9303-11, section 9.8).
//!
//! Chaining and padding are written out here: the terminal takes them from elsewhere.

use aes::{Aes128, Aes192, Aes256};
use cmac::Cmac;
use des::{
    Des, TdesEde2,
    cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, Key, KeyInit, KeySizeUser},
};
use serde::Deserialize;
use zeroize::Zeroizing;

/// A block cipher with its kind of message authentication code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Cipher {
    /// Two-key 3DES with the retail MAC (ISO/IEC 9797-1, MAC algorithm 3).
    #[serde(rename = "3des")]
    TripleDes,
    /// AES with 128-bit keys and CMAC (NIST SP 800-38B).
    #[serde(rename = "aes-128")]
    Aes128,
    /// AES with 192-bit keys and CMAC.
    #[serde(rename = "aes-192")]
    Aes192,
    /// AES with 256-bit keys and CMAC.
    #[serde(rename = "aes-256")]
    Aes256,
}

/// Bytes of a truncated message authentication code.
pub const MAC_LENGTH: usize = 8;

/// A cipher with its key.
enum Keyed {
    TripleDes(TdesEde2),
    Aes128(Aes128),
    Aes192(Aes192),
    Aes256(Aes256),
}

impl Cipher {
    /// Bytes of a key.
    #[must_use]
    pub const fn key_length(self) -> usize {
        match self {
            Self::TripleDes | Self::Aes128 => 16,
            Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// Bytes of a block.
    #[must_use]
    pub const fn block_length(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }

    fn keyed(self, key: &[u8]) -> Keyed {
        match self {
            Self::TripleDes => Keyed::TripleDes(with_key(key)),
            Self::Aes128 => Keyed::Aes128(with_key(key)),
            Self::Aes192 => Keyed::Aes192(with_key(key)),
            Self::Aes256 => Keyed::Aes256(with_key(key)),
        }
    }

    /// Encrypts one block.
    #[must_use]
    pub fn encrypt_block(self, key: &[u8], block: &[u8]) -> Vec<u8> {
        self.keyed(key).encrypt(block)
    }

    /// Cipher block chaining over whole blocks.
    #[must_use]
    pub fn encrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Vec<u8> {
        let keyed = self.keyed(key);
        let mut chained = iv.to_vec();
        let mut output = Vec::with_capacity(data.len());
        for block in data.chunks(self.block_length()) {
            chained = keyed.encrypt(&exclusive_or(&chained, block));
            output.extend_from_slice(&chained);
        }
        output
    }

    /// The reverse of [`Cipher::encrypt`]; `None` when these are no whole blocks.
    #[must_use]
    pub fn decrypt(self, key: &[u8], iv: &[u8], data: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let blocks = data.chunks_exact(self.block_length());
        if !blocks.remainder().is_empty() {
            return None;
        }
        let keyed = self.keyed(key);
        let mut chained = iv;
        let mut output = Zeroizing::new(Vec::with_capacity(data.len()));
        for block in blocks {
            output.extend(exclusive_or(chained, &keyed.decrypt(block)));
            chained = block;
        }
        Some(output)
    }

    /// Padding method 2 (ISO/IEC 9797-1): one bit, then zeros up to a whole block.
    #[must_use]
    pub fn pad(self, data: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut padded = Zeroizing::new(data.to_vec());
        padded.push(0x80);
        let length = padded.len().next_multiple_of(self.block_length());
        padded.resize(length, 0);
        padded
    }

    /// The message authentication code of a message that is a whole number of blocks, cut to eight bytes.
    ///
    /// For 3DES the message is taken as padded already; CMAC pads by itself where it has to.
    #[must_use]
    pub fn mac(self, key: &[u8], message: &[u8]) -> Vec<u8> {
        let mut code = match self {
            Self::TripleDes => retail_mac(key, message),
            Self::Aes128 => cmac::<Cmac<Aes128>>(key, message),
            Self::Aes192 => cmac::<Cmac<Aes192>>(key, message),
            Self::Aes256 => cmac::<Cmac<Aes256>>(key, message),
        };
        code.truncate(MAC_LENGTH);
        code
    }
}

impl Keyed {
    fn encrypt(&self, block: &[u8]) -> Vec<u8> {
        match self {
            Self::TripleDes(cipher) => encrypt_with(cipher, block),
            Self::Aes128(cipher) => encrypt_with(cipher, block),
            Self::Aes192(cipher) => encrypt_with(cipher, block),
            Self::Aes256(cipher) => encrypt_with(cipher, block),
        }
    }

    fn decrypt(&self, block: &[u8]) -> Vec<u8> {
        match self {
            Self::TripleDes(cipher) => decrypt_with(cipher, block),
            Self::Aes128(cipher) => decrypt_with(cipher, block),
            Self::Aes192(cipher) => decrypt_with(cipher, block),
            Self::Aes256(cipher) => decrypt_with(cipher, block),
        }
    }
}

/// Keys come from the key derivation, so they have the right length.
fn with_key<C: KeyInit + KeySizeUser>(key: &[u8]) -> C {
    let mut exact = Key::<C>::default();
    exact.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    C::new(&exact)
}

fn encrypt_with<C: BlockCipherEncrypt + BlockSizeUser>(cipher: &C, block: &[u8]) -> Vec<u8> {
    let mut exact = Block::<C>::default();
    exact.iter_mut().zip(block).for_each(|(to, from)| *to = *from);
    cipher.encrypt_block(&mut exact);
    exact.to_vec()
}

fn decrypt_with<C: BlockCipherDecrypt + BlockSizeUser>(cipher: &C, block: &[u8]) -> Vec<u8> {
    let mut exact = Block::<C>::default();
    exact.iter_mut().zip(block).for_each(|(to, from)| *to = *from);
    cipher.decrypt_block(&mut exact);
    exact.to_vec()
}

fn cmac<M: cmac::Mac + KeyInit + KeySizeUser>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut code: M = with_key(key);
    code.update(message);
    code.finalize().into_bytes().to_vec()
}

/// Single DES in chaining mode, and the last block through the second key and the first again.
fn retail_mac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let (first, second) = key.split_at_checked(8).unwrap_or((key, key));
    let (first, second): (Des, Des) = (with_key(first), with_key(second));
    let chained = message
        .chunks(8)
        .fold(vec![0; 8], |chained, block| encrypt_with(&first, &exclusive_or(&chained, block)));
    encrypt_with(&first, &decrypt_with(&second, &chained))
}

pub(crate) fn exclusive_or(left: &[u8], right: &[u8]) -> Vec<u8> {
    left.iter().zip(right).map(|(left, right)| left ^ right).collect()
}

/// Takes padding method 2 off; `None` when there is none.
#[must_use]
pub fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    if padded.get(end) != Some(&0x80) {
        return None;
    }
    padded.get(..end)
}

/// Are these the same bytes? Takes as long for a near miss as for any other.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    let difference = left.iter().zip(right).fold(0, |sum, (left, right)| sum | (left ^ right));
    left.len() == right.len() && difference == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icao::hexadecimal::bytes;

    #[test]
    fn the_retail_mac_is_that_of_the_worked_example() {
        // Doc 9303-11, appendix D.3
        let key = bytes("7962D9ECE03D1ACD4C76089DCE131543");
        let message = bytes("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2");
        let padded = Cipher::TripleDes.pad(&message);
        assert_eq!(Cipher::TripleDes.mac(&key, &padded), bytes("5F1448EEA8AD90A7"));
    }

    #[test]
    fn the_code_over_aes_is_that_of_its_standard() {
        // NIST SP 800-38B, appendix D.1, examples 2 and 3, and D.3
        let key = bytes("2B7E151628AED2A6ABF7158809CF4F3C");
        let message =
            bytes("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411");
        assert_eq!(Cipher::Aes128.mac(&key, &message[..16]), bytes("070A16B46B4D4144"));
        assert_eq!(Cipher::Aes128.mac(&key, &message), bytes("DFA66747DE9AE630"));
        let key = bytes("603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4");
        assert_eq!(Cipher::Aes256.mac(&key, &message[..16]), bytes("28A7023F452E8F82"));
    }

    #[test]
    fn what_was_encrypted_is_decrypted_and_padding_comes_off() {
        for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
            let key = vec![0x5A; cipher.key_length()];
            let iv = vec![0x11; cipher.block_length()];
            let padded = cipher.pad(b"a message of some length");
            let secret = cipher.encrypt(&key, &iv, &padded);
            assert_eq!(
                unpad(&cipher.decrypt(&key, &iv, &secret).unwrap()).unwrap(),
                b"a message of some length"
            );
            assert!(cipher.decrypt(&key, &iv, &secret[1..]).is_none());
        }
        assert_eq!(unpad(&[1, 2, 0, 0]), None);
        assert_eq!(unpad(&[0, 0]), None);
    }
}
