//! Full verification of a sign-in token, with a report.
//!
//! The steps stand in [`Step::ALL`]'s order, and each is reached only if those before it passed: nothing that could ask a
//! network comes before the signature and the whole path.

use bitaqa_protocol::{AuthToken, Challenge, Origin};
use serde::Serialize;

use crate::{
    DateTime, auth_token,
    auth_token::TokenSignatureError,
    authentication_certificate::AuthenticationCertificate,
    certificate::Certificate,
    certification_path::{self, CertificationPath},
    issuer_profile::{Assurance, IssuerProfile, IssuerProfiles, Level, ProfileMismatch},
    revocation::{NoRevocationSource, RevocationSource, RevocationStatus},
    token_failure::{TokenFailure, ValidityFault, Whose},
    trust_store::TrustStore,
    verification_report::Checks,
};

pub use crate::verification_report::{Check, Outcome, Step};

/// Verifies sign-in tokens for one origin.
pub struct TokenVerifier {
    origin: Origin,
    store: TrustStore,
    profiles: Option<IssuerProfiles>,
    revocation: Box<dyn RevocationSource>,
}

impl TokenVerifier {
    /// For tokens of holders whose issuers stand in profiles: what a portal uses.
    #[must_use]
    pub fn with_profiles(origin: Origin, profiles: IssuerProfiles) -> Self {
        Self {
            origin,
            store: profiles.store().clone(),
            profiles: Some(profiles),
            revocation: Box::new(NoRevocationSource),
        }
    }

    /// For tokens of holders whose path ends in an anchor, whatever else is true of them: the level is none, and nothing
    /// says whether the anchor is one for tests.
    #[must_use]
    pub fn with_anchors(origin: Origin, store: TrustStore) -> Self {
        Self { origin, store, profiles: None, revocation: Box::new(NoRevocationSource) }
    }

    /// Adds certificates that help to build paths. They bring no trust where there are profiles: an anchor without a
    /// profile is refused then.
    #[must_use]
    pub fn and_certificates(mut self, store: &TrustStore) -> Self {
        for anchor in store.anchors() {
            self.store.add_anchor(Certificate::clone(anchor));
        }
        for intermediate in store.intermediates() {
            self.store.add_intermediate(Certificate::clone(intermediate));
        }
        self
    }

    /// Asks this source about revocation.
    #[must_use]
    pub fn and_revocation(mut self, source: Box<dyn RevocationSource>) -> Self {
        self.revocation = source;
        self
    }

    /// The origin that tokens must be for.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Verifies the JSON of a token against the challenge of the verifier's own session, at a time.
    ///
    /// # Errors
    /// [`RefusedToken`] with the failure and the report up to it.
    pub fn verify(
        &self,
        json: &str,
        challenge: &Challenge,
        at: DateTime,
    ) -> Result<VerifiedToken, Box<RefusedToken>> {
        let mut checks = Checks::default();
        match self.run(json, challenge, at, &mut checks) {
            Ok(found) => Ok(VerifiedToken { checks: checks.0, ..found }),
            Err(failure) => Err(Box::new(RefusedToken { checks: checks.failed(), failure })),
        }
    }

    fn run(
        &self,
        json: &str,
        challenge: &Challenge,
        at: DateTime,
        checks: &mut Checks,
    ) -> Result<VerifiedToken, TokenFailure> {
        let token = AuthToken::parse(json).map_err(TokenSignatureError::from)?;
        let certificate = auth_token::check_format(&token)?;
        checks.passed(Step::Format);
        auth_token::check_algorithm(token.algorithm, &certificate)?;
        checks.passed(Step::Algorithm);
        auth_token::check_signature(&token, &certificate, &self.origin, challenge)?;
        checks.passed(Step::Signature);
        certificate.check_purpose()?;
        checks.passed(Step::Purpose);
        let (path, issuer) = self.choose_path(&certificate, at, checks)?;
        match self.revocation.status(&path, at) {
            RevocationStatus::Good => checks.passed(Step::Revocation),
            RevocationStatus::NotChecked => checks.not_checked(Step::Revocation),
            RevocationStatus::Revoked { since } => return Err(TokenFailure::Revoked { since }),
            RevocationStatus::Undetermined => return Err(TokenFailure::RevocationUndetermined),
        }
        Ok(VerifiedToken {
            certificate,
            path,
            issuer,
            holder_verification: HolderVerification::Pin,
            checks: Vec::new(),
        })
    }

    /// Path, validity and profile belong together: of several paths the first that passes all three counts. If none does,
    /// the failure is that of the path that got furthest.
    fn choose_path(
        &self,
        certificate: &AuthenticationCertificate,
        at: DateTime,
        checks: &mut Checks,
    ) -> Result<(CertificationPath, Option<Issuer>), TokenFailure> {
        let mut furthest: Option<(Checks, TokenFailure)> = None;
        for path in certification_path::candidates(certificate.certificate(), &self.store)? {
            let mut tried = checks.clone();
            match self.judge_path(certificate, &path, at, &mut tried) {
                Ok(issuer) => {
                    *checks = tried;
                    return Ok((path, issuer));
                }
                Err(failure) => {
                    if furthest.as_ref().is_none_or(|(kept, _)| tried.0.len() > kept.0.len()) {
                        furthest = Some((tried, failure));
                    }
                }
            }
        }
        let (tried, failure) =
            furthest.unwrap_or_else(|| (checks.clone(), ProfileMismatch::NoProfile.into()));
        *checks = tried;
        Err(failure)
    }

    fn judge_path(
        &self,
        certificate: &AuthenticationCertificate,
        path: &CertificationPath,
        at: DateTime,
        checks: &mut Checks,
    ) -> Result<Option<Issuer>, TokenFailure> {
        certification_path::validate(path)?;
        checks.passed(Step::Path);
        check_validity(path, at)?;
        checks.passed(Step::Validity);
        let Some(profiles) = &self.profiles else {
            checks.not_checked(Step::Issuer);
            return Ok(None);
        };
        let profile = profiles.judge(certificate, path)?;
        checks.passed(Step::Issuer);
        Ok(Some(Issuer::of(profile)))
    }
}

/// Every certificate of the path, the anchor's too, from its first to its last second (RFC 5280 section 4.1.2.5).
fn check_validity(path: &CertificationPath, at: DateTime) -> Result<(), ValidityFault> {
    let last = path.certificates().count() - 1;
    for (index, certificate) in path.certificates().enumerate() {
        let whose = match index {
            0 => Whose::Leaf,
            index if index == last => Whose::Anchor,
            _ => Whose::Intermediate,
        };
        if at < certificate.not_before() {
            return Err(ValidityFault { whose, expired: false, limit: certificate.not_before() });
        }
        if at > certificate.not_after() {
            return Err(ValidityFault { whose, expired: true, limit: certificate.not_after() });
        }
    }
    Ok(())
}

/// How it was made sure that the card was in its holder's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HolderVerification {
    /// By the PIN: the card's key for signing in works after it only.
    Pin,
}

impl HolderVerification {
    /// Its stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pin => "pin",
        }
    }
}

/// The issuer as its profile describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    /// Name of the profile.
    pub name: String,
    /// Level that its certificates prove.
    pub level: Level,
    /// Test or production.
    pub assurance: Assurance,
}

impl Issuer {
    fn of(profile: &IssuerProfile) -> Self {
        Self { name: profile.name().to_owned(), level: profile.level(), assurance: profile.assurance() }
    }
}

/// A token that holds: who signed in, and how sure that is.
#[derive(Debug, Clone)]
pub struct VerifiedToken {
    /// The holder's certificate.
    pub certificate: AuthenticationCertificate,
    /// How it leads to an anchor.
    pub path: CertificationPath,
    /// The issuer's profile; none where the verifier has no profiles.
    pub issuer: Option<Issuer>,
    /// How it was made sure that the card was in its holder's hands.
    pub holder_verification: HolderVerification,
    /// Every step with its outcome.
    pub checks: Vec<Check>,
}

impl VerifiedToken {
    /// Level that the issuer's profile vouches for; none without a profile.
    #[must_use]
    pub fn level(&self) -> Level {
        self.issuer.as_ref().map_or(Level::None, |issuer| issuer.level)
    }

    /// Test or production; unknown without a profile.
    #[must_use]
    pub fn assurance(&self) -> Option<Assurance> {
        self.issuer.as_ref().map(|issuer| issuer.assurance)
    }

    /// SHA-256 of the holder's certificate, in lower-case hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.certificate.certificate().sha256().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Whether anybody looked for revocation.
    #[must_use]
    pub fn revocation_checked(&self) -> bool {
        self.checks.contains(&Check { step: Step::Revocation, outcome: Outcome::Passed })
    }
}

/// A token that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{failure}")]
pub struct RefusedToken {
    /// What is wrong with it.
    pub failure: TokenFailure,
    /// Every step with its outcome.
    pub checks: Vec<Check>,
}
