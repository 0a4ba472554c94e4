//! Who administers the platform, and how nobody does it alone.
//!
//! Operators have keys of their own and one of two roles ([`operator`]). What they do about relying parties they sign ([`entry`]); the
//! entries of each operator are a chain, and together the audit trail ([`audit`]). A registration counts when an onboarder proposed
//! it and an authoriser approved exactly that, and the platform verifies both signatures whenever it reads one ([`approval`]): whoever
//! can write into the database, and nothing else, can register nobody.

pub mod approval;
pub mod audit;
pub mod desk;
pub mod entry;
pub mod operator;

pub use approval::{Approvals, NotApproved};
pub use desk::{Desk, DeskError};
pub use entry::{Act, Entry, EntryError};
pub use operator::{Operator, Operators, Role};
