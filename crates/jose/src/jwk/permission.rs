use serde::{Deserialize, Serialize};

use super::JwkError;
#[cfg(feature = "rsa")]
use crate::SignatureAlgorithm;
use crate::{Curve, jwe};

/// What a key is about to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    Sign,
    Verify,
    /// ECDH, on either side.
    Agree,
}

/// What a JWK says of its own use (RFC 7517 sections 4.2 to 4.4). What is absent forbids nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Permission {
    #[serde(rename = "use", default, skip_serializing_if = "Option::is_none")]
    usage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_ops: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
}

impl Permission {
    pub(crate) fn new(usage: Option<String>, key_ops: Option<Vec<String>>, alg: Option<String>) -> Self {
        Self { usage, key_ops, alg }
    }

    /// Whether it says that it is for encryption (`use`).
    pub(crate) fn is_for_encryption(&self) -> bool {
        self.usage.as_deref() == Some("enc")
    }

    /// Whether a key on this curve may be used so.
    pub(crate) fn check(&self, curve: Curve, operation: Operation) -> Result<(), JwkError> {
        let (usage, operations, algorithm): (_, &[&str], _) = match operation {
            Operation::Sign => ("sig", &["sign"], curve.signature_algorithm().name()),
            Operation::Verify => ("sig", &["verify"], curve.signature_algorithm().name()),
            Operation::Agree if curve == Curve::Ed25519 => return Err(JwkError::Use),
            // of an agreement both ends, and either of its two names
            Operation::Agree => ("enc", &["deriveKey", "deriveBits"], jwe::ALGORITHM),
        };
        let fits = self.usage.as_deref().is_none_or(|own| own == usage)
            && self.alg.as_deref().is_none_or(|own| own == algorithm)
            // the public key of an agreement has an empty list in the Web Cryptography API
            && self.key_ops.as_ref().is_none_or(|own| {
                own.iter().any(|own| operations.contains(&own.as_str()))
                    || (operation == Operation::Agree && own.is_empty())
            });
        if fits { Ok(()) } else { Err(JwkError::Use) }
    }

    /// Whether an RSA key may verify with an algorithm.
    #[cfg(feature = "rsa")]
    pub(crate) fn check_rsa(&self, algorithm: SignatureAlgorithm) -> Result<(), JwkError> {
        let fits = self.usage.as_deref().is_none_or(|own| own == "sig")
            && self.alg.as_deref().is_none_or(|own| own == algorithm.name())
            && self.key_ops.as_ref().is_none_or(|own| own.iter().any(|own| own == "verify"));
        if fits { Ok(()) } else { Err(JwkError::Use) }
    }
}
