//! The profile as it is written: TOML, version 1. `profiles/profile.schema.json` is made from these types.

mod hexadecimal_values;
mod pin_entry;

use serde::Deserialize;

use crate::{
    access_rule::AccessRule,
    file::FileLocation,
    layout::{CertificateLocation, Credential, KeyUse, Layout, Method, Operation, Order, Role},
    profile::{Link, Pkcs15Quirks, Profile, ProfileError, Recognise, Structure},
    signature::{Hash, Input, Scheme},
};

use hexadecimal_values::{Aid, AtrHint, Hex};
pub(crate) use hexadecimal_values::{FilePath, TagEntry};
use pin_entry::PinEntry;

/// The version of the format that this code reads.
const SCHEMA: u32 = 1;
/// Most entries of any list.
const MAX_ENTRIES: usize = 32;

/// A profile file.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    /// Version of this format: 1.
    schema: u32,
    /// How the card is called.
    title: String,
    recognise: RecogniseEntry,
    link: Link,
    /// The card describes itself after ISO/IEC 7816-15.
    pkcs15: Option<Pkcs15Entry>,
    /// The card is a PIV card (NIST SP 800-73).
    piv: Option<PivEntry>,
    /// The card describes itself after ISO/IEC 7816-15 and signs after IAS ECC (CEN/TS 15480).
    ias_ecc: Option<IasEccEntry>,
    /// Keys with their certificates and PINs, where none of the above says it.
    #[serde(default)]
    credential: Vec<CredentialEntry>,
}

/// How to recognise the card: everything named must be there, but for the answers to reset.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RecogniseEntry {
    /// Application (DF name) that these cards have.
    application: Aid,
    /// Paths of files that these cards have and others with the same application do not: absolute if they start with 3F00,
    /// else from the application.
    #[serde(default)]
    files: Vec<FileEntry>,
    /// The same, where the answer to reset is not one of the hints: spares the usual card a command.
    #[serde(default)]
    files_without_hint: Vec<FileEntry>,
    /// Bytes that occur in EF.DIR.
    #[serde(default)]
    ef_dir: Vec<Hex>,
    /// Answers to reset of known cards, `..` for any byte: only a hint which profile to try first.
    #[serde(default)]
    atr_hints: Vec<AtrHint>,
}

/// A file that must be there.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
enum FileEntry {
    /// In the recognised application.
    Path(FilePath),
    /// In another one.
    In(FileIn),
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct FileIn {
    application: Aid,
    path: FilePath,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Pkcs15Entry {
    /// VERIFY without data tells the tries left and costs none: say so only if the maker does.
    #[serde(default)]
    empty_verify_is_free: bool,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct PivEntry {}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct IasEccEntry {
    /// Further applications to try after the recognised one.
    #[serde(default)]
    applications: Vec<Aid>,
}

/// A key with its certificate and PIN.
#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct CredentialEntry {
    role: Role,
    label: Option<String>,
    /// Path of the certificate, from the recognised application unless it starts with 3F00.
    certificate_path: Option<FilePath>,
    /// Certificate, kind of key and key reference come from the PKCS#15 objects in the application of the key; instead of
    /// `certificate-path`. `key.reference` then holds where they do not say it, and of `key.methods` those count that fit
    /// the kind of key.
    #[serde(default)]
    from_objects: bool,
    key: KeyEntry,
    pin: Option<PinEntry>,
}

#[derive(Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct KeyEntry {
    /// Application that is selected before PIN and key are used.
    application: Aid,
    /// Key reference for MANAGE SECURITY ENVIRONMENT (data object 84).
    reference: Option<u8>,
    #[serde(default)]
    order: Order,
    /// The card wants the PIN again before each use.
    #[serde(default)]
    user_consent: bool,
    /// The ways the key can sign, best first.
    methods: Vec<Method>,
}

impl Profile {
    /// Parses a profile.
    ///
    /// # Errors
    /// [`ProfileError`] with the place of the fault.
    pub fn parse(name: &str, text: &str) -> Result<Self, ProfileError> {
        let fault = |reason: String| ProfileError { profile: name.to_owned(), reason };
        let file: File = toml::from_str(text).map_err(|error| fault(error.to_string()))?;
        file.into_profile(name).map_err(|reason| fault(reason.to_owned()))
    }
}

impl File {
    fn into_profile(self, name: &str) -> Result<Profile, &'static str> {
        if self.schema != SCHEMA {
            return Err("the schema is not 1");
        }
        let lists = [
            self.recognise.files.len(),
            self.recognise.files_without_hint.len(),
            self.recognise.ef_dir.len(),
            self.recognise.atr_hints.len(),
            self.credential.len(),
        ];
        if lists.iter().any(|length| *length > MAX_ENTRIES) {
            return Err("a list is too long");
        }
        if !(1..=65_536).contains(&self.link.max_response) {
            return Err("max-response is not between 1 and 65536");
        }
        let link = self.link;
        let recognise = self.recognise.into_recognise();
        let structure = match (self.pkcs15, self.piv, self.ias_ecc, self.credential) {
            (Some(quirks), None, None, none) if none.is_empty() => {
                Structure::Pkcs15(Pkcs15Quirks { empty_verify_is_free: quirks.empty_verify_is_free })
            }
            (None, Some(PivEntry {}), None, none) if none.is_empty() => Structure::Piv,
            (None, None, Some(family), none) if none.is_empty() => {
                Structure::IasEcc { applications: family.applications.into_iter().map(|aid| aid.0).collect() }
            }
            (None, None, None, credentials) if !credentials.is_empty() => {
                fixed(name, link, &recognise.application, credentials)?
            }
            _ => return Err("exactly one of [pkcs15], [piv], [ias-ecc] and [[credential]] is needed"),
        };
        Ok(Profile { name: name.to_owned(), title: self.title, recognise, link, structure })
    }
}

fn fixed(
    name: &str,
    link: Link,
    application: &[u8],
    entries: Vec<CredentialEntry>,
) -> Result<Structure, &'static str> {
    let from_objects = entries.iter().filter(|entry| entry.from_objects).map(|entry| entry.role).collect();
    let credentials: Result<Vec<_>, _> =
        entries.into_iter().map(|entry| entry.into_credential(application)).collect();
    let layout = Layout {
        profile: name.to_owned(),
        label: None,
        manufacturer: None,
        link,
        credentials: credentials?,
        opened: None,
    };
    Ok(Structure::Fixed { layout, from_objects })
}

impl RecogniseEntry {
    pub(crate) fn into_recognise(self) -> Recognise {
        let application = self.application.0;
        let located = |files: Vec<FileEntry>| {
            let located = files.into_iter().map(|file| {
                let (application, path) = match file {
                    FileEntry::Path(path) => (application.clone(), path),
                    FileEntry::In(FileIn { application, path }) => (application.0, path),
                };
                FileLocation { application: Some(application), path: path.0, part: None }
            });
            located.collect()
        };
        Recognise {
            files: located(self.files),
            files_without_hint: located(self.files_without_hint),
            ef_dir: self.ef_dir.into_iter().map(|bytes| bytes.0).collect(),
            atr_hints: self.atr_hints.into_iter().map(|hint| hint.0).collect(),
            application,
        }
    }
}

impl CredentialEntry {
    fn into_credential(self, recognised: &[u8]) -> Result<Credential, &'static str> {
        if self.key.methods.is_empty() || self.key.methods.len() > MAX_ENTRIES {
            return Err("a key has no methods, or too many");
        }
        self.key.methods.iter().try_for_each(check_method)?;
        let sound = |pin: &PinEntry| {
            pin.format.is_sound()
                && pin.unblocking.as_ref().is_none_or(|unblocking| unblocking.puk.is_sound())
        };
        if !self.pin.as_ref().is_none_or(sound) {
            return Err("a PIN has lengths that do not fit each other");
        }
        let certificate = match (self.certificate_path, self.from_objects) {
            (Some(path), false) => {
                FileLocation { application: Some(recognised.to_vec()), path: path.0, part: None }
            }
            // until the objects are read
            (None, true) => FileLocation::application(self.key.application.0.clone()),
            _ => return Err("a credential needs either certificate-path or from-objects"),
        };
        let pin = self.pin.map(|pin| pin.into_object(recognised)).transpose()?;
        Ok(Credential {
            role: self.role,
            label: self.label,
            certificate: CertificateLocation::File(certificate),
            key: KeyUse {
                directory: FileLocation::application(self.key.application.0),
                reference: self.key.reference,
                order: self.key.order,
                methods: self.key.methods,
                user_consent: self.key.user_consent,
                access: AccessRule::default(),
            },
            pin,
            biometrics: Vec::new(),
        })
    }
}

/// Refuses combinations that no card has, and inputs without bound.
fn check_method(method: &Method) -> Result<(), &'static str> {
    let is_piv = method.operation == Operation::GeneralAuthenticate;
    if is_piv != (method.input == Input::EncodedMessage) {
        return Err("general-authenticate and encoded-message go together, and only there");
    }
    if is_piv && method.reference.is_some() {
        return Err("the algorithm of general-authenticate follows from the key");
    }
    let hashes_sha256 = method.operation == Operation::HashThenSign && method.hash == Some(Hash::Sha256);
    if method.input.needs_message() && !hashes_sha256 {
        return Err("last-round is an input of hash-then-sign with sha256");
    }
    match method.input {
        Input::DigestOfLength { bytes } if !(1..=128).contains(&bytes) => {
            Err("digest-of-length is not between 1 and 128 bytes")
        }
        Input::DigestInfo if method.scheme != Scheme::RsaPkcs1 => Err("digest-info is an input of rsa-pkcs1"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;
