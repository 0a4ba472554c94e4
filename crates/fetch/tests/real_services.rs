//! Responders, time-stamp authorities, file servers and TLS of others.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener},
    sync::Arc,
    time::SystemTime,
};

use bitaqa_fetch::{
    Client, Kind, PermittedUrl, Request, Source, TimeStampAuthority, TlsAuthorities, certificates_of, fetch,
    time_stamp,
};
use bitaqa_trust::{
    Certificate, DateTime, TrustStore,
    certification_path::candidates,
    revocation::{CertificateStatus, Evidence, EvidenceRules, Needed, RevocationCheck, RevocationReport},
};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use support::{
    Names,
    authority::Authority,
    client, configured,
    server::{Server, good},
    time_stamps::time_stamps,
    typed,
};

/// A client for which the administrator named loopback.
fn near(ports: &[u16]) -> Client {
    configured(&format!("[[host]]\nname = \"127.0.0.1\"\nprivate_address = true\nports = {ports:?}\n"))
}

/// Certificates and lists of an authority, as a file server has them.
fn file_server(authority: Arc<Authority>) -> Server {
    Server::start(move |question, stream| {
        let answer = match question.line.as_str() {
            "GET /ca.crl HTTP/1.1" => good("application/x-pkcs7-crl", &authority.revocation_list()),
            "GET /ca.cer HTTP/1.1" => good("application/x-x509-ca-cert", authority.certificate("ca").der()),
            _ => b"HTTP/1.1 404 Not Found\r\n\r\n".to_vec(),
        };
        stream.write_all(&answer).unwrap();
    })
}

/// What a path needs to know of revocation, fetched where its certificates say, and what it proves.
fn status(client: &Client, leaf: &Certificate, issuer: Certificate) -> RevocationReport {
    let mut store = TrustStore::new();
    store.add_anchor(issuer);
    let path = candidates(leaf, &store).unwrap().remove(0);
    let check =
        RevocationCheck::new(path, store, DateTime::from_system_time(SystemTime::now()).unwrap(), None);
    let needs = check.needs();
    assert_eq!(needs.len(), 2);
    let mut evidence = Evidence::new();
    for need in needs {
        let request = match &need {
            Needed::Ocsp { request, .. } => Request::Ocsp(request.clone()),
            Needed::Crl { .. } => Request::Crl,
        };
        let along = [Source::Certificate(leaf)];
        let url = PermittedUrl::find(request.kind(), need.url(), &along, client.configuration()).unwrap();
        evidence.answer(&need, fetch(client, &url, &request).unwrap().body).unwrap();
    }
    check.finish(&evidence, &EvidenceRules::default())
}

#[test]
fn a_responder_and_a_list_prove_what_a_certificate_is_worth() {
    let authority = Arc::new(Authority::new());
    let files = file_server(Arc::clone(&authority));
    // all it ever knows is that the first serial number, which the certificate gets, was issued
    authority.file("issued.txt", b"V\t491231235959Z\t\t1000\tunknown\t/CN=leaf\n");
    let responder = authority.responder("-index issued.txt -CA ca.pem -rsigner ca.pem -rkey ca.key -ndays 7");
    let leaf = authority.issue_saying(
        "leaf",
        &format!(
            "authorityInfoAccess = OCSP;URI:http://127.0.0.1:{}/ocsp, caIssuers;URI:{}\n\
             crlDistributionPoints = URI:{}",
            responder.port,
            files.url("/ca.cer"),
            files.url("/ca.crl"),
        ),
    );
    let client = near(&[responder.port, files.port]);
    let source = Source::Certificate(&leaf);
    let issuers = PermittedUrl::all_in(Kind::IssuerCertificate, &source);
    let answer = fetch(&client, &issuers[0], &Request::IssuerCertificate).unwrap().body;
    let issuer = certificates_of(&answer).unwrap().remove(0);
    assert_eq!(issuer, authority.certificate("ca"));

    let report = status(&client, &leaf, issuer.clone());
    assert!(report.all_good(), "{report:?}");
    let question = authority.ocsp_question("leaf", "-nonce");
    let responders = PermittedUrl::all_in(Kind::Ocsp, &source);
    let answer = fetch(&client, &responders[0], &Request::Ocsp(question)).unwrap().body;
    authority.file("leaf.answer", &answer);
    let judge = "ocsp -no_nonce -issuer ca.pem -cert leaf.pem -respin leaf.answer -CAfile ca.pem";
    let said = String::from_utf8(authority.run(judge)).unwrap();
    assert!(said.starts_with("leaf.pem: good"), "{said}");

    // the list knows more than the responder, and counts
    authority.run("ca -config openssl.cnf -revoke leaf.pem");
    let report = status(&client, &leaf, issuer);
    assert!(matches!(report.certificates[0].status, CertificateStatus::Revoked { .. }), "{report:?}");
}

#[test]
fn a_message_of_certificates_is_read() {
    let authority = Authority::new();
    let [one, other] = ["a", "b"].map(|name| authority.issue_saying(name, "basicConstraints = CA:false"));
    authority.run("crl2pkcs7 -nocrl -certfile a.pem -certfile b.pem -outform DER -out both.p7c");
    let message = authority.read("both.p7c");
    for media_type in ["application/pkcs7-mime; smime-type=certs-only", "application/x-pkcs7-certificates"] {
        let server = Server::saying(good(media_type, &message));
        let url = typed(Kind::IssuerCertificate, &server.url("/both.p7c"));
        let answer = fetch(&client(), &url, &Request::IssuerCertificate).unwrap();
        assert_eq!(certificates_of(&answer.body).unwrap(), [one.clone(), other.clone()]);
    }
    authority.run("crl2pkcs7 -nocrl -outform DER -out none.p7c");
    for bad in
        [authority.read("none.p7c"), message[..message.len() - 1].to_vec(), authority.revocation_list()]
    {
        assert!(certificates_of(&bad).is_err());
    }
}

#[test]
fn a_time_stamp_of_openssl_comes_from_the_first_authority_that_gives_one() {
    let authority = Arc::new(Authority::new());
    let question = authority.time_stamp_question();
    let works = time_stamps(&authority);
    let refuses = Server::saying(b"HTTP/1.1 503 Busy\r\n\r\n".to_vec());
    let lies = Server::saying(good("application/timestamp-reply", b"<html/>"));
    // status 2, rejection, and no token
    let rejects = Server::saying(good("application/timestamp-reply", &[0x30, 5, 0x30, 3, 2, 1, 2]));
    let [first, second, third, fourth] = [&refuses, &lies, &rejects, &works]
        .map(|server| TimeStampAuthority::from_command_line(&server.url("/ts")).unwrap());
    let all = [first, second, third, fourth];
    let check = |_: &TimeStampAuthority, answer: &[u8]| {
        authority.file("reply", answer);
        let output = std::process::Command::new("openssl")
            .args(["ts", "-verify", "-queryfile", "content.tsq", "-in", "reply", "-CAfile", "ca.pem"])
            .current_dir(authority.path(""))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(answer.to_vec()) } else { Err(said) }
    };
    let stamped = time_stamp(&client(), &all, &question, check).unwrap();
    assert_eq!(stamped.authority.url(), all[3].url());
    let codes: Vec<_> = stamped.failed.iter().map(|attempt| attempt.fault.code()).collect();
    assert_eq!(codes, ["fetch-status", "fetch-answer-malformed", "fetch-time-stamp-not-accepted"]);
    for server in [&refuses, &lies, &rejects, &works] {
        assert_eq!(server.received()[0].body, question);
        assert_eq!(server.received().len(), 1);
    }
    let none = time_stamp(&client(), &all[..2], &question, check).unwrap_err();
    assert_eq!(none.failed.len(), 2);
    assert!(none.to_string().contains("503"), "{none}");
    let none = time_stamp(&client(), &[], &question, check).unwrap_err();
    assert_eq!(none.to_string(), "no time-stamp authority is configured");
}

#[test]
fn a_server_proves_its_name_over_tls() {
    let authority = Authority::new();
    authority.issue("server", "server");
    let list = authority.revocation_list();
    authority.file("list", &good("application/pkix-crl", &list));
    // no length: it ends with the connection, whose end TLS makes certain
    authority.file(
        "open",
        &[&b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\n\r\n"[..], &list].concat(),
    );
    let other = Authority::new();
    other.issue("server", "server");
    let believing = |authorities| {
        client()
            .with_resolver(Names::new(&[
                ("secure.example", &["127.0.0.1"]),
                ("other.example", &["127.0.0.1"]),
            ]))
            .with_tls_authorities(authorities)
    };
    let ours = || TlsAuthorities::Only(vec![authority.certificate("ca")]);
    for version in ["-tls1_3", "-tls1_2"] {
        let service = authority.tls_server(&format!("-HTTP {version}"));
        let get = |client: &Client, host: &str, path: &str| {
            let url = typed(Kind::Crl, &format!("https://{host}:{}/{path}", service.port));
            fetch(client, &url, &Request::Crl).map(|answer| answer.body)
        };
        for host in ["secure.example", "127.0.0.1"] {
            assert_eq!(get(&believing(ours()), host, "list").as_ref(), Ok(&list), "{host}");
            assert_eq!(get(&believing(ours()), host, "open").as_ref(), Ok(&list), "{host}");
        }
        // another name, another authority, and the system's authorities, of whom none knows this one
        let others = TlsAuthorities::Only(vec![other.certificate("ca")]);
        for (client, host) in [
            (believing(ours()), "other.example"),
            (believing(others), "secure.example"),
            (believing(TlsAuthorities::System), "secure.example"),
            (believing(TlsAuthorities::Only(Vec::new())), "secure.example"),
        ] {
            assert_eq!(get(&client, host, "list").unwrap_err().code(), "fetch-tls-failed", "{host}");
        }
        // in the clear where the server speaks TLS
        let url = typed(Kind::Crl, &format!("http://127.0.0.1:{}/list", service.port));
        assert!(fetch(&client(), &url, &Request::Crl).is_err());
    }
    let service = authority.tls_server("-HTTP -tls1_1 -cipher ALL:@SECLEVEL=0");
    let url = typed(Kind::Crl, &format!("https://secure.example:{}/list", service.port));
    let fault = fetch(&believing(ours()), &url, &Request::Crl).unwrap_err();
    assert_eq!(fault.code(), "fetch-tls-failed", "{fault}");
}

/// A connection that is cut looks like an answer that ends, but for TLS, which says that it ends.
#[test]
fn an_answer_over_tls_that_is_cut_off_is_none() {
    let authority = Authority::new();
    authority.issue("server", "server");
    authority.run("pkcs8 -topk8 -nocrypt -in server.key -outform DER -out server.p8");
    let chain = vec![CertificateDer::from(authority.certificate("server").der().to_vec())];
    let key = PrivateKeyDer::Pkcs8(authority.read("server.p8").into());
    let settings = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let settings = Arc::new(settings);
    let list = authority.revocation_list();
    let answer = [&b"HTTP/1.1 200 OK\r\nContent-Type: application/pkix-crl\r\n\r\n"[..], &list].concat();
    let client = client().with_tls_authorities(TlsAuthorities::Only(vec![authority.certificate("ca")]));
    for says_the_end in [true, false] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = typed(Kind::Crl, &format!("https://127.0.0.1:{}/", listener.local_addr().unwrap().port()));
        let (settings, answer) = (Arc::clone(&settings), answer.clone());
        let serving = std::thread::spawn(move || {
            let (tcp, _) = listener.accept().unwrap();
            let mut stream = StreamOwned::new(ServerConnection::new(settings).unwrap(), tcp);
            assert!(stream.read(&mut [0; 4096]).unwrap() > 0);
            stream.write_all(&answer).unwrap();
            if says_the_end {
                stream.conn.send_close_notify();
            }
            stream.flush().unwrap();
            stream.sock.shutdown(Shutdown::Write).unwrap();
            // until the client is gone
            let _ = stream.sock.read(&mut [0; 64]);
        });
        let answer = fetch(&client, &url, &Request::Crl).map(|answer| answer.body);
        if says_the_end {
            assert_eq!(answer.as_ref(), Ok(&list));
        } else {
            assert_eq!(answer.unwrap_err().code(), "fetch-truncated");
        }
        serving.join().unwrap();
    }
}
