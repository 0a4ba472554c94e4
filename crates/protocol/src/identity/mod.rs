//! Asking who somebody is, and the answer that a portal's server can prove.
//!
//! | file | what it is |
//! |---|---|
//! | [`request`] | what a portal asks for: claims, purpose, holder, proof |
//! | [`answer`] | what its server gets, inside the encryption: `bitaqa-identity:1` |
//! | [`header`] | what stands outside of the encryption, for everybody on the way |
//! | [`chip_authentication`] | the second call: what the portal's server gives the chip, and what the chip answers |
//! | [`mod@canonical_json`] | one spelling of request and consent, so that they can be hashed |
//!
//! Page, extension and host carry the answer; only the portal's server can read it, with the key that its statement names.

pub mod answer;
pub mod canonical_json;
pub mod chip_authentication;
pub mod header;
pub mod request;

pub use answer::IdentityAnswer;
pub use canonical_json::{CanonicalJsonError, canonical_json};
pub use chip_authentication::{ChipAnswer, ChipChallenge};
pub use header::AnswerHeader;
pub use request::{Holder, IdentityRequest, ProofWanted, StatementText};
