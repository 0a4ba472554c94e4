//! Programs in Python, which judge by code of others (tests/python.txt).

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    env,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

/// The interpreter that has the packages of `tests/python.txt`.
pub(crate) fn interpreter() -> PathBuf {
    let cache = || {
        let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        base.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")))
            .unwrap_or_default()
    };
    env::var_os("BITAQA_PYTHON").map_or_else(|| cache().join("bitaqa/python/bin/python3"), PathBuf::from)
}

/// What a program prints; the texts are its arguments, `input` is what it reads.
pub(crate) fn python(program: &str, arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(interpreter())
        .args(["-c", program])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
