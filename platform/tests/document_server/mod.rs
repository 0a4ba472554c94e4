//! Where a portal publishes its keys, or a sector its redirect URIs: answers as the test says, and counts who asks.

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Runs until the test program ends.
pub(crate) struct DocumentServer {
    port: u16,
    answer: Arc<Mutex<String>>,
    asked: Arc<AtomicUsize>,
}

impl DocumentServer {
    /// Answers with this document.
    pub(crate) fn of(document: &serde_json::Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (answer, asked) = (Arc::new(Mutex::new(String::new())), Arc::new(AtomicUsize::new(0)));
        let server = Self { port, answer: Arc::clone(&answer), asked: Arc::clone(&asked) };
        server.publishes(document, "");
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                asked.fetch_add(1, Ordering::Relaxed);
                let answer = answer.lock().unwrap().clone();
                // whoever asked may have had enough
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        server
    }

    /// From now on answers with this document, and these header fields.
    pub(crate) fn publishes(&self, document: &serde_json::Value, fields: &str) {
        let body = document.to_string();
        self.says(&format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{fields}content-length: {}\r\n\r\n{body}",
            body.len()
        ));
    }

    /// From now on answers with these bytes.
    pub(crate) fn says(&self, answer: &str) {
        answer.clone_into(&mut self.answer.lock().unwrap());
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/document", self.port)
    }

    /// How often somebody asked.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}
