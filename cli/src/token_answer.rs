//! What `bitaqa token verify` says.

use std::io::{self, Write};

use bitaqa_protocol::Origin;
use bitaqa_trust::{
    Assurance, DateTime, Level, RefusedToken, SignIn, VerifiedToken,
    revocation::report::CertificateRevocation,
    sign_in::{SignInCertificate, SignInIssuer, SignInSubject},
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
    subject: Option<SignInSubject>,
    certificate: Option<SignInCertificate>,
    issuer: Option<SignInIssuer>,
    level: Level,
    assurance: Option<Assurance>,
    holder_verification: Option<&'static str>,
    revocation: Option<Vec<CertificateRevocation>>,
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
            Ok(verified) => answer.tell(SignIn::of(verified)),
            Err(refused) => {
                answer.code = Some(refused.failure.code());
                answer.message = Some(refused.failure.to_string());
                answer.checks.clone_from(&refused.checks);
                answer.revocation = refused.revocation.as_ref().map(|report| report.certificates.clone());
            }
        }
        answer
    }

    fn tell(&mut self, sign_in: SignIn) {
        self.checks = sign_in.checks;
        self.subject = Some(sign_in.subject);
        self.certificate = Some(sign_in.certificate);
        self.issuer = sign_in.issuer;
        self.level = sign_in.level;
        self.assurance = sign_in.assurance;
        self.holder_verification = Some(sign_in.holder_verification.name());
        self.revocation = sign_in.revocation;
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
        Outcome::NotChecked | Outcome::NotCompared => '?',
        Outcome::NotReached => '·',
    }
}
