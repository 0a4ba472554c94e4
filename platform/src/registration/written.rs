//! Registrations as they are written: in a file of an operator, which names other files, or in the JSON of somebody who registers
//! themselves.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitaqa_jose::{ContentEncryption, VerificationJwk};
use bitaqa_protocol::{
    Origin,
    statement::{EncryptionKey, LocalizedText, MAX_NAME, ShownText},
};
use bitaqa_trust::Level;
use serde::Deserialize;

use super::{
    ClientAuthentication, Identity, MAX_LEGAL_BASIS, Profile, Registration, RegistrationError, Text,
    addresses::{check_uri, origin_of},
    identity::WrittenIdentity,
    is_client_id,
    response_formats::{KeyAgreement, ResponseFormats, SigningAlgorithm, encryption},
    sector_of,
};
use crate::{factor::Authentication, person::Claim, rules::Rule, service::Service, settings::Realm};

const MAX_FILE: u64 = 256 * 1024;

/// As it is written: in a file, which names other files, or in one text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<Keys, Key> {
    id: Option<String>,
    #[serde(default)]
    profile: Profile,
    authentication: ClientAuthentication,
    keys: Option<Keys>,
    jwks_uri: Option<String>,
    redirect_uris: Vec<String>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    backchannel_logout_uri: Option<String>,
    #[serde(default)]
    backchannel_logout_session_required: bool,
    sector: Option<String>,
    sector_identifier_uri: Option<String>,
    claims: Vec<Claim>,
    #[serde(default)]
    offline_access: bool,
    require_pushed_requests: bool,
    #[serde(default)]
    require_signed_requests: bool,
    #[serde(default)]
    id_token_signed_response_alg: SigningAlgorithm,
    userinfo_signed_response_alg: Option<SigningAlgorithm>,
    userinfo_encrypted_response_alg: Option<KeyAgreement>,
    userinfo_encrypted_response_enc: Option<ContentEncryption>,
    id_token_encrypted_response_alg: Option<KeyAgreement>,
    id_token_encrypted_response_enc: Option<ContentEncryption>,
    minimum_level: Level,
    contact: String,
    legal_basis: ShownText<MAX_LEGAL_BASIS>,
    legal_name: LocalizedText<MAX_NAME>,
    factors: Option<Vec<Authentication>>,
    #[serde(default, rename = "service")]
    services: Vec<Service>,
    #[serde(default, rename = "rule")]
    rules: Vec<Rule>,
    name: Text,
    purpose: Text,
    identity: Option<WrittenIdentity<Key>>,
}

impl<Keys, Key> Written<Keys, Key> {
    fn formats(&self) -> Result<ResponseFormats, RegistrationError> {
        Ok(ResponseFormats {
            id_token_signing: self.id_token_signed_response_alg,
            userinfo_signing: self.userinfo_signed_response_alg,
            userinfo_encryption: encryption(
                self.userinfo_encrypted_response_alg,
                self.userinfo_encrypted_response_enc,
            )?,
            id_token_encryption: encryption(
                self.id_token_encrypted_response_alg,
                self.id_token_encrypted_response_enc,
            )?,
        })
    }
}

#[derive(Deserialize)]
struct KeyFile {
    keys: Vec<VerificationJwk>,
}

impl Registration {
    /// Reads a registration file and the keys that it names; gives the relying party's `client_id` with it.
    ///
    /// # Errors
    /// [`RegistrationError`] says what is wrong.
    pub fn read(path: &Path, realm: Realm) -> Result<(String, Self), RegistrationError> {
        let mut file: Written<PathBuf, PathBuf> = toml::from_str(&read(path)?)
            .map_err(|error| RegistrationError::Toml { path: path.to_owned(), error: Box::new(error) })?;
        let id = file.id.take().filter(|id| is_client_id(id)).ok_or(RegistrationError::Id)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let keys = match &file.keys {
            None => Vec::new(),
            Some(name) => read_keys(&folder.join(name))?,
        };
        let identity = match file.identity.take() {
            None => None,
            Some(written) => Some(written.with_key_file(folder)?),
        };
        Ok((id, Self::check_written(file, keys, identity, realm)?))
    }

    /// Reads a registration in JSON, with the keys inside, of somebody who registers themselves under this id. It is the sector, too,
    /// which they share with nobody.
    ///
    /// # Errors
    /// [`RegistrationError`] says what is wrong.
    pub fn from_json(text: &[u8], realm: Realm, id: &str) -> Result<Self, RegistrationError> {
        let mut written: Written<KeyFile, EncryptionKey> = bitaqa_jose::json::from_slice(text)
            .map_err(|error| RegistrationError::Json(fault_in(text).unwrap_or_else(|| error.to_string())))?;
        if written.id.is_some() {
            return Err(RegistrationError::Json("id: the platform gives it".to_owned()));
        }
        if written.sector.replace(id.to_owned()).is_some() {
            return Err(RegistrationError::Json("sector: the platform gives it".to_owned()));
        }
        // the platform would send requests to wherever somebody says, in the sandbox also to its own computer
        for (name, uri) in [
            ("backchannel_logout_uri", &written.backchannel_logout_uri),
            ("jwks_uri", &written.jwks_uri),
            ("sector_identifier_uri", &written.sector_identifier_uri),
        ] {
            if uri.is_some() {
                return Err(RegistrationError::Json(format!("{name}: an operator registers that")));
            }
        }
        let keys = match written.keys.take() {
            None => Vec::new(),
            Some(file) => file.keys,
        };
        let identity = written.identity.take().map(WrittenIdentity::with_key);
        let registration = Self::check_written(written, keys, identity, realm)?;
        // nobody looked whether other addresses are theirs
        let uris = &registration.redirect_uris;
        let own = |origin: &Origin| uris.iter().any(|uri| origin_of(uri).as_ref() == Some(origin));
        if !registration.identity.iter().flat_map(|identity| &identity.origins).all(own) {
            return Err(RegistrationError::Json("identity.origins: those of redirect_uris".to_owned()));
        }
        Ok(registration)
    }

    fn check_written<Keys, Key>(
        file: Written<Keys, Key>,
        keys: Vec<VerificationJwk>,
        identity: Option<Identity>,
        realm: Realm,
    ) -> Result<Self, RegistrationError> {
        if file.backchannel_logout_uri.is_none() && file.backchannel_logout_session_required {
            return Err(RegistrationError::LogoutSession);
        }
        let formats = file.formats()?;
        let sector = match (file.sector, &file.sector_identifier_uri) {
            (Some(sector), None) => sector,
            (None, Some(uri)) => check_uri(uri, realm)?,
            (None, None) => sector_of(&file.redirect_uris, realm)?,
            (Some(_), Some(_)) => return Err(RegistrationError::Sector),
        };
        let registration = Self {
            profile: file.profile,
            authentication: file.authentication,
            keys,
            jwks_uri: file.jwks_uri,
            sector,
            sector_identifier_uri: file.sector_identifier_uri,
            redirect_uris: file.redirect_uris,
            post_logout_redirect_uris: file.post_logout_redirect_uris,
            backchannel_logout_uri: file.backchannel_logout_uri,
            claims: file.claims,
            offline_access: file.offline_access,
            require_pushed_requests: file.require_pushed_requests,
            require_signed_requests: file.require_signed_requests,
            formats,
            minimum_level: file.minimum_level,
            contact: file.contact,
            legal_basis: file.legal_basis,
            legal_name: file.legal_name,
            factors: file.factors,
            services: file.services,
            rules: file.rules,
            name: file.name,
            purpose: file.purpose,
            identity,
        };
        registration.check(realm)?;
        Ok(registration)
    }
}

/// What is wrong with a registration in JSON, with the member's name, which the reader of JSON does not tell.
fn fault_in(text: &[u8]) -> Option<String> {
    let value = toml::Value::try_from(serde_json::from_slice::<serde_json::Value>(text).ok()?).ok()?;
    let read: Result<Written<KeyFile, EncryptionKey>, toml::de::Error> = value.try_into();
    read.err().map(|error| error.to_string().trim_end().to_owned())
}

pub(super) fn read(path: &Path) -> Result<String, RegistrationError> {
    let at = |error| RegistrationError::Read { path: path.to_owned(), error };
    if fs::metadata(path).map_err(at)?.len() > MAX_FILE {
        return Err(at(io::Error::other("it is too long")));
    }
    fs::read_to_string(path).map_err(at)
}

fn read_keys(path: &Path) -> Result<Vec<VerificationJwk>, RegistrationError> {
    let text = read(path)?;
    let file: KeyFile = bitaqa_jose::json::from_slice(text.as_bytes())
        .map_err(|error| RegistrationError::KeyFile { path: path.to_owned(), reason: error.to_string() })?;
    Ok(file.keys)
}
