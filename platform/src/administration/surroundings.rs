//! What a registration rests on outside of itself: keys of the platform, what that states of itself, and the word of whoever holds its
//! sector. It is looked at when a registration is proposed, and anew when it is approved, wherever an operator does that.

use std::sync::Arc;

use bitaqa_protocol::Origin;

use super::DeskError;
use crate::{
    Platform,
    identity::Identity,
    key_store::{KeyStore, KeyStoreError},
    registration::{Registration, RegistrationError},
    sector_identifier,
    settings::{Realm, Settings},
};

/// The platform, as far as registrations rest on it.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Origin of the provider, and its name.
    pub issuer: &'a Origin,
    /// Whether real people sign in.
    pub realm: Realm,
    /// What it asks chips itself, if it does.
    pub identity: Option<&'a Identity>,
}

/// Looks. Keys are asked for where answers are signed with something else than ES256 only: for that there always is one.
///
/// # Errors
/// [`DeskError`]: there is no key, statements would be too long to be joined with the platform's own, or the sector is not the relying
/// party's.
pub async fn check(
    registration: &Registration,
    platform: &Surroundings<'_>,
    keys: impl FnOnce() -> Result<Arc<dyn KeyStore>, KeyStoreError>,
) -> Result<(), DeskError> {
    if registration.formats.signed_with_others().next().is_some()
        && let Some(missing) = registration.formats.missing_key(&*keys()?)?
    {
        return Err(RegistrationError::NoSigningKey(missing).into());
    }
    registration.check_beside(platform.issuer, platform.identity)?;
    let (asked, realm) = (registration.clone(), platform.realm);
    let checked = tokio::task::spawn_blocking(move || sector_identifier::check(&asked, realm)).await;
    Ok(checked.map_err(|_| DeskError::Interrupted)??)
}

impl Settings {
    /// What registrations rest on.
    #[must_use]
    pub const fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { issuer: &self.issuer, realm: self.realm, identity: self.identity.as_ref() }
    }
}

impl Platform {
    /// What registrations rest on.
    #[must_use]
    pub const fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { issuer: &self.issuer, realm: self.realm, identity: self.identity() }
    }
}
