//! What `pyHanko`, `pdfsig` and `qpdf` say.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::support::{
    judge::{ask, python},
    pki,
};

const VALIDATE: &str = r#"
import sys, json, warnings
warnings.filterwarnings("ignore")
import logging
logging.disable(logging.CRITICAL)
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.keys import load_cert_from_pemder
from pyhanko_certvalidator import ValidationContext
root = load_cert_from_pemder(sys.argv[2])
others = [load_cert_from_pemder(path) for path in sys.argv[3:]]
reader = PdfFileReader(open(sys.argv[1], "rb"), strict=True)
found = []
for sig in reader.embedded_signatures:
    context = ValidationContext(trust_roots=[root], other_certs=others, allow_fetching=False)
    if sig.sig_object.get("/Type") == "/DocTimeStamp":
        status = validate_pdf_timestamp(sig, validation_context=context)
    else:
        status = validate_pdf_signature(sig, signer_validation_context=context, ts_validation_context=context)
    found.append({
        "field": sig.field_name, "intact": status.intact, "valid": status.valid, "trusted": status.trusted,
        "coverage": status.coverage.name,
        "level": status.modification_level.name if getattr(status, "modification_level", None) is not None else None,
        "ok": status.bottom_line,
        "stamped": getattr(status, "timestamp_validity", None) is not None,
    })
print(json.dumps(found))
"#;

/// What `pyHanko` says of one signature.
#[derive(Debug, Clone)]
pub struct PyHanko {
    pub field: String,
    pub intact: bool,
    pub coverage: String,
    pub level: Option<String>,
    pub ok: bool,
    pub stamped: bool,
}

/// `pyHanko`'s validation of all signatures, with the root as the only anchor.
pub fn py_hanko(file: &[u8]) -> Vec<PyHanko> {
    let folder = TempDir::new().unwrap();
    let (script, pdf) = (folder.path().join("validate.py"), folder.path().join("file.pdf"));
    fs::write(&script, VALIDATE).unwrap();
    fs::write(&pdf, file).unwrap();
    let arguments = [&script, &pdf, &pki().path("root.pem"), &pki().path("ca.pem")];
    let verdict = ask(python(), arguments);
    assert!(verdict.success, "{}", verdict.text);
    let found: Vec<serde_json::Value> = serde_json::from_str(verdict.text.lines().last().unwrap()).unwrap();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    found
        .iter()
        .map(|found| PyHanko {
            field: text(&found["field"]).unwrap(),
            intact: found["intact"] == true && found["valid"] == true,
            coverage: text(&found["coverage"]).unwrap(),
            level: text(&found["level"]),
            ok: found["ok"] == true,
            stamped: found["stamped"] == true,
        })
        .collect()
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
