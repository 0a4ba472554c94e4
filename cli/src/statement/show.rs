//! `bitaqa statement show`.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_host::trust_folder::InstalledPacks;
use bitaqa_protocol::{Claim, ClaimSet, Closure, Origin, PurposeId, Statement, statement::MAX_LENGTH};
use bitaqa_trust::{
    Assurance, DateTime, VerifiedStatement,
    statement::{self, Check, Outcome, RefusedStatement},
};
use clap::Args;
use serde::Serialize;

use super::StatementFault;
use crate::{Verdict, bounded_file, moment, printable::Printable};

const HELP: &str = "\
The steps, in order; a statement is believed if none fails:
  format     it is a statement at all, and names its issuer
  issuer     an installed trust pack that has not expired names the issuer
  key        the issuer's key is known, valid and not revoked
  signature  the key signed it
  content    it keeps to all rules (at most 15 minutes, bounded texts, a usable key of the portal)
  time       it has begun and not ended
  origins    the issuer may speak for all its origins

With --origin, --purpose and --claim it is also judged whether the statement covers a request. A chip gives out whole data groups, so
what comes along counts as asked for.

With --json one object is printed:
  valid, code, message   code and message say what failed (a stable word, and a sentence); null if valid
  at                     what time it was judged at
  checks                 [{step, outcome}], outcome: passed, failed or not-reached
  pack, key, assurance   who vouches for it: the trust pack, the issuer's key (thumbprint), test or production; null unless valid
  statement              what it says; null unless valid
  request                {covered, code, message}; null without --origin

Exit codes: 0 valid (and covering the request), 1 not, 2 wrong usage or an unreadable file.";

/// Which statement, and which request.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// Judge it as if it were this time (RFC 3339, like 2026-03-01T09:30:00Z); now if absent
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<DateTime>,

    /// Origin of a request, as browsers write it
    #[arg(long, value_name = "ORIGIN", requires = "purpose", value_parser = |text: &str| Origin::parse(text))]
    origin: Option<Origin>,

    /// Purpose of the request
    #[arg(long, value_name = "ID", requires = "origin", value_parser = |text: &str| PurposeId::parse(text))]
    purpose: Option<PurposeId>,

    /// A claim of the request; may be given several times
    #[arg(long, value_name = "NAME", requires = "origin", value_parser = |text: &str| Claim::parse(text))]
    claim: Vec<Claim>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,

    /// The statement; - for standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Serialize)]
struct Answer {
    valid: bool,
    code: Option<&'static str>,
    message: Option<String>,
    at: String,
    checks: Vec<Check>,
    pack: Option<String>,
    key: Option<String>,
    assurance: Option<Assurance>,
    statement: Option<Statement>,
    request: Option<Coverage>,
}

#[derive(Serialize)]
struct Coverage {
    covered: bool,
    code: Option<&'static str>,
    message: Option<String>,
}

/// Shows it.
pub(crate) fn show(arguments: &Arguments) -> Result<Verdict, StatementFault> {
    let text = bounded_file::read_text(&arguments.file, MAX_LENGTH + 1)?;
    let installed = InstalledPacks::of_this_computer();
    for line in installed.to_string().lines() {
        writeln!(io::stderr(), "bitaqa: {}", Printable(line))?;
    }
    let at = arguments.at.or_else(|| moment::now().ok()).ok_or(StatementFault::Clock)?;
    let result = statement::verify(text.trim_end(), &installed.packs, at);
    let answer = match &result {
        Ok(verified) => Answer::believed(verified, at, coverage(arguments, verified)),
        Err(refused) => Answer::refused(refused, at),
    };
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &answer).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        answer.print(&mut out)?;
    }
    let covered = answer.request.as_ref().is_none_or(|request| request.covered);
    Ok(if answer.valid && covered { Verdict::Yes } else { Verdict::No })
}

fn coverage(arguments: &Arguments, verified: &VerifiedStatement) -> Option<Coverage> {
    let (origin, purpose) = (arguments.origin.as_ref()?, arguments.purpose.as_ref()?);
    let closure = Closure::of(arguments.claim.iter().copied());
    let failure = verified.authorize(origin, purpose, &closure).err();
    Some(Coverage {
        covered: failure.is_none(),
        code: failure.as_ref().map(statement::AuthorizationError::code),
        message: failure.map(|failure| failure.to_string()),
    })
}

impl Answer {
    fn believed(verified: &VerifiedStatement, at: DateTime, request: Option<Coverage>) -> Self {
        Self {
            valid: true,
            code: None,
            message: None,
            at: at.to_string(),
            checks: verified.checks(),
            pack: Some(verified.pack.to_string()),
            key: Some(verified.key.to_string()),
            assurance: Some(verified.assurance),
            statement: Some(verified.statement.clone()),
            request,
        }
    }

    fn refused(refused: &RefusedStatement, at: DateTime) -> Self {
        Self {
            valid: false,
            code: Some(refused.failure.code()),
            message: Some(refused.failure.to_string()),
            at: at.to_string(),
            checks: refused.checks(),
            pack: None,
            key: None,
            assurance: None,
            statement: None,
            request: None,
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        if self.assurance == Some(Assurance::Test) {
            writeln!(out, "TEST: the trust pack is one for tests; the portal is not real.\n")?;
        }
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => writeln!(out, "INVALID: {} ({code})\n", Printable(message))?,
            _ => writeln!(out, "VALID at {}\n", self.at)?,
        }
        for check in &self.checks {
            let (sign, word) = match check.outcome {
                Outcome::Passed => ('✓', "passed"),
                Outcome::Failed => ('✗', "failed"),
                Outcome::NotReached => ('·', "not-reached"),
            };
            writeln!(out, "  {sign} {:<10}{word}", check.step.name())?;
        }
        if let Some(statement) = &self.statement {
            print_statement(out, statement)?;
            writeln!(out, "  {:<11}{}", "Vouched by", self.pack.as_deref().unwrap_or_default())?;
        }
        match &self.request {
            Some(Coverage { covered: true, .. }) => writeln!(out, "\nThe request is covered."),
            Some(Coverage { code, message, .. }) => writeln!(
                out,
                "\nThe request is NOT covered: {} ({})",
                Printable(message.as_deref().unwrap_or_default()),
                code.unwrap_or_default()
            ),
            None => Ok(()),
        }
    }
}

fn print_statement(out: &mut impl Write, statement: &Statement) -> io::Result<()> {
    writeln!(out)?;
    let mut line = |label: &str, value: &str| writeln!(out, "  {label:<11}{}", Printable(value));
    for (label, text) in [
        ("Name (ar)", Some(&statement.legal_name.ar)),
        ("Name (fr)", Some(&statement.legal_name.fr)),
        ("Name (en)", Some(&statement.legal_name.en)),
        ("Name (zgh)", statement.legal_name.zgh.as_ref()),
    ] {
        if let Some(text) = text {
            line(label, text.as_str())?;
        }
    }
    for origin in &statement.origins {
        line("Origin", origin.as_str())?;
    }
    for purpose in &statement.purposes {
        line("Purpose", &format!("{}: {}", purpose.id, purpose.text.en.as_str()))?;
    }
    line("Claims", &names(&statement.claims))?;
    line("Key", statement.jwk.key_id())?;
    line("Issuer", statement.iss.as_str())?;
    line("Issued", &moment::written(statement.iat))?;
    line("Expires", &moment::written(statement.exp))
}

fn names(claims: &ClaimSet) -> String {
    claims.iter().map(|claim| claim.to_string()).collect::<Vec<_>>().join(", ")
}
