//! Validation data from the network: answers about revocation, issuers' certificates, time stamps, trusted lists.
//!
//! Documents and certificates say where such data is, and anybody can make a document. So this crate is a gate before it is a
//! client:
//!
//! - An address has to stand in a certificate or list that the caller sends along, in the administrator's configuration, or on
//!   the command line ([`permitted`]), and is good for one kind of data.
//! - Nothing but a question to a responder or to a time-stamp authority is sent ([`question`]), and what the platform tells those who
//!   registered for it ([`notice`]), without cookies, credentials or proxies.
//! - Connections go to public addresses only, on the ports 80 and 443. This is checked on the address that is connected to,
//!   after the name was looked up, and again at each of at most three redirects. The administrator may name exceptions
//!   ([`configuration`]).
//! - Ten seconds and ten mebibytes are the most that a fetch takes; a server that drips does not make it longer.
//! - Documents that portals publish for the platform come from an operator's address, over TLS and of 64 KiB at most ([`mod@document`]).
//! - The answer has the media type and the shape of its kind ([`kind`]). It is **not** verified: whoever asked does that.
//!
//! ```
//! use bitaqa_fetch::{Client, Kind, NotPermitted, PermittedUrl, Request, Source, fetch};
//! use bitaqa_trust::Certificate;
//!
//! fn revocation_list(client: &Client, certificate: &Certificate) -> Option<Vec<u8>> {
//!     let addresses = PermittedUrl::all_in(Kind::Crl, &Source::Certificate(certificate));
//!     addresses.iter().find_map(|url| Some(fetch(client, url, &Request::Crl).ok()?.body))
//! }
//!
//! // what another program asks for
//! fn asked(client: &Client, url: &str, along: &[Source<'_>]) -> Result<PermittedUrl, NotPermitted> {
//!     PermittedUrl::find(Kind::TrustedList, url, along, client.configuration())
//! }
//! ```
//!
//! | module | what it does | source |
//! |---|---|---|
//! | [`kind`] | what can be fetched, media types, sizes | RFC 2585, RFC 3161, RFC 6960, TS 119 612 |
//! | [`url`] | addresses, read strictly | RFC 3986 |
//! | [`source`] | addresses in certificates and lists | RFC 5280 |
//! | [`permitted`] | the gate | |
//! | [`configuration`] | the administrator's word | |
//! | [`address`] | which IP addresses are public | RFC 6890 |
//! | [`question`] | what may be sent | RFC 6960, RFC 3161 |
//! | [`client`] | from address to answer | |
//! | [`notice`] | messages of the platform to portals, under the same guard | OpenID Connect Back-Channel Logout |
//! | [`document()`] | what a portal publishes for the platform, under the same guard and over TLS | RFC 7517, OpenID Connect Core |
//! | [`http`] | the protocol | RFC 9110, RFC 9112 |
//! | [`resolver`], [`deadline`], [`secure`] | names, time, TLS | |
//! | [`certificates`], [`trusted_list`] | what is read of answers | RFC 5652, TS 119 612 |
//! | [`user_folder`], [`cache`] | what is kept | |
//! | [`time_stamp_authority`] | authorities one after the other, and how often | RFC 3161 |
#![forbid(unsafe_code)]

pub mod address;
pub mod cache;
pub mod certificates;
pub mod client;
pub mod configuration;
pub mod deadline;
pub mod document;
pub mod error;
pub mod http;
pub mod kind;
pub mod notice;
pub mod permitted;
pub mod question;
pub mod resolver;
pub mod secure;
pub mod source;
pub mod time_stamp_authority;
pub mod trusted_list;
pub mod url;
pub mod user_folder;

mod answer;
mod connection;
mod quota;

pub use certificates::certificates_of;
pub use client::{Client, Origin, Response, fetch, fetch_newest};
pub use configuration::Configuration;
pub use deadline::TimeLimits;
pub use document::{Document, Fetched, document};
pub use error::FetchError;
pub use kind::Kind;
pub use notice::{Reach, notify};
pub use permitted::{NotPermitted, PermittedUrl};
pub use question::Request;
pub use resolver::Resolve;
pub use secure::TlsAuthorities;
pub use source::Source;
pub use time_stamp_authority::{NoTimeStamp, TimeStampAuthority, time_stamp};
pub use user_folder::UserFolder;
