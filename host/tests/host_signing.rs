//! Documents are signed through the real program, a real pcscd and a real window: what the host reads is what it signs, by the key
//! for documents alone, after a PIN that is presented once; and everything that is no document is refused.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it cannot go on"
)]

mod host_peer;
mod sign_in_place;
mod signing_visit;
mod window_desktop;

use std::{fs, process::Command, thread};

use bitaqa_protocol::{ErrorCode, decode_base64, encode_base64};
use bitaqa_testbed::{CardSpec, Effect, Hypothesis, KeyKind, Misbehaviour};
use bitaqa_trust::{
    Certificate,
    public_key::{Hash, SignatureScheme},
};
use bitaqa_virtual_card::pki::Variant;
use host_peer::{CHALLENGE, ORIGIN, PATIENCE, cancel, failure, wait_until};
use serde_json::{Value, json};
use sign_in_place::{NUMBER, Place, closed_card};
use signing_visit::{ES384, Visit, document, output, signatures, unhex};
use window_desktop::{Desktop, DesktopOptions, PAST_TOO_EARLY, listener::Listener};

/// What a sign-in of these tests signs.
fn of_sign_in(hash: Hash) -> Vec<u8> {
    let parts = [ORIGIN, CHALLENGE].map(|part| hash.digest(&[part.as_bytes()])).concat();
    hash.digest(&[&parts])
}

#[test]
fn openssl_verifies_what_a_person_signed() {
    let mut visit = Visit::with(&CardSpec::esteid());
    for _ in 0..2 {
        visit.place.card.clear_log();
        let (id, attributes) = visit.sign(ES384, &["contract.txt"]);
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.enter(&id);
        let signatures = visit.signatures(1, 1);
        visit.openssl_verifies("contract.txt", &attributes[0], &signatures[0], "sha384");
        assert_eq!(visit.place.card.verify_count(), 1, "one entry, one VERIFY");
        visit.place.window_is_gone();
    }
    // the key for signing in is still the one for signing in
    sign_in_place::is_valid_token(&visit.place.sign_in());
    visit.place.peer.close();
    visit.place.peer.ends_within(PATIENCE);
    assert!(!visit.place.peer.errors().contains(&visit.pin));
}

/// What the window shows beside a name is the digest that openssl makes of that document, and what is signed.
#[test]
fn the_window_shows_the_digest_of_each_document() {
    // both in one question
    let card = CardSpec { signs_many: Some(true), ..CardSpec::pkcs15(KeyKind::P256) };
    let options =
        DesktopOptions { screen: (1366, 1500), assistive_technology: true, ..DesktopOptions::default() };
    let desktop = Desktop::start(options);
    let mut listener = Listener::start(&desktop);
    let mut visit = Visit::at(Place::on(desktop, 1, &card), &card);
    let documents = ["lease.txt", "annex.txt"];
    let (id, _) = visit.sign(("ES256", "sha256"), &documents);
    let digests = documents.map(|name| {
        let path = visit.path(name);
        let said = output(Command::new("openssl").args(["dgst", "-sha256", "-r", &path]));
        said.split(' ').next().unwrap().to_owned()
    });
    assert_eq!(whole_digests(&visit, &id, &mut listener, documents), digests);
    visit.place.escape();
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));

    // those that a site gives, as it gave them
    let listed: Vec<Value> = documents
        .iter()
        .zip(&digests)
        .map(|(name, digest)| json!({ "name": name, "digest": encode_base64(&unhex(digest)), "algorithm": "ES256" }))
        .collect();
    let id = visit.send(json!({ "type": "sign-digests", "digests": listed }));
    assert_eq!(whole_digests(&visit, &id, &mut listener, documents), digests);
}

/// The digests that the window shows right after these names, once it was told to show the whole of them.
fn whole_digests(visit: &Visit, id: &str, listener: &mut Listener, names: [&str; 2]) -> [String; 2] {
    visit.place.peer.wait_for_stage(id, "waiting-for-person");
    visit.place.wait_for_window();
    thread::sleep(PAST_TOO_EARLY);
    // back from the field of the PIN
    visit.place.desktop.press(&["shift+Tab", "space"]);
    let mut tree = Vec::new();
    wait_until("whole digests", PATIENCE, || {
        tree = listener.tree();
        tree.iter().any(|line| line.contains("SHA-256: ") && !line.contains('…'))
    });
    names.map(|name| {
        let at = tree.iter().position(|line| line.contains(name)).unwrap_or_else(|| panic!("{tree:#?}"));
        let digest = tree[at + 1..].iter().find_map(|line| line.split_once("SHA-256: ")).unwrap();
        // marked as left to right
        digest.1.chars().filter(char::is_ascii_hexdigit).collect()
    })
}

#[test]
fn a_card_that_wants_the_pin_each_time_gets_it_each_time_from_the_person() {
    let mut visit = Visit::with(&CardSpec::esteid());
    let names = ["one.txt", "two.txt", "three.txt"];
    let (id, attributes) = visit.sign(ES384, &names);
    for count in 1..=3 {
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        assert_eq!(visit.place.card.verify_count(), count - 1, "nothing is presented from memory");
        visit.enter(&id);
        visit.hears_signed(count, 3);
    }
    let made = signatures(&visit.place.peer.next_answer());
    for ((name, attributes), signature) in names.iter().zip(&attributes).zip(&made) {
        visit.openssl_verifies(name, attributes, signature, "sha384");
    }
    assert_eq!(visit.place.card.verify_count(), 3);

    // who stops after the first keeps the first
    visit.place.window_is_gone();
    let (id, _) = visit.sign(ES384, &names);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter(&id);
    visit.hears_signed(1, 3);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.escape();
    let answer = visit.place.peer.next_answer();
    assert_eq!((signatures(&answer).len(), &answer["stopped"]["code"]), (1, &json!("user-cancelled")));
}

#[test]
fn a_batch_is_signed_after_one_entry_where_the_card_allows_it() {
    let mut visit =
        Visit::with(&CardSpec { signs_many: Some(true), ..closed_card(Hypothesis::IasEccCam, 31) });
    let key = Certificate::from_der(&visit.certificate).unwrap().public_key().unwrap();
    let way = match key.kind() {
        bitaqa_trust::public_key::KeyKind::Ec(_) => ("ES256", "sha256"),
        _ => ("RS256", "sha256"),
    };
    let names = ["one.txt", "two.txt", "three.txt", "four.txt"];
    let (id, attributes) = visit.sign(way, &names);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.enter_number(&id, &NUMBER);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter(&id);
    let made = visit.signatures(4, 4);
    assert_eq!(visit.place.card.verify_count(), 1);
    for ((name, attributes), signature) in names.iter().zip(&attributes).zip(&made) {
        visit.openssl_verifies(name, attributes, signature, "sha256");
    }
    visit.place.window_is_gone();

    // the card leaves before the third, of which each takes a hash and a signature: two are signed, and given
    visit.place.card.misbehave(Misbehaviour::at_instruction(5, 0x2A, Effect::RemoveBefore));
    let (id, _) = visit.sign(way, &names);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.enter_number(&id, &NUMBER);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter(&id);
    visit.hears_signed(1, 4);
    visit.hears_signed(2, 4);
    let answer = visit.place.peer.next_answer();
    assert_eq!(
        (signatures(&answer).len(), &answer["stopped"]["code"]),
        (2, &json!("card-removed")),
        "{answer}"
    );
}

/// As the extension does it: the certificate is asked for first, then everything is signed under one consent.
#[test]
fn a_hundred_documents_take_one_certificate_read_one_pin_and_each_the_commands_of_one_signature() {
    const DOCUMENTS: usize = 100;
    let mut visit = Visit::with(&CardSpec { signs_many: Some(true), ..CardSpec::pkcs15(KeyKind::P384) });
    let id = visit.send(json!({ "type": "signing-certificates" }));
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.send(&id);
    assert_eq!(visit.place.peer.next_answer()["type"], "signing-certificates");

    let attributes = unhex(&visit.attributes("0.txt", "sha384"));
    let digest = Hash::Sha384.digest(&[b"0.txt"]);
    let place = attributes.windows(digest.len()).position(|part| part == digest).unwrap();
    let listed = (0..DOCUMENTS).map(|number| {
        let mut attributes = attributes.clone();
        let digest = Hash::Sha384.digest(&[format!("{number}.txt").as_bytes()]);
        attributes[place..place + digest.len()].copy_from_slice(&digest);
        document(&format!("{number}.txt"), "cms-signed-attributes", &attributes)
    });
    let listed: Vec<Value> = listed.collect();
    let id = visit.send(json!({ "type": "sign", "algorithm": "ES384", "documents": listed }));
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter(&id);
    assert_eq!(visit.signatures(DOCUMENTS, DOCUMENTS).len(), DOCUMENTS);

    assert_eq!(visit.place.card.times_given(&visit.certificate), 1);
    assert_eq!(visit.place.card.verify_count(), 1);
    let log = visit.place.card.log();
    let typed = log.iter().position(|entry| entry.presented).unwrap();
    let asked: Vec<&str> = log[typed + 1..].iter().map(|entry| &entry.header[2..]).collect();
    // MANAGE SECURITY ENVIRONMENT for a signature, COMPUTE DIGITAL SIGNATURE
    assert_eq!(asked, ["2241B6", "2A9E9A"].repeat(DOCUMENTS));
}

#[test]
fn digests_are_signed_as_they_are_and_never_by_a_key_for_signing_in() {
    let mut visit = Visit::with(&CardSpec::esteid());
    let digest = of_sign_in(Hash::Sha384);
    let order = |digest: &[u8]| {
        json!({
            "type": "sign-digests",
            "digests": [{ "name": "contract.txt", "digest": encode_base64(digest), "algorithm": "ES384" }],
        })
    };
    let id = visit.send(order(&digest));
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter(&id);
    let made = visit.signatures(1, 1);
    let key = Certificate::from_der(&visit.certificate).unwrap().public_key().unwrap();
    key.verify(SignatureScheme::EcdsaRaw(Hash::Sha384), &digest, &made[0]).unwrap();
    visit.place.window_is_gone();

    // a digest of another length is none of this hash
    let id = visit.send(order(&[1; 32]));
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "request-invalid"));

    // the certificate for signing in, named in its place
    visit.place.card.clear_log();
    let sign_in = visit.place.card.certificates().authentication.der().to_vec();
    let mut message = order(&digest);
    message["certificate"] = json!(encode_base64(&sign_in));
    let id = visit.send(message);
    assert_eq!(visit.refused(&id).0, "signing-certificate-missing");
    visit.place.window_is_gone();
    // nor as documents: they would have to bind it, and nothing that is read is a digest
    for format in ["cms-signed-attributes", "xml-signed-info", "jws-signing-input"] {
        let listed = [document("contract.txt", format, &digest)];
        let id = visit.send(json!({ "type": "sign", "algorithm": "ES384", "documents": listed }));
        assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "document-not-readable"));
    }
    assert_eq!(visit.place.card.verify_count(), 0);
}

/// Each digest by its own algorithm, after one entry of the PIN; one that the card has none for stops them all before it.
#[test]
fn each_digest_of_a_request_has_its_own_algorithm() {
    let card = CardSpec { signs_many: Some(true), ..CardSpec::pkcs15(KeyKind::Rsa2048) };
    let mut visit = Visit::with(&card);
    let listed = |algorithms: &[&str]| {
        let digests = algorithms.iter().map(|algorithm| {
            let hash = if algorithm.ends_with("512") { Hash::Sha512 } else { Hash::Sha256 };
            let digest = encode_base64(&hash.digest(&[b"contract"]));
            json!({ "name": format!("by {algorithm}"), "digest": digest, "algorithm": algorithm })
        });
        json!({ "type": "sign-digests", "digests": digests.collect::<Vec<_>>() })
    };
    let id = visit.send(listed(&["RS512", "RS256"]));
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter(&id);
    let made = visit.signatures(2, 2);
    assert_eq!(visit.place.card.verify_count(), 1);
    let [certificate, key, text, signature] =
        ["certificate.der", "key.pem", "contract", "signature"].map(|name| visit.path(name));
    fs::write(&text, "contract").unwrap();
    let pem = output(Command::new("openssl").args(["x509", "-in", &certificate, "-noout", "-pubkey"]));
    fs::write(&key, pem).unwrap();
    for (made, hash) in made.iter().zip(["-sha512", "-sha256"]) {
        fs::write(&signature, made).unwrap();
        let openssl = ["dgst", hash, "-verify", &key, "-signature", &signature, &text];
        assert_eq!(output(Command::new("openssl").args(openssl)), "Verified OK\n");
    }
    visit.place.window_is_gone();

    visit.place.card.clear_log();
    let id = visit.send(listed(&["RS256", "ES256"]));
    let refusal = (ErrorCode::SigningCertificateUnsuitable.as_str().to_owned(), "algorithm".to_owned());
    assert_eq!(visit.refused(&id), refusal);
}

#[test]
fn a_card_whose_key_is_not_for_documents_is_refused_with_the_reason() {
    for (card, algorithm, hash, reason) in [
        (
            CardSpec { signature_certificate: Variant::WrongKeyUsage, ..CardSpec::esteid() },
            "ES384",
            Hash::Sha384,
            "key-usage",
        ),
        // its certificate has digital signature, too: a portal would take a digest that it signs for a sign-in
        (
            CardSpec { signature_certificate: Variant::BothKeyUsages, ..CardSpec::piv(KeyKind::P256) },
            "ES256",
            Hash::Sha256,
            "sign-in-key",
        ),
        // nor is it the better that the card has no key to sign in with: a portal looks at the certificate
        (
            CardSpec {
                signature_certificate: Variant::BothKeyUsages,
                one_key: Some(true),
                ..CardSpec::pkcs15(KeyKind::P256)
            },
            "ES256",
            Hash::Sha256,
            "sign-in-key",
        ),
    ] {
        let mut visit = Visit::with(&card);
        let digest = encode_base64(&of_sign_in(hash));
        let digests = json!([{ "name": "contract.txt", "digest": digest, "algorithm": algorithm }]);
        let id = visit.send(json!({ "type": "sign-digests", "digests": digests }));
        assert_eq!(
            visit.refused(&id),
            (ErrorCode::SigningCertificateUnsuitable.as_str().to_owned(), reason.to_owned()),
            "{:?}",
            card.personality
        );
        assert!(visit.place.card.log().iter().all(|entry| !entry.presented));
    }
}

/// A card with one key, which is for documents by all it says, signs as any other.
#[test]
fn a_card_with_no_key_but_the_one_for_documents_signs_with_it() {
    let card = CardSpec { one_key: Some(true), ..CardSpec::pkcs15(KeyKind::P256) };
    let mut visit = Visit::with(&card);
    let (id, attributes) = visit.sign(("ES256", "sha256"), &["lease.txt"]);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.enter(&id);
    let made = visit.signatures(1, 1);
    visit.openssl_verifies("lease.txt", &attributes[0], &made[0], "sha256");
}

#[test]
fn bytes_that_bind_another_certificate_are_not_signed() {
    let mut visit = Visit::with(&CardSpec::esteid());
    let other = visit.place.card.certificates().authentication.der().to_vec();
    let own = std::mem::replace(&mut visit.certificate, other);
    let (id, _) = visit.sign(ES384, &["contract.txt"]);
    let answer = visit.place.peer.next_answer();
    assert_eq!(failure(&answer), (Some(id.as_str()), "document-not-readable"));
    assert!(answer["error"]["detail"].as_str().unwrap().starts_with("document 1"), "{answer}");
    visit.certificate = own;
    // another hash than that of the attributes
    let attributes = unhex(&visit.attributes("contract.txt", "sha256"));
    let listed = [document("contract.txt", "cms-signed-attributes", &attributes)];
    let id = visit.send(json!({ "type": "sign", "algorithm": "ES384", "documents": listed }));
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "document-not-readable"));
    assert!(visit.place.peer.windows().is_empty(), "nobody is asked");
}

#[test]
fn certificates_are_given_after_consent_and_without_a_pin() {
    let mut visit = Visit::with(&CardSpec::esteid());
    let id = visit.send(json!({ "type": "signing-certificates" }));
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.escape();
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "user-cancelled"));
    visit.place.window_is_gone();

    let id = visit.send(json!({ "type": "signing-certificates" }));
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.send(&id);
    let answer = visit.place.peer.next_answer();
    assert_eq!(answer["type"], "signing-certificates", "{answer}");
    let listed = &answer["certificates"][0];
    assert_eq!(decode_base64(listed["certificate"].as_str().unwrap()).unwrap(), visit.certificate);
    assert_eq!((&listed["algorithms"][0], &listed["pinEachTime"]), (&json!("ES384"), &json!(true)));
    assert!(listed["unsuitable"].is_null(), "{answer}");
    assert_eq!(visit.place.card.verify_count(), 0, "no try is spent");
}

/// As the extension does: the bytes bind the certificate, so that it is asked for first, and the window has hardly closed.
#[test]
fn documents_are_signed_right_after_the_certificate_was_given() {
    let mut visit = Visit::with(&CardSpec::esteid());
    for round in ["one.txt", "two.txt"] {
        let id = visit.send(json!({ "type": "signing-certificates" }));
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.place.send(&id);
        let answer = visit.place.peer.next_answer();
        assert_eq!(answer["type"], "signing-certificates", "{answer}");
        let (id, attributes) = visit.sign(ES384, &[round]);
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.enter(&id);
        let signatures = visit.signatures(1, 1);
        visit.openssl_verifies(round, &attributes[0], &signatures[0], "sha384");
    }
}

#[test]
fn wrong_pins_block_and_cancel_ends_as_in_a_sign_in() {
    let mut visit = Visit::with(&CardSpec { signature_tries_left: Some(2), ..CardSpec::esteid() });
    let (id, _) = visit.sign(ES384, &["contract.txt"]);
    visit.place.peer.wait_for_stage(&id, "waiting-for-person");
    visit.place.peer.send(&cancel(&id));
    assert_eq!(failure(&visit.place.peer.next_answer()), (Some(id.as_str()), "request-aborted"));
    visit.place.window_is_gone();

    let (id, _) = visit.sign(ES384, &["contract.txt"]);
    for _ in 0..2 {
        visit.place.peer.wait_for_stage(&id, "waiting-for-person");
        visit.place.enter(&id, &["9", "9", "9", "9", "9", "9"]);
    }
    let answer = visit.place.peer.next_answer();
    assert_eq!(failure(&answer), (Some(id.as_str()), "pin-blocked"));
    assert_eq!(visit.place.card.verify_count(), 2);
}
