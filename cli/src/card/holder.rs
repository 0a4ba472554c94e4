//! Who a card says its holder is, whatever kind of card it is: one form for travel document data and GCC data files.

use std::io::{self, Write};

use bitaqa_card::{
    gcc::{self, card_data::CardData, personal_data::PersonalData},
    lds::{Dg11, Mrz, mrz::Sex},
};
use serde::Serialize;

use crate::printable::Printable;

/// What a card says of its holder and itself; nobody vouches for it. What it does not say is `None`.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Holder {
    pub(super) document_code: Option<String>,
    pub(super) document_number: Option<String>,
    pub(super) personal_number: Option<String>,
    pub(super) surname: Option<String>,
    pub(super) given_names: Option<String>,
    /// Names in national letters, such as Arabic ones.
    pub(super) national_name: Option<NationalName>,
    pub(super) nationality: Option<String>,
    pub(super) sex: Option<String>,
    /// YYYYMMDD, or YYMMDD where the card has no century.
    pub(super) birth: Option<String>,
    pub(super) expiry: Option<String>,
    pub(super) issuer: Option<String>,
    /// The lines of the machine readable zone.
    pub(super) mrz: Option<Vec<String>>,
}

/// A name in national letters.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct NationalName {
    pub(super) surname: String,
    pub(super) given_names: String,
}

impl Holder {
    pub(super) fn take_mrz(&mut self, mrz: &Mrz) {
        self.document_code = Some(mrz.document_code.clone());
        self.document_number = Some(mrz.number.as_str().to_owned());
        self.surname = Some(mrz.name.primary.to_string());
        self.given_names = Some(mrz.name.secondary.to_string());
        self.nationality = Some(mrz.nationality.to_string());
        self.sex = match mrz.sex {
            Sex::Female => Some("F".to_owned()),
            Sex::Male => Some("M".to_owned()),
            Sex::Unspecified => None,
        };
        let characters = |date: [u8; 6]| Some(date.map(char::from).iter().collect());
        self.birth = characters(mrz.birth.characters());
        self.expiry = characters(mrz.expiry.characters());
        self.issuer = Some(mrz.issuer.clone());
        self.mrz = Some(mrz.lines().map(str::to_owned).collect());
    }

    pub(super) fn take_details(&mut self, details: &Dg11) {
        self.national_name = details.full_name.as_ref().map(|name| NationalName {
            surname: name.primary().to_string(),
            given_names: name.secondary().to_string(),
        });
        self.personal_number = details.personal_number.as_ref().map(|number| number.to_string());
    }

    pub(super) fn of_gcc(person: &PersonalData, card: Option<&CardData>) -> Self {
        let day = |date: gcc::Date| format!("{:04}{:02}{:02}", date.year, date.month, date.day);
        let given = |names: &gcc::personal_data::Names| {
            let parts = std::iter::once(&names.first).chain(&names.middle);
            parts.filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
        };
        Self {
            personal_number: person.number.clone(),
            surname: Some(person.names.last.clone()),
            given_names: Some(given(&person.names)),
            national_name: Some(NationalName {
                surname: person.arabic_names.last.clone(),
                given_names: given(&person.arabic_names),
            }),
            sex: person.sex.map(String::from),
            birth: person.birth.map(day),
            expiry: person.expiry.or_else(|| card.and_then(|card| card.expiry)).map(day),
            issuer: card.map(|card| card.authority.clone()).filter(|authority| !authority.is_empty()),
            ..Self::default()
        }
    }

    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let name = [&self.surname, &self.given_names].map(|part| part.as_deref().unwrap_or_default());
        let national =
            self.national_name.as_ref().map(|name| format!("{}, {}", name.surname, name.given_names));
        let rows = [
            ("name", self.surname.as_ref().map(|_| name.join(", "))),
            ("national name", national),
            ("document number", self.document_number.clone()),
            ("personal number", self.personal_number.clone()),
            ("nationality", self.nationality.clone()),
            ("sex", self.sex.clone()),
            ("date of birth", self.birth.clone()),
            ("date of expiry", self.expiry.clone()),
            ("issuer", self.issuer.clone()),
        ];
        for (row, value) in rows {
            if let Some(value) = value {
                writeln!(out, "  {:<17}{}", format!("{row}:"), Printable(&value))?;
            }
        }
        for line in self.mrz.iter().flatten() {
            writeln!(out, "  {}", Printable(line))?;
        }
        Ok(())
    }
}
