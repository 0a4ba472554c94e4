//! Tokens as a card makes them: a key of a software card, a certificate of the test PKI, and the value put together here
//! and not by the code under test.
#![allow(dead_code, reason = "each test uses a part of it")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

use std::sync::LazyLock;

use bitaqa_protocol::{AuthToken, auth_token::TokenAlgorithm, encode_base64};
use bitaqa_virtual_card::{
    Person, Pki,
    digest::Digest,
    mechanism::Mechanism,
    pki::{Purpose, Variant},
    private_key::{KeyKind, PrivateKey},
};

static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::generate().unwrap());

/// Somebody's card, as far as a token needs one.
pub(crate) struct Holder {
    key: PrivateKey,
    certificate: Vec<u8>,
}

impl Holder {
    pub(crate) fn new(kind: KeyKind, person: &str) -> Self {
        let key = match kind {
            // takes long to make
            KeyKind::Rsa2048 => PrivateKey::for_test_card(kind, 0),
            _ => PrivateKey::generate(kind),
        };
        let (key, person) = (key.unwrap(), Person::named(person).unwrap());
        let certificate = PKI.issue(&person, Purpose::Authentication, Variant::Valid, &key).unwrap();
        Self { certificate: certificate.der().to_vec(), key }
    }

    /// The certificate in base64.
    pub(crate) fn certificate(&self) -> String {
        encode_base64(&self.certificate)
    }

    /// A token for this origin and challenge: `sign(H(H(origin) ‖ H(challenge)))`.
    pub(crate) fn token(&self, algorithm: TokenAlgorithm, origin: &str, challenge: &str) -> AuthToken {
        use TokenAlgorithm::{ES256, ES384, PS256, RS256};
        let (digest, mechanism) = match algorithm {
            ES256 => (Digest::Sha256, Mechanism::EcdsaOf(Digest::Sha256)),
            ES384 => (Digest::Sha384, Mechanism::EcdsaOf(Digest::Sha384)),
            PS256 => (Digest::Sha256, Mechanism::RsaPss(Digest::Sha256)),
            RS256 => (Digest::Sha256, Mechanism::RsaPkcs1Of(Digest::Sha256)),
            other => panic!("no card here signs with {other:?}"),
        };
        let signed = [digest.of(origin.as_bytes()), digest.of(challenge.as_bytes())].concat();
        AuthToken {
            unverified_certificate: self.certificate(),
            algorithm,
            signature: encode_base64(&mechanism.sign(&self.key, &digest.of(&signed)).unwrap()),
            format: "web-eid:1.0".into(),
            app_version: Some("https://bitaqa.org/host/0.1.0".into()),
        }
    }
}
