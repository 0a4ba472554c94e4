//! Terminals that are not ours, to judge the software cards of travel documents.
//!
//! | judge | what it is | where |
//! |---|---|---|
//! | [`openpace`] | libeac, a library in C for PACE and extended access control | here, behind a small program |
//! | `dmrtd` | a reader in Rust for basic access control, PACE, passive and active authentication | the tests |
//!
//! Neither shares code with this project. A missing judge fails the tests and never skips them.
#![forbid(unsafe_code)]

pub mod openpace;
