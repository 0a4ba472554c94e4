//! A card that signs with every algorithm for which PKCS#11 (version 3.0) has a mechanism that is bound to one hash.
//!
//! Whoever wants it names it in data object `80` of the security environment and gives the hash value, as long as that hash is
//! (ISO/IEC 7816-8, section 5.2). Which hash made the value, the card cannot see.

use super::{super::application::Offer, signature};
use crate::{digest::Digest, mechanism::Mechanism, private_key::KeyKind};

pub(super) const fn offers(kind: KeyKind) -> &'static [Offer] {
    match kind {
        KeyKind::Rsa2048 | KeyKind::Rsa3072 => {
            const {
                let [a, b, c, d, e, f] = PKCS1;
                let [g, h, i, j, k, l] = PSS;
                &[a, b, c, d, e, f, g, h, i, j, k, l]
            }
        }
        KeyKind::Rsa2048Pss => &PSS,
        KeyKind::P256
        | KeyKind::P384
        | KeyKind::P521
        | KeyKind::BrainpoolP256r1
        | KeyKind::BrainpoolP384r1
        | KeyKind::BrainpoolP512r1 => &ECDSA,
    }
}

/// CKM_SHAx_RSA_PKCS, CKM_SHA3_x_RSA_PKCS.
const PKCS1: [Offer; 6] = [
    signature(0x40, &[1, 2, 840, 113_549, 1, 1, 11], 0x40, Mechanism::RsaPkcs1Of(Digest::Sha256)),
    signature(0x41, &[1, 2, 840, 113_549, 1, 1, 12], 0x41, Mechanism::RsaPkcs1Of(Digest::Sha384)),
    signature(0x42, &[1, 2, 840, 113_549, 1, 1, 13], 0x42, Mechanism::RsaPkcs1Of(Digest::Sha512)),
    signature(0x60, &[2, 16, 840, 1, 101, 3, 4, 3, 14], 0x43, Mechanism::RsaPkcs1Of(Digest::Sha3_256)),
    signature(0x61, &[2, 16, 840, 1, 101, 3, 4, 3, 15], 0x44, Mechanism::RsaPkcs1Of(Digest::Sha3_384)),
    signature(0x62, &[2, 16, 840, 1, 101, 3, 4, 3, 16], 0x45, Mechanism::RsaPkcs1Of(Digest::Sha3_512)),
];

/// CKM_SHAx_RSA_PKCS_PSS, CKM_SHA3_x_RSA_PKCS_PSS.
const PSS: [Offer; 6] = [
    signature(0x43, RSASSA_PSS, 0x50, Mechanism::RsaPss(Digest::Sha256)),
    signature(0x44, RSASSA_PSS, 0x51, Mechanism::RsaPss(Digest::Sha384)),
    signature(0x45, RSASSA_PSS, 0x52, Mechanism::RsaPss(Digest::Sha512)),
    signature(0x63, RSASSA_PSS, 0x53, Mechanism::RsaPss(Digest::Sha3_256)),
    signature(0x64, RSASSA_PSS, 0x54, Mechanism::RsaPss(Digest::Sha3_384)),
    signature(0x65, RSASSA_PSS, 0x55, Mechanism::RsaPss(Digest::Sha3_512)),
];

const RSASSA_PSS: &[u32] = &[1, 2, 840, 113_549, 1, 1, 10];

/// CKM_ECDSA_SHAx, CKM_ECDSA_SHA3_x.
const ECDSA: [Offer; 6] = [
    signature(0x1044, &[1, 2, 840, 10_045, 4, 3, 2], 0x60, Mechanism::EcdsaOf(Digest::Sha256)),
    signature(0x1045, &[1, 2, 840, 10_045, 4, 3, 3], 0x61, Mechanism::EcdsaOf(Digest::Sha384)),
    signature(0x1046, &[1, 2, 840, 10_045, 4, 3, 4], 0x62, Mechanism::EcdsaOf(Digest::Sha512)),
    signature(0x1048, &[2, 16, 840, 1, 101, 3, 4, 3, 10], 0x63, Mechanism::EcdsaOf(Digest::Sha3_256)),
    signature(0x1049, &[2, 16, 840, 1, 101, 3, 4, 3, 11], 0x64, Mechanism::EcdsaOf(Digest::Sha3_384)),
    signature(0x104A, &[2, 16, 840, 1, 101, 3, 4, 3, 12], 0x65, Mechanism::EcdsaOf(Digest::Sha3_512)),
];
