//! The core of `@bitaqa/verify`: sign-in tokens and identity answers, verified on a portal's server.
//!
//! A thin edge over [`bitaqa_trust`]: it takes what JavaScript has (texts, bytes, seconds) and gives back JSON, in types from which
//! TypeScript's are generated. No clock, no source of random bytes, no network: `sdk/verify/src` brings them.
//!
//! | module | what it does |
//! |---|---|
//! | [`trust`] | collects whom the portal believes |
//! | [`verifier`] | verifies |
//! | [`pending`] | what holds but for what others know: revocation, status |
//! | [`told`] | what JavaScript gets, errors included |
#![forbid(unsafe_code)]

pub mod pending;
pub mod told;
pub mod trust;
pub mod verifier;

mod seed;

pub use pending::{PendingIdentity, PendingSignIn};
pub use told::{Told, Usage};
pub use trust::Trust;
pub use verifier::Verifier;

#[cfg(target_arch = "wasm32")]
mod bindings;
