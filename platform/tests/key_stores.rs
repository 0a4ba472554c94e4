//! One suite for both places of keys: a sealed file, and a token of PKCS #11.
//!
//! SoftHSM finds its configuration in the environment, so each test on a token runs in a process of its own: this program again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where it cannot go on"
)]

mod python;
mod soft_token;

use std::{
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use bitaqa_jose::{
    CompactJwe, CompactJws, ContentEncryption, Curve, JweHeader, JwsHeader, PrivateJwk, PublicJwk,
    SignatureAlgorithm,
    jwe::{ExpectedType, JweRules, encrypt},
    jws::JwsRules,
};
use bitaqa_platform::{
    key_store::{HashUse, KeyPlace, KeyStore, KeyStoreError, Phase},
    secret::{Hash, fill},
};
use bitaqa_protocol::{
    Challenge, Origin, PurposeId, Statement,
    identity::{Holder, ProofWanted},
    mediation::Mode,
    statement::StatementId,
};
use bitaqa_trust::mediation::Joining;
use serde_json::json;
use soft_token::{CONFIGURATION, LABEL, SoftToken, module};

const NOW: i64 = 1_780_315_200;
const HOUR: i64 = 60 * 60;
/// Where the PIN lies, for the process that runs one test.
const PIN_FILE: &str = "BITAQA_TEST_TOKEN_PIN";

macro_rules! in_every_place {
    ($($name:ident),+ $(,)?) => {
        mod in_a_sealed_file {
            $(#[test] fn $name() { crate::in_a_sealed_file(crate::$name); })+
        }
        mod in_a_token {
            $(#[test] fn $name() { crate::in_a_token(concat!("in_a_token::", stringify!($name)), crate::$name); })+
        }
    };
}

in_every_place!(
    keys_are_published_before_they_sign_and_after,
    a_change_of_keys_by_another_process_is_noticed_and_changes_no_subject,
    hashes_of_other_uses_and_parts_differ,
    what_is_sealed_opens_at_its_place_only,
    keys_are_drawn_once,
    many_sign_at_once_and_others_verify_all,
    what_was_encrypted_opens_as_long_as_somebody_may_know_the_key,
    the_current_key_of_statements_signs_what_joins_two,
);

#[test]
fn the_token_keeps_three_keys_of_a_kind_and_destroys_the_oldest() {
    in_a_token("the_token_keeps_three_keys_of_a_kind_and_destroys_the_oldest", |place| {
        let keys = place.create(NOW).unwrap();
        for hours in [1, 2, 3, 4] {
            keys.rotate(NOW + hours * HOUR).unwrap();
        }
        let pin = std::fs::read_to_string(std::env::var_os(PIN_FILE).unwrap()).unwrap();
        let listed = Command::new("pkcs11-tool")
            .arg("--module")
            .arg(module())
            .args(["--token-label", LABEL, "--login", "--pin", pin.trim(), "--list-objects"])
            .output()
            .unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        for kind in ["Private Key Object; EC", "Public Key Object; EC"] {
            // two keys of statements, which do not change with the others
            assert_eq!(listed.matches(kind).count(), 3 + 3 + 2, "{listed}");
        }
        for use_ in ["signing", "encryption"] {
            assert!(!listed.contains(&format!("bitaqa-platform {use_} 3 ")), "{listed}");
            for serial in [4, 5, 6] {
                let label = format!("bitaqa-platform {use_} {serial} ");
                assert_eq!(listed.matches(&label).count(), 2, "{listed}");
            }
        }
    });
}

fn in_a_sealed_file(test: impl Fn(&KeyPlace)) {
    let folder = tempfile::tempdir().unwrap();
    let (file, unsealing) = (folder.path().join("keys"), folder.path().join("unsealing"));
    test(&KeyPlace::SealedFile { file, unsealing });
}

fn in_a_token(name: &str, test: impl Fn(&KeyPlace)) {
    if let Some(pin) = std::env::var_os(PIN_FILE) {
        return test(&KeyPlace::Token { module: module(), label: LABEL.to_owned(), pin: pin.into() });
    }
    let token = SoftToken::new();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CONFIGURATION, token.configuration())
        .env(PIN_FILE, token.pin_file())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}

fn the_current_key_of_statements_signs_what_joins_two(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    let text = json!({ "ar": "نص", "fr": "Texte", "en": "Text" });
    let key = PrivateJwk::generate(Curve::P256, &mut fill).unwrap();
    let public = serde_json::to_value(key.public()).unwrap();
    let statement = |name: &str| -> Statement {
        serde_json::from_value(json!({
            "iss": "https://id.example.ma", "iat": NOW, "exp": NOW + 600, "jti": name, "legal_name": text,
            "origins": [format!("https://{name}.example.ma")], "purposes": [{ "id": "open", "text": text }],
            "claims": ["given_name"],
            "jwk": { "kty": "EC", "crv": "P-256", "x": public["x"], "y": public["y"], "kid": name },
        }))
        .unwrap()
    };
    let (portal, platform) = (statement("bank"), statement("id"));
    let texts = [&portal, &platform].map(|statement| keys.issue_statement(statement).unwrap());
    let joined = || {
        let joining = Joining {
            portal: (&texts[0], &portal),
            platform: (&texts[1], &platform),
            mode: Mode::Relay,
            page: &Origin::parse("https://id.example.ma").unwrap(),
            purpose: &PurposeId::parse("open").unwrap(),
            claims: &serde_json::from_value(json!({ "required": ["given_name"] })).unwrap(),
            challenge: &Challenge::parse("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=").unwrap(),
            holder: Holder::None,
            proof: ProofWanted::Chip,
            id: &StatementId::parse("joins").unwrap(),
            at: NOW.unsigned_abs(),
        };
        let text = keys.issue_mediation(&joining).unwrap();
        text.joined().unwrap()[1].to_owned()
    };
    let rules = JwsRules {
        type_: ExpectedType::Is("bitaqa-mediation+jwt"),
        algorithms: &[SignatureAlgorithm::Es256],
        max_length: 4_096,
    };
    let current = || {
        let published = keys.statement_keys().unwrap();
        published.into_iter().find(|key| key.phase == Phase::Current).unwrap().key
    };
    let (before, first) = (current(), joined());
    assert!(CompactJws::parse(&first, &rules).unwrap().verify(&before).is_ok());
    keys.rotate_statement_keys(NOW).unwrap();
    let (after, second) = (current(), joined());
    assert!(CompactJws::parse(&second, &rules).unwrap().verify(&after).is_ok());
    assert!(CompactJws::parse(&second, &rules).unwrap().verify(&before).is_err());
}

fn phases(keys: &dyn KeyStore) -> Vec<(Phase, String)> {
    keys.published().unwrap().iter().map(|key| (key.phase, key.key.thumbprint().to_string())).collect()
}

fn keys_are_published_before_they_sign_and_after(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    let [(Phase::Current, one), (Phase::Next, two)] = &phases(&*keys)[..] else { panic!() };
    assert_eq!(signer(&signed(&*keys)), *one);
    assert!(matches!(
        keys.rotate(NOW + HOUR - 1),
        Err(KeyStoreError::TooEarly { earliest, .. }) if earliest == NOW + HOUR
    ));
    keys.rotate(NOW + HOUR).unwrap();
    let [(Phase::Previous, first), (Phase::Current, second), (Phase::Next, three)] = &phases(&*keys)[..]
    else {
        panic!()
    };
    assert_eq!((first, second), (one, two));
    assert_eq!(signer(&signed(&*keys)), *two);
    keys.rotate(NOW + 3 * HOUR).unwrap();
    let names: Vec<String> = phases(&*keys).into_iter().map(|(_, name)| name).collect();
    assert_eq!((names.len(), &names[0], &names[1]), (3, two, three));
    let ages: Vec<i64> = keys.published().unwrap().iter().map(|key| key.published_at).collect();
    assert_eq!(ages, [NOW, NOW + HOUR, NOW + 3 * HOUR]);
}

fn a_change_of_keys_by_another_process_is_noticed_and_changes_no_subject(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    let other = place.open().unwrap();
    let of = |store: &dyn KeyStore| store.hash(HashUse::Subject, &[b"sector", b"account"]).unwrap();
    let before = of(&*keys);
    let sealed = keys.seal("session", b"content").unwrap();
    other.rotate(NOW + HOUR).unwrap();
    let limit = Instant::now() + Duration::from_secs(10);
    while phases(&*keys) != phases(&*other) {
        assert!(Instant::now() < limit, "the change is not noticed");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!((of(&*keys), of(&*other)), (before, before));
    assert_eq!(other.open("session", &sealed).unwrap(), b"content");
    drop(other);
    // who closes its module closes it for the whole process; who goes on notices nothing
    assert_eq!(of(&*keys), before);
}

fn what_was_encrypted_opens_as_long_as_somebody_may_know_the_key(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    let rules =
        JweRules { type_: ExpectedType::Absent, encryptions: &ContentEncryption::ALL, max_length: 4096 };
    let opened = |text: &str| {
        let opened = keys.decrypt(&CompactJwe::parse(text, &rules).unwrap()).unwrap();
        opened.map(|content| content.to_vec())
    };
    let published = keys.encryption_keys().unwrap();
    let [current, next] = &published[..] else { panic!() };
    assert_eq!((current.phase, next.phase), (Phase::Current, Phase::Next));
    let for_key = |key: &PublicJwk| encrypt(key, &JweHeader::default(), b"asked", &mut fill).unwrap();
    let unnamed = for_key(&current.key.clone().with_key_id(None).unwrap());
    let texts = [for_key(&current.key), for_key(&next.key), unnamed];
    let signing = for_key(&keys.published().unwrap()[0].key);
    for (rotations, opens) in [(0, [true; 3]), (1, [true; 3]), (2, [false, true, false]), (3, [false; 3])] {
        for (text, opens) in texts.iter().zip(opens) {
            assert_eq!(opened(text), opens.then(|| b"asked".to_vec()), "{rotations}");
        }
        assert_eq!(opened(&signing), None, "a key has one use");
        keys.rotate(NOW + 3 * HOUR * (rotations + 1)).unwrap();
    }
}

fn hashes_of_other_uses_and_parts_differ(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    let mut hashes: Vec<Hash> = [
        (HashUse::Subject, &[&b"ab"[..], b"c"][..]),
        (HashUse::Subject, &[b"a", b"bc"]),
        (HashUse::Subject, &[b"abc"]),
        (HashUse::SessionName, &[b"a", b"bc"]),
        (HashUse::Person, &[b"abc"]),
    ]
    .into_iter()
    .map(|(usage, parts)| keys.hash(usage, parts).unwrap())
    .collect();
    assert_eq!(keys.hash(HashUse::Subject, &[b"ab", b"c"]).unwrap(), hashes[0]);
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 5);
}

fn what_is_sealed_opens_at_its_place_only(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    let sealed = keys.seal("session", b"content").unwrap();
    assert_ne!(keys.seal("session", b"content").unwrap(), sealed);
    assert_eq!(keys.open("session", &sealed).unwrap(), b"content");
    assert!(matches!(keys.open("grant", &sealed), Err(KeyStoreError::Foreign)));
    for at in 0..sealed.len() {
        let mut altered = sealed.clone();
        altered[at] ^= 1;
        assert!(matches!(keys.open("session", &altered), Err(KeyStoreError::Foreign)));
        assert!(matches!(keys.open("session", &sealed[..at]), Err(KeyStoreError::Foreign)));
    }
}

fn keys_are_drawn_once(place: &KeyPlace) {
    assert!(place.open().is_err());
    let before = phases(&*place.create(NOW).unwrap());
    let again = place.create(NOW).err().unwrap().to_string();
    assert!(again.contains("there are keys already"), "{again}");
    assert_eq!(phases(&*place.open().unwrap()), before);
}

/// In threads of a runtime, where nobody may be kept waiting, and in others.
fn many_sign_at_once_and_others_verify_all(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut all: Vec<String> = runtime.block_on(async {
        let tasks: Vec<_> = (0..40)
            .map(|_| {
                let keys = Arc::clone(&keys);
                tokio::spawn(async move { signed(&*keys) })
            })
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await.unwrap());
        }
        all
    });
    let threads: Vec<_> = (0..40)
        .map(|_| {
            let keys = Arc::clone(&keys);
            std::thread::spawn(move || signed(&*keys))
        })
        .collect();
    all.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
    let published: Vec<_> = keys.published().unwrap().into_iter().map(|key| key.key).collect();
    let verified = python::python(
        "import sys, json\n\
         from jwcrypto import jwk, jws\n\
         keys = {key.thumbprint(): key for key in (jwk.JWK(**k) for k in json.loads(sys.argv[1]))}\n\
         for line in sys.stdin.read().split():\n\
         \x20   token = jws.JWS()\n\
         \x20   token.deserialize(line)\n\
         \x20   token.verify(keys[token.jose_header['kid']], alg='ES256')\n\
         \x20   print(token.payload.decode(), token.jose_header['typ'])\n",
        &[&serde_json::to_string(&published).unwrap()],
        &all.join("\n"),
    );
    assert_eq!(verified.lines().filter(|line| *line == "{} test").count(), 80, "{verified}");
}

fn signed(keys: &dyn KeyStore) -> String {
    keys.sign(JwsHeader::new(SignatureAlgorithm::Es256, "test"), b"{}").unwrap()
}

/// Whose thumbprint stands in the header.
fn signer(jws: &str) -> String {
    let (header, _) = jws.split_once('.').unwrap();
    let header: serde_json::Value =
        serde_json::from_slice(&bitaqa_jose::base64url::decode(header).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}
