//! What the cards do, command by command.
#![cfg(test)]

mod arbitrary;
mod esteid;
mod files;
mod lengths;
mod misbehaviour;
mod pkcs15;
mod reference_data;
mod terminal;
mod vpcd;
