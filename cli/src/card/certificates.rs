//! `bitaqa card certificates`.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_protocol::encode_base64;
use bitaqa_trust::AuthenticationCertificate;
use clap::Args;
use serde::Serialize;

use super::{CardFault, Selection, access_key::KeySource, description::describe, readers_with_card, run};
use crate::{Verdict, printable::Printable};

const HELP: &str = "\
The certificates are read, not verified. They hold the holder's name and number: mind where you put them. A card that gives them
only after PACE is opened with its card access number, or with document number and dates, which are asked for on the terminal
and not shown.

With --json: {certificates: [{reader, role, subject, personalNumber, issuer, notBefore, notAfter, key, pem}]}; the first
fields are null if a certificate cannot be parsed.

Exit codes: 0 done, 1 a card could not be used, 2 there is no service, reader or card, or a file cannot be written.";

/// Which card, and where to.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    key: KeySource,

    /// Write each certificate to this folder, as authentication.pem and signature.pem; existing files are kept
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

#[derive(Serialize)]
struct Certificates {
    certificates: Vec<Entry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    reader: String,
    role: &'static str,
    subject: Option<String>,
    personal_number: Option<String>,
    issuer: Option<String>,
    not_before: Option<String>,
    not_after: Option<String>,
    key: Option<String>,
    pem: String,
}

/// Reads the certificates of a card.
pub(crate) fn certificates(arguments: &Arguments) -> Result<Verdict, CardFault> {
    let certificates = run(async {
        let mut entries = Vec::new();
        for reader in readers_with_card(&arguments.selection).await? {
            let card = describe(&reader, &arguments.key).await?;
            let entry = |credential: &super::description::CredentialDescription| {
                Entry::of(&card.reader, credential.role, &credential.certificate)
            };
            entries.extend(card.credentials.iter().map(entry));
        }
        Ok(Certificates { certificates: entries })
    })?;
    if let Some(folder) = &arguments.out {
        fs::create_dir_all(folder)?;
        for entry in &certificates.certificates {
            let path = folder.join(format!("{}.pem", entry.role));
            let mut file = fs::File::create_new(&path)
                .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
            file.write_all(entry.pem.as_bytes())?;
        }
    }
    let mut out = io::stdout().lock();
    if arguments.selection.json {
        serde_json::to_writer_pretty(&mut out, &certificates).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        for entry in &certificates.certificates {
            entry.print(&mut out)?;
        }
    }
    Ok(Verdict::Yes)
}

impl Entry {
    fn of(reader: &str, role: &'static str, der: &[u8]) -> Self {
        let parsed = AuthenticationCertificate::from_der(der).ok();
        let parsed = parsed.as_ref();
        Self {
            reader: reader.to_owned(),
            role,
            subject: parsed.and_then(|certificate| certificate.subject().display_name()),
            personal_number: parsed.and_then(|certificate| certificate.personal_number().map(str::to_owned)),
            issuer: parsed.and_then(|certificate| certificate.issuer().display_name()),
            not_before: parsed.map(|certificate| certificate.not_before().to_string()),
            not_after: parsed.map(|certificate| certificate.not_after().to_string()),
            key: parsed.map(|certificate| certificate.public_key().kind().to_string()),
            pem: pem(der),
        }
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        let unknown = "(unreadable)";
        let shown = |value: &Option<String>| Printable(value.as_deref().unwrap_or(unknown)).to_string();
        writeln!(out, "{}: certificate for {}", Printable(&self.reader), self.role)?;
        writeln!(out, "  holder:  {}", shown(&self.subject))?;
        writeln!(out, "  number:  {}", shown(&self.personal_number))?;
        writeln!(out, "  issuer:  {}", shown(&self.issuer))?;
        writeln!(out, "  valid:   {} to {}", shown(&self.not_before), shown(&self.not_after))?;
        writeln!(out, "  key:     {}", shown(&self.key))?;
        writeln!(out, "{}", self.pem)
    }
}

/// RFC 7468, section 2.
fn pem(der: &[u8]) -> String {
    let text = encode_base64(der);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for (number, character) in text.chars().enumerate() {
        if number > 0 && number % 64 == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    pem + "\n-----END CERTIFICATE-----\n"
}
