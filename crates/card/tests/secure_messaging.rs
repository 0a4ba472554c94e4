//! A channel in a session against a card that was written apart from it: own TLV, own MACs, own counter.

use aes::{
    Aes128, Aes192, Aes256,
    cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit},
};
use bitaqa_card::{
    CardError, Misbehaviour, SecureMessaging, Transport, TransportError,
    apdu::{Command, StatusWord},
    channel::Channel,
    profile::Link,
    symmetric::Cipher,
    transport::Limits,
};
use des::Des;
use proptest::prelude::*;

/// The block ciphers as the card has them: one block at a time.
struct CardCipher {
    aes: bool,
    key: Vec<u8>,
}

impl CardCipher {
    fn block(&self, block: &mut [u8], decrypt: bool) {
        macro_rules! run {
            ($cipher:ty, $key:expr) => {{
                let cipher = <$cipher>::new_from_slice($key).unwrap();
                let block: &mut Array<u8, _> = block.try_into().unwrap();
                if decrypt { cipher.decrypt_block(block) } else { cipher.encrypt_block(block) }
            }};
        }
        match (self.aes, self.key.len()) {
            (false, _) => {
                run_des(&self.key[..8], block, decrypt);
                run_des(&self.key[8..], block, !decrypt);
                run_des(&self.key[..8], block, decrypt);
            }
            (true, 16) => run!(Aes128, &self.key),
            (true, 24) => run!(Aes192, &self.key),
            (true, _) => run!(Aes256, &self.key),
        }
    }

    const fn size(&self) -> usize {
        if self.aes { 16 } else { 8 }
    }

    fn cbc(&self, iv: &[u8], data: &[u8], decrypt: bool) -> Vec<u8> {
        let mut previous = iv.to_vec();
        let mut out = Vec::new();
        for block in data.chunks(self.size()) {
            let mut work = block.to_vec();
            if decrypt {
                self.block(&mut work, true);
                xor(&mut work, &previous);
                previous = block.to_vec();
            } else {
                xor(&mut work, &previous);
                self.block(&mut work, false);
                previous.clone_from(&work);
            }
            out.extend_from_slice(&work);
        }
        out
    }

    /// Over whole blocks: retail MAC, or CMAC with its first subkey.
    fn mac(&self, message: &[u8]) -> Vec<u8> {
        assert!(message.len().is_multiple_of(self.size()));
        let mut state = vec![0; self.size()];
        if self.aes {
            let mut subkey = vec![0; 16];
            self.block(&mut subkey, false);
            let carry = subkey[0] >> 7;
            let shifted = u128::from_be_bytes(subkey.try_into().unwrap()) << 1;
            let subkey = (shifted ^ if carry == 1 { 0x87 } else { 0 }).to_be_bytes();
            let count = message.len() / 16;
            for (number, block) in message.chunks(16).enumerate() {
                xor(&mut state, block);
                if number + 1 == count {
                    xor(&mut state, &subkey);
                }
                self.block(&mut state, false);
            }
        } else {
            for block in message.chunks(8) {
                xor(&mut state, block);
                run_des(&self.key[..8], &mut state, false);
            }
            run_des(&self.key[8..], &mut state, true);
            run_des(&self.key[..8], &mut state, false);
        }
        state.truncate(8);
        state
    }
}

fn run_des(key: &[u8], block: &mut [u8], decrypt: bool) {
    let cipher = Des::new_from_slice(key).unwrap();
    let block: &mut Array<u8, _> = block.try_into().unwrap();
    if decrypt { cipher.decrypt_block(block) } else { cipher.encrypt_block(block) }
}

fn xor(to: &mut [u8], with: &[u8]) {
    to.iter_mut().zip(with).for_each(|(to, with)| *to ^= with);
}

fn padded(data: &[u8], size: usize) -> Vec<u8> {
    let mut out = data.to_vec();
    out.push(0x80);
    while !out.len().is_multiple_of(size) {
        out.push(0);
    }
    out
}

fn object(tag: u8, value: &[u8]) -> Vec<u8> {
    let [.., high, low] = value.len().to_be_bytes();
    let length = match value.len() {
        0..0x80 => vec![low],
        0x80..0x100 => vec![0x81, low],
        0x100..0x1_0000 => vec![0x82, high, low],
        _ => vec![0x83, 1, high, low],
    };
    [&[tag][..], &length, value].concat()
}

/// What a command was before it was protected.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Plain {
    header: [u8; 4],
    data: Vec<u8>,
    le: Option<usize>,
}

/// The card: opens each command, remembers it, and gives the next answer under protection.
struct ModelCard {
    enc: CardCipher,
    mac: CardCipher,
    ssc: u128,
    limits: Limits,
    answers: Vec<(Vec<u8>, u16)>,
    commands: Vec<Plain>,
    chain: Vec<u8>,
    pending: Vec<u8>,
    /// Changes the protected answer before it leaves.
    tamper: Option<Tamper>,
    transmitted: usize,
}

#[derive(Debug, Clone)]
struct Tamper {
    answer: usize,
    at: usize,
    change: Change,
}

#[derive(Debug, Clone)]
enum Change {
    Flip(u8),
    Remove,
    Insert(u8),
    Cut,
    Repeat,
}

impl ModelCard {
    fn new(cipher: Cipher, limits: Limits, answers: Vec<(Vec<u8>, u16)>) -> (Self, SecureMessaging) {
        let aes = cipher != Cipher::TripleDes;
        let length = cipher.key_length();
        let enc: Vec<u8> = (1..=length).map(|n| u8::try_from(n * 7).unwrap()).collect();
        let mac: Vec<u8> = (1..=length).map(|n| u8::try_from(n * 5 + 1).unwrap()).collect();
        let ssc: u128 = 0x00FF_FFFE;
        let bytes = ssc.to_be_bytes();
        let session = SecureMessaging::new(
            cipher,
            enc.clone().into(),
            mac.clone().into(),
            &bytes[16 - cipher.block_length()..],
        )
        .unwrap();
        let card = Self {
            enc: CardCipher { aes, key: enc },
            mac: CardCipher { aes, key: mac },
            ssc,
            limits,
            answers,
            commands: Vec::new(),
            chain: Vec::new(),
            pending: Vec::new(),
            tamper: None,
            transmitted: 0,
        };
        (card, session)
    }

    fn ssc(&self) -> Vec<u8> {
        self.ssc.to_be_bytes()[16 - self.enc.size()..].to_vec()
    }

    fn iv(&self) -> Vec<u8> {
        let mut iv = self.ssc();
        if self.enc.aes {
            self.enc.block(&mut iv, false);
        } else {
            iv.fill(0);
        }
        iv
    }

    /// The command's fields, and the most bytes its Le lets back.
    fn fields(apdu: &[u8]) -> (Vec<u8>, usize) {
        if apdu[4] == 0 && apdu.len() > 6 {
            let lc = usize::from(u16::from_be_bytes([apdu[5], apdu[6]]));
            assert_eq!(apdu.len(), 7 + lc + 2, "Lc and Le of extended length");
            assert_eq!(apdu[7 + lc..], [0, 0], "the largest Le");
            (apdu[7..7 + lc].to_vec(), 65_536)
        } else {
            let lc = usize::from(apdu[4]);
            assert_eq!(apdu.len(), 5 + lc + 1, "Lc and Le of short length");
            let le = usize::from(*apdu.last().unwrap());
            (apdu[5..5 + lc].to_vec(), if le == 0 { 256 } else { le })
        }
    }

    fn open(&mut self, header: [u8; 4], field: &[u8]) -> Option<Plain> {
        self.ssc += 1;
        let mut rest = field;
        let mut message = [self.ssc(), padded(&header, self.enc.size())].concat();
        let (mut data, mut le, mut covered) = (Vec::new(), None, Vec::new());
        loop {
            let (tag, length, start) = match *rest {
                [tag, 0x81, length, ..] => (tag, usize::from(length), 3),
                [tag, 0x82, high, low, ..] => (tag, usize::from(u16::from_be_bytes([high, low])), 4),
                [tag, length, ..] => (tag, usize::from(length), 2),
                _ => return None,
            };
            let value = &rest[start..start + length];
            match tag {
                0x87 => {
                    assert_eq!((header[1] & 1, value[0]), (0, 1));
                    data = self.enc.cbc(&self.iv(), &value[1..], true);
                }
                0x85 => {
                    assert_eq!(header[1] & 1, 1);
                    data = self.enc.cbc(&self.iv(), value, true);
                }
                0x97 => {
                    le = Some(match *value {
                        [0] => 256,
                        [le] => usize::from(le),
                        [0, 0] => 65_536,
                        [high, low] => usize::from(u16::from_be_bytes([high, low])),
                        _ => panic!("a protected Le of {length} bytes"),
                    });
                }
                0x8E => {
                    assert_eq!(rest.len(), start + length, "the checksum is last");
                    if !covered.is_empty() {
                        message.extend_from_slice(&padded(&covered, self.enc.size()));
                    }
                    if self.mac.mac(&message) != value {
                        return None;
                    }
                    while data.last() == Some(&0) {
                        data.pop();
                    }
                    data.pop();
                    return Some(Plain { header, data, le });
                }
                _ => panic!("tag {tag:02X}"),
            }
            covered.extend_from_slice(&rest[..start + length]);
            rest = &rest[start + length..];
        }
    }

    fn protect(&mut self, data: &[u8], status: u16, odd: bool) -> Vec<u8> {
        self.ssc += 1;
        let mut objects = Vec::new();
        if !data.is_empty() {
            let cryptogram = self.enc.cbc(&self.iv(), &padded(data, self.enc.size()), false);
            objects =
                if odd { object(0x85, &cryptogram) } else { object(0x87, &[&[1], &cryptogram[..]].concat()) };
        }
        objects.extend_from_slice(&object(0x99, &status.to_be_bytes()));
        let mac = self.mac.mac(&padded(&[self.ssc(), objects.clone()].concat(), self.enc.size()));
        [objects, object(0x8E, &mac)].concat()
    }

    fn hand_out(&mut self, most: usize, status: u16) -> Vec<u8> {
        let rest = self.pending.split_off(most.min(self.pending.len()));
        let part = std::mem::replace(&mut self.pending, rest);
        let status = match self.pending.len() {
            0 => status,
            more => 0x6100 | u16::try_from(more).unwrap_or(0) & if more > 255 { 0 } else { 0xFF },
        };
        [&part[..], &status.to_be_bytes()].concat()
    }

    fn answer(&mut self, apdu: &[u8]) -> Vec<u8> {
        if apdu[1] == 0xC0 && apdu[0] == 0 && !self.pending.is_empty() {
            let most = if apdu[4] == 0 { 256 } else { usize::from(apdu[4]) };
            return self.hand_out(most, 0x9000);
        }
        if apdu[0] & 0x0C != 0x0C {
            return vec![0x69, 0x88];
        }
        let header = [apdu[0], apdu[1], apdu[2], apdu[3]];
        let (field, most) = Self::fields(apdu);
        let Some(plain) = self.open(header, &field) else { return vec![0x69, 0x88] };
        let odd = header[1] & 1 == 1;
        if header[0] & 0x10 != 0 {
            self.chain.extend_from_slice(&plain.data);
            assert_eq!(plain.le, None, "a link of a chain wants no data");
            self.pending = self.protect(&[], 0x9000, odd);
            return self.hand_out(most, 0x9000);
        }
        let data = [std::mem::take(&mut self.chain), plain.data].concat();
        self.commands.push(Plain { header, data, le: plain.le });
        let (mut data, status) = self.answers.get(self.commands.len() - 1).cloned().unwrap();
        data.truncate(plain.le.unwrap_or(0));
        let mut answer = self.protect(&data, status, odd);
        match &self.tamper {
            Some(tamper) if tamper.answer == self.commands.len() - 1 => {
                answer.extend_from_slice(&status.to_be_bytes());
                let at = tamper.at % answer.len();
                match tamper.change {
                    Change::Flip(with) => answer[at] ^= with,
                    Change::Remove => drop(answer.remove(at)),
                    Change::Insert(byte) => answer.insert(at, byte),
                    Change::Cut => answer.truncate(at),
                    Change::Repeat => {
                        let again = answer[..answer.len() - 2].to_vec();
                        answer.splice(0..0, again);
                    }
                }
                answer
            }
            _ => {
                self.pending = answer;
                self.hand_out(most, status)
            }
        }
    }
}

impl Transport for ModelCard {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        assert!(command.len() <= self.limits.command, "{} bytes to the reader", command.len());
        self.transmitted += 1;
        answer.clear();
        answer.extend_from_slice(&self.answer(command));
        assert!(answer.len() <= self.limits.answer, "{} bytes from the card", answer.len());
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

const SHORT: Limits = Limits { command: 261, answer: 258 };
const EXTENDED: Limits = Limits { command: 70_000, answer: 70_000 };
const LINK: Link = Link { extended_length: true, chaining: true, max_response: 65_536 };
const CIPHERS: [Cipher; 4] = [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256];

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
            data.truncate(command.le.unwrap_or(0));
            prop_assert_eq!(outcome, Ok((data, status)));
            let header = [0x0C, command.ins, command.p1, command.p2];
            prop_assert_eq!(seen, &Plain { header, data: command.data, le: command.le });
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
    let unprotected =
        bitaqa_card::secure_messaging::SecureMessagingFault::Unprotected { status: StatusWord(0x6988) };
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
    let format: bitaqa_card::PinFormat =
        toml::from_str("reference = 1\nencoding = 'ascii'\nmin-length = 4\nmax-length = 8").unwrap();
    assert!(matches!(channel.verify_on_pin_pad(&format), Err(CardError::Unsupported(_))));
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
