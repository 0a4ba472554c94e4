//! The host's end: starts the child, gives it the encoded picture, takes the pixels.

use std::{
    env,
    ffi::OsStr,
    io::{self, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::MAX_ENCODED;
use crate::window::Picture;

/// The argument that makes the program the child that decodes a picture.
pub const PHOTO_ARGUMENT: &str = "--photo";
/// How long the child may take. What a card holds takes it some 50 ms; a computer may be busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// Decodes a JPEG or JPEG 2000 of at most [`MAX_ENCODED`] bytes in a child of this very program, which must call
/// [`run_photo_child`](super::run_photo_child) on [`PHOTO_ARGUMENT`]. Waits for it, for at most ten seconds.
///
/// # Errors
/// [`NoPicture`]: whatever the reason, there is none to be shown.
pub fn decode(encoded: &[u8]) -> Result<Picture, NoPicture> {
    // the very same program, also where its file was replaced by an update in the meantime
    if cfg!(target_os = "linux") {
        decode_with("/proc/self/exe", encoded)
    } else {
        decode_with(env::current_exe().map_err(NoPicture::Start)?, encoded)
    }
}

/// Like [`decode`], with the program named.
///
/// # Errors
/// As [`decode`].
pub fn decode_with(program: impl AsRef<OsStr>, encoded: &[u8]) -> Result<Picture, NoPicture> {
    if encoded.len() > MAX_ENCODED {
        return Err(NoPicture::TooLong);
    }
    let mut command = Command::new(program);
    // nothing of the host's surroundings is of any use to it
    command.arg(PHOTO_ARGUMENT).env_clear().current_dir("/");
    let mut child = ChildThatEnds(
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(NoPicture::Start)?,
    );
    let pipes = child.0.stdin.take().zip(child.0.stdout.take());
    let (input, output) = pipes.ok_or_else(|| NoPicture::Start(io::ErrorKind::BrokenPipe.into()))?;
    let encoded = encoded.to_vec();
    let (sender, decoded) = mpsc::channel();
    // a pipe that nobody empties or fills costs this thread, which ends with the child
    let worker = thread::Builder::new().name("photo".to_owned()).spawn(move || {
        // nobody listens any more where it took too long
        let _ = sender.send(exchange(input, output, &encoded));
    });
    worker.map_err(NoPicture::Start)?;
    match decoded.recv_timeout(PATIENCE) {
        Ok(picture) => picture.map_err(NoPicture::None),
        Err(_) => Err(NoPicture::TooSlow),
    }
}

fn exchange(mut input: ChildStdin, mut output: ChildStdout, encoded: &[u8]) -> io::Result<Picture> {
    input.write_all(encoded)?;
    drop(input);
    let picture = Picture::read_from(&mut output)?;
    // nothing follows
    if output.read(&mut [0])? == 0 { Ok(picture) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// A child that does not outlive its use.
struct ChildThatEnds(Child);

impl Drop for ChildThatEnds {
    fn drop(&mut self) {
        // already gone is as good
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum NoPicture {
    /// The child does not start.
    #[error("what decodes pictures does not start")]
    Start(#[source] io::Error),
    /// More than [`MAX_ENCODED`] bytes.
    #[error("the encoded picture is longer than any")]
    TooLong,
    /// The child gave none: what it was given is no picture, or too large a one, or it crashed.
    #[error("the card's picture cannot be decoded")]
    None(#[source] io::Error),
    /// The child did not end in time.
    #[error("the card's picture takes too long to decode")]
    TooSlow,
}
