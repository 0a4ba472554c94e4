use bitaqa_jose::{Curve, PublicJwk, RsaPublicJwk, SignatureAlgorithm, VerificationJwk};
use cryptoki::{
    mechanism::{Mechanism, MechanismType},
    object::{Attribute, AttributeType, KeyType, ObjectHandle},
    session::Session,
};

use super::TokenError;
use crate::key_store::SIGNED_WITH;

/// The curve P-256, as DER of its object identifier (RFC 5480 section 2.1.1.1).
const P256: [u8; 10] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// The curve of Ed25519, the same (RFC 8410 section 3).
const ED25519: [u8; 5] = [0x06, 0x03, 0x2b, 0x65, 0x70];
/// Bits of an RSA key.
const RSA_BITS: u64 = crate::key_store::RSA_BITS as u64;
/// The public exponent of RSA keys, 65537.
const EXPONENT: [u8; 3] = [1, 0, 1];
/// What a key pair is for; each has one use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// ID tokens and what else `/jwks` verifies, by one algorithm.
    Signing(SignatureAlgorithm),
    /// What others encrypt for the platform.
    Encryption,
    /// Statements about relying parties.
    Statement,
}

impl Kind {
    pub(super) const ALL: [Self; 6] = {
        let [first, second, third, fourth] = SIGNED_WITH;
        [
            Self::Signing(first),
            Self::Signing(second),
            Self::Signing(third),
            Self::Signing(fourth),
            Self::Encryption,
            Self::Statement,
        ]
    };

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Signing(SignatureAlgorithm::EdDsa) => "signing-eddsa",
            Self::Signing(SignatureAlgorithm::Rs256) => "signing-rs256",
            Self::Signing(SignatureAlgorithm::Ps256) => "signing-ps256",
            Self::Signing(_) => "signing",
            Self::Encryption => "encryption",
            Self::Statement => "statement",
        }
    }

    /// What its keys sign with; those that others encrypt for have the same curve.
    pub(super) const fn algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::Signing(algorithm) => algorithm,
            Self::Encryption | Self::Statement => SignatureAlgorithm::Es256,
        }
    }

    /// Whether the platform does without it where the token has no mechanism for it, or had no keys of it made yet.
    pub(super) fn is_optional(self) -> bool {
        matches!(self, Self::Signing(algorithm) if algorithm != SignatureAlgorithm::Es256)
    }

    /// How keys of it are made, and what they do.
    const fn mechanisms(self) -> [MechanismType; 2] {
        match (self, self.algorithm()) {
            (Self::Encryption, _) => [MechanismType::ECC_KEY_PAIR_GEN, MechanismType::ECDH1_DERIVE],
            (_, SignatureAlgorithm::EdDsa) => [MechanismType::ECC_EDWARDS_KEY_PAIR_GEN, MechanismType::EDDSA],
            (_, SignatureAlgorithm::Rs256) => {
                [MechanismType::RSA_PKCS_KEY_PAIR_GEN, MechanismType::SHA256_RSA_PKCS]
            }
            (_, SignatureAlgorithm::Ps256) => {
                [MechanismType::RSA_PKCS_KEY_PAIR_GEN, MechanismType::SHA256_RSA_PKCS_PSS]
            }
            (_, SignatureAlgorithm::Es256 | SignatureAlgorithm::Es384) => {
                [MechanismType::ECC_KEY_PAIR_GEN, MechanismType::ECDSA]
            }
        }
    }

    /// Whether a token of these mechanisms has keys of it.
    pub(super) fn is_for(self, mechanisms: &[MechanismType]) -> bool {
        !self.is_optional() || self.mechanisms().iter().all(|needed| mechanisms.contains(needed))
    }

    /// The type of its keys, how they are made, and what their public half is made with.
    pub(super) fn make(self) -> (KeyType, Mechanism<'static>, Vec<Attribute>) {
        match self.algorithm() {
            SignatureAlgorithm::EdDsa => {
                let curve = vec![Attribute::EcParams(ED25519.to_vec())];
                (KeyType::EC_EDWARDS, Mechanism::EccEdwardsKeyPairGen, curve)
            }
            SignatureAlgorithm::Rs256 | SignatureAlgorithm::Ps256 => {
                let size = vec![
                    Attribute::ModulusBits(RSA_BITS.into()),
                    Attribute::PublicExponent(EXPONENT.to_vec()),
                    Attribute::Encrypt(false),
                    Attribute::Wrap(false),
                ];
                (KeyType::RSA, Mechanism::RsaPkcsKeyPairGen, size)
            }
            SignatureAlgorithm::Es256 | SignatureAlgorithm::Es384 => {
                let curve = vec![Attribute::EcParams(P256.to_vec())];
                (KeyType::EC, Mechanism::EccKeyPairGen, curve)
            }
        }
    }

    /// The public key, if it is one of this kind.
    pub(super) fn read(
        self,
        session: &Session,
        public: ObjectHandle,
    ) -> Result<Option<VerificationJwk>, TokenError> {
        let wanted: &[AttributeType] = match self.make().0 {
            KeyType::RSA => &[AttributeType::Modulus, AttributeType::PublicExponent],
            _ => &[AttributeType::EcPoint],
        };
        Ok(match (session.get_attributes(public, wanted)?.as_slice(), self.algorithm()) {
            ([Attribute::EcPoint(point)], SignatureAlgorithm::EdDsa) => on_ed25519(point).map(Into::into),
            ([Attribute::EcPoint(point)], _) => on_p256(point).map(Into::into),
            ([Attribute::Modulus(modulus), Attribute::PublicExponent(exponent)], algorithm) => {
                let [modulus, exponent] = [modulus, exponent].map(|number| without_zeros(number));
                RsaPublicJwk::for_algorithm(modulus, exponent, algorithm).map(VerificationJwk::Rsa).ok()
            }
            _ => None,
        })
    }
}

/// The point is an OCTET STRING by the standard (PKCS #11 section 2.3.3); some modules give it bare.
fn on_p256(point: &[u8]) -> Option<PublicJwk> {
    let bare = match point {
        [0x04, 0x41, bare @ ..] if bare.len() == 65 => bare,
        bare => bare,
    };
    let (x, y) = bare.strip_prefix(&[0x04]).filter(|rest| rest.len() == 64)?.split_at(32);
    let key = PublicJwk::from_coordinates(Curve::P256, x, Some(y), None).ok()?;
    let name = key.thumbprint().to_string();
    key.with_key_id(Some(&name)).ok()
}

/// The same for Ed25519, whose point is 32 bytes (RFC 8032 section 5.1.5).
fn on_ed25519(point: &[u8]) -> Option<PublicJwk> {
    let bare = match point {
        [0x04, 0x20, bare @ ..] if bare.len() == 32 => bare,
        bare => bare,
    };
    let key = PublicJwk::from_coordinates(Curve::Ed25519, bare, None, None).ok()?;
    let name = key.thumbprint().to_string();
    key.with_key_id(Some(&name)).ok()
}

/// A big integer is big endian (PKCS #11 section 2.2); some modules put zeros in front.
fn without_zeros(number: &[u8]) -> &[u8] {
    let at = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    number.get(at..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_that_is_no_point_of_the_curve_is_no_key() {
        for point in [&[][..], &[4], &[4; 65], &[4; 67], &[0; 65], &[2; 33]] {
            assert!(on_p256(point).is_none());
        }
        for point in [&[][..], &[1], &[0; 32], &[4; 31], &[4; 33], &[2; 34]] {
            assert!(on_ed25519(point).is_none());
        }
    }
}
