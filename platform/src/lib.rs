//! The trust platform, first part: an OpenID Connect provider whose people sign in with their cards.
#![forbid(unsafe_code)]

pub mod assurance;
pub mod clock;
pub mod key_store;
pub mod person;
pub mod registration;
pub mod secret;
pub mod settings;
pub mod store;
