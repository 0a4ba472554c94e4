//! The trust platform.
#![forbid(unsafe_code)]

pub mod clock;
pub mod secret;
pub mod store;
