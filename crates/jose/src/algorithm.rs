use std::fmt;

/// A curve by its name in a JWK (RFC 7518 section 6.2.1.1; RFC 8037 section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Curve {
    /// NIST P-256, key type EC.
    P256,
    /// NIST P-384, key type EC.
    P384,
    /// Ed25519, key type OKP: for signatures only.
    Ed25519,
}

impl Curve {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::P256, Self::P384, Self::Ed25519];

    /// The value of `crv`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::Ed25519 => "Ed25519",
        }
    }

    /// The curve with this value of `crv`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|curve| curve.name() == name)
    }

    /// The value of `kty`.
    #[must_use]
    pub const fn key_type(self) -> &'static str {
        match self {
            Self::P256 | Self::P384 => "EC",
            Self::Ed25519 => "OKP",
        }
    }

    /// Bytes of a coordinate and of the private key.
    #[must_use]
    pub const fn coordinate_length(self) -> usize {
        match self {
            Self::P256 | Self::Ed25519 => 32,
            Self::P384 => 48,
        }
    }

    /// The one algorithm that keys of this curve sign with.
    #[must_use]
    pub const fn signature_algorithm(self) -> SignatureAlgorithm {
        match self {
            Self::P256 => SignatureAlgorithm::Es256,
            Self::P384 => SignatureAlgorithm::Es384,
            Self::Ed25519 => SignatureAlgorithm::EdDsa,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A signature algorithm (RFC 7518 section 3.1; RFC 8037 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA with P-256 and SHA-256.
    Es256,
    /// ECDSA with P-384 and SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
    /// RSASSA-PKCS1-v1_5 with SHA-256: verified here, and signed by others ([`crate::Signer`]).
    #[cfg(feature = "rsa")]
    Rs256,
    /// RSASSA-PSS with SHA-256: the same.
    #[cfg(feature = "rsa")]
    Ps256,
}

impl SignatureAlgorithm {
    /// All that keys on curves sign with.
    pub const ALL: [Self; 3] = [Self::Es256, Self::Es384, Self::EdDsa];
    /// Those of RSA.
    #[cfg(feature = "rsa")]
    pub const RSA: [Self; 2] = [Self::Rs256, Self::Ps256];

    /// The value of `alg`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
            #[cfg(feature = "rsa")]
            Self::Rs256 => "RS256",
            #[cfg(feature = "rsa")]
            Self::Ps256 => "PS256",
        }
    }

    /// The algorithm with this value of `alg`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        #[cfg(feature = "rsa")]
        if let Some(algorithm) = Self::RSA.into_iter().find(|algorithm| algorithm.name() == name) {
            return Some(algorithm);
        }
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// Bytes of a signature: R and S, each as long as the curve's order (RFC 7518 section 3.4), or as RFC 8032 has it. One of RSA is as
    /// long as its key: 0 stands for that.
    #[must_use]
    pub const fn signature_length(self) -> usize {
        match self {
            Self::Es256 | Self::EdDsa => 64,
            Self::Es384 => 96,
            #[cfg(feature = "rsa")]
            Self::Rs256 | Self::Ps256 => 0,
        }
    }

    /// Whether a signature can have so many bytes: one of RSA as many as a modulus of 2048 to 4096 bits.
    pub(crate) const fn can_have(self, bytes: usize) -> bool {
        match self {
            #[cfg(feature = "rsa")]
            Self::Rs256 | Self::Ps256 => 256 <= bytes && bytes <= 512,
            _ => bytes == self.signature_length(),
        }
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How the content of a JWE is encrypted (RFC 7518 section 5.3): AES-GCM, with a tag of 128 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum ContentEncryption {
    /// With a key of 128 bits.
    #[serde(rename = "A128GCM")]
    A128Gcm,
    /// With a key of 256 bits.
    #[default]
    #[serde(rename = "A256GCM")]
    A256Gcm,
}

impl ContentEncryption {
    /// Both, the stronger first.
    pub const ALL: [Self; 2] = [Self::A256Gcm, Self::A128Gcm];

    /// The value of `enc`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::A128Gcm => "A128GCM",
            Self::A256Gcm => "A256GCM",
        }
    }

    /// The cipher with this value of `enc`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encryption| encryption.name() == name)
    }

    /// Bits of its key.
    #[must_use]
    pub const fn key_bits(self) -> u32 {
        match self {
            Self::A128Gcm => 128,
            Self::A256Gcm => 256,
        }
    }
}
