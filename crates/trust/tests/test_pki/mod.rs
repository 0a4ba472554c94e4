//! A public-key infrastructure for tests: keys, certificates and tokens made on the spot.
//!
//! Everything is written byte by byte, so that a certificate can also be wrong in exactly one place. Elliptic-curve keys
//! come from a seed; RSA keys from `openssl genpkey`.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a test ends where it cannot go on"
)]

pub mod authority;
pub mod der;
pub mod extension;
pub mod key;
pub mod loopback;
pub mod revocable;
pub mod revocation;
pub mod template;
pub mod verification;

pub use key::{Key, Kind};
pub use template::{Issued, Template};

use bitaqa_protocol::{AuthToken, Challenge, Origin, auth_token, auth_token::TokenAlgorithm, encode_base64};

/// The portal of the tests.
pub fn origin() -> Origin {
    Origin::parse("https://portal.example.ma").unwrap()
}

/// A challenge of the tests.
pub fn challenge() -> Challenge {
    Challenge::parse(&encode_base64(&[0x5a; 32])).unwrap()
}

/// A token as a card would make it.
pub fn token(
    holder: &Issued,
    algorithm: TokenAlgorithm,
    origin: &Origin,
    challenge: &Challenge,
) -> AuthToken {
    AuthToken {
        unverified_certificate: encode_base64(&holder.der),
        algorithm,
        signature: encode_base64(&holder.key.sign_token(algorithm, origin, challenge)),
        format: auth_token::FORMAT.to_owned(),
        app_version: Some("https://bitaqa.example/0.1.0".to_owned()),
    }
}
