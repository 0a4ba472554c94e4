//! A card whose data are free to read, and that signs nothing (the Bahraini cards before 2025).
//!
//! Only a portal that asked for unsigned data gets them, and only the values that were agreed to. Nothing is read before the
//! person agreed, although the card would give it to anybody.

use bitaqa_card::{CardError, Transport, channel::Channel, gcc::GccCard, profile::Link};
use bitaqa_protocol::{
    ErrorCode, ErrorReport,
    claim::{ClaimSet, DataGroup},
    identity::{AssertedClaims, Holder, ProofWanted},
    page::Stage,
};
use bitaqa_trust::identity::unsigned::{self, GccData, GccFile};

use super::{
    Identify,
    answer::{Agreed, Answered, Record, encrypted},
    find_chip::FoundDataCard,
    now,
    plan::Plan,
    portal::Portal,
};
use crate::{
    sign_in::Flow,
    window::message::{Authenticity, Step},
};

impl Flow<'_> {
    /// Asks for consent, reads, asks again, and answers. Nothing comes where the card left before it was read.
    ///
    /// # Errors
    /// `claims-unavailable` where the portal asked for what such a card cannot give; what the person decided; faults of the card.
    pub(super) async fn identify_by_data_card(
        &mut self,
        card: &FoundDataCard,
        asked: &Identify,
        portal: &Portal,
        plan: &Plan,
    ) -> Result<Option<String>, ErrorReport> {
        can_answer(asked)?;
        let plan = plan.for_data_card(card.control.generation())?;
        let Some(groups) = self.ask_consent_to_data_card(card, portal, &plan).await? else { return Ok(None) };
        self.report_stage(Stage::Reading);
        self.screen.show(Step::Reading {})?;
        let disclosed = plan.disclosed(&groups);
        let Some(values) = self.read_data_card(card, disclosed.clone()).await? else { return Ok(None) };
        let at = now()?;
        let claims = unsigned::claims_of(&values, disclosed.iter(), at.into())
            .map_err(|fault| ErrorReport::new(ErrorCode::CardMisbehaved).with_detail(&fault.to_string()))?;
        plan.check(&claims)?;
        self.ask_release(&claims, Authenticity::Unauthenticated).await?;
        self.report_stage(Stage::Sending);
        self.screen.show(Step::Sending {})?;
        let not_given: Vec<DataGroup> = groups
            .iter()
            .copied()
            .filter(|group| !values.keys().any(|claim| claim.group() == *group))
            .collect();
        let agreed = Agreed { groups: &groups, claims: disclosed, sod_hash: None, at };
        let answered = Answered::unsigned(values, not_given);
        encrypted(portal, Record::of(asked, portal, &agreed), answered, None).map(Some)
    }

    /// Reads the files that these claims need, in one transaction.
    async fn read_data_card(
        &mut self,
        card: &FoundDataCard,
        claims: ClaimSet,
    ) -> Result<Option<AssertedClaims>, ErrorReport> {
        let order = Order { card: card.control, atr: card.reader.atr().to_vec(), claims };
        self.read_and_reset(&card.reader, &card.connection, move |transport| read(transport, &order)).await
    }
}

/// Such a card proves neither its data nor itself, and has no PIN.
fn can_answer(asked: &Identify) -> Result<(), ErrorReport> {
    let refusal = |code, what| Err(ErrorReport::new(code).with_detail(what));
    if asked.request.proof != ProofWanted::Unsigned {
        let detail = "this card gives its data without any proof of where they come from";
        return refusal(ErrorCode::ClaimsUnavailable, detail);
    }
    if asked.request.holder == Holder::Pin {
        return refusal(ErrorCode::CertificateMissing, "this card has no PIN");
    }
    Ok(())
}

/// What the transaction needs.
struct Order {
    card: GccCard,
    atr: Vec<u8>,
    claims: ClaimSet,
}

fn read(transport: &mut dyn Transport, order: &Order) -> Result<AssertedClaims, CardError> {
    let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(&order.atr);
    // looked for once more: what is in the reader now may be another version, whose fields are elsewhere
    let card = GccCard::find(&mut channel, &order.atr)?.filter(|card| *card == order.card);
    let card = card.ok_or(CardError::Unknown)?;
    let needs = |file| order.claims.iter().any(|claim| GccFile::of(claim, card.generation()) == Some(file));
    let mut data = GccData::default();
    if needs(GccFile::PersonalData) {
        data.personal_data = Some(card.personal_data(&mut channel)?.into_claimed());
    }
    if needs(GccFile::CardData) {
        data.card_data = Some(card.card_data(&mut channel)?.into_claimed());
    }
    if needs(GccFile::Images) {
        data.images = Some(card.images(&mut channel)?.into_claimed());
    }
    if needs(GccFile::Address) {
        data.address = Some(card.address(&mut channel)?.into_claimed());
    }
    Ok(unsigned::asserted(&data, order.claims.iter()))
}
