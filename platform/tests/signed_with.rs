//! What the platform signs is signed as a portal is registered: ID tokens, userinfo and logout tokens, by each of its algorithms.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

#[path = "../../crates/trust/tests/test_pki/mod.rs"]
mod test_pki;

mod browser;
mod logout_receiver;
mod proof;
mod python;
mod relying_party;
mod running;

use bitaqa_jose::base64url;
use logout_receiver::LogoutReceiver;
use relying_party::{FORM, RelyingParty, code, text};
use running::{Running, sign_in};
use serde_json::{Value, json};

const FAPI2: &str = "profile = \"fapi2\"\nrequire_pushed_requests = true\n";
/// What portals of each profile may have.
const ALGORITHMS: [(&str, &str); 6] =
    [("", "ES256"), ("", "EdDSA"), ("", "RS256"), (FAPI2, "ES256"), (FAPI2, "PS256"), (FAPI2, "EdDSA")];

fn registration(profile: &str, algorithm: &str) -> String {
    format!(
        "{profile}id_token_signed_response_alg = \"{algorithm}\"\nuserinfo_signed_response_alg = \"{algorithm}\"\n"
    )
}

fn header(jws: &str) -> Value {
    serde_json::from_slice(&base64url::decode(jws.split('.').next().unwrap()).unwrap()).unwrap()
}

/// What `jwcrypto` reads, which takes one algorithm alone and finds the key by its name.
fn verified(platform: &Running, algorithm: &str, token: &str) -> Value {
    let keys = platform.browser().get("/jwks").body;
    let read = python::python(
        "import sys\n\
         from jwcrypto import jwk, jws\n\
         token = jws.JWS()\n\
         token.allowed_algs = [sys.argv[1]]\n\
         token.deserialize(sys.stdin.read())\n\
         key = jwk.JWKSet.from_json(sys.argv[2]).get_key(token.jose_header['kid'])\n\
         assert (key['use'], key['alg']) == ('sig', sys.argv[1])\n\
         token.verify(key)\n\
         print(token.payload.decode())\n",
        &[algorithm, &keys],
        token,
    );
    serde_json::from_str(&read).unwrap()
}

/// ID token and userinfo of a portal, of whichever profile.
fn told(platform: &Running, party: &RelyingParty, browser: &mut browser::Browser) -> (String, String) {
    let is_fapi2 = party.id.starts_with("fapi2");
    let request = if is_fapi2 { party.pushed(&[]) } else { party.authorize(&[]) };
    let location = sign_in(browser, &platform.address, &request);
    if !is_fapi2 {
        let tokens = party.redeem(&code(&location), &[]).json();
        let userinfo = party.userinfo(&text(&tokens, "access_token"));
        assert_eq!(userinfo.header("content-type"), Some("application/jwt"), "{userinfo:?}");
        return (text(&tokens, "id_token"), userinfo.body);
    }
    let key = RelyingParty::new_key();
    let tokens = party.redeem_with(&code(&location), &key).json();
    let userinfo = party.userinfo_with(&text(&tokens, "access_token"), &key, &[]);
    assert_eq!(userinfo.status, 200, "{userinfo:?}");
    (text(&tokens, "id_token"), userinfo.body)
}

#[test]
fn id_tokens_and_userinfo_are_signed_as_the_portal_is_registered() {
    let platform = Running::new();
    for (profile, algorithm) in ALGORITHMS {
        let name = if profile.is_empty() { "oidc" } else { "fapi2" };
        let id = format!("{name}-{}", algorithm.to_lowercase());
        let party = platform.confidential(&id, &registration(profile, algorithm));
        let (id_token, userinfo) = told(&platform, &party, &mut platform.browser());
        assert_eq!(header(&id_token)["alg"], algorithm);
        let claims = verified(&platform, algorithm, &id_token);
        assert_eq!((&claims["aud"], &claims["acr"]), (&json!(id), &json!("urn:bitaqa:acr:test:high")));
        let claimed = verified(&platform, algorithm, &userinfo);
        assert_eq!((&claimed["sub"], &claimed["aud"]), (&claims["sub"], &json!(id)));
        assert_eq!(claimed["name"], "أمينة المثال");
        assert_eq!(party.id_token(&id_token)["sub"], claims["sub"]);
    }
}

#[test]
fn a_hint_counts_whatever_signed_it_and_not_if_it_is_altered() {
    let platform = Running::new();
    for algorithm in ["ES256", "EdDSA", "RS256"] {
        let id = format!("oidc-{}", algorithm.to_lowercase());
        let party = platform.confidential(&id, &registration("", algorithm));
        let mut browser = platform.browser();
        let (id_token, _) = told(&platform, &party, &mut browser);
        let mut silent = |hint: &str| {
            let request = party.authorize(&[("prompt", "none"), ("id_token_hint", hint)]);
            relying_party::answered(browser.get(&request).location())
        };
        assert!(silent(&id_token).contains_key("code"), "{algorithm}");
        let (input, signature) = id_token.rsplit_once('.').unwrap();
        let mut bytes = base64url::decode(signature).unwrap();
        bytes[40] ^= 1;
        let altered = format!("{input}.{}", base64url::encode(&bytes));
        assert_eq!(silent(&altered)["error"], "login_required", "{algorithm}");
        // with the name of another algorithm of the same key
        let mut other = header(&id_token);
        other["alg"] = json!(if algorithm == "RS256" { "PS256" } else { "RS256" });
        let (_, rest) = id_token.split_once('.').unwrap();
        let renamed = format!("{}.{rest}", base64url::encode(other.to_string().as_bytes()));
        assert_eq!(silent(&renamed)["error"], "login_required", "{algorithm}");

        let bye = party.redirect_uri.replace("/callback", "/bye");
        let end = relying_party::encode(&[
            ("id_token_hint".to_owned(), id_token),
            ("post_logout_redirect_uri".to_owned(), bye.clone()),
        ]);
        assert_eq!(browser.get(&format!("/end-session?{end}")).location(), bye);
    }
}

/// `jose` for JavaScript takes them by this algorithm alone.
#[test]
fn logout_tokens_are_signed_as_id_tokens_are() {
    let platform = Running::new();
    for algorithm in ["EdDSA", "RS256"] {
        let id = format!("oidc-{}", algorithm.to_lowercase());
        let receiver = LogoutReceiver::taking(algorithm, &platform.address, &id);
        let changes = format!("{}{}", receiver.registered(), registration("", algorithm));
        let party = platform.confidential(&id, &changes);
        let mut browser = platform.browser();
        let (id_token, _) = told(&platform, &party, &mut browser);
        assert_eq!(browser.post("/signed-out", FORM, "").status, 200);
        let heard = receiver.hear();
        assert_eq!(heard["header"]["alg"], algorithm);
        assert_eq!(heard["claims"]["sid"], party.id_token(&id_token)["sid"]);
    }
}
