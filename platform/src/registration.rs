//! What the platform knows of a relying party. An operator proposes it from a file (`bitaqa-platform client propose`), another one
//! approves; in the sandbox relying parties register themselves ([`crate::sandbox`]).
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
//! contact = "integration@bank.example.ma"  # whom the platform's operators write to
//! legal_basis = "Example Act on banks, article 4"      # why it may ask, in its own words
//! factors = ["card-and-pin"]               # what people may show; anything that reaches the level if left out
//! # and how ID tokens and userinfo are signed and encrypted: [`response_formats`]
//!
//! [legal_name]                             # zgh may be left out, here and in purposes
//! ar = "مصرف المثال ش.م."
//! fr = "Banque Exemple S.A."
//! en = "Example Bank plc"
//!
//! [name]                                   # what people know it by
//! ar = "المصرف"
//! fr = "La banque"
//! en = "The bank"
//!
//! [purpose]
//! ar = "لفتح حسابك"
//! fr = "pour ouvrir votre compte"
//! en = "to open your account"
//!
//! [identity]                               # statements about it; without, it cannot ask for what a chip holds
//! origins = ["https://bank.example.ma"]    # where it asks from, letter by letter; follows from nothing else
//! claims = ["given_name", "family_name"]   # of the card's chip (docs/statements.md)
//! encryption_key = "bank.encryption.jwk"   # what answers are encrypted to, beside this file
//!
//! [[identity.purposes]]                    # 1 to 16
//! id = "open-account"
//! [identity.purposes.text]
//! ar = "فتح حساب"
//! fr = "Ouvrir un compte"
//! en = "Open an account"
//! ```
//!
//! Its services follow as `[[service]]` ([`crate::service`]), its adaptation rules as `[[rule]]` ([`crate::rules`]).

mod addresses;
mod identity;
mod registration_error;
pub mod response_formats;
mod written;

use bitaqa_fetch::url::Url;
use bitaqa_jose::{SignatureAlgorithm, VerificationJwk};
use bitaqa_protocol::{
    Language,
    statement::{LocalizedText, MAX_NAME, ShownText},
};
use bitaqa_trust::Level;
use serde::{Deserialize, Serialize};

pub(crate) use addresses::check_uri;
pub use addresses::origin_of;
pub use identity::Identity;
pub use registration_error::RegistrationError;

use self::response_formats::ResponseFormats;
use crate::{
    factor::Authentication,
    person::Claim,
    provider::encryption::encryption_key,
    rules::{self, Rule},
    secret::Hash,
    service::{self, Service},
    settings::Realm,
};
use addresses::{is_mail_address, is_sector};

const MAX_URIS: usize = 32;
const MAX_KEYS: usize = 16;
/// Most characters of what a relying party is called in short, and of what it wants.
const MAX_TEXT: usize = 200;
/// Most characters of a legal basis.
const MAX_LEGAL_BASIS: usize = 500;

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
        self.spoken(language).0
    }

    /// The same, and the language that it is really in: pages say so, for whoever hears them.
    #[must_use]
    pub fn spoken(&self, language: Language) -> (&str, Language) {
        match (language, &self.zgh) {
            (Language::Fr, _) => (&self.fr, Language::Fr),
            (Language::En, _) => (&self.en, Language::En),
            (Language::Zgh, Some(text)) => (text, Language::Zgh),
            (Language::Ar | Language::Zgh, _) => (&self.ar, Language::Ar),
        }
    }

    /// Whether it has 1 to 200 characters in each language, none of which is invisible or changes the direction.
    pub(crate) fn fits(&self) -> bool {
        let fits = |text: &String| ShownText::<MAX_TEXT>::parse(text).is_ok();
        [&self.ar, &self.fr, &self.en].into_iter().chain(&self.zgh).all(fits)
    }
}

/// A registration, checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Where its people are reached: an e-mail address.
    pub contact: String,
    /// Why it may ask, in its own words.
    pub legal_basis: ShownText<MAX_LEGAL_BASIS>,
    /// What it is called in law.
    pub legal_name: LocalizedText<MAX_NAME>,
    /// What people may show; anything if it does not say.
    #[serde(default)]
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
    /// What statements say that it may ask for.
    pub identity: Option<Identity>,
}

/// Whether a relying party can be called so: up to 64 letters, digits, dots, hyphens and underscores.
#[must_use]
pub fn is_client_id(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

impl Registration {
    /// Whether it keeps all rules.
    ///
    /// # Errors
    /// [`RegistrationError`] says what is wrong.
    pub fn check(&self, realm: Realm) -> Result<(), RegistrationError> {
        let has_keys = match self.authentication {
            ClientAuthentication::PrivateKeyJwt if self.jwks_uri.is_some() => self.keys.is_empty(),
            ClientAuthentication::PrivateKeyJwt => self.signing_keys().next().is_some(),
            ClientAuthentication::None => self.keys.is_empty() && self.jwks_uri.is_none(),
        };
        if !has_keys {
            return Err(RegistrationError::Keys);
        }
        self.formats.check(self.profile)?;
        // those that are published are looked at when they are needed
        if self.formats.encrypts()
            && self.jwks_uri.is_none()
            && !self.keys.iter().any(|key| encryption_key(key).is_some())
        {
            return Err(RegistrationError::ResponseEncryptionKey);
        }
        let usable =
            |key: &VerificationJwk| self.profile.algorithms().iter().any(|algorithm| key.fits(*algorithm));
        if self.profile == Profile::Fapi2
            && !(self.require_pushed_requests
                && self.authentication == ClientAuthentication::PrivateKeyJwt
                && self.signing_keys().all(usable))
        {
            return Err(RegistrationError::Fapi2);
        }
        if self.require_signed_requests && self.authentication == ClientAuthentication::None {
            return Err(RegistrationError::Signed);
        }
        distinct(&self.keys)?;
        if self.redirect_uris.is_empty()
            || self.redirect_uris.len() + self.post_logout_redirect_uris.len() > MAX_URIS
        {
            return Err(RegistrationError::NumberOfUris);
        }
        for uri in self.redirect_uris.iter().chain(&self.post_logout_redirect_uris) {
            check_uri(uri, realm)?;
        }
        if let Some(uri) = &self.backchannel_logout_uri {
            check_uri(uri, realm)?;
            Url::parse(uri).map_err(|error| RegistrationError::LogoutUri { error })?;
        }
        if let Some(uri) = &self.jwks_uri {
            check_uri(uri, realm)?;
            Url::parse(uri).map_err(|error| RegistrationError::JwksUri { error })?;
        }
        let is_identified = match &self.sector_identifier_uri {
            None => false,
            Some(uri) if check_uri(uri, realm)? == self.sector => true,
            Some(_) => return Err(RegistrationError::Sector),
        };
        if !is_identified && !is_sector(&self.sector) && self.sector != sector_of(&self.redirect_uris, realm)?
        {
            return Err(RegistrationError::Sector);
        }
        if ![&self.name, &self.purpose].into_iter().all(Text::fits) {
            return Err(RegistrationError::Text);
        }
        let own = self.requirement(&[]);
        if !own.can_be_met() {
            return Err(RegistrationError::Unreachable);
        }
        service::check(&self.services, &own, realm)?;
        rules::check(&self.rules, Some(self))?;
        if !is_mail_address(&self.contact) {
            return Err(RegistrationError::Contact);
        }
        self.identity.as_ref().map_or(Ok(()), |identity| identity.check(&self.legal_name, realm))
    }

    fn signing_keys(&self) -> impl Iterator<Item = &VerificationJwk> {
        self.keys.iter().filter(|key| !key.is_for_encryption())
    }

    /// The text that operators sign, and the database keeps.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// The one host of all redirect URIs.
fn sector_of(uris: &[String], realm: Realm) -> Result<String, RegistrationError> {
    let mut hosts = uris.iter().map(|uri| check_uri(uri, realm)).collect::<Result<Vec<_>, _>>()?;
    hosts.dedup();
    match &hosts[..] {
        [host] => Ok(host.clone()),
        [] => Err(RegistrationError::NumberOfUris),
        _ => Err(RegistrationError::Sector),
    }
}

/// What a registration's text is approved by: its SHA-256 in hexadecimal, which no command line takes for an option.
#[must_use]
pub fn digest(text: &str) -> String {
    Hash::of(text.as_bytes()).as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Few enough, and no two of one name.
fn distinct(keys: &[VerificationJwk]) -> Result<(), RegistrationError> {
    if keys.len() > MAX_KEYS {
        return Err(RegistrationError::Keys);
    }
    let names: Vec<Option<&str>> = keys.iter().map(VerificationJwk::key_id).collect();
    let twice =
        |(at, name): (usize, &Option<&str>)| names.get(..at).is_some_and(|before| before.contains(name));
    if names.iter().enumerate().any(twice) {
        return Err(RegistrationError::Keys);
    }
    Ok(())
}
