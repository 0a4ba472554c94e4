//! The service: stopped, started, killed; and nothing left behind.

use std::{
    fs,
    os::unix::ffi::OsStrExt as _,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use bitaqa_testbed::{CardSpec, ReaderOptions};

use crate::{
    other_program::{PATIENCE, PROGRAM, Spoken, bed},
    readers::opensc,
};

/// Processes whose command line names this folder.
fn processes_of(folder: &Path) -> usize {
    let named = |entry: &fs::DirEntry| {
        fs::read(entry.path().join("cmdline")).is_ok_and(|line| {
            line.windows(folder.as_os_str().len()).any(|part| part == folder.as_os_str().as_bytes())
        })
    };
    fs::read_dir("/proc").unwrap().filter_map(Result::ok).filter(named).count()
}

#[test]
fn the_socket_is_short_enough_for_clients() {
    assert!(bed().socket().as_os_str().len() <= 107);
}

#[test]
fn the_service_is_stopped_and_started_with_the_card_in_its_reader() {
    let bed = bed();
    let card = bed.insert(0, &CardSpec::esteid()).unwrap();
    for crash in [false, true] {
        if crash {
            bed.kill_service();
        } else {
            bed.stop_service();
        }
        let list = opensc(&bed, &["--list-readers"]);
        assert!(!list.is_ok_and(|list| list.contains("Bitaqa")));
        bed.start_service().unwrap();
        assert_eq!(opensc(&bed, &["--name"]).unwrap().trim(), "EstEID 2018");
    }
    assert!(!card.log().is_empty());
}

#[test]
fn the_service_can_come_back_with_other_readers() {
    let bed = bed();
    bed.insert(0, &CardSpec::esteid()).unwrap();
    bed.start_service_with(&[ReaderOptions::named("First"), ReaderOptions::named("Second")]).unwrap();
    let list = opensc(&bed, &["--list-readers"]).unwrap();
    assert!(list.contains("First") && list.contains("Second") && list.contains("Yes"), "{list}");
    bed.start_service_with(&[]).unwrap();
    assert!(bed.insert(0, &CardSpec::esteid()).is_err());
    assert!(bed.start_service_with(&vec![ReaderOptions::default(); 17]).is_err());
}

#[test]
fn the_machines_own_run_folder_is_not_touched() {
    let before = fs::exists("/run/pcscd").unwrap();
    let _bed = bed();
    assert_eq!(fs::exists("/run/pcscd").unwrap(), before);
}

#[test]
fn everything_ends_with_the_test_bed() {
    let bed = bed();
    let folder = bed.folder().to_owned();
    assert!(processes_of(&folder) > 0);
    drop(bed);
    assert_eq!(processes_of(&folder), 0);
    assert!(!folder.exists());
}

#[test]
fn everything_ends_even_when_the_test_bed_is_killed() {
    let mut served =
        Spoken::start(std::process::Command::new(PROGRAM).arg("serve").stdin(std::process::Stdio::piped()));
    let ready = served.line();
    let socket = ready.split('"').find(|part| part.starts_with('/')).unwrap();
    let folder = Path::new(socket).parent().unwrap().parent().unwrap().to_owned();
    assert!(processes_of(&folder) > 0);
    served.child.kill().unwrap();
    served.child.wait().unwrap();
    let end = Instant::now() + PATIENCE;
    while processes_of(&folder) > 0 {
        assert!(Instant::now() < end, "pcscd outlives the test bed");
        thread::sleep(Duration::from_millis(10));
    }
    // and the next one clears its folder away
    let _next = bed();
    assert!(!folder.exists());
}
