//! An Estonian identity card of 2018 (IDEMIA): IAS-ECC on Cosmo 8.
//!
//! Application and file identifiers, key and PIN references, the answers to SELECT and GET DATA and the length of
//! answers follow the published description of the chip ("Estonia ID1 Chip/App 2018, Technical Description") and what
//! independent clients send and accept: OpenSC's driver `esteid2018` and the Web eID library. Where those say nothing,
//! the rules of ISO 7816-4 hold: an unpadded PIN is `6700` and costs no try, the last wrong try is `63C0`.
//!
//! | file | path | holds |
//! |---|---|---|
//! | main application | `3F00` | PIN1 (`01`), PUK (`02`), document number `D003` |
//! | personal data | `3F00 5000` | `5001` to `500F` |
//! | authentication | `3F00 ADF1` | key `81`, certificate `3401` |
//! | signature | `3F00 ADF2` | PIN2 (`85`), key `9F`, certificate `341F` |

use super::{Certificates, Made, PinPlan};
use crate::{
    atr,
    ber_tlv::object,
    chip::Contents,
    digest::Digest,
    file_system::{FileRef, FileSystem},
    mechanism::Mechanism,
    person::Person,
    pin::PinFormat,
    pki::{Pki, Purpose},
    private_key::{KeyKind, PrivateKey},
    reference_data::Scope,
    rules::{ChildSelection, ControlInformation, PinInformation, Rules, SelectionEffect},
    security_environment::{Key, Template},
    spec::{CardSpec, SpecError},
};

/// The application that the card starts with.
pub(super) const MAIN: [u8; 16] =
    [0xA0, 0x00, 0x00, 0x00, 0x77, 0x01, 0x08, 0x00, 0x07, 0x00, 0x00, 0xFE, 0x00, 0x00, 0x01, 0x00];
/// The authentication application ("AWP").
pub(super) const AUTHENTICATION: [u8; 13] =
    [0xE8, 0x28, 0xBD, 0x08, 0x0F, 0xF2, 0x50, 0x4F, 0x54, 0x20, 0x41, 0x57, 0x50];
/// The signature application.
pub(super) const SIGNATURE: &[u8; 16] = b"QSCD Application";

pub(super) const PIN1: u8 = 0x01;
pub(super) const PUK: u8 = 0x02;
pub(super) const PIN2: u8 = 0x85;

pub(super) const RULES: Rules = Rules {
    max_answer: 233,
    control_information: ControlInformation::SizeOnly,
    child_selection: ChildSelection::AllFiles,
    selection: SelectionEffect::RestartsWithApplication,
    pin_information: PinInformation::SecurityDataObjects,
    ..Rules::ISO
};

/// PINs are ASCII, filled to 12 bytes with `FF`.
pub(super) const PIN_FORMAT: PinFormat = PinFormat::Padded { length: 12, pad: 0xFF };

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let person = spec.holder()?;
    let authentication_key = PrivateKey::generate(KeyKind::P384)?;
    let signature_key = PrivateKey::generate(KeyKind::P384)?;
    let certificates = Certificates {
        authentication: pki.issue(&person, Purpose::Authentication, spec.certificate, &authentication_key)?,
        signature: pki.issue(&person, Purpose::Signature, spec.signature_certificate, &signature_key)?,
    };

    let mut files = FileSystem::new(Some(&MAIN));
    let main = files.master_file();
    files.add_file(main, 0xD003, object(0x04, person.document_number().as_bytes()));
    add_personal_data(&mut files, main, &person);
    let authentication = files.add_directory(main, 0xADF1, Some(&AUTHENTICATION));
    files.add_file(authentication, 0x3401, certificates.authentication.der().to_vec());
    let signature = files.add_directory(main, 0xADF2, Some(SIGNATURE));
    files.add_file(signature, 0x341F, certificates.signature.der().to_vec());

    let plan = |name, reference, scope, digits, unblocked_by| PinPlan {
        name,
        reference,
        scope,
        format: PIN_FORMAT,
        digits,
        unblocked_by,
        tries: 3,
    };
    let values = spec.pins();
    let pins = vec![
        plan("PIN", PIN1, Scope::Global, 4..=12, Some(PUK)).carry_out(spec, &values.pin, spec.tries_left)?,
        plan("PUK", PUK, Scope::Global, 8..=12, None).carry_out(spec, &values.puk, None)?,
        plan("signature PIN", PIN2, Scope::Local(signature), 5..=12, Some(PUK)).carry_out(
            spec,
            &values.signature_pin,
            spec.signature_tries_left,
        )?,
    ];
    let keys = vec![
        key(0x81, authentication, authentication_key, Template::Authentication, PIN1),
        key(0x9F, signature, signature_key, Template::DigitalSignature, PIN2),
    ];
    let atr = atr::ESTEID_2018.to_vec();
    let contents = Contents { pins, keys, ..Contents::new(atr, RULES, files) };
    Ok(Made { contents, certificates })
}

/// Both keys sign exactly 48 bytes; clients fill shorter hash values with zeros in front and cut longer ones.
fn key(reference: u8, directory: FileRef, private: PrivateKey, template: Template, pin: u8) -> Key {
    let mechanism = Mechanism::EcdsaOf(Digest::Sha384);
    let (short, long) = match template {
        Template::Authentication => (vec![0x04], vec![0xFF, 0x20, 0x08, 0x00]),
        Template::DigitalSignature => (vec![0x54], vec![0xFF, 0x15, 0x08, 0x00]),
    };
    Key {
        reference,
        directory,
        private,
        templates: vec![template],
        algorithms: vec![(short, mechanism), (long, mechanism)],
        implicit: None,
        pin: Some(pin),
        // the signature key asks for its PIN before each use
        user_consent: template == Template::DigitalSignature,
    }
}

/// `5001` to `500F`; what does not apply is one zero byte.
fn add_personal_data(files: &mut FileSystem, main: FileRef, person: &Person) {
    let personal_data = files.add_directory(main, 0x5000, None);
    let code = person.serial_number.split_once('-').map_or("", |(_, code)| code);
    let number = person.document_number();
    let fields: [&str; 9] = [
        &person.surname,
        &person.given_name,
        "X",
        &person.country,
        "01 01 1990 XXX",
        code,
        &number,
        "31 12 2031",
        "01 01 2022",
    ];
    let filled = fields.iter().map(|text| text.as_bytes().to_vec()).chain(std::iter::repeat(vec![0]));
    for (id, content) in (0x5001..=0x500F).zip(filled) {
        files.add_file(personal_data, id, content);
    }
}
