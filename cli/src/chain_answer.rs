//! What `bitaqa chain verify` says.

use std::io::{self, Write};

use bitaqa_trust::{
    Certificate, DateTime, DistinguishedName,
    chain_verification::{ChainCheck, ChainReport, ChainStep},
    revocation::report::CertificateRevocation,
    token_verification::Outcome,
};
use serde::Serialize;

use crate::{printable::Printable, revocation_text, token_answer::sign};

/// The answer, as it is printed in JSON.
#[derive(Serialize)]
pub(crate) struct Answer {
    valid: bool,
    code: Option<&'static str>,
    message: Option<String>,
    at: String,
    checks: Vec<Check>,
    path: Option<Vec<PathCertificate>>,
    revocation: Option<Vec<CertificateRevocation>>,
}

#[derive(Serialize)]
struct Check {
    #[serde(flatten)]
    check: ChainCheck,
    explanation: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PathCertificate {
    role: &'static str,
    subject: String,
    issuer: String,
    number: String,
    key: String,
    sha256: String,
    not_before: String,
    not_after: String,
}

impl Answer {
    pub(crate) fn new(at: DateTime, report: &ChainReport) -> Self {
        let path = report.path.as_ref().map(|path| {
            let last = path.certificates().count() - 1;
            let role = |place| match place {
                0 if last == 0 => "anchor",
                0 => "leaf",
                place if place == last => "anchor",
                _ => "intermediate",
            };
            path.certificates()
                .enumerate()
                .map(|(place, certificate)| PathCertificate::new(role(place), certificate))
                .collect()
        });
        Self {
            valid: report.is_valid(),
            code: report.failure.as_ref().map(bitaqa_trust::chain_verification::ChainFailure::code),
            message: report.failure.as_ref().map(ToString::to_string),
            at: at.to_string(),
            checks: report
                .checks
                .iter()
                .map(|check| Check { check: *check, explanation: explanation(*check) })
                .collect(),
            path,
            revocation: report.revocation.as_ref().map(|report| report.certificates.clone()),
        }
    }

    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => writeln!(out, "INVALID: {} ({code})\n", Printable(message))?,
            _ => writeln!(out, "VALID at {}\n", self.at)?,
        }
        for Check { check, explanation } in &self.checks {
            let ChainCheck { step, outcome } = check;
            writeln!(out, "  {} {:<11}{:<13}{explanation}", sign(*outcome), step.name(), outcome.name())?;
        }
        if let Some(path) = &self.path {
            writeln!(out, "\nPath")?;
            for certificate in path {
                certificate.print(out)?;
            }
        }
        if let Some(certificates) = &self.revocation {
            writeln!(out, "\nRevocation")?;
            revocation_text::print(out, certificates)?;
        }
        Ok(())
    }
}

impl PathCertificate {
    fn new(role: &'static str, certificate: &Certificate) -> Self {
        let name = |name| {
            DistinguishedName::from_name(name).map_or_else(|_| "?".to_owned(), |name| name.to_string())
        };
        Self {
            role,
            subject: name(certificate.tbs().subject()),
            issuer: name(certificate.tbs().issuer()),
            number: hexadecimal(certificate.tbs().serial_number().as_bytes()),
            key: certificate
                .public_key()
                .map_or_else(|error| error.to_string(), |key| key.kind().to_string()),
            sha256: hexadecimal(&certificate.sha256()),
            not_before: certificate.not_before().to_string(),
            not_after: certificate.not_after().to_string(),
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "  {:<13}{}", self.role, Printable(&self.subject))?;
        writeln!(out, "  {:<13}number {}, {}", "", self.number, Printable(&self.key))?;
        writeln!(out, "  {:<13}{} to {}", "", self.not_before, self.not_after)
    }
}

/// What a line of the report means.
fn explanation(check: ChainCheck) -> &'static str {
    use ChainStep::{Policies, Revocation, Rules, Signatures, Validity};
    match (check.step, check.outcome) {
        (Signatures, Outcome::Passed) => {
            "each certificate is signed with the key of the next, up to one you trust"
        }
        (Signatures, _) => "no path of signatures leads to a certificate you trust",
        (Rules, Outcome::Passed) => {
            "authorities are authorities, within their lengths, names and constraints"
        }
        (Rules, Outcome::Failed) => "a rule of RFC 5280 is broken along the path",
        (Policies, Outcome::Passed) => "a policy you named holds along the path",
        (Policies, Outcome::Failed) => "no policy that is demanded holds along the path",
        (Policies, Outcome::NotChecked) => "no policy was named with --policy",
        (Validity, Outcome::Passed) => "every certificate was valid at the time",
        (Validity, Outcome::Failed) => "a certificate was not valid at the time",
        (Revocation, Outcome::Passed) => {
            "nobody but the anchor, whom you trust, could be revoked, and nobody was"
        }
        (Revocation, Outcome::Failed) => "somebody was revoked, or nobody can tell",
        (Revocation, Outcome::NotChecked) => "nobody looked, or nobody can tell",
        (_, Outcome::NotReached) => "not looked at, since a step before failed",
        (_, Outcome::NotChecked | Outcome::NotCompared) => "not looked at",
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
