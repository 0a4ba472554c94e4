//! A token of SoftHSM in a folder of its own, and OpenSC's `pkcs11-tool`, which looks into it by code of others.

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::PathBuf,
    process::{Command, Output},
};

/// What SoftHSM finds its configuration by.
pub(crate) const CONFIGURATION: &str = "SOFTHSM2_CONF";
pub(crate) const LABEL: &str = "bitaqa";
const PIN: &str = "739174";

pub(crate) struct SoftToken {
    folder: tempfile::TempDir,
}

/// The module of the distribution.
pub(crate) fn module() -> PathBuf {
    let path = PathBuf::from("/usr/lib/softhsm/libsofthsm2.so");
    assert!(path.exists(), "the package softhsm2 is not installed");
    path
}

impl SoftToken {
    /// Initialised, and empty.
    pub(crate) fn new() -> Self {
        let token = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(token.tokens()).unwrap();
        let text = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n",
            token.tokens().display()
        );
        fs::write(token.configuration(), text).unwrap();
        token.initialise(LABEL);
        token.write_pin(PIN);
        token
    }

    /// Takes mechanisms away from the module, as others do not have them.
    pub(crate) fn without(&self, mechanisms: &str) {
        let mut file = OpenOptions::new().append(true).open(self.configuration()).unwrap();
        writeln!(file, "slots.mechanisms = -{mechanisms}").unwrap();
    }

    /// One more token beside it.
    pub(crate) fn initialise(&self, label: &str) {
        let output = Command::new("softhsm2-util")
            .args(["--init-token", "--free", "--label", label, "--so-pin", "51784026", "--pin", PIN])
            .env(CONFIGURATION, self.configuration())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.path().join("softhsm2.conf")
    }

    pub(crate) fn tokens(&self) -> PathBuf {
        self.folder.path().join("tokens")
    }

    pub(crate) fn pin_file(&self) -> PathBuf {
        self.folder.path().join("token.pin")
    }

    /// The section `[keys]` of a platform's configuration.
    pub(crate) fn keys(&self) -> String {
        format!(
            "pkcs11 = {{ module = \"{}\", token = \"{LABEL}\", pin = \"{}\" }}\n",
            module().display(),
            self.pin_file().display()
        )
    }

    pub(crate) fn write_pin(&self, pin: &str) {
        let _ = fs::remove_file(self.pin_file());
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.pin_file()).unwrap();
        file.write_all(format!("{pin}\n").as_bytes()).unwrap();
    }

    pub(crate) fn write_right_pin(&self) {
        self.write_pin(PIN);
    }

    /// Unplugs it.
    pub(crate) fn take_away(&self) {
        fs::rename(self.tokens(), self.folder.path().join("away")).unwrap();
        fs::create_dir(self.tokens()).unwrap();
    }

    pub(crate) fn bring_back(&self) {
        fs::remove_dir_all(self.tokens()).unwrap();
        fs::rename(self.folder.path().join("away"), self.tokens()).unwrap();
    }

    /// `pkcs11-tool`, logged in.
    pub(crate) fn tool(&self, arguments: &[&str]) -> Output {
        Command::new("pkcs11-tool")
            .arg("--module")
            .arg(module())
            .args(["--token-label", LABEL, "--login", "--pin", PIN])
            .args(arguments)
            .env(CONFIGURATION, self.configuration())
            .output()
            .unwrap()
    }
}
