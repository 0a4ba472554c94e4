//! What a signer says beside the document (EN 319 122-1 clause 5.2, and its counterparts in the other formats).

use bitaqa_trust::{DateTime, ObjectIdentifier};

use crate::Hash;

/// The signed attributes or properties that a signer may add. By default none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignerStatement {
    /// When the signer says that they signed. Claimed: the clock of their computer.
    pub signing_time: Option<DateTime>,
    /// What the signature means.
    pub commitments: Vec<Commitment>,
    /// Roles that the signer claims.
    pub claimed_roles: Vec<String>,
    /// The place of signing.
    pub place: Option<Place>,
    /// The policy under which the signature is made.
    pub policy: Option<SignaturePolicy>,
    /// Media type of the content, where the format has a place for it.
    pub media_type: Option<String>,
}

/// `commitment-type-indication` (EN 319 122-1 clause 5.2.3; identifiers of TS 119 172-1 annex B).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Commitment {
    /// The signer made, approved and sent the content.
    ProofOfOrigin,
    /// The signer received it.
    ProofOfReceipt,
    /// Whoever gives this delivered it to where the recipient can get it.
    ProofOfDelivery,
    /// The signer sent it, not necessarily made it.
    ProofOfSender,
    /// The signer approved it.
    ProofOfApproval,
    /// The signer made it, without approving it.
    ProofOfCreation,
    /// Any other.
    Other(ObjectIdentifier),
}

impl Commitment {
    /// Those that have a name.
    pub const NAMED: [(Self, &'static str); 6] = [
        (Self::ProofOfOrigin, "1.2.840.113549.1.9.16.6.1"),
        (Self::ProofOfReceipt, "1.2.840.113549.1.9.16.6.2"),
        (Self::ProofOfDelivery, "1.2.840.113549.1.9.16.6.3"),
        (Self::ProofOfSender, "1.2.840.113549.1.9.16.6.4"),
        (Self::ProofOfApproval, "1.2.840.113549.1.9.16.6.5"),
        (Self::ProofOfCreation, "1.2.840.113549.1.9.16.6.6"),
    ];

    /// Its identifier.
    #[must_use]
    pub fn oid(self) -> ObjectIdentifier {
        if let Self::Other(oid) = self {
            return oid;
        }
        let named = Self::NAMED.iter().find(|(commitment, _)| *commitment == self);
        named.map_or(crate::oid::PROOF_OF_ORIGIN, |(_, oid)| ObjectIdentifier::new_unwrap(oid))
    }

    /// The commitment with an identifier.
    #[must_use]
    pub fn from_oid(oid: ObjectIdentifier) -> Self {
        let named = Self::NAMED.iter().find(|(commitment, _)| commitment.oid() == oid);
        named.map_or(Self::Other(oid), |(commitment, _)| *commitment)
    }
}

/// Where somebody signed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Town.
    pub locality: Option<String>,
    /// State or province.
    pub state: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country: its name, or two letters of ISO 3166-1.
    pub country: Option<String>,
}

/// `signature-policy-identifier` (EN 319 122-1 clause 5.2.9).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignaturePolicy {
    /// Its identifier.
    pub identifier: ObjectIdentifier,
    /// Digest of the policy document.
    pub digest: Vec<u8>,
    /// Hash of the digest.
    pub hash: Hash,
    /// Where the document is.
    pub uri: Option<String>,
}
