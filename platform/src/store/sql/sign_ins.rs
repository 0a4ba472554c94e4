use async_trait::async_trait;
use sqlx::{Postgres, Row, Sqlite};

use super::{
    super::{
        Attempt, Ending, Interaction, LogoutNotice, PostgresStore, Session, SignInStore, SqliteStore,
        StoreError, Stored,
    },
    bytes, hash,
};
use crate::{clock::Seconds, secret::Hash};

macro_rules! implement {
    ($store:ty, $database:ty) => {
        const _: () = {
            #[async_trait]
            impl SignInStore for $store {
                async fn account_of(&self, person: Hash, fresh: &str, now: Seconds) -> Stored<String> {
                    let select = || {
                        sqlx::query::<$database>("SELECT account FROM account_key WHERE person = $1")
                            .bind(bytes(&person))
                            .fetch_optional(&self.reads)
                    };
                    if let Some(row) = select().await? {
                        return Ok(row.try_get(0)?);
                    }
                    sqlx::query::<$database>(
                        "INSERT INTO account_key (person, account, created_at) VALUES ($1, $2, $3) \
                         ON CONFLICT (person) DO NOTHING",
                    )
                    .bind(bytes(&person))
                    .bind(fresh)
                    .bind(now)
                    .execute(&self.pool)
                    .await?;
                    let row = select().await?.ok_or(StoreError::Unreadable { what: "account" })?;
                    Ok(row.try_get(0)?)
                }

                async fn knows_account(&self, person: Hash) -> Stored<bool> {
                    let found = sqlx::query::<$database>("SELECT 1 FROM account_key WHERE person = $1")
                        .bind(bytes(&person))
                        .fetch_optional(&self.pool)
                        .await?;
                    Ok(found.is_some())
                }

                async fn has_accounts(&self) -> Stored<bool> {
                    let found = sqlx::query::<$database>("SELECT 1 FROM account_key LIMIT 1")
                        .fetch_optional(&self.pool)
                        .await?;
                    Ok(found.is_some())
                }

                async fn add_session(&self, session: &Session) -> Stored<()> {
                    sqlx::query::<$database>(
                        "INSERT INTO session (id, account, sealed, authenticated_at, expires_at) \
                         VALUES ($1, $2, $3, $4, $5)",
                    )
                    .bind(bytes(&session.id))
                    .bind(session.account.as_str())
                    .bind(session.sealed.as_slice())
                    .bind(session.authenticated_at)
                    .bind(session.expires_at)
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn session(&self, id: Hash, now: Seconds) -> Stored<Option<Session>> {
                    sqlx::query::<$database>(
                        "SELECT account, sealed, authenticated_at, expires_at FROM session \
                         WHERE id = $1 AND expires_at > $2",
                    )
                    .bind(bytes(&id))
                    .bind(now)
                    .fetch_optional(&self.reads)
                    .await?
                    .map(|row| {
                        Ok(Session {
                            id,
                            account: row.try_get(0)?,
                            sealed: row.try_get(1)?,
                            authenticated_at: row.try_get(2)?,
                            expires_at: row.try_get(3)?,
                        })
                    })
                    .transpose()
                }

                async fn end_session(&self, id: Hash, name: Hash, ending: Ending) -> Stored<()> {
                    let mut transaction = self.pool.begin().await?;
                    let ended = sqlx::query::<$database>("DELETE FROM session WHERE id = $1")
                        .bind(bytes(&id))
                        .execute(&mut *transaction)
                        .await?;
                    if let (1, Ending::Told { now, until }) = (ended.rows_affected(), ending) {
                        sqlx::query::<$database>(
                            "UPDATE logout_notice SET due_at = $2, expires_at = $3 \
                             WHERE session = $1 AND due_at IS NULL",
                        )
                        .bind(bytes(&name))
                        .bind(now)
                        .bind(until)
                        .execute(&mut *transaction)
                        .await?;
                    }
                    Ok(transaction.commit().await?)
                }

                async fn add_logout_notice(
                    &self,
                    session: Hash,
                    notice: &LogoutNotice,
                    now: Seconds,
                ) -> Stored<bool> {
                    let mut transaction = self.pool.begin().await?;
                    // holds the session's row, so that who ends the session sees the notice, or this sees that it has ended
                    let goes_on = sqlx::query::<$database>(
                        "UPDATE session SET expires_at = expires_at WHERE id = $1 AND expires_at > $2",
                    )
                    .bind(bytes(&session))
                    .bind(now)
                    .execute(&mut *transaction)
                    .await?;
                    if goes_on.rows_affected() != 1 {
                        return Ok(false);
                    }
                    sqlx::query::<$database>(
                        "INSERT INTO logout_notice (session, client, sealed, due_at, attempts, expires_at) \
                         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (session, client) DO NOTHING",
                    )
                    .bind(bytes(&notice.session))
                    .bind(notice.client.as_str())
                    .bind(notice.sealed.as_slice())
                    .bind(notice.due_at)
                    .bind(notice.attempts)
                    .bind(notice.expires_at)
                    .execute(&mut *transaction)
                    .await?;
                    transaction.commit().await?;
                    Ok(true)
                }

                async fn keep_logout_notices(&self, name: Hash, expires_at: Seconds) -> Stored<()> {
                    sqlx::query::<$database>("UPDATE logout_notice SET expires_at = $2 WHERE session = $1")
                        .bind(bytes(&name))
                        .bind(expires_at)
                        .execute(&self.pool)
                        .await?;
                    Ok(())
                }

                async fn due_logout_notices(&self, now: Seconds, most: usize) -> Stored<Vec<LogoutNotice>> {
                    sqlx::query::<$database>(
                        "SELECT session, client, sealed, due_at, attempts, expires_at FROM logout_notice \
                         WHERE due_at <= $1 ORDER BY due_at LIMIT $2",
                    )
                    .bind(now)
                    .bind(i64::try_from(most).unwrap_or(i64::MAX))
                    .fetch_all(&self.reads)
                    .await?
                    .iter()
                    .map(|row| {
                        Ok(LogoutNotice {
                            session: hash(row.try_get::<&[u8], _>(0)?)?,
                            client: row.try_get(1)?,
                            sealed: row.try_get(2)?,
                            due_at: row.try_get(3)?,
                            attempts: row.try_get(4)?,
                            expires_at: row.try_get(5)?,
                        })
                    })
                    .collect()
                }

                async fn take_logout_notice_by(
                    &self,
                    attempt: Attempt,
                    notice: &LogoutNotice,
                    next: Seconds,
                ) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "UPDATE logout_notice SET due_at = $4, attempts = $5, taken_by = $6 \
                         WHERE session = $1 AND client = $2 AND (due_at = $3 OR (due_at = $4 AND taken_by = $6))",
                    )
                    .bind(bytes(&notice.session))
                    .bind(notice.client.as_str())
                    .bind(notice.due_at)
                    .bind(next)
                    .bind(notice.attempts + 1)
                    .bind(attempt.as_bytes())
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn end_logout_notice(&self, session: Hash, client: &str) -> Stored<()> {
                    sqlx::query::<$database>("DELETE FROM logout_notice WHERE session = $1 AND client = $2")
                        .bind(bytes(&session))
                        .bind(client)
                        .execute(&self.pool)
                        .await?;
                    Ok(())
                }

                async fn add_interaction(&self, interaction: &Interaction) -> Stored<()> {
                    sqlx::query::<$database>(
                        "INSERT INTO interaction (id, browser, sealed, challenge, challenge_expires_at, agreed_by, \
                         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                    )
                    .bind(bytes(&interaction.id))
                    .bind(bytes(&interaction.browser))
                    .bind(interaction.sealed.as_slice())
                    .bind(interaction.challenge.as_deref())
                    .bind(interaction.challenge_expires_at)
                    .bind(interaction.agreed_by.as_ref().map(bytes))
                    .bind(interaction.created_at)
                    .bind(interaction.expires_at)
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn interaction(&self, id: Hash, now: Seconds) -> Stored<Option<Interaction>> {
                    sqlx::query::<$database>(
                        "SELECT browser, sealed, challenge, challenge_expires_at, agreed_by, created_at, expires_at \
                         FROM interaction WHERE id = $1 AND expires_at > $2 AND ended_by IS NULL",
                    )
                    .bind(bytes(&id))
                    .bind(now)
                    .fetch_optional(&self.reads)
                    .await?
                    .map(|row| {
                        Ok(Interaction {
                            id,
                            browser: hash(row.try_get::<&[u8], _>(0)?)?,
                            sealed: row.try_get(1)?,
                            challenge: row.try_get(2)?,
                            challenge_expires_at: row.try_get(3)?,
                            agreed_by: row.try_get::<Option<&[u8]>, _>(4)?.map(hash).transpose()?,
                            created_at: row.try_get(5)?,
                            expires_at: row.try_get(6)?,
                        })
                    })
                    .transpose()
                }

                async fn set_challenge(&self, id: Hash, challenge: &str, expires_at: Seconds) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "UPDATE interaction SET challenge = $2, challenge_expires_at = $3, challenge_taken_by = NULL \
                         WHERE id = $1 AND ended_by IS NULL",
                    )
                    .bind(bytes(&id))
                    .bind(challenge)
                    .bind(expires_at)
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn take_challenge_by(
                    &self,
                    attempt: Attempt,
                    id: Hash,
                    now: Seconds,
                ) -> Stored<Option<String>> {
                    // whoever comes second finds nothing to change
                    let row = sqlx::query::<$database>(
                        "UPDATE interaction SET challenge_taken_by = $3 WHERE id = $1 AND challenge IS NOT NULL \
                         AND challenge_expires_at > $2 AND ended_by IS NULL \
                         AND (challenge_taken_by IS NULL OR challenge_taken_by = $3) RETURNING challenge",
                    )
                    .bind(bytes(&id))
                    .bind(now)
                    .bind(attempt.as_bytes())
                    .fetch_optional(&self.pool)
                    .await?;
                    Ok(row.map(|row| row.try_get(0)).transpose()?)
                }

                async fn agree(&self, id: Hash, session: Hash) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "UPDATE interaction SET agreed_by = $2 WHERE id = $1 AND ended_by IS NULL",
                    )
                    .bind(bytes(&id))
                    .bind(bytes(&session))
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn end_interaction_by(&self, attempt: Attempt, id: Hash) -> Stored<bool> {
                    // what was asked is not kept any longer than it is needed
                    let done = sqlx::query::<$database>(
                        "UPDATE interaction SET ended_by = $2, sealed = $3, challenge = NULL \
                         WHERE id = $1 AND (ended_by IS NULL OR ended_by = $2)",
                    )
                    .bind(bytes(&id))
                    .bind(attempt.as_bytes())
                    .bind([0_u8; 0].as_slice())
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn remember_device(&self, account: &str, device: Hash, expires_at: Seconds) -> Stored<()> {
                    sqlx::query::<$database>(
                        "INSERT INTO known_device (account, device, expires_at) VALUES ($1, $2, $3) \
                         ON CONFLICT (account, device) DO UPDATE SET expires_at = $3",
                    )
                    .bind(account)
                    .bind(bytes(&device))
                    .bind(expires_at)
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn device(&self, account: &str, device: Hash, now: Seconds) -> Stored<Option<Seconds>> {
                    let row = sqlx::query::<$database>(
                        "SELECT expires_at FROM known_device WHERE account = $1 AND device = $2 AND expires_at > $3",
                    )
                    .bind(account)
                    .bind(bytes(&device))
                    .bind(now)
                    .fetch_optional(&self.pool)
                    .await?;
                    Ok(row.map(|row| row.try_get(0)).transpose()?)
                }

                async fn put_consent(&self, account: &str, client: &str, claims: &str, now: Seconds) -> Stored<()> {
                    sqlx::query::<$database>(
                        "INSERT INTO consent (account, client, claims, given_at) VALUES ($1, $2, $3, $4) \
                         ON CONFLICT (account, client) DO UPDATE SET claims = $3, given_at = $4",
                    )
                    .bind(account)
                    .bind(client)
                    .bind(claims)
                    .bind(now)
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn consent(&self, account: &str, client: &str) -> Stored<Option<String>> {
                    let row = sqlx::query::<$database>(
                        "SELECT claims FROM consent WHERE account = $1 AND client = $2",
                    )
                    .bind(account)
                    .bind(client)
                    .fetch_optional(&self.reads)
                    .await?;
                    Ok(row.map(|row| row.try_get(0)).transpose()?)
                }
            }
        };
    };
}

implement!(SqliteStore, Sqlite);
implement!(PostgresStore, Postgres);
