//! Who can be believed: sign-in tokens, certificates, certification paths, issuer profiles.
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
//! | [`authentication_certificate`] | what does the certificate say about its holder? |
//! | [`certification_path`] | does a path lead from a certificate to an anchor? |
//! | [`issuer_profile`] | what must be true of an issuer's certificates, and which level do they prove? |
//! | [`trust_store`], [`pem_bundle`], [`issuer_profile_file`] | the anchors and profiles, and how they are read |
//! | [`revocation`] | was a certificate withdrawn, and who says so? |
//! | [`chain_verification`] | does a certificate hold, whatever it is for? |
#![forbid(unsafe_code)]

pub mod auth_token;
pub mod authentication_certificate;
pub mod certificate;
pub mod certificate_signature;
pub mod certification_path;
pub mod chain_verification;
pub mod distinguished_name;
pub mod issuer_profile;
pub mod issuer_profile_file;
pub mod oid;
pub mod pem_bundle;
pub mod public_key;
pub mod qualified_statements;
pub mod revocation;
pub mod signature_scheme;
pub mod token_failure;
pub mod token_verification;
pub mod trust_store;
pub mod verification_report;

mod early_validity;
mod explicit_parameters;
mod path_building;
mod path_validation;
mod signed_object;
mod validity;

pub use auth_token::verify_signature;
pub use authentication_certificate::AuthenticationCertificate;
pub use certificate::Certificate;
pub use der::DateTime;
pub use der::asn1::ObjectIdentifier;
pub use distinguished_name::DistinguishedName;
pub use issuer_profile::{Assurance, IssuerProfiles, Level};
pub use token_failure::TokenFailure;
pub use token_verification::{RefusedToken, TokenVerifier, VerifiedToken};
pub use trust_store::TrustStore;
