//! The Estonian card, judged by OpenSC's driver for it, through the real pcscd and our reader driver.

use crate::judge::{Judge, bed_with};
use bitaqa_testbed::CardSpec;

const PIN1: u8 = 0x01;
const PIN2: u8 = 0x85;
const AUTHENTICATION: &str = "01";
const SIGNATURE: &str = "02";

#[test]
fn opensc_knows_the_card_by_its_answer_to_reset() {
    let (bed, _card) = bed_with(&CardSpec::esteid());
    let judge = Judge::of(&bed);
    assert_eq!(judge.run("opensc-tool", &["--name"]).trim(), "EstEID 2018");
    let atr = judge.run("opensc-tool", &["--atr"]);
    assert_eq!(atr.trim(), "3b:db:96:00:80:b1:fe:45:1f:83:00:12:23:3f:53:65:49:44:0f:90:00:f1");
}

#[test]
fn opensc_lists_pins_keys_and_certificates() {
    let (bed, _card) = bed_with(&CardSpec { tries_left: Some(2), ..CardSpec::esteid() });
    let dump = Judge::of(&bed).run("pkcs15-tool", &["--dump"]);
    for expected in [
        "PKCS#15 Card [EXEMPLE,AMINA]",
        "Serial number  : AB1234560",
        "PIN [PIN1]",
        "PIN [PIN2]",
        "PIN [PUK]",
        "Tries left     : 2",
        "Private EC Key [Isikutuvastus]",
        "X.509 Certificate [Allkirjastamine]",
    ] {
        assert!(dump.contains(expected), "no {expected:?} in {dump}");
    }
}

#[test]
fn opensc_reads_the_certificates_that_are_on_the_card() {
    let (bed, card) = bed_with(&CardSpec::esteid().for_person("tiziri"));
    let judge = Judge::of(&bed);
    let certificates = card.certificates();
    let read = judge.run("pkcs15-tool", &["--read-certificate", AUTHENTICATION]);
    assert_eq!(read, certificates.authentication.pem());
    let read = judge.run("pkcs15-tool", &["--read-certificate", SIGNATURE]);
    assert_eq!(read, certificates.signature.pem());
}

#[test]
fn both_keys_sign_through_opensc_and_openssl_verifies() {
    let (bed, card) = bed_with(&CardSpec::esteid());
    let judge = Judge::of(&bed);
    let certificates = card.certificates();
    for (slot, id, pin, certificate) in [
        ("0", AUTHENTICATION, "1234", &certificates.authentication),
        ("1", SIGNATURE, "12345", &certificates.signature),
    ] {
        judge.sign_and_verify(
            &["--slot-index", slot, "--id", id, "--mechanism", "ECDSA"],
            pin,
            "sha384",
            certificate,
        );
    }
}

#[test]
fn a_wrong_pin_costs_a_try_and_the_right_one_gives_all_back() {
    let (bed, card) = bed_with(&CardSpec::esteid());
    let judge = Judge::of(&bed);
    let refused = judge.fails("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "9999"]);
    assert!(refused.contains("PIN code or key incorrect"), "{refused}");
    assert_eq!(card.tries_left(PIN1), Some(2));
    assert_eq!(card.tries_left(PIN2), Some(3));
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "1234"]);
    assert_eq!(card.tries_left(PIN1), Some(3));
    assert_eq!(card.verify_count(), 2);
}

#[test]
fn a_blocked_pin_is_unblocked_with_the_puk() {
    let (bed, card) = bed_with(&CardSpec { signature_tries_left: Some(0), ..CardSpec::esteid() });
    let judge = Judge::of(&bed);
    let verify = ["--verify-pin", "--auth-id", "02", "--pin", "12345"];
    assert!(judge.fails("pkcs15-tool", &verify).contains("Authentication method blocked"));
    judge
        .run("pkcs15-tool", &["--unblock-pin", "--auth-id", "02", "--puk", "12345678", "--new-pin", "98765"]);
    assert_eq!(card.tries_left(PIN2), Some(3));
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "02", "--pin", "98765"]);
}

#[test]
fn a_pin_is_changed() {
    let (bed, _card) = bed_with(&CardSpec::esteid());
    let judge = Judge::of(&bed);
    judge.run("pkcs15-tool", &["--change-pin", "--auth-id", "01", "--pin", "1234", "--new-pin", "4321"]);
    judge.fails("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "1234"]);
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "4321"]);
}
