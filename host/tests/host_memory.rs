//! What a host holds of the computer's memory, as proc(5) counts what is resident: at most 8 MB before a request, while a person reads
//! what its window shows, and after several requests. What the window holds is printed beside it.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod host_peer;
mod portal;
mod sign_in_place;
mod window_desktop;

use std::fs;

use bitaqa_testbed::Hypothesis;
use host_peer::{PATIENCE, request, wait_until};
use portal::{Portal, identify};
use sign_in_place::{NUMBER, Place, closed_card};

/// 8 MB in the kilobytes of proc(5).
const MOST: u64 = 8_000_000 / 1024;

fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn an_idle_host_holds_at_most_8_mb_before_and_after_requests() {
    let spec = closed_card(Hypothesis::IcaoOnly, 3);
    let portal = Portal::new();
    let mut place = Place::in_root(&portal.root(), &spec);
    let host = place.peer.id();
    let idle = || wait_until("an idle host to hold little", PATIENCE, || resident(host) <= MOST);
    idle();
    println!("before any request: {} kB", resident(host));
    for number in 1..=3 {
        let mut message = identify(&portal.statement(), &["given_name", "family_name"], &["photo"], "chip");
        let id = request(number);
        message["id"] = id.as_str().into();
        place.peer.send(&message);
        place.peer.wait_for_stage(&id, "waiting-for-person");
        place.enter_number(&id, &NUMBER);
        place.peer.wait_for_stage(&id, "waiting-for-person");
        let window = place.peer.windows()[0];
        idle();
        println!("while the values are shown: {} kB, and the window {} kB", resident(host), resident(window));
        place.send(&id);
        assert_eq!(place.peer.next_answer()["type"], "identity-answer");
        place.window_is_gone();
        idle();
        println!("after {number}: {} kB", resident(host));
    }
}
