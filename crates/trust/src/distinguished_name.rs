//! Distinguished names, as text for people and portals.

use std::fmt;

use der::{
    Tag, Tagged,
    asn1::{Any, BmpString, Ia5StringRef, ObjectIdentifier, PrintableStringRef, Utf8StringRef},
};
use x509_cert::name::Name;

use crate::oid;

/// A distinguished name (RFC 5280 section 4.1.2.4) with its values as text, in the certificate's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistinguishedName {
    attributes: Vec<(ObjectIdentifier, String)>,
}

impl DistinguishedName {
    /// Reads the values of a name.
    ///
    /// # Errors
    /// [`NameError`]: a value is not text, or the number of the person is there twice.
    pub fn from_name(name: &Name) -> Result<Self, NameError> {
        let mut attributes = Vec::new();
        for relative in name.as_ref().as_ref() {
            for attribute in relative.as_ref().iter() {
                let value = text(&attribute.value).ok_or(NameError::NotText { attribute: attribute.oid })?;
                attributes.push((attribute.oid, value));
            }
        }
        let name = Self { attributes };
        if name.values(oid::SERIAL_NUMBER).count() > 1 {
            return Err(NameError::Ambiguous);
        }
        Ok(name)
    }

    /// Type and value of each attribute, in the certificate's order.
    #[must_use]
    pub fn attributes(&self) -> &[(ObjectIdentifier, String)] {
        &self.attributes
    }

    /// Common name.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        self.joined(oid::COMMON_NAME)
    }

    /// Given names, with a space between them where they stand in several attributes.
    #[must_use]
    pub fn given_name(&self) -> Option<String> {
        self.joined(oid::GIVEN_NAME)
    }

    /// Surnames, with a space between them where they stand in several attributes.
    #[must_use]
    pub fn surname(&self) -> Option<String> {
        self.joined(oid::SURNAME)
    }

    /// The attribute `serialNumber` (X.520 section 6.2.9): in a person's certificate the person's number, not the number of
    /// the certificate.
    #[must_use]
    pub fn serial_number(&self) -> Option<&str> {
        self.values(oid::SERIAL_NUMBER).next()
    }

    /// Country, two letters.
    #[must_use]
    pub fn country(&self) -> Option<&str> {
        self.values(oid::COUNTRY_NAME).next()
    }

    /// Organisation.
    #[must_use]
    pub fn organisation(&self) -> Option<String> {
        self.joined(oid::ORGANIZATION_NAME)
    }

    /// E-mail address in the name itself (PKCS #9; deprecated in favour of `subjectAltName`).
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.values(oid::EMAIL_ADDRESS).next()
    }

    /// The name a person would use: given names and surname, or the common name, or the organisation.
    #[must_use]
    pub fn display_name(&self) -> Option<String> {
        match (self.given_name(), self.surname()) {
            (Some(given), Some(surname)) => Some(format!("{given} {surname}")),
            _ => self.common_name().or_else(|| self.organisation()),
        }
    }

    fn values(&self, attribute: ObjectIdentifier) -> impl Iterator<Item = &str> {
        self.attributes.iter().filter(move |(oid, _)| *oid == attribute).map(|(_, value)| value.as_str())
    }

    fn joined(&self, attribute: ObjectIdentifier) -> Option<String> {
        let values: Vec<&str> = self.values(attribute).collect();
        (!values.is_empty()).then(|| values.join(" "))
    }
}

/// The most specific attribute first, as in RFC 4514.
impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (attribute, value)) in self.attributes.iter().rev().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            match short_name(*attribute) {
                Some(name) => write!(f, "{name}=")?,
                None => write!(f, "{attribute}=")?,
            }
            for character in value.chars() {
                if matches!(character, ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=') {
                    f.write_str("\\")?;
                }
                write!(f, "{character}")?;
            }
        }
        Ok(())
    }
}

fn short_name(attribute: ObjectIdentifier) -> Option<&'static str> {
    Some(match attribute {
        oid::COMMON_NAME => "CN",
        oid::GIVEN_NAME => "GN",
        oid::SURNAME => "SN",
        oid::SERIAL_NUMBER => "serialNumber",
        oid::COUNTRY_NAME => "C",
        oid::ORGANIZATION_NAME => "O",
        oid::ORGANIZATIONAL_UNIT_NAME => "OU",
        oid::LOCALITY_NAME => "L",
        oid::STATE_OR_PROVINCE_NAME => "ST",
        oid::EMAIL_ADDRESS => "emailAddress",
        _ => return None,
    })
}

/// Text of a `DirectoryString` (RFC 5280 appendix A.1) or `IA5String`.
fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => value.decode_as::<Utf8StringRef<'_>>().ok().map(|text| text.as_str().to_owned()),
        Tag::PrintableString => {
            value.decode_as::<PrintableStringRef<'_>>().ok().map(|text| text.as_str().to_owned())
        }
        Tag::Ia5String => value.decode_as::<Ia5StringRef<'_>>().ok().map(|text| text.as_str().to_owned()),
        Tag::BmpString => value.decode_as::<BmpString>().ok().map(|text| text.to_string()),
        // T.61 is read as Latin-1, which is what issuers put there
        Tag::TeletexString => Some(value.value().iter().map(|byte| char::from(*byte)).collect()),
        _ => None,
    }
}

/// Why a name cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// A value is not one of the string types, or not valid in its type.
    #[error("the attribute {attribute} of the name is not text")]
    NotText {
        /// Type of the attribute.
        attribute: ObjectIdentifier,
    },
    /// Two attributes `serialNumber`: nobody could say which is the person's number.
    #[error("the name has two serialNumber attributes")]
    Ambiguous,
}
