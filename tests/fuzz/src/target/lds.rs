//! Files of the logical data structure and those beside it; the first byte says which.

use std::fmt::Debug;

use bitaqa_card::{
    CardError,
    lds::{
        AtrInfo, Com, Dg1, Dg2, Dg3, Dg5, Dg7, Dg11, Dg12, Dg13, Dg14, Dg15, Dg16, DocumentNumber, Mrz, Sod,
    },
    pkcs15::ef_dir,
    security_infos::SecurityInfos,
    terminal_authentication::CardSecurity,
    tlv::{Tag, encode},
};

use super::{choice, written};

/// A file: its name, and what reads it.
type File = (&'static str, fn(&[u8]));

/// The files, in the order of their numbers.
pub const FILES: &[File] = &[
    ("com", |content| parsed(Com::parse(content))),
    ("dg1", |content| parsed(Dg1::parse(content))),
    ("dg2", |content| parsed(Dg2::parse(content))),
    ("dg3", |content| parsed(Dg3::parse(content))),
    ("dg5", |content| parsed(Dg5::parse(content))),
    ("dg7", |content| parsed(Dg7::parse(content))),
    ("dg11", |content| parsed(Dg11::parse(content))),
    ("dg12", |content| parsed(Dg12::parse(content))),
    ("dg13", |content| parsed(Dg13::parse(content))),
    ("dg14", dg14),
    ("dg15", |content| parsed(Dg15::parse(content))),
    ("dg16", |content| parsed(Dg16::parse(content))),
    ("atr-info", |content| parsed(AtrInfo::parse(content).inspect(|info| written(&info.link())))),
    ("dir", |content| parsed(ef_dir::parse(content))),
    ("card-access", infos),
    ("card-security", |content| parsed(CardSecurity::parse(content))),
    ("mrz", mrz),
    ("digests", digests),
];

pub(crate) fn run(input: &[u8]) {
    let (number, content) = choice(input);
    if let Some((_, read)) = FILES.get(usize::from(number)) {
        read(content);
    }
}

fn parsed<T: Debug>(outcome: Result<T, CardError>) {
    match outcome {
        Ok(value) => written(&value),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn dg14(content: &[u8]) {
    if let Ok(group) = Dg14::parse(content) {
        infos(&group.security_infos);
    }
}

/// SecurityInfos, and everything that is then asked of them.
fn infos(content: &[u8]) {
    let Ok(infos) = SecurityInfos::parse("SecurityInfos", content) else { return };
    for info in infos.all() {
        assert!(!info.encoded().is_empty());
    }
    written(&bitaqa_card::pace::PaceVariant::offered(&infos));
    written(&bitaqa_card::chip_authentication::ChipKey::best(&infos));
    assert!(infos.agrees_with(&infos), "a copy agrees");
    assert!(infos.compare_with_dg14(&infos).is_ok() && infos.missing_from(&infos).is_empty());
}

fn mrz(content: &[u8]) {
    if let Ok(zone) = Mrz::parse(content) {
        assert_eq!(zone.text().as_bytes(), content);
        let lines: Vec<&str> = zone.lines().collect();
        assert_eq!(Mrz::parse_lines(&lines.join("\n")).as_ref(), Ok(&zone), "lines are the zone");
        assert!(!zone.key().information().is_empty());
    }
    if let Ok(text) = std::str::from_utf8(content) {
        let _ = Mrz::parse_lines(text);
        if let Some(number) = DocumentNumber::new(text) {
            assert_eq!(DocumentNumber::new(number.as_str()).as_ref(), Some(&number));
        }
    }
}

/// The list of digests, in a SignedData that is sound.
fn digests(list: &[u8]) {
    const SEQUENCE: Tag = Tag(0x30);
    const SET: Tag = Tag(0x31);
    const OBJECT_IDENTIFIER: Tag = Tag(0x06);
    const OCTET_STRING: Tag = Tag(0x04);
    const EXPLICIT: Tag = Tag(0xA0);
    // id-signedData, id-icao-mrtd-security-ldsSecurityObject, id-sha256 and ecdsa-with-SHA256
    let signed_data = encode(OBJECT_IDENTIFIER, &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02]);
    let list_type = encode(OBJECT_IDENTIFIER, &[0x67, 0x81, 0x08, 0x01, 0x01, 0x01]);
    let sha256 =
        encode(SEQUENCE, &encode(OBJECT_IDENTIFIER, &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]));
    let ecdsa =
        encode(SEQUENCE, &encode(OBJECT_IDENTIFIER, &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]));
    let content = [list_type, encode(EXPLICIT, &encode(OCTET_STRING, list))].concat();
    // version 3: the signer is named by its key identifier
    let version = [0x02, 0x01, 0x03].to_vec();
    let key_identifier = encode(Tag(0x80), &[1; 20]);
    let signature = encode(OCTET_STRING, &[1; 8]);
    let signer = [version.clone(), key_identifier, sha256.clone(), ecdsa, signature].concat();
    let fields =
        [version, encode(SET, &sha256), encode(SEQUENCE, &content), encode(SET, &encode(SEQUENCE, &signer))];
    let whole = [signed_data, encode(EXPLICIT, &encode(SEQUENCE, &fields.concat()))].concat();
    let outcome = Sod::parse(&encode(Tag(0x77), &encode(SEQUENCE, &whole)));
    if let Ok(sod) = &outcome {
        assert!(sod.groups().all(|group| sod.lists(group)));
        assert_eq!(sod.signed_data.content, list);
    }
    parsed(outcome);
}
