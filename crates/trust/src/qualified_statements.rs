//! Qualified certificate statements (RFC 3739 section 3.2.6, ETSI EN 319 412-5).

use der::{
    Sequence,
    asn1::{Any, ObjectIdentifier, PrintableString},
};

use crate::oid;

/// `QCStatement` (RFC 3739 section 3.2.6).
#[derive(Debug, Clone, PartialEq, Eq, Sequence)]
struct QcStatement {
    statement_id: ObjectIdentifier,
    statement_info: Option<Any>,
}

/// The statements of a certificate: their identifiers, the types of the statement `QcType`, the countries of
/// `QcCClegislation`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QcStatements {
    statements: Vec<ObjectIdentifier>,
    types: Vec<ObjectIdentifier>,
    legislations: Vec<String>,
}

impl QcStatements {
    /// Reads the value of the extension `qcStatements`.
    ///
    /// # Errors
    /// The value is not DER of `QCStatements`, its `QcType` is not a list of identifiers, or its `QcCClegislation` not a list
    /// of names of countries.
    pub fn from_der(der: &[u8]) -> der::Result<Self> {
        let list: Vec<QcStatement> = der::Decode::from_der(der)?;
        let mut statements = Self::default();
        for statement in list {
            if statement.statement_id == oid::ETSI_QC_TYPE
                && let Some(info) = &statement.statement_info
            {
                statements.types.extend(info.decode_as::<Vec<ObjectIdentifier>>()?);
            }
            if statement.statement_id == oid::ETSI_QC_LEGISLATION
                && let Some(info) = &statement.statement_info
            {
                let countries = info.decode_as::<Vec<PrintableString>>()?;
                statements.legislations.extend(countries.iter().map(|country| country.as_str().to_owned()));
            }
            statements.statements.push(statement.statement_id);
        }
        Ok(statements)
    }

    /// Whether there is a statement, or a `QcType`, with this identifier.
    #[must_use]
    pub fn contains(&self, identifier: ObjectIdentifier) -> bool {
        self.statements.contains(&identifier) || self.types.contains(&identifier)
    }

    /// Identifiers of the statements, as they stand in the certificate.
    #[must_use]
    pub fn statements(&self) -> &[ObjectIdentifier] {
        &self.statements
    }

    /// Under whose law the certificate is qualified, two letters of ISO 3166-1 each (`id-etsi-qcs-QcCClegislation`; EN 319
    /// 412-5 section 4.2.4). Where this is missing it is that of the European Union.
    #[must_use]
    pub fn legislations(&self) -> &[String] {
        &self.legislations
    }

    /// Types of certificate (`id-etsi-qct-esign` and its like; EN 319 412-5 section 4.2.3).
    #[must_use]
    pub fn types(&self) -> &[ObjectIdentifier] {
        &self.types
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_and_types_are_found_by_their_identifier() {
        // SEQUENCE { SEQUENCE { qcs-QcCompliance }, SEQUENCE { qcs-QcType, SEQUENCE { qct-esign } } }
        let der = [
            0x30, 0x1d, 0x30, 0x08, 0x06, 0x06, 0x04, 0x00, 0x8e, 0x46, 0x01, 0x01, 0x30, 0x11, 0x06, 0x06,
            0x04, 0x00, 0x8e, 0x46, 0x01, 0x06, 0x30, 0x07, 0x06, 0x05, 0x04, 0x00, 0x8e, 0x46, 0x01,
        ];
        let statements = QcStatements::from_der(&der).unwrap();
        assert_eq!(statements.statements().len(), 2);
        assert!(statements.contains(ObjectIdentifier::new_unwrap("0.4.0.1862.1.1")));
        assert!(statements.contains(ObjectIdentifier::new_unwrap("0.4.0.1862.1")));
        assert!(!statements.contains(ObjectIdentifier::new_unwrap("0.4.0.1862.1.4")));
        assert!(QcStatements::from_der(&der[..30]).is_err());
    }

    #[test]
    fn legislations_are_countries() {
        // SEQUENCE { SEQUENCE { qcs-QcCClegislation, SEQUENCE { "MA", "BH" } } }
        let der = [
            0x30, 0x14, 0x30, 0x12, 0x06, 0x06, 0x04, 0x00, 0x8e, 0x46, 0x01, 0x07, 0x30, 0x08, 0x13, 0x02,
            0x4d, 0x41, 0x13, 0x02, 0x42, 0x48,
        ];
        assert_eq!(QcStatements::from_der(&der).unwrap().legislations(), ["MA", "BH"]);
        let mut number = der;
        number[14] = 0x02;
        assert!(QcStatements::from_der(&number).is_err());
    }
}
