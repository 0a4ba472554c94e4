//! The terminal's side against the software chips (`bitaqa-virtual-card`): opened with the machine readable zone, read under
//! protection, and asked for both proofs.

use bitaqa_card::{
    CardError, Misbehaviour, Transport, TransportError,
    active_authentication::{self, ActiveAuthenticationKey, Challenge, DigestAlgorithm},
    apdu::{Command, StatusWord, ins},
    bac::{self, BacVerdict},
    channel::Channel,
    chip_authentication::{self, ChipKey, RelayedChipAuthentication, Verifier},
    lds::{DocumentNumber, Mrz, MrzDate, MrzKey},
    profile::Link,
    secure_messaging::SecureMessagingFault,
    security_infos::SecurityInfos,
    transport::Limits,
};
use bitaqa_curves::{Curve, modp::Group};
use bitaqa_virtual_card::{
    Card, CardSpec, Pki,
    icao::{
        active_authentication::ActiveAuthenticationKind,
        cipher::Cipher,
        domain::Domain,
        order::{ChipAuthenticationOrder, DocumentOrder},
    },
    rules::Protocol,
    spec::Personality,
};

use crate::{chip_authentication::counting, model_card::LINK};

const SHORT_LINK: Link = Link { extended_length: false, chaining: true, max_response: 256 };

/// A reader with a software card in it.
pub(crate) struct Reader {
    pub(crate) card: Card,
    pub(crate) protocol: Protocol,
    pub(crate) limits: Limits,
    pub(crate) commands: Vec<Vec<u8>>,
}

impl Reader {
    /// With extended length.
    pub(crate) fn holding(spec: &CardSpec) -> Self {
        reader(spec, EXTENDED)
    }
}

impl Transport for Reader {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        assert!(self.commands.len() < 500, "the card is asked again and again");
        self.commands.push(command.to_vec());
        *answer = self.card.transmit(self.protocol, command).answer.ok_or(TransportError::Removed)?;
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

pub(crate) fn passport(order: DocumentOrder) -> CardSpec {
    CardSpec { document: Some(order), ..CardSpec::new(Personality::PassportBac) }
}

fn reader(spec: &CardSpec, limits: Limits) -> Reader {
    let card = spec.make(&Pki::generate().unwrap()).unwrap();
    Reader { card, protocol: Protocol::T1, limits, commands: Vec::new() }
}

pub(crate) const EXTENDED: Limits = Limits { command: 65_544, answer: 65_538 };

pub(crate) fn zone(spec: &CardSpec) -> MrzKey {
    Mrz::parse(spec.mrz().unwrap().text().as_bytes()).unwrap().key()
}

/// Selects the application and opens it.
fn open<'t>(reader: &'t mut Reader, link: Link, zone: &MrzKey) -> Channel<'t> {
    let mut channel = Channel::new(reader, link);
    select(&mut channel);
    assert_eq!(bac::establish(&mut channel, &mut counting(), zone), Ok(BacVerdict::Open));
    channel
}

fn select(channel: &mut Channel<'_>) {
    let select = Command::new(ins::SELECT, 0x04, 0x0C).data([0xA0, 0, 0, 2, 0x47, 0x10, 0x01]);
    channel.send(&select).unwrap().expect_ok("SELECT").unwrap();
}

/// A whole file, at the largest length that there is.
fn read(channel: &mut Channel<'_>, short_id: u8) -> Result<Vec<u8>, CardError> {
    let most = channel.max_response();
    let mut file = channel
        .send(&Command::new(ins::READ_BINARY, 0x80 | short_id, 0).le(most))?
        .expect_ok("READ BINARY")?;
    let length = match file[1] {
        0x82 => usize::from(u16::from_be_bytes([file[2], file[3]])) + 4,
        0x81 => usize::from(file[2]) + 3,
        short => usize::from(short) + 2,
    };
    while file.len() < length {
        let [high, low] = u16::try_from(file.len()).unwrap().to_be_bytes();
        let part = most.min(length - file.len());
        file.extend(
            channel.send(&Command::new(ins::READ_BINARY, high, low).le(part))?.expect_ok("READ BINARY")?,
        );
    }
    Ok(file)
}

fn dg14(channel: &mut Channel<'_>) -> (Vec<u8>, ChipKey) {
    let file = read(channel, 14).unwrap();
    let infos =
        SecurityInfos::parse("DG14", &file[file.iter().position(|byte| *byte == 0x31).unwrap()..]).unwrap();
    let key = ChipKey::best(&infos).unwrap().unwrap();
    (file, key)
}

#[test]
fn a_passport_opens_and_reads_the_same_in_every_length_form() {
    let spec = passport(DocumentOrder::default());
    let mut files = Vec::new();
    for (link, limits, protocol) in [
        (SHORT_LINK, Limits::default(), Protocol::T1),
        (LINK, EXTENDED, Protocol::T1),
        (Link { max_response: 1000, ..LINK }, EXTENDED, Protocol::T1),
        (SHORT_LINK, Limits::default(), Protocol::T0),
    ] {
        let mut reader = Reader { protocol, ..reader(&spec, limits) };
        let mut channel = open(&mut reader, link, &zone(&spec));
        files.push((read(&mut channel, 1).unwrap(), read(&mut channel, 2).unwrap().len()));
        // the protected status word of a file that is not there
        let answer = channel.send(&Command::new(ins::READ_BINARY, 0x80 | 0x10, 0).le(1)).unwrap();
        assert_eq!(answer.status, StatusWord::NOT_FOUND);
        assert!(channel.is_protected());
    }
    assert_eq!(files[0].0[5..], *spec.mrz().unwrap().text().as_bytes());
    assert!(files.iter().all(|file| *file == files[0]));
}

#[test]
fn another_zone_is_refused_and_the_right_one_opens_afterwards() {
    let spec = passport(DocumentOrder::default());
    let mut reader = reader(&spec, Limits::default());
    let mut channel = Channel::new(&mut reader, SHORT_LINK);
    select(&mut channel);
    let date = MrzDate::new(Some(90), Some(1), Some(1)).unwrap();
    let other = MrzKey::new(&DocumentNumber::new("AB1234567").unwrap(), date, date);
    let verdict = bac::establish(&mut channel, &mut counting(), &other);
    assert!(matches!(verdict, Ok(BacVerdict::WrongMrz { .. })), "{verdict:?}");
    assert_eq!(bac::establish(&mut channel, &mut counting(), &zone(&spec)), Ok(BacVerdict::Open));
    assert!(read(&mut channel, 1).is_ok());
}

#[test]
fn every_kind_of_signature_proves_the_chip_in_two_rounds() {
    for (kind, digest) in [
        (ActiveAuthenticationKind::Rsa1024Sha1, DigestAlgorithm::Sha1),
        (ActiveAuthenticationKind::Rsa2048Sha1, DigestAlgorithm::Sha1),
        (ActiveAuthenticationKind::Rsa2048Sha256, DigestAlgorithm::Sha256),
        (ActiveAuthenticationKind::EcdsaPlain, DigestAlgorithm::Sha256),
        (ActiveAuthenticationKind::EcdsaDer, DigestAlgorithm::Sha256),
    ] {
        for (link, limits) in [(SHORT_LINK, Limits::default()), (LINK, EXTENDED)] {
            let spec =
                passport(DocumentOrder { active_authentication: Some(kind), ..DocumentOrder::default() });
            let mut reader = reader(&spec, limits);
            let mut channel = open(&mut reader, link, &zone(&spec));
            let key = ActiveAuthenticationKey::parse(&read(&mut channel, 15).unwrap()).unwrap();
            let infos = match &key {
                ActiveAuthenticationKey::Rsa(_) => SecurityInfos::default(),
                ActiveAuthenticationKey::Ec(_) => {
                    let file = read(&mut channel, 14).unwrap();
                    let set = file.iter().position(|byte| *byte == 0x31).unwrap();
                    SecurityInfos::parse("DG14", &file[set..]).unwrap()
                }
            };
            let info = infos.active_authentication();
            let challenge = Challenge::bound_to(b"origin, challenge and key");
            let signatures = active_authentication::sign(&mut channel, &key, &challenge).unwrap();
            assert_eq!(key.verify_rounds(&challenge, &signatures, info), Ok(digest), "{kind:?}");
            assert!(key.verify_rounds(&Challenge::bound_to(b"other"), &signatures, info).is_err());
        }
    }
}

#[test]
fn chip_authentication_goes_on_under_new_keys_and_convinces_a_verifier() {
    for cipher in [Cipher::TripleDes, Cipher::Aes128, Cipher::Aes192, Cipher::Aes256] {
        for domain in [
            Domain::Curve(Curve::P256),
            Domain::Curve(Curve::BrainpoolP512r1),
            Domain::Group(Group::Rfc5114_1024_160),
            Domain::Group(Group::Rfc5114_2048_256),
        ] {
            let keys = Some(vec![ChipAuthenticationOrder { cipher, domain }]);
            let spec = passport(DocumentOrder { chip_authentication: keys, ..DocumentOrder::default() });
            for (link, limits) in [(SHORT_LINK, Limits::default()), (LINK, EXTENDED)] {
                if link == SHORT_LINK && domain == Domain::Group(Group::Rfc5114_2048_256) {
                    // 256 bytes of key need extended length: links of GENERAL AUTHENTICATE are steps of a protocol
                    continue;
                }
                let mut reader = reader(&spec, limits);
                let mut channel = open(&mut reader, link, &zone(&spec));
                let (file, key) = dg14(&mut channel);
                chip_authentication::run(&mut channel, &mut counting(), &key).unwrap();
                assert_eq!(dg14(&mut channel).0, file, "under the new keys");

                // once more, for a verifier, from the new session
                let private = key.public_key().domain_parameters().private_key(&[9; 20]).unwrap();
                let verifier = Verifier::new(&key, &private).unwrap();
                let relayed =
                    RelayedChipAuthentication::new(&key, verifier.ephemeral(), verifier.protected_read())
                        .unwrap();
                let answer = relayed.run(&mut channel).unwrap();
                assert_eq!(verifier.check(&answer, &file), Ok(()), "{cipher:?} {domain:?}");
                assert_eq!(read(&mut channel, 1), Err(CardError::SessionEnded));
            }
        }
    }
}

#[test]
fn a_card_that_was_reset_in_a_session_is_not_believed() {
    struct ResetAt(Reader, usize);
    impl Transport for ResetAt {
        fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
            if self.0.commands.len() == self.1 {
                self.0.card.reset();
            }
            self.0.transmit(command, answer)
        }
    }
    let spec = passport(DocumentOrder::default());
    // SELECT, GET CHALLENGE, EXTERNAL AUTHENTICATE, then the first READ
    let mut reset = ResetAt(reader(&spec, Limits::default()), 3);
    let mut channel = Channel::new(&mut reset, SHORT_LINK);
    select(&mut channel);
    bac::establish(&mut channel, &mut counting(), &zone(&spec)).unwrap();
    let outcome = read(&mut channel, 1);
    assert!(
        matches!(
            outcome,
            Err(CardError::Misbehaved(Misbehaviour::SecureMessaging(
                SecureMessagingFault::Unprotected { .. }
            )))
        ),
        "{outcome:?}"
    );
    assert_eq!(read(&mut channel, 1), Err(CardError::SessionEnded));
}
