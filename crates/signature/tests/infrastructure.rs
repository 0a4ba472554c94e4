//! The infrastructure of the tests is one: its keys sign what its certificates verify.
#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_signature::{SignatureAlgorithm, algorithm::EcdsaEncoding, signer::SignerError};
use support::{Kind, pki};

#[test]
fn every_kind_of_key_signs_with_every_algorithm_of_its_own() {
    for kind in Kind::ALL {
        let holder = pki().signer(kind);
        let key = holder.certificate.public_key().unwrap();
        for algorithm in SignatureAlgorithm::of_key(key.kind()) {
            let digest = algorithm.hash().digest(&[b"what is signed"]);
            let signature = holder.sign(algorithm, &digest);
            let signer = holder.with(algorithm);
            for encoding in [EcdsaEncoding::Der, EcdsaEncoding::Raw] {
                let accepted = signer.accept(&digest, &signature, encoding).unwrap();
                assert_eq!(signer.accept(&digest, &accepted, encoding).unwrap(), accepted);
                let other = algorithm.hash().digest(&[b"something else"]);
                assert_eq!(signer.accept(&other, &signature, encoding), Err(SignerError::Signature));
            }
        }
    }
}

#[test]
fn who_may_not_sign_documents_is_no_signer() {
    let holder = pki().issue("for_sign_in", Kind::P256, "/CN=AMINA EXEMPLE", "sign_in");
    let algorithm = SignatureAlgorithm::Ecdsa(bitaqa_signature::Hash::Sha256);
    let error = bitaqa_signature::Signer::new(holder.certificate, Vec::new(), algorithm).unwrap_err();
    assert_eq!(error, SignerError::KeyUsage);
}

#[test]
fn authorities_answer() {
    let holder = pki().signer(Kind::P256);
    assert!(!pki().ocsp_response(&holder).is_empty());
    assert!(!pki().revocation_list().is_empty());
    assert!(!pki().root_revocation_list().is_empty());
}
