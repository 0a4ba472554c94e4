//! Which certificate a site wants signed with, by what the certificate says of itself.

use serde::{Deserialize, Serialize};

/// Most characters of an object identifier.
pub(crate) const MAX_IDENTIFIER: usize = 128;

/// Which certificate a site wants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificateWanted {
    /// One that says of itself that it is qualified, with its key on a device for that (EN 319 412-5). Whether it is, only a
    /// trusted list tells.
    #[serde(default)]
    pub qualified: bool,
    /// What it says it is for.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub kind: Option<CertificateType>,
    /// Under whose law it says that it is qualified: two capital letters (ISO 3166-1), or `EU`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub legislation: Option<String>,
    /// A policy under which it was issued: an object identifier, in digits and dots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "codegen", ts(optional))]
    pub policy: Option<String>,
}

impl CertificateWanted {
    /// Whether law and policy are written as such are.
    pub(crate) fn is_well_formed(&self) -> bool {
        let is_country =
            |text: &String| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        let is_identifier = |text: &String| {
            text.len() <= MAX_IDENTIFIER
                && text.contains('.')
                && text.split('.').all(|arc| !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()))
        };
        self.legislation.as_ref().is_none_or(is_country) && self.policy.as_ref().is_none_or(is_identifier)
    }
}

/// What a certificate says it is for (`QcType`; EN 319 412-5 section 4.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "codegen", derive(ts_rs::TS, schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum CertificateType {
    /// Signatures of a person.
    Signature,
    /// Seals of an organisation.
    Seal,
}
