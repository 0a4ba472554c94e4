//! PACE against software chips, whose side of the protocol was written apart from this one.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where it cannot go on")]

use std::sync::LazyLock;

use bitaqa_card::{
    CardError, Random, Transport, TransportError,
    apdu::{Command, StatusWord, ins},
    channel::Channel,
    key_agreement::DomainParameters,
    lds::Mrz,
    pace::{Can, PaceVariant, PaceVerdict, Password, PasswordKind, PasswordState, establish, password_state},
    profile::Link,
    security_infos::{Mapping, SecurityInfos},
    tlv::{Tag, TlvReader},
    transport::Limits,
};
use bitaqa_curves::{Curve, modp::Group};
use bitaqa_virtual_card::{
    self as virtual_card, CardSpec, Pki,
    icao::{
        cipher::Cipher,
        domain::Domain,
        order::{ChipAuthenticationOrder, DocumentOrder, PasswordOrder},
        pace::{self, Offer},
    },
    pin::Pin,
    rules::Protocol,
    spec::Hypothesis,
};

/// Authorities take time to make and can be shared.
static PKI: LazyLock<Pki> = LazyLock::new(|| Pki::generate().unwrap());

const USUAL: Offer = Offer {
    mapping: pace::Mapping::Generic,
    cipher: Cipher::Aes128,
    domain: Domain::Curve(Curve::BrainpoolP256r1),
};

struct Reader(virtual_card::Card);

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        *answer = self.0.transmit(Protocol::T1, command).answer.ok_or(TransportError::Removed)?;
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { command: 4_000, answer: 4_000 }
    }
}

fn random(out: &mut [u8]) {
    use std::io::Read as _;
    std::fs::File::open("/dev/urandom").unwrap().read_exact(out).unwrap();
}

fn spec(order: DocumentOrder) -> CardSpec {
    let order = DocumentOrder { groups: Some(vec![1]), ..order };
    CardSpec::cnie_2(Hypothesis::IcaoOnly, 0).with_document(order)
}

/// Runs the test over a channel to the chip.
fn with_chip<T>(spec: &CardSpec, test: impl FnOnce(&mut Channel<'_>, &mut dyn Random) -> T) -> T {
    let mut reader = Reader(spec.make(&PKI).unwrap());
    let link = Link { extended_length: true, chaining: true, max_response: 4_000 };
    test(&mut Channel::new(&mut reader, link), &mut random)
}

/// EF.CardAccess, as the chip gives it to everybody.
fn card_access(channel: &mut Channel<'_>) -> SecurityInfos {
    let select = Command::new(ins::SELECT, 0x02, 0x0C).data([0x01, 0x1C]);
    assert_eq!(channel.send(&select).unwrap().status, StatusWord::OK);
    let read = Command::new(ins::READ_BINARY, 0x00, 0x00).le(1_000);
    SecurityInfos::parse("EF.CardAccess", &channel.send(&read).unwrap().data).unwrap()
}

/// A command that only a working session answers.
fn select_travel_document(channel: &mut Channel<'_>) -> Result<StatusWord, CardError> {
    let identifier = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01];
    Ok(channel.send(&Command::new(ins::SELECT, 0x04, 0x0C).data(identifier))?.status)
}

/// What the chip says under the issuer's signature.
fn data_group_14(channel: &mut Channel<'_>) -> SecurityInfos {
    let content = channel.send(&Command::new(ins::READ_BINARY, 0x8E, 0x00).le(1_000)).unwrap().data;
    let group = TlvReader::new(&content).expect(Tag(0x6E)).unwrap();
    SecurityInfos::parse("DG14", group.value).unwrap()
}

fn can() -> Can {
    Can::new("123456").unwrap()
}

#[test]
fn every_variant_that_exists_opens_a_chip() {
    let curves = Curve::ALL.into_iter().map(Domain::Curve);
    let mut opened = 0;
    for domain in curves.chain(Group::ALL.into_iter().map(Domain::Group)) {
        for mapping in [pace::Mapping::Generic, pace::Mapping::Integrated, pace::Mapping::ChipAuthentication]
        {
            for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
                let offer = Offer { mapping, cipher, domain };
                if !offer.exists() {
                    continue;
                }
                let order = DocumentOrder { pace: Some(vec![offer]), ..DocumentOrder::default() };
                let is_proof = mapping == pace::Mapping::ChipAuthentication;
                let keys = is_proof.then(|| vec![ChipAuthenticationOrder { cipher, domain }]);
                let spec = spec(DocumentOrder { chip_authentication: keys, ..order });
                with_chip(&spec, |channel, random| {
                    let variant = PaceVariant::choose(&card_access(channel)).unwrap();
                    assert_eq!(variant.domain_parameters.parameter_id(), domain.parameter_id());
                    let verdict = establish(channel, random, &variant, &Password::Can(&can()), None);
                    let Ok(PaceVerdict::Open(session)) = verdict else { panic!("{offer:?}: {verdict:?}") };
                    assert_eq!(variant.protocol.mapping == Mapping::ChipAuthentication, is_proof);
                    assert_eq!(select_travel_document(channel), Ok(StatusWord::OK), "{offer:?}");
                    let proves = session.chip_authentication.map(|data| {
                        data.proves_one_of(data_group_14(channel).chip_authentication_public_keys())
                    });
                    assert_eq!(proves, is_proof.then_some(true), "{offer:?}");
                });
                opened += 1;
            }
        }
    }
    // eleven curves and three fields with two mappings and four ciphers, less the integrated mapping on P-224; and chip
    // authentication mapping on the curves with AES
    assert_eq!(opened, 14 * 8 - 4 + 11 * 3);
}

#[test]
fn a_curve_that_the_chip_writes_out_is_recognised() {
    let order =
        DocumentOrder { pace: Some(vec![USUAL]), explicit_parameters: true, ..DocumentOrder::default() };
    with_chip(&spec(order), |channel, random| {
        let variant = PaceVariant::choose(&card_access(channel)).unwrap();
        assert_eq!(variant.domain_parameters, DomainParameters::Curve(Curve::BrainpoolP256r1));
        let verdict = establish(channel, random, &variant, &Password::Can(&can()), None);
        assert!(matches!(verdict, Ok(PaceVerdict::Open(_))), "{verdict:?}");
    });
}

#[test]
fn the_best_of_several_offers_is_spoken() {
    let weaker = Offer { cipher: Cipher::TripleDes, domain: Domain::Curve(Curve::P256), ..USUAL };
    let better = Offer { cipher: Cipher::Aes256, domain: Domain::Curve(Curve::BrainpoolP384r1), ..USUAL };
    let order = DocumentOrder { pace: Some(vec![weaker, better, USUAL]), ..DocumentOrder::default() };
    with_chip(&spec(order), |channel, random| {
        let variant = PaceVariant::choose(&card_access(channel)).unwrap();
        assert_eq!(variant.parameter_reference, Some(16));
        let verdict = establish(channel, random, &variant, &Password::Can(&can()), None);
        assert!(matches!(verdict, Ok(PaceVerdict::Open(_))), "{verdict:?}");
    });
}

#[test]
fn the_machine_readable_zone_opens_the_chip_and_a_wrong_number_does_not() {
    let spec = spec(DocumentOrder { pace: Some(vec![USUAL]), ..DocumentOrder::default() });
    let zone = Mrz::parse_lines(&spec.mrz().unwrap().lines().join("\n")).unwrap().key();
    with_chip(&spec, |channel, random| {
        let variant = PaceVariant::choose(&card_access(channel)).unwrap();
        let wrong = Can::new("654321").unwrap();
        let verdict = establish(channel, random, &variant, &Password::Can(&wrong), None);
        assert!(matches!(verdict, Ok(PaceVerdict::Wrong { tries_left: None })), "{verdict:?}");
        assert!(!channel.is_protected());
        let verdict = establish(channel, random, &variant, &Password::Mrz(&zone), None);
        assert!(matches!(verdict, Ok(PaceVerdict::Open(_))), "{verdict:?}");
        assert_eq!(select_travel_document(channel), Ok(StatusWord::OK));
    });
}

#[test]
fn a_pin_is_suspended_resumed_by_the_card_access_number_and_blocked() {
    let passwords = PasswordOrder { pin: Some(Pin::new("135790").unwrap()), ..PasswordOrder::default() };
    let spec = spec(DocumentOrder { pace: Some(vec![USUAL]), passwords, ..DocumentOrder::default() });
    let mut reader = Reader(spec.make(&PKI).unwrap());
    let link = Link { extended_length: true, chaining: true, max_response: 4_000 };
    let wrong = Password::Pin(b"000000");

    let mut channel = Channel::new(&mut reader, link);
    let variant = PaceVariant::choose(&card_access(&mut channel)).unwrap();
    for _ in 0..2 {
        let verdict = establish(&mut channel, &mut random, &variant, &wrong, None);
        assert!(matches!(verdict, Ok(PaceVerdict::Wrong { .. })), "{verdict:?}");
    }
    let verdict = establish(&mut channel, &mut random, &variant, &wrong, None);
    assert!(matches!(verdict, Ok(PaceVerdict::Suspended)), "{verdict:?}");
    let state = password_state(&mut channel, &variant, PasswordKind::Pin);
    assert_eq!(state, Ok(PasswordState::Suspended));

    // the last try, and it is right: all tries are there again
    let verdict = establish(&mut channel, &mut random, &variant, &Password::Can(&can()), None);
    assert!(matches!(verdict, Ok(PaceVerdict::Open(_))), "{verdict:?}");
    let verdict = establish(&mut channel, &mut random, &variant, &Password::Pin(b"135790"), None);
    assert!(matches!(verdict, Ok(PaceVerdict::Open(_))), "{verdict:?}");
    assert_eq!(select_travel_document(&mut channel), Ok(StatusWord::OK));

    // in a new session, three wrong ones
    reader.0.reset().unwrap();
    let mut channel = Channel::new(&mut reader, link);
    for _ in 0..2 {
        let verdict = establish(&mut channel, &mut random, &variant, &wrong, None);
        assert!(matches!(verdict, Ok(PaceVerdict::Wrong { .. })), "{verdict:?}");
    }
    let verdict = establish(&mut channel, &mut random, &variant, &Password::Can(&can()), None);
    assert!(matches!(verdict, Ok(PaceVerdict::Open(_))), "{verdict:?}");
    let verdict = establish(&mut channel, &mut random, &variant, &wrong, None);
    assert!(matches!(verdict, Ok(PaceVerdict::Wrong { .. } | PaceVerdict::Blocked)), "{verdict:?}");
    reader.0.reset().unwrap();
    let mut channel = Channel::new(&mut reader, link);
    let verdict = establish(&mut channel, &mut random, &variant, &Password::Pin(b"135790"), None);
    assert!(matches!(verdict, Ok(PaceVerdict::Blocked)), "{verdict:?}");
}

#[test]
fn a_deactivated_pin_is_not_tried() {
    let passwords = PasswordOrder {
        pin: Some(Pin::new("135790").unwrap()),
        pin_deactivated: true,
        ..PasswordOrder::default()
    };
    let spec = spec(DocumentOrder { pace: Some(vec![USUAL]), passwords, ..DocumentOrder::default() });
    with_chip(&spec, |channel, random| {
        let variant = PaceVariant::choose(&card_access(channel)).unwrap();
        let verdict = establish(channel, random, &variant, &Password::Pin(b"135790"), None);
        assert!(matches!(verdict, Ok(PaceVerdict::Deactivated)), "{verdict:?}");
    });
}
