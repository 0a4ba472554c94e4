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
    revocation::{
        Evidence, EvidenceRules, Needed, NonceSeed, OnMissingEvidence, RevocationCheck, RevocationReport,
    },
    token_failure::TokenFailure,
    trust_store::TrustStore,
    validity::check_validity,
    verification_report::Checks,
};

pub use crate::verification_report::{Check, Outcome, Step};

/// Verifies sign-in tokens for one origin.
pub struct TokenVerifier {
    origin: Origin,
    store: TrustStore,
    profiles: Option<IssuerProfiles>,
}

impl TokenVerifier {
    /// For tokens of holders whose issuers stand in profiles: what a portal uses.
    #[must_use]
    pub fn with_profiles(origin: Origin, profiles: IssuerProfiles) -> Self {
        Self { origin, store: profiles.store().clone(), profiles: Some(profiles) }
    }

    /// For tokens of holders whose path ends in an anchor, whatever else is true of them: the level is none, and nothing
    /// says whether the anchor is one for tests.
    #[must_use]
    pub fn with_anchors(origin: Origin, store: TrustStore) -> Self {
        Self { origin, store, profiles: None }
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

    /// The origin that tokens must be for.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Verifies the JSON of a token against the challenge of the verifier's own session, at a time. Nobody looks for
    /// revocation, and the result says so.
    ///
    /// # Errors
    /// [`RefusedToken`] with the failure and the report up to it.
    pub fn verify(
        &self,
        json: &str,
        challenge: &Challenge,
        at: DateTime,
    ) -> Result<VerifiedToken, Box<RefusedToken>> {
        let Held { token, mut checks, .. } = self.hold(json, challenge, at)?;
        checks.not_checked(Step::Revocation);
        Ok(VerifiedToken { checks: checks.0, ..token })
    }

    /// Verifies a token as [`verify`](Self::verify) does, and then with what the caller has about revocation.
    ///
    /// # Errors
    /// [`RefusedToken`] with the failure and the report up to it.
    pub fn verify_with_revocation(
        &self,
        json: &str,
        challenge: &Challenge,
        at: DateTime,
        evidence: &Evidence,
        rules: &EvidenceRules,
        on_missing: OnMissingEvidence,
    ) -> Result<VerifiedToken, Box<RefusedToken>> {
        let held = self.hold(json, challenge, at)?;
        PendingToken::new(held, None).finish(evidence, rules, on_missing)
    }

    /// Verifies everything but revocation, and says what must be fetched to know about that. A token that does not hold
    /// makes nobody fetch anything. The seed makes the answers recognisable.
    ///
    /// # Errors
    /// [`RefusedToken`] with the failure and the report up to it.
    pub fn begin(
        &self,
        json: &str,
        challenge: &Challenge,
        at: DateTime,
        nonce: NonceSeed,
    ) -> Result<PendingToken, Box<RefusedToken>> {
        self.hold_pending(json, challenge, at, Some(nonce))
    }

    /// As [`begin`](Self::begin); without a seed the questions carry no nonce.
    pub(crate) fn hold_pending(
        &self,
        json: &str,
        challenge: &Challenge,
        at: DateTime,
        nonce: Option<NonceSeed>,
    ) -> Result<PendingToken, Box<RefusedToken>> {
        Ok(PendingToken::new(self.hold(json, challenge, at)?, nonce))
    }

    fn hold(&self, json: &str, challenge: &Challenge, at: DateTime) -> Result<Held<'_>, Box<RefusedToken>> {
        let mut checks = Checks::default();
        match self.run(json, challenge, at, &mut checks) {
            Ok(token) => Ok(Held { token, checks, store: &self.store, at }),
            Err(failure) => {
                Err(Box::new(RefusedToken { checks: checks.failed(), failure, revocation: None }))
            }
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
        Ok(VerifiedToken {
            certificate,
            path,
            issuer,
            holder_verification: HolderVerification::Pin,
            revocation: None,
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

/// A token that holds, revocation apart.
struct Held<'a> {
    token: VerifiedToken,
    checks: Checks,
    store: &'a TrustStore,
    at: DateTime,
}

/// A token that holds but for revocation, about which nobody has looked yet.
#[derive(Debug, Clone)]
pub struct PendingToken {
    token: VerifiedToken,
    checks: Checks,
    check: RevocationCheck,
}

impl PendingToken {
    fn new(held: Held<'_>, nonce: Option<NonceSeed>) -> Self {
        let check = RevocationCheck::new(held.token.path.clone(), held.store.clone(), held.at, nonce);
        Self { token: held.token, checks: held.checks, check }
    }

    /// The token, whose certificates nobody has asked about.
    pub(crate) fn token(&self) -> &VerifiedToken {
        &self.token
    }

    /// Takes the token as it is: nobody looks for revocation, and the result says so.
    #[must_use]
    pub fn unasked(self) -> VerifiedToken {
        let Self { token, mut checks, .. } = self;
        checks.not_checked(Step::Revocation);
        VerifiedToken { checks: checks.0, ..token }
    }

    /// What must be fetched, where the certificates say it is to be found.
    #[must_use]
    pub fn needs(&self) -> Vec<Needed> {
        self.check.needs()
    }

    /// Judges what was fetched, stapled or kept.
    ///
    /// # Errors
    /// [`RefusedToken`]: a certificate was revoked or is unknown to its issuer; or, if so demanded, nobody can tell.
    pub fn finish(
        self,
        evidence: &Evidence,
        rules: &EvidenceRules,
        on_missing: OnMissingEvidence,
    ) -> Result<VerifiedToken, Box<RefusedToken>> {
        let Self { token, mut checks, check } = self;
        let report = check.finish(evidence, rules);
        if let Err(failure) = report.judge(on_missing) {
            return Err(Box::new(RefusedToken {
                failure: failure.into(),
                checks: checks.failed(),
                revocation: Some(report),
            }));
        }
        if report.all_good() {
            checks.passed(Step::Revocation);
        } else {
            checks.not_checked(Step::Revocation);
        }
        Ok(VerifiedToken { checks: checks.0, revocation: Some(report), ..token })
    }
}

/// How it was made sure that the card was in its holder's hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
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
    /// What is known about revocation, and on whose word; none where nobody looked.
    pub revocation: Option<RevocationReport>,
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

    /// Whether every certificate was found not to be revoked.
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
    /// What is known about revocation, if the token got that far.
    pub revocation: Option<RevocationReport>,
}
