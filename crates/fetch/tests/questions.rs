//! What is sent, and what never is.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use std::net::TcpStream;

use bitaqa_fetch::{FetchError, Kind, PermittedUrl, Request, fetch};
use support::{
    authority::Authority,
    client,
    server::{Server, good},
    typed,
};

#[test]
fn nothing_is_sent_but_the_question() {
    let authority = Authority::new();
    authority.issue_saying("a", "basicConstraints = CA:false");
    let question = authority.ocsp_question("a", "-nonce");
    let server = Server::saying(good("application/ocsp-response", &[0x30, 3, 0x0a, 1, 3]));
    let url = typed(Kind::Ocsp, &server.url("/a?b=c#d"));
    fetch(&client(), &url, &Request::Ocsp(question.clone())).unwrap();
    let received = server.received()[0].clone();
    assert_eq!(received.line, "POST /a?b=c HTTP/1.1");
    assert_eq!(received.body, question);
    let length = question.len().to_string();
    let authority = format!("127.0.0.1:{}", server.port);
    let expected = [
        ("host", &*authority),
        ("user-agent", "Bitaqa"),
        ("accept", "application/ocsp-response"),
        ("accept-encoding", "identity"),
        ("connection", "close"),
        ("content-type", "application/ocsp-request"),
        ("content-length", &*length),
    ];
    let fields: Vec<_> =
        received.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(fields, expected);
}

#[test]
fn what_is_no_question_is_not_sent() {
    let authority = Authority::new();
    authority.issue_saying("a", "basicConstraints = CA:false");
    let server = Server::start(|question, _: &mut TcpStream| panic!("{question:?} was sent"));
    let refused = |kind: Kind, bytes: &[u8]| {
        let request = match kind {
            Kind::Ocsp => Request::Ocsp(bytes.to_vec()),
            _ => Request::TimeStamp(bytes.to_vec()),
        };
        let answer = fetch(&client(), &typed(kind, &server.url("/")), &request);
        assert_eq!(answer, Err(FetchError::Question { kind }), "{bytes:02x?}");
    };
    let ocsp = authority.ocsp_question("a", "-nonce");
    let stamp = authority.time_stamp_question();
    for (kind, own, other) in [(Kind::Ocsp, &ocsp, &stamp), (Kind::TimeStamp, &stamp, &ocsp)] {
        for bad in [&b""[..], b"{\"json\": true}", b"<xml/>", other, &own[1..], &own[..own.len() - 1]] {
            refused(kind, bad);
        }
        refused(kind, &[own.as_slice(), b"more"].concat());
        refused(kind, &vec![0x30; 20 * 1024]);
    }
    // one that names who asks, by a signature
    authority.run("ocsp -issuer ca.pem -cert a.pem -signer ca.pem -signkey ca.key -reqout signed.req");
    refused(Kind::Ocsp, &authority.read("signed.req"));
    // a digest that no time stamp can rest on
    authority.run("ts -query -data content -sha1 -out weak.tsq");
    refused(Kind::TimeStamp, &authority.read("weak.tsq"));
    assert!(server.received().is_empty());
}

#[test]
fn an_address_is_good_for_one_kind_of_data() {
    let server = Server::start(|question, _: &mut TcpStream| panic!("{question:?} was sent"));
    for permitted in Kind::ALL {
        let url: PermittedUrl = typed(permitted, &server.url("/"));
        for (asked, request) in [
            (Kind::Crl, Request::Crl),
            (Kind::TrustedList, Request::TrustedList),
            (Kind::Ocsp, Request::Ocsp(Vec::new())),
        ] {
            if asked != permitted {
                assert_eq!(fetch(&client(), &url, &request), Err(FetchError::OtherKind { permitted, asked }));
            }
        }
    }
}
