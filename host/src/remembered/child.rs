//! The child that asks the keystore: the program started with `--remembered-number`.

use std::{
    fs::File,
    io::{self, Read, Write},
    os::fd::AsFd,
    process::ExitCode,
};

use zeroize::Zeroizing;

use super::{KEEP, LAST_USED, Label, NO, NUMBER, YES, secret_service::SecretService};
use crate::window::{AccessNumber, harden_process};

/// Answers the one request on standard input on standard output.
#[must_use]
pub fn run_remembered_child() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // the host only needs to know that there is no answer
        Err(_) => ExitCode::FAILURE,
    }
}

fn run() -> io::Result<()> {
    harden_process()?;
    // the standard library's own handles would buffer a number
    let mut input = File::from(rustix::stdio::stdin().as_fd().try_clone_to_owned()?);
    let mut output = File::from(rustix::stdio::stdout().as_fd().try_clone_to_owned()?);
    match byte(&mut input)? {
        LAST_USED => output.write_all(&last_used()),
        KEEP => {
            let mut label = vec![0; usize::from(byte(&mut input)?)];
            input.read_exact(&mut label)?;
            let label = String::from_utf8(label).map_err(io::Error::other)?;
            let label = Label::try_from(label).map_err(io::Error::other)?;
            let length = usize::from(byte(&mut input)?);
            let number = AccessNumber::read_from(&mut input, length).map_err(io::Error::other)?;
            let kept = number.key().is_some() && keep(&label, &number);
            output.write_all(&[if kept { YES } else { NO }])
        }
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn last_used() -> Zeroizing<Vec<u8>> {
    let Ok(Some(keystore)) = SecretService::open() else { return vec![NO].into() };
    let number = keystore.numbers().and_then(|numbers| match numbers.first() {
        Some(last) => keystore.secret(last).map(Some),
        None => Ok(None),
    });
    match number {
        Ok(Some(digits)) => {
            let Ok(length) = u8::try_from(digits.len()) else { return vec![YES].into() };
            let mut answer = Zeroizing::new(Vec::with_capacity(digits.len() + 2));
            answer.extend([NUMBER, length]);
            answer.extend(digits.iter());
            answer
        }
        Ok(None) => vec![YES].into(),
        Err(_) => vec![NO].into(),
    }
}

fn keep(label: &Label, number: &AccessNumber) -> bool {
    let keystore = SecretService::open().ok().flatten();
    keystore.is_some_and(|keystore| keystore.keep(label.as_str(), number.digits()).is_ok())
}

fn byte(input: &mut File) -> io::Result<u8> {
    let mut byte = [0];
    input.read_exact(&mut byte)?;
    Ok(byte[0])
}
