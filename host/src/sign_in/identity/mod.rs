//! Asking who somebody is (design: the way of a request, identity).
//!
//! | file | which part |
//! |---|---|
//! | [`portal`] | who asks, by a statement that was verified |
//! | [`plan`] | which data groups the claims need, and what comes along |
//! | [`find_chip`] | a chip, or a card that is free to read, in any reader |
//! | [`consent`] | the first question: who, what for, which groups, what opens the card |
//! | [`reading`] | opening the chip, reading the groups, its signature over this request |
//! | [`holder`] | the PIN, and the card's token about what was agreed to |
//! | [`data_card`] | the same for a card that is free to read and signs nothing |
//! | [`release`] | the second question: the values that would be sent |
//! | [`answer`] | the answer, encrypted to the portal's key |
//! | [`chip_round`] | chip authentication by the key of the portal's server, in a second call |
//! | [`second_calls`] | which requests a second call may come for |
//!
//! It uses the desk, the screen and the waiting of a sign-in, and ends like one.

mod answer;
mod chip_round;
mod consent;
mod data_card;
mod find_chip;
mod holder;
mod plan;
mod portal;
mod reading;
mod release;
mod second_calls;

use bitaqa_protocol::{
    ErrorReport, Language, Origin, RequestId,
    host::Timing,
    identity::{ChipAnswer, IdentityRequest},
    page::Stage,
};
use bitaqa_trust::identity::binding;

pub(crate) use self::second_calls::SecondCalls;
use self::{
    answer::{Agreed, Answered, Record},
    chip_round::ChipRound,
    consent::Consented,
    find_chip::{Found, FoundChip},
    plan::Plan,
    portal::Portal,
    reading::Reading,
};
use super::{Desk, Flow, SignIn, now};
use crate::{
    port::Sender,
    trust_folder::InstalledPacks,
    window::message::{Authenticity, Step},
};

/// What the page asked for.
#[derive(Debug, Clone)]
pub(crate) struct Identify {
    /// The request.
    pub(crate) id: RequestId,
    /// Who asks.
    pub(crate) origin: Origin,
    /// What is asked.
    pub(crate) request: IdentityRequest,
    /// Language of the window.
    pub(crate) language: Language,
}

/// The last word to an identity request.
pub(crate) enum Identified {
    /// The answer, encrypted to the portal.
    Answer(String),
    /// The answer went out before; this is the chip's, to the key of the portal's server.
    Chip(ChipAnswer),
}

/// Answers an identity request: the answer is encrypted to the portal. The window may outlive it for a moment, to say how it
/// ended.
///
/// # Errors
/// [`ErrorReport`], ready for the extension. Without a valid statement no window opens and no card is touched.
pub(crate) async fn identify(
    desk: &Desk,
    asked: Identify,
    outgoing: Sender,
) -> Result<(Identified, Timing), ErrorReport> {
    holder::check(asked.request.holder, &asked.request.claims)?;
    let installed = InstalledPacks::of_this_computer();
    let portal = Portal::of(&asked, &installed.packs, now()?)?;
    let plan = Plan::of(&asked.request.claims);
    let request = SignIn {
        id: asked.id.clone(),
        origin: asked.origin.clone(),
        challenge: asked.request.challenge.clone(),
        language: asked.language,
    };
    let mut flow = Flow::new(desk, request, portal.asker(asked.origin.as_str()), outgoing);
    let outcome = flow.identify(&asked, &portal, &plan).await;
    flow.finish(outcome, Step::Sent {})
}

impl Flow<'_> {
    async fn identify(
        &mut self,
        asked: &Identify,
        portal: &Portal,
        plan: &Plan,
    ) -> Result<Identified, ErrorReport> {
        loop {
            let answer = match self.find_card(asked.request.holder).await? {
                Found::Chip(chip) => self.identify_by_chip(chip, asked, portal, plan).await?,
                Found::DataCard(card) => {
                    let answer = self.identify_by_data_card(&card, asked, portal, plan).await?;
                    answer.map(Identified::Answer)
                }
            };
            // without an answer the card left, and another one may come
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
    }

    async fn identify_by_chip(
        &mut self,
        mut chip: FoundChip,
        asked: &Identify,
        portal: &Portal,
        plan: &Plan,
    ) -> Result<Option<Identified>, ErrorReport> {
        let mut last = None;
        let mut remembered = self.remembered_number(&chip.reader, Some(chip.control)).await;
        let (Consented { groups, typed, label }, mut read) = loop {
            let consented = self.ask_consent(&chip, portal, plan, last.take(), &mut remembered).await?;
            let Some(consented) = consented else { return Ok(None) };
            self.report_stage(Stage::Reading);
            self.screen.show(Step::Reading {})?;
            match self.read_chip(&chip, &consented, asked, portal).await? {
                Reading::Read(read) => break (consented, read),
                Reading::Refused(refusal) => {
                    last = Some(self.not_opened(&chip.reader, &consented.typed, refusal));
                }
                Reading::CardLeft => return Ok(None),
            }
        };
        self.keep_number(&chip.reader, &typed, label).await;
        let card = self.holder(&mut chip, &typed, &mut read)?;
        let agreed_at = now()?;
        let claims = release::told(plan, &groups, &read, agreed_at)?;
        plan.check(&claims)?;
        self.ask_release(&claims, Authenticity::IssuerSigned).await?;
        let sod_hash = Some(binding::sod_hash(&read.sod));
        let agreed = Agreed { groups: &groups, claims: plan.disclosed(&groups), sod_hash, at: agreed_at };
        let record = Record::of(asked, portal, &agreed);
        let token = match card {
            Some(card) => Some(self.token_of_holder(card, &mut chip, asked, &record).await?),
            None => None,
        };
        self.report_stage(Stage::Sending);
        self.screen.show(Step::Sending {})?;
        let round = ChipRound::of(asked, portal, &typed, &read);
        let answer = answer::encrypted(portal, record, Answered::chip(*read, &groups), token)?;
        let identified = match round {
            Some(round) => Identified::Chip(self.prove_chip(round, chip, answer).await?),
            None => Identified::Answer(answer),
        };
        Ok(Some(identified))
    }
}
