//! What would have to be fetched to judge signatures better. Nothing is fetched here, and nothing is asked for that is not on
//! a path to an anchor, so nobody can have addresses visited by showing a certificate that he made up.

use bitaqa_trust::{
    Certificate, DateTime, TrustStore, addresses,
    certification_path::{self, PathError},
    revocation::{Needed, NonceSeed, RevocationCheck},
};

use super::{
    evidence::{KnownPieces, Material},
    settings::ValidationSettings,
};
use crate::{found::FoundSignature, time_stamp::TimeStampToken};

/// Most things that are asked for.
const MAX_NEEDS: usize = 64;

/// Something to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Need {
    /// Revocation data about a certificate of a path to an anchor.
    Revocation {
        /// The list or answer.
        needed: Needed,
        /// The certificate in which the address stands.
        certificate: Certificate,
    },
    /// The certificate of an issuer whom nobody knows. That path is not proven yet: ask only whom the person allows.
    IssuerCertificate {
        /// Where, `http://` or `https://`.
        url: String,
        /// The certificate in which the address stands.
        certificate: Certificate,
    },
}

impl Need {
    /// Where.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Revocation { needed, .. } => needed.url(),
            Self::IssuerCertificate { url, .. } => url,
        }
    }
}

/// What would help to judge these signatures, signers first. With a seed of random bytes, questions to responders carry a
/// nonce.
#[must_use]
pub fn of(found: &[FoundSignature], settings: &ValidationSettings, nonce: Option<NonceSeed>) -> Vec<Need> {
    let mut needs = Needs { needs: Vec::new(), nonce, time: settings.time };
    let mut known_pieces = KnownPieces::default();
    let mut pending: Vec<&FoundSignature> = found.iter().rev().collect();
    while let Some(signature) = pending.pop() {
        if needs.needs.len() >= MAX_NEEDS {
            break;
        }
        let material = Material::new(signature, settings, &mut known_pieces);
        if let Some(leaf) = signature.signer.certificate() {
            needs.add_path(leaf, &material.store(&settings.signers, &[]));
        }
        let stamps = signature
            .content_time_stamps
            .iter()
            .chain(&signature.signature_time_stamps)
            .chain(&signature.archive_time_stamps);
        for stamp in stamps {
            let Ok(token) = TimeStampToken::parse(&stamp.token) else { continue };
            let known: Vec<Certificate> =
                stamp.certificates.iter().chain(material.certificates.iter().copied()).cloned().collect();
            let Ok(authority) = token.verify_signature(&known) else { continue };
            let store = material.store(&settings.time_stamp_authorities, token.certificates());
            needs.add_path(&authority, &store);
        }
        pending.extend(signature.counter_signatures.iter().rev());
    }
    needs.needs
}

struct Needs {
    needs: Vec<Need>,
    nonce: Option<NonceSeed>,
    time: DateTime,
}

impl Needs {
    fn add_path(&mut self, leaf: &Certificate, store: &TrustStore) {
        match certification_path::candidates(leaf, store) {
            Ok(paths) => {
                // the first is the likeliest
                let Some(path) = paths.into_iter().next() else { return };
                let certificates: Vec<Certificate> = path.certificates().cloned().collect();
                let check = RevocationCheck::new(path, store.clone(), self.time, self.nonce);
                for needed in check.needs() {
                    if let Some(certificate) = certificates.get(needed.position()) {
                        self.add(Need::Revocation { needed, certificate: certificate.clone() });
                    }
                }
            }
            Err(PathError::IssuerUnknown { .. }) => {
                let last = last_known(leaf, store);
                for url in addresses::issuers(&last) {
                    self.add(Need::IssuerCertificate { url, certificate: last.clone() });
                }
            }
            Err(_) => {}
        }
    }

    fn add(&mut self, need: Need) {
        if self.needs.len() < MAX_NEEDS && !self.needs.contains(&need) {
            self.needs.push(need);
        }
    }
}

/// The certificate at which the way to an anchor ends.
fn last_known(leaf: &Certificate, store: &TrustStore) -> Certificate {
    let mut last = leaf.clone();
    for _ in 0..certification_path::MAX_LENGTH {
        let issuer = store.intermediates().iter().find(|issuer| {
            issuer.tbs().subject() == last.tbs().issuer()
                && ***issuer != last
                && issuer.public_key().is_ok_and(|key| last.verify_signature(&key).is_ok())
        });
        match issuer {
            Some(issuer) => last = Certificate::clone(issuer),
            None => break,
        }
    }
    last
}
