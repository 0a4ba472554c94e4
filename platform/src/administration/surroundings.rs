//! What a registration rests on outside of itself: keys of the platform, and the word of whoever holds its sector. It is looked at when a
//! registration is proposed, and anew when it is approved, wherever an operator does that.

use std::sync::Arc;

use super::DeskError;
use crate::{
    key_store::{KeyStore, KeyStoreError},
    registration::{Registration, RegistrationError},
    sector_identifier,
    settings::Realm,
};

/// Looks. Keys are asked for where answers are signed with something else than ES256 only: for that there always is one.
///
/// # Errors
/// [`DeskError`]: there is no key, or the sector is not the relying party's.
pub async fn check(
    registration: &Registration,
    realm: Realm,
    keys: impl FnOnce() -> Result<Arc<dyn KeyStore>, KeyStoreError>,
) -> Result<(), DeskError> {
    if registration.formats.signed_with_others().next().is_some()
        && let Some(missing) = registration.formats.missing_key(&*keys()?)?
    {
        return Err(RegistrationError::NoSigningKey(missing).into());
    }
    let asked = registration.clone();
    let checked = tokio::task::spawn_blocking(move || sector_identifier::check(&asked, realm)).await;
    Ok(checked.map_err(|_| DeskError::Interrupted)??)
}
