//! Signing documents: which certificates a card has for it, bytes to be signed, and the signatures.
//!
//! The host gets the exact bytes of each document's signature that are hashed and signed, and reads in them what the person is
//! shown. A digest alone is a message of its own, [`SignDigests`](crate::host::ToHost::SignDigests): the window says that its
//! content is not visible to this computer.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use crate::{
    auth_token::TokenAlgorithm, base64_text::decode_base64, identity::answer::Bytes,
    localized_text::is_deceptive,
};

/// Most documents, or digests, of one request.
pub const MAX_DOCUMENTS: usize = 500;
/// Most characters of a document's name.
pub const MAX_NAME: usize = 255;
/// Longest digest, in bytes: SHA-512.
pub const MAX_DIGEST: usize = 64;

/// What the site calls a document: 1 to [`MAX_NAME`] characters on one line, none of which hides or reorders others. Shown as the
/// site's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(type = "string"),
    schemars(with = "String")
)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentName(String);

impl DocumentName {
    /// Checks length and characters.
    ///
    /// # Errors
    /// [`DocumentNameError`].
    pub fn parse(text: &str) -> Result<Self, DocumentNameError> {
        let characters = text.chars().take(MAX_NAME + 1).count();
        let good = (1..=MAX_NAME).contains(&characters)
            && !text.trim().is_empty()
            && !text.chars().any(is_deceptive);
        if good { Ok(Self(text.to_owned())) } else { Err(DocumentNameError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DocumentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for DocumentName {
    type Error = DocumentNameError;
    fn try_from(text: String) -> Result<Self, DocumentNameError> {
        Self::parse(&text)
    }
}

impl From<DocumentName> for String {
    fn from(name: DocumentName) -> Self {
        name.0
    }
}

/// The text is no name of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a document's name has 1 to {MAX_NAME} characters, and none that hides, reorders or breaks a text")]
pub struct DocumentNameError;

/// What kind of bytes are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ToBeSignedFormat {
    /// DER of the signed attributes of a CMS signature, with the tag of a set (RFC 5652 section 5.4): CAdES, PAdES.
    CmsSignedAttributes,
    /// `SignedInfo` of an XML signature in canonical form: XAdES.
    XmlSignedInfo,
    /// Signing input of a JWS (RFC 7515 section 5.1): JAdES.
    JwsSigningInput,
}

/// A document to be signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentToSign {
    /// What the site calls it.
    pub name: DocumentName,
    /// What kind of bytes follow.
    pub format: ToBeSignedFormat,
    /// The bytes that are hashed and signed, in base64. A JWS has the document itself in them: as long as the message may be.
    #[serde(deserialize_with = "bytes_of_any_length")]
    pub to_be_signed: Bytes,
}

/// What only the length of the message bounds.
fn bytes_of_any_length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Bytes, D::Error> {
    let text = String::deserialize(deserializer)?;
    decode_base64(&text).map(Bytes).map_err(D::Error::custom)
}

/// A digest to be signed as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DigestToSign {
    /// What the site calls what it is of.
    pub name: DocumentName,
    /// The digest, made with the algorithm's hash, in base64.
    pub digest: Bytes,
    /// How it is signed.
    pub algorithm: TokenAlgorithm,
}

/// A certificate of a key for documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SigningCertificate {
    /// DER in base64.
    pub certificate: Bytes,
    /// What the key can sign with, the best first.
    pub algorithms: Vec<TokenAlgorithm>,
    /// Object identifiers of its qualified statements and of the types they name (EN 319 412-5), as they stand there. Nobody has
    /// verified them here: whether a signature is qualified is said with a trusted list only.
    pub statements: Vec<String>,
    /// Under whose law it says that it is qualified: two letters each (ISO 3166-1); none for that of the European Union.
    pub legislations: Vec<String>,
    /// Object identifiers of the policies under which it was issued (RFC 5280 section 4.2.1.4).
    pub policies: Vec<String>,
    /// The card wants the PIN again before each signature.
    pub pin_each_time: bool,
    /// Why nothing is signed with it; absent where it can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub unsuitable: Option<Unsuitable>,
}

/// Why a certificate is not used for documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Unsuitable {
    /// Its key usage is not content commitment (RFC 5280 section 4.2.1.3).
    KeyUsage,
    /// Its key is one for signing in, too: a key has one use.
    SignInKey,
    /// It is out of date, or not valid yet.
    Expired,
    /// The key is weak, or of a kind that is not known.
    Key,
    /// Card and certificate have no algorithm in common.
    Algorithm,
    /// There is no PIN before the key that we know how to present.
    NoPin,
}

impl Unsuitable {
    /// The stable text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KeyUsage => "key-usage",
            Self::SignInKey => "sign-in-key",
            Self::Expired => "expired",
            Self::Key => "key",
            Self::Algorithm => "algorithm",
            Self::NoPin => "no-pin",
        }
    }
}

/// A list of 1 to [`MAX_DOCUMENTS`]; what follows is not even read.
pub(crate) fn batch<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Batch<T>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Batch<T> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "a list of 1 to {MAX_DOCUMENTS}")
        }

        fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
            let mut items = Vec::new();
            while let Some(item) = list.next_element()? {
                if items.len() >= MAX_DOCUMENTS {
                    return Err(A::Error::invalid_length(items.len() + 1, &self));
                }
                items.push(item);
            }
            if items.is_empty() { Err(A::Error::invalid_length(0, &self)) } else { Ok(items) }
        }
    }
    deserializer.deserialize_seq(Batch(std::marker::PhantomData))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        ErrorCode,
        base64_text::encode_base64,
        host::{MAX_PLAIN_TO_HOST, ToHost},
    };

    fn digests(count: usize) -> String {
        let digests = vec![json!({ "name": "a.pdf", "digest": "AAAA", "algorithm": "ES256" }); count];
        json!({
            "type": "sign-digests", "id": "0123456789abcdef", "origin": "https://a.example", "language": "en",
            "certificate": "AAAA", "digests": digests,
        })
        .to_string()
    }

    #[test]
    fn a_request_has_one_document_to_five_hundred() {
        for count in [1, MAX_DOCUMENTS] {
            assert!(ToHost::parse(&digests(count)).is_ok(), "{count}");
        }
        for count in [0, MAX_DOCUMENTS + 1] {
            assert_eq!(
                ToHost::parse(&digests(count)).unwrap_err().code,
                ErrorCode::RequestInvalid,
                "{count}"
            );
        }
    }

    /// A JWS has the document itself in the bytes to be signed.
    #[test]
    fn bytes_to_be_signed_may_fill_the_message() {
        let of_length = |length: usize| {
            let document = json!({
                "name": "a.pdf", "format": "jws-signing-input", "toBeSigned": encode_base64(&vec![b'a'; length]),
            });
            ToHost::parse(
                &json!({
                    "type": "sign", "id": "0123456789abcdef", "origin": "https://a.example", "language": "en",
                    "certificate": "AAAA", "algorithm": "ES256", "documents": [document],
                })
                .to_string(),
            )
        };
        assert!(matches!(of_length(3_000_000), Ok(ToHost::Sign { documents, .. })
            if documents[0].to_be_signed.0.len() == 3_000_000));
        assert_eq!(of_length(3_200_000).unwrap_err().code, ErrorCode::RequestTooLarge);
    }

    #[test]
    fn only_a_request_to_sign_documents_is_long() {
        let hello = |length: usize| {
            let extension = "x".repeat(length);
            ToHost::parse(&json!({ "type": "hello", "versions": [1], "extension": extension }).to_string())
        };
        assert!(hello(MAX_PLAIN_TO_HOST / 2).is_ok());
        assert_eq!(hello(MAX_PLAIN_TO_HOST).unwrap_err().code, ErrorCode::RequestTooLarge);
        let long = digests(MAX_DOCUMENTS).replace("a.pdf", &"a".repeat(MAX_NAME));
        assert!(long.len() > MAX_PLAIN_TO_HOST && ToHost::parse(&long).is_ok());
    }

    #[test]
    fn a_name_is_a_line_of_text() {
        let long = "é".repeat(MAX_NAME);
        for name in ["a", "عقد.pdf", &long] {
            assert_eq!(DocumentName::parse(name).unwrap().as_str(), name);
        }
        for name in [
            "",
            " ",
            "a\nb",
            "a\u{0}",
            "\u{85}",
            "a\u{202e}fdp.exe",
            "a\u{200b}",
            "a\u{2028}b",
            &format!("{long}x"),
        ] {
            assert_eq!(DocumentName::parse(name), Err(DocumentNameError), "{name:?}");
        }
    }
}
