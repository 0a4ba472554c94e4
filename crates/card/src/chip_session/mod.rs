//! A chip with travel document data, from "what opens it?" to "is it a copy?" (ICAO Doc 9303-11): PACE with the best that the
//! chip offers, basic access control only where it offers no PACE, then the files, then its proofs.
//!
//! Nothing here says who made the card: signatures of EF.SOD and EF.CardSecurity are for passive authentication. Until then
//! a proof says that the chip has the key that its own files name, and a matching digest that a group is the one that EF.SOD
//! lists.
//!
//! | file | what it does |
//! |---|---|
//! | [`access`] | finds out what opens a chip, and opens it |
//! | [`access_by_reader`] | has a reader open a chip that runs PACE itself |
//! | [`session`] | reads an opened chip |
//! | [`proof`] | has it prove itself, and compares EF.CardAccess with its signed copy |

pub mod access;
pub mod access_by_reader;
pub mod proof;
pub mod session;

pub(crate) use access::open_by_pace;
pub use access::{AccessControl, AccessKey, AccessRefusal, ChipAccess, OpenVerdict};
pub use access_by_reader::ReaderOpening;
pub(crate) use access_by_reader::{NO_PACE, execute_pace};
pub use proof::{CardAccessVerdict, ProofVerdict, Proofs};
pub use session::{ChipDocument, ChipSession, GroupReading, GroupState};
