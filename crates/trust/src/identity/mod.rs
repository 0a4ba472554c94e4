//! Identity answers: what binds them to a request, what their documents say, and whether certificate and chip are one person's.
//!
//! | file | what it answers |
//! |---|---|
//! | [`answer_keys`] | which keys decrypt it, wherever they are |
//! | [`binding`] | which hashes and nonces tie an answer to one request |
//! | `chip_step` | is the chip a copy? |
//! | [`expected`] | what does the verifier's own session know of the request? |
//! | [`claims`] | what the data groups say, and how it is known |
//! | [`unsigned`], `unsigned_answer` | what cards say that sign nothing, and how little that is worth |
//! | `holder_step` | did the holder show that the card is theirs? |
//! | [`link`] | do certificate and chip name the same person? |
//! | [`outside`] | does an encrypted answer belong to a request, as far as anybody can see? |
//! | [`pending`] | what others still have to be asked about an answer that holds by itself |
//! | [`verification`], [`result`] | is an answer to be believed, by whose word and how far? |
//! | `request_step` | is it an answer to the request, within what was agreed to? |
//! | [`second_call`] | chip authentication by the server's key: what goes to the page, and what the server keeps |
//! | [`status`] | is the document still in use? |
//! | [`date`], [`country`] | dates without centuries; two-letter and three-letter countries |

pub mod answer_keys;
pub mod binding;
mod chip_step;
pub mod claims;
pub mod country;
pub mod date;
pub mod expected;
mod holder_step;
pub mod link;
pub mod outside;
pub mod pending;
mod request_step;
pub mod result;
pub mod second_call;
pub mod status;
pub mod unsigned;
pub mod verification;

mod unsigned_answer;

pub use expected::{Expected, ExpectedRequest};
pub use pending::{PendingIdentity, PendingStep};
pub use result::{IdentityFailure, RefusedIdentity, VerifiedIdentity};
pub use second_call::{ChipAuthenticationNeeded, ChipState, ChipStateError, FirstStep};
pub use status::{DocumentStatus, StatusSource};
pub use verification::IdentityVerifier;
