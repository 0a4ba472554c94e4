//! A terminal for travel documents: just enough of the other side to try the card.

use bitaqa_curves::Curve;
use bitaqa_virtual_card::{
    Card, CardSpec,
    command::Command,
    icao::{
        cipher::{Cipher, unpad},
        domain::Domain,
        key_derivation::{KeyUse, derive},
        pace::{Mapping, Offer, PasswordKind},
    },
    rules::Protocol,
};

pub(crate) use super::key_agreement::{Private, Public, private};
use super::key_agreement::{nonce_times_generator, pseudo_random};
use crate::terminal::{PKI, bytes};

/// Session keys and counter.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) cipher: Cipher,
    pub(crate) encryption: Vec<u8>,
    pub(crate) authentication: Vec<u8>,
    pub(crate) counter: Vec<u8>,
}

impl Session {
    pub(crate) fn of_secret(cipher: Cipher, secret: &[u8]) -> Self {
        Self {
            cipher,
            encryption: derive(cipher, secret, KeyUse::Encryption).to_vec(),
            authentication: derive(cipher, secret, KeyUse::Authentication).to_vec(),
            counter: vec![0; cipher.block_length()],
        }
    }

    fn count(&mut self) {
        let width = self.counter.len();
        let number = self.counter.iter().fold(0u128, |number, digit| number << 8 | u128::from(*digit)) + 1;
        self.counter = number.to_be_bytes()[16 - width..].to_vec();
    }

    fn iv(&self) -> Vec<u8> {
        match self.cipher {
            Cipher::TripleDes => vec![0; 8],
            cipher => cipher.encrypt_block(&self.encryption, &self.counter),
        }
    }

    fn code(&self, message: &[u8]) -> Vec<u8> {
        let padded = self.cipher.pad(&[self.counter.as_slice(), message].concat());
        self.cipher.mac(&self.authentication, &padded)
    }

    pub(crate) fn wrap(&mut self, plain: &[u8]) -> Vec<u8> {
        self.count();
        let command = Command::parse(plain).unwrap();
        let header = [command.class | 0x0C, command.instruction, command.p1, command.p2];
        let mut body = Vec::new();
        if !command.data.is_empty() {
            let secret = self.cipher.encrypt(&self.encryption, &self.iv(), &self.cipher.pad(&command.data));
            body = if command.instruction & 1 == 1 {
                object(0x85, &secret)
            } else {
                object(0x87, &[&[1], secret.as_slice()].concat())
            };
        }
        if let Some(expected) = command.expected {
            let le = u16::try_from(expected % 65_536).unwrap().to_be_bytes();
            let short = [u8::try_from(expected % 256).unwrap()];
            body.extend(object(0x97, if command.extended { &le[..] } else { &short }));
        }
        let code = self.code(&[self.cipher.pad(&header).to_vec(), body.clone()].concat());
        body.extend(object(0x8E, &code));
        assemble(header, &body, command.extended)
    }

    pub(crate) fn unwrap(&mut self, answer: &[u8]) -> (Vec<u8>, u16) {
        self.count();
        let (covered, code) = answer.split_at(answer.len() - 10);
        assert_eq!(code[..2], [0x8E, 8]);
        assert_eq!(code[2..], self.code(covered));
        let (data, status) = covered.split_at(covered.len() - 4);
        assert_eq!(status[..2], [0x99, 2]);
        let status = u16::from_be_bytes([status[2], status[3]]);
        if data.is_empty() {
            return (Vec::new(), status);
        }
        let (tag, value) = first_object(data);
        let value = if tag == 0x87 { &value[1..] } else { value };
        let padded = self.cipher.decrypt(&self.encryption, &self.iv(), value).unwrap();
        (unpad(&padded).unwrap().to_vec(), status)
    }
}

/// Header and body with length fields that fit.
pub(crate) fn assemble(header: [u8; 4], body: &[u8], extended: bool) -> Vec<u8> {
    let mut command = header.to_vec();
    if extended || body.len() > 255 {
        command.push(0);
        command.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        command.extend(body);
        command.extend([0, 0]);
    } else {
        command.push(u8::try_from(body.len()).unwrap());
        command.extend(body);
        command.push(0);
    }
    command
}

pub(crate) fn object(tag: u16, value: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = tag.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    match value.len() {
        short @ 0..0x80 => bytes.push(u8::try_from(short).unwrap()),
        short @ 0x80..0x100 => bytes.extend([0x81, u8::try_from(short).unwrap()]),
        long => bytes.extend([&[0x82], &u16::try_from(long).unwrap().to_be_bytes()[..]].concat()),
    }
    bytes.extend(value);
    bytes
}

/// The first object with a tag of one byte.
pub(crate) fn first_object(bytes: &[u8]) -> (u8, &[u8]) {
    let (start, length) = match bytes[1] {
        0x81 => (3, usize::from(bytes[2])),
        0x82 => (4, usize::from(u16::from_be_bytes([bytes[2], bytes[3]]))),
        short => (2, usize::from(short)),
    };
    (bytes[0], &bytes[start..start + length])
}

/// The value inside `7C {tag value …}`.
fn dynamic(answer: &[u8], wanted: u8) -> Vec<u8> {
    let (tag, mut rest) = first_object(answer);
    assert_eq!(tag, 0x7C);
    while !rest.is_empty() {
        let (tag, value) = first_object(rest);
        if tag == wanted {
            return value.to_vec();
        }
        let end = value.as_ptr() as usize - rest.as_ptr() as usize + value.len();
        rest = &rest[end..];
    }
    panic!("no {wanted:02X} in {answer:02X?}")
}

/// Is there such an object inside `7C`?
fn has(answer: &[u8], wanted: u8) -> bool {
    let mut rest = first_object(answer).1;
    while !rest.is_empty() {
        let (tag, value) = first_object(rest);
        if tag == wanted {
            return true;
        }
        let end = value.as_ptr() as usize - rest.as_ptr() as usize + value.len();
        rest = &rest[end..];
    }
    false
}

/// What PACE gave beside the session.
pub(crate) struct Opened {
    /// The chip's ephemeral key, compressed.
    pub(crate) chip_key: Vec<u8>,
    /// The authority that the card believes.
    pub(crate) authority: Option<Vec<u8>>,
    pub(crate) mapping_key: Vec<u8>,
    pub(crate) chip_authentication_data: Option<Vec<u8>>,
}

/// A reader with a card in it.
pub(crate) struct Reader {
    pub(crate) card: Card,
    pub(crate) session: Option<Session>,
    /// What the terminal says in PACE that it wants to be: the value of `7F4C`.
    pub(crate) authorization: Option<Vec<u8>>,
    /// The authority that the card told in the last PACE.
    pub(crate) authority: Option<Vec<u8>>,
}

pub(crate) const SELECT_APPLICATION: &str = "00A4040C 07 A0000002471001";

impl Reader {
    pub(crate) fn with(spec: &CardSpec) -> Self {
        Self { card: spec.make(&PKI).unwrap(), session: None, authorization: None, authority: None }
    }

    /// Sends bytes as they are, and fetches the rest of the answer.
    pub(crate) fn transmit(&mut self, command: &[u8]) -> (Vec<u8>, u16) {
        let mut all = Vec::new();
        let mut command = command.to_vec();
        loop {
            let mut answer = self.card.transmit(Protocol::T1, &command).answer.unwrap();
            let status = answer.split_off(answer.len() - 2);
            all.extend(answer);
            if status[0] != 0x61 {
                return (all, u16::from_be_bytes([status[0], status[1]]));
            }
            command = vec![0, 0xC0, 0, 0, status[1]];
        }
    }

    /// Sends a command, protected where there is a session.
    pub(crate) fn send_bytes(&mut self, command: &[u8]) -> (Vec<u8>, u16) {
        let Some(mut session) = self.session.take() else {
            return self.transmit(command);
        };
        let (answer, status) = self.transmit(&session.wrap(command));
        if answer.is_empty() {
            return (answer, status);
        }
        let (data, inner) = session.unwrap(&answer);
        assert_eq!(inner, status);
        self.session = Some(session);
        (data, inner)
    }

    pub(crate) fn send(&mut self, command: &str) -> (Vec<u8>, u16) {
        self.send_bytes(&bytes(command))
    }

    #[track_caller]
    pub(crate) fn expect(&mut self, command: &str, status: u16) {
        let (_, got) = self.send(command);
        assert_eq!(format!("{got:04X}"), format!("{status:04X}"), "{command}");
    }

    #[track_caller]
    pub(crate) fn data(&mut self, command: &str) -> Vec<u8> {
        let (data, status) = self.send(command);
        assert_eq!(format!("{status:04X}"), "9000", "{command}");
        data
    }

    pub(crate) fn mutual_authentication(&mut self, information: &str) -> Result<(), u16> {
        use bitaqa_virtual_card::digest::Digest;

        self.expect(SELECT_APPLICATION, 0x9000);
        let seed = Digest::Sha1.of(information.as_bytes())[..16].to_vec();
        let keys = Session::of_secret(Cipher::TripleDes, &seed);
        let challenge = self.data("00840000 08");
        let own = [0x11; 8];
        let key = [0x22; 16];
        let token = [&own[..], &challenge, &key].concat();
        let secret = Cipher::TripleDes.encrypt(&keys.encryption, &[0; 8], &token);
        let code = Cipher::TripleDes.mac(&keys.authentication, &Cipher::TripleDes.pad(&secret));
        let (answer, status) = self.send_bytes(&assemble([0, 0x82, 0, 0], &[secret, code].concat(), false));
        if status != 0x9000 {
            return Err(status);
        }
        let (secret, code) = answer.split_at(32);
        assert_eq!(code, Cipher::TripleDes.mac(&keys.authentication, &Cipher::TripleDes.pad(secret)));
        let token = Cipher::TripleDes.decrypt(&keys.encryption, &[0; 8], secret).unwrap();
        assert_eq!(token[..16], [&challenge[..], &own].concat());
        let seed: Vec<u8> = token[16..].iter().zip(key).map(|(left, right)| left ^ right).collect();
        let mut session = Session::of_secret(Cipher::TripleDes, &seed);
        session.counter = [&challenge[4..], &own[4..]].concat();
        self.session = Some(session);
        Ok(())
    }

    /// MSE:Set AT for PACE: the status word.
    pub(crate) fn choose(&mut self, offer: &Offer, password: PasswordKind) -> u16 {
        let data = [
            object(0x80, &protocol(offer)),
            object(0x83, &[password.reference()]),
            object(0x84, &[offer.domain.parameter_id()]),
            self.authorization.as_ref().map(|value| object(0x7F4C, value)).unwrap_or_default(),
        ]
        .concat();
        let mut command = vec![0, 0x22, 0xC1, 0xA4, u8::try_from(data.len()).unwrap()];
        command.extend(data);
        self.send_bytes(&command).1
    }

    fn step(&mut self, class: u8, tag: u16, value: &[u8]) -> Result<Vec<u8>, u16> {
        let inner = if tag == 0 { Vec::new() } else { object(tag, value) };
        match self.send_bytes(&assemble([class, 0x86, 0, 0], &object(0x7C, &inner), false)) {
            (answer, 0x9000) => Ok(answer),
            (_, status) => Err(status),
        }
    }

    /// PACE from the choice to the session.
    pub(crate) fn pace(&mut self, offer: &Offer, kind: PasswordKind, password: &[u8]) -> Result<Opened, u16> {
        let status = self.choose(offer, kind);
        if status != 0x9000 && status & 0xFFF0 != 0x63C0 {
            return Err(status);
        }
        let (cipher, domain) = (offer.cipher, offer.domain);
        let encrypted = dynamic(&self.step(0x10, 0, &[])?, 0x80);
        let key = derive(cipher, password, KeyUse::Password);
        let nonce = cipher.decrypt(&key, &vec![0; cipher.block_length()], &encrypted).unwrap();

        let mut mapping_key = Vec::new();
        let generator = if offer.mapping == Mapping::Integrated {
            let own = vec![0x5A; cipher.key_length()];
            assert!(dynamic(&self.step(0x10, 0x81, &own)?, 0x82).is_empty());
            match domain {
                Domain::Curve(curve) => {
                    let number = pseudo_random(cipher, curve.field_bits(), &nonce, &own);
                    Public::Point(curve.integrated_map(&number).unwrap())
                }
                Domain::Group(group) => {
                    let number = pseudo_random(cipher, group.element_length() * 8, &nonce, &own);
                    Public::Element(group.integrated_map(&number).unwrap())
                }
            }
        } else {
            let own = private(domain, 1);
            let public = Public::generator(domain).times(&own).encode();
            mapping_key = dynamic(&self.step(0x10, 0x81, &public)?, 0x82);
            let shared = Public::decode(domain, &mapping_key).times(&own);
            nonce_times_generator(domain, &nonce).plus(&shared)
        };

        let own = private(domain, 2);
        let public = generator.times(&own);
        let theirs = Public::decode(domain, &dynamic(&self.step(0x10, 0x83, &public.encode())?, 0x84));
        let session = Session::of_secret(cipher, &theirs.times(&own).secret());
        let protocol = protocol(offer);
        let token = |element: &Public| {
            let object = element.object(&protocol);
            match cipher {
                Cipher::TripleDes => cipher.mac(&session.authentication, &cipher.pad(&object)),
                _ => cipher.mac(&session.authentication, &object),
            }
        };
        let answer = self.step(0x00, 0x85, &token(&theirs))?;
        assert_eq!(dynamic(&answer, 0x86), token(&public));
        let chip_authentication_data = (offer.mapping == Mapping::ChipAuthentication).then(|| {
            let iv = cipher.encrypt_block(&session.encryption, &[0xFF; 16]);
            let padded = cipher.decrypt(&session.encryption, &iv, &dynamic(&answer, 0x8A)).unwrap();
            unpad(&padded).unwrap().to_vec()
        });
        self.session = Some(session);
        self.authority = has(&answer, 0x87).then(|| dynamic(&answer, 0x87));
        Ok(Opened {
            chip_key: theirs.secret(),
            authority: self.authority.clone(),
            mapping_key,
            chip_authentication_data,
        })
    }

    /// A file of the current directory, by its short identifier, in pieces.
    pub(crate) fn read(&mut self, short_id: u8) -> Result<Vec<u8>, u16> {
        let (mut content, status) = self.send(&format!("00B0{:02X}00 04", 0x80 | short_id));
        if status != 0x9000 {
            return Err(status);
        }
        let length = match content[1] {
            0x82 => 4 + usize::from(u16::from_be_bytes([content[2], content[3]])),
            0x81 => 3 + usize::from(content[2]),
            short => 2 + usize::from(short),
        };
        while content.len() < length {
            let most = (length - content.len()).min(0xD0);
            content.extend(self.data(&format!("00B0{:04X} {most:02X}", content.len())));
        }
        Ok(content)
    }
}

/// `id-PACE` with mapping and cipher.
pub(crate) fn protocol(offer: &Offer) -> Vec<u8> {
    let mapping = match (offer.mapping, offer.domain) {
        (Mapping::Generic, Domain::Group(_)) => 1,
        (Mapping::Generic, _) => 2,
        (Mapping::Integrated, Domain::Group(_)) => 3,
        (Mapping::Integrated, _) => 4,
        _ => 6,
    };
    let cipher = match offer.cipher {
        Cipher::TripleDes => 1,
        Cipher::Aes128 => 2,
        Cipher::Aes192 => 3,
        Cipher::Aes256 => 4,
    };
    [&bytes("04007F00070202 04")[..], &[mapping, cipher]].concat()
}

/// The curve that most tests use.
pub(crate) const USUAL: Offer = Offer {
    mapping: Mapping::Generic,
    cipher: Cipher::Aes128,
    domain: Domain::Curve(Curve::BrainpoolP256r1),
};
