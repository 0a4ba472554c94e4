//! Servers that lead elsewhere.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use std::io::Write as _;

use bitaqa_fetch::{FetchError, Kind, Request, error::RedirectFault, fetch, url::UrlFault};
use support::{
    authority::Authority,
    client, configured,
    server::{Server, good, redirect},
    typed,
};

const CRL: &str = "application/pkix-crl";

fn list(server: &Server, path: &str) -> Result<Vec<u8>, FetchError> {
    fetch(&client(), &typed(Kind::Crl, &server.url(path)), &Request::Crl).map(|response| response.body)
}

#[test]
fn who_was_allowed_one_host_is_led_to_no_other() {
    let body = Authority::new().revocation_list();
    let inside = Server::saying(good(CRL, &body));
    let leads = |to: String| Server::saying(redirect(302, &to));
    let get = |server: &Server| {
        let client = configured("[[host]]\nname = \"localhost\"\nprivate_address = true\n").within_hosts();
        fetch(&client, &typed(Kind::Crl, &server.url("/")), &Request::Crl).map(|response| response.body)
    };
    let same = Server::start({
        let body = body.clone();
        move |question, stream| {
            let is_new = question.line.contains("/new");
            stream.write_all(&if is_new { good(CRL, &body) } else { redirect(302, "/new") }).unwrap();
        }
    });
    assert_eq!(get(&same), Ok(body));
    let other = leads(format!("http://localhost:{}/", inside.port));
    assert_eq!(get(&other), Err(FetchError::Redirect { fault: RedirectFault::OtherHost }));
    assert!(inside.received().is_empty());
}

#[test]
fn redirects_are_followed_three_times_and_with_their_question() {
    let body = Authority::new().revocation_list();
    let times = |wanted: usize| {
        let body = body.clone();
        let server = Server::start(move |question, stream| {
            let done = question.line.matches('x').count();
            let answer = if done == wanted {
                good(CRL, &body)
            } else {
                redirect(302, &format!("/{}", "x".repeat(done + 1)))
            };
            stream.write_all(&answer).unwrap();
        });
        let answer = list(&server, "/");
        let lines: Vec<_> = server.received().iter().map(|received| received.line.clone()).collect();
        (answer, lines)
    };
    let (answer, lines) = times(3);
    assert_eq!(answer, Ok(body.clone()));
    assert_eq!(lines, ["GET / HTTP/1.1", "GET /x HTTP/1.1", "GET /xx HTTP/1.1", "GET /xxx HTTP/1.1"]);
    let (answer, lines) = times(4);
    assert_eq!((answer, lines.len()), (Err(FetchError::TooManyRedirects), 4));

    let authority = Authority::new();
    authority.issue_saying("a", "basicConstraints = CA:false");
    let question = authority.ocsp_question("a", "-no_nonce");
    let reply = authority.ocsp_answer(&question, "-ndays 7");
    for status in [301, 302, 303, 307, 308] {
        let reply = reply.clone();
        let server = Server::start(move |question, stream| {
            let answer = if question.line.contains("/new") {
                good("application/ocsp-response", &reply)
            } else {
                redirect(status, "/new")
            };
            stream.write_all(&answer).unwrap();
        });
        let url = typed(Kind::Ocsp, &server.url("/old"));
        let answer = fetch(&client(), &url, &Request::Ocsp(question.clone()));
        if status < 307 {
            assert_eq!(answer, Err(FetchError::Redirect { fault: RedirectFault::LosesQuestion }));
            assert_eq!(server.received().len(), 1);
        } else {
            assert!(answer.is_ok());
            assert_eq!(server.received()[1].body, question);
        }
    }
}

#[test]
fn redirects_that_lead_out_of_the_web_are_not_followed() {
    let url = |fault: UrlFault| RedirectFault::Url(fault);
    for (answer, fault) in [
        (redirect(302, "file:///etc/passwd"), url(UrlFault::Scheme)),
        (redirect(302, "ldap://directory.example/"), url(UrlFault::Scheme)),
        (redirect(302, "gopher://a.example/"), url(UrlFault::Scheme)),
        (redirect(302, "http://user:secret@a.example/"), url(UrlFault::Credentials)),
        (redirect(302, "http://a.example\\@b.example/"), url(UrlFault::Characters)),
        (redirect(302, "http://2130706433/"), url(UrlFault::Host)),
        (redirect(302, &format!("http://a.example/{}", "x".repeat(3000))), url(UrlFault::TooLong)),
        (b"HTTP/1.1 302 Found\r\n\r\n".to_vec(), RedirectFault::Location),
        (b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n\r\n".to_vec(), RedirectFault::Location),
    ] {
        assert_eq!(list(&Server::saying(answer), "/x"), Err(FetchError::Redirect { fault }));
    }
}
