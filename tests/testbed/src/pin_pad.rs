//! The person at a reader's key pad.

use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bitaqa_virtual_reader::wire::{Prompt, Reply};
use zeroize::Zeroizing;

/// The key pad of one reader: what the person will do, or does now if the reader waits already.
#[derive(Clone, Default)]
pub struct PinPad(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    acts: VecDeque<Act>,
    waiting: Option<Prompt>,
    entries: usize,
    /// Counts what ends every waiting: the card left.
    interruptions: u64,
    closed: bool,
}

enum Act {
    Keys(Zeroizing<String>),
    Cancel,
    TimeOut,
}

impl PinPad {
    /// The person presses these digits and the OK key.
    pub fn press_keys(&self, digits: &str) {
        self.act(Act::Keys(Zeroizing::new(digits.to_owned())));
    }

    /// The person presses the cancel key.
    pub fn cancel(&self) {
        self.act(Act::Cancel);
    }

    /// The person presses nothing until the reader gives up; the time is taken as over.
    pub fn let_time_out(&self) {
        self.act(Act::TimeOut);
    }

    /// What the reader waits for now.
    #[must_use]
    pub fn waiting(&self) -> Option<Prompt> {
        self.state().waiting
    }

    /// Waits until the reader waits for the person.
    #[must_use]
    pub fn wait_until_waiting(&self, timeout: Duration) -> Option<Prompt> {
        let (state, _) = self
            .0
            .changed
            .wait_timeout_while(self.state(), timeout, |state| state.waiting.is_none() && !state.closed)
            .unwrap_or_else(PoisonError::into_inner);
        state.waiting
    }

    /// How often the person entered digits.
    #[must_use]
    pub fn entries(&self) -> usize {
        self.state().entries
    }

    /// Takes back what the person would have done.
    pub fn forget(&self) {
        self.state().acts.clear();
    }

    /// The reader waits for the person.
    pub(crate) fn ask(&self, prompt: Prompt, seconds: u8) -> Reply {
        let end = Instant::now() + Duration::from_secs(u64::from(seconds));
        let mut state = self.state();
        state.waiting = Some(prompt);
        let interruptions = state.interruptions;
        self.0.changed.notify_all();
        let left = end.saturating_duration_since(Instant::now());
        let (mut state, _) = self
            .0
            .changed
            .wait_timeout_while(state, left, |state| {
                state.acts.is_empty() && !state.closed && state.interruptions == interruptions
            })
            .unwrap_or_else(PoisonError::into_inner);
        state.waiting = None;
        if state.interruptions != interruptions {
            return Reply::NoCard;
        }
        match state.acts.pop_front() {
            Some(Act::Keys(digits)) => {
                state.entries += 1;
                Reply::Pin(Zeroizing::new(digits.as_bytes().to_vec()))
            }
            Some(Act::Cancel) => Reply::Cancelled,
            Some(Act::TimeOut) | None => Reply::TimedOut,
        }
    }

    /// The card left while the reader may have waited.
    pub(crate) fn interrupt(&self) {
        self.state().interruptions += 1;
        self.0.changed.notify_all();
    }

    /// Nobody will press anything any more.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.0.changed.notify_all();
    }

    fn act(&self, act: Act) {
        self.state().acts.push_back(act);
        self.0.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
