//! DG11, DG12 and DG16: what the document tells beside the zone (ICAO Doc 9303-10, sections 4.7.11, 4.7.12 and 4.7.16).

use crate::{ber_tlv::object, person::Person};

/// Names in Arabic letters of the people who have a Latin name.
fn arabic_name(person: &Person) -> String {
    let (surname, given) = match (person.surname.as_str(), person.given_name.as_str()) {
        ("EXEMPLE", "AMINA") => ("مثال", "أمينة"),
        ("SPECIMEN", "YOUSSEF") => ("نموذج", "يوسف"),
        ("DÉMONSTRATION", "ZOÉ ÉLODIE") => ("عرض", "زوي إيلودي"),
        ("ⴰⵎⴷⵢⴰ", "ⵜⵉⵣⵉⵔⵉ") => ("أمدية", "تيزيري"),
        own => own,
    };
    named(surname, given)
}

/// Primary identifier, two fillers, secondary identifier; a filler for each space.
fn named(surname: &str, given: &str) -> String {
    format!("{surname}<<{given}").replace(' ', "<")
}

/// A list of the tags that follow, and the objects.
fn listed(objects: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let tags: Vec<u8> = objects.iter().flat_map(|(tag, _)| tag_bytes(*tag)).collect();
    let objects: Vec<u8> = objects.iter().flat_map(|(tag, value)| object(*tag, value)).collect();
    [object(0x5C, &tags), objects].concat()
}

fn tag_bytes(tag: u32) -> Vec<u8> {
    tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect()
}

/// DG11: full name in national letters, and the name in Latin letters among the other names.
pub(super) fn of_person(person: &Person) -> Vec<u8> {
    let latin = named(&person.surname, &person.given_name);
    let other_names = [object(0x02, &[1]), object(0x5F0F, latin.as_bytes())].concat();
    let (place, address) = match person.country.as_str() {
        "BH" => ("المنامة<<BH", "مبنى 1<طريق 2<مجمع 3<المنامة"),
        _ => ("الرباط<<MA", "1، زنقة المثال<الرباط"),
    };
    listed(&[
        (0x5F0E, arabic_name(person).into_bytes()),
        (0xA0, other_names),
        (0x5F10, person.personal_number().as_bytes().to_vec()),
        (0x5F2B, b"19900101".to_vec()),
        (0x5F11, place.as_bytes().to_vec()),
        (0x5F42, address.as_bytes().to_vec()),
        (0x5F13, "مهندسة".as_bytes().to_vec()),
    ])
}

/// DG12: issuing authority, date of issue, date and time of personalisation, number of the machine.
pub(super) fn of_document(person: &Person) -> Vec<u8> {
    let authority = match person.country.as_str() {
        "BH" => "هيئة الاختبار<البحرين",
        _ => "سلطة الاختبار<المغرب",
    };
    listed(&[
        (0x5F19, authority.as_bytes().to_vec()),
        (0x5F26, b"20220101".to_vec()),
        (0x5F1B, "TEST<DOCUMENT".as_bytes().to_vec()),
        (0x5F55, b"20220101120000".to_vec()),
        (0x5F56, b"BITAQA1".to_vec()),
    ])
}

/// DG16: one person to notify.
pub(super) fn to_notify(person: &Person) -> Vec<u8> {
    let entry = [
        object(0x5F50, b"20220101"),
        object(0x5F51, named(&person.surname, "KARIM").as_bytes()),
        object(0x5F52, b"+000000000000"),
        object(0x5F53, "شارع المثال<مدينة".as_bytes()),
    ]
    .concat();
    [object(0x02, &[1]), object(0xA1, &entry)].concat()
}
