//! The statements, which are the same for SQLite and PostgreSQL; each gets its own copy of the code around them, because sqlx has a
//! type for each.

mod administration;
mod grants;
mod relying_parties;
mod sign_ins;

use async_trait::async_trait;
use sqlx::{Postgres, Row, Sqlite};

use super::{PostgresStore, SqliteStore, Store, StoreError, Stored};
use crate::{clock::Seconds, secret::Hash};

/// One statement for each table in which things end.
const PURGE: [&str; 10] = [
    "DELETE FROM client WHERE expires_at <= $1",
    "DELETE FROM session WHERE expires_at <= $1",
    "DELETE FROM logout_notice WHERE expires_at <= $1",
    "DELETE FROM interaction WHERE expires_at <= $1",
    "DELETE FROM pushed_request WHERE expires_at <= $1",
    "DELETE FROM token WHERE expires_at <= $1",
    "DELETE FROM access_grant WHERE expires_at <= $1",
    "DELETE FROM client_assertion WHERE expires_at <= $1",
    "DELETE FROM known_device WHERE expires_at <= $1",
    "DELETE FROM dpop_proof WHERE expires_at <= $1",
];

fn hash(bytes: &[u8]) -> Stored<Hash> {
    bytes.try_into().map(Hash::from_bytes).map_err(|_| StoreError::Unreadable { what: "hash" })
}

fn bytes(hash: &Hash) -> &[u8] {
    hash.as_bytes()
}

macro_rules! implement {
    ($store:ty, $database:ty) => {
        #[async_trait]
        impl Store for $store {
            async fn schema_version(&self) -> Stored<i64> {
                let row = sqlx::query::<$database>("SELECT MAX(version) FROM _sqlx_migrations WHERE success")
                    .fetch_one(&self.pool)
                    .await?;
                Ok(row.try_get::<Option<i64>, _>(0)?.unwrap_or(0))
            }

            async fn purge(&self, now: Seconds) -> Stored<()> {
                for statement in PURGE {
                    sqlx::query::<$database>(statement).bind(now).execute(&self.pool).await?;
                }
                Ok(())
            }
        }
    };
}

implement!(SqliteStore, Sqlite);
implement!(PostgresStore, Postgres);
