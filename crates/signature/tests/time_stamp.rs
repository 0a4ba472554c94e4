//! Time stamps of an authority that is not ours.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where it cannot go on")]

mod support;

use bitaqa_signature::{
    Hash,
    time_stamp::{TimeStampError, TimeStampRequest, TimeStampToken, token_of_response},
};
use support::{Kind, judge::ask, now, pki};

const NONCE: [u8; 8] = [0, 0x81, 2, 3, 4, 5, 6, 7];

fn request(hash: Hash, content: &[u8]) -> TimeStampRequest {
    TimeStampRequest::new(hash, &hash.digest(&[content]), Some(NONCE)).unwrap()
}

#[test]
fn an_authority_answers_and_its_signature_verifies() {
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let request = request(hash, b"stamped");
        let response = pki().time_stamp(&request.to_der());
        let token = token_of_response(&response, &request).unwrap();
        let parsed = TimeStampToken::parse(&token).unwrap();
        assert_eq!(parsed.hash(), Some(hash));
        assert_eq!(parsed.imprint(), hash.digest(&[b"stamped"]));
        assert_eq!(parsed.policy().to_string(), "1.2.3.4.1");
        let age = now().unix_duration().abs_diff(parsed.gen_time().unix_duration());
        assert!(age.as_secs() < 3600, "{age:?}");
        assert_eq!(parsed.verify_signature(&[]).unwrap(), pki().certificate("tsa.pem"));

        let file = pki().file(&format!("token_{hash:?}.tst"), &token);
        let content = pki().file("stamped.bin", b"stamped");
        let root = pki().path("root.pem");
        let verdict = ask(
            "openssl",
            [
                "ts".as_ref(),
                "-verify".as_ref(),
                "-token_in".as_ref(),
                "-in".as_ref(),
                file.as_os_str(),
                "-data".as_ref(),
                content.as_os_str(),
                "-CAfile".as_ref(),
                root.as_os_str(),
            ],
        );
        assert!(verdict.success, "{}", verdict.text);
    }
}

#[test]
fn openssl_reads_the_request_as_it_was_meant() {
    let file = pki().file("asked.tsq", &request(Hash::Sha384, b"stamped").to_der());
    let verdict = ask(
        "openssl",
        ["ts".as_ref(), "-query".as_ref(), "-text".as_ref(), "-in".as_ref(), file.as_os_str()],
    );
    for line in
        ["Version: 1", "Hash Algorithm: sha384", "Nonce: 0x81020304050607", "Certificate required: yes"]
    {
        assert!(verdict.text.contains(line), "{line} in {}", verdict.text);
    }
}

#[test]
fn an_answer_to_another_request_is_refused() {
    let asked = request(Hash::Sha256, b"stamped");
    let response = pki().time_stamp(&asked.to_der());
    let other = token_of_response(&response, &request(Hash::Sha256, b"something else"));
    assert_eq!(other, Err(TimeStampError::NotAsked("imprint")));
    let digest = Hash::Sha256.digest(&[b"stamped"]);
    for nonce in [None, Some([9; 8])] {
        let request = TimeStampRequest::new(Hash::Sha256, &digest, nonce).unwrap();
        assert_eq!(token_of_response(&response, &request), Err(TimeStampError::NotAsked("nonce")));
    }
    let policy = asked.with_policy("1.2.3.4.2".parse().unwrap());
    assert_eq!(token_of_response(&response, &policy), Err(TimeStampError::NotAsked("policy")));
}

#[test]
fn a_refusal_is_told() {
    // the authority knows no policy but its own
    let request = request(Hash::Sha256, b"stamped").with_policy("1.2.3.4.99".parse().unwrap());
    let response = pki().time_stamp(&request.to_der());
    let error = token_of_response(&response, &request).unwrap_err();
    assert!(matches!(error, TimeStampError::Refused { status: 2, .. }), "{error}");
}

#[test]
fn a_flipped_bit_is_never_a_valid_time_stamp_of_something_else() {
    let request = request(Hash::Sha256, b"stamped");
    let token = token_of_response(&pki().time_stamp(&request.to_der()), &request).unwrap();
    let genuine = TimeStampToken::parse(&token).unwrap();
    let authority = genuine.verify_signature(&[]).unwrap();
    let mut still_valid = 0;
    for position in 0..token.len() {
        let mut changed = token.clone();
        changed[position] ^= 1;
        let Ok(parsed) = TimeStampToken::parse(&changed) else { continue };
        let Ok(by) = parsed.verify_signature(&[]) else { continue };
        still_valid += 1;
        assert_eq!(
            (by, parsed.gen_time(), parsed.imprint()),
            (authority.clone(), genuine.gen_time(), genuine.imprint()),
            "{position}"
        );
        assert_eq!((parsed.hash(), parsed.policy()), (genuine.hash(), genuine.policy()), "{position}");
    }
    // versions, the list of digest algorithms and the issuer's certificate are not signed
    assert!(still_valid < token.len() / 2, "{still_valid} of {}", token.len());
}

#[test]
fn who_is_not_for_time_stamps_makes_none() {
    let holder = pki().issue("not_tsa", Kind::P256, "/CN=Somebody", "sign_in");
    let request = request(Hash::Sha256, b"stamped");
    let token = token_of_response(&pki().time_stamp(&request.to_der()), &request).unwrap();
    // the certificate is named by what is signed, so another one is not even tried
    let without = TimeStampToken::parse(&token).unwrap();
    assert!(without.verify_signature(&[holder.certificate]).is_ok());
    let signed = pki().run(&[
        "cms",
        "-sign",
        "-cades",
        "-nodetach",
        "-binary",
        "-in",
        "ts.req",
        "-signer",
        "not_tsa.pem",
        "-inkey",
        "not_tsa.key",
        "-econtent_type",
        "1.2.840.113549.1.9.16.1.4",
        "-outform",
        "DER",
    ]);
    assert!(TimeStampToken::parse(&signed).is_err());
}
