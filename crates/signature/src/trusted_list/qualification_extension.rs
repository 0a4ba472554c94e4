//! The extension `Qualifications` (TS 119 612 clause 5.5.9.2): what the list says about certificates that fulfil criteria.

use bitaqa_trust::{Certificate, ObjectIdentifier};
use x509_cert::ext::pkix::{CertificatePolicies, ExtendedKeyUsage, KeyUsage, KeyUsages};

use super::{
    TrustedListError,
    reading::{Place, SIE, TSL_ADDITIONAL, XADES, object_identifier},
};

const QUALIFIER: &str = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/";

/// Criteria inside each other.
const MAX_DEPTH: usize = 16;
/// Most criteria and qualifiers of one element.
const MAX_ITEMS: usize = 4096;

/// Qualifiers for the certificates that fulfil the criteria.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QualificationElement {
    qualifiers: Vec<Qualifier>,
    criteria: CriteriaList,
}

/// What is said about a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// It is qualified, though it may not say so.
    QcStatement,
    /// It is not qualified, whatever it says.
    NotQualified,
    /// For signatures of a person.
    ForESig,
    /// For seals of an organisation.
    ForESeal,
    /// For web sites.
    ForWsa,
    /// For an organisation; before Regulation (EU) No 910/2014.
    ForLegalPerson,
    /// The key is in a qualified device.
    WithQscd,
    /// It is not.
    NoQscd,
    /// The certificate says whether it is.
    QscdStatusAsInCert,
    /// One that is not known.
    Unknown,
}

impl Qualifier {
    fn from_uri(uri: &str) -> Self {
        match uri.trim().strip_prefix(QUALIFIER) {
            Some("QCStatement") => Self::QcStatement,
            Some("NotQualified") => Self::NotQualified,
            Some("QCForESig") => Self::ForESig,
            Some("QCForESeal") => Self::ForESeal,
            Some("QCForWSA") => Self::ForWsa,
            Some("QCForLegalPerson") => Self::ForLegalPerson,
            Some("QCWithSSCD" | "QCWithQSCD" | "QCQSCDManagedOnBehalf") => Self::WithQscd,
            Some("QCNoSSCD" | "QCNoQSCD") => Self::NoQscd,
            Some("QCSSCDStatusAsInCert" | "QCQSCDStatusAsInCert") => Self::QscdStatusAsInCert,
            _ => Self::Unknown,
        }
    }
}

/// How many of the criteria must be fulfilled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Assert {
    All,
    AtLeastOne,
    None,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct CriteriaList {
    assert: Assert,
    criteria: Vec<Criterion>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Criterion {
    /// Each bit of the key usage, and whether it must be set.
    KeyUsage(Vec<(KeyUsages, bool)>),
    /// All of these policies.
    PolicySet(Vec<ObjectIdentifier>),
    /// All of these extended key usages.
    ExtendedKeyUsage(Vec<ObjectIdentifier>),
    /// All of these attributes in the subject's name.
    SubjectAttributes(Vec<ObjectIdentifier>),
    List(CriteriaList),
    /// One that is not known: whether it is fulfilled nobody can tell.
    Unknown,
}

/// Whether criteria are fulfilled; none where that cannot be told.
type Fulfilled = Option<bool>;

impl QualificationElement {
    /// What it says about a certificate.
    ///
    /// # Errors
    /// [`CriteriaNotUnderstood`]: whether the criteria are fulfilled cannot be told.
    pub fn qualifiers_of(&self, certificate: &Certificate) -> Result<&[Qualifier], CriteriaNotUnderstood> {
        match self.criteria.is_fulfilled_by(certificate) {
            Some(true) => Ok(&self.qualifiers),
            Some(false) => Ok(&[]),
            None => Err(CriteriaNotUnderstood),
        }
    }
}

/// Criteria that are not understood, on which it depends what a certificate is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the list has criteria for certificates that are not understood")]
pub struct CriteriaNotUnderstood;

impl CriteriaList {
    fn is_fulfilled_by(&self, certificate: &Certificate) -> Fulfilled {
        let all: Vec<Fulfilled> =
            self.criteria.iter().map(|criterion| criterion.is_fulfilled_by(certificate)).collect();
        // an empty list would say something about every certificate; nobody meant that
        if all.is_empty() {
            return None;
        }
        let (yes, no, unknown) = (all.contains(&Some(true)), all.contains(&Some(false)), all.contains(&None));
        match self.assert {
            Assert::All => {
                if no {
                    Some(false)
                } else if unknown {
                    None
                } else {
                    Some(true)
                }
            }
            Assert::AtLeastOne => {
                if yes {
                    Some(true)
                } else if unknown {
                    None
                } else {
                    Some(false)
                }
            }
            Assert::None => {
                if yes {
                    Some(false)
                } else if unknown {
                    None
                } else {
                    Some(true)
                }
            }
        }
    }
}

impl Criterion {
    fn is_fulfilled_by(&self, certificate: &Certificate) -> Fulfilled {
        match self {
            Self::KeyUsage(bits) => {
                let usage = certificate.extension::<KeyUsage>().ok()?;
                let is_set = |bit: KeyUsages| usage.is_some_and(|usage| usage.0.contains(bit));
                Some(bits.iter().all(|(bit, wanted)| is_set(*bit) == *wanted))
            }
            Self::PolicySet(policies) => {
                let own = certificate.extension::<CertificatePolicies>().ok()?.map_or_else(Vec::new, |own| {
                    own.0.iter().map(|policy| policy.policy_identifier).collect()
                });
                Some(policies.iter().all(|policy| own.contains(policy)))
            }
            Self::ExtendedKeyUsage(purposes) => {
                let own =
                    certificate.extension::<ExtendedKeyUsage>().ok()?.map_or_else(Vec::new, |own| own.0);
                Some(purposes.iter().all(|purpose| own.contains(purpose)))
            }
            Self::SubjectAttributes(attributes) => {
                let name = bitaqa_trust::DistinguishedName::from_name(certificate.tbs().subject()).ok()?;
                let has = |wanted: &ObjectIdentifier| name.attributes().iter().any(|(own, _)| own == wanted);
                Some(attributes.iter().all(has))
            }
            Self::List(list) => list.is_fulfilled_by(certificate),
            Self::Unknown => None,
        }
    }
}

/// Reads `Qualifications`.
pub(super) fn qualifications(place: Place<'_, '_>) -> Result<Vec<QualificationElement>, TrustedListError> {
    let mut budget = MAX_ITEMS;
    place.named(SIE, "QualificationElement").map(|element| read_element(element, &mut budget)).collect()
}

fn read_element(place: Place<'_, '_>, budget: &mut usize) -> Result<QualificationElement, TrustedListError> {
    let qualifiers = place
        .named(SIE, "Qualifiers")
        .flat_map(|qualifiers| qualifiers.named(SIE, "Qualifier"))
        .map(|qualifier| {
            spend(budget)?;
            Ok(Qualifier::from_uri(qualifier.attribute("uri").unwrap_or_default()))
        })
        .collect::<Result<_, TrustedListError>>()?;
    let list = place.named(SIE, "CriteriaList").next().ok_or(TrustedListError::Missing("CriteriaList"))?;
    Ok(QualificationElement { qualifiers, criteria: read_criteria(list, MAX_DEPTH, budget)? })
}

fn read_criteria(
    place: Place<'_, '_>,
    depth: usize,
    budget: &mut usize,
) -> Result<CriteriaList, TrustedListError> {
    let depth = depth.checked_sub(1).ok_or(TrustedListError::TooMany("criteria inside each other"))?;
    let assert = match place.attribute("assert").map(str::trim) {
        Some("all") => Assert::All,
        Some("atLeastOne") => Assert::AtLeastOne,
        Some("none") => Assert::None,
        _ => return Err(TrustedListError::Missing("assert")),
    };
    let mut criteria = Vec::new();
    for child in place.children() {
        spend(budget)?;
        match (child.namespace() == SIE, child.local()) {
            (true, "KeyUsage") => criteria.push(key_usage(child)?),
            (true, "PolicySet") => {
                criteria.push(identifiers(child, SIE, "PolicyIdentifier", Criterion::PolicySet));
            }
            (true, "CriteriaList") => criteria.push(Criterion::List(read_criteria(child, depth, budget)?)),
            (true, "Description") => {}
            (true, "otherCriteriaList") => criteria.extend(child.children().map(other_criterion)),
            _ => criteria.push(Criterion::Unknown),
        }
    }
    Ok(CriteriaList { assert, criteria })
}

fn other_criterion(place: Place<'_, '_>) -> Criterion {
    match (place.namespace() == TSL_ADDITIONAL, place.local()) {
        (true, "ExtendedKeyUsage") => {
            identifiers(place, TSL_ADDITIONAL, "KeyPurposeId", Criterion::ExtendedKeyUsage)
        }
        (true, "CertSubjectDNAttribute") => {
            identifiers(place, TSL_ADDITIONAL, "AttributeOID", Criterion::SubjectAttributes)
        }
        _ => Criterion::Unknown,
    }
}

/// A list of identifiers; with one that cannot be read, or none, nobody can tell what is meant.
fn identifiers(
    place: Place<'_, '_>,
    namespace: &'static str,
    local: &'static str,
    make: fn(Vec<ObjectIdentifier>) -> Criterion,
) -> Criterion {
    let read = |item: Place<'_, '_>| {
        let identifier = item.named(XADES, "Identifier").next()?;
        object_identifier(&identifier.text().ok()?)
    };
    let found: Option<Vec<_>> = place.named(namespace, local).map(read).collect();
    found.filter(|found| !found.is_empty()).map_or(Criterion::Unknown, make)
}

fn key_usage(place: Place<'_, '_>) -> Result<Criterion, TrustedListError> {
    let mut bits = Vec::new();
    for bit in place.named(SIE, "KeyUsageBit") {
        let wanted = match bit.text()?.as_str() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return Ok(Criterion::Unknown),
        };
        let usage = match bit.attribute("name").map(str::trim) {
            Some("digitalSignature") => KeyUsages::DigitalSignature,
            Some("nonRepudiation") => KeyUsages::NonRepudiation,
            Some("keyEncipherment") => KeyUsages::KeyEncipherment,
            Some("dataEncipherment") => KeyUsages::DataEncipherment,
            Some("keyAgreement") => KeyUsages::KeyAgreement,
            Some("keyCertSign") => KeyUsages::KeyCertSign,
            Some("crlSign") => KeyUsages::CRLSign,
            Some("encipherOnly") => KeyUsages::EncipherOnly,
            Some("decipherOnly") => KeyUsages::DecipherOnly,
            _ => return Ok(Criterion::Unknown),
        };
        bits.push((usage, wanted));
    }
    Ok(if bits.is_empty() { Criterion::Unknown } else { Criterion::KeyUsage(bits) })
}

fn spend(budget: &mut usize) -> Result<(), TrustedListError> {
    *budget = budget.checked_sub(1).ok_or(TrustedListError::TooMany("criteria"))?;
    Ok(())
}
