//! Stands between a program and PostgreSQL, speaks enough of its protocol (PostgreSQL documentation, chapter 55) to know where a
//! statement or transaction is done, and makes some of them fail there.
#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    collections::HashMap,
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// What happens instead of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// SQLSTATE 40001; nothing was done.
    Serialization,
    /// The connection ends, nothing was done.
    LostBefore,
    /// It was done, then the connection ends.
    LostAfter,
}

/// Runs until the test program ends.
pub(crate) struct FailingProxy {
    port: u16,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    seen: AtomicUsize,
    serialization: AtomicUsize,
    lost_before: AtomicUsize,
    lost_after: AtomicUsize,
}

impl FailingProxy {
    /// In front of a server; of all statements and commits about each seventh fails, or of so many times seven, by one of the faults in turn.
    pub(crate) fn start(server: u16, stretch: usize, faults: &'static [Fault]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let counts = Arc::clone(&shared);
                thread::spawn(move || {
                    let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
                    for stream in [&client, &server] {
                        stream.set_nodelay(true).unwrap();
                    }
                    // whoever ends a connection, the other side hears of it
                    let _ = Connection { client: &client, server: &server, counts, stretch, faults }.relay();
                    let _ = client.shutdown(Shutdown::Both);
                    let _ = server.shutdown(Shutdown::Both);
                });
            }
        });
        Self { port, counts }
    }

    /// The URL of a database, by way of the proxy and at the strictest level.
    pub(crate) fn url(&self, direct: &str) -> String {
        let (before, after) = direct.rsplit_once(':').unwrap();
        let (_, name) = after.split_once('/').unwrap();
        let options = "sslmode=disable&options[default_transaction_isolation]=serializable";
        format!("{before}:{}/{name}?{options}", self.port)
    }

    /// How often each fault was made.
    pub(crate) fn made(&self) -> [(Fault, usize); 3] {
        let of = |count: &AtomicUsize| count.load(Ordering::Relaxed);
        [
            (Fault::Serialization, of(&self.counts.serialization)),
            (Fault::LostBefore, of(&self.counts.lost_before)),
            (Fault::LostAfter, of(&self.counts.lost_after)),
        ]
    }
}

struct Connection<'a> {
    client: &'a TcpStream,
    server: &'a TcpStream,
    counts: Arc<Counts>,
    stretch: usize,
    faults: &'static [Fault],
}

/// A message with its first byte and length.
struct Message {
    kind: u8,
    bytes: Vec<u8>,
}

impl Message {
    fn read(mut from: &TcpStream) -> io::Result<Self> {
        let mut head = [0; 5];
        from.read_exact(&mut head)?;
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]) as usize;
        let mut bytes = head.to_vec();
        bytes.resize(length + 1, 0);
        from.read_exact(&mut bytes[5..])?;
        Ok(Self { kind: head[0], bytes })
    }

    fn body(&self) -> &[u8] {
        &self.bytes[5..]
    }

    fn write(&self, mut to: &TcpStream) -> io::Result<()> {
        to.write_all(&self.bytes)
    }
}

/// Text up to a zero byte, and what follows.
fn text(bytes: &[u8]) -> (String, &[u8]) {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap();
    (String::from_utf8(bytes[..end].to_vec()).unwrap(), &bytes[end + 1..])
}

impl Connection<'_> {
    fn relay(&self) -> io::Result<()> {
        self.start()?;
        let mut statements: HashMap<String, String> = HashMap::new();
        let mut is_in_transaction = false;
        loop {
            let mut group = vec![Message::read(self.client)?];
            while !matches!(group[group.len() - 1].kind, b'S' | b'Q' | b'X') {
                group.push(Message::read(self.client)?);
            }
            let mut executed = String::new();
            for message in &group {
                match message.kind {
                    b'P' => {
                        let (name, rest) = text(message.body());
                        statements.insert(name, text(rest).0);
                    }
                    b'B' => {
                        let (_, rest) = text(message.body());
                        executed = statements.get(&text(rest).0).cloned().unwrap_or_default();
                    }
                    b'Q' => executed = text(message.body()).0,
                    b'X' => {
                        message.write(self.server)?;
                        return Ok(());
                    }
                    _ => {}
                }
            }
            let word = executed.split_whitespace().next().unwrap_or_default().to_uppercase();
            let is_commit = word == "COMMIT";
            let is_done_here =
                is_commit || !is_in_transaction && matches!(&*word, "INSERT" | "UPDATE" | "DELETE");
            // inside a transaction any statement can be refused, and with reads alone at any time
            let can_be_refused = is_done_here || matches!(&*word, "SELECT" | "INSERT" | "UPDATE" | "DELETE");
            let fault = can_be_refused.then(|| self.fault()).flatten();
            match fault {
                Some(Fault::Serialization) => {
                    self.counts.serialization.fetch_add(1, Ordering::Relaxed);
                    if is_commit {
                        simple(self.server, "ROLLBACK")?;
                        self.answer(false)?;
                        is_in_transaction = false;
                    }
                    refuse(self.client, if is_in_transaction { b'E' } else { b'I' })?;
                    continue;
                }
                Some(Fault::LostBefore) => {
                    self.counts.lost_before.fetch_add(1, Ordering::Relaxed);
                    return Ok(());
                }
                Some(Fault::LostAfter) | None => {}
            }
            for message in &group {
                message.write(self.server)?;
            }
            let is_lost = fault == Some(Fault::LostAfter);
            let state = self.answer(!is_lost)?;
            if is_lost {
                self.counts.lost_after.fetch_add(1, Ordering::Relaxed);
                return Ok(());
            }
            is_in_transaction = state != b'I';
        }
    }

    /// In uneven steps, so that not the same statement of a transaction fails each time.
    fn fault(&self) -> Option<Fault> {
        const STEPS: [usize; 5] = [5, 7, 6, 9, 8];
        let round = STEPS.iter().sum::<usize>() * self.stretch;
        let seen = self.counts.seen.fetch_add(1, Ordering::Relaxed);
        let mut at = 0;
        let step = STEPS.iter().position(|step| {
            at += step * self.stretch;
            at == seen % round + 1
        })?;
        Some(self.faults[(seen / round * STEPS.len() + step) % self.faults.len()])
    }

    /// Up to the server's first "ready for query"; it asks for the password in between.
    fn start(&self) -> io::Result<()> {
        let (mut client, mut server) = (self.client, self.server);
        let mut length = [0; 4];
        client.read_exact(&mut length)?;
        let mut rest = vec![0; u32::from_be_bytes(length) as usize - 4];
        client.read_exact(&mut rest)?;
        server.write_all(&length)?;
        server.write_all(&rest)?;
        loop {
            let message = Message::read(self.server)?;
            message.write(self.client)?;
            match (message.kind, message.body()) {
                (b'Z', _) => return Ok(()),
                // AuthenticationSASL, AuthenticationSASLContinue
                (b'R', [0, 0, 0, 10 | 11, ..]) => Message::read(self.client)?.write(self.server)?,
                _ => {}
            }
        }
    }

    /// Everything up to "ready for query"; gives its state.
    fn answer(&self, is_forwarded: bool) -> io::Result<u8> {
        loop {
            let message = Message::read(self.server)?;
            if is_forwarded {
                message.write(self.client)?;
            }
            if message.kind == b'Z' {
                return Ok(message.body()[0]);
            }
        }
    }
}

fn simple(mut to: &TcpStream, statement: &str) -> io::Result<()> {
    let length = u32::try_from(statement.len() + 5).unwrap();
    to.write_all(&[b"Q", &length.to_be_bytes()[..], statement.as_bytes(), b"\0"].concat())
}

/// An error and "ready for query".
fn refuse(mut to: &TcpStream, state: u8) -> io::Result<()> {
    let fields = b"SERROR\0VERROR\0C40001\0Mcould not serialize access\0\0";
    let length = u32::try_from(fields.len() + 4).unwrap();
    to.write_all(&[b"E", &length.to_be_bytes()[..], fields, b"Z\0\0\0\x05", &[state]].concat())
}
