//! `bitaqa masterlist import`.

use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_trust::icao_pki::IcaoCertificate;
use clap::Args;
use serde::Serialize;

use super::{MasterListFailure, Source, show::Description, with_list};
use crate::{Verdict, passive_auth::hexadecimal, printable::Printable};

const HELP: &str = "\
A list that nobody vouches for is not imported. Each certificate is written to FOLDER as COUNTRY-DIGEST.cer (DER), where DIGEST is
the begin of its SHA-256; what is there already stays. Then use the folder: bitaqa passive-auth --csca FOLDER.

With --json one object is printed: {imported, files, trust, message, signedAt, signer, csca, certificates, unreadable}; imported
is the number of new files, the rest is as in bitaqa masterlist show.

Exit codes: 0 imported, 1 nobody vouches for the list, 2 wrong usage, an unreadable file or a folder that cannot be written.";

/// What to import, and where to.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    source: Source,

    /// Write the certificates to this folder; it is made if it is not there
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

#[derive(Serialize)]
struct Imported {
    imported: usize,
    files: Vec<String>,
    #[serde(flatten)]
    list: Description,
}

/// Imports a list.
pub(crate) fn import(arguments: &Arguments) -> Result<Verdict, MasterListFailure> {
    with_list(&arguments.source, |checked| {
        let mut imported = Imported { imported: 0, files: Vec::new(), list: Description::of(checked) };
        if let Ok(verified) = &checked.verified {
            let unwritable = |path: PathBuf| |error| MasterListFailure::Write { path, error };
            fs::create_dir_all(&arguments.out).map_err(unwritable(arguments.out.clone()))?;
            for certificate in verified.certificates() {
                let name = file_name(certificate);
                let path = arguments.out.join(&name);
                match fs::File::create_new(&path).and_then(|mut file| file.write_all(certificate.der())) {
                    Ok(()) => imported.imported += 1,
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        // the name has its digest; only the very same certificate may be behind it
                        if fs::read(&path).map_err(unwritable(path.clone()))? != certificate.der() {
                            return Err(MasterListFailure::Write { path, error });
                        }
                    }
                    Err(error) => return Err(MasterListFailure::Write { path, error }),
                }
                imported.files.push(name);
            }
        }
        let mut out = io::stdout().lock();
        if arguments.source.json {
            serde_json::to_writer_pretty(&mut out, &imported).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            imported.list.print_trust(&mut out)?;
            let folder = arguments.out.display().to_string();
            let (new, all) = (imported.imported, imported.files.len());
            if checked.verified.is_ok() {
                writeln!(out, "\n{all} certificates, {new} of them new, in {}", Printable(&folder))?;
            } else {
                writeln!(out, "Nothing was imported.")?;
            }
        }
        Ok(if checked.verified.is_ok() { Verdict::Yes } else { Verdict::No })
    })
}

/// Country and digest: nothing of the certificate's own text but two letters.
fn file_name(certificate: &IcaoCertificate) -> String {
    let country = certificate.subject().country().unwrap_or_default().trim().to_ascii_uppercase();
    let is_code = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
    let digest: String = hexadecimal(certificate.sha256()).chars().take(32).collect();
    format!("{}-{digest}.cer", if is_code { &country } else { "XX" })
}
