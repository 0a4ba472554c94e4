//! Identity cards by Thales: Finnish ones (FINEID S1 and S4-1, versions 3.1 and 4.0) and Estonian ones of 2025.
//!
//! File identifiers, key, PIN and algorithm references, the answer to GET DATA and the length of answers follow the
//! published specifications and what independent clients send and accept: the Web eID library, OpenSC's driver
//! `esteid2025`. Clients address keys and PINs from whatever file is current, so all of them hold everywhere here.
//! The identifiers of the PKCS#15 lists (`44xx`) are not those of a real card.
//!
//! | card | authentication | signature |
//! |---|---|---|
//! | Finnish, v3 | PIN `11`, RSA key `01`, certificate `4331` | PIN `82`, P-256 key `03`, certificate `5016 4335` |
//! | Finnish, v4 | PIN `11`, P-384 key `01`, certificate `4331` | PIN `82`, P-384 key `02`, certificate `5016 4332` |
//! | Estonian | PIN `81`, P-384 key `01`, certificate `ADF1 3411` | PIN `82`, P-384 key `05`, certificate `ADF2 3421` |

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
    person::Person,
    pin::PinFormat,
    pki::{Pki, Purpose},
    private_key::{KeyKind, PrivateKey},
    reference_data::{ReferenceData, Scope},
    rules::{PinInformation, Rules},
    security_environment::{Key, Template},
    spec::{CardSpec, Generation, Personality, SpecError},
};

/// The application identifier of PKCS#15: the name of the master file.
const APPLICATION: [u8; 12] = [0xA0, 0x00, 0x00, 0x00, 0x63, 0x50, 0x4B, 0x43, 0x53, 0x2D, 0x31, 0x35];

const PUK: u8 = 0x83;
const EF_AOD: u16 = 0x4401;
const EF_PRKD: u16 = 0x4402;
const EF_CD: u16 = 0x4403;

const RULES: Rules = Rules { pin_information: PinInformation::ByReference, ..Rules::ISO };

/// PINs are ASCII, filled to 12 bytes with `00`.
const PIN_FORMAT: PinFormat = PinFormat::Padded { length: 12, pad: 0x00 };

/// A key with its PIN and its certificate's file.
struct Slot {
    pin: u8,
    shortest_pin: usize,
    key: u8,
    kind: KeyKind,
    /// Algorithm reference without the hash: `04` ECDSA, `05` RSASSA-PSS.
    scheme: u8,
    certificate: &'static [u16],
}

/// What one card has that others do not.
struct Layout {
    atr: &'static [u8],
    label: &'static str,
    tries: u8,
    authentication: Slot,
    signature: Slot,
}

const ECDSA: u8 = 0x04;
const RSA_PSS: u8 = 0x05;

const FINNISH_3: Layout = Layout {
    atr: &atr::FINEID_3,
    label: "HENKILOKORTTI",
    tries: 5,
    authentication: slot(0x11, 4, 0x01, KeyKind::Rsa2048, RSA_PSS, &[0x4331]),
    signature: slot(0x82, 6, 0x03, KeyKind::P256, ECDSA, &[0x5016, 0x4335]),
};

const FINNISH_4: Layout = Layout {
    atr: &atr::FINEID_4,
    label: "HENKILOKORTTI",
    tries: 5,
    authentication: slot(0x11, 4, 0x01, KeyKind::P384, ECDSA, &[0x4331]),
    signature: slot(0x82, 6, 0x02, KeyKind::P384, ECDSA, &[0x5016, 0x4332]),
};

const ESTONIAN: Layout = Layout {
    atr: &atr::ESTEID_2025,
    label: "ID-kaart",
    tries: 3,
    authentication: slot(0x81, 4, 0x01, KeyKind::P384, ECDSA, &[0xADF1, 0x3411]),
    signature: slot(0x82, 5, 0x05, KeyKind::P384, ECDSA, &[0xADF2, 0x3421]),
};

const fn slot(
    pin: u8,
    shortest_pin: usize,
    key: u8,
    kind: KeyKind,
    scheme: u8,
    certificate: &'static [u16],
) -> Slot {
    Slot { pin, shortest_pin, key, kind, scheme, certificate }
}

pub(crate) fn make(spec: &CardSpec, pki: &Pki) -> Result<Made, SpecError> {
    let person = spec.holder()?;
    let layout = match (spec.personality, spec.generation) {
        (Personality::Esteid, _) => ESTONIAN,
        (_, Some(Generation::V3)) => FINNISH_3,
        _ => FINNISH_4,
    };
    let authentication_key = PrivateKey::for_test_card(layout.authentication.kind, 0)?;
    let signature_key = PrivateKey::for_test_card(layout.signature.kind, 0)?;
    let certificates = Certificates {
        authentication: pki.issue(&person, Purpose::Authentication, spec.certificate, &authentication_key)?,
        signature: pki.issue(&person, Purpose::Signature, spec.signature_certificate, &signature_key)?,
    };

    let mut files = FileSystem::new(Some(&APPLICATION));
    add_certificate(&mut files, layout.authentication.certificate, certificates.authentication.der());
    add_certificate(&mut files, layout.signature.certificate, certificates.signature.der());
    match spec.personality {
        Personality::Esteid => add_personal_data(&mut files, &person),
        _ => add_lists(&mut files, &layout, &person, &authentication_key, &signature_key),
    }

    let master = files.master_file();
    let pins = pins(spec, &layout)?;
    let keys = vec![
        key(&layout.authentication, master, authentication_key, false),
        key(&layout.signature, master, signature_key, true),
    ];
    let contents = Contents { pins, keys, ..Contents::new(layout.atr.to_vec(), RULES, files) };
    Ok(Made { contents, certificates })
}

fn pins(spec: &CardSpec, layout: &Layout) -> Result<Vec<ReferenceData>, SpecError> {
    let values = spec.pins();
    let plan = |name, reference, shortest, unblocked_by| PinPlan {
        name,
        reference,
        scope: Scope::Global,
        format: PIN_FORMAT,
        digits: shortest..=12,
        unblocked_by,
        tries: layout.tries,
    };
    let Slot { pin, shortest_pin, .. } = layout.authentication;
    let Slot { pin: signature_pin, shortest_pin: shortest_signature_pin, .. } = layout.signature;
    Ok(vec![
        plan("PIN", pin, shortest_pin, Some(PUK)).carry_out(spec, &values.pin, spec.tries_left)?,
        plan("signature PIN", signature_pin, shortest_signature_pin, Some(PUK)).carry_out(
            spec,
            &values.signature_pin,
            spec.signature_tries_left,
        )?,
        plan("PUK", PUK, 8, None).carry_out(spec, &values.puk, None)?,
    ])
}

/// The hash stands in the upper half of the algorithm reference. Both keys are used through PSO: COMPUTE DIGITAL SIGNATURE.
fn key(slot: &Slot, directory: FileRef, private: PrivateKey, user_consent: bool) -> Key {
    let hashes =
        [(0x30, Digest::Sha224), (0x40, Digest::Sha256), (0x50, Digest::Sha384), (0x60, Digest::Sha512)];
    let mechanism =
        |digest| if slot.scheme == RSA_PSS { Mechanism::RsaPss(digest) } else { Mechanism::EcdsaOf(digest) };
    Key {
        reference: slot.key,
        directory,
        private,
        templates: vec![Template::DigitalSignature],
        algorithms: hashes.map(|(hash, digest)| (vec![hash | slot.scheme], mechanism(digest))).to_vec(),
        implicit: None,
        pin: Some(slot.pin),
        user_consent,
    }
}

/// A file under the master file, or in a dedicated file under it.
fn add_certificate(files: &mut FileSystem, path: &[u16], certificate: &[u8]) {
    let master = files.master_file();
    match path {
        [directory, file] => {
            let directory = files.add_directory(master, *directory, None);
            files.add_file(directory, *file, certificate.to_vec());
        }
        path => {
            for file in path {
                files.add_file(master, *file, certificate.to_vec());
            }
        }
    }
}

/// `DFDD 5001` to `5008`: only the document number (`5007`) is known to independent clients, the others are one zero byte.
fn add_personal_data(files: &mut FileSystem, person: &Person) {
    let master = files.master_file();
    let directory = files.add_directory(master, 0xDFDD, None);
    for id in 0x5001..=0x5008 {
        let content = if id == 0x5007 { person.document_number().into_bytes() } else { vec![0] };
        files.add_file(directory, id, content);
    }
}

/// EF.DIR and the lists of PKCS#15, for clients that find their way by them.
fn add_lists(
    files: &mut FileSystem,
    layout: &Layout,
    person: &Person,
    authentication: &PrivateKey,
    signature: &PrivateKey,
) {
    let master = files.master_file();
    let under = |id| [MASTER_FILE, id];
    let number = person.document_number();
    let contents = [
        (0x2F00, application_template(&APPLICATION, layout.label, &[MASTER_FILE])),
        (0x5031, object_directory(&under(EF_PRKD), &under(EF_CD), &under(EF_AOD))),
        (0x5032, card_information(number.as_bytes(), layout.label, &algorithms())),
        (EF_AOD, pin_entries(layout)),
        (EF_PRKD, key_entries(layout, authentication, signature)),
        (EF_CD, certificate_entries(layout)),
    ];
    for (id, content) in contents {
        files.add_file(master, id, content);
    }
}

/// Hashing, and signatures over a hash value with ECDSA and RSASSA-PSS, as PKCS#11 numbers them.
fn algorithms() -> Vec<Algorithm> {
    const HASHES: [(u32, &[u32]); 4] = [
        (0x255, &[2, 16, 840, 1, 101, 3, 4, 2, 4]),
        (0x250, &[2, 16, 840, 1, 101, 3, 4, 2, 1]),
        (0x260, &[2, 16, 840, 1, 101, 3, 4, 2, 2]),
        (0x270, &[2, 16, 840, 1, 101, 3, 4, 2, 3]),
    ];
    const SIGNATURES: [(u32, &[u32], u8); 8] = [
        (0x1043, &[1, 2, 840, 10_045, 4, 3, 1], 0x30 | ECDSA),
        (0x1044, &[1, 2, 840, 10_045, 4, 3, 2], 0x40 | ECDSA),
        (0x1045, &[1, 2, 840, 10_045, 4, 3, 3], 0x50 | ECDSA),
        (0x1046, &[1, 2, 840, 10_045, 4, 3, 4], 0x60 | ECDSA),
        (0x47, &[1, 2, 840, 113_549, 1, 1, 10], 0x30 | RSA_PSS),
        (0x43, &[1, 2, 840, 113_549, 1, 1, 10], 0x40 | RSA_PSS),
        (0x44, &[1, 2, 840, 113_549, 1, 1, 10], 0x50 | RSA_PSS),
        (0x45, &[1, 2, 840, 113_549, 1, 1, 10], 0x60 | RSA_PSS),
    ];
    let hashes = HASHES
        .iter()
        .zip([0x30, 0x40, 0x50, 0x60])
        .map(|((mechanism, oid), reference)| (*mechanism, 6, *oid, reference));
    let signatures = SIGNATURES.iter().map(|(mechanism, oid, reference)| (*mechanism, 1, *oid, *reference));
    (1..)
        .zip(hashes.chain(signatures))
        .map(|(reference, (mechanism, operation, oid, card_reference))| Algorithm {
            reference,
            mechanism,
            operation,
            oid,
            card_reference,
        })
        .collect()
}

const AUTHENTICATION_ID: u8 = 0x45;
const SIGNATURE_ID: u8 = 0x46;

fn pin_entries(layout: &Layout) -> Vec<u8> {
    let flags = [pin_flag::CASE_SENSITIVE, pin_flag::INITIALIZED, pin_flag::NEEDS_PADDING];
    let puk_flags = [flags.as_slice(), &[pin_flag::UNBLOCKING_PIN]].concat();
    let entry = |label, id, reference, shortest: usize| PinEntry {
        label,
        id,
        unblocked_by: (reference != PUK).then_some(3),
        flags: if reference == PUK { &puk_flags } else { &flags },
        kind: 1,
        min_length: u32::try_from(shortest).unwrap_or(0),
        stored_length: 12,
        max_length: 12,
        reference,
        pad: Some(0x00),
        path: &[MASTER_FILE],
    };
    let Layout { authentication, signature, .. } = layout;
    [
        entry("perustunnusluku", 1, authentication.pin, authentication.shortest_pin),
        entry("allekirjoitustunnusluku", 2, signature.pin, signature.shortest_pin),
        entry("PUK", 3, PUK, 8),
    ]
    .iter()
    .flat_map(PinEntry::encode)
    .collect()
}

fn key_entries(layout: &Layout, authentication: &PrivateKey, signature: &PrivateKey) -> Vec<u8> {
    let entry = |label, id, pin, user_consent, usage, slot: &Slot| KeyEntry {
        label,
        id,
        pin,
        user_consent,
        usage,
        reference: slot.key,
        algorithms: &[],
        tells_field_size: true,
        path: &[MASTER_FILE],
    };
    [
        entry("todentamisavain", AUTHENTICATION_ID, 1, None, key_usage::SIGN, &layout.authentication)
            .encode(authentication),
        entry("allekirjoitusavain", SIGNATURE_ID, 2, Some(1), key_usage::NON_REPUDIATION, &layout.signature)
            .encode(signature),
    ]
    .concat()
}

fn certificate_entries(layout: &Layout) -> Vec<u8> {
    let entry = |label, id, path: &[u16]| certificate_entry(label, id, &[&[MASTER_FILE], path].concat());
    [
        entry("todentamisvarmenne", AUTHENTICATION_ID, layout.authentication.certificate),
        entry("allekirjoitusvarmenne", SIGNATURE_ID, layout.signature.certificate),
    ]
    .concat()
}
