//! A platform that asks for a portal: whether it may, and who can read the answer.
//!
//! First [`verify`] judges the two statements and what joins them against the installed trust packs; then
//! [`VerifiedMediation::authorize`] judges a request by it. [`issue`] joins.

mod authorization;
mod failure;
mod issue;
mod verification;

pub use authorization::MediatedRequestError;
pub use failure::MediationFailure;
pub use issue::{JoinError, Joining, issue};
pub use verification::{VerifiedMediation, verify};
