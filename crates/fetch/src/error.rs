//! What can go wrong between a permitted address and an answer.

use std::{io, net::IpAddr};

use crate::{address::Special, kind::Kind, url::UrlFault};

/// Why nothing was fetched. The texts are for developers and administrators; the codes are stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The address is permitted for something else.
    #[error("the address is permitted for {permitted}, not for {asked}")]
    OtherKind {
        /// What for.
        permitted: Kind,
        /// What was asked.
        asked: Kind,
    },
    /// What should be sent is not such a question.
    #[error(
        "what should be sent is no {kind} question, or one of more than {} bytes",
        crate::question::MAX_LENGTH
    )]
    Question {
        /// Which question.
        kind: Kind,
    },
    /// A port that is not 80 or 443, and that the configuration does not name.
    #[error("port {port} of {host} is neither 80 nor 443, and the configuration does not name it")]
    Port {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// The name leads to no address.
    #[error("no address was found for the name {host}")]
    Name {
        /// The host.
        host: String,
    },
    /// The name leads to no address of the public internet.
    #[error("{host} has the address {address}, which is not public ({special})")]
    AddressNotPublic {
        /// The host.
        host: String,
        /// The address.
        address: IpAddr,
        /// What it is for.
        special: Special,
    },
    /// What is believed without a signature comes over TLS, or from this computer.
    #[error("{host} would be spoken to in the clear, and what it says is believed")]
    NotSecure {
        /// The host.
        host: String,
    },
    /// No address took the connection.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// The host.
        host: String,
        /// What the system says.
        reason: io::ErrorKind,
    },
    /// The host could not prove its name.
    #[error("no secure connection to {host}: {reason}")]
    Tls {
        /// The host.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The time was over.
    #[error("{host} took too long")]
    TooSlow {
        /// The host.
        host: String,
    },
    /// The connection ended before the answer did.
    #[error("the connection to {host} ended before the answer did")]
    Truncated {
        /// The host.
        host: String,
    },
    /// The connection broke.
    #[error("the connection to {host} broke: {reason}")]
    Broken {
        /// The host.
        host: String,
        /// What the system says.
        reason: io::ErrorKind,
    },
    /// Not an answer of HTTP.
    #[error("the answer is not one of HTTP: {fault}")]
    Http {
        /// What is wrong with it.
        fault: HttpFault,
    },
    /// Anything but success.
    #[error("the server answered with status {status}")]
    Status {
        /// The status (RFC 9110 section 15).
        status: u16,
    },
    /// More than [`MAX_REDIRECTS`](crate::client::MAX_REDIRECTS) of them.
    #[error("the server leads from address to address too often")]
    TooManyRedirects,
    /// A redirect that is not followed.
    #[error("the server leads to an address that is not used: {fault}")]
    Redirect {
        /// Why.
        fault: RedirectFault,
    },
    /// The answer is packed, which was not asked for.
    #[error("the answer is packed, which was not asked for")]
    Encoded,
    /// The answer is of another type.
    #[error("the answer is of the type {}, which is none of {kind}", received.as_deref().unwrap_or("(none)"))]
    MediaType {
        /// What was asked.
        kind: Kind,
        /// The answer's type, if it has one.
        received: Option<String>,
    },
    /// A document is of another type.
    #[error("the document is of the type {}, and should be JSON", received.as_deref().unwrap_or("(none)"))]
    DocumentType {
        /// Its type, if it has one.
        received: Option<String>,
    },
    /// The answer is longer than any of its kind.
    #[error("the answer is longer than {most} bytes")]
    TooLarge {
        /// Most bytes; at most [`MAX_ANSWER`](crate::kind::MAX_ANSWER).
        most: usize,
    },
    /// The answer is not what was asked for.
    #[error("the answer is no {kind}")]
    Answer {
        /// What was asked.
        kind: Kind,
    },
}

impl FetchError {
    /// Whether anybody heard the question.
    #[must_use]
    pub const fn was_reached(&self) -> bool {
        !matches!(
            self,
            Self::OtherKind { .. }
                | Self::Question { .. }
                | Self::Port { .. }
                | Self::Name { .. }
                | Self::AddressNotPublic { .. }
                | Self::NotSecure { .. }
                | Self::Unreachable { .. }
        )
    }

    /// Its code, which does not change.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OtherKind { .. } => "fetch-other-kind",
            Self::Question { .. } => "fetch-question-malformed",
            Self::Port { .. } => "fetch-port-not-permitted",
            Self::Name { .. } => "fetch-name-not-found",
            Self::AddressNotPublic { .. } => "fetch-address-not-public",
            Self::NotSecure { .. } => "fetch-not-secure",
            Self::Unreachable { .. } => "fetch-unreachable",
            Self::Tls { .. } => "fetch-tls-failed",
            Self::TooSlow { .. } => "fetch-too-slow",
            Self::Truncated { .. } => "fetch-truncated",
            Self::Broken { .. } => "fetch-connection-broken",
            Self::Http { .. } => "fetch-http-malformed",
            Self::Status { .. } => "fetch-status",
            Self::TooManyRedirects => "fetch-too-many-redirects",
            Self::Redirect { .. } => "fetch-redirect-refused",
            Self::Encoded => "fetch-encoded",
            Self::MediaType { .. } | Self::DocumentType { .. } => "fetch-media-type",
            Self::TooLarge { .. } => "fetch-too-large",
            Self::Answer { .. } => "fetch-answer-malformed",
        }
    }
}

/// What is wrong with an answer of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpFault {
    /// Longer than [`MAX_HEAD`](crate::http::MAX_HEAD), or more fields than [`MAX_FIELDS`](crate::http::MAX_FIELDS).
    #[error("its head is too long")]
    HeadTooLong,
    /// The head cannot be read.
    #[error("its head cannot be read")]
    Head,
    /// The length is no number, or stands there twice, or beside chunks.
    #[error("how long it is is not clear")]
    Length,
    /// Another transfer coding than `chunked`.
    #[error("it is sent in a way that was not asked for")]
    TransferCoding,
    /// A chunk cannot be read.
    #[error("its chunks cannot be read")]
    Chunk,
}

/// Why a redirect is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectFault {
    /// Without an address, or with two.
    #[error("no address is given, or more than one")]
    Location,
    /// The address cannot be used.
    #[error(transparent)]
    Url(#[from] UrlFault),
    /// From a secure connection to one in the clear.
    #[error("it leads from a secure connection to one in the clear")]
    Downgrade,
    /// To another host than the one that the person allowed to be asked.
    #[error("it leads to another host")]
    OtherHost,
    /// After a question, only 307 and 308 keep it (RFC 9110 section 15.4).
    #[error("it would lose the question")]
    LosesQuestion,
}
