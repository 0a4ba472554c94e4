//! Card access numbers that the person wants remembered, in the keystore of their desktop.
//!
//! The keystore is the freedesktop Secret Service on the session bus. What talks to it is a child of the same program that lives
//! for one question, so that the host needs neither bus nor its memory. A keystore that is not running is not started, and one
//! that is locked is as good as none: nothing here ever makes the keystore ask the person for its password.
//!
//! | module | what it is |
//! |---|---|
//! | [`label`] | what a number is called |
//! | [`parent`] | the host's end |
//! | `child` | the process; with the feature `keystore` |
//! | `secret_service` | the keystore; with the feature `keystore` |
//!
//! Requests and answers are a few bytes on two pipes, so that a number goes from locked memory into the pipe and back:
//!
//! | request | answer |
//! |---|---|
//! | `L` | 0: no keystore; 1: nothing is remembered; 2, length, digits: the number that was used last |
//! | `K`, length, label, length, digits | 0: not kept; 1: kept, or marked as the last used one |

pub mod label;
pub mod parent;

#[cfg(feature = "keystore")]
mod child;
#[cfg(feature = "keystore")]
mod secret_service;

#[cfg(feature = "keystore")]
pub use child::run_remembered_child;
pub use label::Label;

/// Request: the number that was used last.
const LAST_USED: u8 = b'L';
/// Request: keep a number.
const KEEP: u8 = b'K';

/// Answer: there is no keystore, or it did not take the number.
const NO: u8 = 0;
/// Answer: there is a keystore, and it took the number or has none.
const YES: u8 = 1;
/// Answer: a number follows.
const NUMBER: u8 = 2;
