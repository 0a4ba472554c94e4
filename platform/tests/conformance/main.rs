//! The modules of the OpenID Foundation's test plans for providers, as tests of the same names against the running service.
//!
//! One file per plan says which modules are tests, and why one is not applicable. What a module asks is said by its name and by the
//! specification; the suite itself was not run. A request that must fail passes where only its fault is taken out.

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
#[path = "../logout_receiver/mod.rs"]
mod logout_receiver;
#[path = "../relying_party/mod.rs"]
mod relying_party;
#[path = "../running/mod.rs"]
mod running;

/// The tests of a plan: one for each function, called as its module.
macro_rules! modules {
    ($arguments:tt => $($from:ident::{$($name:ident),+ $(,)?}),+ $(,)?) => {
        $($(
            #[test]
            fn $name() {
                $from::$name $arguments;
            }
        )+)+

        pub(crate) const TESTS: &[&str] = &[$($(stringify!($name)),+),+];
    };
}

mod back_channel_logout;
mod basic;
mod config;
mod conversation;
mod form_post;
mod identity_assurance;
mod plan;
mod rp_initiated_logout;

/// A token whose signature was changed in its middle.
fn altered(token: &str) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let mut signature: Vec<char> = signature.chars().collect();
    signature[20] = if signature[20] == 'A' { 'B' } else { 'A' };
    format!("{signed}.{}", signature.iter().collect::<String>())
}
