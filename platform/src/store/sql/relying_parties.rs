use async_trait::async_trait;
use sqlx::{Pool, Postgres, Row, Sqlite};

use super::{
    super::{Approval, Attempt, Client, PostgresStore, Pushed, RelyingPartyStore, SqliteStore, Stored},
    bytes,
};
use crate::{clock::Seconds, secret::Hash};

const REMEMBER_ASSERTION: &str = "INSERT INTO client_assertion (name, expires_at, remembered_by) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET remembered_by = $3 WHERE client_assertion.remembered_by = $3";
const REMEMBER_PROOF: &str = "INSERT INTO dpop_proof (name, expires_at, remembered_by) VALUES ($1, $2, $3) \
     ON CONFLICT (name) DO UPDATE SET remembered_by = $3 WHERE dpop_proof.remembered_by = $3";

macro_rules! implement {
    ($store:ty, $database:ty, $row:ty) => {
        const _: () = {
            fn client(row: &$row) -> Stored<Client> {
                let proposal: Option<String> = row.try_get(2)?;
                let approval: Option<String> = row.try_get(3)?;
                Ok(Client {
                    id: row.try_get(0)?,
                    registration: row.try_get(1)?,
                    approval: proposal.zip(approval).map(|(proposal, approval)| Approval { proposal, approval }),
                    suspended_at: row.try_get(4)?,
                    suspension: row.try_get(5)?,
                    expires_at: row.try_get(6)?,
                    created_at: row.try_get(7)?,
                })
            }

            fn pushed(id: Hash, row: &$row) -> Stored<Pushed> {
                Ok(Pushed {
                    id,
                    client: row.try_get(0)?,
                    sealed: row.try_get(1)?,
                    expires_at: row.try_get(2)?,
                })
            }

            /// Whether nobody else had remembered the name.
            async fn remember(
                pool: &Pool<$database>,
                statement: &'static str,
                attempt: Attempt,
                name: Hash,
                expires_at: Seconds,
            ) -> Stored<bool> {
                let done = sqlx::query::<$database>(statement)
                    .bind(bytes(&name))
                    .bind(expires_at)
                    .bind(attempt.as_bytes())
                    .execute(pool)
                    .await?;
                Ok(done.rows_affected() == 1)
            }

            #[async_trait]
            impl RelyingPartyStore for $store {
                async fn add_client_by(&self, attempt: Attempt, client: &Client) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "INSERT INTO client (id, registration, expires_at, created_at, added_by) \
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET added_by = $5 \
                         WHERE client.added_by = $5",
                    )
                    .bind(client.id.as_str())
                    .bind(client.registration.as_str())
                    .bind(client.expires_at)
                    .bind(client.created_at)
                    .bind(attempt.as_bytes())
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn client(&self, id: &str) -> Stored<Option<Client>> {
                    sqlx::query::<$database>(
                        "SELECT id, registration, proposal, approval, suspended_at, suspension, expires_at, created_at \
                         FROM client WHERE id = $1",
                    )
                    .bind(id)
                    .fetch_optional(&self.reads)
                    .await?
                    .as_ref()
                    .map(client)
                    .transpose()
                }

                async fn clients(&self) -> Stored<Vec<Client>> {
                    sqlx::query::<$database>(
                        "SELECT id, registration, proposal, approval, suspended_at, suspension, expires_at, created_at \
                         FROM client ORDER BY id",
                    )
                    .fetch_all(&self.reads)
                    .await?
                    .iter()
                    .map(client)
                    .collect()
                }

                async fn count_standing_by_themselves(&self, now: Seconds) -> Stored<i64> {
                    let count = sqlx::query_scalar::<$database, i64>(
                        "SELECT COUNT(*) FROM client WHERE expires_at > $1",
                    );
                    Ok(count.bind(now).fetch_one(&self.pool).await?)
                }

                async fn add_pushed(&self, pushed: &Pushed) -> Stored<()> {
                    sqlx::query::<$database>(
                        "INSERT INTO pushed_request (id, client, sealed, expires_at) VALUES ($1, $2, $3, $4)",
                    )
                    .bind(bytes(&pushed.id))
                    .bind(pushed.client.as_str())
                    .bind(pushed.sealed.as_slice())
                    .bind(pushed.expires_at)
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn pushed(&self, id: Hash, now: Seconds) -> Stored<Option<Pushed>> {
                    sqlx::query::<$database>(
                        "SELECT client, sealed, expires_at FROM pushed_request \
                         WHERE id = $1 AND expires_at > $2 AND taken_by IS NULL",
                    )
                    .bind(bytes(&id))
                    .bind(now)
                    .fetch_optional(&self.reads)
                    .await?
                    .map(|row| pushed(id, &row))
                    .transpose()
                }

                async fn take_pushed_by(
                    &self,
                    attempt: Attempt,
                    id: Hash,
                    now: Seconds,
                ) -> Stored<Option<Pushed>> {
                    sqlx::query::<$database>(
                        "UPDATE pushed_request SET taken_by = $3 WHERE id = $1 AND expires_at > $2 \
                         AND (taken_by IS NULL OR taken_by = $3) RETURNING client, sealed, expires_at",
                    )
                    .bind(bytes(&id))
                    .bind(now)
                    .bind(attempt.as_bytes())
                    .fetch_optional(&self.pool)
                    .await?
                    .map(|row| pushed(id, &row))
                    .transpose()
                }

                async fn remember_assertion_by(
                    &self,
                    attempt: Attempt,
                    name: Hash,
                    expires_at: Seconds,
                ) -> Stored<bool> {
                    remember(&self.pool, REMEMBER_ASSERTION, attempt, name, expires_at).await
                }

                async fn remember_proof_by(
                    &self,
                    attempt: Attempt,
                    name: Hash,
                    expires_at: Seconds,
                ) -> Stored<bool> {
                    remember(&self.pool, REMEMBER_PROOF, attempt, name, expires_at).await
                }
            }
        };
    };
}

implement!(SqliteStore, Sqlite, sqlx::sqlite::SqliteRow);
implement!(PostgresStore, Postgres, sqlx::postgres::PgRow);
