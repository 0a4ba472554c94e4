//! Who can be believed: sign-in tokens, certificates, certification paths, issuer profiles, travel documents.
//!
//! Pure: no clock, file or socket. The caller brings the time, the trust anchors and whatever was fetched, so the same
//! code runs in the browser, in a portal's server and on the command line.
//!
//! A portal builds a [`TokenVerifier`] from its [`IssuerProfiles`] once and asks it about every token. The extension only
//! wants to know that the host's token belongs to the page's request: [`verify_signature`].
//!
//! | module | what it answers |
//! |---|---|
//! | [`auth_token`] | did the key of this certificate sign this origin and challenge? |
//! | [`token_verification`] | is this token to be believed, by whose word and how far? |
//! | [`token_failure`] | what can be wrong with a token, and the code of each |
//! | [`sign_in`] | who signed in, for programs in other languages |
//! | [`authentication_certificate`] | what does the certificate say about its holder? |
//! | [`certification_path`] | does a path lead from a certificate to an anchor? |
//! | [`issuer_profile`] | what must be true of an issuer's certificates, and which level do they prove? |
//! | [`identity`] | what an identity document says, and what binds an answer to its request |
//! | [`trust_store`], [`pem_bundle`], [`issuer_profile_file`] | the anchors and profiles, and how they are read |
//! | [`passive_authentication`] | are the data groups of a chip what its country signed? |
//! | [`chip_proof`] | is the chip the one that the data was written to? |
//! | [`country_files`], [`csca_store`], [`csca_bundle`], [`master_list`], [`icao_pki`] | the countries' authorities, and how they are read |
//! | [`trust_pack`] | what an administrator lets this computer believe |
//! | [`statement`] | is this portal who it says, and may it ask this? |
//! | [`mediation`] | may this platform ask for that portal, and who can read the answer? |
//! | [`signature_memory`] | what was verified or read a moment ago? |
//! | [`revocation`] | was a certificate withdrawn, and who says so? |
//! | [`addresses`] | where do certificates and lists say that more is to be found? |
//! | [`chain_verification`] | does a certificate hold, whatever it is for? |
#![forbid(unsafe_code)]

pub mod addresses;
pub mod auth_token;
pub mod authentication_certificate;
pub mod certificate;
pub mod certificate_signature;
pub mod certification_path;
pub mod chain_verification;
pub mod chip_proof;
pub mod country_files;
pub mod csca_bundle;
pub mod csca_store;
pub mod distinguished_name;
pub mod icao_pki;
pub mod identity;
pub mod issuer_profile;
pub mod issuer_profile_file;
pub mod master_list;
pub mod mediation;
pub mod oid;
pub mod passive_authentication;
pub mod pem_bundle;
pub mod public_key;
pub mod qualified_statements;
pub mod revocation;
pub mod sign_in;
#[cfg_attr(not(feature = "memory"), path = "no_memory.rs")]
pub mod signature_memory;
pub mod signature_scheme;
pub mod statement;
pub mod token_failure;
pub mod token_verification;
pub mod trust_pack;
pub mod trust_store;
pub mod verification_report;

mod early_validity;
mod explicit_parameters;
mod path_building;
mod path_validation;
#[cfg(feature = "ring")]
mod ring_verification;
mod signed_object;
mod validity;

pub use auth_token::verify_signature;
pub use authentication_certificate::AuthenticationCertificate;
pub use certificate::Certificate;
pub use der::DateTime;
pub use der::asn1::ObjectIdentifier;
pub use distinguished_name::DistinguishedName;
pub use issuer_profile::{Assurance, IssuerProfiles, Level};
pub use sign_in::SignIn;
pub use statement::VerifiedStatement;
pub use token_failure::TokenFailure;
pub use token_verification::{RefusedToken, TokenVerifier, VerifiedToken};
pub use trust_pack::{TrustPack, TrustPacks};
pub use trust_store::TrustStore;
