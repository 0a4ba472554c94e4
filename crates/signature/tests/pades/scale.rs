//! Many signatures, many revisions, many objects: read within bounds, or refused with what is too much.

use std::time::Instant;

use bitaqa_signature::{
    FoundSignature,
    found::Coverage,
    pades::{PadesError, SignatureSettings, read, reading::MAX_SIGNATURES},
    pdf::PdfError,
};

use crate::{
    creation::{is_good, signed},
    documents::{file_of, plain},
    support::{Kind, pki},
};

fn refusal(file: &[u8]) -> PadesError {
    read(&file.to_vec()).expect_err("it was read")
}

/// A file with so many signed fields in one revision.
fn of_fields(count: usize) -> Vec<u8> {
    let fields: Vec<String> = (0..count).map(|number| format!("{} 0 R", 4 + 2 * number)).collect();
    let fields = fields.join(" ");
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{fields}]/SigFlags 3>>>>"),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned(),
    ];
    for number in 0..count {
        objects.push(format!("<</FT/Sig/T(s{number})/V {} 0 R>>", 5 + 2 * number));
        objects
            .push("<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 99 9]/Contents<00>>>".to_owned());
    }
    file_of(&objects.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn ten_thousand_signatures_are_refused_by_their_number() {
    let too_many = PadesError::TooManySignatures { max: MAX_SIGNATURES };
    assert_eq!(refusal(&of_fields(10_000)).to_string(), too_many.to_string());
    assert_eq!(too_many.to_string(), "the PDF has more than 200 signatures and time stamps");
    let most = read(&of_fields(MAX_SIGNATURES)).unwrap();
    assert_eq!(most.signatures.len(), MAX_SIGNATURES);
    assert!(!most.signatures.iter().any(is_good));
}

#[test]
fn as_many_signatures_as_are_read_are_all_good() {
    let holder = pki().signer(Kind::P256);
    let settings = SignatureSettings { room: 0, ..SignatureSettings::default() };
    let mut file = plain();
    for _ in 0..MAX_SIGNATURES {
        file = signed(&file, &holder, &settings);
    }
    let begun = Instant::now();
    let found = read(&file).unwrap().signatures;
    println!("{} signatures in {} bytes, read in {:.1?}", found.len(), file.len(), begun.elapsed());
    assert_eq!(found.len(), MAX_SIGNATURES);
    let bad = found.iter().position(|one| !is_good(one));
    assert!(bad.is_none(), "{bad:?}: {:?}", bad.map(|bad| &found[bad].format_faults));
    let whole = found.iter().filter(|one| one.coverage == Coverage::Whole).count();
    assert_eq!(whole, 1, "the last one");
}

#[test]
fn a_large_object_that_is_named_without_end_is_counted_each_time() {
    // a dictionary of many keys, which each of the field's widgets is
    let keys: String = (0..200_000).map(|number| format!("/k{number} 0")).collect();
    let kids = "6 0 R ".repeat(100_000);
    let file = file_of(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        &format!("<</FT/Sig/T(s)/V 5 0 R/Kids[{kids}]>>"),
        "<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[0 9 99 9]/Contents<00>>>",
        &format!("<<{keys}>>"),
    ]);
    let begun = Instant::now();
    let refused = refusal(&file);
    println!("{} bytes, given up after {:.1?}", file.len(), begun.elapsed());
    assert!(matches!(refused, PadesError::Pdf(PdfError::Limit("work on one file"))), "{refused}");
}

#[test]
fn revisions_without_end_are_refused() {
    let mut file = plain();
    for _ in 0..5_000 {
        let previous = file.len();
        let start = String::from_utf8_lossy(&file[previous - 30..]).into_owned();
        let start = start.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
        file.extend(
            format!(
                "xref\n0 0\ntrailer\n<</Size 6/Root 1 0 R/Prev {start}>>\nstartxref\n{previous}\n%%EOF\n"
            )
            .bytes(),
        );
    }
    assert!(matches!(refusal(&file), PadesError::Pdf(PdfError::Limit("revisions"))));
}

#[test]
fn many_signatures_over_many_objects_do_not_multiply() {
    // a million objects that are nowhere, in a few compressed bytes, and each signature is compared with all of them
    const OBJECTS: usize = 1_000_000;
    let holder = pki().signer(Kind::P256);
    let settings = SignatureSettings { room: 0, ..SignatureSettings::default() };
    let mut file = plain();
    for _ in 0..40 {
        file = signed(&file, &holder, &settings);
    }
    let records = miniz_oxide::deflate::compress_to_vec_zlib(&vec![0; OBJECTS * 3], 9);
    let text = String::from_utf8_lossy(&file).into_owned();
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    let start = file.len();
    let entries =
        format!("/Size 1000500/Index[500 {OBJECTS}]/W[1 1 1]/Filter/FlateDecode/Length {}", records.len());
    file.extend(format!("499 0 obj\n<</Type/XRef/Root 1 0 R/Prev {previous}{entries}>>\nstream\n").bytes());
    file.extend(records);
    file.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    let begun = Instant::now();
    let found = read(&file).unwrap().signatures;
    println!(
        "{} signatures and {OBJECTS} objects in {} bytes, read in {:.1?}",
        found.len(),
        file.len(),
        begun.elapsed()
    );
    let is_told = |one: &&FoundSignature| {
        one.format_faults.iter().any(|fault| fault.contains("exceeds a limit: work on one file"))
    };
    let told = found.iter().filter(is_told).count();
    assert!(told > 0, "the work is counted");
    assert_eq!(told + found.iter().filter(|one| is_good(one)).count(), found.len());
}
