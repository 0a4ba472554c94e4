//! PDF files to be signed, written by hand, so that every byte of them is known.

use std::{fs, process::Command};

use tempfile::TempDir;

/// A file of these objects, the first of which is the catalog, with a table.
pub(crate) fn file_of(objects: &[&str]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = bytes.len();
    bytes.extend(format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1).bytes());
    for offset in &offsets {
        bytes.extend(format!("{offset:010} 00000 n\r\n").bytes());
    }
    let id = "<00112233445566778899AABBCCDDEEFF>";
    bytes.extend(
        format!(
            "trailer\n<</Size {}/Root 1 0 R/ID[{id}{id}]>>\nstartxref\n{start}\n%%EOF\n",
            offsets.len() + 1
        )
        .bytes(),
    );
    bytes
}

/// An update of a file: these objects replace or join those that are there.
pub(crate) fn update(file: &[u8], objects: &[(usize, &str)], extra_trailer: &str) -> Vec<u8> {
    let mut bytes = file.to_vec();
    let text = String::from_utf8_lossy(file);
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    let mut table = String::from("xref\n");
    let highest = objects.iter().map(|(number, _)| *number).max().unwrap_or(0);
    for (number, object) in objects {
        table += &format!("{number} 1\n{:010} 00000 n\r\n", bytes.len());
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let start = bytes.len();
    let size = (highest + 1).max(60);
    bytes.extend(table.bytes());
    bytes.extend(
        format!(
            "trailer\n<</Size {size}/Root 1 0 R/Prev {previous}{extra_trailer}>>\nstartxref\n{start}\n%%EOF\n"
        )
        .bytes(),
    );
    bytes
}

fn stream(content: &str) -> String {
    format!("<</Length {}>>\nstream\n{content}\nendstream", content.len())
}

/// What stands on the first page.
pub(crate) const CONTENT: &str = "BT /F1 24 Tf 72 700 Td (The price is 100 dirhams.) Tj ET";

/// Two pages, the second turned, with a text field, a button and an empty signature field on the first.
pub(crate) fn form() -> Vec<u8> {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[7 0 R 8 0 R 9 0 R]>>";
    file_of(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R 8 0 R 9 0 R]/DR<</Font<</Helv 5 0 R>>>>/DA(/Helv 0 Tf 0 g)>>>>",
        "<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>",
        page,
        &stream(CONTENT),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate 90/Resources<<>>/Contents 10 0 R>>",
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(town)/F 4/P 3 0 R/Rect[72 600 300 620]/DA(/Helv 12 Tf 0 g)>>",
        "<</Type/Annot/Subtype/Widget/FT/Btn/Ff 65536/T(push)/F 4/P 3 0 R/Rect[72 560 200 580]>>",
        "<</Type/Annot/Subtype/Widget/FT/Sig/T(applicant)/F 4/P 3 0 R/Rect[72 100 300 160]/Lock<</Type/SigFieldLock/Action/Include/Fields[(town)]>>>>",
        &stream(""),
    ])
}

/// One page without a form.
pub(crate) fn plain() -> Vec<u8> {
    file_of(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        &stream(CONTENT),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ])
}

/// The same with cross-reference and object streams, as `qpdf` writes them.
pub(crate) fn with_streams(file: &[u8]) -> Vec<u8> {
    let folder = TempDir::new().unwrap();
    let (from, to) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
    fs::write(&from, file).unwrap();
    let output = Command::new("qpdf")
        .args(["--object-streams=generate", "--static-id"])
        .args([&from, &to])
        .output()
        .expect("qpdf is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read(to).unwrap()
}
