//! Signing in with software cards: every variant and every verdict. What a card can do wrong is in `tests/misbehaviour`.
//!
//! The cards (`bitaqa-virtual-card`) are written apart from this crate, keep state like real ones and are judged by
//! independent clients. Here they are driven in process; [`through_pcscd`] drives a few through a real pcscd.
#![cfg(test)]

mod closed_cards;
mod command_count;
mod data_cards;
mod families;
mod fingerprint;
mod lengths;
mod opening;
mod opening_by_reader;
mod openssl;
mod pin;
mod pin_management;
mod read_first;
mod reader;
mod series;
mod through_pcscd;
mod variants;
