//! The one question: which groups are read, and what opens the card.

use std::{collections::BTreeSet, sync::Arc};

use bitaqa_card::layout::OpenedBy;
use bitaqa_protocol::{
    ErrorReport,
    claim::{Claim, Closure, DataGroup},
};

use super::{
    data_card,
    find::{OwnCard, OwnKind},
};
use crate::{
    remembered::Label,
    sign_in::{
        Flow,
        agreement::{Agreement, Entries, entries},
        opens_with::OpensWith,
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
    /// What opens the card.
    pub(super) opens_with: OpensWith<Arc<Typed>>,
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
        let (entry, alternative) = own_entries(card.kind, refused, remembered)?;
        let question = ConsentQuestion {
            serial: 0,
            // the window says it in its own words: it is the same for every holder
            purpose: String::new(),
            groups: choices(card.kind),
            recognisable: false,
            certificate: false,
            entry,
            alternative,
            reader: card.reader_name.clone(),
        };
        let agreement = self.ask_to_read(question, &card.reader, shown, refused).await?;
        Ok(agreement.map(|Agreement { groups, typed, label }| {
            let opens_with = match typed {
                Some(typed) => OpensWith::Number(Arc::new(typed)),
                None if entry == CardEntry::OnReader {} => OpensWith::NumberOnReader,
                None => remembered.take().map_or(OpensWith::Nothing, |number| {
                    OpensWith::Number(Arc::new(Typed::Remembered(number)))
                }),
            };
            Agreed { groups, opens_with, label }
        }))
    }
}

/// What opens the card. What is typed on a reader's keys reaches no computer; what is remembered has to be typed nowhere.
fn own_entries(
    kind: OwnKind,
    refused: Option<NotOpened>,
    remembered: &RememberedNumber,
) -> Result<Entries, ErrorReport> {
    let Some(control) = kind.control() else { return Ok((CardEntry::Nothing {}, None)) };
    let typed = entries(control, refused, remembered)?;
    Ok(match (kind, typed) {
        (OwnKind::Chip(_, OpenedBy::Reader), (number @ CardEntry::AccessNumber { .. }, _))
            if refused.is_none() =>
        {
            (CardEntry::OnReader {}, Some(number))
        }
        _ => typed,
    })
}

/// The switches: one for each group that such a card tells anything of.
fn choices(kind: OwnKind) -> Vec<GroupChoice> {
    let told = |group| match kind {
        OwnKind::Chip(..) => claims(group),
        OwnKind::DataCard(card) => data_card::claims(group, card.generation()),
        OwnKind::Keys => Vec::new(),
    };
    let switches = SHOWN.map(|group| choice(group, told(group)));
    switches.into_iter().filter(|choice| !choice.asked.is_empty()).collect()
}

/// The switch of a group: the person reads what they want of their own card.
const fn choice(group: DataGroup, asked: Vec<Claim>) -> GroupChoice {
    GroupChoice { group: group.number(), asked, comes_along: Vec::new(), required: false, chosen: true }
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
            let choice = choice(group, claims(group));
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
