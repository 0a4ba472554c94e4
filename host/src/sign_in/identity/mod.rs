//! Asking who somebody is (design: the way of a request, identity).
//!
//! | file | which part |
//! |---|---|
//! | [`portal`] | who asks, by a statement that was verified |
//! | [`plan`] | which data groups the claims need, and what comes along |
//! | [`find_chip`] | a chip in any reader |
//! | [`consent`] | the first question: who, what for, which groups, what opens the card |
//! | [`reading`] | opening the chip, reading the groups, its signature over this request |
//! | [`release`] | the second question: the values that would be sent |
//! | [`answer`] | the answer, encrypted to the portal's key |
//!
//! It uses the desk, the screen and the waiting of a sign-in, and ends like one.

mod answer;
pub(super) mod consent;
mod find_chip;
mod plan;
mod portal;
mod reading;
mod release;

use std::time::SystemTime;

use bitaqa_protocol::{
    ErrorCode, ErrorReport, Language, Origin, RequestId,
    host::Timing,
    identity::{Holder, IdentityRequest},
    page::Stage,
};
use bitaqa_trust::DateTime;

use self::{answer::Agreed, consent::Consented, plan::Plan, portal::Portal, reading::Reading};
use super::{Desk, Flow, SignIn};
use crate::{port::Sender, trust_folder::InstalledPacks, window::message::Step};

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

/// Answers an identity request: the answer is encrypted to the portal. The window may outlive it for a moment, to say how it
/// ended.
///
/// # Errors
/// [`ErrorReport`], ready for the extension. Without a valid statement no window opens and no card is touched.
pub(crate) async fn identify(
    desk: &Desk,
    asked: Identify,
    outgoing: Sender,
) -> Result<(String, Timing), ErrorReport> {
    if asked.request.holder == Holder::Pin {
        return Err(ErrorReport::new(ErrorCode::RequestInvalid)
            .with_detail("this host reads a card without its PIN only"));
    }
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

/// The time of this computer.
fn now() -> Result<DateTime, ErrorReport> {
    DateTime::from_system_time(SystemTime::now()).map_err(|_| {
        ErrorReport::new(ErrorCode::InternalError).with_detail("the clock of this computer is wrong")
    })
}

impl Flow<'_> {
    async fn identify(
        &mut self,
        asked: &Identify,
        portal: &Portal,
        plan: &Plan,
    ) -> Result<String, ErrorReport> {
        let mut chip = self.find_chip().await?;
        let mut last = None;
        let (consented, read) = loop {
            let Some(consented) = self.ask_consent(&chip, portal, plan, last.take()).await? else {
                chip = self.find_chip().await?;
                continue;
            };
            self.report_stage(Stage::Reading);
            self.screen.show(Step::Reading {})?;
            match self.read_chip(&chip, &consented, asked, portal).await? {
                Reading::Read(read) => break (consented, read),
                Reading::Refused(refusal) => last = Some(refusal),
                Reading::CardLeft => chip = self.find_chip().await?,
            }
        };
        let Consented { groups, .. } = consented;
        plan.check(&groups, &read)?;
        let agreed_at = now()?;
        self.ask_release(plan, &groups, &read, agreed_at).await?;
        self.report_stage(Stage::Sending);
        self.screen.show(Step::Sending {})?;
        let agreed = Agreed { groups: &groups, claims: plan.disclosed(&groups), at: agreed_at };
        answer::encrypted(asked, portal, &agreed, &read)
    }
}
