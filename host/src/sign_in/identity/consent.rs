//! The first question: who asks, what for, which groups; and what opens the card.

use std::sync::Arc;

use bitaqa_protocol::{ErrorReport, claim::DataGroup};

use super::{
    find_chip::{FoundCard, FoundChip, FoundDataCard},
    holder::HolderKey,
    plan::Plan,
    portal::Portal,
};
use crate::{
    remembered::Label,
    sign_in::{
        Flow,
        agreement::{Agreement, Entries, entries, unasked},
        remembered_number::{NotOpened, RememberedNumber},
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
    /// What was typed is to be remembered, under this label.
    pub(super) label: Option<Label>,
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
        refused: Option<NotOpened>,
        remembered: &mut RememberedNumber,
    ) -> Result<Option<Consented>, ErrorReport> {
        let question = question(chip, portal, plan, entries(chip.control, refused, remembered)?, true);
        let granted = |groups: &[u8]| plan.granted(groups);
        let agreement = self.ask_to_read(question, &chip.reader, granted, refused).await?;
        let Some(Agreement { groups, typed, label }) = agreement else { return Ok(None) };
        let typed = typed.or_else(|| remembered.take().map(Typed::Remembered));
        let typed = Arc::new(typed.ok_or_else(|| unasked("without what opens the card"))?);
        Ok(Some(Consented { groups, typed, label }))
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
        Ok(agreement.map(|agreement| agreement.groups))
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
