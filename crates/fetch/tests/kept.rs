//! What is kept, for how long, and how often a time-stamp authority is asked.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod support;

use std::{
    fs,
    io::Write as _,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use bitaqa_fetch::{
    Kind, Origin, PermittedUrl, Request, Response, UserFolder, fetch, fetch_newest, time_stamp,
    time_stamp_authority::AttemptFault,
};
use support::{
    authority::Authority,
    client, configured,
    server::{Server, good},
    typed,
};
use tempfile::TempDir;

const DAY: u64 = 24 * 60 * 60;

fn folder() -> (TempDir, UserFolder) {
    let place = TempDir::new().unwrap();
    let folder = UserFolder::open(&place.path().join("bitaqa/validation")).unwrap();
    (place, folder)
}

/// What a client whose clock stands so many seconds from now gets, and from where.
fn origin_after(seconds: u64, folder: &UserFolder, url: &PermittedUrl, request: &Request) -> Origin {
    static AHEAD: AtomicU64 = AtomicU64::new(0);
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    AHEAD.store(seconds, Ordering::SeqCst);
    let client = client()
        .with_folder(folder.clone())
        .with_clock(|| SystemTime::now() + Duration::from_secs(AHEAD.load(Ordering::SeqCst)));
    fetch(&client, url, request).unwrap().origin
}

#[test]
fn each_kind_is_kept_as_long_as_it_may_be() {
    let authority = Authority::new();
    authority.issue_saying("a", "basicConstraints = CA:false");
    authority.run("ca -config openssl.cnf -gencrl -crldays 300 -out long.pem");
    let without_nonce = authority.ocsp_question("a", "-no_nonce");
    let with_nonce = authority.ocsp_question("a", "-nonce");
    let list = |next_update: &str| {
        format!(
            "<TrustServiceStatusList xmlns=\"http://uri.etsi.org/02231/v2#\"><SchemeInformation>{next_update}\
             </SchemeInformation></TrustServiceStatusList>"
        )
        .into_bytes()
    };
    let far = "<NextUpdate><dateTime>2999-01-01T00:00:00Z</dateTime></NextUpdate>";
    let past = "<NextUpdate><dateTime>2001-01-01T00:00:00Z</dateTime></NextUpdate>";
    let ocsp = "application/ocsp-response";
    let crl = "application/pkix-crl";
    let answer = |question: &[u8], days: &str| authority.ocsp_answer(question, days);
    // seconds for which it is kept, with an hour of play
    for (request, media_type, body, kept) in [
        (Request::Crl, crl, authority.revocation_list(), Some(30 * DAY)),
        (Request::Crl, crl, authority.run("crl -in long.pem -outform DER"), Some(31 * DAY)),
        (Request::Ocsp(without_nonce.clone()), ocsp, answer(&without_nonce, "-ndays 7"), Some(7 * DAY)),
        (Request::Ocsp(without_nonce.clone()), ocsp, answer(&without_nonce, "-resp_no_certs"), None),
        (Request::Ocsp(with_nonce.clone()), ocsp, answer(&with_nonce, "-ndays 7"), None),
        (Request::Ocsp(without_nonce.clone()), ocsp, vec![0x30, 3, 0x0a, 1, 3], None),
        (
            Request::IssuerCertificate,
            "application/pkix-cert",
            authority.certificate("ca").der().to_vec(),
            Some(7 * DAY),
        ),
        (Request::TrustedList, "text/xml", list(far), Some(DAY)),
        (Request::TrustedList, "text/xml", list("<NextUpdate/>"), Some(DAY)),
        (Request::TrustedList, "text/xml", list(past), None),
        (
            Request::TimeStamp(authority.time_stamp_question()),
            "application/timestamp-reply",
            vec![0x30, 5, 0x30, 3, 2, 1, 0],
            None,
        ),
    ] {
        let (_place, folder) = folder();
        let server = Server::saying(good(media_type, &body));
        let url = typed(request.kind(), &server.url("/x"));
        let origin = |after| origin_after(after, &folder, &url, &request);
        assert_eq!(origin(0), Origin::Network);
        let Some(kept) = kept else {
            assert_eq!(origin(0), Origin::Network, "{request:?}");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
            continue;
        };
        assert_eq!(origin(kept - 3600), Origin::Kept, "{request:?}");
        assert_eq!(server.received().len(), 1);
        assert_eq!(origin(kept + 3600), Origin::Network, "{request:?}");
        assert_eq!(server.received().len(), 2);
    }
}

#[test]
fn what_was_asked_and_where_tells_entries_apart() {
    let authority = Authority::new();
    for name in ["a", "b"] {
        authority.issue_saying(name, "basicConstraints = CA:false");
    }
    let (_place, folder) = folder();
    let questions = ["a", "b"].map(|name| authority.ocsp_question(name, "-no_nonce"));
    let answers = questions.clone().map(|question| authority.ocsp_answer(&question, "-ndays 7"));
    let of = (questions.clone(), answers.clone());
    let server = Server::start(move |question, stream| {
        let place = of.0.iter().position(|known| *known == question.body).unwrap();
        stream.write_all(&good("application/ocsp-response", &of.1[place])).unwrap();
    });
    let client = client().with_folder(folder);
    let get = |path: &str, place: usize| {
        let url = typed(Kind::Ocsp, &server.url(path));
        let response = fetch(&client, &url, &Request::Ocsp(questions[place].clone())).unwrap();
        assert_eq!(response.body, answers[place]);
        response.origin
    };
    assert_eq!([get("/x", 0), get("/x", 1), get("/y", 0)], [Origin::Network; 3]);
    assert_eq!([get("/x", 0), get("/x", 1), get("/y", 0)], [Origin::Kept; 3]);
    assert_eq!(server.received().len(), 3);
    // one that did not verify
    client.forget(&typed(Kind::Ocsp, &server.url("/x")), &Request::Ocsp(questions[1].clone()));
    assert_eq!([get("/x", 0), get("/x", 1), get("/y", 0)], [Origin::Kept, Origin::Network, Origin::Kept]);
}

#[test]
fn the_newest_is_asked_for_and_what_was_kept_serves_only_where_nothing_newer_comes() {
    let authority = Authority::new();
    authority.issue_saying("a", "basicConstraints = CA:false");
    let question = authority.ocsp_question("a", "-no_nonce");
    let answer = authority.ocsp_answer(&question, "-ndays 7");
    let (_place, folder) = folder();
    let says = Arc::new(Mutex::new(good("application/ocsp-response", &answer)));
    let said = Arc::clone(&says);
    let server = Server::start(move |_, stream| stream.write_all(&said.lock().unwrap()).unwrap());
    let client = client().with_folder(folder);
    let url = typed(Kind::Ocsp, &server.url("/x"));
    let request = Request::Ocsp(question);
    let newest = || fetch_newest(&client, &url, &request);
    let origin = |origin| Ok(Response { body: answer.clone(), origin });

    assert_eq!([newest(), newest()], [origin(Origin::Network), origin(Origin::Network)]);
    assert_eq!(server.received().len(), 2);
    assert_eq!(fetch(&client, &url, &request), origin(Origin::Kept), "what came is kept");

    // a server that has nothing there, and a responder that answers later (RFC 6960 section 4.2.1, tryLater)
    let later = [0x30, 3, 0x0a, 1, 3];
    let missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec();
    for nothing in [missing, good("application/ocsp-response", &later)] {
        *says.lock().unwrap() = nothing;
        assert_eq!(newest(), origin(Origin::KeptInstead));
    }
    assert_eq!(server.received().len(), 4);
    client.forget(&url, &request);
    assert_eq!(newest().unwrap().body, later, "where nothing was kept the responder's word is given");

    // nobody listens
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let silent = typed(Kind::Ocsp, &format!("http://{nobody}/x"));
    assert_eq!(fetch_newest(&client, &silent, &request).unwrap_err().code(), "fetch-unreachable");
}

#[test]
fn an_answer_that_is_none_is_not_kept() {
    let (_place, folder) = folder();
    let server = Server::saying(good("application/pkix-crl", b"<html/>"));
    let client = client().with_folder(folder.clone());
    let url = typed(Kind::Crl, &server.url("/"));
    for _ in 0..2 {
        assert_eq!(fetch(&client, &url, &Request::Crl).unwrap_err().code(), "fetch-answer-malformed");
    }
    assert_eq!(server.received().len(), 2);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_kept_is_the_users_alone() {
    let (place, folder) = folder();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().mode() & 0o777;
    assert_eq!(mode(folder.path()), 0o700);
    assert_eq!(mode(&place.path().join("bitaqa")), 0o700);
    let server = Server::saying(good("application/pkix-crl", &Authority::new().revocation_list()));
    fetch(&client().with_folder(folder.clone()), &typed(Kind::Crl, &server.url("/")), &Request::Crl).unwrap();
    let files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    assert_eq!(mode(&files[0]), 0o600);

    let open = |path: &std::path::Path| UserFolder::open(path).map(|_| ()).map_err(|error| error.kind());
    assert_eq!(open(folder.path()), Ok(()));
    for shared in [0o770, 0o702, 0o777] {
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(shared)).unwrap();
        assert_eq!(open(folder.path()), Err(std::io::ErrorKind::PermissionDenied), "{shared:o}");
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let link = place.path().join("link");
    symlink(folder.path(), &link).unwrap();
    assert!(open(&link).is_err());
    let file = place.path().join("file");
    fs::write(&file, b"").unwrap();
    assert!(open(&file).is_err());
}

#[test]
fn an_entry_that_is_a_link_is_not_followed() {
    let (place, folder) = folder();
    let server = Server::saying(good("application/pkix-crl", &Authority::new().revocation_list()));
    let url = typed(Kind::Crl, &server.url("/"));
    let client = client().with_folder(folder.clone());
    fetch(&client, &url, &Request::Crl).unwrap();
    let entry = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    let elsewhere = place.path().join("elsewhere");
    fs::rename(&entry, &elsewhere).unwrap();
    symlink(&elsewhere, &entry).unwrap();
    assert_eq!(fetch(&client, &url, &Request::Crl).unwrap().origin, Origin::Network);
    assert!(fs::symlink_metadata(&entry).unwrap().is_file());
}

fn entry(name: &str, server: &Server, most: &str) -> String {
    format!("[[time_stamp_authority]]\nname = \"{name}\"\nurl = \"{}\"\n{most}\n", server.url("/ts"))
}

#[test]
fn an_authority_that_was_asked_enough_today_is_passed_over() {
    let question = Authority::new().time_stamp_question();
    let granted = good("application/timestamp-reply", &[0x30, 5, 0x30, 3, 2, 1, 0]);
    let [first, second] = [Server::saying(granted.clone()), Server::saying(granted)];
    let text =
        entry("First", &first, "requests_per_day = 2") + &entry("Second", &second, "requests_per_day = 1");
    let (_place, folder) = folder();
    let client = configured(&text)
        .with_folder(folder)
        .with_clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000));
    let list = client.configuration().time_stamp_authorities();
    let ask = || time_stamp(&client, list, &question, |_, _| Ok::<_, String>(()));
    let names: Vec<_> = (0..3).map(|_| ask().unwrap().authority.name().to_owned()).collect();
    assert_eq!(names, ["First", "First", "Second"]);
    let none = ask().unwrap_err();
    let spent = |most| AttemptFault::QuotaSpent { most };
    assert_eq!(
        none.failed.iter().map(|attempt| attempt.fault.clone()).collect::<Vec<_>>(),
        [spent(2), spent(1)]
    );
    assert_eq!((first.received().len(), second.received().len()), (2, 1));
}

#[test]
fn a_question_that_fails_counts_too() {
    let question = Authority::new().time_stamp_question();
    let fails = Server::saying(b"HTTP/1.1 500 X\r\n\r\n".to_vec());
    let (_place, folder) = folder();
    let client = configured(&entry("Fails", &fails, "requests_per_day = 1"))
        .with_folder(folder)
        .with_clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000));
    let list = client.configuration().time_stamp_authorities();
    let code = || {
        time_stamp(&client, list, &question, |_, _| Ok::<_, String>(())).unwrap_err().failed[0].fault.code()
    };
    assert_eq!([code(), code()], ["fetch-status", "fetch-quota-spent"]);
    assert_eq!(fails.received().len(), 1);
}

#[test]
fn what_cannot_be_counted_is_not_asked() {
    let question = Authority::new().time_stamp_question();
    let server = Server::saying(good("application/timestamp-reply", &[0x30, 5, 0x30, 3, 2, 1, 0]));
    let counted = configured(&entry("Counted", &server, "requests_per_day = 9"));
    let list = counted.configuration().time_stamp_authorities();
    let none = time_stamp(&counted, list, &question, |_, _| Ok::<_, String>(())).unwrap_err();
    assert_eq!(none.failed[0].fault.code(), "fetch-quota-not-counted");
    assert!(server.received().is_empty());
    let free = configured(&entry("Free", &server, ""));
    let list = free.configuration().time_stamp_authorities();
    assert!(time_stamp(&free, list, &question, |_, _| Ok::<_, String>(())).is_ok());
}

#[test]
fn several_programs_keep_side_by_side() {
    let (_place, folder) = folder();
    let list = Authority::new().revocation_list();
    let server = Arc::new(Server::saying(good("application/pkix-crl", &list)));
    let running: Vec<_> = (0..8)
        .map(|_| {
            let (folder, server, list) = (folder.clone(), Arc::clone(&server), list.clone());
            std::thread::spawn(move || {
                let client = client().with_folder(folder);
                for path in ["/a", "/b", "/a", "/c"] {
                    let url = typed(Kind::Crl, &server.url(path));
                    assert_eq!(fetch(&client, &url, &Request::Crl).unwrap().body, list);
                }
            })
        })
        .collect();
    for thread in running {
        thread.join().unwrap();
    }
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
}
