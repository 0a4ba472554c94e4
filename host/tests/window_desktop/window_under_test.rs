//! The real window child, in the place of the host.

use std::{
    io::{Read, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use bitaqa_host::window::{
    Picture,
    message::{Asker, FRAME_ACCESS_NUMBER, FRAME_EVENT, FRAME_MRZ, FRAME_PIN, PICTURE_MARK, Scene, Step},
};
use bitaqa_protocol::Language;

use super::{Desktop, PAST_TOO_EARLY, PATIENCE, WindowManager, asker};

/// What came out of the window child.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// An event, as JSON.
    Event(String),
    /// A PIN. In plain memory: this is a test.
    Pin(String),
    /// The number printed on the card, and the serial number of its question. In plain memory, too.
    AccessNumber(u32, String),
    /// Document number and dates as they go over the pipe, and the serial number of their question. In plain memory, too.
    Mrz(u32, String),
    /// The end.
    End,
}

/// The real window child, driven over its pipes.
pub(crate) struct WindowUnderTest {
    child: Child,
    window_manager: Arc<WindowManager>,
    scenes: Option<ChildStdin>,
    answers: Receiver<Answer>,
    /// When it was started.
    pub(crate) started: Instant,
}

impl WindowUnderTest {
    /// Starts it with further variables.
    pub(crate) fn start(desktop: &Desktop, variables: &[(&str, &str)]) -> Self {
        let mut command = desktop.command(env!("CARGO_BIN_EXE_bitaqa-host"), "none", &["--window"]);
        command.envs(variables.iter().copied());
        Self::start_command(desktop, command)
    }

    /// Starts it through another program.
    pub(crate) fn start_program(desktop: &Desktop, program: &str, package: &str, arguments: &[&str]) -> Self {
        Self::start_command(desktop, desktop.command(program, package, arguments))
    }

    fn start_command(desktop: &Desktop, mut command: Command) -> Self {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut output = child.stdout.take().unwrap();
        let (sender, answers) = mpsc::channel();
        thread::spawn(move || {
            while let Some(answer) = read_answer(&mut output) {
                if sender.send(answer).is_err() {
                    return;
                }
            }
            let _ = sender.send(Answer::End);
        });
        let window_manager = Arc::clone(desktop.window_manager());
        Self { scenes: child.stdin.take(), child, window_manager, answers, started }
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn show(&mut self, language: Language, step: Step) {
        self.show_for(asker(), language, step);
    }

    pub(crate) fn show_for(&mut self, asker: Asker, language: Language, step: Step) {
        let scene = Scene { language, asker, step };
        let mut line = serde_json::to_vec(&scene).unwrap();
        line.push(b'\n');
        self.send(&line);
    }

    /// Sends a picture for the scene that follows.
    pub(crate) fn send_picture(&mut self, kind: u8, picture: &Picture) {
        let mut bytes = vec![PICTURE_MARK, kind];
        picture.write_to(&mut bytes).unwrap();
        self.send(&bytes);
    }

    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.scenes.as_mut().unwrap().write_all(bytes).unwrap();
    }

    pub(crate) fn answer(&self) -> Answer {
        self.answers.recv_timeout(PATIENCE).expect("the window says nothing")
    }

    pub(crate) fn answer_within(&self, time: Duration) -> Option<Answer> {
        self.answers.recv_timeout(time).ok()
    }

    /// Waits for the window to be on the screen, to have the keyboard, and to be past the time in which keys do not count.
    pub(crate) fn wait_until_shown(&self) {
        self.wait_until_it_has_the_keyboard();
        thread::sleep(PAST_TOO_EARLY);
    }

    /// Waits for the window to be on the screen and to have the keyboard.
    pub(crate) fn wait_until_it_has_the_keyboard(&self) {
        assert_eq!(self.answer(), Answer::Event("{\"type\":\"shown\"}".to_owned()));
        self.window_manager.wait_until_keyboard_given();
    }

    /// Presses Enter until the window answers: it takes none for a while after a question appeared.
    pub(crate) fn enter(&self, desktop: &Desktop) -> Answer {
        for _ in 0..30 {
            desktop.press(&["Return"]);
            if let Ok(answer) = self.answers.recv_timeout(Duration::from_millis(600)) {
                return answer;
            }
        }
        panic!("the window does not take Enter");
    }

    /// Asserts that nothing comes for a while.
    pub(crate) fn says_nothing_for(&self, time: Duration) {
        assert_eq!(self.answers.recv_timeout(time), Err(RecvTimeoutError::Timeout));
    }

    /// Ends its input.
    pub(crate) fn close(&mut self) {
        self.scenes = None;
    }

    /// Waits for its end; whether it ended well.
    pub(crate) fn wait(&mut self) -> bool {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            assert!(Instant::now() < until, "the window does not end");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for WindowUnderTest {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read_answer(output: &mut impl Read) -> Option<Answer> {
    let mut header = [0; 3];
    output.read_exact(&mut header).ok()?;
    let mut content = vec![0; usize::from(u16::from_be_bytes([header[1], header[2]]))];
    output.read_exact(&mut content).ok()?;
    let serial =
        matches!(header[0], FRAME_ACCESS_NUMBER | FRAME_MRZ).then(|| content.drain(..4).collect::<Vec<u8>>());
    let content = String::from_utf8(content).unwrap();
    Some(match header[0] {
        FRAME_ACCESS_NUMBER => {
            Answer::AccessNumber(u32::from_be_bytes(serial.unwrap().try_into().unwrap()), content)
        }
        FRAME_MRZ => Answer::Mrz(u32::from_be_bytes(serial.unwrap().try_into().unwrap()), content),
        FRAME_EVENT => Answer::Event(content),
        FRAME_PIN => Answer::Pin(content),
        other => panic!("a frame of kind {other}"),
    })
}
