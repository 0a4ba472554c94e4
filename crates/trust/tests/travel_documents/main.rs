//! Travel documents: signatures, authorities, revocation, master lists and proofs of chips.
//!
//! Nothing here was made by the code under test: documents come from openssl ([`country`]), from the software cards, and from
//! specimen chips of others.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a test ends where it cannot go on, and says how many cases ran"
)]

mod alterations;
mod answer_alterations;
mod authorities;
mod chip_proofs;
mod country;
mod documents;
mod identity_answers;
mod master_lists;
mod odd_certificates;
mod pending_identities;
mod requests;
mod revocation;
mod second_call;
mod signers;
mod software_cards;
mod specimens;
#[path = "../test_pki/mod.rs"]
mod test_pki;
#[allow(dead_code, reason = "the tests of crates/card use the rest of it")]
#[path = "../../../card/src/lds/tr_03105_5.rs"]
mod tr_03105_5;
mod unsigned_answers;
mod wycheproof;
