//! No text of any kind ends in a panic, and what was made is read again.

#![allow(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod example;

use bitaqa_jose::{
    CompactJwe, CompactJws, Curve, JweHeader, JwsHeader, PrivateJwk, PublicJwk, SignatureAlgorithm,
    base64url,
    jwe::{self, JweRules},
    jws::{self, ExpectedType, JwsRules},
};
use example::{key, random};
use proptest::prelude::*;

const JWS: JwsRules<'_> =
    JwsRules { type_: ExpectedType::Is("t"), algorithms: &SignatureAlgorithm::ALL, max_length: 8192 };
const JWE: JweRules<'_> = JweRules {
    type_: ExpectedType::Absent,
    encryptions: &[bitaqa_jose::ContentEncryption::A256Gcm],
    max_length: 8192,
};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) })]

    #[test]
    fn any_text_is_refused_or_read(text in ".{0,200}", dotted in "[A-Za-z0-9_.-]{0,200}") {
        for text in [text, dotted] {
            let _ = CompactJws::parse(&text, &JWS);
            let _ = CompactJwe::parse(&text, &JWE);
            let _ = PublicJwk::parse(text.as_bytes());
            let _ = PrivateJwk::parse(text.as_bytes());
            if let Ok(bytes) = base64url::decode(&text) {
                prop_assert_eq!(base64url::encode(&bytes), text);
            }
        }
    }

    #[test]
    fn any_header_is_refused_or_read(header in prop::collection::vec(any::<u8>(), 0..200), json in r#"\{("(alg|typ|kid|epk|crit|apu)":("ES256"|"ECDH-ES"|"t"|\{\}|1),?){0,5}\}"#) {
        for header in [header, json.into_bytes()] {
            let header = base64url::encode(&header);
            let _ = CompactJws::parse(&format!("{header}.e30.AA"), &JWS);
            let _ = CompactJwe::parse(&format!("{header}..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA"), &JWE);
        }
    }

    #[test]
    fn any_payload_comes_back(payload in prop::collection::vec(any::<u8>(), 0..1000), seed in any::<u64>()) {
        for curve in Curve::ALL {
            let key = key(curve, 1);
            let text = jws::sign(JwsHeader::new(SignatureAlgorithm::Es256, "t"), &payload, &key).unwrap();
            prop_assert_eq!(&CompactJws::parse(&text, &JWS).unwrap().verify(key.public()).unwrap(), &payload);
        }
        for curve in [Curve::P256, Curve::P384] {
            let key = key(curve, 1);
            let text = jwe::encrypt(key.public(), &JweHeader::default(), &payload, &mut random(seed)).unwrap();
            prop_assert_eq!(&*CompactJwe::parse(&text, &JWE).unwrap().decrypt(&key).unwrap(), &payload);
        }
    }
}
