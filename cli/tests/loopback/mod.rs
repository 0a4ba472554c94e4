//! A server on the loopback address that answers as a test says.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part of it")]

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// A port on which nobody answers yet.
pub struct Place(TcpListener);

/// Answers over HTTP until it is dropped.
pub struct Server {
    port: u16,
    ends: Arc<AtomicBool>,
}

/// What is answered.
pub struct Reply {
    pub kind: &'static str,
    pub body: Vec<u8>,
}

impl Place {
    pub fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    pub fn port(&self) -> u16 {
        self.0.local_addr().unwrap().port()
    }

    /// Answers questions (path and body); without an answer the server has nothing there.
    pub fn serve(self, answer: impl Fn(&str, &[u8]) -> Option<Reply> + Send + 'static) -> Server {
        let (port, ends) = (self.port(), Arc::new(AtomicBool::new(false)));
        let end = Arc::clone(&ends);
        thread::spawn(move || {
            for stream in self.0.incoming() {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                exchange(stream.unwrap(), &answer);
            }
        });
        Server { port, ends }
    }
}

impl Server {
    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// What the administrator writes who permits it, though it is not public.
    pub fn permission(&self) -> String {
        let port = self.port;
        format!("schema = 1\n\n[[host]]\nname = \"127.0.0.1\"\nprivate_address = true\nports = [{port}]\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// One request of HTTP/1.1, and its answer.
fn exchange(stream: TcpStream, answer: &impl Fn(&str, &[u8]) -> Option<Reply>) {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).unwrap();
        let header = header.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let (status, Reply { kind, body }) = match answer(&path, &body) {
        Some(reply) => ("200 OK", reply),
        None => ("404 Not Found", Reply { kind: "text/plain", body: Vec::new() }),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = reader.into_inner();
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}
