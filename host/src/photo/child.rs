//! The child that decodes a picture: the program started with `--photo`.

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};

use bitaqa_portrait::Bounds;
use rustix::process::{Resource, Rlimit, setrlimit};

use super::MAX_ENCODED;
use crate::window::{
    Picture, harden_process,
    picture::{MAX_HEIGHT, MAX_WIDTH},
};

/// Most address space, in bytes: the program itself and what the largest picture that is decoded needs.
const MEMORY: u64 = 512 * 1024 * 1024;
/// Most time on a processor, in seconds.
const PROCESSOR_TIME: u64 = 5;

/// Decodes the picture on standard input and writes it to standard output, as size and pixels
/// ([`Picture::write_to`](crate::window::Picture::write_to)). Gives nothing where there is none.
#[must_use]
pub fn run_photo_child() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // the host only needs to know that there is none, and the reason may be made by who made the picture
        Err(_) => ExitCode::FAILURE,
    }
}

fn run() -> io::Result<()> {
    confine()?;
    let limit = u64::try_from(MAX_ENCODED).unwrap_or(u64::MAX);
    let mut encoded = Vec::new();
    // one more than allowed, to see that there is more
    io::stdin().lock().take(limit.saturating_add(1)).read_to_end(&mut encoded)?;
    if encoded.len() > MAX_ENCODED {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    let picture = decode(&encoded).ok_or(io::ErrorKind::InvalidData)?;
    let mut output = io::stdout().lock();
    picture.write_to(&mut output)?;
    output.flush()
}

fn decode(encoded: &[u8]) -> Option<Picture> {
    let pixels = bitaqa_portrait::decode(encoded, Bounds { width: MAX_WIDTH, height: MAX_HEIGHT }).ok()?;
    let (width, height) = (u16::try_from(pixels.width()).ok()?, u16::try_from(pixels.height()).ok()?);
    Picture::new(width, height, pixels.into_rgb())
}

/// Takes away what decoding does not need, before the first byte is read: core images and whoever looks in, memory, time, files,
/// further processes (`getrlimit(2)`).
fn confine() -> io::Result<()> {
    harden_process()?;
    for (resource, most) in [
        (Resource::As, MEMORY),
        (Resource::Cpu, PROCESSOR_TIME),
        (Resource::Fsize, 0),
        (Resource::Nproc, 0),
        // standard input, output and error are open already
        (Resource::Nofile, 3),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
