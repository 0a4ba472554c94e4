//! `sector_identifier_uri` (OpenID Connect Core section 8.1): whoever holds the address says which redirect URIs share its sector. It is
//! asked when a registration is proposed and when it is approved ([`crate::administration::surroundings`]), not while people sign in.

use bitaqa_fetch::{
    Document, FetchError, document,
    url::{Url, UrlFault},
};

use crate::{messenger::messenger, registration::Registration, settings::Realm};

/// Most redirect URIs of a sector.
const MAX_URIS: usize = 1024;

/// Fetches what a registration's `sector_identifier_uri` says, if it has one, and looks for the redirect URIs in it. Blocks, for five
/// seconds at most.
///
/// # Errors
/// [`SectorIdentifierError`].
pub fn check(registration: &Registration, realm: Realm) -> Result<(), SectorIdentifierError> {
    let Some(uri) = &registration.sector_identifier_uri else { return Ok(()) };
    let client = messenger();
    let fetched = document(&client, &Url::parse(uri)?, realm.reach(), Document::SectorIdentifier)?;
    let listed: Vec<String> =
        bitaqa_jose::json::from_slice(&fetched.body).map_err(|_| SectorIdentifierError::NotAList)?;
    if listed.len() > MAX_URIS {
        return Err(SectorIdentifierError::NotAList);
    }
    match registration.redirect_uris.iter().find(|uri| !listed.contains(uri)) {
        None => Ok(()),
        Some(uri) => Err(SectorIdentifierError::Missing { uri: uri.clone() }),
    }
}

/// Why a sector is not a relying party's.
#[derive(Debug, thiserror::Error)]
pub enum SectorIdentifierError {
    /// Not an address.
    #[error("sector_identifier_uri: {0}")]
    Url(#[from] UrlFault),
    /// Nothing came.
    #[error("sector_identifier_uri: {0} ({code})", code = .0.code())]
    Fetch(#[from] FetchError),
    /// Something else came.
    #[error("sector_identifier_uri: what stands there is not a JSON array of at most {MAX_URIS} URIs")]
    NotAList,
    /// The sector does not know it.
    #[error("sector_identifier_uri: {uri} does not stand there, letter by letter")]
    Missing {
        /// The redirect URI.
        uri: String,
    },
}
