//! Chaining, `61xx`, `6Cxx` and extended length, against cards that insist on them.

use std::sync::Arc;

use bitaqa_card::{
    Card, Hash, Layout, Role, SignatureAlgorithm,
    apdu::{Command, StatusWord},
    channel::Channel,
    profile::Link,
    signature::KeySize,
    transport::Limits,
};
use bitaqa_virtual_card::{CardSpec, private_key::KeyKind, rules::Protocol};

use crate::{
    openssl::{digest, judge},
    reader::{Reader, first_look, sign, signature},
};

/// What a reader without limits of its own carries.
const EXTENDED: Limits = Limits { command: 65_548, answer: 65_538 };

fn rsa(protocol: Protocol, extended_length: bool) -> CardSpec {
    CardSpec {
        protocol: Some(protocol),
        extended_length: Some(extended_length),
        ..CardSpec::pkcs15(KeyKind::Rsa2048)
    }
}

#[test]
fn with_t0_answers_are_fetched_and_lengths_corrected() {
    let mut reader = Reader::with(&rsa(Protocol::T0, false));
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    let way = (SignatureAlgorithm::RsaPkcs1(Hash::Sha256), KeySize::Rsa(256));
    let signed = signature(sign(&mut reader, &look, "1234", way, &digest(Hash::Sha256)));
    judge(&look.certificate, way.0, &signed);
    let statuses: Vec<&str> = reader.card.log().entries().iter().map(|entry| entry.status.as_str()).collect();
    // information about a file is shorter than the 256 bytes that were asked for; the signature waits behind 6100
    assert!(statuses.iter().any(|status| status.starts_with("61")), "{statuses:?}");
    assert!(statuses.contains(&"6100"), "{statuses:?}");
    assert!(reader.was_sent(0xC0), "GET RESPONSE");
}

#[test]
fn with_t0_a_wrong_le_is_sent_once_more_with_the_right_one() {
    let mut reader = Reader::with(&rsa(Protocol::T0, false));
    let mut channel = Channel::new(&mut reader, Link::CAUTIOUS);
    let select = |id: [u8; 2]| Command::new(0xA4, 0x00, 0x0C).data(id);
    channel.send(&select([0x3F, 0x00])).unwrap().expect_ok("SELECT").unwrap();
    channel.send(&select([0x2F, 0x00])).unwrap().expect_ok("SELECT").unwrap();
    // EF.DIR is shorter than 255 bytes
    let content = channel.send(&Command::new(0xB0, 0, 0).le(255)).unwrap();
    assert!(matches!(content.status, StatusWord::OK | StatusWord::END_OF_FILE));
    assert_eq!(content.data.first(), Some(&0x61), "an application template");
    let statuses: Vec<String> =
        reader.card.log().entries().iter().map(|entry| entry.status.clone()).collect();
    assert!(statuses[2].starts_with("6C"), "{statuses:?}");
    assert_eq!(statuses.len(), 4, "{statuses:?}");
}

#[test]
fn a_long_command_is_chained_and_the_card_puts_it_together() {
    for protocol in [Protocol::T0, Protocol::T1] {
        let mut reader = Reader::with(&rsa(protocol, false));
        let link = Link { extended_length: false, chaining: true, max_response: 256 };
        let block: Vec<u8> = [0x00, 0x01].into_iter().chain(std::iter::repeat_n(0xFF, 254)).collect();
        let (answer, padded) = raw_rsa(&mut reader, link, &block);
        assert_eq!(answer, StatusWord::OK, "{protocol:?}");
        assert_eq!(padded.len(), 256);
        let chained: Vec<&Vec<u8>> = reader.sent.iter().filter(|command| command[1] == 0x2A).collect();
        assert_eq!(chained.len(), 2, "two commands of one chain");
        assert_eq!((chained[0][0], chained[0][4], chained[1][0], chained[1][4]), (0x10, 255, 0x00, 1));
    }
}

#[test]
fn the_same_command_goes_in_one_piece_where_card_and_reader_know_extended_length() {
    let mut reader = Reader::with(&rsa(Protocol::T1, true));
    reader.limits = EXTENDED;
    let link = Link { extended_length: true, chaining: true, max_response: 65_536 };
    let block: Vec<u8> = [0x00, 0x01].into_iter().chain(std::iter::repeat_n(0xFF, 254)).collect();
    assert_eq!(raw_rsa(&mut reader, link, &block).0, StatusWord::OK);
    let signing: Vec<&Vec<u8>> = reader.sent.iter().filter(|command| command[1] == 0x2A).collect();
    assert_eq!(signing.len(), 1);
    assert_eq!(signing[0][4..7], [0x00, 0x01, 0x00], "extended Lc of 256");
}

#[test]
fn a_certificate_is_read_in_one_command_with_extended_length_and_in_several_without() {
    let spec = rsa(Protocol::T1, true);
    let mut reader = Reader::with(&spec);
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    let reads = |reader: &Reader| reader.sent.iter().filter(|command| command[1] == 0xB0).count();
    for (limits, wanted) in [(EXTENDED, 1), (Limits::default(), look.certificate.len().div_ceil(256))] {
        reader.insert_again();
        reader.limits = limits;
        let link = Link { extended_length: true, chaining: true, max_response: 65_536 };
        let layout = Arc::new(Layout { link, ..Layout::clone(&look.layout) });
        let certificate = Card::with_layout(&mut reader, layout).certificate(&look.credential).unwrap();
        assert_eq!(certificate, look.certificate);
        assert_eq!(reads(&reader), wanted, "READ BINARY with {limits:?}");
    }
}

/// The Estonian chip gives at most 233 bytes at a time and knows no extended length.
#[test]
fn no_answer_of_the_estonian_card_is_asked_longer_than_it_can_be() {
    let mut reader = Reader::with(&CardSpec::esteid());
    reader.limits = EXTENDED;
    let look = first_look(&mut reader, Role::Authentication).unwrap();
    assert!(look.certificate.len() > 233, "several reads");
    for command in reader.sent.iter().filter(|command| command[1] == 0xB0) {
        assert_eq!(command.len(), 5, "short length: {command:02X?}");
        assert!((1..=233).contains(&command[4]), "{command:02X?}");
    }
    assert!(!reader.was_sent(0xC0), "nothing is left waiting in the card");
}

/// A whole padded block to the RSA key, without padding by the card.
fn raw_rsa(reader: &mut Reader, link: Link, block: &[u8]) -> (StatusWord, Vec<u8>) {
    let mut channel = Channel::new(reader, link);
    let application = bitaqa_card::pkcs15::APPLICATION;
    let mut send = |command: Command| channel.send(&command).unwrap();
    assert_eq!(send(Command::new(0xA4, 0x04, 0x0C).data(application)).status, StatusWord::OK);
    assert_eq!(send(Command::new(0x20, 0x00, 0x81).data(*b"1234\xFF\xFF\xFF\xFF")).status, StatusWord::OK);
    assert_eq!(send(Command::new(0x22, 0x41, 0xB6).data([0x80, 1, 0, 0x84, 1, 1])).status, StatusWord::OK);
    let answer = send(Command::new(0x2A, 0x9E, 0x9A).data(block).le(256));
    (answer.status, answer.data)
}
