//! Stands between the platform and PostgreSQL and counts what passes (PostgreSQL documentation, section 55.7).

use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use crate::BenchError;

/// Longest message that is passed on.
const MAX_MESSAGE: usize = 1024 * 1024;

/// What clients sent.
#[derive(Default)]
pub(crate) struct Counts {
    /// Executed portals and simple queries, `BEGIN` and `COMMIT` among them.
    statements: AtomicU64,
    /// Times that a client waited for an answer.
    round_trips: AtomicU64,
}

impl Counts {
    pub(crate) fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    pub(crate) fn round_trips(&self) -> u64 {
        self.round_trips.load(Ordering::Relaxed)
    }
}

/// Starts one in front of a server on loopback; gives its port. Ends with the process.
pub(crate) fn start(server: u16) -> Result<(u16, Arc<Counts>), BenchError> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let counts = Arc::new(Counts::default());
    let shared = Arc::clone(&counts);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let counts = Arc::clone(&shared);
            thread::spawn(move || relay(client, server, &counts));
        }
    });
    Ok((port, counts))
}

fn relay(client: TcpStream, server: u16, counts: &Counts) -> io::Result<()> {
    let server = TcpStream::connect(("127.0.0.1", server))?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut answers, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut answers, &mut to_client));
    let (mut client, mut server) = (client, server);
    // what begins a connection has no kind; a client that asks for TLS says so in such a message, too, and is told no
    let mut is_started = false;
    loop {
        let mut message = Vec::new();
        if is_started {
            message.resize(1, 0);
            client.read_exact(&mut message)?;
        }
        let kind = message.first().copied();
        let mut length = [0; 4];
        client.read_exact(&mut length)?;
        message.extend_from_slice(&length);
        let rest = (u32::from_be_bytes(length) as usize).checked_sub(4).filter(|rest| *rest <= MAX_MESSAGE);
        let rest = rest.ok_or(io::ErrorKind::InvalidData)?;
        let mut body = vec![0; rest];
        client.read_exact(&mut body)?;
        message.extend_from_slice(&body);
        match kind {
            Some(b'E') => _ = counts.statements.fetch_add(1, Ordering::Relaxed),
            Some(b'S') => _ = counts.round_trips.fetch_add(1, Ordering::Relaxed),
            Some(b'Q') => {
                counts.statements.fetch_add(1, Ordering::Relaxed);
                counts.round_trips.fetch_add(1, Ordering::Relaxed);
            }
            // version 3.0 is the start itself
            None => is_started = body.starts_with(&[0, 3, 0, 0]),
            Some(_) => {}
        }
        server.write_all(&message)?;
    }
}
