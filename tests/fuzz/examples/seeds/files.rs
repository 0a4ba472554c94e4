//! Inputs that are one file, one data object or one text.

use bitaqa_card::{
    channel::Channel,
    file::{FileLocation, Selection},
    gcc::GccCard,
    pkcs15::{self, object_directory},
    tlv::{Tag, encode},
};
use bitaqa_fuzz::{PKCS15_FILES, SECURE_MESSAGING_CIPHERS, gcc_files, join};
use bitaqa_virtual_card::{
    CardSpec,
    icao::terminal_authentication::authorization::TerminalKind,
    pki::card_verifying_authority::{CardVerifyingAuthority, TerminalOrder},
    private_key::KeyKind,
    spec::Personality,
};

use crate::{
    Seed,
    answers::{ISSUER_PROFILE, Recorder, SHORT},
};

/// A profile with fixed places: one of each thing that it can say.
const FIXED_PROFILE: &str = r#"schema = 1
title = "x"
[recognise]
application = "A000000077"
files-without-hint = ["ADF13401"]
atr-hints = ["3BDB..F1"]
[link]
extended-length = false
chaining = false
max-response = 233
[[credential]]
role = "authentication"
certificate-path = "ADF13401"
[credential.key]
application = "E828BD080F"
reference = 0x81
order = "environment-first"
user-consent = true
methods = [{ scheme = "ecdsa", reference = 4, operation = "internal-authenticate", input = { kind = "digest-of-length", bytes = 48 } }]
[credential.pin]
label = "P"
format = { reference = 1, encoding = "ascii", min-length = 4, max-length = 12, stored-length = 12, pad = 0xFF }
status = { kind = "data-object", path = ["70", "BF8101", "A0"], left = "9B", maximum = "9A" }
[credential.pin.unblocking]
puk = { reference = 2, encoding = "ascii", min-length = 8, max-length = 12, stored-length = 12, pad = 0xFF }
way = "verify-then-new-pin"
application = "A000000077"
"#;

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds = vec![
        seed("tlv", "nested", &[0x30, 0x06, 0x7F, 0x49, 0x03, 0x04, 0x01, 0xAA]),
        seed("tlv", "long-length", &encode(Tag(0x7F21), &[0x55; 200])),
        seed("tlv", "indefinite", &[0x30, 0x80, 0x24, 0x80, 0x04, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00]),
        seed("tlv", "parts", &[0x24, 0x07, 0x04, 0x01, 0x01, 0x04, 0x02, 0x02, 0x03]),
        seed("profile", "fixed.toml", FIXED_PROFILE.as_bytes()),
        seed("profile", "ias-ecc.toml", include_bytes!("../../../../crates/card/profiles/ias-ecc.toml")),
        seed("profile", "piv.toml", include_bytes!("../../../../crates/card/profiles/piv.toml")),
        seed("profile", "issuer.toml", ISSUER_PROFILE.as_bytes()),
        seed("biometric", "one", &biometric_template()),
        seed(
            "biometric",
            "group",
            &encode(Tag(0x7F61), &[&[0x02, 0x01, 0x01][..], &biometric_template()].concat()),
        ),
    ];
    seeds.extend(certificates());
    seeds.extend(pkcs15_files());
    seeds.extend(piv_objects());
    seeds.extend(ias_ecc_objects());
    seeds.extend(gcc_records());
    seeds.extend(sessions());
    seeds
}

fn seed(target: &'static str, name: &str, bytes: &[u8]) -> Seed {
    (target, name.to_owned(), bytes.to_vec())
}

/// As ISO/IEC 7816-11 and CBEFF write it: reference, and a header with kind and format.
fn biometric_template() -> Vec<u8> {
    let header = [
        encode(Tag(0x81), &[0x08]),
        encode(Tag(0x82), &[0x05]),
        encode(Tag(0x87), &[0x01, 0x01]),
        encode(Tag(0x88), &[0x00, 0x05]),
    ];
    encode(Tag(0x7F60), &[encode(Tag(0x83), &[0x90]), encode(Tag(0xA1), &header.concat())].concat())
}

fn certificates() -> Vec<Seed> {
    let authority = CardVerifyingAuthority::of(TerminalKind::Authentication);
    let certificate = authority.certificate();
    let terminal = authority.terminal(&TerminalOrder::with(&[0x01; 5]));
    let chain = [vec![certificate.clone()], terminal.chain().to_vec()].concat();
    let terminal_type = encode(Tag(0x06), &[0x04, 0x00, 0x7F, 0x00, 0x07, 0x03, 0x01, 0x02, 0x02]);
    let chat = encode(Tag(0x7F4C), &[terminal_type.clone(), encode(Tag(0x53), &[0; 5])].concat());
    // a request is a certificate's body without rights and dates, signed by the key in it
    let body = bitaqa_card::tlv::TlvReader::new(&certificate).read().unwrap().unwrap();
    let mut fields = body.children().read().unwrap().unwrap().children();
    let mut kept = Vec::new();
    while let Ok(Some(field)) = fields.read() {
        if ![Tag(0x7F4C), Tag(0x5F25), Tag(0x5F24)].contains(&field.tag) {
            kept.extend_from_slice(field.encoded);
        }
    }
    let signed = [encode(Tag(0x7F4E), &kept), encode(Tag(0x5F37), &[0x55; 64])].concat();
    let sector = encode(Tag(0x7F49), &[terminal_type, encode(Tag(0x86), &[0x04; 65])].concat());
    vec![
        seed("cvc", "authority", &[&[0], certificate.as_slice()].concat()),
        seed("cvc", "terminal", &[&[0], terminal.chain()[1].as_slice()].concat()),
        seed("cvc", "chain", &[&[1], join(&chain).as_slice()].concat()),
        seed("cvc", "request", &[&[2], encode(Tag(0x7F21), &signed).as_slice()].concat()),
        seed("cvc", "chat", &[&[3], chat.as_slice()].concat()),
        seed("cvc", "sector", &[&[4], sector.as_slice()].concat()),
    ]
}

/// The directory files of a PKCS#15 card.
fn pkcs15_files() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (kind, spec) in [
        ("ec", CardSpec::pkcs15(KeyKind::P256)),
        ("rsa", CardSpec::pkcs15(KeyKind::Rsa2048)),
        ("esteid", CardSpec::esteid()),
        ("finger", CardSpec { finger: Some(1), finger_only: Some(true), ..CardSpec::pkcs15(KeyKind::P256) }),
    ] {
        let mut recorder = Recorder::new(&spec, SHORT.1);
        let mut channel = Channel::new(&mut recorder, SHORT.0);
        let mut selection = Selection::default();
        let mut read = |path: &[u8]| {
            let file = FileLocation { path: path.to_vec(), ..FileLocation::application(pkcs15::APPLICATION) };
            selection.read(&mut channel, &file, 4096).ok()
        };
        let Some(odf) = read(&object_directory::PATH) else { continue };
        let directory = object_directory::parse(&odf).unwrap();
        let mut files = vec![
            ("odf", Some(odf)),
            ("token-info", read(&[0x50, 0x32])),
            ("dir", read(&[0x3F, 0x00, 0x2F, 0x00])),
        ];
        for (name, paths) in [
            ("prkdf", &directory.private_keys),
            ("cdf", &directory.certificates),
            ("aodf", &directory.authentication_objects),
        ] {
            files.extend(paths.first().map(|path| (name, read(&path.identifiers))));
        }
        for (name, content) in files {
            let Some(content) = content else { continue };
            let number = PKCS15_FILES.iter().position(|(known, _)| *known == name).unwrap();
            let number = u8::try_from(number).unwrap();
            seeds.push(("pkcs15", format!("{name}-{kind}"), [&[number], content.as_slice()].concat()));
        }
    }
    seeds
}

fn piv_objects() -> Vec<Seed> {
    // SP 800-73-5 part 1: the PIN usage policy, and certificates, plain and packed (a gzip member with one stored block)
    let aid = encode(Tag(0x4F), &[0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00]);
    let policy = encode(Tag(0x7E), &[aid, encode(Tag(0x5F2F), &[0x60, 0x10])].concat());
    let object = |certificate: &[u8], packed: u8| {
        let fields = [encode(Tag(0x70), certificate), encode(Tag(0x71), &[packed]), encode(Tag(0xFE), &[])];
        encode(Tag(0x53), &fields.concat())
    };
    let certificate = encode(Tag(0x30), &[0x05, 0x00]);
    let mut packed = vec![0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0xFF, 0x01, 0x04, 0x00, 0xFB, 0xFF];
    packed.extend_from_slice(&certificate);
    packed.extend_from_slice(&crc32(&certificate).to_le_bytes());
    packed.extend_from_slice(&4_u32.to_le_bytes());
    let signature = encode(Tag(0x7C), &encode(Tag(0x82), &[0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01]));
    vec![
        seed("piv", "policy", &[&[0], policy.as_slice()].concat()),
        seed("piv", "certificate", &[&[1], object(&certificate, 0).as_slice()].concat()),
        seed("piv", "certificate-packed", &[&[1], object(&packed, 1).as_slice()].concat()),
        seed("piv", "signature", &[&[2], signature.as_slice()].concat()),
    ]
}

/// RFC 1952, section 8.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 0 { sum >> 1 } else { sum >> 1 ^ 0xEDB8_8320 },
        )
    })
}

fn ias_ecc_objects() -> Vec<Seed> {
    let rule = encode(Tag(0x8C), &[0x07, 0x13, 0x13, 0x00]);
    let rules = encode(Tag(0xA1), &[rule, encode(Tag(0x9C), &[0x01, 0x53])].concat());
    let parameters = |own: Vec<u8>| {
        let tries =
            [encode(Tag(0x9A), &[0x03]), encode(Tag(0x9B), &[0x03]), encode(Tag(0x9D), &[0xFF, 0xFF])];
        encode(Tag(0xA0), &[tries.concat(), rules.clone(), own].concat())
    };
    let pin_data = encode(Tag(0x7F41), &[encode(Tag(0x80), &[0x04]), encode(Tag(0x81), &[0x08])].concat());
    let pin = encode(Tag(0xBF8101), &[parameters(Vec::new()), pin_data].concat());
    let key = encode(Tag(0xBF9001), &parameters(encode(Tag(0x80), &[0x01, 0x00])));
    let application = encode(Tag(0x4F), &[0xE8, 0x28, 0xBD, 0x08, 0x0F, 0x01]);
    let buffers = encode(
        Tag(0xE0),
        &[0x02, 0x02, 0x01, 0x04, 0x02, 0x02, 0x01, 0x00, 0x02, 0x02, 0x01, 0x04, 0x02, 0x02, 0x01, 0x00],
    );
    let ef_atr =
        [encode(Tag(0x43), &[0xB8]), encode(Tag(0x47), &[0x94, 0x01, 0x80]), application, buffers].concat();
    vec![
        // the reference stands in the upper bits of the first byte: 1
        seed("ias_ecc", "pin", &[&[12], encode(Tag(0x70), &pin).as_slice()].concat()),
        seed("ias_ecc", "key", &[&[13], key.as_slice()].concat()),
        seed("ias_ecc", "ef-atr", &[&[2], ef_atr.as_slice()].concat()),
        seed("ias_ecc", "rules", &[&[3], rules.as_slice()].concat()),
    ]
}

/// The files of Bahraini cards, as the card of the tests has them.
fn gcc_records() -> Vec<Seed> {
    let mut seeds = Vec::new();
    let mut recorder = Recorder::new(&CardSpec::new(Personality::Bahrain2016), SHORT.1);
    let card = GccCard::find(&mut Channel::new(&mut recorder, SHORT.0), &[]).unwrap().unwrap();
    for (name, kind) in [("personal", 2), ("card", 1), ("address", 0)] {
        let before = recorder.answers().len();
        let mut channel = Channel::new(&mut recorder, SHORT.0);
        match kind {
            2 => drop(card.personal_data(&mut channel).unwrap()),
            1 => drop(card.card_data(&mut channel).unwrap()),
            _ => drop(card.address(&mut channel).unwrap()),
        }
        // the first answer is to the selection of the application
        let parts = recorder.answers()[before + 1..].iter().map(|answer| &answer[..answer.len() - 2]);
        let content = parts.collect::<Vec<_>>().concat();
        seeds.push(("gcc", name.to_owned(), [&[gcc_files(kind, 1)], content.as_slice()].concat()));
    }
    seeds.push(("gcc", "images".to_owned(), vec![gcc_files(3, 1), 0xFF, 0xD8, 0xFF, 0xD9]));
    seeds
}

/// Answers of a chip in a session: read data, a status word, something that is not protected.
fn sessions() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (number, cipher) in (0_u8..).zip(SECURE_MESSAGING_CIPHERS) {
        let protected = [&[2][..], &[0x61, 0x03, 0x5F, 0x1F, 0x00]].concat();
        let refused = vec![3, 0x6A, 0x82];
        let bare = vec![0, 0x69, 0x88];
        let status = vec![1, 0x99, 0x02, 0x90, 0x00];
        for (way, options) in [("alone", 0_u8), ("channel", 2), ("channel-long", 3)] {
            let parts = join(&[protected.clone(), refused.clone(), status.clone(), bare.clone()]);
            let name = format!("{cipher:?}-{way}").to_lowercase();
            seeds.push(("secure_messaging", name, [&[number, options], parts.as_slice()].concat()));
        }
    }
    seeds
}
