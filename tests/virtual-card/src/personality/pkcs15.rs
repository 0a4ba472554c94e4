//! A card after ISO/IEC 7816-15 that no maker sells: what a client has to find by itself, it finds in the card's files.
//!
//! | file | path | holds |
//! |---|---|---|
//! | EF.DIR | `3F00 2F00` | where the application is |
//! | the application | `3F00 5015` | PINs `81`, `82`, PUK `83`, keys `01`, `02`; further signature keys from `03` |
//! | EF.OD, EF.TokenInfo | `5031`, `5032` | the lists; what the card is and can do |
//! | EF.AOD, EF.PrKD, EF.CD | `4401`, `4402`, `4403` | PINs (and the finger `91`), private keys, certificates |
//! | certificates | `4301`, `4302` | authentication, signature; further ones from `4303` |

mod every_algorithm;

use super::{
    Made,
    application::{Identifiers, KeyIdentifiers, Offer, PinIdentifiers, Place, Style, install},
    iso7816_15::application_template,
};
use crate::{
    atr,
    chip::Contents,
    digest::Digest,
    file_system::{FileSystem, MASTER_FILE},
    fingerprint::{self, Finger},
    mechanism::Mechanism,
    pin::PinFormat,
    pki::Pki,
    private_key::KeyKind,
    rules::{EndOfFile, Protocol, Rules, StatusQuery},
    security_environment::Template,
    spec::{CardSpec, PinFormatName, SpecError},
};

/// The application identifier of PKCS#15.
const APPLICATION: [u8; 12] = [0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35];

const DF: u16 = 0x5015;

/// Most signature keys after the first.
const MAX_FURTHER: u8 = 8;

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let kind = spec.key.unwrap_or(KeyKind::P256);
    let extended_length = spec.extended_length.unwrap_or(true);
    let protocol = spec.protocol.unwrap_or_default();
    let further = u8::try_from(spec.further_signature_certificates.len())
        .ok()
        .filter(|further| *further <= MAX_FURTHER)
        .ok_or(SpecError::NotForThisMake("furtherSignatureCertificates"))?;
    let identifiers = identifiers(kind, pin_format(spec), further);

    let mut files = FileSystem::new(None);
    let master = files.master_file();
    let template = application_template(&APPLICATION, identifiers.label, &[MASTER_FILE, DF]);
    let directory = files.add_file(master, 0x2F00, template);
    files.set_short_id(directory, 0x1E);
    let style = Style {
        dialect: spec.dialect.unwrap_or_default(),
        room: if spec.roomy_files == Some(true) { 100 } else { 0 },
    };
    let offers =
        if spec.every_algorithm == Some(true) { every_algorithm::offers(kind) } else { offers(kind) };
    let application = install(&mut files, Place::Absolute, &identifiers, offers, style, (kind, spec, pki))?;
    let fingers: Vec<Finger> = spec
        .finger
        .map(|number| {
            Finger::new(fingerprint::REFERENCE, fingerprint::RIGHT_INDEX, identifiers.pin.reference, number)
        })
        .into_iter()
        .collect();
    let atr = atr::made_up(protocol, extended_length && protocol == Protocol::T1);
    let contents = Contents {
        pins: application.pins,
        keys: application.keys,
        // the longest data field, told the way a CardOS tells it, so that drivers for such cards can be used
        data_objects: [(0x018D, if extended_length { vec![0x04, 0x00] } else { vec![0x01, 0x02] })]
            .into_iter()
            .chain((!fingers.is_empty()).then(|| fingerprint::information(&fingers)))
            .collect(),
        fingers,
        ..Contents::new(atr, rules(spec, extended_length), files)
    };
    Ok(Made { contents, certificates: application.certificates })
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

fn pin_format(spec: &CardSpec) -> PinFormat {
    match spec.pin_format.unwrap_or_default() {
        PinFormatName::AsciiFf => PinFormat::Padded { length: 8, pad: 0xFF },
        PinFormatName::Ascii00 => PinFormat::Padded { length: 8, pad: 0x00 },
        PinFormatName::Ascii => PinFormat::Unpadded,
        PinFormatName::Bcd => PinFormat::Bcd { length: 8 },
        PinFormatName::Iso9564Format2 => PinFormat::Iso9564Format2,
    }
}

fn identifiers(kind: KeyKind, format: PinFormat, further: u8) -> Identifiers {
    let implicit = implicit(kind);
    Identifiers {
        name: APPLICATION.to_vec(),
        label: "Bitaqa test card",
        directory: DF,
        authentication_objects: 0x4401,
        private_keys: 0x4402,
        certificates: 0x4403,
        format,
        stored_length: 8,
        pin: PinIdentifiers { label: "PIN", reference: 0x81, digits: 4..=8 },
        signature_pin: PinIdentifiers { label: "Signature PIN", reference: 0x82, digits: 5..=8 },
        puk: PinIdentifiers { label: "PUK", reference: 0x83, digits: 8..=8 },
        authentication: KeyIdentifiers {
            label: "Authentication key",
            certificate_label: "Authentication certificate",
            id: 0x45,
            reference: 0x01,
            certificate: 0x4301,
            templates: BOTH,
            implicit,
        },
        signature: KeyIdentifiers {
            label: "Signature key",
            certificate_label: "Signature certificate",
            id: 0x46,
            reference: 0x02,
            certificate: 0x4302,
            templates: BOTH,
            implicit,
        },
        further_signatures: (0..further)
            .map(|index| KeyIdentifiers {
                label: "Further signature key",
                certificate_label: "Further signature certificate",
                id: 0x47 + index,
                reference: 0x03 + index,
                certificate: 0x4303 + u16::from(index),
                templates: BOTH,
                implicit,
            })
            .collect(),
    }
}

/// What a key does when the environment names no algorithm.
pub(crate) const fn implicit(kind: KeyKind) -> Option<Mechanism> {
    match kind {
        KeyKind::Rsa2048Pss => None,
        kind if kind.is_rsa() => Some(Mechanism::RsaRaw),
        _ => Some(Mechanism::Ecdsa),
    }
}

const BOTH: &[Template] = &[Template::DigitalSignature, Template::Authentication];

/// Mechanism numbers are those of PKCS#11 (CKM_RSA_PKCS and so on), as the standard asks.
pub(crate) fn offers(kind: KeyKind) -> &'static [Offer] {
    const RSA: &[u32] = &[1, 2, 840, 113_549, 1, 1, 1];
    match kind {
        KeyKind::Rsa2048Pss => const { &[PSS_SHA_256] },
        KeyKind::Rsa2048 | KeyKind::Rsa3072 => {
            const {
                &[
                    signature(0x01, RSA, 0x10, Mechanism::RsaPkcs1),
                    signature(0x03, RSA, 0x00, Mechanism::RsaRaw),
                    signature(
                        0x40,
                        &[1, 2, 840, 113_549, 1, 1, 11],
                        0x40,
                        Mechanism::RsaPkcs1Of(Digest::Sha256),
                    ),
                    PSS_SHA_256,
                ]
            }
        }
        KeyKind::P256
        | KeyKind::P384
        | KeyKind::P521
        | KeyKind::BrainpoolP256r1
        | KeyKind::BrainpoolP384r1
        | KeyKind::BrainpoolP512r1 => {
            const {
                &[
                    signature(0x1041, &[1, 2, 840, 10_045, 2, 1], 0x30, Mechanism::Ecdsa),
                    signature(
                        0x1044,
                        &[1, 2, 840, 10_045, 4, 3, 2],
                        0x60,
                        Mechanism::EcdsaOf(Digest::Sha256),
                    ),
                    signature(
                        0x1045,
                        &[1, 2, 840, 10_045, 4, 3, 3],
                        0x70,
                        Mechanism::EcdsaOf(Digest::Sha384),
                    ),
                ]
            }
        }
    }
}

const PSS_SHA_256: Offer =
    signature(0x43, &[1, 2, 840, 113_549, 1, 1, 10], 0x50, Mechanism::RsaPss(Digest::Sha256));

const fn signature(number: u32, oid: &'static [u32], reference: u8, mechanism: Mechanism) -> Offer {
    Offer { number, operation: 1, oid, reference, mechanism: Some(mechanism), templates: BOTH }
}
