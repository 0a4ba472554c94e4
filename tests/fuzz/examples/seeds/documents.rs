//! Files of travel documents, read from the software chips.

use bitaqa_card::{
    bac,
    channel::Channel,
    file::{FileLocation, Selection},
    ias_ecc::ef_atr,
    lds::{DataGroup, ElementaryFile, LdsReader, Sod},
    pace::{self, PaceVariant, Password},
    pkcs15::ef_dir,
    security_infos::SecurityInfos,
    tlv::{Tag, TlvReader, encode},
};
use bitaqa_fuzz::{LDS_FILES, can, draws, zone};
use bitaqa_virtual_card::{
    CardSpec,
    icao::{
        active_authentication::ActiveAuthenticationKind,
        logical_data_structure::{BiometricEncoding, PortraitFormat, PortraitOrder},
        order::DocumentOrder,
    },
    pki::CountryKey,
    spec::{Hypothesis, Personality},
};

use crate::{
    Seed,
    answers::{LONG, Recorder},
};

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds = passport();
    for (name, encoding, format) in [
        ("dg2-19794-jpeg2000", BiometricEncoding::Iso19794, PortraitFormat::Jpeg2000),
        ("dg2-39794-jpeg", BiometricEncoding::Iso39794, PortraitFormat::Jpeg),
        ("dg2-39794-jpeg2000", BiometricEncoding::Iso39794, PortraitFormat::Jpeg2000),
    ] {
        let portrait = PortraitOrder { encoding, format, size: 0 };
        let order = DocumentOrder { portrait, ..DocumentOrder::default() };
        let file = of_passport(order, ElementaryFile::Group(DataGroup::DG2)).unwrap();
        seeds.push(lds(name, "dg2", &shortened(&file)));
    }
    seeds.extend(card());
    for (name, country_key) in [("rsa-pss", CountryKey::Rsa3072Pss), ("ecdsa", CountryKey::BrainpoolP256r1)] {
        let order = DocumentOrder { country_key, groups: Some(vec![1]), ..DocumentOrder::default() };
        let sod = of_passport(order, ElementaryFile::Sod).unwrap();
        seeds.push(("sod", name.to_owned(), [&[0], sod.as_slice()].concat()));
    }
    seeds
}

/// The first byte of a file's input is its number.
fn lds(name: &str, file: &str, content: &[u8]) -> Seed {
    let number = LDS_FILES.iter().position(|(known, _)| *known == file).unwrap();
    ("lds", name.to_owned(), [&[u8::try_from(number).unwrap()], content].concat())
}

fn of_passport(order: DocumentOrder, file: ElementaryFile) -> Option<Vec<u8>> {
    let spec = CardSpec::new(Personality::PassportBac).with_document(order);
    let mut recorder = Recorder::new(&spec, LONG.1);
    let mut channel = Channel::new(&mut recorder, LONG.0);
    let mut selection = Selection::default();
    LdsReader::new(&mut channel, &mut selection).select_application().unwrap();
    bac::establish(&mut channel, &mut draws(), &zone().unwrap()).unwrap();
    let content = LdsReader::new(&mut channel, &mut selection).read(file, &mut |_| {});
    content.ok().map(|content| content.to_vec())
}

/// Every group that a passport gives, and what lies beside them.
fn passport() -> Vec<Seed> {
    let groups: Vec<u8> = vec![1, 2, 5, 7, 11, 12, 13, 16];
    let order = DocumentOrder {
        groups: Some(groups),
        active_authentication: Some(ActiveAuthenticationKind::EcdsaPlain),
        ..DocumentOrder::default()
    };
    let mut seeds = Vec::new();
    for number in [1, 2, 5, 7, 11, 12, 13, 14, 15, 16] {
        let group = DataGroup::new(number).unwrap();
        if let Some(file) = of_passport(order.clone(), ElementaryFile::Group(group)) {
            let name = format!("dg{number}");
            seeds.push(lds(&name, &name, &shortened(&file)));
            if number == 1 {
                let zone = TlvReader::new(&file).read().unwrap().unwrap().children().read().unwrap().unwrap();
                seeds.push(lds("mrz", "mrz", zone.value));
            }
        }
    }
    seeds.push(lds("com", "com", &of_passport(order.clone(), ElementaryFile::Com).unwrap()));
    let sod = of_passport(order, ElementaryFile::Sod).unwrap();
    seeds.push(lds("digests", "digests", &Sod::parse(&sod).unwrap().signed_data.content));
    seeds
}

/// What a card with PACE has in its master file.
fn card() -> Vec<Seed> {
    let spec = CardSpec::cnie_2(Hypothesis::IasEccCam, 1);
    let mut recorder = Recorder::new(&spec, LONG.1);
    let mut channel = Channel::new(&mut recorder, LONG.0);
    let mut selection = Selection::default();
    let mut seeds = Vec::new();
    for (name, path) in [("atr-info", ef_atr::PATH), ("dir", ef_dir::PATH)] {
        let file = FileLocation { path: path.to_vec(), ..FileLocation::default() };
        seeds.push(lds(name, name, &selection.read(&mut channel, &file, 1024).unwrap()));
    }
    let file = ElementaryFile::CardAccess;
    let content = LdsReader::new(&mut channel, &mut selection).read(file, &mut |_| {}).unwrap();
    seeds.push(lds("card-access", "card-access", &content));
    let infos = SecurityInfos::parse("EF.CardAccess", &content).unwrap();
    let variant = PaceVariant::choose(&infos).unwrap();
    let can = can().unwrap();
    pace::establish(&mut channel, &mut draws(), &variant, &Password::Can(&can), None).unwrap();
    let file = ElementaryFile::CardSecurity;
    let content = LdsReader::new(&mut channel, &mut selection).read(file, &mut |_| {}).unwrap();
    seeds.push(lds("card-security", "card-security", &content));
    seeds.push(("sod", "card-security".to_owned(), [&[1][..], &content].concat()));
    seeds
}

/// A file whose pictures end soon: lengths around them are those of what is left.
pub(crate) fn shortened(file: &[u8]) -> Vec<u8> {
    const KEPT: usize = 400;
    if file.len() < 2 * KEPT {
        return file.to_vec();
    }
    let mut reader = TlvReader::new(file);
    let mut written = Vec::new();
    while let Ok(Some(object)) = reader.read() {
        // constructed, by the first byte of its tag
        let is_constructed = object.encoded[0] & 0x20 != 0;
        let value = match (is_constructed, object.tag) {
            (true, _) => shortened(object.value),
            (false, Tag(0x5F2E)) => {
                // ISO/IEC 19794-5: the lengths of the record, and of the one face in it
                let mut record = object.value[..KEPT.min(object.value.len())].to_vec();
                let length = u32::try_from(record.len()).unwrap();
                record[8..12].copy_from_slice(&length.to_be_bytes());
                record[14..18].copy_from_slice(&(length - 14).to_be_bytes());
                record
            }
            (false, _) => object.value[..KEPT.min(object.value.len())].to_vec(),
        };
        written.extend(encode(object.tag, &value));
    }
    written
}
