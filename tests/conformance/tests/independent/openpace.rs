//! libeac (openpace) as the terminal: PACE with the generic mapping, and extended access control, version 2.
//!
//! It knows no chip authentication mapping, and an integrated one only as a draft had it before Doc 9303: with another
//! function, and no pseudorandom one. So neither of these is judged.

use std::sync::LazyLock;

use bitaqa_conformance::openpace::{Credentials, Outcome, Password, Terminal};
use bitaqa_curves::{Curve, modp::Group};
use bitaqa_virtual_card::{
    CardSpec, Pki,
    icao::{
        cipher::Cipher,
        domain::Domain,
        order::{ChipAuthenticationOrder, DocumentOrder},
        pace::{Mapping, Offer, PasswordKind, PasswordState},
        terminal_authentication::authorization::TerminalKind,
    },
    pki::{
        CountryKey, DocumentAuthority,
        card_verifying_authority::{CardVerifyingAuthority, TerminalOrder},
    },
    spec::{Hypothesis, Personality},
};

static TERMINAL: LazyLock<Terminal> = LazyLock::new(|| Terminal::build().unwrap());
static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::generate().unwrap());

const CIPHERS: [Cipher; 4] = [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256];
const GROUPS: [Group; 3] = [Group::Rfc5114_1024_160, Group::Rfc5114_2048_224, Group::Rfc5114_2048_256];

/// Most cards that are made until one keeps a key that openpace can judge: one in 256 does not.
const MOST_CARDS: usize = 5;

fn run(spec: &CardSpec, password: (Password, &str)) -> Outcome {
    judged(spec, password, None)
}

fn judged(spec: &CardSpec, password: (Password, &str), credentials: Option<&Credentials>) -> Outcome {
    let outcomes =
        (0..MOST_CARDS).map(|_| TERMINAL.run(&mut spec.make(&PKI).unwrap(), password, credentials).unwrap());
    let mut outcomes = outcomes.filter(|outcome| *outcome != Outcome::Unjudged);
    outcomes.next().expect("openpace had to begin again with every card")
}

/// A document that offers this one way to run PACE.
fn offering(cipher: Cipher, domain: Domain) -> CardSpec {
    let offer = Offer { mapping: Mapping::Generic, cipher, domain };
    let order = DocumentOrder { pace: Some(vec![offer]), ..DocumentOrder::default() };
    CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(order)
}

/// DG1 holds the zone; DG2 is whole.
fn assert_read(spec: &CardSpec, outcome: Outcome, what: &str) -> Vec<Vec<u8>> {
    let Outcome::Read(files) = outcome else {
        panic!("{what}: {outcome:?}");
    };
    let zone = spec.mrz().unwrap();
    assert_eq!(files[0][..5], [0x61, 0x5D, 0x5F, 0x1F, 0x5A], "{what}");
    assert_eq!(&files[0][5..], zone.text().as_bytes(), "{what}");
    assert_eq!(files[1][0], 0x75, "{what}");
    files
}

fn assert_opens(domain: Domain) {
    for cipher in CIPHERS {
        let spec = offering(cipher, domain);
        let outcome = run(&spec, (Password::Can, "123456"));
        assert_read(&spec, outcome, &format!("{cipher:?} {domain:?}"));
    }
}

#[test]
fn openpace_opens_with_the_generic_mapping_on_every_curve_and_with_every_cipher() {
    for curve in Curve::ALL {
        assert_opens(Domain::Curve(curve));
    }
}

#[test]
fn openpace_opens_with_the_generic_mapping_in_every_finite_field_and_with_every_cipher() {
    for group in GROUPS {
        assert_opens(Domain::Group(group));
    }
}

#[test]
fn openpace_opens_every_make_that_offers_the_generic_mapping() {
    for spec in [
        CardSpec::new(Personality::Bahrain2025),
        CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 1),
        CardSpec::cnie_2(Hypothesis::IcaoOnly, 1),
    ] {
        let outcome = run(&spec, (Password::Can, "123456"));
        assert_read(&spec, outcome, &format!("{:?} {:?}", spec.personality, spec.hypothesis));
    }
}

#[test]
fn openpace_opens_with_each_of_the_four_passwords() {
    let spec = CardSpec::new(Personality::Eac2);
    let zone = spec.mrz().unwrap();
    for password in [
        (Password::Mrz, zone.text()),
        (Password::Can, "123456"),
        (Password::Pin, "123456"),
        (Password::Puk, "1234567890"),
    ] {
        assert_read(&spec, run(&spec, password), &format!("{:?}", password.0));
    }
}

#[test]
fn openpace_with_a_wrong_password_is_refused_and_costs_a_try_of_the_pin() {
    let spec = CardSpec::new(Personality::Eac2);
    assert_eq!(run(&spec, (Password::Can, "123457")), Outcome::Refused("6300".to_owned()));
    let mut card = spec.make(&PKI).unwrap();
    let outcome = TERMINAL.run(&mut card, (Password::Pin, "123457"), None).unwrap();
    assert_eq!(outcome, Outcome::Refused("63C2".to_owned()));
    assert_eq!(card.password_state(PasswordKind::Pin), Some(PasswordState::Counted { left: 2, of: 3 }));
}

/// An inspection system with a right to fingerprints, and a card that believes its authority.
fn inspection(order: DocumentOrder) -> (CardSpec, Credentials) {
    let kind = TerminalKind::Inspection;
    let spec =
        CardSpec::new(Personality::Eac2).with_document(DocumentOrder { terminals: Some(kind), ..order });
    let authority = CardVerifyingAuthority::of(kind);
    let terminal = authority.terminal(&TerminalOrder::with(&[0x03]));
    let country = DocumentAuthority::of(&spec.holder().unwrap().country, CountryKey::default()).unwrap();
    let credentials = Credentials {
        authorization: [&[0x06, 0x09], kind.oid().as_slice(), &[0x53, 1, 0x03]].concat(),
        root: authority.certificate(),
        key: terminal.private_key().unwrap().to_vec(),
        anchor: country.certificate().der().to_vec(),
        chain: terminal.chain().to_vec(),
    };
    (spec, credentials)
}

fn extended(spec: &CardSpec, credentials: &Credentials) -> Outcome {
    judged(spec, (Password::Can, "123456"), Some(credentials))
}

fn assert_proves(cipher: Cipher, domain: Domain) {
    let keys = vec![ChipAuthenticationOrder { cipher, domain }];
    let order = DocumentOrder { chip_authentication: Some(keys), ..DocumentOrder::default() };
    let (spec, credentials) = inspection(order);
    let what = format!("{cipher:?} {domain:?}");
    let files = assert_read(&spec, extended(&spec, &credentials), &what);
    assert_eq!(files[2][0], 0x63, "{what}");
}

#[test]
fn openpace_proves_itself_has_the_chip_prove_itself_on_every_curve_and_reads_fingerprints() {
    for curve in Curve::ALL {
        assert_proves(Cipher::Aes256, Domain::Curve(curve));
    }
    for cipher in CIPHERS {
        assert_proves(cipher, Domain::Curve(Curve::BrainpoolP256r1));
    }
}

#[test]
fn openpace_takes_curves_that_are_written_out() {
    let order = DocumentOrder { explicit_parameters: true, ..DocumentOrder::default() };
    let (spec, credentials) = inspection(order);
    let files = assert_read(&spec, extended(&spec, &credentials), "a curve that is written out");
    assert_eq!(files[2][0], 0x63);
}

#[test]
fn openpace_has_the_chip_prove_itself_in_every_finite_field() {
    for group in GROUPS {
        assert_proves(Cipher::Aes128, Domain::Group(group));
    }
}

#[test]
fn openpace_notices_a_copied_chip() {
    let mut order = DocumentOrder::default();
    order.faults.copied = true;
    let (spec, credentials) = inspection(order);
    let noticed = Outcome::Broken("the chip's token of chip authentication".to_owned());
    assert_eq!(extended(&spec, &credentials), noticed);
}

#[test]
fn openpace_notices_a_card_security_that_another_country_signed() {
    let (spec, credentials) = inspection(DocumentOrder::default());
    let other = DocumentAuthority::of("UT", CountryKey::default()).unwrap();
    let credentials = Credentials { anchor: other.certificate().der().to_vec(), ..credentials };
    assert_eq!(extended(&spec, &credentials), Outcome::Broken("the signature of EF.CardSecurity".to_owned()));
}

#[test]
fn the_card_notices_another_terminal_than_the_certified_one() {
    let (spec, credentials) = inspection(DocumentOrder::default());
    let authority = CardVerifyingAuthority::of(TerminalKind::Inspection);
    let stranger = CardVerifyingAuthority::strange(TerminalKind::Inspection);
    let other = stranger.terminal(&TerminalOrder::with(&[0x03]));
    let uncertified = Credentials {
        root: stranger.certificate(),
        key: other.private_key().unwrap().to_vec(),
        chain: other.chain().to_vec(),
        ..credentials.clone()
    };
    assert_eq!(extended(&spec, &uncertified), Outcome::Refused("6A80".to_owned()));
    // openpace itself does not follow such a chain from the root that it believes
    let unfollowed = Credentials { root: authority.certificate(), ..uncertified };
    assert_eq!(extended(&spec, &unfollowed), Outcome::Broken("a certificate".to_owned()));
}
