//! Signatures in PDF files, made and read here, and what other programs say of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

mod attacks;
mod corpus;
mod creation;
mod documents;
mod judges;
mod levels;
mod malformed;
mod other_programs;
mod overview;
mod planted;
mod scale;
mod shadows;
