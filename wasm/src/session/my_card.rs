//! The holder's own card, for the extension's page "My card", which runs a core of its own.

use bitaqa_protocol::{ErrorCode, ErrorReport, Origin, RequestId, host::Timing, my_card::MyCard};

use super::{Request, Session, Wish, timer};
use crate::{
    action::{Action, Reply},
    host_link::misbehaved,
};

/// An origin that no page can have (RFC 6761, section 6.4).
const OWN_PAGE: &str = "https://my-card.invalid";

impl Session {
    /// The page asks. One request at a time.
    pub(super) fn read_my_card(&mut self, document: String, id: RequestId, actions: &mut Vec<Action>) {
        let request = if self.active.contains_key(&document) {
            Err(ErrorReport::new(ErrorCode::RequestPending))
        } else if !self.seen.note(&document, &id) {
            Err(ErrorReport::new(ErrorCode::RequestIdReused))
        } else {
            Origin::parse(OWN_PAGE)
                .map_err(|error| ErrorReport::new(ErrorCode::InternalError).with_detail(&error.to_string()))
        };
        match request {
            Ok(origin) => {
                actions.push(Action::SetTimer {
                    name: format!("{}{document}", timer::REQUEST),
                    milliseconds: super::REQUEST_LIMIT,
                });
                let language = self.config.language;
                let request = Request { id, origin, language, wish: Wish::MyCard, host_id: None };
                self.active.insert(document.clone(), request);
                self.proceed(&document, actions);
            }
            Err(error) => {
                let reply = Reply::Failure { error, language: self.config.language };
                actions.push(Action::Reply { document, id, reply });
            }
        }
    }

    /// What is on the card goes to the page that asked for a card, and to no other document.
    pub(super) fn my_card(
        &mut self,
        document: &str,
        card: Box<MyCard>,
        timing: Timing,
        actions: &mut Vec<Action>,
    ) -> Result<(), ErrorReport> {
        let Some(Request { id, wish: Wish::MyCard, .. }) = self.active.get(document) else {
            return Err(misbehaved("a card for a request that asked for none"));
        };
        actions.push(Action::MyCard { document: document.to_owned(), id: id.clone(), card });
        if let Some(request) = self.end(document, actions) {
            self.diagnostics.record(request.wish.name(), None, Some(timing));
        }
        Ok(())
    }
}
