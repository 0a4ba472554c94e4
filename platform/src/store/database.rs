//! SQLite and PostgreSQL, opened and brought to this version.

use std::{fs::OpenOptions, io, os::unix::fs::OpenOptionsExt, path::Path, str::FromStr, time::Duration};

use sqlx::{
    SqlitePool,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Stored, migrations};

/// Most connections of one process.
const CONNECTIONS: u32 = 16;
/// How long a request waits for a connection, or for a writer before it.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database in one file.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    pub(super) pool: SqlitePool,
}

impl SqliteStore {
    /// Opens the file of a URL (`sqlite:platform.db`), and makes it where there is none. A commit is on the disk when it is done.
    ///
    /// # Errors
    /// [`StoreError`](super::StoreError): the URL or the file is none of SQLite's.
    pub async fn open(url: &str) -> Stored<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        create_for_its_owner(options.get_filename())?;
        let pool = SqlitePoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }

    /// Brings the tables to this version.
    ///
    /// # Errors
    /// [`StoreError`](super::StoreError): what the database said.
    pub async fn migrate(&self) -> Stored<()> {
        Ok(migrations::sqlite().run(&self.pool).await?)
    }
}

/// SQLite would let everybody read a file that it makes; what it makes beside it has the same mode.
fn create_for_its_owner(path: &Path) -> Result<(), sqlx::Error> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(sqlx::Error::Io(error)),
        _ => Ok(()),
    }
}

/// A PostgreSQL database, or what speaks its protocol.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pub(super) pool: PgPool,
}

impl PostgresStore {
    /// Connects to the database of a URL (`postgres://…`).
    ///
    /// # Errors
    /// [`StoreError`](super::StoreError): what the database said.
    pub async fn connect(url: &str) -> Stored<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("bitaqa-platform");
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }

    /// Brings the tables to this version.
    ///
    /// # Errors
    /// [`StoreError`](super::StoreError): what the database said.
    pub async fn migrate(&self) -> Stored<()> {
        Ok(migrations::postgres().run(&self.pool).await?)
    }
}
