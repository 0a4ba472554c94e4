//! Statements of relying parties: whether one is to be believed, and whether it covers a request.
//!
//! First [`verify`] judges the statement by itself against the installed trust packs; then
//! [`VerifiedStatement::authorize`] judges a request by it.

mod authorization;
mod failure;
mod issue;
mod verification;

pub use authorization::AuthorizationError;
pub use failure::{StatementFailure, Step};
pub use issue::{IssueError, issue};
pub use verification::{Check, Outcome, RefusedStatement, VerifiedStatement, verify};
pub(crate) use verification::{Signed, encryption_key, signed};
