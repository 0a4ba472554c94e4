//! Every variant in every group, against a chip that answers with our own operations. It proves that lengths, chaining and order
//! fit together everywhere; that they are the standard's is proved by the worked examples, and by other implementations.

use bitaqa_curves::{Curve, modp::Group};
use zeroize::Zeroizing;

use crate::{
    channel::Channel,
    kdf::{self, KeyUse},
    key_agreement::{DomainParameters, KeyAgreement, PrivateKey, PublicKey},
    pace::{Can, PaceVariant, PaceVerdict, Password, establish, mapping},
    profile::Link,
    security_infos::{Mapping, PaceProtocol},
    symmetric::Cipher,
    test_script::{CHAINING, EXTENDED},
    tlv::{Tag, TlvReader, encode},
    transport::{Limits, Transport, TransportError},
};

/// A generator that gives other bytes at each draw.
fn counting(mut count: u8) -> impl FnMut(&mut [u8]) {
    move |out: &mut [u8]| {
        count = count.wrapping_add(1) % 0x70;
        out.fill(count.max(1));
    }
}

struct Chip {
    variant: PaceVariant,
    can: Can,
    extended: bool,
    /// Data of a chain so far.
    chained: Vec<u8>,
    /// What GET RESPONSE still gives.
    waiting: Vec<u8>,
    nonce: Vec<u8>,
    generator: Option<PublicKey>,
    keys: Option<(PublicKey, PublicKey, Zeroizing<Vec<u8>>)>,
}

impl Chip {
    fn new(variant: PaceVariant, can: Can, extended: bool) -> Self {
        let (chained, waiting) = (Vec::new(), Vec::new());
        Self { variant, can, extended, chained, waiting, nonce: Vec::new(), generator: None, keys: None }
    }

    fn general_authenticate(&mut self, data: &[u8]) -> Vec<u8> {
        let cipher = self.variant.protocol.cipher;
        let content = TlvReader::new(data).expect(Tag(0x7C)).unwrap().children().read().unwrap();
        let answer = match content.map(|object| (object.tag.0, object.value)) {
            None => {
                self.nonce = vec![0x5A; if cipher.key_length() > 16 { 32 } else { 16 }];
                let key = Password::Can(&self.can).key(cipher).unwrap();
                let mut encrypted = self.nonce.clone();
                cipher.encrypt_cbc(&key, cipher.zero_iv(), &mut encrypted).unwrap();
                encode(Tag(0x80), &encrypted)
            }
            Some((0x81, theirs)) => self.map(theirs),
            Some((0x83, theirs)) => {
                let generator = self.generator.clone().unwrap();
                let (private, public) = self.key_pair(&generator, 0x40);
                let theirs = self.variant.domain_parameters.decode(theirs).unwrap();
                let secret = theirs.agree(&private).unwrap().shared_secret();
                self.keys = Some((public.clone(), theirs, secret));
                encode(Tag(0x84), &public.encode())
            }
            Some((0x85, token)) => {
                let (own, theirs, secret) = self.keys.take().unwrap();
                let k_mac = kdf::derive(cipher, &secret, KeyUse::Mac);
                let protocol = self.variant.protocol.oid();
                let expected = cipher.mac8(&k_mac, &own.data_object(&protocol)).unwrap();
                assert_eq!(token, expected);
                let answer = cipher.mac8(&k_mac, &theirs.data_object(&protocol)).unwrap();
                encode(Tag(0x86), &answer)
            }
            Some((tag, _)) => panic!("{tag:X}"),
        };
        encode(Tag(0x7C), &answer)
    }

    fn map(&mut self, theirs: &[u8]) -> Vec<u8> {
        let parameters = self.variant.domain_parameters;
        if self.variant.protocol.mapping == Mapping::Integrated {
            let mapped = mapping::integrated(parameters, self.variant.protocol.cipher, &self.nonce, theirs);
            self.generator = Some(mapped.unwrap());
            return encode(Tag(0x82), &[]);
        }
        let (private, public) = self.key_pair(&parameters.generator(), 0x30);
        let theirs = parameters.decode(theirs).unwrap();
        self.generator = Some(mapping::generic(parameters, &self.nonce, &private, &theirs).unwrap());
        encode(Tag(0x82), &public.encode())
    }

    fn key_pair(&self, generator: &PublicKey, first: u8) -> (PrivateKey, PublicKey) {
        let private = self.variant.domain_parameters.random_private_key(&mut counting(first));
        let public = generator.agree(&private).unwrap();
        (private, public)
    }

    /// One command: what it answers, status word included.
    fn answer(&mut self, command: &[u8]) -> Vec<u8> {
        let [cla, ins, ..] = *command else { panic!() };
        if ins == 0xC0 {
            return self.give();
        }
        let data = match command[4] {
            0 if command.len() > 7 => {
                assert!(self.extended);
                &command[7..7 + usize::from(command[5]) * 256 + usize::from(command[6])]
            }
            length => command.get(5..5 + usize::from(length)).unwrap_or_default(),
        };
        self.chained.extend_from_slice(data);
        // the steps of PACE are themselves chained: a part of a step is known by its length
        if cla & 0x10 != 0 && data.len() == 255 {
            return vec![0x90, 0x00];
        }
        let data = std::mem::take(&mut self.chained);
        if ins == 0x22 {
            return vec![0x90, 0x00];
        }
        self.waiting = self.general_authenticate(&data);
        self.give()
    }

    fn give(&mut self) -> Vec<u8> {
        let most = if self.extended { 65_536 } else { 256 };
        let rest = self.waiting.split_off(self.waiting.len().min(most));
        let mut answer = std::mem::replace(&mut self.waiting, rest);
        match self.waiting.len() {
            0 => answer.extend([0x90, 0x00]),
            more => answer.extend([0x61, u8::try_from(more).unwrap_or(0)]),
        }
        answer
    }
}

impl Transport for Chip {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        *answer = self.answer(command);
        Ok(())
    }

    fn limits(&self) -> Limits {
        if self.extended { Limits { command: 70_000, answer: 70_000 } } else { Limits::default() }
    }
}

fn all() -> Vec<PaceVariant> {
    let curves = Curve::ALL.into_iter().map(DomainParameters::Curve);
    let groups: Vec<_> = curves.chain(Group::ALL.into_iter().map(DomainParameters::Group)).collect();
    let mut all = Vec::new();
    for domain_parameters in groups {
        for key_agreement in [KeyAgreement::Dh, KeyAgreement::Ecdh] {
            for mapping in [Mapping::Generic, Mapping::Integrated] {
                for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
                    let protocol = PaceProtocol { key_agreement, mapping, cipher };
                    let variant = PaceVariant { protocol, domain_parameters, parameter_reference: None };
                    all.extend(variant.is_defined().then_some(variant));
                }
            }
        }
    }
    all
}

fn open(variant: PaceVariant, link: Link) {
    let can = Can::new("123456").unwrap();
    let mut chip = Chip::new(variant, can.clone(), link.extended_length);
    let mut channel = Channel::new(&mut chip, link);
    let outcome = establish(&mut channel, &mut counting(0), &variant, &Password::Can(&can), None);
    assert!(matches!(outcome, Ok(PaceVerdict::Open(_))), "{variant:?} {outcome:?}");
    assert!(channel.is_protected());
}

#[test]
fn every_variant_in_every_group_opens_a_chip() {
    let all = all();
    // eleven curves and three fields with two mappings and four ciphers, less the integrated mapping on P-224
    assert_eq!(all.len(), 14 * 8 - 4);
    for variant in all {
        open(variant, EXTENDED);
    }
}

#[test]
fn a_large_field_is_spoken_in_short_commands_too() {
    for variant in all() {
        if variant.domain_parameters == DomainParameters::Group(Group::Rfc5114_2048_256) {
            open(variant, CHAINING);
        }
    }
}
