//! Do a card's certificate and its chip name the same person?
//!
//! A host that read one card and signed with another would otherwise make one identity of two people.

use bitaqa_card::lds::{Dg1, Dg11};
use serde::Serialize;

use super::country;
use crate::AuthenticationCertificate;

/// What the chip's signed groups say.
#[derive(Debug, Clone, Copy)]
pub struct ChipNumbers<'a> {
    /// Issuing state of the document, by its code in the machine readable zone.
    pub state: &'a str,
    /// Country of the authority whose signer signed the document. Any that somebody believes could sign one that names another's state.
    pub authority: Option<&'a str>,
    /// Number of the document, from DG1.
    pub document: &'a str,
    /// Number of the person, from DG11.
    pub person: Option<&'a str>,
    /// The fields of optional data of the zone, from DG1. Their use is the issuer's (ICAO Doc 9303-4 and 9303-5); where they hold the
    /// number of the person, that number is all they hold.
    pub optional: [&'a str; 2],
}

/// What the groups say that the person agreed to send, for who has a number of theirs already.
#[derive(Clone, PartialEq, Eq)]
pub struct HolderNumbers {
    state: String,
    authority: Option<String>,
    document: String,
    person: Option<String>,
    optional: [String; 2],
}

impl HolderNumbers {
    /// Of genuine groups; nothing without a zone, for then nobody knows whose numbers these are.
    pub(super) fn of(dg1: &[u8], dg11: Option<&[u8]>, authority: Option<&str>) -> Option<Self> {
        let zone = Dg1::parse(dg1).ok()?.mrz;
        let dg11 = dg11.and_then(|content| Dg11::parse(content).ok());
        Some(Self {
            state: zone.issuer.trim_end_matches('<').to_owned(),
            authority: authority.map(str::to_owned),
            document: zone.number.as_str().to_owned(),
            person: dg11.and_then(|dg11| dg11.personal_number).map(|number| number.as_str().to_owned()),
            optional: [zone.optional.as_str().to_owned(), zone.optional_2.as_str().to_owned()],
        })
    }

    /// Compares them with the number of a certificate, as [`link`] does; with the country of its subject.
    #[must_use]
    pub fn link(&self, number: &str, subject_country: Option<&str>) -> Link {
        let chip = ChipNumbers {
            state: &self.state,
            authority: self.authority.as_deref(),
            document: &self.document,
            person: self.person.as_deref(),
            optional: self.optional.each_ref().map(String::as_str),
        };
        linked(number, subject_country, chip)
    }
}

/// Personal data is not shown.
impl std::fmt::Debug for HolderNumbers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HolderNumbers(personal)")
    }
}

/// Whether certificate and chip are of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// Both have the same number of the person.
    ByPersonalNumber,
    /// Both have the same number of the document.
    ByDocumentNumber,
    /// They have no number in common, or not the same country, or another country signed the document.
    NotLinked,
}

/// Fewest characters of a field of optional data that can be a person's number.
const MIN_OPTIONAL: usize = 5;

/// Compares the certificate's number with the chip's.
///
/// The chip's number of the person stands in DG11, or alone in a field of optional data of the zone. A number after
/// ETSI EN 319 412-1 section 5.1.3 says its kind and country: `PNO` is compared with the number of the person, `IDC` and `PAS`
/// with that of the document, and the countries must be the same: the certificate's, that of the zone, and that of whoever signed the
/// document. A number without them is compared with that of the person, and the country is that of the subject.
#[must_use]
pub fn link(certificate: &AuthenticationCertificate, chip: ChipNumbers<'_>) -> Link {
    let Some(number) = certificate.personal_number() else { return Link::NotLinked };
    linked(number, certificate.subject().country(), chip)
}

fn linked(number: &str, subject_country: Option<&str>, chip: ChipNumbers<'_>) -> Link {
    let (kind, country, number) = match semantic(number) {
        Some((kind, country, number)) => (Some(kind), Some(country), number),
        None => (None, subject_country, number),
    };
    let is_its_state =
        |country: Option<&str>| country.is_some_and(|country| country::is_same(country, chip.state));
    if !is_its_state(country) || !is_its_state(chip.authority) {
        return Link::NotLinked;
    }
    let is_person = matches!(kind, None | Some("PNO"));
    let is_document = matches!(kind, Some("IDC" | "PAS"));
    // what an issuer puts there is its own decision: a filler or a code of a few characters is nobody's number
    let optional = chip.optional.into_iter().filter(|field| field.len() >= MIN_OPTIONAL);
    let mut persons = chip.person.into_iter().chain(optional);
    if is_person && persons.any(|person| is_same_number(person, number)) {
        Link::ByPersonalNumber
    } else if is_document && is_same_number(chip.document, number) {
        Link::ByDocumentNumber
    } else {
        Link::NotLinked
    }
}

/// Kind, country and number of `PNOMA-AB123456`.
fn semantic(number: &str) -> Option<(&str, &str, &str)> {
    let (prefix, number) = number.split_once('-')?;
    let is_prefix = prefix.len() == 5 && prefix.bytes().all(|byte| byte.is_ascii_uppercase());
    let (kind, country) = prefix.split_at_checked(3)?;
    is_prefix.then_some((kind, country, number))
}

/// Compared by letters and digits: a zone has no dashes, and fillers for spaces.
fn is_same_number(one: &str, other: &str) -> bool {
    match (characters(one), characters(other)) {
        (Some(one), Some(other)) => !one.is_empty() && one == other,
        _ => false,
    }
}

/// Letters and digits without what divides them; nothing where there is anything else, such as other digits or letters, which would
/// make different numbers the same.
fn characters(text: &str) -> Option<String> {
    text.chars()
        .filter(|c| !matches!(c, ' ' | '-' | '<' | '/' | '.'))
        .map(|c| c.is_ascii_alphanumeric().then(|| c.to_ascii_uppercase()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHIP: ChipNumbers<'static> = ChipNumbers {
        state: "MAR",
        authority: Some("MA"),
        document: "T12345678",
        person: Some("AB123456"),
        optional: ["", ""],
    };

    #[test]
    fn numbers_are_compared_by_their_kind_and_country() {
        for (number, country, expected) in [
            ("PNOMA-AB123456", None, Link::ByPersonalNumber),
            ("PNOMA-ab-123456", None, Link::ByPersonalNumber),
            ("IDCMA-T12345678", None, Link::ByDocumentNumber),
            ("PASMA-T12345678", None, Link::ByDocumentNumber),
            ("AB123456", Some("MA"), Link::ByPersonalNumber),
            // a number that does not say what it is is a person's: another's document may have the same
            ("T12345678", Some("MA"), Link::NotLinked),
            // another person, another country, another kind
            ("PNOMA-AB123457", None, Link::NotLinked),
            ("PNOBH-AB123456", None, Link::NotLinked),
            ("PNOMA-T12345678", None, Link::NotLinked),
            ("IDCMA-AB123456", None, Link::NotLinked),
            ("TINMA-AB123456", None, Link::NotLinked),
            // the prefix decides the country, not the subject
            ("PNOBH-AB123456", Some("MA"), Link::NotLinked),
            ("AB123456", None, Link::NotLinked),
            ("AB123456", Some("BH"), Link::NotLinked),
            ("", Some("MA"), Link::NotLinked),
            ("PNOMA-", None, Link::NotLinked),
        ] {
            assert_eq!(linked(number, country, CHIP), expected, "{number} {country:?}");
        }
    }

    #[test]
    fn a_document_that_another_country_signed_is_nobodys() {
        for authority in [None, Some(""), Some("BH"), Some("MAR")] {
            let chip = ChipNumbers { authority, ..CHIP };
            assert_eq!(linked("PNOMA-AB123456", None, chip), Link::NotLinked, "{authority:?}");
        }
        let chip = ChipNumbers { authority: Some("ma"), ..CHIP };
        assert_eq!(linked("PNOMA-AB123456", None, chip), Link::ByPersonalNumber);
    }

    #[test]
    fn nothing_is_left_out_of_a_number_to_make_it_another() {
        for person in ["٧٧AB123456", "عAB123456", "AB123456+", "AB1234560"] {
            let chip = ChipNumbers { person: Some(person), ..CHIP };
            assert_eq!(linked("PNOMA-AB123456", None, chip), Link::NotLinked, "{person}");
        }
        let chip = ChipNumbers { person: None, optional: ["1234", "1"], ..CHIP };
        assert_eq!(linked("PNOMA-1234", None, chip), Link::NotLinked);
        assert_eq!(linked("PNOMA-1", None, chip), Link::NotLinked);
    }

    #[test]
    fn a_chip_without_a_personal_number_is_linked_by_its_document_only() {
        let chip = ChipNumbers { person: None, ..CHIP };
        assert_eq!(linked("PNOMA-", None, chip), Link::NotLinked);
        assert_eq!(linked("PNOMA-AB123456", None, chip), Link::NotLinked);
        assert_eq!(linked("IDCMA-T12345678", None, chip), Link::ByDocumentNumber);
        let empty = ChipNumbers { person: Some(""), ..CHIP };
        assert_eq!(linked("PNOMA-", None, empty), Link::NotLinked);
    }

    #[test]
    fn the_number_of_the_person_may_stand_in_either_field_of_the_zone() {
        for optional in [["AB123456", ""], ["", "AB123456"], ["OTHER", "AB123456"]] {
            let chip = ChipNumbers { person: None, optional, ..CHIP };
            assert_eq!(linked("PNOMA-AB123456", None, chip), Link::ByPersonalNumber);
            // a whole field, of the same country, and never for the number of a document
            assert_eq!(linked("PNOMA-AB12345", None, chip), Link::NotLinked);
            assert_eq!(linked("PNOBH-AB123456", None, chip), Link::NotLinked);
            assert_eq!(linked("IDCMA-AB123456", None, chip), Link::NotLinked);
        }
    }
}
