//! The fields of a question and what is typed into them so far.

use super::{
    asked::Asked,
    locked_pin::LockedPinError,
    secret_entry::{SecretEntry, Typed},
};

/// The fields of a question; what is typed goes into the active one.
#[derive(Debug, Default)]
pub(super) struct TypedFields {
    fields: Vec<SecretEntry>,
    active: usize,
}

impl TypedFields {
    /// Empty fields for what is asked.
    ///
    /// # Errors
    /// As [`SecretEntry::new`].
    pub(super) fn new(asked: &[Asked]) -> Result<Self, LockedPinError> {
        let fields = asked.iter().map(|asked| SecretEntry::new(*asked)).collect::<Result<_, _>>()?;
        Ok(Self { fields, active: 0 })
    }

    /// All of them.
    pub(super) fn all(&self) -> &[SecretEntry] {
        &self.fields
    }

    /// Which one takes what is typed.
    pub(super) fn active_index(&self) -> usize {
        self.active
    }

    /// The one that takes what is typed; `None` where nothing is asked.
    pub(super) fn active(&self) -> Option<&SecretEntry> {
        self.fields.get(self.active)
    }

    /// From now on this one takes what is typed.
    pub(super) fn activate(&mut self, index: usize) {
        if index < self.fields.len() {
            self.active = index;
        }
    }

    /// Adds a character. A field of a fixed length that is full makes way for the next; gives whether it did.
    pub(super) fn add(&mut self, character: u8) -> Option<(Typed, bool)> {
        let has_next = self.active + 1 < self.fields.len();
        let field = self.fields.get_mut(self.active)?;
        let typed = field.add(character);
        let moves_on = typed == Typed::Taken
            && has_next
            && field.asked().has_fixed_length()
            && field.is_full()
            && field.is_complete();
        self.active += usize::from(moves_on);
        Some((typed, moves_on))
    }

    /// Takes the last character of the active field away; whether there was one.
    pub(super) fn erase(&mut self) -> bool {
        self.fields.get_mut(self.active).is_some_and(SecretEntry::erase)
    }

    /// The first that cannot be sent yet; `None` where all can.
    pub(super) fn first_incomplete(&self) -> Option<usize> {
        self.fields.iter().position(|field| !field.is_complete())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::message::{CardEntry, Step};

    fn zone() -> TypedFields {
        let question = crate::window::message::ConsentQuestion {
            serial: 1,
            purpose: String::new(),
            groups: vec![],
            recognisable: false,
            certificate: false,
            entry: CardEntry::Mrz { was_wrong: false },
            alternative: None,
            reader: None,
        };
        let opens = question.entry;
        TypedFields::new(&Asked::by(&Step::Consent { question }, Some(opens))).unwrap()
    }

    fn type_in(fields: &mut TypedFields, text: &str) -> Vec<bool> {
        text.bytes().map(|character| fields.add(character).unwrap().1).collect()
    }

    #[test]
    fn a_whole_date_makes_way_for_the_next() {
        let mut fields = zone();
        type_in(&mut fields, "L898902C");
        assert_eq!(fields.active_index(), 0);
        fields.activate(1);
        assert_eq!(type_in(&mut fields, "06081969"), [false, false, false, false, false, false, false, true]);
        assert_eq!((fields.active_index(), fields.first_incomplete()), (2, Some(2)));
        type_in(&mut fields, "23061994");
        assert_eq!((fields.active_index(), fields.first_incomplete()), (2, None));
        assert_eq!(fields.add(b'1'), Some((Typed::Full, false)));
    }

    #[test]
    fn what_is_no_date_does_not_make_way() {
        let mut fields = zone();
        type_in(&mut fields, "L1");
        fields.activate(1);
        type_in(&mut fields, "31021969");
        assert_eq!((fields.active_index(), fields.first_incomplete()), (1, Some(1)));
        fields.activate(7);
        assert_eq!(fields.active_index(), 1);
    }
}
