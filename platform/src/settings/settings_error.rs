//! Why there is no platform by a configuration.

use std::{io, path::PathBuf};

use bitaqa_jose::JwkError;
use bitaqa_trust::issuer_profile_file::IssuerProfileError;

use super::{
    MAX_LENGTH, SCHEMA,
    populations::{MAX_FRAMEWORK, MAX_POPULATION},
};
use crate::{administration::operator::OperatorsError, identity::IdentityFileError, rules::RulesError};

/// Why the platform cannot be set up like this.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file cannot be read.
    #[error("{}: {error}", .path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file is longer than any such file.
    #[error("{}: more than {MAX_LENGTH} bytes", .path.display())]
    TooLong {
        /// Which.
        path: PathBuf,
    },
    /// Not TOML, or a field is missing, unknown or wrong.
    #[error("{}: {error}", .path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Where, and what.
        error: Box<toml::de::Error>,
    },
    /// Another schema.
    #[error("{}: it says schema = {schema}; this version reads schema = {SCHEMA}", .path.display())]
    Schema {
        /// Which.
        path: PathBuf,
        /// What it says.
        schema: u32,
    },
    /// The issuer profiles.
    #[error("{}: {error}", .path.display())]
    Profiles {
        /// Which.
        path: PathBuf,
        /// Why.
        error: Box<IssuerProfileError>,
    },
    /// Test cards in production, or others in the sandbox.
    #[error(
        "issuer \"{issuer}\": its profile does not fit realm = \"{realm}\"; test cards are for the sandbox, and only they are"
    )]
    Realm {
        /// Whose profile.
        issuer: String,
        /// The realm.
        realm: &'static str,
    },
    /// An issuer without a profile.
    #[error("[[cards.issuer]] \"{issuer}\": no profile has that name")]
    Issuer {
        /// The name.
        issuer: String,
    },
    /// An issuer of which nothing is said.
    #[error(
        "issuer \"{issuer}\": it has a profile, but no [[cards.issuer]] that says its population and proofing"
    )]
    Unsaid {
        /// The name.
        issuer: String,
    },
    /// An issuer that stands there twice.
    #[error("[[cards.issuer]] \"{issuer}\": it stands there twice")]
    Twice {
        /// The name.
        issuer: String,
    },
    /// A population's name.
    #[error(
        "[[cards.issuer]] \"{issuer}\": a population has a name of 1 to {MAX_POPULATION} small letters, digits and hyphens"
    )]
    Population {
        /// The issuer.
        issuer: String,
    },
    /// A trust framework's name, or one of people whom nobody proofed.
    #[error(
        "[[cards.issuer]] \"{issuer}\": a trust framework has a name of 1 to {MAX_FRAMEWORK} printable characters, and a proofing that is not none"
    )]
    TrustFramework {
        /// The issuer.
        issuer: String,
    },
    /// An issuer's cards as documents.
    #[error(
        "[[cards.issuer]] \"{issuer}\": document has a state as documents write it (ISO 3166-1, three letters, or D), which is no other issuer's, and a number_prefix of at most 16 capital letters, digits and hyphens"
    )]
    Document {
        /// The issuer.
        issuer: String,
    },
    /// Cards are taken as documents, and the platform may not come to know what they tell.
    #[error(
        "[[cards.issuer]] document: claims of [identity] have to allow all that comes along; missing: {}",
        .missing.join(", ")
    )]
    DocumentClaims {
        /// What it does not allow.
        missing: Vec<String>,
    },
    /// The operators.
    #[error("{0}")]
    Operators(#[from] OperatorsError),
    /// An operator's key.
    #[error("{}: {error}", .path.display())]
    OperatorKey {
        /// Which file.
        path: PathBuf,
        /// Why.
        error: JwkError,
    },
    /// An operator's end.
    #[error("[[operator]] \"{name}\": until is a time like 2027-06-01T00:00:00Z")]
    OperatorUntil {
        /// Whose.
        name: String,
    },
    /// The module is not there.
    #[error("{}: there is no bitaqa-web.js; build @bitaqa/web first", .folder.display())]
    Sdk {
        /// The folder.
        folder: PathBuf,
    },
    /// Two places of keys, or none.
    #[error("[keys]: either file and unsealing, or pkcs11 = {{ module, token, pin }}")]
    Keys,
    /// What it asks chips itself.
    #[error("{0}")]
    Identity(#[from] IdentityFileError),
    /// The rules.
    #[error("{0}")]
    Rules(#[from] RulesError),
    /// A header of nobody, or none.
    #[error("network: the name of a header, and the ranges of the proxies that write it, one at least")]
    Network,
    /// Nobody would know the address of the administration.
    #[error(
        "administration: origin is needed where listen is not an address of this computer alone (127.0.0.1)"
    )]
    Administration,
    /// Another kind of database.
    #[error("database: sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME")]
    Database,
}
