//! A channel in a session against the model of a card.

use bitaqa_card::{
    CardError, Misbehaviour, PinFormat, Transport, TransportError,
    apdu::{Command, StatusWord},
    channel::Channel,
    layout::{StatusQuery, Unblocking, UnblockingWay},
    pin::{CHANGE_SCRATCH_LENGTH, PinAlphabet, PinEncoding},
    profile::Link,
    secure_messaging::{SecureMessaging, SecureMessagingFault},
    symmetric::Cipher,
    transport::Limits,
};
use proptest::prelude::*;

use crate::model_card::{CIPHERS, Change, EXTENDED, LINK, ModelCard, Plain, SHORT, Tamper};

/// A status that is no request to ask again.
fn status() -> impl Strategy<Value = u16> {
    prop_oneof![4 => Just(0x9000_u16), 1 => prop_oneof![Just(0x6282_u16), Just(0x63C2), Just(0x6A82), Just(0x6982)]]
}

fn command() -> impl Strategy<Value = Command> {
    (
        any::<[u8; 3]>(),
        proptest::collection::vec(any::<u8>(), 0..700),
        proptest::option::of(prop_oneof![1_usize..300, 300_usize..=65_536]),
    )
        .prop_map(|([ins, p1, p2], data, le)| Command { cla: 0, ins, p1, p2, data, le })
}

fn exchange() -> impl Strategy<Value = (Command, (Vec<u8>, u16))> {
    (command(), (proptest::collection::vec(any::<u8>(), 0..700), status()))
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        4 => (1_u8..).prop_map(Change::Flip),
        1 => Just(Change::Remove),
        1 => any::<u8>().prop_map(Change::Insert),
        1 => Just(Change::Cut),
        1 => Just(Change::Repeat),
    ]
}

fn run(
    card: &mut ModelCard,
    session: SecureMessaging,
    commands: &[Command],
) -> Vec<Result<(Vec<u8>, u16), CardError>> {
    let mut channel = Channel::new(card, LINK);
    channel.protect(session);
    commands
        .iter()
        .map(|command| channel.send(command).map(|answer| (answer.data, answer.status.0)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_protected_here_is_opened_there_and_the_other_way_round(
        cipher in proptest::sample::select(&CIPHERS[..]), long in any::<bool>(),
        exchanges in proptest::collection::vec(exchange(), 1..5),
    ) {
        let limits = if long { EXTENDED } else { SHORT };
        let (commands, answers): (Vec<_>, Vec<_>) = exchanges.into_iter().unzip();
        let (mut card, session) = ModelCard::new(cipher, limits, answers.clone());
        let outcomes = run(&mut card, session, &commands);
        for (((command, (mut data, status)), outcome), seen) in
            commands.into_iter().zip(answers).zip(outcomes).zip(&card.commands)
        {
            // without extended length, no more can be asked for
            let le = if long { command.le } else { command.le.map(|le| le.min(256)) };
            data.truncate(le.unwrap_or(0));
            prop_assert_eq!(outcome, Ok((data, status)));
            let header = [0x0C, command.ins, command.p1, command.p2];
            prop_assert_eq!(seen, &Plain { header, data: command.data, le });
        }
    }

    #[test]
    fn a_changed_answer_ends_the_session_and_nothing_more_is_sent(
        cipher in proptest::sample::select(&CIPHERS[..]),
        exchanges in proptest::collection::vec(exchange(), 1..4),
        answer in any::<prop::sample::Index>(), at in any::<usize>(), change in change(),
    ) {
        let (commands, answers): (Vec<_>, Vec<_>) = exchanges.into_iter().unzip();
        let changed = answer.index(commands.len());
        // a status word outside that is 9000 is believed beside any other inside: here it is 9000 inside
        let answers = answers.into_iter().map(|(data, _)| (data, 0x9000)).collect();
        let (mut card, session) = ModelCard::new(cipher, EXTENDED, answers);
        card.tamper = Some(Tamper { answer: changed, at, change });
        let outcomes = run(&mut card, session, &commands);
        prop_assert!(outcomes[..changed].iter().all(Result::is_ok));
        prop_assert!(matches!(outcomes[changed], Err(CardError::Misbehaved(_))), "{:?}", outcomes[changed]);
        prop_assert!(outcomes[changed + 1..].iter().all(|outcome| *outcome == Err(CardError::SessionEnded)));
        prop_assert_eq!(card.commands.len(), changed + 1);
    }

    #[test]
    fn any_answer_at_all_ends_the_session(
        cipher in proptest::sample::select(&CIPHERS[..]), bytes in proptest::collection::vec(any::<u8>(), 0..300),
        command in command(),
    ) {
        struct Fixed(Vec<u8>);
        impl Transport for Fixed {
            fn transmit(&mut self, _: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
                answer.clone_from(&self.0);
                Ok(())
            }
        }
        let (_, session) = ModelCard::new(cipher, SHORT, Vec::new());
        let mut transport = Fixed(bytes);
        let mut channel = Channel::new(&mut transport, LINK);
        channel.protect(session);
        prop_assert!(matches!(channel.send(&command), Err(CardError::Misbehaved(_))));
        prop_assert_eq!(channel.send(&command), Err(CardError::SessionEnded));
    }
}

#[test]
fn a_replayed_answer_is_not_believed() {
    struct Replay {
        card: ModelCard,
        first: Option<Vec<u8>>,
    }
    impl Transport for Replay {
        fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
            self.card.transmit(command, answer)?;
            answer.clone_from(self.first.get_or_insert_with(|| answer.clone()));
            Ok(())
        }
    }
    let (card, session) =
        ModelCard::new(Cipher::Aes128, SHORT, vec![(vec![1; 8], 0x9000), (vec![2; 8], 0x9000)]);
    let mut replay = Replay { card, first: None };
    let mut channel = Channel::new(&mut replay, LINK);
    channel.protect(session);
    let read = Command::new(0xB0, 0, 0).le(8);
    assert_eq!(channel.send(&read).unwrap().data, [1; 8]);
    assert!(matches!(channel.send(&read), Err(CardError::Misbehaved(Misbehaviour::SecureMessaging(_)))));
    assert_eq!(channel.send(&read), Err(CardError::SessionEnded));
}

#[test]
fn a_session_that_failed_is_not_followed_by_plain_commands_or_another_session() {
    let (mut card, session) = ModelCard::new(Cipher::Aes128, SHORT, vec![]);
    card.ssc += 1;
    let (_, other) = ModelCard::new(Cipher::Aes128, SHORT, vec![]);
    let mut channel = Channel::new(&mut card, LINK);
    channel.protect(session);
    let unprotected = SecureMessagingFault::Unprotected { status: StatusWord(0x6988) };
    assert_eq!(channel.send(&Command::new(0xB0, 0, 0).le(8)), Err(Misbehaviour::from(unprotected).into()));
    channel.end_protection();
    assert_eq!(channel.send(&Command::new(0xB0, 0, 0).le(8)), Err(CardError::SessionEnded));
    assert_eq!(channel.send_verify(b"\x00\x20\x00\x01\x041234"), Err(CardError::SessionEnded));
    channel.protect(other);
    assert_eq!(channel.send(&Command::new(0xB0, 0, 0).le(8)), Err(CardError::SessionEnded));
    assert!(!channel.is_protected());
    assert_eq!(card.transmitted, 1);
}

#[test]
fn a_card_that_is_removed_ends_the_session() {
    struct Gone;
    impl Transport for Gone {
        fn transmit(&mut self, _: &[u8], _: &mut Vec<u8>) -> Result<(), TransportError> {
            Err(TransportError::Removed)
        }
    }
    let (_, session) = ModelCard::new(Cipher::Aes128, SHORT, vec![]);
    let mut gone = Gone;
    let mut channel = Channel::new(&mut gone, LINK);
    channel.protect(session);
    assert_eq!(channel.send(&Command::new(0xB0, 0, 0)), Err(TransportError::Removed.into()));
    assert_eq!(channel.send(&Command::new(0xB0, 0, 0)), Err(CardError::SessionEnded));
}

#[test]
fn a_pin_leaves_encrypted_once_and_its_verdict_is_protected() {
    let (mut card, session) =
        ModelCard::new(Cipher::Aes256, SHORT, vec![(vec![], 0x63C2), (vec![], 0x9000), (vec![], 0x63C1)]);
    let mut channel = Channel::new(&mut card, LINK);
    channel.protect(session);
    assert_eq!(channel.send_verify(b"\x00\x20\x00\x81\x061234\xFF\xFF"), Ok(StatusWord(0x63C2)));
    assert_eq!(channel.send_verify(b"\x00\x2C\x02\x81\x00"), Ok(StatusWord::OK));
    assert_eq!(channel.send_verify(b"\x00\x20\x00\x81"), Ok(StatusWord(0x63C1)));
    // what is no short command is not sent, and costs nothing
    assert!(matches!(channel.send_verify(b"\x00\x20\x00\x81\x0612"), Err(CardError::Unsupported(_))));
    assert!(matches!(channel.send_verify(b"\x00\x20"), Err(CardError::Unsupported(_))));
    let mut long = vec![0x00, 0x20, 0x00, 0x81, 250];
    long.resize(255, 0x31);
    assert!(matches!(channel.send_verify(&long), Err(CardError::Unsupported(_))));
    assert!(channel.is_protected());
    let data: Vec<_> = card.commands.iter().map(|command| (command.data.as_slice(), command.le)).collect();
    assert_eq!(data, [(&b"1234\xFF\xFF"[..], None), (&[][..], None), (&[][..], None)]);
    assert_eq!(card.transmitted, 3);
}

#[test]
fn a_key_pad_has_no_keys_and_is_not_asked() {
    let (mut card, session) = ModelCard::new(Cipher::Aes128, SHORT, vec![]);
    let mut channel = Channel::new(&mut card, LINK);
    channel.protect(session);
    let format: PinFormat =
        toml::from_str("reference = 1\nencoding = 'ascii'\nmin-length = 4\nmax-length = 8").unwrap();
    assert_eq!(channel.verify_on_pin_pad(&format), Err(CardError::PinPadInSession));
    assert!(channel.is_protected());
}

#[test]
fn reads_are_as_long_as_card_and_reader_carry_under_protection() {
    for (cipher, limits, link, most) in [
        (Cipher::TripleDes, SHORT, LINK, 231),
        (Cipher::Aes128, SHORT, LINK, 223),
        // a card that says 1000 bytes: 14 of frame, 4 of tag and length, 1 of padding indicator, 61 blocks
        (Cipher::Aes256, EXTENDED, Link { max_response: 1000, ..LINK }, 975),
        (Cipher::TripleDes, Limits { command: 300, answer: 502 }, LINK, 479),
    ] {
        let content: Vec<u8> = (0..2000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let (mut card, session) = ModelCard::new(cipher, limits, vec![(content.clone(), 0x9000)]);
        let mut channel = Channel::new(&mut card, link);
        channel.protect(session);
        assert_eq!(channel.max_response(), most, "{cipher:?}");
        let answer = channel.send(&Command::new(0xB0, 0, 0).le(most)).unwrap();
        assert_eq!(answer.data, content[..most]);
        assert_eq!(card.transmitted, 1, "no GET RESPONSE");
    }
}

#[test]
fn a_wrong_le_below_the_session_is_corrected_without_a_new_counter() {
    struct Below(ModelCard, bool);
    impl Transport for Below {
        fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
            if std::mem::replace(&mut self.1, true) {
                return self.0.transmit(command, answer);
            }
            answer.clone_from(&vec![0x6C, 0x1E]);
            Ok(())
        }
    }
    let (card, session) = ModelCard::new(Cipher::TripleDes, SHORT, vec![(vec![9; 8], 0x9000)]);
    let mut below = Below(card, false);
    let mut channel = Channel::new(&mut below, LINK);
    channel.protect(session);
    assert_eq!(channel.send(&Command::new(0xB0, 0, 0).le(8)).unwrap().data, [9; 8]);
}

#[test]
fn requests_to_ask_again_inside_the_session_are_followed_inside_it() {
    let answers = vec![(vec![], 0x6C05), (vec![1, 2, 3], 0x6102), (vec![4, 5], 0x9000)];
    let (mut card, session) = ModelCard::new(Cipher::Aes128, SHORT, answers);
    let outcomes = run(&mut card, session, &[Command::new(0xB0, 0, 0).le(8)]);
    assert_eq!(outcomes, [Ok((vec![1, 2, 3, 4, 5], 0x9000))]);
    let seen: Vec<_> = card.commands.iter().map(|command| (command.header[1], command.le)).collect();
    assert_eq!(seen, [(0xB0, Some(8)), (0xB0, Some(5)), (0xC0, Some(2))]);
}

#[test]
fn commands_with_pins_go_encrypted_and_arrive_as_they_were_written() {
    let format = PinFormat {
        reference: 0x81,
        encoding: PinEncoding::Ascii,
        alphabet: PinAlphabet::Digits,
        min_length: 4,
        max_length: 12,
        stored_length: 12,
        pad: 0xFF,
    };
    let puk = PinFormat { reference: 0x83, min_length: 8, ..format.clone() };
    let unblocking = |way| Unblocking { puk: puk.clone(), way, directory: None, status: StatusQuery::None };
    for cipher in CIPHERS {
        let answers = [0x9000, 0x63C1, 0x9000, 0x6984].map(|status| (Vec::new(), status)).to_vec();
        let (mut card, session) = ModelCard::new(cipher, SHORT, answers);
        let mut channel = Channel::new(&mut card, LINK);
        channel.protect(session);
        let mut scratch = [0; CHANGE_SCRATCH_LENGTH];
        let mut send = |length: usize, scratch: &[u8], expected| {
            assert_eq!(channel.send_verify(&scratch[..length]), Ok(StatusWord(expected)));
        };
        let length = format.write_change(b"1234", b"7654321", &mut scratch).unwrap();
        send(length, &scratch, 0x9000);
        let change = scratch[5..length].to_vec();
        let both = unblocking(UnblockingWay::PukAndNewPin);
        let length = both.write_reset(&format, b"12345678", Some(b"7654321"), &mut scratch).unwrap();
        send(length, &scratch, 0x63C1);
        let length = format.write_first_value(b"7654321", &mut scratch).unwrap();
        send(length, &scratch, 0x9000);
        let neither = unblocking(UnblockingWay::Verify);
        let length = neither.write_reset(&format, b"12345678", None, &mut scratch).unwrap();
        send(length, &scratch, 0x6984);
        // nor does a key pad get at a PIN inside a session
        assert_eq!(channel.modify_on_pin_pad(&format), Err(CardError::PinPadInSession));
        let headers: Vec<_> = card.commands.iter().map(|seen| seen.header).collect();
        let expected = [
            [0x0C, 0x24, 0x00, 0x81],
            [0x0C, 0x2C, 0x00, 0x81],
            [0x0C, 0x24, 0x01, 0x81],
            [0x0C, 0x2C, 0x03, 0x81],
        ];
        assert_eq!(headers, expected);
        assert_eq!(card.commands[0].data, change);
        assert_eq!(&card.commands[1].data[..8], b"12345678");
        assert!(card.commands[3].data.is_empty());
    }
}
