//! Cryptographic messages (RFC 5652), as much of them as signatures need.
//!
//! What is read may be BER: other programs write indefinite lengths and strings in pieces. What is written is DER. Whatever was
//! read keeps its bytes, since signatures and time stamps are over bytes and not over values.
//!
//! | module | what it does |
//! |---|---|
//! | [`element`] | one element of BER at a time, bounded |
//! | [`writer`] | DER |
//! | [`value`] | identifiers, times and strings in elements |
//! | [`attribute`] | attributes, signed or not |
//! | [`signer_info`] | one signer's part |
//! | [`signed_data`] | the message |
//! | `material` | certificates and revocation data in messages and attributes |
//! | [`signing_certificate`] | which certificate a signer names (RFC 5035) |
//! | [`algorithm_protection`] | whether the algorithms are those that were signed (RFC 6211) |
//! | [`verification`] | whether a key signed it |

pub mod algorithm_protection;
pub mod attribute;
pub mod element;
pub(crate) mod material;
pub mod signed_data;
pub mod signer_info;
pub mod signing_certificate;
pub mod value;
pub mod verification;
pub mod writer;

pub use attribute::{Attribute, Attributes};
pub use element::Element;
pub use signed_data::SignedData;
pub use signer_info::{SignerIdentifier, SignerInfo};

/// Why bytes are not a message that we read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// An element that ends before it should.
    #[error("the message is cut off")]
    Truncated,
    /// A tag of more than one byte, or one that has no place there.
    #[error("the message has an element where none of its kind may be: {0}")]
    Tag(&'static str),
    /// A length that is not one.
    #[error("the message has a length that is malformed")]
    Length,
    /// Elements within elements beyond measure.
    #[error("the message is nested too deeply")]
    Depth,
    /// More than we read.
    #[error("the message has too many {0}")]
    TooMany(&'static str),
    /// Bytes behind the last element.
    #[error("there are bytes behind the end of the message")]
    Trailing,
    /// A value that its type does not have.
    #[error("the message has a malformed value: {0}")]
    Value(&'static str),
    /// Another message than signed data.
    #[error("the message is not signed data")]
    NotSignedData,
    /// No signer of this number.
    #[error("the message has no such signer")]
    NoSuchSigner,
}
