//! A desktop of its own for a test of the window: X server, window manager, session bus, and the real window child in it.
//!
//! Everything started here ends with the test, also when the test is killed.
#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on fails"
)]

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use bitaqa_host::window::message::{
    Alphabet, Disclosed, DisclosedField, FRAME_EVENT, FRAME_PIN, PinKind, Question, Scene, Step,
};
use bitaqa_protocol::Language;

/// How long anything may take that should be quick.
const PATIENCE: Duration = Duration::from_secs(20);

/// Longer than the window takes no keys after a question appeared, or the keyboard came to it.
pub(crate) const PAST_TOO_EARLY: Duration = Duration::from_millis(700);

/// What a desktop is started with.
#[derive(Clone, Copy)]
pub(crate) struct DesktopOptions {
    /// Size of the screen.
    pub(crate) screen: (u32, u32),
    /// A session bus with the bus for assistive technology behind it.
    pub(crate) assistive_technology: bool,
    /// What the desktop portal says: text size, strong contrast, dark.
    pub(crate) portal: Option<(f32, bool, bool)>,
}

impl Default for DesktopOptions {
    fn default() -> Self {
        Self { screen: (1366, 900), assistive_technology: false, portal: None }
    }
}

/// A running desktop.
pub(crate) struct Desktop {
    pub(crate) environment: Vec<(String, String)>,
    folder: tempfile::TempDir,
    processes: Vec<Child>,
}

impl Desktop {
    pub(crate) fn start(options: DesktopOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut desktop = Self { environment: Vec::new(), folder, processes: Vec::new() };
        desktop.set("XDG_RUNTIME_DIR", desktop.folder.path().to_str().unwrap().to_owned());
        desktop.set("HOME", desktop.folder.path().to_str().unwrap().to_owned());
        // no bus of the person who runs the tests, and none at all unless asked for
        desktop.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent".to_owned());

        let (width, height) = options.screen;
        let screen = format!("{width}x{height}x24");
        let arguments = ["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"];
        let number = desktop.start_and_read_line("Xvfb", "xvfb", &arguments);
        desktop.set("DISPLAY", format!(":{number}"));
        desktop.spawn("openbox", "openbox", &[]);
        desktop.wait_for("the window manager", |desktop| {
            let check = desktop.output("xprop", "x11-utils", &["-root", "_NET_SUPPORTING_WM_CHECK"]);
            check.contains("window id")
        });

        if options.assistive_technology || options.portal.is_some() {
            let bus = ["--session", "--nofork", "--print-address"];
            let address = desktop.start_and_read_line("dbus-daemon", "dbus-daemon", &bus);
            desktop.set("DBUS_SESSION_BUS_ADDRESS", address);
        }
        if options.assistive_technology {
            desktop.spawn("/usr/libexec/at-spi-bus-launcher", "at-spi2-core", &["--launch-immediately"]);
        }
        if let Some((scale, contrast, dark)) = options.portal {
            let script = source("window_desktop/settings_portal.py");
            let (scale, contrast, dark) =
                (scale.to_string(), u8::from(contrast).to_string(), u8::from(dark).to_string());
            let arguments = [script.to_str().unwrap(), &scale, &contrast, &dark];
            desktop.start_and_read_line("/usr/bin/python3", "python3-gi", &arguments);
        }
        desktop
    }

    /// Chooses a keyboard layout, as `setxkbmap` knows it.
    pub(crate) fn keyboard(&self, layout: &[&str]) {
        let status = self.command("setxkbmap", "x11-xkb-utils", layout).status().unwrap();
        assert!(status.success(), "no keyboard layout {layout:?}");
    }

    /// Presses keys, by their names or, as numbers, by their codes, one after the other.
    pub(crate) fn press(&self, keys: &[&str]) {
        for key in keys {
            let status = self.command("xdotool", "xdotool", &["key", key]).status().unwrap();
            assert!(status.success(), "no key {key}");
        }
    }

    /// Runs a program of the desktop and gives what it says.
    pub(crate) fn output(&self, program: &str, package: &str, arguments: &[&str]) -> String {
        let output = self.command(program, package, arguments).stderr(Stdio::null()).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Saves a picture of the screen.
    pub(crate) fn picture(&self, path: &Path) {
        let arguments = ["-window", "root", path.to_str().unwrap()];
        assert!(self.command("import", "imagemagick", &arguments).status().unwrap().success());
    }

    /// Sets a variable for everything started from now on.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.environment.retain(|(existing, _)| existing != name);
        self.environment.push((name.to_owned(), value));
    }

    /// A folder of the desktop's own.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A program to be run on this desktop, with the package named that has it.
    pub(crate) fn command(&self, program: &str, package: &str, arguments: &[&str]) -> Command {
        let found = program.starts_with('/') && Path::new(program).exists()
            || env::var_os("PATH")
                .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).exists()));
        assert!(found, "this test needs {program}: install the package {package}");
        // the kernel ends it with the thread that started it; what starts others is asked to end them, too
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--", program]).args(arguments);
        command.env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET").env_remove("AT_SPI_BUS_ADDRESS");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    fn spawn(&mut self, program: &str, package: &str, arguments: &[&str]) {
        let mut command = self.command(program, package, arguments);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.processes.push(child.unwrap());
    }

    fn start_and_read_line(&mut self, program: &str, package: &str, arguments: &[&str]) -> String {
        let mut command = self.command(program, package, arguments);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "{program} does not start; it is in the package {package}");
        // what else it says is read and dropped, so that it never blocks
        thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        self.processes.push(child);
        line.trim().to_owned()
    }

    pub(crate) fn wait_for(&self, what: &str, mut condition: impl FnMut(&Self) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !condition(self) {
            assert!(Instant::now() < until, "{what} did not come");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The program as one that runs on this desktop, for who starts it without saying where.
    pub(crate) fn program(&self) -> PathBuf {
        let path = self.folder.path().join("program");
        let mut script = fs::File::create(&path).unwrap();
        writeln!(script, "#!/bin/sh\nunset WAYLAND_DISPLAY WAYLAND_SOCKET").unwrap();
        for (name, value) in &self.environment {
            writeln!(script, "export {name}='{value}'").unwrap();
        }
        writeln!(script, "exec '{}' \"$@\"", env!("CARGO_BIN_EXE_bitaqa-host")).unwrap();
        script.set_permissions(fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Starts a window child.
    pub(crate) fn open_window(&self) -> WindowUnderTest {
        WindowUnderTest::start(self, &[])
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            end(process);
        }
    }
}

/// Asks a process to end, so that it ends what it started; kills it where it does not.
fn end(process: &mut Child) {
    let id = rustix::process::Pid::from_child(process);
    let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    for _ in 0..100 {
        if process.try_wait().is_ok_and(|status| status.is_some()) {
            return;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let _ = process.kill();
    let _ = process.wait();
}

/// What came out of the window child.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// An event, as JSON.
    Event(String),
    /// A PIN. In plain memory: this is a test.
    Pin(String),
    /// The end.
    End,
}

/// The real window child, driven over its pipes.
pub(crate) struct WindowUnderTest {
    child: Child,
    environment: Vec<(String, String)>,
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
        let environment = desktop.environment.clone();
        Self { scenes: child.stdin.take(), child, environment, answers, started }
    }

    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn show(&mut self, language: Language, step: Step) {
        self.show_for("https://portal.example.ma", language, step);
    }

    pub(crate) fn show_for(&mut self, origin: &str, language: Language, step: Step) {
        let scene = Scene { language, origin: origin.to_owned(), step };
        let mut line = serde_json::to_vec(&scene).unwrap();
        line.push(b'\n');
        self.send(&line);
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
        let until = Instant::now() + PATIENCE;
        while !has_keyboard(&self.environment) {
            assert!(Instant::now() < until, "the window does not get the keyboard");
            thread::sleep(Duration::from_millis(10));
        }
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
    let content = String::from_utf8(content).unwrap();
    Some(match header[0] {
        FRAME_EVENT => Answer::Event(content),
        FRAME_PIN => Answer::Pin(content),
        other => panic!("a frame of kind {other}"),
    })
}

/// Whether a window of ours has the keyboard.
pub(crate) fn has_keyboard(environment: &[(String, String)]) -> bool {
    let mut command = Command::new("xdotool");
    command.args(["getwindowfocus", "getwindowclassname"]).stderr(Stdio::null());
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    command.output().is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "bitaqa")
}

/// A file of the tests.
pub(crate) fn source(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    assert!(fs::exists(&path).unwrap(), "{name} is missing");
    path
}

/// The usual question: a numeric PIN of four digits.
pub(crate) fn question() -> Question {
    let disclosed = |field, value: &str| Disclosed { field, value: value.to_owned() };
    Question {
        holder: "AMINA EXEMPLE".to_owned(),
        pin: PinKind::Authentication,
        pin_label: Some("PIN1".to_owned()),
        min_length: 4,
        max_length: 4,
        alphabet: Alphabet::Digits,
        discloses: vec![
            disclosed(DisclosedField::Name, "AMINA EXEMPLE"),
            disclosed(DisclosedField::PersonalNumber, "PNOMA-AB123456"),
            disclosed(DisclosedField::Country, "MA"),
            disclosed(DisclosedField::Issuer, "Bitaqa test issuing authority"),
        ],
        tries_left: Some(3),
        was_wrong: false,
    }
}

/// The scene of [`question`].
pub(crate) fn pin_step() -> Step {
    Step::Pin { question: question() }
}
