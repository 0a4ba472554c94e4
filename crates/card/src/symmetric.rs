//! The ciphers of chip protocols (ICAO Doc 9303-11 section 9.8.6 and 9.8.7, BSI TR-03110-3 section A.2.3).
//!
//! Two-key 3DES with the retail MAC, and AES with CMAC, both cut to eight bytes of MAC. 3DES and SHA-1 are allowed here
//! and nowhere else: old chips know nothing better.

use aes::{Aes128, Aes192, Aes256};
use cipher::{
    Array, BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser,
    InnerIvInit, KeyInit,
};
use cmac::{Cmac, Mac, block_api::CmacCipher};
use des::{Des, TdesEde2};
use zeroize::{Zeroize, Zeroizing};

/// Bytes of a MAC or authentication token.
pub const MAC_LENGTH: usize = 8;
/// Bytes of the longest block.
const MAX_BLOCK: usize = 16;
/// First byte of ISO/IEC 9797-1 padding method 2.
const PAD: u8 = 0x80;

/// A block cipher with its key length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cipher {
    /// 3DES with two keys, EDE.
    TripleDes,
    /// AES-128.
    Aes128,
    /// AES-192.
    Aes192,
    /// AES-256.
    Aes256,
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

    /// Bytes of a block, which is also what an IV and a send sequence counter have.
    #[must_use]
    pub const fn block_length(self) -> usize {
        match self {
            Self::TripleDes => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
        }
    }

    /// Encrypts whole blocks in place, CBC.
    ///
    /// # Errors
    /// [`SymmetricError`] for a key, an IV or data of the wrong length.
    pub fn encrypt_cbc(self, key: &[u8], iv: &[u8], data: &mut [u8]) -> Result<(), SymmetricError> {
        match self {
            Self::TripleDes => encrypt_cbc::<TdesEde2>(key, iv, data),
            Self::Aes128 => encrypt_cbc::<Aes128>(key, iv, data),
            Self::Aes192 => encrypt_cbc::<Aes192>(key, iv, data),
            Self::Aes256 => encrypt_cbc::<Aes256>(key, iv, data),
        }
    }

    /// Decrypts whole blocks in place, CBC.
    ///
    /// # Errors
    /// [`SymmetricError`] for a key, an IV or data of the wrong length.
    pub fn decrypt_cbc(self, key: &[u8], iv: &[u8], data: &mut [u8]) -> Result<(), SymmetricError> {
        match self {
            Self::TripleDes => decrypt_cbc::<TdesEde2>(key, iv, data),
            Self::Aes128 => decrypt_cbc::<Aes128>(key, iv, data),
            Self::Aes192 => decrypt_cbc::<Aes192>(key, iv, data),
            Self::Aes256 => decrypt_cbc::<Aes256>(key, iv, data),
        }
    }

    /// Encrypts one block in place.
    ///
    /// # Errors
    /// [`SymmetricError`] for a key or a block of the wrong length.
    pub fn encrypt_block(self, key: &[u8], block: &mut [u8]) -> Result<(), SymmetricError> {
        if block.len() != self.block_length() {
            return Err(SymmetricError::BlockLength);
        }
        self.encrypt_cbc(key, self.zero_iv(), block)
    }

    /// Decrypts one block in place.
    ///
    /// # Errors
    /// [`SymmetricError`] for a key or a block of the wrong length.
    pub fn decrypt_block(self, key: &[u8], block: &mut [u8]) -> Result<(), SymmetricError> {
        if block.len() != self.block_length() {
            return Err(SymmetricError::BlockLength);
        }
        self.decrypt_cbc(key, self.zero_iv(), block)
    }

    /// An IV of zeros, of this cipher's length.
    #[must_use]
    pub const fn zero_iv(self) -> &'static [u8] {
        const ZERO: [u8; MAX_BLOCK] = [0; MAX_BLOCK];
        match self {
            Self::TripleDes => ZERO.split_at(8).0,
            Self::Aes128 | Self::Aes192 | Self::Aes256 => &ZERO,
        }
    }

    /// Eight bytes of MAC over a message of any length: as authentication tokens have it.
    ///
    /// 3DES: ISO/IEC 9797-1 MAC algorithm 3 with DES and padding method 2. AES: CMAC (NIST SP 800-38B), which pads by
    /// itself.
    ///
    /// # Errors
    /// [`SymmetricError::KeyLength`].
    pub fn mac8(self, key: &[u8], message: &[u8]) -> Result<[u8; MAC_LENGTH], SymmetricError> {
        match self {
            Self::TripleDes => {
                let mut padded = Zeroizing::new(Vec::with_capacity(self.padded_length(message.len())));
                padded.extend_from_slice(message);
                self.pad(&mut padded);
                retail_mac(key, &padded)
            }
            Self::Aes128 => cmac8::<Aes128>(key, message),
            Self::Aes192 => cmac8::<Aes192>(key, message),
            Self::Aes256 => cmac8::<Aes256>(key, message),
        }
    }

    /// Eight bytes of MAC over whole blocks that are padded already: as secure messaging has it (9303-11 sections 9.8.6
    /// and 9.8.7).
    ///
    /// # Errors
    /// [`SymmetricError`] for a key or a message of the wrong length.
    pub fn mac8_blocks(self, key: &[u8], blocks: &[u8]) -> Result<[u8; MAC_LENGTH], SymmetricError> {
        if !blocks.len().is_multiple_of(self.block_length()) {
            return Err(SymmetricError::BlockLength);
        }
        match self {
            Self::TripleDes => retail_mac(key, blocks),
            Self::Aes128 | Self::Aes192 | Self::Aes256 => self.mac8(key, blocks),
        }
    }

    /// Bytes of a message of this length once it is padded.
    #[must_use]
    pub const fn padded_length(self, length: usize) -> usize {
        (length / self.block_length() + 1) * self.block_length()
    }

    /// ISO/IEC 9797-1 padding method 2: 80, then zeros to a whole block. Does not move what is there if the vector has
    /// room for [`padded_length`](Self::padded_length).
    pub fn pad(self, message: &mut Vec<u8>) {
        let padded = self.padded_length(message.len());
        message.push(PAD);
        message.resize(padded, 0);
    }
}

/// Bytes of a message without its padding of method 2; `None` if the last non-zero byte is not 80 within the last block.
#[must_use]
pub fn unpadded_length(cipher: Cipher, padded: &[u8]) -> Option<usize> {
    let zeros = padded.iter().rev().take_while(|byte| **byte == 0).count();
    let end = padded.len().checked_sub(zeros + 1)?;
    (zeros < cipher.block_length() && padded.get(end) == Some(&PAD)).then_some(end)
}

fn encrypt_cbc<C: BlockCipherEncrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    data: &mut [u8],
) -> Result<(), SymmetricError> {
    let cipher = C::new_from_slice(key).map_err(|_| SymmetricError::KeyLength)?;
    let mut cbc = cbc::Encryptor::inner_iv_slice_init(cipher, iv).map_err(|_| SymmetricError::IvLength)?;
    let (blocks, rest) = Array::<u8, <C as BlockSizeUser>::BlockSize>::slice_as_chunks_mut(data);
    if !rest.is_empty() {
        return Err(SymmetricError::BlockLength);
    }
    cbc.encrypt_blocks(blocks);
    Ok(())
}

fn decrypt_cbc<C: BlockCipherDecrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    data: &mut [u8],
) -> Result<(), SymmetricError> {
    let cipher = C::new_from_slice(key).map_err(|_| SymmetricError::KeyLength)?;
    let mut cbc = cbc::Decryptor::inner_iv_slice_init(cipher, iv).map_err(|_| SymmetricError::IvLength)?;
    let (blocks, rest) = Array::<u8, <C as BlockSizeUser>::BlockSize>::slice_as_chunks_mut(data);
    if !rest.is_empty() {
        return Err(SymmetricError::BlockLength);
    }
    cbc.decrypt_blocks(blocks);
    Ok(())
}

fn cmac8<C: CmacCipher + KeyInit>(key: &[u8], message: &[u8]) -> Result<[u8; MAC_LENGTH], SymmetricError> {
    let mut mac = <Cmac<C> as KeyInit>::new_from_slice(key).map_err(|_| SymmetricError::KeyLength)?;
    mac.update(message);
    let full = mac.finalize().into_bytes();
    full.first_chunk().copied().ok_or(SymmetricError::BlockLength)
}

/// ISO/IEC 9797-1 MAC algorithm 3: DES in CBC with the first key, the last block through the second key and back.
fn retail_mac(key: &[u8], blocks: &[u8]) -> Result<[u8; MAC_LENGTH], SymmetricError> {
    let (first, second) = key.split_at_checked(8).ok_or(SymmetricError::KeyLength)?;
    let first = Des::new_from_slice(first).map_err(|_| SymmetricError::KeyLength)?;
    let second = Des::new_from_slice(second).map_err(|_| SymmetricError::KeyLength)?;
    let (blocks, _) = Array::<u8, <Des as BlockSizeUser>::BlockSize>::slice_as_chunks(blocks);
    let mut state = Array::default();
    for block in blocks {
        for (state, byte) in state.iter_mut().zip(block) {
            *state ^= byte;
        }
        first.encrypt_block(&mut state);
    }
    second.decrypt_block(&mut state);
    first.encrypt_block(&mut state);
    let mac = state.into();
    state.zeroize();
    Ok(mac)
}

/// A key or data of a length that the cipher does not take: a mistake of the caller, never of the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SymmetricError {
    /// The key.
    #[error("a key of the wrong length")]
    KeyLength,
    /// The initialisation vector.
    #[error("an initialisation vector of the wrong length")]
    IvLength,
    /// Data that is no whole number of blocks.
    #[error("data that is no whole number of blocks")]
    BlockLength,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::test_hex::hex;

    const ALL: [Cipher; 4] = [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256];

    #[test]
    fn the_bac_example_is_encrypted_and_authenticated_as_9303_11_appendix_d_3_prints() {
        let k_enc = hex("AB94FDECF2674FDFB9B391F85D7F76F2");
        let k_mac = hex("7962D9ECE03D1ACD4C76089DCE131543");
        let s = hex("781723860C06C2264608F919887022120B795240CB7049B01C19B33E32804F0B");
        let mut e = s.clone();
        Cipher::TripleDes.encrypt_cbc(&k_enc, &[0; 8], &mut e).unwrap();
        assert_eq!(e, hex("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"));
        assert_eq!(Cipher::TripleDes.mac8(&k_mac, &e).unwrap()[..], hex("5F1448EEA8AD90A7"));
        Cipher::TripleDes.decrypt_cbc(&k_enc, &[0; 8], &mut e).unwrap();
        assert_eq!(e, s);
    }

    #[test]
    fn aes_and_cmac_give_the_values_of_sp_800_38a_and_38b() {
        // SP 800-38A F.2.1, F.2.3, F.2.5: CBC; SP 800-38B D.1 to D.3: CMAC of 40 bytes
        let iv = hex("000102030405060708090A0B0C0D0E0F");
        let text = hex("6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411");
        for (cipher, key, encrypted, mac) in [
            (
                Cipher::Aes128,
                "2B7E151628AED2A6ABF7158809CF4F3C",
                "7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2",
                "DFA66747DE9AE630",
            ),
            (
                Cipher::Aes192,
                "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B",
                "4F021DB243BC633D7178183A9FA071E8B4D9ADA9AD7DEDF4E5E738763F69145A",
                "8A1DE5BE2EB31AAD",
            ),
            (
                Cipher::Aes256,
                "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4",
                "F58C4C04D6E5F1BA779EABFB5F7BFBD69CFC4E967EDB808D679F777BC6702C7D",
                "AAF3D8F1DE5640C2",
            ),
        ] {
            let mut data = text[..32].to_vec();
            cipher.encrypt_cbc(&hex(key), &iv, &mut data).unwrap();
            assert_eq!(data, hex(encrypted), "{cipher:?}");
            assert_eq!(cipher.mac8(&hex(key), &text).unwrap()[..], hex(mac), "{cipher:?}");
        }
    }

    #[test]
    fn wrong_lengths_are_refused_and_change_nothing() {
        for cipher in ALL {
            let key = vec![1; cipher.key_length()];
            let block = cipher.block_length();
            let mut data = vec![7; block + 1];
            assert_eq!(
                cipher.encrypt_cbc(&key, cipher.zero_iv(), &mut data),
                Err(SymmetricError::BlockLength)
            );
            assert_eq!(
                cipher.decrypt_cbc(&key, cipher.zero_iv(), &mut data),
                Err(SymmetricError::BlockLength)
            );
            assert_eq!(
                cipher.encrypt_cbc(&key[1..], cipher.zero_iv(), &mut []),
                Err(SymmetricError::KeyLength)
            );
            assert_eq!(cipher.encrypt_cbc(&key, &[0; 3], &mut []), Err(SymmetricError::IvLength));
            assert_eq!(cipher.encrypt_block(&key, &mut data), Err(SymmetricError::BlockLength));
            assert_eq!(cipher.mac8(&key[1..], &data), Err(SymmetricError::KeyLength));
            assert_eq!(cipher.mac8_blocks(&key, &data), Err(SymmetricError::BlockLength));
            assert_eq!(data, vec![7; block + 1]);
        }
    }

    #[test]
    fn padding_that_is_none_is_seen() {
        for wrong in [&[0; 16][..], &[1; 16], &[], &[0x80, 0, 0, 0, 0, 0, 0, 0, 0]] {
            assert_eq!(unpadded_length(Cipher::TripleDes, wrong), None, "{wrong:02X?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_encrypted_and_padded_comes_back(
            cipher in proptest::sample::select(&ALL[..]),
            message in proptest::collection::vec(any::<u8>(), 0..100),
            seed in any::<[u8; 48]>(),
        ) {
            let (key, iv) = (&seed[..cipher.key_length()], &seed[32..32 + cipher.block_length()]);
            let mut data = message.clone();
            cipher.pad(&mut data);
            prop_assert_eq!(data.len(), cipher.padded_length(message.len()));
            cipher.encrypt_cbc(key, iv, &mut data).unwrap();
            cipher.decrypt_cbc(key, iv, &mut data).unwrap();
            prop_assert_eq!(unpadded_length(cipher, &data), Some(message.len()));
            prop_assert_eq!(&data[..message.len()], &message[..]);
            cipher.encrypt_block(key, &mut data[..cipher.block_length()]).unwrap();
            cipher.decrypt_block(key, &mut data[..cipher.block_length()]).unwrap();
            prop_assert!(data.starts_with(&message));
        }
    }
}
