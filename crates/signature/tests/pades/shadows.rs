//! Attacks on signed PDF files as they were published (pdf-insecurity.org): shadow attacks, which are prepared before the signature
//! (2021), attacks on certifications by annotations and signatures (2021), and what hybrid files hide.
//!
//! Universal forgery, incremental saving and wrapping (2019) are in `attacks.rs`.

use bitaqa_signature::pades::{Permission, SignatureSettings, read};

use crate::{
    creation::{is_good, only, signed},
    documents::{file_of, form, update, with_streams},
    support::{Kind, pki},
};

fn stream(content: &str) -> String {
    format!("<</Length {}>>\nstream\n{content}\nendstream", content.len())
}

/// An object as the file has it last.
fn object(file: &[u8], number: usize) -> String {
    let text = String::from_utf8_lossy(file);
    let header = format!("\n{number} 0 obj\n");
    let start = text.rfind(&header).unwrap() + header.len();
    text[start..start + text[start..].find("\nendobj").unwrap()].to_owned()
}

fn sign(file: &[u8], settings: &SignatureSettings) -> Vec<u8> {
    signed(file, &pki().signer(Kind::P256), settings)
}

fn refuses(file: &[u8], objects: &[(usize, &str)], what: &str) {
    let attacked = update(file, objects, "");
    if let Ok(found) = read(&attacked) {
        assert!(!found.signatures.iter().any(is_good), "{what}");
    }
}

const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>/XObject<</Cover 6 0 R>>>>/Contents 4 0 R>>";
const SEEN: &str = "BT /F1 24 Tf 72 700 Td (The price is 100 dirhams.) Tj ET";
const HIDDEN: &str = "BT /F1 24 Tf 72 700 Td (The price is 900 dirhams.) Tj ET";

/// A document in which something else is hidden.
fn prepared(content: &str, more: &[&str]) -> Vec<u8> {
    let content = stream(content);
    let cover = "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Length 33>>\nstream\n1 1 1 rg 0 650 595 100 re f      \nendstream";
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        PAGE,
        &content,
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        cover,
    ];
    objects.extend(more);
    file_of(&objects)
}

#[test]
fn shadows_that_hide_what_was_there() {
    // what the attacker wants to be seen later lies under a cover, which an update takes away
    let file = sign(&prepared(&format!("{HIDDEN} /Cover Do {SEEN}"), &[]), &SignatureSettings::default());
    assert!(is_good(&only(&file)));
    let empty = "<</Type/XObject/Subtype/Form/BBox[0 0 0 0]/Length 0>>\nstream\n\nendstream";
    refuses(&file, &[(6, empty)], "the cover is emptied");
    refuses(&file, &[(6, "null")], "the cover is removed");
    let without = PAGE.replace("/XObject<</Cover 6 0 R>>", "");
    refuses(&file, &[(3, &without)], "the cover is named no more");
    let elsewhere = PAGE.replace("/Cover 6 0 R", "/Cover 40 0 R");
    refuses(&file, &[(3, &elsewhere), (40, empty)], "another cover");
}

#[test]
fn shadows_that_replace_what_is_there() {
    // a font whose letters are others, and a form field whose face is another
    let file = sign(&prepared(SEEN, &[]), &SignatureSettings::default());
    let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]/CharProcs<<>>/Encoding<</Differences[49/nine]>>/FirstChar 49/LastChar 49/Widths[1]>>";
    refuses(&file, &[(5, font)], "the font");
    let form = sign(&form(), &SignatureSettings::default());
    let field = object(&form, 7);
    let face = stream("BT (The price is 900 dirhams.) Tj ET");
    let with_face = field.replacen("<<", "<</AP<</N 40 0 R>>", 1);
    refuses(&form, &[(7, &with_face), (40, &face)], "the face of a field without a value");
    // the value stays and its face says another
    let filled =
        update(&form, &[(7, &field.replacen("<<", "<</V(100)/AP<</N 40 0 R>>", 1)), (40, &face)], "");
    let again = sign(&filled, &SignatureSettings::default());
    let other = object(&again, 7).replace("40 0 R", "41 0 R");
    let attacked = update(&again, &[(7, &other), (41, &stream("BT (900) Tj ET"))], "");
    let found = read(&attacked).unwrap().signatures;
    // for the first one it was filled in later, whatever it shows
    let good: Vec<bool> = found.iter().map(is_good).collect();
    assert_eq!(good, [true, false], "another face of the same value");
}

#[test]
fn shadows_that_hide_and_replace() {
    // a second document lies unused in the first one, with the same numbers or with others
    let second = [
        "<</Type/Catalog/Pages 8 0 R>>",
        "<</Type/Pages/Kids[9 0 R]/Count 1>>",
        "<</Type/Page/Parent 8 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 10 0 R>>",
        &stream(HIDDEN),
    ];
    let file = sign(&prepared(SEEN, &second), &SignatureSettings::default());
    assert!(is_good(&only(&file)));
    let catalog = object(&file, 1);
    refuses(
        &file,
        &[(1, &catalog.replace("/Pages 2 0 R", "/Pages 8 0 R"))],
        "the pages of the other document",
    );
    refuses(&file, &[(2, "<</Type/Pages/Kids[9 0 R]/Count 1>>")], "a page of the other document");
    refuses(
        &file,
        &[(3, &PAGE.replace("/Contents 4 0 R", "/Contents 10 0 R"))],
        "the content of the other page",
    );
    refuses(&file, &[(4, &stream(HIDDEN))], "the other content under the same number");
    // a trailer that begins with the other document
    let text = String::from_utf8_lossy(&file).into_owned();
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    let start = file.len();
    let tail =
        format!("xref\n0 0\ntrailer\n<</Size 60/Root 7 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n");
    let attacked = [&file[..], tail.as_bytes()].concat();
    let found = read(&attacked).map(|found| found.signatures).unwrap_or_default();
    assert!(!found.iter().any(is_good), "another catalog");
}

#[test]
fn certified_documents_get_no_annotation_that_says_something() {
    // "evil annotation": each kind that can show text or a picture over the content, as far as the certification permits annotations
    let settings =
        SignatureSettings { certification: Some(Permission::Annotations), ..SignatureSettings::default() };
    let file = sign(&form(), &settings);
    assert!(is_good(&only(&file)));
    let page = object(&file, 3);
    let with = page.replacen("9 0 R", "9 0 R 40 0 R", 1);
    assert_ne!(with, page);
    for kind in ["FreeText", "Stamp", "Redact", "Square", "Ink", "Highlight", "Text", "Link", "Widget"] {
        let annotation = format!(
            "<</Type/Annot/Subtype/{kind}/Rect[72 690 400 730]/Contents(900)/DA(/F1 24 Tf)/QuadPoints[72 730 400 730 72 690 400 690]/F 4/AP<</N 41 0 R>>>>"
        );
        refuses(&file, &[(3, &with), (40, &annotation), (41, &stream(HIDDEN))], kind);
    }
    // one that was there shows something else
    let changed = object(&file, 8).replacen("<<", "<</AP<</N 41 0 R>>", 1);
    refuses(&file, &[(8, &changed), (41, &stream(HIDDEN))], "an annotation that was there");
}

#[test]
fn certified_documents_get_no_signature_that_says_something() {
    // "sneaky signature": a field for a signature, signed or not, whose face lies over the content
    let face = stream(HIDDEN);
    for permission in [Permission::Nothing, Permission::Forms, Permission::Annotations] {
        let settings = SignatureSettings { certification: Some(permission), ..SignatureSettings::default() };
        let file = sign(&form(), &settings);
        let (catalog, page) = (object(&file, 1), object(&file, 3));
        let catalog = catalog.replacen("9 0 R", "9 0 R 40 0 R", 1);
        let with = page.replacen("9 0 R", "9 0 R 40 0 R", 1);
        for value in ["", "/V 42 0 R"] {
            let field = format!(
                "<</FT/Sig/T(sneaky)/Type/Annot/Subtype/Widget/F 4/P 3 0 R/Rect[72 690 400 730]/AP<</N 41 0 R>>{value}>>"
            );
            let dictionary = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange[0 0 0 0]/Contents<00>>>";
            let objects = [(1, &*catalog), (3, &*with), (40, &*field), (41, &*face), (42, dictionary)];
            let attacked = update(&file, &objects, "");
            let found = read(&attacked).map(|found| found.signatures).unwrap_or_default();
            // where more signatures are permitted this is one more, and not a good one: the file does not pass
            let may_be = !value.is_empty() && permission != Permission::Nothing;
            assert!(!found.iter().all(is_good), "{permission:?} {value:?}");
            assert!(may_be || !found.iter().any(is_good), "{permission:?} {value:?}");
        }
    }
}

#[test]
fn hybrid_files_name_nothing_twice() {
    // an object that only programs see which know cross-reference streams, and for others is another one
    let file = sign(&prepared(SEEN, &[]), &SignatureSettings::default());
    let text = String::from_utf8_lossy(&file).into_owned();
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    for (what, in_table) in [("named by both", true), ("named by the stream alone", false)] {
        let mut attacked = file.clone();
        let hidden = attacked.len();
        attacked.extend(format!("4 0 obj\n{}\nendobj\n", stream(HIDDEN)).bytes());
        let cross = attacked.len();
        let record = [&[1_u8][..], &u32::try_from(hidden).unwrap().to_be_bytes(), &[0]].concat();
        attacked.extend(b"50 0 obj\n<</Type/XRef/Size 60/Index[4 1]/W[1 4 1]/Length 6>>\nstream\n");
        attacked.extend(record);
        attacked.extend(b"\nendstream\nendobj\n");
        let start = attacked.len();
        let original =
            text.find("\n4 0 obj\n").unwrap() - (text.len() - String::from_utf8_lossy(&file).len()) + 1;
        let table = if in_table { format!("4 1\n{original:010} 00000 n\r\n") } else { "0 0\n".to_owned() };
        let trailer = format!("<</Size 60/Root 1 0 R/Prev {previous}/XRefStm {cross}>>");
        attacked.extend(format!("xref\n{table}trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n").bytes());
        let found = read(&attacked).map(|found| found.signatures).unwrap_or_default();
        assert!(!found.iter().any(is_good), "{what}");
    }
}

#[test]
fn a_signature_in_an_object_stream_is_none() {
    // not compressed, so that its contents are in the file and `ByteRange` could leave out just them
    let file = sign(&form(), &SignatureSettings::default());
    let (number, dictionary) = (11, object(&sign(&form(), &SignatureSettings::default()), 11));
    assert!(dictionary.contains("/ByteRange"));
    let text = String::from_utf8_lossy(&file).into_owned();
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    let mut attacked = file.clone();
    let (header, offset) = (format!("{number} 0 "), attacked.len());
    let content = format!("{header}{dictionary}");
    attacked.extend(
        format!(
            "50 0 obj\n<</Type/ObjStm/N 1/First {}/Length {}>>\nstream\n{content}\nendstream\nendobj\n",
            header.len(),
            content.len()
        )
        .bytes(),
    );
    let start = attacked.len();
    let of_signature = [&[2][..], &50_u32.to_be_bytes(), &[0]].concat();
    let of_stream = [&[1][..], &u32::try_from(offset).unwrap().to_be_bytes(), &[0]].concat();
    let cross = format!(
        "51 0 obj\n<</Type/XRef/Size 60/Root 1 0 R/Prev {previous}/Index[{number} 1 50 1]/W[1 4 1]/Length 12>>\nstream\n"
    );
    attacked.extend([cross.as_bytes(), &of_signature, &of_stream, b"\nendstream\nendobj\n"].concat());
    attacked.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
    let found = read(&attacked).unwrap().signatures;
    let [one] = &found[..] else { panic!("{}", found.len()) };
    assert_eq!(one.format_faults, ["the contents of the signature are not by themselves in the file"]);
    // compressed by another program, with what was signed: no signature holds
    let compressed = read(&with_streams(&file)).unwrap().signatures;
    assert!(compressed.len() == 1 && !is_good(&compressed[0]));
}
