//! What is written of a value for debugging, of an error for a person, and of a panic for a developer: never a PIN, a number that
//! opens a card, a key, or anything about a person.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod panics;
mod shown;
mod types;
