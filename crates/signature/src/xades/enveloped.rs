//! The one signature of a document that is signed as a whole, as a trusted list is (TS 119 612 clause 5.7).

use bitaqa_trust::Certificate;

use super::{
    NoContent, XadesError,
    names::DS,
    packaging::exclusive,
    reading::{read_document, signatures},
};
use crate::{
    FoundSignature,
    found::{Coverage, Integrity, SigningCertificate},
    xml::{Document, NodeSet},
};

/// A root element whose signature is the signer's. Whether the signer is anybody that may sign it is for the caller to say.
#[derive(Debug, Clone)]
pub struct VerifiedRoot {
    octets: Vec<u8>,
    signer: Certificate,
    signature: FoundSignature,
}

impl VerifiedRoot {
    /// What was signed: the root element in canonical form, without the signature. Whoever reads nothing but this reads nothing
    /// that was not signed.
    #[must_use]
    pub fn octets(&self) -> &[u8] {
        &self.octets
    }

    /// Whose key signed it, named by a signed property.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        &self.signer
    }

    /// The signature.
    #[must_use]
    pub const fn signature(&self) -> &FoundSignature {
        &self.signature
    }
}

/// Verifies the signature of a document that has one, at its root element and over all of it, by a certificate that what is
/// signed names.
///
/// # Errors
/// [`EnvelopedError`].
pub fn verify_enveloped(octets: &[u8]) -> Result<VerifiedRoot, EnvelopedError> {
    let document = Document::parse(octets).map_err(XadesError::from)?;
    let signature = whole_signature(&document)?;
    let SigningCertificate::Bound(signer) = &signature.signer else { return Err(EnvelopedError::Signer) };
    let signer = (**signer).clone();
    let root = document.root_element().ok_or(XadesError::NoElement)?;
    let all = signatures(&document)?;
    let [node] = all[..] else { return Err(EnvelopedError::NotTheOnly) };
    let octets =
        exclusive().apply(&document, &NodeSet::subtree(root).without(node)).map_err(XadesError::from)?;
    Ok(VerifiedRoot { octets, signer, signature })
}

/// The one signature of a document: intact, directly inside the root element, over all of it.
///
/// # Errors
/// [`EnvelopedError`].
pub fn whole_signature(document: &Document<'_>) -> Result<FoundSignature, EnvelopedError> {
    let all = signatures(document)?;
    let root = document.root_element().ok_or(XadesError::NoElement)?;
    let [node] = all[..] else { return Err(EnvelopedError::NotTheOnly) };
    if document.parent(node) != root || !document.is(node, DS, "Signature") {
        return Err(EnvelopedError::NotAtTheRoot);
    }
    let found = read_document(document, &NoContent)?;
    let signature = found.into_iter().next().ok_or(XadesError::NoSignature)?;
    if signature.integrity != Integrity::Intact {
        return Err(EnvelopedError::NotIntact(signature.integrity));
    }
    if let Some(fault) = signature.format_faults.first() {
        return Err(EnvelopedError::Format(fault.clone()));
    }
    if signature.coverage != Coverage::Whole {
        return Err(EnvelopedError::NotWhole);
    }
    Ok(signature)
}

/// Why a document is not one that is signed as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopedError {
    /// It cannot be read.
    #[error("{0}")]
    Document(#[from] XadesError),
    /// There are several signatures.
    #[error("the document has several signatures")]
    NotTheOnly,
    /// The signature is not directly inside the root element.
    #[error("the signature is not directly inside the root element")]
    NotAtTheRoot,
    /// It is not intact.
    #[error("the signature is not intact: {0:?}")]
    NotIntact(Integrity),
    /// A rule of the format is broken.
    #[error("{0}")]
    Format(String),
    /// It does not cover the whole document.
    #[error("the signature does not cover the whole document")]
    NotWhole,
    /// The signer's certificate is not named by what is signed.
    #[error("the signature does not name the signer's certificate")]
    Signer,
}
