//! Programs of others that judge the platform: one JSON value per line, in both directions.

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use crate::{python::interpreter, relying_party::RelyingParty};

/// Ends with the test.
pub(crate) struct Judge {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Judge {
    /// A script of this folder's neighbours, by `node`; its argument says what it judges.
    pub(crate) fn node(script: &str, about: &Value) -> Self {
        Self::start("node", script, about)
    }

    /// By the interpreter that has the packages of `tests/python.txt`.
    pub(crate) fn python(script: &str, about: &Value) -> Self {
        Self::start(interpreter(), script, about)
    }

    fn start(interpreter: impl AsRef<OsStr>, script: &str, about: &Value) -> Self {
        let mut child = Command::new(interpreter.as_ref())
            .arg(path(script))
            .arg(about.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} is not there: {error}", interpreter.as_ref()));
        let (input, output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        Self { child, input, output }
    }

    pub(crate) fn tell(&mut self, value: &Value) {
        writeln!(self.input, "{value}").unwrap();
    }

    pub(crate) fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{line:?}"))
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A file beside the tests.
pub(crate) fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file)
}

/// What a relying party of others has to know.
pub(crate) fn about(party: &RelyingParty) -> Value {
    let key: Option<Value> = party.key.as_ref().map(|key| serde_json::from_str(&key.to_json()).unwrap());
    json!({
        "issuer": format!("http://{}", party.address), "client": party.id, "key": key,
        "redirectUri": party.redirect_uri,
    })
}
