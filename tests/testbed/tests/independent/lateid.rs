//! The Latvian card, judged by OpenSC and openssl, through the real pcscd and our reader driver.
//!
//! The OpenSC of Debian knows the Estonian card of the same maker: told to treat this one so, its driver reads the card
//! and presents PINs. The keys have other references than on that card, so signatures go through `opensc-tool`.

use bitaqa_testbed::{CardHandle, CardSpec, KeyKind, Personality, Testbed};

use crate::judge::{self, Judge};

/// SC_CARD_TYPE_ESTEID_2018 of OpenSC.
const ESTONIAN: &str = "app default { card_atr 3b:db:96:00:80:b1:fe:45:1f:83:00:12:42:8f:53:65:49:44:0f:90:00:20 \
    { driver = \"esteid2018\"; type = 35001; } }";

fn bed_with(key: Option<KeyKind>) -> (Testbed, CardHandle) {
    judge::bed_with(&CardSpec { key, ..CardSpec::new(Personality::Lateid) })
}

#[test]
fn opensc_reads_the_card_as_if_it_were_estonian() {
    for key in [Some(KeyKind::P384), None] {
        let (bed, card) = bed_with(key);
        let judge = Judge::configured(&bed, ESTONIAN);
        let certificates = card.certificates();
        for (id, certificate) in [("01", certificates.authentication), ("02", certificates.signature)] {
            assert_eq!(judge.run("pkcs15-tool", &["--read-certificate", id]), certificate.pem());
        }
        judge.fails("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "9999"]);
        assert_eq!(card.tries_left(0x01), Some(2));
        judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "01", "--pin", "1234"]);
        judge.run("pkcs15-tool", &["--verify-pin", "--auth-id", "02", "--pin", "123456"]);
    }
}

#[test]
fn openssl_verifies_what_the_keys_on_curves_sign() {
    let (bed, card) = bed_with(Some(KeyKind::P384));
    let judge = Judge::of(&bed);
    let certificates = card.certificates();
    let hash: String = judge.hash_of_message("-sha384").iter().map(|byte| format!("{byte:02X}")).collect();
    let authentication = [
        "00A4040C0DE828BD080FF2504F5420415750".to_owned(),
        "002241A406800104840182".to_owned(),
        "002000010C31323334FFFFFFFFFFFFFFFF".to_owned(),
        format!("0088000030{hash}00"),
    ];
    let signature = [
        "00A4040C1051534344204170706C69636174696F6E".to_owned(),
        "002241B60680015484019E".to_owned(),
        "002000850C313233343536FFFFFFFFFFFF".to_owned(),
        format!("002A9E9A30{hash}00"),
    ];
    for (commands, certificate) in
        [(authentication, certificates.authentication), (signature, certificates.signature)]
    {
        let signed = Judge::in_der(&judge.exchange(&commands));
        judge.verify_signature(&signed, "-sha384", &[], &certificate);
    }
}

#[test]
fn openssl_verifies_what_the_rsa_keys_sign() {
    let (bed, card) = bed_with(None);
    let judge = Judge::of(&bed);
    let hash: String = judge.hash_of_message("-sha256").iter().map(|byte| format!("{byte:02X}")).collect();
    let signed = judge.exchange(&[
        "00A4040C0DE828BD080FF2504F5420415750".to_owned(),
        "002241A406800102840181".to_owned(),
        "002000010C31323334FFFFFFFFFFFFFFFF".to_owned(),
        format!("00880000333031300D060960864801650304020105000420{hash}00"),
    ]);
    judge.verify_signature(&signed, "-sha256", &[], &card.certificates().authentication);
    let signed = judge.exchange(&[
        "00A4040C1051534344204170706C69636174696F6E".to_owned(),
        "002241B60680014284019F".to_owned(),
        "002000850C313233343536FFFFFFFFFFFF".to_owned(),
        format!("002A9E9A20{hash}00"),
    ]);
    judge.verify_signature(&signed, "-sha256", &[], &card.certificates().signature);
}
