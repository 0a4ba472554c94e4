//! Documents of portals: what they may come from, how long they are, and when they are waited for no longer.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bitaqa_fetch::{
    Document, FetchError, Fetched, Reach, Resolve, address::Special, document, error::RedirectFault, url::Url,
};
use support::{
    Names, client, impatient,
    server::{Server, good, redirect},
};

const JSON: &str = "application/json";

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn here(server: &Server) -> Result<Fetched, FetchError> {
    document(&client(), &url(&server.url("/keys")), Reach::PublicAndLoopback, Document::KeySet)
}

#[test]
fn a_document_comes_with_how_long_it_counts() {
    for (field, expected) in [
        ("", None),
        ("Cache-Control: public\r\n", None),
        ("Cache-Control: public, max-age=300\r\n", Some(300)),
        ("Cache-Control: MAX-AGE=\"7\"\r\n", Some(7)),
        ("Cache-Control: max-age=300\r\nCache-Control: no-store\r\n", Some(0)),
        ("Cache-Control: max-age=300, max-age=20\r\n", Some(20)),
        ("Cache-Control: max-age=soon\r\n", Some(0)),
        ("Cache-Control: max-age=99999999999999999999999\r\n", Some(0)),
        ("Cache-Control: s-maxage=5\r\n", None),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: application/jwk-set+json\r\n{field}");
        let server = Server::saying(format!("{head}Content-Length: 2\r\n\r\n{{}}"));
        let fetched = here(&server).unwrap();
        assert_eq!(
            (fetched.body.as_slice(), fetched.max_age),
            (&b"{}"[..], expected.map(Duration::from_secs))
        );
        let received = server.received();
        let [question] = received.as_slice() else { panic!("{}", received.len()) };
        assert_eq!(question.line.trim_end(), "GET /keys HTTP/1.1");
        assert_eq!((question.field("cookie"), question.field("authorization")), (None, None));
    }
}

#[test]
fn what_is_no_json_is_packed_or_too_long_is_refused() {
    let most = 64 * 1024;
    let media_type = |received: &str| FetchError::DocumentType { received: Some(received.to_owned()) };
    for (answer, expected) in [
        (good("text/html", b"{}"), media_type("text/html")),
        (good("application/jwt", b"{}"), media_type("application/jwt")),
        (good(JSON, &vec![b' '; most + 1]), FetchError::TooLarge { most }),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
                .to_vec(),
            FetchError::Encoded,
        ),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_vec(), FetchError::Status { status: 404 }),
    ] {
        assert_eq!(here(&Server::saying(answer)), Err(expected));
    }
    assert_eq!(here(&Server::saying(good(JSON, &vec![b' '; most]))).unwrap().body.len(), most);
    let sector = Server::saying(good("application/jwk-set+json", b"[]"));
    let as_sector =
        document(&client(), &url(&sector.url("/")), Reach::PublicAndLoopback, Document::SectorIdentifier);
    assert_eq!(as_sector, Err(media_type("application/jwk-set+json")));
}

/// Without an end, and one byte at a time.
#[test]
fn a_server_that_drips_is_not_waited_for() {
    for answer in
        ["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n", "HTTP/1.1 "]
    {
        let server = Server::start(move |_, stream| {
            use std::io::Write as _;
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
            while stream.write_all(b" ").is_ok() {
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let client = client().with_time_limits(impatient());
        let fetched = document(&client, &url(&server.url("/")), Reach::PublicAndLoopback, Document::KeySet);
        assert!(matches!(fetched, Err(FetchError::TooSlow { .. })), "{fetched:?}");
    }
}

#[test]
fn nothing_is_fetched_from_the_own_network_or_in_the_clear() {
    let server = Server::saying(good(JSON, b"{}"));
    let names = Names::new(&[
        ("here.example", &["127.0.0.1"]),
        ("here6.example", &["::1"]),
        ("inside.example", &["10.0.0.1"]),
        ("metadata.example", &["169.254.169.254"]),
        ("mapped.example", &["::ffff:169.254.169.254"]),
        ("outside.example", &["8.8.8.8"]),
    ]);
    let client = client().with_resolver(names).with_time_limits(impatient());
    let refused = |scheme: &str, host: &str, reach| {
        document(&client, &url(&format!("{scheme}://{host}:{}/", server.port)), reach, Document::KeySet)
            .unwrap_err()
    };
    for scheme in ["http", "https"] {
        for (host, expected) in [
            ("127.0.0.1", Special::Loopback),
            ("[::1]", Special::Loopback),
            ("here.example", Special::Loopback),
            ("here6.example", Special::Loopback),
            ("inside.example", Special::Private),
            ("metadata.example", Special::LinkLocal),
            ("mapped.example", Special::LinkLocal),
            ("[fd00::1]", Special::Private),
            ("[::ffff:127.0.0.1]", Special::Loopback),
        ] {
            let error = refused(scheme, host, Reach::Public);
            assert!(
                matches!(&error, FetchError::AddressNotPublic { special, .. } if *special == expected),
                "{scheme} {host}: {error}"
            );
        }
        for host in ["inside.example", "metadata.example", "mapped.example"] {
            let error = refused(scheme, host, Reach::PublicAndLoopback);
            assert!(matches!(error, FetchError::AddressNotPublic { .. }), "{host}: {error}");
        }
    }
    for reach in [Reach::Public, Reach::PublicAndLoopback] {
        let host = "outside.example".to_owned();
        assert_eq!(refused("http", &host, reach), FetchError::NotSecure { host });
    }
    assert!(server.received().is_empty());
}

#[test]
fn each_redirect_is_held_to_the_same() {
    let inner = Server::saying(good(JSON, b"{}"));
    for (location, expected) in [
        ("http://169.254.169.254/latest/", None),
        ("http://10.0.0.1/", None),
        ("http://[fd00::1]/", None),
        ("https://192.168.1.1/", None),
        (&*inner.url("/"), Some(FetchError::Port { host: "127.0.0.1".to_owned(), port: inner.port })),
        (
            "file:///etc/passwd",
            Some(FetchError::Redirect { fault: bitaqa_fetch::url::UrlFault::Scheme.into() }),
        ),
        ("http://8.8.8.8/", Some(FetchError::NotSecure { host: "8.8.8.8".to_owned() })),
    ] {
        let error = here(&Server::saying(redirect(302, location))).unwrap_err();
        match expected {
            Some(expected) => assert_eq!(error, expected),
            None => assert!(matches!(error, FetchError::AddressNotPublic { .. }), "{location}: {error}"),
        }
    }
    let twice = b"HTTP/1.1 302 Go\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n";
    let fault = RedirectFault::Location;
    assert_eq!(here(&Server::saying(twice.to_vec())), Err(FetchError::Redirect { fault }));
    assert_eq!(here(&Server::saying(redirect(302, "/keys"))), Err(FetchError::TooManyRedirects));
    assert!(inner.received().is_empty());
}

/// A name that leads elsewhere each time it is asked for (DNS rebinding).
struct Changing(AtomicUsize);

impl Resolve for Changing {
    fn resolve(&self, _: &str) -> std::io::Result<Vec<IpAddr>> {
        let address = if self.0.fetch_add(1, Ordering::Relaxed) == 0 { "203.0.113.1" } else { "127.0.0.1" };
        Ok(vec![address.parse().unwrap()])
    }
}

#[test]
fn a_name_is_asked_for_once_and_what_it_led_to_is_what_is_connected_to() {
    let changing = Arc::new(Changing(AtomicUsize::new(0)));
    let client = client().with_resolver(Arc::clone(&changing) as Arc<dyn Resolve>);
    let fetched = document(&client, &url("https://changing.example/"), Reach::Public, Document::KeySet);
    assert!(matches!(fetched, Err(FetchError::AddressNotPublic { special: Special::Documentation, .. })));
    assert_eq!(changing.0.load(Ordering::Relaxed), 1);
}
