//! What an address may have been found in.

use bitaqa_trust::{Certificate, addresses, revocation::crl::CertificateList};

use crate::{kind::Kind, trusted_list::ListPointers};

/// Something that the caller has and sends along: the addresses in it may be fetched from. It is not verified; that an address
/// stands in it says what the address is for, not that it is harmless.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A certificate: responders, issuers, revocation lists.
    Certificate(&'a Certificate),
    /// A revocation list (DER): where it is published.
    RevocationList(&'a [u8]),
    /// A trusted list (XML): lists that it points to, and itself.
    TrustedList(&'a [u8]),
}

impl Source<'_> {
    /// Its addresses for this kind, as they stand there. What cannot be read has none.
    #[must_use]
    pub fn addresses(&self, kind: Kind) -> Vec<String> {
        match (self, kind) {
            (Self::Certificate(certificate), Kind::Ocsp) => addresses::responders(certificate),
            (Self::Certificate(certificate), Kind::IssuerCertificate) => addresses::issuers(certificate),
            (Self::Certificate(certificate), Kind::Crl) => addresses::lists(certificate),
            (Self::RevocationList(der), Kind::Crl) => {
                CertificateList::from_der(der).map(|list| addresses::of_list(&list)).unwrap_or_default()
            }
            (Self::TrustedList(xml), Kind::TrustedList) => {
                ListPointers::read(xml).map(|list| list.addresses).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}
