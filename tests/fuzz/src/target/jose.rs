//! JWS, JWE and keys.

use std::sync::OnceLock;

use bitaqa_jose::{
    CompactJwe, CompactJws, Curve, PrivateJwk, PublicJwk, SignatureAlgorithm, base64url,
    jwe::JweRules,
    jws::{ExpectedType, JwsRules},
};

use super::{choice, draws, written};

/// The `typ` of the seeds.
pub const TYPE: &str = "fuzz";
const MAX_LENGTH: usize = 64 * 1024;

/// The keys of the seeds, one for each curve.
pub fn keys() -> &'static [PrivateJwk] {
    static KEYS: OnceLock<Vec<PrivateJwk>> = OnceLock::new();
    KEYS.get_or_init(|| {
        Curve::ALL.into_iter().filter_map(|curve| PrivateJwk::generate(curve, &mut draws()).ok()).collect()
    })
}

pub(crate) fn jws(input: &[u8]) {
    let (which, content) = choice(input);
    key(content);
    let Some(text) = text(which, content, "e30.AAAA") else { return };
    let type_ = if which & 2 == 0 { ExpectedType::Is(TYPE) } else { ExpectedType::Absent };
    let rules = JwsRules { type_, algorithms: &SignatureAlgorithm::ALL, max_length: MAX_LENGTH };
    if let Ok(jws) = CompactJws::parse(&text, &rules) {
        written(&jws);
        for key in keys() {
            if let Ok(payload) = jws.clone().verify(key.public()) {
                assert_eq!(payload, jws.unverified_payload(), "what is verified is what was read");
            }
        }
    }
}

pub(crate) fn jwe(input: &[u8]) {
    let (which, content) = choice(input);
    let rest = ".AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";
    let Some(text) = text(which, content, rest) else { return };
    let type_ = if which & 2 == 0 { ExpectedType::Is(TYPE) } else { ExpectedType::Absent };
    if let Ok(jwe) = CompactJwe::parse(
        &text,
        &JweRules { type_, encryptions: &[bitaqa_jose::ContentEncryption::A256Gcm], max_length: MAX_LENGTH },
    ) {
        written(&jwe);
        for key in keys() {
            let _ = jwe.decrypt(key);
        }
    }
}

/// The input as the whole text, or as a header before something that is none.
fn text(which: u8, content: &[u8], rest: &str) -> Option<String> {
    if which & 1 == 0 {
        String::from_utf8(content.to_vec()).ok()
    } else {
        Some(format!("{}.{rest}", base64url::encode(content)))
    }
}

/// A key that is read is written so that it is read again; a private one is never taken for a public one.
fn key(content: &[u8]) {
    let (public, private) = (PublicJwk::parse(content), PrivateJwk::parse(content));
    assert!(public.is_err() || private.is_err(), "a key is public or private");
    if let Ok(key) = public {
        let again = serde_json::to_vec(&key).ok().and_then(|text| PublicJwk::parse(&text).ok());
        assert_eq!(again.as_ref(), Some(&key), "a key survives being written");
    }
    if let Ok(key) = private {
        let again = PrivateJwk::parse(key.to_json().as_bytes());
        assert_eq!(
            again.map(|again| again.public().clone()).as_ref(),
            Ok(key.public()),
            "so does a private one"
        );
    }
}
