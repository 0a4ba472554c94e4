//! Whatever comes in, nothing panics and nothing is believed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod test_pki;

use std::sync::OnceLock;

use bitaqa_protocol::{
    AuthToken,
    auth_token::TokenAlgorithm::ES256,
    encode_base64,
    identity::{ChipAnswer, ChipChallenge},
};
use bitaqa_trust::{
    AuthenticationCertificate, Certificate, DateTime, IssuerProfiles, TokenVerifier, TrustStore,
    identity::ChipState, pem_bundle, qualified_statements::QcStatements,
};
use proptest::{collection::vec, prelude::*};
use test_pki::{Issued, Key, Kind, Template, challenge, extension, origin, token};

struct Good {
    root: Issued,
    holder: Issued,
    token: AuthToken,
}

fn good() -> &'static Good {
    static GOOD: OnceLock<Good> = OnceLock::new();
    GOOD.get_or_init(|| {
        let root = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
        let holder = Template::person()
            .with(extension::policies(&["1.3.6.1.4.1.32473.1.2"]))
            .with(extension::qc_statements(&["0.4.0.1862.1.1"]))
            .with(extension::mail("amina@example.ma"))
            .issued_by(&root, Key::new(Kind::P256, 2));
        let token = token(&holder, ES256, &origin(), &challenge());
        Good { root, holder, token }
    })
}

fn verifier(anchor: &[u8]) -> TokenVerifier {
    let mut store = TrustStore::new();
    if let Ok(anchor) = Certificate::from_der(anchor) {
        store.add_anchor(anchor);
    }
    TokenVerifier::with_anchors(origin(), store)
}

fn now() -> DateTime {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

/// A good certificate with some bytes changed, cut off or put in.
fn damaged(der: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    let position = 0..der.len();
    (
        vec((position.clone(), any::<u8>()), 0..4),
        proptest::option::of((position.clone(), 0..16_usize)),
        position,
    )
        .prop_map(move |(changes, inserted, cut)| {
            let mut der = der.to_vec();
            for (position, byte) in changes {
                der[position] = byte;
            }
            match inserted {
                Some((position, count)) => {
                    der.splice(position..position, std::iter::repeat_n(0x30, count));
                }
                None if cut % 3 == 0 => der.truncate(cut),
                None => {}
            }
            der
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn bytes_are_no_certificate(bytes in vec(any::<u8>(), 0..600)) {
        prop_assert!(AuthenticationCertificate::from_der(&bytes).is_err());
        prop_assert!(pem_bundle::certificates("file", &bytes).is_err());
        let _ = QcStatements::from_der(&bytes);
    }

    #[test]
    fn text_is_no_token_profile_or_bundle(text in "\\PC{0,300}") {
        prop_assert!(verifier(&good().root.der).verify(&text, &challenge(), now()).is_err());
        prop_assert!(IssuerProfiles::parse(&text, |_| Ok(good().root.der.clone())).is_err());
        prop_assert!(pem_bundle::certificates("file", text.as_bytes()).is_err());
    }

    #[test]
    fn a_damaged_certificate_never_signs_in(der in damaged(&good().holder.der)) {
        prop_assume!(der != good().holder.der);
        let mut token = good().token.clone();
        token.unverified_certificate = encode_base64(&der);
        let json = serde_json::to_string(&token).unwrap();
        prop_assert!(verifier(&good().root.der).verify(&json, &challenge(), now()).is_err());
    }

    #[test]
    fn a_damaged_anchor_does_not_panic(der in damaged(&good().root.der)) {
        let json = serde_json::to_string(&good().token).unwrap();
        let _ = verifier(&der).verify(&json, &challenge(), now());
    }

    #[test]
    fn a_profile_made_of_its_own_words_does_not_panic(
        words in vec(prop::sample::select(vec![
            "schema = 1", "[[issuer]]", "[issuer]", "name = \"A\"", "anchors = [\"a\"]", "test = true",
            "intermediates = [\"b\"]", "required_policies = [\"1.2.3\"]", "forbidden_policies = [\"1.2.3\"]",
            "required_qc_statements = []", "level = \"low\"", "level = \"none\"", "\n", "=", "\"",
        ]), 0..12)
    ) {
        let _ = IssuerProfiles::parse(&words.join("\n"), |_| Ok(good().root.der.clone()));
    }

    #[test]
    fn any_signature_but_the_right_one_is_refused(signature in vec(any::<u8>(), 0..200)) {
        let mut token = good().token.clone();
        token.signature = encode_base64(&signature);
        let json = serde_json::to_string(&token).unwrap();
        prop_assert!(verifier(&good().root.der).verify(&json, &challenge(), now()).is_err());
    }

    #[test]
    fn what_is_read_of_chip_authentication_has_one_text(
        text in "\\PC{0,300}",
        key in vec(any::<u8>(), 0..300),
        read in vec(any::<u8>(), 0..80),
        state in vec(any::<u8>(), 136),
    ) {
        let made = format!("{}.{}", encode_base64(&key), encode_base64(&read));
        for text in [&text, &made] {
            if let Ok(challenge) = ChipChallenge::parse(text) {
                prop_assert_eq!(&challenge.to_string(), text);
            }
            if let Ok(answer) = ChipAnswer::parse(text) {
                prop_assert_eq!(&answer.to_string(), text);
            }
            prop_assert!(ChipState::parse(text).is_err());
        }
        let state = format!("bitaqa-chip-state-1.{}", encode_base64(&state));
        let kept = ChipState::parse(&state).unwrap().to_text();
        prop_assert_eq!(kept.as_str(), &state);
        prop_assert!(ChipState::parse(&state[..state.len() - 1]).is_err());
    }
}
