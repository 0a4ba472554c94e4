//! All trust packs of a computer together.

use bitaqa_jose::Thumbprint;
use bitaqa_protocol::statement::IssuerId;

use super::{IssuerKey, StatementIssuer, StatusSource, TrustPack};
use crate::{Assurance, Certificate, IssuerProfiles, issuer_profile_file::IssuerProfileError};

/// The packs that somebody installed. Those that are expired at the time in question count for nothing, except that keys which
/// they call revoked stay revoked.
#[derive(Debug, Clone, Default)]
pub struct TrustPacks {
    packs: Vec<TrustPack>,
}

/// A country signing certificate with the mark of the packs that have it.
#[derive(Debug, Clone, Copy)]
pub struct CscaCertificate<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Test if one of the packs that have it is marked so.
    pub assurance: Assurance,
}

/// A key of an issuer of statements, and who vouches for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct VouchedKey<'a> {
    pub(crate) pack: &'a TrustPack,
    pub(crate) issuer: &'a StatementIssuer,
    pub(crate) key: &'a IssuerKey,
}

impl TrustPacks {
    /// Puts packs together. Whoever calls this took them from where only an administrator writes, or installs them.
    #[must_use]
    pub fn new(packs: Vec<TrustPack>) -> Self {
        Self { packs }
    }

    /// All of them, expired ones included.
    #[must_use]
    pub fn packs(&self) -> &[TrustPack] {
        &self.packs
    }

    /// Those that count at a time, in seconds since 1970.
    pub fn current(&self, at: u64) -> impl Iterator<Item = &TrustPack> + Clone {
        self.packs.iter().filter(move |pack| pack.is_current(at))
    }

    /// The country signing certificates that count at a time, each once.
    #[must_use]
    pub fn csca_certificates(&self, at: u64) -> Vec<CscaCertificate<'_>> {
        let mut found: Vec<CscaCertificate<'_>> = Vec::new();
        for pack in self.current(at) {
            for certificate in pack.csca_certificates() {
                match found.iter_mut().find(|known| known.certificate == certificate) {
                    Some(known) if pack.assurance() == Assurance::Test => known.assurance = Assurance::Test,
                    Some(_) => {}
                    None => found.push(CscaCertificate { certificate, assurance: pack.assurance() }),
                }
            }
        }
        found
    }

    /// The issuer profiles that count at a time, in the order of the packs.
    ///
    /// # Errors
    /// [`IssuerProfileError::TestAndProduction`]: one pack has an anchor for tests that another has for real people.
    pub fn issuer_profiles(&self, at: u64) -> Result<IssuerProfiles, IssuerProfileError> {
        let mut all = IssuerProfiles::default();
        for pack in self.current(at) {
            all.append(pack.issuer_profiles())?;
        }
        Ok(all)
    }

    /// Who can be asked about cards of a state at a time.
    pub fn status_sources<'a>(&'a self, state: &'a str, at: u64) -> impl Iterator<Item = &'a StatusSource> {
        let sources = self.current(at).flat_map(|pack| &pack.contents().status_sources);
        sources.filter(move |source| source.states.iter().any(|own| own == state))
    }

    /// What packs say of an issuer, current or not.
    pub(crate) fn issuers<'a, 'b>(
        &'a self,
        iss: &'b IssuerId,
    ) -> impl Iterator<Item = (&'a TrustPack, &'a StatementIssuer)> + use<'a, 'b> {
        self.packs.iter().flat_map(move |pack| {
            let issuers = pack.contents().statement_issuers.iter();
            issuers.filter(move |issuer| issuer.iss == *iss).map(move |issuer| (pack, issuer))
        })
    }

    /// When a key was revoked first, in whatever pack and for whatever issuer.
    pub(crate) fn revoked(&self, key: Thumbprint) -> Option<u64> {
        let issuers = self.packs.iter().flat_map(|pack| &pack.contents().statement_issuers);
        let keys = issuers.flat_map(|issuer| &issuer.keys);
        keys.filter(|known| known.jwk.thumbprint() == key).filter_map(|known| known.revoked).min()
    }

    /// Test if one of the current packs that have this key is marked so.
    pub(crate) fn assurance_of(&self, key: Thumbprint, at: u64) -> Assurance {
        let is_test = self.current(at).filter(|pack| pack.assurance() == Assurance::Test).any(|pack| {
            let keys = pack.contents().statement_issuers.iter().flat_map(|issuer| &issuer.keys);
            keys.into_iter().any(|known| known.jwk.thumbprint() == key)
        });
        if is_test { Assurance::Test } else { Assurance::Production }
    }
}
