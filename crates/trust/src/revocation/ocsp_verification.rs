//! Whether an answer may be believed about a certificate (RFC 6960 section 3.2).

use sha1::{Digest, Sha1};
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage};

use super::{
    evidence::{EvidenceRules, Freshness, NonceRule},
    fault::OcspFault,
    ocsp_request::{CertificateId, IdHash, Nonce},
    ocsp_response::{OcspResponse, OcspStatus, Parsed, ResponderId, Statement},
    report::NonceCheck,
};
use crate::{DateTime, certificate::Certificate, oid};

/// Most certificates of the responder's name that are looked at.
const MAX_RESPONDERS: usize = 2;

/// An answer that holds.
pub(super) struct VerifiedAnswer {
    pub(super) status: OcspStatus,
    pub(super) this_update: DateTime,
    pub(super) next_update: Option<DateTime>,
    pub(super) produced_at: DateTime,
    pub(super) nonce: NonceCheck,
    /// The responder's certificate; none if the issuer itself answered.
    pub(super) appointed: Option<Certificate>,
}

/// What is asked about whom, and when.
pub(super) struct Question<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) issuer: &'a Certificate,
    pub(super) at: DateTime,
    pub(super) rules: &'a EvidenceRules,
    /// The nonce that was sent; none for answers that somebody else fetched.
    pub(super) nonce: Option<Nonce>,
}

/// Verifies an answer, the responder's own revocation apart.
pub(super) fn verify(der: &[u8], question: &Question<'_>) -> Result<VerifiedAnswer, OcspFault> {
    let response = OcspResponse::from_der(der)?;
    let statement = statement(&response, question)?;
    let appointed = check_responder(&response, question)?;
    let response = response.parsed();
    let nonce = check_nonce(response.nonce.as_deref(), question)?;
    let fresh = Freshness { this_update: statement.this_update, next_update: statement.next_update };
    fresh.check(question.at, question.rules).map_err(|fault| match fault {
        super::evidence::NotFresh::Future { from } => OcspFault::NotYetValid { from },
        super::evidence::NotFresh::Past { until } => OcspFault::Stale { until },
    })?;
    if response.produced_at.unix_duration()
        > question.at.unix_duration().saturating_add(question.rules.clock_skew)
    {
        return Err(OcspFault::NotYetValid { from: response.produced_at });
    }
    Ok(VerifiedAnswer {
        status: statement.status,
        this_update: statement.this_update,
        next_update: statement.next_update,
        produced_at: response.produced_at,
        nonce,
        appointed,
    })
}

/// What the answer says about the certificate; of several statements, one that says least good.
fn statement(response: &OcspResponse, question: &Question<'_>) -> Result<Statement, OcspFault> {
    let is_asked = |statement: &&Statement| {
        statement.certificate.as_ref().is_some_and(|id| {
            CertificateId::new(id.hash, question.certificate, question.issuer).as_ref() == Some(id)
        })
    };
    let badness = |statement: &&Statement| match statement.status {
        OcspStatus::Good => 0,
        OcspStatus::Unknown => 1,
        OcspStatus::Revoked { .. } => 2,
    };
    response
        .parsed()
        .statements
        .iter()
        .filter(is_asked)
        .max_by_key(badness)
        .cloned()
        .ok_or(OcspFault::OtherCertificate)
}

/// The issuer itself, or somebody it appointed by a certificate of its own (section 4.2.2.2).
fn check_responder(
    response: &OcspResponse,
    question: &Question<'_>,
) -> Result<Option<Certificate>, OcspFault> {
    let mut fault = OcspFault::ResponderUnknown;
    let Parsed { responder, certificates, .. } = response.parsed();
    if is_named(responder, question.issuer) {
        match signed_by(response, question.issuer) {
            Ok(()) => return Ok(None),
            Err(other) => fault = other,
        }
    }
    let named = certificates.iter().filter(|candidate| is_named(responder, candidate));
    for candidate in named.take(MAX_RESPONDERS) {
        match check_appointed(candidate, question).and_then(|()| signed_by(response, candidate)) {
            Ok(()) => return Ok(Some(candidate.clone())),
            Err(other) => fault = other,
        }
    }
    Err(fault)
}

fn is_named(responder: &ResponderId, certificate: &Certificate) -> bool {
    match responder {
        ResponderId::Name(name) => certval::compare_names(name, certificate.tbs().subject()),
        ResponderId::Key(hash) => certificate
            .tbs()
            .subject_public_key_info()
            .subject_public_key
            .as_bytes()
            .is_some_and(|key| Sha1::digest(key).as_slice() == hash.as_slice()),
    }
}

fn signed_by(response: &OcspResponse, signer: &Certificate) -> Result<(), OcspFault> {
    let key = signer.public_key().map_err(|_| OcspFault::ResponderUnusable)?;
    response.verify_signature(&key).map_err(OcspFault::Signature)
}

fn check_appointed(candidate: &Certificate, question: &Question<'_>) -> Result<(), OcspFault> {
    let issuer_key = question.issuer.public_key().map_err(|_| OcspFault::ResponderUnusable)?;
    if !certval::compare_names(candidate.tbs().issuer(), question.issuer.tbs().subject())
        || candidate.verify_signature(&issuer_key).is_err()
    {
        return Err(OcspFault::ResponderUnknown);
    }
    let purposes = candidate.extension::<ExtendedKeyUsage>().map_err(|_| OcspFault::ResponderUnusable)?;
    // "any purpose" does not appoint a responder
    if !purposes.is_some_and(|purposes| purposes.0.contains(&oid::ID_KP_OCSP_SIGNING)) {
        return Err(OcspFault::ResponderNotAppointed);
    }
    let usage = candidate.extension::<KeyUsage>().map_err(|_| OcspFault::ResponderUnusable)?;
    if usage.is_some_and(|usage| !usage.digital_signature() && !usage.non_repudiation()) {
        return Err(OcspFault::ResponderNotAppointed);
    }
    if question.at < candidate.not_before() || question.at > candidate.not_after() {
        return Err(OcspFault::ResponderExpired);
    }
    let known = [
        oid::ID_CE_KEY_USAGE,
        oid::ID_CE_EXT_KEY_USAGE,
        oid::ID_CE_BASIC_CONSTRAINTS,
        oid::ID_CE_CERTIFICATE_POLICIES,
        oid::ID_PKIX_OCSP_NOCHECK,
    ];
    let extensions = candidate.tbs().extensions().map_or(&[][..], Vec::as_slice);
    if extensions.iter().any(|extension| extension.critical && !known.contains(&extension.extn_id)) {
        return Err(OcspFault::ResponderUnusable);
    }
    Ok(())
}

/// Whether the issuer says that its responder's certificate need not be checked (`id-pkix-ocsp-nocheck`, section
/// 4.2.2.2.1).
pub(super) fn need_not_be_checked(responder: &Certificate) -> bool {
    responder.extension_value(oid::ID_PKIX_OCSP_NOCHECK).is_some()
}

fn check_nonce(repeated: Option<&[u8]>, question: &Question<'_>) -> Result<NonceCheck, OcspFault> {
    match (&question.nonce, repeated, question.rules.nonce) {
        (Some(sent), Some(repeated), _) if sent.as_bytes().as_slice() == repeated => Ok(NonceCheck::Matched),
        (Some(_), Some(_), _) => Err(OcspFault::NonceMismatch),
        (_, _, NonceRule::Required) => Err(OcspFault::NonceMissing),
        (Some(_), None, NonceRule::IfRepeated) => Ok(NonceCheck::Absent),
        (None, _, NonceRule::IfRepeated) => Ok(NonceCheck::NotAsked),
    }
}

/// The hash in the questions we ask: the one that every responder knows.
pub(super) const ASKED_WITH: IdHash = IdHash::Sha1;

#[cfg(test)]
mod openssl_vectors;
