use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// The Concat KDF with SHA-256 (RFC 7518 section 4.6.2; NIST SP 800-56A section 5.8.1), for keys of at most 256 bits, which
/// take one round. `algorithm` is `enc` where the agreed key is used directly.
pub(crate) fn derive(
    secret: &[u8],
    algorithm: &str,
    party_u: &[u8],
    party_v: &[u8],
    bits: u32,
) -> Zeroizing<[u8; 32]> {
    let mut hash = Sha256::new();
    hash.update(1_u32.to_be_bytes());
    hash.update(secret);
    for part in [algorithm.as_bytes(), party_u, party_v] {
        // bounded far below by the length of a header
        hash.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.update(bits.to_be_bytes());
    let mut key = Zeroizing::new([0; 32]);
    hash.finalize_into((&mut *key).into());
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64url;

    /// RFC 7518, appendix C.
    #[test]
    fn the_example_of_rfc_7518_appendix_c() {
        let secret = [
            158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163,
            218, 128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
        ];
        let key = derive(&secret, "A128GCM", b"Alice", b"Bob", 128);
        assert_eq!(base64url::encode(&key[..16]), "VqqN6vgjbSBcIijNcacQGg");
    }
}
