//! A worked example as exchanges with a chip.

use super::values::CHIP_AUTHENTICATION;
use crate::{
    channel::Channel,
    error::CardError,
    key_agreement::DomainParameters,
    lds::{DocumentNumber, MrzDate, MrzKey},
    pace::{Can, PaceSession, PaceVariant, PaceVerdict, Password, PasswordKind, establish},
    security_infos::{Mapping, PaceProtocol},
    symmetric::Cipher,
    test_hex::hex,
    test_script::{CHAINING, Script},
};

/// A worked example: what both sides send and compute. Values in hexadecimal; empty where there is none.
pub(super) struct Example {
    pub(super) protocol: &'static str,
    pub(super) password: PasswordKind,
    pub(super) parameters: DomainParameters,
    pub(super) k_pi: &'static str,
    pub(super) z: &'static str,
    pub(super) s: &'static str,
    /// Our random numbers: the first is the private key of the mapping, or the nonce of the integrated one.
    pub(super) drawn: [&'static str; 2],
    pub(super) mapping: &'static str,
    pub(super) mapping_answer: &'static str,
    pub(super) generator: &'static str,
    pub(super) ephemeral: &'static str,
    pub(super) ephemeral_answer: &'static str,
    pub(super) secret: &'static str,
    pub(super) k_enc: &'static str,
    pub(super) k_mac: &'static str,
    pub(super) token: &'static str,
    pub(super) token_answer: &'static str,
    /// What follows the token in the chip's answer.
    pub(super) more: &'static str,
}

pub(super) fn date(year: u8, month: u8, day: u8) -> MrzDate {
    MrzDate::new(Some(year), Some(month), Some(day)).unwrap()
}

pub(super) fn length(bytes: usize) -> String {
    match bytes {
        0..0x80 => format!("{bytes:02X}"),
        0x80..0x100 => format!("81{bytes:02X}"),
        _ => format!("82{bytes:04X}"),
    }
}

/// A data object, in hexadecimal.
pub(super) fn object(tag: &str, value: &str) -> String {
    format!("{tag}{}{value}", length(value.len() / 2))
}

/// GENERAL AUTHENTICATE with short length.
pub(super) fn general_authenticate(cla: &str, content: &str) -> String {
    let data = object("7C", content);
    format!("{cla}860000{:02X}{data}00", data.len() / 2)
}

/// Commands and answers.
pub(super) type Exchanges = Vec<(String, String)>;

impl Example {
    pub(super) fn variant(&self) -> PaceVariant {
        let protocol = PaceProtocol::from_oid(&hex(self.protocol)).unwrap();
        PaceVariant { protocol, domain_parameters: self.parameters, parameter_reference: None }
    }

    pub(super) fn cipher(&self) -> Cipher {
        self.variant().protocol.cipher
    }

    /// The password of the example.
    pub(super) fn with_password<T>(&self, run: impl FnOnce(&Password<'_>) -> T) -> T {
        let zone = if self.protocol == CHIP_AUTHENTICATION.protocol {
            MrzKey::new(&DocumentNumber::new("C11T002JM").unwrap(), date(96, 8, 12), date(23, 10, 31))
        } else {
            MrzKey::new(&DocumentNumber::new("T22000129").unwrap(), date(64, 8, 12), date(10, 10, 31))
        };
        let can = Can::new("123456").unwrap();
        match self.password {
            PasswordKind::Mrz => run(&Password::Mrz(&zone)),
            PasswordKind::Can => run(&Password::Can(&can)),
            PasswordKind::Pin => run(&Password::Pin(b"123456")),
            PasswordKind::Puk => run(&Password::Puk(b"123456")),
        }
    }

    pub(super) fn exchanges(&self) -> Exchanges {
        let template = format!("800A{}8301{:02X}", self.protocol, self.password as u8);
        let answer = |tag: &str, value: &str| format!("{}9000", object("7C", &object(tag, value)));
        let last = format!("8608{}{}", self.token_answer, self.more);
        vec![
            (format!("0022C1A4{:02X}{template}", template.len() / 2), "9000".into()),
            (general_authenticate("10", ""), answer("80", self.z)),
            (general_authenticate("10", &object("81", self.mapping)), answer("82", self.mapping_answer)),
            (general_authenticate("10", &object("83", self.ephemeral)), answer("84", self.ephemeral_answer)),
            (general_authenticate("00", &object("85", self.token)), format!("{}9000", object("7C", &last))),
        ]
    }

    /// Our random numbers as they are drawn: exponents of a group are reduced in print of some examples, and not in others.
    pub(super) fn random(&self) -> impl FnMut(&mut [u8]) {
        let integrated = self.variant().protocol.mapping == Mapping::Integrated;
        let mut numbers: Vec<Vec<u8>> = self.drawn.iter().map(|number| hex(number)).collect();
        if let DomainParameters::Group(group) = self.parameters {
            for number in numbers.iter_mut().skip(usize::from(integrated)) {
                *number = group.exponent(number).unwrap().to_bytes().to_vec();
            }
        }
        let mut numbers = numbers.into_iter();
        move |out: &mut [u8]| out.copy_from_slice(&numbers.next().unwrap())
    }

    /// Runs the exchanges, then one command more under the session's keys.
    pub(super) fn run(&self, exchanges: &Exchanges) -> Result<PaceVerdict, CardError> {
        let pairs: Vec<(&str, &str)> =
            exchanges.iter().map(|(command, answer)| (command.as_str(), answer.as_str())).collect();
        let mut script = Script::new(&pairs);
        let mut channel = Channel::new(&mut script, CHAINING);
        let outcome = self.with_password(|password| {
            establish(&mut channel, &mut self.random(), &self.variant(), password, None)
        });
        assert_eq!(channel.is_protected(), matches!(outcome, Ok(PaceVerdict::Open(_))), "{outcome:?}");
        outcome
    }

    pub(super) fn open(&self) -> PaceSession {
        match self.run(&self.exchanges()) {
            Ok(PaceVerdict::Open(session)) => *session,
            other => panic!("{}: {other:?}", self.protocol),
        }
    }

    /// The verdict when the last answer is this instead.
    pub(super) fn last_answer(&self, answer: &str) -> Result<PaceVerdict, CardError> {
        let mut exchanges = self.exchanges();
        exchanges[4].1 = answer.into();
        self.run(&exchanges)
    }
}
