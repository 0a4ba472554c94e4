//! Whatever comes in, nothing panics.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use std::sync::OnceLock;

use bitaqa_fetch::{Configuration, Kind, Source, certificates_of, trusted_list::ListPointers, url::Url};
use proptest::{collection::vec, prelude::*};
use support::authority::Authority;

const LIST: &str = "<?xml version=\"1.0\"?><t:TrustServiceStatusList xmlns:t=\"http://uri.etsi.org/02231/v2#\">\
    <t:SchemeInformation><t:PointersToOtherTSL><t:OtherTSLPointer><t:TSLLocation>http://a/&amp;</t:TSLLocation>\
    </t:OtherTSLPointer></t:PointersToOtherTSL><t:NextUpdate><t:dateTime>2026-11-30T10:00:00Z</t:dateTime>\
    </t:NextUpdate></t:SchemeInformation></t:TrustServiceStatusList>";

/// A message of certificates.
fn message() -> &'static [u8] {
    static MESSAGE: OnceLock<Vec<u8>> = OnceLock::new();
    MESSAGE.get_or_init(|| {
        let authority = Authority::new();
        authority.run("crl2pkcs7 -nocrl -certfile ca.pem -outform DER -out ca.p7c");
        authority.read("ca.p7c")
    })
}

/// Good bytes with some changed, and perhaps cut off.
fn damaged(good: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let position = 0..good.len();
    (vec((position.clone(), any::<u8>()), 0..4), position).prop_map(move |(changes, cut)| {
        let mut bytes = good.to_vec();
        for (position, byte) in changes {
            bytes[position] = byte;
        }
        if cut % 3 == 0 {
            bytes.truncate(cut);
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2048) })]

    #[test]
    fn what_is_read_of_answers_is_bounded(
        anything in vec(any::<u8>(), 0..200),
        message in damaged(message()),
        list in damaged(LIST.as_bytes()),
    ) {
        for bytes in [&anything, &message, &list] {
            if let Ok(found) = certificates_of(bytes) {
                prop_assert!(!found.is_empty());
            }
            if let Ok(found) = ListPointers::read(bytes) {
                prop_assert!(found.addresses.len() <= 1);
            }
            for kind in Kind::ALL {
                prop_assert!(Source::TrustedList(bytes).addresses(kind).len() <= 1);
                prop_assert!(Source::RevocationList(bytes).addresses(kind).is_empty());
            }
        }
    }

    #[test]
    fn an_address_is_read_as_it_is_written(text in "(http|HTTPS)://[a-zA-Z0-9.:@\\[\\]/?#_-]{0,40}") {
        if let Ok(url) = Url::parse(&text) {
            let written = url.to_string();
            prop_assert_eq!(Url::parse(&written).unwrap(), url);
        }
    }

    #[test]
    fn where_a_redirect_leads_is_an_address(location in "[a-z:/?#.@]{0,30}") {
        let from = Url::parse("http://a.example/x/y").unwrap();
        if let Ok(url) = from.redirect(&location) {
            let written = url.to_string();
            prop_assert_eq!(Url::parse(&written).unwrap(), url);
        }
    }

    #[test]
    fn no_configuration_panics(text in "(schema = 1\n)?(\\[\\[(host|source)\\]\\]\n)?[a-z =\\[\\]\"\n]{0,60}") {
        // most of it is no configuration, and none of it names an authority
        prop_assert!(Configuration::from_toml(&text).map_or(true, |read| read.time_stamp_authorities().is_empty()));
    }
}
