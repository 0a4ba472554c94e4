//! What a sign-in costs a PostgreSQL database: the same everywhere, whatever the machine.

use std::{fmt, sync::Arc, thread, time::Duration};

use bitaqa_platform::store::PostgresStore;
use serde::Serialize;
use sqlx::{PgPool, Row};

use crate::{
    BenchError,
    ask::one_by_one,
    relay::{self, Counts},
    serve,
};

#[path = "../../../../platform/tests/postgres/mod.rs"]
#[allow(clippy::expect_used, clippy::unwrap_used, reason = "who cannot start a server cannot measure")]
mod postgres;

/// Sign-ins that are counted, one after the other.
const COUNTED: u32 = 500;
/// Sign-ins before them: each connection learns its statements once.
const WARM_UP: u32 = 100;
/// Longer than PostgreSQL keeps its statistics to itself.
const STATISTICS: Duration = Duration::from_secs(12);

/// Each for one sign-in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Costs {
    statements: f64,
    round_trips: f64,
    transactions: f64,
    rows_inserted: f64,
    /// Updated or deleted, and locked for that until the transaction ends; nothing else locks rows.
    rows_locked: f64,
    wal_bytes: f64,
}

impl fmt::Display for Costs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| statements | round trips | transactions | rows inserted | rows locked | WAL bytes |")?;
        writeln!(f, "|---|---|---|---|---|---|")?;
        write!(
            f,
            "| {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.0} |",
            self.statements,
            self.round_trips,
            self.transactions,
            self.rows_inserted,
            self.rows_locked,
            self.wal_bytes
        )
    }
}

/// At one time.
struct Standing {
    figures: [f64; 6],
}

/// Counts them.
pub(crate) fn costs() -> Result<Costs, BenchError> {
    let server = postgres::Postgres::start();
    let direct = server.database("measured");
    let (port, counts) = relay::start(server.port())?;
    let relayed = direct.replace(&format!(":{}/", server.port()), &format!(":{port}/"));
    // sqlx asks for TLS only if the URL does not say otherwise
    let relayed = format!("{relayed}?sslmode=disable");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let store = PostgresStore::connect(&relayed).await?;
        store.migrate().await?;
        let platform = serve::signed_in(Arc::new(store)).await?;
        let target = platform.target.clone();
        let serving = tokio::spawn(platform.serve());
        let asking = target.clone();
        tokio::task::spawn_blocking(move || one_by_one(&asking, WARM_UP)).await??;
        let statistics = PgPool::connect(&direct).await?;
        let before = standing(&statistics, &counts).await?;
        tokio::task::spawn_blocking(move || one_by_one(&target, COUNTED)).await??;
        let after = standing(&statistics, &counts).await?;
        serving.abort();
        let each = |index: usize| {
            let at = |standing: &Standing| standing.figures.get(index).copied().unwrap_or(f64::NAN);
            (at(&after) - at(&before)) / f64::from(COUNTED)
        };
        Ok(Costs {
            statements: each(0),
            round_trips: each(1),
            transactions: each(2),
            rows_inserted: each(3),
            rows_locked: each(4),
            wal_bytes: each(5),
        })
    })
}

/// What was counted until now.
async fn standing(statistics: &PgPool, counts: &Counts) -> Result<Standing, BenchError> {
    thread::sleep(STATISTICS);
    let row = sqlx::query(
        "SELECT xact_commit::float8, tup_inserted::float8, (tup_updated + tup_deleted)::float8, \
         (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 FROM pg_stat_database WHERE datname = current_database()",
    )
    .fetch_one(statistics)
    .await?;
    #[allow(clippy::cast_precision_loss, reason = "far fewer")]
    let [statements, round_trips] = [counts.statements() as f64, counts.round_trips() as f64];
    let [transactions, inserted, locked, wal] =
        [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?];
    Ok(Standing { figures: [statements, round_trips, transactions, inserted, locked, wal] })
}
