//! The elliptic curves and finite-field groups of identity cards, chosen at run time.
//!
//! A chip names its domain parameters by a number or an object identifier, so the curve is a value here, not a type:
//! [`Curve`], with [`Point`] and [`Scalar`] over it. All eleven curves of BSI TR-03110 part 3 (A.2.1.1) are there, and the
//! three groups of RFC 5114 in [`modp`]. Primitives only: no protocol, no randomness of its own.
//!
//! What depends on a secret (multiplication, exponentiation, the integrated mapping, signing) takes a time that does not;
//! checks of what a card or a certificate gave are made in variable time.
#![forbid(unsafe_code)]

mod arithmetic;
mod brainpool;
mod curve;
mod ecdsa;
mod explicit_parameters;
mod integrated_mapping;
pub mod modp;
mod point;
mod scalar;

/// The curve as a type, for who has one curve alone and does without the others' code.
pub use brainpool::p512r1::BrainpoolP512r1;
pub use curve::Curve;
pub use ecdsa::{ecdsa_sign, ecdsa_verify};
pub use explicit_parameters::ExplicitParameters;
pub use point::{Point, PointError};
pub use scalar::{Scalar, ScalarError};
