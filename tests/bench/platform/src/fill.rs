//! A nation's worth of rows, as far as a sign-in meets them.

use sqlx::SqlitePool;

use crate::BenchError;

/// People who have signed in once, and agreed to what the bank asks for.
pub(crate) const SUBJECTS: u32 = 1_000_000;
/// People who are signed in now, each with a grant and an access token.
pub(crate) const SESSIONS: u32 = 100_000;

/// Statements; `$1` is the number of rows, `$2` the time.
const FILLING: [(u32, &str); 5] = [
    (
        SUBJECTS,
        "INSERT INTO account_key (person, account, created_at) SELECT randomblob(32), printf('account-%d', i), $2 FROM n",
    ),
    (
        SUBJECTS,
        "INSERT INTO consent (account, client, claims, given_at) \
      SELECT printf('account-%d', i), 'bank', 'openid name given_name family_name', $2 FROM n",
    ),
    (
        SESSIONS,
        "INSERT INTO session (id, account, sealed, authenticated_at, expires_at) \
      SELECT randomblob(32), printf('account-%d', i), randomblob(400), $2, $2 + 28800 FROM n",
    ),
    (
        SESSIONS,
        "INSERT INTO access_grant (id, client, account, code, code_used_at, code_expires_at, sealed, expires_at) \
      SELECT printf('grant-%d', i), 'bank', printf('account-%d', i), randomblob(32), $2, $2 + 60, randomblob(600), $2 + 28800 FROM n",
    ),
    (
        SESSIONS,
        "INSERT INTO token (access_grant, hash, kind, issued_at, expires_at) \
      SELECT printf('grant-%d', i), randomblob(32), 'access_token', $2, $2 + 28800 FROM n",
    ),
];

/// Fills the file of a store that has its tables.
pub(crate) async fn fill(url: &str, now: i64) -> Result<(), BenchError> {
    let pool = SqlitePool::connect(url).await?;
    for (rows, statement) in FILLING {
        let statement = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) {statement}"
        );
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(rows).bind(now).execute(&pool).await?;
    }
    pool.close().await;
    Ok(())
}
