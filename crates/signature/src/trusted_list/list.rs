//! A list as it is written.

use bitaqa_trust::{Certificate, DateTime};

use super::{
    reading::{Place, TSL, date_time},
    service::{Service, certificates},
};
use crate::xml::{Document, XmlError};

/// Longest list, in bytes.
pub const MAX_LENGTH: usize = 32 * 1024 * 1024;
/// Most services of a list.
const MAX_SERVICES: usize = 50_000;
/// Most pointers to other lists.
const MAX_POINTERS: usize = 1024;

/// A list of a country's trust services, or of the countries' lists. What is in it is only as good as its signature, and that
/// is not checked here: see [`VerifiedTrustedList`](super::VerifiedTrustedList).
#[derive(Debug, Clone)]
pub struct TrustedList {
    /// Version of the format; 5 or 6.
    pub version: u32,
    /// Number of this issue.
    pub sequence_number: u64,
    /// Its type, a URI.
    pub kind: String,
    /// Who operates the scheme.
    pub operator: String,
    /// Country, two letters, as a rule.
    pub territory: String,
    /// When it was issued.
    pub issued: DateTime,
    /// When the next issue comes at the latest; none if there will be none.
    pub next_update: Option<DateTime>,
    /// Other lists, with the certificates of those who may sign them.
    pub pointers: Vec<ListPointer>,
    /// Services of all providers.
    pub services: Vec<Service>,
}

/// Where another list is, and who signs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPointer {
    /// Its address.
    pub location: String,
    /// Its type, a URI; empty if the pointer does not say.
    pub kind: String,
    /// Its country; empty if the pointer does not say.
    pub territory: String,
    /// Its media type; empty if the pointer does not say.
    pub media_type: String,
    /// Certificates of those who may sign it.
    pub signers: Vec<Certificate>,
}

impl TrustedList {
    /// Reads a list.
    ///
    /// # Errors
    /// [`TrustedListError`].
    pub fn parse(octets: &[u8]) -> Result<Self, TrustedListError> {
        if octets.len() > MAX_LENGTH {
            return Err(TrustedListError::TooLong);
        }
        Self::from_document(&Document::parse(octets)?)
    }

    pub(super) fn from_document(document: &Document<'_>) -> Result<Self, TrustedListError> {
        let node = document.root_element().ok_or(TrustedListError::NotList)?;
        let root = Place { document, node };
        if !root.is(TSL, "TrustServiceStatusList") {
            return Err(TrustedListError::NotList);
        }
        let scheme = root.required("SchemeInformation")?;
        let version: u32 = number(&scheme.text_of("TSLVersionIdentifier")?)?;
        if !(5..=6).contains(&version) {
            return Err(TrustedListError::Version(version));
        }
        Ok(Self {
            version,
            sequence_number: number(&scheme.text_of("TSLSequenceNumber")?)?,
            kind: scheme.text_of("TSLType")?,
            operator: scheme.required("SchemeOperatorName")?.name()?,
            territory: scheme.text_of("SchemeTerritory")?,
            issued: date_time(&scheme.text_of("ListIssueDateTime")?)?,
            next_update: next_update(scheme)?,
            pointers: pointers(scheme)?,
            services: services(root)?,
        })
    }

    /// Whether it is a list of lists.
    #[must_use]
    pub fn is_list_of_lists(&self) -> bool {
        self.kind.ends_with("/EUlistofthelists") || self.kind.ends_with("listofthelists")
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, TrustedListError> {
    text.parse().map_err(|_| TrustedListError::Number)
}

fn next_update(scheme: Place<'_, '_>) -> Result<Option<DateTime>, TrustedListError> {
    let next = scheme.required("NextUpdate")?.optional("dateTime")?;
    next.map(|next| date_time(&next.text()?)).transpose()
}

fn pointers(scheme: Place<'_, '_>) -> Result<Vec<ListPointer>, TrustedListError> {
    let mut pointers = Vec::new();
    let Some(list) = scheme.optional("PointersToOtherTSL")? else { return Ok(pointers) };
    for pointer in list.named(TSL, "OtherTSLPointer") {
        if pointers.len() >= MAX_POINTERS {
            return Err(TrustedListError::TooMany("pointers"));
        }
        pointers.push(read_pointer(pointer)?);
    }
    Ok(pointers)
}

fn read_pointer(pointer: Place<'_, '_>) -> Result<ListPointer, TrustedListError> {
    let mut signers = Vec::new();
    if let Some(identities) = pointer.optional("ServiceDigitalIdentities")? {
        for identity in identities.named(TSL, "ServiceDigitalIdentity") {
            signers.extend(certificates(identity)?);
        }
    }
    let mut read = ListPointer {
        location: pointer.text_of("TSLLocation")?,
        kind: String::new(),
        territory: String::new(),
        media_type: String::new(),
        signers,
    };
    let information = pointer.optional("AdditionalInformation")?;
    let others = information.into_iter().flat_map(|found| found.named(TSL, "OtherInformation"));
    for item in others.flat_map(Place::children) {
        match item.local() {
            "TSLType" => read.kind = item.text()?,
            "SchemeTerritory" => read.territory = item.text()?,
            "MimeType" => read.media_type = item.text()?,
            _ => {}
        }
    }
    Ok(read)
}

fn services(root: Place<'_, '_>) -> Result<Vec<Service>, TrustedListError> {
    let mut services = Vec::new();
    let Some(providers) = root.optional("TrustServiceProviderList")? else { return Ok(services) };
    for provider in providers.named(TSL, "TrustServiceProvider") {
        let name = provider.required("TSPInformation")?.required("TSPName")?.name()?;
        let Some(list) = provider.optional("TSPServices")? else { continue };
        for service in list.named(TSL, "TSPService") {
            if services.len() >= MAX_SERVICES {
                return Err(TrustedListError::TooMany("services"));
            }
            services.push(Service::read(&name, service)?);
        }
    }
    Ok(services)
}

/// Why bytes are no list that says anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustedListError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the list has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// Not XML that we read.
    #[error("{0}")]
    Xml(#[from] XmlError),
    /// Another kind of document.
    #[error("the document is no trusted list")]
    NotList,
    /// A version that we do not know.
    #[error("the list has version {0}, which is not known")]
    Version(u32),
    /// An element is missing.
    #[error("{0} is missing in the list")]
    Missing(&'static str),
    /// An element is there twice where one is allowed.
    #[error("{0} is there twice in the list")]
    Twice(&'static str),
    /// An element holds something else than text.
    #[error("an element of the list holds something else than text")]
    NotText,
    /// A moment that cannot be read.
    #[error("\"{0}\" is no moment of time")]
    Time(String),
    /// A number that cannot be read.
    #[error("a number of the list cannot be read")]
    Number,
    /// A certificate that cannot be read.
    #[error("a certificate of the list cannot be read")]
    Certificate,
    /// The states of a service contradict each other.
    #[error("the history of a service contradicts itself")]
    History,
    /// More than anybody needs.
    #[error("the list has too many {0}")]
    TooMany(&'static str),
    /// The list is not signed, or its signature does not hold.
    #[error("the signature of the list does not hold: {0}")]
    Signature(String),
    /// Signed by somebody who may not.
    #[error("the list is signed by somebody who may not sign it")]
    Signer,
    /// Not a list that the verified list of lists points to.
    #[error("the verified list does not point to this list")]
    Pointer,
    /// Past its next update.
    #[error("the list was to be replaced by {0}")]
    Stale(DateTime),
    /// From the future.
    #[error("the list is from {0}, which is still to come")]
    NotYetIssued(DateTime),
}
