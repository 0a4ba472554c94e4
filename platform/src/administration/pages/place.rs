//! Where the administration is served.

use std::{io, net::SocketAddr};

use bitaqa_protocol::Origin;
use serde::Deserialize;
use tokio::net::TcpListener;

/// An address of its own, and what browsers see of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Where it is served.
    pub listen: SocketAddr,
    /// The origin that browsers see; that of `listen` if there is none.
    origin: Option<Origin>,
}

impl Place {
    /// Whether browsers find it: without an origin, those of the same computer do.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        self.origin.is_some() || self.listen.ip().is_loopback()
    }

    /// Listens there.
    ///
    /// # Errors
    /// It cannot.
    pub async fn bind(&self) -> io::Result<(TcpListener, Origin)> {
        let listener = TcpListener::bind(self.listen).await?;
        let origin = match &self.origin {
            Some(origin) => origin.clone(),
            None => Origin::parse(&format!("http://{}", listener.local_addr()?)).map_err(io::Error::other)?,
        };
        Ok((listener, origin))
    }
}
