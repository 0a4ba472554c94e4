//! Signatures that are made here, judged by others.

use bitaqa_signature::{
    Hash, SignatureAlgorithm, SignerStatement,
    pades::{Appearance, FieldChoice, PadesError, Permission, SignatureSettings, place},
    statement::{Commitment, Place},
};

use crate::{
    documents::{form, plain, with_streams},
    judges::{assert_clean, assert_pdfsig, py_hanko},
    support::{Holder, Kind, now, pki},
};

/// The file with a signature.
pub fn signed(file: &[u8], holder: &Holder, settings: &SignatureSettings) -> Vec<u8> {
    let signer = holder.best();
    let statement = SignerStatement { signing_time: Some(now()), ..SignerStatement::default() };
    let placed = place(&file.to_vec(), &signer, &statement, settings).unwrap();
    let digest = placed.digest(&file.to_vec()).unwrap();
    let prepared = placed.prepare(&digest).unwrap();
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    let appended = prepared.finish(&signature).unwrap().appended().unwrap();
    [file, &appended].concat()
}

#[test]
fn every_kind_of_key_signs_and_every_judge_accepts() {
    for (index, kind) in Kind::ALL.into_iter().enumerate() {
        let holder = pki().signer(kind);
        let file = if index % 2 == 0 { plain() } else { with_streams(&form()) };
        let signed = signed(&file, &holder, &SignatureSettings::default());
        assert!(signed.starts_with(&file));
        assert_clean(&signed);
        let found = py_hanko(&signed);
        assert_eq!(found.len(), 1, "{kind:?}");
        assert!(found[0].ok && found[0].intact, "{kind:?}: {found:?}");
        assert_eq!(found[0].coverage, "ENTIRE_FILE", "{kind:?}");
        assert_pdfsig(&signed, 1);
    }
}
