//! Which documents are an issuer's cards, and who their holders are by the certificates of these cards.

use bitaqa_trust::identity::{country, result::DocumentKind};
use serde::Deserialize;

/// Longest prefix of a number.
const MAX_PREFIX: usize = 16;

/// The cards of one issuer, as documents.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuedDocuments {
    /// Their issuing state, as the machine readable zone writes it.
    pub state: String,
    /// What the certificates write in front of the number that the chip has: `PNOMA-` (ETSI EN 319 412-1 section 5.1.3).
    pub number_prefix: String,
}

impl IssuedDocuments {
    /// Whether there is such a state, whose certificates can be known by their country (ISO 3166-1), and the prefix is one.
    #[must_use]
    pub fn fits(&self) -> bool {
        let is_prefix = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        country::alpha_2(&self.state).is_some()
            && self.number_prefix.len() <= MAX_PREFIX
            && self.number_prefix.bytes().all(is_prefix)
    }

    /// Whether a document is one of them: of the state, which signed it, and a card by its document code (ICAO Doc 9303-5 section 4.2.2). A
    /// passport of the same state is none.
    #[must_use]
    pub fn include(&self, document: &DocumentKind) -> bool {
        self.is_of(&document.state)
            && document.is_of_its_state()
            && document.code.starts_with(['I', 'A', 'C'])
    }

    /// Whether a state is theirs: Germany has two codes.
    #[must_use]
    pub fn is_of(&self, state: &str) -> bool {
        let ours = country::alpha_2(&self.state);
        ours.is_some() && ours == country::alpha_2(state)
    }

    /// The number that the certificates of these cards have, of that on the chip; nothing where the chip's holds anything but letters,
    /// digits and what divides them, so that no two numbers are made the same.
    #[must_use]
    pub fn number(&self, on_chip: &str) -> Option<String> {
        let divides = |c: char| matches!(c, ' ' | '-' | '<' | '/' | '.');
        let is_number = on_chip.chars().all(|c| c.is_ascii_alphanumeric() || divides(c));
        (is_number && !on_chip.chars().all(divides)).then(|| format!("{}{on_chip}", self.number_prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moroccan() -> IssuedDocuments {
        IssuedDocuments { state: "MAR".to_owned(), number_prefix: "PNOMA-".to_owned() }
    }

    #[test]
    fn cards_of_the_state_are_the_issuers_and_nothing_else_is() {
        for (code, state, authority, is_one) in [
            ("I", "MAR", Some("MA"), true),
            ("ID", "MAR", Some("MA"), true),
            ("A", "MAR", Some("MA"), true),
            ("C", "MAR", Some("MA"), true),
            ("P", "MAR", Some("MA"), false),
            ("PI", "MAR", Some("MA"), false),
            ("V", "MAR", Some("MA"), false),
            ("", "MAR", Some("MA"), false),
            ("I", "BHR", Some("BH"), false),
            ("I", "MA", Some("MA"), false),
            ("I", "", Some("MA"), false),
            // another country that is believed, too, signed a document that names this one
            ("I", "MAR", Some("BH"), false),
            ("I", "MAR", None, false),
        ] {
            let (code, state, authority) = (code.to_owned(), state.to_owned(), authority.map(str::to_owned));
            let document = DocumentKind { code, state, authority, expiry: None };
            assert_eq!(moroccan().include(&document), is_one, "{document:?}");
        }
        let german = IssuedDocuments { state: "DEU".to_owned(), number_prefix: "PNODE-".to_owned() };
        assert!(german.is_of("D") && german.is_of("DEU") && !german.is_of("DE") && !german.is_of(""));
    }

    #[test]
    fn nothing_is_left_out_of_a_number_to_make_it_another() {
        for (on_chip, number) in [
            ("AB123456", Some("PNOMA-AB123456")),
            ("ab-123 456", Some("PNOMA-ab-123 456")),
            ("", None),
            ("<<<", None),
            ("AB+123456", None),
            ("٧٧AB123456", None),
            ("AB123456\n", None),
        ] {
            assert_eq!(moroccan().number(on_chip).as_deref(), number, "{on_chip:?}");
        }
    }

    #[test]
    fn a_state_and_a_prefix_are_as_documents_and_certificates_have_them() {
        for (state, prefix, fits) in [
            ("MAR", "PNOMA-", true),
            ("D", "", true),
            ("MA1", "PNOMA-", false),
            ("mar", "PNOMA-", false),
            ("", "PNOMA-", false),
            ("MARO", "PNOMA-", false),
            // the state of ICAO's specimens
            ("UTO", "PNOMA-", false),
            ("MAR", "PNO MA", false),
            ("MAR", "PNOMA-PNOMA-PNOMA", false),
        ] {
            let documents = IssuedDocuments { state: state.to_owned(), number_prefix: prefix.to_owned() };
            assert_eq!(documents.fits(), fits, "{state} {prefix}");
        }
    }
}
