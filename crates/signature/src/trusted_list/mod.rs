//! Trusted lists (TS 119 612): who is qualified, since when, for what.
//!
//! A list is signed by whoever supervises a country's trust services. [`TrustedList::parse`] reads one and believes nothing;
//! [`VerifiedTrustedList::verify`] is the only way to a list that says something about a signature: its own signature holds,
//! the signer is one that the caller named or that a verified list of lists points to, and it is not out of date.
//!
//! | file | what it holds | source |
//! |---|---|---|
//! | [`list`] | the list: whose it is, its providers, its pointers to other lists | TS 119 612 clause 5 |
//! | [`service`] | a trust service, and what it was at which time | TS 119 612 clauses 5.5, 5.6 |
//! | [`qualification_extension`] | which certificates of a service are qualified for what, by their own features | TS 119 612 clause 5.5.9.2 |
//! | [`verification`] | the list's own signature | TS 119 612 clause 5.7 |
//! | [`qualification`] | whether a signature is a qualified one | TS 119 615 |

pub mod list;
pub mod qualification;
pub mod qualification_extension;
pub mod service;
pub mod verification;

mod reading;

pub use list::{ListPointer, TrustedList, TrustedListError};
pub use verification::VerifiedTrustedList;
