//! The card layer.
//!
//! Pure: it owns no reader, no clock and no file, and drives anything that implements [`Transport`]. A card is described
//! by a [`Profile`] (declarative data, no raw commands) and, where it follows ISO/IEC 7816-15, by what it says of itself.
//! Either way the result is one [`Layout`]: which credentials there are, where their certificates lie, which PIN opens
//! them and how their keys sign.
//!
//! Chips with the data of a travel document are opened and read through [`chip_session`]. Where a card keeps its keys behind
//! PACE as well, [`Card::discover`] says [`CardError::Closed`], and [`Card::open`] finds them under protection.
//!
//! Reading order: [`card`] (open, read, verify and sign), [`layout`], [`profile`], [`pkcs15`], then what carries them:
//! [`channel`], [`apdu`], [`tlv`].
#![forbid(unsafe_code)]

pub mod access_rule;
pub mod active_authentication;
pub mod apdu;
pub mod atr_pattern;
pub mod bac;
pub mod ber;
pub mod biometric;
pub mod card;
pub mod card_report;
pub mod channel;
pub mod chat;
pub mod chip_authentication;
pub mod chip_session;
pub mod cvc;
pub mod error;
pub mod file;
pub mod gcc;
pub mod ias_ecc;
pub mod issuer_supplied;
pub mod kdf;
pub mod key_agreement;
pub mod layout;
pub mod lds;
pub mod oid;
pub mod pace;
pub mod pin;
pub mod piv;
pub mod pkcs15;
pub mod profile;
pub mod random;
pub mod restricted_identification;
pub mod secure_messaging;
pub mod security_infos;
pub mod signature;
pub mod signed_data;
pub mod symmetric;
pub mod terminal_authentication;
#[cfg(test)]
mod test_hex;
#[cfg(test)]
mod test_script;
pub mod tlv;
pub mod transport;
pub mod unauthenticated;

mod data_object;
pub mod digest_algorithm;
mod discovery;
mod encoded_message;
mod hexadecimal;
mod historical_bytes;
mod last_round;
mod pin_status;
mod profile_file;
mod signature_commands;

pub use card::{
    Card, CardOpening, MAX_SERIES, PinChangeEntry, PinCounters, PinOutcome, Series, Signed, SignedSeries,
    UnblockEntry,
};
pub use card_report::UnknownCardReport;
pub use chip_session::ReaderOpening;
pub use error::{CardError, Misbehaviour};
pub use layout::{Credential, Layout, Role};
pub use pin::{PinEntry, PinFormat, PinStatus, PinVerdict};
pub use profile::Profile;
pub use random::Random;
pub use secure_messaging::SecureMessaging;
pub use signature::{Hash, SignatureAlgorithm};
pub use transport::{Transport, TransportError};
pub use unauthenticated::Unauthenticated;
