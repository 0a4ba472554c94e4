//! What the channel does with lengths, chains and the status words that ask for another command.

use std::collections::VecDeque;

use bitaqa_card::{
    CardError, Misbehaviour, Transport, TransportError,
    apdu::{Command, StatusWord},
    channel::Channel,
    profile::Link,
    transport::Limits,
};

/// Expects exactly these commands and gives exactly these answers.
struct Script {
    exchanges: VecDeque<(Vec<u8>, Vec<u8>)>,
    limits: Limits,
}

impl Transport for Script {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        let (expected, given) = self.exchanges.pop_front().ok_or(TransportError::Removed)?;
        assert_eq!(command, expected);
        answer.clear();
        answer.extend_from_slice(&given);
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

const SHORT: Link = Link { extended_length: false, chaining: true, max_response: 256 };
const EXTENDED: Link = Link { extended_length: true, chaining: true, max_response: 65_536 };

fn run(
    link: Link,
    limits: Limits,
    command: &Command,
    exchanges: Vec<(Vec<u8>, Vec<u8>)>,
) -> Result<(Vec<u8>, StatusWord), CardError> {
    let mut script = Script { exchanges: exchanges.into(), limits };
    let response = Channel::new(&mut script, link).send(command)?;
    assert!(script.exchanges.is_empty(), "not every expected command was sent");
    Ok((response.data, response.status))
}

#[test]
fn get_response_collects_the_rest() {
    let command = Command::new(0xCB, 0x3F, 0xFF).data([1]).le(256);
    let outcome = run(
        SHORT,
        Limits::default(),
        &command,
        vec![
            (vec![0, 0xCB, 0x3F, 0xFF, 1, 1, 0], vec![0xAA, 0x61, 0x02]),
            (vec![0, 0xC0, 0, 0, 2], vec![0xBB, 0xCC, 0x61, 0x00]),
            (vec![0, 0xC0, 0, 0, 0], vec![0xDD, 0x90, 0x00]),
        ],
    );
    assert_eq!(outcome.unwrap(), (vec![0xAA, 0xBB, 0xCC, 0xDD], StatusWord::OK));
}

#[test]
fn a_refusal_of_get_response_is_no_answer_to_the_command() {
    let command = Command::new(0x82, 0, 0).data([1]).le(40);
    let fetch = |answer: Vec<u8>| {
        vec![(vec![0, 0x82, 0, 0, 1, 1, 40], vec![0x61, 0x28]), (vec![0, 0xC0, 0, 0, 0x28], answer)]
    };
    let refused = CardError::Refused { command: "GET RESPONSE", status: StatusWord(0x6985) };
    assert_eq!(run(SHORT, Limits::default(), &command, fetch(vec![0x69, 0x85])), Err(refused));
    // with data it is the answer, whatever its status word
    let outcome = run(SHORT, Limits::default(), &command, fetch(vec![0xAA, 0x6A, 0x82]));
    assert_eq!(outcome, Ok((vec![0xAA], StatusWord::NOT_FOUND)));
}

#[test]
fn a_step_of_a_protocol_goes_out_once() {
    for instruction in [0x82, 0x86] {
        let command = Command::new(instruction, 0, 0).data([1]).le(40);
        let exchanges = vec![(vec![0, instruction, 0, 0, 1, 1, 40], vec![0x6C, 0x05])];
        assert_eq!(run(SHORT, Limits::default(), &command, exchanges), Ok((vec![], StatusWord(0x6C05))));
    }
}

#[test]
fn a_wrong_le_is_corrected_once() {
    let command = Command::new(0xB0, 0, 0).le(256);
    let exchanges = vec![
        (vec![0, 0xB0, 0, 0, 0], vec![0x6C, 0x05]),
        (vec![0, 0xB0, 0, 0, 5], vec![1, 2, 3, 4, 5, 0x90, 0x00]),
    ];
    assert_eq!(run(SHORT, Limits::default(), &command, exchanges).unwrap().0, [1, 2, 3, 4, 5]);
    let stubborn =
        vec![(vec![0, 0xB0, 0, 0, 0], vec![0x6C, 0x05]), (vec![0, 0xB0, 0, 0, 5], vec![0x6C, 0x05])];
    assert_eq!(
        run(SHORT, Limits::default(), &command, stubborn),
        Err(CardError::Misbehaved(Misbehaviour::EndlessAnswer))
    );
}

#[test]
fn endless_61_is_misbehaviour() {
    let command = Command::new(0xB0, 0, 0).le(256);
    let exchanges =
        vec![(vec![0, 0xB0, 0, 0, 0], vec![0x61, 0x10]), (vec![0, 0xC0, 0, 0, 0x10], vec![0x61, 0x10])];
    assert_eq!(
        run(SHORT, Limits::default(), &command, exchanges),
        Err(CardError::Misbehaved(Misbehaviour::EndlessAnswer))
    );
}

#[test]
fn an_answer_in_endless_small_parts_is_misbehaviour() {
    let command = Command::new(0xB0, 0, 0).le(256);
    let mut exchanges = vec![(vec![0, 0xB0, 0, 0, 0], vec![1, 0x61, 0x10])];
    exchanges.resize(1025, (vec![0, 0xC0, 0, 0, 0x10], vec![1, 0x61, 0x10]));
    assert_eq!(
        run(SHORT, Limits::default(), &command, exchanges),
        Err(CardError::Misbehaved(Misbehaviour::EndlessAnswer))
    );
}

#[test]
fn get_response_is_no_link_of_the_commands_chain() {
    let command = Command { cla: 0x10, ..Command::new(0x86, 0, 0).data([0x7C, 0]).le(256) };
    let exchanges = vec![
        (vec![0x10, 0x86, 0, 0, 2, 0x7C, 0, 0], vec![0x61, 0x02]),
        (vec![0, 0xC0, 0, 0, 2], vec![0x7C, 0, 0x90, 0x00]),
    ];
    assert_eq!(run(SHORT, Limits::default(), &command, exchanges).unwrap().0, [0x7C, 0]);
}

#[test]
fn long_data_is_chained_where_extended_length_is_not_there() {
    let data: Vec<u8> = (0..300_u16).map(|n| n.to_le_bytes()[0]).collect();
    let command = Command::new(0x2A, 0x9E, 0x9A).data(data.clone()).le(256);
    let mut first = vec![0x10, 0x2A, 0x9E, 0x9A, 255];
    first.extend_from_slice(&data[..255]);
    let mut last = vec![0x00, 0x2A, 0x9E, 0x9A, 45];
    last.extend_from_slice(&data[255..]);
    last.push(0);
    let exchanges = vec![(first.clone(), vec![0x90, 0x00]), (last, vec![7, 0x90, 0x00])];
    assert_eq!(run(SHORT, Limits::default(), &command, exchanges).unwrap(), (vec![7], StatusWord::OK));
    // a refused link ends the chain
    let refused = vec![(first, vec![0x68, 0x84])];
    assert_eq!(run(SHORT, Limits::default(), &command, refused).unwrap().1, StatusWord(0x6884));
    // a card without chaining is told so before anything is sent
    let link = Link { chaining: false, ..SHORT };
    assert!(matches!(run(link, Limits::default(), &command, vec![]), Err(CardError::Unsupported(_))));
}

#[test]
fn extended_length_is_used_only_where_card_and_reader_have_it() {
    let command = Command::new(0xB0, 0, 0).le(1000);
    let extended = vec![(vec![0, 0xB0, 0, 0, 0, 0x03, 0xE8], vec![1, 0x90, 0x00])];
    let reader = Limits { command: 65_548, answer: 65_538 };
    assert!(run(EXTENDED, reader, &command, extended).is_ok());
    let short = vec![(vec![0, 0xB0, 0, 0, 0], vec![1, 0x90, 0x00])];
    assert!(run(EXTENDED, Limits::default(), &command, short).is_ok());
}

#[test]
fn an_answer_longer_than_any_is_misbehaviour() {
    let command = Command::new(0xB0, 0, 0).le(256);
    let exchanges = vec![(vec![0, 0xB0, 0, 0, 0], vec![0; 70_000])];
    assert!(matches!(
        run(SHORT, Limits::default(), &command, exchanges),
        Err(CardError::Misbehaved(Misbehaviour::TooMuchData { .. }))
    ));
}
