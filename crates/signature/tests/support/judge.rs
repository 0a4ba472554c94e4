//! Programs of others that judge what is made here.

use std::{
    env,
    ffi::OsStr,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

/// What a program said.
pub struct Verdict {
    pub success: bool,
    pub text: String,
}

/// Runs a program; what it says on both streams is its text.
pub fn ask<S: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = S>) -> Verdict {
    let output: Output = Command::new(program.as_ref())
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{:?} is needed: {error}", program.as_ref()));
    let text = [output.stdout, output.stderr].concat();
    Verdict { success: output.status.success(), text: String::from_utf8_lossy(&text).into_owned() }
}

/// The interpreter that has the packages of `tests/python.txt`.
pub fn python() -> PathBuf {
    let cache = || {
        let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        base.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
            .unwrap_or_default()
    };
    env::var_os("BITAQA_PYTHON").map_or_else(|| cache().join("bitaqa/python/bin/python3"), PathBuf::from)
}

/// What the classes that pyHanko has of the schema of TS 119 102-2 say of reports: a line for each fault, after the file's name.
pub fn validation_reports(files: impl IntoIterator<Item = PathBuf>) -> Verdict {
    let judge = ["-c", include_str!("validation_report.py")].map(PathBuf::from);
    ask(python(), judge.into_iter().chain(files))
}

/// Where the suites of others are; none if they are not there, which the caller says.
pub fn conformance(suite: &str) -> Option<PathBuf> {
    let root = env::var_os("BITAQA_CONFORMANCE").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let folder = root.join(suite);
    folder.is_dir().then_some(folder)
}
