//! Files that are broken, by chance or by somebody: nothing panics, nothing grows without bound, nothing passes.

use std::{cell::Cell, collections::BTreeSet, sync::OnceLock};

use bitaqa_signature::{
    Signer, SignerStatement,
    found::{Coverage, Integrity},
    pades::{SignatureSettings, inspect, place, read},
    pdf::{Document, PdfError, Source, SourceError},
};
use proptest::{collection::vec, prelude::*};

use crate::{
    creation::{is_good, only, signed},
    documents::{file_of, form, plain, update, with_streams},
    support::{Kind, pki},
};

fn small() -> Vec<u8> {
    signed(
        &plain(),
        &pki().signer(Kind::P256),
        &SignatureSettings { room: 0, ..SignatureSettings::default() },
    )
}

#[test]
fn no_flipped_byte_passes_unless_all_that_is_said_is_the_same() {
    let file = small();
    let good = only(&file);
    assert!(is_good(&good));
    let mut same = BTreeSet::new();
    for position in 0..file.len() {
        for bit in [0x01, 0x20] {
            let mut flipped = file.clone();
            flipped[position] ^= bit;
            let Ok(found) = read(&flipped) else { continue };
            for found in found.signatures.iter().filter(|found| is_good(found)) {
                assert_eq!(found.signer.certificate(), good.signer.certificate(), "{position}");
                assert_eq!(found.statement, good.statement, "{position}");
                assert_eq!((&found.coverage, &found.name), (&good.coverage, &good.name), "{position}");
                assert!(found.signature_time_stamps.is_empty() && found.archive_time_stamps.is_empty());
                same.insert(position);
            }
        }
    }
    // All of these are in the gap: digits that mean the same in capitals, and certificates of issuers, which nothing signs.
    let text = String::from_utf8_lossy(&file);
    let start = text.rfind("/Contents <").unwrap() + "/Contents <".len();
    // The file's second line is not UTF-8, four bytes that are shown as three each.
    let start = start - (text.len() - file.len());
    let end = start + file[start..].iter().position(|byte| *byte == b'>').unwrap();
    println!("{} of {} bytes say the same when they are flipped", same.len(), file.len());
    assert!(same.iter().all(|position| (start..end).contains(position)), "{same:?}");
}

#[test]
fn no_beginning_of_a_file_passes() {
    let file = small();
    for length in (0..file.len()).step_by(7).chain([file.len() - 1]) {
        if let Ok(found) = read(&file[..length].to_vec()) {
            assert!(!found.signatures.iter().any(is_good), "{length}");
        }
    }
}

/// A file with a table of all objects, whose trailer and catalog are as they are given.
fn open(file: &[u8]) -> Result<(), PdfError> {
    Document::open(&file.to_vec()).map(|_| ())
}

#[test]
fn circles_and_depths_end() {
    let circle = plain();
    let start = String::from_utf8_lossy(&circle)
        .rsplit("startxref\n")
        .next()
        .unwrap()
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let position = circle.windows(8).rposition(|window| window == b"trailer\n").unwrap();
    let looped = [
        &circle[..position],
        format!("trailer\n<</Size 6/Root 1 0 R/Prev {start}>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    ]
    .concat();
    assert_eq!(open(&looped), Err(PdfError::CrossReference("its chain is a circle")));
    for objects in [
        // Pages, fields and lengths that contain themselves.
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R]>>", "null"],
        ["<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>", "<<>>", "<</T(a)/Kids[3 0 R]>>"],
        [
            "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>",
            "<<>>",
            "<</T(a)/Length 3 0 R>>\nstream\nx\nendstream",
        ],
        ["<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>", "<<>>", "3 0 R"],
        ["2 0 R", "1 0 R", "null"],
    ] {
        let file = file_of(&objects);
        let settings = SignatureSettings::default();
        let signer = pki().signer(Kind::P256).best();
        assert!(place(&file, &signer, &SignerStatement::default(), &settings).is_err(), "{objects:?}");
        assert!(read(&file).is_ok_and(|found| found.signatures.is_empty()) || read(&file).is_err());
    }
    let deep = format!("{}{}", "[".repeat(60_000), "]".repeat(60_000));
    let file = file_of(&["<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>", "<<>>", &deep]);
    assert!(read(&file).is_err());
    assert!(inspect(&file).is_err());
}

#[test]
fn what_grows_when_it_is_read_is_bounded() {
    // 64 MiB of zeros in an object stream.
    let zeros = miniz_oxide::deflate::compress_to_vec_zlib(&vec![b' '; 64 << 20], 9);
    let mut file = b"%PDF-1.7\n".to_vec();
    let first = file.len();
    file.extend(
        format!("1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length {}>>\nstream\n", zeros.len())
            .bytes(),
    );
    file.extend(&zeros);
    file.extend(b"\nendstream\nendobj\n");
    let start = file.len();
    let mut records = vec![0; 7];
    records.extend([1]);
    records.extend(u32::try_from(first).unwrap().to_be_bytes());
    records.extend([0, 0, 2, 0, 0, 0, 1, 0, 0]);
    file.extend(
        format!("3 0 obj\n<</Type/XRef/Size 3/Root 2 0 R/W[1 4 2]/Length {}>>\nstream\n", records.len())
            .bytes(),
    );
    file.extend(records);
    file.extend(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").bytes());
    assert!(matches!(read(&file).unwrap_err().to_string().as_str(), text if text.contains("limit")));
    // A cross-reference stream that promises more than it has, and a table that does.
    let promise = "%PDF-1.7\n3 0 obj\n<</Type/XRef/Size 4000000000/Root 2 0 R/W[1 4 2]/Length 0>>\nstream\n\nendstream\nendobj\nstartxref\n9\n%%EOF\n";
    assert!(open(promise.as_bytes()).is_err());
    let promise = "%PDF-1.7\nxref\n0 99999999999\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n";
    assert_eq!(open(promise.as_bytes()), Err(PdfError::Limit("objects")));
}

#[test]
fn encrypted_files_and_files_of_another_kind_are_refused() {
    let encrypted =
        update(&plain(), &[(20, "<</Filter/Standard/V 1/R 2/O(x)/U(x)/P 0>>")], "/Encrypt 20 0 R");
    assert_eq!(open(&encrypted), Err(PdfError::Encrypted));
    assert_eq!(open(b"PK\x03\x04 something else"), Err(PdfError::NotPdf));
    assert_eq!(open(b""), Err(PdfError::NotPdf));
    let twice = file_of(&["<</Type/Catalog/Pages 2 0 R/Pages 3 0 R>>", "<<>>", "<<>>"]);
    assert!(read(&twice).is_err());
}

/// A large file of which only its beginning and end are there, and the rest is white space.
struct Large {
    end: Vec<u8>,
    gap: u64,
    head: Vec<u8>,
    read: Cell<usize>,
}

impl Source for Large {
    fn length(&self) -> u64 {
        self.head.len() as u64 + self.gap + self.end.len() as u64
    }

    fn read(&self, offset: u64, length: usize) -> Result<Vec<u8>, SourceError> {
        self.read.set(self.read.get() + length);
        let gap_end = self.head.len() as u64 + self.gap;
        let byte = |position: u64| {
            if let Some(byte) = self.head.get(usize::try_from(position).unwrap()) {
                *byte
            } else if position < gap_end {
                b' '
            } else {
                self.end[usize::try_from(position - gap_end).unwrap()]
            }
        };
        Ok((offset..offset + length as u64).map(byte).collect())
    }
}

#[test]
fn of_a_large_file_only_what_is_needed_is_read() {
    let head = b"%PDF-1.7\n".to_vec();
    let gap: u64 = 100 << 20;
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_owned(),
    ];
    let (mut end, mut table) = (Vec::new(), String::from("xref\n0 4\n0000000000 65535 f\r\n"));
    let base = head.len() as u64 + gap;
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n\r\n", base + end.len() as u64);
        end.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).bytes());
    }
    let start = base + end.len() as u64;
    end.extend(format!("{table}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").bytes());
    let file = Large { end, gap, head, read: Cell::new(0) };
    let signer = pki().signer(Kind::P256).best();
    let placed = place(&file, &signer, &SignerStatement::default(), &SignatureSettings::default()).unwrap();
    assert!(file.read.get() < 32_768, "{}", file.read.get());
    assert_eq!(placed.pieces().len(), 3);
}

#[test]
fn what_a_person_should_know_is_told() {
    assert!(inspect(&plain()).unwrap().is_empty());
    let risks = inspect(&with_streams(&form())).unwrap();
    assert!(risks.form_fields && !risks.java_script);
    let with = |more: &str, object: &str| {
        let catalog = format!("<</Type/Catalog/Pages 2 0 R{more}>>");
        inspect(&file_of(&[&catalog, "<</Type/Pages/Kids[]/Count 0>>", object])).unwrap()
    };
    assert!(with("/OpenAction<</S/JavaScript/JS(x)>>", "null").java_script);
    assert!(with("/OpenAction 3 0 R", "null").automatic_actions);
    assert!(with("", "<</Names<</JavaScript 9 0 R>>>>").java_script);
    assert!(with("/AcroForm<</XFA 3 0 R/NeedAppearances true>>", "null").xfa);
    assert!(with("/AcroForm<</NeedAppearances true>>", "null").viewer_made_appearances);
    assert!(with("/OCProperties<<>>", "null").optional_content);
    assert!(with("", "<</A[<</S/Launch/F(x)>>]>>").external_actions);
    assert!(with("", "<</Length 0/F(other.bin)>>\nstream\n\nendstream").external_content);
    assert!(with("/Names<</EmbeddedFiles 3 0 R>>", "null").embedded_files);
    assert!(with("", "<</Subtype/RichMedia>>").media);
    assert!(inspect(&[plain(), b"more".to_vec()].concat()).unwrap().trailing_bytes);
}

fn signer() -> Signer {
    static SIGNER: OnceLock<Signer> = OnceLock::new();
    SIGNER.get_or_init(|| pki().signer(Kind::P256).best()).clone()
}

fn bounded(file: &[u8]) {
    if let Ok(found) = read(&file) {
        for signature in found.signatures {
            let passes = signature.integrity == Integrity::Intact && signature.format_faults.is_empty();
            assert!(!passes || signature.coverage != Coverage::Unknown);
        }
    }
    let _ = inspect(&file);
    if let Ok(placed) = place(&file, &signer(), &SignerStatement::default(), &SignatureSettings::default()) {
        let digest = placed.digest(&file).unwrap();
        assert!(placed.prepare(&digest).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in vec(any::<u8>(), 0..2000)) {
        bounded(&[b"%PDF-1.7\n".to_vec(), bytes, b"\nstartxref\n9\n%%EOF\n".to_vec()].concat());
    }

    #[test]
    fn files_with_arbitrary_changes_do_no_harm(
        changes in vec((any::<prop::sample::Index>(), vec(any::<u8>(), 0..4), 0..4_usize), 1..6),
        streams in any::<bool>(),
    ) {
        let mut file = if streams { with_streams_once() } else { form() };
        for (place, bytes, removed) in changes {
            let start = place.index(file.len());
            let end = (start + removed).min(file.len());
            file.splice(start..end, bytes);
        }
        bounded(&file);
    }
}

fn with_streams_once() -> Vec<u8> {
    static FILE: OnceLock<Vec<u8>> = OnceLock::new();
    FILE.get_or_init(|| with_streams(&form())).clone()
}
