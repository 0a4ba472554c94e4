//! What a signature is worth (EN 319 102-1).
//!
//! [`validate`] takes what a format's reader found and what the verifier brings, and gives a [`Report`]. Nothing is fetched:
//! [`needs::of`] says what would help, the caller fetches it and validates again.
//!
//! | file | what it holds | EN 319 102-1 |
//! |---|---|---|
//! | [`settings`] | what the verifier brings | clause 5.1.4 |
//! | [`indication`] | the words of a verdict | clause 5.1.3 |
//! | `process` | the steps, and what decides | clauses 5.3, 5.5, 5.6 |
//! | `certificate_validation` | paths, validity and revocation, at a proven time | clauses 5.2.5, 5.2.6, 5.6.2 |
//! | `revocation_status` | what several pieces of evidence say together | |
//! | `signature_acceptance` | constraints on the signature and its certificate | clause 5.2.8 |
//! | `time_stamp_validation` | time stamps | clause 5.4 |
//! | `proof_of_existence` | since when something exists | clause 5.6.2.3 |
//! | `level_reached` | the baseline level | |
//! | [`cryptographic_constraints`] | algorithms and keys, with dates | TS 119 312 |
//! | [`needs`] | what is to be fetched | |
//! | [`report`], [`report_xml`] | the report, in JSON and by TS 119 102-2 | |

pub mod cryptographic_constraints;
pub mod indication;
pub mod needs;
pub mod report;
pub mod report_xml;
pub mod settings;

mod certificate_validation;
mod chain_report;
mod evidence;
mod fault;
mod level_reached;
mod process;
mod proof_of_existence;
mod revocation_status;
mod signature_acceptance;
mod time_stamp_validation;

pub use cryptographic_constraints::CryptographicConstraints;
pub use indication::{Indication, SubIndication};
pub use process::validate;
pub use report::{Report, SignatureReport};
pub use settings::{Constraints, FetchedEvidence, TestTrust, ValidationSettings};

pub(crate) use signature_acceptance::statements;

/// The name of a hash, as the standards write it.
pub(crate) const fn hash_name(hash: crate::Hash) -> &'static str {
    use crate::Hash;
    match hash {
        Hash::Sha256 => "SHA-256",
        Hash::Sha384 => "SHA-384",
        Hash::Sha512 => "SHA-512",
        Hash::Sha3_256 => "SHA3-256",
        Hash::Sha3_384 => "SHA3-384",
        Hash::Sha3_512 => "SHA3-512",
    }
}
