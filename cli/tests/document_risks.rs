//! What `bitaqa sign` says of a PDF before it asks for anything: with a software card behind a real pcscd, and without any card.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod empty_pdf;
mod on_terminal;

use std::{fs, path::Path, process::Stdio};

use bitaqa_testbed::{CardSpec, KeyKind, Testbed};
use empty_pdf::{pdf, pdf_with};
use on_terminal::typing;

/// The PIN of the software card's key for documents.
const PIN: &str = "12345";

/// Of each kind a file: its name, its content, the kind's name in JSON, and words of its sentence.
fn risky() -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let field = "<</Type/Annot/Subtype/Widget/FT/Tx/T(town)/Rect[0 0 9 9]/P 3 0 R>>";
    vec![
        ("script.pdf", pdf_with("/Names<</JavaScript 4 0 R>>", &["<<>>"]), "javaScript", "has scripts"),
        ("xfa.pdf", pdf_with("/AcroForm<</Fields[]/XFA 4 0 R>>", &["null"]), "xfa", "an XFA form"),
        ("layers.pdf", pdf_with("/OCProperties<</OCGs[]>>", &[]), "optionalContent", "has layers"),
        (
            "link.pdf",
            pdf_with("", &["<</S/URI/URI(https://a.example/)>>"]),
            "externalActions",
            "open other files or addresses",
        ),
        (
            "elsewhere.pdf",
            pdf_with("", &["<</Length 0/F(other.bin)>>\nstream\n\nendstream"]),
            "externalContent",
            "in other files, which are not signed",
        ),
        (
            "files.pdf",
            pdf_with("/Names<</EmbeddedFiles 4 0 R>>", &["<<>>"]),
            "embeddedFiles",
            "other files inside",
        ),
        ("film.pdf", pdf_with("", &["<</Subtype/RichMedia>>"]), "media", "has sound, films"),
        (
            "opens.pdf",
            pdf_with("/OpenAction[3 0 R/Fit]", &[]),
            "automaticActions",
            "does something by itself",
        ),
        (
            "field.pdf",
            pdf_with("/AcroForm<</Fields[4 0 R]>>", &[field]),
            "formFields",
            "fields that can be filled in",
        ),
        (
            "faces.pdf",
            pdf_with("/AcroForm<</Fields[]/NeedAppearances true>>", &[]),
            "viewerMadeAppearances",
            "draws its fields by itself",
        ),
        ("behind.pdf", [pdf(), b"more".to_vec()].concat(), "trailingBytes", "stands behind its end"),
        ("broken.pdf", b"%PDF-1.7\nno PDF".to_vec(), "unreadable", "structure cannot be read"),
        // neither its name nor how it begins says what it is
        (
            "page.html",
            [b"<html><!--\n".to_vec(), pdf_with("/Names<</JavaScript 4 0 R>>", &["<<>>"])].concat(),
            "unreadable",
            "structure cannot be read",
        ),
    ]
}

fn write(folder: &Path, name: &str, content: &[u8]) -> String {
    let path = folder.join(name);
    fs::write(&path, content).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The lines of caution about this file.
fn cautions<'e>(err: &'e str, file: &str) -> Vec<&'e str> {
    let begin = format!("Caution: {file}: ");
    err.lines().filter(|line| line.starts_with(&begin)).collect()
}

#[test]
fn each_risk_of_each_pdf_is_said_before_the_pin_is_asked_for_and_the_documents_are_signed() {
    let bed = Testbed::with_readers(&["Desk"]).unwrap();
    bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let risky = risky();
    let mut files = vec![
        write(folder.path(), "plain.pdf", &pdf()),
        write(folder.path(), "letter.txt", "%PDF is a format".as_bytes()),
    ];
    for (name, content, ..) in &risky {
        files.push(write(folder.path(), name, content));
    }
    let out = folder.path().join("all.asice");
    let out = out.to_str().unwrap();
    let options = ["sign", "--json", "--format", "asic-e", "--out", out];
    let arguments: Vec<&str> = options.into_iter().chain(files.iter().map(String::as_str)).collect();
    let run = typing(&bed, &arguments, &[("PIN", PIN)]);
    assert_eq!(run.code, Some(0), "{run:?}");
    let before = run.err.split("Signing as").next().unwrap();
    let documents = &run.json()["files"][0]["documents"];
    for (at, file) in files.iter().enumerate() {
        let said = cautions(before, file);
        let (names, sentences): (Vec<_>, Vec<_>) = match at.checked_sub(2) {
            Some(at) => (vec![risky[at].2], vec![risky[at].3]),
            None => (vec![], vec![]),
        };
        assert_eq!(documents[at]["risks"], serde_json::json!(names), "{run:?}");
        assert_eq!(said.len(), sentences.len(), "{file}: {said:?}");
        for (line, words) in said.iter().zip(sentences) {
            assert!(line.contains(words), "{line}: {words}");
        }
    }
}

#[test]
fn a_pdf_is_inspected_in_every_form_of_signature_and_under_every_name() {
    let bed = Testbed::with_readers(&["Desk"]).unwrap();
    bed.insert(0, &CardSpec::pkcs15(KeyKind::P256)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let content = pdf_with("/OCProperties<</OCGs[]>>/AcroForm<</Fields[]/XFA 4 0 R>>", &["null"]);
    let file = write(folder.path(), "notes.txt", &content);
    for format in ["pades", "cades", "jades-detached", "xades-enveloping", "asic-s"] {
        let out = folder.path().join(format);
        let arguments = ["sign", "--format", format, "--out", out.to_str().unwrap(), &file];
        let run = typing(&bed, &arguments, &[("PIN", PIN)]);
        assert_eq!(run.code, Some(0), "{format}: {run:?}");
        let before = run.err.split("Signing as").next().unwrap();
        assert_eq!(cautions(before, &file).len(), 2, "{format}: {run:?}");
    }
}

#[test]
fn risks_are_said_before_a_card_is_looked_for() {
    let bed = Testbed::with_readers(&["Desk"]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let content = pdf_with("/Names<</JavaScript 4 0 R>>", &["<<>>"]);
    let file = write(folder.path(), "a\nb.pdf", &content);
    let out = folder.path().join("out.pdf");
    let output = bed
        .command(env!("CARGO_BIN_EXE_bitaqa"))
        .args(["sign", "--out", out.to_str().unwrap(), &file])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let err = String::from_utf8(output.stderr).unwrap();
    // a line stays one, whatever the file is called
    let said = cautions(&err, &file.replace('\n', "\u{fffd}"));
    assert!(said.len() == 1 && said[0].contains("has scripts"), "{err}");
    assert!(err.lines().nth(1).is_some_and(|line| line.starts_with("bitaqa: ")), "{err}");
}
