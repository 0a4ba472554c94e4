//! The native port: what is sent to the host, and what its frames mean.

use bitaqa_protocol::{
    AuthToken, ErrorCode, ErrorReport, RequestId,
    host::{FromHost, Timing, ToHost},
    identity::IdentityRequest,
    page::Status,
    version,
};
use bitaqa_trust::{identity::outside, verify_signature};

use super::{GREETING_LIMIT, Request, SecondCall, Session, Wish, timer};
use crate::{
    action::{Action, Reply},
    host_link::{HostLink, Parts, misbehaved},
};

impl Session {
    /// Does what a request needs next: the port, or its frame.
    pub(super) fn proceed(&mut self, document: &str, actions: &mut Vec<Action>) {
        actions.push(Action::ClearTimer { name: timer::REST.into() });
        match &self.link {
            HostLink::Closed => {
                self.link = HostLink::Greeting;
                actions.push(Action::OpenHost);
                let frame = ToHost::Hello {
                    versions: version::SPOKEN.to_vec(),
                    extension: self.config.extension.clone(),
                };
                actions.push(Action::SendHost { frame });
                actions.push(Action::SetTimer { name: timer::GREETING.into(), milliseconds: GREETING_LIMIT });
            }
            HostLink::Greeting => {}
            HostLink::Ready { host, .. } => {
                let host = host.clone();
                self.send(document, host, actions);
            }
        }
    }

    fn send(&mut self, document: &str, host: String, actions: &mut Vec<Action>) {
        let Some(request) = self.active.get_mut(document) else { return };
        match &request.wish {
            Wish::Status => {
                let status = Status { extension: self.config.extension.clone(), host };
                self.succeed(document, Reply::Status { status }, None, actions);
            }
            Wish::Authenticate { challenge } => {
                self.sent += 1;
                // 16 digits: the shortest a request id may be
                let Ok(id) = RequestId::parse(&format!("{:016}", self.sent)) else { return };
                let frame = ToHost::Authenticate {
                    id: id.clone(),
                    origin: request.origin.clone(),
                    challenge: challenge.clone(),
                    language: request.language,
                };
                request.host_id = Some(id);
                actions.push(Action::SendHost { frame });
            }
            Wish::Identify { request: wanted, .. } => {
                self.sent += 1;
                let Ok(id) = RequestId::parse(&format!("{:016}", self.sent)) else { return };
                let frame = ToHost::Identify {
                    id: id.clone(),
                    origin: request.origin.clone(),
                    request: IdentityRequest::clone(wanted),
                    language: request.language,
                };
                request.host_id = Some(id);
                actions.push(Action::SendHost { frame });
            }
            Wish::MyCard => {
                self.sent += 1;
                let Ok(id) = RequestId::parse(&format!("{:016}", self.sent)) else { return };
                let frame = ToHost::ReadMyCard { id: id.clone(), language: request.language };
                request.host_id = Some(id);
                actions.push(Action::SendHost { frame });
            }
        }
    }

    pub(super) fn frame(&mut self, text: &str, actions: &mut Vec<Action>) {
        if std::mem::take(&mut self.cancel_unanswered) {
            actions.push(Action::ClearTimer { name: timer::ANSWER.into() });
        }
        let outcome = FromHost::parse(text).and_then(|frame| self.take(frame, actions));
        if let Err(report) = outcome {
            self.drop_host(&report, actions);
        }
    }

    /// Takes a frame.
    ///
    /// # Errors
    /// The host cannot be talked to any further.
    fn take(&mut self, frame: FromHost, actions: &mut Vec<Action>) -> Result<(), ErrorReport> {
        match (frame, &mut self.link) {
            (FromHost::Hello { version, versions, host }, HostLink::Greeting) => {
                self.link.greeted(version, &versions, host.clone())?;
                actions.push(Action::ClearTimer { name: timer::GREETING.into() });
                let waiting: Vec<String> = self.active.keys().cloned().collect();
                for document in waiting {
                    self.send(&document, host.clone(), actions);
                }
            }
            // it cannot read what we send, or ends before it is ready
            (FromHost::Failure { id: None, error }, _) => return Err(error),
            (_, HostLink::Closed | HostLink::Greeting) => return Err(misbehaved("an answer before hello")),
            (FromHost::Chunk { id, index, count, data }, HostLink::Ready { parts, .. }) => {
                if let Some(whole) = Parts::take(parts, &id, index, count, &data)? {
                    return self.take(whole, actions);
                }
            }
            (FromHost::Progress { id, stage }, HostLink::Ready { .. }) => {
                if let Some(document) = self.document_of(&id) {
                    self.reply(&document, Reply::Progress { stage }, actions);
                }
            }
            (FromHost::Failure { id: Some(id), error }, HostLink::Ready { .. }) => {
                if let Some(document) = self.document_of(&id) {
                    self.fail(&document, &error, actions);
                }
            }
            (FromHost::AuthToken { id, token, timing }, HostLink::Ready { .. }) => {
                // a request that was given up in the meantime needs no answer
                if let Some(document) = self.document_of(&id) {
                    self.token(&document, token, timing, actions);
                }
            }
            (
                FromHost::IdentityAnswer { id, answer, chip_authentication, timing },
                HostLink::Ready { .. },
            ) => {
                let second = if chip_authentication { SecondCall::Offered } else { SecondCall::None };
                if let Some(document) = self.document_of(&id) {
                    self.identity_answer(&document, answer, second, timing, actions)?;
                }
            }
            (FromHost::ChipAnswer { id, answer, timing }, HostLink::Ready { .. }) => {
                if let Some(document) = self.document_of(&id) {
                    self.chip_answer(&document, answer, timing, actions)?;
                }
            }
            (FromHost::MyCard { id, card, timing }, HostLink::Ready { .. }) => {
                if let Some(document) = self.document_of(&id) {
                    self.my_card(&document, card, timing, actions)?;
                }
            }
            // a second hello; an answer about documents, which the core never asks for and may not even know
            (_, HostLink::Ready { .. }) => return Err(misbehaved("a frame that nobody waits for")),
        }
        Ok(())
    }

    /// A token is given out only if it verifies for the very origin and challenge that were asked about.
    fn token(&mut self, document: &str, token: AuthToken, timing: Timing, actions: &mut Vec<Action>) {
        let Some(Request { origin, wish: Wish::Authenticate { challenge }, .. }) = self.active.get(document)
        else {
            return;
        };
        match verify_signature(&token, origin, challenge) {
            Ok(_) => self.succeed(document, Reply::AuthToken { token }, Some(timing), actions),
            Err(error) => {
                let report = ErrorReport::new(ErrorCode::TokenInvalid).with_detail(&error.to_string());
                self.fail(document, &report, actions);
            }
        }
    }

    /// An answer is given out only if it is encrypted to the key of the request's statement, for the very origin and challenge
    /// that were asked about. What is in it nobody here can read.
    ///
    /// # Errors
    /// `host-misbehaved` if the host gave an answer before, or waits for a second call that nobody asked for.
    fn identity_answer(
        &mut self,
        document: &str,
        answer: String,
        second: SecondCall,
        timing: Timing,
        actions: &mut Vec<Action>,
    ) -> Result<(), ErrorReport> {
        let Some(Request { origin, wish: Wish::Identify { request, second: SecondCall::None }, .. }) =
            self.active.get(document)
        else {
            return Err(misbehaved("an answer to something else"));
        };
        match (outside::check(&answer, origin, request), second) {
            (Ok(()), SecondCall::None | SecondCall::Made) => {
                let reply = Reply::IdentityAnswer { answer, chip_authentication: false };
                self.succeed(document, reply, Some(timing), actions);
            }
            (Ok(()), SecondCall::Offered) => {
                self.offer_second_call(document)?;
                let reply = Reply::IdentityAnswer { answer, chip_authentication: true };
                self.reply(document, reply, actions);
            }
            (Err(fault), second) => {
                if second == SecondCall::Offered {
                    self.tell_host_to_cancel(document, actions);
                }
                let report = ErrorReport::new(ErrorCode::AnswerInvalid).with_detail(&fault.to_string());
                self.fail(document, &report, actions);
            }
        }
        Ok(())
    }

    fn document_of(&self, host_id: &RequestId) -> Option<String> {
        let mut active = self.active.iter();
        active
            .find(|(_, request)| request.host_id.as_ref() == Some(host_id))
            .map(|(document, _)| document.clone())
    }

    /// The port closed by itself.
    pub(super) fn host_gone(&mut self, report: &ErrorReport, actions: &mut Vec<Action>) {
        self.link = HostLink::Closed;
        actions.push(Action::ClearTimer { name: timer::GREETING.into() });
        if std::mem::take(&mut self.cancel_unanswered) {
            actions.push(Action::ClearTimer { name: timer::ANSWER.into() });
        }
        self.fail_all(report, actions);
    }

    /// The port is closed from our side.
    pub(super) fn drop_host(&mut self, report: &ErrorReport, actions: &mut Vec<Action>) {
        self.link = HostLink::Closed;
        actions.push(Action::ClearTimer { name: timer::GREETING.into() });
        if std::mem::take(&mut self.cancel_unanswered) {
            actions.push(Action::ClearTimer { name: timer::ANSWER.into() });
        }
        actions.push(Action::CloseHost);
        self.fail_all(report, actions);
    }
}
