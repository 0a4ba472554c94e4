//! The program itself: how it starts, and what it says when it cannot.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

#[path = "../../../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use browser::Browser;
use test_pki::{Key, Kind, Template};

/// Ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    fs::write(folder.path().join("root.pem"), root.pem()).unwrap();
    fs::write(
        folder.path().join("issuers.toml"),
        "schema = 1\n[[issuer]]\nname = \"Example\"\nanchors = [\"root.pem\"]\n",
    )
    .unwrap();
    fs::write(
        folder.path().join("identity.toml"),
        "schema = 1\nkey = \"no.jwk\"\nstatement = \"statement.jwt\"\ncountries = [\"root.pem\"]\n",
    )
    .unwrap();
    fs::write(folder.path().join("no.jwk"), "{}").unwrap();
    folder
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bitaqa-example-portal"));
    command.current_dir(folder).args(arguments);
    command
}

#[test]
fn it_says_where_it_listens_and_answers_there() {
    let folder = folder();
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
    let mut program = Program(
        command(folder.path(), &["--listen", "127.0.0.1:0", "--issuers", "issuers.toml", "--sdk"])
            .arg(sdk)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap(),
    );
    let mut line = String::new();
    BufReader::new(program.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim_end().strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line:?}"));
    let mut browser = Browser::new(address);
    assert_eq!(browser.get("/").status, 200);
    assert_eq!(browser.get("/bitaqa/bitaqa-web.js").status, 200);
    // the address it listens on is its origin
    assert_eq!(browser.post("/challenge", "").status, 200);
    let mut log = String::new();
    BufReader::new(program.0.stderr.take().unwrap()).read_line(&mut log).unwrap();
    assert!(
        log.contains("\"event\":\"started\"") && log.contains(&format!("\"origin\":\"http://{address}\"")),
        "{log}"
    );
}

#[test]
fn what_it_cannot_start_with_it_names() {
    let folder = folder();
    fs::write(folder.path().join("wrong.toml"), "schema = 1\n").unwrap();
    for (arguments, message) in [
        (&["--issuers", "lost.toml"][..], "lost.toml: No such file"),
        (&["--issuers", "wrong.toml"], "at least one [[issuer]]"),
        (&["--issuers", "issuers.toml", "--sdk", "."], "there is no bitaqa-web.js"),
        (&["--issuers", "issuers.toml", "--listen", "0.0.0.0:0"], "say with --origin"),
        (&["--issuers", "issuers.toml", "--origin", "http://portal.example.ma"], "on this computer only"),
        (&["--issuers", "issuers.toml", "--listen", "somewhere"], "invalid"),
        (&["--issuers", "issuers.toml", "--identity", "lost.toml"], "lost.toml: No such file"),
        (&["--issuers", "issuers.toml", "--identity", "issuers.toml"], "issuers.toml: TOML parse error"),
        (&["--issuers", "issuers.toml", "--identity", "identity.toml"], "no.jwk: "),
        (&[], "--issuers"),
    ] {
        let output = command(folder.path(), arguments).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(message), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty());
    }
}
