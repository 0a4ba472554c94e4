//! PIV cards (NIST SP 800-73-5): data objects under fixed names, keys under fixed references.
//!
//! | file | what it reads |
//! |---|---|
//! | [`certificate`] | the certificate inside its data object, compressed or not |
//! | [`discovery_object`] | which PIN the card prefers |
//! | [`general_authenticate`] | the command that signs |

pub mod certificate;
pub mod discovery_object;
pub mod general_authenticate;

mod discover;

pub use discover::{discover, read_certificate};

use crate::tlv::Tag;

/// Application identifier of the PIV card application (part 1, section 2.2).
pub const APPLICATION: [u8; 11] = [0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00];

/// A key with its certificate (part 1, tables 3 and 4b).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// 9A: signing in; the PIN once per session.
    Authentication,
    /// 9C: signing documents; the PIN before each use.
    Signature,
    /// 9D: opening what was encrypted; never used to sign.
    KeyManagement,
    /// 9E: the card itself, without a PIN, at doors; never used for a person.
    CardAuthentication,
}

impl Slot {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Authentication, Self::Signature, Self::KeyManagement, Self::CardAuthentication];

    /// Key reference, P2 of GENERAL AUTHENTICATE.
    #[must_use]
    pub const fn key_reference(self) -> u8 {
        match self {
            Self::Authentication => 0x9A,
            Self::Signature => 0x9C,
            Self::KeyManagement => 0x9D,
            Self::CardAuthentication => 0x9E,
        }
    }

    /// Name of the data object with its certificate.
    #[must_use]
    pub const fn certificate_object(self) -> Tag {
        Tag(match self {
            Self::Authentication => 0x5F_C105,
            Self::Signature => 0x5F_C10A,
            Self::KeyManagement => 0x5F_C10B,
            Self::CardAuthentication => 0x5F_C101,
        })
    }
}
