/// A result of a store.
pub type Stored<T> = Result<T, StoreError>;

/// The database did not do as it was told. What it said is for the operator, never for a page.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database's own words.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be run.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// Something in the database is not as this version writes it.
    #[error("a {what} in the database cannot be read")]
    Unreadable {
        /// What it was taken for.
        what: &'static str,
    },
}

/// What is known of a statement or transaction that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing was done, and the same again can succeed.
    Undone,
    /// The connection ended: it was done or it was not.
    Unknown,
    /// Asking again does not help.
    Final,
}

impl StoreError {
    /// What is known after it.
    pub(super) fn after(&self) -> After {
        match self {
            Self::Database(sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed) => After::Unknown,
            Self::Database(sqlx::Error::Database(error)) => match error.code().as_deref() {
                // serialization failure, deadlock (PostgreSQL, appendix A)
                Some("40001" | "40P01") => After::Undone,
                // connection exceptions, the server stops or crashed; statement completion unknown
                Some("57P01" | "57P02" | "57P03" | "40003") => After::Unknown,
                Some(code) if code.starts_with("08") => After::Unknown,
                _ => After::Final,
            },
            _ => After::Final,
        }
    }

    /// A row of that name is there.
    pub(super) fn is_there_already(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }

    /// Whether the same can succeed in a while.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        self.after() != After::Final || matches!(self, Self::Database(sqlx::Error::PoolTimedOut))
    }
}
