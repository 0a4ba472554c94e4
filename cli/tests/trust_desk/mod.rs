//! What a run of `bitaqa trust …`, `statement …` and `key …` needs: a folder to work in, and an `/etc/bitaqa` of its own.
#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

use std::{
    fs::{self, File, OpenOptions},
    io::{Read as _, Write as _},
    os::unix::{ffi::OsStrExt as _, fs::OpenOptionsExt as _, fs::PermissionsExt as _},
    path::PathBuf,
    process::{Command, Output, Stdio},
};

use bitaqa_testbed::OwnRoot;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_bitaqa");

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with keys and descriptions, and a root in which packs are installed.
pub(crate) struct Desk {
    folder: TempDir,
    pub(crate) root: OwnRoot,
}

impl Desk {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Self { folder, root: OwnRoot::new().unwrap() };
        for key in ["signer", "next", "stranger", "platform", "portal"] {
            desk.says(&["key", "new", "--out", &format!("{key}.json"), "--kid", key], 0);
        }
        desk
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, value: &Value) {
        fs::write(self.path(name), value.to_string()).unwrap();
    }

    /// The folder of packs in the root, which is made.
    pub(crate) fn trust(&self) -> PathBuf {
        let folder = self.root.etc_bitaqa().join("trust");
        fs::create_dir_all(&folder).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
        folder
    }

    /// Runs the program in the folder, outside any root.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        Command::new(PROGRAM).current_dir(self.folder.path()).args(arguments).output().unwrap()
    }

    #[track_caller]
    pub(crate) fn says(&self, arguments: &[&str], code: i32) -> String {
        checked(&self.run(arguments), code)
    }

    /// Runs a script in the root, where `bitaqa` is the program. What it installs is gone afterwards. There is no terminal.
    pub(crate) fn script(&self, script: &str) -> Output {
        self.command(&["setsid", "--wait"], script).stdin(Stdio::null()).output().unwrap()
    }

    #[track_caller]
    pub(crate) fn script_says(&self, script: &str, code: i32) -> String {
        checked(&self.script(script), code)
    }

    #[track_caller]
    pub(crate) fn json(&self, script: &str, code: i32) -> Value {
        serde_json::from_str(&self.script_says(script, code)).unwrap()
    }

    /// Runs a script at a terminal, where a person types an answer once the question stands there.
    pub(crate) fn at_terminal(&self, script: &str, question: &str, answer: &str) -> Output {
        let mut person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).map(File::from).unwrap();
        grantpt(&person).unwrap();
        unlockpt(&person).unwrap();
        let name = ptsname(&person, Vec::new()).unwrap();
        let no_controlling_terminal = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
        let line = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(no_controlling_terminal)
            .open(std::ffi::OsStr::from_bytes(name.as_bytes()))
            .unwrap();
        let mut command = self.command(&["setsid", "--ctty", "--wait"], script);
        command.stdin(line.try_clone().unwrap()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        let mut shown = Vec::new();
        while !String::from_utf8_lossy(&shown).contains(question) {
            let mut byte = [0];
            person.read_exact(&mut byte).unwrap();
            shown.push(byte[0]);
        }
        person.write_all(answer.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        drop(line);
        output
    }

    fn command(&self, starter: &[&str], script: &str) -> Command {
        let mut command = self.root.command(starter[0]);
        command.args(&starter[1..]).args(["sh", "-c"]);
        command.arg(format!("cd \"$DESK\"; bitaqa() {{ \"$PROGRAM\" \"$@\"; }}; {script}"));
        command.env("DESK", self.folder.path()).env("PROGRAM", PROGRAM);
        command
    }

    /// A pack of this version, `NAME-VERSION.pack`, signed by a key of the desk.
    pub(crate) fn pack(&self, version: u64, signer: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut description = json!({
            "name": "national",
            "version": version,
            // made now
            "expires": in_days(400),
            "statement_issuers": [{
                "iss": "https://platform.example.ma",
                "keys": [{ "jwk": "platform.json", "not_before": "2026-01-01T00:00:00Z", "not_after": "2060-01-01T00:00:00Z" }],
                "origins": ["https://*.example.ma"],
            }],
        });
        change(&mut description);
        description.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let name = format!("pack-{version}-{signer}-{}", self.entries());
        self.write(&format!("{name}.json"), &description);
        let (pack, source) = (format!("{name}.pack"), format!("{name}.json"));
        self.says(&["trust", "sign", "--key", &format!("{signer}.json"), "--out", &pack, &source], 0);
        pack
    }

    fn entries(&self) -> usize {
        fs::read_dir(self.folder.path()).unwrap().count()
    }

    /// Puts a file there as an administrator would by hand.
    pub(crate) fn put(&self, pack: &str, name: &str) {
        let place = self.trust().join(name);
        fs::copy(self.path(pack), &place).unwrap();
        fs::set_permissions(&place, fs::Permissions::from_mode(0o644)).unwrap();
    }

    pub(crate) fn fingerprint(&self, key: &str) -> String {
        let shown = self.says(&["key", "show", "--json", &format!("{key}.json")], 0);
        serde_json::from_str::<Value>(&shown).unwrap()["fingerprint"].as_str().unwrap().to_owned()
    }

    /// The description of a statement.
    pub(crate) fn statement(&self) -> Value {
        let _ = self;
        json!({
            "iss": "https://platform.example.ma",
            "legal_name": { "ar": "بوابة المثال", "fr": "Portail Exemple", "en": "Example Portal" },
            "origins": ["https://portal.example.ma"],
            "purposes": [{ "id": "open-account", "text": { "ar": "فتح حساب", "fr": "Ouvrir un compte", "en": "Open an account" } }],
            "claims": ["given_name", "family_name", "birthdate", "gender", "nationalities", "personal_number", "document_number",
                "date_of_expiry"],
            "jwk": "portal.json",
        })
    }
}

#[track_caller]
pub(crate) fn checked(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{} {}", text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// So many days from now, as a description has it.
pub(crate) fn in_days(days: i64) -> String {
    let day = format!("{days:+} days");
    let output =
        Command::new("date").args(["--utc", "--date", &day, "+%Y-%m-%dT%H:%M:%SZ"]).output().unwrap();
    text(&output.stdout).trim().to_owned()
}
