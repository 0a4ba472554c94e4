//! The order for a card: which make, whose, with which PINs, in which state.

use serde::Deserialize;

use crate::{
    card::Card,
    chip::Chip,
    person::Person,
    personality,
    pin::Pin,
    pki::{Pki, Variant},
    private_key::{KeyError, KeyKind},
    rules::{Protocol, StatusQuery},
};

/// A make of card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Personality {
    /// A card after ISO/IEC 7816-15 that no maker sells.
    Pkcs15,
    /// An Estonian identity card of 2018 (IDEMIA).
    Esteid,
}

/// How a PIN stands in a command of a PKCS#15 card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PinFormatName {
    /// ASCII, filled to 8 bytes with `FF`.
    #[default]
    AsciiFf,
    /// ASCII, filled to 8 bytes with `00`.
    #[serde(rename = "ascii-00")]
    Ascii00,
    /// ASCII, not filled.
    Ascii,
    /// Two digits per byte, filled to 8 bytes.
    Bcd,
    /// ISO 9564-1, format 2.
    #[serde(rename = "iso9564-2")]
    Iso9564Format2,
}

/// How the files of a PKCS#15 card are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// As ISO/IEC 7816-15 says, with all that the card can.
    #[default]
    Iso,
    /// As OpenSC's own tools write them: EC keys tell their field size and no algorithms; the card's hashing is not told.
    Opensc,
}

/// Life cycle of the whole card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifecycle {
    /// The PINs still are transport PINs.
    Transport,
    /// In use.
    #[default]
    Activated,
    /// PINs and PUK are blocked.
    Blocked,
}

/// Whose card it is: a known name, or a person in full.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Holder {
    /// One of [`Person::NAMES`].
    Named(String),
    /// Anybody.
    Person(Person),
}

impl Default for Holder {
    fn default() -> Self {
        Self::Named("amina".to_owned())
    }
}

/// The order for a card. Everything but the personality has a default.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CardSpec {
    /// The make.
    pub personality: Personality,
    /// The holder: `amina`.
    #[serde(default)]
    pub person: Holder,
    /// The PIN of the authentication key: `1234`.
    #[serde(default = "default_pin")]
    pub pin: Pin,
    /// The PIN of the signature key: `12345`.
    #[serde(default = "default_signature_pin")]
    pub signature_pin: Pin,
    /// The PUK: `12345678`.
    #[serde(default = "default_puk")]
    pub puk: Pin,
    /// The authentication certificate.
    #[serde(default)]
    pub certificate: Variant,
    /// The signature certificate.
    #[serde(default)]
    pub signature_certificate: Variant,
    /// Tries left of the authentication PIN, if not all.
    #[serde(default)]
    pub tries_left: Option<u8>,
    /// Tries left of the signature PIN, if not all.
    #[serde(default)]
    pub signature_tries_left: Option<u8>,
    /// Life cycle of the card.
    #[serde(default)]
    pub lifecycle: Lifecycle,
    /// PKCS#15 only: both keys, `p256`.
    #[serde(default)]
    pub key: Option<KeyKind>,
    /// PKCS#15 only: how PINs stand in commands.
    #[serde(default)]
    pub pin_format: Option<PinFormatName>,
    /// PKCS#15 only: the protocol of the ATR, `t1`.
    #[serde(default)]
    pub protocol: Option<Protocol>,
    /// PKCS#15 only: whether Lc and Le may be extended, yes.
    #[serde(default)]
    pub extended_length: Option<bool>,
    /// PKCS#15 only: what VERIFY without data does.
    #[serde(default)]
    pub status_query: Option<StatusQuery>,
    /// PKCS#15 only: whether files are longer than what is in them, filled with zeros, no.
    #[serde(default)]
    pub roomy_files: Option<bool>,
    /// PKCS#15 only: how the files are written.
    #[serde(default)]
    pub dialect: Option<Dialect>,
}

fn default_pin() -> Pin {
    Pin::of_digits("1234")
}

fn default_signature_pin() -> Pin {
    Pin::of_digits("12345")
}

fn default_puk() -> Pin {
    Pin::of_digits("12345678")
}

impl CardSpec {
    /// A card of this make with every default.
    #[must_use]
    pub fn new(personality: Personality) -> Self {
        Self {
            personality,
            person: Holder::default(),
            pin: default_pin(),
            signature_pin: default_signature_pin(),
            puk: default_puk(),
            certificate: Variant::Valid,
            signature_certificate: Variant::Valid,
            tries_left: None,
            signature_tries_left: None,
            lifecycle: Lifecycle::Activated,
            key: None,
            pin_format: None,
            protocol: None,
            extended_length: None,
            status_query: None,
            roomy_files: None,
            dialect: None,
        }
    }

    /// An Estonian identity card.
    #[must_use]
    pub fn esteid() -> Self {
        Self::new(Personality::Esteid)
    }

    /// A PKCS#15 card with keys of this kind.
    #[must_use]
    pub fn pkcs15(key: KeyKind) -> Self {
        Self { key: Some(key), ..Self::new(Personality::Pkcs15) }
    }

    /// The same card for one of [`Person::NAMES`].
    #[must_use]
    pub fn for_person(self, name: &str) -> Self {
        Self { person: Holder::Named(name.to_owned()), ..self }
    }

    /// The holder.
    ///
    /// # Errors
    /// [`SpecError::Person`] when nobody has that name.
    pub fn holder(&self) -> Result<Person, SpecError> {
        match &self.person {
            Holder::Person(person) => Ok(person.clone()),
            Holder::Named(name) => Person::named(name).ok_or_else(|| SpecError::Person(name.clone())),
        }
    }

    /// Makes the card: keys, certificates, files.
    ///
    /// # Errors
    /// [`SpecError`] when the order cannot be met.
    pub fn make(&self, pki: &Pki) -> Result<Card, SpecError> {
        let made = match self.personality {
            Personality::Esteid => {
                self.only_for_pkcs15()?;
                personality::esteid::make(self, pki)?
            }
            Personality::Pkcs15 => personality::pkcs15::make(self, pki)?,
        };
        Ok(Card::new(Chip::new(made.contents), made.certificates))
    }

    fn only_for_pkcs15(&self) -> Result<(), SpecError> {
        let given = [
            ("key", self.key.is_some()),
            ("pinFormat", self.pin_format.is_some()),
            ("protocol", self.protocol.is_some()),
            ("extendedLength", self.extended_length.is_some()),
            ("statusQuery", self.status_query.is_some()),
            ("roomyFiles", self.roomy_files.is_some()),
            ("dialect", self.dialect.is_some()),
        ];
        match given.iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(SpecError::OnlyForPkcs15(name)),
            None => Ok(()),
        }
    }
}

/// Why a card cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// Nobody has that name.
    #[error("nobody is called {0}; known are amina, youssef, zoe, maryam and tiziri")]
    Person(String),
    /// The field is for PKCS#15 cards only.
    #[error("{0} can be chosen for PKCS#15 cards only")]
    OnlyForPkcs15(&'static str),
    /// A PIN is shorter or longer than the card allows.
    #[error("the {0} is shorter or longer than the card allows")]
    PinLength(&'static str),
    /// A key or a certificate could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
}
