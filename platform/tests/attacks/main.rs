//! Attacks by their names. Many are tested where what they attack is tested:
//!
//! | attack | here | elsewhere |
//! |---|---|---|
//! | cross-site request forgery | every step of every page, by `/openapi.json` | `pages.rs`: an interaction's steps one by one |
//! | session fixation | `session.rs` | `sign_in.rs`: a new session whatever there was, an interaction belongs to one browser |
//! | open redirect | `parameters.rs`: whatever is sent | `requests.rs`: addresses nearly like the registered one |
//! | mix-up | every kind of answer names the issuer | `openid_client`, `relying_parties`: libraries refuse another |
//! | code injection and replay | a code between two people at one relying party | `tokens.rs`; `relying_parties` |
//! | PKCE downgrade | every way that a request comes | `requests.rs`, `fapi2` |
//! | DPoP replay | at another endpoint | `dpop.rs`, `fapi2/proofs.rs` |
//! | session theft | `session.rs` | `program.rs`: issuers that are no longer believed |
//! | header and log hygiene | `hygiene.rs` | `pages.rs`, `tokens.rs` |
//! | requests forged by the server | whatever can name an address | `crates/fetch`: where logout tokens may go |
//! | fuzzed parameters | `parameters.rs` | `openapi`: schemathesis |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

#[path = "../browser/mod.rs"]
mod browser;
mod hygiene;
mod parameters;
#[path = "../postgres/mod.rs"]
mod postgres;
#[path = "../process/mod.rs"]
mod process;
#[path = "../proof/mod.rs"]
mod proof;
mod protocol;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;
mod session;
