//! The list's own signature (TS 119 612 clause 5.7): what was not verified says nothing about anybody.

use bitaqa_trust::{Certificate, DateTime};

use super::list::{ListPointer, MAX_LENGTH, TrustedList, TrustedListError};
use crate::{validation::CryptographicConstraints, xades, xml::Document};

/// A list whose signature holds, by somebody who may sign it, and that is not out of date.
#[derive(Debug, Clone)]
pub struct VerifiedTrustedList {
    list: TrustedList,
    signer: Certificate,
    authority: Certificate,
}

impl VerifiedTrustedList {
    /// Verifies a list. It has one signature, directly in its root element and over all of it, by the key of one of the
    /// certificates that the caller brings: from its own configuration, or from a list of lists that was verified before
    /// ([`ListPointer::signers`]). These certificates are trusted as they are; no path is looked for.
    ///
    /// # Errors
    /// [`TrustedListError`]: not a list, its signature does not hold or is not one of these signers', or it is out of date.
    pub fn verify(octets: &[u8], signers: &[Certificate], at: DateTime) -> Result<Self, TrustedListError> {
        if octets.len() > MAX_LENGTH {
            return Err(TrustedListError::TooLong);
        }
        let document = Document::parse(octets)?;
        let signer = signer(&document, at)?;
        if !signers.contains(&signer) || at < signer.not_before() || at > signer.not_after() {
            return Err(TrustedListError::Signer);
        }
        // the same tree that the signature is over
        let list = TrustedList::from_document(&document)?;
        if list.issued > at {
            return Err(TrustedListError::NotYetIssued(list.issued));
        }
        if let Some(next_update) = list.next_update
            && at > next_update
        {
            return Err(TrustedListError::Stale(next_update));
        }
        Ok(Self { list, authority: signer.clone(), signer })
    }

    /// Verifies a list that a verified list points to, by the signers that the pointer names.
    ///
    /// # Errors
    /// [`TrustedListError`]: as [`verify`](Self::verify); or this list has no such pointer, or it is to a list of another
    /// country.
    pub fn verify_pointed(
        &self,
        pointer: &ListPointer,
        octets: &[u8],
        at: DateTime,
    ) -> Result<Self, TrustedListError> {
        let is_of_this_list = self.list.pointers.iter().any(|own| own == pointer);
        if !is_of_this_list || self.list.next_update.is_some_and(|next_update| at > next_update) {
            return Err(TrustedListError::Pointer);
        }
        let pointed = Self::verify(octets, &pointer.signers, at)?;
        let same_country = pointer.territory.is_empty() || pointer.territory == pointed.list.territory;
        if !same_country {
            return Err(TrustedListError::Pointer);
        }
        Ok(Self { authority: self.authority.clone(), ..pointed })
    }

    /// The list.
    #[must_use]
    pub const fn list(&self) -> &TrustedList {
        &self.list
    }

    /// Who signed it.
    #[must_use]
    pub const fn signer(&self) -> &Certificate {
        &self.signer
    }

    /// On whose word it counts: who signed it, or the list of lists that it was reached from. The caller named them.
    #[must_use]
    pub const fn authority(&self) -> &Certificate {
        &self.authority
    }
}

/// Whose key signed all of the document.
fn signer(document: &Document<'_>, at: DateTime) -> Result<Certificate, TrustedListError> {
    let fault = |because: &str| TrustedListError::Signature(because.to_owned());
    let signature =
        xades::whole_signature(document).map_err(|error| TrustedListError::Signature(error.to_string()))?;
    let signer =
        signature.signer.certificate().ok_or_else(|| fault("the signer's certificate is not there"))?;
    let scheme = signature.algorithm.as_ref().map_err(|error| fault(&error.to_string()))?;
    let key = signer.public_key().map_err(|error| fault(&error.to_string()))?;
    CryptographicConstraints::default()
        .check_signature(*scheme, key.kind(), at)
        .map_err(|error| fault(&error.to_string()))?;
    Ok(signer.clone())
}
