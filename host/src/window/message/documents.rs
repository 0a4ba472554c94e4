//! The questions about documents: what is signed, and which certificates a site receives.

use serde::{Deserialize, Serialize};

use super::Disclosed;

/// What is signed after this PIN.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentsShown {
    /// How the host knows the digests.
    pub seen: HowSeen,
    /// The documents; at least one.
    pub documents: Vec<DocumentShown>,
    /// The number of the one document that this PIN is for, from 1, where the card wants it again for each.
    pub number: Option<u32>,
    /// How many documents are signed in all.
    pub total: u32,
}

/// How the host knows digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HowSeen {
    /// It found them in the bytes that are signed.
    Found,
    /// The site gave them; this computer cannot see what they are of.
    Given,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentShown {
    /// What the site calls it.
    pub name: String,
    /// What is signed of it.
    pub digests: Vec<DigestShown>,
}

/// A digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DigestShown {
    /// What the bytes to be signed call the thing that it is of, where they name it.
    pub of: Option<String>,
    /// Which hash made it.
    pub hash: String,
    /// In lower-case hexadecimal digits.
    pub value: String,
}

/// The question before a site receives certificates for documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CertificatesQuestion {
    /// Which question of this window it is; the answer says it.
    pub serial: u32,
    /// Name of the holder.
    pub holder: String,
    /// What the site will receive.
    pub discloses: Vec<Disclosed>,
}
