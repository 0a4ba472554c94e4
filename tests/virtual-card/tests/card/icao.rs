//! The contactless chip of a travel document, from a terminal's side.

mod access;
mod applications;
mod extended_access;
mod files;
mod key_agreement;
mod proofs;
mod protection;
pub(crate) mod terminal;
