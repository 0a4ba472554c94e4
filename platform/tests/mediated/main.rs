//! The platform asks for portals: from the request to what the portal gets, with answers of software cards, as a host makes them that
//! believes the platform by a trust pack.

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
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

mod asserted;
mod attacks;
mod lengths;
mod portal;
mod relayed;
mod requests;
