//! A message to a server that an operator registered, of whose answer the status alone counts (OpenID Connect Back-Channel Logout
//! section 2.5).
//!
//! The address is the operator's word, with its port; the guard about what it leads to is that of all fetches, and no redirect is
//! followed.

use std::{io::BufReader, net::IpAddr};

use crate::{
    address::{self, Special},
    client::{Client, dial, of_fault, of_io, public},
    deadline::Deadline,
    error::FetchError,
    http,
    url::{Host, Url},
};

/// What the message is.
const FORM: &str = "application/x-www-form-urlencoded";

/// Where a message may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// To public addresses.
    Public,
    /// To this computer as well: for those who try things out.
    PublicAndLoopback,
}

/// Posts a form. Blocks, at most as long as the client's time limits say.
///
/// # Errors
/// [`FetchError`]: it may not go there, nobody took it, or the answer is anything but success.
pub fn notify(client: &Client, url: &Url, reach: Reach, form: &[u8]) -> Result<(), FetchError> {
    let deadline = Deadline::begin(client.limits());
    let host = url.host().to_string();
    let addresses = reached(url.host(), client.addresses(url.host(), deadline)?, reach)?;
    let mut connection = client.speak(dial(url.host(), url.port(), &addresses, deadline)?, url)?;
    http::send(&mut connection, url, "*/*", Some((FORM, form))).map_err(|error| of_io(&error, &host))?;
    let head = http::read_head(&mut BufReader::new(connection)).map_err(|fault| of_fault(fault, &host))?;
    match head.status {
        200..=299 => Ok(()),
        status => Err(FetchError::Status { status }),
    }
}

/// Those of a host's addresses that a message may go to.
pub(crate) fn reached(host: &Host, addresses: Vec<IpAddr>, reach: Reach) -> Result<Vec<IpAddr>, FetchError> {
    let (loopback, others): (Vec<IpAddr>, Vec<IpAddr>) =
        addresses.into_iter().partition(|address| address::special(*address) == Some(Special::Loopback));
    match reach {
        Reach::PublicAndLoopback if !loopback.is_empty() => Ok(loopback),
        Reach::PublicAndLoopback => public(host, others),
        Reach::Public => public(host, [others, loopback].concat()),
    }
}
