//! Watches readers and cards.
//!
//! One thread with a PC/SC context of its own sleeps in `SCardGetStatusChange` and publishes what it sees. Nothing is
//! polled while the smart card service runs; see `RELIST_AFTER` for the one gap that has to be closed by time.

use std::{
    ffi::{CStr, CString},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use pcsc::{Context, Error, PNP_NOTIFICATION, ReaderState, Scope, State};
use tokio::sync::watch;

use super::threads;

/// pcsc-lite reports a new reader only if their number differs from that at the call's beginning, so one that is plugged in
/// between listing and waiting would be missed: list again after this time.
const RELIST_AFTER: Duration = Duration::from_secs(3);
/// How often a stopped service is looked for: it announces its start to nobody.
const SERVICE_RETRY: Duration = Duration::from_millis(500);
/// Most readers watched: pcsc-lite's own limit.
const MAX_READERS: usize = 16;
/// How often the thread is woken, and the pause between, until it has ended: a wake-up that comes just before it falls asleep is
/// lost.
const WAKE_UPS: u32 = 200;
const BETWEEN_WAKE_UPS: Duration = Duration::from_millis(1);

/// Readers and cards at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Snapshot {
    /// The smart card service does not run.
    ServiceStopped,
    /// It runs, with these readers.
    Readers(Vec<ReaderSeen>),
}

/// A reader at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderSeen {
    /// Its PC/SC name.
    pub name: CString,
    /// What is in it.
    pub card: CardPresence,
    /// Whether another program holds it for itself alone.
    pub exclusive: bool,
    /// Changes with each insertion and removal, and with each start of the service; the same number means the same card.
    pub insertion: u64,
}

impl ReaderSeen {
    /// The card's answer to reset; empty where there is none.
    #[must_use]
    pub fn atr(&self) -> &[u8] {
        match &self.card {
            CardPresence::Present { atr } => atr,
            CardPresence::Empty | CardPresence::Mute => &[],
        }
    }
}

/// What is in a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardPresence {
    /// No card.
    Empty,
    /// A card that gives no answer to reset.
    Mute,
    /// A card.
    Present {
        /// Its answer to reset.
        atr: Vec<u8>,
    },
}

/// The watching thread; it ends when this is dropped.
pub struct Monitor {
    snapshots: watch::Receiver<Option<Snapshot>>,
    stop: Arc<Stop>,
    thread: JoinHandle<()>,
}

struct Stop {
    requested: AtomicBool,
    context: Mutex<Option<Context>>,
}

impl Monitor {
    /// Starts to watch.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start() -> std::io::Result<Self> {
        let (sender, snapshots) = watch::channel(None);
        let stop = Arc::new(Stop { requested: AtomicBool::new(false), context: Mutex::new(None) });
        let watched = Arc::clone(&stop);
        let thread = threads::spawn("reader-monitor", move || watch_service(&sender, &watched))?;
        Ok(Self { snapshots, stop, thread })
    }

    /// What is seen now and from now on; `None` until the first look, a few milliseconds after the start.
    #[must_use]
    pub fn snapshots(&self) -> watch::Receiver<Option<Snapshot>> {
        self.snapshots.clone()
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        self.stop.requested.store(true, Ordering::SeqCst);
        for _ in 0..WAKE_UPS {
            self.thread.thread().unpark();
            self.stop.cancel_wait();
            if self.thread.is_finished() {
                break;
            }
            thread::sleep(BETWEEN_WAKE_UPS);
        }
    }
}

impl Stop {
    fn is_requested(&self) -> bool {
        self.requested.load(Ordering::SeqCst)
    }

    fn cancel_wait(&self) {
        let context = self.context.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(context) = context {
            let _ = context.cancel();
        }
    }

    fn keep(&self, context: Option<Context>) {
        *self.context.lock().unwrap_or_else(PoisonError::into_inner) = context;
    }
}

fn watch_service(sender: &watch::Sender<Option<Snapshot>>, stop: &Stop) {
    // the service counts from zero each time it starts
    let mut start = 0;
    while !stop.is_requested() {
        if let Ok(context) = Context::establish(Scope::User) {
            stop.keep(Some(context.clone()));
            start += 1;
            let ended = watch_readers(&context, start, sender, stop);
            stop.keep(None);
            if ended.is_ok() {
                return;
            }
        }
        publish(sender, Snapshot::ServiceStopped);
        thread::park_timeout(SERVICE_RETRY);
    }
}

/// Ends with `Ok` when told to, with an error when the service is gone.
fn watch_readers(
    context: &Context,
    start: u32,
    sender: &watch::Sender<Option<Snapshot>>,
    stop: &Stop,
) -> Result<(), Error> {
    let mut states: Vec<ReaderState> = Vec::new();
    while !stop.is_requested() {
        if !update_list(context, &mut states)? {
            // a new list: the next wait returns at once with what is there
            publish_new(sender, start, &states);
        }
        match context.get_status_change(RELIST_AFTER, &mut states) {
            Ok(()) => {
                for state in &mut states {
                    state.sync_current_state();
                }
                publish_new(sender, start, &states);
            }
            Err(Error::Timeout | Error::Cancelled | Error::UnknownReader | Error::ReaderUnavailable) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Brings the list of readers up to date; says whether it was.
fn update_list(context: &Context, states: &mut Vec<ReaderState>) -> Result<bool, Error> {
    let mut names = match context.list_readers_owned() {
        Ok(names) => names,
        Err(Error::NoReadersAvailable) => Vec::new(),
        Err(error) => return Err(error),
    };
    names.truncate(MAX_READERS);
    let known: Vec<&CStr> =
        states.iter().map(ReaderState::name).filter(|name| *name != PNP_NOTIFICATION()).collect();
    if !states.is_empty() && known == names.iter().map(CString::as_c_str).collect::<Vec<_>>() {
        return Ok(true);
    }
    let mut updated = vec![ReaderState::new(PNP_NOTIFICATION(), State::UNAWARE)];
    for name in names {
        let known = states.iter().position(|state| state.name() == name.as_c_str());
        updated.push(match known {
            Some(index) => states.swap_remove(index),
            None => ReaderState::new(name, State::UNAWARE),
        });
    }
    *states = updated;
    Ok(false)
}

/// Publishes the readers, unless one of them has not been looked at yet.
fn publish_new(sender: &watch::Sender<Option<Snapshot>>, start: u32, states: &[ReaderState]) {
    let readers = || states.iter().filter(|state| state.name() != PNP_NOTIFICATION());
    if readers().any(|state| state.current_state() == State::UNAWARE) {
        return;
    }
    publish(sender, Snapshot::Readers(readers().map(|state| seen(state, start)).collect()));
}

fn seen(state: &ReaderState, start: u32) -> ReaderSeen {
    let flags = state.event_state();
    let card = if !flags.contains(State::PRESENT) {
        CardPresence::Empty
    } else if flags.contains(State::MUTE) || state.atr().is_empty() {
        CardPresence::Mute
    } else {
        CardPresence::Present { atr: state.atr().to_vec() }
    };
    ReaderSeen {
        name: state.name().to_owned(),
        card,
        exclusive: flags.contains(State::EXCLUSIVE),
        insertion: u64::from(start) << 32 | u64::from(state.event_count()),
    }
}

fn publish(sender: &watch::Sender<Option<Snapshot>>, snapshot: Snapshot) {
    sender.send_if_modified(|current| {
        let changed = current.as_ref() != Some(&snapshot);
        *current = Some(snapshot);
        changed
    });
}
