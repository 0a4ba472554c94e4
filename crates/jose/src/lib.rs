//! JSON Object Signing and Encryption, as much of it as statements, trust packs and identity answers need.
//!
//! Pure: no clock, file, socket or source of random bytes. Compact serialisation only; everything that has more than one
//! spelling, or a meaning that could be overlooked, is refused: padding, stray bits, members that stand there twice, `crit`,
//! `zip`, `b64`, keys of other curves. The caller says which algorithms and which `typ` it takes; nothing follows from what a
//! token says about itself.
//!
//! | module | what it does | source |
//! |---|---|---|
//! | [`jwk`] | keys, public and private apart; thumbprints | RFC 7517, RFC 8037, RFC 7638 |
//! | [`jws`] | signs and verifies: ES256, ES384, EdDSA; with the feature `rsa` it verifies RS256 and PS256, too, and others sign them | RFC 7515, RFC 7518, RFC 8037 |
//! | [`jwe`] | encrypts and decrypts: ECDH-ES with A256GCM or A128GCM | RFC 7516, RFC 7518 |
//! | [`base64url`], [`json`] | the strict readers under them | RFC 4648, RFC 8259 |
//!
//! Signatures over what somebody else holds the key for (a card, a hardware module) are made in two steps:
//! [`jws::UnsignedJws::new`] gives the bytes, [`jws::UnsignedJws::finish`] takes the signature.
#![forbid(unsafe_code)]

pub mod base64url;
pub mod json;
pub mod jwe;
pub mod jwk;
pub mod jws;

mod algorithm;
mod concat_kdf;
mod header;
mod random;

pub use algorithm::{ContentEncryption, Curve, SignatureAlgorithm};
pub use jwe::{CompactJwe, JweHeader};
pub use jwk::{JwkError, PrivateJwk, PublicJwk, Thumbprint};
#[cfg(feature = "rsa")]
pub use jwk::{RsaPublicJwk, VerificationJwk};
pub use jws::{CompactJws, JwsHeader, Signer, UnsignedJws};
pub use random::Random;
