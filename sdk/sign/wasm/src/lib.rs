//! The core of `@bitaqa/sign`, and of documents in the extension: prepares a signed document, a card signs, finishes it.
//!
//! A thin edge over [`bitaqa_signature`]: it takes what JavaScript has (JSON, bytes) and gives back JSON and bytes, in types from
//! which TypeScript's are generated. No clock, no randomness, no network, no private key. A signature is prepared by
//! [`preparation::prepare`]; everything needed to go on is in a [`state`], so another process can finish it.
//!
//! | module | what it does |
//! |---|---|
//! | [`request`] | what is asked for |
//! | [`signer`] | whose signature it will be, by which algorithm |
//! | [`pdf`] | a PDF by the ranges of it that are needed |
//! | [`preparation`] | the two steps |
//! | [`state`] | what is kept between them |
//! | [`levels`] | raising a signed file to a higher level |
//! | [`verification`] | what the signatures of a file are worth |
//! | [`trust`] | whom the server believes: certificates and trusted lists |
//! | [`fetching`] | what the server has to fetch for either |
//! | [`hashing`] | digests of what is too long to be in memory at once |
//! | [`refusal`] | why there is no result |
#![forbid(unsafe_code)]

pub mod fetching;
pub mod hashing;
pub mod levels;
pub mod pdf;
pub mod preparation;
pub mod refusal;
pub mod request;
pub mod signer;
pub mod state;
pub mod trust;
pub mod verification;

pub use preparation::{Prepared, finish, prepare};
pub use refusal::{Code, Refusal};
pub use request::Request;

#[cfg(target_arch = "wasm32")]
mod bindings;
