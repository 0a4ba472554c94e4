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
    ErrorCode, Language, RequestId, encode_base64,
    host::{FromHost, Timing, ToHost},
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
fn request() -> String {
    json!({
        "type": "identify",
        "request": {
            "challenge": challenge(), "statement": statement("2026-01"), "purpose": "open-account",
            "claims": { "required": ["given_name"] },
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

/// What the page hears when the host answers its request with this.
fn heard(answer: String) -> Reply {
    let mut session =
        Session::new(Config { extension: "0.1.0".into(), language: Language::Fr, chosen: false });
    let id = RequestId::parse("page-request-00000001").unwrap();
    let message = ContentMessage::Request { id, request: request() };
    session.handle(Event::Content {
        document: "tab".into(),
        origin: ORIGIN.into(),
        message: serde_json::to_string(&message).unwrap(),
    });
    let actions = session.handle(frame(&FromHost::Hello {
        version: Some(ProtocolVersion(1)),
        versions: vec![ProtocolVersion(1)],
        host: "0.1.0".into(),
    }));
    let id = actions
        .iter()
        .find_map(|action| match action {
            Action::SendHost { frame: ToHost::Identify { id, origin, request, .. } } => {
                assert_eq!((origin.as_str(), request.challenge.as_str()), (ORIGIN, challenge().as_str()));
                Some(id.clone())
            }
            _ => None,
        })
        .unwrap();
    let answered = frame(&FromHost::IdentityAnswer { id, answer, timing: Timing::default() });
    let reply = |action| match action {
        Action::Reply { reply, .. } => Some(reply),
        _ => None,
    };
    session.handle(answered).into_iter().find_map(reply).unwrap()
}

#[test]
fn an_answer_to_the_request_reaches_the_page_as_it_is() {
    let answer = good_answer();
    assert_eq!(heard(answer.clone()), Reply::IdentityAnswer { answer });
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
