//! Terminal authentication, versions 1 and 2 (BSI TR-03110, parts 1 to 3), and what follows it: the
//! terminal proves to the chip who it is and what it may read.
//!
//! The order of the steps is in the types; a step takes the one before, and gives the next:
//!
//! | step | from | to |
//! |---|---|---|
//! | certificates, choice of the key, challenge | [`CertificateChain`](crate::cvc::CertificateChain) | [`Prepared`]: what is to be signed |
//! | the terminal signs, perhaps far away, while nothing is sent to the card | [`Prepared`] | [`Signed`] |
//! | EXTERNAL AUTHENTICATE | [`Signed`] | version 1: done; version 2: [`AuthenticatedTerminal`] |
//! | EF.CardSecurity is read and compared with EF.CardAccess | [`AuthenticatedTerminal`] | [`UncheckedChip`] |
//! | the caller checks its signature | [`UncheckedChip`] | [`AcceptedChip`] |
//! | chip authentication version 2 | [`AcceptedChip`] | [`AuthenticatedChip`] |
//! | pseudonyms | [`AuthenticatedChip`] | |
//!
//! There is no other way to chip authentication version 2 than through a key that was accepted.

mod auxiliary_data;
mod card_security;
mod prepare;
mod signer;
#[cfg(test)]
mod tests;

pub use self::{
    auxiliary_data::AuxiliaryData,
    card_security::{AcceptedChip, AuthenticatedChip, AuthenticatedTerminal, CardSecurity, UncheckedChip},
    prepare::{ChipIdentifier, prepare_version_1, prepare_version_2},
    signer::{Prepared, Signed, TerminalSigner},
};
