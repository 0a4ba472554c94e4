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
    collections::BTreeSet,
    fs,
    path::PathBuf,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use bitaqa_jose::{
    CompactJwe, CompactJws, ContentEncryption, Curve, JweHeader, JwsHeader, PrivateJwk, PublicJwk,
    SignatureAlgorithm, VerificationJwk,
    jwe::{ExpectedType, JweRules, encrypt},
    jws::{ExpectedType as JwsType, JwsRules},
};
use bitaqa_platform::{
    key_store::{HashUse, KeyPlace, KeyStore, KeyStoreError, Phase, SIGNED_WITH, VerifyingKey},
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
    each_key_is_for_one_algorithm,
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
        let pin = fs::read_to_string(std::env::var_os(PIN_FILE).unwrap()).unwrap();
        let listed = Command::new("pkcs11-tool")
            .arg("--module")
            .arg(module())
            .args(["--token-label", LABEL, "--login", "--pin", pin.trim(), "--list-objects"])
            .output()
            .unwrap();
        let listed = String::from_utf8(listed.stdout).unwrap();
        for half in ["Private", "Public"] {
            // to sign by two algorithms and to encrypt for; two keys of statements, which do not change with the others
            assert_eq!(listed.matches(&format!("{half} Key Object; EC")).count(), 3 * 3 + 2, "{listed}");
            assert_eq!(listed.matches(&format!("{half} Key Object; RSA")).count(), 2 * 3, "{listed}");
        }
        for use_ in ["signing", "signing-eddsa", "signing-rs256", "signing-ps256", "encryption"] {
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

/// The keys for an algorithm.
fn verifying(keys: &dyn KeyStore, algorithm: SignatureAlgorithm) -> Vec<VerifyingKey> {
    let mut published = keys.published().unwrap();
    published.retain(|key| key.algorithm == algorithm);
    published
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
        type_: JwsType::Is("bitaqa-mediation+jwt"),
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
    phases_of(keys, SignatureAlgorithm::Es256)
}

fn phases_of(keys: &dyn KeyStore, algorithm: SignatureAlgorithm) -> Vec<(Phase, String)> {
    let named = |key: &VerifyingKey| (key.phase, key.key.thumbprint().to_string());
    verifying(keys, algorithm).iter().map(named).collect()
}

fn keys_are_published_before_they_sign_and_after(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    assert_eq!(keys.algorithms().unwrap(), SIGNED_WITH);
    let all = || SIGNED_WITH.map(|algorithm| phases_of(&*keys, algorithm));
    let first = all();
    assert!(matches!(
        keys.rotate(NOW + HOUR - 1),
        Err(KeyStoreError::TooEarly { earliest, .. }) if earliest == NOW + HOUR
    ));
    for (algorithm, found) in SIGNED_WITH.into_iter().zip(&first) {
        let [(Phase::Current, one), (Phase::Next, _)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(signer(&signed_with(&*keys, algorithm)), *one);
    }
    keys.rotate(NOW + HOUR).unwrap();
    let second = all();
    for ((algorithm, before), found) in SIGNED_WITH.into_iter().zip(&first).zip(&second) {
        let [(Phase::Previous, one), (Phase::Current, two), (Phase::Next, _)] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!([one, two], [&before[0].1, &before[1].1]);
        assert_eq!(signer(&signed_with(&*keys, algorithm)), *two);
    }
    keys.rotate(NOW + 3 * HOUR).unwrap();
    for ((algorithm, before), found) in SIGNED_WITH.into_iter().zip(&second).zip(all()) {
        let names: Vec<&String> = found.iter().map(|(_, name)| name).collect();
        assert_eq!((names.len(), names[0], names[1]), (3, &before[1].1, &before[2].1));
        let ages: Vec<i64> = verifying(&*keys, algorithm).iter().map(|key| key.published_at).collect();
        assert_eq!(ages, [NOW, NOW + HOUR, NOW + 3 * HOUR]);
    }
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
    let VerificationJwk::Curve(signing) = keys.published().unwrap()[0].key.clone() else { panic!() };
    let signing = for_key(&signing);
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
                tokio::spawn(async move { signed_by_all(&*keys) })
            })
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.extend(task.await.unwrap());
        }
        all
    });
    let threads: Vec<_> = (0..40)
        .map(|_| {
            let keys = Arc::clone(&keys);
            std::thread::spawn(move || signed_by_all(&*keys))
        })
        .collect();
    all.extend(threads.into_iter().flat_map(|thread| thread.join().unwrap()));
    let published: Vec<_> = keys.published().unwrap().into_iter().map(|key| key.key).collect();
    let verified = python::python(
        "import sys, json\n\
         from jwcrypto import jwk, jws\n\
         keys = {key.thumbprint(): key for key in (jwk.JWK(**k) for k in json.loads(sys.argv[1]))}\n\
         for line in sys.stdin.read().split():\n\
         \x20   token = jws.JWS()\n\
         \x20   token.deserialize(line)\n\
         \x20   token.verify(keys[token.jose_header['kid']])\n\
         \x20   print(token.payload.decode(), token.jose_header['typ'], token.jose_header['alg'])\n",
        &[&serde_json::to_string(&published).unwrap()],
        &all.join("\n"),
    );
    for algorithm in SIGNED_WITH {
        let line = format!("{{}} test {algorithm}");
        assert_eq!(verified.lines().filter(|said| *said == line).count(), 80, "{verified}");
    }
}

/// A key verifies nothing by the other algorithm of its kind.
fn each_key_is_for_one_algorithm(place: &KeyPlace) {
    let keys = place.create(NOW).unwrap();
    let rules = JwsRules { type_: JwsType::Is("test"), algorithms: &SIGNED_WITH, max_length: 4096 };
    for algorithm in SIGNED_WITH {
        let text = signed_with(&*keys, algorithm);
        let jws = CompactJws::parse(&text, &rules).unwrap();
        assert_eq!(jws.header().algorithm, algorithm);
        let verifies: Vec<_> = keys
            .published()
            .unwrap()
            .into_iter()
            .filter(|key| jws.clone().verify_by(&key.key).is_ok())
            .collect();
        assert_eq!(verifies.len(), 1);
        assert_eq!((verifies[0].algorithm, verifies[0].phase), (algorithm, Phase::Current));
    }
    let names: BTreeSet<String> =
        keys.published().unwrap().iter().map(|key| key.key.thumbprint().to_string()).collect();
    assert_eq!(names.len(), 8, "none is there twice");
    let es384 = keys.sign(JwsHeader::new(SignatureAlgorithm::Es384, "test"), b"{}");
    assert!(matches!(es384, Err(KeyStoreError::NoSigningKey(SignatureAlgorithm::Es384))));
}

/// SoftHSM without the mechanisms, as other modules are.
#[test]
fn a_token_has_no_keys_for_what_it_has_no_mechanism_for_and_gets_them_with_the_next_change_once_it_has() {
    let name =
        "a_token_has_no_keys_for_what_it_has_no_mechanism_for_and_gets_them_with_the_next_change_once_it_has";
    in_a_token(name, |place| {
        let configuration = PathBuf::from(std::env::var_os(CONFIGURATION).unwrap());
        let before = fs::read_to_string(&configuration).unwrap();
        let without = "slots.mechanisms = -CKM_EDDSA,CKM_EC_EDWARDS_KEY_PAIR_GEN,CKM_SHA256_RSA_PKCS_PSS\n";
        fs::write(&configuration, format!("{before}{without}")).unwrap();
        let keys = place.create(NOW).unwrap();
        let there = [SignatureAlgorithm::Es256, SignatureAlgorithm::Rs256];
        assert_eq!(keys.algorithms().unwrap(), there);
        for missing in [SignatureAlgorithm::EdDsa, SignatureAlgorithm::Ps256] {
            let error = keys.sign(JwsHeader::new(missing, "test"), b"{}").unwrap_err();
            assert!(matches!(error, KeyStoreError::NoSigningKey(algorithm) if algorithm == missing));
            assert!(error.to_string().contains("unless the token has no mechanism for it"), "{error}");
        }
        keys.rotate(NOW + HOUR).unwrap();
        assert_eq!(keys.algorithms().unwrap(), there);
        drop(keys);
        fs::write(&configuration, before).unwrap();
        let keys = place.open().unwrap();
        assert_eq!(keys.algorithms().unwrap(), there);
        keys.rotate(NOW + 2 * HOUR).unwrap();
        assert_eq!(keys.algorithms().unwrap(), SIGNED_WITH);
        let found = phases_of(&*keys, SignatureAlgorithm::EdDsa);
        assert!(matches!(found[..], [(Phase::Current, _), (Phase::Next, _)]), "{found:?}");
        signed_by_all(&*keys);
    });
}

fn signed_with(keys: &dyn KeyStore, algorithm: SignatureAlgorithm) -> String {
    keys.sign(JwsHeader::new(algorithm, "test"), b"{}").unwrap()
}

fn signed_by_all(keys: &dyn KeyStore) -> [String; 4] {
    SIGNED_WITH.map(|algorithm| signed_with(keys, algorithm))
}

/// Whose thumbprint stands in the header.
fn signer(jws: &str) -> String {
    let (header, _) = jws.split_once('.').unwrap();
    let header: serde_json::Value =
        serde_json::from_slice(&bitaqa_jose::base64url::decode(header).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}
