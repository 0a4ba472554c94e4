//! The Finnish cards and the Estonian one of 2025, judged by OpenSC and openssl, through the real pcscd and our reader
//! driver.
//!
//! The OpenSC of Debian has no driver for these cards. Its "default" driver finds its way by the lists of PKCS#15 on the
//! Finnish ones; signatures are asked for with `opensc-tool`, the commands being those of the published specifications.

use bitaqa_testbed::{CardHandle, CardSpec, Generation, Personality, Testbed};

use crate::judge::{self, Judge};

const ISO_7816: &str = "app default { enable_default_driver = true; use_file_caching = no; }";
const PSS: [&str; 4] = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"];
const SELECT: &str = "00A4040C0CA000000063504B43532D3135";

fn bed_with(personality: Personality, generation: Generation) -> (Testbed, CardHandle) {
    judge::bed_with(&CardSpec::of_generation(personality, generation))
}

/// A PIN of ASCII digits, filled to 12 bytes with zeros.
fn pin(digits: &str) -> String {
    let digits: String = digits.bytes().map(|digit| format!("{digit:02X}")).collect();
    format!("0C{digits:0<24}")
}

#[test]
fn opensc_dumps_the_finnish_cards_and_reads_their_certificates() {
    for (generation, kind) in [(Generation::V3, "Private RSA Key"), (Generation::V4, "Private EC Key")] {
        let (bed, card) = bed_with(Personality::Fineid, generation);
        let judge = Judge::configured(&bed, ISO_7816);
        let dump = judge.run("pkcs15-tool", &["--dump"]);
        for expected in
            ["PKCS#15 Card [HENKILOKORTTI]", "PIN [perustunnusluku]", "PIN [PUK]", kind, "Private EC Key"]
        {
            assert!(dump.contains(expected), "no {expected:?} in {dump}");
        }
        let certificates = card.certificates();
        for (id, certificate) in [("45", certificates.authentication), ("46", certificates.signature)] {
            assert_eq!(judge.run("pkcs15-tool", &["--read-certificate", id]), certificate.pem());
        }
    }
}

#[test]
fn opensc_counts_changes_and_unblocks_the_pins_of_the_finnish_card() {
    let (bed, card) = bed_with(Personality::Fineid, Generation::V4);
    let judge = Judge::configured(&bed, ISO_7816);
    judge.fails("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "9999"]);
    assert_eq!(card.tries_left(0x11), Some(4));
    judge.run("pkcs15-tool", &["--change-pin", "--auth-id", "02", "--pin", "123456", "--new-pin", "654321"]);
    judge.run("pkcs15-tool", &["--unblock-pin", "--auth-id", "01", "--puk", "12345678", "--new-pin", "4321"]);
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "4321"]);
    judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "02", "--pin", "654321"]);
}

#[test]
fn openssl_verifies_what_every_key_signs() {
    for (personality, generation, authentication, signature) in [
        (Personality::Fineid, Generation::V3, ("11", "45", "01", "-sha256"), ("82", "44", "03", "-sha256")),
        (Personality::Fineid, Generation::V4, ("11", "54", "01", "-sha384"), ("82", "64", "02", "-sha512")),
        (
            Personality::Esteid,
            Generation::Thales,
            ("81", "54", "01", "-sha384"),
            ("82", "34", "05", "-sha224"),
        ),
    ] {
        let (bed, card) = bed_with(personality, generation);
        let judge = Judge::of(&bed);
        let certificates = card.certificates();
        let signature_pin = if personality == Personality::Fineid { "123456" } else { "12345" };
        for ((reference, algorithm, key, hash), digits, certificate) in [
            (authentication, "1234", certificates.authentication),
            (signature, signature_pin, certificates.signature),
        ] {
            let value = judge.hash_of_message(hash);
            let hexadecimal: String = value.iter().map(|byte| format!("{byte:02X}")).collect();
            let (length, object) = (value.len(), value.len() + 2);
            let signed = judge.exchange(&[
                SELECT.to_owned(),
                format!("002000{reference}{}", pin(digits)),
                format!("002241B6068001{algorithm}8401{key}"),
                format!("002A90A0{object:02X}90{length:02X}{hexadecimal}"),
                "002A9E9A00".to_owned(),
            ]);
            let rsa = generation == Generation::V3 && key == "01";
            let signed = if rsa { signed } else { Judge::in_der(&signed) };
            judge.verify_signature(&signed, hash, if rsa { &PSS } else { &[] }, &certificate);
        }
    }
}

#[test]
fn opensc_takes_the_certificates_of_the_estonian_card_from_their_places() {
    let (bed, card) = bed_with(Personality::Esteid, Generation::Thales);
    let judge = Judge::of(&bed);
    assert_eq!(
        judge.run("opensc-tool", &["--atr"]).trim(),
        "3b:ff:96:00:00:80:31:fe:43:80:31:b8:53:65:49:44:64:b0:85:05:10:12:23:3f:1d"
    );
    let certificates = card.certificates();
    for (path, certificate) in
        [("ADF13411", certificates.authentication), ("ADF23421", certificates.signature)]
    {
        let read = judge.exchange(&[SELECT.to_owned(), format!("00A4080C04{path}"), "00B0000080".to_owned()]);
        assert_eq!(read, certificate.der()[..0x80]);
    }
}
