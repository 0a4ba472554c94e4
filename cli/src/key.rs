//! `bitaqa key …`: keys that sign trust packs and statements, and keys that portals receive answers with.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use bitaqa_host::system_random;
use bitaqa_jose::{Curve, JwkError, PrivateJwk, PublicJwk, jwk};
use clap::{Args, ValueEnum};
use zeroize::Zeroizing;

use crate::{
    Verdict,
    bounded_file::{self, FileFault},
};

const NEW_HELP: &str = "\
The file is a private JSON Web Key (RFC 7517) that only its owner can read. Whoever has it signs in its owner's name: for real
issuers keys belong into hardware; keys from here are for tests, for trying out, and for portals that open what is encrypted to
them.

Printed is the public key, to be handed on, and its fingerprint (RFC 7638 thumbprint, SHA-256), to be compared.";

/// Which key to make.
#[derive(Debug, Args)]
#[command(after_long_help = NEW_HELP)]
pub(crate) struct NewArguments {
    /// Where the private key is written; the file must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// Which curve: signatures on all three; portals' keys on p-256 or p-384
    #[arg(long, value_enum, default_value_t = CurveName::P256)]
    curve: CurveName,

    /// The key's name (kid), as statements and answers mention it; its thumbprint if absent
    #[arg(long, value_name = "NAME")]
    kid: Option<String>,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

/// Which key to show.
#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    /// A JSON Web Key, private or public
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CurveName {
    #[value(name = "p-256")]
    P256,
    #[value(name = "p-384")]
    P384,
    #[value(name = "ed25519")]
    Ed25519,
}

/// Why a key cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFault {
    #[error(transparent)]
    File(#[from] FileFault),
    #[error("{}: {error}", .path.display())]
    Key { path: PathBuf, error: JwkError },
    #[error("{}: others than its owner can read this private key\nchmod 600 puts that right; a key that was open to others should be replaced.", .path.display())]
    Open { path: PathBuf },
    #[error("{0}")]
    System(#[from] io::Error),
}

/// Makes a key.
pub(crate) fn new(arguments: &NewArguments) -> Result<Verdict, KeyFault> {
    let curve = match arguments.curve {
        CurveName::P256 => Curve::P256,
        CurveName::P384 => Curve::P384,
        CurveName::Ed25519 => Curve::Ed25519,
    };
    let fault = |error| KeyFault::Key { path: arguments.out.clone(), error };
    let mut key = PrivateJwk::generate(curve, &mut system_random).map_err(fault)?;
    if let Some(kid) = &arguments.kid {
        key = key.with_key_id(kid).map_err(fault)?;
    }
    let mut text = key.to_json();
    text.push('\n');
    bounded_file::create(&arguments.out, 0o600, text.as_bytes())?;
    print(key.public(), arguments.json)?;
    Ok(Verdict::Yes)
}

/// Shows the public part of a key.
pub(crate) fn show(arguments: &ShowArguments) -> Result<Verdict, KeyFault> {
    print(&public(&arguments.file)?, arguments.json)?;
    Ok(Verdict::Yes)
}

fn print(key: &PublicJwk, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let jwk = serde_json::to_string(key)?;
    if json {
        let fingerprint = key.thumbprint();
        return writeln!(
            out,
            "{}",
            serde_json::json!({ "jwk": key, "thumbprint": fingerprint, "fingerprint": fingerprint.grouped() })
        );
    }
    writeln!(out, "Public key   {jwk}")?;
    writeln!(out, "Fingerprint  {}", key.thumbprint().grouped())
}

/// Reads a private key that nobody but its owner can read.
pub(crate) fn private(path: &Path) -> Result<PrivateJwk, KeyFault> {
    let metadata = File::open(path).and_then(|file| file.metadata());
    let metadata = metadata.map_err(|error| FileFault { path: path.to_owned(), error })?;
    if metadata.is_file() && metadata.mode() & 0o077 != 0 {
        return Err(KeyFault::Open { path: path.to_owned() });
    }
    let bytes = Zeroizing::new(bounded_file::read(path, jwk::MAX_LENGTH)?);
    PrivateJwk::parse(&bytes).map_err(|error| KeyFault::Key { path: path.to_owned(), error })
}

/// Reads a public key, also out of a private one.
pub(crate) fn public(path: &Path) -> Result<PublicJwk, KeyFault> {
    let bytes = Zeroizing::new(bounded_file::read(path, jwk::MAX_LENGTH)?);
    match PublicJwk::parse(&bytes) {
        Err(JwkError::Private) => PrivateJwk::parse(&bytes).map(|key| key.public().clone()),
        outcome => outcome,
    }
    .map_err(|error| KeyFault::Key { path: path.to_owned(), error })
}
