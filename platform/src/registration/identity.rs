//! What a relying party may ask the host for, on the word of a statement.

use std::path::{Path, PathBuf};

use bitaqa_jose::{Curve, PublicJwk};
use bitaqa_protocol::{
    ClaimSet, Origin, Statement,
    mediation::{self, MAX_JOINED, SEPARATOR},
    statement::{
        EncryptionCurve, EncryptionKey, IssuerId, LocalizedText, MAX_LENGTH, MAX_LIFETIME, MAX_NAME, Purpose,
        StatementId,
    },
};
use serde::{Deserialize, Serialize};

use super::{Registration, RegistrationError, written::read};
use crate::{identity::Identity as OwnIdentity, secret::random_identifier, settings::Realm};

/// Bytes of a statement beside its payload: header, dots and signature.
const AROUND: usize = 256;

/// What statements say of a relying party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Where it asks from, letter by letter.
    pub origins: Vec<Origin>,
    /// What it may come to know of what a chip holds.
    pub claims: ClaimSet,
    /// What it may ask for.
    pub purposes: Vec<Purpose>,
    /// What answers are encrypted to.
    pub encryption_key: EncryptionKey,
}

/// Length of a statement in compact serialisation, in bytes, at most.
fn compact_length(statement: &Statement) -> Option<usize> {
    let payload = serde_json::to_vec(statement).ok()?;
    // base64url
    Some(payload.len().div_ceil(3) * 4 + AROUND)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenIdentity<Key> {
    origins: Vec<Origin>,
    claims: ClaimSet,
    purposes: Vec<Purpose>,
    encryption_key: Key,
}

impl WrittenIdentity<PathBuf> {
    pub(super) fn with_key_file(self, folder: &Path) -> Result<Identity, RegistrationError> {
        let path = folder.join(&self.encryption_key);
        let key = bitaqa_jose::json::from_slice(read(&path)?.as_bytes());
        let encryption_key =
            key.map_err(|error| RegistrationError::EncryptionKeyFile { path, reason: error.to_string() })?;
        Ok(WrittenIdentity {
            origins: self.origins,
            claims: self.claims,
            purposes: self.purposes,
            encryption_key,
        }
        .with_key())
    }
}

impl WrittenIdentity<EncryptionKey> {
    pub(super) fn with_key(self) -> Identity {
        Identity {
            origins: self.origins,
            claims: self.claims,
            purposes: self.purposes,
            encryption_key: self.encryption_key,
        }
    }
}

impl Registration {
    /// Whether the platform can ask for it, where that asks chips at all.
    ///
    /// # Errors
    /// [`RegistrationError::JoinedLength`].
    pub fn check_beside(&self, issuer: &Origin, own: Option<&OwnIdentity>) -> Result<(), RegistrationError> {
        match (&self.identity, own) {
            (Some(identity), Some(own)) => identity.check_beside(&self.legal_name, issuer, own),
            _ => Ok(()),
        }
    }
}

impl Identity {
    /// Whether statements can say it, and their readers can use it.
    pub(super) fn check(
        &self,
        legal_name: &LocalizedText<MAX_NAME>,
        realm: Realm,
    ) -> Result<(), RegistrationError> {
        // plain http stays on one computer, and is for those who try things out
        let foreign =
            |origin: &&Origin| realm == Realm::Production && !origin.as_str().starts_with("https://");
        if let Some(origin) = self.origins.iter().find(foreign) {
            return Err(RegistrationError::IdentityOrigin { origin: origin.to_string() });
        }
        let curve = match self.encryption_key.curve() {
            EncryptionCurve::P256 => Curve::P256,
            EncryptionCurve::P384 => Curve::P384,
        };
        let (x, y) = self.encryption_key.coordinates();
        PublicJwk::from_coordinates(curve, &x, Some(&y), None).map_err(RegistrationError::EncryptionKey)?;
        let longest = "a".repeat(IssuerId::MAX_CHARACTERS - "https://".len() - "/".len() - 1);
        let longest = IssuerId::parse(&format!("https://a/{longest}")).ok();
        let jti = StatementId::parse(&"a".repeat(StatementId::MAX_CHARACTERS)).ok();
        let (Some(iss), Some(jti)) = (longest, jti) else { return Err(RegistrationError::StatementLength) };
        let statement = self.statement(iss, jti, legal_name, 0);
        statement.check().map_err(RegistrationError::Identity)?;
        let fits = compact_length(&statement).is_some_and(|length| length <= MAX_LENGTH);
        if fits { Ok(()) } else { Err(RegistrationError::StatementLength) }
    }

    /// Whether its statements can be joined with those of the platform about itself, whatever is asked for.
    fn check_beside(
        &self,
        legal_name: &LocalizedText<MAX_NAME>,
        issuer: &Origin,
        own: &OwnIdentity,
    ) -> Result<(), RegistrationError> {
        let length = || {
            let jti = StatementId::parse(&random_identifier()).ok()?;
            let iss = IssuerId::parse(issuer.as_str()).ok()?;
            // keys are of about the same length
            let of_platform = own.statement(issuer, jti.clone(), 0, self.encryption_key.clone())?;
            let of_party = self.statement(iss, jti, legal_name, 0);
            Some(compact_length(&of_party)? + compact_length(&of_platform)?)
        };
        let room = MAX_JOINED - mediation::MAX_LENGTH - 2 * SEPARATOR.len_utf8();
        if length().is_some_and(|length| length <= room) {
            Ok(())
        } else {
            Err(RegistrationError::JoinedLength)
        }
    }

    /// A statement that is as old as can be in the end.
    #[must_use]
    pub fn statement(
        &self,
        iss: IssuerId,
        jti: StatementId,
        legal_name: &LocalizedText<MAX_NAME>,
        iat: u64,
    ) -> Statement {
        Statement {
            iss,
            iat,
            exp: iat.saturating_add(MAX_LIFETIME),
            jti,
            legal_name: legal_name.clone(),
            origins: self.origins.clone(),
            purposes: self.purposes.clone(),
            claims: self.claims.clone(),
            jwk: self.encryption_key.clone(),
        }
    }
}
