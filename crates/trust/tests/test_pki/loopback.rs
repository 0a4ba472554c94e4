//! A web server on loopback, and a client that fetches from it what a verification needs.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use bitaqa_trust::revocation::Needed;

/// A server on loopback: POST asks the desk, GET fetches its list.
pub struct Server {
    pub address: String,
    pub asked: Arc<AtomicUsize>,
}

type Respond = Box<dyn Fn(&str, &[u8]) -> Vec<u8> + Send>;

impl Server {
    pub fn start(listener: TcpListener, respond: Respond) -> Self {
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        // it ends with the test program
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (path, body) = read_request(&mut stream);
                count.fetch_add(1, Ordering::SeqCst);
                let answer = respond(&path, &body);
                let head = format!("HTTP/1.0 200 OK\r\nContent-Length: {}\r\n\r\n", answer.len());
                stream.write_all(head.as_bytes()).unwrap();
                stream.write_all(&answer).unwrap();
            }
        });
        Self { address, asked }
    }
}

fn read_request(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("Content-Length: "))
                .map_or(0, |length| length.parse().unwrap());
            if bytes.len() >= end + 4 + length {
                let path = head.split(' ').nth(1).unwrap().to_owned();
                return (path, bytes[end + 4..].to_vec());
            }
        }
        let read = stream.read(&mut piece).unwrap();
        assert!(read > 0, "the client hung up");
        bytes.extend(&piece[..read]);
    }
}

/// What a caller of the two steps does: it fetches what is needed, and nothing else.
pub fn fetch(need: &Needed) -> Vec<u8> {
    let rest = need.url().strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let request = match need {
        Needed::Ocsp { request, .. } => [
            format!(
                "POST /{path} HTTP/1.0\r\nContent-Type: application/ocsp-request\r\nContent-Length: {}\r\n\r\n",
                request.len()
            )
            .into_bytes(),
            request.clone(),
        ]
        .concat(),
        Needed::Crl { .. } => format!("GET /{path} HTTP/1.0\r\n\r\n").into_bytes(),
    };
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(&request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
    answer.split_off(end + 4)
}
