//! Where a key goes: every event comes here before the toolkit sees it.
//!
//! | the keyboard is at | characters, Backspace, Delete | Home, End |
//! |---|---|---|
//! | the name of a number to be remembered | the toolkit's field, which shows them | the same |
//! | anything else, where something secret is asked | [`typing`](super::typing): locked memory, and never the toolkit | scroll |
//! | anything, where nothing is asked | nowhere | scroll |
//!
//! Escape ends the window, arrows up and down and whole pages scroll, and Tab, Enter and Space (but in a text) are the toolkit's.

use std::{rc::Rc, time::Duration};

use slint::{
    Timer,
    winit_030::{
        EventResult,
        winit::{
            event::{ElementState, Ime, KeyEvent, WindowEvent as ToolkitEvent},
            keyboard::{Key, NamedKey},
        },
    },
};

use super::OpenWindow;
use crate::window::{consent_choice::ConsentChoice, message::Step, scene_view::Hint};

impl OpenWindow {
    /// Sees every event before the toolkit does; what belongs to PIN or number ends here.
    pub(super) fn before_toolkit(self: &Rc<Self>, event: &ToolkitEvent) -> EventResult {
        match event {
            ToolkitEvent::RedrawRequested => self.has_appeared(),
            // somebody who types elsewhere may not have seen that the keyboard is here now
            ToolkitEvent::Focused(true) => self.unsettle(),
            ToolkitEvent::ModifiersChanged(modifiers) => self.modifiers.set(modifiers.state()),
            ToolkitEvent::KeyboardInput { event, is_synthetic: false, .. } => return self.key_event(event),
            // what an input method makes of several keys
            ToolkitEvent::Ime(Ime::Commit(_)) => return self.take_for_label(),
            ToolkitEvent::Resized(_) | ToolkitEvent::ScaleFactorChanged { .. } => {
                let weak = Rc::downgrade(self);
                Timer::single_shot(Duration::ZERO, move || {
                    if let Some(window) = weak.upgrade() {
                        window.has_new_size();
                    }
                });
            }
            _ => {}
        }
        EventResult::Propagate
    }

    fn key_event(self: &Rc<Self>, event: &KeyEvent) -> EventResult {
        let key = &event.logical_key;
        let pressed = event.state == ElementState::Pressed;
        if *key == Key::Named(NamedKey::Escape) {
            if pressed && !event.repeat {
                self.cancel();
            }
            return EventResult::PreventDefault;
        }
        let in_label = self.is_in_label();
        if let Some(part) = scrolled_part(key)
            && !(in_label && moves_in_a_line(key))
        {
            if pressed {
                self.ui.invoke_scroll(part);
            }
            return EventResult::PreventDefault;
        }
        if !in_label {
            return self.key(event);
        }
        if pressed && edits(key) { self.take_for_label() } else { EventResult::Propagate }
    }

    /// Something for the name of the number: like everything else it may have been meant for another window.
    fn take_for_label(&self) -> EventResult {
        if self.is_in_label() && self.is_too_early() {
            self.unsettle();
            self.hint(Hint::TooEarly);
            return EventResult::PreventDefault;
        }
        EventResult::Propagate
    }

    /// Whether the keyboard is at the name of the number: the only text that the toolkit can have. Asked of the toolkit at each key,
    /// so that no key behind a Tab goes where the keyboard was before.
    fn is_in_label(&self) -> bool {
        self.ui.get_text_focused()
            && matches!(*self.step.borrow(), Step::Consent { .. })
            && self.choice.borrow().as_ref().is_some_and(ConsentChoice::remembers)
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

/// Whether a key that scrolls has a use in a line of text.
const fn moves_in_a_line(key: &Key) -> bool {
    matches!(key, Key::Named(NamedKey::Home | NamedKey::End))
}

/// Whether a key changes a line of text, or can.
const fn edits(key: &Key) -> bool {
    matches!(
        key,
        Key::Character(_)
            | Key::Dead(_)
            | Key::Named(NamedKey::Space | NamedKey::Backspace | NamedKey::Delete)
    )
}
