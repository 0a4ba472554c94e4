//! Readers and cards over PC/SC.
//!
//! | file | what it does |
//! |---|---|
//! | [`monitor`] | watches readers and cards, by events |
//! | [`connection`] | one card in one reader, on a thread of its own, in transactions |
//! | [`transport`] | what carries the card layer's commands |
//! | `execute_pace` | readers that run PACE themselves (PC/SC part 10, amendment 1) |
//! | [`pin_pad`] | readers with keys of their own (PC/SC part 10) |
//! | `threads` | counts the threads that call PC/SC, for the end of the program |

pub mod connection;
mod execute_pace;
pub mod monitor;
pub mod pin_pad;
pub mod transport;

mod threads;

pub use connection::{Connection, ConnectionError, Usage};
pub use monitor::{CardPresence, Monitor, ReaderSeen, Snapshot};
pub use threads::wait_for_end;
