//! What countries publish: certificates, revocation lists and master lists, in any file.

use bitaqa_trust::{
    DateTime,
    csca_bundle::{self, CscaItem},
    csca_store::{CscaStore, CscaStoreBuilder},
    icao_pki::revocation_list::MAX_ENTRIES,
};

use super::written;

pub(crate) fn run(input: &[u8]) {
    match csca_bundle::read(input) {
        Ok(items) => items.iter().for_each(item),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn item(item: &CscaItem) {
    written(item);
    match item {
        CscaItem::Certificate(certificate) => {
            assert!(!certificate.is_self_signed() || certificate.is_self_issued());
            assert_eq!(certificate.issuer(), certificate.issuer(), "a name is itself");
            written(&certificate.issuer().to_string());
        }
        CscaItem::RevocationList(list) => {
            assert!(list.len() <= MAX_ENTRIES);
            written(&list.revocation_of(&[1]));
        }
        CscaItem::MasterList(list) => {
            let Ok(at) = DateTime::new(2023, 6, 1, 0, 0, 0) else { return };
            assert!(list.verify(&CscaStore::default(), at).is_err(), "who trusts nobody believes no list");
            if let Ok(verified) = list.verify_by_itself(at) {
                assert!(verified.signer().may_sign_master_lists() && verified.csca().may_sign_certificates());
            }
        }
    }
}

/// What a file makes somebody trust.
pub(super) fn store(file: &[u8], at: DateTime) -> CscaStore {
    let mut builder = CscaStoreBuilder::new();
    for item in csca_bundle::read(file).unwrap_or_default() {
        let added = match item {
            CscaItem::Certificate(certificate) => builder.add(*certificate),
            CscaItem::RevocationList(list) => builder.add_revocation_list(*list),
            CscaItem::MasterList(list) => {
                list.verify_by_itself(at).map_or(Ok(()), |verified| verified.add_to(&mut builder))
            }
        };
        assert!(added.is_ok(), "a store takes what a file can have");
    }
    builder.build().0
}
