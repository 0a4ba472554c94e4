//! `bitaqa masterlist show`.

use std::io::{self, Write};

use bitaqa_trust::master_list::VerifiedMasterList;
use clap::Args;
use serde::Serialize;

use super::{Checked, MasterListFailure, Source, with_list};
use crate::{Verdict, passive_auth::CertificateFacts, printable::Printable};

const HELP: &str = "\
Nothing is imported. With --json one object is printed:
  trust         who vouches for the list: given (an authority of --csca), itself (an authority in it) or none
  message       why nobody does; null otherwise
  signedAt      when it was signed, as the signer says
  signer, csca  {subject, issuer, serialNumber, notBefore, notAfter, key, sha256}; null if nobody vouches for it
  certificates  the same of each certificate of the list
  unreadable    [{number, message}]: certificates that are left out, and why

Exit codes: 0 somebody vouches for the list, 1 nobody does, 2 wrong usage or an unreadable file.";

/// What to show.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,
}

/// What a list is, as it is printed in JSON.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Description {
    pub(super) trust: &'static str,
    pub(super) message: Option<String>,
    pub(super) signed_at: Option<String>,
    pub(super) signer: Option<CertificateFacts>,
    pub(super) csca: Option<CertificateFacts>,
    certificates: Vec<CertificateFacts>,
    unreadable: Vec<Unreadable>,
}

#[derive(Serialize)]
struct Unreadable {
    number: usize,
    message: String,
}

impl Description {
    pub(super) fn of(checked: &Checked<'_>) -> Self {
        let verified = checked.verified.as_ref().ok();
        let unreadable = checked.list.unreadable().iter();
        Self {
            trust: checked.trust(),
            message: checked.verified.as_ref().err().map(ToString::to_string),
            signed_at: verified.and_then(VerifiedMasterList::signing_time).map(|time| time.to_string()),
            signer: verified.map(|list| CertificateFacts::of(list.signer())),
            csca: verified.map(|list| CertificateFacts::of(list.csca())),
            certificates: checked.list.claimed_certificates().iter().map(CertificateFacts::of).collect(),
            unreadable: unreadable
                .map(|entry| Unreadable { number: entry.number, message: entry.to_string() })
                .collect(),
        }
    }

    /// Who vouches for the list, for people.
    pub(super) fn print_trust(&self, out: &mut impl Write) -> io::Result<()> {
        let (Some(signer), Some(csca)) = (&self.signer, &self.csca) else {
            let message = self.message.as_deref().unwrap_or_default();
            return writeln!(out, "NOT VERIFIED: {}", Printable(message));
        };
        writeln!(out, "Signed by {}", Printable(&signer.subject))?;
        if let Some(time) = &self.signed_at {
            writeln!(out, "  at        {time}")?;
        }
        writeln!(out, "  under     {}", Printable(&csca.subject))?;
        writeln!(out, "  SHA-256   {}", csca.sha256)?;
        if self.trust == "itself" {
            writeln!(
                out,
                "That authority stands in the list itself. Compare its SHA-256 with what the publisher says."
            )?;
        }
        Ok(())
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        self.print_trust(out)?;
        writeln!(out, "\n{} certificates:", self.certificates.len())?;
        for certificate in &self.certificates {
            let link = if certificate.subject == certificate.issuer { "" } else { " (link)" };
            let subject = Printable(&certificate.subject);
            writeln!(out, "  {} until {}: {subject}{link}", &certificate.sha256, certificate.not_after)?;
        }
        self.unreadable
            .iter()
            .try_for_each(|entry| writeln!(out, "  Left out: {}", Printable(&entry.message)))
    }
}

/// Shows a list.
pub(crate) fn show(arguments: &Arguments) -> Result<Verdict, MasterListFailure> {
    with_list(&arguments.source, |checked| {
        let description = Description::of(checked);
        let mut out = io::stdout().lock();
        if arguments.source.json {
            serde_json::to_writer_pretty(&mut out, &description).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            description.print(&mut out)?;
        }
        Ok(if checked.verified.is_ok() { Verdict::Yes } else { Verdict::No })
    })
}
