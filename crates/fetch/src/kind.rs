//! What can be fetched, and what its messages are.

use std::fmt;

use serde::Deserialize;

/// What can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A responder's answer about certificates (RFC 6960 appendix A.1).
    Ocsp,
    /// A revocation list (RFC 2585).
    Crl,
    /// Certificates of an issuer (RFC 5280 section 4.2.2.1).
    IssuerCertificate,
    /// A time stamp (RFC 3161 section 3.4).
    TimeStamp,
    /// A trusted list (TS 119 612).
    TrustedList,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Ocsp, Self::Crl, Self::IssuerCertificate, Self::TimeStamp, Self::TrustedList];

    /// Its name, as the configuration writes it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ocsp => "ocsp",
            Self::Crl => "crl",
            Self::IssuerCertificate => "issuer-certificate",
            Self::TimeStamp => "time-stamp",
            Self::TrustedList => "trusted-list",
        }
    }

    /// The media type of the question; none where there is no question, and a GET.
    pub(crate) fn question_type(self) -> Option<&'static str> {
        match self {
            Self::Ocsp => Some("application/ocsp-request"),
            Self::TimeStamp => Some("application/timestamp-query"),
            Self::Crl | Self::IssuerCertificate | Self::TrustedList => None,
        }
    }

    /// The media types of an answer. The first is the standard's; the others are what authorities send in its place.
    pub(crate) fn answer_types(self) -> &'static [&'static str] {
        match self {
            Self::Ocsp => &["application/ocsp-response"],
            Self::Crl => &[
                "application/pkix-crl",
                "application/x-pkcs7-crl",
                "application/pkcs7-crl",
                "application/x-x509-crl",
                "application/octet-stream",
                "binary/octet-stream",
            ],
            Self::IssuerCertificate => &[
                "application/pkix-cert",
                "application/pkcs7-mime",
                "application/x-pkcs7-mime",
                "application/x-pkcs7-certificates",
                "application/x-x509-ca-cert",
                "application/x-x509-user-cert",
                "application/octet-stream",
                "binary/octet-stream",
            ],
            Self::TimeStamp => &["application/timestamp-reply"],
            Self::TrustedList => {
                &["application/vnd.etsi.tsl+xml", "application/xml", "text/xml", "application/octet-stream"]
            }
        }
    }

    /// Most bytes of an answer.
    #[must_use]
    pub fn max_answer(self) -> usize {
        match self {
            Self::Ocsp => bitaqa_trust::revocation::ocsp_response::MAX_LENGTH,
            Self::IssuerCertificate | Self::TimeStamp => 256 * 1024,
            Self::Crl | Self::TrustedList => MAX_ANSWER,
        }
    }
}

/// Most bytes of any answer.
pub const MAX_ANSWER: usize = 10 * 1024 * 1024;

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
