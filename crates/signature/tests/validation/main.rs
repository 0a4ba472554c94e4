//! Validation by EN 319 102-1, of signatures whose certificates, time stamps and revocation data `openssl` made.
#![allow(unreachable_pub, reason = "its modules are a program of their own")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

#[path = "../support/mod.rs"]
mod support;

mod basic;
mod constraints;
mod files;
mod pyhanko;
mod report;
mod scale;
mod time;
