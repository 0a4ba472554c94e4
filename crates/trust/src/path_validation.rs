//! RFC 5280 path validation, done by certval with our own signature check.

use std::sync::Arc;

use certval::{
    CertificationPathResults, CertificationPathSettings, PDVCertificate, PDVTrustAnchorChoice,
    PathValidationStatus, PkiEnvironment, TimeOfInterest,
    validator::{
        path_validator::{enforce_trust_anchor_constraints, validate_path_rfc5280},
        policy_graph::check_certificate_policies_graph,
    },
};
use der::asn1::{BitString, ObjectIdentifier};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::ext::pkix::ExtendedKeyUsage;

use crate::{
    certificate::Certificate,
    certificate_signature,
    certification_path::{CertificationPath, PathError, PathSettings},
    oid,
    public_key::PublicKey,
    signature_memory,
    signed_object::SignedObject,
};

pub(crate) fn validate(path: &CertificationPath, wanted: &PathSettings) -> Result<(), PathError> {
    signature_memory::path(path, wanted, || check(path, wanted))
}

/// What comes of it follows from the path and the settings alone.
fn check(path: &CertificationPath, wanted: &PathSettings) -> Result<(), PathError> {
    if path.is_pinned_leaf() {
        return Ok(());
    }
    // RFC 5280 takes an anchor as it is; a certificate that says it is no authority must not become one by being pinned
    if !path.anchor().is_authority() {
        return Err(PathError::NotAuthority);
    }
    if let Some(purpose) = wanted.purpose {
        check_authority_purposes(path, purpose)?;
    }
    let (settings, certval_path) = prepare(path, &settings(wanted))?;
    let mut results = CertificationPathResults::new();
    // read and judged by the issuer profile, so a certificate may mark them critical
    results.set_processed_extensions([oid::QC_STATEMENTS].into_iter().collect());
    validate_path_rfc5280(&environment(path), &settings, &certval_path, &mut results)
        .map_err(|error| fault(&error))
}

pub(crate) fn any_policy_holds(path: &CertificationPath, policies: &[ObjectIdentifier]) -> bool {
    if path.is_pinned_leaf() {
        return false;
    }
    let wanted = PathSettings {
        initial_policies: Some(policies.to_vec()),
        explicit_policy: true,
        ..PathSettings::default()
    };
    let Ok((settings, certval_path)) = prepare(path, &settings(&wanted)) else { return false };
    let mut results = CertificationPathResults::new();
    check_certificate_policies_graph(&environment(path), &settings, &certval_path, &mut results).is_ok()
}

fn settings(wanted: &PathSettings) -> CertificationPathSettings {
    let mut settings = CertificationPathSettings::new();
    if let Some(policies) = &wanted.initial_policies {
        settings.set_initial_policy_set_from_oid_set(policies.iter().copied().collect());
    }
    settings.set_initial_explicit_policy_indicator(wanted.explicit_policy);
    settings.set_initial_policy_mapping_inhibit_indicator(wanted.inhibit_policy_mapping);
    settings.set_initial_inhibit_any_policy_indicator(wanted.inhibit_any_policy);
    // validity is a step of its own, with its own finding for each certificate
    settings.set_time_of_interest(TimeOfInterest::disabled());
    settings.set_require_ta_store(false);
    settings.set_enforce_trust_anchor_constraints(true);
    settings
}

fn prepare(
    path: &CertificationPath,
    settings: &CertificationPathSettings,
) -> Result<(CertificationPathSettings, certval::CertificationPath), PathError> {
    let anchor =
        PDVTrustAnchorChoice::try_from(path.anchor().readable_der()).map_err(|_| PathError::Malformed)?;
    let settings = enforce_trust_anchor_constraints(settings, &anchor).map_err(|error| fault(&error))?;
    let intermediates = path
        .intermediates()
        .iter()
        .rev()
        .map(|certificate| certval_certificate(certificate))
        .collect::<Result<_, _>>()?;
    let leaf = certval_certificate(path.leaf())?;
    Ok((settings, certval::CertificationPath::new(anchor, intermediates, leaf)))
}

fn certval_certificate(certificate: &Certificate) -> Result<PDVCertificate, PathError> {
    PDVCertificate::try_from(certificate.readable_der()).map_err(|_| PathError::Malformed)
}

/// certval with one way to verify signatures: ours, which knows the brainpool curves and refuses short keys. A path is only ever made
/// of certificates whose signatures verified, so these are not verified again: they are nearly all that a validation costs.
fn environment(path: &CertificationPath) -> PkiEnvironment {
    let verified = verified(path);
    let mut environment = PkiEnvironment::new();
    environment.add_verify_signature_message_callback(
        move |_: &PkiEnvironment,
              message: &[u8],
              signature: &BitString,
              algorithm: &AlgorithmIdentifierOwned,
              spki: &SubjectPublicKeyInfoOwned| {
            let is_this = |known: &Verified| {
                known.message == message
                    && known.signature == *signature
                    && known.algorithm == *algorithm
                    && known.key == *spki
            };
            if verified.iter().any(is_this) {
                return Ok(());
            }
            let invalid =
                || certval::Error::PathValidation(PathValidationStatus::SignatureVerificationFailure);
            let key = PublicKey::from_spki(spki).map_err(|_| invalid())?;
            certificate_signature::verify(&key, algorithm, message, signature).map_err(|_| invalid())
        },
    );
    environment
}

/// A signature of a path, as certval sees it.
struct Verified {
    message: Vec<u8>,
    signature: BitString,
    algorithm: AlgorithmIdentifierOwned,
    key: SubjectPublicKeyInfoOwned,
}

/// The signatures of a path. Where certval reads a certificate from a copy, it takes the copy's signed part for the message.
fn verified(path: &CertificationPath) -> Vec<Verified> {
    path.certificates()
        .zip(path.certificates().skip(1))
        .filter_map(|(certificate, issuer)| {
            let signed = SignedObject::from_der(certificate.readable_der()).ok()?;
            Some(Verified {
                message: signed.message.to_vec(),
                signature: signed.signature,
                algorithm: signed.algorithm,
                key: issuer.tbs().subject_public_key_info().clone(),
            })
        })
        .collect()
}

/// An authority whose certificate names purposes vouches for keys of these purposes only (the common reading of RFC 5280
/// section 4.2.1.12 for authorities).
fn check_authority_purposes(path: &CertificationPath, wanted: ObjectIdentifier) -> Result<(), PathError> {
    for authority in path.intermediates().iter().map(Arc::as_ref).chain([path.anchor()]) {
        let usage = authority.extension::<ExtendedKeyUsage>().map_err(|_| PathError::Malformed)?;
        let allowed = usage.is_none_or(|usage| {
            usage.0.iter().any(|purpose| *purpose == wanted || *purpose == oid::ANY_EXTENDED_KEY_USAGE)
        });
        if !allowed {
            return Err(PathError::AuthorityPurpose);
        }
    }
    Ok(())
}

fn fault(error: &certval::Error) -> PathError {
    let certval::Error::PathValidation(status) = error else {
        // what certval says of an anchor with a critical extension that it does not process
        return match error {
            certval::Error::Unrecognized => PathError::CriticalExtension,
            _ => PathError::Malformed,
        };
    };
    match status {
        PathValidationStatus::MissingBasicConstraints
        | PathValidationStatus::InvalidBasicConstraints
        | PathValidationStatus::InvalidKeyUsage => PathError::NotAuthority,
        PathValidationStatus::InvalidPathLength => PathError::TooLong,
        PathValidationStatus::NameConstraintsViolation => PathError::NameConstraints,
        PathValidationStatus::NullPolicySet | PathValidationStatus::InvalidPolicyMapping => {
            PathError::Policies
        }
        PathValidationStatus::UnprocessedCriticalExtension => PathError::CriticalExtension,
        PathValidationStatus::ProcessingLimitExceeded => PathError::TooComplex,
        _ => PathError::Malformed,
    }
}
