//! Whatever happens, in whatever order: the core does not break, answers only what was asked, and each request once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

mod signed_token;

use std::{collections::BTreeMap, sync::LazyLock};

use bitaqa_core::{Action, Config, Event, Session, action::Reply, event::HostGoneCause};
use bitaqa_protocol::{
    AuthToken, ErrorCode, Language, RequestId,
    auth_token::TokenAlgorithm,
    encode_base64,
    host::{FromHost, Timing},
    identity::ChipAnswer,
    page::{ContentMessage, Stage},
    version::ProtocolVersion,
};
use bitaqa_virtual_card::private_key::KeyKind;
use proptest::{collection::vec, prelude::*, sample::select};
use signed_token::Holder;

const ORIGINS: [&str; 2] = ["https://portal.example.ma", "https://other.example.ma"];
const DOCUMENTS: [&str; 4] = ["a", "b", "c", "request/a"];

fn challenge(number: u8) -> String {
    encode_base64(&[number; 32])
}

/// Tokens for each origin and each of two challenges, really signed.
static TOKENS: LazyLock<Vec<(AuthToken, &'static str, u8)>> = LazyLock::new(|| {
    let holder = Holder::new(KeyKind::P256, "amina");
    let all = ORIGINS.into_iter().flat_map(|origin| [(origin, 1), (origin, 2)]);
    all.map(|(origin, number)| {
        (holder.token(TokenAlgorithm::ES256, origin, &challenge(number)), origin, number)
    })
    .collect()
});

/// What a document waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Waiting {
    id: RequestId,
    origin: String,
    challenge: Option<String>,
}

/// The core, and what the documents and the port are known to be like from its actions.
struct Watched {
    session: Session,
    waiting: BTreeMap<String, Waiting>,
    port_is_open: bool,
    /// Final answers, and requests that were asked and taken in.
    ended: usize,
    taken_in: usize,
    /// Documents that went while they waited.
    gone: usize,
}

impl Watched {
    fn new() -> Self {
        Self {
            session: Session::new(Config {
                extension: "0.1.0".into(),
                language: Language::Ar,
                chosen: false,
            }),
            waiting: BTreeMap::new(),
            port_is_open: false,
            ended: 0,
            taken_in: 0,
            gone: 0,
        }
    }

    fn handle(&mut self, event: Event) {
        let asked = asked(&event);
        match &event {
            Event::DocumentGone { document } => {
                self.gone += usize::from(self.waiting.remove(document).is_some());
            }
            Event::HostGone { .. } => self.port_is_open = false,
            _ => {}
        }
        let shown = format!("{event:?}");
        let actions = self.session.handle(event);
        // a request that is taken in is answered by this event, or waits
        let mut refused = false;
        if let Some((document, new)) = asked {
            refused = self.waiting.contains_key(&document) || is_refused(&actions, &document, &new.id);
            if !refused {
                self.taken_in += 1;
                self.waiting.insert(document, new);
            }
        }
        for action in actions {
            match action {
                Action::Reply { document, id, reply } => {
                    if refused {
                        refused = false;
                        assert!(matches!(reply, Reply::Failure { .. }), "{shown}");
                        continue;
                    }
                    self.reply(&document, &id, reply, &shown);
                }
                Action::OpenHost => {
                    assert!(!self.port_is_open, "the port is opened twice by {shown}");
                    self.port_is_open = true;
                }
                Action::SendHost { .. } => assert!(self.port_is_open, "{shown} sends over a closed port"),
                Action::CloseHost => self.port_is_open = false,
                Action::MyCard { .. } => panic!("no event asks for a card"),
                Action::SetTimer { .. } | Action::ClearTimer { .. } | Action::Diagnostics { .. } => {}
            }
        }
        assert!(self.waiting.len() <= 16);
    }

    fn reply(&mut self, document: &str, id: &RequestId, reply: Reply, shown: &str) {
        let waiting = self.waiting.get(document).filter(|waiting| waiting.id == *id);
        let waiting = waiting.unwrap_or_else(|| panic!("nobody in {document} waits for {reply:?} ({shown})"));
        match reply {
            Reply::Progress { .. } => return,
            Reply::AuthToken { token } => {
                let of = TOKENS.iter().find(|(signed, ..)| *signed == token).unwrap();
                assert_eq!(waiting.origin, of.1);
                assert_eq!(waiting.challenge, Some(challenge(of.2)), "a token for another challenge");
            }
            Reply::Status { .. } => assert_eq!(waiting.challenge, None),
            Reply::IdentityAnswer { .. } | Reply::ChipAnswer { .. } => {
                panic!("an answer that nobody asked for")
            }
            Reply::Failure { .. } => {}
        }
        self.waiting.remove(document);
        self.ended += 1;
    }
}

/// The request that an event brings, if it is one.
fn asked(event: &Event) -> Option<(String, Waiting)> {
    let Event::Content { document, origin, message } = event else { return None };
    let ContentMessage::Request { id, request } = serde_json::from_str(message).ok()? else { return None };
    let request: serde_json::Value = serde_json::from_str(&request).unwrap_or_default();
    let challenge = request.get("challenge").and_then(|text| text.as_str()).map(str::to_owned);
    Some((document.clone(), Waiting { id, origin: origin.clone(), challenge }))
}

/// Whether the first thing that this very request hears is that it is none: then nothing was begun for it.
fn is_refused(actions: &[Action], document: &str, id: &RequestId) -> bool {
    match actions {
        [Action::Reply { document: to, id: of, reply: Reply::Failure { .. } }] => to == document && of == id,
        _ => false,
    }
}

fn request_id(number: u8) -> RequestId {
    RequestId::parse(&format!("page-request-{number:08}")).unwrap()
}

/// As the core counts what it sends to the host.
fn host_id(number: u8) -> RequestId {
    RequestId::parse(&format!("{number:016}")).unwrap()
}

fn document() -> impl Strategy<Value = String> {
    select(&DOCUMENTS[..]).prop_map(str::to_owned)
}

fn content() -> impl Strategy<Value = Event> {
    let request = prop_oneof![
        4 => (1_u8..3).prop_map(|n| format!(r#"{{"type":"authenticate","challenge":"{}"}}"#, challenge(n))),
        2 => Just(r#"{"type":"status"}"#.to_owned()),
        1 => Just(r#"{"type":"authenticate","challenge":"short"}"#.to_owned()),
        1 => "\\PC{0,40}",
    ];
    let message = prop_oneof![
        8 => (0_u8..40, request).prop_map(|(n, request)| ContentMessage::Request { id: request_id(n), request }),
        2 => (0_u8..40).prop_map(|n| ContentMessage::Cancel { id: request_id(n) }),
        1 => (0_u8..40, select(&["BAEC.DLA=", "none"][..])).prop_map(|(n, challenge)| ContentMessage::ChipChallenge {
            id: request_id(n),
            challenge: challenge.to_owned(),
        }),
    ]
    .prop_map(|message| serde_json::to_string(&message).unwrap());
    let message = prop_oneof![9 => message, 1 => "\\PC{0,60}"];
    let origin = prop_oneof![8 => select(&ORIGINS[..]).prop_map(str::to_owned), 1 => "\\PC{0,30}"];
    (document(), origin, message).prop_map(|(document, origin, message)| Event::Content {
        document,
        origin,
        message,
    })
}

fn host_frame() -> impl Strategy<Value = Event> {
    let id = || (0_u8..12).prop_map(host_id);
    let token = (id(), select(&TOKENS[..]), any::<bool>()).prop_map(|(id, (mut token, ..), whole)| {
        if !whole {
            token.signature.truncate(40);
        }
        FromHost::AuthToken { id, token, timing: Timing::default() }
    });
    let frame = prop_oneof![
        6 => Just(FromHost::Hello {
            version: Some(ProtocolVersion(1)),
            versions: vec![ProtocolVersion(1)],
            host: "0.1.0".into(),
        }),
        1 => (proptest::option::of(0_u16..4), vec(0_u16..4, 0..3)).prop_map(|(version, versions)| FromHost::Hello {
            version: version.map(ProtocolVersion),
            versions: versions.into_iter().map(ProtocolVersion).collect(),
            host: String::new(),
        }),
        4 => token,
        2 => (id(), select(&[Stage::Queued, Stage::Reading, Stage::Signing][..]))
            .prop_map(|(id, stage)| FromHost::Progress { id, stage }),
        2 => (proptest::option::weighted(0.9, id()), select(ErrorCode::ALL))
            .prop_map(|(id, code)| FromHost::Failure { id, error: code.into() }),
        1 => (id(), any::<bool>()).prop_map(|(id, chip_authentication)| FromHost::IdentityAnswer {
            id,
            answer: "a..b.c.d".to_owned(),
            chip_authentication,
            timing: Timing::default(),
        }),
        1 => id().prop_map(|id| FromHost::ChipAnswer {
            id,
            answer: ChipAnswer::new(vec![0x90, 0]).unwrap(),
            timing: Timing::default(),
        }),
        1 => (id(), 0_u16..3, 0_u16..3, "\\PC{0,20}")
            .prop_map(|(id, index, count, data)| FromHost::Chunk { id, index, count, data }),
    ]
    .prop_map(|frame| serde_json::to_string(&frame).unwrap());
    prop_oneof![12 => frame, 1 => "\\PC{0,60}"].prop_map(|frame| Event::HostFrame { frame })
}

fn event() -> impl Strategy<Value = Event> {
    use HostGoneCause::{Ended, Forbidden, Missing, Permission};
    let timer = prop_oneof![
        select(&["greeting", "rest", "request/", "request/request/a", ""][..]).prop_map(str::to_owned),
        document().prop_map(|document| format!("request/{document}")),
        "\\PC{0,20}",
    ];
    prop_oneof![
        10 => content(),
        12 => host_frame(),
        2 => document().prop_map(|document| Event::DocumentGone { document }),
        1 => (select(&[Missing, Forbidden, Ended, Permission][..]), "\\PC{0,20}")
            .prop_map(|(cause, reason)| Event::HostGone { cause, reason }),
        2 => timer.prop_map(|name| Event::Timer { name }),
        1 => Just(Event::Diagnostics {}),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_request_is_answered_once_or_its_document_is_gone(events in vec(event(), 0..60), by_timer in any::<bool>()) {
        let mut watched = Watched::new();
        for event in events {
            watched.handle(event);
        }
        // time passes, or the host ends
        if by_timer {
            let documents: Vec<String> = watched.waiting.keys().cloned().collect();
            for document in documents {
                watched.handle(Event::Timer { name: format!("request/{document}") });
            }
        } else {
            watched.handle(Event::HostGone { cause: HostGoneCause::Ended, reason: String::new() });
        }
        prop_assert!(watched.waiting.is_empty(), "{:?} never hear anything", watched.waiting);
        prop_assert_eq!(watched.taken_in, watched.ended + watched.gone);
    }

    #[test]
    fn text_that_is_no_event_is_no_event(text in "\\PC{0,200}") {
        prop_assume!(serde_json::from_str::<serde_json::Value>(&text).is_err());
        prop_assert!(serde_json::from_str::<Event>(&text).is_err());
    }
}

/// The cases above are of use only if they get anywhere.
#[test]
fn arbitrary_events_reach_every_kind_of_answer() {
    use proptest::{strategy::ValueTree as _, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..400 {
        let mut session =
            Session::new(Config { extension: "0.1.0".into(), language: Language::Ar, chosen: false });
        for event in vec(event(), 60).new_tree(&mut runner).unwrap().current() {
            for action in session.handle(event) {
                let Action::Reply { reply, .. } = action else { continue };
                let kind = match reply {
                    Reply::AuthToken { .. } => "token",
                    Reply::Status { .. } => "status",
                    Reply::IdentityAnswer { .. } | Reply::ChipAnswer { .. } => "identity",
                    Reply::Progress { .. } => "progress",
                    Reply::Failure { error, .. } => error.code.as_str(),
                };
                *kinds.entry(kind).or_default() += 1;
            }
        }
    }
    for kind in
        ["token", "status", "progress", "token-invalid", "host-misbehaved", "request-pending", "user-timeout"]
    {
        assert!(kinds.contains_key(kind), "{kind} is never heard: {kinds:?}");
    }
}
