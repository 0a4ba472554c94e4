//! The suite's files.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test ends where it cannot go on")]

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A file of the suite, if it is there.
pub(crate) fn file(name: &str) -> Option<Value> {
    let root = std::env::var_os("BITAQA_CONFORMANCE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance"),
        PathBuf::from,
    );
    let file = root.join("wycheproof").join(name);
    let Ok(bytes) = std::fs::read(&file) else {
        println!("{name}: NOT RUN, there is no {} (set BITAQA_CONFORMANCE)", file.display());
        return None;
    };
    Some(serde_json::from_slice(&bytes).unwrap())
}

/// Bytes from hexadecimal digits.
pub(crate) fn hex(value: &Value) -> Vec<u8> {
    let text = value.as_str().unwrap();
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}
