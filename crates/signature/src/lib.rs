//! Signed documents: CAdES, PAdES, XAdES, JAdES and the containers of ASiC.
//!
//! Pure: no clock, file or socket, and no private key. A signature is made in two steps: *prepare* gives the exact bytes that
//! are signed, a card (or whoever holds the key) signs them, *finish* puts the signature where it belongs and refuses one that
//! the certificate's key did not make. Validation has two steps too: what is in the file, and what it is worth by the
//! verifier's trust, time and evidence.
//!
//! | module | what it does | source |
//! |---|---|---|
//! | [`algorithm`] | signature algorithms, in the words of each format | RFC 5754, RFC 6931, RFC 9231, RFC 7518 |
//! | [`signer`] | whose certificate and key it is | |
//! | [`wanted_certificate`] | which of a card's certificates is wanted | EN 319 412-5 |
//! | [`statement`] | what a signer says beside the document: time, commitment, role, policy, place | EN 319 122-1 clause 5 |
//! | [`level`] | B-B, B-T, B-LT, B-LTA | EN 319 122-1 clause 6 |
//! | [`document`] | a signed file of whatever kind | |
//! | [`file_kind`] | what kind of file it is | |
//! | [`found`] | a signature as it was found in a file, of whatever format | |
//! | [`cms`] | the messages that CAdES, PAdES and time stamps are | RFC 5652 |
//! | [`cades`] | signatures in CMS | EN 319 122-1 |
//! | [`time_stamp`] | time stamps | RFC 3161, RFC 5816 |
//! | [`pdf`] | PDF files, as much of them as signatures need | ISO 32000 |
//! | [`pades`] | signatures in PDF | EN 319 142-1 |
//! | [`xml`] | XML documents and their canonical form | |
//! | [`xades`] | signatures in XML | EN 319 132-1 |
//! | [`jades`] | signatures in JSON | TS 119 182-1 |
//! | [`asic`] | containers of files and signatures | EN 319 162-1 |
//! | [`augmentation`] | raising a signature to a higher level | EN 319 122-1 clause 6, and its counterparts |
//! | [`validation`] | what a signature is worth | EN 319 102-1 |
//! | [`to_be_signed`] | what bytes say that a card is asked to sign | |
//! | [`trusted_list`] | who is qualified | TS 119 612 |
#![forbid(unsafe_code)]

pub mod algorithm;
pub mod asic;
pub mod augmentation;
pub mod cades;
pub mod cms;
pub mod document;
pub mod file_kind;
pub mod found;
pub mod jades;
pub mod level;
pub mod oid;
pub mod pades;
pub mod pdf;
pub mod signer;
pub mod statement;
pub mod time_stamp;
pub mod to_be_signed;
pub mod trusted_list;
pub mod validation;
pub mod wanted_certificate;
pub mod xades;
pub mod xml;

pub use algorithm::SignatureAlgorithm;
pub use bitaqa_trust::public_key::Hash;
pub use file_kind::FileKind;
pub use found::FoundSignature;
pub use level::Level;
pub use signer::Signer;
pub use statement::SignerStatement;
pub use wanted_certificate::WantedCertificate;
