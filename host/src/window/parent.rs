//! The host's end of the window: starts the child, shows scenes, hears what the person does.

use std::{
    ffi::OsStr,
    io::{self, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{
    access_number::AccessNumber,
    frame::{Frame, FrameError, read_frame},
    locked_pin::LockedPin,
    message::{MAX_SCENE, PictureKind, Scene, WindowEvent},
    mrz_entry::MrzEntry,
    picture::{self, Picture},
};

/// The argument that makes the program the window child.
pub const WINDOW_ARGUMENT: &str = "--window";

/// How long the child may take to end by itself after its input ended.
const END_WITHIN: Duration = Duration::from_millis(500);

/// What the window reports.
#[derive(Debug)]
pub enum WindowReport {
    /// Something happened.
    Event(WindowEvent),
    /// The person sent a PIN.
    Pin(LockedPin),
    /// The person sent the number printed on the card.
    AccessNumber {
        /// Of which question.
        serial: u32,
        /// The number.
        number: AccessNumber,
    },
    /// The person sent document number and dates.
    Mrz {
        /// Of which question.
        serial: u32,
        /// Number and dates.
        entry: MrzEntry,
    },
    /// The window is gone; nothing follows. With an error where it ended against the protocol.
    Ended(Result<(), FrameError>),
}

/// A window, as long as it is open.
#[derive(Debug)]
pub struct WindowChild {
    child: Child,
    scenes: Option<ChildStdin>,
    reader: Option<JoinHandle<()>>,
}

impl WindowChild {
    /// Starts a window as a child of this very program, which must call [`run_window_child`](super::run_window_child) on
    /// [`WINDOW_ARGUMENT`]. Nothing is shown before the first [`show`](Self::show).
    ///
    /// `report` is called on a thread of its own for everything the window reports, last with [`WindowReport::Ended`].
    ///
    /// # Errors
    /// [`WindowError::Start`].
    pub fn spawn(report: impl FnMut(WindowReport) + Send + 'static) -> Result<Self, WindowError> {
        // the very same program, also where its file was replaced by an update in the meantime
        if cfg!(target_os = "linux") {
            Self::spawn_program("/proc/self/exe", report)
        } else {
            let program = std::env::current_exe().map_err(WindowError::Start)?;
            Self::spawn_program(program, report)
        }
    }

    /// Like [`spawn`](Self::spawn), with the program named.
    ///
    /// # Errors
    /// [`WindowError::Start`].
    pub fn spawn_program(
        program: impl AsRef<OsStr>,
        report: impl FnMut(WindowReport) + Send + 'static,
    ) -> Result<Self, WindowError> {
        let mut child = Command::new(program)
            .arg(WINDOW_ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(WindowError::Start)?;
        let scenes = child.stdin.take();
        let answers = child.stdout.take();
        let mut window = Self { child, scenes, reader: None };
        let answers = answers.ok_or_else(|| WindowError::Start(io::ErrorKind::BrokenPipe.into()))?;
        let reader = thread::Builder::new()
            .name("window".to_owned())
            .spawn(move || hear(answers, report))
            .map_err(WindowError::Start)?;
        window.reader = Some(reader);
        Ok(window)
    }

    /// Shows a scene in place of the one before.
    ///
    /// # Errors
    /// [`WindowError::SceneTooLong`], [`WindowError::Gone`].
    pub fn show(&mut self, scene: &Scene) -> Result<(), WindowError> {
        let mut line = serde_json::to_vec(scene).map_err(|_| WindowError::SceneTooLong)?;
        line.push(b'\n');
        if line.len() > MAX_SCENE {
            return Err(WindowError::SceneTooLong);
        }
        let scenes = self.scenes.as_mut().ok_or(WindowError::Gone)?;
        scenes.write_all(&line).map_err(|_| WindowError::Gone)
    }

    /// Gives the window a picture of the next scene, which must be a [`Step::Release`](super::message::Step::Release) that says
    /// that it came. It is dropped with the scene after that.
    ///
    /// # Errors
    /// [`WindowError::Gone`].
    pub fn send_picture(&mut self, kind: PictureKind, picture: &Picture) -> Result<(), WindowError> {
        let scenes = self.scenes.as_mut().ok_or(WindowError::Gone)?;
        picture::send(scenes, kind, picture).map_err(|_| WindowError::Gone)
    }

    /// Closes the window and waits until it is gone.
    pub fn close(mut self) {
        self.end(END_WITHIN);
    }

    /// Lets a window that closes by itself (after `done`, after `failed`) do so, for at most `patience` and until `enough` is
    /// set; then closes it.
    pub fn wait_until_closed(mut self, patience: Duration, enough: &AtomicBool) {
        self.wait(patience, enough);
        self.end(END_WITHIN);
    }

    fn end(&mut self, patience: Duration) {
        self.scenes = None;
        if !self.wait(patience, &AtomicBool::new(false)) {
            // already gone is as good
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if let Some(reader) = self.reader.take()
            && reader.thread().id() != thread::current().id()
        {
            let _ = reader.join();
        }
    }

    /// Whether the child ended within `patience`, and before it was `enough`.
    fn wait(&mut self, patience: Duration, enough: &AtomicBool) -> bool {
        let until = Instant::now() + patience;
        loop {
            match self.child.try_wait() {
                Ok(Some(_)) | Err(_) => return true,
                Ok(None) if Instant::now() >= until || enough.load(Ordering::SeqCst) => return false,
                Ok(None) => thread::sleep(Duration::from_millis(5)),
            }
        }
    }
}

impl Drop for WindowChild {
    fn drop(&mut self) {
        self.end(END_WITHIN);
    }
}

/// Reads frames until the child is gone.
fn hear(mut answers: ChildStdout, mut report: impl FnMut(WindowReport)) {
    let end = loop {
        // `ChildStdout` does not buffer
        match read_frame(&mut answers) {
            Ok(Some(Frame::Event(event))) => report(WindowReport::Event(event)),
            Ok(Some(Frame::Pin(pin))) => report(WindowReport::Pin(pin)),
            Ok(Some(Frame::AccessNumber { serial, number })) => {
                report(WindowReport::AccessNumber { serial, number });
            }
            Ok(Some(Frame::Mrz { serial, entry })) => report(WindowReport::Mrz { serial, entry }),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    report(WindowReport::Ended(end));
}

/// Why a window cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// The child does not start.
    #[error("the window does not start")]
    Start(#[source] io::Error),
    /// The scene is longer than any scene.
    #[error("the scene is longer than any scene")]
    SceneTooLong,
    /// The child is gone.
    #[error("the window is gone")]
    Gone,
}
