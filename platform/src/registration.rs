//! What the platform knows of a relying party. An operator adds it from a file (`bitaqa-platform client add`); nobody registers
//! themselves.
//!
//! ```toml
//! id = "bank"
//! profile = "oidc"                         # or "fapi2": the FAPI 2.0 Security Profile; "oidc" if left out
//! authentication = "private-key-jwt"       # or "none": a program in people's hands, which keeps no secret
//! keys = "bank.jwks.json"                  # public keys (RFC 7517), beside this file
//! # jwks_uri = "https://bank.example.ma/jwks"                      # or where it publishes them, instead
//! redirect_uris = ["https://bank.example.ma/callback"]
//! post_logout_redirect_uris = []
//! backchannel_logout_uri = "https://bank.example.ma/signed-out"    # who is told when the person signs out; may be left out
//! backchannel_logout_session_required = false                      # whether it has to hear which session; it always does
//! sector = "bank.example.ma"               # who shares subjects; the redirect URIs' host if left out
//! # sector_identifier_uri = "https://example.ma/sector.json"       # or who says so, instead: the sector is its host
//! claims = ["name", "given_name", "family_name"]
//! offline_access = false                   # whether it may have refresh tokens
//! require_pushed_requests = true
//! require_signed_requests = false          # whether they have to be request objects (RFC 9101); false if left out
//! minimum_level = "substantial"            # none, low, substantial or high
//! # and how answers are signed and encrypted: [`response_formats`]
//!
//! [name]
//! ar = "المصرف"
//! fr = "La banque"
//! en = "The bank"
//!
//! [purpose]
//! ar = "لفتح حسابك"
//! fr = "pour ouvrir votre compte"
//! en = "to open your account"
//! ```

pub mod response_formats;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitaqa_fetch::url::{Url, UrlFault};
use bitaqa_jose::{ContentEncryption, JwkError, SignatureAlgorithm, VerificationJwk};
use bitaqa_protocol::{Language, Origin};
use bitaqa_trust::Level;
use serde::{Deserialize, Serialize};

use self::response_formats::{KeyAgreement, ResponseFormats, SigningAlgorithm, encryption};
use crate::{person::Claim, provider::encryption::encryption_key, settings::Realm};

const MAX_URIS: usize = 32;
const MAX_URI: usize = 1024;
const MAX_KEYS: usize = 16;
const MAX_FILE: u64 = 256 * 1024;

/// The rules that a relying party keeps, and is held to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// OpenID Connect by RFC 9700.
    #[default]
    Oidc,
    /// FAPI 2.0 Security Profile: pushed requests, assertions for the issuer alone, tokens bound to a key.
    Fapi2,
}

impl Profile {
    /// What a relying party may sign with.
    #[must_use]
    pub const fn algorithms(self) -> &'static [SignatureAlgorithm] {
        use SignatureAlgorithm::{EdDsa, Es256, Es384, Ps256, Rs256};
        match self {
            Self::Oidc => &[Es256, Es384, EdDsa, Ps256, Rs256],
            // FAPI 2.0 Security Profile section 5.4.1
            Self::Fapi2 => &[Es256, EdDsa, Ps256],
        }
    }
}

/// How a relying party shows who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAuthentication {
    /// It signs with a private key (OpenID Connect Core section 9).
    PrivateKeyJwt,
    /// It does not; PKCE binds code and request.
    None,
}

/// A text in the languages of the pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    ar: String,
    fr: String,
    en: String,
}

impl Text {
    /// In a language; Arabic where there is none of it.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Fr => &self.fr,
            Language::En => &self.en,
            Language::Ar | Language::Zgh => &self.ar,
        }
    }
}

/// A registration, checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Registration {
    /// The rules that it keeps.
    #[serde(default)]
    pub profile: Profile,
    /// How it shows who it is.
    pub authentication: ClientAuthentication,
    /// Its public keys, if it registered them.
    pub keys: Vec<VerificationJwk>,
    /// Where it publishes them, if it did not.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// Where answers may go, letter by letter.
    pub redirect_uris: Vec<String>,
    /// Where people may go after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Where it is told that somebody signed out (OpenID Connect Back-Channel Logout). Logout tokens always have a `sid`, whether
    /// it is required or not.
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    /// Who shares subjects with it.
    pub sector: String,
    /// Who says so, beside the operator.
    #[serde(default)]
    pub sector_identifier_uri: Option<String>,
    /// What it may learn.
    pub claims: Vec<Claim>,
    /// Whether it may have refresh tokens.
    pub offline_access: bool,
    /// Whether it has to push its requests.
    pub require_pushed_requests: bool,
    /// Whether it has to sign its requests.
    #[serde(default)]
    pub require_signed_requests: bool,
    /// How it wants its answers.
    #[serde(default)]
    pub formats: ResponseFormats,
    /// Whom it takes at least.
    pub minimum_level: Level,
    /// What people know it by.
    pub name: Text,
    /// What it wants the claims for.
    pub purpose: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    #[serde(default)]
    profile: Profile,
    authentication: ClientAuthentication,
    keys: Option<PathBuf>,
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
    userinfo_signed_response_alg: Option<SigningAlgorithm>,
    userinfo_encrypted_response_alg: Option<KeyAgreement>,
    userinfo_encrypted_response_enc: Option<ContentEncryption>,
    id_token_encrypted_response_alg: Option<KeyAgreement>,
    id_token_encrypted_response_enc: Option<ContentEncryption>,
    minimum_level: Level,
    name: Text,
    purpose: Text,
}

impl File {
    fn formats(&self) -> Result<ResponseFormats, RegistrationError> {
        Ok(ResponseFormats {
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

/// Whether a relying party can be called so: up to 64 letters, digits, dots, hyphens and underscores.
#[must_use]
pub fn is_client_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

impl Registration {
    /// Reads a registration file and the keys that it names; gives the relying party's `client_id` with it.
    ///
    /// # Errors
    /// [`RegistrationError`] says what is wrong.
    pub fn read(path: &Path, realm: Realm) -> Result<(String, Self), RegistrationError> {
        let file: File = toml::from_str(&read(path)?)
            .map_err(|error| RegistrationError::Toml { path: path.to_owned(), error: Box::new(error) })?;
        if !is_client_id(&file.id) {
            return Err(RegistrationError::Id);
        }
        let keys = match &file.keys {
            None => Vec::new(),
            Some(name) => read_keys(&path.parent().unwrap_or(Path::new("")).join(name))?,
        };
        let signing: Vec<&VerificationJwk> = keys.iter().filter(|key| !key.is_for_encryption()).collect();
        let has_keys = match file.authentication {
            ClientAuthentication::PrivateKeyJwt if file.jwks_uri.is_some() => file.keys.is_none(),
            ClientAuthentication::PrivateKeyJwt => !signing.is_empty(),
            ClientAuthentication::None => keys.is_empty() && file.jwks_uri.is_none(),
        };
        if !has_keys {
            return Err(RegistrationError::Keys);
        }
        let formats = file.formats()?;
        // those that are published are looked at when they are needed
        if formats.encrypts()
            && file.jwks_uri.is_none()
            && !keys.iter().any(|key| encryption_key(key).is_some())
        {
            return Err(RegistrationError::EncryptionKey);
        }
        let usable =
            |key: &&VerificationJwk| file.profile.algorithms().iter().any(|algorithm| key.fits(*algorithm));
        if file.profile == Profile::Fapi2
            && !(file.require_pushed_requests
                && file.authentication == ClientAuthentication::PrivateKeyJwt
                && signing.iter().all(usable))
        {
            return Err(RegistrationError::Fapi2);
        }
        if file.require_signed_requests && file.authentication == ClientAuthentication::None {
            return Err(RegistrationError::Signed);
        }
        if file.redirect_uris.is_empty()
            || file.redirect_uris.len() + file.post_logout_redirect_uris.len() > MAX_URIS
        {
            return Err(RegistrationError::NumberOfUris);
        }
        let mut hosts = Vec::new();
        for uri in &file.redirect_uris {
            hosts.push(check_uri(uri, realm)?);
        }
        for uri in &file.post_logout_redirect_uris {
            check_uri(uri, realm)?;
        }
        match &file.backchannel_logout_uri {
            Some(uri) => {
                check_uri(uri, realm)?;
                Url::parse(uri).map_err(|error| RegistrationError::LogoutUri { error })?;
            }
            None if file.backchannel_logout_session_required => return Err(RegistrationError::LogoutSession),
            None => {}
        }
        hosts.dedup();
        if let Some(uri) = &file.jwks_uri {
            check_uri(uri, realm)?;
            Url::parse(uri).map_err(|error| RegistrationError::JwksUri { error })?;
        }
        let sector_identifier =
            file.sector_identifier_uri.as_ref().map(|uri| check_uri(uri, realm)).transpose()?;
        let sector = match (file.sector, sector_identifier, &hosts[..]) {
            (Some(sector), None, _) if is_sector(&sector) => sector,
            (None, Some(host), _) => host,
            (None, None, [host]) => host.clone(),
            _ => return Err(RegistrationError::Sector),
        };
        for text in [&file.name, &file.purpose] {
            let fits = |text: &String| (1..=200).contains(&text.chars().count());
            if ![&text.ar, &text.fr, &text.en].into_iter().all(fits) {
                return Err(RegistrationError::Text);
            }
        }
        let registration = Self {
            profile: file.profile,
            authentication: file.authentication,
            keys,
            jwks_uri: file.jwks_uri,
            redirect_uris: file.redirect_uris,
            post_logout_redirect_uris: file.post_logout_redirect_uris,
            backchannel_logout_uri: file.backchannel_logout_uri,
            sector,
            sector_identifier_uri: file.sector_identifier_uri,
            claims: file.claims,
            offline_access: file.offline_access,
            require_pushed_requests: file.require_pushed_requests,
            require_signed_requests: file.require_signed_requests,
            formats,
            minimum_level: file.minimum_level,
            name: file.name,
            purpose: file.purpose,
        };
        Ok((file.id, registration))
    }
}

/// The origin of a URI that was checked when it was registered.
#[must_use]
pub fn origin_of(uri: &str) -> Option<Origin> {
    let (scheme, rest) = uri.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    Origin::parse(&format!("{scheme}://{}", rest.get(..end)?)).ok()
}

/// Gives the host back.
fn check_uri(uri: &str, realm: Realm) -> Result<String, RegistrationError> {
    let wrong = || RegistrationError::Uri { uri: uri.chars().take(200).collect() };
    // a URI is printable ASCII, and one with a fragment is no redirect URI (RFC 6749 section 3.1.2)
    let forbidden =
        |byte: u8| !byte.is_ascii_graphic() || matches!(byte, b'#' | b'"' | b'<' | b'>' | b'\\' | b'\'');
    if uri.len() > MAX_URI || uri.bytes().any(forbidden) {
        return Err(wrong());
    }
    let origin = origin_of(uri).ok_or_else(wrong)?;
    // plain http stays on one computer, and is for those who try things out
    if !uri.starts_with("https://") && realm == Realm::Production {
        return Err(wrong());
    }
    let rest = uri.strip_prefix(origin.as_str()).ok_or_else(wrong)?;
    if !(rest.starts_with('/') || rest.is_empty() || rest.starts_with('?')) {
        return Err(wrong());
    }
    let authority = origin.authority();
    // an IPv6 address has colons of its own, between brackets
    let host = match authority.split_once(']') {
        Some((address, _)) => format!("{address}]"),
        None => authority.split(':').next().unwrap_or(authority).to_owned(),
    };
    Ok(host)
}

fn is_sector(sector: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    (1..=253).contains(&sector.len()) && sector.bytes().all(plain)
}

fn read(path: &Path) -> Result<String, RegistrationError> {
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
    if file.keys.len() > MAX_KEYS {
        return Err(RegistrationError::Keys);
    }
    let names: Vec<Option<&str>> = file.keys.iter().map(VerificationJwk::key_id).collect();
    let twice =
        |(at, name): (usize, &Option<&str>)| names.get(..at).is_some_and(|before| before.contains(name));
    if names.iter().enumerate().any(twice) {
        return Err(RegistrationError::Keys);
    }
    Ok(file.keys)
}

/// Why a relying party cannot be registered like this.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// A file cannot be read.
    #[error("{}: {error}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Not TOML, or a field is missing, unknown or wrong.
    #[error("{}: {error}", .path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where, and what.
        error: Box<toml::de::Error>,
    },
    /// No list of public keys.
    #[error("{}: not a list of public keys ({{\"keys\": […]}}): {reason}", .path.display())]
    KeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// One of the keys.
    #[error("{0}")]
    Key(#[from] JwkError),
    /// The name.
    #[error("id: 1 to 64 letters, digits, dots, hyphens and underscores")]
    Id,
    /// Keys and authentication do not fit together.
    #[error(
        "keys: 1 to {MAX_KEYS} public keys, no two of one kid, and one that is not for encryption, where authentication is private-key-jwt, or jwks_uri instead; otherwise neither"
    )]
    Keys,
    /// A FAPI 2 relying party that could not keep to FAPI 2.
    #[error(
        "profile: with fapi2, authentication is private-key-jwt, keys are on P-256 or Ed25519 or of RSA, and require_pushed_requests is true"
    )]
    Fapi2,
    /// Half of how something is encrypted.
    #[error(
        "…_encrypted_response_alg = \"ECDH-ES\" and …_encrypted_response_enc = \"A256GCM\" or \"A128GCM\" stand there both, or neither"
    )]
    Encryption,
    /// Nothing could be encrypted for it.
    #[error(
        "…_encrypted_response_alg: keys has no key to encrypt for: on P-256 or P-384, with \"use\": \"enc\", and without another alg than ECDH-ES"
    )]
    EncryptionKey,
    /// It would have to sign without keys.
    #[error("require_signed_requests: only where authentication is private-key-jwt, by those keys")]
    Signed,
    /// Too few or too many URIs.
    #[error("redirect_uris: at least one; together with post_logout_redirect_uris at most {MAX_URIS}")]
    NumberOfUris,
    /// A URI.
    #[error("{uri}: an absolute https URI without a fragment; in the sandbox also http on this computer")]
    Uri {
        /// Its beginning.
        uri: String,
    },
    /// An address that nothing can be sent to.
    #[error("backchannel_logout_uri: {error}")]
    LogoutUri {
        /// What is wrong with it.
        error: UrlFault,
    },
    /// An address that nothing can be fetched from.
    #[error("jwks_uri: {error}")]
    JwksUri {
        /// What is wrong with it.
        error: UrlFault,
    },
    /// A session for an address that is missing.
    #[error("backchannel_logout_session_required: without backchannel_logout_uri nobody is told anything")]
    LogoutSession,
    /// The sector.
    #[error(
        "sector: a host name in small letters, or sector_identifier_uri instead; one of them is needed where the redirect URIs have several hosts"
    )]
    Sector,
    /// A text.
    #[error("name and purpose: 1 to 200 characters in each of ar, fr and en")]
    Text,
}
