//! The real program fetches what an extension wants, from authorities of openssl on the loopback address that an administrator permits,
//! and nothing from anywhere else.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../../crates/fetch/tests/support/authority.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "these tests use their own part of it")]
mod authority;
mod extension;
#[path = "../host_peer/mod.rs"]
mod host_peer;
mod refused;
#[path = "../../../crates/fetch/tests/support/server.rs"]
#[allow(dead_code, unreachable_pub, missing_docs, reason = "these tests use their own part of it")]
mod server;
#[path = "../../../crates/fetch/tests/support/time_stamps.rs"]
#[allow(unreachable_pub, reason = "others have it from elsewhere")]
mod time_stamps;

use std::{
    fs,
    io::Write as _,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use authority::Authority;
use bitaqa_protocol::encode_base64;
use extension::{Extension, MOST, authority_entry, crl, data, failing, listed_at, near, shows_nothing};
use host_peer::{cancel, failure, request};
use serde_json::{Value, json};
use server::{Server, good};
use time_stamps::time_stamps;

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
