//! Requests side by side, cancel, and what is left when one end goes away; with a real window on a screen of its own.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test ends where it cannot go on")]

mod host_peer;
mod window_desktop;

use std::time::Duration;

use host_peer::{PROGRAM, Peer, authenticate, cancel, failure, is_running, request, wait_until};
use serde_json::json;
use window_desktop::{Desktop, DesktopOptions};

/// Window and host are gone in less than this.
const SOON: Duration = Duration::from_secs(2);
/// Requests that a host takes at once.
const AT_ONCE: u32 = 16;

/// A host on a computer with a display and without a smart card service, and its first request, which waits for one.
fn waiting(desktop: &Desktop) -> Peer {
    let mut command = desktop.command(PROGRAM, "none", &[]);
    command.env("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm");
    let mut peer = Peer::greeted(command);
    peer.send(&authenticate(&request(1)));
    peer.wait_for_stage(&request(1), "waiting-for-card");
    wait_until("the window", host_peer::PATIENCE, || peer.windows().len() == 1);
    peer
}

fn desktop() -> Desktop {
    Desktop::start(DesktopOptions::default())
}

/// Wants the windows of a host to be gone, and their processes with them.
#[track_caller]
fn are_gone(windows: &[u32]) {
    assert_eq!(windows.len(), 1);
    wait_until("the window's process to end", SOON, || windows.iter().all(|window| !is_running(*window)));
}

#[test]
fn one_request_has_the_window_and_the_others_wait_for_it() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    for number in 2..=AT_ONCE {
        peer.send(&authenticate(&request(number)));
        assert_eq!(peer.next(), json!({ "type": "progress", "id": request(number), "stage": "queued" }));
    }
    // one too many
    peer.send(&authenticate(&request(AT_ONCE + 1)));
    assert_eq!(failure(&peer.next()), (Some(request(AT_ONCE + 1).as_str()), "request-pending"));
    assert_eq!(peer.windows().len(), 1);

    // a queued one is given up, and there is room again
    peer.send(&cancel(&request(5)));
    assert_eq!(failure(&peer.next()), (Some(request(5).as_str()), "request-aborted"));
    peer.send(&authenticate(&request(AT_ONCE + 1)));
    peer.wait_for_stage(&request(AT_ONCE + 1), "queued");

    // the first is given up: the window goes to the second, who came first
    let first = peer.windows();
    peer.send(&cancel(&request(1)));
    let mut aborted = false;
    let mut second = false;
    while !(aborted && second) {
        let frame = peer.next();
        if frame["type"] == "failure" {
            assert_eq!(failure(&frame), (Some(request(1).as_str()), "request-aborted"));
            aborted = true;
        } else {
            assert_eq!(frame, json!({ "type": "progress", "id": request(2), "stage": "waiting-for-card" }));
            second = true;
        }
    }
    are_gone(&first);
    wait_until("the second window", SOON, || peer.windows().len() == 1);
}

#[test]
fn an_id_that_is_in_use_is_refused_and_the_request_that_has_it_goes_on() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    peer.send(&authenticate(&request(1)));
    assert_eq!(failure(&peer.next()), (Some(request(1).as_str()), "request-id-reused"));
    assert_eq!(peer.windows().len(), 1);
    // after its end the id is free on this side; the extension never uses it again
    peer.send(&cancel(&request(1)));
    assert_eq!(failure(&peer.next()), (Some(request(1).as_str()), "request-aborted"));
    peer.send(&authenticate(&request(1)));
    peer.wait_for_stage(&request(1), "waiting-for-card");
}

#[test]
fn a_request_that_is_cancelled_ends_once_and_takes_its_window_along() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    let windows = peer.windows();
    peer.send(&cancel(&request(1)));
    peer.send(&cancel(&request(1)));
    assert_eq!(failure(&peer.next()), (Some(request(1).as_str()), "request-aborted"));
    are_gone(&windows);
    peer.says_nothing_for(Duration::from_millis(300));
}

#[test]
fn a_cancel_for_nobody_is_no_fault() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    peer.send(&cancel(&request(7)));
    peer.says_nothing_for(Duration::from_millis(300));
    assert_eq!(peer.windows().len(), 1, "the request that runs is none of its business");
}

#[test]
fn the_port_closes_in_the_middle_of_requests_and_nothing_is_left() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    for number in 2..=4 {
        peer.send(&authenticate(&request(number)));
        peer.wait_for_stage(&request(number), "queued");
    }
    let windows = peer.windows();
    peer.close();
    assert!(peer.ends_within(SOON).success());
    are_gone(&windows);
    assert_eq!(peer.rest(), Vec::<serde_json::Value>::new(), "nobody is there to hear anything");
}

#[test]
fn bytes_that_are_no_frame_end_everything_too() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    let windows = peer.windows();
    peer.send_bytes(&u32::MAX.to_ne_bytes());
    assert_eq!(failure(&peer.next()), (None, "request-too-large"));
    assert!(peer.ends_within(SOON).success());
    are_gone(&windows);
}

#[test]
fn the_window_goes_with_a_host_that_is_killed() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    let windows = peer.windows();
    peer.kill();
    are_gone(&windows);
}

#[test]
fn a_window_that_is_killed_ends_its_request_and_the_next_one_has_a_new_window() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    let windows = peer.windows();
    rustix::process::kill_process(
        rustix::process::Pid::from_raw(i32::try_from(windows[0]).unwrap()).unwrap(),
        rustix::process::Signal::KILL,
    )
    .unwrap();
    assert_eq!(failure(&peer.next()), (Some(request(1).as_str()), "window-unavailable"));
    are_gone(&windows);
    peer.send(&authenticate(&request(2)));
    peer.wait_for_stage(&request(2), "waiting-for-card");
    wait_until("a new window", SOON, || peer.windows().len() == 1);
}

#[test]
fn the_display_goes_away_in_the_middle_of_a_request() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    let windows = peer.windows();
    drop(desktop);
    assert_eq!(failure(&peer.next()), (Some(request(1).as_str()), "window-unavailable"));
    are_gone(&windows);
    peer.close();
    assert!(peer.ends_within(SOON).success());
}

#[test]
fn the_port_closes_right_behind_a_cancel() {
    let desktop = desktop();
    let mut peer = waiting(&desktop);
    let windows = peer.windows();
    peer.send(&cancel(&request(1)));
    peer.close();
    assert!(peer.ends_within(SOON).success());
    are_gone(&windows);
}
