//! Country signing authorities (CSCA, ICAO Doc 9303-12) that the caller trusts, what they vouch for, and what they revoked.
//!
//! An authority changes its key every few years under the same name. The new certificate is trusted because the caller brings
//! it, or because the authority signed it with the old key: a link certificate. All of that is settled once, when the store is
//! built, so that a document costs the signatures on itself and on its signer's certificate and no more.

use crate::{
    DateTime,
    icao_pki::{IcaoCertificate, RevocationList, Revoked},
};

/// Most certificates of a store.
pub const MAX_CERTIFICATES: usize = 16 * 1024;
/// Most revocation lists of a store.
pub const MAX_REVOCATION_LISTS: usize = 1024;
/// Most link certificates between an authority and the one that the caller trusts.
pub const MAX_LINKS: usize = 8;
/// Most signatures that are checked for one link certificate or revocation list, and for one signer's certificate.
pub const MAX_SIGNATURE_CHECKS: usize = 16;

/// The authorities, ready for use.
#[derive(Debug, Clone, Default)]
pub struct CscaStore {
    authorities: Vec<Authority>,
    signers: Vec<IcaoCertificate>,
    revocation_lists: Vec<RevocationList>,
}

#[derive(Debug, Clone)]
struct Authority {
    certificate: IcaoCertificate,
    /// Who signed its link certificate, by place among the authorities; `None` if the caller trusts it.
    linked_from: Option<usize>,
}

/// Collects what a store is built from, in any order.
#[derive(Debug, Clone, Default)]
pub struct CscaStoreBuilder {
    anchors: Vec<IcaoCertificate>,
    links: Vec<IcaoCertificate>,
    signers: Vec<IcaoCertificate>,
    revocation_lists: Vec<RevocationList>,
}

/// Something that a store was given and has no use for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Unused {
    /// A certificate of an authority that neither the caller nor another trusted authority vouches for.
    #[error(
        "the certificate of the authority \"{subject}\" is not used: it is not self-signed, and no trusted authority signed it"
    )]
    Untrusted {
        /// Whose.
        subject: String,
    },
    /// A revocation list that no trusted authority signed.
    #[error("the revocation list of \"{issuer}\" is not used: no trusted authority signed it")]
    RevocationList {
        /// Whose.
        issuer: String,
    },
}

/// More certificates or lists than a store takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("more than {MAX_CERTIFICATES} certificates or {MAX_REVOCATION_LISTS} revocation lists")]
pub struct StoreFull;

impl CscaStoreBuilder {
    /// An empty one: it trusts nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an authority that the caller trusts, whatever its certificate says of itself.
    ///
    /// # Errors
    /// [`StoreFull`].
    pub fn add_anchor(&mut self, certificate: IcaoCertificate) -> Result<(), StoreFull> {
        self.has_room()?;
        if !self.anchors.contains(&certificate) {
            self.anchors.push(certificate);
        }
        Ok(())
    }

    /// Adds a certificate by what it is: a self-signed one of an authority is an anchor, another authority's a link that an
    /// anchor must have signed, anything else a signer's, which documents that do not bring it need.
    ///
    /// # Errors
    /// [`StoreFull`].
    pub fn add(&mut self, certificate: IcaoCertificate) -> Result<(), StoreFull> {
        self.has_room()?;
        let list = match certificate.may_sign_certificates() {
            true if is_root(&certificate) => &mut self.anchors,
            true => &mut self.links,
            false => &mut self.signers,
        };
        if !list.contains(&certificate) {
            list.push(certificate);
        }
        Ok(())
    }

    /// Adds a revocation list.
    ///
    /// # Errors
    /// [`StoreFull`].
    pub fn add_revocation_list(&mut self, list: RevocationList) -> Result<(), StoreFull> {
        if self.revocation_lists.len() == MAX_REVOCATION_LISTS {
            return Err(StoreFull);
        }
        self.revocation_lists.push(list);
        Ok(())
    }

    /// Finds out who vouches for whom.
    #[must_use]
    pub fn build(self) -> (CscaStore, Vec<Unused>) {
        let trusted = |certificate| Authority { certificate, linked_from: None };
        let mut store = CscaStore {
            authorities: self.anchors.into_iter().map(trusted).collect(),
            signers: self.signers,
            revocation_lists: Vec::new(),
        };
        let mut waiting = self.links;
        for _ in 0..MAX_LINKS {
            let known = store.authorities.len();
            waiting.retain(|link| match store.signed_by(link) {
                Some(linked_from) => {
                    let certificate = link.clone();
                    store.authorities.push(Authority { certificate, linked_from: Some(linked_from) });
                    false
                }
                None => true,
            });
            if store.authorities.len() == known {
                break;
            }
        }
        let mut unused: Vec<Unused> =
            waiting.iter().map(|link| Unused::Untrusted { subject: link.subject().to_string() }).collect();
        for list in self.revocation_lists {
            if store.is_trusted(&list) {
                store.revocation_lists.push(list);
            } else {
                unused.push(Unused::RevocationList { issuer: list.issuer().to_string() });
            }
        }
        (store, unused)
    }

    fn has_room(&self) -> Result<(), StoreFull> {
        let held = self.anchors.len() + self.links.len() + self.signers.len();
        if held < MAX_CERTIFICATES { Ok(()) } else { Err(StoreFull) }
    }
}

impl CscaStore {
    /// The authorities that are trusted, those that the caller named first.
    pub fn authorities(&self) -> impl Iterator<Item = &IcaoCertificate> {
        self.authorities.iter().map(|authority| &authority.certificate)
    }

    /// The revocation lists that are used.
    #[must_use]
    pub fn revocation_lists(&self) -> &[RevocationList] {
        &self.revocation_lists
    }

    /// Certificates of signers.
    pub(crate) fn signers(&self) -> &[IcaoCertificate] {
        &self.signers
    }

    /// Who signed a signer's certificate, and how far that is from an authority that the caller trusts.
    ///
    /// # Errors
    /// [`IssuerFault`].
    pub(crate) fn path(&self, signer: &IcaoCertificate, at: DateTime) -> Result<CscaPath<'_>, IssuerFault> {
        let mut candidates: Vec<CscaPath<'_>> =
            self.issuers_of(signer).map(|place| self.path_from(place)).collect();
        let is_named = |path: &CscaPath<'_>| names_key(signer, path.csca());
        candidates.sort_by_key(|path| (!is_named(path), !path.is_valid_at(at)));
        let others = candidates.len();
        let mut is_known = false;
        for path in candidates.into_iter().take(MAX_SIGNATURE_CHECKS) {
            is_known |= signer.authority_key().is_none() || is_named(&path);
            if signs(path.csca(), signer) {
                return Ok(path);
            }
        }
        Err(if is_known { IssuerFault::NotSigned } else { IssuerFault::Unknown { others } })
    }

    /// What the lists say of a signer and of the authorities between it and the anchor.
    pub(crate) fn revocation(
        &self,
        signer: &IcaoCertificate,
        path: &CscaPath<'_>,
        at: DateTime,
    ) -> RevocationVerdict {
        let mut status = RevocationVerdict::NoList;
        for list in self.lists_of(signer) {
            status = status.or(match list.revocation_of(signer.serial_number()) {
                Some(revoked) if revoked.since <= at => return RevocationVerdict::SignerRevoked(revoked),
                Some(revoked) => RevocationVerdict::RevokedLater(revoked),
                None if list.next_update().is_some_and(|next| at <= next) => RevocationVerdict::Good,
                None => RevocationVerdict::Stale { next_update: list.next_update() },
            });
        }
        for authority in path.authorities() {
            let mut named =
                self.lists_of(authority).filter_map(|list| list.revocation_of(authority.serial_number()));
            if let Some(revoked) = named.find(|revoked| revoked.since <= at) {
                return RevocationVerdict::AuthorityRevoked(revoked);
            }
        }
        status
    }

    /// The lists of a certificate's issuer.
    fn lists_of<'a>(&'a self, certificate: &'a IcaoCertificate) -> impl Iterator<Item = &'a RevocationList> {
        self.revocation_lists.iter().filter(|list| list.issuer() == certificate.issuer())
    }

    /// Authorities that may have signed a certificate: of the name that it gives, or of its country with the key that it names.
    fn issuers_of<'a>(&'a self, certificate: &'a IcaoCertificate) -> impl Iterator<Item = usize> + 'a {
        let may_be = |authority: &Authority| {
            let candidate = &authority.certificate;
            let is_same = candidate.subject() == certificate.issuer();
            is_same
                || candidate.subject().is_of_same_country(certificate.issuer())
                    && names_key(certificate, candidate)
        };
        let places = self.authorities.iter().enumerate();
        places.filter(move |(_, authority)| may_be(authority)).map(|(place, _)| place)
    }

    fn signed_by(&self, link: &IcaoCertificate) -> Option<usize> {
        let mut places: Vec<usize> = self.issuers_of(link).collect();
        let of = |place: &usize| self.authorities.get(*place).map(|authority| &authority.certificate);
        places.sort_by_key(|place| !of(place).is_some_and(|authority| names_key(link, authority)));
        let mut checked = places.into_iter().take(MAX_SIGNATURE_CHECKS);
        checked.find(|place| of(place).is_some_and(|authority| signs(authority, link)))
    }

    fn is_trusted(&self, list: &RevocationList) -> bool {
        let candidates = self.authorities().filter(|authority| list.may_be_of(authority));
        candidates
            .take(MAX_SIGNATURE_CHECKS)
            .any(|authority| authority.key().is_ok_and(|key| list.verify_signature(key).is_ok()))
    }

    fn path_from(&self, place: usize) -> CscaPath<'_> {
        let mut authorities = Vec::with_capacity(1);
        let mut next = Some(place);
        while let Some(authority) = next.and_then(|place| self.authorities.get(place)) {
            authorities.push(&authority.certificate);
            next = authority.linked_from;
        }
        CscaPath { authorities }
    }
}

/// From the authority that signed a signer's certificate to the one that the caller trusts; most often one and the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CscaPath<'s> {
    authorities: Vec<&'s IcaoCertificate>,
}

impl<'s> CscaPath<'s> {
    /// Who signed the signer's certificate.
    ///
    /// # Panics
    /// Never: a path has at least one authority.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a path is made with at least one authority")]
    pub fn csca(&self) -> &'s IcaoCertificate {
        self.authorities[0]
    }

    /// All of them, the signer's first and the trusted one last.
    pub fn authorities(&self) -> impl Iterator<Item = &'s IcaoCertificate> + '_ {
        self.authorities.iter().copied()
    }

    /// Whether all of them are valid at a time.
    #[must_use]
    pub fn is_valid_at(&self, at: DateTime) -> bool {
        self.authorities().all(|authority| authority.is_valid_at(at))
    }
}

/// What the lists say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RevocationVerdict {
    /// There is no list of the signer's issuer.
    NoList,
    /// The newest list should have been replaced before the time in question, and does not name the signer.
    Stale { next_update: Option<DateTime> },
    /// A list that holds at the time does not name the signer.
    Good,
    /// The signer was revoked after the time in question.
    RevokedLater(Revoked),
    /// The signer was revoked.
    SignerRevoked(Revoked),
    /// An authority was.
    AuthorityRevoked(Revoked),
}

impl RevocationVerdict {
    /// Of two lists, what counts.
    const fn or(self, other: Self) -> Self {
        const fn weight(status: RevocationVerdict) -> u8 {
            match status {
                RevocationVerdict::NoList => 0,
                RevocationVerdict::Stale { .. } => 1,
                RevocationVerdict::Good => 2,
                RevocationVerdict::RevokedLater(_) => 3,
                RevocationVerdict::AuthorityRevoked(_) | RevocationVerdict::SignerRevoked(_) => 4,
            }
        }
        if weight(other) > weight(self) { other } else { self }
    }
}

/// Why nobody vouches for a signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum IssuerFault {
    /// No authority of that name and key is known.
    Unknown {
        /// How many there are of the same name with other keys.
        others: usize,
    },
    /// The authority is known, and did not sign the certificate.
    NotSigned,
}

/// Whether the certificate names this authority's key as the one that signed it.
fn names_key(certificate: &IcaoCertificate, authority: &IcaoCertificate) -> bool {
    certificate.authority_key().is_some_and(|key| authority.has_subject_key(key))
}

fn signs(authority: &IcaoCertificate, certificate: &IcaoCertificate) -> bool {
    authority.may_sign_certificates()
        && !authority.has_unknown_critical_extension()
        && authority.key().is_ok_and(|key| certificate.verify_signature(key).is_ok())
}

/// Self-signed; or with a key or an algorithm that we do not verify, and nothing that tells of another key.
fn is_root(certificate: &IcaoCertificate) -> bool {
    if !certificate.is_self_issued() {
        return false;
    }
    match certificate.key() {
        Ok(_) => certificate.is_self_signed(),
        Err(_) => certificate.authority_key().is_none_or(|key| certificate.has_subject_key(key)),
    }
}
