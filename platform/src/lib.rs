//! The trust platform.
#![forbid(unsafe_code)]

pub mod clock;
pub mod key_store;
pub mod secret;
pub mod store;
