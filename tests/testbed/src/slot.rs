//! The inside of a reader: the other end of the driver's socket, with the card in it and the person at its key pad.

use std::{
    fs,
    io::{self, Read, Write},
    os::unix::net::{UnixListener, UnixStream},
    path::{Path, PathBuf},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use bitaqa_virtual_card::{card::Removal, rules::Protocol};
use bitaqa_virtual_reader::wire::{ABSENT, PRESENT, Reply, Request, Role};

use crate::{card_handle::CardHandle, pin_pad::PinPad};

/// The inside of one reader.
pub(crate) struct Slot {
    shared: Arc<Shared>,
    path: PathBuf,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    pin_pad: PinPad,
    closed: AtomicBool,
}

#[derive(Default)]
struct State {
    card: Option<CardHandle>,
    /// The card that was in it last, for its log.
    last: Option<CardHandle>,
    /// Counts insertions and removals, so that a command for the card before does not reach the next one.
    generation: u64,
    /// The generation that was powered.
    powered: Option<u64>,
    /// Counts the driver's connections for events.
    connections: u64,
    /// The driver's connection for events.
    listener: Option<Listener>,
}

/// The driver, as far as it listens.
struct Listener {
    stream: UnixStream,
    /// Events that it was told.
    told: u32,
    /// Events that pcscd has dealt with; `None` until it slept for the first time.
    settled: Option<u32>,
    /// Tells this connection from an older one.
    number: u64,
}

impl Slot {
    /// Opens the socket and waits for the driver.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
            pin_pad: PinPad::default(),
            closed: AtomicBool::new(false),
        });
        let own = Arc::clone(&shared);
        thread::Builder::new().name("card slot".to_owned()).spawn(move || own.accept(&listener))?;
        Ok(Self { shared, path: path.to_owned() })
    }

    /// The socket.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The key pad.
    pub(crate) fn pin_pad(&self) -> &PinPad {
        &self.shared.pin_pad
    }

    /// The card that is in the reader.
    pub(crate) fn card(&self) -> Option<CardHandle> {
        self.shared.state().card.clone()
    }

    /// The card that is in the reader, or was in it last.
    pub(crate) fn last_card(&self) -> Option<CardHandle> {
        self.shared.state().last.clone()
    }

    /// Puts a card in; one that is there already is taken out first.
    pub(crate) fn insert(&self, card: CardHandle) {
        let mut state = self.shared.state();
        if state.card.is_some() {
            self.shared.take_out(&mut state);
        }
        state.generation += 1;
        state.card = Some(card.clone());
        state.last = Some(card);
        state.tell(PRESENT);
    }

    /// Puts another card in the place of the one that is there, and nobody is told: no event, and the old one's power is
    /// the new one's only when the reader is told to reset the card.
    pub(crate) fn swap_unseen(&self, card: CardHandle) {
        let mut state = self.shared.state();
        if let Some(before) = state.card.take() {
            before.card().power_off();
        }
        state.powered = None;
        state.card = Some(card.clone());
        state.last = Some(card);
    }

    /// Takes the card out.
    pub(crate) fn remove(&self) -> bool {
        let mut state = self.shared.state();
        let there = state.card.is_some();
        if there {
            self.shared.take_out(&mut state);
        }
        there
    }

    /// Waits until pcscd has dealt with everything that happened; false when it did not in time, or is not there.
    pub(crate) fn settle(&self, timeout: Duration) -> bool {
        let unsettled = |state: &mut State| {
            state.listener.as_ref().is_none_or(|listener| listener.settled != Some(listener.told))
        };
        let (mut state, _) = self
            .shared
            .changed
            .wait_timeout_while(self.shared.state(), timeout, unsettled)
            .unwrap_or_else(PoisonError::into_inner);
        !unsettled(&mut state)
    }

    /// Forgets the driver, whose pcscd was stopped.
    pub(crate) fn forget_driver(&self) {
        let mut state = self.shared.state();
        state.listener = None;
        state.powered = None;
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Release);
        self.shared.pin_pad.close();
        // wakes the thread that waits for connections; if that fails, the thread is gone already
        let _ = UnixStream::connect(&self.path);
        let _ = fs::remove_file(&self.path);
    }
}

impl State {
    /// Tells the driver; one that does not listen any more is forgotten.
    fn tell(&mut self, event: u8) {
        if let Some(listener) = &mut self.listener {
            listener.told = listener.told.wrapping_add(1);
            if listener.stream.write_all(&[event]).is_err() {
                self.listener = None;
            }
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_out(&self, state: &mut State) {
        if let Some(card) = state.card.take() {
            card.card().power_off();
        }
        state.generation += 1;
        state.powered = None;
        state.tell(ABSENT);
        self.changed.notify_all();
        self.pin_pad.interrupt();
    }

    fn accept(self: &Arc<Self>, listener: &UnixListener) {
        for stream in listener.incoming() {
            if self.closed.load(Ordering::Acquire) {
                return;
            }
            let Ok(stream) = stream else { continue };
            let own = Arc::clone(self);
            // a connection that cannot be served ends, and the driver sees that
            let _ = thread::Builder::new().name("card".to_owned()).spawn(move || own.serve(stream));
        }
    }

    fn serve(&self, mut stream: UnixStream) {
        let mut role = [0];
        if stream.read_exact(&mut role).is_err() {
            return;
        }
        match Role::of(role[0]) {
            Some(Role::Events) => self.listen(stream),
            Some(Role::Commands) => {
                // ends when the driver closes the connection
                while let Ok(request) = Request::read(&mut stream) {
                    let (reply, leaving) = self.answer(&request);
                    let written = reply.write(&mut stream);
                    if let Some(generation) = leaving {
                        self.leave(generation);
                    }
                    if written.is_err() {
                        return;
                    }
                }
            }
            None => {}
        }
    }

    /// Takes a driver's connection for events, and hears how far it gets.
    fn listen(&self, mut stream: UnixStream) {
        let number = {
            let mut state = self.state();
            let now = if state.card.is_some() { PRESENT } else { ABSENT };
            let Ok(writer) = stream.try_clone() else { return };
            if stream.write_all(&[now]).is_err() {
                return;
            }
            state.connections += 1;
            let number = state.connections;
            state.listener = Some(Listener { stream: writer, told: 0, settled: None, number });
            number
        };
        let mut settled = [0; 4];
        while stream.read_exact(&mut settled).is_ok() {
            let mut state = self.state();
            match &mut state.listener {
                Some(listener) if listener.number == number => {
                    listener.settled = Some(u32::from_be_bytes(settled));
                }
                _ => return,
            }
            self.changed.notify_all();
        }
    }

    /// Answers a request; the number says which card leaves the reader afterwards.
    fn answer(&self, request: &Request) -> (Reply, Option<u64>) {
        match request {
            Request::PowerUp | Request::Reset => (self.power_up(), None),
            Request::PowerDown => {
                let mut state = self.state();
                state.powered = None;
                if let Some(card) = &state.card {
                    card.card().power_off();
                }
                (Reply::Done, None)
            }
            Request::Transmit { protocol, command } => {
                let protocol = if *protocol == 0 { Protocol::T0 } else { Protocol::T1 };
                self.transmit(protocol, command)
            }
            Request::EnterPin { prompt, seconds } => (self.pin_pad.ask(*prompt, *seconds), None),
        }
    }

    fn power_up(&self) -> Reply {
        let mut state = self.state();
        let Some(card) = state.card.clone() else {
            return Reply::NoCard;
        };
        match card.card().reset() {
            Some(atr) => {
                state.powered = Some(state.generation);
                Reply::Atr(atr)
            }
            None => Reply::NoAnswer,
        }
    }

    fn transmit(&self, protocol: Protocol, command: &[u8]) -> (Reply, Option<u64>) {
        let started = Instant::now();
        let (card, generation) = {
            let state = self.state();
            match &state.card {
                Some(card) if state.powered == Some(state.generation) => (card.clone(), state.generation),
                _ => return (Reply::NoCard, None),
            }
        };
        let exchange = card.card().transmit(protocol, command);
        if exchange.removal == Some(Removal::BeforeCommand) {
            self.leave(generation);
            return (Reply::NoCard, None);
        }
        if !self.still_there_after(exchange.wait, generation) {
            return (Reply::NoCard, None);
        }
        card.card().finished(&exchange, started.elapsed());
        let leaving = exchange.removal.map(|_| generation);
        (exchange.answer.map_or(Reply::NoAnswer, Reply::Answer), leaving)
    }

    /// Waits as long as the card takes; false when it was taken out meanwhile.
    fn still_there_after(&self, time: Duration, generation: u64) -> bool {
        if time.is_zero() {
            return self.state().generation == generation;
        }
        let (state, _) = self
            .changed
            .wait_timeout_while(self.state(), time, |state| state.generation == generation)
            .unwrap_or_else(PoisonError::into_inner);
        state.generation == generation
    }

    fn leave(&self, generation: u64) {
        let mut state = self.state();
        if state.generation == generation {
            self.take_out(&mut state);
        }
    }
}
