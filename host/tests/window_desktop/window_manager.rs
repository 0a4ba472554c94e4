//! The window manager of a test's desktop, and waiting for it to give the keyboard to a window.
//!
//! Debian's Openbox (3.6.1) can fall silent: where a window goes in the moment in which it comes, it may read every event from
//! then on and act on none, so that no new window is ever shown. Windows of any program do that to it, about once in five hundred
//! that are killed within their first tenth of a second. A session starts a window manager anew that does not work; so does this.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use super::{PATIENCE, command_on};

/// Longer than a window manager takes to show a window on a computer that is busy.
const SILENT_AFTER: Duration = Duration::from_secs(4);

/// A window manager that runs.
pub(super) struct WindowManager {
    environment: Vec<(String, String)>,
    configuration: PathBuf,
    process: Mutex<Child>,
}

impl WindowManager {
    /// Starts it, with the distribution's configuration but for the keyboard of new windows.
    pub(super) fn start(
        environment: &[(String, String)],
        configuration: PathBuf,
        gives_keyboard: bool,
    ) -> Self {
        const GIVEN: &str = "<focusNew>yes</focusNew>";
        let usual = fs::read_to_string("/etc/xdg/openbox/rc.xml").unwrap();
        assert!(usual.contains(GIVEN), "the window manager's configuration is another one");
        let wanted = if gives_keyboard { usual } else { usual.replace(GIVEN, "<focusNew>no</focusNew>") };
        fs::write(&configuration, wanted).unwrap();
        let process = Mutex::new(spawn(environment, &configuration));
        let manager = Self { environment: environment.to_vec(), configuration, process };
        manager.wait_until_ready();
        manager
    }

    /// Waits until the newest window of ours has the keyboard.
    pub(super) fn wait_until_keyboard_given(&self) {
        let until = Instant::now() + PATIENCE;
        let mut since = Instant::now();
        while !has_keyboard(&self.environment) {
            assert!(Instant::now() < until, "no window has the keyboard: {}", self.what_is_on_the_screen());
            if since.elapsed() > SILENT_AFTER {
                match newest_window(&self.environment) {
                    // on a machine that is very busy it may be passed over: a person would click on it
                    Some(window) => drop(self.ask("xdotool", &["windowactivate", &window])),
                    None => self.start_anew(),
                }
                since = Instant::now();
            }
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Another one in its place, if there is a window that it does not show.
    fn start_anew(&self) {
        let waiting = self.ask("xdotool", &["search", "--class", "bitaqa"]);
        if waiting.is_empty() {
            return;
        }
        let mut process = self.process.lock().unwrap();
        let _ = process.kill();
        let _ = process.wait();
        *process = spawn(&self.environment, &self.configuration);
        drop(process);
        self.wait_until_ready();
        // what asked the silent one to be shown asks again
        for window in waiting.lines() {
            self.ask("xdotool", &["windowmap", window]);
        }
    }

    fn wait_until_ready(&self) {
        let until = Instant::now() + PATIENCE;
        while !self.ask("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK"]).contains("window id") {
            assert!(Instant::now() < until, "the window manager did not come");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What to know of a desktop where a window does not behave.
    fn what_is_on_the_screen(&self) -> String {
        let manager = self.ask("xprop", &["-root", "_NET_SUPPORTING_WM_CHECK", "_NET_ACTIVE_WINDOW"]);
        let keyboard = self.ask("xdotool", &["getwindowfocus"]);
        let windows = self.ask("xwininfo", &["-root", "-tree"]);
        format!("keyboard {keyboard}\n{manager}\n{windows}")
    }

    fn ask(&self, program: &'static str, words: &[&str]) -> String {
        ask(&self.environment, program, words)
    }

    /// Has it act on nothing any more.
    pub(super) fn silence(&self) {
        let process = rustix::process::Pid::from_child(&self.process.lock().unwrap());
        rustix::process::kill_process(process, rustix::process::Signal::STOP).unwrap();
    }

    /// Ends it.
    pub(super) fn end(&self) {
        super::end(&mut self.process.lock().unwrap());
    }
}

/// Whether the newest window of ours has the keyboard.
fn has_keyboard(environment: &[(String, String)]) -> bool {
    newest_window(environment)
        .is_some_and(|window| window == ask(environment, "xdotool", &["getwindowfocus"]))
}

/// The newest window of ours that is on the screen.
pub(crate) fn newest_window(environment: &[(String, String)]) -> Option<String> {
    let windows = ask(environment, "xdotool", &["search", "--onlyvisible", "--class", "bitaqa"]);
    windows.lines().last().map(str::to_owned)
}

fn spawn(environment: &[(String, String)], configuration: &Path) -> Child {
    let mut command =
        command_on(environment, "openbox", "openbox", &["--config-file", configuration.to_str().unwrap()]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn ask(environment: &[(String, String)], program: &'static str, words: &[&str]) -> String {
    let package = if program == "xdotool" { program } else { "x11-utils" };
    let output = command_on(environment, program, package, words).stderr(Stdio::null()).output();
    output.map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
