//! Sessions with chips: against a model of a card that was written apart from the crate, and against the software chips.
#![cfg(test)]

mod card_cipher;
mod chip_authentication;
mod extended_access;
mod model_card;
mod model_chip;
mod opened_chips;
mod secure_messaging;
mod software_chips;
mod terminal;
