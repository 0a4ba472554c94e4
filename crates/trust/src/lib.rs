//! Who can be believed: sign-in tokens, certificates, certification paths, issuer profiles.
//!
//! Pure: no clock, file or socket. The caller brings the time, the trust anchors and whatever was fetched, so the same
//! code runs in the browser, in a portal's server and on the command line.
//!
//! | module | what it answers |
//! |---|---|
//! | [`auth_token`] | did the key of this certificate sign this origin and challenge? |
//! | [`authentication_certificate`] | what does the certificate say about its holder? |
#![forbid(unsafe_code)]

pub mod auth_token;
pub mod authentication_certificate;
pub mod certificate;
pub mod certificate_signature;
pub mod distinguished_name;
pub mod oid;
pub mod public_key;
pub mod qualified_statements;

pub use auth_token::verify_signature;
pub use authentication_certificate::AuthenticationCertificate;
pub use certificate::Certificate;
pub use der::DateTime;
pub use der::asn1::ObjectIdentifier;
pub use distinguished_name::DistinguishedName;
