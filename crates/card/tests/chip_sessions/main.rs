//! Sessions with chips, against a model of a card that was written apart from the crate.
#![cfg(test)]

mod chip_authentication;
mod model_card;
mod secure_messaging;
