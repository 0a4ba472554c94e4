//! What only the sandbox has: relying parties register themselves, and people who do not exist have cards.
//!
//! Whoever registers here is nobody that an operator knows, so the platform does nothing for them that could be turned on others: it
//! gives the name and the sector, it sends them nothing (no back-channel logout, which in the sandbox may go to this computer), and
//! forgets them after a while.

pub mod people;
pub mod registering;
pub mod self_registration;
mod written;

pub use self_registration::Admission;
