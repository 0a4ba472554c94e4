//! Trust services: what each was at which time.

use bitaqa_trust::{Certificate, DateTime};

use super::{
    TrustedListError,
    qualification_extension::{QualificationElement, qualifications},
    reading::{Place, SIE, TSL, certificate, date_time},
};

/// Type of a service that issues qualified certificates.
pub const CA_QC: &str = "http://uri.etsi.org/TrstSvc/Svctype/CA/QC";
/// Type of a service that makes qualified time stamps.
pub const TSA_QTST: &str = "http://uri.etsi.org/TrstSvc/Svctype/TSA/QTST";

const STATUS: &str = "http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/";
const INFORMATION: &str = "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/";

/// Most moments of a service's history.
const MAX_HISTORY: usize = 256;
/// Most identities of a service at one time.
const MAX_IDENTITIES: usize = 64;
/// Most extensions of a service at one time.
const MAX_EXTENSIONS: usize = 64;

/// A service of a provider, with its history.
#[derive(Debug, Clone)]
pub struct Service {
    /// The provider's name.
    pub provider: String,
    /// What it was when, the newest first.
    states: Vec<ServiceState>,
}

/// What a service was from a moment on.
#[derive(Debug, Clone)]
pub struct ServiceState {
    /// Its type, a URI.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Certificates of its key. States of the past may have none, and are then those of the same service all the same.
    pub certificates: Vec<Certificate>,
    /// Its status, a URI.
    pub status: String,
    /// Since when.
    pub since: DateTime,
    /// What its certificates are for (`additionalServiceInformation`), URIs.
    pub information: Vec<String>,
    /// Which of its certificates are qualified, and how.
    pub qualifications: Vec<QualificationElement>,
    /// Whether it has a critical extension that is not understood; then nothing can be said about it.
    pub has_unknown_critical: bool,
}

impl Service {
    pub(super) fn read(provider: &str, place: Place<'_, '_>) -> Result<Self, TrustedListError> {
        let mut states =
            vec![ServiceState::read(place.required("ServiceInformation")?, Demand::Certificate)?];
        if let Some(history) = place.optional("ServiceHistory")? {
            for (number, instance) in history.named(TSL, "ServiceHistoryInstance").enumerate() {
                if number >= MAX_HISTORY {
                    return Err(TrustedListError::TooMany("states of a service"));
                }
                states.push(ServiceState::read(instance, Demand::Nothing)?);
            }
        }
        let present = states.first().map(|state| state.since);
        states.sort_by_key(|state| std::cmp::Reverse(state.since));
        // what a service is now must be its newest state, and no two states may begin at once: who would know which one holds?
        let is_ordered = states.first().map(|state| state.since) == present
            && states.windows(2).all(|pair| matches!(pair, [newer, older] if newer.since > older.since));
        if is_ordered {
            Ok(Self { provider: provider.to_owned(), states })
        } else {
            Err(TrustedListError::History)
        }
    }

    /// What it was at a time; none before it began.
    #[must_use]
    pub fn at(&self, time: DateTime) -> Option<&ServiceState> {
        self.states.iter().find(|state| state.since <= time)
    }

    /// What it is now, by the list.
    #[must_use]
    pub fn present(&self) -> Option<&ServiceState> {
        self.states.first()
    }

    /// All that it was, the newest first.
    #[must_use]
    pub fn states(&self) -> &[ServiceState] {
        &self.states
    }

    /// Whether a certificate has the name and key of the service.
    #[must_use]
    pub fn is_of(&self, certificate: &Certificate) -> bool {
        self.states.iter().flat_map(|state| &state.certificates).any(|own| {
            own.tbs().subject() == certificate.tbs().subject()
                && own.tbs().subject_public_key_info() == certificate.tbs().subject_public_key_info()
        })
    }
}

/// What a state must have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Demand {
    Certificate,
    Nothing,
}

impl ServiceState {
    fn read(place: Place<'_, '_>, demand: Demand) -> Result<Self, TrustedListError> {
        let certificates = certificates(place.required("ServiceDigitalIdentity")?)?;
        let kind = place.text_of("ServiceTypeIdentifier")?;
        // services without a key are listed too, by a URI; a certificate cannot be theirs
        if demand == Demand::Certificate && certificates.is_empty() && kind == CA_QC {
            return Err(TrustedListError::Missing("X509Certificate"));
        }
        let mut state = Self {
            kind,
            name: place.required("ServiceName")?.name()?,
            certificates,
            status: place.text_of("ServiceStatus")?,
            since: date_time(&place.text_of("StatusStartingTime")?)?,
            information: Vec::new(),
            qualifications: Vec::new(),
            has_unknown_critical: false,
        };
        if let Some(extensions) = place.optional("ServiceInformationExtensions")? {
            for (number, extension) in extensions.named(TSL, "Extension").enumerate() {
                if number >= MAX_EXTENSIONS {
                    return Err(TrustedListError::TooMany("extensions of a service"));
                }
                state.read_extension(extension)?;
            }
        }
        Ok(state)
    }

    fn read_extension(&mut self, extension: Place<'_, '_>) -> Result<(), TrustedListError> {
        let mut is_known = true;
        for child in extension.children() {
            if child.is(SIE, "Qualifications") {
                self.qualifications.extend(qualifications(child)?);
            } else if child.is(TSL, "AdditionalServiceInformation") {
                self.information.push(child.text_of("URI")?);
            } else {
                is_known = false;
            }
        }
        let is_critical = matches!(extension.attribute("Critical").map(str::trim), Some("true" | "1"));
        self.has_unknown_critical |= is_critical && !is_known;
        Ok(())
    }

    /// Whether a qualified service may work at a time: `granted`, and before 1 July 2016 (Regulation (EU) No 910/2014) the three
    /// statuses of supervision that it replaced.
    #[must_use]
    pub fn is_granted(&self, at: DateTime) -> bool {
        match self.status.strip_prefix(STATUS) {
            Some("granted") => true,
            Some("undersupervision" | "supervisionincessation" | "accredited") => at < regulation_applies(),
            _ => false,
        }
    }

    /// Whether its certificates are said to be for a purpose (`ForeSignatures`, `ForeSeals`, `ForWebSiteAuthentication`).
    #[must_use]
    pub fn is_for(&self, purpose: &str) -> bool {
        self.information.iter().any(|uri| uri.strip_prefix(INFORMATION) == Some(purpose))
    }
}

/// 1 July 2016, midnight in Brussels; TS 119 615 counts from there. Were the date wrong, nothing older would count.
pub(super) fn regulation_applies() -> DateTime {
    DateTime::new(2016, 6, 30, 22, 0, 0).unwrap_or(DateTime::INFINITY)
}

/// Certificates among the identities.
pub(super) fn certificates(place: Place<'_, '_>) -> Result<Vec<Certificate>, TrustedListError> {
    let mut found = Vec::new();
    for identity in place.named(TSL, "DigitalId") {
        if let Some(text) = identity.optional("X509Certificate")? {
            if found.len() >= MAX_IDENTITIES {
                return Err(TrustedListError::TooMany("identities of a service"));
            }
            // one that cannot be read identifies nobody; others of the same service may
            found.extend(certificate(&text.text()?).ok());
        }
    }
    Ok(found)
}
