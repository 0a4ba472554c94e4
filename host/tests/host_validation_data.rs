//! The real program fetches what an extension wants, from authorities of openssl on the loopback address that an administrator permits,
//! and nothing from anywhere else.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/fetch/tests/support/authority.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "these tests use their own part of it")]
mod authority;
mod host_peer;
#[path = "../../crates/fetch/tests/support/server.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "these tests use their own part of it")]
mod server;

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use authority::Authority;
use bitaqa_protocol::{decode_base64, encode_base64};
use bitaqa_testbed::OwnRoot;
use bitaqa_trust::Certificate;
use host_peer::{Peer, bare_host_in, cancel, failure, request};
use serde_json::{Value, json};
use server::{Server, good, redirect};
use tempfile::TempDir;

/// Ten mebibytes, the most that is fetched.
const MOST: usize = 10 * 1024 * 1024;
/// Parts of addresses, and of texts of certificates, that no report may show.
const HIDDEN: [&str; 4] = ["127.0.0.1", "/secret-path", "localhost", "secret-holder"];

/// An extension whose host sees a configuration and a cache of its own.
struct Extension {
    peer: Peer,
    asked: u32,
    _root: OwnRoot,
    _cache: TempDir,
}

impl Extension {
    /// Where the administrator wrote this, beside the schema.
    fn told(configuration: &str) -> Self {
        let root = OwnRoot::new().unwrap();
        let path = root.etc_bitaqa().join("validation.toml");
        fs::write(&path, format!("schema = 1\n{configuration}")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        Self::in_root(root)
    }

    fn in_root(root: OwnRoot) -> Self {
        let cache = TempDir::new().unwrap();
        let mut command = bare_host_in(&root);
        command.env("XDG_CACHE_HOME", cache.path());
        command.env("RUST_LOG", "trace").env("RUST_BACKTRACE", "full");
        Self { peer: Peer::greeted(command), asked: 0, _root: root, _cache: cache }
    }

    fn send(&mut self, mut message: Value) -> String {
        self.asked += 1;
        let id = request(self.asked);
        message["id"] = json!(id);
        self.peer.send(&message);
        id
    }

    fn want(&mut self, wanted: &Value) -> String {
        self.send(json!({ "type": "fetch-validation-data", "wanted": wanted }))
    }

    /// The answer to what is wanted, put together if it comes in parts.
    fn fetch(&mut self, wanted: &Value) -> Value {
        let id = self.want(wanted);
        self.answer(&id)
    }

    fn answer(&self, id: &str) -> Value {
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
    fn refused(&mut self, wanted: &Value) -> (String, String) {
        let id = self.want(wanted);
        let answer = self.answer(&id);
        assert_eq!(failure(&answer).0, Some(id.as_str()));
        shows_nothing(&answer.to_string());
        let detail = answer["error"]["detail"].as_str().unwrap_or_default();
        (failure(&answer).1.to_owned(), detail.to_owned())
    }

    /// What was said beside the answers.
    fn ends(mut self) -> String {
        self.peer.close();
        self.peer.ends_within(Duration::from_secs(2));
        self.peer.errors()
    }
}

#[track_caller]
fn shows_nothing(words: &str) {
    for hidden in HIDDEN {
        assert!(!words.contains(hidden), "{words}");
    }
}

/// Loopback on these ports, as an administrator permits it.
fn near(ports: &[u16]) -> String {
    format!("[[host]]\nname = \"127.0.0.1\"\nprivate_address = true\nports = {ports:?}\n")
}

fn authority_entry(name: &str, server: &Server) -> String {
    format!("[[time_stamp_authority]]\nname = \"{name}\"\nurl = \"{}\"\n", server.url("/secret-path/stamp"))
}

#[track_caller]
fn data(answer: &Value) -> Vec<u8> {
    assert_eq!(answer["type"], "validation-data", "{answer}");
    decode_base64(answer["data"].as_str().unwrap()).unwrap()
}

fn crl(url: &str, certificate: &Certificate) -> Value {
    json!({ "kind": "crl", "url": url, "certificate": encode_base64(certificate.der()) })
}

/// A certificate whose list is at this address.
fn listed_at(authority: &Authority, name: &str, url: &str) -> Certificate {
    authority.issue_saying(name, &format!("crlDistributionPoints = URI:{url}"))
}

fn failing() -> Server {
    Server::saying(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".to_vec())
}

/// An HTTP server in front of `openssl ts`.
fn time_stamps(authority: &Arc<Authority>) -> Server {
    authority.issue("tsa", "stamps");
    let (authority, one_at_a_time) = (Arc::clone(authority), Mutex::new(()));
    Server::start(move |question, stream| {
        let _guard = one_at_a_time.lock().unwrap();
        assert_eq!(question.field("content-type"), Some("application/timestamp-query"));
        authority.file("ts.req", &question.body);
        authority.run("ts -reply -config openssl.cnf -queryfile ts.req -out ts.resp");
        stream.write_all(&good("application/timestamp-reply", &authority.read("ts.resp"))).unwrap();
    })
}

#[test]
fn answers_lists_and_issuers_come_from_where_the_certificate_says() {
    let authority = Arc::new(Authority::new());
    let served = Arc::clone(&authority);
    let server = Server::start(move |question, stream| {
        let answer = match question.line.split(' ').nth(1).unwrap() {
            "/secret-path/ocsp" => {
                good("application/ocsp-response", &served.ocsp_answer(&question.body, "-ndays 7"))
            }
            "/secret-path/ca.crl" => good("application/pkix-crl", &served.revocation_list()),
            "/secret-path/ca.cer" => good("application/pkix-cert", served.certificate("ca").der()),
            _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
        };
        stream.write_all(&answer).unwrap();
    });
    let at = |name: &str| server.url(&format!("/secret-path/{name}"));
    let holder = authority.issue_saying(
        "secret-holder",
        &format!(
            "authorityInfoAccess = OCSP;URI:{}, caIssuers;URI:{}\ncrlDistributionPoints = URI:{}",
            at("ocsp"),
            at("ca.cer"),
            at("ca.crl")
        ),
    );
    let along = encode_base64(holder.der());
    let mut extension = Extension::told(&near(&[server.port]));

    let question = authority.ocsp_question("secret-holder", "-no_nonce");
    let body = encode_base64(&question);
    let wanted = json!({ "kind": "ocsp", "url": at("ocsp"), "body": body, "certificate": along });
    let answer = extension.fetch(&wanted);
    assert_eq!(answer["origin"], "network");
    assert_eq!(server.received()[0].body, question);
    authority.file("fetched", &data(&answer));
    let judge = "ocsp -no_nonce -issuer ca.pem -cert secret-holder.pem -respin fetched -CAfile ca.pem";
    let said = String::from_utf8(authority.run(judge)).unwrap();
    assert!(said.starts_with("secret-holder.pem: good"), "{said}");

    let wanted = crl(&at("ca.crl"), &holder);
    let answer = extension.fetch(&wanted);
    authority.file("fetched", &data(&answer));
    authority.run("crl -in fetched -inform DER -CAfile ca.pem -noout");
    // it is kept, until somebody finds that it does not verify
    let asked = server.received().len();
    let again = extension.fetch(&wanted);
    assert_eq!((&again["origin"], &again["data"]), (&json!("kept"), &answer["data"]));
    assert_eq!(server.received().len(), asked);
    // who collects what is known after a signature asks for the newest
    let id =
        extension.send(json!({ "type": "fetch-validation-data", "wanted": wanted, "freshness": "newest" }));
    assert_eq!(extension.answer(&id)["origin"], "network");
    assert_eq!(server.received().len(), asked + 1);
    let id =
        extension.send(json!({ "type": "fetch-validation-data", "wanted": wanted, "freshness": "anew" }));
    assert_eq!(extension.answer(&id)["origin"], "network");
    assert_eq!(server.received().len(), asked + 2);

    let wanted = json!({ "kind": "issuer-certificate", "url": at("ca.cer"), "certificate": along });
    assert_eq!(data(&extension.fetch(&wanted)), authority.certificate("ca").der());
    for received in server.received().iter() {
        assert_eq!((received.field("cookie"), received.field("referer")), (None, None), "{received:?}");
    }
    assert!(extension.peer.windows().is_empty(), "nobody is asked");
    shows_nothing(&extension.ends());
}

#[test]
fn a_time_stamp_comes_from_the_first_authority_that_gives_one() {
    let authority = Arc::new(Authority::new());
    let (busy, works) = (failing(), time_stamps(&authority));
    let lies = Server::saying(good("application/timestamp-reply", &[0x30, 5, 0x30, 3, 2, 1, 2]));
    let spent =
        "[[time_stamp_authority]]\nname = \"Spent\"\nurl = \"http://127.0.0.1:9/\"\nrequests_per_day = 0\n";
    let configuration = [
        spent,
        &authority_entry("Busy", &busy),
        &authority_entry("Refusing", &lies),
        &authority_entry("Working", &works),
        "[[source]]\nkind = \"trusted-list\"\nurl = \"https://lists.example/list.xml\"\n",
    ];
    let mut extension = Extension::told(&configuration.concat());

    let id = extension.send(json!({ "type": "validation-services" }));
    let named = |name: &str| json!({ "name": name, "host": "127.0.0.1" });
    let names = ["Spent", "Busy", "Refusing", "Working"].map(named);
    let answer = extension.answer(&id);
    assert_eq!(
        answer,
        json!({
            "type": "validation-services", "id": id, "timeStampAuthorities": names,
            "sources": [{ "kind": "trusted-list", "host": "lists.example", "url": "https://lists.example/list.xml" }],
        })
    );
    assert!(busy.received().is_empty() && works.received().is_empty(), "nobody is asked to say who is there");

    authority.file("content", b"content");
    authority.run("dgst -sha256 -binary -out digest content");
    let digest = encode_base64(&authority.read("digest"));
    let wanted = json!({ "kind": "time-stamp", "hash": "sha256", "digest": digest });
    let answer = extension.fetch(&wanted);
    assert_eq!((&answer["authority"], &answer["origin"]), (&named("Working"), &json!("network")), "{answer}");
    let codes = [
        ("Spent", "fetch-quota-spent"),
        ("Busy", "fetch-status"),
        ("Refusing", "fetch-time-stamp-not-accepted"),
    ];
    let failed: Vec<Value> = codes.iter().map(|(name, code)| json!({ "name": name, "code": code })).collect();
    assert_eq!(answer["failed"], json!(failed));
    authority.file("token", &data(&answer));
    authority.run("ts -verify -data content -token_in -in token -CAfile ca.pem");
    // asked with a nonce each time, so no answer of before passes for a new one
    extension.fetch(&wanted);
    let bodies: Vec<_> = works.received().iter().map(|received| received.body.clone()).collect();
    assert!(bodies.len() == 2 && bodies[0] != bodies[1]);

    let (code, _) = extension.refused(&json!({ "kind": "time-stamp", "hash": "sha384", "digest": digest }));
    assert_eq!(code, "request-invalid", "a digest of another length");
}

#[test]
fn without_an_authority_that_answers_there_is_no_time_stamp() {
    let wanted = json!({ "kind": "time-stamp", "hash": "sha256", "digest": encode_base64(&[7; 32]) });
    let refusal = |detail: &str| ("validation-data-unavailable".to_owned(), detail.to_owned());
    assert_eq!(Extension::told("").refused(&wanted), refusal("no time-stamp authority is configured"));
    let mut extension = Extension::told(&authority_entry("Busy", &failing()));
    assert_eq!(extension.refused(&wanted), refusal("Busy: fetch-status"));
}

#[test]
fn what_stands_nowhere_is_not_fetched() {
    let authority = Authority::new();
    let server = Server::saying(good("application/pkix-crl", &authority.revocation_list()));
    let [at, elsewhere] = ["/secret-path/a", "/secret-path/b"].map(|path| server.url(path));
    let holder = listed_at(&authority, "secret-holder", &at);
    let along = encode_base64(holder.der());
    let mut extension = Extension::told(&near(&[server.port]));
    let body = encode_base64(&authority.ocsp_question("secret-holder", "-no_nonce"));
    for wanted in [
        crl(&elsewhere, &holder),
        crl(&format!("{at}?more"), &holder),
        crl("file:///secret-path", &holder),
        json!({ "kind": "crl", "url": at }),
        // it stands there for something else
        json!({ "kind": "ocsp", "url": at, "body": body, "certificate": along }),
        json!({ "kind": "issuer-certificate", "url": at, "certificate": along }),
        json!({ "kind": "trusted-list", "url": at }),
        json!({ "kind": "trusted-list", "url": at, "list": encode_base64(at.as_bytes()) }),
        json!({ "kind": "crl", "url": at, "list": encode_base64(at.as_bytes()) }),
    ] {
        let refusal = extension.refused(&wanted);
        assert_eq!(refusal, ("address-not-allowed".to_owned(), "fetch-not-permitted".to_owned()), "{wanted}");
    }
    let mut broken = crl(&at, &holder);
    broken["certificate"] = json!("MAA=");
    assert_eq!(extension.refused(&broken).0, "request-invalid");
    assert!(server.received().is_empty());
    assert!(!data(&extension.fetch(&crl(&at, &holder))).is_empty(), "where it stands it is");
    shows_nothing(&extension.ends());
}

#[test]
fn only_questions_are_sent() {
    let authority = Authority::new();
    let server = failing();
    let at = server.url("/secret-path/ocsp");
    let holder = authority.issue_saying("secret-holder", &format!("authorityInfoAccess = OCSP;URI:{at}"));
    let mut extension = Extension::told(&near(&[server.port]));
    for body in [&b""[..], b"secret-holder", b"\x30\x00", &[0x30; 20_000]] {
        let wanted = json!({
            "kind": "ocsp", "url": at, "body": encode_base64(body), "certificate": encode_base64(holder.der()),
        });
        let refusal = extension.refused(&wanted);
        assert_eq!(refusal, ("request-invalid".to_owned(), "fetch-question-malformed".to_owned()));
    }
    assert!(server.received().is_empty());
}

#[test]
fn addresses_of_other_networks_need_the_administrators_word() {
    let authority = Authority::new();
    let list = authority.revocation_list();
    let server = Server::saying(good("application/pkix-crl", &list));
    let private = |detail: &str| ("address-not-allowed".to_owned(), detail.to_owned());
    let port = server.port;
    let [numbered, named] =
        ["127.0.0.1", "localhost"].map(|host| format!("http://{host}:{port}/secret-path"));
    let holders = [(&numbered, "a"), (&named, "b")].map(|(url, name)| listed_at(&authority, name, url));

    // another port, before anything is looked up
    let mut extension = Extension::told("");
    assert_eq!(extension.refused(&crl(&numbered, &holders[0])), private("fetch-port-not-permitted"));
    // the port is permitted, the network is not: after the name was looked up, too
    let ports = |host: &str| format!("[[host]]\nname = \"{host}\"\nports = [{port}]\n");
    let mut extension = Extension::told(&[ports("127.0.0.1"), ports("localhost")].concat());
    for (url, holder) in [(&numbered, &holders[0]), (&named, &holders[1])] {
        assert_eq!(extension.refused(&crl(url, holder)), private("fetch-address-not-public"));
    }
    assert!(server.received().is_empty());
}

#[test]
fn a_redirect_is_looked_at_as_the_address_was() {
    let authority = Authority::new();
    let inside = Server::saying(good("application/pkix-crl", &authority.revocation_list()));
    let targets = [
        // another port
        (format!("http://127.0.0.1:{}/secret-path", inside.port), "address-not-allowed"),
        // another host than the person was told
        (format!("http://localhost:{}/secret-path", inside.port), "validation-data-unavailable"),
        (format!("http://[::1]:{}/secret-path", inside.port), "validation-data-unavailable"),
        (format!("http://127.0.0.2:{}/secret-path", inside.port), "validation-data-unavailable"),
        ("file:///secret-path".to_owned(), "validation-data-unavailable"),
    ];
    for (number, (target, code)) in targets.into_iter().enumerate() {
        let server = Server::saying(redirect(302, &target));
        let at = server.url("/secret-path");
        let holder = listed_at(&authority, &format!("holder-{number}"), &at);
        let further = ["localhost", "[::1]", "127.0.0.2"]
            .map(|host| format!("[[host]]\nname = \"{host}\"\nports = [{}]\n", inside.port));
        let mut extension = Extension::told(&[near(&[server.port]), further.concat()].concat());
        assert_eq!(extension.refused(&crl(&at, &holder)).0, code, "{target}");
        assert_eq!((server.received().len(), inside.received().len()), (1, 0));
    }
}

#[test]
fn what_is_of_another_type_or_shape_or_too_long_is_refused() {
    let authority = Authority::new();
    let list = authority.revocation_list();
    let too_long = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\nContent-Length: {}\r\n\r\n",
        MOST + 1
    );
    for (number, (answer, detail)) in [
        (good("text/html", &list), "fetch-media-type"),
        (good("application/pkix-crl", b"<html>secret-holder</html>"), "fetch-answer-malformed"),
        (too_long.into_bytes(), "fetch-too-large"),
        (good("application/pkix-crl", &vec![0x30; MOST + 1]), "fetch-too-large"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(), "fetch-status"),
    ]
    .into_iter()
    .enumerate()
    {
        let server = Server::saying(answer);
        let at = server.url("/secret-path");
        let holder = listed_at(&authority, &format!("holder-{number}"), &at);
        let mut extension = Extension::told(&near(&[server.port]));
        let refusal = extension.refused(&crl(&at, &holder));
        assert_eq!(refusal, ("validation-data-unavailable".to_owned(), detail.to_owned()));
        shows_nothing(&extension.ends());
    }
}

#[test]
fn a_long_answer_comes_in_parts() {
    let mut list = b"<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\"><!--".to_vec();
    list.resize(MOST - 64, b'\"');
    list.extend_from_slice(b"--></TrustServiceStatusList>");
    let server = Server::saying(good("application/vnd.etsi.tsl+xml", &list));
    let at = server.url("/secret-path");
    let mut extension = Extension::told(&format!("[[source]]\nkind = \"trusted-list\"\nurl = \"{at}\"\n"));
    let answer = extension.fetch(&json!({ "kind": "trusted-list", "url": at }));
    assert!(data(&answer) == list);
    let resident = || {
        let status = fs::read_to_string(format!("/proc/{}/status", extension.peer.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap()
    };
    // as `host_memory.rs` has it
    host_peer::wait_until("the answer to be forgotten", host_peer::PATIENCE, || {
        resident() <= 8_000_000 / 1024
    });
    println!("after ten mebibytes: {} kB", resident());
}

/// A server that takes a question and never answers.
fn silent() -> Server {
    Server::start(|_, stream| {
        let stream = stream.try_clone().unwrap();
        thread::sleep(Duration::from_secs(60));
        drop(stream);
    })
}

#[test]
fn a_slow_server_holds_up_nothing_and_can_be_given_up() {
    let authority = Authority::new();
    let server = silent();
    let at = server.url("/secret-path");
    let holder = listed_at(&authority, "secret-holder", &at);
    let never = silent();
    let configuration =
        [near(&[server.port]), authority_entry("Silent", &server), authority_entry("Never", &never)];
    let mut extension = Extension::told(&configuration.concat());
    let stamped = extension.want(&json!({
        "kind": "time-stamp", "hash": "sha256", "digest": encode_base64(&[7; 32]),
    }));
    let waiting: Vec<String> = (0..31).map(|_| extension.want(&crl(&at, &holder))).collect();
    // no more of them, but everything else
    let id = extension.want(&crl(&at, &holder));
    assert_eq!(failure(&extension.peer.next()), (Some(id.as_str()), "request-pending"));
    extension.peer.send(&json!({ "type": "chip-challenge", "id": request(99), "challenge": "AAAA" }));
    assert_eq!(failure(&extension.peer.next()).1, "request-invalid");
    host_peer::wait_until("four questions", host_peer::PATIENCE, || server.received().len() == 4);

    let began = Instant::now();
    for id in waiting.iter().chain([&stamped]) {
        extension.peer.send(&cancel(id));
        assert_eq!(failure(&extension.peer.next()), (Some(id.as_str()), "request-aborted"));
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    assert_eq!(server.received().len(), 4, "those that waited ask nobody");
    let id = extension.send(json!({ "type": "validation-services" }));
    assert_eq!(extension.answer(&id)["type"], "validation-services", "which needs no network");
    // the threads end by the limits of a fetch, and whoever was given up asks no further authority
    extension.want(&crl(&at, &holder));
    host_peer::wait_until("another question", host_peer::PATIENCE, || server.received().len() == 5);
    thread::sleep(Duration::from_millis(500));
    assert!(never.received().is_empty());
    // the end of the port is the end of the process, though a server still says nothing
    shows_nothing(&extension.ends());
}

#[test]
fn a_configuration_that_others_can_write_is_not_used() {
    let root = OwnRoot::new().unwrap();
    let path = root.etc_bitaqa().join("validation.toml");
    fs::write(&path, "schema = 1\n").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let mut extension = Extension::in_root(root);
    let wanted = json!({ "kind": "crl", "url": "http://lists.example/" });
    assert_eq!(extension.refused(&wanted).0, "validation-configuration-unusable");
    let mut extension = Extension::told("secret-holder = 1\n");
    let refusal = extension.refused(&wanted);
    assert_eq!(refusal.1, "its content cannot be used");
}
