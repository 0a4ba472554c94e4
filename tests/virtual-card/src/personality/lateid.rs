//! A Latvian identity card of 2019 (IDEMIA): the applications of the Estonian one, with lists of PKCS#15 in each.
//!
//! | application | lists | holds |
//! |---|---|---|
//! | main | | PIN1 (`01`), PUK (`02`), document number `D003` |
//! | authentication `ADF1` | `5031`, `7001`, `7005` | key `81` (RSA) or `82`, certificate `3401` |
//! | signature `ADF2` | `5031`, `7001`, `7005` | PIN2 (`85`), key `9F` (RSA) or `9E`, certificate `341F` |
//!
//! Identifiers and references are those that the Web eID library and OpenSC's driver `esteid2018` use. RSA keys are
//! named with algorithm `02` (sign in, DigestInfo from the terminal) and `42` (documents, a SHA-256 value from it).

use super::{
    Certificates, Made, PinPlan,
    esteid::{AUTHENTICATION, MAIN, PIN_FORMAT, PIN1, PIN2, PUK, RULES, SIGNATURE},
    iso7816_15::{KeyEntry, certificate_entry, key_usage, object_directory},
};
use crate::{
    atr,
    ber_tlv::object,
    chip::Contents,
    digest::Digest,
    file_system::{FileRef, FileSystem},
    mechanism::Mechanism,
    pki::{Certificate, Pki, Purpose},
    private_key::{KeyKind, PrivateKey},
    reference_data::{ReferenceData, Scope},
    rules::Rules,
    security_environment::{Key, Template},
    spec::{CardSpec, SpecError},
};

const EF_OD: u16 = 0x5031;
const EF_PRKD: u16 = 0x7001;
const EF_AOD: u16 = 0x7002;
const EF_CD: u16 = 0x7005;

/// The key of one application.
struct Slot {
    id: u8,
    label: &'static str,
    pin: u8,
    /// Its reference: of an RSA key, and of one on an elliptic curve.
    keys: [u8; 2],
    certificate: u16,
    template: Template,
}

impl Slot {
    fn reference(&self, key: &PrivateKey) -> u8 {
        let [rsa, elliptic] = self.keys;
        if key.curve().is_some() { elliptic } else { rsa }
    }
}

const AUTHENTICATION_SLOT: Slot = Slot {
    id: 0x01,
    label: "Authentication",
    pin: PIN1,
    keys: [0x81, 0x82],
    certificate: 0x3401,
    template: Template::Authentication,
};
const SIGNATURE_SLOT: Slot = Slot {
    id: 0x02,
    label: "Signature",
    pin: PIN2,
    keys: [0x9F, 0x9E],
    certificate: 0x341F,
    template: Template::DigitalSignature,
};

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let person = spec.holder()?;
    let kind = match spec.key {
        None | Some(KeyKind::Rsa2048) => KeyKind::Rsa2048,
        Some(KeyKind::P384) => KeyKind::P384,
        Some(_) => return Err(SpecError::NotForThisMake("key")),
    };
    let authentication_key = PrivateKey::for_test_card(kind, 0)?;
    let signature_key = PrivateKey::for_test_card(kind, 1)?;
    let certificates = Certificates {
        authentication: pki.issue(&person, Purpose::Authentication, spec.certificate, &authentication_key)?,
        signature: pki.issue(&person, Purpose::Signature, spec.signature_certificate, &signature_key)?,
    };

    let mut files = FileSystem::new(Some(&MAIN));
    let main = files.master_file();
    files.add_file(main, 0xD003, object(0x04, person.document_number().as_bytes()));
    let authentication = files.add_directory(main, 0xADF1, Some(&AUTHENTICATION));
    fill(&mut files, authentication, &AUTHENTICATION_SLOT, &authentication_key, &certificates.authentication);
    let signature = files.add_directory(main, 0xADF2, Some(SIGNATURE));
    fill(&mut files, signature, &SIGNATURE_SLOT, &signature_key, &certificates.signature);

    // an RSA signature comes in one piece
    let rules = Rules { max_answer: 256, ..RULES };
    let pins = pins(spec, signature)?;
    let keys = vec![
        key(&AUTHENTICATION_SLOT, authentication, authentication_key),
        key(&SIGNATURE_SLOT, signature, signature_key),
    ];
    let contents = Contents { pins, keys, ..Contents::new(atr::LATEID_2019.to_vec(), rules, files) };
    Ok(Made { contents, certificates })
}

/// The lists, whose paths begin in the application, and the certificate.
fn fill(
    files: &mut FileSystem,
    directory: FileRef,
    slot: &Slot,
    key: &PrivateKey,
    certificate: &Certificate,
) {
    let signs = slot.template == Template::DigitalSignature;
    let entry = KeyEntry {
        label: slot.label,
        id: slot.id,
        pin: slot.id,
        user_consent: signs.then_some(1),
        usage: if signs { key_usage::NON_REPUDIATION } else { key_usage::SIGN },
        reference: slot.reference(key),
        algorithms: &[],
        tells_field_size: false,
        path: &[],
    };
    files.add_file(directory, EF_OD, object_directory(&[EF_PRKD], &[EF_CD], &[EF_AOD]));
    files.add_file(directory, EF_PRKD, entry.encode(key));
    files.add_file(directory, EF_AOD, Vec::new());
    files.add_file(directory, EF_CD, certificate_entry(slot.label, slot.id, &[slot.certificate]));
    files.add_file(directory, slot.certificate, certificate.der().to_vec());
}

fn pins(spec: &CardSpec, signature: FileRef) -> Result<Vec<ReferenceData>, SpecError> {
    let values = spec.pins();
    let plan = |name, reference, scope, digits, unblocked_by| PinPlan {
        name,
        reference,
        scope,
        format: PIN_FORMAT,
        digits,
        unblocked_by,
        tries: 3,
    };
    Ok(vec![
        plan("PIN", PIN1, Scope::Global, 4..=12, Some(PUK)).carry_out(spec, &values.pin, spec.tries_left)?,
        plan("PUK", PUK, Scope::Global, 8..=12, None).carry_out(spec, &values.puk, None)?,
        plan("signature PIN", PIN2, Scope::Local(signature), 6..=12, Some(PUK)).carry_out(
            spec,
            &values.signature_pin,
            spec.signature_tries_left,
        )?,
    ])
}

fn key(slot: &Slot, directory: FileRef, private: PrivateKey) -> Key {
    let elliptic = private.curve().is_some();
    let ecdsa = Mechanism::EcdsaOf(Digest::Sha384);
    let algorithms = match (slot.template, elliptic) {
        (Template::Authentication, true) => vec![(vec![0x04], ecdsa), (vec![0xFF, 0x20, 0x08, 0x00], ecdsa)],
        (Template::Authentication, false) => vec![(vec![0x02], Mechanism::RsaPkcs1)],
        (Template::DigitalSignature, true) => {
            vec![(vec![0x54], ecdsa), (vec![0xFF, 0x15, 0x08, 0x00], ecdsa)]
        }
        (Template::DigitalSignature, false) => vec![(vec![0x42], Mechanism::RsaPkcs1Of(Digest::Sha256))],
    };
    Key {
        reference: slot.reference(&private),
        directory,
        private,
        templates: vec![slot.template],
        algorithms,
        implicit: None,
        pin: Some(slot.pin),
        user_consent: slot.template == Template::DigitalSignature,
    }
}
