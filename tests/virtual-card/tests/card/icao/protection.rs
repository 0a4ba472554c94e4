//! Secure messaging: whatever comes, the chip answers, and believes nothing that was changed.

use bitaqa_virtual_card::{
    CardSpec,
    icao::pace::PasswordKind,
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
