//! People who do not exist, in several scripts.

use serde::Deserialize;

/// The holder of a test card.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Person {
    /// Surname, as in the certificate.
    pub surname: String,
    /// Given names, as in the certificate.
    pub given_name: String,
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// Serial number in the subject (ETSI EN 319 412-1, section 5.1.3), for instance `PNOMA-AB123456`.
    pub serial_number: String,
}

impl Person {
    /// A person who is known by a short name: `amina`, `youssef`, `zoe`, `maryam` (Arabic letters), `tiziri` (Tifinagh).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (surname, given_name, country, serial_number) = match name {
            "amina" => ("EXEMPLE", "AMINA", "MA", "PNOMA-AB123456"),
            "youssef" => ("SPECIMEN", "YOUSSEF", "MA", "PNOMA-CD234567"),
            "zoe" => ("DÉMONSTRATION", "ZOÉ ÉLODIE", "MA", "PNOMA-EF345678"),
            "maryam" => ("نموذج", "مريم", "BH", "PNOBH-900123456"),
            "tiziri" => ("ⴰⵎⴷⵢⴰ", "ⵜⵉⵣⵉⵔⵉ", "MA", "PNOMA-GH456789"),
            _ => return None,
        };
        Some(Self {
            surname: surname.to_owned(),
            given_name: given_name.to_owned(),
            country: country.to_owned(),
            serial_number: serial_number.to_owned(),
        })
    }

    /// The names that [`Person::named`] knows.
    pub const NAMES: [&'static str; 5] = ["amina", "youssef", "zoe", "maryam", "tiziri"];

    /// The common name: surname and given names, separated by a comma.
    #[must_use]
    pub fn common_name(&self) -> String {
        format!("{},{}", self.surname, self.given_name)
    }

    /// The personal number in the serial number: `AB123456` of `PNOMA-AB123456`.
    #[must_use]
    pub fn personal_number(&self) -> &str {
        self.serial_number.split_once('-').map_or(&self.serial_number, |(_, number)| number)
    }

    /// A document number of nine letters and digits that follows from the serial number.
    #[must_use]
    pub fn document_number(&self) -> String {
        let own = self.serial_number.chars().filter(char::is_ascii_alphanumeric).skip(5);
        own.chain(std::iter::repeat('0')).take(9).collect()
    }
}
