//! Hears what the window says to assistive technology.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::Value;

use super::{Desktop, source};

/// How long nothing happens until a step counts as over.
pub(crate) const QUIET: Duration = Duration::from_millis(400);

/// A listener in the place of a screen reader.
pub(crate) struct Listener {
    process: Child,
    commands: ChildStdin,
    heard: Receiver<Value>,
}

impl Listener {
    pub(crate) fn start(desktop: &Desktop) -> Self {
        let script = source("at_spi/listen.py");
        assert!(
            desktop
                .command("/usr/bin/python3", "python3", &["-c", "import pyatspi"])
                .status()
                .unwrap()
                .success(),
            "this test needs pyatspi for /usr/bin/python3: install the package python3-pyatspi"
        );
        let mut command = desktop.command("/usr/bin/python3", "python3", &[script.to_str().unwrap()]);
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let (sender, heard) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if sender.send(serde_json::from_str(&line).unwrap()).is_err() {
                    return;
                }
            }
        });
        let listener = Self { commands: process.stdin.take().unwrap(), process, heard };
        listener.wait_for("ready");
        listener
    }

    fn wait_for(&self, key: &str) -> Value {
        loop {
            let message = self.heard.recv_timeout(Duration::from_secs(30)).expect("the listener is silent");
            if let Some(value) = message.get(key) {
                return value.clone();
            }
        }
    }

    pub(crate) fn ask(&mut self, command: &str, key: &str) -> Value {
        writeln!(self.commands, "{command}").unwrap();
        self.wait_for(key)
    }

    /// The window as assistive technology finds it, one line for each object.
    pub(crate) fn tree(&mut self) -> Vec<String> {
        let tree = self.ask("tree", "tree");
        tree.as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect()
    }

    /// What is heard until it is quiet: focus changes, then text that came or went, then announcements. Their order among each
    /// other is chance.
    pub(crate) fn hear(&self) -> String {
        let (mut focus, mut texts, mut says) = (String::new(), String::new(), String::new());
        while let Ok(message) = self.heard.recv_timeout(QUIET) {
            let text = |key: &str| message.get(key).and_then(Value::as_str);
            if let Some(text) = text("focus") {
                writeln!(focus, "focus: {text}").unwrap();
            }
            if let Some(text) = text("says") {
                writeln!(says, "says: {text}").unwrap();
            }
            if let Some(changed) = text("text") {
                // the one plain text of the window is the name of a number
                assert_eq!(text("role"), Some("entry"), "the window tells a secret's text: {message}");
                writeln!(texts, "text: {changed}").unwrap();
            }
        }
        focus + &texts + &says
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
