//! `bitaqa trust sign`.

use std::{
    io::{self, Write as _},
    path::PathBuf,
};

use bitaqa_trust::trust_pack;
use clap::Args;

use super::{TrustFault, description, now};
use crate::{Verdict, bounded_file, key, moment::seconds};

const HELP: &str = r#"The description is JSON; files that it names stand beside it. docs/trust-packs.md has a short one to copy; these are all members, with
what they mean, which is not a part of it:

{
  "name": "national",                          small letters, digits, hyphens
  "version": 1,                                rises with each pack of this name
  "expires": "2027-06-01T00:00:00Z",           at most three years after now
  "test": true,                                everything in it is for tests; leave out for real packs
  "signers": ["next-key.json"],                who may sign the next version; the signer itself if left out
  "statement_issuers": [{
    "iss": "https://platform.example.ma",
    "keys": [{ "jwk": "platform.json", "not_before": "2026-06-01T00:00:00Z", "not_after": "2027-06-01T00:00:00Z" }],
    "origins": ["https://portal.example.ma", "https://*.gov.ma"]
  }],
  "csca": ["csca/"],                           files or folders of certificates, PEM or DER
  "issuer_profiles": "issuers.toml",           as for `bitaqa token verify --issuers`
  "status_sources": [{ "url": "https://status.example.ma", "states": ["MAR"] }],
  "documents": {                               who is believed about signed documents: files or folders of certificates
    "signers": ["signers/"],
    "time_stamp_authorities": ["stamps.pem"],
    "list_signers": ["supervisor.pem"]         who may sign trusted lists (ETSI TS 119 612)
  }
}

A key is a JSON Web Key, or the name of a file with one. A key of an issuer that is not to be believed any more stays in the pack,
with "revoked": TIME. docs/trust-packs.md has more.

Example:
  bitaqa key new --out signer.json
  bitaqa trust sign --key signer.json --out national.pack national.json
  sudo bitaqa trust add national.pack

Exit codes: 0 made, 2 the description or a file cannot be used."#;

/// What to sign.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    /// The signer's private key (JSON Web Key), which only you can read
    #[arg(long, value_name = "FILE")]
    key: PathBuf,

    /// Where the pack is written, a file that is not there yet; standard output if absent
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// The description of the pack (JSON)
    #[arg(value_name = "DESCRIPTION")]
    description: PathBuf,
}

/// Makes it.
pub(crate) fn sign(arguments: &Arguments) -> Result<Verdict, TrustFault> {
    let key = key::private(&arguments.key)?;
    let contents = description::read(&arguments.description, key.public(), seconds(now()?))?;
    let text = trust_pack::sign(&contents, key.public(), &key)? + "\n";
    match &arguments.out {
        Some(path) => bounded_file::create(path, 0o644, text.as_bytes())?,
        None => io::stdout().write_all(text.as_bytes())?,
    }
    // where others are told about it, this is what they compare
    writeln!(io::stderr(), "signed by {}", key.public().thumbprint().grouped())?;
    Ok(Verdict::Yes)
}
