//! Whose signature it will be, by which algorithm.

use std::{fmt::Display, str::FromStr};

use bitaqa_protocol::certificate_wanted::{CertificateType, CertificateWanted};
use bitaqa_signature::{SignatureAlgorithm, Signer, WantedCertificate, trusted_list::qualification::Purpose};
use bitaqa_trust::{Certificate, DistinguishedName, ObjectIdentifier, pem_bundle, public_key::KeyKind};
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

/// Whether the certificate is one that a site wants.
///
/// # Errors
/// [`Code::CertificateInvalid`]; [`Code::RequestInvalid`] where law or policy are not written as such are.
pub fn is_wanted(certificate: &[u8], wanted: &CertificateWanted) -> Result<bool, Refusal> {
    let own = read("certificate", &Bytes(certificate.to_vec()))?;
    let wanted = WantedCertificate {
        qualified: wanted.qualified,
        purpose: wanted.kind.map(|kind| match kind {
            CertificateType::Signature => Purpose::Signature,
            CertificateType::Seal => Purpose::Seal,
        }),
        legislations: one(wanted.legislation.as_deref())?,
        policies: one::<ObjectIdentifier>(wanted.policy.as_deref())?,
    };
    Ok(own.first().is_some_and(|own| wanted.is(own)))
}

fn one<T: FromStr<Err: Display>>(text: Option<&str>) -> Result<Vec<T>, Refusal> {
    let read = text.map(T::from_str).transpose();
    read.map(|one| one.into_iter().collect()).map_err(|error| Refusal::new(Code::RequestInvalid, error))
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
