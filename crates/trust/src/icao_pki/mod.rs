//! The public-key infrastructure of travel documents (ICAO Doc 9303-12): certificates, revocation lists and signatures as
//! countries issue them.
//!
//! They are read here and not by [`certificate`](crate::certificate), because documents live for ten years and more: their
//! issuers write curves out instead of naming them, sign with hashes and on curves that nobody would begin to use today, spell
//! a name one way in a certificate and another way in what it signs, and break rules of DER that a strict parser insists on.
//! What a signature covers is taken as it was received and never encoded again, so reading with patience loses nothing.
//!
//! | module | what it knows |
//! |---|---|
//! | [`certificate`] | certificates of authorities (CSCA), document signers and master list signers |
//! | [`distinguished_name`] | when two names are the same |
//! | [`revocation_list`] | revocation lists of an authority |
//! | [`public_key`], [`signature_scheme`] | keys, and signatures that they verify |

pub mod certificate;
pub mod distinguished_name;
pub mod public_key;
pub mod revocation_list;
pub mod signature_scheme;

mod certificate_extensions;
mod cms_signer;
mod emsa;
mod fields;
mod signed_attributes;
mod signed_structure;
mod validity_time;

pub use certificate::IcaoCertificate;
pub(crate) use cms_signer::{Signer, SignerFault};
pub use distinguished_name::IcaoName;
pub use fields::FormatError;
pub(crate) use fields::{Fields, INTEGER, SEQUENCE, SET, without_leading_zeros};
pub use public_key::{IcaoKey, IcaoKeyError};
pub use revocation_list::{RevocationList, Revoked};
pub use signature_scheme::{IcaoScheme, IcaoSignatureError};
