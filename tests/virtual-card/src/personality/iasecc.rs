//! A card after IAS ECC (IAS ECC 1.0.1, CEN TS 15480) that no maker sells, with the root application of one that is sold.
//!
//! | file | path | holds |
//! |---|---|---|
//! | root application | `3F00` | EF.DIR `2F00`, EF.ATR/INFO `2F01`, EF.SN `2F02` |
//! | the application | `3F00 0DF1` | PINs `81`, `82`, PUK `83`, keys `81`, `82` |
//! | lists | `5031`, `5032`, `7001` to `7003` | as ISO/IEC 7816-15 says |
//! | certificates | `3401`, `3402` | authentication, signature |
//!
//! PINs, keys and security environments are security data objects; every file and every object tells its access rules
//! for contacts and for radio. Key `81` signs in (INTERNAL AUTHENTICATE), key `82` signs documents (PSO: HASH, then
//! PSO: COMPUTE DIGITAL SIGNATURE).

use std::time::Duration;

use bitaqa_curves::Curve;

use super::{
    Made,
    application::{Identifiers, KeyIdentifiers, Offer, PinIdentifiers, Place, Style, install},
    iso7816_15::application_template,
};
use crate::{
    atr,
    ber_tlv::object,
    chip::Contents,
    der,
    digest::Digest,
    file_system::{FileRef, FileSystem},
    icao::{
        BehindPace, Document,
        cipher::Cipher,
        domain::Domain,
        pace::{Mapping, Offer as PaceOffer, Pace, Password, PasswordKind, PasswordState, Passwords},
        security_infos::{of_pace, security_infos},
    },
    mechanism::Mechanism,
    person::Person,
    pin::PinFormat,
    pki::Pki,
    private_key::KeyKind,
    rules::{ChildSelection, ControlInformation, EndOfFile, HashTemplate, LongAnswer, PinInformation, Rules},
    security_environment::Template,
    spec::{CardSpec, Dialect, Interface, SpecError},
    status::StatusWord,
};

/// The root application of IAS ECC cards by Oberthur.
pub(crate) const ROOT: [u8; 16] =
    [0xA0, 0x00, 0x00, 0x00, 0x77, 0x01, 0x08, 0x00, 0x07, 0x00, 0x00, 0xFE, 0x00, 0x00, 0x01, 0x00];
/// The application: a proprietary name that spells this project's.
const APPLICATION: &[u8; 11] = b"\xF0BTQ-IASECC";
const DF: u16 = 0x0DF1;

/// The card access number.
const CAN: &[u8] = b"123456";

/// What every IAS ECC card does its own way.
pub(crate) const RULES: Rules = Rules {
    end_of_file: EndOfFile::Warning,
    long_answer: LongAnswer::Chained,
    control_information: ControlInformation::AccessRules,
    child_selection: ChildSelection::AllFiles,
    pin_information: PinInformation::IasEcc,
    hash_template: HashTemplate::Named,
    ..Rules::ISO
};

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let person = spec.holder()?;
    let kind = spec.key.unwrap_or(KeyKind::Rsa2048);
    let identifiers = identifiers();
    let mut files = FileSystem::new(Some(&ROOT));
    let root = files.master_file();
    let radio = spec.interface == Some(Interface::Contactless);
    add_root_files(&mut files, root, &person, &identifiers);
    let style = Style { dialect: Dialect::Iso, room: 0 };
    let application =
        install(&mut files, Place::Relative, &identifiers, offers(kind), style, (kind, spec, pki))?;
    let document = radio.then(|| behind_pace(&mut files, identifiers.directory));
    let atr = if radio { atr::contactless(false) } else { atr::iasecc() };
    let contents = Contents {
        pins: application.pins,
        keys: application.keys,
        document,
        ..Contents::new(atr, RULES, files)
    };
    Ok(Made { contents, certificates: application.certificates })
}

fn add_root_files(files: &mut FileSystem, root: FileRef, person: &Person, identifiers: &Identifiers) {
    let template = application_template(&identifiers.name, identifiers.label, &[]);
    for (id, short_id, content) in
        [(0x2F00, 0x1E, template), (0x2F01, 0x1D, card_information()), (0x2F02, 0x1C, serial_number(person))]
    {
        let file = files.add_file(root, id, content);
        files.set_short_id(file, short_id);
    }
}

/// Over radio the application can be selected by anybody and used after PACE only, which asks for [`CAN`]. EF.CardAccess
/// takes the short identifier that EF.SN has otherwise (ICAO Doc 9303-10, section 3.11.3).
fn behind_pace(files: &mut FileSystem, directory: u16) -> Document {
    let offers = vec![PaceOffer {
        mapping: Mapping::Generic,
        cipher: Cipher::Aes128,
        domain: Domain::Curve(Curve::BrainpoolP256r1),
    }];
    let root = files.master_file();
    if let Some(serial_number) = files.by_short_id(root, 0x1C) {
        files.set_short_id(serial_number, 0x1B);
    }
    let access = files.add_file(root, 0x011C, security_infos(&of_pace(&offers, false)));
    files.set_short_id(access, 0x1C);
    let can = Password::new(
        PasswordKind::Can,
        CAN.to_vec(),
        PasswordState::NonBlocking { failures: 0 },
        Duration::ZERO,
    );
    Document {
        application: root,
        most_in: usize::MAX,
        behind_pace: files
            .child(root, directory)
            .map(|directory| BehindPace {
                directory,
                selectable: true,
                refusal: StatusWord::SECURITY_NOT_SATISFIED,
            })
            .into_iter()
            .collect(),
        basic_access: None,
        pace: Some(Pace { static_key: None, passwords: Passwords(vec![can]), offers }),
        chip_keys: Vec::new(),
        active: None,
        terminals: None,
        pseudonym_key: None,
    }
}

/// EF.ATR/INFO (ISO 7816-4, section 12.2.2): services, who made it, capabilities, the root application, the sizes of
/// commands and answers with and without secure messaging, who allocated the tags.
fn card_information() -> Vec<u8> {
    let size = |bytes: u16| object(0x02, &bytes.to_be_bytes());
    [
        object(0x43, &[0xB8]),
        // integrated circuit, its type, operating system, IAS ECC 1.0.1: of nobody
        object(0x46, &[0x00, 0x00, 0x00, 0x01]),
        object(0x47, &[0xC0, 0x01, 0x80]),
        object(0x4F, &ROOT),
        object(0xE0, &[size(0x0104), size(0x00E0), size(0x0100), size(0x00E0)].concat()),
        object(0x78, &der::oid(&[1, 3, 162, 15_480, 2])),
        object(0x82, &[0x90, 0x00]),
    ]
    .concat()
}

/// EF.SN: a number (`5A`) of eight bytes that follows from the document's.
fn serial_number(person: &Person) -> Vec<u8> {
    let number = Digest::Sha256.of(person.document_number().as_bytes());
    object(0x5A, number.get(..8).unwrap_or_default())
}

fn identifiers() -> Identifiers {
    Identifiers {
        name: APPLICATION.to_vec(),
        label: "IAS ECC",
        directory: DF,
        private_keys: 0x7001,
        certificates: 0x7002,
        authentication_objects: 0x7003,
        format: PinFormat::Padded { length: 8, pad: 0xFF },
        stored_length: 8,
        pin: PinIdentifiers { label: "PIN", reference: 0x81, digits: 4..=8 },
        signature_pin: PinIdentifiers { label: "Signature PIN", reference: 0x82, digits: 5..=8 },
        puk: PinIdentifiers { label: "PUK", reference: 0x83, digits: 8..=8 },
        authentication: KeyIdentifiers {
            label: "Authentication key",
            certificate_label: "Authentication certificate",
            id: 0x01,
            reference: 0x81,
            certificate: 0x3401,
            templates: &[Template::Authentication],
            implicit: None,
        },
        signature: KeyIdentifiers {
            label: "Signature key",
            certificate_label: "Signature certificate",
            id: 0x02,
            reference: 0x82,
            certificate: 0x3402,
            templates: &[Template::DigitalSignature],
            implicit: None,
        },
        further_signatures: Vec::new(),
    }
}

const COMPUTE_SIGNATURE: u32 = 1;
const HASH: u32 = 6;

/// Algorithm references: the hash in the upper half, `02` RSASSA-PKCS1-v1_5, `04` ECDSA.
pub(crate) fn offers(kind: KeyKind) -> &'static [Offer] {
    match kind {
        KeyKind::Rsa2048 | KeyKind::Rsa3072 => {
            const {
                &[
                    offer(
                        0x01,
                        COMPUTE_SIGNATURE,
                        &[1, 2, 840, 113_549, 1, 1, 1],
                        0x02,
                        Some(Mechanism::RsaPkcs1),
                    ),
                    offer(
                        0x40,
                        COMPUTE_SIGNATURE,
                        &[1, 2, 840, 113_549, 1, 1, 11],
                        0x42,
                        Some(Mechanism::RsaPkcs1Of(Digest::Sha256)),
                    ),
                    offer(0x250, HASH, &[2, 16, 840, 1, 101, 3, 4, 2, 1], 0x40, None),
                ]
            }
        }
        // RSASSA-PSS has no name here
        KeyKind::Rsa2048Pss => &[],
        KeyKind::P256
        | KeyKind::P384
        | KeyKind::P521
        | KeyKind::BrainpoolP256r1
        | KeyKind::BrainpoolP384r1
        | KeyKind::BrainpoolP512r1 => {
            const {
                &[
                    offer(
                        0x1041,
                        COMPUTE_SIGNATURE,
                        &[1, 2, 840, 10_045, 2, 1],
                        0x04,
                        Some(Mechanism::Ecdsa),
                    ),
                    offer(
                        0x1044,
                        COMPUTE_SIGNATURE,
                        &[1, 2, 840, 10_045, 4, 3, 2],
                        0x44,
                        Some(Mechanism::EcdsaOf(Digest::Sha256)),
                    ),
                    offer(
                        0x1045,
                        COMPUTE_SIGNATURE,
                        &[1, 2, 840, 10_045, 4, 3, 3],
                        0x54,
                        Some(Mechanism::EcdsaOf(Digest::Sha384)),
                    ),
                    offer(0x250, HASH, &[2, 16, 840, 1, 101, 3, 4, 2, 1], 0x40, None),
                    offer(0x260, HASH, &[2, 16, 840, 1, 101, 3, 4, 2, 2], 0x50, None),
                ]
            }
        }
    }
}

/// What hashes is for documents; what does not is for signing in.
const fn offer(
    number: u32,
    operation: u32,
    oid: &'static [u32],
    reference: u8,
    mechanism: Option<Mechanism>,
) -> Offer {
    let templates: &[Template] = match mechanism {
        Some(Mechanism::RsaPkcs1 | Mechanism::Ecdsa) => &[Template::Authentication],
        Some(_) => &[Template::DigitalSignature],
        None => &[],
    };
    Offer { number, operation, oid, reference, mechanism, templates }
}
