//! The one question: which groups are read, and what opens the card.

use std::{collections::BTreeSet, sync::Arc};

use bitaqa_protocol::{
    ErrorReport,
    claim::{Claim, Closure, DataGroup},
};

use super::find::OwnCard;
use crate::{
    remembered::Label,
    sign_in::{
        Flow,
        agreement::{Agreement, entries},
        remembered_number::{NotOpened, RememberedNumber},
        typed::Typed,
    },
    window::message::{CardEntry, ConsentQuestion, GroupChoice},
};

/// The groups of a document that are shown. What a state puts into DG13 is its own decision, and not public for any card.
const SHOWN: [DataGroup; 4] = [DataGroup::Dg1, DataGroup::Dg2, DataGroup::Dg7, DataGroup::Dg11];

/// What the person agreed to.
pub(super) struct Agreed {
    /// The data groups.
    pub(super) groups: Vec<DataGroup>,
    /// What opens the card; nothing where it has no document.
    pub(super) typed: Option<Arc<Typed>>,
    /// What was typed is to be remembered, under this label.
    pub(super) label: Option<Label>,
}

impl Flow<'_> {
    /// Asks. Nothing comes where the card left.
    ///
    /// # Errors
    /// What the person decided; a card that cannot be opened any more.
    pub(super) async fn ask_to_read_own(
        &mut self,
        card: &OwnCard,
        refused: Option<NotOpened>,
        remembered: &mut RememberedNumber,
    ) -> Result<Option<Agreed>, ErrorReport> {
        let (entry, alternative) = match card.kind {
            Some(control) => entries(control, refused, remembered)?,
            None => (CardEntry::Nothing {}, None),
        };
        let question = ConsentQuestion {
            serial: 0,
            // the window says it in its own words: it is the same for every holder
            purpose: String::new(),
            groups: if card.kind.is_some() { SHOWN.map(choice).to_vec() } else { Vec::new() },
            recognisable: false,
            certificate: false,
            entry,
            alternative,
            reader: card.reader_name.clone(),
        };
        let agreement = self.ask_to_read(question, &card.reader, shown, refused).await?;
        Ok(agreement.map(|Agreement { groups, typed, label }| {
            let typed = typed.or_else(|| remembered.take().map(Typed::Remembered));
            Agreed { groups, typed: typed.map(Arc::new), label }
        }))
    }
}

/// The switch of a group: the person reads what they want of their own card.
fn choice(group: DataGroup) -> GroupChoice {
    GroupChoice {
        group: group.number(),
        asked: claims(group),
        comes_along: Vec::new(),
        required: false,
        chosen: true,
    }
}

/// What a group tells, in the order of the vocabulary.
fn claims(group: DataGroup) -> Vec<Claim> {
    Closure::of_group(group).into_iter().collect()
}

/// The groups that the window names; nothing where one was not asked about.
fn shown(numbers: &[u8]) -> Option<Vec<DataGroup>> {
    let groups: Option<BTreeSet<DataGroup>> = numbers
        .iter()
        .map(|number| DataGroup::from_number(*number).filter(|group| SHOWN.contains(group)))
        .collect();
    Some(groups?.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shown_group_says_what_it_tells() {
        for group in SHOWN {
            let choice = choice(group);
            assert!(!choice.asked.is_empty() && choice.chosen && !choice.required, "{group}");
        }
        assert_eq!(claims(DataGroup::Dg2), [Claim::Photo]);
        assert!(claims(DataGroup::Dg11).contains(&Claim::PersonalNumber));
    }

    #[test]
    fn a_group_that_was_not_asked_about_is_not_read() {
        assert_eq!(shown(&[1, 11]).unwrap(), [DataGroup::Dg1, DataGroup::Dg11]);
        assert_eq!(shown(&[]).unwrap(), []);
        for other in [3, 13, 15, 0] {
            assert_eq!(shown(&[1, other]), None, "{other}");
        }
    }
}
