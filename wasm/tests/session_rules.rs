//! What the core does with pages and hosts of every kind.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

use bitaqa_core::{Action, Config, Event, Session, action::Reply, event::HostGoneCause};
use bitaqa_protocol::{
    ErrorCode, ErrorReport, Language, RequestId, encode_base64,
    host::{FromHost, ToHost},
    page::{ContentMessage, Stage},
    version::ProtocolVersion,
};

const ORIGIN: &str = "https://portal.example.ma";

fn session() -> Session {
    Session::new(Config { extension: "0.1.0".into(), language: Language::Fr, chosen: false })
}

fn id(number: u32) -> RequestId {
    RequestId::parse(&format!("page-request-{number:08}")).unwrap()
}

fn authenticate() -> String {
    format!(r#"{{"type":"authenticate","challenge":"{}","language":"ar"}}"#, encode_base64(&[5; 32]))
}

fn ask(document: &str, number: u32, request: &str) -> Event {
    let message = ContentMessage::Request { id: id(number), request: request.into() };
    Event::Content {
        document: document.into(),
        origin: ORIGIN.into(),
        message: serde_json::to_string(&message).unwrap(),
    }
}

fn frame(frame: &FromHost) -> Event {
    Event::HostFrame { frame: serde_json::to_string(frame).unwrap() }
}

fn hello(version: Option<u16>, versions: &[u16]) -> Event {
    frame(&FromHost::Hello {
        version: version.map(ProtocolVersion),
        versions: versions.iter().copied().map(ProtocolVersion).collect(),
        host: "0.1.0".into(),
    })
}

/// Codes that documents hear.
fn failures(actions: &[Action]) -> Vec<(&str, ErrorCode)> {
    fn failure(action: &Action) -> Option<(&str, ErrorCode)> {
        let Action::Reply { document, reply: Reply::Failure { error, .. }, .. } = action else { return None };
        Some((document, error.code))
    }
    actions.iter().filter_map(failure).collect()
}

/// Frames that go to the host.
fn sent(actions: &[Action]) -> Vec<&ToHost> {
    fn frame(action: &Action) -> Option<&ToHost> {
        let Action::SendHost { frame } = action else { return None };
        Some(frame)
    }
    actions.iter().filter_map(frame).collect()
}

fn host_id(actions: &[Action]) -> RequestId {
    match sent(actions)[..] {
        [ToHost::Authenticate { id, .. }] => id.clone(),
        ref other => panic!("{other:?}"),
    }
}

/// A session with one sign-in request at the host, and the host's name for it.
fn asked() -> (Session, RequestId) {
    let mut session = session();
    session.handle(ask("tab", 1, &authenticate()));
    let id = host_id(&session.handle(hello(Some(1), &[1])));
    (session, id)
}

#[test]
fn a_request_opens_the_port_and_goes_out_after_hello_with_the_browsers_origin() {
    let mut session = session();
    let actions = session.handle(ask("tab", 1, &authenticate()));
    assert!(actions.contains(&Action::OpenHost));
    assert!(matches!(sent(&actions)[..], [ToHost::Hello { .. }]));
    let actions = session.handle(hello(Some(1), &[1]));
    let [ToHost::Authenticate { origin, language, .. }] = sent(&actions)[..] else { panic!("{actions:?}") };
    assert_eq!((origin.as_str(), *language), (ORIGIN, Language::Ar));
}

#[test]
fn a_language_that_the_person_chose_is_spoken_whatever_the_page_asks_for() {
    let mut session =
        Session::new(Config { extension: "0.1.0".into(), language: Language::Fr, chosen: true });
    session.handle(ask("tab", 1, &authenticate()));
    let actions = session.handle(hello(Some(1), &[1]));
    let [ToHost::Authenticate { language, .. }] = sent(&actions)[..] else { panic!("{actions:?}") };
    assert_eq!(*language, Language::Fr);
}

#[test]
fn a_second_request_finds_the_port_open() {
    let (mut session, first) = asked();
    let actions = session.handle(ask("other tab", 1, &authenticate()));
    assert!(!actions.contains(&Action::OpenHost));
    assert_ne!(host_id(&actions), first);
}

#[test]
fn status_is_answered_without_asking_the_host_for_anything() {
    let mut session = session();
    session.handle(ask("tab", 1, r#"{"type":"status"}"#));
    let actions = session.handle(hello(Some(1), &[1]));
    assert_eq!(sent(&actions), Vec::<&ToHost>::new());
    assert!(
        matches!(&actions[..], [.., Action::Reply { reply: Reply::Status { status }, .. }, Action::ClearTimer { .. }, Action::SetTimer { .. }] if status.host == "0.1.0"),
        "{actions:?}"
    );
}

#[test]
fn the_port_is_closed_after_a_minute_of_rest() {
    let (mut session, host) = asked();
    let actions =
        session.handle(frame(&FromHost::Failure { id: Some(host), error: ErrorCode::NoCard.into() }));
    assert_eq!(failures(&actions), [("tab", ErrorCode::NoCard)]);
    assert!(actions.contains(&Action::SetTimer { name: "rest".into(), milliseconds: 60_000 }));
    assert_eq!(session.handle(Event::Timer { name: "rest".into() }), [Action::CloseHost]);
    // a new request opens it again
    assert!(session.handle(ask("tab", 2, &authenticate())).contains(&Action::OpenHost));
}

#[test]
fn a_request_that_comes_while_the_port_rests_keeps_it_open() {
    let (mut session, host) = asked();
    session.handle(frame(&FromHost::Failure { id: Some(host), error: ErrorCode::NoCard.into() }));
    let actions = session.handle(ask("tab", 2, &authenticate()));
    assert!(actions.contains(&Action::ClearTimer { name: "rest".into() }));
    // a timer that was already on its way does no harm
    assert_eq!(session.handle(Event::Timer { name: "rest".into() }), []);
}

#[test]
fn what_a_page_asks_wrongly_never_reaches_the_host() {
    let mut session = session();
    let long = format!(r#"{{"type":"status","x":"{}"}}"#, "x".repeat(40_000));
    for (number, request, code) in [
        (1, "{}", ErrorCode::RequestInvalid),
        (2, r#"{"type":"authenticate","challenge":"short"}"#, ErrorCode::ChallengeInvalid),
        (3, &long, ErrorCode::RequestTooLarge),
    ] {
        let actions = session.handle(ask("tab", number, request));
        assert_eq!(failures(&actions), [("tab", code)]);
        assert_eq!(actions.len(), 1, "{actions:?}");
    }
    let mut from = |origin: &str| {
        let Event::Content { document, message, .. } = ask("tab", 9, &authenticate()) else { unreachable!() };
        session.handle(Event::Content { document, origin: origin.into(), message })
    };
    for origin in ["http://portal.example.ma", "null", "", "https://portal.example.ma/path", "file://"] {
        assert_eq!(failures(&from(origin)), [("tab", ErrorCode::OriginNotAllowed)], "{origin}");
    }
}

#[test]
fn a_request_id_is_used_once_and_a_document_has_one_request_at_a_time() {
    let (mut session, host) = asked();
    assert_eq!(
        failures(&session.handle(ask("tab", 2, &authenticate()))),
        [("tab", ErrorCode::RequestPending)]
    );
    session.handle(frame(&FromHost::Failure { id: Some(host), error: ErrorCode::NoCard.into() }));
    session.handle(Event::DocumentGone { document: "tab".into() });
    assert_eq!(
        failures(&session.handle(ask("tab", 1, &authenticate()))),
        [("tab", ErrorCode::RequestIdReused)]
    );
}

#[test]
fn a_page_that_leaves_or_cancels_closes_the_window_behind_it() {
    let (mut session, host) = asked();
    let actions = session.handle(Event::DocumentGone { document: "tab".into() });
    assert_eq!(sent(&actions), [&ToHost::Cancel { id: host }]);
    assert_eq!(failures(&actions), []);

    let (mut session, host) = asked();
    let cancel = |number| Event::Content {
        document: "tab".into(),
        origin: ORIGIN.into(),
        message: serde_json::to_string(&ContentMessage::Cancel { id: id(number) }).unwrap(),
    };
    assert_eq!(session.handle(cancel(7)), []);
    let actions = session.handle(cancel(1));
    assert_eq!(sent(&actions), [&ToHost::Cancel { id: host.clone() }]);
    assert_eq!(failures(&actions), [("tab", ErrorCode::RequestAborted)]);
    // the host's late answer is for nobody; it only shows that the host lives
    let late = FromHost::Progress { id: host, stage: Stage::Signing };
    assert_eq!(session.handle(frame(&late)), [Action::ClearTimer { name: "answer".into() }]);
    assert_eq!(session.handle(frame(&late)), []);
}

#[test]
fn a_host_that_does_not_answer_a_cancel_is_dropped_and_the_next_request_starts_another() {
    let (mut session, _) = asked();
    let actions = session.handle(Event::DocumentGone { document: "tab".into() });
    assert!(actions.contains(&Action::SetTimer { name: "answer".into(), milliseconds: 5_000 }));
    // a second request goes to the host that hangs, and learns what is wrong with it
    session.handle(ask("other", 2, &authenticate()));
    let actions = session.handle(Event::Timer { name: "answer".into() });
    assert!(actions.contains(&Action::CloseHost));
    assert_eq!(failures(&actions), [("other", ErrorCode::HostCrashed)]);
    let actions = session.handle(ask("third", 3, &authenticate()));
    assert!(actions.contains(&Action::OpenHost));
}

#[test]
fn a_page_hears_the_developer_s_detail_of_its_own_faults_only() {
    let (mut session, host) = asked();
    let error = ErrorReport::new(ErrorCode::CardMisbehaved).with_detail("the card refused VERIFY with 6A80");
    let actions = session.handle(frame(&FromHost::Failure { id: Some(host), error }));
    let detail = |actions: &[Action]| {
        actions.iter().find_map(|action| match action {
            Action::Reply { reply: Reply::Failure { error, .. }, .. } => Some(error.detail.clone()),
            _ => None,
        })
    };
    assert_eq!(detail(&actions), Some(None));
    let [Action::Diagnostics { entries }] = &session.handle(Event::Diagnostics {})[..] else { panic!() };
    assert_eq!(entries[0].detail.as_deref(), Some("the card refused VERIFY with 6A80"));
    let actions = session.handle(ask("tab", 9, r#"{"type":"authenticate","challenge":7}"#));
    assert!(matches!(detail(&actions), Some(Some(_))), "what is wrong with its request is for the page");
}

#[test]
fn why_there_is_no_host_is_told_apart() {
    for (cause, code) in [
        (HostGoneCause::Missing, ErrorCode::HostMissing),
        (HostGoneCause::Forbidden, ErrorCode::HostForbidden),
        (HostGoneCause::Permission, ErrorCode::PermissionMissing),
        (HostGoneCause::Ended, ErrorCode::HostCrashed),
    ] {
        let mut session = session();
        session.handle(ask("tab", 1, &authenticate()));
        let actions = session.handle(Event::HostGone { cause, reason: "said the browser".into() });
        assert_eq!(failures(&actions), [("tab", code)]);
        // the next request tries again
        assert!(session.handle(ask("tab", 2, &authenticate())).contains(&Action::OpenHost));
    }
}

#[test]
fn a_host_that_ends_in_the_middle_ends_every_request() {
    let (mut session, _) = asked();
    session.handle(ask("other tab", 1, &authenticate()));
    let actions = session.handle(Event::HostGone { cause: HostGoneCause::Ended, reason: String::new() });
    assert_eq!(failures(&actions), [("other tab", ErrorCode::HostCrashed), ("tab", ErrorCode::HostCrashed)]);
}

#[test]
fn without_a_common_version_the_older_end_is_named() {
    for (versions, code) in [
        (&[0][..], ErrorCode::HostTooOld),
        (&[2, 3], ErrorCode::ExtensionTooOld),
        (&[], ErrorCode::HostTooOld),
    ] {
        let mut session = session();
        session.handle(ask("tab", 1, &authenticate()));
        let actions = session.handle(hello(None, versions));
        assert_eq!(failures(&actions), [("tab", code)], "{versions:?}");
        assert!(actions.contains(&Action::CloseHost));
    }
}

#[test]
fn a_host_that_says_nothing_or_nonsense_is_given_up() {
    let mut silent = session();
    silent.handle(ask("tab", 1, &authenticate()));
    let actions = silent.handle(Event::Timer { name: "greeting".into() });
    assert_eq!(failures(&actions), [("tab", ErrorCode::HostCrashed)]);
    assert!(actions.contains(&Action::CloseHost));

    let long = "x".repeat(600_000);
    let progress = FromHost::Progress { id: id(1), stage: Stage::Reading };
    for nonsense in [
        Event::HostFrame { frame: "{}".into() },
        Event::HostFrame { frame: "[".into() },
        Event::HostFrame { frame: format!(r#"{{"type":"hello","versions":[],"host":"{long}"}}"#) },
        hello(Some(1), &[1]),
        hello(Some(7), &[1, 7]),
        frame(&FromHost::Chunk { id: id(1), index: 1, count: 2, data: String::new() }),
    ] {
        let (mut session, _) = asked();
        let actions = session.handle(nonsense);
        assert_eq!(failures(&actions), [("tab", ErrorCode::HostMisbehaved)]);
        assert!(actions.contains(&Action::CloseHost));
    }
    let mut early = session();
    early.handle(ask("tab", 1, &authenticate()));
    assert_eq!(failures(&early.handle(frame(&progress))), [("tab", ErrorCode::HostMisbehaved)]);
}

#[test]
fn no_request_lasts_for_ever() {
    let (mut session, host) = asked();
    let actions = session.handle(Event::Timer { name: "request/tab".into() });
    assert_eq!(failures(&actions), [("tab", ErrorCode::UserTimeout)]);
    assert_eq!(sent(&actions), [&ToHost::Cancel { id: host }]);
}

#[test]
fn diagnostics_say_what_was_asked_and_how_it_ended_and_nothing_else() {
    let (mut session, host) = asked();
    session.handle(frame(&FromHost::Failure { id: Some(host), error: ErrorCode::NoCard.into() }));
    let [Action::Diagnostics { entries }] = &session.handle(Event::Diagnostics {})[..] else { panic!() };
    assert_eq!(serde_json::to_string(entries).unwrap(), r#"[{"request":"authenticate","code":"no-card"}]"#);
}
