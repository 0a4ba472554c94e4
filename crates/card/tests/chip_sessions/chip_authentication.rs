//! Chip authentication, run here and relayed, against the model of a chip.

use bitaqa_card::{
    CardError, Misbehaviour, Transport, TransportError,
    apdu::{Command, StatusWord},
    channel::Channel,
    chip_authentication::{
        self, ChipAuthenticationFault, ChipKey, RelayFault, RelayedChipAuthentication, Verifier,
    },
    key_agreement::PrivateKey,
    secure_messaging::SecureMessagingFault,
    security_infos::SecurityInfos,
    symmetric::Cipher,
};
use bitaqa_curves::{Curve, modp::Group};
use proptest::prelude::*;

use crate::{
    model_card::{CIPHERS, LINK, ModelCard, SHORT, object},
    model_chip::{ModelChip, ModelKey},
};

/// 0.4.0.127.0.7
const BSI: [u8; 5] = [0x04, 0x00, 0x7F, 0x00, 0x07];

/// DG14 with this key, offered in these ciphers.
fn dg14(key: &ModelKey, key_id: Option<u8>, ciphers: &[Cipher]) -> Vec<u8> {
    let oid = |arcs: &[u8]| object(0x06, &[&BSI[..], arcs].concat());
    let number = |value: u8| object(0x02, &[value]);
    let id = key_id.map(number).unwrap_or_default();
    let (kind, parameter, bits) = match key {
        ModelKey::Curve(curve, private) => {
            let point = curve.generator().mul(&curve.scalar(private).unwrap());
            (2, curve.parameter_id(), point.encode())
        }
        ModelKey::Group(group, private) => {
            let element = group.generator().power(&group.exponent(private).unwrap());
            (1, group.parameter_id(), object(0x02, &[&[0], &element.to_unsigned()[..]].concat()))
        }
    };
    let algorithm = object(0x30, &[oid(&[1, 2]), number(parameter)].concat());
    let spki = object(0x30, &[algorithm, object(0x03, &[&[0], &bits[..]].concat())].concat());
    let mut infos = object(0x30, &[oid(&[2, 2, 1, kind]), spki, id.clone()].concat());
    for cipher in ciphers {
        let arc = u8::try_from(CIPHERS.iter().position(|other| other == cipher).unwrap() + 1).unwrap();
        infos.extend(object(0x30, &[oid(&[2, 2, 3, kind, arc]), number(1), id.clone()].concat()));
    }
    object(0x6E, &object(0x31, &infos))
}

pub(crate) fn infos(dg14: &[u8]) -> SecurityInfos {
    let set = dg14.iter().position(|byte| *byte == 0x31).unwrap();
    SecurityInfos::parse("DG14", &dg14[set..]).unwrap()
}

/// A protected channel to a card whose chip has this key.
fn with_chip<T>(chip: ModelChip, act: impl FnOnce(&mut Channel<'_>, &ChipKey) -> T) -> (T, ModelCard) {
    let key = ChipKey::best(&infos(&chip.dg14)).unwrap().unwrap();
    let (mut card, session) = ModelCard::new(Cipher::TripleDes, SHORT, vec![]);
    card.chip = Some(chip);
    let mut channel = Channel::new(&mut card, LINK);
    channel.protect(session);
    let outcome = act(&mut channel, &key);
    (outcome, card)
}

pub(crate) fn counting() -> impl FnMut(&mut [u8]) {
    let mut count = 0_u8;
    move |out: &mut [u8]| {
        out.iter_mut().for_each(|byte| {
            count = count.wrapping_mul(17).wrapping_add(29);
            *byte = count;
        });
    }
}

pub(crate) fn p256() -> ModelKey {
    ModelKey::Curve(Curve::P256, vec![0x31; 32])
}

pub(crate) fn chip(key: ModelKey, ciphers: &[Cipher]) -> ModelChip {
    let file = dg14(&key, None, ciphers);
    ModelChip::new(key, None, file)
}

/// A private key for the verifier, in the group of the chip's.
fn verifier(key: &ChipKey, seed: u8) -> (Verifier, PrivateKey) {
    let private = key.public_key().domain_parameters().private_key(&[seed; 20]).unwrap();
    (Verifier::new(key, &private).unwrap(), private)
}

const READ_DG14: [u8; 4] = [0x00, 0xB0, 0x8E, 0x00];

fn read(channel: &mut Channel<'_>) -> Result<Vec<u8>, CardError> {
    let [_, ins, p1, p2] = READ_DG14;
    channel.send(&Command::new(ins, p1, p2).le(16)).map(|answer| answer.data)
}

#[test]
fn every_cipher_goes_on_under_new_keys_in_every_kind_of_group() {
    for cipher in CIPHERS {
        for (key, key_id) in [
            (p256(), None),
            (ModelKey::Curve(Curve::BrainpoolP256r1, vec![0x11; 32]), Some(7)),
            (ModelKey::Curve(Curve::P521, vec![0x01; 60]), Some(200)),
            (ModelKey::Group(Group::Rfc5114_1024_160, vec![0x0D; 20]), None),
            (ModelKey::Group(Group::Rfc5114_2048_256, vec![0x0E; 32]), Some(1)),
        ] {
            let file = dg14(&key, key_id, &[cipher]);
            let chip = ModelChip::new(key, key_id, file.clone());
            let (outcome, card) = with_chip(chip, |channel, key| {
                assert_eq!(key.cipher(), cipher);
                chip_authentication::run(channel, &mut counting(), key)?;
                assert!(channel.is_protected());
                read(channel)
            });
            assert_eq!(outcome.unwrap(), file[..16], "{cipher:?}");
            assert_eq!(card.ssc, 2, "the counter started again");
        }
    }
}

#[test]
fn the_strongest_cipher_is_taken_and_3des_where_the_chip_names_none() {
    let best =
        |ciphers: &[Cipher]| ChipKey::best(&infos(&dg14(&p256(), None, ciphers))).unwrap().unwrap().cipher();
    assert_eq!(best(&[Cipher::Aes128, Cipher::Aes256, Cipher::TripleDes]), Cipher::Aes256);
    assert_eq!(best(&[Cipher::TripleDes]), Cipher::TripleDes);
    assert_eq!(best(&[]), Cipher::TripleDes);
    assert_eq!(ChipKey::best(&SecurityInfos::default()), Ok(None));
}

#[test]
fn keys_that_are_none_of_their_group_are_not_agreed_with() {
    let good = dg14(&p256(), None, &[Cipher::Aes128]);
    let point = Curve::P256.generator().mul(&Curve::P256.scalar(&[0x31; 32]).unwrap()).encode();
    let at = good.windows(point.len()).position(|window| window == point).unwrap();
    let mut off_curve = good.clone();
    off_curve[at + 40] ^= 1;
    assert!(matches!(ChipKey::best(&infos(&off_curve)), Err(CardError::Unsupported(_))));
    let mut unknown_curve = good;
    // the number of the domain parameters, before BIT STRING, length and unused bits
    unknown_curve[at - 4] = 99;
    assert!(matches!(ChipKey::best(&infos(&unknown_curve)), Err(CardError::Unsupported(_))));
}

#[test]
fn a_copy_without_the_key_is_seen_at_its_first_answer() {
    let mut copy = chip(p256(), &[Cipher::Aes128]);
    copy.key = ModelKey::Curve(Curve::P256, vec![0x32; 32]);
    let (outcome, _) = with_chip(copy, |channel, key| {
        chip_authentication::run(channel, &mut counting(), key).unwrap();
        (read(channel), read(channel))
    });
    assert!(
        matches!(outcome.0, Err(CardError::Misbehaved(Misbehaviour::SecureMessaging(_)))),
        "{:?}",
        outcome.0
    );
    assert_eq!(outcome.1, Err(CardError::SessionEnded));
}

#[test]
fn nothing_is_sent_outside_a_session() {
    let key = ChipKey::best(&infos(&dg14(&p256(), None, &[Cipher::Aes128]))).unwrap().unwrap();
    let (mut card, _) = ModelCard::new(Cipher::Aes128, SHORT, vec![]);
    let mut channel = Channel::new(&mut card, LINK);
    assert!(matches!(
        chip_authentication::run(&mut channel, &mut counting(), &key),
        Err(CardError::Unsupported(_))
    ));
    let (verifier, _) = verifier(&key, 5);
    let relayed =
        RelayedChipAuthentication::new(&key, verifier.ephemeral(), verifier.protected_read()).unwrap();
    assert!(matches!(relayed.run(&mut channel), Err(CardError::Unsupported(_))));
    assert_eq!(card.transmitted, 0);
}

#[test]
fn an_answer_of_general_authenticate_that_is_no_empty_template_is_misbehaviour() {
    for (answer, good) in [
        (vec![], true),
        (vec![0x7C, 0x00], true),
        (vec![0x7C, 0x01, 0x00], false),
        (vec![0x7C, 0x00, 0x00], false),
    ] {
        let mut chip = chip(p256(), &[Cipher::Aes128]);
        chip.general_answer = answer;
        let (outcome, _) =
            with_chip(chip, |channel, key| chip_authentication::run(channel, &mut counting(), key));
        assert_eq!(outcome.is_ok(), good, "{outcome:?}");
    }
}

#[test]
fn a_refusal_is_told_by_its_command() {
    for (cipher, command) in [(Cipher::TripleDes, "MSE:Set KAT"), (Cipher::Aes128, "MSE:Set AT")] {
        let key = ChipKey::best(&infos(&dg14(&p256(), None, &[cipher]))).unwrap().unwrap();
        let (mut card, session) = ModelCard::new(Cipher::Aes128, SHORT, vec![(vec![], 0x6A80)]);
        let mut channel = Channel::new(&mut card, LINK);
        channel.protect(session);
        assert_eq!(
            chip_authentication::run(&mut channel, &mut counting(), &key),
            Err(CardError::Refused { command, status: StatusWord(0x6A80) })
        );
    }
}

#[test]
fn a_relayed_proof_convinces_its_verifier_and_is_the_last_of_the_session() {
    for cipher in CIPHERS {
        for key in [
            p256(),
            ModelKey::Curve(Curve::BrainpoolP384r1, vec![0x21; 40]),
            ModelKey::Group(Group::Rfc5114_2048_224, vec![0x0F; 28]),
        ] {
            let chip = chip(key, &[cipher]);
            let file = chip.dg14.clone();
            let (outcome, card) = with_chip(chip, |channel, key| {
                let (verifier, private) = verifier(key, 5);
                let relayed =
                    RelayedChipAuthentication::new(key, verifier.ephemeral(), verifier.protected_read())
                        .unwrap();
                let answer = relayed.run(channel).unwrap();
                assert_eq!(read(channel), Err(CardError::SessionEnded));
                // a server that kept the private key only
                let again = Verifier::new(key, &private).unwrap();
                assert_eq!(again.protected_read(), verifier.protected_read());
                assert_eq!(again.check(&answer, &file), Ok(()));
                // another verifier is not convinced by it
                let (other, _) = self::verifier(key, 6);
                assert_eq!(
                    other.check(&answer, &file),
                    Err(ChipAuthenticationFault::Session(SecureMessagingFault::Mac))
                );
                let mut other_file = file.clone();
                other_file[11] ^= 1;
                (
                    verifier.check(&answer, &file),
                    Verifier::new(key, &private).unwrap().check(&answer, &other_file),
                )
            });
            assert_eq!(outcome, (Ok(()), Err(ChipAuthenticationFault::OtherFile)), "{cipher:?}");
            let commands = if cipher == Cipher::TripleDes { 2 } else { 3 };
            assert_eq!(card.commands.len(), commands);
        }
    }
}

#[test]
fn a_copy_cannot_answer_the_verifier() {
    let mut copy = chip(p256(), &[Cipher::Aes128]);
    copy.key = ModelKey::Curve(Curve::P256, vec![0x32; 32]);
    let (outcome, _) = with_chip(copy, |channel, key| {
        let (verifier, _) = verifier(key, 5);
        let relayed =
            RelayedChipAuthentication::new(key, verifier.ephemeral(), verifier.protected_read()).unwrap();
        (relayed.run(channel), read(channel))
    });
    // it cannot even read the command
    let unprotected = SecureMessagingFault::Unprotected { status: StatusWord(0x6988) };
    assert_eq!(outcome, (Err(Misbehaviour::from(unprotected).into()), Err(CardError::SessionEnded)));
}

#[test]
fn only_a_key_of_the_chips_group_reaches_the_card() {
    let key = ChipKey::best(&infos(&dg14(&p256(), None, &[Cipher::Aes128]))).unwrap().unwrap();
    let (verifier, _) = verifier(&key, 5);
    let refused =
        |ephemeral: &[u8]| RelayedChipAuthentication::new(&key, ephemeral, verifier.protected_read()).err();
    assert_eq!(refused(verifier.ephemeral()), None);
    let mut off_curve = verifier.ephemeral().to_vec();
    off_curve[64] ^= 1;
    let compressed = [&[0x02], &Curve::P256.generator().encode()[1..33]].concat();
    for wrong in [
        &off_curve[..],
        &Curve::BrainpoolP256r1.generator().encode(),
        &Curve::P384.generator().encode(),
        &key.public_key().encode(),
        &compressed,
        &[0x00],
        &[],
        &verifier.ephemeral()[..64],
    ] {
        assert_eq!(refused(wrong), Some(RelayFault::Key), "{wrong:02X?}");
    }
}

#[test]
fn only_a_read_of_dg14_reaches_the_card() {
    let key = ChipKey::best(&infos(&dg14(&p256(), None, &[Cipher::Aes128]))).unwrap().unwrap();
    let (verifier, _) = verifier(&key, 5);
    let refused = |apdu: &[u8]| RelayedChipAuthentication::new(&key, verifier.ephemeral(), apdu).err();
    let good = verifier.protected_read().to_vec();
    assert_eq!(good.len(), 19);
    assert_eq!(refused(&good), None);
    // class, instruction, file or offset, lengths, tags
    for (at, with) in [
        (0, 0x00),
        (0, 0x1C),
        (0, 0x8C),
        (1, 0xB1),
        (1, 0xD6),
        (1, 0x20),
        (2, 0x81),
        (2, 0x00),
        (2, 0x9E),
        (4, 0x0C),
        (4, 0x0E),
        (5, 0x87),
        (6, 0x00),
        (8, 0x97),
        (9, 0x07),
        (18, 0x01),
    ] {
        let mut wrong = good.clone();
        wrong[at] = with;
        assert_eq!(refused(&wrong), Some(RelayFault::Command), "byte {at}");
    }
    let checksum = &good[8..18];
    let forms = [
        [&good[..], &[0]].concat(),
        good[..18].to_vec(),
        // data before the protected Le
        [&[0x0C, 0xB0, 0x8E, 0, 24, 0x87, 9, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0x97, 1, 8][..], checksum, &[0]]
            .concat(),
        // a longer Le, extended length
        [&[0x0C, 0xB0, 0x8E, 0, 14, 0x97, 2, 1, 0][..], checksum, &[0]].concat(),
        [&[0x0C, 0xB0, 0x8E, 0, 0, 0, 14, 0x97, 2, 1, 0][..], checksum, &[0, 0]].concat(),
        // no Le, a Le twice, a checksum twice
        [&[0x0C, 0xB0, 0x8E, 0, 10][..], checksum, &[0]].concat(),
        [&[0x0C, 0xB0, 0x8E, 0, 16, 0x97, 1, 8, 0x97, 1, 8][..], checksum, &[0]].concat(),
        [&[0x0C, 0xB0, 0x8E, 0, 23, 0x97, 1, 8][..], checksum, checksum, &[0]].concat(),
    ];
    for wrong in forms {
        assert_eq!(refused(&wrong), Some(RelayFault::Command), "{wrong:02X?}");
    }
}

#[test]
fn a_card_that_is_removed_during_the_relay_ends_it() {
    struct Removed<'a>(&'a mut ModelCard, usize);
    impl Transport for Removed<'_> {
        fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
            self.1 = self.1.checked_sub(1).ok_or(TransportError::Removed)?;
            self.0.transmit(command, answer)
        }
    }
    for after in 0..3 {
        let chip = chip(p256(), &[Cipher::Aes128]);
        let key = ChipKey::best(&infos(&chip.dg14)).unwrap().unwrap();
        let (mut card, session) = ModelCard::new(Cipher::Aes192, SHORT, vec![]);
        card.chip = Some(chip);
        let mut removed = Removed(&mut card, after);
        let mut channel = Channel::new(&mut removed, LINK);
        channel.protect(session);
        let (verifier, _) = verifier(&key, 5);
        let relayed =
            RelayedChipAuthentication::new(&key, verifier.ephemeral(), verifier.protected_read()).unwrap();
        assert_eq!(relayed.run(&mut channel), Err(TransportError::Removed.into()));
        assert_eq!(read(&mut channel), Err(CardError::SessionEnded));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_of_a_verifier_are_refused(
        ephemeral in proptest::collection::vec(any::<u8>(), 0..80), apdu in proptest::collection::vec(any::<u8>(), 0..30),
    ) {
        let key = ChipKey::best(&infos(&dg14(&p256(), None, &[Cipher::Aes128]))).unwrap().unwrap();
        prop_assert!(RelayedChipAuthentication::new(&key, &ephemeral, &apdu).is_err());
    }

    #[test]
    fn any_change_of_the_chips_answer_is_seen_by_the_verifier(at in 0_usize..37, with in 1_u8.., bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
        let chip = chip(p256(), &[Cipher::Aes256]);
        let file = chip.dg14.clone();
        let (_, _) = with_chip(chip, |channel, key| {
            let (verifier, private) = verifier(key, 5);
            let relayed =
                RelayedChipAuthentication::new(key, verifier.ephemeral(), verifier.protected_read()).unwrap();
            let mut answer = relayed.run(channel).unwrap();
            assert_eq!(Verifier::new(key, &private).unwrap().check(&answer, &file), Ok(()));
            assert!(Verifier::new(key, &private).unwrap().check(&bytes, &file).is_err());
            let at = at % answer.len();
            answer[at] ^= with;
            assert!(verifier.check(&answer, &file).is_err(), "byte {at}");
        });
    }
}
