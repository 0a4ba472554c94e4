//! A script of a test, as a program.

use std::{path::Path, process::Command};

/// Writes a script that can be run at once. A process of its own writes it: what this process holds open for writing, a child that
/// another thread starts at that moment holds open too, and such a program cannot be run (`ETXTBSY`).
pub(crate) fn write_script(path: &Path, lines: &str) {
    let status = Command::new("sh")
        .args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$2\" && chmod 755 \"$2\"", "write-script", lines])
        .arg(path)
        .status()
        .unwrap();
    assert!(status.success(), "{}: {status}", path.display());
}
