//! Reading the holder's own card, for the extension's page "My card".
//!
//! | file | which part |
//! |---|---|
//! | [`find`] | a card in any reader that has anything to be read |
//! | [`consent`] | the one question: which groups, and what opens the card |
//! | [`reading`] | opening the chip, reading the groups, its proofs; certificates and PIN counters |
//! | [`on_reader`] | the same where the reader takes the number and opens the chip |
//! | [`data_card`] | the document of a card that signs nothing, which is free to read |
//! | [`contents`] | what was read, as the page shows it |
//! | [`authenticity`] | whether a country signed it, by the trust packs of this computer |
//!
//! It uses the desk, the screen and the waiting of a sign-in, and ends like one. There is no question before anything is sent:
//! the values go to the person who asked, and the question before reading says where they will be seen.

mod authenticity;
mod consent;
mod contents;
mod data_card;
mod find;
mod on_reader;
mod reading;

use bitaqa_protocol::{ErrorReport, Language, RequestId, host::Timing, my_card::MyCard, page::Stage};

use self::reading::Reading;
use super::{Desk, Flow, now, opens_with::OpensWith, remembered_number::NotOpened};
use crate::{
    port::Sender,
    trust_folder::InstalledPacks,
    window::message::{Asker, Step},
};

/// What the extension's page asked for.
#[derive(Debug, Clone)]
pub(crate) struct ReadMyCard {
    /// The request.
    pub(crate) id: RequestId,
    /// Language of the window.
    pub(crate) language: Language,
}

/// Reads the holder's own card. The window may outlive it for a moment, to say how it ended.
///
/// # Errors
/// [`ErrorReport`], ready for the extension. Nothing is read before the person agreed.
pub(crate) async fn read_my_card(
    desk: &Desk,
    asked: ReadMyCard,
    outgoing: Sender,
) -> Result<(Box<MyCard>, Timing), ErrorReport> {
    let mut flow = Flow::of(desk, asked.id, asked.language, Asker::OwnPage {}, outgoing);
    let outcome = flow.read_my_card().await;
    flow.finish(outcome, Step::Sent {})
}

impl Flow<'_> {
    async fn read_my_card(&mut self) -> Result<Box<MyCard>, ErrorReport> {
        let mut found = self.find_own_card().await?;
        let mut remembered = self.remembered_number(&found.reader, found.kind.control()).await;
        let mut last = None;
        let (agreed, read) = loop {
            let Some(agreed) = self.ask_to_read_own(&found, last.take(), &mut remembered).await? else {
                found = self.find_own_card().await?;
                remembered = self.remembered_number(&found.reader, found.kind.control()).await;
                continue;
            };
            self.report_stage(Stage::Reading);
            let reading = if matches!(agreed.opens_with, OpensWith::NumberOnReader) {
                self.read_own_card_on_reader(&found, &agreed).await?
            } else {
                self.screen.show(Step::Reading {})?;
                self.read_own_card(&found, &agreed).await?
            };
            match reading {
                Reading::Read(read) => break (agreed, read),
                Reading::Refused(refusal) => {
                    last = Some(match &agreed.opens_with {
                        OpensWith::Number(typed) => self.not_opened(&found.reader, typed, refusal),
                        OpensWith::Nothing | OpensWith::NumberOnReader => NotOpened::Typed(refusal),
                    });
                }
                Reading::ReaderFailed => found.kind = found.kind.without_reader(),
                Reading::CardLeft => {
                    found = self.find_own_card().await?;
                    remembered = self.remembered_number(&found.reader, found.kind.control()).await;
                }
            }
        };
        if let OpensWith::Number(typed) = &agreed.opens_with {
            self.keep_number(&found.reader, typed, agreed.label).await;
        }
        let packs = InstalledPacks::of_this_computer().packs;
        Ok(Box::new(contents::my_card(&read, &agreed.groups, &packs, now()?)))
    }
}
