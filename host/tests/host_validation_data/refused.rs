//! What is not fetched, and what is not taken.

use std::{fs, os::unix::fs::PermissionsExt as _};

use bitaqa_protocol::encode_base64;
use bitaqa_testbed::OwnRoot;
use serde_json::json;

use crate::{
    authority::Authority,
    extension::{Extension, MOST, crl, data, failing, listed_at, near, shows_nothing},
    server::{Server, good, redirect},
};

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
