//! Changes that were prepared before the signature: whoever makes the document plants something in it that lets him replace what
//! was signed.

use bitaqa_signature::pades::{self, SignatureSettings};

use crate::{
    creation::signed,
    documents::{file_of, update},
    support::{Kind, pki},
};

fn stream(content: &str) -> String {
    format!("<</Length {}>>\nstream\n{content}\nendstream", content.len())
}

/// Signs a file, and says what is wrong with its signature after an update.
fn faults_after(file: &[u8], change: impl Fn(&[u8]) -> Vec<u8>) -> Vec<String> {
    let signed = signed(file, &pki().signer(Kind::P256), &SignatureSettings::default());
    let before = pades::read(&signed).unwrap();
    assert!(before.signatures[0].format_faults.is_empty(), "{:?}", before.signatures[0].format_faults);
    let after = pades::read(&change(&signed)).unwrap();
    after.signatures[0].format_faults.clone()
}

#[test]
fn a_reference_with_another_generation_hides_no_change() {
    let content = stream("BT (1 EUR) Tj ET");
    let document = file_of(&[
        "<</Type/Catalog/AAA 4 1 R/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        &content,
    ]);
    let faults =
        faults_after(&document, |signed| update(signed, &[(4, &stream("BT (1000000 EUR) Tj ET"))], ""));
    assert!(!faults.is_empty());
}

#[test]
fn what_calls_itself_a_time_stamp_shows_nothing() {
    let document = file_of(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/SigFlags 3>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[4 0 R]>>",
        "<</FT/Sig/T(stamp)/Type/Annot/Subtype/Widget/Rect[0 0 99 99]/P 3 0 R>>",
    ]);
    let faults = faults_after(&document, |signed| {
        let field =
            "<</FT/Sig/T(stamp)/Type/Annot/Subtype/Widget/Rect[0 0 99 99]/P 3 0 R/V 90 0 R/AP<</N 91 0 R>>>>";
        let value = "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/ByteRange[0 9 99 9]/Contents<3003020100>>>";
        let face = stream("1 g 0 0 99 99 re f");
        update(signed, &[(4, field), (90, value), (91, &face)], "")
    });
    assert!(!faults.is_empty());
}

#[test]
fn a_text_field_gets_no_new_face_without_a_new_value() {
    let face = stream("BT () Tj ET");
    let document = file_of(&[
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Annots[4 0 R]>>",
        "<</FT/Tx/T(note)/Type/Annot/Subtype/Widget/Rect[0 0 99 99]/P 3 0 R/AP<</N 5 0 R>>>>",
        &face,
    ]);
    let with = |value: &str| {
        format!("<</FT/Tx/T(note)/Type/Annot/Subtype/Widget/Rect[0 0 99 99]/P 3 0 R{value}/AP<</N 90 0 R>>>>")
    };
    let drawn = stream("BT (1000000 EUR) Tj ET");
    let faults = faults_after(&document, |signed| update(signed, &[(4, &with("")), (90, &drawn)], ""));
    assert!(!faults.is_empty());
    // what was filled in may be seen
    let faults = faults_after(&document, |signed| update(signed, &[(4, &with("/V(a)")), (90, &drawn)], ""));
    assert_eq!(faults, Vec::<String>::new());
}
