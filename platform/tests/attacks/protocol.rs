//! What an attacker in the middle, or a relying party that is one, tries with the protocol.

use std::{net::TcpListener, thread, time::Duration};

use serde_json::{Value, json};

use crate::{
    proof,
    relying_party::{FORM, RelyingParty, VERIFIER, answered, asserted, encode, text},
    running::{Running, code_of, open, sign_in},
};

#[test]
fn mix_up_every_kind_of_answer_names_the_issuer_once() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    let issuer = format!("http://{}", platform.address);
    let mut browser = platform.browser();
    let mut answers =
        vec![sign_in(&mut browser, &platform.address, &bank.authorize(&[])), String::new(), String::new()];
    answers[1] = browser.get(&bank.authorize(&[("scope", "email")])).location().to_owned();
    answers[2] = platform.browser().get(&bank.authorize(&[("prompt", "none")])).location().to_owned();
    for answer in &answers {
        let (_, query) = answer.split_once('?').unwrap();
        let named = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "iss");
        assert_eq!(named.map(|(_, value)| value).collect::<Vec<_>>(), [issuer.as_str()], "{answer}");
    }
    for changes in [&[][..], &[("scope", "email")]] {
        let changes = [&[("response_mode", "form_post")], changes].concat();
        let form = browser.get(&bank.authorize(&changes)).body;
        assert_eq!(form.matches("name=\"iss\"").count(), 1);
        assert!(form.contains(&format!("name=\"iss\" value=\"{issuer}\"")), "{form}");
    }
    // and a request cannot choose another
    let chosen = browser.get(&bank.authorize(&[("iss", "https://evil.example")]));
    assert_eq!(answered(chosen.location())["iss"], issuer);
}

#[test]
fn code_injection_a_code_of_one_sign_in_is_worth_nothing_in_another() {
    let platform = Running::new();
    let bank = platform.public("bank", "");
    // the victim's code, taken on its way; the attacker's own request has another challenge
    let stolen = code_of(&platform, &bank, &[("nonce", "the victim's")]);
    let mine = "a-verifier-that-only-the-attacker-knows-0000000";
    for changes in [&[("code_verifier", mine)][..], &[("code_verifier", "")], &[("code_verifier", "x")]] {
        assert_eq!(bank.redeem(&stolen, changes).error(), "invalid_grant", "{changes:?}");
    }
    // what the attacker tried does not use it up: the victim's own redemption still gets the victim's nonce
    let tokens = bank.redeem(&stolen, &[]).json();
    assert_eq!(bank.id_token(&text(&tokens, "id_token"))["nonce"], "the victim's");
    assert_eq!(bank.redeem(&stolen, &[]).error(), "invalid_grant");
    assert_eq!(bank.userinfo(&text(&tokens, "access_token")).status, 401, "replayed: all of it is withdrawn");
}

#[test]
fn pkce_downgrade_no_request_goes_without_s256_however_it_comes() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let downgrades: [&[(&str, &str)]; 5] = [
        &[("code_challenge", ""), ("code_challenge_method", "")],
        &[("code_challenge", "")],
        &[("code_challenge_method", "")],
        &[("code_challenge", VERIFIER), ("code_challenge_method", "plain")],
        &[("code_challenge_method", "s256")],
    ];
    for changes in downgrades {
        let refused = |location: &str| {
            let answer = answered(location);
            assert_eq!(answer.get("error").map(String::as_str), Some("invalid_request"), "{changes:?}");
            assert!(!answer.contains_key("code"));
        };
        refused(platform.browser().get(&bank.authorize(changes)).location());
        let body = encode(&bank.request(changes));
        refused(platform.browser().raw("POST", "/authorize", &[("content-type", FORM)], &body).location());
        assert_eq!(bank.push(changes).error(), "invalid_request", "{changes:?}");
    }
    // nor is a verifier for nothing taken for one
    let code = code_of(&platform, &bank, &[]);
    assert_eq!(bank.redeem(&code, &[("code_verifier", "")]).error(), "invalid_grant");
}

#[test]
fn dpop_replay_a_proof_that_was_seen_opens_nothing_anywhere() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let key = RelyingParty::new_key();
    let used = proof::proof(&platform.address, &key, "/token");
    let redemption = bank.redemption(&code_of(&platform, &bank, &[]), &[]);
    let tokens = bank.call_with("/token", &redemption, &[("dpop", &used)]).json();
    assert_eq!(tokens["token_type"], "DPoP");
    let access = text(&tokens, "access_token");
    for path in ["/token", "/par"] {
        let parameters = if path == "/par" { bank.request(&[]) } else { redemption.clone() };
        let answer = bank.call_with(path, &parameters, &[("dpop", &used)]);
        assert_eq!(answer.error(), "invalid_dpop_proof", "{path}");
    }
    let claims = proof::claims(&platform.address, "GET", "/userinfo", Some(&access), &[]);
    let fresh = proof::sign(&key, &proof::header(&key), &claims);
    let authorization = format!("DPoP {access}");
    let userinfo = |proof: &str| {
        let headers = [("authorization", authorization.as_str()), ("dpop", proof)];
        platform.browser().raw("GET", "/userinfo", &headers, "").status
    };
    assert_eq!((userinfo(&used), userinfo(&fresh), userinfo(&fresh)), (401, 200, 401));
}

/// A place that notes whether anybody comes.
struct Trap(TcpListener);

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn url(&self) -> String {
        format!("http://{}/trap", self.0.local_addr().unwrap())
    }

    fn is_untouched(&self) -> bool {
        thread::sleep(Duration::from_millis(300));
        self.0.accept().is_err()
    }
}

#[test]
fn ssrf_nothing_that_a_request_names_is_fetched() {
    let platform = Running::new();
    let bank = platform.confidential("bank", "");
    let trap = Trap::set();
    let url = trap.url();
    for name in ["request_uri", "jwks_uri", "sector_identifier_uri", "logo_uri", "policy_uri", "claims_uri"] {
        platform.browser().get(&bank.authorize(&[(name, &url)]));
        bank.push(&[(name, &url)]);
    }
    let refused = platform.browser().get(&bank.authorize(&[("request_uri", &url)]));
    assert_eq!(answered(refused.location())["error"], "request_uri_not_supported");
    let key = bank.key.as_ref().unwrap();
    for name in ["jku", "x5u"] {
        let mut header = json!({ "alg": "ES256" });
        header[name] = json!(url);
        let mut signed = bank.request(&[]);
        signed.extend(asserted(&proof::sign(key, &header, &bank.claims(&[]))));
        bank.send("/par", &signed);
        let object: Value = bank.request(&[]).into_iter().map(|(name, value)| (name, json!(value))).collect();
        let object =
            proof::changed(object, &[("iss", json!("bank")), ("aud", bank.claims(&[])["aud"].clone())]);
        platform.browser().get(&bank.authorize(&[("request", &proof::sign(key, &header, &object))]));
        let dpop = proof::claims(&platform.address, "POST", "/par", None, &[]);
        let dpop_header = proof::changed(proof::header(key), &[(name, json!(url))]);
        bank.call_with("/par", &bank.request(&[]), &[("dpop", &proof::sign(key, &dpop_header, &dpop))]);
    }
    let claims =
        json!({ "_claim_sources": { "x": { "endpoint": url } }, "userinfo": { "name": { "uri": url } } });
    open(&mut platform.browser(), &bank.authorize(&[("claims", &claims.to_string())]));
    assert!(trap.is_untouched());
    // the trap does notice
    std::net::TcpStream::connect(trap.0.local_addr().unwrap()).unwrap();
    assert!(!trap.is_untouched());
}
