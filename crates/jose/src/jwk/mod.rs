//! Keys (RFC 7517): public and private ones are different types, and a private key does not pass for a public one.
//!
//! EC keys on P-256 and P-384 (RFC 7518 section 6.2) and OKP keys on Ed25519 (RFC 8037); with the feature `rsa` public RSA keys, which
//! only verify and are a type of their own. A point is checked to be on its curve
//! when it is read. `use`, `key_ops` and `alg` are honoured where they stand; members without a meaning here are passed over, as
//! RFC 7517 section 4 asks.

mod members;
mod permission;
mod private;
mod public;
#[cfg(feature = "rsa")]
mod rsa;
mod thumbprint;
#[cfg(feature = "rsa")]
mod verification;

pub use private::PrivateJwk;
pub use public::PublicJwk;
#[cfg(feature = "rsa")]
pub use rsa::RsaPublicJwk;
pub use thumbprint::{Thumbprint, ThumbprintError};
#[cfg(feature = "rsa")]
pub use verification::VerificationJwk;

pub(crate) use permission::Operation;
pub(crate) use public::PublicKey;

/// Longest text of a JWK, in bytes.
pub const MAX_LENGTH: usize = 8 * 1024;

/// Why something is not a key that is read here, or may not be used like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JwkError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the key has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// Not a JSON object of the members that a key has. What stands there is not repeated: it may be a private key.
    #[error("not a JSON Web Key")]
    Malformed,
    /// Another key type or curve.
    #[error("the key is not on P-256, P-384 or Ed25519")]
    Curve,
    /// A coordinate of the wrong length or spelling.
    #[error("the key's member {0} is not base64url of the right length")]
    Coordinate(&'static str),
    /// Not a point on the curve, or one that no key has.
    #[error("the key is not a point on its curve")]
    NotOnCurve,
    /// Members of a private key where a public one belongs.
    #[error("this is a private key, where a public one belongs")]
    Private,
    /// No member `d` where a private key belongs.
    #[error("this is a public key, where a private one belongs")]
    NotPrivate,
    /// `d` is not a private key of the public one beside it.
    #[error("the private and the public part of the key do not belong together")]
    Mismatch,
    /// `kid` is empty, very long or has control characters.
    #[error("the key's kid is not a short text")]
    KeyId,
    /// An RSA key of another size or exponent.
    #[cfg(feature = "rsa")]
    #[error("an RSA key here has 2048 to 4096 bits and an odd exponent from 3 to 33 bits")]
    Rsa,
    /// `use`, `key_ops`, `alg` or the curve forbid what it was to be used for.
    #[error("the key is for another use")]
    Use,
}
