//! Whether a signature is a qualified one (TS 119 615 in essence).
//!
//! "Qualified" is said of a signature that passed, whose certificate a verified list calls qualified for signatures (or
//! seals) both when it was issued and when the signature was made, and whose key was in a qualified device. Whatever cannot be
//! told makes it indeterminate.

use bitaqa_trust::{
    Certificate, DateTime, ObjectIdentifier, oid as trust_oid, qualified_statements::QcStatements,
};
use serde::Serialize;

use super::{
    VerifiedTrustedList,
    qualification_extension::Qualifier,
    service::{CA_QC, Service, ServiceState, regulation_applies},
};
use crate::{
    found::{FoundSignature, SigningCertificate},
    validation::{ValidationSettings, statements},
};

/// What a signature is by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum QualificationLevel {
    /// A qualified signature or seal.
    Qualified,
    /// An advanced signature or seal that rests on a qualified certificate.
    AdvancedWithQualifiedCertificate,
    /// Neither.
    NotQualified,
    /// Cannot be told.
    Indeterminate,
}

/// What a certificate is for (EN 319 412-5 section 4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Signatures of a person.
    Signature,
    /// Seals of an organisation.
    Seal,
    /// Web sites.
    WebSite,
}

impl Purpose {
    /// All of them.
    const ALL: [Self; 3] = [Self::Signature, Self::Seal, Self::WebSite];

    /// Its identifier among the types of the statement `QcType`.
    #[must_use]
    pub const fn qc_type(self) -> ObjectIdentifier {
        match self {
            Self::Signature => trust_oid::ETSI_QCT_ESIGN,
            Self::Seal => trust_oid::ETSI_QCT_ESEAL,
            Self::WebSite => trust_oid::ETSI_QCT_WEB,
        }
    }
}

/// The finding, with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Qualification {
    /// What it is.
    pub level: QualificationLevel,
    /// What the certificate is for, where that is known.
    pub purpose: Option<Purpose>,
    /// Why, for a person.
    pub reason: String,
    /// The provider whom the list names.
    pub provider: Option<String>,
    /// The list's country.
    pub territory: Option<String>,
}

impl Qualification {
    fn new(level: QualificationLevel, reason: impl Into<String>) -> Self {
        Self { level, purpose: None, reason: reason.into(), provider: None, territory: None }
    }

    fn indeterminate(reason: impl Into<String>) -> Self {
        Self::new(QualificationLevel::Indeterminate, reason)
    }

    fn not_qualified(reason: impl Into<String>) -> Self {
        Self::new(QualificationLevel::NotQualified, reason)
    }
}

/// What a certificate is at a time, by a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CertificateFinding {
    purpose: Purpose,
    in_device: bool,
}

/// Whether a signature is qualified. `chain` is the path of the signer's certificate as it was validated, leaf first.
pub(crate) fn of_signature(
    found: &FoundSignature,
    settings: &ValidationSettings,
    chain: &[&Certificate],
    passed: bool,
    best_signature_time: DateTime,
) -> Qualification {
    if settings.trusted_lists.is_empty() {
        return Qualification::indeterminate("there is no trusted list");
    }
    if settings.trusted_lists.iter().all(|list| list.list().is_list_of_lists()) {
        return Qualification::indeterminate("the trusted lists at hand only say where others are");
    }
    let SigningCertificate::Bound(certificate) = &found.signer else {
        return Qualification::indeterminate("the signature does not name its certificate");
    };
    if !passed {
        return Qualification::indeterminate("the signature did not pass with everything known about it");
    }
    let issuers = chain.get(1..).unwrap_or_default();
    let (mut services, mut has_stale) = (Vec::new(), false);
    for list in &settings.trusted_lists {
        // a list that was good when it was verified may be out of date at the time in question
        if list.list().next_update.is_some_and(|next| settings.time > next) {
            has_stale = true;
            continue;
        }
        let of_list = list.list().services.iter();
        let of_issuer = of_list.filter(|service| issuers.iter().any(|issuer| service.is_of(issuer)));
        services.extend(of_issuer.map(|service| (list, service)));
    }
    if services.is_empty() && has_stale {
        return Qualification::indeterminate("a trusted list is out of date");
    }
    if services.is_empty() {
        return Qualification::not_qualified("no trusted list has the certificate's issuer");
    }
    let findings: Vec<Qualification> = services
        .into_iter()
        .filter(|(_, service)| service.states().iter().any(|state| state.kind == CA_QC))
        .map(|(list, service)| by_service(list, service, certificate, best_signature_time))
        .collect();
    let Some(first) = findings.first().cloned() else {
        return Qualification::not_qualified("the issuer's services are not those of qualified certificates");
    };
    // two services with the same key that disagree: nobody could say which of them issued it
    if findings.iter().any(|other| other.level != first.level || other.purpose != first.purpose) {
        return Qualification::indeterminate("services with the issuer's key contradict each other");
    }
    first
}

fn by_service(
    list: &VerifiedTrustedList,
    service: &Service,
    certificate: &Certificate,
    best_signature_time: DateTime,
) -> Qualification {
    let judged = judge(list, service, certificate, best_signature_time);
    Qualification {
        provider: Some(service.provider.clone()),
        territory: Some(list.list().territory.clone()),
        ..judged.unwrap_or_else(|finding| finding)
    }
}

fn judge(
    list: &VerifiedTrustedList,
    service: &Service,
    certificate: &Certificate,
    best_signature_time: DateTime,
) -> Result<Qualification, Qualification> {
    let stated = statements(certificate)
        .map_err(|_| Qualification::indeterminate("the certificate's qualified statements are malformed"))?
        .unwrap_or_default();
    check_law(list, &stated)?;
    at_time(service, certificate, &stated, certificate.not_before(), "when the certificate was issued")?;
    let finding = at_time(service, certificate, &stated, best_signature_time, "when the signature was made")?;
    let (level, reason) = match (finding.purpose, finding.in_device) {
        (Purpose::WebSite, _) => (QualificationLevel::NotQualified, "the certificate is for web sites"),
        (_, true) => (
            QualificationLevel::Qualified,
            "the list calls the certificate qualified, and its key is in a qualified device",
        ),
        (_, false) => (
            QualificationLevel::AdvancedWithQualifiedCertificate,
            "the list calls the certificate qualified; nothing says that its key is in a qualified device",
        ),
    };
    Ok(Qualification { purpose: Some(finding.purpose), ..Qualification::new(level, reason) })
}

/// A certificate that names the law under which it is qualified is qualified under that one only. One that names none is
/// qualified under the law of the European Union (EN 319 412-5 section 4.2.4), so only a list of the Union can confirm it.
fn check_law(list: &VerifiedTrustedList, stated: &QcStatements) -> Result<(), Qualification> {
    let list = list.list();
    let is_of_union = list.kind.ends_with("/TSLType/EUgeneric");
    let fits = if stated.legislations().is_empty() {
        is_of_union
    } else {
        stated.legislations().iter().any(|country| country.eq_ignore_ascii_case(&list.territory))
    };
    if fits {
        Ok(())
    } else {
        Err(Qualification::not_qualified("the certificate is qualified under another law than the list's"))
    }
}

/// What the list says about the certificate at a time.
fn at_time(
    service: &Service,
    certificate: &Certificate,
    stated: &QcStatements,
    at: DateTime,
    when: &str,
) -> Result<CertificateFinding, Qualification> {
    let state = service
        .at(at)
        .filter(|state| state.kind == CA_QC)
        .ok_or_else(|| Qualification::not_qualified(format!("the service was not listed {when}")))?;
    if !state.is_granted(at) {
        let detail = format!("the service did not have the status of a qualified one {when}");
        return Err(Qualification::not_qualified(detail));
    }
    if state.has_unknown_critical {
        return Err(Qualification::indeterminate(
            "the list says something about the service that is not understood",
        ));
    }
    let qualifiers = qualifiers(state, certificate)?;
    let has = |qualifier: Qualifier| qualifiers.contains(&qualifier);
    is_qualified(&qualifiers, stated)?;
    let purpose = purpose(&qualifiers, stated)?;
    check_service_purpose(state, purpose, at, when)?;
    let in_device = match (has(Qualifier::WithQscd), has(Qualifier::NoQscd)) {
        (true, true) => {
            return Err(Qualification::indeterminate("the list contradicts itself about the device"));
        }
        (true, false) => true,
        (false, true) => false,
        (false, false) => stated.statements().contains(&trust_oid::ETSI_QC_SSCD),
    };
    Ok(CertificateFinding { purpose, in_device })
}

fn qualifiers(state: &ServiceState, certificate: &Certificate) -> Result<Vec<Qualifier>, Qualification> {
    let mut all = Vec::new();
    for element in &state.qualifications {
        let found = element
            .qualifiers_of(certificate)
            .map_err(|error| Qualification::indeterminate(error.to_string()))?;
        all.extend_from_slice(found);
    }
    if all.contains(&Qualifier::Unknown) {
        return Err(Qualification::indeterminate("the list has a qualifier that is not understood"));
    }
    Ok(all)
}

fn is_qualified(qualifiers: &[Qualifier], stated: &QcStatements) -> Result<(), Qualification> {
    match (qualifiers.contains(&Qualifier::QcStatement), qualifiers.contains(&Qualifier::NotQualified)) {
        (true, true) => {
            Err(Qualification::indeterminate("the list calls the certificate both qualified and not"))
        }
        (false, true) => Err(Qualification::not_qualified("the list calls the certificate not qualified")),
        (true, false) => Ok(()),
        (false, false) if stated.statements().contains(&trust_oid::ETSI_QC_COMPLIANCE) => Ok(()),
        (false, false) => {
            Err(Qualification::not_qualified("the certificate does not say that it is qualified"))
        }
    }
}

/// What the certificate is for: by the list's word, else by its own. One without a type is for signatures (EN 319 412-5
/// section 4.2.3).
fn purpose(qualifiers: &[Qualifier], stated: &QcStatements) -> Result<Purpose, Qualification> {
    let by_list = [
        (Qualifier::ForESig, Purpose::Signature),
        (Qualifier::ForESeal, Purpose::Seal),
        (Qualifier::ForLegalPerson, Purpose::Seal),
        (Qualifier::ForWsa, Purpose::WebSite),
    ];
    let listed = by_list.iter().filter(|(qualifier, _)| qualifiers.contains(qualifier));
    let mut purposes: Vec<Purpose> = listed.map(|(_, purpose)| *purpose).collect();
    if purposes.is_empty() {
        purposes.extend(Purpose::ALL.into_iter().filter(|own| stated.types().contains(&own.qc_type())));
        if purposes.is_empty() && stated.types().is_empty() {
            purposes.push(Purpose::Signature);
        }
    }
    purposes.dedup();
    match purposes[..] {
        [one] => Ok(one),
        [] => Err(Qualification::indeterminate("the certificate is of a type that is not known")),
        _ => Err(Qualification::indeterminate("the certificate is called of several types")),
    }
}

/// Since Regulation (EU) No 910/2014 a service says what its certificates are for.
fn check_service_purpose(
    state: &ServiceState,
    purpose: Purpose,
    at: DateTime,
    when: &str,
) -> Result<(), Qualification> {
    let wanted = match purpose {
        Purpose::Signature => "ForeSignatures",
        Purpose::Seal => "ForeSeals",
        Purpose::WebSite => "ForWebSiteAuthentication",
    };
    if at < regulation_applies() || state.is_for(wanted) {
        return Ok(());
    }
    Err(Qualification::not_qualified(format!(
        "the service was not listed for this kind of certificate {when}"
    )))
}
