//! The description that a pack is made from: its JSON with times as people write them, and with files in place of what they hold.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use bitaqa_jose::{PublicJwk, json};
use bitaqa_protocol::{encode_base64, statement::IssuerId};
use bitaqa_trust::{
    issuer_profile_file, pem_bundle,
    trust_pack::{
        DocumentAuthorities, IssuerKey, OriginPattern, PackContents, PackName, StatementIssuer, StatusSource,
        contents::{ProfileFiles, SCHEMA},
    },
};
use serde::Deserialize;

use super::TrustFault;
use crate::{bounded_file, key, moment::WrittenTime, trust_files};

/// Most bytes of a description.
const MAX_LENGTH: usize = 1024 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    name: PackName,
    version: u64,
    issued: Option<WrittenTime>,
    expires: WrittenTime,
    #[serde(default)]
    test: bool,
    #[serde(default)]
    signers: Vec<Key>,
    #[serde(default)]
    statement_issuers: Vec<Issuer>,
    /// Files or folders of certificates.
    #[serde(default)]
    csca: Vec<PathBuf>,
    /// A file of issuer profiles.
    issuer_profiles: Option<PathBuf>,
    #[serde(default)]
    status_sources: Vec<StatusSource>,
    documents: Option<Documents>,
}

/// Files or folders of certificates.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Documents {
    #[serde(default)]
    signers: Vec<PathBuf>,
    #[serde(default)]
    time_stamp_authorities: Vec<PathBuf>,
    #[serde(default)]
    list_signers: Vec<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issuer {
    iss: IssuerId,
    keys: Vec<KeyEntry>,
    origins: Vec<OriginPattern>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    jwk: Key,
    not_before: WrittenTime,
    not_after: WrittenTime,
    revoked: Option<WrittenTime>,
}

/// A key, or the file that holds it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Key {
    File(PathBuf),
    Inline(Box<PublicJwk>),
}

impl Key {
    fn read(&self, folder: &Path) -> Result<PublicJwk, TrustFault> {
        match self {
            Self::File(path) => Ok(key::public(&folder.join(path))?),
            Self::Inline(key) => Ok(PublicJwk::clone(key)),
        }
    }
}

/// Reads a description; files in it stand beside it. What it leaves open: made now, and only the signer signs the successor.
pub(super) fn read(path: &Path, signer: &PublicJwk, now: u64) -> Result<PackContents, TrustFault> {
    let bytes = bounded_file::read(path, MAX_LENGTH)?;
    let description: Description =
        json::from_slice(&bytes).map_err(|error| TrustFault::Description(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let issuers = description.statement_issuers.iter().map(|issuer| issuer.read(folder));
    let mut signers =
        description.signers.iter().map(|key| key.read(folder)).collect::<Result<Vec<_>, _>>()?;
    if signers.is_empty() {
        signers.push(signer.clone());
    }
    Ok(PackContents {
        schema: SCHEMA,
        name: description.name,
        version: description.version,
        issued: description.issued.map_or(now, |time| time.0),
        expires: description.expires.0,
        test: description.test,
        signers,
        statement_issuers: issuers.collect::<Result<_, _>>()?,
        csca_certificates: certificates(folder, &description.csca)?,
        issuer_profiles: description
            .issuer_profiles
            .map(|path| profile_files(&folder.join(path)))
            .transpose()?,
        status_sources: description.status_sources,
        documents: description.documents.map(|documents| documents.read(folder)).transpose()?,
    })
}

/// Certificates of files and folders, DER in base64.
fn certificates(folder: &Path, paths: &[PathBuf]) -> Result<Vec<String>, TrustFault> {
    let mut all = Vec::new();
    for path in paths {
        let certificates = trust_files::certificates(&folder.join(path))?;
        all.extend(certificates.iter().map(|certificate| encode_base64(certificate.der())));
    }
    Ok(all)
}

impl Documents {
    fn read(&self, folder: &Path) -> Result<DocumentAuthorities, TrustFault> {
        Ok(DocumentAuthorities {
            signers: certificates(folder, &self.signers)?,
            time_stamp_authorities: certificates(folder, &self.time_stamp_authorities)?,
            list_signers: certificates(folder, &self.list_signers)?,
        })
    }
}

impl Issuer {
    fn read(&self, folder: &Path) -> Result<StatementIssuer, TrustFault> {
        let keys = self.keys.iter().map(|entry| {
            Ok(IssuerKey {
                jwk: entry.jwk.read(folder)?,
                not_before: entry.not_before.0,
                not_after: entry.not_after.0,
                revoked: entry.revoked.map(|time| time.0),
            })
        });
        Ok(StatementIssuer {
            iss: self.iss.clone(),
            keys: keys.collect::<Result<_, TrustFault>>()?,
            origins: self.origins.clone(),
        })
    }
}

/// A profile file with all files that it names.
fn profile_files(path: &Path) -> Result<ProfileFiles, TrustFault> {
    let profiles = bounded_file::read_text(path, issuer_profile_file::MAX_LENGTH)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut files = BTreeMap::new();
    let read = |name: &str| {
        let bytes =
            bounded_file::read(&folder.join(name), pem_bundle::MAX_LENGTH).map_err(|fault| fault.error)?;
        files.insert(name.to_owned(), encode_base64(&bytes));
        Ok(bytes)
    };
    bitaqa_trust::IssuerProfiles::parse(&profiles, read)
        .map_err(|error| TrustFault::Description(format!("{}: {error}", path.display())))?;
    Ok(ProfileFiles { profiles, files })
}
