//! A keystore on the desktop: GNOME's, on a bus of its own, with a keyring that is unlocked.

use std::fs;

use super::{Desktop, source};

/// What names our numbers in a keystore.
const ATTRIBUTES: &str = "xdg:schema=ma.bitaqa.CardAccessNumber application=bitaqa";

impl Desktop {
    /// Starts a session bus without anything on it.
    pub(crate) fn start_bus(&mut self) {
        let bus = ["--session", "--nofork", "--print-address"];
        let address = self.start_and_read_line("dbus-daemon", "dbus-daemon", &bus);
        self.set("DBUS_SESSION_BUS_ADDRESS", address);
    }

    /// Starts a session bus and the keystore.
    pub(crate) fn start_keyring(&mut self) {
        self.start_bus();
        let password = self.folder().join("password");
        fs::write(&password, "of the test").unwrap();
        let line = format!(
            "exec gnome-keyring-daemon --foreground --unlock --components=secrets < '{}'",
            password.display()
        );
        self.command("gnome-keyring-daemon", "gnome-keyring", &[]);
        self.spawn("sh", "dash", &["-c", &line]);
        self.wait_for("the keystore", |desktop| desktop.keyring("state", &[]) == "open");
    }

    /// Locks the keyring.
    pub(crate) fn lock_keyring(&self) {
        assert_eq!(self.keyring("lock", &[]), "locked");
    }

    /// What is remembered: labels and numbers, in the order in which they came.
    pub(crate) fn remembered(&self) -> Vec<(String, String)> {
        let list = self.keyring("list", &[ATTRIBUTES]);
        let entries = list.lines().map(|line| line.split_once('\t').unwrap());
        entries.map(|(label, number)| (label.to_owned(), number.to_owned())).collect()
    }

    /// Remembers a number, as if it had been typed some day.
    pub(crate) fn remember(&self, label: &str, number: &str) {
        assert_eq!(self.keyring("put", &[ATTRIBUTES, label, number]), "put");
    }

    fn keyring(&self, what: &str, words: &[&str]) -> String {
        let script = source("window_desktop/keyring.py");
        let arguments = [&[script.to_str().unwrap(), what], words].concat();
        self.output("/usr/bin/python3", "python3-dbus", &arguments).trim().to_owned()
    }
}
