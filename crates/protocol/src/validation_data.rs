//! Validation data that the host fetches for the extension, which fetches nothing: answers about revocation, issuers' certificates,
//! time stamps, trusted lists.
//!
//! An address is a wish. The host fetches from it only where it finds it itself, in the certificate or list that came along or in
//! the administrator's configuration.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Base64Error, decode_base64, encode_base64, identity::answer::Bytes};

/// Longest address, in bytes.
pub const MAX_ADDRESS: usize = 2048;
/// Longest [`LongBytes`]: a revocation list, or a trusted list.
pub const MAX_LONG: usize = 10 * 1024 * 1024;

/// What is to be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum WantedData {
    /// A responder's answer (`OCSPResponse`).
    Ocsp {
        /// The responder's address.
        url: Address,
        /// The question: DER of an `OCSPRequest` (RFC 6960 section 4.1), unsigned, at most 16 KiB, in base64.
        body: Bytes,
        /// The certificate that the address stands in (authority information access), DER in base64; absent for one of the
        /// configuration.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        certificate: Option<Bytes>,
    },
    /// A revocation list.
    Crl {
        /// Where it is published.
        url: Address,
        /// The certificate that the address stands in (distribution points), DER in base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        certificate: Option<Bytes>,
        /// The revocation list that the address stands in (issuing distribution point, freshest list), DER in base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        list: Option<LongBytes>,
    },
    /// Certificates of an issuer: one, or a message of certificates alone (RFC 5280 section 4.2.2.1).
    IssuerCertificate {
        /// Where they are.
        url: Address,
        /// The certificate that the address stands in (authority information access), DER in base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        certificate: Option<Bytes>,
    },
    /// A time stamp, of the first authority of the configuration that gives one. The host makes the question, with a nonce, and
    /// gives the token (`ContentInfo` of RFC 3161 section 2.4.2), if it answers that question.
    TimeStamp {
        /// The hash that made the digest.
        hash: StampedHash,
        /// The digest to be stamped, in base64.
        digest: Bytes,
    },
    /// A trusted list (TS 119 612).
    TrustedList {
        /// Where it is.
        url: Address,
        /// The trusted list that the address stands in (pointers to other lists), XML in base64.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "codegen", ts(optional))]
        list: Option<LongBytes>,
    },
}

impl WantedData {
    /// Whether a list came along: such a frame is longer than others.
    #[must_use]
    pub const fn has_list(&self) -> bool {
        matches!(self, Self::Crl { list: Some(_), .. } | Self::TrustedList { list: Some(_), .. })
    }
}

/// An address as it was sent: 1 to [`MAX_ADDRESS`] graphic characters of ASCII. Nobody has looked yet whether it is one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(type = "string"),
    schemars(with = "String")
)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

impl Address {
    /// Checks length and characters.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let good =
            (1..=MAX_ADDRESS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if good { Ok(Self(text.to_owned())) } else { Err(AddressError) }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long, never which: it can say whose document somebody looks at.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an address of {} bytes", self.0.len())
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

/// The text is no [`Address`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address has 1 to {MAX_ADDRESS} characters of ASCII, without spaces")]
pub struct AddressError;

/// Bytes, as canonical base64 in JSON; at most [`MAX_LONG`], and as many as the frame has room for.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "codegen",
    derive(ts_rs::TS, schemars::JsonSchema),
    ts(type = "string"),
    schemars(with = "String")
)]
#[serde(try_from = "String", into = "String")]
pub struct LongBytes(pub Vec<u8>);

/// How many, never which.
impl fmt::Debug for LongBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl TryFrom<String> for LongBytes {
    type Error = LongBytesError;
    fn try_from(text: String) -> Result<Self, LongBytesError> {
        if text.len() > MAX_LONG.div_ceil(3) * 4 {
            return Err(LongBytesError::TooLong);
        }
        Ok(Self(decode_base64(&text)?))
    }
}

impl From<LongBytes> for String {
    fn from(bytes: LongBytes) -> Self {
        encode_base64(&bytes.0)
    }
}

/// Why a text is no [`LongBytes`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LongBytesError {
    /// More than [`MAX_LONG`] bytes.
    #[error("more than {MAX_LONG} bytes")]
    TooLong,
    /// Not canonical base64.
    #[error(transparent)]
    Base64(#[from] Base64Error),
}

/// What made a digest that is stamped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum StampedHash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

/// Whether something that was kept from before is good enough.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// What was fetched before and still counts is.
    #[default]
    Kept,
    /// It is fetched anew, and what was kept is given only where nothing newer comes: it may be older than what it is wanted for.
    Newest,
    /// What was kept is forgotten, and fetched anew: it did not verify, and may be spoilt or forged.
    Anew,
}

impl Freshness {
    pub(crate) const fn is_kept(&self) -> bool {
        matches!(self, Self::Kept)
    }
}

/// Where data comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DataOrigin {
    /// It was fetched now.
    Network,
    /// It was fetched before, and still counts; nobody was asked, or nobody gave anything newer.
    Kept,
}

/// A time-stamp authority that was asked in vain before another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FailedAuthority {
    /// What the administrator calls it.
    pub name: String,
    /// What happened, as the page about validation data lists it (`fetch-…`).
    pub code: String,
}

/// A time-stamp authority of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AuthorityName {
    /// What the administrator calls it.
    pub name: String,
    /// The host that is asked.
    pub host: String,
}

/// A source of the configuration: data of a kind that is fetched though no certificate or list names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SourceName {
    /// What is fetched from it.
    pub kind: SourceKind,
    /// The host that is asked.
    pub host: String,
    /// The address, to be asked for.
    pub url: Address,
}

/// Whom an installed trust pack believes about documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentTrust {
    /// The pack's name.
    pub pack: String,
    /// Whether everything in it is for tests; who shows what was found by it says so.
    pub test: bool,
    /// Certificates about signers, DER in base64: self-signed ones are anchors, others help to get there.
    pub signers: Vec<Bytes>,
    /// The same about time stamps.
    pub time_stamp_authorities: Vec<Bytes>,
    /// Who may sign trusted lists that no other list points to.
    pub list_signers: Vec<Bytes>,
}

/// What a source of the configuration has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// A responder's answers.
    Ocsp,
    /// A revocation list.
    Crl,
    /// Certificates of an issuer.
    IssuerCertificate,
    /// A trusted list.
    TrustedList,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        ErrorCode, ErrorReport,
        host::{FromHost, MAX_PLAIN_TO_HOST, ToHost},
    };

    const URL: &str = "http://ocsp.example/";

    fn asked(wanted: &Value) -> Result<ToHost, ErrorReport> {
        let message = json!({ "type": "fetch-validation-data", "id": "0123456789abcdef", "wanted": wanted });
        ToHost::parse(&message.to_string())
    }

    #[test]
    fn each_kind_has_its_own_fields_and_no_others() {
        for wanted in [
            json!({ "kind": "ocsp", "url": URL, "body": "MAA=", "certificate": "MAA=" }),
            json!({ "kind": "ocsp", "url": URL, "body": "MAA=" }),
            json!({ "kind": "crl", "url": URL, "certificate": "MAA=", "list": "MAA=" }),
            json!({ "kind": "issuer-certificate", "url": URL, "certificate": "MAA=" }),
            json!({ "kind": "time-stamp", "hash": "sha256", "digest": "MAA=" }),
            json!({ "kind": "trusted-list", "url": URL, "list": "MAA=" }),
        ] {
            let message = asked(&wanted).unwrap_or_else(|error| panic!("{wanted}: {error:?}"));
            let written = serde_json::to_value(&message).unwrap();
            assert_eq!((&written["wanted"], &written["freshness"]), (&wanted, &Value::Null));
        }
        for wanted in [
            json!({ "kind": "ocsp", "url": URL, "certificate": "MAA=" }),
            json!({ "kind": "ocsp", "url": URL, "body": "MAA=", "list": "MAA=" }),
            json!({ "kind": "crl", "url": URL, "body": "MAA=", "certificate": "MAA=" }),
            json!({ "kind": "crl", "url": "", "certificate": "MAA=" }),
            json!({ "kind": "crl", "url": "http://a b/", "certificate": "MAA=" }),
            json!({ "kind": "crl", "url": format!("http://{}", "a".repeat(MAX_ADDRESS)) }),
            json!({ "kind": "time-stamp", "hash": "sha256", "digest": "MAA=", "url": URL }),
            json!({ "kind": "time-stamp", "hash": "md5", "digest": "MAA=" }),
            json!({ "kind": "web-page", "url": URL }),
        ] {
            assert_eq!(asked(&wanted).unwrap_err().code, ErrorCode::RequestInvalid, "{wanted}");
        }
    }

    #[test]
    fn only_a_question_that_a_list_came_with_is_long() {
        let long = encode_base64(&vec![0; MAX_PLAIN_TO_HOST]);
        for wanted in [
            json!({ "kind": "crl", "url": URL, "list": long }),
            json!({ "kind": "trusted-list", "url": URL, "list": long }),
        ] {
            assert!(asked(&wanted).is_ok());
        }
        for wanted in [
            json!({ "kind": "crl", "url": URL, "certificate": long }),
            json!({ "kind": "ocsp", "url": URL, "body": long }),
        ] {
            assert_eq!(asked(&wanted).unwrap_err().code, ErrorCode::RequestTooLarge);
        }
    }

    #[test]
    fn what_is_printed_shows_neither_address_nor_content() {
        let wanted = json!({ "kind": "crl", "url": URL, "certificate": "c2VjcmV0", "list": "c2VjcmV0" });
        let printed = format!("{:?}", asked(&wanted).unwrap());
        assert!(printed.contains("an address of 20 bytes"), "{printed}");
        for hidden in ["example", "secret", "c2VjcmV0", "115, 101"] {
            assert!(!printed.contains(hidden), "{printed}");
        }
    }

    #[test]
    fn the_longest_answer_is_read() {
        let id = crate::RequestId::parse("0123456789abcdef").unwrap();
        let answer = FromHost::ValidationData {
            id,
            data: LongBytes(vec![7; MAX_LONG]),
            origin: DataOrigin::Network,
            authority: None,
            failed: Vec::new(),
        };
        let text = serde_json::to_string(&answer).unwrap();
        assert_eq!(serde_json::from_str::<FromHost>(&text).unwrap(), answer);
        assert!(LongBytes::try_from(encode_base64(&vec![7; MAX_LONG + 3])).is_err());
    }
}
