//! The real program from its first frame to its last, without a window: who may start it, versions, frames that are none,
//! and its end.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use bitaqa_protocol::host::{FIREFOX_ADD_ON_ID, MAX_TO_HOST};
use host_peer::{
    Peer, authenticate, bare_host, cancel, chromium_origin, failure, frame, hello, request, wait_until,
};
use serde_json::{Value, json};

/// The process ends by itself in less than this when its port is closed.
const AT_ONCE: Duration = Duration::from_secs(2);

#[test]
fn hello_is_answered_and_the_process_ends_with_the_port() {
    let firefox = || {
        let mut command = bare_host();
        command.args(["/somewhere/org.bitaqa.host.json", FIREFOX_ADD_ON_ID]);
        Peer::start_as(command)
    };
    for mut peer in [Peer::start(bare_host()), firefox()] {
        peer.send(&hello(&[1]));
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(peer.next(), json!({ "type": "hello", "version": 1, "versions": [1], "host": version }));
        peer.says_nothing_for(Duration::from_millis(100));
        peer.close();
        assert!(peer.ends_within(AT_ONCE).success());
        assert_eq!(peer.rest(), Vec::<Value>::new());
        assert_eq!(peer.errors(), "");
    }
}

#[test]
fn the_highest_common_version_is_spoken_whatever_else_is_offered() {
    for offered in [&[1, 2, 3][..], &[0, 1], &[9, 1, 7]] {
        let mut peer = Peer::start(bare_host());
        peer.send(&hello(offered));
        assert_eq!(peer.next()["version"], 1, "{offered:?}");
    }
}

#[test]
fn a_peer_that_offers_only_unknown_versions_is_told_who_is_older_and_the_process_ends() {
    for (offered, code) in [
        (&[0][..], "extension-too-old"),
        (&[], "extension-too-old"),
        (&[2], "host-too-old"),
        (&[2, 3, 65_535], "host-too-old"),
        (&[0, 2], "host-too-old"),
    ] {
        let mut peer = Peer::start(bare_host());
        peer.send(&hello(offered));
        let greeting = peer.next();
        assert_eq!((&greeting["type"], &greeting["version"]), (&json!("hello"), &Value::Null), "{offered:?}");
        assert_eq!(greeting["versions"], json!([1]));
        assert_eq!(failure(&peer.next()), (None, code), "{offered:?}");
        // also where the peer keeps the port open
        assert!(peer.ends_within(AT_ONCE).success());
        assert_eq!(peer.rest(), Vec::<Value>::new());
    }
}

#[test]
fn whoever_is_not_our_extension_is_turned_away() {
    let origin = chromium_origin();
    for arguments in [
        &[][..],
        &["chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"],
        &[origin.trim_end_matches('/')],
        &["https://portal.example.ma/"],
        &["--parent-window=0", &origin],
        &["/somewhere/org.bitaqa.host.json"],
        &["/somewhere/org.bitaqa.host.json", "other@example.org"],
        &[FIREFOX_ADD_ON_ID, "/somewhere/org.bitaqa.host.json"],
        &["--help"],
    ] {
        let mut command = bare_host();
        command.args(arguments);
        let mut peer = Peer::start_as(command);
        peer.send(&hello(&[1]));
        assert_eq!(peer.ends_within(AT_ONCE).code(), Some(2), "{arguments:?}");
        assert_eq!(peer.rest(), Vec::<Value>::new(), "{arguments:?} got an answer");
        let said = peer.errors();
        assert!(said.contains("started by the browser") && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn before_hello_nothing_is_done() {
    for (message, id) in
        [(authenticate(&request(1)), Some(request(1))), (cancel(&request(2)), Some(request(2)))]
    {
        let mut peer = Peer::start(bare_host());
        peer.send(&message);
        let answer = peer.next();
        assert_eq!(failure(&answer), (id.as_deref(), "request-invalid"));
        assert!(peer.ends_within(AT_ONCE).success());
        assert_eq!(peer.rest(), Vec::<Value>::new());
    }
}

#[test]
fn a_frame_that_is_no_message_is_refused_and_the_next_one_is_taken() {
    let deep = "[".repeat(20_000);
    let id = request(1);
    let with = |field: &str, value: Value| {
        let mut message = authenticate(&id);
        message[field] = value;
        message.to_string()
    };
    let without = |field: &str| {
        let mut message = authenticate(&id);
        message.as_object_mut().unwrap().remove(field);
        message.to_string()
    };
    let mut garbage: Vec<Vec<u8>> = [
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"hello\"",
        "{}",
        "{\"type\":\"hello\"}",
        "{\"type\":\"format-disk\"}",
        "{",
        &deep,
        &with("pin", json!("1234")),
        &with("origin", json!("http://portal.example.ma")),
        &with("origin", json!("https://portal.example.ma/path")),
        &with("challenge", json!("short")),
        &with("challenge", json!(7)),
        &with("language", json!("de")),
        &with("id", json!("short")),
        &with("id", json!("x".repeat(65))),
        &without("origin"),
        &without("challenge"),
        &without("id"),
    ]
    .into_iter()
    .map(frame)
    .collect();
    // no UTF-8
    garbage.push([&4_u32.to_ne_bytes()[..], &[0x22, 0xFF, 0xFE, 0x22]].concat());
    let mut peer = Peer::greeted(bare_host());
    for bytes in garbage {
        peer.send_bytes(&bytes);
        let shown = String::from_utf8_lossy(bytes.get(4..60.min(bytes.len())).unwrap()).into_owned();
        assert_eq!(failure(&peer.next()), (None, "request-invalid"), "{shown}");
    }
    peer.send(&hello(&[1]));
    assert_eq!(peer.next()["type"], "hello", "the port goes on");
}

#[test]
fn garbage_before_hello_does_no_harm_either() {
    let mut peer = Peer::start(bare_host());
    peer.send_bytes(&frame("not JSON"));
    assert_eq!(failure(&peer.next()), (None, "request-invalid"));
    peer.send(&hello(&[1]));
    assert_eq!(peer.next()["version"], 1);
}

#[test]
fn a_frame_that_announces_too_much_ends_the_port_at_once() {
    let most = u32::try_from(MAX_TO_HOST).unwrap();
    for announced in [most + 1, 1 << 30, u32::MAX] {
        let mut peer = Peer::greeted(bare_host());
        // nothing follows: nobody waits for what was announced
        peer.send_bytes(&announced.to_ne_bytes());
        let answer = peer.next();
        assert_eq!(failure(&answer), (None, "request-too-large"), "{announced}");
        assert!(peer.ends_within(AT_ONCE).success());
    }
    // the longest one is read
    let mut peer = Peer::greeted(bare_host());
    peer.send_bytes(&frame(&" ".repeat(MAX_TO_HOST)));
    assert_eq!(failure(&peer.next()), (None, "request-invalid"));
}

#[test]
fn a_frame_that_ends_early_ends_the_process() {
    let whole = frame(&authenticate(&request(1)).to_string());
    for kept in [1, 3, 4, 5, whole.len() - 1] {
        let mut peer = Peer::greeted(bare_host());
        peer.send_bytes(&whole[..kept]);
        peer.says_nothing_for(Duration::from_millis(50));
        peer.close();
        assert!(peer.ends_within(AT_ONCE).success());
        let rest = peer.rest();
        assert_eq!(rest.iter().map(failure).collect::<Vec<_>>(), [(None, "request-invalid")], "{kept} bytes");
    }
}

#[test]
fn answers_that_were_due_arrive_although_the_port_is_closed_behind_the_questions() {
    for _ in 0..20 {
        let mut peer = Peer::start(bare_host());
        let mut all = frame(&hello(&[1]).to_string());
        for _ in 0..100 {
            all.extend(frame("{}"));
        }
        peer.send_bytes(&all);
        peer.close();
        let rest = peer.rest();
        assert_eq!(rest.len(), 101, "answers were lost");
        assert_eq!(rest[0]["type"], "hello");
        assert!(peer.ends_within(AT_ONCE).success());
    }
}

#[test]
fn without_a_display_the_request_says_so_and_the_port_goes_on() {
    let mut peer = Peer::greeted(bare_host());
    for number in 1..=2 {
        let id = request(number);
        peer.send(&authenticate(&id));
        assert_eq!(failure(&peer.next_answer()), (Some(id.as_str()), "window-unavailable"));
    }
    peer.close();
    assert!(peer.ends_within(AT_ONCE).success());
    assert!(peer.windows().is_empty());
}

#[test]
fn with_a_display_that_does_not_answer_it_is_the_same() {
    let mut command = bare_host();
    command.env("DISPLAY", ":4711").env("WAYLAND_DISPLAY", "wayland-4711");
    let mut peer = Peer::greeted(command);
    peer.send(&authenticate(&request(1)));
    assert_eq!(failure(&peer.next_answer()), (Some(request(1).as_str()), "window-unavailable"));
}

#[test]
fn a_browser_that_reads_no_more_does_not_keep_the_process() {
    let mut command = bare_host();
    command.arg(chromium_origin()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    for _ in 0..100 {
        let _ = std::io::Write::write_all(&mut input, &frame("{}"));
    }
    drop(input);
    wait_until("the end", AT_ONCE, || child.try_wait().unwrap().is_some());
}

#[test]
fn nothing_is_started_before_it_is_needed() {
    let started = Instant::now();
    let mut peer = Peer::greeted(bare_host());
    assert!(peer.windows().is_empty());
    let threads = std::fs::read_dir(format!("/proc/{}/task", peer.id())).unwrap().count();
    assert_eq!(threads, 3, "main, reader and writer");
    assert!(started.elapsed() < Duration::from_secs(5));
    peer.close();
}
