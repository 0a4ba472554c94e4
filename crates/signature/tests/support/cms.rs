//! Signatures in CMS for tests, and what others say of them.

use std::sync::atomic::{AtomicUsize, Ordering};

use bitaqa_signature::{
    Hash, Signer, SignerStatement,
    cades::{self, Content, Prepared, Profile, ValidationData},
    time_stamp::{TimeStampRequest, token_of_response},
};

use super::{
    Holder,
    judge::{Verdict, ask},
    now, pki,
};

/// What is signed.
pub const CONTENT: &[u8] = "نص يوقَّع \r\n and a second line\n".as_bytes();

/// A statement of this moment.
pub fn statement() -> SignerStatement {
    SignerStatement { signing_time: Some(now()), ..SignerStatement::default() }
}

/// The content, elsewhere.
pub fn detached(signer: &Signer) -> Content<'static> {
    let hash = signer.algorithm().hash();
    Content::Digest { hash, digest: hash.digest(&[CONTENT]) }
}

/// Signs what was prepared.
pub fn finish(holder: &Holder, signer: &Signer, prepared: Prepared) -> Vec<u8> {
    let signature = holder.sign(signer.algorithm(), &prepared.digest());
    prepared.finish(&signature).unwrap()
}

/// A signature with the algorithm that fits the key best.
pub fn signed(holder: &Holder, attached: bool) -> Vec<u8> {
    let signer = holder.best();
    let content = if attached { Content::Attached(CONTENT) } else { detached(&signer) };
    finish(holder, &signer, cades::prepare(&signer, content, Profile::Cades, &statement()).unwrap())
}

/// A time stamp of the authority.
pub fn stamp(hash: Hash, digest: &[u8]) -> Vec<u8> {
    let request = TimeStampRequest::new(hash, digest, Some([1; 8])).unwrap();
    token_of_response(&pki().time_stamp(&request.to_der()), &request).unwrap()
}

pub fn with_signature_time_stamp(message: &[u8], hash: Hash) -> Vec<u8> {
    let digest = cades::signature_time_stamp_digest(message, 0, hash).unwrap();
    cades::with_signature_time_stamp(message, 0, &stamp(hash, &digest)).unwrap()
}

pub fn with_validation_data(message: &[u8], holder: &Holder) -> Vec<u8> {
    let certificates = ["ca.pem", "root.pem", "tsa.pem", "responder.pem"];
    let data = ValidationData {
        certificates: certificates.map(|pem| pki().certificate(pem)).to_vec(),
        lists: vec![pki().revocation_list(), pki().root_revocation_list()],
        answers: vec![pki().ocsp_response(holder)],
    };
    cades::with_validation_data(message, &data).unwrap()
}

pub fn with_archive_time_stamp(message: &[u8], hash: Hash, attached: bool) -> Vec<u8> {
    let mut content = |hash: Hash| (!attached).then(|| hash.digest(&[CONTENT]));
    let digest = cades::archive_time_stamp_digest(message, 0, hash, &mut content).unwrap();
    cades::with_archive_time_stamp(message, 0, &mut content, &stamp(hash, &digest)).unwrap()
}

/// A file that no other test writes.
pub fn own_file(content: &[u8]) -> std::path::PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    pki().file(&format!("own_{}", COUNT.fetch_add(1, Ordering::Relaxed)), content)
}

/// `openssl cms -verify -cades` with nothing but the root, and the content if it is elsewhere.
pub fn openssl(message: &[u8], attached: bool) -> Verdict {
    let (file, content, root) = (own_file(message), own_file(CONTENT), pki().path("root.pem"));
    let mut arguments =
        ["cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any", "-out", "/dev/null"]
            .map(AsRef::as_ref)
            .to_vec();
    arguments.extend(["-CAfile".as_ref(), root.as_os_str(), "-in".as_ref(), file.as_os_str()]);
    if !attached {
        arguments.extend(["-content".as_ref(), content.as_os_str()]);
    }
    ask("openssl", arguments)
}
