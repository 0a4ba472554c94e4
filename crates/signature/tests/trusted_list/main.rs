//! Trusted lists (TS 119 612), signed by xmlsec1 or found elsewhere, and what they make of a signature.
#![allow(unreachable_pub, reason = "its modules are a program of their own")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

mod lists;
mod qualification;
mod verification;
