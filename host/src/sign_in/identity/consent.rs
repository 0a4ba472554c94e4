//! The first question: who asks, what for, which groups; and what opens the card.

use std::sync::Arc;

use bitaqa_card::chip_session::AccessRefusal;
use bitaqa_protocol::{ErrorReport, claim::DataGroup};

use super::{
    find_chip::{FoundCard, FoundChip, FoundDataCard},
    holder::HolderKey,
    plan::Plan,
    portal::Portal,
};
use crate::{
    sign_in::{
        Flow,
        agreement::{Entries, entries, unasked},
        typed::Typed,
    },
    window::message::{CardEntry, ConsentQuestion},
};

/// What the person agreed to, and what opens the card.
pub(super) struct Consented {
    /// The data groups.
    pub(super) groups: Vec<DataGroup>,
    /// What was typed.
    pub(super) typed: Arc<Typed>,
}

impl Flow<'_> {
    /// Asks about a chip. Nothing comes where the card left, or another one came.
    ///
    /// # Errors
    /// What the person decided; a card that cannot be opened any more.
    pub(super) async fn ask_consent(
        &mut self,
        chip: &FoundChip,
        portal: &Portal,
        plan: &Plan,
        refused: Option<AccessRefusal>,
    ) -> Result<Option<Consented>, ErrorReport> {
        let question = question(chip, portal, plan, entries(chip.control, refused)?, true);
        let granted = |groups: &[u8]| plan.granted(groups);
        match self.ask_to_read(question, &chip.reader, granted, refused).await? {
            Some((groups, Some(typed))) => Ok(Some(Consented { groups, typed: Arc::new(typed) })),
            Some((_, None)) => Err(unasked("without what opens the card")),
            None => Ok(None),
        }
    }

    /// Asks about a card that is free to read; which groups were granted. Nothing comes where the card left, or another one came.
    ///
    /// # Errors
    /// What the person decided.
    pub(super) async fn ask_consent_to_data_card(
        &mut self,
        card: &FoundDataCard,
        portal: &Portal,
        plan: &Plan,
    ) -> Result<Option<Vec<DataGroup>>, ErrorReport> {
        let question = question(card, portal, plan, (CardEntry::Nothing {}, None), false);
        let granted = |groups: &[u8]| plan.granted(groups);
        let agreement = self.ask_to_read(question, &card.reader, granted, None).await?;
        Ok(agreement.map(|(groups, _)| groups))
    }
}

fn question<C>(
    card: &FoundCard<C>,
    portal: &Portal,
    plan: &Plan,
    (entry, alternative): Entries,
    recognisable: bool,
) -> ConsentQuestion {
    ConsentQuestion {
        serial: 0,
        purpose: portal.purpose().to_owned(),
        groups: plan.choices(),
        recognisable,
        certificate: !matches!(card.key, HolderKey::NotAsked),
        entry,
        alternative,
        reader: card.reader_name.clone(),
    }
}
