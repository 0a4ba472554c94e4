//! SQLite and PostgreSQL, opened and brought to this version.

use std::{fs::OpenOptions, io, os::unix::fs::OpenOptionsExt, path::Path, str::FromStr, time::Duration};

use sqlx::{
    Connection, SqlitePool,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{Stored, migrations};

/// Most connections of one process.
const CONNECTIONS: u32 = 16;
/// Of SQLite, that read; each has a thread.
const READERS: u32 = 4;
/// A connection that rested longer is tried before it is used; of others the use itself tells, and is asked again.
const RESTED: Duration = Duration::from_secs(1);
/// How long a request waits for a connection, or for a writer before it.
const PATIENCE: Duration = Duration::from_secs(5);

/// A database in one file.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    /// One connection: SQLite has one writer at a time, and who waits for this one is served in turn, where SQLite lets everybody sleep
    /// and look again.
    pub(super) pool: SqlitePool,
    /// What is read beside it.
    pub(super) reads: SqlitePool,
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
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(PATIENCE)
                // a file does not go away as a server does
                .test_before_acquire(false)
        };
        Ok(Self {
            pool: pool(1).connect_with(options.clone()).await?,
            reads: pool(READERS).connect_with(options).await?,
        })
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
    /// The same.
    pub(super) reads: PgPool,
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
            .test_before_acquire(false)
            .before_acquire(|connection, rest| {
                Box::pin(async move {
                    if rest.idle_for > RESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self { reads: pool.clone(), pool })
    }

    /// Brings the tables to this version.
    ///
    /// # Errors
    /// [`StoreError`](super::StoreError): what the database said.
    pub async fn migrate(&self) -> Stored<()> {
        Ok(migrations::postgres().run(&self.pool).await?)
    }
}
