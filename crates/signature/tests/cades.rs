//! Signatures in CMS, judged by programs that are not ours.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use std::path::Path;

use bitaqa_signature::{
    Hash, SignatureAlgorithm, Signer, SignerStatement,
    cades::{self, Content, Profile},
    found::{Integrity, SigningCertificate},
};
use support::{
    Holder, Kind,
    judge::{Verdict, ask},
    now, pki,
};

const CONTENT: &[u8] = "نص يوقَّع \r\n and a second line\n".as_bytes();

fn statement() -> SignerStatement {
    SignerStatement { signing_time: Some(now()), ..SignerStatement::default() }
}

fn sign(holder: &Holder, signer: &Signer, content: Content<'_>, profile: Profile) -> Vec<u8> {
    let prepared = cades::prepare(signer, content, profile, &statement()).unwrap();
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    prepared.finish(&signature).unwrap()
}

/// `openssl cms -verify -cades` with nothing but the root, and the content if it is elsewhere.
fn openssl(file: &Path, content: Option<&Path>) -> Verdict {
    let root = pki().path("root.pem");
    let mut arguments =
        ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null"]
            .map(AsRef::as_ref)
            .to_vec();
    arguments.extend(["-CAfile".as_ref(), root.as_os_str(), "-in".as_ref(), file.as_os_str()]);
    if let Some(content) = content {
        arguments.extend(["-content".as_ref(), content.as_os_str()]);
    }
    ask("openssl", arguments)
}

#[test]
fn openssl_accepts_every_key_and_algorithm_attached_and_detached() {
    let content_file = pki().file("content.bin", CONTENT);
    for kind in Kind::ALL {
        let holder = pki().signer(kind);
        let key = holder.certificate.public_key().unwrap();
        for algorithm in SignatureAlgorithm::of_key(key.kind()) {
            let signer = holder.with(algorithm);
            let digest = algorithm.hash().digest(&[CONTENT]);
            for attached in [true, false] {
                let content = if attached { Content::Attached(CONTENT) } else { Content::Digest(&digest) };
                let message = sign(&holder, &signer, content, Profile::Cades);
                let file = pki().file("signed.p7s", &message);
                let verdict = openssl(&file, (!attached).then_some(content_file.as_path()));
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
    let digest = Hash::Sha256.digest(&[CONTENT]);
    let message = sign(&holder, &holder.best(), Content::Digest(&digest), Profile::Pades);
    let integrity = |content: cades::DetachedDigest<'_>| cades::read(&message, content).unwrap()[0].integrity;
    assert_eq!(integrity(&mut cades::content_of(CONTENT)), Integrity::Intact);
    assert_eq!(integrity(&mut cades::no_content), Integrity::ContentMissing);
    assert_eq!(integrity(&mut cades::content_of(b"another")), Integrity::ContentChanged);

    let attached = sign(&holder, &holder.best(), Content::Attached(CONTENT), Profile::Cades);
    let found = cades::read(&attached, &mut cades::content_of(b"another")).unwrap();
    assert_eq!(found[0].integrity, Integrity::ContentChanged, "given another content than the one inside");
}
