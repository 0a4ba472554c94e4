//! openssl's time stamps, answers and lists on the loopback address. Whoever uses it has the module `support` of `crates/signature`.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test program uses its own part of it")]

#[path = "../loopback/mod.rs"]
mod loopback;

use std::{
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bitaqa_testbed::OwnRoot;

use self::loopback::{Place, Reply, Server};
use crate::support::{Holder, Pki};

/// Authorities that answer over HTTP, until this is dropped.
pub struct Authorities {
    pub pki: Arc<Pki>,
    server: Server,
    questions: Arc<Questions>,
}

/// What they were asked.
struct Questions {
    /// The path of each, in their order.
    paths: Mutex<Vec<String>>,
    /// How those are answered that are asked about revocation.
    mood: Mutex<Mood>,
    /// How many time stamps are still given.
    stamps_left: AtomicUsize,
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
        let place = Place::new();
        let pki = Arc::new(Pki::served_at(place.port()));
        let questions = Arc::new(Questions {
            paths: Mutex::default(),
            mood: Mutex::default(),
            stamps_left: AtomicUsize::new(usize::MAX),
        });
        let (served, heard) = (Arc::clone(&pki), Arc::clone(&questions));
        let server = place.serve(move |path, body| answer(&served, &heard, path, body));
        Self { pki, server, questions }
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
        self.give_so_many_time_stamps(if gives { usize::MAX } else { 0 });
    }

    /// Says how many time stamps are given from now on.
    pub fn give_so_many_time_stamps(&self, count: usize) {
        self.questions.stamps_left.store(count, Ordering::SeqCst);
    }

    pub fn address(&self, path: &str) -> String {
        self.server.address(path)
    }

    /// The root alone: what leads to it is in the files.
    pub fn root(&self) -> String {
        self.pki.path("root.pem").to_str().unwrap().to_owned()
    }

    /// A root of the file system in which the administrator permits these authorities.
    pub fn permitted(&self) -> OwnRoot {
        let root = OwnRoot::new().unwrap();
        let path = root.etc_bitaqa().join("validation.toml");
        fs::write(&path, self.server.permission()).unwrap();
        root
    }

    /// Signs a file as others do: `openssl cms -sign -cades`, detached.
    pub fn signed_by_openssl(&self, holder: &Holder, document: &Path, out: &Path) {
        fs::write(out, self.pki.signed_message(holder, document, &[])).unwrap();
    }
}

fn answer(pki: &Pki, questions: &Questions, path: &str, body: &[u8]) -> Option<Reply> {
    questions.paths.lock().unwrap().push(path.to_owned());
    let mood = *questions.mood.lock().unwrap();
    let (kind, body) = match path {
        // tryLater (RFC 6960 section 4.2.1)
        "/ocsp" if mood == Mood::Later => ("application/ocsp-response", vec![0x30, 3, 0x0a, 1, 3]),
        "/ocsp" | "/ca.crl" | "/root.crl" if mood != Mood::Well => return None,
        "/tsa" => {
            let one_less = |left: usize| left.checked_sub(1);
            questions.stamps_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).ok()?;
            ("application/timestamp-reply", pki.time_stamp(body))
        }
        "/ocsp" => ("application/ocsp-response", pki.answer_ocsp(body)),
        "/ca.crl" => ("application/pkix-crl", pki.revocation_list()),
        "/root.crl" => ("application/pkix-crl", pki.root_revocation_list()),
        _ => return None,
    };
    Some(Reply { kind, body })
}
