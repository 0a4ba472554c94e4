//! What `bitaqa token verify` says.

use std::io::{self, Write};

use bitaqa_protocol::Origin;
use bitaqa_trust::{
    Assurance, DateTime, Level, RefusedToken, VerifiedToken,
    revocation::report::CertificateRevocation,
    token_verification::{Check, Outcome},
};
use serde::Serialize;

use crate::{printable::Printable, revocation_text};

/// The answer, as it is printed in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Answer {
    valid: bool,
    code: Option<&'static str>,
    message: Option<String>,
    origin: String,
    at: String,
    checks: Vec<Check>,
    subject: Option<Subject>,
    certificate: Option<CertificateFacts>,
    issuer: Option<Issuer>,
    level: Level,
    assurance: Option<Assurance>,
    holder_verification: Option<&'static str>,
    revocation: Option<Vec<CertificateRevocation>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Subject {
    name: Option<String>,
    given_name: Option<String>,
    surname: Option<String>,
    common_name: Option<String>,
    personal_number: Option<String>,
    country: Option<String>,
    organisation: Option<String>,
    email: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CertificateFacts {
    sha256: String,
    number: String,
    issuer: String,
    not_before: String,
    not_after: String,
    policies: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Issuer {
    name: String,
    level: Level,
    assurance: Assurance,
}

impl Answer {
    pub(crate) fn new(
        origin: &Origin,
        at: DateTime,
        result: &Result<VerifiedToken, Box<RefusedToken>>,
    ) -> Self {
        let mut answer = Self {
            valid: result.is_ok(),
            code: None,
            message: None,
            origin: origin.to_string(),
            at: at.to_string(),
            checks: Vec::new(),
            subject: None,
            certificate: None,
            issuer: None,
            level: Level::None,
            assurance: None,
            holder_verification: None,
            revocation: None,
        };
        match result {
            Ok(verified) => answer.tell(verified),
            Err(refused) => {
                answer.code = Some(refused.failure.code());
                answer.message = Some(refused.failure.to_string());
                answer.checks.clone_from(&refused.checks);
                answer.revocation = refused.revocation.as_ref().map(|report| report.certificates.clone());
            }
        }
        answer
    }

    fn tell(&mut self, verified: &VerifiedToken) {
        let certificate = &verified.certificate;
        let subject = certificate.subject();
        self.checks.clone_from(&verified.checks);
        self.subject = Some(Subject {
            name: subject.display_name(),
            given_name: subject.given_name(),
            surname: subject.surname(),
            common_name: subject.common_name(),
            personal_number: certificate.personal_number().map(str::to_owned),
            country: subject.country().map(str::to_owned),
            organisation: subject.organisation(),
            email: certificate.email().map(str::to_owned),
        });
        self.certificate = Some(CertificateFacts {
            sha256: verified.fingerprint(),
            number: certificate.certificate_number(),
            issuer: certificate.issuer().to_string(),
            not_before: certificate.not_before().to_string(),
            not_after: certificate.not_after().to_string(),
            policies: certificate.policies().iter().map(ToString::to_string).collect(),
        });
        self.issuer = verified.issuer.as_ref().map(|issuer| Issuer {
            name: issuer.name.clone(),
            level: issuer.level,
            assurance: issuer.assurance,
        });
        self.level = verified.level();
        self.assurance = verified.assurance();
        self.holder_verification = Some(verified.holder_verification.name());
        self.revocation = verified.revocation.as_ref().map(|report| report.certificates.clone());
    }

    pub(crate) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        if self.assurance == Some(Assurance::Test) {
            writeln!(out, "TEST: the issuer is one for tests; nobody real signed in.\n")?;
        }
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => writeln!(out, "INVALID: {} ({code})\n", Printable(message))?,
            _ => writeln!(out, "VALID for {} at {}\n", self.origin, self.at)?,
        }
        for check in &self.checks {
            writeln!(out, "  {} {:<11}{}", sign(check.outcome), check.step.name(), check.outcome.name())?;
        }
        self.print_holder(out)?;
        if self.valid {
            self.print_limits(out)?;
        }
        if let Some(certificates) = &self.revocation {
            writeln!(out, "\nRevocation")?;
            revocation_text::print(out, certificates)?;
        }
        Ok(())
    }

    fn print_holder(&self, out: &mut impl Write) -> io::Result<()> {
        let (Some(subject), Some(certificate)) = (&self.subject, &self.certificate) else { return Ok(()) };
        writeln!(out)?;
        let mut line = |label: &str, value: Option<&str>| match value {
            Some(value) => writeln!(out, "  {label:<13}{}", Printable(value)),
            None => Ok(()),
        };
        line("Name", subject.name.as_deref())?;
        line("Number", subject.personal_number.as_deref())?;
        line("Country", subject.country.as_deref())?;
        line("E-mail", subject.email.as_deref())?;
        line("Issued by", Some(&certificate.issuer))?;
        line("Certificate", Some(&certificate.sha256))?;
        line("Valid until", Some(&certificate.not_after))?;
        line("Issuer", self.issuer.as_ref().map(|issuer| issuer.name.as_str()))
    }

    /// What the answer does not say.
    fn print_limits(&self, out: &mut impl Write) -> io::Result<()> {
        let level = match self.level {
            Level::None => "none",
            Level::Low => "low",
            Level::Substantial => "substantial",
            Level::High => "high",
        };
        writeln!(
            out,
            "  {:<13}{level}{}",
            "Level",
            match (&self.issuer, self.level) {
                (None, _) => " (no issuer profile was given with --issuers, so nobody vouches for a level)",
                (Some(_), Level::None) => " (the issuer's profile says none)",
                _ => "",
            }
        )?;
        if self.revocation.is_none() {
            writeln!(out, "  {:<13}not checked", "Revocation")?;
        }
        Ok(())
    }
}

/// A sign beside the word, so that neither stands alone.
pub(crate) fn sign(outcome: Outcome) -> char {
    match outcome {
        Outcome::Passed => '✓',
        Outcome::Failed => '✗',
        Outcome::NotChecked => '?',
        Outcome::NotReached => '·',
    }
}
