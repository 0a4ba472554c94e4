//! The name of a number to be remembered while it is typed. It is no secret: the toolkit's own field takes the keys, and what comes
//! of them is cut to a label here.

use crate::remembered::{
    Label,
    label::{MAX_LABEL, is_taken},
};

/// The name as it is typed so far: always a label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct LabelEntry(String);

/// What became of a change of the field.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Edited {
    /// Where the cursor belongs, in bytes from the start, if something was left out.
    pub(super) cursor: Option<usize>,
    /// Something was left out because there is no more place.
    pub(super) is_full: bool,
}

impl LabelEntry {
    /// Takes what the field holds now, without what no label has and what there is no place for. That is left out of what came in,
    /// wherever it came in: what was there before stays.
    pub(super) fn edit(&mut self, text: &str) -> Edited {
        let start = same(self.0.chars(), text.chars());
        let (before, rest) = (self.0.get(start..).unwrap_or_default(), text.get(start..).unwrap_or_default());
        let end = same(before.chars().rev(), rest.chars().rev());
        let (inserted, after) = rest.split_at_checked(rest.len() - end).unwrap_or((rest, ""));
        let kept_before = text.get(..start).unwrap_or_default();
        let place = MAX_LABEL.saturating_sub(kept_before.chars().count() + after.chars().count());
        let wanted: String = inserted.chars().filter(|character| is_taken(*character)).collect();
        let taken: String = wanted.chars().take(place).collect();
        let edited =
            Edited { cursor: (taken != inserted).then_some(start + taken.len()), is_full: taken != wanted };
        self.0 = [kept_before, &taken, after].concat();
        edited
    }

    /// What is typed.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// The label.
    pub(super) fn label(&self) -> Label {
        Label::new(&self.0).unwrap_or_default()
    }
}

/// How many bytes of the characters that both begin with.
fn same(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKEN: Edited = Edited { cursor: None, is_full: false };

    #[test]
    fn what_is_typed_and_taken_back_is_the_label() {
        let mut entry = LabelEntry::default();
        for text in ["A", "Am", "Amn", "Amin", "Ami", "Amina", "بطاقة Amina", "Amina", ""] {
            assert_eq!(entry.edit(text), TAKEN, "{text}");
            assert_eq!((entry.text(), entry.label().as_str()), (text, text));
        }
    }

    #[test]
    fn what_no_label_has_is_left_out_where_it_came_in() {
        let mut entry = LabelEntry::default();
        entry.edit("Amina card");
        assert_eq!(entry.edit("Amina\u{202E}’s\t card"), Edited { cursor: Some(9), is_full: false });
        assert_eq!(entry.text(), "Amina’s card");
        assert_eq!(entry.edit("\u{200F}Amina’s card"), Edited { cursor: Some(0), is_full: false });
        assert_eq!(entry.text(), "Amina’s card");
    }

    #[test]
    fn a_full_label_keeps_what_it_has() {
        let mut entry = LabelEntry::default();
        let long = "ⵜ".repeat(MAX_LABEL + 9);
        assert_eq!(entry.edit(&long), Edited { cursor: Some(3 * MAX_LABEL), is_full: true });
        assert_eq!(entry.text(), "ⵜ".repeat(MAX_LABEL));
        let between = ["ⵜ".repeat(5), "a".to_owned(), "ⵜ".repeat(MAX_LABEL - 5)].concat();
        assert_eq!(entry.edit(&between), Edited { cursor: Some(15), is_full: true });
        assert_eq!(entry.text(), "ⵜ".repeat(MAX_LABEL));
        // one for one
        let replaced = ["a", &"ⵜ".repeat(MAX_LABEL - 1)].concat();
        assert_eq!(entry.edit(&replaced), TAKEN);
        assert_eq!(entry.label().as_str(), replaced);
    }
}
