//! What the person chose so far of a consent: switches, what the card is opened with, whether and as what that is remembered.

use super::{
    label_entry::{Edited, LabelEntry},
    message::{Asker, CardEntry, ConsentQuestion, Entered, WindowEvent},
};

/// A consent that is not given yet.
#[derive(Debug, Clone)]
pub(super) struct ConsentChoice {
    asker: Asker,
    question: ConsentQuestion,
    chosen: Vec<bool>,
    remember: bool,
    label: LabelEntry,
    takes_alternative: bool,
}

impl ConsentChoice {
    /// For a question. What was chosen for the question before stays, as long as that was the same but for the card and what
    /// opens it: a wrong number takes no decision back. It never passes to another question.
    pub(super) fn new(asker: &Asker, question: &ConsentQuestion, before: Option<&Self>) -> Self {
        let before = before.filter(|before| {
            before.asker == *asker
                && before.question.purpose == question.purpose
                && before.question.groups.len() == question.groups.len()
                && before.question.groups.iter().zip(&question.groups).all(|(before, now)| {
                    (before.group, before.required) == (now.group, now.required)
                        && (&before.asked, &before.comes_along) == (&now.asked, &now.comes_along)
                })
        });
        let chosen = before.map_or_else(
            || question.groups.iter().map(|group| group.required || group.chosen).collect(),
            |before| before.chosen.clone(),
        );
        Self {
            asker: asker.clone(),
            question: question.clone(),
            chosen,
            remember: before.is_some_and(|before| before.remember),
            label: before.map(|before| before.label.clone()).unwrap_or_default(),
            takes_alternative: false,
        }
    }

    /// Who asks.
    pub(super) const fn asker(&self) -> &Asker {
        &self.asker
    }

    /// The question.
    pub(super) fn question(&self) -> &ConsentQuestion {
        &self.question
    }

    /// Whether the group at `index` is to be read.
    pub(super) fn is_chosen(&self, index: usize) -> bool {
        self.chosen.get(index).is_some_and(|chosen| *chosen)
    }

    /// Turns the switch at `index`; gives how it stands then. `None` where it is locked.
    pub(super) fn turn(&mut self, index: usize) -> Option<bool> {
        self.question.groups.get(index).filter(|group| !group.required)?;
        let chosen = self.chosen.get_mut(index)?;
        *chosen = !*chosen;
        Some(*chosen)
    }

    /// What opens the card.
    pub(super) fn entry(&self) -> CardEntry {
        self.question.alternative.filter(|_| self.takes_alternative).unwrap_or(self.question.entry)
    }

    /// What could open it in place of that.
    pub(super) fn other_entry(&self) -> Option<CardEntry> {
        let alternative = self.question.alternative?;
        Some(if self.takes_alternative { self.question.entry } else { alternative })
    }

    /// Takes the other one; whether there is one.
    pub(super) fn change_entry(&mut self) -> bool {
        let there_is_one = self.question.alternative.is_some();
        self.takes_alternative ^= there_is_one;
        there_is_one
    }

    /// Whether what was typed can be remembered.
    pub(super) fn can_remember(&self) -> bool {
        matches!(
            self.entry(),
            CardEntry::AccessNumber { can_remember: true, .. } | CardEntry::AnotherAccessNumber { .. }
        )
    }

    /// Whether it is to be.
    pub(super) fn remembers(&self) -> bool {
        self.remember && self.can_remember()
    }

    /// Turns that; gives how it stands then.
    pub(super) fn turn_remember(&mut self) -> bool {
        self.remember = !self.remember;
        self.remembers()
    }

    /// The name of the number, as far as it is typed.
    pub(super) fn label(&self) -> &LabelEntry {
        &self.label
    }

    /// The field for that name holds this now.
    pub(super) fn edit_label(&mut self, text: &str) -> Edited {
        self.label.edit(text)
    }

    /// What the host is told.
    pub(super) fn given(&self) -> WindowEvent {
        let groups = self.question.groups.iter().zip(&self.chosen);
        WindowEvent::Consented {
            serial: self.question.serial,
            groups: groups.filter(|(_, chosen)| **chosen).map(|(group, _)| group.group).collect(),
            entered: match self.entry() {
                CardEntry::Nothing {} | CardEntry::OnReader {} => Entered::Nothing,
                CardEntry::AccessNumber { .. } | CardEntry::AnotherAccessNumber { .. } => {
                    Entered::AccessNumber
                }
                CardEntry::Mrz { .. } => Entered::Mrz,
            },
            remember: self.remembers().then(|| self.label.label()),
        }
    }
}

#[cfg(test)]
mod tests {
    use bitaqa_protocol::claim::Claim;

    use super::*;
    use crate::{remembered::Label, window::message::GroupChoice};

    fn group(group: u8, required: bool, chosen: bool) -> GroupChoice {
        GroupChoice { group, asked: vec![Claim::Photo], comes_along: vec![], required, chosen }
    }

    fn question(serial: u32) -> ConsentQuestion {
        ConsentQuestion {
            serial,
            purpose: "to open an account".to_owned(),
            groups: vec![group(1, true, false), group(2, false, true), group(11, false, false)],
            recognisable: true,
            certificate: false,
            entry: CardEntry::AccessNumber { tries_left: None, was_wrong: false, can_remember: true },
            alternative: Some(CardEntry::Mrz { was_wrong: false }),
            reader: None,
        }
    }

    fn asker() -> Asker {
        Asker::Origin("https://portal.example.ma".to_owned())
    }

    fn named(label: &str) -> Option<Label> {
        Some(Label::new(label).unwrap())
    }

    fn given(choice: &ConsentChoice) -> (u32, Vec<u8>, Entered, Option<Label>) {
        let WindowEvent::Consented { serial, groups, entered, remember } = choice.given() else {
            panic!("no consent")
        };
        (serial, groups, entered, remember)
    }

    #[test]
    fn a_required_group_is_always_part_of_it_and_others_as_the_person_likes() {
        let mut choice = ConsentChoice::new(&asker(), &question(7), None);
        assert_eq!(given(&choice), (7, vec![1, 2], Entered::AccessNumber, None));
        assert_eq!(choice.turn(0), None);
        assert_eq!(choice.turn(1), Some(false));
        assert_eq!(choice.turn(2), Some(true));
        assert_eq!(choice.turn(3), None);
        assert_eq!(given(&choice), (7, vec![1, 11], Entered::AccessNumber, None));
    }

    #[test]
    fn a_wrong_number_takes_no_decision_back() {
        let mut choice = ConsentChoice::new(&asker(), &question(7), None);
        choice.turn(1);
        choice.turn_remember();
        choice.edit_label("Amina");
        let entry = CardEntry::AccessNumber { tries_left: Some(2), was_wrong: true, can_remember: true };
        let again = ConsentQuestion { entry, ..question(8) };
        let choice = ConsentChoice::new(&asker(), &again, Some(&choice));
        assert_eq!(given(&choice), (8, vec![1], Entered::AccessNumber, named("Amina")));
    }

    #[test]
    fn after_a_remembered_number_of_another_card_this_one_can_be_remembered() {
        let number = CardEntry::AccessNumber { tries_left: None, was_wrong: false, can_remember: true };
        let silent =
            ConsentQuestion { entry: CardEntry::Nothing {}, alternative: Some(number), ..question(7) };
        let mut choice = ConsentChoice::new(&asker(), &silent, None);
        choice.turn(2);
        assert_eq!(given(&choice), (7, vec![1, 2, 11], Entered::Nothing, None));
        let another =
            ConsentQuestion { entry: CardEntry::AnotherAccessNumber { tries_left: Some(2) }, ..question(8) };
        let mut choice = ConsentChoice::new(&asker(), &another, Some(&choice));
        assert_eq!(given(&choice), (8, vec![1, 2, 11], Entered::AccessNumber, None));
        assert!(choice.turn_remember());
        assert_eq!(given(&choice), (8, vec![1, 2, 11], Entered::AccessNumber, named("")));
    }

    #[test]
    fn a_decision_never_passes_to_another_question() {
        let mut before = ConsentChoice::new(&asker(), &question(7), None);
        before.turn(2);
        before.turn_remember();
        let mut other_groups = question(8);
        other_groups.groups[1].comes_along.push(Claim::Address);
        let other_purpose = ConsentQuestion { purpose: "to know more".to_owned(), ..question(8) };
        let fewer = ConsentQuestion { groups: vec![group(1, true, false)], ..question(8) };
        let other_asker = Asker::Origin("https://another.example.ma".to_owned());
        for (asker, question, groups) in [
            (asker(), other_groups, vec![1, 2]),
            (asker(), other_purpose, vec![1, 2]),
            (asker(), fewer, vec![1]),
            (other_asker, question(8), vec![1, 2]),
        ] {
            let choice = ConsentChoice::new(&asker, &question, Some(&before));
            assert_eq!(given(&choice), (8, groups, Entered::AccessNumber, None));
        }
    }

    #[test]
    fn one_goes_to_the_other_entry_and_back_and_only_a_number_is_remembered() {
        let mut choice = ConsentChoice::new(&asker(), &question(7), None);
        assert!(choice.turn_remember());
        assert!(choice.change_entry());
        assert_eq!(given(&choice), (7, vec![1, 2], Entered::Mrz, None));
        assert_eq!(choice.other_entry(), Some(question(7).entry));
        assert!(choice.change_entry());
        assert_eq!(given(&choice), (7, vec![1, 2], Entered::AccessNumber, named("")));
        let alone = ConsentQuestion { entry: CardEntry::Nothing {}, alternative: None, ..question(7) };
        let mut alone = ConsentChoice::new(&asker(), &alone, None);
        assert!(!alone.change_entry());
        assert_eq!(given(&alone), (7, vec![1, 2], Entered::Nothing, None));
    }

    #[test]
    fn a_name_goes_along_only_with_a_number_that_is_remembered() {
        let mut choice = ConsentChoice::new(&asker(), &question(7), None);
        assert!(choice.turn_remember());
        choice.edit_label("Amina");
        assert!(!choice.turn_remember());
        assert_eq!(given(&choice), (7, vec![1, 2], Entered::AccessNumber, None));
        // turned on again it is there again
        assert!(choice.turn_remember());
        assert_eq!(given(&choice), (7, vec![1, 2], Entered::AccessNumber, named("Amina")));
        assert!(choice.change_entry());
        assert_eq!(given(&choice), (7, vec![1, 2], Entered::Mrz, None));
        let choice = ConsentChoice::new(&Asker::OwnPage {}, &question(8), Some(&choice));
        assert_eq!(choice.label().text(), "");
    }
}
