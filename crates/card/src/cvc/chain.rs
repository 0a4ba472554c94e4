//! The certificates between an authority that the chip knows and the terminal, in order.

use super::{Certificate, CvcError, Reference, VerificationKey};

/// Most certificates: a few of an authority that changed its key, the document verifier's, the terminal's.
const MAX_CHAIN: usize = 16;

/// Certificates in the order in which a chip verifies them. Each is signed by the holder of the one before, by its name; the
/// first by an authority that the chip named; the last is the terminal's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateChain {
    path: Vec<Certificate>,
    /// The terminal's, once more: there always is one.
    terminal: Certificate,
}

/// Why certificates are no chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainError {
    /// More certificates than a chain has.
    #[error("{certificates} certificates of a terminal")]
    TooMany {
        /// How many were given.
        certificates: usize,
    },
    /// There is no terminal's certificate, or several.
    #[error("{terminals} terminal certificates where there must be one")]
    Terminals {
        /// How many were given.
        terminals: usize,
    },
    /// Nobody leads from here to an authority that the chip knows.
    #[error("the chip does not know {authority}, and no certificate leads to it")]
    Unknown {
        /// The first name without a certificate.
        authority: Reference,
    },
    /// A certificate that may not sign the next: a terminal's, or one that verifies terminals another such.
    #[error("the role of {holder} does not allow it to certify the next")]
    Role {
        /// Whose it is.
        holder: Reference,
    },
    /// A certificate that does not hold.
    #[error("the certificate of {holder}: {error}")]
    Certificate {
        /// Whose it is.
        holder: Reference,
        /// Why.
        error: CvcError,
    },
    /// The authority's key is given under another name than the first certificate has.
    #[error("the key of {authority} is needed")]
    OtherAuthority {
        /// The name that is needed.
        authority: Reference,
    },
}

/// The two highest bits of an authorization.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Country,
    Verifier,
    Terminal,
}

impl Role {
    fn of(certificate: &Certificate) -> Self {
        match certificate.authorization.authorization().first().map_or(0, |first| first >> 6) {
            0b11 => Self::Country,
            0b00 => Self::Terminal,
            // domestic or foreign
            _ => Self::Verifier,
        }
    }

    const fn may_certify(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Country, Self::Country | Self::Verifier) | (Self::Verifier, Self::Terminal)
        )
    }
}

impl CertificateChain {
    /// Orders certificates, however they are given, from one of the authorities that the chip named in PACE to the terminal.
    /// What does not lead there is left out.
    ///
    /// # Errors
    /// [`ChainError`]: more than sixteen, not exactly one terminal's, a gap, or an order of roles that no chip accepts.
    pub fn arrange<A: AsRef<[u8]>>(certificates: Vec<Certificate>, known: &[A]) -> Result<Self, ChainError> {
        if certificates.len() > MAX_CHAIN {
            return Err(ChainError::TooMany { certificates: certificates.len() });
        }
        let (mut terminals, mut rest): (Vec<_>, Vec<_>) =
            certificates.into_iter().partition(|certificate| Role::of(certificate) == Role::Terminal);
        // who certifies itself leads nowhere
        rest.retain(|certificate| !certificate.is_self_signed());
        let count = terminals.len();
        let terminal = terminals.pop().filter(|_| count == 1);
        let terminal = terminal.ok_or(ChainError::Terminals { terminals: count })?;

        let mut path = vec![terminal.clone()];
        let mut next = (terminal.authority.clone(), Role::Terminal);
        while !known.iter().any(|name| name.as_ref() == next.0.as_bytes()) {
            // each is taken out once, so that this ends
            let Some(at) = rest.iter().position(|certificate| certificate.holder == next.0) else {
                return Err(ChainError::Unknown { authority: next.0 });
            };
            let issuer = rest.remove(at);
            let role = Role::of(&issuer);
            if !role.may_certify(next.1) {
                return Err(ChainError::Role { holder: issuer.holder });
            }
            next = (issuer.authority.clone(), role);
            path.push(issuer);
        }
        path.reverse();
        Ok(Self { path, terminal })
    }

    /// The certificates, the terminal's last.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.path
    }

    /// The terminal's certificate.
    #[must_use]
    pub const fn terminal(&self) -> &Certificate {
        &self.terminal
    }

    /// Checks every signature, beginning with the key of the authority that the chip knows, and gives the terminal's key: on
    /// the authority's curve where no certificate names another.
    ///
    /// # Errors
    /// [`ChainError::OtherAuthority`] if the first certificate names another authority, [`ChainError::Certificate`].
    pub fn verify(&self, authority: &Certificate) -> Result<VerificationKey, ChainError> {
        let fault = |certificate: &Certificate, error| ChainError::Certificate {
            holder: certificate.holder.clone(),
            error,
        };
        let first = self.path.first().unwrap_or(&self.terminal);
        if first.authority != authority.holder {
            return Err(ChainError::OtherAuthority { authority: first.authority.clone() });
        }
        let mut key = authority.own_key().map_err(|error| fault(authority, error))?;
        for certificate in &self.path {
            certificate.verify(&key).map_err(|error| fault(certificate, error))?;
            key = certificate.public_key.resolve(Some(&key)).map_err(|error| fault(certificate, error))?;
        }
        Ok(key)
    }
}
