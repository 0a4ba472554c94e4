//! Which tokens reach a page: those that hold for the origin and the challenge that were asked about, and no others.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod signed_token;

use bitaqa_core::{Action, Config, Event, Session, action::Reply};
use bitaqa_protocol::{
    AuthToken, ErrorCode, Language, RequestId,
    auth_token::TokenAlgorithm::{ES256, ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512},
    decode_base64, encode_base64,
    host::{FromHost, Timing, ToHost},
    page::ContentMessage,
    version::ProtocolVersion,
};
use bitaqa_virtual_card::private_key::KeyKind;
use serde_json::Value;
use signed_token::Holder;

const ORIGIN: &str = "https://portal.example.ma";

fn challenge(byte: u8) -> String {
    encode_base64(&[byte; 32])
}

/// A core with its host, and requests under way.
struct Extension {
    session: Session,
    asked: u32,
}

impl Extension {
    fn new() -> Self {
        let mut session =
            Session::new(Config { extension: "0.1.0".into(), language: Language::Fr, chosen: false });
        // a first request opens the port
        session.handle(ask("first tab", 0, r#"{"type":"status"}"#, ORIGIN));
        session.handle(frame(&FromHost::Hello {
            version: Some(ProtocolVersion(1)),
            versions: vec![ProtocolVersion(1)],
            host: "0.1.0".into(),
        }));
        Self { session, asked: 0 }
    }

    /// A page asks; gives the host's name for the request.
    fn ask(&mut self, document: &str, challenge: &str) -> RequestId {
        self.asked += 1;
        let request = format!(r#"{{"type":"authenticate","challenge":"{challenge}"}}"#);
        let actions = self.session.handle(ask(document, self.asked, &request, ORIGIN));
        let id = |action: &Action| match action {
            Action::SendHost { frame: ToHost::Authenticate { id, .. } } => Some(id.clone()),
            _ => None,
        };
        actions.iter().find_map(id).unwrap()
    }

    /// The host answers; gives what the documents hear.
    fn answer(&mut self, id: RequestId, token: AuthToken) -> Vec<(String, Reply)> {
        let timing = Timing::default();
        replies(self.session.handle(frame(&FromHost::AuthToken { id, token, timing })))
    }
}

fn ask(document: &str, number: u32, request: &str, origin: &str) -> Event {
    let id = RequestId::parse(&format!("page-request-{number:08}")).unwrap();
    let message = ContentMessage::Request { id, request: request.into() };
    Event::Content {
        document: document.into(),
        origin: origin.into(),
        message: serde_json::to_string(&message).unwrap(),
    }
}

fn frame(frame: &FromHost) -> Event {
    Event::HostFrame { frame: serde_json::to_string(frame).unwrap() }
}

fn replies(actions: Vec<Action>) -> Vec<(String, Reply)> {
    let reply = |action| match action {
        Action::Reply { document, reply, .. } => Some((document, reply)),
        _ => None,
    };
    actions.into_iter().filter_map(reply).collect()
}

#[track_caller]
fn released(heard: &[(String, Reply)], to: &str, token: &AuthToken) {
    match heard {
        [(document, Reply::AuthToken { token: given })] => {
            assert_eq!((document.as_str(), given), (to, token));
        }
        other => panic!("{other:?}"),
    }
}

/// The document hears `token-invalid` and nothing else.
#[track_caller]
fn withheld(heard: &[(String, Reply)], what: &str) {
    match heard {
        [(_, Reply::Failure { error, .. })] => assert_eq!(error.code, ErrorCode::TokenInvalid, "{what}"),
        other => panic!("{what}: {other:?}"),
    }
}

#[test]
fn a_token_that_a_card_signed_reaches_the_page_as_it_is() {
    for (kind, algorithms) in [
        (KeyKind::P256, &[ES256][..]),
        (KeyKind::P384, &[ES384]),
        (KeyKind::BrainpoolP256r1, &[ES256]),
        (KeyKind::Rsa2048, &[PS256, RS256]),
    ] {
        let holder = Holder::new(kind, "amina");
        for algorithm in algorithms {
            let mut extension = Extension::new();
            let id = extension.ask("tab", &challenge(5));
            let token = holder.token(*algorithm, ORIGIN, &challenge(5));
            released(&extension.answer(id, token.clone()), "tab", &token);
        }
    }
}

#[test]
fn a_token_of_which_one_field_was_changed_does_not() {
    let (amina, youssef) = (Holder::new(KeyKind::P256, "amina"), Holder::new(KeyKind::P256, "youssef"));
    let rsa = Holder::new(KeyKind::Rsa2048, "zoe");
    let mut extension = Extension::new();
    let good = amina.token(ES256, ORIGIN, &challenge(5));
    let mut refuse = |token: AuthToken, what: &str| {
        let id = extension.ask("tab", &challenge(5));
        withheld(&extension.answer(id, token), what);
    };

    for format in ["", "web-eid:1", "web-eid:1.1", "web-eid:2.0", "WEB-EID:1.0", "web-eid:1.0 "] {
        refuse(AuthToken { format: format.into(), ..good.clone() }, &format!("format {format:?}"));
    }
    for algorithm in [ES384, ES512, PS256, PS384, PS512, RS256, RS384, RS512] {
        refuse(AuthToken { algorithm, ..good.clone() }, &format!("{algorithm:?}"));
    }
    let rsa_token = rsa.token(PS256, ORIGIN, &challenge(5));
    for algorithm in [ES256, PS384, PS512, RS256, RS384, RS512] {
        refuse(AuthToken { algorithm, ..rsa_token.clone() }, &format!("{algorithm:?} for PS256"));
    }

    refuse(
        AuthToken { unverified_certificate: youssef.certificate(), ..good.clone() },
        "another's certificate",
    );
    refuse(AuthToken { unverified_certificate: rsa.certificate(), ..good.clone() }, "another kind of key");
    for (what, text) in spoiled_base64(&good.unverified_certificate) {
        refuse(AuthToken { unverified_certificate: text, ..good.clone() }, &format!("certificate: {what}"));
    }
    for (what, text) in spoiled_base64(&good.signature) {
        refuse(AuthToken { signature: text, ..good.clone() }, &format!("signature: {what}"));
    }
    let signature = decode_base64(&good.signature).unwrap();
    for at in 0..signature.len() {
        let mut changed = signature.clone();
        changed[at] ^= 1;
        refuse(AuthToken { signature: encode_base64(&changed), ..good.clone() }, &format!("byte {at}"));
    }
    for (what, signature) in [
        ("a byte less", signature[1..].to_vec()),
        ("a byte more", [&signature[..], &[0]].concat()),
        ("halves exchanged", [&signature[32..], &signature[..32]].concat()),
        ("zeros", vec![0; 64]),
        ("nothing", vec![]),
    ] {
        refuse(AuthToken { signature: encode_base64(&signature), ..good.clone() }, what);
    }

    // and after all that, the good one
    let id = extension.ask("tab", &challenge(5));
    released(&extension.answer(id, good.clone()), "tab", &good);
}

/// Base64 that means something else, nothing, or the same in another way.
fn spoiled_base64(text: &str) -> Vec<(&'static str, String)> {
    let mut spoiled = vec![
        ("empty", String::new()),
        ("not base64", "!".repeat(88)),
        ("a space behind it", format!("{text} ")),
        ("a line break in it", format!("{}\n{}", &text[..40], &text[40..])),
        ("a character less", text[..text.len() - 1].to_owned()),
        ("the alphabet of URLs", format!("{}-_{}", &text[..10], &text[12..])),
    ];
    if let Some(bare) = text.strip_suffix("==") {
        spoiled.push(("without padding", bare.to_owned()));
        // the last four bits of the last character carry nothing: in the canonical form they are zero
        let (rest, last) = bare.split_at(bare.len() - 1);
        let other = match last {
            "A" => "B",
            "Q" => "R",
            "g" => "h",
            _ => "x",
        };
        spoiled.push(("bits that carry nothing", format!("{rest}{other}==")));
    }
    spoiled
}

#[test]
fn a_token_for_another_origin_or_challenge_does_not() {
    let holder = Holder::new(KeyKind::P256, "amina");
    let mut extension = Extension::new();
    for origin in [
        "https://other.example.ma",
        "https://portal.example.ma/",
        "https://portal.example.ma:443",
        "http://portal.example.ma",
        "HTTPS://portal.example.ma",
        "https://portal.example.ma.evil.example",
        "",
    ] {
        let id = extension.ask("tab", &challenge(5));
        withheld(&extension.answer(id, holder.token(ES256, origin, &challenge(5))), origin);
    }
    let shorter = challenge(5)[1..].to_owned();
    for other in [challenge(6), String::new(), shorter] {
        let id = extension.ask("tab", &challenge(5));
        withheld(&extension.answer(id, holder.token(ES256, ORIGIN, &other)), &other);
    }
}

#[test]
fn answers_to_two_documents_cannot_be_exchanged() {
    let holder = Holder::new(KeyKind::P256, "amina");
    let mut extension = Extension::new();
    let (first, second) = (extension.ask("tab", &challenge(1)), extension.ask("other tab", &challenge(2)));
    let (to_first, to_second) =
        (holder.token(ES256, ORIGIN, &challenge(1)), holder.token(ES256, ORIGIN, &challenge(2)));
    withheld(&extension.answer(first.clone(), to_second.clone()), "the other's token");
    released(&extension.answer(second.clone(), to_second.clone()), "other tab", &to_second);
    // a request has one answer
    assert_eq!(extension.answer(second, to_second), []);
    assert_eq!(extension.answer(first, to_first), []);
}

#[test]
fn a_token_for_a_page_that_left_is_for_nobody() {
    let holder = Holder::new(KeyKind::P256, "amina");
    let mut extension = Extension::new();
    let id = extension.ask("tab", &challenge(1));
    extension.session.handle(Event::DocumentGone { document: "tab".into() });
    let token = holder.token(ES256, ORIGIN, &challenge(1));
    assert_eq!(extension.answer(id.clone(), token.clone()), []);
    // nor for the next request of the same page
    let next = extension.ask("tab", &challenge(1));
    assert_ne!(id, next);
    assert_eq!(extension.answer(id, token.clone()), []);
    released(&extension.answer(next, token.clone()), "tab", &token);
}

#[test]
fn a_token_with_a_field_too_many_or_too_few_is_no_answer_of_a_host() {
    let holder = Holder::new(KeyKind::P256, "amina");
    let good = serde_json::to_value(holder.token(ES256, ORIGIN, &challenge(1))).unwrap();
    let without = |field: &str| {
        let mut token = good.clone();
        token.as_object_mut().unwrap().remove(field);
        token
    };
    let mut with = good.clone();
    with["supportedSignatureAlgorithms"] = Value::Array(vec![]);
    let missing = ["unverifiedCertificate", "algorithm", "signature", "format"].map(without);
    for token in missing.into_iter().chain([with]) {
        let mut extension = Extension::new();
        let id = extension.ask("tab", &challenge(1));
        let timing = serde_json::to_value(Timing::default()).unwrap();
        let answer = serde_json::json!({ "type": "auth-token", "id": id, "token": token, "timing": timing });
        let heard = replies(extension.session.handle(Event::HostFrame { frame: answer.to_string() }));
        let [(_, Reply::Failure { error, .. })] = &heard[..] else { panic!("{token}: {heard:?}") };
        assert_eq!(error.code, ErrorCode::HostMisbehaved, "{token}");
    }
    // the software's name is not signed, and may be absent
    let mut extension = Extension::new();
    let id = extension.ask("tab", &challenge(1));
    let token: AuthToken = serde_json::from_value(without("appVersion")).unwrap();
    released(&extension.answer(id, token.clone()), "tab", &token);
}
