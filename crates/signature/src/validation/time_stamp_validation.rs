//! Time-stamp validation (EN 319 102-1 clause 5.4): does a token prove that something existed at its time?

use bitaqa_trust::{Certificate, DateTime};

use super::{
    certificate_validation::{Chain, Question},
    chain_report,
    evidence::Material,
    fault::Fault,
    indication::{Indication, SubIndication},
    process::Validator,
    proof_of_existence::ProofsOfExistence,
    report::{TimeStampKind, TimeStampReport},
    settings::TimeStampFreshness,
};
use crate::{
    found::FoundTimeStamp,
    oid,
    time_stamp::{TimeStampError, TimeStampToken},
};

/// A time stamp that was judged.
pub(super) struct JudgedTimeStamp<'a> {
    pub(super) found: &'a FoundTimeStamp,
    pub(super) report: TimeStampReport,
    /// Whose it is; none if its own signature does not hold.
    pub(super) authority: Option<Certificate>,
    /// Since when the token itself is proven to exist.
    pub(super) proven: DateTime,
}

impl JudgedTimeStamp<'_> {
    /// The time that it proves; none if it proves nothing.
    pub(super) fn proves(&self) -> Option<DateTime> {
        self.report.is_passed().then_some(self.report.time).flatten()
    }
}

/// Judges a token that is proven to exist since `proven`.
pub(super) fn validate<'a>(
    validator: &mut Validator<'_>,
    (found, kind): (&'a FoundTimeStamp, TimeStampKind),
    material: &Material<'_>,
    proofs: &ProofsOfExistence,
    proven: DateTime,
) -> JudgedTimeStamp<'a> {
    let mut report = TimeStampReport {
        kind,
        indication: Indication::TotalPassed,
        sub_indication: None,
        detail: None,
        time: None,
        authority: None,
        policy: None,
        chain: Vec::new(),
        remarks: Vec::new(),
        token: found.token.clone(),
    };
    let mut authority = None;
    let judged = judge(validator, found, (material, proofs, proven), &mut report, &mut authority);
    if let Err(fault) = judged {
        report.indication = fault.sub_indication.indication();
        report.sub_indication = Some(fault.sub_indication);
        report.detail = Some(fault.detail);
    }
    JudgedTimeStamp { found, report, authority, proven }
}

fn judge(
    validator: &mut Validator<'_>,
    found: &FoundTimeStamp,
    (material, proofs, proven): (&Material<'_>, &ProofsOfExistence, DateTime),
    report: &mut TimeStampReport,
    authority: &mut Option<Certificate>,
) -> Result<(), Fault> {
    let token = TimeStampToken::parse(&found.token)
        .map_err(|error| Fault::new(SubIndication::FormatFailure, error.to_string()))?;
    report.time = Some(token.gen_time());
    report.policy = Some(token.policy().to_string());
    check_imprint(validator, found, &token, proven)?;

    let known: Vec<Certificate> = found
        .certificates
        .iter()
        .chain(material.certificates.iter().copied())
        .chain(validator.settings.time_stamp_authorities.anchors().iter().map(AsRef::as_ref))
        .cloned()
        .collect();
    let signer = token.verify_signature(&known).map_err(|error| signature_fault(&error))?;
    report.authority = chain_report::display_name(&signer);
    *authority = Some(signer.clone());

    let skew = validator.settings.constraints.revocation.clock_skew;
    if token.gen_time().unix_duration() > proven.unix_duration().saturating_add(skew) {
        let detail = format!("it names {}, and is proven to exist since {proven} already", token.gen_time());
        return Err(Fault::new(SubIndication::TimestampOrderFailure, detail));
    }
    if token.gen_time() < signer.not_before() {
        let detail = format!("the authority's certificate is not valid before {}", signer.not_before());
        return Err(Fault::new(SubIndication::NotYetValid, detail));
    }
    let chain = authority_chain(validator, &signer, &token, (material, proofs, proven));
    report.chain = chain_report::certificates(&chain);
    report.remarks.extend(chain.remarks);
    if let Some(fault) = chain.fault {
        return Err(fault);
    }
    let key = signer
        .public_key()
        .map_err(|error| Fault::new(SubIndication::CryptoConstraintsFailureNoPoe, error.to_string()))?;
    let cryptography = &validator.settings.constraints.cryptography;
    cryptography
        .check_key(key.kind(), proven)
        .map_err(|error| Fault::new(SubIndication::CryptoConstraintsFailureNoPoe, error.to_string()))
}

fn authority_chain(
    validator: &mut Validator<'_>,
    signer: &Certificate,
    token: &TimeStampToken,
    (material, proofs, proven): (&Material<'_>, &ProofsOfExistence, DateTime),
) -> Chain {
    let constraints = &validator.settings.constraints;
    let fresh_at = match constraints.time_stamp_freshness {
        TimeStampFreshness::WhenProven => proven,
        TimeStampFreshness::WhenMade => token.gen_time().min(proven),
    };
    let on_missing = constraints.on_missing_revocation;
    let store = material.store(&validator.settings.time_stamp_authorities, token.certificates());
    let question = Question {
        leaf: signer,
        store: &store,
        at: proven,
        fresh_at,
        purpose: Some(oid::TIME_STAMPING),
        policies: &[],
        on_missing,
    };
    validator.chain(&question, material, proofs)
}

fn check_imprint(
    validator: &Validator<'_>,
    found: &FoundTimeStamp,
    token: &TimeStampToken,
    proven: DateTime,
) -> Result<(), Fault> {
    let hash = token.hash().ok_or_else(|| {
        let detail = format!("the hash {} is not accepted", token.imprint_algorithm());
        Fault::new(SubIndication::CryptoConstraintsFailureNoPoe, detail)
    })?;
    let covered = found.covered_digest.as_deref().ok_or_else(|| {
        Fault::new(
            SubIndication::SignedDataNotFound,
            "what it is over cannot be told by the rules of its place",
        )
    })?;
    if covered != token.imprint() {
        return Err(Fault::new(SubIndication::HashFailure, "it is over something else"));
    }
    validator
        .settings
        .constraints
        .cryptography
        .check_hash(hash, proven)
        .map_err(|error| Fault::new(SubIndication::CryptoConstraintsFailureNoPoe, error.to_string()))
}

fn signature_fault(error: &TimeStampError) -> Fault {
    let sub_indication = match error {
        TimeStampError::Signature => SubIndication::SigCryptoFailure,
        TimeStampError::NoCertificate => SubIndication::NoSigningCertificateFound,
        TimeStampError::Purpose => SubIndication::ChainConstraintsFailure,
        TimeStampError::Algorithm(_) => SubIndication::CryptoConstraintsFailureNoPoe,
        _ => SubIndication::FormatFailure,
    };
    Fault::new(sub_indication, error.to_string())
}
