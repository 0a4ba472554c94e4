//! `jose` for JavaScript and `jwcrypto` for Python.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;

use crate::support::judge;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judge {
    JavaScript,
    Python,
}

pub(crate) const JUDGES: [Judge; 2] = [Judge::JavaScript, Judge::Python];

impl Judge {
    /// What it says to each task.
    pub(crate) fn results(self, tasks: &[Value]) -> Vec<Value> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/jades");
        let (program, script) = match self {
            Self::JavaScript => (PathBuf::from("node"), "judge.mjs"),
            Self::Python => (judge::python(), "judge.py"),
        };
        let mut command = Command::new(program);
        command.arg(here.join(script));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap_or_else(|error| panic!("{self:?} is not there: {error}"));
        child.stdin.take().unwrap().write_all(Value::from(tasks).to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{self:?}: {errors}");
        let results: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(results.len(), tasks.len());
        results
    }

    /// What it did for each task; all must have been done.
    pub(crate) fn done(self, tasks: &[Value]) -> Vec<Value> {
        let results = self.results(tasks);
        let done = |(result, task): (&Value, &Value)| {
            result.get("done").cloned().unwrap_or_else(|| panic!("{self:?} refuses {task}: {result}"))
        };
        results.iter().zip(tasks).map(done).collect()
    }
}
