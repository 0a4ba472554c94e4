//! A chip that the reader opens: the person types the number printed on the card on the reader's keys, once, and everything is read in
//! that session. Proofs that need its keys, which are the reader's, are out of reach.

use std::time::Instant;

use bitaqa_card::{
    CardError, TransportError,
    channel::Channel,
    chip_session::{AccessRefusal, ChipAccess, ReaderOpening},
    file::Selection,
    profile::Link,
};
use bitaqa_protocol::{ErrorCode, ErrorReport, page::Stage};

use super::{
    consent::Agreed,
    find::OwnCard,
    reading::{Reading, read_opened_on_reader},
};
use crate::{
    reader::transport::PcscTransport,
    sign_in::{
        Flow,
        access::given_up,
        access_on_reader::{MOST_WRONG, of_person},
        first_transaction::Meanwhile,
        sign::report,
    },
    window::message::{AccessNumberQuestion, Step},
};

impl Flow<'_> {
    /// Has the reader ask for the number, as often as it takes, and reads.
    ///
    /// # Errors
    /// What the person decided, here or on the reader; faults of the card.
    pub(super) async fn read_own_card_on_reader(
        &mut self,
        card: &OwnCard,
        agreed: &Agreed,
    ) -> Result<Reading, ErrorReport> {
        let reader = card.reader_name.clone();
        let mut question = AccessNumberQuestion { serial: 0, reader, tries_left: None, was_wrong: false };
        for _ in 0..MOST_WRONG {
            self.say_on_reader(&mut question)?;
            let asked = Instant::now();
            let atr = card.reader.atr().to_vec();
            let opening = self
                .run_and_reset(&card.reader, &card.connection, Meanwhile::OnReader, move |transport| {
                    Ok(open(transport, &atr))
                })
                .await;
            self.person += asked.elapsed();
            match opening.map_err(|report| of_person(report, &question))? {
                Some(Ok(ReaderOpening::Open(access))) => return self.read_opened(card, agreed, access).await,
                Some(Ok(ReaderOpening::Refused(AccessRefusal::CanWrong { tries_left }))) => {
                    question.tries_left = tries_left;
                    question.was_wrong = true;
                }
                Some(Ok(ReaderOpening::Refused(refusal))) => return Ok(Reading::Refused(refusal)),
                Some(Ok(ReaderOpening::Cancelled)) => return Err(ErrorReport::new(given_up(&question))),
                Some(Ok(ReaderOpening::TimedOut)) => return Err(ErrorReport::new(ErrorCode::UserTimeout)),
                Some(Err(CardError::Transport(TransportError::Fault(_)))) => {
                    return Ok(Reading::ReaderFailed);
                }
                None | Some(Err(CardError::Transport(TransportError::Removed | TransportError::Reset))) => {
                    return Ok(Reading::CardLeft);
                }
                Some(Err(error)) => return Err(report(&error)),
            }
        }
        Err(ErrorReport::new(ErrorCode::CanWrong))
    }

    async fn read_opened(
        &mut self,
        card: &OwnCard,
        agreed: &Agreed,
        access: ChipAccess,
    ) -> Result<Reading, ErrorReport> {
        self.report_stage(Stage::Reading);
        self.screen.show(Step::Reading {})?;
        let order = self.order(card, agreed);
        let read = self
            .read_and_reset(&card.reader, &card.connection, move |transport| {
                read_opened_on_reader(transport, access, &order)
            })
            .await?;
        Ok(read.flatten().map_or(Reading::CardLeft, |read| Reading::Read(Box::new(read))))
    }
}

/// Has the reader open the chip, and keeps the channel for what is read afterwards.
fn open(transport: &mut PcscTransport<'_>, atr: &[u8]) -> Result<ReaderOpening<ChipAccess>, CardError> {
    let mut channel = Channel::new(transport, Link::CAUTIOUS).with_answer_to_reset(atr);
    let mut selection = Selection::default();
    let access = ChipAccess::find(&mut channel, &mut selection)?.ok_or(CardError::Unknown)?;
    let opening =
        access.open_on_reader(channel, selection)?.and_then(|session| Ok(session.access().clone()))?;
    if matches!(opening, ReaderOpening::Open(_)) {
        transport.keep_channel();
    }
    Ok(opening)
}
