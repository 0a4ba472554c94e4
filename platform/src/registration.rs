//! What the platform knows of a relying party. An operator adds it from a file (`bitaqa-platform client add`); nobody registers
//! themselves.
//!
//! ```toml
//! id = "bank"
//! profile = "oidc"                         # or "fapi2": the FAPI 2.0 Security Profile; "oidc" if left out
//! authentication = "private-key-jwt"       # or "none": a program in people's hands, which keeps no secret
//! keys = "bank.jwks.json"                  # public keys (RFC 7517), beside this file
//! redirect_uris = ["https://bank.example.ma/callback"]
//! post_logout_redirect_uris = []
//! backchannel_logout_uri = "https://bank.example.ma/signed-out"    # who is told when the person signs out; may be left out
//! backchannel_logout_session_required = false                      # whether it has to hear which session; it always does
//! sector = "bank.example.ma"               # who shares subjects; the redirect URIs' host if left out
//! claims = ["name", "given_name", "family_name"]
//! offline_access = false                   # whether it may have refresh tokens
//! require_pushed_requests = true
//! require_signed_requests = false          # whether they have to be request objects (RFC 9101); false if left out
//! minimum_level = "substantial"            # none, low, substantial or high
//! factors = ["card-and-pin"]               # what people may show; anything that reaches the level if left out
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
//!
//! Its services follow as `[[service]]` ([`crate::service`]), its adaptation rules as `[[rule]]` ([`crate::rules`]).

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use bitaqa_fetch::url::{Url, UrlFault};
use bitaqa_jose::{JwkError, SignatureAlgorithm, VerificationJwk};
use bitaqa_protocol::{Language, Origin};
use bitaqa_trust::Level;
use serde::{Deserialize, Serialize};

use crate::{
    factor::Authentication,
    person::Claim,
    rules::{self, Rule, RuleFault},
    service::{self, Service, ServiceFault},
    settings::Realm,
};

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

/// A text in the languages of the pages; where it is not in Tamazight, the Arabic one stands for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    ar: String,
    fr: String,
    en: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zgh: Option<String>,
}

impl Text {
    /// In a language; Arabic where there is none of it.
    #[must_use]
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Fr => &self.fr,
            Language::En => &self.en,
            Language::Zgh => self.zgh.as_ref().unwrap_or(&self.ar),
            Language::Ar => &self.ar,
        }
    }

    /// Whether it has 1 to 200 characters in each language.
    pub(crate) fn fits(&self) -> bool {
        let fits = |text: &String| (1..=200).contains(&text.chars().count());
        [&self.ar, &self.fr, &self.en].into_iter().chain(&self.zgh).all(fits)
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
    /// Its public keys.
    pub keys: Vec<VerificationJwk>,
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
    /// What it may learn.
    pub claims: Vec<Claim>,
    /// Whether it may have refresh tokens.
    pub offline_access: bool,
    /// Whether it has to push its requests.
    pub require_pushed_requests: bool,
    /// Whether it has to sign its requests.
    #[serde(default)]
    pub require_signed_requests: bool,
    /// Whom it takes at least.
    pub minimum_level: Level,
    /// What people may show; anything if it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factors: Option<Vec<Authentication>>,
    /// What people do there.
    #[serde(default)]
    pub services: Vec<Service>,
    /// What circumstances add there.
    #[serde(default)]
    pub rules: Vec<Rule>,
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
    redirect_uris: Vec<String>,
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
    backchannel_logout_uri: Option<String>,
    #[serde(default)]
    backchannel_logout_session_required: bool,
    sector: Option<String>,
    claims: Vec<Claim>,
    #[serde(default)]
    offline_access: bool,
    require_pushed_requests: bool,
    #[serde(default)]
    require_signed_requests: bool,
    minimum_level: Level,
    factors: Option<Vec<Authentication>>,
    #[serde(default, rename = "service")]
    services: Vec<Service>,
    #[serde(default, rename = "rule")]
    rules: Vec<Rule>,
    name: Text,
    purpose: Text,
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
        if (file.authentication == ClientAuthentication::PrivateKeyJwt) == keys.is_empty() {
            return Err(RegistrationError::Keys);
        }
        let usable =
            |key: &VerificationJwk| file.profile.algorithms().iter().any(|algorithm| key.fits(*algorithm));
        if file.profile == Profile::Fapi2
            && !(file.require_pushed_requests && !keys.is_empty() && keys.iter().all(usable))
        {
            return Err(RegistrationError::Fapi2);
        }
        if file.require_signed_requests && keys.is_empty() {
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
        let sector = match (file.sector, &hosts[..]) {
            (Some(sector), _) if is_sector(&sector) => sector,
            (None, [host]) => host.clone(),
            _ => return Err(RegistrationError::Sector),
        };
        if ![&file.name, &file.purpose].into_iter().all(Text::fits) {
            return Err(RegistrationError::Text);
        }
        let registration = Self {
            profile: file.profile,
            authentication: file.authentication,
            keys,
            redirect_uris: file.redirect_uris,
            post_logout_redirect_uris: file.post_logout_redirect_uris,
            backchannel_logout_uri: file.backchannel_logout_uri,
            sector,
            claims: file.claims,
            offline_access: file.offline_access,
            require_pushed_requests: file.require_pushed_requests,
            require_signed_requests: file.require_signed_requests,
            minimum_level: file.minimum_level,
            factors: file.factors,
            services: file.services,
            rules: file.rules,
            name: file.name,
            purpose: file.purpose,
        };
        let own = registration.requirement(&[]);
        if !own.can_be_met() {
            return Err(RegistrationError::Unreachable);
        }
        service::check(&registration.services, &own, realm)?;
        rules::check(&registration.rules, Some(&registration))?;
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
pub(crate) fn check_uri(uri: &str, realm: Realm) -> Result<String, RegistrationError> {
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
        "keys: 1 to {MAX_KEYS} public keys, no two of one kid, where authentication is private-key-jwt; otherwise none"
    )]
    Keys,
    /// A FAPI 2 relying party that could not keep to FAPI 2.
    #[error(
        "profile: with fapi2, authentication is private-key-jwt, keys are on P-256 or Ed25519 or of RSA, and require_pushed_requests is true"
    )]
    Fapi2,
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
    /// A session for an address that is missing.
    #[error("backchannel_logout_session_required: without backchannel_logout_uri nobody is told anything")]
    LogoutSession,
    /// The sector.
    #[error("sector: a host name in small letters; needed where the redirect URIs have several hosts")]
    Sector,
    /// A text.
    #[error("name and purpose: 1 to 200 characters in each of ar, fr and en, and in zgh if it is there")]
    Text,
    /// Nobody can get there.
    #[error("no factor that is allowed (factors) reaches the level that is needed (minimum_level)")]
    Unreachable,
    /// Its rules.
    #[error("{0}")]
    Rules(#[from] RuleFault),
    /// Too many services.
    #[error("service: at most 256")]
    NumberOfServices,
    /// A service.
    #[error("service \"{id}\": {fault}")]
    Service {
        /// Which.
        id: String,
        /// What is wrong with it.
        fault: ServiceFault,
    },
}
