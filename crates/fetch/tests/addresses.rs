//! Where a connection may go: public addresses, the usual ports, and what the administrator or the person named.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use std::{io::Write as _, net::IpAddr, process::Command};

use bitaqa_fetch::{
    FetchError, Kind, PermittedUrl, Request, Source, address::Special, error::RedirectFault, fetch,
};
use bitaqa_trust::Certificate;
use support::{
    Names,
    authority::Authority,
    client, configured,
    server::{Server, good, redirect},
    typed,
};

const CRL: &str = "application/pkix-crl";

/// The address of a revocation list, as a certificate of anybody's names it.
fn found(authority: &Authority, name: &str, url: &str) -> PermittedUrl {
    let certificate: Certificate =
        authority.issue_saying(name, &format!("crlDistributionPoints = URI:{url}"));
    let mut all = PermittedUrl::all_in(Kind::Crl, &Source::Certificate(&certificate));
    assert_eq!(all.len(), 1, "{url}");
    all.remove(0)
}

fn not_public(host: &str, address: &str, special: Special) -> FetchError {
    FetchError::AddressNotPublic { host: host.to_owned(), address: address.parse().unwrap(), special }
}

#[test]
fn a_certificate_cannot_lead_into_the_own_network() {
    let authority = Authority::new();
    for (number, (host, address, special)) in [
        ("127.0.0.1", "127.0.0.1", Special::Loopback),
        ("169.254.169.254", "169.254.169.254", Special::LinkLocal),
        ("10.1.2.3", "10.1.2.3", Special::Private),
        ("100.64.0.1", "100.64.0.1", Special::Shared),
        ("0.0.0.0", "0.0.0.0", Special::Unspecified),
        ("[::1]", "::1", Special::Loopback),
        ("[::]", "::", Special::Unspecified),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1", Special::Loopback),
        ("[::ffff:7f00:1]", "::ffff:127.0.0.1", Special::Loopback),
        ("[64:ff9b::a00:1]", "64:ff9b::10.0.0.1", Special::Private),
        ("[2002:7f00:1::]", "2002:7f00:1::", Special::Loopback),
        ("[fe80::1]", "fe80::1", Special::LinkLocal),
        ("[fd00::1]", "fd00::1", Special::Private),
    ]
    .into_iter()
    .enumerate()
    {
        let url = found(&authority, &format!("c{number}"), &format!("http://{host}/crl"));
        let fault = fetch(&client(), &url, &Request::Crl).unwrap_err();
        let FetchError::AddressNotPublic { address: named, special: as_special, .. } = &fault else {
            panic!("{host}: {fault}")
        };
        assert_eq!((*named, *as_special), (address.parse::<IpAddr>().unwrap(), special), "{host}");
        assert_eq!(fault.code(), "fetch-address-not-public");
    }
}

#[test]
fn a_name_cannot_lead_into_the_own_network() {
    let authority = Authority::new();
    let cases: [(&str, &[&str], &str, Special); 7] = [
        ("loop.example", &["127.0.0.1"], "127.0.0.1", Special::Loopback),
        ("localhost", &["::1", "127.0.0.1"], "::1", Special::Loopback),
        ("metadata.example", &["169.254.169.254"], "169.254.169.254", Special::LinkLocal),
        ("mapped.example", &["::ffff:192.168.0.1"], "::ffff:192.168.0.1", Special::Private),
        ("translated.example", &["64:ff9b::127.0.0.1"], "64:ff9b::127.0.0.1", Special::Loopback),
        ("unique.example", &["fd12::1"], "fd12::1", Special::Private),
        ("router.example", &["192.168.1.1", "10.0.0.1"], "192.168.1.1", Special::Private),
    ];
    let names: Vec<_> = cases.iter().map(|(name, addresses, ..)| (*name, *addresses)).collect();
    let client = client().with_resolver(Names::new(&names));
    for (name, _, address, special) in cases {
        let url = found(&authority, name, &format!("http://{name}/crl"));
        assert_eq!(fetch(&client, &url, &Request::Crl), Err(not_public(name, address, special)), "{name}");
    }
    let url = found(&authority, "unknown", "http://unknown.example/crl");
    let unknown = FetchError::Name { host: "unknown.example".to_owned() };
    assert_eq!(fetch(&client, &url, &Request::Crl), Err(unknown));
    let nothing = self::client().with_resolver(Names::new(&[("unknown.example", &[])]));
    assert_eq!(fetch(&nothing, &url, &Request::Crl).unwrap_err().code(), "fetch-name-not-found");
}

#[test]
fn a_redirect_cannot_lead_into_the_own_network() {
    let authority = Authority::new();
    let inner = Server::start(|question, _: &mut std::net::TcpStream| panic!("{question:?} was sent"));
    for (location, address, special) in [
        ("http://127.0.0.1/".to_owned(), "127.0.0.1", Special::Loopback),
        ("http://[::1]/".to_owned(), "::1", Special::Loopback),
        ("http://[::ffff:10.0.0.1]/".to_owned(), "::ffff:10.0.0.1", Special::Private),
        ("http://loop.example/".to_owned(), "127.0.0.1", Special::Loopback),
        ("//loop.example/".to_owned(), "127.0.0.1", Special::Loopback),
    ] {
        let outer = Server::saying(redirect(302, &location));
        let text = format!(
            "[[host]]\nname = \"outer.example\"\nprivate_address = true\nports = [{}]\n[[host]]\nname = \"loop.example\"\nports = [{}]\n",
            outer.port, inner.port
        );
        let client = configured(&text).with_resolver(Names::new(&[
            ("outer.example", &["127.0.0.1"]),
            ("loop.example", &["127.0.0.1"]),
        ]));
        // named by a certificate, and by the person: the word is for the host that was named
        let url = format!("http://outer.example:{}/crl", outer.port);
        let name = format!("r{}", outer.port);
        for permitted in [found(&authority, &name, &url), typed(Kind::Crl, &url)] {
            let fault = fetch(&client, &permitted, &Request::Crl).unwrap_err();
            let FetchError::AddressNotPublic { address: named, special: as_special, .. } = fault else {
                panic!("{location}: {fault}")
            };
            assert_eq!((named, as_special), (address.parse::<IpAddr>().unwrap(), special), "{location}");
        }
        assert_eq!(outer.received().len(), 2);
    }
    assert!(inner.received().is_empty());
}

#[test]
fn other_ports_need_a_name_in_the_configuration() {
    let authority = Authority::new();
    let list = authority.revocation_list();
    let server = Server::saying(good(CRL, &list));
    let host = "lists.example";
    let url = found(&authority, "port", &format!("http://{host}:{}/crl", server.port));
    let refused = FetchError::Port { host: host.to_owned(), port: server.port };
    let names = || Names::new(&[(host, &["127.0.0.1"])]);
    let entry =
        |text: &str| configured(&format!("[[host]]\nname = \"{host}\"\n{text}")).with_resolver(names());
    let ports = format!("ports = [{}]\n", server.port);
    for refusing in [
        client().with_resolver(names()),
        entry("private_address = true\n"),
        entry("ports = [1]\nprivate_address = true\n"),
        configured(&format!("[[host]]\nname = \"other.example\"\nprivate_address = true\n{ports}"))
            .with_resolver(names()),
    ] {
        assert_eq!(fetch(&refusing, &url, &Request::Crl), Err(refused.clone()));
    }
    // the port alone says nothing about the address
    let fault = fetch(&entry(&ports), &url, &Request::Crl);
    assert_eq!(fault, Err(not_public(host, "127.0.0.1", Special::Loopback)));
    assert!(server.received().is_empty());
    let answer = fetch(&entry(&format!("private_address = true\n{ports}")), &url, &Request::Crl);
    assert_eq!(answer.unwrap().body, list);
}

#[test]
fn what_the_administrator_or_the_person_names_may_be_near() {
    let authority = Authority::new();
    let list = authority.revocation_list();
    let server = Server::saying(good(CRL, &list));
    let url = server.url("/crl");
    assert_eq!(fetch(&client(), &typed(Kind::Crl, &url), &Request::Crl).unwrap().body, list);
    let client = configured(&format!("[[source]]\nkind = \"crl\"\nurl = \"{url}\"\n"));
    let permitted = PermittedUrl::find(Kind::Crl, &url, &[], client.configuration()).unwrap();
    assert_eq!(fetch(&client, &permitted, &Request::Crl).unwrap().body, list);
    // the same address, but found: nobody named it
    let url = found(&authority, "same", &url);
    assert_eq!(fetch(&client, &url, &Request::Crl).unwrap_err().code(), "fetch-port-not-permitted");
}

#[test]
fn a_secure_connection_does_not_become_an_open_one() {
    let authority = Authority::new();
    authority.issue("server", "server");
    let answer = redirect(302, "http://127.0.0.1/");
    authority.file("answer", &answer);
    let service = authority.tls_server("-HTTP");
    let client =
        client().with_tls_authorities(bitaqa_fetch::TlsAuthorities::Only(vec![authority.certificate("ca")]));
    let url = typed(Kind::Crl, &format!("https://127.0.0.1:{}/answer", service.port));
    let fault = FetchError::Redirect { fault: RedirectFault::Downgrade };
    assert_eq!(fetch(&client, &url, &Request::Crl), Err(fault));
}

/// Run again, by itself, in an environment that names proxies.
#[test]
fn proxies_of_the_environment_are_not_asked() {
    const INSIDE: &str = "BITAQA_TEST_INSIDE";
    let proxy = Server::saying(b"HTTP/1.1 502 Proxy\r\n\r\n".to_vec());
    if std::env::var_os(INSIDE).is_some() {
        let list = Authority::new().revocation_list();
        let server = Server::start(move |question, stream| {
            assert_eq!(question.line, "GET /crl HTTP/1.1");
            stream.write_all(&good(CRL, &list)).unwrap();
        });
        fetch(&client(), &typed(Kind::Crl, &server.url("/crl")), &Request::Crl).unwrap();
        return;
    }
    let mut again = Command::new(std::env::current_exe().unwrap());
    again.args(["--exact", "proxies_of_the_environment_are_not_asked"]).env(INSIDE, "1");
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        again.env(name, proxy.url("")).env_remove("no_proxy").env_remove("NO_PROXY");
    }
    let output = again.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    assert!(proxy.received().is_empty());
}
