//! `jose` for JavaScript and `jwcrypto` for Python, which `cargo xtask test` puts where they are looked for.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::python::interpreter;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Judge {
    JavaScript,
    Python,
}

impl Judge {
    pub(crate) const ALL: [Self; 2] = [Self::JavaScript, Self::Python];

    /// What it says to a task: `done`, or `refused`.
    pub(crate) fn result(self, task: &Value) -> Value {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/encrypted");
        let (program, script) = match self {
            Self::JavaScript => (PathBuf::from("node"), "judge.mjs"),
            Self::Python => (interpreter(), "judge.py"),
        };
        let mut child = Command::new(program)
            .arg(here.join(script))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{self:?} is not there: {error}"));
        child
            .stdin
            .take()
            .unwrap()
            .write_all(Value::from(vec![task.clone()]).to_string().as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{self:?}");
        let results: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        results.into_iter().next().unwrap()
    }

    /// What it did, where it must.
    pub(crate) fn done(self, task: &Value) -> Value {
        let result = self.result(task);
        assert!(result["refused"].is_null(), "{self:?} refused {task}: {result}");
        result["done"].clone()
    }
}
