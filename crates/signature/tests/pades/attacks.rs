//! Files of attackers: what was signed is shown otherwise, or not at all. None may pass.

use bitaqa_signature::{
    FoundSignature,
    pades::{FieldChoice, Permission, SignatureSettings, read},
};

use crate::{
    creation::{is_good, only, signed},
    documents::{CONTENT, form, plain, update, with_streams},
    support::{Kind, pki},
};

/// The form with a signature in a new field, its twelfth object.
fn signed_form(settings: &SignatureSettings) -> Vec<u8> {
    signed(&form(), &pki().signer(Kind::P256), settings)
}

/// The number of the signature's field: signature dictionary and field come after the file's objects.
const FIELD: usize = 12;
const SIGNATURE: usize = 11;

fn first(file: &[u8]) -> FoundSignature {
    read(&file.to_vec()).unwrap().signatures.remove(0)
}

fn assert_refused(file: &[u8], what: &str) {
    if let Ok(found) = read(&file.to_vec()) {
        assert!(!found.signatures.is_empty(), "{what}");
        assert!(!found.signatures.iter().any(is_good), "{what}");
    }
}

/// An object as the file has it.
fn object(file: &[u8], number: usize) -> String {
    let text = String::from_utf8_lossy(file);
    let start = text.rfind(&format!("\n{number} 0 obj\n")).unwrap();
    let body = &text[start..][format!("\n{number} 0 obj\n").len()..];
    body[..body.find("\nendobj").unwrap()].to_owned()
}

/// Where the last object with a number is.
fn offset_of(file: &[u8], number: usize) -> usize {
    let header = format!("\n{number} 0 obj\n");
    file.windows(header.len()).rposition(|window| window == header.as_bytes()).unwrap() + 1
}

fn stream(content: &str) -> String {
    format!("<</Length {}>>\nstream\n{content}\nendstream", content.len())
}

#[test]
fn nothing_that_is_shown_may_be_replaced_by_an_update() {
    let file = signed_form(&SignatureSettings::default());
    assert!(is_good(&first(&file)));
    let other = stream(&CONTENT.replace("100", "900"));
    let (catalog, page, field) = (object(&file, 1), object(&file, 3), object(&file, FIELD));
    let with = |text: &str, from: &str, to: &str| {
        assert!(text.contains(from), "{text} has no {from}");
        text.replacen(from, to, 1)
    };
    let add = |text: &str, more: &str| with(text, "<<", &format!("<<{more}"));
    let attacks: Vec<(&str, Vec<(usize, String)>)> = vec![
        ("content", vec![(4, other.clone())]),
        (
            "content of a page",
            vec![(3, with(&page, "/Contents 4 0 R", "/Contents 30 0 R")), (30, other.clone())],
        ),
        ("font", vec![(5, "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>".to_owned())]),
        ("resources", vec![(3, with(&page, "/F1 5 0 R", "/F1 30 0 R")), (30, object(&file, 5))]),
        ("page box", vec![(3, with(&page, "842", "400"))]),
        ("pages", vec![(2, "<</Type/Pages/Kids[6 0 R]/Count 1>>".to_owned())]),
        ("other pages", vec![(1, with(&catalog, "/Pages 2 0 R", "/Pages 30 0 R")), (30, object(&file, 2))]),
        ("order of pages", vec![(2, "<</Type/Pages/Kids[6 0 R 3 0 R]/Count 2>>".to_owned())]),
        (
            "annotation",
            vec![
                (3, with(&page, "9 0 R", "9 0 R 30 0 R")),
                (
                    30,
                    "<</Type/Annot/Subtype/FreeText/Rect[72 690 400 730]/Contents(900)/DA(/F1 24 Tf)>>"
                        .to_owned(),
                ),
            ],
        ),
        ("annotation removed", vec![(3, with(&page, "8 0 R ", ""))]),
        ("annotations swapped", vec![(3, with(&page, "7 0 R 8 0 R", "8 0 R 7 0 R"))]),
        ("face of a signature", vec![(FIELD, add(&field, "/AP<</N 30 0 R>>")), (30, other.clone())]),
        ("place of a signature", vec![(FIELD, with(&field, "/Rect [0 0 0 0]", "/Rect [0 0 600 900]"))]),
        ("action of a field", vec![(7, add(&object(&file, 7), "/A<</S/JavaScript/JS(x)>>"))]),
        ("place of a field", vec![(7, with(&object(&file, 7), "300 620", "300 800"))]),
        ("kind of a field", vec![(7, with(&object(&file, 7), "/FT/Tx", "/FT/Btn"))]),
        ("face of a button", vec![(8, add(&object(&file, 8), "/AP<</N 30 0 R>>")), (30, other.clone())]),
        (
            "new text field",
            vec![
                (1, with(&catalog, "9 0 R", "9 0 R 30 0 R")),
                (30, "<</FT/Tx/T(new)/V(x)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>".to_owned()),
            ],
        ),
        (
            "new field with an action",
            vec![
                (1, with(&catalog, "9 0 R", "9 0 R 30 0 R")),
                (
                    30,
                    "<</FT/Sig/T(new)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/AA<</E<</S/URI/URI(x)>>>>>>"
                        .to_owned(),
                ),
            ],
        ),
        (
            "a field of the same name",
            vec![
                (1, with(&catalog, "9 0 R", "9 0 R 30 0 R")),
                (30, "<</FT/Sig/T(Signature1)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]>>".to_owned()),
            ],
        ),
        (
            "an old object as a new field",
            vec![(1, with(&catalog, "9 0 R", "9 0 R 5 0 R")), (5, "<</FT/Sig/T(new)>>".to_owned())],
        ),
        ("field removed", vec![(1, with(&catalog, "7 0 R ", ""))]),
        ("opening", vec![(1, add(&catalog, "/OpenAction<</S/JavaScript/JS(x)>>"))]),
        ("names", vec![(1, add(&catalog, "/Names<</JavaScript 30 0 R>>")), (30, "<</Names[]>>".to_owned())]),
        ("layers", vec![(1, add(&catalog, "/OCProperties<</OCGs[]/D<<>>>>"))]),
        ("certification added", vec![(1, add(&catalog, &format!("/Perms<</DocMDP {SIGNATURE} 0 R>>")))]),
        ("viewer's appearances", vec![(1, with(&catalog, "/DA", "/NeedAppearances true/DA"))]),
        ("form of XFA", vec![(1, with(&catalog, "/DA", "/XFA 30 0 R/DA")), (30, stream("<x/>"))]),
        ("default font", vec![(1, with(&catalog, "/Helv 5 0 R", "/Helv 30 0 R")), (30, object(&file, 5))]),
        ("content as validation data", vec![(1, add(&catalog, "/DSS<</Certs[4 0 R]>>")), (4, other.clone())]),
        (
            "content as metadata",
            vec![(1, add(&catalog, "/Metadata 4 0 R")), (4, other.replace("<<", "<</Type/Metadata"))],
        ),
        (
            "content as an appearance",
            vec![(7, add(&object(&file, 7), "/AP<</N 4 0 R>>")), (4, other.clone())],
        ),
        ("content removed", vec![(4, "null".to_owned())]),
        (
            "face of an empty signature field",
            vec![(9, add(&object(&file, 9), "/AP<</N 30 0 R>>")), (30, other.clone())],
        ),
        (
            "new empty field with a face",
            vec![
                (1, with(&catalog, "9 0 R", "9 0 R 31 0 R")),
                (3, with(&page, "9 0 R", "9 0 R 31 0 R")),
                (30, other.clone()),
                (
                    31,
                    "<</FT/Sig/T(new)/Type/Annot/Subtype/Widget/Rect[0 0 595 842]/AP<</N 30 0 R>>>>"
                        .to_owned(),
                ),
            ],
        ),
    ];
    for (what, objects) in attacks {
        let objects: Vec<(usize, &str)> =
            objects.iter().map(|(number, text)| (*number, text.as_str())).collect();
        let attacked = update(&file, &objects, "");
        assert!(attacked.starts_with(&file));
        assert_refused(&attacked, what);
    }
}

#[test]
fn what_later_updates_need_is_permitted_and_told() {
    let file = signed_form(&SignatureSettings::default());
    let add = |number: usize, more: &str| object(&file, number).replacen("<<", &format!("<<{more}"), 1);
    let filled = add(7, "/V(Fes)/AP<</N 30 0 R>>");
    let metadata = stream("<x:xmpmeta/>").replace("<<", "<</Type/Metadata/Subtype/XML");
    let (with_metadata, with_store) = (add(1, "/Metadata 30 0 R"), add(1, "/DSS<</Certs[]>>"));
    let looks = stream("");
    for (objects, told) in [
        (vec![(7, filled.as_str()), (30, looks.as_str())], Some("\"town\" was filled in")),
        (vec![(1, with_metadata.as_str()), (30, metadata.as_str())], Some("metadata were changed")),
        (vec![(1, with_store.as_str())], None),
        (vec![(30, "(unused)")], Some("objects that nothing uses")),
        (vec![(5, &*object(&file, 5))], None),
    ] {
        let found = only(&update(&file, &objects, ""));
        assert!(is_good(&found), "{:?}", found.format_faults);
        match told {
            Some(told) => assert!(found.remarks.iter().any(|remark| remark.contains(told)), "{told}"),
            None => assert_eq!(found.remarks, Vec::<String>::new()),
        }
    }
}

#[test]
fn certifications_and_locks_are_kept() {
    let fill = |file: &[u8]| {
        let filled = object(file, 7).replacen("<<", "<</V(Fes)", 1);
        update(file, &[(7, &filled)], "")
    };
    for permission in [Permission::Nothing, Permission::Forms, Permission::Annotations] {
        let settings = SignatureSettings { certification: Some(permission), ..SignatureSettings::default() };
        let file = signed_form(&settings);
        assert_eq!(is_good(&only(&fill(&file))), permission != Permission::Nothing, "{permission:?}");
        let page = object(&file, 3).replacen("9 0 R", "9 0 R 30 0 R", 1);
        let note = "<</Type/Annot/Subtype/FreeText/Rect[72 690 400 730]/Contents(900)/DA(/F1 24 Tf)>>";
        assert_refused(&update(&file, &[(3, &page), (30, note)], ""), "annotation after a certification");
        let catalog = object(&file, 1).replacen("/DocMDP", "/Other", 1);
        assert_refused(&update(&file, &[(1, &catalog)], ""), "certification removed");
    }
    let field = FieldChoice::Existing("applicant".to_owned());
    let file = signed_form(&SignatureSettings { field, ..SignatureSettings::default() });
    assert_refused(&fill(&file), "a locked field");
}

/// Replaces a text of the same length after the signature was made, or before.
fn replaced(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let position = file.windows(from.len()).rposition(|window| window == from.as_bytes()).unwrap();
    [&file[..position], to.as_bytes(), &file[position + from.len()..]].concat()
}

#[test]
fn byte_range_names_everything_but_the_contents() {
    let file = signed(&plain(), &pki().signer(Kind::P256), &SignatureSettings::default());
    let text = String::from_utf8_lossy(&file).into_owned();
    let start = text.rfind("/ByteRange ").unwrap() + "/ByteRange ".len();
    let end = text.find("/Contents <").unwrap();
    let written = &text[start..end];
    let numbers: Vec<u64> = written
        .trim_matches(|c: char| !c.is_ascii_digit())
        .split(' ')
        .map(|number| number.parse().unwrap())
        .collect();
    let &[0, before, after, last] = numbers.as_slice() else { panic!("{written}") };
    for range in [
        format!("[1 {before} {after} {last}]"),
        format!("[0 {} {after} {last}]", before - 1),
        format!("[0 {} {after} {last}]", before + 1),
        format!("[0 {before} {} {}]", after + 1, last - 1),
        format!("[0 {before} {after} {}]", last - 1),
        format!("[0 {before} {after} {}]", last + 1),
        format!("[0 {before} {after} -1]"),
        format!("[0 {before} {after}]"),
        format!("[0 9 9 {} {after} {last}]", before - 9),
        format!("[0 {before} {after} {last}.0]"),
        "[]".to_owned(),
        "null".to_owned(),
        "[0 0 0 0]".to_owned(),
        format!("[0 {before} {after} 99999999999999]"),
    ] {
        let padded = format!("{range:<width$}", width = written.len());
        assert_refused(&replaced(&file, written, &padded), &range);
    }
    // Wrapping: something comes into the gap, and what was signed moves behind it.
    let (at, injected) = (usize::try_from(after).unwrap(), b"/Evil (x) ");
    let moved = [&file[..at], injected, &file[at..]].concat();
    let range = format!("[0 {before} {} {last}]", after + injected.len() as u64);
    assert_refused(
        &replaced(&moved, written, &format!("{range:<width$}", width = written.len())),
        "wrapping",
    );
    // No signature at all, as in universal forgeries.
    for (from, to) in
        [("/Contents <", "/Nontents <"), ("/ByteRange ", "/BateRange "), ("/SubFilter", "/SabFilter")]
    {
        assert_refused(&replaced(&file, from, to), to);
    }
    for kind in ["adbe.pkcs7.sha1", "adbe.x509.rsa_sha1"] {
        let name = format!("{kind:<width$}", width = "ETSI.CAdES.detached".len());
        assert_refused(&replaced(&file, "ETSI.CAdES.detached", &name), kind);
    }
    let digits = usize::try_from(before).unwrap() + 1;
    let mut spaced = file.clone();
    spaced[digits..digits + 2].copy_from_slice(b"  ");
    assert_refused(&spaced, "white space in the contents");
}

#[test]
fn what_is_behind_the_signature_belongs_to_an_update_or_is_refused() {
    let file = signed(&plain(), &pki().signer(Kind::P256), &SignatureSettings::default());
    let other = format!("4 0 obj\n{}\nendobj\n", stream(&CONTENT.replace("100", "900")));
    assert_refused(&[&file[..], other.as_bytes()].concat(), "an object without cross-reference data");
    let text = String::from_utf8_lossy(&file).into_owned();
    let tail = &text[text.rfind("startxref").unwrap()..];
    assert_refused(&[file.as_slice(), other.as_bytes(), tail.as_bytes()].concat(), "the old end once more");
    assert_refused(&[&file[..], b"<html>"].concat(), "something behind the end");
    // A new chain that names everything, and does not lead to what was signed.
    let other = other.as_bytes();
    let start = file.len() + other.len();
    let mut table = String::from("xref\n0 1\n0000000000 65535 f\r\n");
    for number in 1..=7 {
        let offset = match number {
            4 => file.len(),
            _ => offset_of(&file, number),
        };
        table += &format!("{number} 1\n{offset:010} 00000 n\r\n");
    }
    table += &format!("trailer\n<</Size 8/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    let detached = [&file[..], other, table.as_bytes()].concat();
    assert_eq!(read(&detached).unwrap().signatures.len(), 1);
    assert_refused(&detached, "a chain of its own");
    let white = [&file[..], b"\n\n"].concat();
    assert!(is_good(&only(&white)));
}

#[test]
fn an_entry_that_leads_into_what_was_signed_is_refused() {
    // The attacker wrote the document: another content is hidden in it before it is signed.
    let hidden = format!("4 0 obj\n{}\nendobj\n", stream(&CONTENT.replace("100", "900")));
    let document = String::from_utf8(plain().into_iter().filter(u8::is_ascii).collect()).unwrap();
    assert!(document.contains(CONTENT));
    let prepared =
        update(&plain(), &[(20, &format!("<</Length {}>>\nstream\n{hidden}\nendstream", hidden.len()))], "");
    let file = signed(&prepared, &pki().signer(Kind::P256), &SignatureSettings::default());
    assert!(is_good(&only(&file)));
    let offset = file.windows(hidden.len()).position(|window| window == hidden.as_bytes()).unwrap();
    let text = String::from_utf8_lossy(&file).into_owned();
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().to_owned();
    let tail = format!(
        "xref\n4 1\n{offset:010} 00000 n\r\ntrailer\n<</Size 60/Root 1 0 R/Prev {previous}>>\nstartxref\n{}\n%%EOF\n",
        file.len()
    );
    assert_refused(&[&file[..], tail.as_bytes()].concat(), "an entry into a stream");
}

#[test]
fn object_streams_cannot_be_exchanged() {
    let original = with_streams(&form());
    let file = signed(&original, &pki().signer(Kind::P256), &SignatureSettings::default());
    assert!(is_good(&only(&file)));
    let text = String::from_utf8_lossy(&file).into_owned();
    let at = text.find("/Type /ObjStm").unwrap();
    let start = text[..at].rfind(" 0 obj").unwrap();
    let number: usize = text[..start].rsplit('\n').next().unwrap().parse().unwrap();
    let replaced =
        update(&file, &[(number, "<</Type/ObjStm/N 0/First 0/Length 0>>\nstream\n\nendstream")], "");
    assert_refused(&replaced, "an object stream");
}
