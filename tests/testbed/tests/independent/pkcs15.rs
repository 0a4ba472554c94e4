//! The PKCS#15 card in all its variants, judged by OpenSC.
//!
//! OpenSC has no driver for a card that nobody sells. Its "default" driver knows the commands of ISO 7816-4 and reads,
//! dumps and verifies PINs on all of them; to sign, it is told to treat the card as a CardOS 5, whose driver sends the
//! MSE and PSO of ISO 7816-8 and learns keys and algorithms from the card's files.

use bitaqa_testbed::{
    CardHandle, CardSpec, Dialect, KeyKind, Lengths, PinFormatName, Protocol, ReaderOptions, Testbed,
};

use crate::judge::{Judge, MESSAGE, bed_with};

const PIN: u8 = 0x81;
const SIGNATURE_PIN: u8 = 0x82;
const AUTHENTICATION: &str = "45";
const SIGNATURE: &str = "46";

const ISO_7816: &str = "app default { enable_default_driver = true; use_file_caching = no; }";
/// SC_CARD_TYPE_CARDOS_V5_3 of OpenSC.
const CARDOS_TYPE: u32 = 1010;

/// What OpenSC is told about the RSA of a CardOS: SC_ALGORITHM_RSA_RAW, _RSA_PAD_PKCS1, _RSA_HASH_NONE.
const PADS_ITSELF: &str = "flags = 0x101;";
const LETS_THE_CARD_PAD: &str = "flags = 0x102;";
/// With elliptic curves OpenSC learns from EF.TokenInfo what the card can.
const ASKS_THE_CARD: &str = "";

/// A card whose files are written the way OpenSC understands best.
fn for_signing(key: KeyKind) -> CardSpec {
    CardSpec { dialect: Some(Dialect::Opensc), ..CardSpec::pkcs15(key) }
}

fn signing_judge<'a>(bed: &'a Testbed, card: &CardHandle, flags: &str) -> Judge<'a> {
    let atr: Vec<String> = card.atr().iter().map(|byte| format!("{byte:02x}")).collect();
    let atr = atr.join(":");
    let card = format!("card_atr {atr} {{ driver = \"cardos\"; type = {CARDOS_TYPE}; {flags} }}");
    Judge::configured(bed, &format!("app default {{ {card} }}"))
}

/// Signs with the authentication key and, where there is one, a mechanism of the signature key.
fn slot<'a>(index: &'a str, id: &'a str, mechanism: &'a str) -> [&'a str; 6] {
    ["--slot-index", index, "--id", id, "--mechanism", mechanism]
}

const PSS: [&str; 4] = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"];

const KINDS: [KeyKind; 4] = [KeyKind::P256, KeyKind::P384, KeyKind::BrainpoolP256r1, KeyKind::Rsa2048];

#[test]
fn opensc_dumps_the_card_and_reads_its_certificates() {
    for key in KINDS {
        let (bed, card) = bed_with(&CardSpec::pkcs15(key));
        let judge = Judge::configured(&bed, ISO_7816);
        let dump = judge.run("pkcs15-tool", &["--dump"]);
        let kind = if key == KeyKind::Rsa2048 { "Private RSA Key" } else { "Private EC Key" };
        for expected in [
            "PKCS#15 Card [Bitaqa test card]",
            "PIN [PIN]",
            "PIN [Signature PIN]",
            "PIN [PUK]",
            kind,
            "nonRepudiation",
            "X.509 Certificate [Signature certificate]",
        ] {
            assert!(dump.contains(expected), "no {expected:?} in {dump}");
        }
        let certificates = card.certificates();
        let read = judge.run("pkcs15-tool", &["--read-certificate", AUTHENTICATION]);
        assert_eq!(read, certificates.authentication.pem());
        let read = judge.run("pkcs15-tool", &["--read-certificate", SIGNATURE]);
        assert_eq!(read, certificates.signature.pem());
    }
}

#[test]
fn opensc_finds_everything_in_files_with_room_to_spare() {
    let (bed, card) = bed_with(&CardSpec { roomy_files: Some(true), ..CardSpec::pkcs15(KeyKind::P256) });
    let judge = Judge::configured(&bed, ISO_7816);
    let read = judge.run("pkcs15-tool", &["--read-certificate", AUTHENTICATION]);
    assert_eq!(read, card.certificates().authentication.pem());
}

/// Not BCD, where OpenSC takes storedLength for a number of digits and the standard for a number of bytes, and not
/// ISO 9564, which OpenSC does not look for in EF.AOD.
#[test]
fn opensc_presents_pins_the_way_the_card_asks_for() {
    for format in [PinFormatName::AsciiFf, PinFormatName::Ascii00, PinFormatName::Ascii] {
        let spec = CardSpec { pin_format: Some(format), ..CardSpec::pkcs15(KeyKind::P256) };
        let (bed, card) = bed_with(&spec);
        let judge = Judge::configured(&bed, ISO_7816);
        judge.fails("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "9999"]);
        assert_eq!(card.tries_left(PIN), Some(2), "{format:?}");
        judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "1234"]);
        assert_eq!(card.tries_left(PIN), Some(3), "{format:?}");
        assert_eq!(card.verify_count(), 2);
    }
}

#[test]
fn opensc_unblocks_and_changes_a_pin() {
    let spec = CardSpec { signature_tries_left: Some(0), ..CardSpec::pkcs15(KeyKind::P384) };
    let (bed, card) = bed_with(&spec);
    let judge = Judge::configured(&bed, ISO_7816);
    judge
        .run("pkcs15-tool", &["--unblock-pin", "--auth-id", "02", "--puk", "12345678", "--new-pin", "55555"]);
    assert_eq!(card.tries_left(SIGNATURE_PIN), Some(3));
    judge.run("pkcs15-tool", &["--change-pin", "--auth-id", "02", "--pin", "55555", "--new-pin", "666666"]);
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "02", "--pin", "666666"]);
}

#[test]
fn opensc_signs_with_elliptic_curves() {
    for key in [KeyKind::P256, KeyKind::P384, KeyKind::BrainpoolP256r1] {
        let (bed, card) = bed_with(&for_signing(key));
        let (mechanism, hash) =
            if key == KeyKind::P384 { ("ECDSA-SHA384", "-sha384") } else { ("ECDSA-SHA256", "-sha256") };
        let judge = signing_judge(&bed, &card, ASKS_THE_CARD);
        let certificates = card.certificates();
        let how = slot("0", AUTHENTICATION, mechanism);
        judge.sign_message(&how, "1234", hash, &[], &certificates.authentication);
        let how = slot("1", SIGNATURE, mechanism);
        judge.sign_message(&how, "12345", hash, &[], &certificates.signature);
    }
}

#[test]
fn opensc_signs_with_rsa_whether_the_card_pads_or_not() {
    let (bed, card) = bed_with(&for_signing(KeyKind::Rsa2048));
    let certificates = card.certificates();
    for flags in [PADS_ITSELF, LETS_THE_CARD_PAD] {
        let judge = signing_judge(&bed, &card, flags);
        let how = slot("0", AUTHENTICATION, "SHA256-RSA-PKCS");
        judge.sign_message(&how, "1234", "-sha256", &[], &certificates.authentication);
    }
    let judge = signing_judge(&bed, &card, PADS_ITSELF);
    let how = slot("0", AUTHENTICATION, "SHA256-RSA-PKCS-PSS");
    judge.sign_message(&how, "1234", "-sha256", &PSS, &certificates.authentication);
    let how = slot("1", SIGNATURE, "SHA256-RSA-PKCS-PSS");
    judge.sign_message(&how, "12345", "-sha256", &PSS, &certificates.signature);
}

#[test]
fn opensc_signs_over_t0_and_with_short_lengths() {
    for protocol in [Protocol::T0, Protocol::T1] {
        for key in [KeyKind::Rsa2048, KeyKind::P256] {
            let spec =
                CardSpec { protocol: Some(protocol), extended_length: Some(false), ..for_signing(key) };
            let (bed, card) = bed_with(&spec);
            let certificate = card.certificates().authentication;
            if key == KeyKind::Rsa2048 {
                let judge = signing_judge(&bed, &card, LETS_THE_CARD_PAD);
                let how = slot("0", AUTHENTICATION, "SHA256-RSA-PKCS");
                judge.sign_message(&how, "1234", "-sha256", &[], &certificate);
            } else {
                let judge = signing_judge(&bed, &card, ASKS_THE_CARD);
                let how = slot("0", AUTHENTICATION, "ECDSA-SHA256");
                judge.sign_message(&how, "1234", "-sha256", &[], &certificate);
            }
            let extended = card.log().iter().any(|entry| entry.bytes_in > 261 || entry.bytes_out > 258);
            assert!(!extended, "an extended command to a card that has none");
            let fetched = card.log().iter().any(|entry| entry.is(0xC0));
            assert_eq!(fetched, protocol == Protocol::T0, "GET RESPONSE belongs to T=0");
        }
    }
}

#[test]
fn opensc_is_told_that_a_reader_carries_short_lengths_only() {
    for (lengths, extended) in [(Lengths::Short, false), (Lengths::Extended, true)] {
        let options = ReaderOptions { lengths, ..ReaderOptions::default() };
        let bed = Testbed::builder().reader(options).start().unwrap();
        let card = bed.insert(0, &for_signing(KeyKind::Rsa2048)).unwrap();
        let judge = signing_judge(&bed, &card, LETS_THE_CARD_PAD);
        let how = slot("0", AUTHENTICATION, "SHA256-RSA-PKCS");
        judge.sign_message(&how, "1234", "-sha256", &[], &card.certificates().authentication);
        let seen = card.log().iter().any(|entry| entry.bytes_in > 261 || entry.bytes_out > 258);
        assert_eq!(seen, extended, "{lengths:?}");
    }
}

#[test]
fn openssl_verifies_what_the_card_hashed_and_padded_itself() {
    let (bed, card) = bed_with(&CardSpec::pkcs15(KeyKind::Rsa2048));
    let judge = Judge::configured(&bed, ISO_7816);
    let certificate = card.certificates().authentication;
    let message: String = MESSAGE.bytes().map(|byte| format!("{byte:02X}")).collect();
    for (algorithm, options) in [("40", &[][..]), ("50", &PSS)] {
        let signature = judge.exchange(&[
            "00A4040C0CA000000063504B43532D3135".to_owned(),
            "002000810831323334FFFFFFFF".to_owned(),
            format!("002241B6068001{algorithm}840101"),
            format!("002A9080{:02X}{message}", MESSAGE.len()),
            "002A9E9A00".to_owned(),
        ]);
        assert_eq!(signature.len(), 256);
        judge.verify_signature(&signature, "-sha256", options, &certificate);
    }
}
