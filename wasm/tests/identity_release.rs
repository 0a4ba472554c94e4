//! Which identity answers reach a page: those that are encrypted to the key of the request's statement, for its origin and its
//! challenge, and no others. What is in them the core cannot know.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

use bitaqa_core::{Action, Config, Event, Session, action::Reply};
use bitaqa_jose::{Curve, PrivateJwk, base64url, jwe, jwe::JweHeader};
use bitaqa_protocol::{
    ErrorCode, ErrorReport, Language, RequestId, encode_base64,
    host::{FromHost, Timing, ToHost},
    identity::{ChipAnswer, ChipChallenge},
    page::ContentMessage,
    version::ProtocolVersion,
};
use serde_json::{Map, Value, json};

const ORIGIN: &str = "https://portal.example.ma";

fn challenge() -> String {
    encode_base64(&[7; 32])
}

/// SHA-256 of that challenge's text, by `printf … | openssl dgst -sha256 -binary | basenc --base64url`.
const CHALLENGE_HASH: &str = "67rZf0eHVdkMjzS-wERE3IsAJdX8Ce01I6pdF-YFnYY";

fn key() -> PrivateJwk {
    let mut count = 3_u8;
    let mut random = |out: &mut [u8]| {
        for byte in out {
            count = count.wrapping_mul(167).wrapping_add(13);
            *byte = count;
        }
    };
    PrivateJwk::generate(Curve::P256, &mut random).unwrap()
}

/// A statement that names this key. Nobody signed it: whether it is to be believed is for the host.
fn statement(key_id: &str) -> String {
    let public = serde_json::to_value(key().public()).unwrap();
    let text = json!({ "ar": "بوابة", "fr": "Portail", "en": "Portal" });
    let payload = json!({
        "iss": "https://platform.example.ma", "iat": 1_780_315_200_u64, "exp": 1_780_315_800_u64, "jti": "one",
        "legal_name": text, "origins": [ORIGIN], "purposes": [{ "id": "open-account", "text": text }],
        "claims": ["given_name"],
        "jwk": { "kty": "EC", "crv": "P-256", "x": public["x"], "y": public["y"], "kid": key_id },
    });
    format!("eyJ9.{}.AAAA", base64url::encode(payload.to_string().as_bytes()))
}

/// What a page asks.
fn request(proof: &str) -> String {
    request_with(&statement("2026-01"), proof)
}

/// The same with this in the place of a statement.
fn request_with(statement: &str, proof: &str) -> String {
    json!({
        "type": "identify",
        "request": {
            "challenge": challenge(), "statement": statement, "purpose": "open-account",
            "claims": { "required": ["given_name"] }, "proof": proof,
        },
    })
    .to_string()
}

/// An answer with these members in its protected header.
fn answer(type_: &str, key_id: &str, own: Value) -> String {
    let Value::Object(own) = own else { panic!("no members") };
    let header = JweHeader {
        type_: Some(type_.to_owned()),
        key_id: Some(key_id.to_owned()),
        own: own as Map<String, Value>,
        ..JweHeader::default()
    };
    let mut random = |out: &mut [u8]| out.fill(5);
    jwe::encrypt(key().public(), &header, b"{}", &mut random).unwrap()
}

fn good_answer() -> String {
    answer("bitaqa-identity+jwe", "2026-01", json!({ "origin": ORIGIN, "challengeHash": CHALLENGE_HASH }))
}

fn frame(frame: &FromHost) -> Event {
    Event::HostFrame { frame: serde_json::to_string(frame).unwrap() }
}

/// A page whose request the host has.
struct Asked {
    session: Session,
    host_id: RequestId,
}

const DOCUMENT: &str = "tab";

fn page_id() -> RequestId {
    RequestId::parse("page-request-00000001").unwrap()
}

impl Asked {
    fn with(proof: &str) -> Self {
        Self::of(request(proof))
    }

    fn of(request: String) -> Self {
        let mut session =
            Session::new(Config { extension: "0.1.0".into(), language: Language::Fr, chosen: false });
        let message = ContentMessage::Request { id: page_id(), request };
        session.handle(content(DOCUMENT, ORIGIN, &message));
        let actions = session.handle(frame(&FromHost::Hello {
            version: Some(ProtocolVersion(1)),
            versions: vec![ProtocolVersion(1)],
            host: "0.1.0".into(),
        }));
        let host_id = actions
            .iter()
            .find_map(|action| match action {
                Action::SendHost { frame: ToHost::Identify { id, origin, request, .. } } => {
                    assert_eq!((origin.as_str(), request.challenge.as_str()), (ORIGIN, challenge().as_str()));
                    Some(id.clone())
                }
                _ => None,
            })
            .unwrap();
        Self { session, host_id }
    }

    /// Whose answer is with the page, and whose chip has yet to prove itself.
    fn offered() -> Self {
        let mut asked = Self::with("chip-authentication");
        let reply = asked.answered(good_answer(), true);
        let expected = Reply::IdentityAnswer { answer: good_answer(), chip_authentication: true };
        assert_eq!(replies(&reply), [&expected]);
        // it is not over
        assert!(!reply.iter().any(|action| matches!(action, Action::ClearTimer { .. })), "{reply:?}");
        asked
    }

    fn answered(&mut self, answer: String, chip_authentication: bool) -> Vec<Action> {
        let (id, timing) = (self.host_id.clone(), Timing::default());
        self.session.handle(frame(&FromHost::IdentityAnswer { id, answer, chip_authentication, timing }))
    }

    fn chip_answered(&mut self) -> Vec<Action> {
        let (id, answer) = (self.host_id.clone(), chip_answer());
        self.session.handle(frame(&FromHost::ChipAnswer { id, answer, timing: Timing::default() }))
    }

    /// The page gives what its server made.
    fn challenged(&mut self, challenge: &str) -> Vec<Action> {
        self.challenged_as(DOCUMENT, ORIGIN, page_id(), challenge)
    }

    fn challenged_as(&mut self, document: &str, origin: &str, id: RequestId, challenge: &str) -> Vec<Action> {
        let message = ContentMessage::ChipChallenge { id, challenge: challenge.to_owned() };
        self.session.handle(content(document, origin, &message))
    }
}

fn content(document: &str, origin: &str, message: &ContentMessage) -> Event {
    Event::Content {
        document: document.into(),
        origin: origin.into(),
        message: serde_json::to_string(message).unwrap(),
    }
}

fn replies(actions: &[Action]) -> Vec<&Reply> {
    let mut replies = Vec::new();
    for action in actions {
        if let Action::Reply { reply, .. } = action {
            replies.push(reply);
        }
    }
    replies
}

fn sent(actions: &[Action]) -> Vec<&ToHost> {
    let mut sent = Vec::new();
    for action in actions {
        if let Action::SendHost { frame } = action {
            sent.push(frame);
        }
    }
    sent
}

#[track_caller]
fn code(actions: &[Action]) -> ErrorCode {
    match replies(actions)[..] {
        [Reply::Failure { error, .. }] => error.code,
        ref other => panic!("{other:?}"),
    }
}

/// What the page hears when the host answers its request with this.
fn heard(answer: String) -> Reply {
    replies(&Asked::with("chip").answered(answer, false))[0].clone()
}

fn chip_challenge() -> ChipChallenge {
    ChipChallenge::new(&[4, 1, 2], &[0x0C, 0xB0]).unwrap()
}

fn chip_answer() -> ChipAnswer {
    ChipAnswer::new(vec![0x99, 0x90, 0x00]).unwrap()
}

#[test]
fn an_answer_to_the_request_reaches_the_page_as_it_is() {
    let answer = good_answer();
    assert_eq!(heard(answer.clone()), Reply::IdentityAnswer { answer, chip_authentication: false });
}

#[test]
fn any_other_is_withheld() {
    let members = |origin: &str, hash: &str| json!({ "origin": origin, "challengeHash": hash });
    let other = CHALLENGE_HASH.replace(&CHALLENGE_HASH[..1], "_");
    let good = good_answer();
    for (what, answer) in [
        ("another type", answer("JWE", "2026-01", members(ORIGIN, CHALLENGE_HASH))),
        ("another key", answer("bitaqa-identity+jwe", "2025-12", members(ORIGIN, CHALLENGE_HASH))),
        (
            "another origin",
            answer("bitaqa-identity+jwe", "2026-01", members("https://other.example.ma", CHALLENGE_HASH)),
        ),
        ("another challenge", answer("bitaqa-identity+jwe", "2026-01", members(ORIGIN, &other))),
        ("no challenge", answer("bitaqa-identity+jwe", "2026-01", json!({ "origin": ORIGIN }))),
        ("no JWE", "a.b.c.d.e".to_owned()),
        ("a part less", good.rsplit_once('.').unwrap().0.to_owned()),
        ("nothing", String::new()),
        ("the name in the clear", json!({ "given_name": "AMINA" }).to_string()),
    ] {
        let Reply::Failure { error, .. } = heard(answer) else { panic!("{what} reaches the page") };
        assert_eq!(error.code, ErrorCode::AnswerInvalid, "{what}");
        // which it was is for the diagnostics alone
        assert_eq!(error.detail, None, "{what}");
    }
}

#[test]
fn where_a_platform_asks_for_a_portal_the_first_statement_is_of_who_can_read() {
    let joined = |first: &str, last: &str| format!("{}~eyJ9.e30.AAAA~{}", statement(first), statement(last));
    let heard = |first: &str, last: &str| {
        let text = joined(first, last);
        let mut asked = Asked::of(request_with(&text, "chip"));
        replies(&asked.answered(good_answer(), false))[0].clone()
    };
    let released = Reply::IdentityAnswer { answer: good_answer(), chip_authentication: false };
    assert_eq!(heard("2026-01", "other"), released);
    // an answer that the other of the two could read is withheld
    let Reply::Failure { error, .. } = heard("other", "2026-01") else { panic!("it reaches the page") };
    assert_eq!(error.code, ErrorCode::AnswerInvalid);
}

#[test]
fn what_joins_the_statements_reaches_the_host_as_it_is_and_half_of_it_does_not() {
    let (first, last) = (statement("2026-01"), statement("other"));
    let text = format!("{first}~eyJ9.e30.AAAA~{last}");
    let asked = |text: &str| {
        let mut session =
            Session::new(Config { extension: "0.1.0".into(), language: Language::Fr, chosen: false });
        let message = ContentMessage::Request { id: page_id(), request: request_with(text, "chip") };
        let mut actions = session.handle(content(DOCUMENT, ORIGIN, &message));
        let hello = FromHost::Hello {
            version: Some(ProtocolVersion(1)),
            versions: vec![ProtocolVersion(1)],
            host: "0.1.0".into(),
        };
        actions.extend(session.handle(frame(&hello)));
        actions
    };
    let actions = asked(&text);
    let sent = sent(&actions);
    let asked_host = sent.iter().find_map(|frame| match frame {
        ToHost::Identify { request, .. } => Some(request.statement.as_str()),
        _ => None,
    });
    assert_eq!(asked_host, Some(text.as_str()));
    for text in [format!("{first}~{last}"), format!("{first}~~{last}"), format!("{text}~{first}")] {
        let actions = asked(&text);
        let refused = |action: &Action| matches!(action, Action::Reply { reply: Reply::Failure { error, .. }, .. } if error.code == ErrorCode::RequestInvalid);
        assert!(actions.iter().any(refused), "{actions:?}");
    }
}

#[test]
fn a_second_call_goes_to_the_host_once_and_its_answer_to_the_page() {
    let mut asked = Asked::offered();
    let (id, challenge) = (asked.host_id.clone(), chip_challenge());
    let actions = asked.challenged(&challenge.to_string());
    assert_eq!(sent(&actions), [&ToHost::ChipChallenge { id, challenge }]);
    assert!(replies(&actions).is_empty());
    let actions = asked.chip_answered();
    assert_eq!(replies(&actions), [&Reply::ChipAnswer { answer: chip_answer() }]);
    // it is over: nothing more comes of it, and nothing more is sent
    assert!(asked.challenged(&chip_challenge().to_string()).is_empty());
    assert!(asked.chip_answered().is_empty());
}

#[test]
fn nothing_else_than_a_fresh_challenge_of_the_same_document_continues_a_request() {
    let text = chip_challenge().to_string();
    let other_id = RequestId::parse("page-request-00000002").unwrap();
    let cancels = |actions: &[Action]| matches!(sent(actions)[..], [ToHost::Cancel { .. }]);
    // another document, another request
    assert!(Asked::offered().challenged_as("other", ORIGIN, page_id(), &text).is_empty());
    assert!(Asked::offered().challenged_as(DOCUMENT, ORIGIN, other_id, &text).is_empty());
    let actions = Asked::offered().challenged_as(DOCUMENT, "https://other.example.ma", page_id(), &text);
    assert_eq!((code(&actions), cancels(&actions)), (ErrorCode::OriginNotAllowed, true));
    // what is none
    for text in ["", "BAEC", "x.y", &"A".repeat(10_000)] {
        let actions = Asked::offered().challenged(text);
        assert_eq!((code(&actions), cancels(&actions)), (ErrorCode::RequestInvalid, true), "{text}");
    }
    // before the host offered it, twice, and where nobody asked for it
    let actions = Asked::with("chip-authentication").challenged(&text);
    assert_eq!((code(&actions), cancels(&actions)), (ErrorCode::RequestInvalid, true));
    let mut asked = Asked::offered();
    asked.challenged(&text);
    let actions = asked.challenged(&text);
    assert_eq!((code(&actions), cancels(&actions)), (ErrorCode::RequestInvalid, true));
}

#[test]
fn a_host_that_continues_what_nobody_asked_for_is_dropped() {
    let dropped = |actions: &[Action]| actions.contains(&Action::CloseHost);
    let mut asked = Asked::with("chip");
    let actions = asked.answered(good_answer(), true);
    assert_eq!((code(&actions), dropped(&actions)), (ErrorCode::HostMisbehaved, true));
    // an answer of the chip before it was asked, and an answer twice
    for mut asked in [Asked::with("chip-authentication"), Asked::offered()] {
        let actions = asked.chip_answered();
        assert_eq!((code(&actions), dropped(&actions)), (ErrorCode::HostMisbehaved, true));
    }
    for again in [true, false] {
        let mut asked = Asked::offered();
        let actions = asked.answered(good_answer(), again);
        assert_eq!((code(&actions), dropped(&actions)), (ErrorCode::HostMisbehaved, true));
    }
    // an answer that is none of this request's is withheld, and its second call given up
    let mut asked = Asked::with("chip-authentication");
    let actions = asked.answered(good_answer().replace('.', ""), true);
    assert_eq!(code(&actions), ErrorCode::AnswerInvalid);
    assert!(matches!(sent(&actions)[..], [ToHost::Cancel { .. }]));
}

#[test]
fn a_page_that_leaves_while_its_server_works_gives_the_request_up() {
    let mut asked = Asked::offered();
    let actions = asked.session.handle(Event::DocumentGone { document: DOCUMENT.into() });
    assert!(matches!(sent(&actions)[..], [ToHost::Cancel { .. }]));
    // the host's own end of it is heard by nobody
    let failure = FromHost::Failure { id: Some(asked.host_id), error: ErrorCode::ChipProofMissing.into() };
    assert!(replies(&asked.session.handle(frame(&failure))).is_empty());
}

#[test]
fn the_hosts_end_of_the_wait_reaches_the_page() {
    let mut asked = Asked::offered();
    let error = ErrorReport::new(ErrorCode::ChipProofMissing).with_detail("which card it is");
    let failure = FromHost::Failure { id: Some(asked.host_id.clone()), error };
    let actions = asked.session.handle(frame(&failure));
    assert_eq!(code(&actions), ErrorCode::ChipProofMissing);
    let Reply::Failure { error, .. } = replies(&actions)[0] else { panic!("no failure") };
    assert_eq!(error.detail, None);
}
