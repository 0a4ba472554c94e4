//! The administrator's configuration, `validation.toml`.
//!
//! It lets this computer speak to hosts inside its own network, so only a file that nobody but root can write is read. Its
//! place is fixed; no variable, option or setting moves it.
//!
//! | system | folder |
//! |---|---|
//! | Linux | `/etc/bitaqa` |
//! | macOS | `/Library/Application Support/Bitaqa` |
//!
//! ```toml
//! schema = 1
//!
//! [[host]]                                # a host that may lie inside the own network, or be spoken to on other ports
//! name = "ocsp.interior.example"
//! private_address = true
//! ports = [8080]                          # beside 80 and 443
//!
//! [[source]]                              # an address that may be fetched from though no certificate names it
//! kind = "trusted-list"                   # ocsp, crl, issuer-certificate, trusted-list
//! url = "https://lists.example/list.xml"
//!
//! [[time_stamp_authority]]                # the first that answers is used
//! name = "Example time stamps"
//! url = "https://tsa.example/stamp"
//! requests_per_day = 200                  # left out: as many as are needed
//! ```

use std::{ffi::OsStr, path::Path};

use bitaqa_root_folder::{FaultReason, FolderFault, RootFolder};
use serde::Deserialize;

use crate::{
    kind::Kind,
    permitted::PermittedUrl,
    time_stamp_authority::TimeStampAuthority,
    url::{Host, Url, UrlFault},
};

/// Where the file is.
#[cfg(not(target_os = "macos"))]
pub const FOLDER: &str = "/etc/bitaqa";
/// Where the file is.
#[cfg(target_os = "macos")]
pub const FOLDER: &str = "/Library/Application Support/Bitaqa";

/// The file's name.
pub const FILE: &str = "validation.toml";

/// Longest file, in bytes.
pub const MAX_LENGTH: usize = 64 * 1024;
/// Most entries of each kind.
pub const MAX_ENTRIES: usize = 64;
/// Most time-stamp authorities: each that fails costs the person its time.
pub const MAX_AUTHORITIES: usize = 8;
/// Longest name of an authority, in characters.
const MAX_NAME: usize = 100;
/// The schema that this version reads.
pub const SCHEMA: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    #[serde(default, rename = "host")]
    hosts: Vec<HostEntry>,
    #[serde(default, rename = "source")]
    sources: Vec<SourceEntry>,
    #[serde(default, rename = "time_stamp_authority")]
    authorities: Vec<AuthorityEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HostEntry {
    name: String,
    #[serde(default)]
    private_address: bool,
    #[serde(default)]
    ports: Vec<u16>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceEntry {
    kind: Kind,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AuthorityEntry {
    name: String,
    url: String,
    requests_per_day: Option<u32>,
}

/// What the administrator says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configuration {
    hosts: Vec<NamedHost>,
    sources: Vec<PermittedUrl>,
    authorities: Vec<TimeStampAuthority>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct NamedHost {
    host: Host,
    private_address: bool,
    ports: Vec<u16>,
}

impl Configuration {
    /// Reads the file of this computer. One that is not there says nothing.
    ///
    /// # Errors
    /// [`FolderFault`]: somebody else could have written it, or it cannot be read. It is not used then, and not in part.
    pub fn of_this_computer() -> Result<Self, FolderFault> {
        RootFolder::open(Path::new(FOLDER))?
            .map_or_else(|| Ok(Self::default()), |folder| Self::in_folder(&folder))
    }

    /// Reads the file in a folder. One that is not there says nothing.
    ///
    /// # Errors
    /// As [`of_this_computer`](Self::of_this_computer).
    pub fn in_folder(folder: &RootFolder) -> Result<Self, FolderFault> {
        let name = OsStr::new(FILE);
        let bytes = match folder.read(name, MAX_LENGTH) {
            Ok(bytes) => bytes,
            Err(FaultReason::System(std::io::ErrorKind::NotFound)) => return Ok(Self::default()),
            Err(reason) => return Err(folder.fault_in(name, reason)),
        };
        let text = String::from_utf8(bytes).map_err(|_| folder.fault_in(name, FaultReason::NotUtf8))?;
        Self::from_toml(&text).map_err(|fault| folder.fault_in(name, FaultReason::Content(fault.to_string())))
    }

    /// Reads the text of the file. Whoever calls this vouches for who wrote it.
    ///
    /// # Errors
    /// [`ConfigurationFault`].
    pub fn from_toml(text: &str) -> Result<Self, ConfigurationFault> {
        if text.len() > MAX_LENGTH {
            return Err(ConfigurationFault::TooLong);
        }
        let file: File = toml::from_str(text).map_err(|error| ConfigurationFault::Toml(error.to_string()))?;
        if file.schema != SCHEMA {
            return Err(ConfigurationFault::Schema { schema: file.schema });
        }
        if file.hosts.len().max(file.sources.len()) > MAX_ENTRIES || file.authorities.len() > MAX_AUTHORITIES
        {
            return Err(ConfigurationFault::TooMany);
        }
        Ok(Self {
            hosts: file.hosts.into_iter().map(HostEntry::read).collect::<Result<_, _>>()?,
            sources: file.sources.into_iter().map(SourceEntry::read).collect::<Result<_, _>>()?,
            authorities: file.authorities.into_iter().map(AuthorityEntry::read).collect::<Result<_, _>>()?,
        })
    }

    /// The addresses that the administrator names for a kind, without those of time-stamp authorities.
    #[must_use]
    pub fn sources(&self, kind: Kind) -> Vec<PermittedUrl> {
        self.sources.iter().filter(|source| source.kind() == kind).cloned().collect()
    }

    /// The time-stamp authorities, the preferred first.
    #[must_use]
    pub fn time_stamp_authorities(&self) -> &[TimeStampAuthority] {
        &self.authorities
    }

    /// Whether a host may have an address that is not public.
    pub(crate) fn permits_private_address(&self, host: &Host) -> bool {
        self.hosts.iter().any(|named| named.host == *host && named.private_address)
    }

    /// Whether a host may be spoken to on this port.
    pub(crate) fn permits_port(&self, host: &Host, port: u16) -> bool {
        self.hosts.iter().any(|named| named.host == *host && named.ports.contains(&port))
    }
}

impl HostEntry {
    fn read(self) -> Result<NamedHost, ConfigurationFault> {
        let host =
            Host::parse(&self.name).map_err(|fault| ConfigurationFault::Url { text: self.name, fault })?;
        Ok(NamedHost { host, private_address: self.private_address, ports: self.ports })
    }
}

impl SourceEntry {
    fn read(self) -> Result<PermittedUrl, ConfigurationFault> {
        if self.kind == Kind::TimeStamp {
            return Err(ConfigurationFault::TimeStampSource);
        }
        Ok(PermittedUrl::configured(self.kind, read_url(self.url)?))
    }
}

impl AuthorityEntry {
    fn read(self) -> Result<TimeStampAuthority, ConfigurationFault> {
        let is_name = self.name.chars().count() <= MAX_NAME && !self.name.trim().is_empty();
        if !is_name || self.name.chars().any(char::is_control) {
            return Err(ConfigurationFault::Name);
        }
        let url = PermittedUrl::configured(Kind::TimeStamp, read_url(self.url)?);
        Ok(TimeStampAuthority::new(self.name, url, self.requests_per_day))
    }
}

fn read_url(text: String) -> Result<Url, ConfigurationFault> {
    Url::parse(&text).map_err(|fault| ConfigurationFault::Url { text, fault })
}

/// What is wrong with the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationFault {
    /// More than [`MAX_LENGTH`] bytes.
    #[error("it has more than {MAX_LENGTH} bytes")]
    TooLong,
    /// Not TOML, or not what the file has.
    #[error("{0}")]
    Toml(String),
    /// Another schema.
    #[error("its schema is {schema}; this version reads {SCHEMA}")]
    Schema {
        /// Which.
        schema: u32,
    },
    /// Too many entries.
    #[error(
        "it has more than {MAX_ENTRIES} entries of a kind, or more than {MAX_AUTHORITIES} time-stamp authorities"
    )]
    TooMany,
    /// An address or a host that cannot be used.
    #[error("{text}: {fault}")]
    Url {
        /// What stands there.
        text: String,
        /// Why not.
        fault: UrlFault,
    },
    /// A time-stamp authority among the sources.
    #[error("an authority for time stamps belongs under [[time_stamp_authority]]")]
    TimeStampSource,
    /// An authority's name.
    #[error(
        "the name of an authority is empty, longer than {MAX_NAME} characters, or has control characters"
    )]
    Name,
}
