//! What the person decides: switches, consent, release; and what was typed, on its way to the host.

use std::{io, rc::Rc};

use rustix::stdio::stdout;
use slint::Model;

use super::{OpenWindow, quit};
use crate::window::{
    asked::Secret,
    consent_choice::ConsentChoice,
    date,
    frame::{write_access_number, write_event, write_mrz, write_pin},
    locked_pin::LockedPin,
    message::{Scene, Step, WindowEvent},
    scene_view::{self, Hint},
    secret_entry::SecretEntry,
    typed_fields::TypedFields,
    ui::{LabelTaken, Means},
};

impl OpenWindow {
    /// The main button: sends what was typed and decided, once and only if it is complete.
    pub(super) fn confirm(self: &Rc<Self>) {
        let incomplete = self.fields.borrow().first_incomplete();
        if let Some(index) = incomplete {
            self.fields.borrow_mut().activate(index);
            self.hint(Hint::Incomplete);
            return self.focus_active();
        }
        let step = self.step.borrow().clone();
        let answered = match &step {
            Step::Pin { .. } => Step::Signing {},
            Step::AccessNumber { .. } | Step::Consent { .. } => Step::Reading {},
            Step::Release { .. } | Step::Certificates { .. } => Step::Sending {},
            _ => return,
        };
        let fields = self.fields.take();
        let sent = self.send(&step, &fields);
        // zeroised before anything else happens
        drop(fields);
        if sent.is_err() {
            return quit();
        }
        let asker = self.asker.borrow().clone();
        let language = self.texts.borrow().language();
        if let Some(asker) = asker {
            self.show(Scene { language, asker, step: answered }, None);
        }
    }

    fn send(&self, step: &Step, fields: &TypedFields) -> io::Result<()> {
        match step {
            Step::Consent { question } => {
                let given = self.choice.borrow().as_ref().map(ConsentChoice::given);
                write_event(stdout(), &given.ok_or(io::ErrorKind::InvalidInput)?)?;
                send_fields(question.serial, fields)
            }
            Step::Release { question } => {
                write_event(stdout(), &WindowEvent::Released { serial: question.serial })
            }
            Step::Certificates { question } => {
                write_event(stdout(), &WindowEvent::Released { serial: question.serial })
            }
            Step::AccessNumber { question } => send_fields(question.serial, fields),
            _ => send_fields(0, fields),
        }
    }

    /// Turns the switch of a data group.
    pub(super) fn turn_group(&self, index: usize, means: Means) {
        if self.is_too_early_for(means) {
            return;
        }
        let turned = self.choice.borrow_mut().as_mut().map(|choice| choice.turn(index));
        let Some(mut texts) = self.groups.row_data(index) else { return };
        match turned {
            Some(Some(chosen)) => {
                texts.chosen = chosen;
                self.groups.set_row_data(index, texts);
            }
            // it stays on, and says why
            Some(None) => self.announce(&self.texts.borrow().say("group-locked")),
            None => {}
        }
    }

    /// Turns whether the number is remembered.
    pub(super) fn turn_remember(&self, means: Means) {
        if self.is_too_early_for(means) {
            return;
        }
        let remembers = self.choice.borrow_mut().as_mut().is_some_and(ConsentChoice::turn_remember);
        self.ui.set_remembers(remembers);
        if remembers {
            // a field appeared, and the keyboard did not move
            self.announce(&self.texts.borrow().say("remember-as-appeared"));
        }
    }

    /// The field for the name of the number was edited; gives what it is to hold in place of that, and where its cursor belongs.
    pub(super) fn edit_label(&self, text: &str) -> LabelTaken {
        let mut choice = self.choice.borrow_mut();
        let Some(choice) = choice.as_mut() else { return LabelTaken::default() };
        let edited = choice.edit_label(text);
        if edited.is_full {
            self.announce(&self.texts.borrow().say("hint-field-full"));
        }
        LabelTaken {
            changed: edited.cursor.is_some(),
            cursor: edited.cursor.and_then(|at| i32::try_from(at).ok()).unwrap_or_default(),
            text: choice.label().text().into(),
        }
    }

    /// Asks for the other thing that opens the card.
    pub(super) fn change_entry(self: &Rc<Self>, means: Means) {
        if self.is_too_early_for(means) {
            return;
        }
        let changed = self.choice.borrow_mut().as_mut().is_some_and(ConsentChoice::change_entry);
        if !changed {
            return;
        }
        let said =
            self.choice.borrow().as_ref().map(|choice| scene_view::entry_said(&self.texts.borrow(), choice));
        self.ask(&self.step.borrow().clone(), true);
        if let Some(said) = said {
            self.announce(&said);
        }
    }

    fn is_too_early_for(&self, means: Means) -> bool {
        means == Means::Key && self.is_too_early()
    }
}

/// Sends what was typed, as what it is; nothing where nothing was.
fn send_fields(serial: u32, fields: &TypedFields) -> io::Result<()> {
    let secrets: Vec<(Secret, &LockedPin)> =
        fields.all().iter().map(|field: &SecretEntry| (field.asked().secret, field.typed())).collect();
    match secrets.as_slice() {
        [] => Ok(()),
        [(Secret::Pin, pin)] => write_pin(stdout(), pin),
        [(Secret::AccessNumber { .. }, digits)] => write_access_number(stdout(), serial, digits),
        [(Secret::DocumentNumber, number), (Secret::Date, birth), (Secret::Date, expiry)] => {
            let in_zone = |date| date::in_zone(date).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory));
            write_mrz(stdout(), serial, [number, &in_zone(birth)?, &in_zone(expiry)?])
        }
        _ => Err(io::ErrorKind::InvalidInput.into()),
    }
}
