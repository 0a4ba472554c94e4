//! The platform asks for portals: a person who signs in to one is on the platform's page, so it is there that the host's window opens.
//!
//! | module | what it does |
//! |---|---|
//! | [`details`] | what a portal asks (`authorization_details`, RFC 9396), checked |
//! | [`joining`] | both statements, joined for one request |
//! | [`given`] | what the portal gets of it, and stays in the grant |
//! | [`releasing`] | `assert`: whether an answer holds and is the person's, and what of it the portal gets |
//!
//! In mode `relay` the browser carries the answer to the portal, which alone can read it; the platform hears its hash. The steps of the
//! page are in [`crate::pages::identity_step`].

pub mod details;
pub mod given;
pub mod joining;
pub mod releasing;

pub use details::IdentityDetails;
pub use given::{Given, GrantedIdentity};
