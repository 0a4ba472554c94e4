//! The gate: which addresses may be fetched from at all.
//!
//! Who asks for a fetch (a page's extension, a document) is not believed about addresses. An address comes from something that
//! stands for it: a certificate or list that the caller sends along and that is read here, the administrator's configuration,
//! or the command line that the person typed. A [`PermittedUrl`] cannot be made in another way.

use crate::{
    configuration::Configuration,
    kind::Kind,
    source::Source,
    url::{Host, Url, UrlFault},
};

/// An address that may be fetched from, for one kind of data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PermittedUrl {
    url: Url,
    kind: Kind,
    word: Word,
}

/// On whose word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Word {
    /// It was found in something that anybody may have made.
    Found,
    /// The administrator's or the person's, who may mean their own network.
    Named,
}

impl PermittedUrl {
    /// An address that stands in something that the caller sends along, or in the configuration for this kind.
    ///
    /// # Errors
    /// [`NotPermitted`]: it stands in none of them, or cannot be used.
    pub fn find(
        kind: Kind,
        url: &str,
        sources: &[Source<'_>],
        configuration: &Configuration,
    ) -> Result<Self, NotPermitted> {
        if let Some(configured) = configuration.sources(kind).iter().find(|known| known.to_string() == url) {
            return Ok(configured.clone());
        }
        if !sources.iter().any(|source| source.addresses(kind).iter().any(|known| known == url)) {
            return Err(NotPermitted::NotFound { kind });
        }
        Ok(Self { url: Url::parse(url)?, kind, word: Word::Found })
    }

    /// Every usable address for a kind that stands in something that the caller sends along.
    #[must_use]
    pub fn all_in(kind: Kind, source: &Source<'_>) -> Vec<Self> {
        let urls = source.addresses(kind).into_iter().filter_map(|text| Url::parse(&text).ok());
        urls.map(|url| Self { url, kind, word: Word::Found }).collect()
    }

    /// An address that the person wrote on a command line of this program. It may lie in their own network.
    ///
    /// Only a command line may call this, with what stood on it and with nothing that a document or message said.
    ///
    /// # Errors
    /// [`NotPermitted::Url`].
    pub fn from_command_line(kind: Kind, url: &str) -> Result<Self, NotPermitted> {
        Ok(Self { url: Url::parse(url)?, kind, word: Word::Named })
    }

    /// One that stands in the configuration.
    pub(crate) fn configured(kind: Kind, url: Url) -> Self {
        Self { url, kind, word: Word::Named }
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What may be fetched from it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether the administrator or the person named this host.
    pub(crate) fn names_host(&self, host: &Host) -> bool {
        self.word == Word::Named && self.url.host() == host
    }
}

impl std::fmt::Display for PermittedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.url.fmt(f)
    }
}

/// Why an address may not be fetched from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotPermitted {
    /// It stands nowhere.
    #[error("the address stands, as one for {kind}, neither in what was sent along nor in the configuration")]
    NotFound {
        /// What for.
        kind: Kind,
    },
    /// It cannot be used.
    #[error(transparent)]
    Url(#[from] UrlFault),
}

impl NotPermitted {
    /// Its code, which does not change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "fetch-not-permitted",
            Self::Url(_) => "fetch-url-malformed",
        }
    }
}
