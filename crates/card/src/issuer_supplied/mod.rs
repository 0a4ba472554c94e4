//! Cards that only their issuer can describe: the first generation of the Moroccan card, and others of its kind.
//!
//! How such a card is opened and what its files mean is the issuer's knowledge; nothing of it is public, and nothing is
//! guessed here. The issuer supplies two things:
//!
//! 1. an [`IssuerProfile`]: a declarative file that says how to recognise the card, by which of the standard's ways it is
//!    opened, which files are read, and which claim each field is;
//! 2. an [`IssuerKey`]: code of the issuer's own (a secure module in the terminal, or a service) that answers the card's
//!    challenge and may set up secure messaging. The key itself never comes here.
//!
//! [`read`] joins them. What comes out is typed [`Unauthenticated`](crate::Unauthenticated): whether the way the card was
//! opened proves its data is for whoever trusts the issuer's module to say, not for this crate. A claim has the same names
//! whatever the card.
//!
//! | file | what |
//! |---|---|
//! | [`profile`] | the file format |
//! | [`reading`] | the commands |

pub mod profile;
pub mod reading;

pub use profile::{Authentication, Claim, ClaimField, ClaimForm, IssuerFile, IssuerProfile};
pub use reading::{ClaimValue, IssuerSuppliedError, ReadClaim, read};

use zeroize::Zeroizing;

use crate::secure_messaging::SecureMessaging;

/// The issuer's half of opening a card.
pub trait IssuerKey {
    /// Answers the card's challenge with whatever the card's protocol wants: the data field of EXTERNAL or MUTUAL
    /// AUTHENTICATE.
    ///
    /// # Errors
    /// [`IssuerKeyError`]; nothing is sent to the card then.
    fn answer(&mut self, challenge: &CardChallenge<'_>) -> Result<Zeroizing<Vec<u8>>, IssuerKeyError>;

    /// Judges what the card answered (nothing, for EXTERNAL AUTHENTICATE), and gives the keys of the session if the
    /// protocol has one: everything after it is protected.
    ///
    /// # Errors
    /// [`IssuerKeyError`] where the card did not prove itself as it should have; nothing is read then.
    fn accept(&mut self, answer: &[u8]) -> Result<Option<SecureMessaging>, IssuerKeyError>;
}

/// What the card wants answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CardChallenge<'a> {
    /// The card's random bytes.
    pub challenge: &'a [u8],
    /// Algorithm reference of the profile (P1).
    pub algorithm_reference: u8,
    /// Key reference of the profile (P2).
    pub key_reference: u8,
}

/// The issuer's module did not play along.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssuerKeyError {
    /// It is not there, or its service does not answer.
    #[error("the issuer's key cannot be used: {0}")]
    Unavailable(String),
    /// It does not believe the card.
    #[error("the card did not prove itself to the issuer's key")]
    CardNotGenuine,
}
