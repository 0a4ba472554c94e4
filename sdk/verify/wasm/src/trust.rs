//! Whom a portal believes: trust packs, countries, issuers.

use std::{collections::BTreeMap, io, time::Duration};

use bitaqa_jose::Thumbprint;
use bitaqa_trust::{
    Assurance, DateTime, IssuerProfiles, TrustPack, TrustPacks, TrustStore,
    country_files::{Countries, CountryFiles},
    icao_pki::IcaoCertificate,
    pem_bundle,
};

use crate::told::{Usage, UsageCode};

/// Most certificate files of issuer profiles.
const MAX_FILES: usize = 1024;

/// Collects what is believed, in any order; read once, when a verifier is made.
#[derive(Debug, Default)]
pub struct Trust {
    packs: Vec<TrustPack>,
    countries: CountryFiles,
    store: TrustStore,
    profiles: IssuerProfiles,
    files: BTreeMap<String, Vec<u8>>,
    for_tests: bool,
}

/// All of it, at a time.
pub(crate) struct Believed {
    pub(crate) countries: Countries,
    /// Nothing where nobody's tokens could be believed.
    pub(crate) issuers: Issuers,
    pub(crate) assurance: Assurance,
    /// From when on a pack counts no more, in seconds since 1970.
    pub(crate) until: Option<u64>,
}

/// By what tokens are judged.
pub(crate) enum Issuers {
    Profiles(IssuerProfiles, TrustStore),
    Anchors(TrustStore),
    Nobody,
}

fn unusable(error: impl std::fmt::Display) -> Usage {
    Usage::new(UsageCode::TrustInvalid, error)
}

impl Trust {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes what is for tests, too. Every result says so.
    pub fn allow_tests(&mut self) {
        self.for_tests = true;
    }

    /// Adds a trust pack that this signer made, by the fingerprint of its key. That somebody signed a pack says nothing: the
    /// fingerprint has to come from elsewhere.
    ///
    /// # Errors
    /// [`UsageCode::PackInvalid`], [`UsageCode::PackSignerUnknown`].
    pub fn add_pack(&mut self, pack: &str, signer: &str) -> Result<(), Usage> {
        let pack =
            TrustPack::parse(pack.trim_end()).map_err(|error| Usage::new(UsageCode::PackInvalid, error))?;
        let signer = Thumbprint::from_typed(signer).ok_or_else(|| {
            Usage::new(
                UsageCode::PackSignerUnknown,
                "a fingerprint is 64 hexadecimal digits, or base64url of 32 bytes",
            )
        })?;
        if pack.signer().thumbprint() != signer {
            let message = format!("the pack {} is signed by another key", pack.name());
            return Err(Usage::new(UsageCode::PackSignerUnknown, message));
        }
        self.packs.push(pack);
        Ok(())
    }

    /// Adds a file with countries' certificates, revocation lists or a master list, PEM or DER.
    ///
    /// # Errors
    /// [`UsageCode::TrustInvalid`].
    pub fn add_countries(&mut self, name: &str, bytes: &[u8]) -> Result<(), Usage> {
        self.countries.add(name, bytes).map_err(unusable)
    }

    /// Adds a file of certificates of people's issuers, PEM or DER: self-signed ones are anchors, others help to get there.
    ///
    /// # Errors
    /// [`UsageCode::TrustInvalid`].
    pub fn add_certificates(&mut self, name: &str, bytes: &[u8]) -> Result<(), Usage> {
        for certificate in pem_bundle::certificates(name, bytes).map_err(unusable)? {
            self.store.add(certificate);
        }
        Ok(())
    }

    /// Adds a certificate file that issuer profiles name.
    ///
    /// # Errors
    /// [`UsageCode::TrustInvalid`].
    pub fn add_issuer_file(&mut self, name: &str, bytes: Vec<u8>) -> Result<(), Usage> {
        if self.files.len() == MAX_FILES {
            return Err(unusable(format_args!("more than {MAX_FILES} certificate files")));
        }
        self.files.insert(name.to_owned(), bytes);
        Ok(())
    }

    /// Adds issuer profiles (TOML). The files that they name were added before.
    ///
    /// # Errors
    /// [`UsageCode::TrustInvalid`].
    pub fn add_issuers(&mut self, profiles: &str) -> Result<(), Usage> {
        let profiles = IssuerProfiles::parse(profiles, |name| {
            self.files.get(name).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
        });
        self.profiles.append(&profiles.map_err(unusable)?).map_err(unusable)
    }

    pub(crate) fn at(mut self, at: DateTime) -> Result<Believed, Usage> {
        let now = at.unix_duration().as_secs();
        if let Some(pack) = self.packs.iter().find(|pack| !pack.is_current(now)) {
            let message = format!("the pack {} does not count at {at}", pack.name());
            return Err(Usage::new(UsageCode::PackExpired, message));
        }
        let until = self.packs.iter().map(|pack| pack.contents().expires).min();
        let has_test_pack = self.packs.iter().any(|pack| pack.assurance() == Assurance::Test);
        let packs = TrustPacks::new(self.packs);
        for csca in packs.csca_certificates(now) {
            let certificate = IcaoCertificate::from_der(csca.certificate.der()).map_err(unusable)?;
            self.countries.add_anchor(certificate).map_err(unusable)?;
        }
        self.profiles.append(&packs.issuer_profiles(now).map_err(unusable)?).map_err(unusable)?;
        let has_test_profile =
            self.profiles.profiles().iter().any(|profile| profile.assurance() == Assurance::Test);
        if (has_test_pack || has_test_profile) && !self.for_tests {
            let message = "what is trusted is for tests: a verifier takes it only where it is told to";
            return Err(Usage::new(UsageCode::TrustIsForTests, message));
        }
        let issuers = if !self.profiles.profiles().is_empty() {
            Issuers::Profiles(self.profiles, self.store)
        } else if !self.store.anchors().is_empty() {
            Issuers::Anchors(self.store)
        } else {
            Issuers::Nobody
        };
        Ok(Believed {
            countries: self.countries.build(at).map_err(unusable)?,
            issuers,
            assurance: if self.for_tests { Assurance::Test } else { Assurance::Production },
            until,
        })
    }
}

/// A time, from seconds since 1970 as JavaScript counts them.
///
/// # Errors
/// [`UsageCode::TimeInvalid`].
pub(crate) fn moment(seconds: f64) -> Result<DateTime, Usage> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|since| DateTime::from_unix_duration(Duration::from_secs(since.as_secs())).ok())
        .ok_or_else(|| Usage::new(UsageCode::TimeInvalid, "a time is between the years 1970 and 9999"))
}
