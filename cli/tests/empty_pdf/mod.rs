//! A document to be signed.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test program has its own copy and uses its own part of it"
)]

/// A PDF of one empty page, written by hand.
pub fn pdf() -> Vec<u8> {
    pdf_with("", &[])
}

/// The same with more entries of its catalog, and more objects, the first of which has the number 4.
pub fn pdf_with(catalog: &str, more: &[&str]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let first = [
        &*format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ];
    for (index, object) in first.iter().chain(more).enumerate() {
        offsets.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let start = file.len();
    let size = offsets.len() + 1;
    file.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for offset in offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    file.extend_from_slice(
        format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    file
}
