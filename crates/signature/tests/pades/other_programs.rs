//! Files that other programs signed, and a corpus of others.

use bitaqa_signature::{found::Coverage, pades::read};

use crate::{
    creation::is_good,
    documents::{form, plain, with_streams},
    judges::sign_with_py_hanko,
    support::{Kind, pki},
};

#[test]
fn what_py_hanko_signs_is_intact() {
    let holder = pki().signer(Kind::Rsa2048);
    for file in [plain(), form(), with_streams(&form())] {
        for mode in ["pades", "pkcs7", "certify", "twice", "visible", "fill", "stamp"] {
            if mode == "fill" && file == plain() {
                continue;
            }
            let signed = sign_with_py_hanko(&file, &holder, mode);
            let found = read(&signed).unwrap();
            assert_eq!(found.signatures.len(), if mode == "twice" { 2 } else { 1 }, "{mode}");
            for signature in &found.signatures {
                assert!(
                    is_good(signature),
                    "{mode}: {:?} {:?}",
                    signature.integrity,
                    signature.format_faults
                );
            }
            let covered = &found.signatures[0].coverage;
            let is_whole = !matches!(mode, "twice" | "fill" | "stamp");
            assert_eq!(*covered == Coverage::Whole, is_whole, "{mode}: {covered:?}");
            assert_eq!(found.document_time_stamps.len(), usize::from(mode == "stamp"));
            if mode == "fill" {
                let remarks = &found.signatures[0].remarks;
                assert!(
                    remarks.iter().any(|remark| remark.contains("\"town\" was filled in")),
                    "{remarks:?}"
                );
            }
        }
    }
}
