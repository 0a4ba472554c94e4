//! The one question: which groups are read, and what opens the card.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use bitaqa_card::chip_session::AccessRefusal;
use bitaqa_protocol::{
    ErrorCode, ErrorReport,
    claim::{Claim, Closure, DataGroup},
    page::Stage,
};
use tokio::time::sleep;

use super::find::OwnCard;
use crate::{
    sign_in::{
        ANSWER_LIMIT, Flow,
        find::is_still_there,
        identity::consent::{entries, given_up},
        screen::PersonDid,
        typed::Typed,
    },
    window::message::{CardEntry, ConsentQuestion, Entered, GroupChoice, Step},
};

/// The groups of a document that are shown. What a state puts into DG13 is its own decision, and not public for any card.
const SHOWN: [DataGroup; 4] = [DataGroup::Dg1, DataGroup::Dg2, DataGroup::Dg7, DataGroup::Dg11];

/// What the person agreed to.
pub(super) struct Agreed {
    /// The data groups.
    pub(super) groups: Vec<DataGroup>,
    /// What opens the card; nothing where it has no document.
    pub(super) typed: Option<Arc<Typed>>,
}

impl Flow<'_> {
    /// Asks. Nothing comes where the card left.
    ///
    /// # Errors
    /// What the person decided; a card that cannot be opened any more.
    pub(super) async fn ask_to_read(
        &mut self,
        card: &OwnCard,
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Agreed>, ErrorReport> {
        let (entry, alternative) = match card.document {
            Some(control) => entries(control, refused)?,
            None => (CardEntry::Nothing {}, None),
        };
        self.questions += 1;
        let serial = self.questions;
        let question = ConsentQuestion {
            serial,
            // the window says it in its own words: it is the same for every holder
            purpose: String::new(),
            groups: if card.document.is_some() { SHOWN.map(choice).to_vec() } else { Vec::new() },
            recognisable: false,
            certificate: false,
            entry,
            alternative,
            reader: card.reader_name.clone(),
        };
        self.report_stage(Stage::WaitingForPerson);
        self.begin_question(Step::Consent { question })?;
        let asked = Instant::now();
        let answer = self.agreement(card, serial, refused).await;
        self.count_question(asked);
        answer
    }

    async fn agreement(
        &mut self,
        card: &OwnCard,
        asked: u32,
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Agreed>, ErrorReport> {
        let mut limit = std::pin::pin!(sleep(ANSWER_LIMIT));
        let mut agreed: Option<Vec<DataGroup>> = None;
        loop {
            tokio::select! {
                did = self.screen.person() => match (did?, agreed.take()) {
                    (PersonDid::Consented { serial, groups, entered }, _) if serial == asked => {
                        let groups = shown(&groups)?;
                        if entered == Entered::Nothing {
                            return Ok(Some(Agreed { groups, typed: None }));
                        }
                        agreed = Some(groups);
                    }
                    (PersonDid::AccessNumber { serial, number }, Some(groups)) if serial == asked => {
                        let typed = Some(Arc::new(Typed::AccessNumber(number)));
                        return Ok(Some(Agreed { groups, typed }));
                    }
                    (PersonDid::Mrz { serial, entry }, Some(groups)) if serial == asked => {
                        return Ok(Some(Agreed { groups, typed: Some(Arc::new(Typed::Mrz(entry))) }));
                    }
                    (PersonDid::Cancel, _) => return Err(ErrorReport::new(given_up(refused))),
                    // of a question that was on the screen before
                    (_, before) => agreed = before,
                },
                changed = self.readers.changed() => {
                    changed.map_err(|_| ErrorReport::new(ErrorCode::InternalError))?;
                    if !is_still_there(&self.readers.borrow_and_update(), &card.reader) {
                        return Ok(None);
                    }
                },
                () = &mut limit => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
            }
        }
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

/// The groups that the window names.
///
/// # Errors
/// `internal-error` for one that was not asked about.
fn shown(numbers: &[u8]) -> Result<Vec<DataGroup>, ErrorReport> {
    let groups: Option<BTreeSet<DataGroup>> = numbers
        .iter()
        .map(|number| DataGroup::from_number(*number).filter(|group| SHOWN.contains(group)))
        .collect();
    groups.map(|groups| groups.into_iter().collect()).ok_or_else(|| {
        let detail = "the window answered with groups that were not asked about";
        ErrorReport::new(ErrorCode::InternalError).with_detail(detail)
    })
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
            assert_eq!(shown(&[1, other]).unwrap_err().code, ErrorCode::InternalError, "{other}");
        }
    }
}
