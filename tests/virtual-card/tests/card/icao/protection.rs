//! Secure messaging: whatever comes, the chip answers, and believes nothing that was changed.

use bitaqa_virtual_card::{
    CardSpec,
    icao::{active_authentication::ActiveAuthenticationKind, order::DocumentOrder, pace::PasswordKind},
    spec::{Hypothesis, Personality},
};
use proptest::prelude::*;

use super::terminal::{Reader, SELECT_APPLICATION, USUAL};
use crate::{arbitrary::command, terminal::bytes};

fn opened(spec: &CardSpec) -> Reader {
    let mut reader = Reader::with(spec);
    reader.pace(&USUAL, PasswordKind::Can, b"123456").map(drop).unwrap();
    reader
}

#[test]
fn chains_go_both_ways_where_lengths_are_short() {
    let document = DocumentOrder {
        active_authentication: Some(ActiveAuthenticationKind::Rsa2048Sha256),
        pace: Some(vec![USUAL]),
        ..DocumentOrder::default()
    };
    let spec = CardSpec { extended_length: Some(false), ..CardSpec::cnie_2(Hypothesis::IcaoOnly, 0) };
    let mut reader = opened(&spec.with_document(document));
    // each link is protected, and has a protected answer
    reader.expect("10A4040C 03 A00000", 0x9000);
    reader.expect("00A4040C 04 02471001", 0x9000);
    reader.read(1).unwrap();
    // 256 bytes and their protection do not fit into one short answer
    reader.card.clear_log();
    assert_eq!(reader.data("00880000 08 0102030405060708 00").len(), 256);
    let log = reader.card.log().entries();
    assert_eq!((log[0].status.as_str(), log[1].header.as_str()), ("6123", "00C00000"));
}

#[test]
fn a_command_longer_than_the_card_told_ends_the_session() {
    let mut reader = opened(&CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 5));
    let (_, status) = reader.send(&format!("00A4040C 001000 {}", "00".repeat(0x1000)));
    assert_eq!(status, 0x6700);
    reader.expect(SELECT_APPLICATION, 0x9000);
    assert_eq!(reader.read(1), Err(0x6982));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_commands_under_protection_get_protected_answers(
        commands in proptest::collection::vec(command(), 1..12)
    ) {
        for spec in [
            CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 5),
            CardSpec::new(Personality::Eac2),
        ] {
            let mut reader = opened(&spec);
            for command in &commands {
                // only whole commands can be protected, and what begins another session ends this test's knowledge
                if reader.session.is_none() || bitaqa_virtual_card::command::Command::parse(command).is_err() {
                    continue;
                }
                let class = command[0];
                let wrapped = [&[class & 0x10], &command[1..]].concat();
                let (_, status) = reader.send_bytes(&wrapped);
                prop_assert!(matches!(status >> 12, 6 | 9), "{status:04X}");
            }
        }
    }

    #[test]
    fn a_changed_byte_ends_the_session(at in 5usize..60, with in 1u8..) {
        let mut reader = opened(&CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 5));
        reader.expect(SELECT_APPLICATION, 0x9000);
        let mut session = reader.session.take().unwrap();
        let mut command = session.wrap(&bytes("00A4020C 02 0101"));
        let at = 5 + at % (command.len() - 6);
        command[at] ^= with;
        let (answer, status) = reader.transmit(&command);
        prop_assert!(answer.is_empty());
        prop_assert!(matches!(status, 0x6987 | 0x6988 | 0x6700), "{status:04X}");
        prop_assert_eq!(reader.transmit(&bytes("00B08100 04")).1, 0x6982);
    }
}
