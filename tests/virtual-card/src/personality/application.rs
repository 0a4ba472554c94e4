//! A cryptographic information application (ISO/IEC 7816-15) with two PINs, a PUK, two keys and their certificates, at
//! whatever identifiers: for cards whose identifiers are public, and for cards where they are a hypothesis.

use std::ops::RangeInclusive;

use super::{
    Certificates, PinPlan,
    iso7816_15::{
        Algorithm, FingerEntry, KeyEntry, PinEntry, card_information, certificate_entry, key_usage,
        object_directory, pin_flag,
    },
};
use crate::{
    file_system::{FileRef, FileSystem, MASTER_FILE},
    fingerprint,
    mechanism::Mechanism,
    person::Person,
    pin::PinFormat,
    pki::{Certificate, Pki, Purpose},
    private_key::{KeyKind, PrivateKey},
    reference_data::{ReferenceData, Scope},
    security_environment::{Key, Template},
    spec::{CardSpec, Dialect, SpecError},
};

/// One PIN or PUK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PinIdentifiers {
    pub(crate) label: &'static str,
    /// Its reference in commands.
    pub(crate) reference: u8,
    pub(crate) digits: RangeInclusive<usize>,
}

/// One key with its certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyIdentifiers {
    pub(crate) label: &'static str,
    pub(crate) certificate_label: &'static str,
    /// What joins key and certificate in the lists.
    pub(crate) id: u8,
    /// Its reference in commands.
    pub(crate) reference: u8,
    /// The certificate's file.
    pub(crate) certificate: u16,
    /// The templates that the key can be named in.
    pub(crate) templates: &'static [Template],
    /// What it does when the environment names no algorithm.
    pub(crate) implicit: Option<Mechanism>,
}

/// Everything by which a client tells one such application from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identifiers {
    pub(crate) name: Vec<u8>,
    pub(crate) label: &'static str,
    pub(crate) directory: u16,
    pub(crate) authentication_objects: u16,
    pub(crate) private_keys: u16,
    pub(crate) certificates: u16,
    pub(crate) format: PinFormat,
    /// Most digits and bytes of any PIN, for the list.
    pub(crate) stored_length: u32,
    pub(crate) pin: PinIdentifiers,
    pub(crate) signature_pin: PinIdentifiers,
    pub(crate) puk: PinIdentifiers,
    pub(crate) authentication: KeyIdentifiers,
    pub(crate) signature: KeyIdentifiers,
    /// As many as the order has further certificates.
    pub(crate) further_signatures: Vec<KeyIdentifiers>,
}

/// Something that the card computes, as it tells and as it names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The PKCS#11 mechanism.
    pub(crate) number: u32,
    /// Operations.bit: 1 compute-signature, 6 hash.
    pub(crate) operation: u32,
    pub(crate) oid: &'static [u32],
    /// Data object `80` of the security environment.
    pub(crate) reference: u8,
    /// What a key does; nothing, when the algorithm is for no key.
    pub(crate) mechanism: Option<Mechanism>,
    /// Where it can be named.
    pub(crate) templates: &'static [Template],
}

/// How the lists are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) dialect: Dialect,
    /// Bytes of zeros at the end of each file.
    pub(crate) room: usize,
}

/// The application, in its place.
pub(crate) struct Application {
    pub(crate) pins: Vec<ReferenceData>,
    pub(crate) keys: Vec<Key>,
    pub(crate) certificates: Certificates,
}

/// Where an application stands, and how its lists say where files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Directly under the master file, with paths from there.
    Absolute,
    /// Directly under the master file, with paths from the application, which is found by its name.
    Relative,
}

/// Puts an application into a card.
pub(crate) fn install(
    files: &mut FileSystem,
    place: Place,
    identifiers: &Identifiers,
    offers: &[Offer],
    style: Style,
    (kind, spec, pki): (KeyKind, &CardSpec, &Pki),
) -> Result<Application, SpecError> {
    let person = spec.holder()?;
    let authentication_key = PrivateKey::for_test_card(kind, 0)?;
    let signature_key = PrivateKey::for_test_card(kind, 1)?;
    let certificates = Certificates {
        authentication: pki.issue(&person, Purpose::Authentication, spec.certificate, &authentication_key)?,
        signature: pki.issue(&person, Purpose::Signature, spec.signature_certificate, &signature_key)?,
    };
    let mut further = Vec::new();
    for (index, (identifiers, variant)) in
        identifiers.further_signatures.iter().zip(&spec.further_signature_certificates).enumerate()
    {
        let key = PrivateKey::for_test_card(kind, index + 2)?;
        let certificate = pki.issue(&person, Purpose::Signature, *variant, &key)?;
        further.push(FurtherKey { identifiers, key, certificate });
    }
    let directory = files.add_directory(files.master_file(), identifiers.directory, Some(&identifiers.name));
    let path = match place {
        Place::Absolute => vec![MASTER_FILE, identifiers.directory],
        Place::Relative => Vec::new(),
    };
    let finger = spec.finger.map(|_| spec.finger_only == Some(true));
    let each_time = spec.signs_many != Some(true);
    let one_key = spec.one_key == Some(true);
    let lists = Lists { path, identifiers, further: &further, offers, style, each_time, finger, one_key };
    for (id, short_id, mut content) in
        lists.files(&person, &authentication_key, &signature_key, &certificates)
    {
        content.resize(content.len() + style.room, 0);
        let file = files.add_file(directory, id, content);
        if let Some(short_id) = short_id {
            files.set_short_id(file, short_id);
        }
    }
    let key = |identifiers: &KeyIdentifiers, private, pin, user_consent| Key {
        reference: identifiers.reference,
        directory,
        private,
        templates: identifiers.templates.to_vec(),
        algorithms: algorithms(offers, identifiers.templates),
        implicit: identifiers.implicit,
        pin: Some(pin),
        user_consent,
    };
    let Identifiers { authentication, signature, pin, signature_pin, .. } = identifiers;
    let to_sign_in = (!one_key).then(|| key(authentication, authentication_key, pin.reference, false));
    let for_documents = key(signature, signature_key, signature_pin.reference, each_time);
    let mut keys: Vec<Key> = to_sign_in.into_iter().chain([for_documents]).collect();
    keys.extend(further.into_iter().map(|FurtherKey { identifiers, key: private, .. }| {
        key(identifiers, private, signature_pin.reference, each_time)
    }));
    Ok(Application { pins: pins(spec, identifiers, directory)?, keys, certificates })
}

/// A signature key after the first.
struct FurtherKey<'a> {
    identifiers: &'a KeyIdentifiers,
    key: PrivateKey,
    certificate: Certificate,
}

fn algorithms(offers: &[Offer], templates: &[Template]) -> Vec<(Vec<u8>, Mechanism)> {
    let named_there = |offer: &&Offer| offer.templates.iter().any(|template| templates.contains(template));
    offers
        .iter()
        .filter(named_there)
        .filter_map(|offer| offer.mechanism.map(|mechanism| (vec![offer.reference], mechanism)))
        .collect()
}

fn pins(
    spec: &CardSpec,
    identifiers: &Identifiers,
    directory: FileRef,
) -> Result<Vec<ReferenceData>, SpecError> {
    let values = spec.pins();
    let puk = identifiers.puk.reference;
    let plan = |name, pin: &PinIdentifiers, unblocked_by| PinPlan {
        name,
        reference: pin.reference,
        scope: Scope::Local(directory),
        format: identifiers.format,
        digits: pin.digits.clone(),
        unblocked_by,
        tries: 3,
    };
    Ok(vec![
        plan("PIN", &identifiers.pin, Some(puk)).carry_out(spec, &values.pin, spec.tries_left)?,
        plan("signature PIN", &identifiers.signature_pin, Some(puk)).carry_out(
            spec,
            &values.signature_pin,
            spec.signature_tries_left,
        )?,
        plan("PUK", &identifiers.puk, None).carry_out(spec, &values.puk, None)?,
    ])
}

const PIN_ID: u8 = 1;
const SIGNATURE_PIN_ID: u8 = 2;
const PUK_ID: u8 = 3;
const FINGER_ID: u8 = 4;

/// The files that tell a client what there is.
struct Lists<'a> {
    path: Vec<u16>,
    identifiers: &'a Identifiers,
    further: &'a [FurtherKey<'a>],
    offers: &'a [Offer],
    style: Style,
    /// Whether the signature key wants its PIN before each use.
    each_time: bool,
    /// Whether a finger is the one guard of the key to sign in with, if there is one.
    finger: Option<bool>,
    /// Whether there is no key to sign in with.
    one_key: bool,
}

impl Lists<'_> {
    /// Identifier, short identifier (ISO 7816-15, section 7.4) and content.
    fn files(
        &self,
        person: &Person,
        authentication: &PrivateKey,
        signature: &PrivateKey,
        certificates: &Certificates,
    ) -> Vec<(u16, Option<u8>, Vec<u8>)> {
        let identifiers = self.identifiers;
        let algorithms = self.algorithms();
        let number = person.document_number();
        let directory = object_directory(
            &self.under(identifiers.private_keys),
            &self.under(identifiers.certificates),
            &self.under(identifiers.authentication_objects),
        );
        let further = self.further.iter().map(|FurtherKey { identifiers, certificate, .. }| {
            (identifiers.certificate, None, certificate.der().to_vec())
        });
        let mut files = vec![
            (0x5031, Some(0x11), directory),
            (0x5032, Some(0x12), card_information(number.as_bytes(), identifiers.label, &algorithms)),
            (identifiers.authentication_objects, None, self.pin_entries()),
            (identifiers.private_keys, None, self.key_entries(authentication, signature, &algorithms)),
            (identifiers.certificates, None, self.certificate_entries()),
            (identifiers.signature.certificate, None, certificates.signature.der().to_vec()),
        ];
        if !self.one_key {
            let certificate = certificates.authentication.der().to_vec();
            files.push((identifiers.authentication.certificate, None, certificate));
        }
        files.extend(further);
        files
    }

    fn under(&self, id: u16) -> Vec<u16> {
        [self.path.as_slice(), &[id]].concat()
    }

    /// OpenSC's own files do not tell what the card hashes and pads by itself.
    fn algorithms(&self) -> Vec<Algorithm> {
        let whole = |offer: &&Offer| {
            self.style.dialect == Dialect::Iso || offer.mechanism.is_some_and(|does| does.digest().is_none())
        };
        (1..)
            .zip(self.offers.iter().filter(whole))
            .map(|(reference, offer)| Algorithm {
                reference,
                mechanism: offer.number,
                operation: offer.operation,
                oid: offer.oid,
                card_reference: offer.reference,
            })
            .collect()
    }

    fn pin_entries(&self) -> Vec<u8> {
        let (kind, pad) = match self.identifiers.format {
            PinFormat::Unpadded => (1, None),
            PinFormat::Padded { pad, .. } => (1, Some(pad)),
            PinFormat::Bcd { .. } => (0, Some(0xFF)),
            PinFormat::Iso9564Format2 => (4, Some(0xFF)),
        };
        let padding = pad.map(|_| pin_flag::NEEDS_PADDING);
        let flags: Vec<u32> = [pin_flag::CASE_SENSITIVE, pin_flag::LOCAL, pin_flag::INITIALIZED]
            .into_iter()
            .chain(padding)
            .collect();
        let puk_flags: Vec<u32> = flags.iter().copied().chain([pin_flag::UNBLOCKING_PIN]).collect();
        let entry = |pin: &PinIdentifiers, id| {
            PinEntry {
                label: pin.label,
                id,
                unblocked_by: (id != PUK_ID).then_some(PUK_ID),
                flags: if id == PUK_ID { &puk_flags } else { &flags },
                kind,
                min_length: u32::try_from(*pin.digits.start()).unwrap_or(0),
                stored_length: self.identifiers.stored_length,
                max_length: u32::try_from(*pin.digits.end()).unwrap_or(0),
                reference: pin.reference,
                pad,
                path: &self.path,
            }
            .encode()
        };
        let Identifiers { pin, signature_pin, puk, .. } = self.identifiers;
        let finger = self.finger.map(|_| {
            let (id, reference) = (FINGER_ID, fingerprint::REFERENCE);
            FingerEntry { label: "Right index finger", id, reference, path: &self.path }.encode()
        });
        let pins = [entry(pin, PIN_ID), entry(signature_pin, SIGNATURE_PIN_ID), entry(puk, PUK_ID)];
        [pins.concat(), finger.unwrap_or_default()].concat()
    }

    fn key_entries(
        &self,
        authentication: &PrivateKey,
        signature: &PrivateKey,
        algorithms: &[Algorithm],
    ) -> Vec<u8> {
        let by_opensc = self.style.dialect == Dialect::Opensc;
        let entry = |key: &KeyIdentifiers, private, pin, user_consent, usage| {
            KeyEntry {
                label: key.label,
                id: key.id,
                pin,
                user_consent,
                usage,
                reference: key.reference,
                algorithms: if by_opensc { &[] } else { algorithms },
                tells_field_size: by_opensc,
                path: &self.path,
            }
            .encode(private)
        };
        let guard = if self.finger == Some(true) { FINGER_ID } else { PIN_ID };
        let Identifiers { authentication: first, signature: second, .. } = self.identifiers;
        let each_time = self.each_time.then_some(1);
        let for_documents = |identifiers, key| {
            entry(identifiers, key, SIGNATURE_PIN_ID, each_time, key_usage::NON_REPUDIATION)
        };
        let mut entries = Vec::new();
        if !self.one_key {
            entries.extend(entry(first, authentication, guard, None, key_usage::SIGN));
        }
        entries.extend(for_documents(second, signature));
        entries.extend(
            self.further
                .iter()
                .flat_map(|FurtherKey { identifiers, key, .. }| for_documents(identifiers, key)),
        );
        entries
    }

    fn certificate_entries(&self) -> Vec<u8> {
        let entry = |key: &KeyIdentifiers| {
            certificate_entry(key.certificate_label, key.id, &self.under(key.certificate))
        };
        let Identifiers { authentication, signature, .. } = self.identifiers;
        let further = self.further.iter().map(|further| further.identifiers);
        let to_sign_in = (!self.one_key).then_some(authentication);
        to_sign_in.into_iter().chain([signature]).chain(further).flat_map(entry).collect()
    }
}
