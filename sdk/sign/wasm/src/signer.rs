//! Whose signature it will be, by which algorithm.

use bitaqa_signature::{SignatureAlgorithm, Signer};
use bitaqa_trust::{Certificate, DistinguishedName, pem_bundle, public_key::KeyKind};
use serde::Serialize;

use crate::{
    refusal::{Code, Refusal},
    request::{AlgorithmChoice, Bytes, HashName, Request, Scheme},
};

/// Most certificates of issuers that go into a file.
const MAX_CHAIN: usize = 16;

/// How a signature is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Algorithm {
    /// The way to sign.
    pub scheme: Scheme,
    /// The hash over what is signed, and over documents.
    pub hash: HashName,
}

impl From<SignatureAlgorithm> for Algorithm {
    fn from(algorithm: SignatureAlgorithm) -> Self {
        let scheme = match algorithm {
            SignatureAlgorithm::Ecdsa(_) => Scheme::Ecdsa,
            SignatureAlgorithm::RsaPkcs1(_) => Scheme::RsaPkcs1,
            SignatureAlgorithm::RsaPss(_) => Scheme::RsaPss,
        };
        Self { scheme, hash: algorithm.hash().into() }
    }
}

/// The signer that a request names.
///
/// # Errors
/// [`Code::CertificateInvalid`], [`Code::CertificateNotForDocuments`], [`Code::AlgorithmInvalid`].
pub fn signer(request: &Request) -> Result<Signer, Refusal> {
    let mut own = read("certificate", &request.certificate)?;
    let (Some(certificate), true) = (own.pop(), own.is_empty()) else {
        return Err(Refusal::new(Code::CertificateInvalid, "the signer has one certificate"));
    };
    let mut chain = Vec::new();
    for file in &request.chain {
        chain.extend(read("chain", file)?);
        if chain.len() > MAX_CHAIN {
            let message = format!("more than {MAX_CHAIN} certificates of issuers");
            return Err(Refusal::new(Code::CertificateInvalid, message));
        }
    }
    let key = certificate.public_key().map_err(|error| Refusal::new(Code::CertificateInvalid, error))?;
    let algorithm = algorithm(key.kind(), request.algorithm)?;
    Ok(Signer::new(certificate, chain, algorithm)?)
}

/// What the signer of this certificate is called in it, the best first: given names and surname, then the common name. None where
/// its subject is no text.
///
/// # Errors
/// [`Code::CertificateInvalid`].
pub fn names(certificate: &[u8]) -> Result<Vec<String>, Refusal> {
    let own = read("certificate", &Bytes(certificate.to_vec()))?;
    let subject = own.first().and_then(|one| DistinguishedName::from_name(one.tbs().subject()).ok());
    let names = subject.map(|subject| [subject.display_name(), subject.common_name()]);
    let mut names: Vec<String> = names.into_iter().flatten().flatten().collect();
    names.dedup();
    Ok(names)
}

fn read(name: &str, file: &Bytes) -> Result<Vec<Certificate>, Refusal> {
    pem_bundle::certificates(name, &file.0).map_err(|error| Refusal::new(Code::CertificateInvalid, error))
}

fn algorithm(key: KeyKind, choice: AlgorithmChoice) -> Result<SignatureAlgorithm, Refusal> {
    let default = SignatureAlgorithm::for_key(key);
    let hash = choice.hash.map_or_else(|| default.hash(), Into::into);
    let algorithm = match choice.scheme {
        None => default.with_hash(hash),
        Some(Scheme::Ecdsa) => SignatureAlgorithm::Ecdsa(hash),
        Some(Scheme::RsaPkcs1) => SignatureAlgorithm::RsaPkcs1(hash),
        Some(Scheme::RsaPss) => SignatureAlgorithm::RsaPss(hash),
    };
    if SignatureAlgorithm::of_key(key).contains(&algorithm) {
        return Ok(algorithm);
    }
    Err(Refusal::new(
        Code::AlgorithmInvalid,
        "the certificate's key does not make signatures of this algorithm",
    ))
}
