//! Profiles: a card as declarative data, without raw commands.
//!
//! A profile says how to recognise the card, what it can carry, and either where its credentials are or that it describes
//! itself as ISO/IEC 7816-15. The format is TOML; `profiles/` holds those that are compiled in. A new card of a known
//! family is a new file.

use serde::Deserialize;

use crate::{
    file::FileLocation,
    layout::{CertificateLocation, Credential, KeyUse, Layout, Method, Order, PinObject, Role, StatusQuery},
    pin::PinFormat,
    tlv::Tag,
};

/// The profiles that are compiled in, most specific first.
const COMPILED_IN: &[(&str, &str)] = &[
    ("esteid-idemia", include_str!("../profiles/esteid-idemia.toml")),
    ("pkcs15", include_str!("../profiles/pkcs15.toml")),
];

/// The version of the format that this code reads.
const SCHEMA: u32 = 1;

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

/// How to recognise a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recognise {
    /// Application (DF name) that only these cards have.
    pub application: Vec<u8>,
    /// Answers to reset of known cards: only a hint which profile to try first.
    pub atr_hints: Vec<Vec<u8>>,
}

/// Length forms and sizes that a card can take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
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
    Fixed(Layout),
    /// The card says it (ISO/IEC 7816-15).
    Pkcs15(Pkcs15Quirks),
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

    /// Parses a profile.
    ///
    /// # Errors
    /// [`ProfileError`] with the place of the fault.
    pub fn parse(name: &str, text: &str) -> Result<Self, ProfileError> {
        let fault = |reason: String| ProfileError { profile: name.to_owned(), reason };
        let file: File = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
        if file.schema != SCHEMA {
            return Err(fault(format!("schema {} is not {SCHEMA}", file.schema)));
        }
        let recognise = Recognise {
            application: file.recognise.application.0,
            atr_hints: file.recognise.atr_hints.into_iter().map(|hint| hint.0).collect(),
        };
        let structure = match (file.pkcs15, file.credential.is_empty()) {
            (Some(quirks), true) => {
                Structure::Pkcs15(Pkcs15Quirks { empty_verify_is_free: quirks.empty_verify_is_free })
            }
            (None, false) => Structure::Fixed(Layout {
                profile: name.to_owned(),
                label: None,
                manufacturer: None,
                link: file.link,
                credentials: file
                    .credential
                    .into_iter()
                    .map(|entry| entry.into_credential(&recognise))
                    .collect(),
            }),
            _ => return Err(fault("either [pkcs15] or [[credential]] is needed, not both".into())),
        };
        if let Structure::Fixed(layout) = &structure
            && layout.credentials.iter().filter_map(|c| c.pin.as_ref()).any(|pin| !pin.format.is_sound())
        {
            return Err(fault("a PIN has lengths that do not fit each other".into()));
        }
        Ok(Self { name: name.to_owned(), title: file.title, recognise, link: file.link, structure })
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

// The file as it is written.

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    schema: u32,
    title: String,
    recognise: RecogniseEntry,
    link: Link,
    pkcs15: Option<Pkcs15Entry>,
    #[serde(default)]
    credential: Vec<CredentialEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct RecogniseEntry {
    application: Hex,
    #[serde(default)]
    atr_hints: Vec<Hex>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Pkcs15Entry {
    #[serde(default)]
    empty_verify_is_free: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CredentialEntry {
    role: Role,
    label: Option<String>,
    /// Path of the certificate from the recognised application.
    certificate_path: Hex,
    key: KeyEntry,
    pin: Option<PinEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct KeyEntry {
    application: Hex,
    reference: Option<u8>,
    #[serde(default)]
    order: Order,
    #[serde(default)]
    user_consent: bool,
    methods: Vec<Method>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PinEntry {
    label: Option<String>,
    format: PinFormat,
    status: Option<StatusEntry>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
enum StatusEntry {
    EmptyVerify,
    DataObject {
        /// The recognised application if absent.
        application: Option<Hex>,
        path: Vec<Hex>,
        left: Hex,
        maximum: Option<Hex>,
    },
}

impl CredentialEntry {
    fn into_credential(self, recognise: &Recognise) -> Credential {
        Credential {
            role: self.role,
            label: self.label,
            certificate: CertificateLocation::File(FileLocation {
                application: Some(recognise.application.clone()),
                path: self.certificate_path.0,
                part: None,
            }),
            key: KeyUse {
                directory: FileLocation::application(self.key.application.0),
                reference: self.key.reference,
                order: self.key.order,
                methods: self.key.methods,
                user_consent: self.key.user_consent,
            },
            pin: self.pin.map(|pin| PinObject {
                label: pin.label,
                format: pin.format,
                directory: None,
                status: pin.status.map_or(StatusQuery::None, |status| status.into_query(recognise)),
            }),
        }
    }
}

impl StatusEntry {
    fn into_query(self, recognise: &Recognise) -> StatusQuery {
        match self {
            Self::EmptyVerify => StatusQuery::EmptyVerify,
            Self::DataObject { application, path, left, maximum } => StatusQuery::DataObject {
                directory: FileLocation::application(
                    application.map_or_else(|| recognise.application.clone(), |application| application.0),
                ),
                path: path.iter().map(Hex::tag).collect(),
                left: left.tag(),
                maximum: maximum.as_ref().map(Hex::tag),
            },
        }
    }
}

/// Bytes written as hexadecimal digits.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
struct Hex(Vec<u8>);

impl Hex {
    fn tag(&self) -> Tag {
        Tag(self.0.iter().take(3).fold(0, |tag, byte| tag << 8 | u32::from(*byte)))
    }
}

impl TryFrom<String> for Hex {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not an even number of hexadecimal digits");
        if text.is_empty() || !text.is_ascii() || !text.len().is_multiple_of(2) {
            return Err(wrong());
        }
        let byte = |at: usize| text.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        (0..text.len()).step_by(2).map(byte).collect::<Option<Vec<u8>>>().map(Self).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::{Hash, SignatureAlgorithm};

    #[test]
    fn the_compiled_in_profiles_are_sound() {
        let profiles = Profile::compiled_in().unwrap();
        assert_eq!(profiles.len(), COMPILED_IN.len());
        let Structure::Fixed(esteid) = &profiles[0].structure else { panic!("EstEID is fixed") };
        let authentication = esteid.credential(Role::Authentication).unwrap();
        assert!(authentication.key.method(SignatureAlgorithm::Ecdsa(Hash::Sha384)).is_some());
        assert!(authentication.key.method(SignatureAlgorithm::RsaPkcs1(Hash::Sha256)).is_none());
    }

    #[test]
    fn a_fault_is_named_with_its_place() {
        let good = COMPILED_IN[0].1;
        for (from, to) in [
            ("schema = 1", "schema = 2"),
            ("[link]", "[linc]"),
            ("max-length = 12", "max-length = 100"),
            ("application = \"A0", "application = \"A"),
            ("application = \"A0", "application = \"XY"),
        ] {
            assert!(good.contains(from), "{from}");
            let error = Profile::parse("x", &good.replacen(from, to, 1)).unwrap_err();
            assert_eq!(error.profile, "x");
        }
        assert!(Profile::parse("x", &format!("{good}\n[pkcs15]\n")).is_err());
    }
}
