//! What is told of a document before it is signed.

use bitaqa_signature::pades::{
    FieldChoice, PadesError, SignatureSettings, overview,
    overview::{PageSize, SignatureField},
};

use crate::{
    creation::signed,
    documents::{file_of, form, with_streams},
    support::{Kind, pki},
};

#[test]
fn pages_and_fields_are_told_and_which_of_them_are_signed() {
    let page = PageSize { right: 595.0, top: 842.0, ..PageSize::default() };
    let field = |is_signed| vec![SignatureField { name: "applicant".to_owned(), is_signed }];
    for file in [form(), with_streams(&form())] {
        let told = overview(&file).unwrap();
        assert_eq!(told.pages, 2);
        assert_eq!(told.page_sizes, [page, PageSize { rotation: 90, ..page }]);
        assert_eq!(told.signature_fields, field(false));
        assert!(told.risks.form_fields && !told.risks.java_script);
        let settings = SignatureSettings {
            field: FieldChoice::Existing("applicant".to_owned()),
            ..SignatureSettings::default()
        };
        let told = overview(&signed(&file, &pki().signer(Kind::P256), &settings)).unwrap();
        assert_eq!(told.signature_fields, field(true));
    }
}

#[test]
fn a_size_may_be_inherited_and_have_its_corners_in_any_order() {
    let told = overview(&file_of(&[
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[595 842 0 0]>>",
        "<</Type/Page/Parent 2 0 R/Resources<<>>>>",
    ]));
    let told = told.unwrap();
    assert_eq!(told.page_sizes, [PageSize { right: 595.0, top: 842.0, ..PageSize::default() }]);
    assert!(told.signature_fields.is_empty() && told.risks.is_empty());
}

#[test]
fn what_is_no_pdf_is_told_nothing_of() {
    assert!(matches!(overview(&b"no PDF".to_vec()), Err(PadesError::Pdf(_))));
}
