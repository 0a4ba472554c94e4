//! What `pyHanko`, `pdfsig` and `qpdf` say of signatures in PDF.

use std::{fs, path::Path};

use tempfile::TempDir;

use super::{
    Pki,
    judge::{ask, python},
};

/// What `pyHanko` says of a file.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Signatures and time stamps, with the root as the only anchor.
    pub signatures: Vec<PyHanko>,
    /// Its verdict (EN 319 102-1) on the first signature, with revocation data demanded and nothing but what is in the file to
    /// find them in.
    pub long_term: String,
}

/// What `pyHanko` says of one signature.
#[derive(Debug, Clone)]
pub struct PyHanko {
    pub field: String,
    pub intact: bool,
    pub coverage: String,
    pub ok: bool,
    pub stamped: bool,
    pub certified: Option<i64>,
    pub name: Option<String>,
    pub reason: Option<String>,
    pub location: Option<String>,
}

/// What `pyHanko` says of files, all of which it must be able to read.
pub fn py_hanko_of(pki: &Pki, files: &[&[u8]]) -> Vec<Judged> {
    let folder = TempDir::new().unwrap();
    let script = folder.path().join("pdf.py");
    fs::write(&script, include_str!("pdf.py")).unwrap();
    let mut arguments = vec![script, pki.path("root.pem"), pki.path("ca.pem")];
    for (number, file) in files.iter().enumerate() {
        let pdf = folder.path().join(format!("{number}.pdf"));
        fs::write(&pdf, file).unwrap();
        arguments.push(pdf);
    }
    let verdict = ask(python(), arguments);
    assert!(verdict.success, "{}", verdict.text);
    let found: Vec<serde_json::Value> = serde_json::from_str(verdict.text.lines().last().unwrap()).unwrap();
    assert_eq!(found.len(), files.len());
    found.iter().map(judged).collect()
}

fn judged(found: &serde_json::Value) -> Judged {
    let Some(signatures) = found["signatures"].as_array() else { panic!("{found}") };
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let one = |found: &serde_json::Value| PyHanko {
        field: text(&found["field"]).unwrap(),
        intact: found["intact"] == true && found["valid"] == true,
        coverage: text(&found["coverage"]).unwrap(),
        ok: found["ok"] == true,
        stamped: found["stamped"] == true,
        certified: found["certified"].as_i64(),
        name: text(&found["name"]),
        reason: text(&found["reason"]),
        location: text(&found["location"]),
    };
    Judged { signatures: signatures.iter().map(one).collect(), long_term: text(&found["long_term"]).unwrap() }
}

/// `pdfsig` finds this many signatures, all valid.
pub fn assert_pdfsig(file: &[u8], signatures: usize) {
    let folder = TempDir::new().unwrap();
    let pdf = folder.path().join("file.pdf");
    fs::write(&pdf, file).unwrap();
    let verdict = ask("pdfsig", [Path::new("-nocert"), &pdf]);
    let valid = verdict.text.matches("Signature Validation: Signature is Valid.").count();
    assert_eq!(valid, signatures, "{}", verdict.text);
}

/// `qpdf` has nothing to say against it.
pub fn assert_clean(file: &[u8]) {
    let folder = TempDir::new().unwrap();
    let pdf = folder.path().join("file.pdf");
    fs::write(&pdf, file).unwrap();
    let verdict = ask("qpdf", [Path::new("--check"), &pdf]);
    assert!(verdict.success && !verdict.text.contains("WARNING"), "{}", verdict.text);
}
