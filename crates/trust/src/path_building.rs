//! Finds the paths from a leaf to an anchor, within bounds.

use std::{collections::HashMap, sync::Arc};

use x509_cert::ext::pkix::{AuthorityKeyIdentifier, SubjectKeyIdentifier};

use crate::{
    certificate::Certificate,
    certification_path::{
        CertificationPath, MAX_CANDIDATES, MAX_LENGTH, MAX_SIGNATURE_CHECKS, PathError, issuer_name,
    },
    trust_store::TrustStore,
};

/// Every path whose signatures verify, up to [`MAX_CANDIDATES`].
pub(crate) fn build(leaf: &Certificate, store: &TrustStore) -> Result<Vec<CertificationPath>, PathError> {
    let leaf = Arc::new(leaf.clone());
    let mut search = Search {
        store,
        paths: Vec::new(),
        failure: None,
        checked: HashMap::new(),
        checks_left: MAX_SIGNATURE_CHECKS,
    };
    if store.anchors().iter().any(|anchor| **anchor == *leaf) {
        search.paths.push(CertificationPath::new(Arc::clone(&leaf), Vec::new()));
    }
    search.extend(&leaf, &mut Vec::new())?;
    if search.paths.is_empty() {
        return Err(search.failure.unwrap_or_else(|| unknown_issuer(&leaf)));
    }
    Ok(search.paths)
}

struct Search<'a> {
    store: &'a TrustStore,
    paths: Vec<CertificationPath>,
    /// The failure that got nearest to a path.
    failure: Option<PathError>,
    /// Whether the second certificate's key signed the first, by fingerprints.
    checked: HashMap<([u8; 32], [u8; 32]), bool>,
    checks_left: usize,
}

impl Search<'_> {
    /// Goes on from the last certificate of the path.
    fn extend(
        &mut self,
        leaf: &Arc<Certificate>,
        authorities: &mut Vec<Arc<Certificate>>,
    ) -> Result<(), PathError> {
        let last = Arc::clone(authorities.last().unwrap_or(leaf));
        let (issuers, anchors) = self.issuers_of(&last);
        if issuers.is_empty() {
            self.note(unknown_issuer(&last));
        }
        for (index, issuer) in issuers.iter().enumerate() {
            if self.paths.len() >= MAX_CANDIDATES {
                return Ok(());
            }
            // the same name with the same key adds nothing to a path, whatever certificate says it
            let seen = std::iter::once(leaf).chain(&*authorities).any(|other| same_authority(other, issuer));
            if seen || !self.signed_by(&last, issuer)? {
                continue;
            }
            authorities.push(Arc::clone(issuer));
            if index < anchors {
                self.paths.push(CertificationPath::new(Arc::clone(leaf), authorities.clone()));
            } else if authorities.len() + 2 > MAX_LENGTH {
                self.note(PathError::TooLong);
            } else {
                self.extend(leaf, authorities)?;
            }
            authorities.pop();
        }
        Ok(())
    }

    /// Certificates with the issuer's name: anchors first, then intermediates; within each, those first whose key
    /// identifier is the one the certificate names. The number says how many of them are anchors.
    fn issuers_of(&self, certificate: &Certificate) -> (Vec<Arc<Certificate>>, usize) {
        let wanted = authority_key(certificate);
        let named = |candidates: &[Arc<Certificate>]| {
            let mut found: Vec<Arc<Certificate>> = candidates
                .iter()
                .filter(|candidate| {
                    certval::compare_names(candidate.tbs().subject(), certificate.tbs().issuer())
                })
                .cloned()
                .collect();
            found.sort_by_key(|candidate| wanted.is_none() || subject_key(candidate) != wanted);
            found
        };
        let mut issuers = named(self.store.anchors());
        let anchors = issuers.len();
        issuers.extend(named(self.store.intermediates()));
        (issuers, anchors)
    }

    fn signed_by(&mut self, certificate: &Certificate, issuer: &Certificate) -> Result<bool, PathError> {
        let pair = (certificate.sha256(), issuer.sha256());
        if let Some(known) = self.checked.get(&pair) {
            return Ok(*known);
        }
        self.checks_left = self.checks_left.checked_sub(1).ok_or(PathError::TooComplex)?;
        let signed = match issuer.public_key() {
            Ok(key) => certificate.verify_signature(&key).is_ok(),
            Err(error) => {
                self.note(PathError::IssuerKey { issuer: issuer_name(certificate), error });
                false
            }
        };
        if !signed {
            self.note(PathError::SignatureInvalid { issuer: issuer_name(certificate) });
        }
        self.checked.insert(pair, signed);
        Ok(signed)
    }

    /// Keeps the failure that says most.
    fn note(&mut self, failure: PathError) {
        fn weight(failure: &PathError) -> u8 {
            match failure {
                PathError::IssuerUnknown { .. } | PathError::SelfIssued => 0,
                PathError::SignatureInvalid { .. } => 1,
                PathError::IssuerKey { .. } => 2,
                _ => 3,
            }
        }
        if self.failure.as_ref().is_none_or(|kept| weight(&failure) > weight(kept)) {
            self.failure = Some(failure);
        }
    }
}

fn unknown_issuer(certificate: &Certificate) -> PathError {
    if certificate.is_self_issued() {
        PathError::SelfIssued
    } else {
        PathError::IssuerUnknown { issuer: issuer_name(certificate) }
    }
}

fn same_authority(one: &Certificate, other: &Certificate) -> bool {
    one.tbs().subject_public_key_info() == other.tbs().subject_public_key_info()
        && certval::compare_names(one.tbs().subject(), other.tbs().subject())
}

fn authority_key(certificate: &Certificate) -> Option<Vec<u8>> {
    let identifier = certificate.extension::<AuthorityKeyIdentifier>().ok()??;
    Some(identifier.key_identifier?.as_bytes().to_vec())
}

fn subject_key(certificate: &Certificate) -> Option<Vec<u8>> {
    Some(certificate.extension::<SubjectKeyIdentifier>().ok()??.0.as_bytes().to_vec())
}
