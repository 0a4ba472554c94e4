//! What the command reads, in a folder of its own.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use bitaqa_protocol::auth_token::TokenAlgorithm::ES256;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    POLICY,
    test_pki::{Issued, Key, Kind, Template, challenge, extension, origin, token},
};

/// A folder with what the command reads.
pub(crate) struct Folder {
    folder: TempDir,
    pub(crate) root: Issued,
    pub(crate) issuing: Issued,
}

impl Folder {
    pub(crate) fn new() -> Self {
        let root = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
        let issuing = Template::authority("Example Issuing")
            .with(extension::policies(&["2.5.29.32.0"]))
            .issued_by(&root, Key::new(Kind::P256, 2));
        let folder = Self { folder: tempfile::tempdir().unwrap(), root, issuing };
        fs::create_dir(folder.path("trust")).unwrap();
        folder.write("trust/root.pem", &folder.root.pem());
        folder.write("trust/issuing.pem", &folder.issuing.pem());
        folder.write("trust/README", "not a certificate, and not taken for one");
        folder.write("token.json", &folder.token(folder.person()));
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn person(&self) -> Template {
        let _ = self;
        Template::person().with(extension::policies(&[POLICY]))
    }

    pub(crate) fn token(&self, template: Template) -> String {
        let holder = template.issued_by(&self.issuing, Key::new(Kind::P256, 3));
        serde_json::to_string(&token(&holder, ES256, &origin(), &challenge())).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bitaqa"));
        command.current_dir(self.folder.path()).args(["token", "verify"]).args(arguments);
        command
    }

    /// With origin, nonce and trust of the example, and a time at which everything is valid.
    pub(crate) fn verify(&self, arguments: &[&str]) -> Output {
        let nonce = challenge();
        let mut all = vec!["--origin", "https://portal.example.ma", "--nonce", nonce.as_str()];
        if !arguments.contains(&"--trust") && !arguments.contains(&"--issuers") {
            all.extend(["--trust", "trust"]);
        }
        if !arguments.contains(&"--at") {
            all.extend(["--at", "2026-06-01T12:00:00Z"]);
        }
        all.extend(arguments);
        self.command(&all).output().unwrap()
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let output = self.verify(&[arguments, &["--json"]].concat());
        let json = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&output.stderr).into_owned()));
        (output.status.code().unwrap(), json)
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
