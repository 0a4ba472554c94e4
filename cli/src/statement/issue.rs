//! `bitaqa statement issue`.

use std::{
    collections::BTreeSet,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use bitaqa_host::system_random;
use bitaqa_jose::{base64url, json};
use bitaqa_protocol::{
    Claim, Closure, Statement,
    statement::{MAX_LENGTH, MAX_LIFETIME},
};
use bitaqa_trust::statement;
use clap::Args;
use serde_json::{Map, Value};

use super::StatementFault;
use crate::{Verdict, bounded_file, key, moment};

const HELP: &str = r#"The description is the statement's JSON without iat, exp and jti, which this command adds; jwk may be the name of a file:

{
  "iss": "https://platform.example.ma",
  "legal_name": { "ar": "بوابة المثال", "fr": "Portail Exemple", "en": "Example Portal" },
  "origins": ["https://portal.example.ma"],
  "purposes": [{ "id": "open-account",
                 "text": { "ar": "فتح حساب", "fr": "Ouvrir un compte", "en": "Open an account" } }],
  "claims": ["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number",
             "document_number", "date_of_expiry"],
  "jwk": "portal.jwk"
}

A chip gives out whole data groups, so claims come in groups: whoever may know the name from the chip's zone comes to know the
document number as well. What a statement allows only in part is said on standard error. docs/statements.md has the list.

Example:
  bitaqa key new --out platform.json
  bitaqa key new --out portal.jwk --kid 2026-01
  bitaqa statement issue --key platform.json description.json > portal.jwt

Exit codes: 0 made, 2 the description or a file cannot be used."#;

/// What to issue.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// The issuer's private key (JSON Web Key), which only you can read
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    /// How long it counts, in seconds, from now: 1 to 900
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=MAX_LIFETIME))]
    valid_for: u64,

    /// The description of the statement (JSON); - for standard input
    #[arg(value_name = "DESCRIPTION")]
    description: PathBuf,
}

/// Makes it.
pub(crate) fn issue(arguments: &Arguments) -> Result<Verdict, StatementFault> {
    let key = key::private(&arguments.key)?;
    let now = moment::now().ok().map(moment::seconds).ok_or(StatementFault::Clock)?;
    let statement = read(&arguments.description, now, arguments.valid_for)?;
    let text = statement::issue(&statement, &key)?;
    warn(&statement)?;
    writeln!(io::stdout(), "{text}")?;
    Ok(Verdict::Yes)
}

fn read(path: &Path, now: u64, lifetime: u64) -> Result<Statement, StatementFault> {
    let fault = |text: String| StatementFault::Description(text);
    let bytes = bounded_file::read(path, MAX_LENGTH)?;
    let mut members: Map<String, Value> =
        json::from_slice(&bytes).map_err(|error| fault(error.to_string()))?;
    let mut identifier = [0; 16];
    system_random(&mut identifier);
    for (name, value) in [
        ("iat", Value::from(now)),
        ("exp", Value::from(now + lifetime)),
        ("jti", Value::from(base64url::encode(&identifier))),
    ] {
        if members.insert(name.to_owned(), value).is_some() {
            return Err(fault(format!("{name} is added by this command; leave it out")));
        }
    }
    if let Some(Value::String(file)) = members.get("jwk") {
        let folder = path.parent().unwrap_or(Path::new(""));
        let key = key::public(&folder.join(file))?;
        members.insert("jwk".to_owned(), serde_json::to_value(key).map_err(io::Error::from)?);
    }
    Statement::parse(Value::Object(members).to_string().as_bytes()).map_err(|error| fault(error.to_string()))
}

/// Says which data groups the statement allows only in part: nobody can read them.
fn warn(statement: &Statement) -> io::Result<()> {
    let groups: BTreeSet<_> = statement.claims.iter().map(Claim::group).collect();
    for group in groups {
        let told: Vec<_> = Closure::of_group(group).into_iter().collect();
        let missing: Vec<String> = told
            .into_iter()
            .filter(|claim| !statement.claims.allows(*claim))
            .map(|claim| claim.to_string())
            .collect();
        if !missing.is_empty() {
            writeln!(
                io::stderr(),
                "note: {group} cannot be read with this statement, for it also tells: {}",
                missing.join(", ")
            )?;
        }
    }
    Ok(())
}
