//! Joins a portal's statement and the platform's own: for the platform and tests.

use bitaqa_jose::{
    JwkError, JwsHeader, Signer,
    jws::{self, SignError},
};
use bitaqa_protocol::{
    Challenge, Origin, PurposeId, Statement,
    claim::RequestedClaims,
    identity::{Holder, ProofWanted, StatementText, request::StatementTextError},
    mediation::{Mediation, MediationError, Mode, SEPARATOR, TYPE},
    statement::StatementId,
};

use super::verification::{digest_of, thumbprint_of};
use crate::statement::encryption_key;

/// What is to be joined, for which request.
#[derive(Debug, Clone, Copy)]
pub struct Joining<'a> {
    /// The portal's statement: its compact form, and what it says.
    pub portal: (&'a str, &'a Statement),
    /// The platform's own.
    pub platform: (&'a str, &'a Statement),
    /// Who can read the answer.
    pub mode: Mode,
    /// The origin of the platform's page.
    pub page: &'a Origin,
    /// Which of the portal's purposes it is.
    pub purpose: &'a PurposeId,
    /// What is asked.
    pub claims: &'a RequestedClaims,
    /// The challenge of the request.
    pub challenge: &'a Challenge,
    /// Whether the holder shows that the card is theirs.
    pub holder: Holder,
    /// How sure the reader has to be that the chip is no copy.
    pub proof: ProofWanted,
    /// A name for what joins them, different for each.
    pub id: &'a StatementId,
    /// When it is made, in seconds since 1970. It ends with the statement that ends first.
    pub at: u64,
}

/// Signs what joins both, and gives the text of all three for a request.
///
/// # Errors
/// [`JoinError`]: a statement has ended, the signer's key has no name, it is not signed, or the three are too long.
pub fn issue<S: Signer>(joining: &Joining<'_>, signer: &S) -> Result<StatementText, JoinError<S::Error>> {
    let Joining { portal: (portal, of_portal), platform: (platform, of_platform), .. } = *joining;
    let (first, last, recipient) = match joining.mode {
        Mode::Relay => (portal, platform, of_portal),
        Mode::Assert => (platform, portal, of_platform),
    };
    let mediation = Mediation {
        iss: of_platform.iss.clone(),
        aud: joining.page.clone(),
        iat: joining.at,
        exp: of_portal.exp.min(of_platform.exp),
        jti: joining.id.clone(),
        mode: joining.mode,
        portal: digest_of(portal),
        platform: digest_of(platform),
        purpose: joining.purpose.clone(),
        claims: joining.claims.clone(),
        challenge: joining.challenge.clone(),
        holder: joining.holder,
        proof: joining.proof,
        recipient: thumbprint_of(encryption_key(&recipient.jwk)?.thumbprint()),
    };
    mediation.check()?;
    let text = sign(&mediation, signer)?;
    Ok(StatementText::parse(&format!("{first}{SEPARATOR}{text}{SEPARATOR}{last}"))?)
}

fn sign<S: Signer>(mediation: &Mediation, signer: &S) -> Result<String, JoinError<S::Error>> {
    if signer.key_id().is_none() {
        return Err(JoinError::NoKeyId);
    }
    let payload =
        serde_json::to_vec(mediation).map_err(|error| MediationError::Malformed(error.to_string()))?;
    jws::sign(JwsHeader::new(signer.algorithm(), TYPE), &payload, signer).map_err(JoinError::Sign)
}

/// Why two statements cannot be joined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoinError<E> {
    /// A rule is broken: a statement ends before it would begin.
    #[error(transparent)]
    Mediation(#[from] MediationError),
    /// What the answer would be encrypted to is no point on its curve.
    #[error(transparent)]
    EncryptionKey(#[from] JwkError),
    /// The signer's key has no name.
    #[error("the issuer's key has no kid, by which a reader would find it")]
    NoKeyId,
    /// It was not signed.
    #[error(transparent)]
    Sign(SignError<E>),
    /// The three are too long together.
    #[error(transparent)]
    TooLong(#[from] StatementTextError),
}
