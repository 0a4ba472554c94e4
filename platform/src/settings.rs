//! The configuration file (TOML).
//!
//! ```toml
//! schema = 1
//! issuer = "https://id.example.ma"        # what browsers see: origin of the provider, and its name
//! listen = "127.0.0.1:8080"               # where something that speaks https hands requests on to
//! realm = "production"                    # or "sandbox": test cards only, and every acr says test
//! database = "sqlite:platform.db"         # or "postgres://…"
//! sdk = "sdk/web/dist"                    # folder with the built module @bitaqa/web
//! dpop_nonces = false                     # whether proofs of keys have a nonce of the platform; false if left out
//! rules = "rules.toml"                    # what circumstances add (rules); may be left out
//!
//! [keys]
//! file = "keys.sealed"
//! unsealing = "keys.unsealing"            # 32 bytes in base64url, readable by its owner only
//! # or, instead of both:
//! # pkcs11 = { module = "/usr/lib/softhsm/libsofthsm2.so", token = "bitaqa", pin = "token.pin" }
//!
//! [operation]                             # may be left out
//! listen = "127.0.0.1:9090"               # where /metrics is served; nowhere if left out
//! log = "info"                            # or "debug"
//!
//! [administration]                        # pages for operators; may be left out
//! listen = "127.0.0.1:9091"               # an address of their own; not one that everybody reaches
//! origin = "https://admin.example.ma"     # what their browsers see; http:// and listen if left out, on this computer only
//!
//! [cards]
//! profiles = "issuers.toml"               # issuer profiles, as the example portal has them
//!
//! [[cards.issuer]]                        # what is known of the people who hold an issuer's cards
//! name = "Example State, national card"   # as in the profiles
//! population = "example-state"            # issuers that number the same people the same way share one
//! proofing = "centre"                     # none, online, kiosk, centre or video
//! trust_framework = "example_state_id"    # rules by which its data is verified, for verified_claims; may be left out
//! document = { state = "MAR", number_prefix = "PNOMA-" }   # its cards as documents, to be shown without a PIN; may be left out
//!
//! [[operator]]                            # who administers the platform
//! name = "first-onboarder"
//! role = "onboarder"                      # or "authoriser"
//! key = "first-onboarder.jwk"             # public key
//! until = "2027-06-01T00:00:00Z"          # from when on they sign nothing that counts; may be left out
//!
//! [identity]                              # the platform asks chips itself (identity); may be left out
//! countries = ["csca.pem"]                # authorities that sign documents: certificates, revocation lists, master lists
//! claims = ["given_name", "personal_number"]   # what it may come to know of a chip, at most
//! legal_name = { ar = "…", fr = "…", en = "…" }
//! sign_in = { ar = "…", fr = "…", en = "…" }   # what it asks for when somebody signs in without a PIN
//!
//! [network]                               # where requests come from, if something stands in front; otherwise from the connection
//! header = "x-forwarded-for"              # in which each of these writes whom it was asked by, behind what is there
//! proxies = ["10.0.0.0/24"]
//! ```

mod populations;
mod settings_error;
mod written_operator;

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use bitaqa_fetch::Reach;
use bitaqa_protocol::Origin;
use bitaqa_trust::{Assurance, IssuerProfiles};
use serde::{Deserialize, Serialize};

use crate::{
    administration::{Operators, pages::Place},
    clock::{Clock, date_time},
    identity::{Identity, WrittenIdentity},
    key_store::{KeyPlace, WrittenKeyPlace},
    operation::Operation,
    rules::{self, Rule},
    visit::{Proxies, ProxiesFile},
};

use populations::{CardIssuer, check_documents};
pub use populations::{Population, Populations};
pub use settings_error::SettingsError;
use written_operator::WrittenOperator;

/// The schema that this version reads.
pub const SCHEMA: u32 = 1;
/// Longest file, in bytes.
const MAX_LENGTH: usize = 256 * 1024;

/// Whether real people sign in here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Realm {
    /// Real people.
    Production,
    /// Test cards only.
    Sandbox,
}

impl Realm {
    /// Where what is fetched and sent may go.
    #[must_use]
    pub const fn reach(self) -> Reach {
        match self {
            Self::Production => Reach::Public,
            Self::Sandbox => Reach::PublicAndLoopback,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Sandbox => "sandbox",
        }
    }
}

/// Everything the file says, with paths resolved beside it.
#[derive(Debug)]
pub struct Settings {
    /// Origin of the provider, and its name.
    pub issuer: Origin,
    /// Where it listens.
    pub listen: SocketAddr,
    /// Whether real people sign in.
    pub realm: Realm,
    /// URL of the database.
    pub database: String,
    /// Folder with the built module `@bitaqa/web`.
    pub sdk: PathBuf,
    /// Whether proofs of keys have to have a nonce of the platform.
    pub dpop_nonces: bool,
    /// Where the keys are.
    pub keys: KeyPlace,
    /// Whose cards are believed.
    pub profiles: IssuerProfiles,
    /// What is known of their holders.
    pub populations: Populations,
    /// What it asks chips itself, if it does.
    pub identity: Option<Identity>,
    /// Who administers it.
    pub operators: Operators,
    /// For those who run the platform.
    pub operation: Operation,
    /// Where operators find it in a browser; nowhere if there is none.
    pub administration: Option<Place>,
    /// What circumstances add, at all relying parties.
    pub rules: Vec<Rule>,
    /// Whose word counts about where requests come from.
    pub proxies: Proxies,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    issuer: Origin,
    listen: SocketAddr,
    realm: Realm,
    database: String,
    sdk: PathBuf,
    #[serde(default)]
    dpop_nonces: bool,
    rules: Option<PathBuf>,
    keys: WrittenKeyPlace,
    cards: Cards,
    identity: Option<WrittenIdentity>,
    network: Option<ProxiesFile>,
    #[serde(default)]
    operator: Vec<WrittenOperator>,
    #[serde(default)]
    operation: Operation,
    administration: Option<Place>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cards {
    profiles: PathBuf,
    issuer: Vec<CardIssuer>,
}

impl Settings {
    /// Reads a configuration file and the issuer profiles that it names.
    ///
    /// # Errors
    /// [`SettingsError`] says what is wrong, and in which file.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = read(path)?;
        let file: File = toml::from_str(&text)
            .map_err(|error| SettingsError::Toml { path: path.to_owned(), error: Box::new(error) })?;
        if file.schema != SCHEMA {
            return Err(SettingsError::Schema { path: path.to_owned(), schema: file.schema });
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let profiles_path = folder.join(&file.cards.profiles);
        let beside = profiles_path.parent().unwrap_or(Path::new("")).to_owned();
        let profiles = IssuerProfiles::parse(&read(&profiles_path)?, |name| fs::read(beside.join(name)))
            .map_err(|error| SettingsError::Profiles { path: profiles_path, error: Box::new(error) })?;
        check_realm(file.realm, &profiles)?;
        let populations = Populations::read(file.cards.issuer, &profiles)?;
        let now = date_time(Clock::system().now());
        let identity = file.identity.map(|written| written.beside(folder, now)).transpose()?;
        check_documents(identity.as_ref(), &populations)?;
        let operators = file.operator.into_iter().map(|operator| operator.read(folder));
        let operators = Operators::new(operators.collect::<Result<_, _>>()?)?;
        let sdk = folder.join(file.sdk);
        if !sdk.join("bitaqa-web.js").is_file() {
            return Err(SettingsError::Sdk { folder: sdk });
        }
        Ok(Self {
            issuer: file.issuer,
            listen: file.listen,
            realm: file.realm,
            database: database(file.database, folder)?,
            sdk,
            dpop_nonces: file.dpop_nonces,
            keys: file.keys.beside(folder).ok_or(SettingsError::Keys)?,
            profiles,
            populations,
            identity,
            operators,
            operation: file.operation,
            administration: match file.administration {
                Some(place) if !place.is_reachable() => return Err(SettingsError::Administration),
                place => place,
            },
            rules: file.rules.map(|path| rules::read(&folder.join(path))).transpose()?.unwrap_or_default(),
            proxies: match file.network {
                Some(network) => Proxies::new(network).ok_or(SettingsError::Network)?,
                None => Proxies::default(),
            },
        })
    }
}

/// Test cards and those of real people never sign in at the same place.
fn check_realm(realm: Realm, profiles: &IssuerProfiles) -> Result<(), SettingsError> {
    let wanted = match realm {
        Realm::Production => Assurance::Production,
        Realm::Sandbox => Assurance::Test,
    };
    match profiles.profiles().iter().find(|profile| profile.assurance() != wanted) {
        None => Ok(()),
        Some(profile) => Err(SettingsError::Realm { issuer: profile.name().to_owned(), realm: realm.name() }),
    }
}

/// A file of SQLite lies beside the configuration, like every other.
fn database(url: String, folder: &Path) -> Result<String, SettingsError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Ok(url);
    }
    let file = url.strip_prefix("sqlite:").filter(|file| !file.is_empty() && !file.starts_with(':'));
    file.map(|file| format!("sqlite:{}", folder.join(file).display())).ok_or(SettingsError::Database)
}

fn read(path: &Path) -> Result<String, SettingsError> {
    let text =
        fs::read_to_string(path).map_err(|error| SettingsError::Read { path: path.to_owned(), error })?;
    if text.len() > MAX_LENGTH {
        return Err(SettingsError::TooLong { path: path.to_owned() });
    }
    Ok(text)
}
