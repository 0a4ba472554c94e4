//! Which certificate signs, by what it says of itself.

use bitaqa_signature::{
    WantedCertificate, trusted_list::qualification::Purpose, wanted_certificate::Legislation,
};
use bitaqa_trust::ObjectIdentifier;
use clap::{Args, ValueEnum};

/// Which of a card's certificates; what is left out is not asked.
#[derive(Debug, Args)]
pub(crate) struct CertificateArguments {
    /// Only with a certificate that says it is qualified, with its key on a device for that. Whether it is, only a trusted list
    /// tells
    #[arg(long)]
    qualified: bool,

    /// Only with a certificate that says it is of this type
    #[arg(long, value_name = "TYPE", value_enum)]
    certificate_type: Option<CertificateType>,

    /// Only with a certificate that says it is qualified under this law: two capital letters, or EU. May be given several times:
    /// one of them is enough
    #[arg(long, value_name = "CC")]
    legislation: Vec<Legislation>,

    /// Only with a certificate that was issued under this policy. May be given several times: one of them is enough
    #[arg(long, value_name = "OID")]
    policy: Vec<ObjectIdentifier>,
}

impl CertificateArguments {
    /// What is asked of the certificate.
    pub(super) fn wanted(&self) -> WantedCertificate {
        WantedCertificate {
            qualified: self.qualified,
            purpose: self.certificate_type.map(Purpose::from),
            legislations: self.legislation.clone(),
            policies: self.policy.clone(),
        }
    }
}

/// What a certificate says it is for (`QcType`; EN 319 412-5 section 4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CertificateType {
    /// Signatures of a person.
    #[value(alias = "esign")]
    Signature,
    /// Seals of an organisation.
    #[value(alias = "eseal")]
    Seal,
    /// Web sites.
    Web,
}

impl From<CertificateType> for Purpose {
    fn from(kind: CertificateType) -> Self {
        match kind {
            CertificateType::Signature => Self::Signature,
            CertificateType::Seal => Self::Seal,
            CertificateType::Web => Self::WebSite,
        }
    }
}
