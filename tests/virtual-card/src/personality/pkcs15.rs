//! A card after ISO/IEC 7816-15 that no maker sells: what a client has to find by itself, it finds in the card's files.
//!
//! | file | path | holds |
//! |---|---|---|
//! | EF.DIR | `3F00 2F00` | where the application is |
//! | the application | `3F00 5015` | PINs `81`, `82`, PUK `83`, keys `01`, `02` |
//! | EF.OD, EF.TokenInfo | `5031`, `5032` | the lists; what the card is and can do |
//! | EF.AOD, EF.PrKD, EF.CD | `4401`, `4402`, `4403` | PINs, private keys, certificates |
//! | certificates | `4301`, `4302` | authentication, signature |

use super::{
    Certificates, Made, PinPlan,
    iso7816_15::{
        Algorithm, KeyEntry, PinEntry, application_template, card_information, certificate_entry, key_usage,
        object_directory, pin_flag,
    },
};
use crate::{
    atr,
    chip::Contents,
    digest::Digest,
    file_system::{FileRef, FileSystem, MASTER_FILE},
    mechanism::Mechanism,
    pin::PinFormat,
    pki::{Pki, Purpose},
    private_key::{KeyKind, PrivateKey},
    reference_data::Scope,
    rules::{EndOfFile, Protocol, Rules, StatusQuery},
    security_environment::{Key, Template},
    spec::{CardSpec, Dialect, PinFormatName, SpecError},
};

/// The application identifier of PKCS#15.
const APPLICATION: [u8; 12] = [0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35];

const DF: u16 = 0x5015;
const EF_AOD: u16 = 0x4401;
const EF_PRKD: u16 = 0x4402;
const EF_CD: u16 = 0x4403;
const AUTHENTICATION_CERTIFICATE: u16 = 0x4301;
const SIGNATURE_CERTIFICATE: u16 = 0x4302;

const PIN: u8 = 0x81;
const SIGNATURE_PIN: u8 = 0x82;
const PUK: u8 = 0x83;

const AUTHENTICATION_ID: u8 = 0x45;
const SIGNATURE_ID: u8 = 0x46;

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let person = spec.holder()?;
    let kind = spec.key.unwrap_or(KeyKind::P256);
    let authentication_key = PrivateKey::for_test_card(kind, 0)?;
    let signature_key = PrivateKey::for_test_card(kind, 1)?;
    let certificates = Certificates {
        authentication: pki.issue(&person, Purpose::Authentication, spec.certificate, &authentication_key)?,
        signature: pki.issue(&person, Purpose::Signature, spec.signature_certificate, &signature_key)?,
    };
    let extended_length = spec.extended_length.unwrap_or(true);
    let protocol = spec.protocol.unwrap_or_default();
    let format = pin_format(spec);

    let mut files = FileSystem::new(None);
    let master = files.master_file();
    let label = "Bitaqa test card";
    let directory =
        files.add_file(master, 0x2F00, application_template(&APPLICATION, label, &[MASTER_FILE, DF]));
    files.set_short_id(directory, 0x1E);
    let application = files.add_directory(master, DF, Some(&APPLICATION));
    let dialect = spec.dialect.unwrap_or_default();
    let algorithms = algorithms(kind, dialect);
    let serial_number = person.document_number();
    let contents: [(u16, Option<u8>, Vec<u8>); 7] = [
        (0x5031, Some(0x11), object_directory(&under(EF_PRKD), &under(EF_CD), &under(EF_AOD))),
        (0x5032, Some(0x12), card_information(serial_number.as_bytes(), label, &algorithms)),
        (EF_AOD, None, pin_entries(format)),
        (EF_PRKD, None, key_entries(&authentication_key, &signature_key, &algorithms, dialect)),
        (EF_CD, None, certificate_entries()),
        (AUTHENTICATION_CERTIFICATE, None, certificates.authentication.der().to_vec()),
        (SIGNATURE_CERTIFICATE, None, certificates.signature.der().to_vec()),
    ];
    for (id, short_id, mut content) in contents {
        if spec.roomy_files == Some(true) {
            content.resize(content.len() + 100, 0);
        }
        let file = files.add_file(application, id, content);
        if let Some(short_id) = short_id {
            files.set_short_id(file, short_id);
        }
    }

    let plan = |name, reference, digits, unblocked_by| PinPlan {
        name,
        reference,
        scope: Scope::Local(application),
        format,
        digits,
        unblocked_by,
        tries: 3,
    };
    let values = spec.pins();
    let pins = vec![
        plan("PIN", PIN, 4..=8, Some(PUK)).carry_out(spec, &values.pin, spec.tries_left)?,
        plan("signature PIN", SIGNATURE_PIN, 5..=8, Some(PUK)).carry_out(
            spec,
            &values.signature_pin,
            spec.signature_tries_left,
        )?,
        plan("PUK", PUK, 8..=8, None).carry_out(spec, &values.puk, None)?,
    ];
    let keys = vec![
        key(0x01, application, authentication_key, PIN),
        key(0x02, application, signature_key, SIGNATURE_PIN),
    ];
    let atr = atr::made_up(protocol, extended_length && protocol == Protocol::T1);
    let contents = Contents {
        pins,
        keys,
        // the longest data field, told the way a CardOS tells it, so that drivers for such cards can be used
        data_objects: vec![(0x018D, if extended_length { vec![0x04, 0x00] } else { vec![0x01, 0x02] })],
        ..Contents::new(atr, rules(spec, extended_length), files)
    };
    Ok(Made { contents, certificates })
}

fn rules(spec: &CardSpec, extended_length: bool) -> Rules {
    Rules {
        extended_length,
        max_answer: if extended_length { 65_536 } else { 256 },
        end_of_file: EndOfFile::Warning,
        status_query: spec.status_query.unwrap_or(StatusQuery::Answered),
        ..Rules::ISO
    }
}

fn under(id: u16) -> [u16; 3] {
    [MASTER_FILE, DF, id]
}

fn pin_format(spec: &CardSpec) -> PinFormat {
    match spec.pin_format.unwrap_or_default() {
        PinFormatName::AsciiFf => PinFormat::Padded { length: 8, pad: 0xFF },
        PinFormatName::Ascii00 => PinFormat::Padded { length: 8, pad: 0x00 },
        PinFormatName::Ascii => PinFormat::Unpadded,
        PinFormatName::Bcd => PinFormat::Bcd { length: 8 },
        PinFormatName::Iso9564Format2 => PinFormat::Iso9564Format2,
    }
}

fn pin_entries(format: PinFormat) -> Vec<u8> {
    let (kind, pad) = match format {
        PinFormat::Unpadded => (1, None),
        PinFormat::Padded { pad, .. } => (1, Some(pad)),
        PinFormat::Bcd { .. } => (0, Some(0xFF)),
        PinFormat::Iso9564Format2 => (4, Some(0xFF)),
    };
    let padding = (pad.is_some()).then_some(pin_flag::NEEDS_PADDING);
    let flags: Vec<u32> = [pin_flag::CASE_SENSITIVE, pin_flag::LOCAL, pin_flag::INITIALIZED]
        .into_iter()
        .chain(padding)
        .collect();
    let puk_flags: Vec<u32> = flags.iter().copied().chain([pin_flag::UNBLOCKING_PIN]).collect();
    let entry = |label, id, reference, min_length| PinEntry {
        label,
        id,
        unblocked_by: (reference != PUK).then_some(3),
        flags: if reference == PUK { &puk_flags } else { &flags },
        kind,
        min_length,
        stored_length: 8,
        max_length: 8,
        reference,
        pad,
        path: &[MASTER_FILE, DF],
    };
    [entry("PIN", 1, PIN, 4), entry("Signature PIN", 2, SIGNATURE_PIN, 5), entry("PUK", 3, PUK, 8)]
        .iter()
        .flat_map(PinEntry::encode)
        .collect()
}

fn key_entries(
    authentication: &PrivateKey,
    signature: &PrivateKey,
    algorithms: &[Algorithm],
    dialect: Dialect,
) -> Vec<u8> {
    let entry = |label, id, pin, user_consent, usage, reference| KeyEntry {
        label,
        id,
        pin,
        user_consent,
        usage,
        reference,
        algorithms: if dialect == Dialect::Opensc { &[] } else { algorithms },
        tells_field_size: dialect == Dialect::Opensc,
        path: &[MASTER_FILE, DF],
    };
    [
        entry("Authentication key", AUTHENTICATION_ID, 1, None, key_usage::SIGN, 1).encode(authentication),
        entry("Signature key", SIGNATURE_ID, 2, Some(1), key_usage::NON_REPUDIATION, 2).encode(signature),
    ]
    .concat()
}

fn certificate_entries() -> Vec<u8> {
    [
        certificate_entry(
            "Authentication certificate",
            AUTHENTICATION_ID,
            &under(AUTHENTICATION_CERTIFICATE),
        ),
        certificate_entry("Signature certificate", SIGNATURE_ID, &under(SIGNATURE_CERTIFICATE)),
    ]
    .concat()
}

const RSA_RAW: u8 = 0x00;
const RSA_PKCS1: u8 = 0x10;
const RSA_PKCS1_SHA256: u8 = 0x40;
const RSA_PSS_SHA256: u8 = 0x50;
const ECDSA: u8 = 0x30;
const ECDSA_SHA256: u8 = 0x60;
const ECDSA_SHA384: u8 = 0x70;

/// Mechanism numbers are those of PKCS#11 (CKM_RSA_PKCS and so on), as the standard asks.
fn algorithms(kind: KeyKind, dialect: Dialect) -> Vec<Algorithm> {
    let all: &[(u32, &'static [u32], u8)] = match kind {
        KeyKind::Rsa2048 => &[
            (0x01, &[1, 2, 840, 113_549, 1, 1, 1], RSA_PKCS1),
            (0x03, &[1, 2, 840, 113_549, 1, 1, 1], RSA_RAW),
            (0x40, &[1, 2, 840, 113_549, 1, 1, 11], RSA_PKCS1_SHA256),
            (0x43, &[1, 2, 840, 113_549, 1, 1, 10], RSA_PSS_SHA256),
        ],
        KeyKind::P256 | KeyKind::P384 | KeyKind::BrainpoolP256r1 => &[
            (0x1041, &[1, 2, 840, 10_045, 2, 1], ECDSA),
            (0x1044, &[1, 2, 840, 10_045, 4, 3, 2], ECDSA_SHA256),
            (0x1045, &[1, 2, 840, 10_045, 4, 3, 3], ECDSA_SHA384),
        ],
    };
    let told = all.iter().filter(|(.., card_reference)| {
        dialect == Dialect::Iso || [RSA_PKCS1, RSA_RAW, ECDSA].contains(card_reference)
    });
    (1..)
        .zip(told)
        .map(|(reference, (mechanism, oid, card_reference))| Algorithm {
            reference,
            mechanism: *mechanism,
            oid,
            card_reference: *card_reference,
        })
        .collect()
}

fn key(reference: u8, directory: FileRef, private: PrivateKey, pin: u8) -> Key {
    let (algorithms, implicit) = match private.kind() {
        KeyKind::Rsa2048 => (
            vec![
                (vec![RSA_RAW], Mechanism::RsaRaw),
                (vec![RSA_PKCS1], Mechanism::RsaPkcs1),
                (vec![RSA_PKCS1_SHA256], Mechanism::RsaPkcs1Of(Digest::Sha256)),
                (vec![RSA_PSS_SHA256], Mechanism::RsaPss(Digest::Sha256)),
            ],
            Mechanism::RsaRaw,
        ),
        KeyKind::P256 | KeyKind::P384 | KeyKind::BrainpoolP256r1 => (
            vec![
                (vec![ECDSA], Mechanism::Ecdsa),
                (vec![ECDSA_SHA256], Mechanism::EcdsaOf(Digest::Sha256)),
                (vec![ECDSA_SHA384], Mechanism::EcdsaOf(Digest::Sha384)),
            ],
            Mechanism::Ecdsa,
        ),
    };
    Key {
        reference,
        directory,
        private,
        templates: vec![Template::DigitalSignature, Template::Authentication],
        algorithms,
        implicit: Some(implicit),
        pin: Some(pin),
        user_consent: pin == SIGNATURE_PIN,
    }
}
