//! Cards that describe themselves (ISO/IEC 7816-15, PKCS#15): EF.DIR → ODF → keys, certificates, PINs, TokenInfo.
//!
//! | file | what it reads |
//! |---|---|
//! | [`ef_dir`] | EF.DIR: where the application is, if not under its own name |
//! | [`object_directory`] | EF.ODF: where the other directories are |
//! | [`object`] | what all objects share |
//! | [`private_key`] | PrKDF |
//! | [`certificate`] | CDF |
//! | [`authentication_object`] | AODF |
//! | [`biometric_template`] | what the AODF says of fingerprints |
//! | [`token_info`] | TokenInfo |
//! | [`object_walk`] | as much of PrKDF and CDF as cards need whose directories hold little else |

pub mod authentication_object;
pub mod biometric_template;
pub mod certificate;
pub mod ef_dir;
pub mod object;
pub mod object_directory;
pub mod object_walk;
pub mod private_key;
pub mod token_info;

mod discover;

pub use discover::Description;
pub use discover::{APPLICATION, discover};
pub(crate) use discover::{describe_by, discover_by_ef_dir, discover_in, read_directory};
