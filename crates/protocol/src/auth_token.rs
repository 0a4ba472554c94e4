//! The sign-in token, format `web-eid:1.0`.
//!
//! Five fields (Web eID authentication token format specification, version 1.0). The card signs with hash H of the
//! algorithm over `H(origin) ‖ H(challenge)`, both as their UTF-8 text. Neither origin nor challenge is in the token: the
//! portal takes them from its own session, never from what it is sent.

use serde::{Deserialize, Serialize};

use crate::base64_text::{Base64Error, decode_base64};

/// Value of the field `format`.
pub const FORMAT: &str = "web-eid:1.0";

/// Longest token accepted, in bytes of JSON.
pub const MAX_LENGTH: usize = 16 * 1024;

/// A sign-in token. Nothing in it is believed before it is verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthToken {
    /// The authentication certificate, DER in base64.
    pub unverified_certificate: String,
    /// How the card signed.
    pub algorithm: TokenAlgorithm,
    /// The signature in base64: PKCS#1 for RSA, `r ‖ s` for ECDSA.
    pub signature: String,
    /// Always [`FORMAT`].
    pub format: String,
    /// The software that made the token, as an address; informative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub app_version: Option<String>,
}

impl AuthToken {
    /// Parses the JSON of a token; size, fields and format are checked, the base64 fields are canonical.
    ///
    /// # Errors
    /// [`AuthTokenError`] names the first thing that is wrong.
    pub fn parse(json: &str) -> Result<Self, AuthTokenError> {
        if json.len() > MAX_LENGTH {
            return Err(AuthTokenError::TooLong { bytes: json.len() });
        }
        let token: Self =
            serde_json::from_str(json).map_err(|error| AuthTokenError::Json(error.to_string()))?;
        token.check()?;
        Ok(token)
    }

    /// What [`parse`](Self::parse) checks beyond the JSON, for a token that came inside another message.
    ///
    /// # Errors
    /// [`AuthTokenError`] names the first thing that is wrong.
    pub fn check(&self) -> Result<(), AuthTokenError> {
        if self.format != FORMAT {
            return Err(AuthTokenError::Format);
        }
        self.certificate()?;
        self.signature()?;
        Ok(())
    }

    /// DER of the certificate.
    ///
    /// # Errors
    /// The field is empty or not canonical base64.
    pub fn certificate(&self) -> Result<Vec<u8>, AuthTokenError> {
        field("unverifiedCertificate", &self.unverified_certificate)
    }

    /// The signature's bytes.
    ///
    /// # Errors
    /// The field is empty or not canonical base64.
    pub fn signature(&self) -> Result<Vec<u8>, AuthTokenError> {
        field("signature", &self.signature)
    }
}

fn field(name: &'static str, text: &str) -> Result<Vec<u8>, AuthTokenError> {
    if text.is_empty() {
        return Err(AuthTokenError::Empty { field: name });
    }
    decode_base64(text).map_err(|error| AuthTokenError::Base64 { field: name, error })
}

/// Signature algorithms of a token, by their JWS names (RFC 7518 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
pub enum TokenAlgorithm {
    /// ECDSA on P-256 (or brainpoolP256r1), SHA-256.
    ES256,
    /// ECDSA on P-384 (or brainpoolP384r1), SHA-384.
    ES384,
    /// ECDSA on P-521 (or brainpoolP512r1), SHA-512.
    ES512,
    /// RSASSA-PSS, SHA-256, MGF1 with SHA-256, salt of 32 bytes.
    PS256,
    /// RSASSA-PSS, SHA-384, MGF1 with SHA-384, salt of 48 bytes.
    PS384,
    /// RSASSA-PSS, SHA-512, MGF1 with SHA-512, salt of 64 bytes.
    PS512,
    /// RSASSA-PKCS1-v1_5, SHA-256.
    RS256,
    /// RSASSA-PKCS1-v1_5, SHA-384.
    RS384,
    /// RSASSA-PKCS1-v1_5, SHA-512.
    RS512,
}

/// Why a text is not a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthTokenError {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("the token has {bytes} bytes; at most {MAX_LENGTH} are accepted")]
    TooLong {
        /// Bytes given.
        bytes: usize,
    },
    /// Not the JSON object of a token: a field is missing, unknown, twice there or of the wrong type.
    #[error("the token is not a {FORMAT} object: {0}")]
    Json(String),
    /// Another format.
    #[error("the token's format is not {FORMAT}")]
    Format,
    /// An empty field.
    #[error("the token's field {field} is empty")]
    Empty {
        /// Name of the field.
        field: &'static str,
    },
    /// A field is not canonical base64.
    #[error("the token's field {field} is {error}")]
    Base64 {
        /// Name of the field.
        field: &'static str,
        /// The decoder's finding.
        error: Base64Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = r#"{"unverifiedCertificate":"MAA=","algorithm":"ES384","signature":"AAEC","format":"web-eid:1.0","appVersion":"https://example.org/1"}"#;

    #[test]
    fn a_token_is_read_and_written_unchanged() {
        let token = AuthToken::parse(TOKEN).unwrap();
        assert_eq!(token.algorithm, TokenAlgorithm::ES384);
        assert_eq!(token.certificate().unwrap(), [0x30, 0x00]);
        assert_eq!(serde_json::to_string(&token).unwrap(), TOKEN);
    }

    #[test]
    fn any_other_shape_is_refused() {
        let changed = |from: &str, to: &str| AuthToken::parse(&TOKEN.replace(from, to)).unwrap_err();
        assert_eq!(changed("web-eid:1.0", "web-eid:1.1"), AuthTokenError::Format);
        assert_eq!(changed("web-eid:1.0", "web-eid:1"), AuthTokenError::Format);
        assert!(matches!(changed("ES384", "none"), AuthTokenError::Json(_)));
        assert!(matches!(changed("ES384", "es384"), AuthTokenError::Json(_)));
        assert!(matches!(changed("appVersion", "app"), AuthTokenError::Json(_)));
        assert!(matches!(changed("signature", "algorithm"), AuthTokenError::Json(_)));
        assert!(matches!(
            changed("MAA=", "MAB="),
            AuthTokenError::Base64 { field: "unverifiedCertificate", .. }
        ));
        assert!(matches!(changed("MAA=", "MAA"), AuthTokenError::Base64 { .. }));
        assert!(matches!(changed("AAEC", "AAEC\\n"), AuthTokenError::Base64 { field: "signature", .. }));
        assert!(matches!(changed("AAEC", ""), AuthTokenError::Empty { field: "signature" }));
        assert!(matches!(AuthToken::parse(&" ".repeat(20_000)), Err(AuthTokenError::TooLong { .. })));
    }
}
