//! The browser's end of native messaging, written here: frames of a length in native byte order and JSON, on the pipes of
//! the real program.
#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use std::{
    fs,
    io::{Read, Write},
    process::{Child, ChildStdin, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use bitaqa_protocol::host::CHROMIUM_EXTENSION_IDS;
use bitaqa_testbed::OwnRoot;
use serde_json::{Value, json};

/// The program.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_bitaqa-host");
/// Longer than anything takes that should be quick.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// Who asks in these tests.
pub(crate) const ORIGIN: &str = "https://portal.example.ma";
/// 32 bytes in base64.
pub(crate) const CHALLENGE: &str = "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=";

/// What Chromium puts on the command line.
pub(crate) fn chromium_origin() -> String {
    format!("chrome-extension://{}/", CHROMIUM_EXTENSION_IDS[0])
}

/// The program on a computer without display, session bus and smart card service.
pub(crate) fn bare_host() -> Command {
    let mut command = Command::new(PROGRAM);
    for variable in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(variable);
    }
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    command.env("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm");
    command
}

/// The same where the folder of the administrator is another one.
pub(crate) fn bare_host_in(root: &OwnRoot) -> Command {
    let bare = bare_host();
    let mut command = root.command(bare.get_program());
    for (name, value) in bare.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// A running host, and the browser's end of its port.
pub(crate) struct Peer {
    child: Child,
    input: Option<ChildStdin>,
    frames: Receiver<Value>,
    errors: Option<JoinHandle<String>>,
}

impl Peer {
    /// Starts the program as Chromium does.
    pub(crate) fn start(mut command: Command) -> Self {
        command.arg(chromium_origin());
        Self::start_as(command)
    }

    /// Starts it with whatever arguments it already has.
    pub(crate) fn start_as(mut command: Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let (mut output, mut errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (sender, frames) = mpsc::channel();
        thread::spawn(
            move || while read_frame(&mut output).is_some_and(|frame| sender.send(frame).is_ok()) {},
        );
        let errors = thread::spawn(move || {
            let mut said = String::new();
            let _ = errors.read_to_string(&mut said);
            said
        });
        Self { input: child.stdin.take(), child, frames, errors: Some(errors) }
    }

    /// With hello done.
    pub(crate) fn greeted(command: Command) -> Self {
        let mut peer = Self::start(command);
        peer.send(&hello(&[1]));
        assert_eq!(peer.next()["version"], 1);
        peer
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn send(&mut self, message: &Value) {
        self.send_bytes(&frame(&message.to_string()));
    }

    /// Bytes as they are; a host that is gone hears nothing.
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.input.as_mut().unwrap().write_all(bytes);
    }

    /// The next frame.
    #[track_caller]
    pub(crate) fn next(&self) -> Value {
        match self.frames.recv_timeout(PATIENCE) {
            Ok(frame) => frame,
            Err(RecvTimeoutError::Timeout) => panic!("the host says nothing"),
            Err(RecvTimeoutError::Disconnected) => panic!("the host ended its output"),
        }
    }

    /// The next frame that is not about how far a request is.
    #[track_caller]
    pub(crate) fn next_answer(&self) -> Value {
        loop {
            let frame = self.next();
            if frame["type"] != "progress" {
                return frame;
            }
        }
    }

    /// Waits until a request is at this stage.
    #[track_caller]
    pub(crate) fn wait_for_stage(&self, id: &str, stage: &str) {
        let mut heard = Vec::new();
        while let Ok(frame) = self.frames.recv_timeout(PATIENCE) {
            if frame == json!({ "type": "progress", "id": id, "stage": stage }) {
                return;
            }
            assert_eq!(frame["type"], "progress", "instead of {stage} of {id}: {frame}");
            heard.push(frame["stage"].clone());
        }
        panic!("instead of {stage} of {id}: {heard:?}");
    }

    /// Whether a request comes to this stage within a time.
    #[track_caller]
    pub(crate) fn hears_stage_within(&self, id: &str, stage: &str, time: Duration) -> bool {
        let until = Instant::now() + time;
        while let Ok(frame) = self.frames.recv_timeout(until.saturating_duration_since(Instant::now())) {
            assert_eq!(frame["type"], "progress", "instead of {stage} of {id}: {frame}");
            if frame["id"] == id && frame["stage"] == stage {
                return true;
            }
        }
        false
    }

    /// The next frame that is not about how far a request is, if one comes within a time.
    pub(crate) fn hears_within(&self, time: Duration) -> Option<Value> {
        let until = Instant::now() + time;
        while let Ok(frame) = self.frames.recv_timeout(until.saturating_duration_since(Instant::now())) {
            if frame["type"] != "progress" {
                return Some(frame);
            }
        }
        None
    }

    /// Wants nothing to be said for a while.
    #[track_caller]
    pub(crate) fn says_nothing_for(&self, time: Duration) {
        assert_eq!(self.frames.recv_timeout(time), Err(RecvTimeoutError::Timeout));
    }

    /// Frames until the end of the output.
    pub(crate) fn rest(&self) -> Vec<Value> {
        let until = Instant::now() + PATIENCE;
        let mut rest = Vec::new();
        loop {
            match self.frames.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(frame) => rest.push(frame),
                Err(RecvTimeoutError::Disconnected) => return rest,
                Err(RecvTimeoutError::Timeout) => panic!("the host does not end its output"),
            }
        }
    }

    /// Closes the port, as the browser does when the extension disconnects or ends.
    pub(crate) fn close(&mut self) {
        self.input = None;
    }

    /// Waits for the end of the process, at most this long.
    #[track_caller]
    pub(crate) fn ends_within(&mut self, time: Duration) -> ExitStatus {
        let until = Instant::now() + time;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < until, "the host does not end within {time:?}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// What came on standard error; after the end.
    pub(crate) fn errors(&mut self) -> String {
        self.errors.take().unwrap().join().unwrap()
    }

    /// Its processes for windows.
    pub(crate) fn windows(&self) -> Vec<u32> {
        children(self.id())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Length and text.
pub(crate) fn frame(text: &str) -> Vec<u8> {
    [&u32::try_from(text.len()).unwrap().to_ne_bytes(), text.as_bytes()].concat()
}

/// The host's standard output holds frames and nothing else: whatever is none ends the test.
fn read_frame(output: &mut impl Read) -> Option<Value> {
    let mut length = [0; 4];
    output.read_exact(&mut length).ok()?;
    let length = usize::try_from(u32::from_ne_bytes(length)).unwrap();
    assert!(length <= 512 * 1024, "a frame of {length} bytes");
    let mut text = vec![0; length];
    output.read_exact(&mut text).expect("a whole frame");
    Some(serde_json::from_slice(&text).expect("JSON"))
}

pub(crate) fn hello(versions: &[u16]) -> Value {
    json!({ "type": "hello", "versions": versions, "extension": "0.1.0" })
}

pub(crate) fn authenticate(id: &str) -> Value {
    json!({ "type": "authenticate", "id": id, "origin": ORIGIN, "challenge": CHALLENGE, "language": "en" })
}

pub(crate) fn cancel(id: &str) -> Value {
    json!({ "type": "cancel", "id": id })
}

/// Name of the `number`-th request.
pub(crate) fn request(number: u32) -> String {
    format!("request-{number:08}")
}

/// Id (null if none) and code of a failure.
#[track_caller]
pub(crate) fn failure(frame: &Value) -> (Option<&str>, &str) {
    assert_eq!(frame["type"], "failure", "{frame}");
    (frame["id"].as_str(), frame["error"]["code"].as_str().unwrap())
}

/// Processes whose parent is this one.
pub(crate) fn children(parent: u32) -> Vec<u32> {
    let processes =
        fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    processes.filter(|process| parent_of(*process) == Some(parent)).collect()
}

/// Whether a process runs; one that ended and was not waited for does not.
pub(crate) fn is_running(process: u32) -> bool {
    stat(process).is_some_and(|fields| fields.first().is_some_and(|state| state != "Z"))
}

fn parent_of(process: u32) -> Option<u32> {
    stat(process)?.get(1)?.parse().ok()
}

/// Fields of `/proc/PID/stat` from the third, the state, on; the second is a name that may hold anything.
fn stat(process: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    Some(stat.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// Waits until a condition holds.
#[track_caller]
pub(crate) fn wait_until(what: &str, time: Duration, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + time;
    while !holds() {
        assert!(Instant::now() < until, "waited {time:?} for {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
