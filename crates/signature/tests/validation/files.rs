//! Signatures that the infrastructure makes, and the settings that trust it.

use bitaqa_signature::{
    FoundSignature, Hash, SignatureAlgorithm, Signer, SignerStatement,
    cades::{self, Content, Profile, extension},
    time_stamp::{TimeStampRequest, token_of_response},
    validation::{Report, ValidationSettings, validate},
};
use bitaqa_trust::{Certificate, DateTime, TrustStore};

use crate::support::{Holder, Pki, now, pki};

/// What is signed.
pub const CONTENT: &[u8] = b"I owe you nothing.";

/// A signature over [`CONTENT`] by a holder, in CMS.
pub fn sign(holder: &Holder) -> Vec<u8> {
    sign_stating(holder, &SignerStatement { signing_time: Some(now()), ..SignerStatement::default() })
}

/// The same with what the signer says beside it.
pub fn sign_stating(holder: &Holder, statement: &SignerStatement) -> Vec<u8> {
    let algorithm = SignatureAlgorithm::for_key(holder.certificate.public_key().unwrap().kind());
    let signer = Signer::new(holder.certificate.clone(), vec![pki().authority()], algorithm).unwrap();
    let prepared = cades::prepare(&signer, Content::Attached(CONTENT), Profile::Cades, statement).unwrap();
    let signature = holder.sign(algorithm, &prepared.digest());
    prepared.finish(&signature).unwrap()
}

/// Asks an authority for a time stamp over a digest (SHA-256).
pub fn token(authority: &Holder, digest: &[u8]) -> Vec<u8> {
    let request = TimeStampRequest::new(Hash::Sha256, digest, None).unwrap();
    token_of_response(&pki().time_stamp_by(authority, &request.to_der()), &request).unwrap()
}

/// With a time stamp over the signature.
pub fn stamp(message: &[u8], authority: &Holder) -> Vec<u8> {
    let digest = extension::signature_time_stamp_digest(message, 0, Hash::Sha256).unwrap();
    extension::with_signature_time_stamp(message, 0, &token(authority, &digest)).unwrap()
}

/// With an archive time stamp.
pub fn archive(message: &[u8], authority: &Holder) -> Vec<u8> {
    let digest =
        extension::archive_time_stamp_digest(message, 0, Hash::Sha256, &mut cades::no_content).unwrap();
    extension::with_archive_time_stamp(message, 0, &mut cades::no_content, &token(authority, &digest))
        .unwrap()
}

/// With revocation data.
pub fn with_data(message: &[u8], lists: Vec<Vec<u8>>, answers: Vec<Vec<u8>>) -> Vec<u8> {
    let data = extension::ValidationData { certificates: vec![pki().authority()], lists, answers };
    extension::with_validation_data(message, &data).unwrap()
}

/// What is found in a message.
pub fn found(message: &[u8]) -> Vec<FoundSignature> {
    cades::read(message, &mut cades::no_content).unwrap()
}

/// The verdict about a message.
pub fn judge(message: &[u8], settings: &ValidationSettings) -> Report {
    validate(&found(message), settings)
}

/// A store with one anchor.
pub fn trusting(anchor: Certificate) -> TrustStore {
    let mut store = TrustStore::new();
    store.add_anchor(anchor);
    store
}

/// Settings that trust the root for everything, with no evidence.
pub fn settings(time: DateTime) -> ValidationSettings {
    let mut settings = ValidationSettings::new(time);
    settings.signers = trusting(pki().root());
    settings.time_stamp_authorities = trusting(pki().root());
    settings.evidence.certificates.push(pki().authority());
    settings
}

/// The same with the lists of this moment.
pub fn settings_with_lists(time: DateTime) -> ValidationSettings {
    let mut settings = settings(time);
    settings.evidence.lists = lists(pki());
    settings
}

/// The lists of both authorities.
pub fn lists(pki: &Pki) -> Vec<Vec<u8>> {
    vec![pki.revocation_list(), pki.root_revocation_list()]
}

/// The usual time-stamp authority.
pub fn authority() -> Holder {
    pki().issue("tsa", crate::support::Kind::P256, "/C=MA/CN=Test Time Stamps", "tsa")
}

/// Indication and sub-indication of the first signature, by their names.
pub fn verdict(report: &Report) -> (&'static str, Option<&'static str>) {
    let first = &report.signatures[0];
    (first.indication.name(), first.sub_indication.map(bitaqa_signature::validation::SubIndication::name))
}
