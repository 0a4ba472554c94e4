//! An extension that wants things, and the servers that have them.

use std::{fs, os::unix::fs::PermissionsExt as _, time::Duration};

use bitaqa_protocol::{decode_base64, encode_base64};
use bitaqa_testbed::OwnRoot;
use bitaqa_trust::Certificate;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    authority::Authority,
    host_peer::{Peer, bare_host_in, failure, request},
    server::Server,
};

/// Ten mebibytes, the most that is fetched.
pub(crate) const MOST: usize = 10 * 1024 * 1024;
/// Parts of addresses, and of texts of certificates, that no report may show.
pub(crate) const HIDDEN: [&str; 4] = ["127.0.0.1", "/secret-path", "localhost", "secret-holder"];

/// An extension whose host sees a configuration and a cache of its own.
pub(crate) struct Extension {
    pub(crate) peer: Peer,
    asked: u32,
    _root: OwnRoot,
    _cache: TempDir,
}

impl Extension {
    /// Where the administrator wrote this, beside the schema.
    pub(crate) fn told(configuration: &str) -> Self {
        let root = OwnRoot::new().unwrap();
        let path = root.etc_bitaqa().join("validation.toml");
        fs::write(&path, format!("schema = 1\n{configuration}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        Self::in_root(root)
    }

    pub(crate) fn in_root(root: OwnRoot) -> Self {
        let cache = TempDir::new().unwrap();
        let mut command = bare_host_in(&root);
        command.env("XDG_CACHE_HOME", cache.path());
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
        Self { peer: Peer::greeted(command), asked: 0, _root: root, _cache: cache }
    }

    pub(crate) fn send(&mut self, mut message: Value) -> String {
        self.asked += 1;
        let id = request(self.asked);
        message["id"] = json!(id);
        self.peer.send(&message);
        id
    }

    pub(crate) fn want(&mut self, wanted: &Value) -> String {
        self.send(json!({ "type": "fetch-validation-data", "wanted": wanted }))
    }

    /// The answer to what is wanted, put together if it comes in parts.
    pub(crate) fn fetch(&mut self, wanted: &Value) -> Value {
        let id = self.want(wanted);
        self.answer(&id)
    }

    pub(crate) fn answer(&self, id: &str) -> Value {
        let mut text = String::new();
        loop {
            let frame = self.peer.next();
            assert_eq!(frame["id"], id, "{frame}");
            if frame["type"] != "chunk" {
                return frame;
            }
            text.push_str(frame["data"].as_str().unwrap());
            if frame["index"].as_u64().unwrap() + 1 == frame["count"].as_u64().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    /// Code and detail of a refusal, which says nothing of where and what.
    #[track_caller]
    pub(crate) fn refused(&mut self, wanted: &Value) -> (String, String) {
        let id = self.want(wanted);
        let answer = self.answer(&id);
        assert_eq!(failure(&answer).0, Some(id.as_str()));
        shows_nothing(&answer.to_string());
        let detail = answer["error"]["detail"].as_str().unwrap_or_default();
        (failure(&answer).1.to_owned(), detail.to_owned())
    }

    /// What was said beside the answers.
    pub(crate) fn ends(mut self) -> String {
        self.peer.close();
        self.peer.ends_within(Duration::from_secs(2));
        self.peer.errors()
    }
}

#[track_caller]
pub(crate) fn shows_nothing(words: &str) {
    for hidden in HIDDEN {
        assert!(!words.contains(hidden), "{words}");
    }
}

/// Loopback on these ports, as an administrator permits it.
pub(crate) fn near(ports: &[u16]) -> String {
    format!("[[host]]\nname = \"127.0.0.1\"\nprivate_address = true\nports = {ports:?}\n")
}

pub(crate) fn authority_entry(name: &str, server: &Server) -> String {
    format!("[[time_stamp_authority]]\nname = \"{name}\"\nurl = \"{}\"\n", server.url("/secret-path/stamp"))
}

#[track_caller]
pub(crate) fn data(answer: &Value) -> Vec<u8> {
    assert_eq!(answer["type"], "validation-data", "{answer}");
    decode_base64(answer["data"].as_str().unwrap()).unwrap()
}

pub(crate) fn crl(url: &str, certificate: &Certificate) -> Value {
    json!({ "kind": "crl", "url": url, "certificate": encode_base64(certificate.der()) })
}

/// A certificate whose list is at this address.
pub(crate) fn listed_at(authority: &Authority, name: &str, url: &str) -> Certificate {
    authority.issue_saying(name, &format!("crlDistributionPoints = URI:{url}"))
}

pub(crate) fn failing() -> Server {
    Server::saying(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".to_vec())
}
