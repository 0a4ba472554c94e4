//! What a portal encrypts.

use bitaqa_jose::{
    Curve, JweHeader, PrivateJwk, PublicJwk, base64url,
    jwe::{self},
};
use bitaqa_platform::{key_store::KeyStore, secret::fill};
use serde_json::{Value, json};

use crate::{
    issuer,
    judges::Judge,
    jwks, portal,
    proof::sign,
    relying_party::{RelyingParty, answered, encode},
    running::{Running, START, sign_in},
};

fn object(platform: &Running, party: &RelyingParty) -> String {
    let mut claims = json!({ "iss": party.id, "aud": issuer(platform) });
    for (name, value) in party.request(&[("state", "inside")]) {
        claims[name] = value.into();
    }
    let header = json!({ "typ": "oauth-authz-req+jwt", "alg": "ES256" });
    sign(party.key.as_ref().unwrap(), &header, &claims)
}

fn authorize(party: &RelyingParty, object: &str) -> String {
    let beside = [
        ("client_id", party.id.as_str()),
        ("request", object),
        ("redirect_uri", &party.redirect_uri),
        ("state", "outside"),
    ];
    let owned = beside.map(|(name, value)| (name.to_owned(), value.to_owned()));
    format!("/authorize?{}", encode(&owned))
}

fn platform_key(platform: &Running) -> PublicJwk {
    let keys = jwks(platform);
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["use"] == "enc").unwrap().clone();
    serde_json::from_value(key).unwrap()
}

fn sealed(key: &PublicJwk, object: &str, header: &JweHeader) -> String {
    jwe::encrypt(key, header, object.as_bytes(), &mut fill).unwrap()
}

fn nested() -> JweHeader {
    JweHeader { content_type: Some("JWT".to_owned()), ..JweHeader::default() }
}

/// The error that a request with this object gives the portal.
fn refused(platform: &Running, party: &RelyingParty, object: &str) -> String {
    let location = platform.browser().get(&authorize(party, object)).location().to_owned();
    assert!(location.starts_with(&party.redirect_uri), "{location}");
    let said = answered(&location);
    assert_eq!(said["state"], "outside");
    said["error"].clone()
}

#[test]
fn a_request_that_others_encrypted_counts_as_it_was_signed() {
    let platform = Running::new();
    let (bank, _) = portal(&platform, "bank", Curve::P256, "require_signed_requests = true\n");
    for judge in Judge::ALL {
        for encryption in ["A256GCM", "A128GCM"] {
            let content = object(&platform, &bank);
            let task = json!({ "task": "encrypt", "content": content, "jwks": jwks(&platform), "encryption": encryption });
            let sealed = judge.done(&task).as_str().unwrap().to_owned();
            let location = sign_in(&mut platform.browser(), &platform.address, &authorize(&bank, &sealed));
            assert_eq!(answered(&location)["state"], "inside", "{judge:?} {encryption}");
            let pushed = bank.call("/par", &[("request".to_owned(), sealed)]);
            assert_eq!(pushed.status, 201, "{}", pushed.body);
        }
    }
}

#[test]
fn a_request_opens_with_the_keys_before_and_after_as_long_as_they_are_there() {
    let platform = Running::new();
    let (bank, _) = portal(&platform, "bank", Curve::P256, "");
    let key = platform_key(&platform);
    let request = || authorize(&bank, &sealed(&key, &object(&platform, &bank), &nested()));
    let goes_on = |answer: &crate::browser::Answer| {
        answer.header("location").is_some_and(|to| to.starts_with("/interaction/"))
    };
    assert!(goes_on(&platform.browser().get(&request())));
    platform.keys.rotate(START + 60 * 60).unwrap();
    assert_ne!(platform_key(&platform).thumbprint(), key.thumbprint());
    assert!(goes_on(&platform.browser().get(&request())));
    platform.keys.rotate(START + 2 * 60 * 60).unwrap();
    assert!(!goes_on(&platform.browser().get(&request())));
}

#[test]
fn what_is_not_signed_inside_or_encrypted_otherwise_is_refused() {
    let platform = Running::new();
    let (bank, own) = portal(&platform, "bank", Curve::P256, "");
    let (clinic, _) = portal(&platform, "clinic", Curve::P256, "");
    let key = platform_key(&platform);
    let good = object(&platform, &bank);
    let claims = String::from_utf8(base64url::decode(good.split('.').nth(1).unwrap()).unwrap()).unwrap();
    let unsigned =
        format!("{}.{}.", base64url::encode(br#"{"alg":"none"}"#), base64url::encode(claims.as_bytes()));
    let twice = sealed(&key, &sealed(&key, &good, &nested()), &nested());
    let signing: PublicJwk = jwks(&platform)["keys"]
        .as_array()
        .unwrap()
        .iter()
        .find(|key| key["use"] == "sig")
        .map(|key| {
            PublicJwk::from_coordinates(
                Curve::P256,
                &base64url::decode(key["x"].as_str().unwrap()).unwrap(),
                Some(&base64url::decode(key["y"].as_str().unwrap()).unwrap()),
                None,
            )
            .unwrap()
        })
        .unwrap();
    for wrong in [
        sealed(&key, &unsigned, &nested()),
        sealed(&key, &claims, &nested()),
        twice,
        sealed(&key, &object(&platform, &clinic), &nested()),
        // not said to have a JWT inside
        sealed(&key, &good, &JweHeader::default()),
        sealed(&key, &good, &JweHeader { type_: Some("dpop+jwt".to_owned()), ..nested() }),
        // for others, and for the platform's key that signs
        sealed(own.public(), &good, &nested()),
        sealed(&signing, &good, &nested()),
        sealed(&key.clone().with_key_id(Some("other")).unwrap(), &good, &nested()),
    ] {
        assert_eq!(refused(&platform, &bank, &wrong), "invalid_request_object");
    }
    assert_eq!(platform.browser().get(&authorize(&bank, &sealed(&key, &good, &nested()))).status, 303);
}

/// Headers that others fell for: points off the curve, keys of small order, other algorithms, passwords with as many rounds as the
/// sender likes, packed content, critical extensions.
#[test]
fn headers_that_lead_elsewhere_are_refused_before_anything_is_calculated() {
    let platform = Running::new();
    let (bank, _) = portal(&platform, "bank", Curve::P256, "");
    let good = sealed(&platform_key(&platform), &object(&platform, &bank), &nested());
    let (protected, rest) = good.split_once('.').unwrap();
    let header: Value = serde_json::from_slice(&base64url::decode(protected).unwrap()).unwrap();
    let zero = base64url::encode(&[0; 32]);
    let off_curve = json!({ "kty": "EC", "crv": "P-256", "x": header["epk"]["x"], "y": header["epk"]["x"] });
    let p384 = PrivateJwk::generate(Curve::P384, &mut fill).unwrap();
    let changes = [
        ("epk", off_curve),
        ("epk", json!({ "kty": "EC", "crv": "P-256", "x": zero, "y": zero })),
        ("epk", json!({ "kty": "EC", "crv": "secp256k1", "x": header["epk"]["x"], "y": header["epk"]["y"] })),
        ("epk", json!({ "kty": "OKP", "crv": "X25519", "x": zero })),
        ("epk", serde_json::to_value(p384.public()).unwrap()),
        ("epk", json!({})),
        ("alg", json!("dir")),
        ("alg", json!("none")),
        ("alg", json!("RSA1_5")),
        ("alg", json!("ECDH-ES+A256KW")),
        ("alg", json!("PBES2-HS256+A128KW")),
        ("p2c", json!(1_000_000_000)),
        ("enc", json!("A128CBC-HS256")),
        // the other cipher of the same family: another key comes out
        ("enc", json!("A128GCM")),
        ("zip", json!("DEF")),
        ("crit", json!(["exp"])),
        ("apu", json!(base64url::encode(b"x"))),
        ("cty", json!("json")),
    ];
    for (name, value) in changes {
        let mut header = header.clone();
        header[name] = value.clone();
        let wrong = format!("{}.{rest}", base64url::encode(header.to_string().as_bytes()));
        assert_eq!(refused(&platform, &bank, &wrong), "invalid_request_object", "{name} {value}");
    }
    for wrong in [
        good.replacen("..", ".AAAA.", 1),
        format!("{good}A"),
        format!("{good}."),
        good.replace('.', ""),
        "....".to_owned(),
        format!("{protected}...."),
    ] {
        assert_eq!(refused(&platform, &bank, &wrong), "invalid_request_object");
    }
    let long = format!("{}{}", "A".repeat(33 * 1024), good);
    let answer = platform.browser().raw(
        "POST",
        "/authorize",
        &[("content-type", "application/x-www-form-urlencoded")],
        &format!("client_id=bank&request={long}"),
    );
    assert!(matches!(answer.status, 400 | 413), "{}", answer.status);
}
