//! `bitaqa token verify` as a person or a script meets it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod folder;
#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;
mod trusted;
mod usage;
mod verdicts;

const POLICY: &str = "1.3.6.1.4.1.32473.1.2";
