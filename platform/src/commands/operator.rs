//! Operators' keys.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::Path,
};

use bitaqa_jose::{Curve, PrivateJwk, jwk};
use bitaqa_platform::{
    administration::{Act, Draft, SignIn},
    clock::{Clock, date_time},
    secret::fill,
};
use bitaqa_protocol::Origin;
use zeroize::Zeroizing;

use super::CommandError;

/// Draws a key, writes it to a file that only its owner can read, and prints the public one.
pub(crate) fn new(path: &Path) -> Result<(), CommandError> {
    let at = |error| CommandError::File { path: path.to_owned(), error };
    let key = PrivateJwk::generate(Curve::P256, &mut fill)
        .map_err(|error| CommandError::OperatorKey { path: path.to_owned(), error })?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(at)?;
    file.write_all(key.to_json().as_bytes()).and_then(|()| file.sync_all()).map_err(at)?;
    writeln!(io::stdout(), "{}", serde_json::to_string(key.public())?)?;
    Ok(())
}

/// Prints what shows a platform's administration who its operator is.
pub(crate) fn sign_in(platform: &Origin, key: &PrivateJwk) -> Result<(), CommandError> {
    let said = SignIn::new(key, platform, Clock::system().now()).sign(key)?;
    writeln!(io::stdout(), "{said}")?;
    Ok(())
}

/// Signs what a page of the administration shows, says in words what that is, and prints it with the signature.
pub(crate) fn sign(draft: &str, key: &PrivateJwk) -> Result<(), CommandError> {
    let draft = Draft::parse(draft.trim())?;
    let signed = draft.sign(key)?;
    let (entry, mut said) = (&draft.entry, io::stderr());
    writeln!(said, "platform\t{}\noperator\t{}", entry.aud, entry.sub)?;
    writeln!(said, "when\t{}\nwhat\t{}\t{}", date_time(entry.iat), entry.act.name(), entry.act.client())?;
    match &entry.act {
        Act::Propose { registration, takes_up, .. } => {
            let ends = if takes_up.is_some() { ", ends the suspension" } else { "" };
            writeln!(said, "registration\t{registration}{ends}")?;
        }
        Act::Approve { proposal, .. } | Act::Refuse { proposal, .. } => {
            writeln!(said, "proposal\t{proposal}")?;
        }
        Act::Suspend { .. } => {}
    }
    if let Some(reason) = entry.act.reason() {
        writeln!(said, "reason\t{reason}")?;
    }
    writeln!(io::stdout(), "{signed}")?;
    Ok(())
}

/// Reads a private key that nobody but its owner can read.
pub(crate) fn key(path: &Path) -> Result<PrivateJwk, CommandError> {
    let at = |error| CommandError::File { path: path.to_owned(), error };
    let mut file = File::open(path).map_err(at)?;
    // asked of the file that is open: the name may lead elsewhere a moment later
    if file.metadata().map_err(at)?.mode() & 0o077 != 0 {
        return Err(CommandError::Readable { path: path.to_owned() });
    }
    let mut text = Zeroizing::new(Vec::new());
    Read::take(&mut file, jwk::MAX_LENGTH as u64).read_to_end(&mut text).map_err(at)?;
    PrivateJwk::parse(text.trim_ascii())
        .map_err(|error| CommandError::OperatorKey { path: path.to_owned(), error })
}
