//! The statements, which are the same for SQLite and PostgreSQL; each gets its own copy of the code around them, because sqlx has a
//! type for each.

use async_trait::async_trait;
use sqlx::{Postgres, Row, Sqlite};

use super::{
    Attempt, Client, Ending, Grant, Interaction, LogoutNotice, PostgresStore, Pushed, Redeemed, Session,
    SqliteStore, Store, StoreError, Stored, Token, TokenKind,
};
use crate::{clock::Seconds, secret::Hash};

const GRANT: &str = "SELECT id, client, account, code, code_used_at, code_expires_at, sealed, revoked_at, expires_at \
     FROM access_grant WHERE id = $1";
const TOKEN_WITH_GRANT: &str = "SELECT g.id, g.client, g.account, g.code, g.code_used_at, g.code_expires_at, g.sealed, \
     g.revoked_at, g.expires_at, t.kind, t.used_at, t.issued_at, t.expires_at, t.bound_to \
     FROM token t JOIN access_grant g ON g.id = t.access_grant \
     WHERE t.access_grant = $1 AND t.hash = $2 AND t.expires_at > $3 AND g.id = $1 AND g.revoked_at IS NULL";
const ADD_TOKEN: &str = "INSERT INTO token (access_grant, hash, kind, used_at, issued_at, expires_at, bound_to) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// One statement for each table in which things end.
const PURGE: [&str; 8] = [
    "DELETE FROM session WHERE expires_at <= $1",
    "DELETE FROM logout_notice WHERE expires_at <= $1",
    "DELETE FROM interaction WHERE expires_at <= $1",
    "DELETE FROM pushed_request WHERE expires_at <= $1",
    "DELETE FROM token WHERE expires_at <= $1",
    "DELETE FROM access_grant WHERE expires_at <= $1",
    "DELETE FROM client_assertion WHERE expires_at <= $1",
    "DELETE FROM dpop_proof WHERE expires_at <= $1",
];

fn hash(bytes: &[u8]) -> Stored<Hash> {
    bytes.try_into().map(Hash::from_bytes).map_err(|_| StoreError::Unreadable { what: "hash" })
}

fn bytes(hash: &Hash) -> &[u8] {
    hash.as_bytes()
}

macro_rules! sql_store {
    ($store:ty, $database:ty, $row:ty) => {
        const _: () = {
            fn client(row: &$row) -> Stored<Client> {
                Ok(Client {
                    id: row.try_get(0)?,
                    registration: row.try_get(1)?,
                    suspended_at: row.try_get(2)?,
                    created_at: row.try_get(3)?,
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

            fn grant(row: &$row) -> Stored<Grant> {
                Ok(Grant {
                    id: row.try_get(0)?,
                    client: row.try_get(1)?,
                    account: row.try_get(2)?,
                    code: hash(row.try_get::<&[u8], _>(3)?)?,
                    code_used_at: row.try_get(4)?,
                    code_expires_at: row.try_get(5)?,
                    sealed: row.try_get(6)?,
                    revoked_at: row.try_get(7)?,
                    expires_at: row.try_get(8)?,
                })
            }

            fn add_token(token: &Token) -> sqlx::query::Query<'_, $database, <$database as sqlx::Database>::Arguments> {
                sqlx::query::<$database>(ADD_TOKEN)
                    .bind(token.grant.as_str())
                    .bind(bytes(&token.hash))
                    .bind(token.kind.name())
                    .bind(token.used_at)
                    .bind(token.issued_at)
                    .bind(token.expires_at)
                    .bind(token.bound_to.as_ref().map(bytes))
            }

            #[async_trait]
            impl Store for $store {
                async fn add_client_by(&self, attempt: Attempt, client: &Client) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "INSERT INTO client (id, registration, suspended_at, created_at, added_by) \
                         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET added_by = $5 \
                         WHERE client.added_by = $5",
                    )
                    .bind(client.id.as_str())
                    .bind(client.registration.as_str())
                    .bind(client.suspended_at)
                    .bind(client.created_at)
                    .bind(attempt.as_bytes())
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn replace_client(&self, id: &str, registration: &str) -> Stored<bool> {
                    let done = sqlx::query::<$database>("UPDATE client SET registration = $2 WHERE id = $1")
                        .bind(id)
                        .bind(registration)
                        .execute(&self.pool)
                        .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn client(&self, id: &str) -> Stored<Option<Client>> {
                    sqlx::query::<$database>(
                        "SELECT id, registration, suspended_at, created_at FROM client WHERE id = $1",
                    )
                    .bind(id)
                    .fetch_optional(&self.pool)
                    .await?
                    .as_ref()
                    .map(client)
                    .transpose()
                }

                async fn clients(&self) -> Stored<Vec<Client>> {
                    sqlx::query::<$database>(
                        "SELECT id, registration, suspended_at, created_at FROM client ORDER BY id",
                    )
                    .fetch_all(&self.pool)
                    .await?
                    .iter()
                    .map(client)
                    .collect()
                }

                async fn suspend_client(&self, id: &str, since: Option<Seconds>) -> Stored<bool> {
                    let done = sqlx::query::<$database>("UPDATE client SET suspended_at = $2 WHERE id = $1")
                        .bind(id)
                        .bind(since)
                        .execute(&self.pool)
                        .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn account_of(&self, person: Hash, fresh: &str, now: Seconds) -> Stored<String> {
                    let select = || {
                        sqlx::query::<$database>("SELECT account FROM account_key WHERE person = $1")
                            .bind(bytes(&person))
                            .fetch_optional(&self.pool)
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
                    .fetch_optional(&self.pool)
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
                    .fetch_all(&self.pool)
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
                    .fetch_optional(&self.pool)
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
                        "UPDATE interaction SET ended_by = $2, sealed = $3 \
                         WHERE id = $1 AND (ended_by IS NULL OR ended_by = $2)",
                    )
                    .bind(bytes(&id))
                    .bind(attempt.as_bytes())
                    .bind([0_u8; 0].as_slice())
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
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
                    .fetch_optional(&self.pool)
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
                    .fetch_optional(&self.pool)
                    .await?;
                    Ok(row.map(|row| row.try_get(0)).transpose()?)
                }

                async fn add_grant(&self, grant: &Grant) -> Stored<()> {
                    sqlx::query::<$database>(
                        "INSERT INTO access_grant (id, client, account, code, code_used_at, code_expires_at, sealed, \
                         revoked_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                    )
                    .bind(grant.id.as_str())
                    .bind(grant.client.as_str())
                    .bind(grant.account.as_str())
                    .bind(bytes(&grant.code))
                    .bind(grant.code_used_at)
                    .bind(grant.code_expires_at)
                    .bind(grant.sealed.as_slice())
                    .bind(grant.revoked_at)
                    .bind(grant.expires_at)
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn grant(&self, id: &str) -> Stored<Option<Grant>> {
                    let row = sqlx::query::<$database>(GRANT).bind(id).fetch_optional(&self.pool).await?;
                    row.as_ref().map(grant).transpose()
                }

                async fn redeem_code(
                    &self,
                    grant: &str,
                    code: Hash,
                    now: Seconds,
                    tokens: &[Token],
                ) -> Stored<Redeemed> {
                    let mut transaction = self.pool.begin().await?;
                    let done = sqlx::query::<$database>(
                        "UPDATE access_grant SET code_used_at = $3 WHERE id = $1 AND code = $2 \
                         AND code_used_at IS NULL AND code_expires_at > $3 AND revoked_at IS NULL",
                    )
                    .bind(grant)
                    .bind(bytes(&code))
                    .bind(now)
                    .execute(&mut *transaction)
                    .await?;
                    if done.rows_affected() == 1 {
                        for token in tokens {
                            add_token(token).execute(&mut *transaction).await?;
                        }
                        transaction.commit().await?;
                        return Ok(Redeemed::First);
                    }
                    let used = sqlx::query::<$database>(
                        "SELECT code_used_at FROM access_grant \
                         WHERE id = $1 AND code = $2 AND code_used_at IS NOT NULL",
                    )
                    .bind(grant)
                    .bind(bytes(&code))
                    .fetch_optional(&mut *transaction)
                    .await?;
                    Ok(if used.is_some() { Redeemed::Again } else { Redeemed::Unknown })
                }

                async fn redeem_refresh(
                    &self,
                    grant: &str,
                    used: Hash,
                    now: Seconds,
                    tokens: &[Token],
                ) -> Stored<Redeemed> {
                    let mut transaction = self.pool.begin().await?;
                    let done = sqlx::query::<$database>(
                        "UPDATE token SET used_at = $3 WHERE access_grant = $1 AND hash = $2 AND kind = 'refresh_token' \
                         AND used_at IS NULL AND expires_at > $3 AND EXISTS \
                         (SELECT 1 FROM access_grant g WHERE g.id = $1 AND g.revoked_at IS NULL)",
                    )
                    .bind(grant)
                    .bind(bytes(&used))
                    .bind(now)
                    .execute(&mut *transaction)
                    .await?;
                    if done.rows_affected() == 1 {
                        for token in tokens {
                            add_token(token).execute(&mut *transaction).await?;
                        }
                        transaction.commit().await?;
                        return Ok(Redeemed::First);
                    }
                    let row = sqlx::query::<$database>(
                        "SELECT used_at FROM token \
                         WHERE access_grant = $1 AND hash = $2 AND kind = 'refresh_token' AND used_at IS NOT NULL",
                    )
                    .bind(grant)
                    .bind(bytes(&used))
                    .fetch_optional(&mut *transaction)
                    .await?;
                    Ok(if row.is_some() { Redeemed::Again } else { Redeemed::Unknown })
                }

                async fn add_token(&self, token: &Token) -> Stored<()> {
                    add_token(token).execute(&self.pool).await?;
                    Ok(())
                }

                async fn token(&self, id: &str, token: Hash, now: Seconds) -> Stored<Option<(Token, Grant)>> {
                    let row = sqlx::query::<$database>(TOKEN_WITH_GRANT)
                        .bind(id)
                        .bind(bytes(&token))
                        .bind(now)
                        .fetch_optional(&self.pool)
                        .await?;
                    let Some(row) = row else { return Ok(None) };
                    let kind = TokenKind::from_name(row.try_get::<&str, _>(9)?)
                        .ok_or(StoreError::Unreadable { what: "token" })?;
                    let found = Token {
                        grant: id.to_owned(),
                        hash: token,
                        kind,
                        bound_to: row.try_get::<Option<&[u8]>, _>(13)?.map(hash).transpose()?,
                        used_at: row.try_get(10)?,
                        issued_at: row.try_get(11)?,
                        expires_at: row.try_get(12)?,
                    };
                    Ok(Some((found, grant(&row)?)))
                }

                async fn end_token(&self, grant: &str, token: Hash) -> Stored<()> {
                    sqlx::query::<$database>("DELETE FROM token WHERE access_grant = $1 AND hash = $2")
                        .bind(grant)
                        .bind(bytes(&token))
                        .execute(&self.pool)
                        .await?;
                    Ok(())
                }

                async fn revoke_grant(&self, grant: &str, now: Seconds) -> Stored<()> {
                    sqlx::query::<$database>(
                        "UPDATE access_grant SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
                    )
                    .bind(grant)
                    .bind(now)
                    .execute(&self.pool)
                    .await?;
                    Ok(())
                }

                async fn remember_assertion_by(
                    &self,
                    attempt: Attempt,
                    name: Hash,
                    expires_at: Seconds,
                ) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "INSERT INTO client_assertion (name, expires_at, remembered_by) VALUES ($1, $2, $3) \
                         ON CONFLICT (name) DO UPDATE SET remembered_by = $3 \
                         WHERE client_assertion.remembered_by = $3",
                    )
                    .bind(bytes(&name))
                    .bind(expires_at)
                    .bind(attempt.as_bytes())
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn remember_proof_by(
                    &self,
                    attempt: Attempt,
                    name: Hash,
                    expires_at: Seconds,
                ) -> Stored<bool> {
                    let done = sqlx::query::<$database>(
                        "INSERT INTO dpop_proof (name, expires_at, remembered_by) VALUES ($1, $2, $3) \
                         ON CONFLICT (name) DO UPDATE SET remembered_by = $3 WHERE dpop_proof.remembered_by = $3",
                    )
                    .bind(bytes(&name))
                    .bind(expires_at)
                    .bind(attempt.as_bytes())
                    .execute(&self.pool)
                    .await?;
                    Ok(done.rows_affected() == 1)
                }

                async fn purge(&self, now: Seconds) -> Stored<()> {
                    for statement in PURGE {
                        sqlx::query::<$database>(statement).bind(now).execute(&self.pool).await?;
                    }
                    Ok(())
                }
            }
        };
    };
}

sql_store!(SqliteStore, Sqlite, sqlx::sqlite::SqliteRow);
sql_store!(PostgresStore, Postgres, sqlx::postgres::PgRow);
