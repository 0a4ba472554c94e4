//! Software smart cards that keep state like real ones.
//!
//! A card here is a card, not a list of expected commands: it has files, PINs with counters, keys that cannot be read
//! and a security state that a reset forgets, and it answers whatever comes with the status words of ISO 7816-4. It is
//! written apart from the terminal's side of the project, so that one mistake cannot pass on both sides; independent
//! clients judge it in the test bed's tests.
//!
//! | module | what |
//! |---|---|
//! | [`spec`] | the order for a card: make, holder, PINs, state |
//! | [`card`] | a card as a reader meets it: chip, log, misbehaviour, cost |
//! | [`chip`] | the ISO 7816-4 engine |
//! | [`pki`] | a test PKI made at start: good and bad certificates |
//! | [`misbehaviour`] | what a card can be ordered to do wrong |
//! | [`vpcd`] | a card in a virtual reader of one's own (vsmartcard's vpcd) |
#![forbid(unsafe_code)]

pub mod atr;
pub mod card;
pub mod chip;
pub mod command;
pub mod command_log;
pub mod cost;
pub mod data;
pub mod der;
pub mod digest;
pub mod file_system;
pub mod issuer_key;
pub mod mechanism;
pub mod misbehaviour;
pub mod person;
pub mod pin;
pub mod pki;
pub mod private_key;
pub mod proprietary;
pub mod reference_data;
pub mod rules;
pub mod security_environment;
pub mod spec;
pub mod status;
pub mod vpcd;

mod ber_tlv;
mod personality;
mod piv;
mod security_data_objects;
mod select;
mod signature;

pub use card::Card;
pub use cost::Cost;
pub use misbehaviour::{Effect, Misbehaviour};
pub use person::Person;
pub use personality::{Certificates, cnie_1};
pub use pki::Pki;
pub use spec::CardSpec;
