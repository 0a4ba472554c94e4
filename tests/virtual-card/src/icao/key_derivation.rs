//! Keys from secrets (ICAO Doc 9303-11, section 9.7).

use zeroize::Zeroizing;

use super::cipher::Cipher;
use crate::digest::Digest;

/// What a derived key is for: the counter that goes into the hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Encryption.
    Encryption = 1,
    /// Message authentication.
    Authentication = 2,
    /// Encryption of PACE's nonce.
    Password = 3,
}

/// The key for this use: the hash of secret and counter, as long as the cipher's keys.
#[must_use]
pub fn derive(cipher: Cipher, secret: &[u8], key_use: KeyUse) -> Zeroizing<Vec<u8>> {
    let digest = match cipher {
        Cipher::TripleDes | Cipher::Aes128 => Digest::Sha1,
        Cipher::Aes192 | Cipher::Aes256 => Digest::Sha256,
    };
    let input = Zeroizing::new([secret, &(key_use as u32).to_be_bytes()].concat());
    let mut key = Zeroizing::new(digest.of(&input));
    key.truncate(cipher.key_length());
    if cipher == Cipher::TripleDes {
        key.iter_mut().for_each(|byte| *byte = with_odd_parity(*byte));
    }
    key
}

/// The lowest bit of a DES key's byte makes the number of ones odd.
const fn with_odd_parity(byte: u8) -> u8 {
    let bits = byte & 0xFE;
    if bits.count_ones().is_multiple_of(2) { bits | 1 } else { bits }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::icao::hexadecimal::bytes;

    #[test]
    fn keys_are_those_of_the_worked_examples() {
        // Doc 9303-11, appendices D.1 and G.1
        let seed = bytes("239AB9CB282DAF66231DC5A4DF6BFBAE");
        let derived = |key_use| derive(Cipher::TripleDes, &seed, key_use).to_vec();
        assert_eq!(derived(KeyUse::Encryption), bytes("AB94FDECF2674FDFB9B391F85D7F76F2"));
        assert_eq!(derived(KeyUse::Authentication), bytes("7962D9ECE03D1ACD4C76089DCE131543"));
        let password = bytes("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD");
        let key = derive(Cipher::Aes128, &password, KeyUse::Password);
        assert_eq!(*key, bytes("89DED1B26624EC1E634C1989302849DD"));
    }

    #[test]
    fn keys_are_as_long_as_their_cipher_asks() {
        for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
            assert_eq!(derive(cipher, b"secret", KeyUse::Encryption).len(), cipher.key_length());
        }
    }
}
