//! A PIV card after NIST SP 800-73-5 that no maker sells.
//!
//! | object | tag | read |
//! |---|---|---|
//! | card capability container, CHUID | `5FC107`, `5FC102` | always |
//! | certificates of the keys `9A`, `9C`, `9D`, `9E` | `5FC105`, `5FC10A`, `5FC10B`, `5FC101` | always |
//! | printed information | `5FC109` | after the PIN |
//! | discovery object | `7E` | always |
//!
//! `9A` signs in (PIN), `9C` signs documents (PIN before each use), `9D` is for decryption (PIN; RSA only, there is no
//! ECDH here), `9E` proves the card (no PIN). The CHUID is signed by a
//! signer of contents of the test PKI.

mod fasc_n;

use super::{Certificates, Made, PinPlan};
use crate::{
    atr,
    ber_tlv::{constructed, object},
    chip::Contents,
    data::DataObject,
    digest::Digest,
    file_system::{Access, FileRef, FileSystem},
    mechanism::Mechanism,
    person::Person,
    pin::PinFormat,
    piv::{APPLICATION_PIN, GLOBAL_PIN, PUK},
    pki::{Certificate, Pki, Purpose, Variant},
    private_key::{KeyKind, PrivateKey},
    reference_data::Scope,
    rules::{CommandSet, LongAnswer, Rules},
    security_environment::Key,
    spec::{CardSpec, SpecError},
};

/// The application, with its version (part 1, section 2.2).
pub(crate) const APPLICATION: [u8; 11] = [0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00];
/// The part of [`APPLICATION`] that names NIST.
const PROVIDER: &[u8] = &[0xA0, 0x00, 0x00, 0x03, 0x08];
/// The rest of it.
const EXTENSION: &[u8] = &[0x00, 0x00, 0x10, 0x00, 0x01, 0x00];

/// Algorithm identifiers (SP 800-78-5, table 6-2).
const RSA_2048: u8 = 0x07;
const ECC_P256: u8 = 0x11;
const ECC_P384: u8 = 0x14;

const RULES: Rules = Rules { command_set: CommandSet::Piv, long_answer: LongAnswer::Chained, ..Rules::ISO };

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let person = spec.holder()?;
    let kind = spec.key.unwrap_or(KeyKind::P256);
    let algorithm = match kind {
        KeyKind::Rsa2048 => RSA_2048,
        KeyKind::P256 => ECC_P256,
        KeyKind::P384 => ECC_P384,
        _ => return Err(SpecError::NotForThisMake("key")),
    };
    let files = FileSystem::new(Some(&APPLICATION));
    let application = files.master_file();
    let mut keys = Vec::new();
    let mut issue = |reference, index, purpose, variant| -> Result<Certificate, SpecError> {
        let private = PrivateKey::for_test_card(kind, index)?;
        let certificate = pki.issue(&person, purpose, variant, &private)?;
        keys.push(key(reference, application, private, algorithm));
        Ok(certificate)
    };
    let authentication = issue(0x9A, 0, Purpose::Authentication, spec.certificate)?;
    let signature = issue(0x9C, 1, Purpose::Signature, spec.signature_certificate)?;
    let key_management = issue(0x9D, 2, Purpose::KeyManagement, Variant::Valid)?;
    let card_authentication = issue(0x9E, 3, Purpose::CardAuthentication, Variant::Valid)?;

    let always = |tag, content| DataObject { tag, read: Access::Always, content };
    let tagged_objects = vec![
        always(0x5F_C107, capability_container(&person)),
        always(0x5F_C102, holder_identifier(&person, pki)?),
        always(0x5F_C105, certificate_object(&authentication)),
        always(0x5F_C10A, certificate_object(&signature)),
        always(0x5F_C10B, certificate_object(&key_management)),
        always(0x5F_C101, certificate_object(&card_authentication)),
        always(0x7E, discovery(spec)),
        DataObject {
            tag: 0x5F_C109,
            read: Access::AfterPin(APPLICATION_PIN),
            content: printed_information(&person),
        },
    ];
    let contents = Contents {
        pins: pins(spec, application)?,
        keys,
        tagged_objects,
        templates: vec![(application, property_template())],
        ..Contents::new(atr::piv(), RULES, files)
    };
    Ok(Made { contents, certificates: Certificates { authentication, signature } })
}

/// Six to eight digits, filled with `FF` (part 2, section 2.4.3); the PUK has eight.
fn pins(
    spec: &CardSpec,
    application: FileRef,
) -> Result<Vec<crate::reference_data::ReferenceData>, SpecError> {
    let values = spec.pins();
    let plan = |name, reference, scope, digits, unblocked_by| PinPlan {
        name,
        reference,
        scope,
        format: PinFormat::Padded { length: 8, pad: 0xFF },
        digits,
        unblocked_by,
        tries: 3,
    };
    let local = Scope::Local(application);
    let mut pins = vec![
        plan("PIN", APPLICATION_PIN, local, 6..=8, Some(PUK)).carry_out(
            spec,
            &values.pin,
            spec.tries_left,
        )?,
        plan("PUK", PUK, local, 8..=8, None).carry_out(spec, &values.puk, None)?,
    ];
    if let Some(value) = &spec.global_pin {
        pins.push(plan("global PIN", GLOBAL_PIN, Scope::Global, 6..=8, None).carry_out(spec, value, None)?);
    }
    Ok(pins)
}

fn key(reference: u8, directory: FileRef, private: PrivateKey, algorithm: u8) -> Key {
    let mechanism = match algorithm {
        RSA_2048 => Some(Mechanism::RsaRaw),
        // key agreement alone, which this card does not have
        _ if reference == 0x9D => None,
        ECC_P384 => Some(Mechanism::EcdsaOf(Digest::Sha384)),
        _ => Some(Mechanism::EcdsaOf(Digest::Sha256)),
    };
    Key {
        reference,
        directory,
        private,
        templates: Vec::new(),
        algorithms: mechanism.map(|mechanism| (vec![algorithm], mechanism)).into_iter().collect(),
        implicit: None,
        pin: (reference != 0x9E).then_some(APPLICATION_PIN),
        user_consent: reference == 0x9C,
    }
}

/// What SELECT says (part 2, table 3): the rest of the name, the authority behind it, a label.
fn property_template() -> Vec<u8> {
    constructed(
        0x61,
        &[
            object(0x4F, EXTENSION),
            constructed(0x79, &[object(0x4F, PROVIDER)]),
            object(0x50, b"Bitaqa test card"),
        ],
    )
}

/// A data object as GET DATA gives it: in `53`, with an empty error detection code `FE` at the end (part 1, appendix A).
fn data_object(parts: &[Vec<u8>]) -> Vec<u8> {
    object(0x53, &[parts.concat(), object(0xFE, &[])].concat())
}

/// `70` certificate, `71` how it is packed: not at all (part 1, table 10).
fn certificate_object(certificate: &Certificate) -> Vec<u8> {
    data_object(&[object(0x70, certificate.der()), object(0x71, &[0])])
}

/// Part 1, table 8. What a card after FIPS 201 leaves empty is empty.
fn capability_container(person: &Person) -> Vec<u8> {
    let number = Digest::Sha1.of(person.serial_number.as_bytes());
    let identifier =
        [&[0xA0, 0x00, 0x00, 0x01, 0x16, 0xFF, 0x02], number.get(..14).unwrap_or_default()].concat();
    let mut parts = vec![
        object(0xF0, &identifier),
        object(0xF1, &[0x21]),
        object(0xF2, &[0x21]),
        object(0xF3, &[]),
        object(0xF4, &[0x00]),
        // data model
        object(0xF5, &[0x10]),
    ];
    parts.extend([0xF6, 0xF7, 0xFA, 0xFB, 0xFC, 0xFD].map(|tag| object(tag, &[])));
    data_object(&parts)
}

/// The CHUID (part 1, table 9): FASC-N of a card that no agency issued, a UUID, the day of expiry, and a signature over
/// everything but itself (FIPS 201-3, section 4.2.1).
fn holder_identifier(person: &Person, pki: &Pki) -> Result<Vec<u8>, SpecError> {
    const SECURITY_OBJECT: &[u32] = &[2, 16, 840, 1, 101, 3, 6, 1];
    let fields =
        [object(0x30, &fasc_n::of_no_agency()), object(0x34, &uuid(person)), object(0x35, b"20311231")]
            .concat();
    let end = object(0xFE, &[]);
    let signature = pki.sign_contents(SECURITY_OBJECT, &[fields.as_slice(), &end].concat())?;
    Ok(data_object(&[fields, object(0x3E, &signature)]))
}

/// A UUID that follows from the person's number (RFC 9562, section 5.5: version 5, variant 10).
fn uuid(person: &Person) -> Vec<u8> {
    let name = Digest::Sha1.of(person.serial_number.as_bytes());
    let mut uuid = name.get(..16).unwrap_or_default().to_vec();
    if let Some(byte) = uuid.get_mut(6) {
        *byte = *byte & 0x0F | 0x50;
    }
    if let Some(byte) = uuid.get_mut(8) {
        *byte = *byte & 0x3F | 0x80;
    }
    uuid
}

/// Part 1, table 16.
fn printed_information(person: &Person) -> Vec<u8> {
    data_object(&[
        object(0x01, person.common_name().as_bytes()),
        object(0x02, b"TEST"),
        object(0x04, b"2031DEC31"),
        object(0x05, person.document_number().as_bytes()),
        object(0x06, b"BITAQA TEST"),
    ])
}

/// Part 1, section 3.3.2: the application, and which PINs open it; the application's own comes first.
fn discovery(spec: &CardSpec) -> Vec<u8> {
    let policy = if spec.global_pin.is_some() { [0x60, 0x10] } else { [0x40, 0x00] };
    constructed(0x7E, &[object(0x4F, &APPLICATION), object(0x5F2F, &policy)])
}
