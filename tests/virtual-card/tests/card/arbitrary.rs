//! Whatever a terminal sends, a card answers with a status word.

use std::sync::{LazyLock, Mutex};

use bitaqa_virtual_card::{
    Card, CardSpec, Pki,
    private_key::KeyKind,
    rules::Protocol,
    spec::{Generation, Hypothesis, Personality},
    status::StatusWord,
};
use proptest::prelude::*;

use crate::terminal::bytes;

/// Cards that keep their state from one case to the next.
static CARDS: LazyLock<Mutex<Vec<Card>>> = LazyLock::new(|| {
    let pki = Pki::generate().unwrap();
    let specs = [
        CardSpec::esteid(),
        CardSpec::of_generation(Personality::Esteid, Generation::Thales),
        CardSpec { key: Some(KeyKind::P384), ..CardSpec::new(Personality::Lateid) },
        CardSpec::piv(KeyKind::P256),
        CardSpec::iasecc(KeyKind::P256),
        CardSpec::new(Personality::Bahrain2016),
        CardSpec::of_generation(Personality::Bahrain2016, Generation::V1),
        CardSpec::new(Personality::Cnie1),
        CardSpec::pkcs15(KeyKind::P256),
        CardSpec { extended_length: Some(false), ..CardSpec::pkcs15(KeyKind::BrainpoolP256r1) },
        CardSpec::new(Personality::PassportBac),
        CardSpec::new(Personality::Bahrain2025),
        CardSpec { extended_length: Some(false), ..CardSpec::cnie_2(Hypothesis::IasEccCam, 1) },
        CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 2),
        CardSpec::new(Personality::Eac2),
    ];
    Mutex::new(specs.iter().map(|spec| spec.make(&pki).unwrap()).collect())
});

/// Commands that look enough like real ones to get past the header.
pub(crate) fn command() -> impl Strategy<Value = Vec<u8>> {
    let instruction = prop_oneof![
        Just(0xA4u8),
        Just(0xB0),
        Just(0x20),
        Just(0x22),
        Just(0x24),
        Just(0x2A),
        Just(0x2C),
        Just(0x82),
        Just(0x84),
        Just(0x86),
        Just(0x87),
        Just(0x88),
        Just(0xB1),
        Just(0xC0),
        Just(0xCA),
        Just(0xCB),
        any::<u8>(),
    ];
    let class = prop_oneof![4 => Just(0u8), 1 => Just(0x10), 1 => Just(0x0C), 1 => any::<u8>()];
    let parameter = prop_oneof![
        Just(0u8),
        Just(1),
        Just(4),
        Just(0x0C),
        Just(0x41),
        Just(0x81),
        Just(0x9E),
        Just(0xA4),
        Just(0xC1),
        any::<u8>()
    ];
    let data = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        Just(vec![0x3F, 0x00]),
        Just(vec![0x80, 0x01, 0x30, 0x84, 0x01, 0x01]),
        Just(vec![0x5C, 0x03, 0x5F, 0xC1, 0x05]),
        Just(vec![0x7C, 0x00]),
        Just(bytes("800A04007F00070202040202830102")),
        Just(bytes("970100 8E08 0000000000000000")),
        Just(vec![0x7C, 0x04, 0x82, 0x00, 0x81, 0x00]),
        Just(b"1234\xFF\xFF\xFF\xFF".to_vec()),
    ];
    (class, instruction, parameter.clone(), parameter, data, proptest::option::of(any::<u8>())).prop_map(
        |(class, instruction, p1, p2, data, le)| {
            let mut command = vec![class, instruction, p1, p2];
            if !data.is_empty() {
                command.push(u8::try_from(data.len()).unwrap());
                command.extend(data);
            }
            command.extend(le);
            command
        },
    )
}

fn answers_with_a_status_word(command: &[u8]) {
    for card in CARDS.lock().unwrap().iter_mut() {
        for protocol in [Protocol::T0, Protocol::T1] {
            let answer = card.transmit(protocol, command).answer.unwrap();
            let status = u16::from_be_bytes(*answer.last_chunk::<2>().unwrap());
            assert!(matches!(status >> 12, 6 | 9), "{:?} to {command:02X?}", StatusWord(status));
        }
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_get_a_status_word(command: Vec<u8>) {
        answers_with_a_status_word(&command);
    }

    #[test]
    fn commands_that_look_real_get_a_status_word(commands in proptest::collection::vec(command(), 1..8)) {
        for command in commands {
            answers_with_a_status_word(&command);
        }
    }
}
