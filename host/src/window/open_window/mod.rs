//! The open window: shows scenes, answers the host.

mod answering;
mod keyboard;
mod placement;
mod typing;

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
        winit::{keyboard::ModifiersState, window::UserAttentionType},
    },
};

use super::{
    announcement,
    asked::Asked,
    consent_choice::ConsentChoice,
    desktop_settings::DesktopSettings,
    display_server::DisplayServer,
    frame::write_event,
    logo::logo,
    message::{Asker, Scene, Step, WindowEvent},
    picture::ScenePictures,
    process_hardening::harden_process,
    scene_view,
    texts::{Texts, without_direction_marks},
    typed_fields::TypedFields,
    ui::{BitaqaWindow, GroupTexts, LabelTaken, Means, SceneTexts},
};
use crate::remembered::Label;

/// Keys that may have been meant for what was on the screen before are no answer to a question that just appeared: nothing is
/// taken before the keyboard was quiet for this long.
const TOO_EARLY: Duration = Duration::from_millis(500);
/// How long the end is shown before the window closes by itself.
const END_SHOWN: Duration = Duration::from_millis(1200);
/// Time for assistive technology to find the window before something is announced in it.
const BEFORE_ANNOUNCING: Duration = Duration::from_millis(300);
/// Time for the window manager to give the focus before attention is asked for.
const BEFORE_ASKING_ATTENTION: Duration = Duration::from_millis(400);
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
    asker: RefCell<Option<Asker>>,
    step: RefCell<Step>,
    choice: RefCell<Option<ConsentChoice>>,
    groups: Rc<VecModel<GroupTexts>>,
    fields: RefCell<TypedFields>,
    counts: Rc<VecModel<i32>>,
    field_focused: Cell<bool>,
    /// Since when no key was pressed, as far as that matters; see [`is_too_early`](Self::is_too_early).
    quiet_since: Cell<Instant>,
    settled: Cell<bool>,
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
        (scene, pictures): (Scene, Option<Box<ScenePictures>>),
        settings: DesktopSettings,
    ) -> Result<Rc<Self>, slint::PlatformError> {
        let ui = BitaqaWindow::new()?;
        ui.set_logo(logo(LOGO_PIXELS));
        let texts = Texts::new(scene.language);
        scene_view::show_language(&ui, &texts);
        let scenes = Rc::new(VecModel::default());
        ui.set_scenes(ModelRc::from(Rc::clone(&scenes)));
        let counts = Rc::new(VecModel::default());
        ui.set_typed_counts(ModelRc::from(Rc::clone(&counts)));
        let window = Rc::new(Self {
            ui,
            server,
            settings: Cell::new(settings),
            scale: Cell::new(1.0),
            scenes,
            texts: RefCell::new(texts),
            asker: RefCell::new(None),
            step: RefCell::new(Step::Reading {}),
            choice: RefCell::new(None),
            groups: Rc::default(),
            fields: RefCell::default(),
            counts,
            field_focused: Cell::new(false),
            quiet_since: Cell::new(Instant::now()),
            settled: Cell::new(false),
            shown: Cell::new(false),
            modifiers: Cell::new(ModifiersState::empty()),
            exit: Cell::new(ExitCode::SUCCESS),
            timers: Default::default(),
        });
        window.apply_settings(settings);
        window.connect();
        window.show(scene, pictures.as_deref());
        Ok(window)
    }

    /// Puts the window on the screen and runs until it is closed.
    ///
    /// # Errors
    /// The toolkit's.
    pub(super) fn run(&self) -> Result<ExitCode, slint::PlatformError> {
        self.ui.show()?;
        slint::run_event_loop_until_quit()?;
        self.fields.take();
        Ok(self.exit.get())
    }

    /// Shows a scene in place of the one before, with the pictures that came for it.
    pub(super) fn show(self: &Rc<Self>, scene: Scene, pictures: Option<&ScenePictures>) {
        // the window says by itself that it reads or signs, and the host says so again
        if matches!(scene.step, Step::Reading {} | Step::Signing {} | Step::Sending {}) && self.shows(&scene)
        {
            return;
        }
        if self.texts.borrow().language() != scene.language {
            self.texts.replace(Texts::new(scene.language));
            scene_view::show_language(&self.ui, &self.texts.borrow());
        }
        scene_view::show_asker(&self.ui, &self.texts.borrow(), &scene.asker, self.server);
        self.asker.replace(Some(scene.asker.clone()));
        scene_view::show_pictures(&self.ui, pictures);
        if let Step::Consent { question } = &scene.step {
            let choice = ConsentChoice::new(&scene.asker, question, self.choice.borrow().as_ref());
            self.choice.replace(Some(choice));
        }
        self.ask(&scene.step, false);
        self.unsettle();
        let announcement =
            announcement::announcement(&self.texts.borrow(), &scene, self.choice.borrow().as_ref());
        if self.shown.get() {
            self.announce(&announcement);
        } else {
            self.later(Later::Announce, BEFORE_ANNOUNCING, move |window| window.announce(&announcement));
        }
        if matches!(scene.step, Step::Done {} | Step::Sent {}) {
            self.later(Later::Close, END_SHOWN, |_| quit());
        }
        self.step.replace(scene.step);
        self.fit();
    }

    /// Shows what a step asks, or what it says, with nothing typed yet; `anew`: the same question in another form.
    fn ask(self: &Rc<Self>, step: &Step, anew: bool) {
        let choice = self.choice.borrow();
        // whatever was typed belongs to the question before
        let fields = TypedFields::new(&Asked::by(step, choice.as_ref().map(ConsentChoice::entry)));
        let Ok(fields) = fields else { return self.give_up() };
        self.counts.set_vec(vec![0; fields.all().len()]);
        self.ui.set_typed_all(fields.first_incomplete().is_none());
        self.fields.replace(fields);
        self.field_focused.set(false);
        self.ui.set_active_field(0);
        self.ui.set_remembers(choice.as_ref().is_some_and(ConsentChoice::remembers));
        self.ui
            .set_number_label(choice.as_ref().map(|choice| choice.label().text()).unwrap_or_default().into());
        self.ui.set_usual_label(Label::of_today(self.texts.borrow().language()).as_str().into());
        self.ui.set_hint(SharedString::default());
        if self.scenes.row_count() >= MOST_SCENES {
            self.scenes.set_vec(Vec::new());
        }
        let asker = self.asker.borrow();
        let context = scene_view::Context { asker: asker.as_ref(), choice: choice.as_ref(), anew };
        let mut texts = scene_view::scene_texts(&self.texts.borrow(), step, &context);
        if matches!(step, Step::Consent { .. }) {
            self.groups.set_vec(texts.groups.iter().collect::<Vec<_>>());
            texts.groups = ModelRc::from(Rc::clone(&self.groups));
        }
        self.scenes.push(texts);
        self.ui.set_current(i32::try_from(self.scenes.row_count()).unwrap_or(i32::MAX) - 1);
    }

    fn shows(&self, scene: &Scene) -> bool {
        self.scenes.row_count() > 0
            && *self.step.borrow() == scene.step
            && self.asker.borrow().as_ref() == Some(&scene.asker)
            && self.texts.borrow().language() == scene.language
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
                window.press_keypad(digit);
            }
        });
        self.ui.on_keypad_erase(on(Self::erase));
        let weak = Rc::downgrade(self);
        self.ui.on_field_focused(move |index, focused| {
            if let (Some(window), Ok(index)) = (weak.upgrade(), usize::try_from(index)) {
                window.field_has_focus(index, focused);
            }
        });
        let weak = Rc::downgrade(self);
        self.ui.on_group_turned(move |index, means| {
            if let (Some(window), Ok(index)) = (weak.upgrade(), usize::try_from(index)) {
                window.turn_group(index, means);
            }
        });
        let weak = Rc::downgrade(self);
        self.ui.on_remember_turned(move |means| {
            if let Some(window) = weak.upgrade() {
                window.turn_remember(means);
            }
        });
        let weak = Rc::downgrade(self);
        self.ui.on_label_edited(move |text| {
            weak.upgrade().map_or_else(LabelTaken::default, |window| window.edit_label(&text))
        });
        let weak = Rc::downgrade(self);
        self.ui.on_entry_changed(move |means| {
            if let Some(window) = weak.upgrade() {
                window.change_entry(means);
            }
        });
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

    fn cancel(self: &Rc<Self>) {
        self.fields.take();
        self.tell(&WindowEvent::Cancelled {});
        quit();
    }

    fn give_up(&self) {
        self.tell(&WindowEvent::Unavailable {});
        self.exit.set(ExitCode::FAILURE);
        quit();
    }

    fn tell(&self, event: &WindowEvent) {
        if write_event(stdout(), event).is_err() {
            quit();
        }
    }

    /// Whether the person may still be busy with what was on the screen before.
    fn is_too_early(&self) -> bool {
        if !self.settled.get() && self.quiet_since.get().elapsed() >= TOO_EARLY {
            self.settled.set(true);
        }
        !self.settled.get()
    }

    /// A question appeared, the keyboard came to the window, or a key came too early: the quiet starts anew.
    fn unsettle(&self) {
        self.settled.set(false);
        self.quiet_since.set(Instant::now());
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
        if self.shown.get() {
            return;
        }
        // Not earlier: the desktop portal, asked for text size and contrast, looks at the process that asks, and no longer
        // can. Not later: nothing is typed before.
        if harden_process().is_err() {
            return self.give_up();
        }
        self.shown.set(true);
        self.unsettle();
        self.fit();
        self.tell(&WindowEvent::Shown {});
        self.ui.window().with_winit_window(slint::winit_030::winit::window::Window::focus_window);
        self.later(Later::Attention, BEFORE_ASKING_ATTENTION, |window| {
            window.ui.window().with_winit_window(|toolkit| {
                if !toolkit.has_focus() {
                    toolkit.request_user_attention(Some(UserAttentionType::Critical));
                }
            });
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

/// Ends the event loop, and with it the child.
pub(super) fn quit() {
    // fails where the loop does not run, and then there is nothing to end
    let _ = slint::quit_event_loop();
}
