//! Whether a country signed the document, by the certificates of the trust packs of this computer; and whether the chip is the
//! one that it was written to.

use bitaqa_card::{chip_session::ProofVerdict, lds};
use bitaqa_protocol::my_card::{Authenticity, ChipOnCard, NotCheckedReason};
use bitaqa_trust::{
    Assurance, DateTime, TrustPacks,
    csca_store::{CscaPath, CscaStore, CscaStoreBuilder},
    icao_pki::IcaoCertificate,
    passive_authentication::{self, Fault, Options},
};

use super::reading::DocumentRead;

/// A document with a list of digests that cannot be read.
const UNREADABLE: &str = "document-unreadable";

/// Passive authentication (ICAO Doc 9303-11, section 5.1) at a time.
pub(super) fn authenticity(read: &DocumentRead, packs: &TrustPacks, at: DateTime) -> Authenticity {
    let known = packs.csca_certificates(at.unix_duration().as_secs());
    if known.is_empty() {
        return Authenticity::NotChecked { reason: NotCheckedReason::NoAuthorities };
    }
    let store = store(known.iter().map(|known| known.certificate.der()));
    let groups: Vec<(lds::DataGroup, &[u8])> = read.contents().collect();
    let Ok(report) = passive_authentication::verify(&read.sod, &groups, &store, at, &Options::default())
    else {
        return Authenticity::NotGenuine { code: UNREADABLE.to_owned() };
    };
    let mut faults = report.faults();
    match (report.genuine(), report.path(), faults.next(), faults.next()) {
        (Some(_), Some(path), _, _) => Authenticity::Genuine {
            country: path.csca().subject().country().unwrap_or_default().to_owned(),
            test: is_test(path, |der| {
                known.iter().any(|known| known.assurance == Assurance::Test && known.certificate.der() == der)
            }),
        },
        // nothing else speaks against it: nobody whom this computer believes knows
        (None, _, Some(Fault::CscaUnknown { .. }), None) => {
            Authenticity::NotChecked { reason: NotCheckedReason::AuthorityUnknown }
        }
        (_, _, fault, _) => {
            Authenticity::NotGenuine { code: fault.map_or(UNREADABLE, Fault::code).to_owned() }
        }
    }
}

/// The authorities that can be used; one that cannot is as if it were not there.
fn store<'a>(certificates: impl Iterator<Item = &'a [u8]>) -> CscaStore {
    let mut builder = CscaStoreBuilder::new();
    for certificate in certificates.filter_map(|der| IcaoCertificate::from_der(der).ok()) {
        // a store that is full believes fewer, not more
        if builder.add(certificate).is_err() {
            break;
        }
    }
    builder.build().0
}

fn is_test(path: &CscaPath<'_>, is_test: impl Fn(&[u8]) -> bool) -> bool {
    path.authorities().any(|authority| is_test(authority.der()))
}

/// What the chip proved to this computer. It counts for its holder only.
pub(super) fn chip(read: &DocumentRead) -> ChipOnCard {
    let Some(proofs) = &read.proofs else { return ChipOnCard::NotChecked };
    let verdicts = [proofs.mapping, proofs.active, proofs.chip];
    let offers_none = verdicts.iter().all(|verdict| *verdict == ProofVerdict::NotOffered);
    // one that hides or altered the keys that its list of digests names offers none, too
    if offers_none && proofs.is_without_objection() {
        ChipOnCard::NotOffered
    } else if proofs.is_genuine() {
        ChipOnCard::Proven
    } else if proofs.is_out_of_reach() {
        ChipOnCard::NotChecked
    } else {
        ChipOnCard::NotProven
    }
}
