//! What is asked for while it is typed: keys come here before the toolkit sees them.

use std::rc::Rc;

use rustix::stdio::stdout;
use slint::winit_030::{
    EventResult,
    winit::{
        event::{ElementState, KeyEvent},
        keyboard::{Key, ModifiersState, NamedKey},
    },
};

use super::{OpenWindow, quit};
use crate::window::{
    asked::Secret,
    frame::{write_access_number, write_pin},
    key_input::{PinKey, pin_key},
    message::{Alphabet, Scene, Step},
    scene_view::{self, Hint},
    secret_entry::{SecretEntry, Typed},
};

impl OpenWindow {
    /// Takes what is typed for PIN or number; leaves the rest to the toolkit.
    pub(super) fn key(self: &Rc<Self>, event: &KeyEvent) -> EventResult {
        let Some(alphabet) = self.entry.borrow().as_ref().map(|entry| entry.asked().alphabet) else {
            return EventResult::Propagate;
        };
        let shortcut = ModifiersState::CONTROL | ModifiersState::ALT | ModifiersState::SUPER;
        let mut meaning = pin_key(&event.logical_key, event.physical_key, alphabet);
        if event.logical_key == Key::Named(NamedKey::Space) && self.ui.get_field_focused() {
            meaning = match alphabet {
                Alphabet::Ascii => PinKey::Character(b' '),
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
                PinKey::Character(character) => self.type_character(character),
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
        let typed = self.entry.borrow_mut().as_mut().map(|entry| entry.add(character));
        match typed {
            Some(Typed::Taken) => self.count(),
            Some(Typed::Full) => self.hint(Hint::Full),
            Some(Typed::Refused) => self.hint(Hint::Refused),
            None => {}
        }
    }

    /// Takes the last character back.
    pub(super) fn erase(self: &Rc<Self>) {
        let erased = self.entry.borrow_mut().as_mut().is_some_and(SecretEntry::erase);
        if erased {
            self.count();
        }
    }

    /// Shows and announces how much is typed.
    fn count(&self) {
        let progress =
            self.entry.borrow().as_ref().map(|entry| (entry.asked(), entry.count(), entry.is_complete()));
        let announcement = progress.map(|(asked, count, complete)| {
            scene_view::show_count(&self.ui, &self.texts.borrow(), asked, count, complete)
        });
        if let Some(announcement) = announcement {
            self.announce(&announcement);
        }
    }

    fn hint(&self, hint: Hint) {
        let asked = self.entry.borrow().as_ref().map(SecretEntry::asked);
        let announcement =
            asked.map(|asked| scene_view::show_hint(&self.ui, &self.texts.borrow(), asked, hint));
        if let Some(announcement) = announcement {
            self.announce(&announcement);
        }
    }

    /// Sends PIN or number, once and only if it can be one.
    pub(super) fn confirm(self: &Rc<Self>) {
        let complete = self.entry.borrow().as_ref().map(SecretEntry::is_complete);
        match complete {
            Some(true) => {}
            Some(false) => return self.hint(Hint::Incomplete),
            None => return,
        }
        let Some(entry) = self.entry.take() else { return };
        let (sent, step) = match entry.asked().secret {
            Secret::Pin => (write_pin(stdout(), entry.typed()), Step::Signing {}),
            Secret::AccessNumber { serial } => {
                (write_access_number(stdout(), serial, entry.typed()), Step::Reading {})
            }
        };
        // zeroised before anything else happens
        drop(entry);
        if sent.is_err() {
            return quit();
        }
        let asker = self.asker.borrow().clone();
        let language = self.texts.borrow().language();
        if let Some(asker) = asker {
            self.show(Scene { language, asker, step });
        }
    }
}
