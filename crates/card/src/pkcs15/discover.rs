//! From EF.DIR to a layout.

use super::{
    authentication_object::{self, AuthenticationObjects, Pin},
    biometric_template::BiometricTemplate,
    certificate::{self, Certificate, Value},
    ef_dir::{self, Application},
    object::Path,
    object_directory::{self, ObjectDirectory},
    private_key::{self, KeyKind, PrivateKey},
    token_info::{self, TokenInfo},
};
use crate::{
    access_rule::AccessRule,
    channel::Channel,
    error::CardError,
    file::{FileLocation, Selection},
    layout::{
        Activation, BiometricObject, CertificateLocation, Credential, KeyUse, Layout, Method, Operation,
        Order, PinObject, Role, StatusQuery, Unblocking, UnblockingWay,
    },
    profile::{Link, Pkcs15Quirks},
    signature::{Input, Scheme},
};

/// The registered application identifier (ISO/IEC 7816-15, section 7.2).
pub const APPLICATION: [u8; 12] = [0xA0, 0x00, 0x00, 0x00, 0x63, b'P', b'K', b'C', b'S', b'-', b'1', b'5'];
/// How names of such applications begin: by PKCS#15, and by ISO/IEC 7816-15 itself (annex A), which others follow.
const REGISTERED: [&[u8]; 2] = [&APPLICATION, &[0xE8, 0x28, 0xBD, 0x08, 0x0F]];
/// Most bytes of a directory file.
const MAX_DIRECTORY: usize = 8 * 1024;

/// Reads a card's own description. The application is found under its registered name, else through EF.DIR.
///
/// # Errors
/// [`CardError::Unknown`] if the card has no such application; misbehaviour if its description is malformed.
pub fn discover(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    profile: &str,
    link: Link,
    quirks: Pkcs15Quirks,
) -> Result<Layout, CardError> {
    let registered = FileLocation::application(APPLICATION);
    let application = match selection.enter(channel, &registered) {
        Ok(()) => registered,
        Err(CardError::Refused { .. }) => find_application(channel, selection)?,
        Err(error) => return Err(error),
    };
    describe(channel, selection, application, quirks)?.into_layout(profile, link, |_, _, _| Ok(()))
}

/// The same for a card whose application has not its registered name, or is not selected by it.
///
/// # Errors
/// As [`discover`].
pub(crate) fn discover_by_ef_dir(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    profile: &str,
    link: Link,
    quirks: Pkcs15Quirks,
) -> Result<Layout, CardError> {
    let application = find_application(channel, selection)?;
    describe(channel, selection, application, quirks)?.into_layout(profile, link, |_, _, _| Ok(()))
}

/// The same for one application that EF.DIR names, whatever its name is.
///
/// # Errors
/// [`CardError::Unknown`] if it is of another kind; refusals and misbehaviour of one that describes itself.
pub(crate) fn discover_in(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    application: &Application,
    profile: &str,
    link: Link,
    quirks: Pkcs15Quirks,
) -> Result<Layout, CardError> {
    let application = place(application);
    let other_kind = |error| match error {
        CardError::Refused { .. } => CardError::Unknown,
        error => error,
    };
    selection.enter(channel, &application).map_err(other_kind)?;
    let directory = read_directory(channel, selection, &application).map_err(other_kind)?;
    describe_by(channel, selection, application, &directory, quirks)?
        .into_layout(profile, link, |_, _, _| Ok(()))
}

/// Reads everything that an application says of itself.
///
/// # Errors
/// Refusals, transport faults, and misbehaviour if its description is malformed.
fn describe(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    application: FileLocation,
    quirks: Pkcs15Quirks,
) -> Result<Description, CardError> {
    let directory = read_directory(channel, selection, &application)?;
    describe_by(channel, selection, application, &directory, quirks)
}

/// Reads EF.ODF: an application that has none is of another kind.
///
/// # Errors
/// [`CardError::Refused`] if there is none; transport faults, and misbehaviour if it is malformed.
pub(crate) fn read_directory(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    application: &FileLocation,
) -> Result<ObjectDirectory, CardError> {
    let path = Path { identifiers: object_directory::PATH.to_vec(), part: None };
    let content = selection.read(channel, &locate(application, &path), MAX_DIRECTORY)?;
    object_directory::parse(&content)
}

/// Reads everything else that an application says of itself.
///
/// # Errors
/// Refusals, transport faults, and misbehaviour if its description is malformed.
pub(crate) fn describe_by(
    channel: &mut Channel<'_>,
    selection: &mut Selection,
    application: FileLocation,
    directory: &ObjectDirectory,
    quirks: Pkcs15Quirks,
) -> Result<Description, CardError> {
    let mut read = |path: &Path| -> Result<Vec<u8>, CardError> {
        let location = locate(&application, path);
        selection.read(channel, &location, MAX_DIRECTORY)
    };
    let token_info = Path { identifiers: token_info::PATH.to_vec(), part: None };
    let token = match read(&token_info) {
        Ok(content) => token_info::parse(&content)?,
        // TokenInfo is mandatory, but nothing here depends on it
        Err(CardError::Refused { .. }) => TokenInfo::default(),
        Err(error) => return Err(error),
    };
    let mut keys = Vec::new();
    let mut other_keys = 0;
    for path in &directory.private_keys {
        let listed = private_key::parse(&read(path)?)?;
        keys.extend(listed.keys);
        other_keys += listed.others;
    }
    let mut certificates = Vec::new();
    for path in &directory.certificates {
        certificates.extend(certificate::parse(&read(path)?)?);
    }
    let (mut pins, mut biometrics) = (Vec::new(), Vec::new());
    for path in &directory.authentication_objects {
        let listed: AuthenticationObjects = authentication_object::parse(&read(path)?)?;
        pins.extend(listed.pins);
        biometrics.extend(listed.biometrics);
    }
    Ok(Description { application, token, keys, other_keys, certificates, pins, biometrics, quirks })
}

fn find_application(channel: &mut Channel<'_>, selection: &mut Selection) -> Result<FileLocation, CardError> {
    let unknown = |error| match error {
        CardError::Refused { .. } => CardError::Unknown,
        error => error,
    };
    let is_registered =
        |application: &&Application| REGISTERED.iter().any(|name| application.identifier.starts_with(name));
    let listed = ef_dir::read(channel, selection).map_err(unknown)?;
    let found = place(listed.iter().find(is_registered).ok_or(CardError::Unknown)?);
    selection.enter(channel, &found).map_err(unknown)?;
    Ok(found)
}

fn place(application: &Application) -> FileLocation {
    match &application.path {
        Some(path) => FileLocation { path: path.clone(), ..FileLocation::default() },
        None => FileLocation::application(application.identifier.clone()),
    }
}

/// A path inside the application: absolute ones stand for themselves.
fn locate(application: &FileLocation, path: &Path) -> FileLocation {
    if path.identifiers.starts_with(&[0x3F, 0x00]) {
        return FileLocation { application: None, path: path.identifiers.clone(), part: path.part };
    }
    let mut whole = application.path.clone();
    whole.extend_from_slice(&path.identifiers);
    FileLocation { application: application.application.clone(), path: whole, part: path.part }
}

/// What a card says of itself.
pub struct Description {
    application: FileLocation,
    token: TokenInfo,
    keys: Vec<PrivateKey>,
    /// Keys of kinds that are not known.
    other_keys: usize,
    certificates: Vec<Certificate>,
    pins: Vec<Pin>,
    biometrics: Vec<BiometricTemplate>,
    quirks: Pkcs15Quirks,
}

impl Description {
    /// The layout of a card that has nothing but this description.
    ///
    /// # Errors
    /// None that can happen.
    pub(crate) fn into_plain_layout(
        self,
        profile: &str,
        link: Link,
        quirks: Pkcs15Quirks,
    ) -> Result<Layout, CardError> {
        Self { quirks, ..self }.into_layout(profile, link, |_, _, _| Ok(()))
    }

    /// References of the PINs, PUKs left out.
    pub(crate) fn pin_references(&self) -> Vec<u8> {
        let pins = self.pins.iter().filter(|pin| !pin.unblocking);
        pins.map(|pin| pin.format.reference).collect()
    }

    /// The layout; `adjust` may change each credential by what else is known of its key and of the card.
    pub(crate) fn into_layout(
        self,
        profile: &str,
        link: Link,
        mut adjust: impl FnMut(&TokenInfo, &PrivateKey, &mut Credential) -> Result<(), CardError>,
    ) -> Result<Layout, CardError> {
        let mut credentials = Vec::new();
        for key in &self.keys {
            if let Some(mut credential) = self.credential(key) {
                adjust(&self.token, key, &mut credential)?;
                credentials.push(credential);
            }
        }
        // on a card whose only key commits to content as well, that key is the one to sign in with, and nothing else; where
        // the key for signing in is there but of no use, the other does not take its place
        if let ([only], [key], 0) = (credentials.as_mut_slice(), self.keys.as_slice(), self.other_keys)
            && key.signs
        {
            only.role = Role::Authentication;
        }
        Ok(Layout {
            profile: profile.to_owned(),
            label: self.token.label,
            manufacturer: self.token.manufacturer,
            link,
            credentials,
            opened: None,
        })
    }

    fn credential(&self, key: &PrivateKey) -> Option<Credential> {
        if !key.signs && !key.non_repudiation {
            return None;
        }
        let certificate = self
            .certificates
            .iter()
            .find(|certificate| !certificate.authority && certificate.id == key.id)?;
        Some(Credential {
            role: if key.non_repudiation { Role::Signature } else { Role::Authentication },
            label: key.common.label.clone().or_else(|| certificate.common.label.clone()),
            certificate: match &certificate.value {
                Value::Indirect(path) => CertificateLocation::File(locate(&self.application, path)),
                Value::Direct(bytes) => CertificateLocation::Direct(bytes.clone()),
            },
            key: KeyUse {
                directory: self.application.clone(),
                reference: key.reference,
                order: Order::PinFirst,
                methods: self.methods(key),
                user_consent: key.common.user_consent.is_some_and(|count| count > 0),
                access: AccessRule::default(),
            },
            pin: self.pin(key),
            biometrics: self.biometrics(key),
        })
    }

    /// The key's algorithms in the card's order, or, where it names none, what every card of its kind does.
    fn methods(&self, key: &PrivateKey) -> Vec<Method> {
        let named = key
            .algorithms
            .iter()
            .filter_map(|index| self.token.algorithms.iter().find(|a| a.index == *index));
        let fits = |method: &Method| match key.kind {
            KeyKind::Ec => method.scheme == Scheme::Ecdsa,
            KeyKind::Rsa => method.scheme != Scheme::Ecdsa,
        };
        let methods: Vec<Method> = named.filter_map(token_info::Algorithm::method).filter(fits).collect();
        if !methods.is_empty() {
            return methods;
        }
        let (scheme, input) = match key.kind {
            KeyKind::Rsa => (Scheme::RsaPkcs1, Input::DigestInfo),
            KeyKind::Ec => (Scheme::Ecdsa, Input::Digest),
        };
        vec![Method {
            scheme,
            hash: None,
            reference: None,
            hash_reference: None,
            operation: Operation::ComputeDigitalSignature,
            input,
        }]
    }

    fn pin(&self, key: &PrivateKey) -> Option<PinObject> {
        let auth_id = key.common.auth_id.as_ref()?;
        let pin = self.pins.iter().find(|pin| pin.auth_id == *auth_id && !pin.unblocking)?;
        Some(PinObject {
            label: pin.common.label.clone(),
            format: pin.format.clone(),
            directory: self.pin_directory(pin),
            status: self.status(),
            unblocking: self.unblocking(pin),
            can_be_changed: pin.can_be_changed,
            activation: if pin.initialized { Activation::Change } else { Activation::Set },
        })
    }

    /// The template that the card names as guard of the key; of a key behind a PIN, all those that guard no key alone: whether one
    /// of them stands for the PIN, is the card's own rule.
    fn biometrics(&self, key: &PrivateKey) -> Vec<BiometricObject> {
        let guards = |template: &BiometricTemplate, key: &PrivateKey| {
            key.common.auth_id.as_ref().is_some_and(|auth_id| *auth_id == template.auth_id)
        };
        let own: Vec<_> = self.biometrics.iter().filter(|template| guards(template, key)).collect();
        let is_free = |template: &&BiometricTemplate| !self.keys.iter().any(|other| guards(template, other));
        let found = if own.is_empty() { self.biometrics.iter().filter(is_free).collect() } else { own };
        let object = |template: &BiometricTemplate| BiometricObject {
            label: template.common.label.clone(),
            reference: template.reference,
            biometric_type: template.biometric_type,
            subtype: template.subtype,
            place: template.path.as_ref().map(|path| locate(&self.application, path)),
            status: self.status(),
        };
        found.into_iter().map(object).collect()
    }

    /// The PUK is what the card names as guard of the PIN (`authId`); it is not guessed where the card names none.
    fn unblocking(&self, pin: &Pin) -> Option<Unblocking> {
        let auth_id = pin.common.auth_id.as_ref().filter(|_| pin.can_be_unblocked)?;
        let puk = self.pins.iter().find(|puk| puk.auth_id == *auth_id && puk.unblocking)?;
        Some(Unblocking {
            puk: puk.format.clone(),
            way: UnblockingWay::PukAndNewPin,
            directory: self.pin_directory(puk),
            status: self.status(),
        })
    }

    /// Where a PIN is presented; the application's own directory is where we are anyway.
    fn pin_directory(&self, pin: &Pin) -> Option<FileLocation> {
        pin.path.as_ref().map(|path| locate(&self.application, path)).filter(|place| {
            place.path != self.application.path
                && !(self.application.application.is_some() && place.path.len() <= 4)
        })
    }

    const fn status(&self) -> StatusQuery {
        if self.quirks.empty_verify_is_free {
            StatusQuery::EmptyVerify { directory: None }
        } else {
            StatusQuery::None
        }
    }
}
