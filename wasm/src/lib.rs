//! The extension's core, in WebAssembly.
//!
//! A state machine without input and output of its own: the background script tells it what happened ([`event`]) and
//! carries out what it says ([`action`]). So everything that decides something is Rust, and is tested natively; the script
//! decides nothing.
//!
//! | module | what it does |
//! |---|---|
//! | [`session`] | the state machine |
//! | [`host_link`] | the native port: opening, versions, long answers |
//! | [`seen_requests`] | request ids that were used |
//! | [`diagnostics`] | the recent requests, for the set-up page |
#![forbid(unsafe_code)]

pub mod action;
pub mod diagnostics;
pub mod event;
pub mod host_link;
pub mod seen_requests;
pub mod session;

pub use action::Action;
pub use event::Event;
pub use session::{Config, Session};

#[cfg(target_arch = "wasm32")]
mod bindings;
