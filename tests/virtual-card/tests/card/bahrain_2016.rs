//! The Bahraini card before 2025: every field at the place where public readers look for it.

use bitaqa_virtual_card::{
    CardSpec,
    spec::{Generation, Personality},
};

use crate::terminal::Terminal;

const SELECT: &str = "00A40400 0D D4990000010101000100000001";

fn card(generation: Generation, person: &str) -> Terminal {
    Terminal::with(&CardSpec::of_generation(Personality::Bahrain2016, generation).for_person(person))
}

/// Reads the current file to its end, 255 bytes at a time.
fn read(card: &mut Terminal, class: &str) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        let (piece, status) = card.send(&format!("{class}B0{high:02X}{low:02X} FF"));
        content.extend(&piece);
        if status == 0x6B00 || piece.len() < 255 {
            return content;
        }
    }
}

fn file(card: &mut Terminal, directory: &str, id: &str) -> Vec<u8> {
    card.send(SELECT);
    card.expect(&format!("00A4000C 02 {directory}"), 0x9000);
    card.expect(&format!("00A4020C 02 {id}"), 0x9000);
    read(card, "00")
}

fn text(content: &[u8], offset: usize, length: usize) -> &str {
    std::str::from_utf8(&content[offset..offset + length]).unwrap().trim_end_matches('\0')
}

#[test]
fn files_have_the_sizes_that_readers_expect() {
    let mut card = card(Generation::V2, "maryam");
    for (directory, id, size) in [
        ("0101", "0001", 597),
        ("0101", "0002", 36),
        ("0101", "0003", 6000),
        ("0101", "0005", 512),
        ("0101", "0006", 1590),
        ("0301", "0001", 6),
        ("0301", "0002", 47),
        ("0301", "0003", 33),
    ] {
        assert_eq!(file(&mut card, directory, id).len(), size, "{directory} {id}");
    }
    card.send(SELECT);
    card.expect("00A4000C 02 0201", 0x9000);
}

#[test]
fn the_personal_data_is_read_without_a_pin_in_both_scripts() {
    let data = file(&mut card(Generation::V2, "maryam"), "0101", "0001");
    for (offset, length, expected) in [
        (0, 9, "900123456"),
        (9, 32, "MARYAM"),
        (41, 32, "ALI"),
        (73, 32, "HASAN"),
        (105, 32, ""),
        (137, 32, ""),
        (169, 32, "NAMOOTHAJ"),
        (201, 64, "مريم"),
        (265, 64, "علي"),
        (329, 64, "حسن"),
        (521, 64, "نموذج"),
        (585, 1, "F"),
        (586, 8, "19900101"),
        (594, 3, "O+"),
    ] {
        assert_eq!(text(&data, offset, length), expected, "at {offset}");
    }
    let amina = file(&mut card(Generation::V2, "amina"), "0101", "0001");
    assert_eq!(text(&amina, 0, 9), "000123456", "leading zeros are part of the number");
    assert_eq!(text(&amina, 169, 32), "EXEMPLE");
}

#[test]
fn card_address_and_images_have_their_fields() {
    let mut card = card(Generation::V2, "maryam");
    let about = file(&mut card, "0101", "0002");
    assert_eq!((text(&about, 0, 8), text(&about, 8, 8)), ("20311231", "20220101"));
    assert_eq!(text(&about, 16, 20), "TEST AUTHORITY");
    let address = file(&mut card, "0101", "0005");
    for (offset, length, expected) in [
        (0, 64, "resident@holders.bitaqa.example"),
        (64, 12, "17000000"),
        (105, 4, "12"),
        (109, 4, "345"),
        (113, 1, "A"),
        (114, 2, "أ"),
        (116, 4, "678"),
        (120, 64, "EXAMPLE ROAD"),
        (184, 128, "طريق المثال"),
        (312, 4, "901"),
        (316, 64, "EXAMPLE BLOCK"),
        (380, 128, "مجمع المثال"),
        (508, 4, "1"),
    ] {
        assert_eq!(text(&address, offset, length), expected, "at {offset}");
    }
    let images = file(&mut card, "0101", "0003");
    assert_eq!((&images[..3], &images[4000..4003]), (&[0xFF, 0xD8, 0xFF][..], &[0xFF, 0xD8, 0xFF][..]));
}

#[test]
fn the_serial_number_is_asked_for_in_the_ways_of_the_versions() {
    let mut card_2 = card(Generation::V2, "maryam");
    assert_eq!(card_2.send("80B80000 08").1, 0x6E00, "the card manager has to be selected");
    card_2.send("00A40400 10 A0000000183003010000000000000000");
    let number = card_2.data("80B80000 08");
    assert_eq!(number.len(), 8);
    let mut card_4 = card(Generation::V4, "maryam");
    assert_eq!(card_4.data("80CA0101 13")[3..11], number);
    let mut card_1 = card(Generation::V1, "maryam");
    assert_eq!(card_1.data("D0020000 09")[..8], number);
    assert_eq!(card_1.card.atr()[..7], [0x3B, 0x67, 0, 0, 0xA8, 0x10, 0x41]);
}

#[test]
fn version_1_has_its_own_class_and_places() {
    let mut card = card(Generation::V1, "maryam");
    card.send("00A40400 0B F000000078010001435052 00");
    card.expect("80A4020C 02 0001", 0x9000);
    let data = read(&mut card, "80");
    for (offset, length, expected) in [
        (8, 9, "900123456"),
        (17, 32, "MARYAM"),
        (209, 64, "مريم"),
        (593, 1, "F"),
        (594, 8, "19900101"),
        (602, 8, "20311231"),
    ] {
        assert_eq!(text(&data, offset, length), expected, "at {offset}");
    }
    card.expect("80A4020C 02 0003", 0x9000);
    assert_eq!(read(&mut card, "80")[6..9], [0xFF, 0xD8, 0xFF]);
    card.expect("80A4020C 02 0005", 0x9000);
    assert_eq!(read(&mut card, "80").len(), 711);
    assert_eq!(card.send("00A40400 0B F000000078010002494D4D 00").1, 0x9000);
}

#[test]
fn version_2_1_is_recognised_by_its_directory() {
    let mut card = card(Generation::V2, "maryam");
    card.expect("00A4000C 02 2F00", 0x9000);
    assert_eq!(card.data("00B00000 00"), [0x3F, 0, 1, 1, 0x9F, 8, 2, 3, 0x11]);
}
