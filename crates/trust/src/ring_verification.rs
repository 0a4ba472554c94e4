//! Signatures that ring verifies, with arithmetic in assembly.
//!
//! Only its yes counts: what it refuses is calculated with again by the code that also runs in browsers, which knows more
//! curves and hashes, and says why. ring takes messages, not digests.

use ::ring::signature::{
    self as ring, EcdsaVerificationAlgorithm, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use ::rsa::{RsaPublicKey, traits::PublicKeyParts};

use crate::signature_scheme::{Hash, SignatureScheme};

/// Whether the key of P-256 at this point signed this message.
pub(crate) fn p256(point: &[u8], scheme: SignatureScheme, message: &[u8], signature: &[u8]) -> bool {
    let algorithm = match scheme {
        SignatureScheme::EcdsaDer(Hash::Sha256) => &ring::ECDSA_P256_SHA256_ASN1,
        SignatureScheme::EcdsaDer(Hash::Sha384) => &ring::ECDSA_P256_SHA384_ASN1,
        SignatureScheme::EcdsaRaw(Hash::Sha256) => &ring::ECDSA_P256_SHA256_FIXED,
        _ => return false,
    };
    ecdsa(algorithm, point, message, signature)
}

/// Whether the key of P-384 at this point signed this message.
pub(crate) fn p384(point: &[u8], scheme: SignatureScheme, message: &[u8], signature: &[u8]) -> bool {
    let algorithm = match scheme {
        SignatureScheme::EcdsaDer(Hash::Sha256) => &ring::ECDSA_P384_SHA256_ASN1,
        SignatureScheme::EcdsaDer(Hash::Sha384) => &ring::ECDSA_P384_SHA384_ASN1,
        SignatureScheme::EcdsaRaw(Hash::Sha384) => &ring::ECDSA_P384_SHA384_FIXED,
        _ => return false,
    };
    ecdsa(algorithm, point, message, signature)
}

fn ecdsa(
    algorithm: &'static EcdsaVerificationAlgorithm,
    point: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    UnparsedPublicKey::new(algorithm, point).verify(message, signature).is_ok()
}

/// Whether the RSA key signed this message. PSS has a salt as long as the hash in ring; another length is not verified here.
pub(crate) fn rsa(key: &RsaPublicKey, scheme: SignatureScheme, message: &[u8], signature: &[u8]) -> bool {
    let parameters: &RsaParameters = match scheme {
        SignatureScheme::Pkcs1(Hash::Sha256) => &ring::RSA_PKCS1_2048_8192_SHA256,
        SignatureScheme::Pkcs1(Hash::Sha384) => &ring::RSA_PKCS1_2048_8192_SHA384,
        SignatureScheme::Pkcs1(Hash::Sha512) => &ring::RSA_PKCS1_2048_8192_SHA512,
        SignatureScheme::Pss { hash: Hash::Sha256, salt_length: 32 } => &ring::RSA_PSS_2048_8192_SHA256,
        SignatureScheme::Pss { hash: Hash::Sha384, salt_length: 48 } => &ring::RSA_PSS_2048_8192_SHA384,
        SignatureScheme::Pss { hash: Hash::Sha512, salt_length: 64 } => &ring::RSA_PSS_2048_8192_SHA512,
        _ => return false,
    };
    let numbers = RsaPublicKeyComponents {
        n: key.n().as_ref().to_be_bytes_trimmed_vartime(),
        e: key.e().to_be_bytes_trimmed_vartime(),
    };
    numbers.verify(parameters, message, signature).is_ok()
}
