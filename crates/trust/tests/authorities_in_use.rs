//! Chains as authorities in use make them, made by openssl: curves written out, brainpool, RSASSA-PSS with parameters that few
//! choose, long RSA keys. What we accept openssl accepts, curves that are
//! written out apart; what we refuse is refused by name.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test ends where it cannot go on"
)]

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bitaqa_trust::{
    Certificate, DateTime, TrustStore,
    certification_path::{PathError, PathSettings},
    chain_verification::{ChainFailure, ChainReport, ChainVerifier},
    pem_bundle,
    public_key::KeyError,
};
use tempfile::TempDir;

/// A root and a leaf, each with arguments of openssl for its key and for signatures of that key.
struct Chain {
    folder: TempDir,
}

impl Chain {
    fn new(root_key: &[&str], root_signs: &[&str], leaf_key: &[&str]) -> Self {
        let chain = Self { folder: tempfile::tempdir().unwrap() };
        let folder = chain.folder.path();
        let request = ["req", "-nodes", "-config", "openssl.cnf"];
        fs::write(
            folder.join("openssl.cnf"),
            "[req]\ndistinguished_name = name\n[name]\n[root]\nbasicConstraints = critical, CA:TRUE\nkeyUsage = critical, \
             keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n[leaf]\nbasicConstraints = critical, CA:FALSE\n",
        )
        .unwrap();
        let make_root = ["-x509", "-days", "30", "-subj", "/C=MA/CN=Root", "-extensions", "root"];
        let root_files = ["-keyout", "root.key", "-out", "root.pem"];
        openssl(folder, &[&request[..], &make_root, root_key, root_signs, &root_files].concat());
        let leaf_files = ["-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/C=MA/CN=Leaf"];
        openssl(folder, &[&request[..], leaf_key, &leaf_files].concat());
        let sign = [
            "x509",
            "-req",
            "-in",
            "leaf.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-set_serial",
            "5",
            "-days",
            "30",
            "-extfile",
            "openssl.cnf",
            "-extensions",
            "leaf",
            "-out",
            "leaf.pem",
        ];
        openssl(folder, &[&sign[..], root_signs].concat());
        chain
    }

    fn certificate(&self, name: &str) -> Certificate {
        let bytes = fs::read(self.folder.path().join(name)).unwrap();
        pem_bundle::certificates(name, &bytes).unwrap().swap_remove(0)
    }

    fn judge(&self) -> ChainReport {
        let mut store = TrustStore::new();
        store.add_anchor(self.certificate("root.pem"));
        let verifier = ChainVerifier { store, settings: PathSettings::default(), revocation: None };
        // the certificates are valid from this second on
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let at = DateTime::from_unix_duration(Duration::from_secs(since.as_secs() + 3600)).unwrap();
        verifier.verify(&self.certificate("leaf.pem"), at)
    }

    /// What `openssl verify` has against it.
    fn openssl_objects(&self) -> Option<String> {
        let ran = Command::new("openssl")
            .args(["verify", "-CAfile", "root.pem", "leaf.pem"])
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        (!ran.status.success()).then(|| String::from_utf8_lossy(&ran.stderr).into_owned())
    }

    #[track_caller]
    fn is_accepted(&self) {
        assert_eq!(self.openssl_objects(), None);
        self.holds();
    }

    #[track_caller]
    fn holds(&self) {
        assert_eq!(self.judge().failure, None);
        self.certificate("leaf.pem").public_key().unwrap();
        // and a forged one is not
        let mut forged = self.certificate("leaf.pem").der().to_vec();
        *forged.last_mut().unwrap() ^= 1;
        let key = self.certificate("root.pem").public_key().unwrap();
        assert!(Certificate::from_der(&forged).unwrap().verify_signature(&key).is_err());
    }

    #[track_caller]
    fn is_refused(&self) -> PathError {
        match self.judge().failure {
            Some(ChainFailure::Path(error)) => error,
            other => panic!("{other:?}"),
        }
    }
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("openssl").args(arguments).current_dir(folder).output().unwrap();
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

const P256: &[&str] = &["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
const RSA: &[&str] = &["-newkey", "rsa:2048"];

fn curve(name: &str, encoding: &str) -> [String; 6] {
    ["-newkey", "ec", "-pkeyopt"]
        .map(str::to_owned)
        .into_iter()
        .chain([
            format!("ec_paramgen_curve:{name}"),
            "-pkeyopt".to_owned(),
            format!("ec_param_enc:{encoding}"),
        ])
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

fn elliptic(name: &str, encoding: &str, hash: &str) -> Chain {
    let key = curve(name, encoding);
    let key: Vec<&str> = key.iter().map(String::as_str).collect();
    Chain::new(&key, &[hash], &key)
}

#[test]
fn curves_are_known_by_name_and_written_out() {
    for (name, hash) in [
        ("prime256v1", "-sha256"),
        ("secp384r1", "-sha384"),
        ("secp521r1", "-sha512"),
        ("brainpoolP256r1", "-sha256"),
        ("brainpoolP384r1", "-sha384"),
        // hash and curve need not be of one length
        ("brainpoolP256r1", "-sha512"),
        ("secp521r1", "-sha256"),
    ] {
        elliptic(name, "named_curve", hash).is_accepted();
        // openssl makes such certificates and objects to them, for this reason alone
        let written_out = elliptic(name, "explicit", hash);
        let objection = written_out.openssl_objects().unwrap();
        assert!(objection.contains("explicit ECC parameters"), "{objection}");
        written_out.holds();
    }
    // by name only: nobody needs its numbers
    elliptic("brainpoolP512r1", "named_curve", "-sha512").is_accepted();
}

#[test]
fn hashes_of_the_sha_3_family_are_taken() {
    for hash in ["-sha3-256", "-sha3-384", "-sha3-512"] {
        // openssl makes such certificates, and its search for an issuer does not know the names of their algorithms
        elliptic("prime256v1", "named_curve", hash).holds();
    }
}

#[test]
fn other_curves_are_refused_by_name() {
    let key_error = |chain: Chain| match chain.is_refused() {
        PathError::IssuerKey { error, .. } => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(key_error(elliptic("brainpoolP512r1", "explicit", "-sha512")), KeyError::CurveNotNamed);
    assert_eq!(key_error(elliptic("secp256k1", "explicit", "-sha256")), KeyError::CurveNotNamed);
    assert!(matches!(
        key_error(elliptic("secp256k1", "named_curve", "-sha256")),
        KeyError::CurveUnknown { .. }
    ));
}

fn pss<'a>(hash: &'a str, salt: &'a str, mask: &'a str) -> [&'a str; 7] {
    [hash, "-sigopt", "rsa_padding_mode:pss", "-sigopt", salt, "-sigopt", mask]
}

#[test]
fn pss_has_any_length_of_salt() {
    for (hash, salt, mask) in [
        ("-sha256", "rsa_pss_saltlen:0", "rsa_mgf1_md:sha256"),
        ("-sha256", "rsa_pss_saltlen:20", "rsa_mgf1_md:sha256"),
        ("-sha256", "rsa_pss_saltlen:32", "rsa_mgf1_md:sha256"),
        ("-sha384", "rsa_pss_saltlen:48", "rsa_mgf1_md:sha384"),
        ("-sha512", "rsa_pss_saltlen:64", "rsa_mgf1_md:sha512"),
        ("-sha256", "rsa_pss_saltlen:222", "rsa_mgf1_md:sha256"),
    ] {
        Chain::new(RSA, &pss(hash, salt, mask), P256).is_accepted();
    }
}

#[test]
fn pss_with_another_hash_or_mask_is_refused() {
    for (hash, mask) in [
        ("-sha256", "rsa_mgf1_md:sha1"),
        ("-sha512", "rsa_mgf1_md:sha256"),
        ("-sha1", "rsa_mgf1_md:sha1"),
        ("-sha224", "rsa_mgf1_md:sha224"),
    ] {
        let chain = Chain::new(RSA, &pss(hash, "rsa_pss_saltlen:20", mask), P256);
        assert!(matches!(chain.is_refused(), PathError::SignatureInvalid { .. }), "{hash} {mask}");
    }
}

#[test]
fn keys_for_pss_alone_keep_to_their_parameters() {
    let restricted = [
        "-newkey",
        "rsa-pss",
        "-pkeyopt",
        "rsa_keygen_bits:2048",
        "-pkeyopt",
        "rsa_pss_keygen_md:sha256",
        "-pkeyopt",
        "rsa_pss_keygen_mgf1_md:sha256",
        "-pkeyopt",
        "rsa_pss_keygen_saltlen:32",
    ];
    Chain::new(&restricted, &pss("-sha256", "rsa_pss_saltlen:32", "rsa_mgf1_md:sha256"), P256).is_accepted();
    Chain::new(&restricted, &pss("-sha256", "rsa_pss_saltlen:48", "rsa_mgf1_md:sha256"), P256).is_accepted();
    let free = ["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"];
    Chain::new(&free, &pss("-sha512", "rsa_pss_saltlen:17", "rsa_mgf1_md:sha512"), P256).is_accepted();
}

#[test]
fn long_rsa_keys_sign_with_both_paddings() {
    let long = ["-newkey", "rsa:4096"];
    Chain::new(&long, &["-sha512"], P256).is_accepted();
    Chain::new(&long, &pss("-sha512", "rsa_pss_saltlen:64", "rsa_mgf1_md:sha512"), P256).is_accepted();
    let weak = Chain::new(RSA, &["-sha1"], P256);
    assert!(matches!(weak.is_refused(), PathError::SignatureInvalid { .. }));
    let short = Chain::new(&["-newkey", "rsa:1024"], &["-sha256"], P256);
    assert!(matches!(
        short.is_refused(),
        PathError::IssuerKey { error: KeyError::RsaTooShort { bits: 1024 }, .. }
    ));
}
