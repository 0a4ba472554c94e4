//! Was a certificate withdrawn? Revocation lists (RFC 5280 section 6.3) and responders (RFC 6960).
//!
//! Nothing is fetched here. A [`RevocationCheck`] of a path that holds says what is [`Needed`]; the caller fetches it, or
//! brings what was stapled or kept, as [`Evidence`]; the [`RevocationReport`] says for each certificate what is known and on
//! whose word. What happens where nothing is known, the caller decides: [`OnMissingEvidence`] has no default.
//!
//! A sign-in, with a nonce of random bytes and a `fetch` of the caller's own, which bounds what it takes and whom it asks:
//!
//! ```
//! use bitaqa_protocol::Challenge;
//! use bitaqa_trust::{
//!     DateTime, TokenVerifier, VerifiedToken,
//!     revocation::{Evidence, EvidenceRules, Needed, NonceSeed, OnMissingEvidence},
//! };
//!
//! fn sign_in(
//!     verifier: &TokenVerifier,
//!     (token, challenge, now): (&str, &Challenge, DateTime),
//!     random: [u8; 32],
//!     fetch: impl Fn(&Needed) -> Option<Vec<u8>>,
//! ) -> Result<VerifiedToken, Box<dyn std::error::Error>> {
//!     // nothing was fetched for a token that does not hold
//!     let pending = verifier.begin(token, challenge, now, NonceSeed::from_random(random))?;
//!     let mut evidence = Evidence::new();
//!     for need in pending.needs() {
//!         if let Some(received) = fetch(&need) {
//!             evidence.answer(&need, received)?;
//!         }
//!     }
//!     Ok(pending.finish(&evidence, &EvidenceRules::default(), OnMissingEvidence::Refuse)?)
//! }
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`check`] | the two steps |
//! | [`needs`] | what must be fetched |
//! | [`evidence`] | what was fetched, and the rules by which it is judged |
//! | [`report`] | what was found |
//! | [`fault`] | why evidence was not used |
//! | [`crl`], [`crl_entries`] | revocation lists |
//! | [`ocsp_request`], [`ocsp_response`] | questions to responders, and their answers |

pub mod check;
pub mod crl;
pub mod crl_entries;
pub mod evidence;
pub mod fault;
pub mod needs;
pub mod ocsp_request;
pub mod ocsp_response;
pub mod report;

mod crl_scope;
mod list_processing;
mod ocsp_verification;

pub use check::RevocationCheck;
pub use evidence::{Evidence, EvidenceRules, NonceRule};
pub use needs::Needed;
pub use ocsp_request::NonceSeed;
pub use report::{CertificateStatus, OnMissingEvidence, RevocationFailure, RevocationReport};
