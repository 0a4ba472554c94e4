//! Whether a platform is to be believed to ask for a portal.

use bitaqa_jose::{PublicJwk, Thumbprint};
use bitaqa_protocol::{
    Origin,
    identity::StatementText,
    mediation::{MAX_LENGTH, Mediation, Mode, Sha256Digest, TYPE},
    statement::IssuerId,
};
use der::DateTime;
use sha2::{Digest as _, Sha256};

use super::failure::MediationFailure;
use crate::{
    Assurance, TrustPacks, VerifiedStatement,
    statement::{self, Signed, signed},
    trust_pack::CLOCK_SKEW,
};

/// A platform that is believed at a time to ask for a portal.
#[derive(Debug, Clone)]
pub struct VerifiedMediation {
    /// What joins both statements.
    pub mediation: Mediation,
    /// For whom it asks.
    pub portal: VerifiedStatement,
    /// Who asks.
    pub platform: VerifiedStatement,
    /// Test if a pack that vouches for a key of one of the three is marked so.
    pub assurance: Assurance,
}

impl VerifiedMediation {
    /// What the answer is encrypted to.
    #[must_use]
    pub const fn recipient(&self) -> &PublicJwk {
        recipient(self.mediation.mode, &self.portal, &self.platform)
    }
}

/// Verifies both statements and what joins them, against the trust packs at a time. The clock may go before this one by
/// [`CLOCK_SKEW`]; the end is exact.
///
/// # Errors
/// [`MediationFailure`]: the first thing that is wrong.
pub fn verify(
    text: &StatementText,
    packs: &TrustPacks,
    at: DateTime,
) -> Result<VerifiedMediation, MediationFailure> {
    let [first, joining, last] = text.joined().ok_or(MediationFailure::NotJoined)?;
    let seconds = at.unix_duration().as_secs();
    let Signed { payload, key, pack, .. } =
        signed(joining, (TYPE, MAX_LENGTH), packs, seconds).map_err(MediationFailure::Signer)?;
    let mediation = Mediation::parse(&payload)?;
    if mediation.iat > seconds.saturating_add(CLOCK_SKEW) {
        return Err(MediationFailure::NotYetValid);
    }
    if seconds >= mediation.exp {
        return Err(MediationFailure::Expired);
    }
    let (portal, platform) = match mediation.mode {
        Mode::Relay => (first, last),
        Mode::Assert => (last, first),
    };
    if mediation.portal != digest_of(portal) {
        return Err(MediationFailure::OtherPortalStatement);
    }
    if mediation.platform != digest_of(platform) {
        return Err(MediationFailure::OtherPlatformStatement);
    }
    let portal =
        statement::verify(portal, packs, at).map_err(|refused| MediationFailure::Portal(refused.failure))?;
    let platform = statement::verify(platform, packs, at)
        .map_err(|refused| MediationFailure::Platform(refused.failure))?;
    let both = [&portal, &platform];
    if both.iter().any(|verified| verified.statement.iss != mediation.iss) {
        return Err(MediationFailure::OtherIssuer);
    }
    if both.iter().any(|verified| verified.pack != pack) {
        return Err(MediationFailure::OtherPack);
    }
    if both.iter().any(|verified| verified.statement.exp < mediation.exp) {
        return Err(MediationFailure::OutlivesStatement);
    }
    let own = &platform.statement.origins;
    if !own.iter().any(|origin| is_of(origin, &mediation.iss)) {
        return Err(MediationFailure::NotThePlatform);
    }
    if !own.contains(&mediation.aud) {
        return Err(MediationFailure::ForeignAudience);
    }
    if mediation.recipient != thumbprint_of(recipient(mediation.mode, &portal, &platform).thumbprint()) {
        return Err(MediationFailure::OtherRecipient);
    }
    let is_test = packs.assurance_of(key, seconds) == Assurance::Test
        || both.iter().any(|verified| verified.assurance == Assurance::Test);
    let assurance = if is_test { Assurance::Test } else { Assurance::Production };
    Ok(VerifiedMediation { mediation, portal, platform, assurance })
}

const fn recipient<'a>(
    mode: Mode,
    portal: &'a VerifiedStatement,
    platform: &'a VerifiedStatement,
) -> &'a PublicJwk {
    match mode {
        Mode::Relay => &portal.encryption_key,
        Mode::Assert => &platform.encryption_key,
    }
}

/// SHA-256 of a statement in its compact form.
pub(super) fn digest_of(statement: &str) -> Sha256Digest {
    Sha256Digest(Sha256::digest(statement).into())
}

pub(super) fn thumbprint_of(key: Thumbprint) -> Sha256Digest {
    Sha256Digest(*key.as_bytes())
}

/// Whether an issuer is a URL of this origin.
fn is_of(origin: &Origin, issuer: &IssuerId) -> bool {
    let path = issuer.as_str().strip_prefix(origin.as_str());
    path.is_some_and(|path| path.is_empty() || path.starts_with('/'))
}
