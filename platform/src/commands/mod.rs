//! What the program does.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod client;
pub(crate) mod keys;
pub(crate) mod operator;
pub(crate) mod rules;
pub(crate) mod sandbox;
pub(crate) mod serve;

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc};

use bitaqa_jose::JwkError;
use bitaqa_pages::words::WordsError;
use bitaqa_platform::{
    Unable,
    administration::{DeskError, EntryError, SignInError},
    key_store::KeyStoreError,
    registration::RegistrationError,
    rules::RulesError,
    settings::{Settings, SettingsError},
    store::{PostgresStore, Retrying, SCHEMA_VERSION, SqliteStore, Store, StoreError},
};

/// Opens the database that the configuration names.
async fn store(settings: &Settings) -> Result<Arc<dyn Store>, CommandError> {
    if let Some(path) = settings.database.strip_prefix("sqlite:") {
        // a wrong name makes no empty installation
        let path = PathBuf::from(path.split('?').next().unwrap_or(path));
        if !path.exists() {
            return Err(CommandError::NoDatabase { path });
        }
        Ok(Arc::new(Retrying::new(SqliteStore::open(&settings.database).await?)))
    } else {
        Ok(Arc::new(Retrying::new(PostgresStore::connect(&settings.database).await?)))
    }
}

/// Brings the tables to this version.
pub(crate) async fn migrate(settings: &Settings) -> Result<(), CommandError> {
    if settings.database.starts_with("sqlite:") {
        SqliteStore::open(&settings.database).await?.migrate().await?;
    } else {
        PostgresStore::connect(&settings.database).await?.migrate().await?;
    }
    Ok(())
}

/// Why a command did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("{0}")]
    Settings(#[from] SettingsError),
    #[error("{0}")]
    Registration(#[from] RegistrationError),
    #[error("{0}; if its tables are missing, run: bitaqa-platform migrate")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Keys(#[from] KeyStoreError),
    #[error("{0}")]
    Unable(#[from] Unable),
    #[error("the tables are of migration {version}, before {SCHEMA_VERSION}; run: bitaqa-platform migrate")]
    Behind { version: i64 },
    #[error(
        "keys and database do not belong together: its accounts were made with other keys, and everybody would get another sub"
    )]
    Foreign,
    #[error("{0}")]
    Words(#[from] WordsError),
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: io::Error },
    #[error("{0}")]
    Desk(#[from] DeskError),
    #[error("{0}")]
    Entry(#[from] EntryError),
    #[error("{0}")]
    SignIn(#[from] SignInError),
    #[error("{}: {error}", .path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("{}: {error}", .path.display())]
    OperatorKey { path: PathBuf, error: JwkError },
    #[error("{}: others may read it; chmod 600", .path.display())]
    Readable { path: PathBuf },
    #[error("realm: this is for the sandbox")]
    Production,
    #[error("{}: line {line} is nothing that \"audit list --json\" prints", .path.display())]
    NotListed { path: PathBuf, line: usize },
    #[error("database: {}: there is no such file; for a new installation, run: bitaqa-platform migrate --config FILE", .path.display())]
    NoDatabase { path: PathBuf },
    #[error("the audit trail does not hold: {0} findings")]
    Audit(usize),
    #[error("{0}")]
    Rules(#[from] RulesError),
    #[error("resource: not that of a service of this relying party")]
    Resource,
    #[error("there is no relying party \"{0}\"")]
    Unknown(String),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Io(#[from] io::Error),
}
