//! What an authentication certificate says about its holder.

use std::fmt;

use der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::{
    CertificatePolicies, ExtendedKeyUsage, KeyUsage, SubjectAltName, name::GeneralName,
};

use crate::{
    DateTime,
    certificate::{Certificate, CertificateError},
    distinguished_name::DistinguishedName,
    oid,
    public_key::PublicKey,
    qualified_statements::QcStatements,
    token_failure::PurposeFault,
};

/// The facts of a certificate for signing in, read and not yet believed: who vouches for them is the question of the
/// certification path.
#[derive(Clone)]
pub struct AuthenticationCertificate {
    certificate: Certificate,
    public_key: PublicKey,
    subject: DistinguishedName,
    issuer: DistinguishedName,
    key_usage: Option<KeyUsage>,
    extended_key_usage: Option<Vec<ObjectIdentifier>>,
    policies: Vec<ObjectIdentifier>,
    qc_statements: QcStatements,
    email: Option<String>,
}

impl AuthenticationCertificate {
    /// Parses DER; every extension that we use must be well formed, and the key one that we verify with.
    ///
    /// # Errors
    /// [`CertificateError`] says what is wrong.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let certificate = Certificate::from_der(der)?;
        let subject = DistinguishedName::from_name(certificate.tbs().subject())?;
        let qc_statements = match certificate.extension_value(oid::QC_STATEMENTS) {
            Some(value) => QcStatements::from_der(value)
                .map_err(|_| CertificateError::Extension { extension: oid::QC_STATEMENTS })?,
            None => QcStatements::default(),
        };
        let policies = certificate.extension::<CertificatePolicies>()?.map_or_else(Vec::new, |policies| {
            policies.0.into_iter().map(|policy| policy.policy_identifier).collect()
        });
        let alternative_email = certificate.extension::<SubjectAltName>()?.and_then(|names| {
            names.0.into_iter().find_map(|name| match name {
                GeneralName::Rfc822Name(address) => Some(address.as_str().to_owned()),
                _ => None,
            })
        });
        Ok(Self {
            public_key: certificate.public_key()?,
            issuer: DistinguishedName::from_name(certificate.tbs().issuer())?,
            key_usage: certificate.extension::<KeyUsage>()?,
            extended_key_usage: certificate.extension::<ExtendedKeyUsage>()?.map(|usage| usage.0),
            policies,
            qc_statements,
            email: alternative_email.or_else(|| subject.email().map(str::to_owned)),
            subject,
            certificate,
        })
    }

    /// The certificate itself.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Its key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The holder.
    #[must_use]
    pub fn subject(&self) -> &DistinguishedName {
        &self.subject
    }

    /// Who issued it, as the certificate says.
    #[must_use]
    pub fn issuer(&self) -> &DistinguishedName {
        &self.issuer
    }

    /// The person's number: the attribute `serialNumber` of the subject, as it stands there. Issuers after ETSI EN 319 412-1
    /// section 5.1.3 put the kind of number and the country before it (`PNOEE-…`, `IDCMA-…`).
    #[must_use]
    pub fn personal_number(&self) -> Option<&str> {
        self.subject.serial_number()
    }

    /// E-mail address: the first of `subjectAltName`, else the one in the subject.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// Number of the certificate, in lower-case hexadecimal digits.
    #[must_use]
    pub fn certificate_number(&self) -> String {
        let number = self.certificate.tbs().serial_number();
        number.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// First moment of validity.
    #[must_use]
    pub fn not_before(&self) -> DateTime {
        self.certificate.not_before()
    }

    /// Last moment of validity.
    #[must_use]
    pub fn not_after(&self) -> DateTime {
        self.certificate.not_after()
    }

    /// What the key may do (RFC 5280 section 4.2.1.3); none if the certificate does not say.
    #[must_use]
    pub fn key_usage(&self) -> Option<KeyUsage> {
        self.key_usage
    }

    /// Purposes of the key (RFC 5280 section 4.2.1.12); none if the certificate does not say.
    #[must_use]
    pub fn extended_key_usage(&self) -> Option<&[ObjectIdentifier]> {
        self.extended_key_usage.as_deref()
    }

    /// Policies it was issued under, by its own word (RFC 5280 section 4.2.1.4).
    #[must_use]
    pub fn policies(&self) -> &[ObjectIdentifier] {
        &self.policies
    }

    /// Qualified certificate statements.
    #[must_use]
    pub fn qc_statements(&self) -> &QcStatements {
        &self.qc_statements
    }

    /// Whether it is a certificate for signing in: its key makes digital signatures, authenticates clients where its purposes
    /// are named, and is no authority's.
    ///
    /// # Errors
    /// [`PurposeFault`] says what it is not.
    pub fn check_purpose(&self) -> Result<(), PurposeFault> {
        if !self.key_usage.is_some_and(|usage| usage.digital_signature()) {
            return Err(PurposeFault::KeyUsage);
        }
        let names_others = |purposes: &Vec<ObjectIdentifier>| !purposes.contains(&oid::ID_KP_CLIENT_AUTH);
        if self.extended_key_usage.as_ref().is_some_and(names_others) {
            return Err(PurposeFault::ExtendedKeyUsage);
        }
        if self.certificate.is_authority() {
            return Err(PurposeFault::Authority);
        }
        Ok(())
    }
}

/// The fingerprint only: a certificate is personal data.
impl fmt::Debug for AuthenticationCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AuthenticationCertificate").field(&self.certificate).finish()
    }
}
