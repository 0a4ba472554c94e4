//! A connection whose every step is timed, in the clear or over TLS.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, SocketAddr, TcpStream},
    sync::Arc,
};

use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};

use crate::{deadline::Deadline, url::Host};

/// A TCP connection that waits no longer than there is time.
#[derive(Debug)]
pub(crate) struct TimedStream {
    tcp: TcpStream,
    deadline: Deadline,
}

impl TimedStream {
    /// Connects to the first of these addresses that takes the connection.
    pub(crate) fn connect(addresses: &[IpAddr], port: u16, deadline: Deadline) -> io::Result<Self> {
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in addresses {
            match TcpStream::connect_timeout(&SocketAddr::new(*address, port), deadline.to_connect()?) {
                Ok(tcp) => {
                    // the one that was looked at, and no other
                    if tcp.peer_addr()?.ip() != *address {
                        return Err(io::ErrorKind::AddrNotAvailable.into());
                    }
                    tcp.set_nodelay(true)?;
                    return Ok(Self { tcp, deadline });
                }
                Err(error) => last = error,
            }
        }
        deadline.left()?;
        Err(last)
    }
}

impl Read for TimedStream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.tcp.set_read_timeout(Some(self.deadline.to_step()?))?;
        self.tcp.read(buffer)
    }
}

impl Write for TimedStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.tcp.set_write_timeout(Some(self.deadline.to_step()?))?;
        self.tcp.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.tcp.flush()
    }
}

/// What a question goes over.
pub(crate) enum Connection {
    Plain(TimedStream),
    Tls(Box<StreamOwned<ClientConnection, TimedStream>>),
}

impl Connection {
    /// Begins TLS; the host proves its name with the first bytes that are read or written.
    pub(crate) fn secure(
        stream: TimedStream,
        host: &Host,
        configuration: &Arc<ClientConfig>,
    ) -> io::Result<Self> {
        let name = match host {
            Host::Address(address) => ServerName::from(*address),
            Host::Name(name) => {
                ServerName::try_from(name.clone()).map_err(|_| io::ErrorKind::InvalidInput)?
            }
        };
        let session = ClientConnection::new(Arc::clone(configuration), name)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(Self::Tls(Box::new(StreamOwned::new(session, stream))))
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.read(buffer),
        }
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.flush(),
        }
    }
}
