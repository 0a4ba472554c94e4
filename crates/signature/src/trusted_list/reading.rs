//! Reading the elements of a list.

use base64::{Engine, engine::general_purpose::STANDARD};
use bitaqa_trust::{Certificate, DateTime, ObjectIdentifier};

use super::TrustedListError;
use crate::xml::{Document, NodeId};

/// The namespace of lists.
pub(super) const TSL: &str = "http://uri.etsi.org/02231/v2#";
/// The namespace of additional types.
pub(super) const TSL_ADDITIONAL: &str = "http://uri.etsi.org/02231/v2/additionaltypes#";
/// The namespace of the qualification extension.
pub(super) const SIE: &str = "http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#";
/// The namespace of XAdES, whose identifiers the extension uses.
pub(super) const XADES: &str = "http://uri.etsi.org/01903/v1.3.2#";

/// An element with its document.
#[derive(Clone, Copy)]
pub(super) struct Place<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) node: NodeId,
}

impl<'d, 'a> Place<'d, 'a> {
    pub(super) fn is(self, namespace: &str, local: &str) -> bool {
        self.document.is(self.node, namespace, local)
    }

    pub(super) fn local(self) -> &'a str {
        self.document.element(self.node).map_or("", |element| element.local())
    }

    pub(super) fn namespace(self) -> &'d str {
        self.document.element(self.node).map_or("", |element| element.namespace())
    }

    pub(super) fn attribute(self, local: &str) -> Option<&'d str> {
        self.document.element(self.node)?.attribute(local)
    }

    pub(super) fn children(self) -> impl Iterator<Item = Self> {
        self.document.children(self.node).map(move |node| Self { node, ..self })
    }

    pub(super) fn named(self, namespace: &'static str, local: &'static str) -> impl Iterator<Item = Self> {
        self.children().filter(move |child| child.is(namespace, local))
    }

    /// The only child of this name; none if there is none.
    pub(super) fn optional(self, local: &'static str) -> Result<Option<Self>, TrustedListError> {
        let mut found = self.named(TSL, local);
        match (found.next(), found.next()) {
            (first, None) => Ok(first),
            _ => Err(TrustedListError::Twice(local)),
        }
    }

    /// The only child of this name.
    pub(super) fn required(self, local: &'static str) -> Result<Self, TrustedListError> {
        self.optional(local)?.ok_or(TrustedListError::Missing(local))
    }

    /// Its text, without space around it.
    pub(super) fn text(self) -> Result<String, TrustedListError> {
        let text = self.document.text_of(self.node).ok_or(TrustedListError::NotText)?;
        Ok(text.trim().to_owned())
    }

    /// The text of the only child of this name.
    pub(super) fn text_of(self, local: &'static str) -> Result<String, TrustedListError> {
        self.required(local)?.text()
    }

    /// The first of its names; lists begin with the one of their own country or with the English one.
    pub(super) fn name(self) -> Result<String, TrustedListError> {
        self.named(TSL, "Name").next().ok_or(TrustedListError::Missing("Name"))?.text()
    }
}

/// A moment as `xs:dateTime` writes it; a fraction of a second is left out. TS 119 612 demands UTC, some lists have an offset.
pub(super) fn date_time(text: &str) -> Result<DateTime, TrustedListError> {
    parse_date_time(text).ok_or_else(|| TrustedListError::Time(text.chars().take(64).collect()))
}

fn parse_date_time(text: &str) -> Option<DateTime> {
    let (moment, zone) = text.split_at_checked(19)?;
    let zone = match zone.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|digit: char| digit.is_ascii_digit()),
        None => zone,
    };
    let at: DateTime = format!("{moment}Z").parse().ok()?;
    if zone == "Z" {
        return Some(at);
    }
    let (sign, rest) = zone.split_at_checked(1)?;
    let (hours, minutes) = rest.split_once(':')?;
    let two_digits = |text: &str| {
        (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<u64>().ok())
            .flatten()
    };
    let offset = std::time::Duration::from_secs(two_digits(hours)? * 3600 + two_digits(minutes)? * 60);
    let moved = match sign {
        "+" => at.unix_duration().checked_sub(offset)?,
        "-" => at.unix_duration().checked_add(offset)?,
        _ => return None,
    };
    DateTime::from_unix_duration(moved).ok()
}

/// A certificate in base64, with spaces and line feeds anywhere in it.
pub(super) fn certificate(text: &str) -> Result<Certificate, TrustedListError> {
    let digits: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(digits).map_err(|_| TrustedListError::Certificate)?;
    Certificate::from_der(&der).map_err(|_| TrustedListError::Certificate)
}

/// An object identifier in dots, or as a URN (RFC 3061).
pub(super) fn object_identifier(text: &str) -> Option<ObjectIdentifier> {
    let text = text.trim();
    let dots = text.get(..8).filter(|prefix| prefix.eq_ignore_ascii_case("urn:oid:"));
    ObjectIdentifier::new(dots.map_or(text, |_| text.get(8..).unwrap_or_default())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_a_zone() {
        let noon = date_time("2020-06-03T12:00:00Z").unwrap();
        for same in ["2020-06-03T12:00:00.123Z", "2020-06-03T14:00:00+02:00", "2020-06-03T10:30:00-01:30"] {
            assert_eq!(date_time(same).unwrap(), noon, "{same}");
        }
        for wrong in
            ["", "2020-06-03", "2020-06-03T12:00:00", "2020-06-03T12:00:00+2:00", "2020-13-03T12:00:00Z", "ü"]
        {
            assert!(date_time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn identifiers_stand_in_dots_or_urns() {
        let wanted = Some(ObjectIdentifier::new_unwrap("1.3.6.1"));
        assert_eq!(object_identifier("1.3.6.1"), wanted);
        assert_eq!(object_identifier(" urn:oid:1.3.6.1 "), wanted);
        assert_eq!(object_identifier("URN:OID:1.3.6.1"), wanted);
        assert_eq!(object_identifier("http://example.org"), None);
    }
}
