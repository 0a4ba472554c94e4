use async_trait::async_trait;
use sqlx::{Postgres, Row, Sqlite};

use super::super::{AdministrationStore, Client, KeptEntry, PostgresStore, Proposal, SqliteStore, Stored};
use crate::clock::Seconds;

/// Stands for no suspension: an entry is never one sign long.
const NONE: &str = "-";

macro_rules! implement {
    ($store:ty, $database:ty, $row:ty) => {
        const _: () = {
            fn entry(row: &$row) -> Stored<KeptEntry> {
                Ok(KeptEntry { operator: row.try_get(0)?, number: row.try_get(1)?, text: row.try_get(2)? })
            }

            fn proposal(row: &$row) -> Stored<Proposal> {
                Ok(Proposal {
                    client: row.try_get(0)?,
                    registration: row.try_get(1)?,
                    proposal: row.try_get(2)?,
                })
            }

            #[async_trait]
            impl AdministrationStore for $store {
                async fn add_entry(&self, operator: &str, number: i64, text: &str) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "INSERT INTO administration_entry (operator, number, entry) VALUES ($1, $2, $3) \
                         ON CONFLICT (operator, number) DO UPDATE SET entry = $3 \
                         WHERE administration_entry.entry = $3",
                    )
                    .bind(operator)
                    .bind(number)
                    .bind(text)
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn last_entry(&self, operator: &str) -> Stored<Option<KeptEntry>> {
                    sqlx::query::<$database>(
                        "SELECT operator, number, entry FROM administration_entry WHERE operator = $1 \
                         ORDER BY number DESC LIMIT 1",
                    )
                    .bind(operator)
                    .fetch_optional(&self.pool)
                    .await?
                    .as_ref()
                    .map(entry)
                    .transpose()
                }

                async fn entries(&self) -> Stored<Vec<KeptEntry>> {
                    sqlx::query::<$database>(
                        "SELECT operator, number, entry FROM administration_entry ORDER BY operator, number",
                    )
                    .fetch_all(&self.pool)
                    .await?
                    .iter()
                    .map(entry)
                    .collect()
                }

                async fn put_proposal(&self, proposal: &Proposal) -> Stored<()> {
                    sqlx::query::<$database>(
                        "INSERT INTO client_proposal (client, registration, proposal) VALUES ($1, $2, $3) \
                         ON CONFLICT (client) DO UPDATE SET registration = $2, proposal = $3",
                    )
                    .bind(proposal.client.as_str())
                    .bind(proposal.registration.as_str())
                    .bind(proposal.proposal.as_str())
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn proposal(&self, client: &str) -> Stored<Option<Proposal>> {
                    sqlx::query::<$database>(
                        "SELECT client, registration, proposal FROM client_proposal WHERE client = $1",
                    )
                    .bind(client)
                    .fetch_optional(&self.pool)
                    .await?
                    .as_ref()
                    .map(proposal)
                    .transpose()
                }

                async fn proposals(&self) -> Stored<Vec<Proposal>> {
                    sqlx::query::<$database>(
                        "SELECT client, registration, proposal FROM client_proposal ORDER BY client",
                    )
                    .fetch_all(&self.pool)
                    .await?
                    .iter()
                    .map(proposal)
                    .collect()
                }

                async fn end_proposal(&self, client: &str, proposal: &str) -> Stored<()> {
                    sqlx::query::<$database>(
                        "DELETE FROM client_proposal WHERE client = $1 AND proposal = $2",
                    )
                    .bind(client)
                    .bind(proposal)
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn approve_client(
                    &self,
                    client: &Client,
                    before: Option<&str>,
                    takes_up: Option<&str>,
                ) -> Stored<bool> {
                    let signed = client.approval.as_ref();
                    let done = sqlx::query::<$database>(
                        "INSERT INTO client (id, registration, proposal, approval, created_at) \
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET \
                         registration = $2, proposal = $3, approval = $4, \
                         suspended_at = CASE WHEN COALESCE(client.suspension, '') = $7 THEN NULL \
                         ELSE client.suspended_at END, \
                         suspension = CASE WHEN COALESCE(client.suspension, '') = $7 THEN NULL \
                         ELSE client.suspension END \
                         WHERE client.expires_at IS NULL \
                         AND (COALESCE(client.approval, '') = $6 OR client.approval = $4)",
                    )
                    .bind(client.id.as_str())
                    .bind(client.registration.as_str())
                    .bind(signed.map(|signed| signed.proposal.as_str()))
                    .bind(signed.map(|signed| signed.approval.as_str()))
                    .bind(client.created_at)
                    .bind(before.unwrap_or_default())
                    .bind(takes_up.unwrap_or(NONE))
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn suspend_client(&self, id: &str, since: Seconds, suspension: &str) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "UPDATE client SET suspended_at = $2, suspension = $3 WHERE id = $1",
                    )
                    .bind(id)
                    .bind(since)
                    .bind(suspension)
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }
            }
        };
    };
}

implement!(SqliteStore, Sqlite, sqlx::sqlite::SqliteRow);
implement!(PostgresStore, Postgres, sqlx::postgres::PgRow);
