use async_trait::async_trait;
use sqlx::{Pool, Postgres, Row, Sqlite};

use super::{
    super::{Grant, GrantStore, PostgresStore, Redeemed, SqliteStore, StoreError, Stored, Token, TokenKind},
    bytes, hash,
};
use crate::{clock::Seconds, secret::Hash};

const GRANT: &str = "SELECT id, client, account, code, code_used_at, code_expires_at, sealed, revoked_at, expires_at \
     FROM access_grant WHERE id = $1";
const TOKEN_WITH_GRANT: &str = "SELECT g.id, g.client, g.account, g.code, g.code_used_at, g.code_expires_at, g.sealed, \
     g.revoked_at, g.expires_at, t.kind, t.used_at, t.issued_at, t.expires_at, t.bound_to, t.part \
     FROM token t JOIN access_grant g ON g.id = t.access_grant \
     WHERE t.access_grant = $1 AND t.hash = $2 AND t.expires_at > $3 AND g.id = $1 AND g.revoked_at IS NULL";
const ADD_TOKEN: &str = "INSERT INTO token (access_grant, hash, kind, used_at, issued_at, expires_at, bound_to, part) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

const USE_CODE: &str = "UPDATE access_grant SET code_used_at = $3 WHERE id = $1 AND code = $2 \
     AND code_used_at IS NULL AND code_expires_at > $3 AND revoked_at IS NULL";
const CODE_WAS_USED: &str =
    "SELECT code_used_at FROM access_grant WHERE id = $1 AND code = $2 AND code_used_at IS NOT NULL";
const USE_REFRESH: &str = "UPDATE token SET used_at = $3 WHERE access_grant = $1 AND hash = $2 AND kind = 'refresh_token' \
     AND used_at IS NULL AND expires_at > $3 AND EXISTS (SELECT 1 FROM access_grant g WHERE g.id = $1 AND g.revoked_at IS NULL)";
const REFRESH_WAS_USED: &str = "SELECT used_at FROM token \
     WHERE access_grant = $1 AND hash = $2 AND kind = 'refresh_token' AND used_at IS NOT NULL";

macro_rules! implement {
    ($store:ty, $database:ty, $row:ty) => {
        const _: () = {
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
                    .bind(token.part.as_deref())
            }

            /// Uses something up by the first statement, and keeps what comes of it; the second finds whether it was used before.
            async fn redeem(
                pool: &Pool<$database>,
                [use_up, was_used]: [&'static str; 2],
                grant: &str,
                hash: Hash,
                now: Seconds,
                tokens: &[Token],
            ) -> Stored<Redeemed> {
                let mut transaction = pool.begin().await?;
                let done = sqlx::query::<$database>(use_up)
                    .bind(grant)
                    .bind(bytes(&hash))
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
                let used = sqlx::query::<$database>(was_used)
                    .bind(grant)
                    .bind(bytes(&hash))
                    .fetch_optional(&mut *transaction)
                    .await?;
                Ok(if used.is_some() { Redeemed::Again } else { Redeemed::Unknown })
            }

            #[async_trait]
            impl GrantStore for $store {
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
                    let row = sqlx::query::<$database>(GRANT).bind(id).fetch_optional(&self.reads).await?;
                    row.as_ref().map(grant).transpose()
                }

                async fn redeem_code(
                    &self,
                    grant: &str,
                    code: Hash,
                    now: Seconds,
                    tokens: &[Token],
                ) -> Stored<Redeemed> {
                    redeem(&self.pool, [USE_CODE, CODE_WAS_USED], grant, code, now, tokens).await
                }

                async fn redeem_refresh(
                    &self,
                    grant: &str,
                    used: Hash,
                    now: Seconds,
                    tokens: &[Token],
                ) -> Stored<Redeemed> {
                    redeem(&self.pool, [USE_REFRESH, REFRESH_WAS_USED], grant, used, now, tokens).await
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
                        .fetch_optional(&self.reads)
                        .await?;
                    let Some(row) = row else { return Ok(None) };
                    let kind = TokenKind::from_name(row.try_get::<&str, _>(9)?)
                        .ok_or(StoreError::Unreadable { what: "token" })?;
                    let found = Token {
                        grant: id.to_owned(),
                        hash: token,
                        kind,
                        bound_to: row.try_get::<Option<&[u8]>, _>(13)?.map(hash).transpose()?,
                        part: row.try_get(14)?,
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
            }
        };
    };
}

implement!(SqliteStore, Sqlite, sqlx::sqlite::SqliteRow);
implement!(PostgresStore, Postgres, sqlx::postgres::PgRow);
