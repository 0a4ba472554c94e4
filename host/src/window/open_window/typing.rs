//! What is asked for while it is typed: keys come here before the toolkit sees them.

use std::rc::Rc;

use slint::{
    Model,
    winit_030::{
        EventResult,
        winit::{
            event::{ElementState, KeyEvent},
            keyboard::{Key, ModifiersState, NamedKey},
        },
    },
};

use super::OpenWindow;
use crate::window::{
    key_input::{PinKey, pin_key},
    message::{Alphabet, Step},
    scene_view::{self, Hint},
    secret_entry::Typed,
};

impl OpenWindow {
    /// Takes what is typed for PIN or number; leaves the rest to the toolkit.
    pub(super) fn key(self: &Rc<Self>, event: &KeyEvent) -> EventResult {
        let alphabet = self.fields.borrow().active().map(|field| field.asked().alphabet);
        let Some(alphabet) = alphabet else { return EventResult::Propagate };
        let shortcut = ModifiersState::CONTROL | ModifiersState::ALT | ModifiersState::SUPER;
        let mut meaning = pin_key(&event.logical_key, event.physical_key, alphabet);
        if event.logical_key == Key::Named(NamedKey::Space) && self.field_focused.get() {
            meaning = match alphabet {
                Alphabet::Ascii | Alphabet::Document => PinKey::Character(b' '),
                Alphabet::Digits => PinKey::Refused,
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
            if self.is_too_early() {
                self.unsettle();
                self.hint(Hint::TooEarly);
                return EventResult::PreventDefault;
            }
            match meaning {
                PinKey::Erase => self.erase(),
                // a key held down is one character
                _ if event.repeat => {}
                PinKey::Character(character) => {
                    self.type_character(character);
                    // digits may be typed without looking for their field, and the field shows where they went
                    if starts_elsewhere(&self.step.borrow()) {
                        self.focus_active();
                    }
                }
                PinKey::Refused | PinKey::Other => self.hint(Hint::Refused),
            }
        }
        EventResult::PreventDefault
    }

    /// Takes a digit of the keypad in the window.
    pub(super) fn press_keypad(&self, digit: u8) {
        if self.is_too_early() {
            return self.hint(Hint::TooEarly);
        }
        self.type_character(b'0'.saturating_add(digit));
    }

    /// Types a character.
    fn type_character(&self, character: u8) {
        if !self.shown.get() {
            return;
        }
        let typed = self.fields.borrow_mut().add(character);
        match typed {
            Some((Typed::Taken, moved_on)) => {
                self.count(moved_on);
                if moved_on {
                    self.focus_active();
                }
            }
            Some((Typed::Full, _)) => self.hint(Hint::Full),
            Some((Typed::Refused, _)) => self.hint(Hint::Refused),
            None => {}
        }
    }

    /// Takes the last character back.
    pub(super) fn erase(self: &Rc<Self>) {
        let erased = self.fields.borrow_mut().erase();
        if erased {
            self.count(false);
        }
    }

    /// The toolkit's focus came to a field or left it.
    pub(super) fn field_has_focus(&self, index: usize, focused: bool) {
        if focused {
            self.fields.borrow_mut().activate(index);
            self.show_active();
            self.field_focused.set(true);
        } else if self.fields.borrow().active_index() == index {
            self.field_focused.set(false);
        }
    }

    /// Gives the keyboard to the field that takes what is typed.
    pub(super) fn focus_active(&self) {
        self.show_active();
        self.ui.set_focus_asked(self.ui.get_focus_asked().wrapping_add(1));
    }

    fn show_active(&self) {
        self.ui.set_active_field(i32::try_from(self.fields.borrow().active_index()).unwrap_or_default());
    }

    /// Shows and announces how much is typed; `moved_on`: in the field before the active one, which is full.
    fn count(&self, moved_on: bool) {
        let fields = self.fields.borrow();
        let index = fields.active_index().saturating_sub(usize::from(moved_on));
        let Some(field) = fields.all().get(index) else { return };
        self.counts.set_row_data(index, i32::try_from(field.count()).unwrap_or(i32::MAX));
        self.ui.set_typed_all(fields.first_incomplete().is_none());
        let announcement =
            scene_view::show_count(&self.ui, &self.texts.borrow(), field.asked(), field.count());
        let no_date = field.is_full() && !field.is_complete();
        drop(fields);
        if no_date {
            self.hint(Hint::Incomplete);
        } else {
            self.announce(&announcement);
        }
    }

    /// Shows and announces why something was not taken.
    pub(super) fn hint(&self, hint: Hint) {
        let asked = self.fields.borrow().active().map(|field| (field.asked(), field.is_long_enough()));
        let announcement = asked.map(|(asked, long_enough)| {
            scene_view::show_hint(&self.ui, &self.texts.borrow(), asked, hint, long_enough)
        });
        if let Some(announcement) = announcement {
            self.announce(&announcement);
        }
    }
}

/// Whether the keyboard may have started at something else than the field, or have scrolled it out of sight, where it takes no key.
const fn starts_elsewhere(step: &Step) -> bool {
    match step {
        Step::Consent { .. } => true,
        Step::Pin { question } => question.documents.is_some(),
        _ => false,
    }
}
