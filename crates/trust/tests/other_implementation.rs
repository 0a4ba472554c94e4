//! Tokens and certificates as another implementation sees them: openssl verifies what we accept and refuses what we refuse.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

mod test_pki;

use std::{path::Path, process::Command};

use bitaqa_protocol::auth_token::TokenAlgorithm::{
    self, ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512,
};
use bitaqa_trust::{auth_token::signed_digest, verify_signature};
use test_pki::{Issued, Key, Kind, Template, challenge, key::raw_to_der, origin, token};

fn openssl(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let ran = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    (ran.status.success(), said)
}

/// `openssl pkeyutl -verify` over the recomputed digest.
fn openssl_verifies(holder: &Issued, algorithm: TokenAlgorithm, digest: &[u8], signature: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("holder.pem", holder.pem().as_bytes());
    write("digest", digest);
    let hash = format!("digest:sha{}", &format!("{algorithm:?}")[2..]);
    let mut arguments =
        vec!["pkeyutl", "-verify", "-certin", "-inkey", "holder.pem", "-in", "digest", "-sigfile"];
    match algorithm {
        ES256 | ES384 | ES512 => {
            write("signature", &raw_to_der(signature));
            arguments.push("signature");
        }
        RS256 | RS384 | RS512 => {
            write("signature", signature);
            arguments.extend(["signature", "-pkeyopt", &hash]);
        }
        PS256 | PS384 | PS512 => {
            write("signature", signature);
            arguments.extend(["signature", "-pkeyopt", &hash, "-pkeyopt", "rsa_padding_mode:pss"]);
            arguments.extend(["-pkeyopt", "rsa_pss_saltlen:digest"]);
        }
    }
    openssl(folder.path(), &arguments).0
}

#[test]
fn openssl_agrees_about_every_algorithm() {
    let root = Template::authority("Example Root").self_signed(Key::new(Kind::P256, 1));
    for (kind, algorithm) in [
        (Kind::P256, ES256),
        (Kind::P384, ES384),
        (Kind::P521, ES512),
        (Kind::BrainpoolP256r1, ES256),
        (Kind::BrainpoolP384r1, ES384),
        (Kind::Rsa2048, RS256),
        (Kind::Rsa2048, RS384),
        (Kind::Rsa2048, RS512),
        (Kind::Rsa2048, PS256),
        (Kind::Rsa2048, PS384),
        (Kind::Rsa2048, PS512),
    ] {
        let holder = Template::person().issued_by(&root, Key::new(kind, 2));
        let token = token(&holder, algorithm, &origin(), &challenge());
        assert!(verify_signature(&token, &origin(), &challenge()).is_ok());
        let digest = signed_digest(algorithm, &origin(), &challenge());
        let mut signature = token.signature().unwrap();
        assert!(openssl_verifies(&holder, algorithm, &digest, &signature), "{kind:?} {algorithm:?}");
        let last = signature.len() - 1;
        signature[last] ^= 1;
        assert!(!openssl_verifies(&holder, algorithm, &digest, &signature), "{kind:?} {algorithm:?}");
    }
}

#[test]
fn a_card_made_entirely_by_openssl_signs_in() {
    // another hand makes keys, certificates and signature; only the token's JSON is ours
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let (good, said) = openssl(folder.path(), arguments);
        assert!(good, "{arguments:?}: {said}");
    };
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    std::fs::write(
        folder.path().join("person.cnf"),
        "keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\ncertificatePolicies=1.3.6.1.4.1.32473.1.2\n",
    )
    .unwrap();
    for (curve, algorithm, hash) in [
        ("prime256v1", ES256, "-sha256"),
        ("secp384r1", ES384, "-sha384"),
        ("secp521r1", ES512, "-sha512"),
        ("brainpoolP256r1", ES256, "-sha256"),
        ("brainpoolP384r1", ES384, "-sha384"),
    ] {
        let named = ["-pkeyopt", "ec_param_enc:named_curve"];
        let group = format!("ec_paramgen_curve:{curve}");
        for key in ["root.key", "person.key"] {
            let mut arguments = vec!["genpkey", "-algorithm", "EC", "-pkeyopt", &group];
            arguments.extend(named);
            arguments.extend(["-out", key]);
            run(&arguments);
        }
        run(&[
            "req",
            "-x509",
            "-new",
            "-key",
            "root.key",
            "-subj",
            "/C=MA/CN=Example Root",
            "-days",
            "3000",
            hash,
            "-out",
            "root.pem",
            "-addext",
            "basicConstraints=critical,CA:TRUE",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        ]);
        let subject = "/C=MA/GN=Amina/SN=Almithal/serialNumber=IDCMA-BE123456/CN=Amina Almithal";
        run(&["req", "-new", "-key", "person.key", "-subj", subject, "-out", "person.csr"]);
        run(&[
            "x509",
            "-req",
            "-in",
            "person.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-set_serial",
            "7",
            "-days",
            "2000",
            hash,
            "-extfile",
            "person.cnf",
            "-out",
            "person.pem",
        ]);
        run(&["x509", "-in", "person.pem", "-outform", "DER", "-out", "person.der"]);
        std::fs::write(folder.path().join("origin"), origin().as_str()).unwrap();
        std::fs::write(folder.path().join("nonce"), challenge().as_str()).unwrap();
        run(&["dgst", hash, "-binary", "-out", "origin.hash", "origin"]);
        run(&["dgst", hash, "-binary", "-out", "nonce.hash", "nonce"]);
        std::fs::write(folder.path().join("message"), [read("origin.hash"), read("nonce.hash")].concat())
            .unwrap();
        run(&["dgst", hash, "-sign", "person.key", "-out", "signature", "message"]);

        let holder = read("person.der");
        let half = match algorithm {
            ES256 => 32,
            ES384 => 48,
            _ => 66,
        };
        let token = bitaqa_protocol::AuthToken {
            unverified_certificate: bitaqa_protocol::encode_base64(&holder),
            algorithm,
            signature: bitaqa_protocol::encode_base64(&der_to_raw(&read("signature"), half)),
            format: bitaqa_protocol::auth_token::FORMAT.to_owned(),
            app_version: None,
        };
        let mut store = bitaqa_trust::TrustStore::new();
        for root in bitaqa_trust::pem_bundle::certificates("root.pem", &read("root.pem")).unwrap() {
            store.add(root);
        }
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        let verified = bitaqa_trust::TokenVerifier::with_anchors(origin(), store)
            .verify(
                &serde_json::to_string(&token).unwrap(),
                &challenge(),
                bitaqa_trust::DateTime::from_unix_duration(now).unwrap(),
            )
            .unwrap_or_else(|refused| panic!("{curve}: {refused}"));
        assert_eq!(verified.certificate.personal_number(), Some("IDCMA-BE123456"), "{curve}");
        assert_eq!(verified.certificate.subject().display_name().as_deref(), Some("Amina Almithal"));
    }
}

/// `r ‖ s` of `Ecdsa-Sig-Value`, each `half` bytes long.
fn der_to_raw(der: &[u8], half: usize) -> Vec<u8> {
    let body = if der[1] < 0x80 { &der[2..] } else { &der[3..] };
    let r_length = usize::from(body[1]);
    let (r, rest) = (&body[2..2 + r_length], &body[2 + r_length..]);
    let s = &rest[2..2 + usize::from(rest[1])];
    [r, s]
        .into_iter()
        .flat_map(|number| {
            let digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
            [vec![0; half - digits.len()], digits].concat()
        })
        .collect()
}
