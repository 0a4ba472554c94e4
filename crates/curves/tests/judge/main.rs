//! OpenSSL as a judge that shares no code with us: parameters, key agreement and signatures on every curve, and the groups of
//! RFC 5114.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test ends where it cannot go on"
)]

mod ecdsa;
mod key_agreement;
mod modp;
mod openssl;
mod parameters;

use bitaqa_curves::Curve;

/// Random bytes from the system.
pub(crate) fn random(out: &mut [u8]) {
    use std::io::Read as _;
    std::fs::File::open("/dev/urandom").unwrap().read_exact(out).unwrap();
}

/// OpenSSL's name of a curve.
pub(crate) fn openssl_name(curve: Curve) -> &'static str {
    match curve {
        Curve::P192 => "prime192v1",
        Curve::P224 => "secp224r1",
        Curve::P256 => "prime256v1",
        Curve::P384 => "secp384r1",
        Curve::P521 => "secp521r1",
        brainpool => brainpool.name(),
    }
}
