//! Programs in Python, which judge by code of others (tests/python.txt).

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

/// What a program prints; the texts are its arguments, `input` is what it reads.
pub(crate) fn python(program: &str, arguments: &[&str], input: &str) -> String {
    let cache = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache");
    let interpreter = std::env::var_os("BITAQA_PYTHON")
        .map_or_else(|| cache().join("bitaqa/python/bin/python3"), PathBuf::from);
    let mut child = Command::new(interpreter)
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
