//! The holder's own card: asked for by the extension's page alone, and given to nobody else.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

use bitaqa_core::{Action, Config, Event, Session, action::Reply};
use bitaqa_protocol::{
    ErrorCode, Language, RequestId,
    host::{FromHost, Timing, ToHost},
    my_card::MyCard,
    page::ContentMessage,
    version::ProtocolVersion,
};

const ORIGIN: &str = "https://portal.example.ma";

fn session() -> Session {
    Session::new(Config { extension: "0.1.0".into(), language: Language::Zgh, chosen: true })
}

fn id(number: u32) -> RequestId {
    RequestId::parse(&format!("page-request-{number:08}")).unwrap()
}

fn frame(frame: &FromHost) -> Event {
    Event::HostFrame { frame: serde_json::to_string(frame).unwrap() }
}

fn hello() -> Event {
    let version = ProtocolVersion(1);
    frame(&FromHost::Hello { version: Some(version), versions: vec![version], host: "0.1.0".into() })
}

fn card(id: &RequestId) -> FromHost {
    let card = MyCard { read_at: 7, document: None, certificates: vec![], pins: vec![] };
    FromHost::MyCard { id: id.clone(), card: Box::new(card), timing: Timing::default() }
}

fn content(request: &str) -> Event {
    let message = ContentMessage::Request { id: id(1), request: request.into() };
    let message = serde_json::to_string(&message).unwrap();
    Event::Content { document: "tab".into(), origin: ORIGIN.into(), message }
}

fn sent(actions: &[Action]) -> Vec<&ToHost> {
    fn frame(action: &Action) -> Option<&ToHost> {
        let Action::SendHost { frame } = action else { return None };
        Some(frame)
    }
    actions.iter().filter_map(frame).collect()
}

#[test]
fn the_page_asks_in_the_persons_language_and_gets_the_card() {
    let mut session = session();
    session.handle(Event::ReadMyCard { document: "own".into(), id: id(1) });
    let actions = session.handle(hello());
    let [ToHost::ReadMyCard { id: asked, language: Language::Zgh }] = sent(&actions)[..] else {
        panic!("{actions:?}");
    };
    let actions = session.handle(frame(&card(asked)));
    assert!(
        matches!(&actions[..], [Action::MyCard { document, id: of, card }, ..]
            if document == "own" && *of == id(1) && card.read_at == 7),
        "{actions:?}"
    );
    // nothing is left of it: a second answer finds nobody
    let again = session.handle(frame(&card(asked)));
    assert_eq!(again, Vec::new());
    let [Action::Diagnostics { entries }] = &session.handle(Event::Diagnostics {})[..] else { panic!() };
    assert_eq!(entries.iter().map(|entry| entry.request).collect::<Vec<_>>(), ["my-card"]);
}

#[test]
fn no_web_page_can_ask_for_it() {
    for request in [
        r#"{"type":"read-my-card"}"#,
        r#"{"type":"read-my-card","language":"en"}"#,
        r#"{"type":"my-card"}"#,
        r#"{"type":"read-my-card","id":"0123456789abcdef","language":"en"}"#,
    ] {
        let mut session = session();
        let actions = session.handle(content(request));
        let [Action::Reply { reply: Reply::Failure { error, .. }, .. }] = &actions[..] else {
            panic!("{actions:?}");
        };
        assert_eq!(error.code, ErrorCode::RequestInvalid, "{request}");
    }
    // nor can a content script, with a message of its own
    let message = r#"{"type":"read-my-card","document":"tab","id":"0123456789abcdef"}"#;
    let event = Event::Content { document: "tab".into(), origin: ORIGIN.into(), message: message.into() };
    assert_eq!(session().handle(event), Vec::new());
}

#[test]
fn a_host_that_gives_a_card_to_a_web_page_is_not_listened_to_any_further() {
    let mut session = session();
    let challenge = bitaqa_protocol::encode_base64(&[5; 32]);
    session.handle(content(&format!(r#"{{"type":"authenticate","challenge":"{challenge}"}}"#)));
    let actions = session.handle(hello());
    let [ToHost::Authenticate { id: asked, .. }] = sent(&actions)[..] else { panic!("{actions:?}") };
    let actions = session.handle(frame(&card(asked)));
    assert!(actions.contains(&Action::CloseHost), "{actions:?}");
    assert!(!actions.iter().any(|action| matches!(action, Action::MyCard { .. })), "{actions:?}");
    assert!(
        actions
            .iter()
            .any(|action| matches!(action, Action::Reply { reply: Reply::Failure { error, .. }, .. }
        if error.code == ErrorCode::HostMisbehaved))
    );
}

#[test]
fn one_request_at_a_time() {
    let mut session = session();
    session.handle(Event::ReadMyCard { document: "own".into(), id: id(1) });
    let actions = session.handle(Event::ReadMyCard { document: "own".into(), id: id(2) });
    let [Action::Reply { reply: Reply::Failure { error, .. }, .. }] = &actions[..] else {
        panic!("{actions:?}")
    };
    assert_eq!(error.code, ErrorCode::RequestPending);
}
