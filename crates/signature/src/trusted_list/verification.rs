//! The list's own signature (TS 119 612 clause 5.7): what was not verified says nothing about anybody.

use bitaqa_trust::{Certificate, DateTime};

use super::list::{MAX_LENGTH, TrustedList, TrustedListError};

/// A list whose signature holds, by somebody who may sign it, and that is not out of date.
#[derive(Debug, Clone)]
pub struct VerifiedTrustedList {
    list: TrustedList,
    signer: Certificate,
}

impl VerifiedTrustedList {
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

    /// Takes a list whose signature is `signed`: the root element's, by the key of this certificate.
    fn accept(
        octets: &[u8],
        signed: Certificate,
        signers: &[Certificate],
        at: DateTime,
    ) -> Result<Self, TrustedListError> {
        if octets.len() > MAX_LENGTH {
            return Err(TrustedListError::TooLong);
        }
        if !signers.contains(&signed) || at < signed.not_before() || at > signed.not_after() {
            return Err(TrustedListError::Signer);
        }
        let list = TrustedList::parse(octets)?;
        if list.issued > at {
            return Err(TrustedListError::NotYetIssued(list.issued));
        }
        if let Some(next_update) = list.next_update
            && at > next_update
        {
            return Err(TrustedListError::Stale(next_update));
        }
        Ok(Self { list, signer: signed })
    }
}
