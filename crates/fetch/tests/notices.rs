//! Messages to servers that an operator registered.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_fetch::{FetchError, Reach, address::Special, notify, url::Url};
use support::{Names, client, impatient, server::Server};

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn a_message_is_posted_and_success_is_all_that_counts() {
    for (status, expected) in [
        ("200 OK", Ok(())),
        ("204 No Content", Ok(())),
        ("400 Bad Request", Err(FetchError::Status { status: 400 })),
        ("503 Busy", Err(FetchError::Status { status: 503 })),
    ] {
        let server = Server::saying(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
        let sent = notify(&client(), &url(&server.url("/out?x=1")), Reach::PublicAndLoopback, b"a=b");
        assert_eq!(sent, expected, "{status}");
        let received = server.received();
        let [message] = received.as_slice() else { panic!("{}", received.len()) };
        assert_eq!(
            (message.line.trim_end(), message.body.as_slice()),
            ("POST /out?x=1 HTTP/1.1", &b"a=b"[..])
        );
        assert_eq!(message.field("content-type"), Some("application/x-www-form-urlencoded"));
        assert_eq!(message.field("cookie"), None);
    }
}

#[test]
fn no_redirect_is_followed() {
    let other = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let location = other.url("/");
    let server =
        Server::saying(format!("HTTP/1.1 307 Go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"));
    let sent = notify(&client(), &url(&server.url("/")), Reach::PublicAndLoopback, b"");
    assert_eq!(sent, Err(FetchError::Status { status: 307 }));
    assert!(other.received().is_empty());
}

#[test]
fn nothing_goes_into_the_own_network_whatever_the_name_leads_to() {
    let server = Server::saying("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let names = Names::new(&[
        ("here.example", &["127.0.0.1"]),
        ("inside.example", &["10.0.0.1"]),
        ("metadata.example", &["169.254.169.254"]),
    ]);
    let client = client().with_resolver(names);
    let refused = |host: &str, reach| {
        let to = url(&format!("http://{host}:{}/", server.port));
        match notify(&client, &to, reach, b"") {
            Err(FetchError::AddressNotPublic { special, .. }) => Some(special),
            Ok(()) => None,
            Err(error) => panic!("{error}"),
        }
    };
    for host in ["127.0.0.1", "here.example"] {
        assert_eq!(refused(host, Reach::Public), Some(Special::Loopback));
        assert_eq!(refused(host, Reach::PublicAndLoopback), None);
    }
    for reach in [Reach::Public, Reach::PublicAndLoopback] {
        assert_eq!(refused("inside.example", reach), Some(Special::Private));
        assert_eq!(refused("metadata.example", reach), Some(Special::LinkLocal));
        assert_eq!(refused("[fd00::1]", reach), Some(Special::Private));
    }
}

#[test]
fn a_server_that_takes_its_time_is_not_waited_for() {
    let server = Server::start(|_, _| std::thread::sleep(std::time::Duration::from_secs(5)));
    let to = url(&server.url("/"));
    let client = client().with_time_limits(impatient());
    assert!(matches!(notify(&client, &to, Reach::PublicAndLoopback, b""), Err(FetchError::TooSlow { .. })));
}
