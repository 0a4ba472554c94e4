//! The order for a card: which make, whose, with which PINs, in which state.

mod choice;

use serde::Deserialize;

use crate::{
    card::Card,
    chip::Chip,
    icao::{
        mrz::{Form, Mrz, PersonalNumberField},
        order::DocumentOrder,
    },
    person::Person,
    personality,
    pin::Pin,
    pki::{Pki, Variant},
    private_key::{KeyError, KeyKind},
    rules::{Protocol, StatusQuery},
};

pub use choice::{
    Activation, Dialect, Generation, Hypothesis, Interface, Lifecycle, Personality, PinFormatName,
};

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
    /// PKCS#15 only: certificates of further signature keys, which the card lists after the first and opens with the same PIN.
    #[serde(default)]
    pub further_signature_certificates: Vec<Variant>,
    /// Tries left of the authentication PIN, if not all.
    #[serde(default)]
    pub tries_left: Option<u8>,
    /// Tries left of the signature PIN, if not all.
    #[serde(default)]
    pub signature_tries_left: Option<u8>,
    /// Life cycle of the card.
    #[serde(default)]
    pub lifecycle: Lifecycle,
    /// Of a card whose PINs still are transport PINs: how they are activated.
    #[serde(default)]
    pub activation: Option<Activation>,
    /// Of such a card: the value of the transport PINs, which may be shorter than a PIN; otherwise that of the PIN.
    #[serde(default)]
    pub transport_pin: Option<Pin>,
    /// Which generation: `idemia` (Estonian), `v4` (Finnish), `v2` (Bahraini).
    #[serde(default)]
    pub generation: Option<Generation>,
    /// PIV only: the PIN of the whole card; without it the card has none.
    #[serde(default)]
    pub global_pin: Option<Pin>,
    /// Cards with a travel document: what is ordered of it.
    #[serde(default)]
    pub document: Option<DocumentOrder>,
    /// Second Moroccan generation: which hypothesis, `icao-only`.
    #[serde(default)]
    pub hypothesis: Option<Hypothesis>,
    /// Second Moroccan generation, Bahraini from 2025 on and undescribed cards: what identifiers, references and PIN lengths
    /// are drawn from, 0.
    #[serde(default)]
    pub seed: Option<u64>,
    /// The interface: of IAS ECC `contact`; of a travel document `contactless`, and with `contact` what is beside it can be
    /// used without PACE.
    #[serde(default)]
    pub interface: Option<Interface>,
    /// PKCS#15, PIV, IAS ECC, Latvian: all keys, `p256` (Latvian: `rsa-2048`). PKCS#15 has every kind; IAS ECC all but the one for
    /// RSASSA-PSS alone.
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
    /// PKCS#15, IAS ECC, second Moroccan generation: whether the signature key signs any number of times after one entry of its
    /// PIN, no.
    #[serde(default)]
    pub signs_many: Option<bool>,
    /// PKCS#15 only: the number of the finger that the card takes in place of the PIN, of which it then has the template.
    #[serde(default)]
    pub finger: Option<u8>,
    /// Of such a card: whether its lists name the finger as the one guard of the key to sign in with, no. The card takes the PIN all
    /// the same, so that a client that presents it is found out.
    #[serde(default)]
    pub finger_only: Option<bool>,
    /// PKCS#15 only: the card has no key to sign in with, only the one for documents.
    #[serde(default)]
    pub one_key: Option<bool>,
    /// PKCS#15 only: whether the card signs with every algorithm that fits its keys, SHA-3 among them, no.
    #[serde(default)]
    pub every_algorithm: Option<bool>,
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
            further_signature_certificates: Vec::new(),
            tries_left: None,
            signature_tries_left: None,
            lifecycle: Lifecycle::Activated,
            activation: None,
            transport_pin: None,
            generation: None,
            global_pin: None,
            document: None,
            hypothesis: None,
            seed: None,
            interface: None,
            key: None,
            pin_format: None,
            protocol: None,
            extended_length: None,
            status_query: None,
            roomy_files: None,
            dialect: None,
            signs_many: None,
            finger: None,
            finger_only: None,
            one_key: None,
            every_algorithm: None,
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

    /// A second-generation Moroccan card under this hypothesis, drawn from this seed.
    #[must_use]
    pub fn cnie_2(hypothesis: Hypothesis, seed: u64) -> Self {
        Self { hypothesis: Some(hypothesis), seed: Some(seed), ..Self::new(Personality::Cnie2) }
    }

    /// The same card with this order for its travel document.
    #[must_use]
    pub fn with_document(self, document: DocumentOrder) -> Self {
        Self { document: Some(document), ..self }
    }

    /// Has the card a travel document?
    #[must_use]
    pub fn has_document(&self) -> bool {
        use Personality::{Bahrain2025, Cnie2, Eac2, PassportBac};
        [PassportBac, Bahrain2025, Cnie2, Eac2].contains(&self.personality)
    }

    /// The card access number of a card with a travel document.
    #[must_use]
    pub fn can(&self) -> Pin {
        let ordered = self.document.as_ref().and_then(|document| document.can.clone());
        ordered.unwrap_or_else(|| Pin::of_digits("123456"))
    }

    /// The machine readable zone of a card with a travel document.
    ///
    /// # Errors
    /// [`SpecError::Person`] when nobody has that name.
    pub fn mrz(&self) -> Result<Mrz, SpecError> {
        let form = match self.personality {
            Personality::PassportBac => Form::Td3,
            _ => Form::Td1,
        };
        Ok(Mrz::with_number(&self.holder()?, form, self.number_in_zone()))
    }

    /// Where the zone holds the number of the person. That it is somewhere in the zone is said of both cards; in which field is not
    /// public, so it is drawn from the seed.
    fn number_in_zone(&self) -> PersonalNumberField {
        match self.personality {
            Personality::Bahrain2025 | Personality::Cnie2 => {
                personality::drawn::number_in_zone(self.seed.unwrap_or(0))
            }
            _ => PersonalNumberField::None,
        }
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
        let usual = |pin, signature_pin| Pins {
            pin: Pin::of_digits(pin),
            signature_pin: Pin::of_digits(signature_pin),
            puk: Pin::of_digits("12345678"),
        };
        let Pins { pin, signature_pin, puk } = match self.personality {
            Personality::Piv => usual("123456", "123456"),
            Personality::Fineid | Personality::Lateid => usual("1234", "123456"),
            Personality::Bahrain2025 | Personality::Cnie2 => personality::drawn::pins(self.seed.unwrap_or(0)),
            _ => usual("1234", "12345"),
        };
        Pins {
            pin: self.pin.clone().unwrap_or(pin),
            signature_pin: self.signature_pin.clone().unwrap_or(signature_pin),
            puk: self.puk.clone().unwrap_or(puk),
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
            Personality::Undescribed => personality::undescribed::make(self, pki)?,
            Personality::PassportBac => personality::passport_bac::make(self)?,
            Personality::Bahrain2025 => personality::bahrain_2025::make(self, pki)?,
            Personality::Cnie2 => personality::cnie_2::make(self, pki)?,
            Personality::Eac2 => personality::eac_2::make(self)?,
        };
        Ok(Card::new(Chip::new(made.contents), made.certificates))
    }

    /// A field that the make does not know is a mistake of whoever orders.
    fn check_fields(&self) -> Result<(), SpecError> {
        use Personality::{
            Bahrain2016, Bahrain2025, Cnie2, Eac2, Esteid, Fineid, Iasecc, Lateid, PassportBac, Piv, Pkcs15,
            Undescribed,
        };
        let given: [(&str, bool, &[Personality]); 19] = [
            ("key", self.key.is_some(), &[Pkcs15, Piv, Iasecc, Lateid, Bahrain2025, Cnie2]),
            ("key", self.key == Some(KeyKind::Rsa2048Pss), &[Pkcs15]),
            ("document", self.document.is_some(), &[PassportBac, Bahrain2025, Cnie2, Eac2]),
            ("hypothesis", self.hypothesis.is_some(), &[Cnie2]),
            ("seed", self.seed.is_some(), &[Bahrain2025, Cnie2, Undescribed]),
            ("generation", self.generation.is_some(), &[Esteid, Fineid, Bahrain2016]),
            ("globalPin", self.global_pin.is_some(), &[Piv]),
            ("interface", self.interface.is_some(), &[Iasecc, Bahrain2025, Cnie2]),
            ("pinFormat", self.pin_format.is_some(), &[Pkcs15]),
            ("protocol", self.protocol.is_some(), &[Pkcs15]),
            (
                "extendedLength",
                self.extended_length.is_some(),
                &[Pkcs15, PassportBac, Bahrain2025, Cnie2, Eac2],
            ),
            ("statusQuery", self.status_query.is_some(), &[Pkcs15]),
            ("roomyFiles", self.roomy_files.is_some(), &[Pkcs15]),
            ("dialect", self.dialect.is_some(), &[Pkcs15]),
            ("furtherSignatureCertificates", !self.further_signature_certificates.is_empty(), &[Pkcs15]),
            ("finger", self.finger.is_some(), &[Pkcs15]),
            ("fingerOnly", self.finger_only.is_some(), &[Pkcs15]),
            ("oneKey", self.one_key.is_some(), &[Pkcs15]),
            ("everyAlgorithm", self.every_algorithm.is_some(), &[Pkcs15]),
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
    /// There is no such way to run PACE.
    #[error("there is no such protocol as number {0} of those ordered for PACE")]
    NoSuchProtocol(usize),
    /// A key or a certificate could not be made.
    #[error(transparent)]
    Key(#[from] KeyError),
}
