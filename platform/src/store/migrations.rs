//! The migrations that the program carries, one list for each kind of database.

use std::borrow::Cow;

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

pub(super) const SQLITE: [(i64, &str, &str); 7] = [
    (1, "first", include_str!("../../migrations/sqlite/0001_first.sql")),
    (2, "attempts", include_str!("../../migrations/sqlite/0002_attempts.sql")),
    (3, "back-channel logout", include_str!("../../migrations/sqlite/0003_back_channel_logout.sql")),
    (4, "dpop", include_str!("../../migrations/sqlite/0004_dpop.sql")),
    (5, "devices", include_str!("../../migrations/sqlite/0005_devices.sql")),
    (6, "administration", include_str!("../../migrations/sqlite/0006_administration.sql")),
    (7, "narrowed tokens", include_str!("../../migrations/sqlite/0007_narrowed_tokens.sql")),
];
pub(super) const POSTGRES: [(i64, &str, &str); 7] = [
    (1, "first", include_str!("../../migrations/postgres/0001_first.sql")),
    (2, "attempts", include_str!("../../migrations/postgres/0002_attempts.sql")),
    (3, "back-channel logout", include_str!("../../migrations/postgres/0003_back_channel_logout.sql")),
    (4, "dpop", include_str!("../../migrations/postgres/0004_dpop.sql")),
    (5, "devices", include_str!("../../migrations/postgres/0005_devices.sql")),
    (6, "administration", include_str!("../../migrations/postgres/0006_administration.sql")),
    (7, "narrowed tokens", include_str!("../../migrations/postgres/0007_narrowed_tokens.sql")),
];

/// The last migration of this version.
pub const SCHEMA_VERSION: i64 = {
    let [.., (version, _, _)] = SQLITE;
    version
};

pub(super) fn sqlite() -> Migrator {
    migrator(&SQLITE)
}

pub(super) fn postgres() -> Migrator {
    migrator(&POSTGRES)
}

/// Without the lock that sqlx would take: it is an advisory lock, which not every engine has. Migrations are run by one operator,
/// not by each process that starts.
fn migrator(list: &[(i64, &'static str, &'static str)]) -> Migrator {
    let migrations = list
        .iter()
        .map(|(version, name, text)| {
            Migration::new(
                *version,
                Cow::Borrowed(*name),
                MigrationType::Simple,
                (*text).into_sql_str(),
                false,
            )
        })
        .collect();
    let mut migrator = Migrator::with_migrations(migrations);
    migrator.set_locking(false);
    migrator
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_database_have_the_same_tables_and_columns() {
        let shape = |text: &str| {
            text.replace(") WITHOUT ROWID;", ");").replace(" BLOB", " BYTEA").replace(" INTEGER", " BIGINT")
        };
        assert_eq!(SQLITE.len(), POSTGRES.len());
        for ((_, name, sqlite), (_, _, postgres)) in SQLITE.iter().zip(&POSTGRES) {
            assert_eq!(shape(sqlite), *postgres, "{name}");
        }
    }
}
