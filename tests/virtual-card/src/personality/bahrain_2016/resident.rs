//! What a population register would say about a person who does not exist.

use super::record::Record;
use crate::{digest::Digest, person::Person};

/// The holder of a card, in the fields of the card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Resident {
    /// Nine digits.
    number: String,
    /// First name, four middle names, last name.
    latin: [String; 6],
    /// The same in Arabic letters.
    arabic: [String; 6],
    pub(super) sex: &'static str,
    /// Year, month and day.
    pub(super) birth: &'static str,
    pub(super) expiry: &'static str,
}

impl Resident {
    pub(super) fn of(person: &Person) -> Self {
        let digits: String = person.serial_number.chars().filter(char::is_ascii_digit).collect();
        let mut number = format!("{digits:0>9}");
        number.truncate(9);
        let is_arabic = |text: &str| text.chars().any(|letter| ('\u{0600}'..='\u{06FF}').contains(&letter));
        let own = [person.given_name.as_str(), person.surname.as_str()];
        let (latin, arabic) = if is_arabic(own.concat().as_str()) {
            (["MARYAM", "NAMOOTHAJ"], own)
        } else {
            (own, ["مريم", "نموذج"])
        };
        let six = |[first, last]: [&str; 2], middle: [&str; 2]| {
            [first, middle[0], middle[1], "", "", last].map(str::to_owned)
        };
        Self {
            number,
            latin: six(latin, ["ALI", "HASAN"]),
            arabic: six(arabic, ["علي", "حسن"]),
            sex: "F",
            birth: "19900101",
            expiry: "20311231",
        }
    }

    /// The number and both rows of names: six fields of 32 bytes nine bytes after the number, six of 64 bytes. Version 2
    /// has the day of birth and the blood group behind them.
    pub(super) fn personal_data(&self, number: usize, arabic: usize) -> Record {
        let mut record = Record::default().put(number, 9, &self.number);
        for (offset, name) in (number + 9..).step_by(32).zip(&self.latin) {
            record = record.put(offset, 32, name);
        }
        for (offset, name) in (arabic..).step_by(64).zip(&self.arabic) {
            record = record.put(offset, 64, name);
        }
        if number == 0 { record.put(586, 8, self.birth).put(594, 3, "O+") } else { record }
    }

    pub(super) fn card(&self) -> Vec<u8> {
        Record::default()
            .put(0, 8, self.expiry)
            .put(8, 8, "20220101")
            .put(16, 20, "TEST AUTHORITY")
            .finish(36)
    }

    pub(super) fn address(&self) -> Vec<u8> {
        Record::default()
            .put(0, 64, "resident@holders.bitaqa.example")
            .put(64, 12, "17000000")
            .put(76, 12, "17000001")
            .put(105, 4, "12")
            .put(109, 4, "345")
            .put(113, 1, "A")
            .put(114, 2, "أ")
            .put(116, 4, "678")
            .put(120, 64, "EXAMPLE ROAD")
            .put(184, 128, "طريق المثال")
            .put(312, 4, "901")
            .put(316, 64, "EXAMPLE BLOCK")
            .put(380, 128, "مجمع المثال")
            .put(508, 4, "1")
            .finish(512)
    }

    /// Eight bytes that follow from the number.
    pub(super) fn serial_number(&self) -> [u8; 8] {
        let value = Digest::Sha256.of(self.number.as_bytes());
        value.first_chunk().copied().unwrap_or_default()
    }
}
