//! A reader: presence, power, transmission and events, all by way of the card process.

use std::{
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use zeroize::Zeroizing;

use crate::{
    device_name::DeviceName,
    secure_channel::SecureChannel,
    wire::{PRESENT, Prompt, Reply, Request, Role},
};

/// How long to wait before asking again for a card process that is not there.
const RETRY: Duration = Duration::from_millis(50);

/// Longest answer in parts.
const LONGEST_CHAIN: usize = 4096;

/// Why the reader cannot do what it was asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReaderError {
    /// There is no card, or the card process is not there.
    #[error("there is no card")]
    NoCard,
    /// The card gives no answer.
    #[error("the card gives no answer")]
    NoAnswer,
    /// Command or answer is longer than this reader can carry.
    #[error("command or answer is longer than this reader can carry")]
    TooLong,
    /// The card process answered something else than it was asked.
    #[error("the card process answered something else")]
    Confused,
}

/// What came from the key pad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// ASCII digits.
    Digits(Zeroizing<Vec<u8>>),
    /// The cancel key.
    Cancelled,
    /// Nothing.
    TimedOut,
}

/// The connection for events.
struct Events {
    stream: UnixStream,
    /// How many events came over it.
    taken: u32,
}

/// A reader.
pub struct Reader {
    device: DeviceName,
    commands: Mutex<Option<UnixStream>>,
    events: Mutex<Option<Events>>,
    present: AtomicBool,
    /// Ends of a pipe that wakes the thread in [`Reader::wait_for_event`].
    waker: Option<(UnixStream, UnixStream)>,
    protocol: AtomicU8,
    atr: Mutex<Vec<u8>>,
    /// After PACE by the reader itself, until the card loses power or is reset.
    secure: Mutex<Option<SecureChannel>>,
}

impl Reader {
    /// A reader; the card process need not be there yet.
    #[must_use]
    pub fn new(device: DeviceName) -> Self {
        let reader = Self {
            device,
            commands: Mutex::new(None),
            events: Mutex::new(None),
            present: AtomicBool::new(false),
            waker: waker().ok(),
            protocol: AtomicU8::new(1),
            atr: Mutex::new(Vec::new()),
            secure: Mutex::new(None),
        };
        reader.events();
        reader
    }

    /// The options.
    #[must_use]
    pub const fn device(&self) -> &DeviceName {
        &self.device
    }

    /// Is there a card, as far as was told to pcscd?
    ///
    /// The state changes only in [`Reader::wait_for_event`] (and when a connection begins), one event at a time: a card
    /// that was taken out and put in again between two looks is seen to have left.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.events();
        self.present.load(Ordering::Acquire)
    }

    /// Power on (`cold`) or warm reset; gives the answer to reset.
    ///
    /// # Errors
    /// [`ReaderError`]; a mute card is [`ReaderError::NoAnswer`].
    pub fn power_up(&self, cold: bool) -> Result<Vec<u8>, ReaderError> {
        *lock(&self.secure) = None;
        match self.ask(&if cold { Request::PowerUp } else { Request::Reset })? {
            Reply::Atr(atr) => {
                self.atr().clone_from(&atr);
                Ok(atr)
            }
            other => Err(failure(&other)),
        }
    }

    /// Power off.
    ///
    /// # Errors
    /// [`ReaderError::NoCard`] when there is none.
    pub fn power_down(&self) -> Result<(), ReaderError> {
        self.atr().clear();
        *lock(&self.secure) = None;
        match self.ask(&Request::PowerDown)? {
            Reply::Done => Ok(()),
            other => Err(failure(&other)),
        }
    }

    /// The answer to the last reset.
    #[must_use]
    pub fn last_atr(&self) -> Vec<u8> {
        self.atr().clone()
    }

    /// Notes the protocol that pcscd chose: 1 for T=0, 2 for T=1 (SCARD_PROTOCOL_…).
    pub fn set_protocol(&self, pcsc_protocol: u64) {
        self.protocol.store(if pcsc_protocol == 1 { 0 } else { 1 }, Ordering::Release);
    }

    /// Carries a command to the card, protected where the reader itself opened it.
    ///
    /// # Errors
    /// [`ReaderError`].
    pub fn transmit(&self, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        // held all the while: the counter of secure messaging goes with the order of commands
        let mut secure = lock(&self.secure);
        let Some(mut channel) = secure.take() else {
            return self.transmit_in_the_clear(command);
        };
        let protected = channel.protect(command).ok_or(ReaderError::Confused)?;
        let answer = self.whole_answer(&protected)?;
        // what is not protected has ended the session: the client hears what the card said
        let Some(plain) = channel.unprotect(&answer) else {
            return Ok(answer);
        };
        *secure = Some(channel);
        Ok(plain)
    }

    /// From now on, what clients send is protected.
    pub(crate) fn protect(&self, channel: SecureChannel) {
        *lock(&self.secure) = Some(channel);
    }

    /// An answer with all its parts (`61xx`, GET RESPONSE), which lie below secure messaging.
    fn whole_answer(&self, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        let mut answer = self.transmit_in_the_clear(command)?;
        while let [.., 0x61, more] = answer[..] {
            answer.truncate(answer.len() - 2);
            answer.extend(self.transmit_in_the_clear(&[0x00, 0xC0, 0x00, 0x00, more])?);
            if answer.len() > self.device.max_answer.max(LONGEST_CHAIN) {
                return Err(ReaderError::TooLong);
            }
        }
        Ok(answer)
    }

    /// Carries a command to the card as it is.
    pub(crate) fn transmit_in_the_clear(&self, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        if command.len() > self.device.max_command {
            return Err(ReaderError::TooLong);
        }
        let protocol = self.protocol.load(Ordering::Acquire);
        match self.ask(&Request::Transmit { protocol, command: Zeroizing::new(command.to_vec()) })? {
            Reply::Answer(answer) if answer.len() > self.device.max_answer => Err(ReaderError::TooLong),
            Reply::Answer(answer) => Ok(answer),
            other => Err(failure(&other)),
        }
    }

    /// Waits for the person at the key pad.
    ///
    /// # Errors
    /// [`ReaderError`].
    pub fn enter_pin(&self, prompt: Prompt, seconds: u8) -> Result<Entry, ReaderError> {
        match self.ask(&Request::EnterPin { prompt, seconds })? {
            Reply::Pin(digits) => Ok(Entry::Digits(digits)),
            Reply::Cancelled => Ok(Entry::Cancelled),
            Reply::TimedOut => Ok(Entry::TimedOut),
            other => Err(failure(&other)),
        }
    }

    /// Waits until a card comes or goes, or the time is over, or [`Reader::wake`].
    pub fn wait_for_event(&self, timeout: Duration) {
        let end = Instant::now() + timeout;
        loop {
            let before = self.present.load(Ordering::Acquire);
            let events = self.events();
            // a new connection told how things stand
            if self.present.load(Ordering::Acquire) != before {
                return;
            }
            self.tell_how_far();
            let left = end.saturating_duration_since(Instant::now());
            // without a card process there is nothing to listen to: look again soon
            let time = if events.is_some() { left } else { left.min(RETRY) };
            match self.sleep(events.as_ref(), time) {
                WokenBy::Event => {
                    if self.take_event() {
                        return;
                    }
                }
                WokenBy::Call => return,
                WokenBy::Time if time == left => return,
                WokenBy::Time => {}
            }
        }
    }

    /// Ends [`Reader::wait_for_event`], now or the next time. pcscd does so whenever a client leaves.
    pub fn wake(&self) {
        if let Some((_, sender)) = &self.waker {
            // a full buffer means that a wake-up is under way already
            let _ = (&*sender).write(&[0]);
        }
    }

    /// Sleeps until there is something to read.
    fn sleep(&self, events: Option<&UnixStream>, time: Duration) -> WokenBy {
        let Some((waker, _)) = &self.waker else {
            thread::sleep(time.min(RETRY));
            return WokenBy::Time;
        };
        let mut sources = vec![PollFd::new(waker, PollFlags::IN)];
        sources.extend(events.map(|events| PollFd::new(events, PollFlags::IN)));
        let time = Timespec::try_from(time).ok();
        if poll(&mut sources, time.as_ref()).is_err() {
            return WokenBy::Call;
        }
        let mut ready = sources.iter().map(|source| !source.revents().is_empty());
        if ready.next() == Some(true) {
            let mut spent = [0; 16];
            let _ = (&*waker).read(&mut spent);
            return WokenBy::Call;
        }
        if ready.next() == Some(true) { WokenBy::Event } else { WokenBy::Time }
    }

    /// Reads one event; says whether the state changed or may have.
    fn take_event(&self) -> bool {
        let mut held = lock(&self.events);
        let mut event = [0];
        if let Some(events) = &mut *held
            && matches!(events.stream.read(&mut event), Ok(1))
        {
            events.taken = events.taken.wrapping_add(1);
            self.present.store(event == [PRESENT], Ordering::Release);
            return true;
        }
        *held = None;
        self.present.swap(false, Ordering::AcqRel)
    }

    /// Tells the card process how many events pcscd has dealt with.
    fn tell_how_far(&self) {
        if let Some(events) = &mut *lock(&self.events) {
            // a connection that broke is noticed when it is read
            let _ = events.stream.write_all(&events.taken.to_be_bytes());
        }
    }

    fn atr(&self) -> MutexGuard<'_, Vec<u8>> {
        lock(&self.atr)
    }

    /// The events connection, opened if need be.
    fn events(&self) -> Option<UnixStream> {
        let mut held = lock(&self.events);
        if held.is_none() {
            let mut stream = self.connect(Role::Events).ok()?;
            let mut now = [0];
            stream.set_read_timeout(Some(Duration::from_secs(1))).ok()?;
            stream.read_exact(&mut now).ok()?;
            stream.set_read_timeout(None).ok()?;
            self.present.store(now == [PRESENT], Ordering::Release);
            *held = Some(Events { stream, taken: 0 });
        }
        held.as_ref().and_then(|events| events.stream.try_clone().ok())
    }

    fn connect(&self, role: Role) -> io::Result<UnixStream> {
        let mut stream = UnixStream::connect(&self.device.socket)?;
        stream.write_all(&[role.byte()])?;
        Ok(stream)
    }

    fn ask(&self, request: &Request) -> Result<Reply, ReaderError> {
        let mut held = lock(&self.commands);
        // an old connection may be dead because the card process was replaced; a command that was sent is never repeated
        let sent_on_old = held.as_mut().is_some_and(|stream| request.write(stream).is_ok());
        if !sent_on_old {
            let mut stream = self.connect(Role::Commands).map_err(|_| ReaderError::NoCard)?;
            request.write(&mut stream).map_err(|_| ReaderError::NoCard)?;
            *held = Some(stream);
        }
        let reply = held
            .as_mut()
            .ok_or(ReaderError::NoCard)
            .and_then(|stream| Reply::read(stream).map_err(|_| ReaderError::NoCard));
        if reply.is_err() {
            *held = None;
        }
        reply
    }
}

/// Why a sleeping thread woke up.
enum WokenBy {
    Event,
    Call,
    Time,
}

fn waker() -> io::Result<(UnixStream, UnixStream)> {
    let (receiver, sender) = UnixStream::pair()?;
    receiver.set_nonblocking(true)?;
    sender.set_nonblocking(true)?;
    Ok((receiver, sender))
}

fn failure(reply: &Reply) -> ReaderError {
    match reply {
        Reply::NoCard => ReaderError::NoCard,
        Reply::NoAnswer => ReaderError::NoAnswer,
        _ => ReaderError::Confused,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
