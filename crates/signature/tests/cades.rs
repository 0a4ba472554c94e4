//! Signatures in CMS, judged by programs that are not ours.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_signature::{
    SignatureAlgorithm,
    cades::{self, Content, Profile},
    found::{Integrity, SigningCertificate},
};
use support::{
    Kind,
    cms::{CONTENT, detached, finish, openssl, signed, statement},
    pki,
};

#[test]
fn openssl_accepts_every_key_and_algorithm_attached_and_detached() {
    for kind in Kind::ALL {
        let holder = pki().signer(kind);
        let key = holder.certificate.public_key().unwrap();
        for algorithm in SignatureAlgorithm::of_key(key.kind()) {
            let signer = holder.with(algorithm);
            for attached in [true, false] {
                let content = if attached { Content::Attached(CONTENT) } else { detached(&signer) };
                let prepared = cades::prepare(&signer, content, Profile::Cades, &statement()).unwrap();
                let message = finish(&holder, &signer, prepared);
                let verdict = openssl(&message, attached);
                assert!(verdict.success, "{kind:?} {algorithm:?} attached {attached}: {}", verdict.text);

                let found = if attached {
                    cades::read(&message, &mut cades::no_content).unwrap()
                } else {
                    cades::read(&message, &mut cades::content_of(CONTENT)).unwrap()
                };
                let [found] = &found[..] else { panic!("{} signatures", found.len()) };
                assert_eq!(found.integrity, Integrity::Intact, "{kind:?} {algorithm:?} {found:?}");
                assert!(
                    matches!(&found.signer, SigningCertificate::Bound(one) if **one == holder.certificate)
                );
                assert!(found.format_faults.is_empty() && found.remarks.is_empty(), "{found:?}");
                assert_eq!(found.content_hashes, [algorithm.hash()]);
            }
        }
    }
}

#[test]
fn content_that_is_missing_or_another_is_told() {
    let holder = pki().signer(Kind::P256);
    let message = signed(&holder, false);
    let integrity = |content: cades::DetachedDigest<'_>| cades::read(&message, content).unwrap()[0].integrity;
    assert_eq!(integrity(&mut cades::content_of(CONTENT)), Integrity::Intact);
    assert_eq!(integrity(&mut cades::no_content), Integrity::ContentMissing);
    assert_eq!(integrity(&mut cades::content_of(b"another")), Integrity::ContentChanged);

    let attached = signed(&holder, true);
    let found = cades::read(&attached, &mut cades::content_of(b"another")).unwrap();
    assert_eq!(found[0].integrity, Integrity::ContentChanged, "given another content than the one inside");
}
