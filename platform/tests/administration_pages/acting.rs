//! What is done is what an operator's key signed.

use std::fs;

use aes_gcm::{
    Aes256Gcm,
    aead::{Aead as _, KeyInit as _, Payload},
};
use bitaqa_jose::base64url;
use bitaqa_platform::administration::{Act, Draft, draft::MAX_AGE};
use serde_json::{Value, json};

use crate::{
    browser::{Answer, Browser},
    form,
    relying_party::FORM,
    running::Running,
    signed_in,
};

/// What a page says is to be signed, if it is one that does.
pub(crate) fn draft(browser: &mut Browser, id: &str, pairs: &[(&str, &str)]) -> Result<Draft, Answer> {
    let answer = browser.post(&format!("/portals/{id}/draft?lang=en"), FORM, &form(pairs));
    let Some(after) = answer.body.split("data-input=\"").nth(1) else { return Err(answer) };
    assert_eq!(answer.status, 200);
    Ok(Draft::parse(after.split('"').next().unwrap()).unwrap())
}

pub(crate) fn submit(browser: &mut Browser, id: &str, signed: &str) -> Answer {
    browser.post(&format!("/portals/{id}/entry?lang=en"), FORM, &form(&[("signed", signed)]))
}

/// The platform has the keys of a version that signed with ES256 alone.
fn keep_es256_alone(running: &Running) {
    let [keys, unsealing] = ["keys", "unsealing"].map(|name| running.folder().join(name));
    let unsealing = base64url::decode(fs::read_to_string(unsealing).unwrap().trim()).unwrap();
    let cipher = Aes256Gcm::new_from_slice(&unsealing).unwrap();
    let sealed = fs::read(&keys).unwrap();
    let (nonce, sealed) = sealed.split_first_chunk::<12>().unwrap();
    let aad = b"bitaqa-platform-keys-1";
    let text = cipher.decrypt(nonce.into(), Payload { msg: sealed, aad }).unwrap();
    let mut members: Value = serde_json::from_slice(&text).unwrap();
    members.as_object_mut().unwrap().remove("signing_rsa");
    let on_curves = members["signing"].as_array_mut().unwrap();
    on_curves.retain(|key| key["jwk"].as_str().unwrap().contains("P-256"));
    let text = members.to_string();
    let sealed = cipher.encrypt(nonce.into(), Payload { msg: text.as_bytes(), aad }).unwrap();
    fs::write(keys, [&nonce[..], &sealed].concat()).unwrap();
}

#[test]
fn what_a_registration_rests_on_is_looked_at_when_it_is_approved() {
    let running = Running::new();
    let staff = running.staff.clone();
    keep_es256_alone(&running);
    running.confidential("bank", "");
    let mut authoriser = signed_in(&running, &staff.authoriser);
    for (changes, said) in [
        (json!({ "/formats/id_token_signing": "RS256" }), "no key that signs with RS256"),
        (json!({ "/formats/userinfo_signing": "EdDSA" }), "no key that signs with EdDSA"),
        (
            json!({ "/sector_identifier_uri": "http://127.0.0.1:1/", "/sector": "127.0.0.1" }),
            "sector_identifier_uri: ",
        ),
    ] {
        let digest = running.at_the_desk(async |desk| {
            let client = desk.store.client("bank").await.unwrap().unwrap();
            let mut registration: Value = serde_json::from_str(&client.registration).unwrap();
            for (member, value) in changes.as_object().unwrap() {
                *registration.pointer_mut(member).unwrap() = value.clone();
            }
            let registration = serde_json::from_value(registration).unwrap();
            desk.propose(&staff.onboarder, "shop", &registration).await.unwrap()
        });
        let approve = [("work", "approve"), ("proposal", digest.as_str())];
        let signed = draft(&mut authoriser, "shop", &approve).unwrap().sign(&staff.authoriser).unwrap();
        let refused = submit(&mut authoriser, "shop", &signed);
        assert_eq!(refused.status, 409, "{changes}");
        assert!(refused.body.contains(said), "{changes}: {}", refused.body);
    }
}

#[test]
fn an_operator_does_in_the_browser_what_the_key_signed_and_nothing_else() {
    let running = Running::new();
    let bank = running.confidential("bank", "");
    let staff = &running.staff;
    let (mut onboarder, mut authoriser) =
        (signed_in(&running, &staff.onboarder), signed_in(&running, &staff.authoriser));
    let suspend = [("work", "suspend"), ("reason", "complaints about it")];
    let to_sign = draft(&mut authoriser, "bank", &suspend).unwrap();
    assert_eq!(bank.push(&[]).status, 201, "nothing is done yet");
    // another key, another operator's session, an altered entry
    let by_another = to_sign.sign(&staff.onboarder).unwrap();
    let signed = to_sign.sign(&staff.authoriser).unwrap();
    for (browser, text, said) in [
        (&mut authoriser, by_another.as_str(), "did not sign it"),
        (&mut onboarder, signed.as_str(), "another operator than"),
    ] {
        let answer = submit(browser, "bank", text);
        assert_eq!(answer.status, 409);
        assert!(answer.body.contains(said), "{said}: {}", answer.body);
    }
    assert_eq!(bank.push(&[]).status, 201);
    assert_eq!(submit(&mut authoriser, "bank", &signed).location(), "/portals/bank?lang=en");
    assert_eq!(bank.push(&[]).error(), "invalid_client");
    let page = authoriser.get("/portals/bank?lang=en").body;
    assert!(page.contains("complaints about it") && page.contains("Suspended since"), "{page}");
    // the same again is not what would be signed now
    let again = submit(&mut authoriser, "bank", &signed);
    assert!(again.body.contains("something happened since"), "{}", again.body);

    // an onboarder proposes to take it up again, an authoriser approves
    let refused = draft(&mut authoriser, "bank", &[("work", "resume")]).unwrap_err();
    assert!(refused.body.contains("this takes an onboarder"), "{}", refused.body);
    let resume = draft(&mut onboarder, "bank", &[("work", "resume")]).unwrap();
    let signed = resume.sign(&staff.onboarder).unwrap();
    submit(&mut onboarder, "bank", &signed).location();
    let page = authoriser.get("/portals/bank?lang=en").body;
    assert!(page.contains("It ends the suspension"), "{page}");
    let digest = page.split("name=\"proposal\" value=\"").nth(1).unwrap()[..64].to_owned();
    let approve = [("work", "approve"), ("proposal", digest.as_str())];
    assert!(draft(&mut onboarder, "bank", &approve).unwrap_err().body.contains("this takes an authoriser"));
    let other = [("work", "approve"), ("proposal", "00")];
    assert!(draft(&mut authoriser, "bank", &other).unwrap_err().body.contains("no proposal of that digest"));
    let signed = draft(&mut authoriser, "bank", &approve).unwrap().sign(&staff.authoriser).unwrap();
    submit(&mut authoriser, "bank", &signed).location();
    assert_eq!(bank.push(&[]).status, 201);

    // refused is refused
    let registration = running.at_the_desk(async |desk| {
        let client = desk.store.client("bank").await.unwrap().unwrap();
        let registration = client.registration.replace("Example Act, article 4", "Example Act, article 5");
        let registration = serde_json::from_str(&registration).unwrap();
        desk.propose(&staff.onboarder, "bank", &registration).await.unwrap()
    });
    let page = authoriser.get("/portals/bank?lang=en").body;
    let changes = page.split("facts changes").nth(1).unwrap().split("</dl>").next().unwrap().to_owned();
    assert_eq!(changes.matches("<dt>").count(), 1, "{changes}");
    assert!(changes.contains("article 4") && changes.contains("article 5"), "{changes}");
    let refuse = [("work", "refuse"), ("proposal", registration.as_str()), ("reason", "not that article")];
    let signed = draft(&mut authoriser, "bank", &refuse).unwrap().sign(&staff.authoriser).unwrap();
    submit(&mut authoriser, "bank", &signed).location();
    assert!(!authoriser.get("/portals/bank?lang=en").body.contains("facts changes"));
    let audit = authoriser.get("/audit?lang=en").body;
    assert!(audit.contains("All chains hold") && audit.contains("not that article"), "{audit}");
    for act in ["suspend", "propose", "approve", "refuse"] {
        let event = format!("\"event\":\"administration\",\"outcome\":\"{act}\",\"client\":\"bank\"");
        assert!(running.log().contains(&event), "{event}");
    }
}

#[test]
fn what_was_shown_too_long_ago_or_before_something_else_is_not_done() {
    let running = Running::new();
    running.confidential("bank", "");
    let key = &running.staff.authoriser;
    let suspend = [("work", "suspend"), ("reason", "a test")];
    let mut browser = signed_in(&running, key);
    let old = draft(&mut browser, "bank", &suspend).unwrap().sign(key).unwrap();
    running.later(MAX_AGE + 1);
    let answer = submit(&mut browser, "bank", &old);
    assert!(answer.body.contains("more than ten minutes ago"), "{}", answer.body);
    // in the future, or before the entry that it follows
    let fresh = draft(&mut browser, "bank", &suspend).unwrap();
    for (change, said) in [(60, "more than ten minutes ago"), (-MAX_AGE - 1, "ten minutes ago")] {
        let mut entry = fresh.entry.clone();
        entry.iat += change;
        let answer = submit(&mut browser, "bank", &entry.sign(key).unwrap());
        assert!(answer.body.contains(said), "{change}: {}", answer.body);
    }
    // a registration is not proposed with an entry alone, and nothing is signed for another portal's revision
    let mut entry = fresh.entry.clone();
    if let Act::Suspend { revision, .. } = &mut entry.act {
        *revision += 1;
    }
    let answer = submit(&mut browser, "bank", &entry.sign(key).unwrap());
    assert!(answer.body.contains("something happened since"), "{}", answer.body);
    // somebody signs in between, with the same key
    let signed = fresh.sign(key).unwrap();
    running.suspend("bank");
    let answer = submit(&mut browser, "bank", &signed);
    assert!(answer.body.contains("something happened since"), "{}", answer.body);
    assert!(draft(&mut browser, "nobody", &suspend).unwrap_err().status == 404);
    let none = draft(&mut browser, "bank", &[("work", "suspend"), ("reason", "a\u{202e}b")]).unwrap_err();
    assert!(none.body.contains("1 to 300 characters"), "{}", none.body);
    assert_eq!(draft(&mut browser, "bank", &[("work", "else")]).unwrap_err().status, 200);
}
