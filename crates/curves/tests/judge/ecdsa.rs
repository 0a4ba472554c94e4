use bitaqa_curves::{Curve, ecdsa_sign, ecdsa_verify};

use crate::{
    openssl::{Openssl, SEQUENCE, der, der_integer, elements, private_key, public_key_info, take},
    random,
};

/// Lengths of SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512: shorter and longer than the order.
const DIGESTS: [usize; 5] = [20, 28, 32, 48, 64];

fn digest(length: usize) -> Vec<u8> {
    let mut digest = vec![0; length];
    random(&mut digest);
    digest
}

fn to_der(r_s: &[u8]) -> Vec<u8> {
    let (r, s) = r_s.split_at(r_s.len() / 2);
    der(SEQUENCE, &[der_integer(r), der_integer(s)].concat())
}

fn to_plain(curve: Curve, signature: &[u8]) -> Vec<u8> {
    let length = curve.scalar_length();
    let mut plain = Vec::new();
    for (_, number) in elements(take(signature).1) {
        let digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
        plain.extend(std::iter::repeat_n(0, length - digits.len()));
        plain.extend(digits);
    }
    plain
}

#[test]
fn openssl_verifies_what_we_sign_on_every_curve() {
    let openssl = Openssl::new();
    for curve in Curve::ALL {
        let private = curve.random_scalar(&mut random);
        openssl.write("public.der", &public_key_info(&curve.generator().mul(&private)));
        for length in DIGESTS {
            let digest = digest(length);
            openssl.write("digest", &digest);
            let signature = ecdsa_sign(&private, &digest, &mut random);
            openssl.write("signature", &to_der(&signature));
            let verify = [
                "pkeyutl",
                "-verify",
                "-pubin",
                "-inkey",
                "public.der",
                "-keyform",
                "DER",
                "-in",
                "digest",
                "-sigfile",
                "signature",
            ];
            assert!(openssl.run(&verify).is_some(), "{} {length}", curve.name());
        }
    }
}

#[test]
fn we_verify_what_openssl_signs_on_every_curve_and_nothing_else() {
    let openssl = Openssl::new();
    for curve in Curve::ALL {
        let private = curve.random_scalar(&mut random);
        let public = curve.generator().mul(&private);
        openssl.write("private.der", &private_key(&private, &public));
        for length in DIGESTS {
            let digest = digest(length);
            openssl.write("digest", &digest);
            let sign = ["pkeyutl", "-sign", "-inkey", "private.der", "-keyform", "DER", "-in", "digest"];
            let signature = to_plain(curve, &openssl.run(&sign).unwrap());
            assert!(ecdsa_verify(&public, &digest, &signature), "{} {length}", curve.name());

            let mut other = digest.clone();
            other[0] ^= 0x80;
            assert!(!ecdsa_verify(&public, &other, &signature), "{} {length}", curve.name());
            let half = signature.len() / 2;
            for at in [half - 1, signature.len() - 1] {
                let mut forged = signature.clone();
                forged[at] ^= 1;
                assert!(!ecdsa_verify(&public, &digest, &forged), "{} {length}", curve.name());
            }
            for zeroed in [0..half, half..2 * half] {
                let mut forged = signature.clone();
                forged[zeroed].fill(0);
                assert!(!ecdsa_verify(&public, &digest, &forged), "{} {length}", curve.name());
            }
            assert!(!ecdsa_verify(&public, &digest, &signature[..2 * half - 1]));
            assert!(!ecdsa_verify(&public, &digest, &[]));
        }
    }
}
