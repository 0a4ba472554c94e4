//! Both statements, joined for one request of a page of the platform's.

use bitaqa_protocol::{
    Challenge, Statement,
    identity::StatementText,
    mediation::Sha256Digest,
    statement::{IssuerId, StatementId},
};
use bitaqa_trust::mediation::Joining;
use sha2::{Digest as _, Sha256};

use super::IdentityDetails;
use crate::{
    Platform, Unable, provider::RelyingParty, registration::Identity as Registered, secret::random_identifier,
};

impl Platform {
    /// What a statement says of a relying party, now.
    ///
    /// # Errors
    /// [`Unable`].
    pub(crate) fn stated_of(&self, party: &RelyingParty, identity: &Registered) -> Result<Statement, Unable> {
        let unreadable = || Unable::Unreadable("name");
        let issuer = IssuerId::parse(self.issuer.as_str()).map_err(|_| unreadable())?;
        let name = StatementId::parse(&random_identifier()).map_err(|_| unreadable())?;
        let now = u64::try_from(self.clock.now()).map_err(|_| Unable::Unreadable("time"))?;
        Ok(identity.statement(issuer, name, &party.registration.legal_name, now))
    }

    /// Signs both statements and what joins them for this challenge; nothing where there is nothing to state any more.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub(crate) fn joined(
        &self,
        party: &RelyingParty,
        details: &IdentityDetails,
        challenge: &Challenge,
    ) -> Result<Option<StatementText>, Unable> {
        let (Some(registered), Some(own)) = (&party.registration.identity, self.identity()) else {
            return Ok(None);
        };
        let (portal, platform) = (self.stated_of(party, registered)?, self.stated_of_itself(own)?);
        let texts = (self.keys.issue_statement(&portal)?, self.keys.issue_statement(&platform)?);
        let id = StatementId::parse(&random_identifier()).map_err(|_| Unable::Unreadable("name"))?;
        let joining = Joining {
            portal: (&texts.0, &portal),
            platform: (&texts.1, &platform),
            mode: details.mode,
            page: &self.issuer,
            purpose: &details.purpose,
            claims: &details.claims,
            challenge,
            holder: details.holder,
            proof: details.proof,
            id: &id,
            at: portal.iat,
        };
        Ok(Some(self.keys.issue_mediation(&joining)?))
    }
}

/// SHA-256 of a text.
pub(crate) fn digest_of(text: &str) -> Sha256Digest {
    Sha256Digest(Sha256::digest(text).into())
}
