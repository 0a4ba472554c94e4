//! The threads that call PC/SC.
//!
//! Their calls block, some without limit, so nobody waits for them while the program works. At its end somebody must: pcsc-lite
//! takes its tables apart when the process ends (`SCardUnload`, a destructor of the library), and a thread that is in the library
//! then crashes it.

use std::{
    io,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

/// Longest wait at the end of a program: the reset of a slow card takes a second.
const LIMIT: Duration = Duration::from_secs(2);

static RUNNING: Mutex<usize> = Mutex::new(0);
static ONE_ENDED: Condvar = Condvar::new();

fn running() -> MutexGuard<'static, usize> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a thread that may call PC/SC.
///
/// # Errors
/// The system gives no thread.
pub(super) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let counted = Counted::new();
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _counted = counted;
        work();
    })
}

/// Waits until no thread is in PC/SC, two seconds at most, and says whether that came true. To be called at the end of a program,
/// when monitors and connections are dropped. A thread that takes longer waits for an answer of the service (another program
/// holds the card), and does not come back to the library's tables before the process is gone.
pub fn wait_for_end() -> bool {
    ONE_ENDED
        .wait_timeout_while(running(), LIMIT, |running| *running > 0)
        .map_or_else(|poisoned| *poisoned.into_inner().0 == 0, |(running, _)| *running == 0)
}

/// Counts a thread, from before it starts until it has ended, however it ends.
struct Counted;

impl Counted {
    fn new() -> Self {
        *running() += 1;
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        *running() -= 1;
        ONE_ENDED.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    };

    use super::*;

    #[test]
    fn the_end_is_waited_for_however_a_thread_ends() {
        let (release, held) = mpsc::channel::<()>();
        let is_done = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&is_done);
        let slow = spawn("slow", move || {
            let _ = held.recv();
            done.store(true, Ordering::SeqCst);
        });
        let failing = spawn("failing", || panic!("this thread fails, as the test wants it"));
        assert!(failing.unwrap().join().is_err());
        assert_eq!(*running(), 1, "a thread that failed has ended");
        let releaser = thread::spawn(move || release.send(()));
        assert!(wait_for_end());
        assert!(is_done.load(Ordering::SeqCst));
        releaser.join().unwrap().unwrap();
        slow.unwrap().join().unwrap();
    }
}
