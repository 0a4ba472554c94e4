//! The window of one request, opened when it is first needed.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use bitaqa_protocol::{ErrorCode, ErrorReport, Language};
use tokio::sync::mpsc;

use crate::{
    idle_memory,
    remembered::Label,
    window::{
        AccessNumber, LockedPin, MrzEntry, Picture,
        message::{Asker, Entered, PictureKind, Scene, Step, WindowEvent},
        parent::{WindowChild, WindowReport},
    },
};

/// How long a window that says how it ended may stay when nobody closes it.
const FAREWELL: Duration = Duration::from_secs(60);

/// What the person did.
#[derive(Debug)]
pub(super) enum PersonDid {
    /// Cancelled or closed the window.
    Cancel,
    /// Gave a PIN.
    Pin(LockedPin),
    /// Gave the number printed on the card.
    AccessNumber {
        /// Which question it answers.
        serial: u32,
        /// The number.
        number: AccessNumber,
    },
    /// Gave document number and dates.
    Mrz {
        /// Which question it answers.
        serial: u32,
        /// Number and dates.
        entry: MrzEntry,
    },
    /// Agreed to reading.
    Consented {
        /// Which question it answers.
        serial: u32,
        /// The data groups.
        groups: Vec<u8>,
        /// What follows.
        entered: Entered,
        /// The number that follows is to be remembered under this label, or under the day's where it is blank.
        remember: Option<Label>,
    },
    /// Agreed to sending.
    Released {
        /// Which question it answers.
        serial: u32,
    },
}

/// The window that still says how the last request ended. There is one window at a time, so it makes way for the next.
#[derive(Debug, Default)]
pub(crate) struct LastWindow(Mutex<Arc<AtomicBool>>);

impl LastWindow {
    /// A window begins to say how it ended; gives what tells it that it has been long enough.
    fn begins(&self) -> Arc<AtomicBool> {
        let enough = Arc::new(AtomicBool::new(false));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&enough);
        enough
    }

    /// It makes way.
    fn makes_way(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).store(true, Ordering::SeqCst);
    }
}

/// The window of one request.
pub(super) struct Screen {
    last: Arc<LastWindow>,
    language: Language,
    asker: Asker,
    window: Option<Window>,
    shown: Option<Step>,
    person_closed: bool,
    opened: Option<Instant>,
    time_to_appear: Duration,
}

struct Window {
    child: WindowChild,
    reports: mpsc::UnboundedReceiver<WindowReport>,
}

impl Screen {
    pub(super) const fn new(language: Language, asker: Asker, last: Arc<LastWindow>) -> Self {
        Self {
            last,
            language,
            asker,
            window: None,
            shown: None,
            person_closed: false,
            opened: None,
            time_to_appear: Duration::ZERO,
        }
    }

    /// Shows a step, in a new window if there is none yet.
    pub(super) fn show(&mut self, step: Step) -> Result<(), ErrorReport> {
        if self.shown.as_ref() == Some(&step) {
            return Ok(());
        }
        let window = match &mut self.window {
            Some(window) => window,
            None => {
                self.last.makes_way();
                self.opened = Some(Instant::now());
                self.window.insert(Window::open()?)
            }
        };
        let scene = Scene { language: self.language, asker: self.asker.clone(), step: step.clone() };
        window.child.show(&scene).map_err(|_| unavailable())?;
        self.shown = Some(step);
        Ok(())
    }

    /// Gives the window that is there a picture of the step that is shown next.
    pub(super) fn give_picture(&mut self, kind: PictureKind, picture: &Picture) -> Result<(), ErrorReport> {
        let window = self.window.as_mut().ok_or_else(unavailable)?;
        window.child.send_picture(kind, picture).map_err(|_| unavailable())
    }

    /// Shows a step if there is a window already; opens none for it.
    pub(super) fn show_if_open(&mut self, step: Step) -> Result<(), ErrorReport> {
        if self.window.is_some() { self.show(step) } else { Ok(()) }
    }

    /// What was shown last.
    pub(super) const fn shown(&self) -> Option<&Step> {
        self.shown.as_ref()
    }

    /// Waits for what the person does; without a window for ever.
    pub(super) async fn person(&mut self) -> Result<PersonDid, ErrorReport> {
        let mut idles = false;
        loop {
            let Some(window) = &mut self.window else { return std::future::pending().await };
            let report = tokio::select! {
                report = window.reports.recv() => report,
                () = idle_memory::give_back_soon(), if !idles => {
                    idles = true;
                    continue;
                }
            };
            match report {
                Some(WindowReport::Event(WindowEvent::Shown {})) => {
                    self.time_to_appear =
                        self.opened.take().map_or(Duration::ZERO, |opened| opened.elapsed());
                }
                Some(WindowReport::Event(WindowEvent::Cancelled {})) => {
                    self.person_closed = true;
                    return Ok(PersonDid::Cancel);
                }
                Some(WindowReport::Pin(pin)) => return Ok(PersonDid::Pin(pin)),
                Some(WindowReport::AccessNumber { serial, number }) => {
                    return Ok(PersonDid::AccessNumber { serial, number });
                }
                Some(WindowReport::Mrz { serial, entry }) => return Ok(PersonDid::Mrz { serial, entry }),
                Some(WindowReport::Event(WindowEvent::Consented { serial, groups, entered, remember })) => {
                    return Ok(PersonDid::Consented { serial, groups, entered, remember });
                }
                Some(WindowReport::Event(WindowEvent::Released { serial })) => {
                    return Ok(PersonDid::Released { serial });
                }
                Some(WindowReport::Event(WindowEvent::Unavailable {}) | WindowReport::Ended(_)) | None => {
                    self.window = None;
                    return Err(unavailable());
                }
            }
        }
    }

    /// Language of the window.
    pub(super) const fn language(&self) -> Language {
        self.language
    }

    /// How long a new window took to be on the screen; zero when asked again.
    pub(super) fn take_time_to_appear(&mut self) -> Duration {
        std::mem::take(&mut self.time_to_appear)
    }

    /// Whether the person closed it.
    pub(super) const fn person_closed(&self) -> bool {
        self.person_closed
    }

    /// Says how it ended, in the window that is there, and leaves it to the person, or to time, to close it.
    pub(super) fn farewell(&mut self, step: Step) {
        if self.show_if_open(step).is_err() {
            return;
        }
        if let Some(window) = self.window.take() {
            let enough = self.last.begins();
            on_own_thread(move || window.child.wait_until_closed(FAREWELL, &enough));
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Some(window) = self.window.take() {
            // closing waits for the child to end
            on_own_thread(move || window.child.close());
        }
    }
}

impl Window {
    fn open() -> Result<Self, ErrorReport> {
        let (sender, reports) = mpsc::unbounded_channel();
        let report = move |report| {
            // nobody listens any more when the request is over
            let _ = sender.send(report);
        };
        let child = WindowChild::spawn(report).map_err(|error| {
            ErrorReport::new(ErrorCode::WindowUnavailable).with_detail(&error.to_string())
        })?;
        Ok(Self { child, reports })
    }
}

fn unavailable() -> ErrorReport {
    ErrorReport::new(ErrorCode::WindowUnavailable)
}

fn on_own_thread(work: impl FnOnce() + Send + 'static) {
    // without a thread the window is closed here and now, by being dropped
    let _ = thread::Builder::new().name("window-end".into()).spawn(work);
}
