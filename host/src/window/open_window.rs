//! The open window: shows scenes, takes keys for the PIN before the toolkit sees them, answers the host.

use std::{
    cell::{Cell, RefCell},
    process::ExitCode,
    rc::Rc,
    time::{Duration, Instant},
};

use rustix::stdio::stdout;
use slint::{
    ComponentHandle, Model, ModelRc, SharedString, Timer, TimerMode, VecModel,
    winit_030::{
        EventResult, WinitWindowAccessor,
        winit::{
            dpi::PhysicalPosition,
            event::{ElementState, WindowEvent as ToolkitEvent},
            keyboard::{Key, ModifiersState, NamedKey},
            window::UserAttentionType,
        },
    },
};

use super::{
    desktop_settings::DesktopSettings,
    display_server::DisplayServer,
    frame::{write_event, write_pin},
    key_input::{PinKey, pin_key},
    logo::logo,
    message::{Question, Scene, Step, WindowEvent},
    pin_entry::{PinEntry, Typed},
    scene_view::{self, Hint},
    texts::{Texts, without_direction_marks},
    ui::{BitaqaWindow, Look, Means, SceneTexts},
};

/// A key that may have been meant for what was on the screen before is not an answer to a question that just appeared.
const TOO_EARLY: Duration = Duration::from_millis(500);
/// How long the end is shown before the window closes by itself.
const END_SHOWN: Duration = Duration::from_millis(1200);
/// Time for assistive technology to find the window before something is announced in it.
const BEFORE_ANNOUNCING: Duration = Duration::from_millis(300);
/// Time for the window manager to give the focus before attention is asked for.
const BEFORE_ASKING_ATTENTION: Duration = Duration::from_millis(400);
/// Time for the window manager to give the window its new size.
const BEFORE_PLACING: Duration = Duration::from_millis(120);
/// Scenes kept hidden before they are all dropped; see `scenes` in `ui/window.slint`.
const MOST_SCENES: usize = 100;
/// Pixels of the logo: sharp at the size of the title row on a screen of double density.
const LOGO_PIXELS: u16 = 112;

/// The window and everything that belongs to what it shows.
pub(super) struct OpenWindow {
    ui: BitaqaWindow,
    server: DisplayServer,
    settings: Cell<DesktopSettings>,
    scale: Cell<f32>,
    texts: RefCell<Texts>,
    scenes: Rc<VecModel<SceneTexts>>,
    step: RefCell<Step>,
    entry: RefCell<Option<PinEntry>>,
    appeared: Cell<Instant>,
    shown: Cell<bool>,
    modifiers: Cell<ModifiersState>,
    exit: Cell<ExitCode>,
    timers: [Timer; 4],
}

/// Which timer is for what.
#[derive(Clone, Copy)]
enum Later {
    Announce,
    Attention,
    Close,
    Place,
}

impl OpenWindow {
    /// A window for its first scene, not shown yet.
    ///
    /// # Errors
    /// The toolkit's.
    pub(super) fn new(
        server: DisplayServer,
        scene: &Scene,
        settings: DesktopSettings,
    ) -> Result<Rc<Self>, slint::PlatformError> {
        let ui = BitaqaWindow::new()?;
        ui.set_logo(logo(LOGO_PIXELS));
        let texts = Texts::new(scene.language);
        scene_view::show_language(&ui, &texts);
        let scenes = Rc::new(VecModel::default());
        ui.set_scenes(ModelRc::from(Rc::clone(&scenes)));
        let window = Rc::new(Self {
            ui,
            server,
            settings: Cell::new(settings),
            scale: Cell::new(1.0),
            scenes,
            texts: RefCell::new(texts),
            step: RefCell::new(Step::Reading {}),
            entry: RefCell::new(None),
            appeared: Cell::new(Instant::now()),
            shown: Cell::new(false),
            modifiers: Cell::new(ModifiersState::empty()),
            exit: Cell::new(ExitCode::SUCCESS),
            timers: Default::default(),
        });
        window.apply_settings(settings);
        window.connect();
        window.show(scene.clone());
        Ok(window)
    }

    /// Puts the window on the screen and runs until it is closed.
    ///
    /// # Errors
    /// The toolkit's.
    pub(super) fn run(&self) -> Result<ExitCode, slint::PlatformError> {
        self.ui.show()?;
        slint::run_event_loop_until_quit()?;
        self.entry.take();
        Ok(self.exit.get())
    }

    /// What the screen has room for: its size in physical pixels and how many of them make a logical one.
    pub(super) fn set_screen(self: &Rc<Self>, width: u32, height: u32, scale: f64) {
        let room = |pixels: u32| logical(f64::from(pixels) / scale);
        // title bar and panels of the desktop stay visible
        self.ui.set_screen_width(room(width));
        self.ui.set_screen_height((room(height) - 64.0).max(200.0));
        self.scale.set(logical(scale));
        self.apply_settings(self.settings.get());
    }

    /// Follows what the person set on the desktop.
    pub(super) fn apply_settings(self: &Rc<Self>, settings: DesktopSettings) {
        self.settings.set(settings);
        let look = self.ui.global::<Look<'_>>();
        look.set_dark(settings.dark);
        look.set_strong(settings.strong_contrast);
        look.set_zoom(match self.server {
            // the scale holds the text size already, in `Xft.dpi`, where the desktop's settings daemon sets that
            DisplayServer::X11 => (settings.text_scale / self.scale.get()).max(1.0),
            DisplayServer::Wayland => settings.text_scale,
        });
        self.fit();
    }

    /// Shows a scene in place of the one before.
    pub(super) fn show(self: &Rc<Self>, scene: Scene) {
        // whatever was typed belongs to the question before
        self.entry.take();
        if self.texts.borrow().language() != scene.language {
            self.texts.replace(Texts::new(scene.language));
            scene_view::show_language(&self.ui, &self.texts.borrow());
        }
        if let Step::Pin { question } = &scene.step {
            match PinEntry::new(question) {
                Ok(entry) => self.entry.replace(Some(entry)),
                Err(_) => return self.give_up(),
            };
            scene_view::show_count(&self.ui, &self.texts.borrow(), question, 0, false);
        }
        if self.scenes.row_count() >= MOST_SCENES {
            self.scenes.set_vec(Vec::new());
        }
        self.scenes.push(scene_view::scene_texts(&self.texts.borrow(), &scene));
        self.ui.set_current(i32::try_from(self.scenes.row_count()).unwrap_or(i32::MAX) - 1);
        self.ui.set_origin(scene.origin.as_str().into());
        self.ui.set_hint(SharedString::default());
        self.appeared.set(Instant::now());
        let announcement = scene_view::announcement(&self.texts.borrow(), &scene);
        if self.shown.get() {
            self.announce(&announcement);
        } else {
            self.later(Later::Announce, BEFORE_ANNOUNCING, move |window| window.announce(&announcement));
        }
        if matches!(scene.step, Step::Done {}) {
            self.later(Later::Close, END_SHOWN, |_| quit());
        }
        self.step.replace(scene.step);
        self.fit();
    }

    /// Connects the controls and the keyboard.
    fn connect(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let on = move |act: fn(&Rc<Self>)| {
            let weak = weak.clone();
            move || {
                if let Some(window) = weak.upgrade() {
                    act(&window);
                }
            }
        };
        let (confirm, cancel) = (on(Self::confirm), on(Self::cancel));
        let weak = Rc::downgrade(self);
        let early = move |means| means != Means::Assistant && weak.upgrade().is_none_or(|w| w.is_too_early());
        let early_confirm = early.clone();
        self.ui.on_confirm(move |means| {
            if !early_confirm(means) {
                confirm();
            }
        });
        self.ui.on_cancel(move |means| {
            if means != Means::Key || !early(means) {
                cancel();
            }
        });
        let weak = Rc::downgrade(self);
        self.ui.on_keypad_digit(move |digit| {
            if let (Some(window), Ok(digit)) = (weak.upgrade(), u8::try_from(digit)) {
                window.type_character(b'0'.saturating_add(digit));
            }
        });
        self.ui.on_keypad_erase(on(Self::erase));
        self.ui.on_room_changed(on(Self::fit));
        let close = on(Self::cancel);
        self.ui.window().on_close_requested(move || {
            close();
            slint::CloseRequestResponse::HideWindow
        });
        let weak = Rc::downgrade(self);
        self.ui.window().on_winit_window_event(move |_, event| {
            weak.upgrade().map_or(EventResult::Propagate, |window| window.before_toolkit(event))
        });
    }

    /// Sees every event before the toolkit does; what belongs to the PIN ends here.
    fn before_toolkit(self: &Rc<Self>, event: &ToolkitEvent) -> EventResult {
        match event {
            ToolkitEvent::RedrawRequested => self.has_appeared(),
            ToolkitEvent::ModifiersChanged(modifiers) => self.modifiers.set(modifiers.state()),
            ToolkitEvent::KeyboardInput { event, is_synthetic: false, .. } => {
                if event.logical_key == Key::Named(NamedKey::Escape) {
                    if event.state == ElementState::Pressed && !event.repeat {
                        self.cancel();
                    }
                    return EventResult::PreventDefault;
                }
                if let Some(part) = scrolled_part(&event.logical_key) {
                    if event.state == ElementState::Pressed {
                        self.ui.invoke_scroll(part);
                    }
                    return EventResult::PreventDefault;
                }
                return self.key(event);
            }
            ToolkitEvent::Resized(_) | ToolkitEvent::ScaleFactorChanged { .. } => {
                let weak = Rc::downgrade(self);
                Timer::single_shot(Duration::ZERO, move || {
                    if let Some(window) = weak.upgrade() {
                        window.fit();
                    }
                });
            }
            _ => {}
        }
        EventResult::Propagate
    }

    fn key(self: &Rc<Self>, event: &slint::winit_030::winit::event::KeyEvent) -> EventResult {
        let Some(alphabet) = self.entry.borrow().as_ref().map(PinEntry::alphabet) else {
            return EventResult::Propagate;
        };
        let shortcut = ModifiersState::CONTROL | ModifiersState::ALT | ModifiersState::SUPER;
        let mut meaning = pin_key(&event.logical_key, event.physical_key, alphabet);
        if event.logical_key == Key::Named(NamedKey::Space) && self.ui.get_pin_focused() {
            meaning = match alphabet {
                super::message::Alphabet::Ascii => PinKey::Character(b' '),
                super::message::Alphabet::Digits => PinKey::Refused,
            };
        }
        // Ctrl+C and the like type nothing; AltGr, which some layouts report as both, does
        let modifiers = self.modifiers.get();
        let is_shortcut = modifiers.intersects(shortcut)
            && !modifiers.contains(ModifiersState::CONTROL | ModifiersState::ALT);
        if meaning == PinKey::Other || is_shortcut {
            return EventResult::Propagate;
        }
        if event.state == ElementState::Pressed {
            match meaning {
                PinKey::Erase => self.erase(),
                // a key held down is one character
                _ if event.repeat => {}
                PinKey::Character(character) => self.type_character(character),
                PinKey::Refused | PinKey::Other => self.hint(Hint::Refused),
            }
        }
        EventResult::PreventDefault
    }

    fn type_character(&self, character: u8) {
        let typed = self.entry.borrow_mut().as_mut().map(|entry| entry.add(character));
        match typed {
            Some(Typed::Taken) => self.count(),
            Some(Typed::Full) => self.hint(Hint::Full),
            Some(Typed::Refused) => self.hint(Hint::Refused),
            None => {}
        }
    }

    fn erase(self: &Rc<Self>) {
        let erased = self.entry.borrow_mut().as_mut().is_some_and(PinEntry::erase);
        if erased {
            self.count();
        }
    }

    /// Shows and announces how much is typed.
    fn count(&self) {
        let progress = self.entry.borrow().as_ref().map(|entry| (entry.count(), entry.is_complete()));
        let announcement = self.question().zip(progress).map(|(question, (count, complete))| {
            scene_view::show_count(&self.ui, &self.texts.borrow(), &question, count, complete)
        });
        if let Some(announcement) = announcement {
            self.announce(&announcement);
        }
    }

    fn hint(&self, hint: Hint) {
        let announcement = self
            .question()
            .map(|question| scene_view::show_hint(&self.ui, &self.texts.borrow(), &question, hint));
        if let Some(announcement) = announcement {
            self.announce(&announcement);
        }
    }

    fn question(&self) -> Option<Question> {
        match &*self.step.borrow() {
            Step::Pin { question } => Some(question.clone()),
            _ => None,
        }
    }

    /// Sends the PIN, once and only if it can be one.
    fn confirm(self: &Rc<Self>) {
        let complete = self.entry.borrow().as_ref().map(PinEntry::is_complete);
        match complete {
            Some(true) => {}
            Some(false) => return self.hint(Hint::Incomplete),
            None => return,
        }
        let Some(entry) = self.entry.take() else { return };
        let sent = write_pin(stdout(), entry.pin());
        // zeroised before anything else happens
        drop(entry);
        if sent.is_err() {
            return quit();
        }
        let scene = Scene {
            language: self.texts.borrow().language(),
            origin: self.ui.get_origin().into(),
            step: Step::Signing {},
        };
        self.show(scene);
    }

    fn cancel(self: &Rc<Self>) {
        self.entry.take();
        self.tell(WindowEvent::Cancelled {});
        quit();
    }

    fn give_up(&self) {
        self.tell(WindowEvent::Unavailable {});
        self.exit.set(ExitCode::FAILURE);
        quit();
    }

    fn tell(&self, event: WindowEvent) {
        if write_event(stdout(), event).is_err() {
            quit();
        }
    }

    fn is_too_early(&self) -> bool {
        self.appeared.get().elapsed() < TOO_EARLY
    }

    /// Says so to assistive technology. What was announced last is not announced again by the toolkit, so a blank makes a
    /// difference.
    fn announce(&self, text: &str) {
        let mut text = without_direction_marks(text);
        if self.ui.get_announcement() == text.as_str() {
            text.push(' ');
        }
        self.ui.set_announcement(text.into());
    }

    /// The first frame is on the screen: says so, and comes to the front.
    fn has_appeared(self: &Rc<Self>) {
        if self.shown.replace(true) {
            return;
        }
        self.appeared.set(Instant::now());
        self.fit();
        self.tell(WindowEvent::Shown {});
        self.ui.window().with_winit_window(slint::winit_030::winit::window::Window::focus_window);
        self.later(Later::Attention, BEFORE_ASKING_ATTENTION, |window| {
            window.ui.window().with_winit_window(|toolkit| {
                if !toolkit.has_focus() {
                    toolkit.request_user_attention(Some(UserAttentionType::Critical));
                }
            });
        });
    }

    /// Makes room for what is shown, as far as the screen has any; never takes room away while the window is open.
    fn fit(self: &Rc<Self>) {
        let window = self.ui.window();
        let size = window.size().to_logical(window.scale_factor());
        if !window.has_winit_window() || size.width <= 0.0 {
            return;
        }
        let (room_across, room_down) = (self.ui.get_screen_width(), self.ui.get_screen_height());
        let width = self.ui.get_wanted_width().max(size.width).min(room_across);
        let height = self.ui.get_wanted_height().max(size.height).min(room_down).ceil();
        if (width - size.width).abs() > 0.5 || (height - size.height).abs() > 0.5 {
            // physical: the toolkit takes logical ones for those of the screen, also where a variable scales it
            window.set_size(slint::LogicalSize::new(width, height).to_physical(window.scale_factor()));
            self.later(Later::Place, BEFORE_PLACING, |window| window.stay_on_screen());
        }
    }

    /// Moves the window back where growing took it beyond the edge of the screen. Wayland places windows itself.
    fn stay_on_screen(&self) {
        self.ui.window().with_winit_window(|toolkit| {
            let (Ok(position), Some(monitor)) = (toolkit.outer_position(), toolkit.current_monitor()) else {
                return;
            };
            let (size, screen, corner) = (toolkit.outer_size(), monitor.size(), monitor.position());
            let kept = |at: i32, length: u32, from: i32, room: u32| {
                let beyond = i64::from(at) + i64::from(length) - i64::from(from) - i64::from(room);
                let moved = (i64::from(at) - beyond.max(0)).max(i64::from(from));
                i32::try_from(moved).unwrap_or(at)
            };
            let x = kept(position.x, size.width, corner.x, screen.width);
            let y = kept(position.y, size.height, corner.y, screen.height);
            if (x, y) != (position.x, position.y) {
                toolkit.set_outer_position(PhysicalPosition::new(x, y));
            }
        });
    }

    fn later(self: &Rc<Self>, what: Later, delay: Duration, act: impl Fn(&Rc<Self>) + 'static) {
        let weak = Rc::downgrade(self);
        let [announce, attention, close, place] = &self.timers;
        let timer = match what {
            Later::Announce => announce,
            Later::Attention => attention,
            Later::Close => close,
            Later::Place => place,
        };
        timer.start(TimerMode::SingleShot, delay, move || {
            if let Some(window) = weak.upgrade() {
                act(&window);
            }
        });
    }
}

/// By which part of what is seen a key scrolls.
fn scrolled_part(key: &Key) -> Option<f32> {
    match key {
        Key::Named(NamedKey::ArrowDown) => Some(0.15),
        Key::Named(NamedKey::ArrowUp) => Some(-0.15),
        Key::Named(NamedKey::PageDown) => Some(0.9),
        Key::Named(NamedKey::PageUp) => Some(-0.9),
        Key::Named(NamedKey::End) => Some(1000.0),
        Key::Named(NamedKey::Home) => Some(-1000.0),
        _ => None,
    }
}

/// Ends the event loop, and with it the child.
pub(super) fn quit() {
    // fails where the loop does not run, and then there is nothing to end
    let _ = slint::quit_event_loop();
}

#[expect(clippy::cast_possible_truncation, reason = "a length on a screen")]
fn logical(length: f64) -> f32 {
    length as f32
}
