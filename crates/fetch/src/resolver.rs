//! From names to addresses.

use std::{
    io,
    net::{IpAddr, ToSocketAddrs as _},
    sync::{Arc, mpsc},
    thread,
};

use crate::deadline::Deadline;

/// Most addresses of a name that are looked at.
const MAX_ADDRESSES: usize = 16;

/// Finds the addresses of a name.
pub trait Resolve: Send + Sync {
    /// The addresses of a name, the best first. It may take its time: who asks does not wait longer than it has to.
    ///
    /// # Errors
    /// Whatever the system says.
    fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        Ok((name, 0).to_socket_addrs()?.map(|address| address.ip()).collect())
    }
}

/// Asks a resolver, but waits no longer than there is time. A resolver that hangs is left to end by itself.
pub(crate) fn look_up(
    resolver: &Arc<dyn Resolve>,
    name: &str,
    deadline: Deadline,
) -> io::Result<Vec<IpAddr>> {
    let (answer, answered) = mpsc::channel();
    let (resolver, name) = (Arc::clone(resolver), name.to_owned());
    thread::Builder::new().name("resolver".to_owned()).spawn(move || {
        // nobody waits any more where this fails
        let _ = answer.send(resolver.resolve(&name));
    })?;
    let mut addresses =
        answered.recv_timeout(deadline.left()?).map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    addresses.truncate(MAX_ADDRESSES);
    Ok(addresses)
}
