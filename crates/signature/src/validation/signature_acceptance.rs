//! Signature acceptance validation (EN 319 102-1 clause 5.2.8): is what was signed, and with which certificate, what the
//! verifier demands?

use bitaqa_trust::{Certificate, DateTime, oid as trust_oid, qualified_statements::QcStatements};
use x509_cert::ext::pkix::KeyUsage;

use super::{
    fault::Fault,
    indication::SubIndication,
    settings::{Constraints, KeyUsageConstraint, UnboundCertificate},
};
use crate::{
    found::{FoundSignature, SigningCertificate},
    signer::may_sign_documents,
};

/// The first constraint that does not hold; `at` is when the signature is proven to have existed.
pub(super) fn check(found: &FoundSignature, constraints: &Constraints, at: DateTime) -> Result<(), Fault> {
    let Some(certificate) = found.signer.certificate() else { return Ok(()) };
    check_binding(found, constraints)?;
    check_key_usage(certificate, constraints.key_usage)?;
    check_statements(certificate, constraints)?;
    check_cryptography(found, certificate, constraints, at)
}

fn constraint(detail: impl Into<String>) -> Fault {
    Fault::new(SubIndication::SigConstraintsFailure, detail)
}

fn check_binding(found: &FoundSignature, constraints: &Constraints) -> Result<(), Fault> {
    match (&found.signer, constraints.unbound_certificate) {
        (SigningCertificate::NotBound(_), UnboundCertificate::Refuse) => {
            Err(constraint("nothing that was signed names the signer's certificate"))
        }
        _ => Ok(()),
    }
}

fn check_key_usage(certificate: &Certificate, demanded: KeyUsageConstraint) -> Result<(), Fault> {
    let signs = match demanded {
        KeyUsageConstraint::ContentCommitment => may_sign_documents(certificate),
        KeyUsageConstraint::ContentCommitmentOrSignature => matches!(
            certificate.extension::<KeyUsage>(),
            Ok(Some(usage)) if usage.non_repudiation() || usage.digital_signature()
        ),
    };
    if signs {
        Ok(())
    } else {
        Err(constraint(
            "the certificate is not for signing documents: its key usage is not content commitment",
        ))
    }
}

fn check_statements(certificate: &Certificate, constraints: &Constraints) -> Result<(), Fault> {
    let demanded = &constraints.qualified_statements;
    if demanded.statements.is_empty() && demanded.types.is_empty() && demanded.legislations.is_empty() {
        return Ok(());
    }
    let statements = statements(certificate)
        .map_err(|_| constraint("the certificate's qualified statements are malformed"))?
        .unwrap_or_default();
    if let Some(missing) = demanded.statements.iter().find(|id| !statements.statements().contains(id)) {
        return Err(constraint(format!("the certificate does not state {missing}")));
    }
    let any_type =
        demanded.types.is_empty() || demanded.types.iter().any(|id| statements.types().contains(id));
    if !any_type {
        return Err(constraint("the certificate is not of a type that is demanded"));
    }
    let any_law = demanded.legislations.is_empty()
        || demanded.legislations.iter().any(|country| statements.legislations().contains(country));
    if any_law {
        Ok(())
    } else {
        Err(constraint("the certificate is not qualified under a law that is demanded"))
    }
}

/// The qualified statements of a certificate; none if it has no such extension.
pub(crate) fn statements(certificate: &Certificate) -> der::Result<Option<QcStatements>> {
    certificate.extension_value(trust_oid::QC_STATEMENTS).map(QcStatements::from_der).transpose()
}

/// The hashes over the content, the signature's algorithm and the signer's key.
fn check_cryptography(
    found: &FoundSignature,
    certificate: &Certificate,
    constraints: &Constraints,
    at: DateTime,
) -> Result<(), Fault> {
    // nothing was verified where the algorithm is not accepted, and that is what the report says
    let Ok(scheme) = &found.algorithm else { return Ok(()) };
    let key = certificate
        .public_key()
        .map_err(|error| Fault::new(SubIndication::CryptoConstraintsFailureNoPoe, error.to_string()))?;
    let hashes =
        found.content_hashes.iter().try_for_each(|hash| constraints.cryptography.check_hash(*hash, at));
    let unreliable =
        hashes.and_then(|()| constraints.cryptography.check_signature(*scheme, key.kind(), at)).err();
    match unreliable {
        None => Ok(()),
        Some(error) => {
            let fault = Fault::new(SubIndication::CryptoConstraintsFailureNoPoe, error.to_string());
            Err(match error.since {
                Some(since) => fault.since(since),
                // it never was, so no proof of existence can help
                None => Fault { sub_indication: SubIndication::CryptoConstraintsFailure, ..fault },
            })
        }
    }
}
