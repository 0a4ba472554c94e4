//! Keys from shared secrets and passwords (ICAO Doc 9303-11 section 9.7.1, BSI TR-03110-3 section A.2.3).

use digest::Digest;
use sha1::Sha1;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::symmetric::Cipher;

/// What a key is for: the counter of the derivation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Encryption (KDF_Enc).
    Encryption = 1,
    /// Message authentication (KDF_MAC).
    Mac = 2,
    /// Decryption of PACE's nonce, from a password (KDF_π).
    Password = 3,
}

/// The key for this cipher: a hash of secret and counter, cut to the key's length. SHA-1 for 3DES and AES-128, SHA-256
/// for the longer ones; 3DES keys get odd parity.
#[must_use]
pub fn derive(cipher: Cipher, secret: &[u8], key_use: KeyUse) -> Zeroizing<Vec<u8>> {
    let counter = [0, 0, 0, key_use as u8];
    let mut key = match cipher {
        Cipher::TripleDes | Cipher::Aes128 => hash::<Sha1>(secret, counter, cipher.key_length()),
        Cipher::Aes192 | Cipher::Aes256 => hash::<Sha256>(secret, counter, cipher.key_length()),
    };
    if cipher == Cipher::TripleDes {
        for byte in key.iter_mut() {
            // 9303-11 section 9.7.1.1: an odd number of ones in each byte
            *byte = *byte & 0xFE | u8::from((*byte >> 1).count_ones().is_multiple_of(2));
        }
    }
    key
}

fn hash<D: Digest>(secret: &[u8], counter: [u8; 4], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(vec![0; <D as Digest>::output_size()]);
    let digest = Zeroizing::new(D::new().chain_update(secret).chain_update(counter).finalize().to_vec());
    key.copy_from_slice(&digest);
    key.truncate(length);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_hex::hex;

    fn both(cipher: Cipher, secret: &str) -> (Vec<u8>, Vec<u8>) {
        let secret = hex(secret);
        (derive(cipher, &secret, KeyUse::Encryption).to_vec(), derive(cipher, &secret, KeyUse::Mac).to_vec())
    }

    #[test]
    fn bac_keys_are_those_of_9303_11_appendix_d() {
        assert_eq!(
            both(Cipher::TripleDes, "239AB9CB282DAF66231DC5A4DF6BFBAE"),
            (hex("AB94FDECF2674FDFB9B391F85D7F76F2"), hex("7962D9ECE03D1ACD4C76089DCE131543"))
        );
        assert_eq!(
            both(Cipher::TripleDes, "0036D272F5C350ACAC50C3F572D23600"),
            (hex("979EC13B1CBFE9DCD01AB0FED307EAE5"), hex("F1CB1F1FB5ADF208806B89DC579DC1F8"))
        );
    }

    #[test]
    fn pace_keys_are_those_of_9303_11_appendix_g() {
        assert_eq!(
            derive(Cipher::Aes128, &hex("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"), KeyUse::Password)
                .to_vec(),
            hex("89DED1B26624EC1E634C1989302849DD")
        );
        assert_eq!(
            both(Cipher::Aes128, "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925"),
            (hex("F5F0E35C0D7161EE6724EE513A0D9A7F"), hex("FE251C7858B356B24514B3BD5F4297D1"))
        );
    }

    #[test]
    fn longer_keys_come_from_sha_256() {
        // No standard prints these: SHA-256("secret" || 00000001) from another implementation.
        let long = derive(Cipher::Aes256, b"secret", KeyUse::Encryption);
        assert_eq!(long.to_vec(), hex("DFA8676EED207D46B3355A87807C367B73DC2529C1DA9FA4079678884E6D009E"));
        assert_eq!(derive(Cipher::Aes192, b"secret", KeyUse::Encryption)[..], long[..24]);
    }
}
