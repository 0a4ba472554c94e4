//! What a token that holds says, for programs in other languages: who signed in, by whose word, and how far that goes.

use serde::Serialize;

use crate::{
    Assurance, Level, VerifiedToken,
    revocation::report::CertificateRevocation,
    token_verification::{Check, HolderVerification},
};

/// Who signed in.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The holder, as the certificate names them.
    pub subject: SignInSubject,
    /// The holder's certificate.
    pub certificate: SignInCertificate,
    /// The issuer as its profile describes it; nothing where the verifier has no profiles.
    pub issuer: Option<SignInIssuer>,
    /// Level that the issuer's profile vouches for; none without a profile.
    pub level: Level,
    /// Test or production; unknown without a profile.
    pub assurance: Option<Assurance>,
    /// How it was made sure that the card was in its holder's hands.
    pub holder_verification: HolderVerification,
    /// What is known about the revocation of each certificate, the holder's first; nothing where nobody looked.
    pub revocation: Option<Vec<CertificateRevocation>>,
    /// Every step with its outcome.
    pub checks: Vec<Check>,
}

/// The holder, as the certificate names them. What stands in no certificate is left open.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SignInSubject {
    /// A name to show.
    pub name: Option<String>,
    /// Given names.
    pub given_name: Option<String>,
    /// Surnames.
    pub surname: Option<String>,
    /// The common name, whatever stands in it.
    pub common_name: Option<String>,
    /// The number of the person or the document.
    pub personal_number: Option<String>,
    /// Two letters (ISO 3166-1).
    pub country: Option<String>,
    /// The organisation.
    pub organisation: Option<String>,
    /// An e-mail address.
    pub email: Option<String>,
}

/// A certificate, as people and registers name it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SignInCertificate {
    /// SHA-256 of the certificate, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Its number, in hexadecimal digits.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// First moment of its validity (RFC 3339).
    pub not_before: String,
    /// Last moment of its validity (RFC 3339).
    pub not_after: String,
    /// Its policies, as object identifiers.
    pub policies: Vec<String>,
}

/// The issuer as its profile describes it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
pub struct SignInIssuer {
    /// Name of the profile.
    pub name: String,
    /// Level that its certificates prove.
    pub level: Level,
    /// Test or production.
    pub assurance: Assurance,
}

impl SignIn {
    /// With no higher level than that: a token that goes with something else is worth no more than the whole.
    #[must_use]
    pub(crate) fn at_most(mut self, level: Level) -> Self {
        self.level = self.level.min(level);
        self
    }

    /// Of a token that holds.
    #[must_use]
    pub fn of(verified: &VerifiedToken) -> Self {
        let certificate = &verified.certificate;
        let subject = certificate.subject();
        Self {
            subject: SignInSubject {
                name: subject.display_name(),
                given_name: subject.given_name(),
                surname: subject.surname(),
                common_name: subject.common_name(),
                personal_number: certificate.personal_number().map(str::to_owned),
                country: subject.country().map(str::to_owned),
                organisation: subject.organisation(),
                email: certificate.email().map(str::to_owned),
            },
            certificate: SignInCertificate {
                sha256: verified.fingerprint(),
                number: certificate.certificate_number(),
                issuer: certificate.issuer().to_string(),
                not_before: certificate.not_before().to_string(),
                not_after: certificate.not_after().to_string(),
                policies: certificate.policies().iter().map(ToString::to_string).collect(),
            },
            issuer: verified.issuer.as_ref().map(|issuer| SignInIssuer {
                name: issuer.name.clone(),
                level: issuer.level,
                assurance: issuer.assurance,
            }),
            level: verified.level(),
            assurance: verified.assurance(),
            holder_verification: verified.holder_verification,
            revocation: verified.revocation.as_ref().map(|report| report.certificates.clone()),
            checks: verified.checks.clone(),
        }
    }
}
