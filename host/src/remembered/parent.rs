//! The host's end: starts the child, asks it one thing, takes the answer.

use std::{
    env,
    ffi::OsStr,
    io::{self, Read, Write},
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{KEEP, LAST_USED, Label, NO, NUMBER, YES};
use crate::window::AccessNumber;

/// The argument that makes the program the child that asks the keystore.
pub const REMEMBERED_ARGUMENT: &str = "--remembered-number";
/// How long the child may take. It takes some 30 ms; a keystore may hang.
const PATIENCE: Duration = Duration::from_secs(3);
/// All that the child needs of the surroundings: where the session bus is.
const SURROUNDINGS: [&str; 2] = ["DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"];

/// What the keystore has.
#[derive(Debug)]
pub enum Keystore {
    /// There is none that can be used now.
    NotThere,
    /// Nothing is remembered.
    Empty,
    /// The number that was used last.
    Holds(AccessNumber),
}

/// The remembered number that was used last. Waits for at most three seconds; a keystore that says nothing is not there.
///
/// The child is this very program, which must call [`run_remembered_child`](super::run_remembered_child) on
/// [`REMEMBERED_ARGUMENT`].
#[must_use]
pub fn last_used() -> Keystore {
    ask(program(), &[&[LAST_USED]], |answer| {
        Ok(match byte(answer)? {
            NUMBER => {
                let length = usize::from(byte(answer)?);
                let number = AccessNumber::read_from(answer, length).map_err(io::Error::other)?;
                // what is none opens no card
                if number.key().is_some() { Keystore::Holds(number) } else { Keystore::Empty }
            }
            YES => Keystore::Empty,
            _ => Keystore::NotThere,
        })
    })
    .unwrap_or(Keystore::NotThere)
}

/// Has the keystore keep a number under a label; one that it has already becomes the last used one and keeps its label. Waits for
/// at most three seconds.
///
/// # Errors
/// The system's; [`io::ErrorKind::NotFound`] where the keystore does not take it.
pub fn keep(number: &AccessNumber, label: &Label) -> io::Result<()> {
    let label = label.as_str();
    let length = |text: &[u8]| u8::try_from(text.len()).map_err(|_| io::ErrorKind::InvalidInput);
    let (label_length, number_length) = (length(label.as_bytes())?, length(number.digits())?);
    let request: [&[u8]; 5] = [&[KEEP], &[label_length], label.as_bytes(), &[number_length], number.digits()];
    match ask(program(), &request, byte)? {
        NO => Err(io::ErrorKind::NotFound.into()),
        _ => Ok(()),
    }
}

fn program() -> std::path::PathBuf {
    // the very same program, also where its file was replaced by an update in the meantime
    let itself = "/proc/self/exe".into();
    if cfg!(target_os = "linux") { itself } else { env::current_exe().unwrap_or(itself) }
}

fn ask<A: Send + 'static>(
    program: impl AsRef<OsStr>,
    request: &[&[u8]],
    read: impl FnOnce(&mut ChildStdout) -> io::Result<A> + Send + 'static,
) -> io::Result<A> {
    let mut command = Command::new(program);
    command.arg(REMEMBERED_ARGUMENT).env_clear().current_dir("/");
    command.envs(SURROUNDINGS.iter().filter_map(|name| Some((name, env::var_os(name)?))));
    let mut child =
        ChildThatEnds(command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?);
    let pipes = child.0.stdin.take().zip(child.0.stdout.take());
    let (mut input, mut output) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
    // any pipe holds a request without anybody reading it
    for part in request {
        input.write_all(part)?;
    }
    drop(input);
    let (sender, answer) = mpsc::channel();
    // ends with the child
    thread::Builder::new().name("remembered-number".to_owned()).spawn(move || {
        // nobody listens any more where it took too long
        let _ = sender.send(read(&mut output));
    })?;
    answer.recv_timeout(PATIENCE).map_err(|_| io::ErrorKind::TimedOut)?
}

fn byte(answer: &mut ChildStdout) -> io::Result<u8> {
    let mut byte = [0];
    answer.read_exact(&mut byte)?;
    Ok(byte[0])
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
