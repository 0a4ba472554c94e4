//! Authentication tokens (ICAO Doc 9303-11, section 4.4.3.4).

use super::super::cipher::Cipher;

/// The code over a public key data object. For 3DES it is padded first; CMAC pads by itself.
pub(crate) fn token(cipher: Cipher, key: &[u8], data_object: &[u8]) -> Vec<u8> {
    match cipher {
        Cipher::TripleDes => cipher.mac(key, &cipher.pad(data_object)),
        _ => cipher.mac(key, data_object),
    }
}
