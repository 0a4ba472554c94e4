//! The PIV card, judged by OpenSC's driver for PIV cards, through the real pcscd and our reader driver.

use bitaqa_testbed::{CardSpec, KeyKind, Lengths, ReaderOptions, Testbed};

use crate::judge::{Judge, bed_with};

const PIN: u8 = 0x80;
const AUTHENTICATION: &str = "01";
const SIGNATURE: &str = "02";

#[test]
fn opensc_knows_the_card_by_its_application() {
    let (bed, _card) = bed_with(&CardSpec::piv(KeyKind::P256));
    let judge = Judge::of(&bed);
    let name = judge.run("piv-tool", &["--name"]);
    assert_eq!(name.trim(), "Personal Identity Verification Card");
    let serial = judge.run("piv-tool", &["--serial"]);
    assert!(!serial.trim().is_empty());
}

#[test]
fn opensc_lists_pins_keys_and_certificates() {
    for key in [KeyKind::P256, KeyKind::P384, KeyKind::Rsa2048] {
        let (bed, _card) = bed_with(&CardSpec::piv(key));
        let dump = Judge::of(&bed).run("pkcs15-tool", &["--dump"]);
        let kind = if key == KeyKind::Rsa2048 { "Private RSA Key" } else { "Private EC Key" };
        for expected in [
            "PIN [PIN]",
            "Certificate for PIV Authentication",
            "Certificate for Digital Signature",
            "Certificate for Key Management",
            "Certificate for Card Authentication",
            &format!("{kind} [PIV AUTH key]"),
            &format!("{kind} [SIGN key]"),
        ] {
            assert!(dump.contains(expected), "no {expected:?} in {dump}");
        }
    }
}

#[test]
fn opensc_reads_the_certificates_that_are_on_the_card() {
    let (bed, card) = bed_with(&CardSpec::piv(KeyKind::P384).for_person("maryam"));
    let judge = Judge::of(&bed);
    let certificates = card.certificates();
    for (id, certificate) in
        [(AUTHENTICATION, certificates.authentication), (SIGNATURE, certificates.signature)]
    {
        assert_eq!(judge.run("pkcs15-tool", &["--read-certificate", id]), certificate.pem());
    }
}

#[test]
fn both_keys_sign_through_opensc_and_openssl_verifies() {
    for (key, mechanism, hash) in [(KeyKind::P256, "ECDSA", "sha256"), (KeyKind::P384, "ECDSA", "sha384")] {
        let (bed, card) = bed_with(&CardSpec::piv(key));
        let judge = Judge::of(&bed);
        let certificates = card.certificates();
        for (id, certificate) in
            [(AUTHENTICATION, &certificates.authentication), (SIGNATURE, &certificates.signature)]
        {
            let how = ["--slot-index", "0", "--id", id, "--mechanism", mechanism];
            judge.sign_and_verify(&how, "123456", hash, certificate);
        }
    }
}

#[test]
fn rsa_keys_sign_in_a_chain_of_short_commands_and_in_extended_ones() {
    for lengths in [Lengths::Short, Lengths::Extended] {
        let options = ReaderOptions { lengths, ..ReaderOptions::default() };
        let bed = Testbed::builder().reader(options).start().unwrap();
        let card = bed.insert(0, &CardSpec::piv(KeyKind::Rsa2048)).unwrap();
        let judge = Judge::of(&bed);
        let certificates = card.certificates();
        for (id, certificate) in
            [(AUTHENTICATION, &certificates.authentication), (SIGNATURE, &certificates.signature)]
        {
            let how = ["--slot-index", "0", "--id", id, "--mechanism", "SHA256-RSA-PKCS"];
            judge.sign_message(&how, "123456", "-sha256", &[], certificate);
        }
    }
}

#[test]
fn a_wrong_pin_costs_a_try_and_the_right_one_gives_all_back() {
    let (bed, card) = bed_with(&CardSpec::piv(KeyKind::P256));
    let judge = Judge::of(&bed);
    let refused = judge.fails("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "999999"]);
    assert!(refused.contains("PIN code or key incorrect"), "{refused}");
    assert_eq!(card.tries_left(PIN), Some(2));
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "123456"]);
    assert_eq!(card.tries_left(PIN), Some(3));
}

#[test]
fn a_pin_is_changed_and_a_blocked_one_gets_a_new_value() {
    let (bed, card) = bed_with(&CardSpec { tries_left: Some(0), ..CardSpec::piv(KeyKind::P256) });
    let judge = Judge::of(&bed);
    judge.run(
        "pkcs15-tool",
        &["--unblock-pin", "--auth-id", "01", "--puk", "12345678", "--new-pin", "654321"],
    );
    assert_eq!(card.tries_left(PIN), Some(3));
    judge.run("pkcs15-tool", &["--change-pin", "--auth-id", "01", "--pin", "654321", "--new-pin", "111111"]);
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "111111"]);
}

#[test]
fn openssl_verifies_the_signature_of_the_holder_identifier() {
    let (bed, _card) = bed_with(&CardSpec::piv(KeyKind::P256));
    let judge = Judge::of(&bed);
    let path = |name: &str| bed.folder().join(name).display().to_string();
    let object =
        judge.exchange(&["00A4040009A00000030800001000".to_owned(), "00CB3FFF055C035FC10200".to_owned()]);
    let [0x53, 0x82, _, _, fields @ ..] = object.as_slice() else { panic!("{object:02X?}") };
    // FASC-N, UUID and expiry; then the signature in a long form; then the end
    let (content, rest) = fields.split_at(27 + 18 + 10);
    let [0x3E, 0x82, high, low, rest @ ..] = rest else { panic!("{object:02X?}") };
    let (signature, end) = rest.split_at(usize::from(u16::from_be_bytes([*high, *low])));
    assert_eq!(end, [0xFE, 0]);
    std::fs::write(path("chuid"), [content, end].concat()).unwrap();
    std::fs::write(path("chuid.p7s"), signature).unwrap();
    let certificates =
        ["root.pem", "issuing.pem"].map(|name| std::fs::read(bed.pki_dir().join(name)).unwrap());
    std::fs::write(path("authorities.pem"), certificates.concat()).unwrap();
    let (content, signature) = (path("chuid"), path("chuid.p7s"));
    let authorities = path("authorities.pem");
    let verify = ["cms", "-verify", "-inform", "DER", "-in", &signature, "-content", &content, "-binary"];
    let trust = ["-CAfile", &authorities, "-purpose", "any", "-out", &path("signed")];
    let said = judge.try_run("openssl", &[&verify[..], &trust].concat());
    assert!(said.is_ok(), "{said:?}");
}
