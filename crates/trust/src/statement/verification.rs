//! Whether a statement is to be believed.

use bitaqa_jose::{
    CompactJws, Curve, JwkError, PublicJwk, SignatureAlgorithm, Thumbprint, json,
    jws::{ExpectedType, JwsRules},
};
use bitaqa_protocol::{
    Origin, Statement,
    statement::{EncryptionCurve, EncryptionKey, IssuerId, MAX_LENGTH, TYPE},
};
use der::DateTime;
use serde::{Deserialize, Serialize};

use super::failure::{StatementFailure, Step};
use crate::{
    Assurance,
    trust_pack::{CLOCK_SKEW, PackName, TrustPacks, installed::VouchedKey},
};

/// A statement that is believed at a time.
#[derive(Debug, Clone)]
pub struct VerifiedStatement {
    /// What it says.
    pub statement: Statement,
    /// The trust pack that vouches for the issuer's key.
    pub pack: PackName,
    /// Test if a pack that vouches for the key is marked so.
    pub assurance: Assurance,
    /// The issuer's key that signed it.
    pub key: Thumbprint,
    /// The portal's key, checked to be on its curve: what answers are encrypted to.
    pub encryption_key: PublicJwk,
}

/// A statement that is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{failure}")]
pub struct RefusedStatement {
    /// Why.
    pub failure: StatementFailure,
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not.
    Failed,
    /// A step before it failed.
    NotReached,
}

/// One line of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Check {
    /// Which step.
    pub step: Step,
    /// How it ended.
    pub outcome: Outcome,
}

impl VerifiedStatement {
    /// The report: all passed.
    #[must_use]
    pub fn checks(&self) -> Vec<Check> {
        Step::ALL.into_iter().map(|step| Check { step, outcome: Outcome::Passed }).collect()
    }
}

impl RefusedStatement {
    /// The report: what passed, what failed, what was not reached.
    #[must_use]
    pub fn checks(&self) -> Vec<Check> {
        let failed = self.failure.step();
        let mut outcome = Outcome::Passed;
        Step::ALL
            .into_iter()
            .map(|step| {
                if outcome == Outcome::Failed {
                    outcome = Outcome::NotReached;
                } else if step == failed {
                    outcome = Outcome::Failed;
                }
                Check { step, outcome }
            })
            .collect()
    }
}

/// The one thing that is read before the signature is verified: whose key to look for.
#[derive(Deserialize)]
struct OnlyIssuer {
    iss: IssuerId,
}

/// Verifies a statement against the trust packs at a time. Its clock may go before this one by [`CLOCK_SKEW`]; it ends exactly at
/// its `exp`.
///
/// # Errors
/// [`RefusedStatement`] says at which step it failed and why.
pub fn verify(text: &str, packs: &TrustPacks, at: DateTime) -> Result<VerifiedStatement, RefusedStatement> {
    judge(text, packs, at.unix_duration().as_secs()).map_err(|failure| RefusedStatement { failure })
}

fn judge(text: &str, packs: &TrustPacks, at: u64) -> Result<VerifiedStatement, StatementFailure> {
    let Signed { payload, vouched, key, pack } = signed(text, (TYPE, MAX_LENGTH), packs, at)?;
    let statement = Statement::parse(&payload)?;
    let encryption_key = encryption_key(&statement.jwk).map_err(StatementFailure::EncryptionKey)?;
    if statement.iat > at.saturating_add(CLOCK_SKEW) {
        return Err(StatementFailure::NotYetValid);
    }
    if at >= statement.exp {
        return Err(StatementFailure::Expired);
    }
    // several packs may vouch for the key, each for other origins
    let allowed = |origin: &Origin| {
        let same_key = vouched.iter().filter(|other| other.key.jwk.thumbprint() == key);
        same_key.flat_map(|other| &other.issuer.origins).any(|own| own.matches(origin))
    };
    if let Some(origin) = statement.origins.iter().find(|origin| !allowed(origin)) {
        return Err(StatementFailure::ForeignOrigin { origin: origin.clone() });
    }
    Ok(VerifiedStatement { statement, pack, assurance: packs.assurance_of(key, at), key, encryption_key })
}

/// What an issuer signed, and who vouches for its key.
pub(crate) struct Signed<'a> {
    /// The payload, of which nothing but the issuer was looked at.
    pub(crate) payload: Vec<u8>,
    /// Every key of the name in the header that may sign at the time.
    pub(crate) vouched: Vec<VouchedKey<'a>>,
    /// The one that signed.
    pub(crate) key: Thumbprint,
    /// The pack that vouches for it.
    pub(crate) pack: PackName,
}

/// Verifies the signature of a text of this `typ` and length by the keys that packs name for the issuer in its payload.
///
/// # Errors
/// The steps `format`, `issuer`, `key` and `signature`.
pub(crate) fn signed<'a>(
    text: &str,
    (type_, max_length): (&str, usize),
    packs: &'a TrustPacks,
    at: u64,
) -> Result<Signed<'a>, StatementFailure> {
    let rules = JwsRules { type_: ExpectedType::Is(type_), algorithms: &SignatureAlgorithm::ALL, max_length };
    let jws = CompactJws::parse(text, &rules).map_err(StatementFailure::Format)?;
    let OnlyIssuer { iss } =
        json::from_slice(jws.unverified_payload()).map_err(|_| StatementFailure::NoIssuer)?;
    let name = jws.header().key_id.clone();
    let vouched = vouched_keys(packs, &iss, name.as_deref(), at)?;
    let (payload, by) = vouched
        .iter()
        .find_map(|by| jws.clone().verify(&by.key.jwk).ok().map(|payload| (payload, *by)))
        .ok_or(StatementFailure::Signature)?;
    Ok(Signed { payload, key: by.key.jwk.thumbprint(), pack: by.pack.name().clone(), vouched })
}

/// The keys of this name that may sign at this time. Several packs may have the same issuer.
fn vouched_keys<'a>(
    packs: &'a TrustPacks,
    iss: &IssuerId,
    name: Option<&str>,
    at: u64,
) -> Result<Vec<VouchedKey<'a>>, StatementFailure> {
    let mut known = packs.issuers(iss).peekable();
    if known.peek().is_none() {
        return Err(StatementFailure::IssuerUnknown);
    }
    let mut current = known.filter(|(pack, _)| pack.is_current(at)).peekable();
    if current.peek().is_none() {
        return Err(StatementFailure::PackExpired);
    }
    let named: Vec<VouchedKey<'a>> = current
        .flat_map(|(pack, issuer)| {
            let keys = issuer.keys.iter().filter(|key| name.is_some() && key.jwk.key_id() == name);
            keys.map(move |key| VouchedKey { pack, issuer, key }).collect::<Vec<_>>()
        })
        .collect();
    if named.is_empty() {
        return Err(StatementFailure::KeyUnknown);
    }
    let is_revoked =
        |by: &VouchedKey<'_>| packs.revoked(by.key.jwk.thumbprint()).is_some_and(|from| from <= at);
    let unrevoked: Vec<VouchedKey<'a>> = named.into_iter().filter(|by| !is_revoked(by)).collect();
    if unrevoked.is_empty() {
        return Err(StatementFailure::KeyRevoked);
    }
    let valid: Vec<VouchedKey<'a>> =
        unrevoked.into_iter().filter(|by| by.key.not_before <= at && at <= by.key.not_after).collect();
    if valid.is_empty() { Err(StatementFailure::KeyNotValid) } else { Ok(valid) }
}

/// The key of a statement, if it is a point on its curve.
pub(crate) fn encryption_key(key: &EncryptionKey) -> Result<PublicJwk, JwkError> {
    let curve = match key.curve() {
        EncryptionCurve::P256 => Curve::P256,
        EncryptionCurve::P384 => Curve::P384,
    };
    let (x, y) = key.coordinates();
    PublicJwk::from_coordinates(curve, &x, Some(&y), Some(key.key_id()))
}
