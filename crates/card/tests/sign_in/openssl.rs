//! openssl as the judge of signatures and certificates.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Output, Stdio},
};

use bitaqa_card::{Hash, SignatureAlgorithm};

/// What is signed.
pub(crate) const MESSAGE: &[u8] = "من أنت؟".as_bytes();

fn openssl(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs openssl (package openssl): {error}"));
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn run(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let output = openssl(arguments, input);
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

const fn name(hash: Hash) -> &'static str {
    match hash {
        Hash::Sha256 => "-sha256",
        Hash::Sha384 => "-sha384",
        Hash::Sha512 => "-sha512",
    }
}

/// The digest of [`MESSAGE`].
pub(crate) fn digest(hash: Hash) -> Vec<u8> {
    run(&["dgst", name(hash), "-binary"], MESSAGE)
}

/// Wants the signature to be one over [`MESSAGE`] by the key of this certificate, and over nothing else.
#[track_caller]
pub(crate) fn judge(certificate: &[u8], algorithm: SignatureAlgorithm, signature: &[u8]) {
    assert!(
        verifies(certificate, algorithm, signature, MESSAGE),
        "{algorithm:?}: openssl refuses the signature"
    );
    assert!(!verifies(certificate, algorithm, signature, b"something else"), "openssl accepts anything");
}

/// Whether openssl takes it.
pub(crate) fn verifies(
    certificate: &[u8],
    algorithm: SignatureAlgorithm,
    signature: &[u8],
    message: &[u8],
) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (key, file) = (path("key.pem"), path("signature"));
    fs::write(&key, run(&["x509", "-inform", "DER", "-pubkey", "-noout"], certificate)).unwrap();
    let form = match algorithm {
        SignatureAlgorithm::Ecdsa(_) => der_of(signature),
        SignatureAlgorithm::RsaPkcs1(_) | SignatureAlgorithm::RsaPss(_) => signature.to_vec(),
    };
    fs::write(Path::new(&file), form).unwrap();
    let mut arguments = vec!["dgst", name(algorithm.hash()), "-verify", &key, "-signature", &file];
    if matches!(algorithm, SignatureAlgorithm::RsaPss(_)) {
        arguments.extend(["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]);
    }
    openssl(&arguments, message).status.success()
}

/// `r ‖ s` as `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279, section 2.2.3).
fn der_of(signature: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len() - 1);
        let mut value = number[start..].to_vec();
        if value[0] & 0x80 != 0 {
            value.insert(0, 0);
        }
        tlv(0x02, &value)
    };
    let (r, s) = signature.split_at(signature.len() / 2);
    tlv(0x30, &[integer(r), integer(s)].concat())
}

fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap();
    let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [head, value.to_vec()].concat()
}
