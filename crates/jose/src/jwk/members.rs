use serde::{Deserialize, Deserializer, de::IgnoredAny};
use zeroize::Zeroizing;

use super::{JwkError, permission::Permission};
use crate::{Curve, base64url, header::is_word};

/// A private member; wiped when it is dropped.
struct Secret(Zeroizing<String>);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// A JWK as it stands in JSON.
#[derive(Deserialize)]
pub(crate) struct Members {
    kty: String,
    #[cfg(feature = "rsa")]
    n: Option<String>,
    #[cfg(feature = "rsa")]
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    d: Option<Secret>,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    alg: Option<String>,
    // of private RSA and of symmetric keys (RFC 7518 sections 6.3.2 and 6.4)
    p: Option<IgnoredAny>,
    q: Option<IgnoredAny>,
    dp: Option<IgnoredAny>,
    dq: Option<IgnoredAny>,
    qi: Option<IgnoredAny>,
    oth: Option<IgnoredAny>,
    k: Option<IgnoredAny>,
}

impl Members {
    /// Whether it has anything that only a private key has.
    pub(crate) fn is_private(&self) -> bool {
        let others = [&self.p, &self.q, &self.dp, &self.dq, &self.qi, &self.oth, &self.k];
        self.d.is_some() || others.iter().any(|member| member.is_some())
    }

    /// The private member.
    pub(crate) fn d(&self) -> Option<&str> {
        self.d.as_ref().map(|secret| secret.0.as_str())
    }

    /// The curve, if key type and curve fit together.
    pub(crate) fn curve(&self) -> Result<Curve, JwkError> {
        let curve = self.crv.as_deref().and_then(Curve::from_name).ok_or(JwkError::Curve)?;
        if self.kty == curve.key_type() { Ok(curve) } else { Err(JwkError::Curve) }
    }

    /// The x-coordinate, or the whole of an Ed25519 key.
    pub(crate) fn x(&self, curve: Curve) -> Result<Vec<u8>, JwkError> {
        coordinate("x", self.x.as_deref(), curve)
    }

    /// The y-coordinate. Ed25519 keys have none.
    pub(crate) fn y(&self, curve: Curve) -> Result<Option<Vec<u8>>, JwkError> {
        match (curve, &self.y) {
            (Curve::Ed25519, None) => Ok(None),
            (Curve::Ed25519, Some(_)) => Err(JwkError::Coordinate("y")),
            (_, y) => coordinate("y", y.as_deref(), curve).map(Some),
        }
    }

    /// Whether it is a key of RSA.
    #[cfg(feature = "rsa")]
    pub(crate) fn is_rsa(&self) -> bool {
        self.kty == "RSA"
    }

    /// Modulus and exponent, big endian and without zeros in front (RFC 7518 section 6.3.1).
    #[cfg(feature = "rsa")]
    pub(crate) fn rsa_numbers(&self) -> Result<(Vec<u8>, Vec<u8>), JwkError> {
        let number = |name, text: Option<&String>| {
            text.and_then(|text| base64url::decode(text).ok())
                .filter(|bytes| bytes.first().is_some_and(|byte| *byte != 0))
                .ok_or(JwkError::Coordinate(name))
        };
        Ok((number("n", self.n.as_ref())?, number("e", self.e.as_ref())?))
    }

    /// `kid`, checked.
    pub(crate) fn key_id(&self) -> Result<Option<String>, JwkError> {
        match &self.kid {
            Some(kid) if !is_word(kid) => Err(JwkError::KeyId),
            kid => Ok(kid.clone()),
        }
    }

    pub(crate) fn permission(&self) -> Permission {
        Permission::new(self.usage.clone(), self.key_ops.clone(), self.alg.clone())
    }
}

/// A coordinate in its full length (RFC 7518 section 6.2.1.2; RFC 8037 section 2).
fn coordinate(name: &'static str, text: Option<&str>, curve: Curve) -> Result<Vec<u8>, JwkError> {
    let bytes = text.and_then(|text| base64url::decode(text).ok()).ok_or(JwkError::Coordinate(name))?;
    if bytes.len() == curve.coordinate_length() { Ok(bytes) } else { Err(JwkError::Coordinate(name)) }
}
