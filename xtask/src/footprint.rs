//! What a test run leaves on the machine, and what it shows to others while it lasts: nothing that it starts may listen beyond
//! loopback or outlive it.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use crate::Outcome;

/// Set for everything that the run starts, so that it can be told from what else runs here.
const MARK: &str = "BITAQA_TEST_RUN";
/// How often it is looked for listeners: seldom enough to cost little, often enough to see one that serves a single test.
const INTERVAL: Duration = Duration::from_millis(200);
/// How long what was told to end may take to do so.
const GRACE: Duration = Duration::from_secs(5);
/// State of a listening socket in `/proc/net/tcp` (`TCP_LISTEN`).
const LISTENING: &str = "0A";

/// Watches everything that carries the mark.
pub(crate) struct Footprint {
    mark: String,
    found: Arc<Mutex<BTreeSet<String>>>,
    over: Arc<AtomicBool>,
    watcher: Option<JoinHandle<()>>,
}

impl Footprint {
    /// Marks what this process starts from now on, and watches it.
    pub(crate) fn watch(mark: String) -> Self {
        let found = Arc::new(Mutex::new(BTreeSet::new()));
        let over = Arc::new(AtomicBool::new(false));
        let (seen, end, run) = (Arc::clone(&found), Arc::clone(&over), mark.clone());
        let watcher = thread::spawn(move || {
            let mut known = BTreeSet::new();
            while !end.load(Ordering::SeqCst) {
                let listeners = listeners_beyond_loopback();
                if !listeners.is_subset(&known) {
                    let ours = marked(&run).into_iter().filter(|process| process.holds(&listeners));
                    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                    seen.extend(ours.map(|process| process.to_string()));
                }
                known = listeners;
                thread::sleep(INTERVAL);
            }
        });
        Self { mark, found, over, watcher: Some(watcher) }
    }

    /// The variable, and its value, for what is started.
    pub(crate) fn variable(&self) -> (&'static str, &str) {
        (MARK, &self.mark)
    }

    /// Waits for the last to end, and says what should not have been.
    pub(crate) fn check(mut self) -> Outcome {
        self.over.store(true, Ordering::SeqCst);
        if let Some(watcher) = self.watcher.take() {
            watcher.join().map_err(|_| "the watcher of the test run failed")?;
        }
        let listened = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if !listened.is_empty() {
            let who: Vec<&str> = listened.iter().map(String::as_str).collect();
            return Err(format!("these listened beyond loopback: {}", who.join(", ")));
        }
        let until = Instant::now() + GRACE;
        loop {
            let left = marked(&self.mark);
            if left.is_empty() {
                return Ok(());
            }
            if Instant::now() > until {
                let who: Vec<String> = left.iter().map(ToString::to_string).collect();
                return Err(format!("these outlived the tests: {}", who.join(", ")));
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A process of the run.
struct Process {
    id: u32,
    name: String,
}

impl Process {
    /// Whether one of these sockets (inode numbers) is its own.
    fn holds(&self, sockets: &BTreeSet<String>) -> bool {
        let Ok(descriptors) = fs::read_dir(format!("/proc/{}/fd", self.id)) else { return false };
        descriptors.flatten().filter_map(|entry| fs::read_link(entry.path()).ok()).any(|target| {
            let target = target.to_string_lossy();
            let inode = target.strip_prefix("socket:[").and_then(|rest| rest.strip_suffix(']'));
            inode.is_some_and(|inode| sockets.contains(inode))
        })
    }
}

impl std::fmt::Display for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.id)
    }
}

/// Processes with the mark; not this one. What hides its environment from its own user (the host) is not seen without root.
fn marked(mark: &str) -> Vec<Process> {
    let own = std::process::id();
    let wanted = format!("{MARK}={mark}");
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let is_marked = |id: &u32| {
        *id != own
            && fs::read(format!("/proc/{id}/environ"))
                .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == wanted.as_bytes()))
    };
    ids.filter(is_marked).map(|id| Process { id, name: name(id) }).collect()
}

fn name(id: u32) -> String {
    fs::read_to_string(Path::new("/proc").join(id.to_string()).join("comm"))
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// Inode numbers of TCP sockets that listen where others can reach them.
fn listeners_beyond_loopback() -> BTreeSet<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
    tables
        .into_iter()
        .filter_map(|table| fs::read_to_string(table).ok())
        .flat_map(|table| listeners(&table))
        .collect()
}

fn listeners(table: &str) -> BTreeSet<String> {
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            // number, local address, remote address, state, …, inode as the tenth
            let [_, local, _, state, ..] = words[..] else { return None };
            let inode = words.get(9)?;
            (state == LISTENING && !is_loopback(local)).then(|| (*inode).to_owned())
        })
        .collect()
}

/// `0100007F:1F90`: 127/8, ::1 or ::ffff:127/8, each group of four bytes in this machine's order.
fn is_loopback(address: &str) -> bool {
    let host = address.split(':').next().unwrap_or_default();
    match host.len() {
        8 => host.ends_with("7F"),
        32 => {
            host == "00000000000000000000000001000000"
                || (host.starts_with("0000000000000000FFFF0000") && host.ends_with("7F"))
        }
        _ => false,
    }
}

/// A name for a run that no other has.
pub(crate) fn mark() -> String {
    let time = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", std::process::id(), time.as_nanos())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn loopback_is_told_from_everything_else() {
        for address in ["0100007F:1F90", "0200007F:0050", "00000000000000000000000001000000:1F90"] {
            assert!(is_loopback(address), "{address}");
        }
        for address in ["00000000:1F90", "0A01A8C0:0050", "00000000000000000000000000000000:1F90", ":1", ""] {
            assert!(!is_loopback(address), "{address}");
        }
    }

    #[test]
    fn a_table_of_sockets_gives_those_that_listen_to_others() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
             0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1\n\
             1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102 1\n\
             2: 00000000:0017 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 103 1\n";
        assert_eq!(listeners(table), BTreeSet::from(["102".to_owned()]));
    }

    #[test]
    fn what_outlives_a_run_or_listens_to_others_is_named() {
        let run = Footprint::watch(mark());
        let (name, value) = run.variable();
        let mut child = Command::new("sleep").arg("60").env(name, value).spawn().unwrap();
        let told = run.check().unwrap_err();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(told.contains("sleep"), "{told}");
    }

    #[test]
    fn what_listens_to_others_for_half_a_second_is_named() {
        let script = "import socket, time, sys; s = socket.create_server((sys.argv[1], 0)); time.sleep(0.5)";
        for (address, told) in [("0.0.0.0", true), ("127.0.0.1", false)] {
            let run = Footprint::watch(mark());
            let (name, value) = run.variable();
            let done =
                Command::new("python3").args(["-c", script, address]).env(name, value).status().unwrap();
            assert!(done.success());
            assert_eq!(run.check().is_err_and(|fault| fault.contains("python3")), told, "{address}");
        }
    }
}
