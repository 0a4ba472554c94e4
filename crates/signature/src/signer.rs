//! Whose signature it will be.

use bitaqa_trust::{
    Certificate,
    public_key::{KeyError, PublicKey},
};
use x509_cert::ext::pkix::{KeyUsage, KeyUsages};

use crate::algorithm::{EcdsaEncoding, SignatureAlgorithm, ecdsa_der, ecdsa_number_length, ecdsa_raw};

/// A signer's certificate with an algorithm of its key. Its private key is somewhere else.
#[derive(Debug, Clone)]
pub struct Signer {
    certificate: Certificate,
    chain: Vec<Certificate>,
    key: PublicKey,
    algorithm: SignatureAlgorithm,
}

impl Signer {
    /// A signer; `chain` holds the certificates of its issuers that shall be in the file, if there are any.
    ///
    /// # Errors
    /// [`SignerError`]: the key is not one that we sign with, may not sign documents, or does not know the algorithm.
    pub fn new(
        certificate: Certificate,
        chain: Vec<Certificate>,
        algorithm: SignatureAlgorithm,
    ) -> Result<Self, SignerError> {
        let key = certificate.public_key()?;
        if !SignatureAlgorithm::of_key(key.kind()).contains(&algorithm) {
            return Err(SignerError::Algorithm);
        }
        if !may_sign_documents(&certificate) {
            return Err(SignerError::KeyUsage);
        }
        Ok(Self { certificate, chain, key, algorithm })
    }

    /// The certificate.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Certificates of issuers, the nearest first.
    #[must_use]
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The public key.
    #[must_use]
    pub const fn key(&self) -> &PublicKey {
        &self.key
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    /// Takes a signature over `digest` as a card or library gives it (ECDSA as `r ‖ s` or DER), verifies it, and gives it in
    /// the encoding that is asked for.
    ///
    /// # Errors
    /// [`SignerError::Signature`]: the certificate's key did not make it over this digest.
    pub fn accept(
        &self,
        digest: &[u8],
        signature: &[u8],
        encoding: EcdsaEncoding,
    ) -> Result<Vec<u8>, SignerError> {
        let encoded = match self.key.kind() {
            bitaqa_trust::public_key::KeyKind::Ec(curve) => {
                let length = ecdsa_number_length(curve);
                let raw = if signature.len() == 2 * length {
                    Some(signature.to_vec())
                } else {
                    ecdsa_raw(signature, length)
                }
                .ok_or(SignerError::Signature)?;
                match encoding {
                    EcdsaEncoding::Raw => raw,
                    EcdsaEncoding::Der => ecdsa_der(&raw).ok_or(SignerError::Signature)?,
                }
            }
            _ => signature.to_vec(),
        };
        self.algorithm.verify(&self.key, encoding, digest, &encoded).map_err(|_| SignerError::Signature)?;
        Ok(encoded)
    }
}

/// Whether the certificate's key is for documents: content commitment (RFC 5280 section 4.2.1.3, `nonRepudiation`). A
/// certificate without key usage says nothing and is not for them.
#[must_use]
pub fn may_sign_documents(certificate: &Certificate) -> bool {
    matches!(certificate.extension::<KeyUsage>(), Ok(Some(usage)) if usage.0.contains(KeyUsages::NonRepudiation))
}

/// Why somebody cannot sign, or a signature is not theirs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignerError {
    /// The key is not one that we sign with.
    #[error("{0}")]
    Key(#[from] KeyError),
    /// The key does not make signatures of this algorithm.
    #[error("the certificate's key does not make signatures of this algorithm")]
    Algorithm,
    /// The certificate's key is not for content commitment.
    #[error("the certificate is not for signing documents: its key usage is not content commitment")]
    KeyUsage,
    /// Not a signature of the certificate's key over what was prepared.
    #[error("the signature was not made by the certificate's key over what was prepared")]
    Signature,
}
