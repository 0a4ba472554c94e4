//! The platform asks chips itself: what it states about itself, and who judges the answers that it can read.
//!
//! An operator who wants that says so in the configuration (`[identity]`): who the platform is by law, what it may come to know, and which
//! countries' documents it believes. Where nothing is said, no page asks for an identity proof.

mod answer_keys;
mod conversation;
mod issued_documents;
pub mod mediated;
mod written;

use bitaqa_protocol::{
    ClaimSet, Origin, PurposeId, Statement,
    statement::{
        EncryptionKey, IssuerId, LocalizedText, MAX_LIFETIME, MAX_NAME, MAX_PURPOSE, Purpose, StatementId,
    },
};
use bitaqa_trust::{Assurance, csca_store::CscaStore, identity::IdentityVerifier};

pub use answer_keys::OwnKeys;
pub use conversation::{Asked, Awaited, Judged, MAX_LENGTH, NotJudged};
pub use issued_documents::IssuedDocuments;
pub use written::IdentityFileError;
pub(crate) use written::WrittenIdentity;

use crate::{
    Platform, Unable,
    key_store::{KeyStoreError, Phase},
    secret::random_identifier,
    settings::Realm,
};

/// What the platform asks for when somebody signs in by showing their card: its purpose's name.
pub const SIGN_IN: &str = "sign-in";

/// What the configuration says of the platform as one that asks.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Who the platform is.
    pub legal_name: LocalizedText<MAX_NAME>,
    /// What it may come to know of a chip, at most.
    pub claims: ClaimSet,
    /// What it asks for at a sign-in, as people read it.
    pub sign_in: LocalizedText<MAX_PURPOSE>,
    /// Whose documents are believed.
    pub countries: CscaStore,
}

impl Identity {
    /// A statement of a platform about itself that is as old as can be in the end; nothing where its issuer cannot state anything.
    #[must_use]
    pub fn statement(
        &self,
        issuer: &Origin,
        jti: StatementId,
        iat: u64,
        jwk: EncryptionKey,
    ) -> Option<Statement> {
        Some(Statement {
            iss: IssuerId::parse(issuer.as_str()).ok()?,
            iat,
            exp: iat.saturating_add(MAX_LIFETIME),
            jti,
            legal_name: self.legal_name.clone(),
            origins: vec![issuer.clone()],
            purposes: vec![Purpose { id: PurposeId::parse(SIGN_IN).ok()?, text: self.sign_in.clone() }],
            claims: self.claims.clone(),
            jwk,
        })
    }
}

impl Platform {
    /// What the configuration says of the platform as one that asks, where it does.
    #[must_use]
    pub const fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// A statement of the platform about itself, signed now, for its own page; with what it says.
    ///
    /// # Errors
    /// [`Unable`]: the keys.
    pub fn own_statement(&self, identity: &Identity) -> Result<String, Unable> {
        Ok(self.keys.issue_statement(&self.stated_of_itself(identity)?)?)
    }

    /// What such a statement says, now.
    fn stated_of_itself(&self, identity: &Identity) -> Result<Statement, Unable> {
        let unreadable = || Unable::Unreadable("own statement");
        let iat = u64::try_from(self.clock.now()).map_err(|_| Unable::Unreadable("time"))?;
        let jti = StatementId::parse(&random_identifier()).map_err(|_| unreadable())?;
        identity.statement(&self.issuer, jti, iat, self.own_encryption_key()?).ok_or_else(unreadable)
    }

    /// What answers to the platform are encrypted to.
    fn own_encryption_key(&self) -> Result<EncryptionKey, Unable> {
        let keys = self.keys.encryption_keys()?;
        let current = keys.iter().find(|key| key.phase == Phase::Current);
        let current = current.ok_or(KeyStoreError::NoEncryptionKey)?;
        let unreadable = || Unable::Unreadable("encryption key");
        let json = serde_json::to_vec(&current.key).map_err(|_| unreadable())?;
        serde_json::from_slice(&json).map_err(|_| unreadable())
    }

    /// Who judges answers that are encrypted to the platform.
    pub fn identity_verifier<'a>(
        &'a self,
        identity: &'a Identity,
        keys: &'a OwnKeys<'a>,
    ) -> IdentityVerifier<'a> {
        IdentityVerifier::with_keys(keys, &identity.countries, self.realm.assurance())
            .and_tokens(&self.verifier)
    }
}

impl Realm {
    /// Of what is believed here.
    #[must_use]
    pub const fn assurance(self) -> Assurance {
        match self {
            Self::Production => Assurance::Production,
            Self::Sandbox => Assurance::Test,
        }
    }
}
