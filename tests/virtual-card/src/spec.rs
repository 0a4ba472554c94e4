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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Personality {
    /// A card after ISO/IEC 7816-15 that no maker sells.
    Pkcs15,
    /// An Estonian identity card of 2018 (IDEMIA), or of 2025 (Thales).
    Esteid,
    /// A Finnish identity card (Thales).
    Fineid,
    /// A Latvian identity card of 2019 (IDEMIA).
    Lateid,
    /// A PIV card (NIST SP 800-73-5) that no maker sells.
    Piv,
    /// A card after IAS ECC (CEN TS 15480) that no maker sells.
    Iasecc,
    /// A Bahraini identity card of the years before 2025: the data files of a GCC card.
    #[serde(rename = "bahrain-2016")]
    #[value(name = "bahrain-2016")]
    Bahrain2016,
    /// A card that opens with an issuer's key: a construct of the tests, not the first Moroccan card.
    #[serde(rename = "cnie-1")]
    #[value(name = "cnie-1")]
    Cnie1,
}

/// Which generation of a make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Generation {
    /// Estonian: 2018, by IDEMIA.
    Idemia,
    /// Estonian: 2025, by Thales.
    Thales,
    /// Bahraini: version 1.
    V1,
    /// Bahraini: version 2.1.
    V2,
    /// Finnish: specification 3.1.
    V3,
    /// Finnish: specification 4.0. Bahraini: version 4.
    V4,
}

/// Through which interface of the card the reader talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interface {
    /// Contacts.
    #[default]
    Contact,
    /// Radio.
    Contactless,
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
    /// The PIN of the authentication key: `1234`, on a PIV card `123456`.
    #[serde(default)]
    pub pin: Option<Pin>,
    /// The PIN of the signature key: `12345`, where it has to be longer `123456`.
    #[serde(default)]
    pub signature_pin: Option<Pin>,
    /// The PUK: `12345678`.
    #[serde(default)]
    pub puk: Option<Pin>,
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
    /// Which generation: `idemia` (Estonian), `v4` (Finnish), `v2` (Bahraini).
    #[serde(default)]
    pub generation: Option<Generation>,
    /// PIV only: the PIN of the whole card; without it the card has none.
    #[serde(default)]
    pub global_pin: Option<Pin>,
    /// IAS ECC only: the interface, `contact`.
    #[serde(default)]
    pub interface: Option<Interface>,
    /// PKCS#15, PIV, IAS ECC, Latvian: all keys, `p256` (Latvian: `rsa-2048`).
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

/// The PINs of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pins {
    /// Of the authentication key.
    pub pin: Pin,
    /// Of the signature key.
    pub signature_pin: Pin,
    /// The PUK.
    pub puk: Pin,
}

impl CardSpec {
    /// A card of this make with every default.
    #[must_use]
    pub fn new(personality: Personality) -> Self {
        Self {
            personality,
            person: Holder::default(),
            pin: None,
            signature_pin: None,
            puk: None,
            certificate: Variant::Valid,
            signature_certificate: Variant::Valid,
            tries_left: None,
            signature_tries_left: None,
            lifecycle: Lifecycle::Activated,
            generation: None,
            global_pin: None,
            interface: None,
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

    /// A PIV card with keys of this kind.
    #[must_use]
    pub fn piv(key: KeyKind) -> Self {
        Self { key: Some(key), ..Self::new(Personality::Piv) }
    }

    /// An IAS ECC card with keys of this kind.
    #[must_use]
    pub fn iasecc(key: KeyKind) -> Self {
        Self { key: Some(key), ..Self::new(Personality::Iasecc) }
    }

    /// A card of this make and generation.
    #[must_use]
    pub fn of_generation(personality: Personality, generation: Generation) -> Self {
        Self { generation: Some(generation), ..Self::new(personality) }
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

    /// The PINs as ordered, or the shortest easy ones that the make allows.
    #[must_use]
    pub fn pins(&self) -> Pins {
        let (pin, signature_pin) = match self.personality {
            Personality::Piv => ("123456", "123456"),
            Personality::Fineid | Personality::Lateid => ("1234", "123456"),
            _ => ("1234", "12345"),
        };
        Pins {
            pin: self.pin.clone().unwrap_or_else(|| Pin::of_digits(pin)),
            signature_pin: self.signature_pin.clone().unwrap_or_else(|| Pin::of_digits(signature_pin)),
            puk: self.puk.clone().unwrap_or_else(|| Pin::of_digits("12345678")),
        }
    }

    /// Makes the card: keys, certificates, files.
    ///
    /// # Errors
    /// [`SpecError`] when the order cannot be met.
    pub fn make(&self, pki: &Pki) -> Result<Card, SpecError> {
        self.check_fields()?;
        let made = match self.personality {
            Personality::Esteid if self.generation == Some(Generation::Thales) => {
                personality::thales::make(self, pki)?
            }
            Personality::Esteid => personality::esteid::make(self, pki)?,
            Personality::Fineid => personality::thales::make(self, pki)?,
            Personality::Lateid => personality::lateid::make(self, pki)?,
            Personality::Piv => personality::piv::make(self, pki)?,
            Personality::Iasecc => personality::iasecc::make(self, pki)?,
            Personality::Bahrain2016 => personality::bahrain_2016::make(self, pki)?,
            Personality::Cnie1 => personality::cnie_1::make(self, pki)?,
            Personality::Pkcs15 => personality::pkcs15::make(self, pki)?,
        };
        Ok(Card::new(Chip::new(made.contents), made.certificates))
    }

    /// A field that the make does not know is a mistake of whoever orders.
    fn check_fields(&self) -> Result<(), SpecError> {
        use Personality::{Bahrain2016, Esteid, Fineid, Iasecc, Lateid, Piv, Pkcs15};
        let given: [(&str, bool, &[Personality]); 10] = [
            ("key", self.key.is_some(), &[Pkcs15, Piv, Iasecc, Lateid]),
            ("generation", self.generation.is_some(), &[Esteid, Fineid, Bahrain2016]),
            ("globalPin", self.global_pin.is_some(), &[Piv]),
            ("interface", self.interface.is_some(), &[Iasecc]),
            ("pinFormat", self.pin_format.is_some(), &[Pkcs15]),
            ("protocol", self.protocol.is_some(), &[Pkcs15]),
            ("extendedLength", self.extended_length.is_some(), &[Pkcs15]),
            ("statusQuery", self.status_query.is_some(), &[Pkcs15]),
            ("roomyFiles", self.roomy_files.is_some(), &[Pkcs15]),
            ("dialect", self.dialect.is_some(), &[Pkcs15]),
        ];
        let wrong = given.iter().find(|(_, given, makes)| *given && !makes.contains(&self.personality));
        match (wrong, self.generation_fits()) {
            (Some((name, ..)), _) => Err(SpecError::NotForThisMake(name)),
            (None, false) => Err(SpecError::NotForThisMake("generation")),
            (None, true) => Ok(()),
        }
    }

    fn generation_fits(&self) -> bool {
        match (self.personality, self.generation) {
            (_, None) => true,
            (Personality::Esteid, Some(generation)) => {
                matches!(generation, Generation::Idemia | Generation::Thales)
            }
            (Personality::Fineid, Some(generation)) => matches!(generation, Generation::V3 | Generation::V4),
            (Personality::Bahrain2016, Some(generation)) => {
                matches!(generation, Generation::V1 | Generation::V2 | Generation::V4)
            }
            _ => false,
        }
    }
}

/// Why a card cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SpecError {
    /// Nobody has that name.
    #[error("nobody is called {0}; known are amina, youssef, zoe, maryam and tiziri")]
    Person(String),
    /// The make does not have the field, or not this value of it.
    #[error("{0} cannot be chosen so for this make of card")]
    NotForThisMake(&'static str),
    /// A PIN is shorter or longer than the card allows.
    #[error("the {0} is shorter or longer than the card allows")]
    PinLength(&'static str),
    /// A key or a certificate could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
}
