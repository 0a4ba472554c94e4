//! Certificates and revocation data of one signature: what the file brings and what the caller fetched.

use std::{cell::RefCell, collections::HashMap};

use bitaqa_trust::{
    Certificate, DateTime, DistinguishedName, TrustStore,
    revocation::{Evidence, crl::CertificateList, evidence::MAX_PIECES, ocsp_response::OcspResponse},
};
use sha2::{Digest, Sha256};
use x509_cert::name::Name;

use super::{
    cryptographic_constraints::CryptographicConstraints, proof_of_existence::ProofsOfExistence,
    settings::ValidationSettings,
};
use crate::found::{FoundSignature, MAX_CERTIFICATES};

/// Where a piece is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The caller.
    Fetched,
    /// The file.
    Embedded,
}

/// A list or an answer.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    der: &'a [u8],
    is_list: bool,
    origin: Origin,
    digest: [u8; 32],
    /// The earliest moment at which all of it was right; none if it cannot be read.
    pub(super) right_since: Option<DateTime>,
}

/// What is known of lists and answers by their place in memory: all signatures of a file share them, and a list can be large.
#[derive(Debug, Clone, Default)]
pub(super) struct KnownPieces {
    by_place: HashMap<(usize, usize), ([u8; 32], Option<DateTime>)>,
}

impl KnownPieces {
    fn of(&mut self, der: &[u8], is_list: bool) -> ([u8; 32], Option<DateTime>) {
        let place = (der.as_ptr().addr(), der.len());
        *self.by_place.entry(place).or_insert_with(|| {
            let right_since = if is_list {
                CertificateList::from_der(der).ok().map(|list| list.this_update())
            } else {
                OcspResponse::from_der(der).ok().map(|answer| answer.right_since())
            };
            (Sha256::digest(der).into(), right_since)
        })
    }
}

/// Subjects' names in the form in which they are compared, by the certificates' fingerprints: every list is compared with all of them
/// again and again.
#[derive(Debug, Clone, Default)]
pub(super) struct SubjectNames(RefCell<HashMap<[u8; 32], Option<String>>>);

impl SubjectNames {
    /// Whether a certificate has this name. One that cannot be compared may be any.
    fn have(&self, certificate: &Certificate, name: Option<&String>) -> bool {
        let mut names = self.0.borrow_mut();
        let subject =
            names.entry(certificate.sha256()).or_insert_with(|| comparable(certificate.tbs().subject()));
        subject.is_none() || name.is_none() || subject.as_ref() == name
    }
}

/// Everything that helps to judge certificates of one signature.
#[derive(Debug, Clone)]
pub(super) struct Material<'a> {
    pub(super) certificates: Vec<&'a Certificate>,
    pub(super) pieces: Vec<Piece<'a>>,
    /// Pieces and certificates of the file that were too many to be looked at.
    pub(super) left_out: usize,
    /// Tells it from other material.
    pub(super) key: [u8; 32],
    /// Of whoever may have signed its lists.
    pub(super) names: SubjectNames,
}

impl<'a> Material<'a> {
    /// What the caller fetched, then what the file brings, as far as there is room for it.
    pub(super) fn new(
        found: &'a FoundSignature,
        settings: &'a ValidationSettings,
        known: &mut KnownPieces,
    ) -> Self {
        let mut material = Self::empty();
        material.certificates.extend(&settings.evidence.certificates);
        material.add_pieces(&settings.evidence.lists, true, Origin::Fetched, known);
        material.add_pieces(&settings.evidence.answers, false, Origin::Fetched, known);
        material.add_found(found, known);
        material
    }

    /// What the file brings.
    pub(super) fn embedded(found: &'a FoundSignature, known: &mut KnownPieces) -> Self {
        let mut material = Self::empty();
        material.add_found(found, known);
        material
    }

    fn empty() -> Self {
        let names = SubjectNames::default();
        Self { certificates: Vec::new(), pieces: Vec::new(), left_out: 0, key: [0; 32], names }
    }

    fn add_found(&mut self, found: &'a FoundSignature, known: &mut KnownPieces) {
        let stamps = found
            .content_time_stamps
            .iter()
            .chain(&found.signature_time_stamps)
            .chain(&found.archive_time_stamps)
            .flat_map(|stamp| &stamp.certificates);
        let certificates = found.certificates.iter().chain(stamps);
        self.left_out += certificates.clone().count().saturating_sub(MAX_CERTIFICATES);
        self.certificates.extend(certificates.take(MAX_CERTIFICATES));
        self.add_pieces(&found.revocation.answers, false, Origin::Embedded, known);
        self.add_pieces(&found.revocation.lists, true, Origin::Embedded, known);
        let mut hash = Sha256::new();
        for certificate in &self.certificates {
            hash.update(certificate.sha256());
        }
        for piece in &self.pieces {
            hash.update([u8::from(piece.is_list)]);
            hash.update(piece.digest);
        }
        self.key = hash.finalize().into();
    }

    fn add_pieces<T: AsRef<[u8]>>(
        &mut self,
        pieces: &'a [T],
        is_list: bool,
        origin: Origin,
        known: &mut KnownPieces,
    ) {
        for der in pieces.iter().map(AsRef::as_ref) {
            if self.pieces.len() >= MAX_PIECES {
                self.left_out += 1;
                continue;
            }
            let (digest, right_since) = known.of(der, is_list);
            if self.pieces.iter().any(|piece| piece.digest == digest) {
                continue;
            }
            self.pieces.push(Piece { der, is_list, origin, digest, right_since });
        }
    }

    /// The anchors of a store, with these certificates to get to them.
    pub(super) fn store(&self, anchors: &TrustStore, more: &[Certificate]) -> TrustStore {
        let mut store = anchors.clone();
        for certificate in more.iter().chain(self.certificates.iter().copied()) {
            store.add_intermediate(certificate.clone());
        }
        store
    }

    /// The pieces in these places, for the judgement of [`bitaqa_trust`].
    pub(super) fn evidence(&self, places: &[usize]) -> Evidence {
        let mut evidence = Evidence::new();
        for piece in places.iter().filter_map(|place| self.pieces.get(*place)) {
            let name = piece.name();
            // there is room: no more than MAX_PIECES are kept
            let _ = if piece.is_list {
                evidence.add_crl(&name, piece.der.to_vec())
            } else {
                evidence.add_ocsp(&name, piece.der.to_vec())
            };
        }
        evidence
    }
}

/// Why a piece cannot be relied upon, though it may be genuine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreliable {
    /// Whoever signed it has expired since, and nothing proves that it is older.
    SignerExpired,
    /// The signer's key is too weak by now, and nothing proves that it is older.
    SignerWeak,
    /// The authority was revoked since, and nothing proves that it is older.
    AuthorityRevoked,
}

impl Piece<'_> {
    fn name(&self) -> String {
        let origin = match self.origin {
            Origin::Fetched => "fetched",
            Origin::Embedded => "in the file",
        };
        let kind = if self.is_list { "revocation list" } else { "OCSP response" };
        let digits: String = self.digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{kind} {digits}, {origin}")
    }

    /// Whether it can be relied upon as the word of this issuer: it must be proven to exist before whoever signed it expired,
    /// before the key became weak, and before the authority was revoked. An anchor is trusted as it is.
    pub(super) fn check(
        &self,
        issuer: &Certificate,
        issuer_is_anchor: bool,
        (store, names): (&TrustStore, &SubjectNames),
        proofs: &ProofsOfExistence,
        cryptography: &CryptographicConstraints,
        authority_revoked: Option<DateTime>,
    ) -> Result<(), Unreliable> {
        let proven = proofs.of(&self.digest);
        if authority_revoked.is_some_and(|revoked| proven >= revoked) {
            return Err(Unreliable::AuthorityRevoked);
        }
        let check = |signer: &Certificate| {
            if proven > signer.not_after() {
                return Err(Unreliable::SignerExpired);
            }
            let reliable =
                signer.public_key().is_ok_and(|key| cryptography.check_key(key.kind(), proven).is_ok());
            if reliable { Ok(()) } else { Err(Unreliable::SignerWeak) }
        };
        if self.is_list {
            let Ok(list) = CertificateList::from_der(self.der) else { return Ok(()) };
            let name = comparable(list.issuer());
            let is_signer = |candidate: &Certificate| {
                names.have(candidate, name.as_ref()) && list.verify_signature(candidate).is_ok()
            };
            if issuer_is_anchor && is_signer(issuer) {
                return Ok(());
            }
            let known = store.intermediates().iter().map(AsRef::as_ref).chain([issuer]);
            return known.filter(|candidate| is_signer(candidate)).try_for_each(check);
        }
        let Ok(answer) = OcspResponse::from_der(self.der) else { return Ok(()) };
        if !issuer_is_anchor {
            check(issuer)?;
        }
        answer.certificates().iter().filter(|certificate| *certificate != issuer).try_for_each(check)
    }
}

/// A name in a form in which spelling does not matter (RFC 5280 section 7.1), so that whoever may have signed a list is found
/// by at least every comparison that others make.
fn comparable(name: &Name) -> Option<String> {
    let text = DistinguishedName::from_name(name).ok()?.to_string().to_lowercase();
    Some(text.chars().filter(|character| !character.is_whitespace()).collect())
}
