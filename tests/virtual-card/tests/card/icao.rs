//! The contactless chip of a travel document, from a terminal's side.

mod access;
mod applications;
mod files;
mod proofs;
pub(crate) mod terminal;
