//! The card's side of secure messaging and chip authentication, written apart from the crate: own TLV, own MACs, own
//! counter, own key derivation.

use bitaqa_card::{
    SecureMessaging, Transport, TransportError, profile::Link, symmetric::Cipher, transport::Limits,
};

use crate::{
    card_cipher::{CardCipher, padded},
    model_chip::ModelChip,
};

pub(crate) const SHORT: Limits = Limits { command: 261, answer: 258 };
pub(crate) const EXTENDED: Limits = Limits { command: 70_000, answer: 70_000 };
pub(crate) const LINK: Link = Link { extended_length: true, chaining: true, max_response: 65_536 };
pub(crate) const CIPHERS: [Cipher; 4] = [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256];

pub(crate) fn object(tag: u8, value: &[u8]) -> Vec<u8> {
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
pub(crate) struct Plain {
    pub(crate) header: [u8; 4],
    pub(crate) data: Vec<u8>,
    pub(crate) le: Option<usize>,
}

/// The card: opens each command, remembers it, and gives the next answer under protection.
pub(crate) struct ModelCard {
    enc: CardCipher,
    mac: CardCipher,
    pub(crate) ssc: u128,
    limits: Limits,
    answers: Vec<(Vec<u8>, u16)>,
    pub(crate) commands: Vec<Plain>,
    chain: Vec<u8>,
    pending: Vec<u8>,
    /// Its key for chip authentication, and DG14.
    pub(crate) chip: Option<ModelChip>,
    next_keys: Option<(CardCipher, CardCipher)>,
    /// Changes the protected answer before it leaves.
    pub(crate) tamper: Option<Tamper>,
    pub(crate) transmitted: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Tamper {
    pub(crate) answer: usize,
    pub(crate) at: usize,
    pub(crate) change: Change,
}

#[derive(Debug, Clone)]
pub(crate) enum Change {
    Flip(u8),
    Remove,
    Insert(u8),
    Cut,
    Repeat,
}

impl ModelCard {
    pub(crate) fn new(
        cipher: Cipher,
        limits: Limits,
        answers: Vec<(Vec<u8>, u16)>,
    ) -> (Self, SecureMessaging) {
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
            chip: None,
            next_keys: None,
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

    /// The next answer of the script, or what the chip says.
    fn reply(&mut self) -> (Vec<u8>, u16) {
        let number = self.commands.len() - 1;
        let command = self.commands[number].clone();
        let Some(chip) = &mut self.chip else { return self.answers.get(number).cloned().unwrap() };
        let [_, ins, p1, p2] = command.header;
        match (ins, p1, p2) {
            (0x22, 0x41, 0xA6) => {
                let (key, rest) = value(&command.data, 0x91);
                assert_eq!(rest, chip.reference());
                self.next_keys = Some(chip.agree(Cipher::TripleDes, key));
                (Vec::new(), 0x9000)
            }
            (0x22, 0x41, 0xA4) => {
                let (oid, rest) = value(&command.data, 0x80);
                assert_eq!(rest, chip.reference());
                assert_eq!(oid[..8], [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03]);
                chip.chosen = Some(CIPHERS[usize::from(oid[9]) - 1]);
                (Vec::new(), 0x9000)
            }
            (0x86, 0, 0) => {
                let (template, rest) = value(&command.data, 0x7C);
                assert!(rest.is_empty());
                let (key, rest) = value(template, 0x80);
                assert!(rest.is_empty());
                self.next_keys = Some(chip.agree(chip.chosen.unwrap(), key));
                (chip.general_answer.clone(), 0x9000)
            }
            (0xB0, 0x8E, offset) => (chip.dg14[usize::from(offset)..].to_vec(), 0x9000),
            _ => (Vec::new(), 0x6D00),
        }
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
        let (mut data, status) = self.reply();
        data.truncate(plain.le.unwrap_or(0));
        let mut answer = self.protect(&data, status, odd);
        if let Some((enc, mac)) = self.next_keys.take() {
            (self.enc, self.mac, self.ssc) = (enc, mac, 0);
        }
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

/// The value of the first data object, which has this tag, and what follows it.
fn value(bytes: &[u8], tag: u8) -> (&[u8], &[u8]) {
    assert_eq!(bytes[0], tag);
    let (length, start) = match *bytes {
        [_, 0x81, length, ..] => (usize::from(length), 3),
        [_, 0x82, high, low, ..] => (usize::from(u16::from_be_bytes([high, low])), 4),
        [_, length, ..] => (usize::from(length), 2),
        _ => panic!("no data object"),
    };
    (&bytes[start..start + length], &bytes[start + length..])
}
