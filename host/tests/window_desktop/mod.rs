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

pub(crate) mod documents;
pub(crate) mod identity;
mod keyring;
pub(crate) mod listener;
mod script;
mod window_manager;
mod window_under_test;

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use bitaqa_host::window::message::{
    AccessNumberQuestion, Alphabet, Asker, Disclosed, DisclosedField, PinKind, Question, Step,
};

use script::write_script;
use window_manager::WindowManager;
#[allow(unused_imports, reason = "each test uses a part of it")]
pub(crate) use window_manager::newest_window;
#[allow(unused_imports, reason = "some tests start a whole host")]
pub(crate) use window_under_test::{Answer, WindowUnderTest};

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
    /// Whether the window manager gives the keyboard to every new window.
    pub(crate) new_windows_get_the_keyboard: bool,
}

impl Default for DesktopOptions {
    fn default() -> Self {
        Self {
            screen: (1366, 900),
            assistive_technology: false,
            portal: None,
            new_windows_get_the_keyboard: true,
        }
    }
}

/// A running desktop.
pub(crate) struct Desktop {
    pub(crate) environment: Vec<(String, String)>,
    folder: tempfile::TempDir,
    processes: Vec<Child>,
    /// There as soon as the desktop is.
    window_manager: Option<Arc<WindowManager>>,
}

impl Desktop {
    pub(crate) fn start(options: DesktopOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut desktop =
            Self { environment: Vec::new(), folder, processes: Vec::new(), window_manager: None };
        desktop.set("XDG_RUNTIME_DIR", desktop.folder.path().to_str().unwrap().to_owned());
        desktop.set("HOME", desktop.folder.path().to_str().unwrap().to_owned());
        // no bus of the person who runs the tests, and none at all unless asked for
        desktop.set("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent".to_owned());

        let (width, height) = options.screen;
        let screen = format!("{width}x{height}x24");
        let arguments = ["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"];
        let number = desktop.start_and_read_line("Xvfb", "xvfb", &arguments);
        desktop.set("DISPLAY", format!(":{number}"));
        let configuration = desktop.folder.path().join("openbox.xml");
        let gives_keyboard = options.new_windows_get_the_keyboard;
        let manager = WindowManager::start(&desktop.environment, configuration, gives_keyboard);
        desktop.window_manager = Some(Arc::new(manager));

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
        command_on(&self.environment, program, package, arguments)
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

    /// Waits until the newest window of ours has the keyboard.
    pub(crate) fn wait_until_keyboard_given(&self) {
        self.window_manager().wait_until_keyboard_given();
    }

    /// Has the window manager act on nothing any more.
    pub(crate) fn silence_window_manager(&self) {
        self.window_manager().silence();
    }

    fn window_manager(&self) -> &Arc<WindowManager> {
        self.window_manager.as_ref().unwrap()
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
        let mut script = String::from("unset WAYLAND_DISPLAY WAYLAND_SOCKET\n");
        for (name, value) in &self.environment {
            script.push_str(&format!("export {name}='{value}'\n"));
        }
        script.push_str(&format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_bitaqa-host")));
        write_script(&path, &script);
        path
    }

    /// Starts a window child.
    pub(crate) fn open_window(&self) -> WindowUnderTest {
        WindowUnderTest::start(self, &[])
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        // before the server of its windows
        self.window_manager.iter().for_each(|manager| manager.end());
        for process in self.processes.iter_mut().rev() {
            end(process);
        }
    }
}

/// A program on the desktop of this environment, with the package named that has it.
fn command_on(environment: &[(String, String)], program: &str, package: &str, arguments: &[&str]) -> Command {
    let found = program.starts_with('/') && Path::new(program).exists()
        || env::var_os("PATH")
            .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).exists()));
    assert!(found, "this test needs {program}: install the package {package}");
    // the kernel ends it with the thread that started it; what starts others is asked to end them, too
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--", program]).args(arguments);
    command.env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET").env_remove("AT_SPI_BUS_ADDRESS");
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    command
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

/// A file of the tests.
pub(crate) fn source(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    assert!(fs::exists(&path).unwrap(), "{name} is missing");
    path
}

/// Who asks where nothing is verified.
pub(crate) fn asker() -> Asker {
    Asker::Origin("https://portal.example.ma".to_owned())
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
        documents: None,
    }
}

/// The usual question for the number printed on the card.
pub(crate) fn number_question() -> AccessNumberQuestion {
    AccessNumberQuestion { serial: 7, reader: None, tries_left: None, was_wrong: false }
}

/// The scene of [`number_question`].
pub(crate) fn number_step() -> Step {
    Step::AccessNumber { question: number_question() }
}

/// The scene of [`question`].
pub(crate) fn pin_step() -> Step {
    Step::Pin { question: question() }
}
