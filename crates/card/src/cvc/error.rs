//! Why a certificate or request is none, or does not hold.

use crate::tlv::TlvError;

/// A card-verifiable certificate or request that cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CvcError {
    /// What is no BER-TLV, or not in the standard's order.
    #[error("a card-verifiable certificate: {0}")]
    Tlv(#[from] TlvError),
    /// More than any chip takes.
    #[error("a card-verifiable certificate of {bytes} bytes")]
    TooLong {
        /// Bytes given.
        bytes: usize,
    },
    /// An element has a value that it cannot have.
    #[error("the {element} of a card-verifiable certificate makes no sense")]
    Element {
        /// Name in the standard.
        element: &'static str,
    },
    /// The key's object identifier is of no signature algorithm of terminal authentication.
    #[error("an unknown signature algorithm in a card-verifiable certificate")]
    Algorithm,
    /// The curve is given neither here nor by the issuer, or is none that is known.
    #[error("unknown domain parameters in a card-verifiable certificate")]
    DomainParameters,
    /// The point is not on its curve, or the RSA key is of no sound size.
    #[error("a public key in a card-verifiable certificate that must not be used")]
    PublicKey,
    /// The signature is not that of the key.
    #[error("the signature of a card-verifiable certificate is wrong")]
    Signature,
}
