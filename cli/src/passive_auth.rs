//! `bitaqa passive-auth`.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_card::lds::DataGroup;
use bitaqa_trust::{
    DateTime,
    csca_store::CscaPath,
    icao_pki::{IcaoCertificate, signature_scheme::hash_name},
    passive_authentication::{self, MAX_GROUP, MAX_SOD, Options, Outcome, Report, Unreadable},
};
use clap::Args;
use serde::Serialize;

use crate::{
    Verdict,
    bounded_file::read_bounded,
    csca_files::{self, CscaFilesError},
    moment::{self, MomentError},
    printable::{Printable, complain},
};

const EXAMPLE: &str = "\
Example:
  bitaqa card read --out card/
  bitaqa passive-auth --csca authorities/ --sod card/sod.bin --dg 1=card/dg1.bin --dg 2=card/dg2.bin

The chip of a passport or identity card holds data groups (DG1 is the machine readable zone, DG2 the portrait) and EF.SOD, a list
of their digests that a document signer of the country signed. The country's signing authority (CSCA) vouches for the signer.
Genuine means: an authority that you trust vouches for the signer, and every group that you gave is what was signed. It does not
mean that the chip is no copy: that is what the chip proves itself (bitaqa card authenticate).

The steps, all of which are taken:
  signer            the signer's certificate is there, in EF.SOD or beside the authorities
  content           the signature is about this list of digests
  signature         the signer's key made it
  purpose           the signer's certificate is for signing documents
  path              a trusted authority signed that certificate, or one linked to it
  validity          signer and authority were valid at the time
  key-usage-period  the document was issued while the signer's key was in use, where that is said
  document-type     the signer may sign documents of this type, where that is said
  revocation        no revocation list names the signer
  groups            the groups that were given are the ones that were signed

With --json one object is printed:
  genuine        true or false
  code, message  the first of what speaks against it; null if genuine
  at             the time of the check
  checks         [{step, outcome, code, message}], outcome: passed, failed, not-checked or not-reached
  groups         [{group, state}], state: unchanged, altered, not-listed or not-given
  signature      {algorithm, digest, signedAt}: how EF.SOD is signed, the hash of its list, and when, as the signer says
  lds            {ldsVersion, unicodeVersion}; null where the list does not say
  signer         {subject, issuer, serialNumber, notBefore, notAfter, key, sha256}; null if it was not found
  csca           the same of the authority that vouches for the signer; null if none is trusted
  links          the authorities behind that one, up to the one that is trusted
  notes          what of the files of --csca is not used, and why

Exit codes: 0 genuine, 1 not, 2 wrong usage or an unreadable file.";

/// Which document, and on whose word.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLE)]
pub(crate) struct Arguments {
    /// The countries that you trust: a file, or a folder of files (.pem, .crt, .cer, .der, .crl, .ml, .mls), with certificates of
    /// authorities, revocation lists and master lists. May be given several times
    #[arg(long, value_name = "PATH", required = true)]
    csca: Vec<PathBuf>,

    /// EF.SOD, as it was read
    #[arg(long, value_name = "FILE")]
    sod: PathBuf,

    /// A data group by its number, as it was read, such as 1=dg1.bin. May be given several times
    #[arg(long, value_name = "N=FILE", value_parser = parse_group)]
    dg: Vec<(DataGroup, PathBuf)>,

    /// Check as if it were this time (RFC 3339, like 2026-03-01T09:30:00Z); now if absent
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<DateTime>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

fn parse_group(text: &str) -> Result<(DataGroup, PathBuf), &'static str> {
    const USAGE: &str = "a group is given as its number and its file, such as 1=dg1.bin; groups are 1 to 16";
    let (number, file) = text.split_once('=').ok_or(USAGE)?;
    let number = number.strip_prefix("dg").or_else(|| number.strip_prefix("DG")).unwrap_or(number);
    let group = number.parse().ok().and_then(DataGroup::new).ok_or(USAGE)?;
    if file.is_empty() { Err(USAGE) } else { Ok((group, file.into())) }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Verdict {
    asked(arguments).unwrap_or_else(|error| {
        complain(&error);
        Verdict::NotAsked
    })
}

fn asked(arguments: &Arguments) -> Result<Verdict, NotAsked> {
    let at = arguments.at.map_or_else(moment::now, Ok)?;
    let countries = csca_files::countries(&arguments.csca, at)?;
    let read = |path: &PathBuf, limit| {
        read_bounded(path, limit).map_err(|error| NotAsked::File { path: path.clone(), error })
    };
    let sod = read(&arguments.sod, MAX_SOD)?;
    let contents = arguments.dg.iter().map(|(group, path)| Ok((*group, read(path, MAX_GROUP)?)));
    let contents = contents.collect::<Result<Vec<_>, NotAsked>>()?;
    let groups: Vec<(DataGroup, &[u8])> =
        contents.iter().map(|(group, content)| (*group, content.as_slice())).collect();
    let report = passive_authentication::verify(&sod, &groups, &countries.store, at, &Options::default())?;
    let answer = Answer::new(&report, at, countries.notes);
    let mut out = io::stdout().lock();
    if arguments.json {
        serde_json::to_writer_pretty(&mut out, &answer).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        answer.print(&mut out)?;
    }
    Ok(if answer.genuine { Verdict::Yes } else { Verdict::No })
}

/// Why the question could not be asked.
#[derive(Debug, thiserror::Error)]
enum NotAsked {
    #[error("{}: {error}", .path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("{0}")]
    Unreadable(#[from] Unreadable),
    #[error("{0}")]
    Csca(#[from] CscaFilesError),
    #[error("{0}")]
    Moment(#[from] MomentError),
    #[error("the answer cannot be written: {0}")]
    Output(#[from] io::Error),
}

/// The answer, as it is printed in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    genuine: bool,
    code: Option<&'static str>,
    message: Option<String>,
    at: String,
    checks: Vec<CheckLine>,
    groups: Vec<GroupLine>,
    signature: SignatureFacts,
    lds: Option<Versions>,
    signer: Option<CertificateFacts>,
    csca: Option<CertificateFacts>,
    links: Vec<CertificateFacts>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct CheckLine {
    step: &'static str,
    outcome: &'static str,
    code: Option<&'static str>,
    message: Option<String>,
}

#[derive(Serialize)]
struct GroupLine {
    group: &'static str,
    state: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignatureFacts {
    algorithm: Option<String>,
    digest: &'static str,
    signed_at: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Versions {
    lds_version: String,
    unicode_version: String,
}

/// A certificate of a signer or an authority.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CertificateFacts {
    pub(crate) subject: String,
    pub(crate) issuer: String,
    serial_number: String,
    not_before: String,
    pub(crate) not_after: String,
    key: Option<String>,
    pub(crate) sha256: String,
}

impl CertificateFacts {
    pub(crate) fn of(certificate: &IcaoCertificate) -> Self {
        Self {
            subject: certificate.subject().to_string(),
            issuer: certificate.issuer().to_string(),
            serial_number: hexadecimal(certificate.serial_number()),
            not_before: certificate.not_before().to_string(),
            not_after: certificate.not_after().to_string(),
            key: certificate.key().ok().map(ToString::to_string),
            sha256: hexadecimal(certificate.sha256()),
        }
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Answer {
    fn new(report: &Report<'_>, at: DateTime, notes: Vec<String>) -> Self {
        let fault = report.faults().next();
        let checks = report.checks().iter().map(|check| {
            let (code, message) = match &check.outcome {
                Outcome::Failed(fault) => (Some(fault.code()), Some(fault.to_string())),
                Outcome::NotChecked(reason) => (Some(reason.code()), Some(reason.to_string())),
                _ => (None, None),
            };
            CheckLine { step: check.step.name(), outcome: check.outcome.name(), code, message }
        });
        let group = |check: &passive_authentication::GroupCheck<'_>| GroupLine {
            group: check.group.name(),
            state: check.state.name(),
        };
        let mut authorities =
            report.path().into_iter().flat_map(CscaPath::authorities).map(CertificateFacts::of);
        Self {
            genuine: report.genuine().is_some(),
            code: fault.map(passive_authentication::Fault::code),
            message: fault.map(ToString::to_string),
            at: at.to_string(),
            checks: checks.collect(),
            groups: report.groups().iter().map(group).collect(),
            signature: SignatureFacts {
                algorithm: report.scheme().map(|scheme| scheme.to_string()),
                digest: hash_name(report.digest_algorithm()),
                signed_at: report.signing_time().map(|time| time.to_string()),
            },
            lds: report.versions().map(|versions| Versions {
                lds_version: versions.lds.clone(),
                unicode_version: versions.unicode.clone(),
            }),
            signer: report.signer().map(CertificateFacts::of),
            csca: authorities.next(),
            links: authorities.collect(),
            notes,
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        match (self.genuine, &self.csca) {
            (true, Some(csca)) => {
                writeln!(out, "GENUINE at {}: signed under {}\n", self.at, Printable(&csca.subject))?;
            }
            _ => self.print_faults(out)?,
        }
        for check in &self.checks {
            let message = check.message.as_ref().map_or_else(String::new, |message| format!(": {message}"));
            let sign = sign(check.outcome);
            writeln!(out, "  {sign} {:<17}{}{}", check.step, check.outcome, Printable(&message))?;
        }
        writeln!(out)?;
        for group in &self.groups {
            writeln!(out, "  {:<19}{}", group.group, group.state)?;
        }
        writeln!(out)?;
        let mut line = |label: &str, value: Option<&str>| match value {
            Some(value) => writeln!(out, "  {label:<19}{}", Printable(value)),
            None => Ok(()),
        };
        line("Signed with", self.signature.algorithm.as_deref())?;
        line("Signed at", self.signature.signed_at.as_deref())?;
        line("Signer", self.signer.as_ref().map(|signer| signer.subject.as_str()))?;
        line("Signer valid until", self.signer.as_ref().map(|signer| signer.not_after.as_str()))?;
        line("Authority", self.csca.as_ref().map(|csca| csca.subject.as_str()))?;
        line("Authority SHA-256", self.csca.as_ref().map(|csca| csca.sha256.as_str()))?;
        for note in &self.notes {
            writeln!(out, "  Note: {}", Printable(note))?;
        }
        if self.genuine {
            writeln!(out, "\nWhether the chip is a copy is another question: bitaqa card authenticate.")?;
        }
        Ok(())
    }

    fn print_faults(&self, out: &mut impl Write) -> io::Result<()> {
        for check in self.checks.iter().filter(|check| check.outcome == "failed") {
            let message = check.message.as_deref().unwrap_or_default();
            writeln!(out, "NOT GENUINE: {} ({})", Printable(message), check.code.unwrap_or_default())?;
            if check.code == Some("csca-unknown") {
                writeln!(
                    out,
                    "If you trust that country, add its authority's certificate, or a master list, to --csca."
                )?;
            }
        }
        writeln!(out)
    }
}

/// A sign beside the word, so that neither stands alone.
fn sign(outcome: &str) -> char {
    match outcome {
        "passed" => '✓',
        "failed" => '✗',
        "not-checked" => '?',
        _ => '·',
    }
}
