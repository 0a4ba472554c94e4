//! The IAS ECC card, judged by OpenSC's driver for such cards and its `iasecc-tool`, through the real pcscd and our
//! reader driver. What that driver cannot do (elliptic curves; with OpenSSL 3 also PSO) goes through `opensc-tool`.

use bitaqa_testbed::{CardSpec, KeyKind};

use crate::judge::{Judge, MESSAGE, bed_with};

const PIN: u8 = 0x81;
const SIGNATURE_PIN: u8 = 0x82;
const APPLICATION: &str = "F04254512D494153454343";
const AUTHENTICATION: &str = "01";
const SIGNATURE: &str = "02";

#[test]
fn opensc_knows_the_card_by_its_answer_to_reset_and_reads_its_numbers() {
    let (bed, _card) = bed_with(&CardSpec::iasecc(KeyKind::P256));
    let judge = Judge::of(&bed);
    assert_eq!(judge.run("opensc-tool", &["--name"]).trim(), "IAS-ECC");
    let serial = judge.run("opensc-tool", &["--serial"]);
    assert_eq!(serial.split_whitespace().take(8).count(), 8, "{serial}");
    let listed = judge.run("iasecc-tool", &["--list-applications"]);
    assert!(listed.contains("Application 'IAS ECC'"), "{listed}");
    assert!(listed.contains(APPLICATION), "{listed}");
}

#[test]
fn opensc_reads_the_security_data_objects() {
    let (bed, _card) = bed_with(&CardSpec { tries_left: Some(2), ..CardSpec::iasecc(KeyKind::Rsa2048) });
    let judge = Judge::of(&bed);
    let list = |class| judge.run("iasecc-tool", &["--aid", APPLICATION, "--list-sdos", class]);
    let pins = list("x01");
    for expected in
        ["class 1, reference 1", "class 1, reference 3", "tries remaining:\t02", "73:00:00:13:FF:00"]
    {
        assert!(pins.contains(expected), "no {expected:?} in {pins}");
    }
    let keys = list("x10");
    for expected in ["class 10, reference 1", "class 10, reference 2", "size:\t01:00", "21:11:00", "41:12:00"]
    {
        assert!(keys.contains(expected), "no {expected:?} in {keys}");
    }
    assert!(list("x20").contains("class 20, reference 2"));
    let environments = list("x7B");
    for expected in ["Found SE #1", "Found SE #3", "ref 83"] {
        assert!(environments.contains(expected), "no {expected:?} in {environments}");
    }
}

#[test]
fn opensc_dumps_the_card_and_reads_its_certificates() {
    for key in [KeyKind::Rsa2048, KeyKind::P256, KeyKind::P384] {
        let (bed, card) = bed_with(&CardSpec::iasecc(key));
        let judge = Judge::of(&bed);
        let dump = judge.run("pkcs15-tool", &["--dump"]);
        for expected in ["PKCS#15 Card [IAS ECC]", "PIN [Signature PIN]", "PIN [PUK]", "[Signature key]"] {
            assert!(dump.contains(expected), "no {expected:?} in {dump}");
        }
        let certificates = card.certificates();
        for (id, certificate) in
            [(AUTHENTICATION, certificates.authentication), (SIGNATURE, certificates.signature)]
        {
            assert_eq!(judge.run("pkcs15-tool", &["--read-certificate", id]), certificate.pem());
        }
    }
}

#[test]
fn the_authentication_key_signs_through_opensc_and_openssl_verifies() {
    let (bed, card) = bed_with(&CardSpec::iasecc(KeyKind::Rsa2048));
    let how = ["--slot-index", "0", "--id", AUTHENTICATION, "--mechanism", "RSA-PKCS"];
    Judge::of(&bed).sign_digest_info(&how, "1234", &card.certificates().authentication);
}

#[test]
fn the_signature_key_signs_what_the_card_hashed_to_the_end() {
    let (bed, card) = bed_with(&CardSpec::iasecc(KeyKind::Rsa2048));
    let judge = Judge::of(&bed);
    let message: String = MESSAGE.bytes().map(|byte| format!("{byte:02X}")).collect();
    let object = format!("9000 80{:02X}{message}", MESSAGE.len()).replace(' ', "");
    let signature = judge.exchange(&[
        format!("00A4040C0B{APPLICATION}"),
        "0020008208 3132333435FFFFFF".replace(' ', ""),
        "002241AA03800140".to_owned(),
        "002241B606800142840182".to_owned(),
        format!("002A90A0{:02X}{object}", object.len() / 2),
        "002A9E9A00".to_owned(),
    ]);
    judge.verify_signature(&signature, "-sha256", &[], &card.certificates().signature);
}

#[test]
fn opensc_counts_changes_and_unblocks_pins() {
    let (bed, card) =
        bed_with(&CardSpec { signature_tries_left: Some(0), ..CardSpec::iasecc(KeyKind::P256) });
    let judge = Judge::of(&bed);
    judge.fails("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "9999"]);
    assert_eq!(card.tries_left(PIN), Some(2));
    judge.run("pkcs15-tool", &["--change-pin", "--auth-id", "01", "--pin", "1234", "--new-pin", "4321"]);
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "4321"]);
    judge
        .run("pkcs15-tool", &["--unblock-pin", "--auth-id", "02", "--puk", "12345678", "--new-pin", "55555"]);
    assert_eq!(card.tries_left(SIGNATURE_PIN), Some(3));
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "02", "--pin", "55555"]);
}
