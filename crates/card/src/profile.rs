//! Profiles: a card as declarative data, without raw commands.
//!
//! A profile says how to recognise the card, what it can carry, and either where its credentials are or in which standard's
//! way it describes itself. The format is TOML (`profiles/profile.schema.json`); `profiles/` holds those that are compiled
//! in, others come from a folder that only the administrator writes to. A new card of a known family is a new file:
//! `docs/add-a-card.md`.

use serde::Deserialize;

use crate::{
    atr_pattern::AtrPattern,
    file::FileLocation,
    layout::{Layout, Role},
};

/// The profiles that are compiled in, most specific first.
const COMPILED_IN: &[(&str, &str)] = &[
    ("lateid-v2", include_str!("../profiles/lateid-v2.toml")),
    ("esteid-idemia", include_str!("../profiles/esteid-idemia.toml")),
    ("fineid-v3", include_str!("../profiles/fineid-v3.toml")),
    ("fineid-v4", include_str!("../profiles/fineid-v4.toml")),
    ("esteid-thales", include_str!("../profiles/esteid-thales.toml")),
    ("ias-ecc", include_str!("../profiles/ias-ecc.toml")),
    ("pkcs15", include_str!("../profiles/pkcs15.toml")),
    ("piv", include_str!("../profiles/piv.toml")),
];

/// Most bytes of a profile.
pub const MAX_TEXT: usize = 64 * 1024;
/// Most characters of a profile's name.
const MAX_NAME: usize = 64;

/// A card as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name, for evidence and diagnostics.
    pub name: String,
    /// How the card is called.
    pub title: String,
    /// How to recognise it.
    pub recognise: Recognise,
    /// Length forms that the card can take.
    pub link: Link,
    /// Where its credentials are.
    pub structure: Structure,
}

/// How to recognise a card: everything that is named must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognise {
    /// Application (DF name) that these cards have.
    pub application: Vec<u8>,
    /// Files that these cards have, and others with the same application do not.
    pub files: Vec<FileLocation>,
    /// Files that must be there as well where the answer to reset is not one of the hints.
    pub files_without_hint: Vec<FileLocation>,
    /// Bytes that occur in EF.DIR.
    pub ef_dir: Vec<Vec<u8>>,
    /// Answers to reset of known cards: only a hint which profile to try first.
    pub atr_hints: Vec<AtrPattern>,
}

/// Length forms and sizes that a card can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Link {
    /// Whether it understands extended length (ISO/IEC 7816-4, section 5.1).
    pub extended_length: bool,
    /// Whether it understands command chaining (section 5.3.3).
    pub chaining: bool,
    /// Most data bytes in one of its answers.
    pub max_response: usize,
}

impl Link {
    /// What every card can take: used until the card is known.
    pub const CAUTIOUS: Self = Self { extended_length: false, chaining: false, max_response: 256 };
}

/// Where a card's credentials are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Structure {
    /// The profile says it.
    Fixed {
        /// What it says.
        layout: Layout,
        /// Credentials whose certificate, key reference and kind of key are then taken from the PKCS#15 objects in the
        /// application of their key.
        from_objects: Vec<Role>,
    },
    /// The card says it (ISO/IEC 7816-15).
    Pkcs15(Pkcs15Quirks),
    /// The standard says it (NIST SP 800-73).
    Piv,
    /// The card says it (ISO/IEC 7816-15), and signs as IAS ECC has it.
    IasEcc {
        /// Further applications of the family, tried after the recognised one.
        applications: Vec<Vec<u8>>,
    },
}

/// What a profile knows of a card that describes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pkcs15Quirks {
    /// VERIFY without data tells the tries left and costs none.
    pub empty_verify_is_free: bool,
}

impl Profile {
    /// The profiles that are compiled in.
    ///
    /// # Errors
    /// [`ProfileError`]; a test proves that it does not happen.
    pub fn compiled_in() -> Result<Vec<Self>, ProfileError> {
        COMPILED_IN.iter().map(|(name, text)| Self::parse(name, text)).collect()
    }

    /// A profile from the administrator's folder. The caller has read the file and checked who may write to it.
    ///
    /// # Errors
    /// [`ProfileError`] with the place of the fault; also for a name that is not of small letters, digits and hyphens, for the
    /// name of a profile that is compiled in, which nobody replaces unawares, and for more text than any profile has.
    pub fn load(name: &str, text: &str) -> Result<Self, ProfileError> {
        let fault = |reason: &str| {
            Err(ProfileError { profile: name.chars().take(MAX_NAME).collect(), reason: reason.to_owned() })
        };
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > MAX_NAME || !name.chars().all(is_plain) {
            return fault("its name is not of small letters, digits and hyphens");
        }
        if COMPILED_IN.iter().any(|(compiled_in, _)| *compiled_in == name) {
            return fault("a profile of this name is compiled in; another name goes before it");
        }
        if text.len() > MAX_TEXT {
            return fault("it is too long");
        }
        Self::parse(name, text)
    }

    /// Loaded profiles, then those that are compiled in: what an administrator says of a card goes first.
    ///
    /// # Errors
    /// As [`compiled_in`](Self::compiled_in).
    pub fn before_compiled_in(loaded: Vec<Self>) -> Result<Vec<Self>, ProfileError> {
        let mut all = loaded;
        all.extend(Self::compiled_in()?);
        Ok(all)
    }
}

/// Why a profile cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("profile {profile}: {reason}")]
pub struct ProfileError {
    /// Its name.
    pub profile: String,
    /// What is wrong, and where.
    pub reason: String,
}
