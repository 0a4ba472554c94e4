//! Every message between page, extension and host, the sign-in token and the error catalogue.
//!
//! Types and bounded parsers only: nothing here does anything. A value of one of these types has passed its
//! own check, so code that holds an [`Origin`] or a [`Challenge`] need not look again. TypeScript types and the
//! JSON Schema are generated from this crate (`cargo xtask codegen`).
//!
//! The messages about documents are behind the feature `documents`: the extension's core, which is small, does not speak of them.
//!
//! | module | who speaks to whom |
//! |---|---|
//! | [`page`] | page ↔ content script ↔ extension core |
//! | [`host`] | extension core ↔ native messaging host |
//! | [`version`] | which protocol both ends of the native port speak |
//! | [`auth_token`] | the sign-in token `web-eid:1.0`, for the portal's server |
//! | [`claim`] | what a portal can ask about a person, and which data groups that takes |
//! | [`statement`] | who a portal is and what it may ask, on the word of the platform |
//! | [`mediation`] | a platform asks for a portal: what joins both statements |
//! | [`identity`] | who somebody is: the request, and the answer `bitaqa-identity:1` for the portal's server |
//! | [`my_card`] | what is on a card, for its holder |
//! | `signing` | documents to be signed, and what signs them |
//! | `signing_request` | page ↔ content script ↔ signing window: documents, digests, certificates |
//! | `certificate_wanted` | which certificate a site wants signed with |
//! | `validation_data` | what the host fetches for the extension |
//! | [`error`] | the closed catalogue of what can go wrong |
#![forbid(unsafe_code)]

pub mod auth_token;
#[cfg(feature = "documents")]
pub mod certificate_wanted;
pub mod challenge;
pub mod claim;
pub mod error;
pub mod host;
pub mod identity;
pub mod language;
pub mod mediation;
pub mod my_card;
pub mod origin;
pub mod page;
pub mod request_id;
#[cfg(feature = "documents")]
pub mod signing;
#[cfg(feature = "documents")]
pub mod signing_request;
pub mod statement;
#[cfg(feature = "documents")]
pub mod validation_data;
pub mod version;

mod base64_text;
mod claim_set;
mod data_group;
mod encryption_key;
mod issuer;
mod localized_text;

pub use auth_token::AuthToken;
pub use base64_text::{Base64Error, decode_base64, encode_base64};
pub use challenge::Challenge;
pub use claim::{Claim, ClaimSet, Closure, DataGroup, RequestedClaims};
pub use error::{Blame, ErrorCode, ErrorReport};
pub use language::Language;
pub use origin::Origin;
pub use request_id::RequestId;
pub use statement::{PurposeId, Statement};
