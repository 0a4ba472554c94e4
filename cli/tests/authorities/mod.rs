//! openssl's time stamps, answers and lists on the loopback address. Whoever uses it has the module `support` of `crates/signature`.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part of it")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use bitaqa_testbed::OwnRoot;

use crate::support::{Holder, Pki};

/// Authorities that answer over HTTP, until this is dropped.
pub struct Authorities {
    pub pki: Arc<Pki>,
    port: u16,
    ends: Arc<AtomicBool>,
    questions: Arc<Questions>,
}

/// What they were asked.
#[derive(Default)]
struct Questions {
    /// The path of each, in their order.
    paths: Mutex<Vec<String>>,
    /// How those are answered that are asked about revocation.
    mood: Mutex<Mood>,
    /// Whether who asks for a time stamp gets none.
    has_no_stamps: AtomicBool,
}

/// How questions about revocation are answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mood {
    /// As they should be.
    #[default]
    Well,
    /// The server has nothing there.
    NotAtAll,
    /// The responder says that it answers later.
    Later,
}

impl Authorities {
    pub fn begin() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let pki = Arc::new(Pki::served_at(port));
        let ends = Arc::new(AtomicBool::new(false));
        let questions = Arc::new(Questions::default());
        let (served, end, heard) = (Arc::clone(&pki), Arc::clone(&ends), Arc::clone(&questions));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if end.load(Ordering::SeqCst) {
                    break;
                }
                answer(&served, &heard, stream.unwrap());
            }
        });
        Self { pki, port, ends, questions }
    }

    /// How often each was asked since this was called last: the responder, and for both lists.
    pub fn asked(&self) -> (usize, usize) {
        let paths = std::mem::take(&mut *self.questions.paths.lock().unwrap());
        let count = |ending: &str| paths.iter().filter(|path| path.ends_with(ending)).count();
        (count("/ocsp"), count(".crl"))
    }

    /// Says how questions about revocation are answered from now on.
    pub fn answer_about_revocation(&self, mood: Mood) {
        *self.questions.mood.lock().unwrap() = mood;
    }

    /// Says whether time stamps are given from now on.
    pub fn give_time_stamps(&self, gives: bool) {
        self.questions.has_no_stamps.store(!gives, Ordering::SeqCst);
    }

    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// The root alone: what leads to it is in the files.
    pub fn root(&self) -> String {
        self.pki.path("root.pem").to_str().unwrap().to_owned()
    }

    /// A root of the file system in which the administrator permits these authorities.
    pub fn permitted(&self) -> OwnRoot {
        let root = OwnRoot::new().unwrap();
        let text = format!(
            "schema = 1\n\n[[host]]\nname = \"127.0.0.1\"\nprivate_address = true\nports = [{}]\n",
            self.port
        );
        let path = root.etc_bitaqa().join("validation.toml");
        fs::write(&path, text).unwrap();
        root
    }

    /// Signs a file as others do: `openssl cms -sign -cades`, detached.
    pub fn signed_by_openssl(&self, holder: &Holder, document: &Path, out: &Path) {
        let [certificate, key] =
            [&holder.certificate_file, &holder.key_file].map(|path| path.to_str().unwrap());
        let [document, out] = [document, out].map(|path| path.to_str().unwrap());
        let authority = self.pki.path("ca.pem");
        self.pki.run(&[
            "cms",
            "-sign",
            "-cades",
            "-md",
            "sha256",
            "-binary",
            "-in",
            document,
            "-signer",
            certificate,
            "-inkey",
            key,
            "-certfile",
            authority.to_str().unwrap(),
            "-outform",
            "DER",
            "-out",
            out,
        ]);
    }
}

impl Drop for Authorities {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

/// One request of HTTP/1.1, and its answer.
fn answer(pki: &Pki, questions: &Questions, stream: TcpStream) {
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
    questions.paths.lock().unwrap().push(path.clone());
    let mood = *questions.mood.lock().unwrap();
    let (kind, body) = match path.as_str() {
        // tryLater (RFC 6960 section 4.2.1)
        "/ocsp" if mood == Mood::Later => ("application/ocsp-response", vec![0x30, 3, 0x0a, 1, 3]),
        "/ocsp" | "/ca.crl" | "/root.crl" if mood != Mood::Well => ("text/plain", Vec::new()),
        "/tsa" if questions.has_no_stamps.load(Ordering::SeqCst) => ("text/plain", Vec::new()),
        "/tsa" => ("application/timestamp-reply", pki.time_stamp(&body)),
        "/ocsp" => ("application/ocsp-response", pki.answer_ocsp(&body)),
        "/ca.crl" => ("application/pkix-crl", pki.revocation_list()),
        "/root.crl" => ("application/pkix-crl", pki.root_revocation_list()),
        _ => ("text/plain", Vec::new()),
    };
    let status = if kind == "text/plain" { "404 Not Found" } else { "200 OK" };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = reader.into_inner();
    let _ = stream.write_all(&[head.as_bytes(), &body].concat());
}
