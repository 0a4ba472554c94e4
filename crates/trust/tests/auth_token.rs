//! The signature of a sign-in token, without asking who vouches for its certificate.

mod test_pki;

use bitaqa_protocol::{
    Challenge, Origin,
    auth_token::TokenAlgorithm::{self, ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512},
    encode_base64,
};
use bitaqa_trust::{
    auth_token::TokenSignatureError, certificate::CertificateError, public_key::KeyError,
    public_key::SignatureError, verify_signature,
};
use test_pki::{
    Issued, Key, Kind, Template, challenge,
    der::{bit_string, oid, sequence},
    key::raw_to_der,
    origin, token,
};

const ALL: [TokenAlgorithm; 9] = [ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512];

fn holder(kind: Kind) -> Issued {
    let issuer = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    Template::person().issued_by(&issuer, Key::new(kind, 2))
}

fn fitting(kind: Kind) -> &'static [TokenAlgorithm] {
    match kind {
        Kind::P256 | Kind::BrainpoolP256r1 => &[ES256],
        Kind::P384 | Kind::BrainpoolP384r1 => &[ES384],
        Kind::P521 => &[ES512],
        Kind::Rsa2048 => &[PS256, PS384, PS512, RS256, RS384, RS512],
        Kind::Rsa1024 => &[],
    }
}

const KINDS: [Kind; 6] =
    [Kind::P256, Kind::P384, Kind::P521, Kind::BrainpoolP256r1, Kind::BrainpoolP384r1, Kind::Rsa2048];

#[test]
fn every_algorithm_verifies_with_the_keys_it_fits_and_says_who_the_holder_is() {
    for kind in KINDS {
        let holder = holder(kind);
        for algorithm in fitting(kind) {
            let token = token(&holder, *algorithm, &origin(), &challenge());
            let certificate = verify_signature(&token, &origin(), &challenge()).unwrap();
            assert_eq!(certificate.personal_number(), Some("IDCMA-BE123456"), "{kind:?} {algorithm:?}");
            assert_eq!(certificate.subject().display_name().as_deref(), Some("أمينة المثال"));
            assert_eq!(certificate.subject().country(), Some("MA"));
            assert_eq!(certificate.issuer().common_name().as_deref(), Some("Example Root"));
            assert!(certificate.key_usage().unwrap().digital_signature());
            assert_eq!(certificate.not_after().to_string(), "2040-01-01T00:00:00Z");
        }
    }
}

#[test]
fn an_algorithm_that_does_not_fit_the_key_is_refused_before_the_signature_is_looked_at() {
    for kind in KINDS {
        let holder = holder(kind);
        let mut token = token(&holder, fitting(kind)[0], &origin(), &challenge());
        for algorithm in ALL.into_iter().filter(|algorithm| !fitting(kind).contains(algorithm)) {
            token.algorithm = algorithm;
            assert!(
                matches!(
                    verify_signature(&token, &origin(), &challenge()),
                    Err(TokenSignatureError::Algorithm { .. })
                ),
                "{kind:?} {algorithm:?}"
            );
        }
    }
}

#[test]
fn another_origin_or_challenge_is_refused() {
    let other_origins = ["https://portal.example.ma:8443", "https://portal.example.org", "http://localhost"];
    let other_challenge = Challenge::parse(&encode_base64(&[0x5b; 32])).unwrap();
    for kind in KINDS {
        let token = token(&holder(kind), fitting(kind)[0], &origin(), &challenge());
        for other in other_origins {
            assert_eq!(
                verify_signature(&token, &Origin::parse(other).unwrap(), &challenge()).unwrap_err(),
                TokenSignatureError::Signature(SignatureError::Invalid)
            );
        }
        assert_eq!(
            verify_signature(&token, &origin(), &other_challenge).unwrap_err(),
            TokenSignatureError::Signature(SignatureError::Invalid)
        );
    }
}

#[test]
fn origin_and_challenge_cannot_be_exchanged_for_each_other() {
    // the two hashes have fixed lengths, so no text can wander from one to the other; this pins the order
    let holder = holder(Kind::P256);
    let token = token(&holder, ES256, &origin(), &challenge());
    let swapped = {
        use sha2::{Digest, Sha256};
        let (a, b) =
            (Sha256::digest(challenge().as_str().as_bytes()), Sha256::digest(origin().as_str().as_bytes()));
        holder.key.sign_digest(ES256, &Sha256::digest([a, b].concat()))
    };
    let mut forged = token.clone();
    forged.signature = encode_base64(&swapped);
    assert!(verify_signature(&token, &origin(), &challenge()).is_ok());
    assert!(verify_signature(&forged, &origin(), &challenge()).is_err());
}

#[test]
fn the_certificate_of_somebody_else_is_refused() {
    let issuer = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    let other = Template::person().issued_by(&issuer, Key::new(Kind::P256, 3));
    let mut token = token(&holder(Kind::P256), ES256, &origin(), &challenge());
    token.unverified_certificate = encode_base64(&other.der);
    assert_eq!(
        verify_signature(&token, &origin(), &challenge()).unwrap_err(),
        TokenSignatureError::Signature(SignatureError::Invalid)
    );
}

#[test]
fn every_byte_of_a_signature_counts() {
    for kind in KINDS {
        let good = token(&holder(kind), fitting(kind)[0], &origin(), &challenge());
        let signature = good.signature().unwrap();
        for position in (0..signature.len()).step_by(7).chain([signature.len() - 1]) {
            let mut changed = signature.clone();
            changed[position] ^= 1;
            let mut token = good.clone();
            token.signature = encode_base64(&changed);
            assert!(
                matches!(
                    verify_signature(&token, &origin(), &challenge()),
                    Err(TokenSignatureError::Signature(_))
                ),
                "{kind:?} {position}"
            );
        }
        for length in [0, 1, signature.len() - 1, signature.len() + 1, 2 * signature.len()] {
            let mut resized = signature.clone();
            resized.resize(length, 0);
            let mut token = good.clone();
            token.signature = encode_base64(&resized);
            assert!(verify_signature(&token, &origin(), &challenge()).is_err(), "{kind:?} {length}");
            // a number does not change when a zero byte is put before it, its encoding does
            let mut padded = vec![0];
            padded.extend(&signature);
            token.signature = encode_base64(&padded);
            assert!(verify_signature(&token, &origin(), &challenge()).is_err(), "{kind:?}");
        }
    }
}

#[test]
fn an_ecdsa_signature_has_one_encoding() {
    for kind in [Kind::P256, Kind::P384, Kind::P521, Kind::BrainpoolP256r1, Kind::BrainpoolP384r1] {
        let mut token = token(&holder(kind), fitting(kind)[0], &origin(), &challenge());
        token.signature = encode_base64(&raw_to_der(&token.signature().unwrap()));
        assert_eq!(
            verify_signature(&token, &origin(), &challenge()).unwrap_err(),
            TokenSignatureError::Signature(SignatureError::Encoding),
            "{kind:?}"
        );
    }
}

#[test]
fn r_and_s_are_neither_zero_nor_at_least_the_order() {
    // order of P-256 (SEC 2 section 2.4.2)
    const ORDER: [u8; 32] = [
        0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
        0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
    ];
    let good = token(&holder(Kind::P256), ES256, &origin(), &challenge());
    let signature = good.signature().unwrap();
    for wrong in [[0; 32], ORDER, [0xff; 32]] {
        for (r, s) in
            [(&wrong[..], &signature[32..]), (&signature[..32], &wrong[..]), (&wrong[..], &wrong[..])]
        {
            let mut token = good.clone();
            token.signature = encode_base64(&[r, s].concat());
            assert_eq!(
                verify_signature(&token, &origin(), &challenge()).unwrap_err(),
                TokenSignatureError::Signature(SignatureError::Encoding)
            );
        }
    }
}

#[test]
fn the_salt_of_pss_is_as_long_as_the_hash() {
    use sha2::{Digest, Sha256};
    let holder = holder(Kind::Rsa2048);
    let digest = Sha256::digest(
        [Sha256::digest(origin().as_str().as_bytes()), Sha256::digest(challenge().as_str().as_bytes())]
            .concat(),
    );
    let mut token = token(&holder, PS256, &origin(), &challenge());
    for (salt, good) in [(0, false), (20, false), (31, false), (32, true), (33, false)] {
        token.signature = encode_base64(&holder.key.sign_pss_sha256(&digest, salt));
        assert_eq!(verify_signature(&token, &origin(), &challenge()).is_ok(), good, "{salt}");
    }
}

#[test]
fn short_rsa_keys_are_refused() {
    let issuer = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    let holder = Template::person().issued_by(&issuer, Key::new(Kind::Rsa1024, 1));
    let token = token(&holder, RS256, &origin(), &challenge());
    assert_eq!(
        verify_signature(&token, &origin(), &challenge()).unwrap_err(),
        TokenSignatureError::Certificate(CertificateError::Key(KeyError::RsaTooShort { bits: 1024 }))
    );
}

#[test]
fn keys_without_a_curve_that_we_know_by_name_are_refused() {
    let issuer = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    let key = Key::new(Kind::P256, 2);
    let ec = oid("1.2.840.10045.2.1");
    let spki =
        |parameters: &[u8]| Some(sequence(&[&sequence(&[&ec, parameters]), &bit_string(&key.point())]));
    let explicit = sequence(&[&test_pki::der::integer(&[1]), &sequence(&[&oid("1.2.840.10045.1.1")])]);
    for (parameters, expected) in [
        (explicit, KeyError::CurveNotNamed),
        (test_pki::der::null(), KeyError::CurveNotNamed),
        (Vec::new(), KeyError::CurveNotNamed),
        (
            oid("1.3.132.0.10"),
            KeyError::CurveUnknown { curve: bitaqa_trust::ObjectIdentifier::new_unwrap("1.3.132.0.10") },
        ),
        (oid("1.3.36.3.3.2.8.1.1.13"), KeyError::Malformed),
        (oid("1.3.132.0.34"), KeyError::Malformed),
    ] {
        let mut template = Template::person();
        template.spki = spki(&parameters);
        let holder = template.issued_by(&issuer, key.clone());
        let token = token(&holder, ES256, &origin(), &challenge());
        assert_eq!(
            verify_signature(&token, &origin(), &challenge()).unwrap_err(),
            TokenSignatureError::Certificate(CertificateError::Key(expected))
        );
    }
}

#[test]
fn a_point_that_is_not_on_the_curve_is_refused() {
    let issuer = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    let key = Key::new(Kind::P256, 2);
    let mut point = key.point();
    *point.last_mut().unwrap() ^= 1;
    let algorithm = sequence(&[&oid("1.2.840.10045.2.1"), &oid("1.2.840.10045.3.1.7")]);
    let mut template = Template::person();
    template.spki = Some(sequence(&[&algorithm, &bit_string(&point)]));
    let token = token(&template.issued_by(&issuer, key), ES256, &origin(), &challenge());
    assert_eq!(
        verify_signature(&token, &origin(), &challenge()).unwrap_err(),
        TokenSignatureError::Certificate(CertificateError::Key(KeyError::Malformed))
    );
}

#[test]
fn other_spellings_of_base64_and_other_formats_are_refused() {
    let good = token(&holder(Kind::P256), ES256, &origin(), &challenge());
    let mut tokens = Vec::new();
    let changes: [fn(&str) -> String; 3] = [
        |text| text.trim_end_matches('=').to_owned(),
        |text| format!("{text}\n"),
        |text| text.replacen('A', "-", 1),
    ];
    for change in changes {
        let mut token = good.clone();
        token.unverified_certificate = change(&token.unverified_certificate);
        if token != good {
            tokens.push(token);
        }
        let mut token = good.clone();
        token.signature = change(&token.signature);
        if token != good {
            tokens.push(token);
        }
    }
    for format in ["web-eid:1", "web-eid:1.1", "web-eid:1.0 ", ""] {
        let mut token = good.clone();
        token.format = format.to_owned();
        tokens.push(token);
    }
    assert!(tokens.len() >= 8);
    for token in tokens {
        assert!(matches!(
            verify_signature(&token, &origin(), &challenge()),
            Err(TokenSignatureError::Format(_))
        ));
    }
}

#[test]
fn a_certificate_with_anything_after_it_or_missing_is_refused() {
    let good = token(&holder(Kind::P256), ES256, &origin(), &challenge());
    let der = good.certificate().unwrap();
    let longer = [&der[..], &[0]].concat();
    let huge = [&der[..], &[0; 9000]].concat();
    for changed in [&der[..der.len() - 1], &longer, &huge, &[0x30, 0x00]] {
        let mut token = good.clone();
        token.unverified_certificate = encode_base64(changed);
        assert!(matches!(
            verify_signature(&token, &origin(), &challenge()),
            Err(TokenSignatureError::Certificate(
                CertificateError::Encoding(_) | CertificateError::TooLong { .. }
            ))
        ));
    }
}

#[test]
fn a_name_with_two_numbers_names_nobody() {
    let issuer = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    let mut template = Template::person();
    template.name = test_pki::der::name(&[("2.5.4.5", "IDCMA-1"), ("2.5.4.5", "IDCMA-2")]);
    let token = token(&template.issued_by(&issuer, Key::new(Kind::P256, 2)), ES256, &origin(), &challenge());
    assert!(matches!(
        verify_signature(&token, &origin(), &challenge()),
        Err(TokenSignatureError::Certificate(CertificateError::Name(_)))
    ));
}

#[test]
fn the_same_extension_twice_is_refused() {
    let issuer = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    let mut template = Template::person();
    template.extensions.push(template.extensions[1].clone());
    let token = token(&template.issued_by(&issuer, Key::new(Kind::P256, 2)), ES256, &origin(), &challenge());
    assert!(matches!(
        verify_signature(&token, &origin(), &challenge()),
        Err(TokenSignatureError::Certificate(CertificateError::DuplicateExtension { .. }))
    ));
}
