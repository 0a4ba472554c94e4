//! Which baseline level a signature reaches (clause 6 of EN 319 122-1 and its counterparts): every part of it must validate.

use bitaqa_trust::{Certificate, DateTime, TrustStore, revocation::OnMissingEvidence};
use sha2::{Digest, Sha256};

use super::{
    certificate_validation::{Chain, Question},
    evidence::Material,
    fault::Fault,
    indication::SubIndication,
    process::Validator,
    proof_of_existence::ProofsOfExistence,
    report::TimeStampKind,
    time_stamp_validation::JudgedTimeStamp,
};
use crate::{
    found::{FoundSignature, Integrity, SigningCertificate},
    level::Level,
    oid,
};

/// The level; none where not even B-B is reached.
pub(super) fn level(
    validator: &mut Validator<'_>,
    found: &FoundSignature,
    (stamps, proofs): (&[JudgedTimeStamp<'_>], &ProofsOfExistence),
    best_signature_time: DateTime,
    chain: &Chain,
    decisive: Option<&Fault>,
) -> Option<Level> {
    let is_bound = matches!(found.signer, SigningCertificate::Bound(_));
    if found.integrity != Integrity::Intact || !is_bound || !found.format_faults.is_empty() {
        return None;
    }
    let contradicts =
        decisive.is_some_and(|fault| fault.sub_indication == SubIndication::TimestampOrderFailure);
    let over_signature: Vec<&JudgedTimeStamp<'_>> = stamps
        .iter()
        .filter(|stamp| stamp.report.kind != TimeStampKind::Content && stamp.proves().is_some())
        .collect();
    if contradicts || over_signature.is_empty() {
        return Some(Level::BB);
    }
    let material = Material::embedded(found, &mut validator.known_pieces);
    if chain.fault.is_some()
        || !signer_is_known(validator, found, (&material, proofs), best_signature_time)
        || !over_signature.iter().any(|stamp| authority_is_known(validator, stamp, &material, proofs))
    {
        return Some(Level::BT);
    }
    let is_archived =
        over_signature.iter().any(|stamp| is_baseline_archive(stamp) && covers_evidence(stamp, found));
    Some(if is_archived { Level::BLta } else { Level::BLt })
}

/// Whether it is an archive time stamp of a kind that baseline signatures have.
fn is_baseline_archive(stamp: &JudgedTimeStamp<'_>) -> bool {
    stamp.report.kind == TimeStampKind::Archive && !stamp.found.is_of_old_kind
}

/// Whether the file's own certificates and revocation data are enough to validate the signer's certificate.
fn signer_is_known(
    validator: &mut Validator<'_>,
    found: &FoundSignature,
    (material, proofs): (&Material<'_>, &ProofsOfExistence),
    at: DateTime,
) -> bool {
    let Some(leaf) = found.signer.certificate() else { return false };
    let store = material.store(&anchors(&validator.settings.signers), &[]);
    holds(validator, leaf, &store, (material, proofs), (at, at), None)
}

/// Whether the same is true of a time stamp's authority, as it was when the time stamp was made.
fn authority_is_known(
    validator: &mut Validator<'_>,
    stamp: &JudgedTimeStamp<'_>,
    material: &Material<'_>,
    proofs: &ProofsOfExistence,
) -> bool {
    let (Some(authority), Some(time)) = (&stamp.authority, stamp.report.time) else { return false };
    let own = crate::time_stamp::TimeStampToken::parse(&stamp.found.token);
    let own = own.map_or_else(|_| Vec::new(), |token| token.certificates().to_vec());
    let store = material.store(&anchors(&validator.settings.time_stamp_authorities), &own);
    let times = (stamp.proven, time.min(stamp.proven));
    holds(validator, authority, &store, (material, proofs), times, Some(oid::TIME_STAMPING))
}

/// The answer is known already where the verifier has nothing that the file has not.
fn holds(
    validator: &mut Validator<'_>,
    leaf: &Certificate,
    store: &TrustStore,
    (material, proofs): (&Material<'_>, &ProofsOfExistence),
    (at, fresh_at): (DateTime, DateTime),
    purpose: Option<bitaqa_trust::ObjectIdentifier>,
) -> bool {
    let question =
        Question { leaf, store, at, fresh_at, purpose, policies: &[], on_missing: OnMissingEvidence::Refuse };
    validator.chain(&question, material, proofs).fault.is_none()
}

/// The anchors alone: what else the verifier has is not in the file.
fn anchors(store: &TrustStore) -> TrustStore {
    let mut anchors = TrustStore::new();
    for anchor in store.anchors() {
        anchors.add_anchor(Certificate::clone(anchor));
    }
    anchors
}

/// Whether revocation data of the file is older than the time stamp, if there is any.
fn covers_evidence(stamp: &JudgedTimeStamp<'_>, found: &FoundSignature) -> bool {
    let lists = found.revocation.lists.iter().map(AsRef::<[u8]>::as_ref);
    let mut pieces = lists.chain(found.revocation.answers.iter().map(AsRef::<[u8]>::as_ref)).peekable();
    pieces.peek().is_none()
        || pieces.any(|piece| stamp.found.covered_material.contains(&Sha256::digest(piece).into()))
}
