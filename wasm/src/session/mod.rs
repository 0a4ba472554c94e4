//! The state machine: documents, their requests, and the one native port they share.

use std::collections::BTreeMap;

use bitaqa_protocol::{
    Blame, Challenge, ErrorCode, ErrorReport, Language, Origin, RequestId,
    host::{Timing, ToHost},
    identity::IdentityRequest,
    page::{ContentMessage, PageRequest},
};
use serde::Deserialize;

use crate::{
    action::{Action, Reply},
    diagnostics::Diagnostics,
    event::Event,
    host_link::HostLink,
    seen_requests::SeenRequests,
};

mod host;
mod my_card;
mod second_call;

/// The host says hello within this time, in milliseconds.
const GREETING_LIMIT: u32 = 5_000;
/// The port stays open this long after the last request, in milliseconds.
const REST: u32 = 60_000;
/// No request takes longer than this, in milliseconds: the host gives up well before, if it lives.
const REQUEST_LIMIT: u32 = 900_000;
/// Most documents with a request under way.
const MAX_ACTIVE: usize = 16;

/// A host answers a cancel within this time, in milliseconds, or it hangs.
const ANSWER_LIMIT: u32 = 5_000;

/// Names of the timers.
mod timer {
    /// Runs from a cancel to the host's next frame.
    pub(super) const ANSWER: &str = "answer";
    pub(super) const GREETING: &str = "greeting";
    pub(super) const REST: &str = "rest";
    /// Followed by the document.
    pub(super) const REQUEST: &str = "request/";
}

/// What the core is started with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Version of the extension.
    pub extension: String,
    /// Language of a request that names none.
    pub language: Language,
    /// The person chose that language: it is used whatever a page asks for, so that no page can speak to somebody in a
    /// language that is not theirs.
    pub chosen: bool,
}

/// The core.
#[derive(Debug)]
pub struct Session {
    config: Config,
    link: HostLink,
    /// Requests under way, by document.
    active: BTreeMap<String, Request>,
    seen: SeenRequests,
    diagnostics: Diagnostics,
    /// Counts the requests sent to the host.
    sent: u64,
    /// Whether the host was told to cancel and said nothing since.
    cancel_unanswered: bool,
}

/// A request under way.
#[derive(Debug)]
struct Request {
    /// The page's name for it.
    id: RequestId,
    origin: Origin,
    language: Language,
    wish: Wish,
    /// Our name for it towards the host, once it was sent.
    host_id: Option<RequestId>,
}

/// What a request is for.
#[derive(Debug)]
enum Wish {
    Status,
    Authenticate { challenge: Challenge },
    Identify { request: Box<IdentityRequest>, second: SecondCall },
    MyCard,
}

/// Where an identity request is with its second call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SecondCall {
    /// None was offered yet, or ever.
    None,
    /// The page has the answer; its chip has yet to prove itself.
    Offered,
    /// The host has what the portal's server made.
    Made,
}

impl Wish {
    const fn name(&self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Authenticate { .. } => "authenticate",
            Self::Identify { .. } => "identify",
            Self::MyCard => "my-card",
        }
    }
}

impl Session {
    /// A core with nothing under way.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            link: HostLink::default(),
            active: BTreeMap::new(),
            seen: SeenRequests::default(),
            diagnostics: Diagnostics::default(),
            sent: 0,
            cancel_unanswered: false,
        }
    }

    /// Takes an event; gives what is to be done, in order.
    pub fn handle(&mut self, event: Event) -> Vec<Action> {
        let mut actions = Vec::new();
        match event {
            Event::Content { document, origin, message } => {
                self.content(document, &origin, &message, &mut actions);
            }
            Event::ReadMyCard { document, id } => self.read_my_card(document, id, &mut actions),
            Event::DocumentGone { document } => self.give_up(&document, &mut actions),
            Event::HostFrame { frame } => self.frame(&frame, &mut actions),
            Event::HostGone { cause, reason } => {
                let report = ErrorReport::new(cause.code());
                let report = if reason.is_empty() { report } else { report.with_detail(&reason) };
                self.host_gone(&report, &mut actions);
            }
            Event::Timer { name } => self.timer(&name, &mut actions),
            Event::Diagnostics {} => {
                actions.push(Action::Diagnostics { entries: self.diagnostics.entries() });
            }
        }
        actions
    }

    // --- pages

    fn content(&mut self, document: String, origin: &str, message: &str, actions: &mut Vec<Action>) {
        match serde_json::from_str(message) {
            Ok(ContentMessage::Request { id, request }) => {
                self.request(document, id, origin, &request, actions);
            }
            Ok(ContentMessage::ChipChallenge { id, challenge }) => {
                self.second_call(&document, &id, origin, &challenge, actions);
            }
            Ok(ContentMessage::Cancel { id }) => {
                if self.active.get(&document).is_some_and(|request| request.id == id) {
                    self.tell_host_to_cancel(&document, actions);
                    self.fail(&document, &ErrorReport::new(ErrorCode::RequestAborted), actions);
                }
            }
            // the content script is ours and sends nothing else; without an id there is nobody to answer
            Err(_) => {}
        }
    }

    fn request(
        &mut self,
        document: String,
        id: RequestId,
        origin: &str,
        text: &str,
        actions: &mut Vec<Action>,
    ) {
        match self.admit(&document, &id, origin, text) {
            Ok(request) => {
                actions.push(Action::SetTimer {
                    name: format!("{}{document}", timer::REQUEST),
                    milliseconds: REQUEST_LIMIT,
                });
                self.active.insert(document.clone(), request);
                self.proceed(&document, actions);
            }
            Err(error) => {
                self.diagnostics.record("request", Some(error.clone()), None);
                let reply = Reply::Failure { error: for_page(error), language: self.config.language };
                actions.push(Action::Reply { document, id, reply });
            }
        }
    }

    /// Checks everything about a request.
    fn admit(
        &mut self,
        document: &str,
        id: &RequestId,
        origin: &str,
        text: &str,
    ) -> Result<Request, ErrorReport> {
        let origin = Origin::parse(origin)
            .map_err(|error| ErrorReport::new(ErrorCode::OriginNotAllowed).with_detail(&error.to_string()))?;
        if self.active.contains_key(document) || self.active.len() >= MAX_ACTIVE {
            return Err(ErrorReport::new(ErrorCode::RequestPending));
        }
        if !self.seen.note(document, id) {
            return Err(ErrorReport::new(ErrorCode::RequestIdReused));
        }
        let (wish, language) = match PageRequest::parse(text)? {
            PageRequest::Status {} => (Wish::Status, None),
            PageRequest::Authenticate { challenge, language } => (Wish::Authenticate { challenge }, language),
            PageRequest::Identify { request, language } => {
                (Wish::Identify { request: Box::new(request), second: SecondCall::None }, language)
            }
        };
        let language = language.filter(|_| !self.config.chosen).unwrap_or(self.config.language);
        Ok(Request { id: id.clone(), origin, language, wish, host_id: None })
    }

    /// The page is gone: its request is given up without a word.
    fn give_up(&mut self, document: &str, actions: &mut Vec<Action>) {
        self.tell_host_to_cancel(document, actions);
        if let Some(request) = self.end(document, actions) {
            let aborted = ErrorReport::new(ErrorCode::RequestAborted);
            self.diagnostics.record(request.wish.name(), Some(aborted), None);
        }
    }

    fn tell_host_to_cancel(&mut self, document: &str, actions: &mut Vec<Action>) {
        if let Some(id) = self.active.get(document).and_then(|request| request.host_id.clone()) {
            actions.push(Action::SendHost { frame: ToHost::Cancel { id } });
            actions.push(Action::SetTimer { name: timer::ANSWER.into(), milliseconds: ANSWER_LIMIT });
            self.cancel_unanswered = true;
        }
    }

    fn timer(&mut self, name: &str, actions: &mut Vec<Action>) {
        match name {
            timer::GREETING if matches!(self.link, HostLink::Greeting) => {
                let report = ErrorReport::new(ErrorCode::HostCrashed).with_detail("no hello within 5 s");
                self.drop_host(&report, actions);
            }
            timer::ANSWER if matches!(self.link, HostLink::Ready { .. }) => {
                let report =
                    ErrorReport::new(ErrorCode::HostCrashed).with_detail("no answer to a cancel within 5 s");
                self.drop_host(&report, actions);
            }
            timer::REST if self.active.is_empty() => {
                self.link = HostLink::Closed;
                actions.push(Action::CloseHost);
            }
            _ => {
                if let Some(document) = name.strip_prefix(timer::REQUEST) {
                    self.tell_host_to_cancel(document, actions);
                    self.fail(document, &ErrorReport::new(ErrorCode::UserTimeout), actions);
                }
            }
        }
    }

    // --- ends

    fn succeed(&mut self, document: &str, reply: Reply, timing: Option<Timing>, actions: &mut Vec<Action>) {
        self.reply(document, reply, actions);
        if let Some(request) = self.end(document, actions) {
            self.diagnostics.record(request.wish.name(), None, timing);
        }
    }

    fn fail(&mut self, document: &str, error: &ErrorReport, actions: &mut Vec<Action>) {
        let language = self.active.get(document).map_or(self.config.language, |request| request.language);
        self.reply(document, Reply::Failure { error: for_page(error.clone()), language }, actions);
        if let Some(request) = self.end(document, actions) {
            self.diagnostics.record(request.wish.name(), Some(error.clone()), None);
        }
    }

    fn fail_all(&mut self, error: &ErrorReport, actions: &mut Vec<Action>) {
        let documents: Vec<String> = self.active.keys().cloned().collect();
        for document in documents {
            self.fail(&document, error, actions);
        }
    }

    fn reply(&self, document: &str, reply: Reply, actions: &mut Vec<Action>) {
        if let Some(request) = self.active.get(document) {
            actions.push(Action::Reply { document: document.to_owned(), id: request.id.clone(), reply });
        }
    }

    fn end(&mut self, document: &str, actions: &mut Vec<Action>) -> Option<Request> {
        let request = self.active.remove(document)?;
        actions.push(Action::ClearTimer { name: format!("{}{document}", timer::REQUEST) });
        if self.active.is_empty() && !matches!(self.link, HostLink::Closed) {
            actions.push(Action::SetTimer { name: timer::REST.into(), milliseconds: REST });
        }
        Some(request)
    }
}

/// What a page is told: the developer's detail only where the fault is the page's own. Else it would tell which card is in
/// the reader, and with what driver.
fn for_page(mut error: ErrorReport) -> ErrorReport {
    if error.code.blame() != Blame::Page {
        error.detail = None;
    }
    error
}
