//! Card-verifiable certificates (BSI TR-03110-3, sections C.1 to C.3 and D.3): how a chip knows terminals. Small enough for a chip
//! to verify, and without anything that it has no use for.
//!
//! The chip judges them; the terminal reads them to send the right ones in the right order, and not to start with ones
//! that cannot hold. Rights and dates are for the chip alone: it has the authority's word on both.

mod certificate;
mod chain;
mod error;
mod public_key;
mod reference;
mod request;
mod rsa_signature;
#[cfg(test)]
pub(crate) mod test_certificates;
#[cfg(test)]
mod tests;

pub use self::{
    certificate::{Certificate, Extension},
    chain::{CertificateChain, ChainError},
    error::CvcError,
    public_key::{Algorithm, PublicKeyObject, Scheme, VerificationKey},
    reference::{Date, Reference},
    request::CertificateRequest,
};
