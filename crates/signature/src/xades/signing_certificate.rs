//! Whose key a signature is verified with, and whether the signer said so.

use bitaqa_trust::Certificate;

use super::certificate_reference::CertificateReference;
use crate::found::SigningCertificate;

/// Most keys that one signature is tried with.
const MAX_TRIED: usize = 8;

/// What came of the choice.
pub(super) struct Choice {
    pub(super) signer: SigningCertificate,
    /// Whether its key made the signature; none where that cannot be told.
    pub(super) verified: Option<bool>,
    pub(super) faults: Vec<String>,
    pub(super) remarks: Vec<String>,
}

/// Chooses the signer's certificate: one that the signed property names, else one of `KeyInfo`; among several the one whose key
/// made the signature.
pub(super) fn choose(
    key_info: &[Certificate],
    all: &[Certificate],
    references: Option<&[CertificateReference]>,
    verify: impl Fn(&Certificate) -> Option<bool>,
) -> Choice {
    let best = |candidates: &[&Certificate]| -> Option<(Certificate, Option<bool>)> {
        let tried = candidates.iter().take(MAX_TRIED);
        let tried: Vec<_> = tried.map(|certificate| ((*certificate).clone(), verify(certificate))).collect();
        tried.iter().find(|(_, verified)| *verified == Some(true)).or_else(|| tried.first()).cloned()
    };
    let mut choice = Choice {
        signer: SigningCertificate::NotFound,
        verified: None,
        faults: Vec::new(),
        remarks: Vec::new(),
    };
    let references = references.unwrap_or_default();
    let named: Vec<&Certificate> = all
        .iter()
        .filter(|certificate| references.iter().any(|reference| reference.names(certificate)))
        .collect();
    if let Some((certificate, verified)) = best(&named) {
        let has_serial = references
            .iter()
            .filter(|reference| reference.names(&certificate))
            .all(|reference| reference.has_serial_of(&certificate));
        if !has_serial {
            choice
                .faults
                .push("issuer and serial number of SigningCertificate are of another certificate".to_owned());
        }
        choice.signer = SigningCertificate::Bound(Box::new(certificate));
        choice.verified = verified;
        return choice;
    }
    let Some((certificate, verified)) = best(&key_info.iter().collect::<Vec<_>>()) else { return choice };
    choice.verified = verified;
    choice.signer = if references.is_empty() {
        SigningCertificate::NotBound(Box::new(certificate))
    } else if references.iter().any(CertificateReference::is_weak) {
        choice.remarks.push("the signer's certificate is named by a hash that is not accepted".to_owned());
        SigningCertificate::NotBound(Box::new(certificate))
    } else {
        SigningCertificate::Mismatch
    };
    choice
}
