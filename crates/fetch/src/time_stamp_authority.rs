//! Time-stamp authorities: one after the other until one answers.
//!
//! No authority is logged in to: credentials in the configuration would be read by every program on the computer. An authority
//! that wants some belongs behind a gateway of the own network.

use std::{fmt, io};

use crate::{
    client::{Client, fetch},
    error::FetchError,
    kind::Kind,
    permitted::{NotPermitted, PermittedUrl},
    question::Request,
    quota::{self, Counted},
};

/// An authority that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStampAuthority {
    name: String,
    url: PermittedUrl,
    requests_per_day: Option<u32>,
}

impl TimeStampAuthority {
    pub(crate) fn new(name: String, url: PermittedUrl, requests_per_day: Option<u32>) -> Self {
        Self { name, url, requests_per_day }
    }

    /// One that the person wrote on a command line ([`PermittedUrl::from_command_line`]); its name is its host.
    ///
    /// # Errors
    /// [`NotPermitted::Url`].
    pub fn from_command_line(url: &str) -> Result<Self, NotPermitted> {
        let url = PermittedUrl::from_command_line(Kind::TimeStamp, url)?;
        Ok(Self { name: url.url().host().to_string(), url, requests_per_day: None })
    }

    /// What the administrator calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &PermittedUrl {
        &self.url
    }

    /// How often it may be asked on one day; none where it does not matter.
    #[must_use]
    pub fn requests_per_day(&self) -> Option<u32> {
        self.requests_per_day
    }

    fn ask(&self, client: &Client, request: &Request) -> Result<Vec<u8>, AttemptFault> {
        if let Some(most) = self.requests_per_day {
            let folder = client.folder().ok_or(AttemptFault::NotCounted(io::ErrorKind::NotFound))?;
            match quota::count(folder, self.url.url(), most, client.now()) {
                Ok(Counted::MayAsk) => {}
                Ok(Counted::Spent) => return Err(AttemptFault::QuotaSpent { most }),
                Err(error) => return Err(AttemptFault::NotCounted(error.kind())),
            }
        }
        Ok(fetch(client, &self.url, request)?.body)
    }
}

/// A time stamp, and who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped<'a, T> {
    /// The authority.
    pub authority: &'a TimeStampAuthority,
    /// What `accept` made of its answer.
    pub token: T,
    /// The authorities that were asked before, in vain.
    pub failed: Vec<Attempt>,
}

/// Asks authorities in their order until the answer of one is accepted. `question` is DER of a `TimeStampReq`; `accept` gets
/// DER of a `TimeStampResp` and says whether it answers the question: its status, imprint, nonce and signature.
///
/// # Errors
/// [`NoTimeStamp`]: no authority is given, or all of them failed.
pub fn time_stamp<'a, T, E: fmt::Display>(
    client: &Client,
    authorities: &'a [TimeStampAuthority],
    question: &[u8],
    mut accept: impl FnMut(&TimeStampAuthority, &[u8]) -> Result<T, E>,
) -> Result<Stamped<'a, T>, NoTimeStamp> {
    let request = Request::TimeStamp(question.to_vec());
    let mut failed = Vec::new();
    for authority in authorities {
        let accepted = authority.ask(client, &request).and_then(|answer| {
            accept(authority, &answer).map_err(|error| AttemptFault::NotAccepted(error.to_string()))
        });
        match accepted {
            Ok(token) => return Ok(Stamped { authority, token, failed }),
            Err(fault) => failed.push(Attempt { authority: authority.name.clone(), fault }),
        }
    }
    Err(NoTimeStamp { failed })
}

/// An authority that was asked in vain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{authority}: {fault}")]
pub struct Attempt {
    /// Its name.
    pub authority: String,
    /// What happened.
    pub fault: AttemptFault,
}

/// Why an authority gave no time stamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttemptFault {
    /// Nothing came, or nothing that is an answer.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// It was asked as often today as the configuration permits.
    #[error("it was asked {most} times today, which is all that the configuration permits")]
    QuotaSpent {
        /// How often.
        most: u32,
    },
    /// It may be asked only so often, and that cannot be counted.
    #[error("how often it was asked today cannot be counted: {0}")]
    NotCounted(io::ErrorKind),
    /// The answer does not answer the question.
    #[error("its answer was not accepted: {0}")]
    NotAccepted(String),
}

impl AttemptFault {
    /// Its code, which does not change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Fetch(error) => error.code(),
            Self::QuotaSpent { .. } => "fetch-quota-spent",
            Self::NotCounted(_) => "fetch-quota-not-counted",
            Self::NotAccepted(_) => "fetch-time-stamp-not-accepted",
        }
    }
}

/// No authority gave a time stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoTimeStamp {
    /// Those that were asked, in their order; empty if none was given.
    pub failed: Vec<Attempt>,
}

impl fmt::Display for NoTimeStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.failed.is_empty() {
            return f.write_str("no time-stamp authority is configured");
        }
        f.write_str("no time-stamp authority gave a time stamp")?;
        self.failed.iter().try_for_each(|attempt| write!(f, "; {attempt}"))
    }
}

impl std::error::Error for NoTimeStamp {}
