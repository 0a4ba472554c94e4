//! The gate: an address has to stand in something that stands for it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_fetch::{Configuration, Kind, NotPermitted, PermittedUrl, Source, url::UrlFault};
use support::authority::Authority;

const RESPONDER: &str = "http://ocsp.example/";
const ISSUER: &str = "http://aia.example/ca.cer";
const LIST: &str = "http://crl.example/ca.crl";
const MIRROR: &str = "https://mirror.example/ca.crl";

fn extensions() -> String {
    format!(
        "authorityInfoAccess = OCSP;URI:{RESPONDER}, caIssuers;URI:{ISSUER}, caIssuers;URI:ldap://directory.example/\n\
         crlDistributionPoints = URI:{LIST}, URI:ldap://directory.example/cn=x, URI:{MIRROR}"
    )
}

fn find(kind: Kind, url: &str, sources: &[Source<'_>]) -> Result<PermittedUrl, NotPermitted> {
    PermittedUrl::find(kind, url, sources, &Configuration::default())
}

#[test]
fn an_address_of_a_certificate_is_permitted_for_what_it_stands_there_for() {
    let certificate = Authority::new().issue_saying("a", &extensions());
    let source = Source::Certificate(&certificate);
    let all = |kind| PermittedUrl::all_in(kind, &source).iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(all(Kind::Ocsp), [RESPONDER]);
    assert_eq!(all(Kind::IssuerCertificate), [ISSUER]);
    assert_eq!(all(Kind::Crl), [LIST, MIRROR]);
    assert!(all(Kind::TimeStamp).is_empty() && all(Kind::TrustedList).is_empty());
    for (url, its) in
        [(RESPONDER, Kind::Ocsp), (ISSUER, Kind::IssuerCertificate), (LIST, Kind::Crl), (MIRROR, Kind::Crl)]
    {
        for kind in Kind::ALL {
            let found = find(kind, url, &[source]);
            if kind == its {
                assert_eq!(found.unwrap().kind(), kind);
            } else {
                assert_eq!(found, Err(NotPermitted::NotFound { kind }), "{url}");
            }
        }
    }
}

#[test]
fn an_address_that_stands_nowhere_is_not_permitted() {
    let authority = Authority::new();
    let certificate = authority.issue_saying("a", &extensions());
    let other = authority.issue_saying("b", "basicConstraints = CA:false");
    let source = Source::Certificate(&certificate);
    for url in [
        "http://crl.example/",
        "http://crl.example/ca.crl?x",
        "http://crl.example/ca.crl#",
        "http://crl.example:80/ca.crl",
        "HTTP://crl.example/ca.crl",
        "https://crl.example/ca.crl",
        "ldap://directory.example/cn=x",
        "",
    ] {
        assert_eq!(find(Kind::Crl, url, &[source]), Err(NotPermitted::NotFound { kind: Kind::Crl }), "{url}");
    }
    let not_found = Err(NotPermitted::NotFound { kind: Kind::Crl });
    assert_eq!(find(Kind::Crl, LIST, &[]), not_found);
    assert_eq!(find(Kind::Crl, LIST, &[Source::Certificate(&other)]), not_found);
    assert_eq!(find(Kind::Crl, LIST, &[Source::RevocationList(certificate.der())]), not_found);
    assert_eq!(find(Kind::Crl, LIST, &[Source::TrustedList(LIST.as_bytes())]), not_found);
    assert!(find(Kind::Crl, LIST, &[Source::Certificate(&other), source]).is_ok());
}

#[test]
fn an_address_that_stands_there_but_cannot_be_used_is_refused() {
    let authority = Authority::new();
    for (number, (url, fault)) in [
        ("http://user:secret@crl.example/", UrlFault::Credentials),
        ("http://2130706433/", UrlFault::Host),
        ("http://crl.example:99999/", UrlFault::Port),
    ]
    .into_iter()
    .enumerate()
    {
        let certificate =
            authority.issue_saying(&format!("c{number}"), &format!("crlDistributionPoints = URI:{url}"));
        let source = Source::Certificate(&certificate);
        assert_eq!(find(Kind::Crl, url, &[source]), Err(NotPermitted::Url(fault)), "{url}");
        assert!(PermittedUrl::all_in(Kind::Crl, &source).is_empty());
    }
    let typed = PermittedUrl::from_command_line(Kind::TimeStamp, "ftp://tsa.example/");
    assert_eq!(typed, Err(NotPermitted::Url(UrlFault::Scheme)));
    assert_eq!(typed.unwrap_err().code(), "fetch-url-malformed");
}

#[test]
fn a_revocation_list_says_where_it_is_published() {
    let authority = Authority::new();
    authority.file(
        "list.cnf",
        format!(
            "[extensions]\nissuingDistributionPoint = critical, @point\n[point]\nfullname = URI:{LIST}\n"
        )
        .as_bytes(),
    );
    let configuration = String::from_utf8(authority.read("openssl.cnf")).unwrap();
    authority.file("both.cnf", [configuration.as_bytes(), &authority.read("list.cnf")].concat().as_slice());
    authority.run("ca -config both.cnf -gencrl -crlexts extensions -out scoped.pem");
    let scoped = authority.run("crl -in scoped.pem -outform DER");
    assert_eq!(find(Kind::Crl, LIST, &[Source::RevocationList(&scoped)]).unwrap().to_string(), LIST);
    let plain = authority.revocation_list();
    let not_found = Err(NotPermitted::NotFound { kind: Kind::Crl });
    assert_eq!(find(Kind::Crl, LIST, &[Source::RevocationList(&plain)]), not_found);
}

#[test]
fn a_trusted_list_says_where_lists_are() {
    let xml = br#"<?xml version="1.0" encoding="UTF-8"?>
<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#"><SchemeInformation><PointersToOtherTSL><OtherTSLPointer>
<TSLLocation>https://lists.example/ma.xml</TSLLocation></OtherTSLPointer></PointersToOtherTSL></SchemeInformation>
</TrustServiceStatusList>"#;
    let url = "https://lists.example/ma.xml";
    assert!(find(Kind::TrustedList, url, &[Source::TrustedList(xml)]).is_ok());
    assert!(find(Kind::Crl, url, &[Source::TrustedList(xml)]).is_err());
    assert!(find(Kind::TrustedList, "https://lists.example/", &[Source::TrustedList(xml)]).is_err());
}

#[test]
fn the_administrator_names_addresses_for_a_kind() {
    let text = "schema = 1\n[[source]]\nkind = \"trusted-list\"\nurl = \"https://lists.example/list.xml\"\n";
    let configuration = Configuration::from_toml(text).unwrap();
    let url = "https://lists.example/list.xml";
    assert!(PermittedUrl::find(Kind::TrustedList, url, &[], &configuration).is_ok());
    assert!(PermittedUrl::find(Kind::Crl, url, &[], &configuration).is_err());
    assert!(PermittedUrl::find(Kind::TrustedList, "https://lists.example/", &[], &configuration).is_err());
}
