//! What the cards do, command by command.
#![cfg(test)]

mod arbitrary;
mod bahrain_2016;
mod cnie_1;
mod esteid;
mod files;
mod iasecc;
mod icao;
mod lateid;
mod lengths;
mod misbehaviour;
mod pin_management;
mod piv;
mod pkcs15;
mod reference_data;
mod terminal;
mod thales;
mod vpcd;
