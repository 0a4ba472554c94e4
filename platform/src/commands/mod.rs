//! What the program does.

pub(crate) mod client;
pub(crate) mod keys;
pub(crate) mod rules;
pub(crate) mod serve;

use std::{io, net::SocketAddr, sync::Arc};

use bitaqa_pages::words::WordsError;
use bitaqa_platform::{
    key_store::KeyStoreError,
    registration::RegistrationError,
    rules::RulesError,
    settings::{Settings, SettingsError},
    store::{PostgresStore, Retrying, SqliteStore, Store, StoreError},
};

/// Opens the database that the configuration names.
async fn store(settings: &Settings) -> Result<Arc<dyn Store>, CommandError> {
    if settings.database.starts_with("sqlite:") {
        Ok(Arc::new(SqliteStore::open(&settings.database).await?))
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
    Words(#[from] WordsError),
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: io::Error },
    #[error("{0}")]
    Rules(#[from] RulesError),
    #[error("resource: not that of a service of this relying party")]
    Resource,
    #[error("there is a relying party \"{0}\" already; suspend it, or choose another id")]
    Known(String),
    #[error(
        "the sector of \"{id}\" is \"{sector}\" and stays so: in another one everybody would get another sub"
    )]
    Sector { id: String, sector: String },
    #[error("how \"{0}\" shows who it is (authentication) stays; add another relying party")]
    Authentication(String),
    #[error("there is no relying party \"{0}\"")]
    Unknown(String),
    #[error("{0}")]
    Json(#[from] serde_json::Error),
    #[error("{0}")]
    Io(#[from] io::Error),
}
