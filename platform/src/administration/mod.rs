//! Who administers the platform, and how nobody does it alone.
//!
//! Operators have keys of their own and one of two roles ([`operator`]). What they do about relying parties they sign ([`entry`]); the
//! entries of each operator are a chain, and together the audit trail ([`audit`]). A registration counts when an onboarder proposed
//! it and an authoriser approved exactly that, and the platform verifies both signatures whenever it reads one ([`approval`]): whoever
//! can write into the database, and nothing else, can register nobody.
//!
//! They work at the command line, or in a browser ([`pages`]): there, what they do is signed elsewhere ([`draft`]), and their key shows who
//! they are ([`sign_in`]).

pub mod approval;
pub mod audit;
pub mod desk;
mod desk_error;
pub mod draft;
pub mod entry;
pub mod operator;
pub mod pages;
pub mod sign_in;
pub mod surroundings;

pub use approval::{Approvals, NotApproved};
pub use desk::Desk;
pub use desk_error::DeskError;
pub use draft::{Draft, Task};
pub use entry::{Act, Entry, EntryError};
pub use operator::{Operator, Operators, Role};
pub use sign_in::{SignIn, SignInError};
