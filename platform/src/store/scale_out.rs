//! A lint: what engines that spread a table over many machines do not have, or have at a price that a sign-in must not pay, is in no
//! migration and in no statement.

use std::collections::BTreeMap;

use super::migrations::{POSTGRES, SQLITE};

/// What no text may hold. A unique key beside the primary one could be another than the one by which rows are spread.
const REFUSED: [&str; 11] = [
    "SERIAL",
    "SEQUENCE",
    "NEXTVAL",
    "AUTOINCREMENT",
    "IDENTITY",
    "TRIGGER",
    "ADVISORY",
    "LISTEN",
    "NOTIFY",
    "UNIQUE",
    "LOCK TABLE",
];

/// Who writes a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    /// One person, or one request: never two people's sign-ins.
    OnesOwn,
    /// Operators, and relying parties that register themselves: no sign-in.
    Administered,
}

/// Each table, the column by which its rows are spread, and who writes them. Whoever adds a table says it here and in the documentation.
const TABLES: [(&str, &str, Row); 14] = [
    ("access_grant", "id", Row::OnesOwn),
    ("account_key", "person", Row::OnesOwn),
    ("administration_entry", "operator", Row::Administered),
    ("client", "id", Row::Administered),
    ("client_assertion", "name", Row::OnesOwn),
    ("client_proposal", "client", Row::Administered),
    ("consent", "account", Row::OnesOwn),
    ("dpop_proof", "name", Row::OnesOwn),
    ("interaction", "id", Row::OnesOwn),
    ("known_device", "account", Row::OnesOwn),
    ("logout_notice", "session", Row::OnesOwn),
    ("pushed_request", "id", Row::OnesOwn),
    ("session", "id", Row::OnesOwn),
    ("token", "access_grant", Row::OnesOwn),
];

/// Sources with statements, and what of the administered tables they write.
const SOURCES: [(&str, &str, &[&str]); 5] = [
    (
        "administration.rs",
        include_str!("sql/administration.rs"),
        &["administration_entry", "client", "client_proposal"],
    ),
    ("grants.rs", include_str!("sql/grants.rs"), &[]),
    // what ended
    ("mod.rs", include_str!("sql/mod.rs"), &["client"]),
    // one that registers itself
    ("relying_parties.rs", include_str!("sql/relying_parties.rs"), &["client"]),
    ("sign_ins.rs", include_str!("sql/sign_ins.rs"), &[]),
];

/// Each table of a schema, with the first column of its primary key.
fn spread(schema: &str) -> BTreeMap<String, String> {
    let table = |text: &str| {
        let (name, rest) = text.split_once(" (")?;
        let columns = rest.split_once("\n)")?.0;
        let key = match columns.split_once("PRIMARY KEY (") {
            Some((_, key)) => key.split([',', ')']).next()?,
            None => columns.lines().find(|line| line.contains("PRIMARY KEY"))?.split_whitespace().next()?,
        };
        Some((name.to_owned(), key.to_owned()))
    };
    schema.split("CREATE TABLE ").skip(1).filter_map(table).collect()
}

/// The statements of a source, each on one line.
fn statements(source: &str) -> Vec<String> {
    let code: String =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let quoted = code.split('"').skip(1).step_by(2);
    let on_one_line =
        quoted.map(|text| text.replace("\\\n", " ").split_whitespace().collect::<Vec<_>>().join(" "));
    on_one_line
        .filter(|text| ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| text.starts_with(verb)))
        .collect()
}

/// The table that a statement writes, and what follows its name.
fn written(statement: &str) -> Option<(&str, &str)> {
    let verbs = ["INSERT INTO ", "UPDATE ", "DELETE FROM "];
    verbs.iter().find_map(|verb| statement.strip_prefix(verb))?.split_once(' ')
}

/// Whether a statement that writes names the one place where its row can be.
fn is_at_one_place(statement: &str, rest: &str, column: &str) -> bool {
    if !statement.starts_with("INSERT") {
        return rest.contains(&format!("WHERE {column} = $")) || rest == "WHERE expires_at <= $1";
    }
    let first = |list: &str| list.split([',', ')']).next().map(str::to_owned);
    let columns = rest.trim_start_matches('(').split(')').next().unwrap_or_default();
    let conflict = rest.split_once("ON CONFLICT (").map(|(_, list)| first(list));
    columns.split(", ").any(|name| name == column)
        && conflict.is_none_or(|conflict| conflict.as_deref() == Some(column))
}

/// What is wrong with a schema and with what writes into it.
fn faults(schema: &str, sources: &[(&str, &str, &[&str])]) -> Vec<String> {
    let mut faults = Vec::new();
    let of_table = |name: &str| TABLES.iter().find(|(table, _, _)| *table == name);
    let all: Vec<_> = sources
        .iter()
        .flat_map(|(file, source, administered)| {
            statements(source).into_iter().map(move |statement| (*file, statement, *administered))
        })
        .collect();
    let texts = [("migrations", schema)].into_iter();
    for (place, text) in texts.chain(all.iter().map(|(file, statement, _)| (*file, statement.as_str()))) {
        let upper = text.to_uppercase();
        faults.extend(
            REFUSED.iter().filter(|word| upper.contains(**word)).map(|word| format!("{place}: {word}")),
        );
    }
    for (name, key) in spread(schema) {
        match of_table(&name) {
            None => faults.push(format!("{name}: who writes it?")),
            Some((_, column, _)) if *column != key => {
                faults.push(format!("{name}: spread by {key}, not {column}"));
            }
            Some(_) => {}
        }
    }
    for (file, statement, administered) in &all {
        let Some((name, rest)) = written(statement) else { continue };
        match of_table(name) {
            None => faults.push(format!("{file}: no table: {statement}")),
            Some((_, _, Row::Administered)) if !administered.contains(&name) => {
                faults.push(format!("{file}: two people's sign-ins write it: {statement}"));
            }
            Some((_, column, _)) if !is_at_one_place(statement, rest, column) => {
                faults.push(format!("{file}: not at one place: {statement}"));
            }
            Some(_) => {}
        }
    }
    faults
}

fn schema(migrations: &[(i64, &str, &str)]) -> String {
    migrations.iter().map(|(_, _, text)| *text).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_engine_that_spreads_tables_over_machines_could_carry_what_there_is() {
    for migrations in [&SQLITE[..], &POSTGRES] {
        let schema = schema(migrations);
        assert_eq!(faults(&schema, &SOURCES), [""; 0]);
        // nothing was passed over
        assert_eq!(spread(&schema).len(), schema.matches("CREATE TABLE").count());
        assert_eq!(spread(&schema).len(), TABLES.len());
    }
    for (table, _, _) in TABLES {
        let all = SOURCES.iter().flat_map(|(_, source, _)| statements(source));
        let is_insert = |text: &String| {
            text.starts_with("INSERT") && written(text).is_some_and(|(name, _)| name == table)
        };
        assert!(all.into_iter().any(|text| is_insert(&text)), "nothing writes {table}");
    }
}

#[test]
fn the_documentation_says_by_what_each_table_is_spread() {
    let documented = include_str!("../../../docs/platform.md");
    let mut columns: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (table, column, _) in TABLES {
        columns.entry(column).or_default().push(table);
    }
    for (column, tables) in columns {
        let tables: Vec<_> = tables.iter().map(|table| format!("`{table}`")).collect();
        let row = format!("| `{column}` | {} |", tables.join(", "));
        assert!(documented.contains(&row), "docs/platform.md has no {row}");
    }
}

#[test]
fn each_fault_is_noticed() {
    let schema = schema(&POSTGRES);
    for (added, fault) in [
        ("CREATE TABLE counter (\n    id BIGSERIAL PRIMARY KEY\n);", "migrations: SERIAL"),
        ("CREATE UNIQUE INDEX one ON consent (client);", "migrations: UNIQUE"),
        ("CREATE TABLE visits (\n    day BIGINT NOT NULL PRIMARY KEY\n);", "visits: who writes it?"),
        (
            "CREATE TABLE token (\n    hash BYTEA NOT NULL,\n    PRIMARY KEY (hash, access_grant)\n);",
            "token: spread by hash, not access_grant",
        ),
    ] {
        let found = faults(&format!("{schema}\n{added}"), &SOURCES);
        assert!(found.iter().any(|found| found == fault), "{added}: {found:?}");
    }
    for (statement, fault) in [
        ("SELECT pg_advisory_lock(1)", "ADVISORY"),
        ("UPDATE client SET visits = visits + 1 WHERE id = $1", "two people's sign-ins write it"),
        ("INSERT INTO client_proposal (client, proposal) VALUES ($1, $2)", "two people's sign-ins write it"),
        ("UPDATE token SET used_at = $2 WHERE hash = $1", "not at one place"),
        ("DELETE FROM session WHERE account = $1", "not at one place"),
        ("INSERT INTO consent (client, claims) VALUES ($1, $2)", "not at one place"),
        (
            "INSERT INTO consent (account, client) VALUES ($1, $2) ON CONFLICT (client) DO NOTHING",
            "not at one place",
        ),
        ("UPDATE visits SET number = number + 1", "no table"),
    ] {
        let source = format!("query(\n    \"{statement}\",\n)");
        let found = faults(&schema, &[("sign_ins.rs", &source, &[])]);
        assert!(
            found.len() == 1 && found.iter().all(|found| found.contains(fault)),
            "{statement}: {found:?}"
        );
    }
}
