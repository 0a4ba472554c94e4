//! Servers that lie, hang, drip, flood or lead astray.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener},
    sync::Arc,
    time::Duration,
};

use bitaqa_fetch::{Client, FetchError, Kind, Origin, Request, TimeLimits, error::HttpFault, fetch};
use support::{
    Silent,
    authority::Authority,
    client, configured, impatient,
    server::{Server, good, redirect},
    typed,
};

const CRL: &str = "application/pkix-crl";

fn list(server: &Server, path: &str) -> Result<Vec<u8>, FetchError> {
    list_with(&client(), server, path)
}

fn list_with(client: &Client, server: &Server, path: &str) -> Result<Vec<u8>, FetchError> {
    let url = typed(Kind::Crl, &server.url(path));
    fetch(client, &url, &Request::Crl).map(|response| {
        assert_eq!(response.origin, Origin::Network);
        response.body
    })
}

fn http(fault: HttpFault) -> FetchError {
    FetchError::Http { fault }
}

fn host() -> String {
    "127.0.0.1".to_owned()
}

#[test]
fn an_answer_is_read_however_it_is_framed() {
    let body = Authority::new().revocation_list();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {CRL}");
    let (one, other) = body.split_at(10);
    let in_chunks = |end: &str| {
        let mut bytes = format!("{head}\r\nTransfer-Encoding: Chunked\r\n\r\n").into_bytes();
        for part in [one, other] {
            bytes.extend(format!("{:X};name=value\r\n", part.len()).bytes());
            bytes.extend(part);
            bytes.extend(b"\r\n");
        }
        [&bytes, end.as_bytes()].concat()
    };
    for (answer, what) in [
        (good(CRL, &body), "a length"),
        (good("APPLICATION/PKIX-CRL; charset=binary", &body), "a parameter"),
        (good("application/octet-stream", &body), "the type of a file server"),
        ([format!("{head}\r\n\r\n").as_bytes(), &body].concat(), "the connection's end"),
        (["HTTP/1.1 103 Early\r\nLink: x\r\n\r\n".as_bytes(), &good(CRL, &body)].concat(), "an early head"),
        (["HTTP/1.1 100 Continue\r\n\r\n".as_bytes(), &good(CRL, &body)].concat(), "an interim head"),
        (in_chunks("0\r\n\r\n"), "chunks"),
        (in_chunks("0\r\nTrailer: x\r\n\r\n"), "chunks and a field"),
    ] {
        assert_eq!(list(&Server::saying(answer), "/x").as_ref(), Ok(&body), "{what}");
    }
    let identity = format!("{head}\r\nContent-Encoding: identity\r\n\r\n");
    assert_eq!(list(&Server::saying([identity.as_bytes(), &body].concat()), "/x"), Ok(body));
}

#[test]
fn what_is_not_http_or_could_be_read_in_two_ways_is_refused() {
    let head = |fields: &str| format!("HTTP/1.1 200 OK\r\nContent-Type: {CRL}\r\n{fields}\r\n");
    let many: String = (0..100).map(|n| format!("X-{n}: y\r\n")).collect();
    let chunked = "Transfer-Encoding: chunked\r\n";
    let length = HttpFault::Length;
    for (answer, fault) in [
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n".to_owned(), HttpFault::Head),
        ("HTTP/2 200 OK\r\n\r\n".to_owned(), HttpFault::Head),
        (head("no colon\r\n"), HttpFault::Head),
        (head("Name : value\r\n"), HttpFault::Head),
        (head("Folded: a\r\n b\r\n"), HttpFault::Head),
        (head("Content-Type: text/plain\r\n"), HttpFault::Head),
        (head(&many), HttpFault::HeadTooLong),
        (head(&format!("X: {}\r\n", "y".repeat(20_000))), HttpFault::HeadTooLong),
        ("x".repeat(20_000), HttpFault::HeadTooLong),
        ("HTTP/1.1 100 Continue\r\n\r\n".repeat(20), HttpFault::Head),
        ("HTTP/1.1 101 Switching\r\n\r\n".to_owned(), HttpFault::Head),
        (head("Content-Length: 5\r\nContent-Length: 6\r\n"), length),
        (head("Content-Length: 5, 5\r\n"), length),
        (head("Content-Length: +5\r\n"), length),
        (head("Content-Length: 0x5\r\n"), length),
        (head("Content-Length: \r\n"), length),
        (head("Content-Length: 99999999999999999999999\r\n"), length),
        (head(&format!("Content-Length: 5\r\n{chunked}")), length),
        (head("Transfer-Encoding: gzip, chunked\r\n"), HttpFault::TransferCoding),
        (head("Transfer-Encoding: identity\r\n"), HttpFault::TransferCoding),
        (head(&format!("{chunked}{chunked}")), HttpFault::TransferCoding),
        (format!("{}x\r\n", head(chunked)), HttpFault::Chunk),
        (format!("{}\r\n", head(chunked)), HttpFault::Chunk),
        (format!("{}-5\r\nabcde\r\n", head(chunked)), HttpFault::Chunk),
        (format!("{}5\r\nabcdefg\r\n", head(chunked)), HttpFault::Chunk),
        (format!("{}5\nabcde\r\n", head(chunked)), HttpFault::Chunk),
        (format!("{}1;{}\r\nx\r\n", head(chunked), "y".repeat(1000)), HttpFault::Chunk),
        (format!("{}fffffffff\r\n", head(chunked)), HttpFault::Chunk),
        (format!("{}0\r\nX: {}\r\n\r\n", head(chunked), "y".repeat(20_000)), HttpFault::Chunk),
    ] {
        assert_eq!(list(&Server::saying(answer.clone()), "/x"), Err(http(fault)), "{answer:.200}");
    }
}

#[test]
fn an_answer_that_ends_too_early_is_none() {
    let truncated = Err(FetchError::Truncated { host: host() });
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {CRL}\r\n");
    for answer in [
        String::new(),
        "HTTP/1.1 200".to_owned(),
        head.clone(),
        format!("{head}Content-Length: 10\r\n\r\nfive"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\na\r\nfive"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n4\r\nfive\r\n"),
        format!("{head}Transfer-Encoding: chunked\r\n\r\n4\r\nfive\r\n0\r\n"),
    ] {
        assert_eq!(list(&Server::saying(answer.clone()), "/x"), truncated, "{answer}");
    }
}

#[test]
fn a_flood_ends_where_an_answer_must() {
    let too_large = Err(FetchError::TooLarge { most: 10 * 1024 * 1024 });
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {CRL}\r\n");
    // believed at once: not a byte of it is waited for
    let declared = Server::saying(format!("{head}Content-Length: {}\r\n\r\n", 10 * 1024 * 1024 + 1));
    assert_eq!(list(&declared, "/x"), too_large);
    let chunk = Server::saying(format!("{head}Transfer-Encoding: chunked\r\n\r\nffffffff\r\n"));
    assert_eq!(list(&chunk, "/x"), too_large);
    let flood = |head: String, piece: &'static [u8]| {
        Server::start(move |_, stream| {
            let _ = stream.write_all(head.as_bytes());
            let block = piece.repeat(65_536 / piece.len());
            while stream.write_all(&block).is_ok() {}
        })
    };
    assert_eq!(list(&flood(format!("{head}\r\n"), b"x"), "/x"), too_large);
    let chunks = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    let many = Box::leak([&b"1000\r\n"[..], &[b'x'; 4096], b"\r\n"].concat().into_boxed_slice());
    assert_eq!(list(&flood(chunks.clone(), many), "/x"), too_large);
    // tiny chunks: the lines would be more than the answer
    assert_eq!(
        list(&flood(chunks.clone(), b"1;yyyyyyyyyyyyyyyyyyyyyy\r\nx\r\n"), "/x"),
        Err(http(HttpFault::Chunk))
    );
    let heads = flood("HTTP/1.1 200 OK\r\n".to_owned(), b"X: y\r\n");
    assert_eq!(list(&heads, "/x"), Err(http(HttpFault::HeadTooLong)));
    // responders' answers are small
    let url = typed(
        Kind::IssuerCertificate,
        &flood("HTTP/1.1 200 OK\r\nContent-Type: application/pkix-cert\r\n\r\n".to_owned(), b"x").url("/"),
    );
    let answer = fetch(&client(), &url, &Request::IssuerCertificate);
    assert_eq!(answer, Err(FetchError::TooLarge { most: 256 * 1024 }));
}

#[test]
fn a_packed_answer_is_not_unpacked() {
    for encoding in ["gzip", "deflate", "br", "identity, gzip", "x"] {
        let bomb = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {CRL}\r\nContent-Encoding: {encoding}\r\n\r\n");
        let server = Server::saying([head.as_bytes(), &bomb].concat());
        assert_eq!(list(&server, "/x"), Err(FetchError::Encoded), "{encoding}");
        assert_eq!(server.received()[0].field("accept-encoding"), Some("identity"));
    }
}

#[test]
fn an_answer_of_another_type_or_shape_is_none() {
    let authority = Authority::new();
    let body = authority.revocation_list();
    let of_type = |received: Option<&str>| {
        Err(FetchError::MediaType { kind: Kind::Crl, received: received.map(str::to_owned) })
    };
    assert_eq!(list(&Server::saying(good("text/html", &body)), "/x"), of_type(Some("text/html")));
    assert_eq!(
        list(&Server::saying(good("application/ocsp-response", &body)), "/x"),
        of_type(Some("application/ocsp-response"))
    );
    assert_eq!(list(&Server::saying([&b"HTTP/1.1 200 OK\r\n\r\n"[..], &body].concat()), "/x"), of_type(None));
    // what an error repeats is short and obeyed by no terminal
    let long = list(&Server::saying(good(&format!("a b\u{9b}c{}", "d".repeat(500)), &body)), "/x");
    assert_eq!(long, of_type(Some(&format!("abc{}", "d".repeat(97)))));
    let none = |kind| Err(FetchError::Answer { kind });
    let html = b"<html>Not found</html>";
    let mut longer = body.clone();
    longer.push(0);
    for bad in [&html[..], b"", &body[1..], &body[..body.len() - 1], &longer] {
        assert_eq!(list(&Server::saying(good(CRL, bad)), "/x"), none(Kind::Crl));
    }
    let answer = |kind: Kind, request: &Request, media_type: &str, body: &[u8]| {
        let server = Server::saying(good(media_type, body));
        fetch(&client(), &typed(kind, &server.url("/")), request).map(|response| response.body)
    };
    authority.issue_saying("a", "basicConstraints = CA:false");
    let ocsp = Request::Ocsp(authority.ocsp_question("a", "-no_nonce"));
    let stamp = Request::TimeStamp(authority.time_stamp_question());
    for bad in [&html[..], b"", &body] {
        assert_eq!(answer(Kind::Ocsp, &ocsp, "application/ocsp-response", bad), none(Kind::Ocsp));
        assert_eq!(
            answer(Kind::TimeStamp, &stamp, "application/timestamp-reply", bad),
            none(Kind::TimeStamp)
        );
        let certificate =
            answer(Kind::IssuerCertificate, &Request::IssuerCertificate, "application/pkix-cert", bad);
        assert_eq!(certificate, none(Kind::IssuerCertificate));
        assert_eq!(
            answer(Kind::TrustedList, &Request::TrustedList, "text/xml", bad),
            none(Kind::TrustedList)
        );
    }
    // a responder that refuses has answered (RFC 6960 section 2.3): tryLater
    let refusal = [0x30, 3, 0x0a, 1, 3];
    let refused = answer(Kind::Ocsp, &ocsp, "application/ocsp-response", &refusal);
    assert_eq!(refused, Ok(refusal.to_vec()));
}

#[test]
fn only_success_is_an_answer() {
    for status in [201, 204, 206, 300, 304, 400, 401, 403, 404, 407, 429, 500, 503] {
        let server = Server::saying(format!("HTTP/1.1 {status} X\r\nContent-Type: {CRL}\r\n\r\n"));
        assert_eq!(list(&server, "/x"), Err(FetchError::Status { status }));
    }
}

#[test]
fn the_time_ends_for_servers_that_are_slow_in_any_way() {
    let client = || client().with_time_limits(impatient());
    let too_slow = Err(FetchError::TooSlow { host: host() });
    // until the client is gone: each byte comes in time, the whole never does
    let drip = |first: String, piece: &'static [u8]| {
        Server::start(move |_, stream| {
            let _ = stream.write_all(first.as_bytes());
            while stream.write_all(piece).is_ok() {
                std::thread::sleep(Duration::from_millis(20));
            }
        })
    };
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: {CRL}\r\n");
    for (server, what) in [
        (drip(String::new(), b"H"), "the first line"),
        (drip(head.clone(), b"X"), "the head"),
        (drip(format!("{head}\r\n"), b"x"), "the body"),
        (drip(format!("{head}Content-Length: 1000000\r\n\r\n"), b"x"), "a body with a length"),
        (drip(format!("{head}Transfer-Encoding: chunked\r\n\r\n"), b"1\r\nx\r\n"), "chunks"),
        (
            drip(format!("{head}Transfer-Encoding: chunked\r\n\r\n0\r\n"), b"X: y\r\n"),
            "what follows the chunks",
        ),
    ] {
        assert_eq!(list_with(&client(), &server, "/x"), too_slow, "{what}");
    }
    let silent = Server::start(|_, stream| {
        // until the client is gone
        let _ = stream.read(&mut [0]);
    });
    assert_eq!(list_with(&client(), &silent, "/x"), too_slow);
    // the step alone: the whole would take far longer than this test
    let step =
        TimeLimits { whole: Duration::from_secs(3600), step: Duration::from_millis(200), ..impatient() };
    assert_eq!(list_with(&self::client().with_time_limits(step), &silent, "/x"), too_slow);
    // redirects do not begin the time anew
    let port = silent.port;
    let leading = Server::start(move |question, stream| {
        let location = format!("http://127.0.0.1:{port}/");
        assert_eq!(question.line, "GET /x HTTP/1.1");
        let _ = stream.write_all(&redirect(302, &location));
    });
    let text = format!("[[host]]\nname = \"127.0.0.1\"\nports = [{port}]\n");
    let configured = configured(&text).with_time_limits(impatient());
    assert_eq!(list_with(&configured, &leading, "/x"), too_slow);
    // nobody takes the connection out of the queue, so TLS never begins
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let url = format!("https://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    assert_eq!(fetch(&client(), &typed(Kind::Crl, &url), &Request::Crl).map(|answer| answer.body), too_slow);
    // a resolver that hangs
    let hanging = client().with_resolver(Arc::new(Silent));
    let url = typed(Kind::Crl, "http://slow.example/");
    let slow = FetchError::TooSlow { host: "slow.example".to_owned() };
    assert_eq!(fetch(&hanging, &url, &Request::Crl), Err(slow));
}

#[test]
fn a_server_that_is_not_there_or_hangs_up_is_named() {
    let port = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.local_addr().unwrap().port()
    };
    let url = typed(Kind::Crl, &format!("http://127.0.0.1:{port}/"));
    let answer = fetch(&client(), &url, &Request::Crl);
    let reason = std::io::ErrorKind::ConnectionRefused;
    assert_eq!(answer, Err(FetchError::Unreachable { host: host(), reason }));
    assert_eq!(answer.unwrap_err().code(), "fetch-unreachable");
}
