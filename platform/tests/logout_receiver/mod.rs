//! A relying party's address for logout tokens: a server of its own, with the JavaScript library `jose` as the judge of tokens.

#![allow(dead_code, reason = "each test program uses its part")]

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// Ends with the test.
pub(crate) struct LogoutReceiver {
    child: Child,
    lines: Receiver<Value>,
    pub(crate) port: u64,
}

impl LogoutReceiver {
    /// Of a relying party of the platform at this address; answers with these statuses, then with 200.
    pub(crate) fn start(address: &str, client: &str, statuses: &[u16]) -> Self {
        Self::start_at(0, address, client, statuses)
    }

    /// Of one whose ID tokens are signed with this algorithm, and so its logout tokens.
    pub(crate) fn taking(algorithm: &str, address: &str, client: &str) -> Self {
        Self::start_with(0, address, client, &[], algorithm)
    }

    /// On a port.
    pub(crate) fn start_at(port: u64, address: &str, client: &str, statuses: &[u16]) -> Self {
        Self::start_with(port, address, client, statuses, "ES256")
    }

    fn start_with(port: u64, address: &str, client: &str, statuses: &[u16], algorithm: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/logout_receiver/receiver.mjs");
        let issuer = format!("http://{address}");
        let about = json!({
            "issuer": issuer, "client": client, "port": port, "statuses": statuses, "algorithm": algorithm,
        });
        let mut child = Command::new("node")
            .arg(script)
            .arg(about.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("node is not there: {error}"));
        let output = BufReader::new(child.stdout.take().unwrap());
        let (told, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in output.lines() {
                let _ = told.send(serde_json::from_str(&line.unwrap()).unwrap());
            }
        });
        let mut receiver = Self { child, lines, port: 0 };
        receiver.port = receiver.hear()["port"].as_u64().unwrap();
        receiver
    }

    /// What a registration says.
    pub(crate) fn registered(&self) -> String {
        format!("backchannel_logout_uri = \"http://127.0.0.1:{}/signed-out?at=home\"\n", self.port)
    }

    /// What comes next.
    pub(crate) fn hear(&self) -> Value {
        let heard = self.lines.recv_timeout(Duration::from_secs(60)).unwrap();
        assert!(heard.get("error").is_none(), "{heard}");
        heard
    }

    /// Nothing comes, as long as somebody who has something to say would take.
    pub(crate) fn hears_nothing(&self) {
        if let Ok(heard) = self.lines.recv_timeout(Duration::from_secs(3)) {
            panic!("{heard}");
        }
    }
}

impl Drop for LogoutReceiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
