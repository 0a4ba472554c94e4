//! What the software cards answered in whole runs, recorded.

use aes::Aes128;
use bitaqa_card::{
    Card, CardError, Hash, PinEntry, Profile, Role, SignatureAlgorithm, Transport, TransportError,
    UnknownCardReport,
    access_rule::Interface,
    active_authentication::{self, ActiveAuthenticationKey, Challenge},
    bac,
    channel::Channel,
    chip_session::{AccessKey, ChipAccess, OpenVerdict},
    file::Selection,
    gcc::GccCard,
    ias_ecc,
    issuer_supplied::{self, CardChallenge, IssuerKey, IssuerKeyError, IssuerProfile},
    key_agreement::{DomainParameters, KeyAgreement},
    lds::{DataGroup, ElementaryFile, LdsReader, Mrz},
    pace::{self, PaceVariant, Password},
    pin::SCRATCH_LENGTH,
    piv,
    profile::Link,
    security_infos::{Mapping, PaceProtocol},
    signature::KeySize,
    symmetric::Cipher,
    transport::Limits,
};
use bitaqa_curves::{Curve, modp::Group};
use bitaqa_fuzz::{PACE_VARIANTS, can, draws, join, zone};
use bitaqa_virtual_card::{
    self as virtual_card, CardSpec, Pki, cnie_1,
    icao::{
        active_authentication::ActiveAuthenticationKind,
        cipher,
        domain::Domain,
        order::{ChipAuthenticationOrder, DocumentOrder},
        pace as chip,
    },
    private_key::KeyKind,
    rules::Protocol,
    spec::{Generation, Hypothesis, Personality},
};
use cmac::{Cmac, KeyInit as _, Mac as _};
use zeroize::Zeroizing;

use crate::{LONGEST, Seed};

/// The profile of the issuer's card of the tests.
pub(crate) const ISSUER_PROFILE: &str = r#"schema = 1
title = "x"
[recognise]
application = "F04254515445535431"
[link]
extended-length = false
chaining = false
max-response = 256
[authenticate]
kind = "external"
challenge-length = 16
key-reference = 0x01
[[file]]
name = "p"
path = "0001"
max-size = 512
[[claim]]
name = "family-name"
file = "p"
field = { kind = "data-object", path = ["81"] }
form = "text"
[[claim]]
name = "birth"
file = "p"
field = { kind = "bytes", offset = 2, length = 8 }
form = "date"
"#;

/// A reader with a software card in it, which writes down what the card answers.
pub(crate) struct Recorder {
    card: virtual_card::Card,
    protocol: Protocol,
    limits: Limits,
    answers: Vec<Vec<u8>>,
    certificates: Certificates,
}

/// What is recorded of certificates. Nothing in a sign-in looks into one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Certificates {
    Whole,
    /// Their files and data objects are short.
    Cut,
    /// That of the file that is selected.
    CutHere,
}

impl Certificates {
    /// An empty certificate in place of each.
    fn cut(&mut self, command: &[u8], answer: &mut Vec<u8>) {
        const EMPTY: [u8; 4] = [0x30, 0x02, 0x05, 0x00];
        /// More than any list of objects has.
        const LONG: u16 = 600;
        if *self == Self::Whole || answer.len() < 2 {
            return;
        }
        match (command[1], &answer[..answer.len() - 2]) {
            // SELECT: number of data bytes
            (0xA4, information) => {
                *self = Self::Cut;
                let size = information
                    .windows(2)
                    .position(|bytes| [[0x80, 0x02], [0x81, 0x02]].contains(&[bytes[0], bytes[1]]));
                let Some(at) = size.map(|at| at + 2).filter(|at| at + 2 <= information.len()) else { return };
                if u16::from_be_bytes([information[at], information[at + 1]]) > LONG {
                    answer[at..at + 2].copy_from_slice(&[0, 4]);
                    *self = Self::CutHere;
                }
            }
            (0xB0, _) if *self == Self::CutHere => *answer = [&EMPTY[..], &[0x90, 0x00]].concat(),
            // GET DATA of PIV, with a length of two bytes
            (0xCB, [0x53, 0x82, ..]) => {
                let object =
                    [&[0x53, 0x0B, 0x70, 0x04][..], &EMPTY, &[0x71, 0x01, 0x00, 0xFE, 0x00], &[0x90, 0x00]];
                *answer = object.concat();
            }
            _ => {}
        }
    }
}

impl Transport for Recorder {
    fn transmit(&mut self, command: &[u8], answer: &mut Vec<u8>) -> Result<(), TransportError> {
        *answer = self.card.transmit(self.protocol, command).answer.ok_or(TransportError::Removed)?;
        self.certificates.cut(command, answer);
        self.answers.push(answer.clone());
        Ok(())
    }

    fn limits(&self) -> Limits {
        self.limits
    }
}

pub(crate) const SHORT: (Link, Limits) = (
    Link { extended_length: false, chaining: true, max_response: 256 },
    Limits { command: 261, answer: 258 },
);
pub(crate) const LONG: (Link, Limits) = (
    Link { extended_length: true, chaining: true, max_response: 65_536 },
    Limits { command: 65_544, answer: 65_538 },
);

impl Recorder {
    pub(crate) fn new(spec: &CardSpec, limits: Limits) -> Self {
        let card = spec.make(&Pki::generate().unwrap()).unwrap();
        Self {
            card,
            protocol: spec.protocol.unwrap_or(Protocol::T1),
            limits,
            answers: Vec::new(),
            certificates: Certificates::Whole,
        }
    }

    fn without_certificates(self) -> Self {
        Self { certificates: Certificates::Cut, ..self }
    }

    pub(crate) fn atr(&self) -> Vec<u8> {
        self.card.atr().to_vec()
    }

    pub(crate) fn answers(&self) -> &[Vec<u8>] {
        &self.answers
    }

    /// The seed: these bytes, then the answers, as many as fit.
    fn seed(&self, first: &[u8]) -> Vec<u8> {
        let mut count = self.answers.len();
        loop {
            let seed = [first, &join(&self.answers[..count])].concat();
            if seed.len() <= LONGEST || count == 1 {
                return seed;
            }
            count -= 1;
        }
    }
}

pub(crate) fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (name, spec) in families() {
        seeds.push(("discovery", name.to_owned(), sign_in(&spec, 0)));
    }
    for (name, spec) in families().into_iter().take(2) {
        seeds.push(("discovery", format!("report-{name}"), sign_in(&spec, 2)));
    }
    seeds.extend(pace_seeds());
    seeds.extend(chip_seeds());
    seeds.extend(proofs());
    let mut recorder = Recorder::new(&CardSpec::piv(KeyKind::P256), SHORT.1).without_certificates();
    let mut channel = Channel::new(&mut recorder, SHORT.0);
    piv::discover(&mut channel, &mut Selection::default(), "piv", SHORT.0).unwrap();
    seeds.push(("piv", "discovery".to_owned(), recorder.seed(&[4])));
    let mut recorder = Recorder::new(&CardSpec::iasecc(KeyKind::Rsa2048), SHORT.1);
    let mut channel = Channel::new(&mut recorder, SHORT.0);
    let names = [vec![0xE8, 0x28, 0xBD, 0x08, 0x0F], vec![0xA0, 0x00, 0x00, 0x00, 0x77]];
    let (mut selection, mut others) = (Selection::default(), Vec::new());
    let _ = ias_ecc::discover(
        &mut channel,
        &mut selection,
        "ias-ecc",
        SHORT.0,
        Interface::Contact,
        &names,
        &mut others,
    );
    seeds.push(("ias_ecc", "discovery".to_owned(), recorder.seed(&[4])));
    for generation in [Generation::V1, Generation::V2, Generation::V4] {
        let spec = CardSpec::of_generation(Personality::Bahrain2016, generation);
        let mut recorder = Recorder::new(&spec, LONG.1);
        let mut channel = Channel::new(&mut recorder, LONG.0);
        let card = GccCard::find(&mut channel, &[0x3B, 0x7F]).unwrap().unwrap();
        let _ = card.personal_data(&mut channel);
        let _ = card.card_data(&mut channel);
        seeds.push(("gcc", format!("reading-{generation:?}").to_lowercase(), recorder.seed(&[5])));
    }
    let mut recorder = Recorder::new(&CardSpec::new(Personality::Cnie1), SHORT.1);
    let profile = IssuerProfile::load("any", ISSUER_PROFILE).unwrap();
    issuer_supplied::read(&mut Channel::new(&mut recorder, SHORT.0), &profile, &mut TestIssuer).unwrap();
    let first = [&[0], ISSUER_PROFILE.as_bytes(), &bitaqa_fuzz::SEPARATOR].concat();
    seeds.push(("issuer_supplied", "cnie-1".to_owned(), recorder.seed(&first)));
    seeds
}

fn families() -> Vec<(&'static str, CardSpec)> {
    vec![
        ("pkcs15", CardSpec::pkcs15(KeyKind::P256)),
        ("iasecc", CardSpec::iasecc(KeyKind::P256)),
        ("esteid", CardSpec::esteid()),
        ("esteid-thales", CardSpec::of_generation(Personality::Esteid, Generation::Thales)),
        ("fineid", CardSpec::of_generation(Personality::Fineid, Generation::V4)),
        ("lateid", CardSpec { key: Some(KeyKind::P384), ..CardSpec::new(Personality::Lateid) }),
        ("piv", CardSpec::piv(KeyKind::P256)),
        ("cnie-2", CardSpec::cnie_2(Hypothesis::Pkcs15Gm, 1)),
    ]
}

/// A sign-in, or the report of an unknown card, without the answer to reset of any profile.
fn sign_in(spec: &CardSpec, kind: u8) -> Vec<u8> {
    let mut recorder = Recorder::new(spec, SHORT.1).without_certificates();
    if kind == 2 {
        let atr = recorder.atr();
        let _ = UnknownCardReport::collect(&mut Channel::new(&mut recorder, SHORT.0), &atr);
        return recorder.seed(&[kind]);
    }
    let pins = spec.pins();
    let _ = (|| -> Result<(), CardError> {
        let profiles = Profile::compiled_in().unwrap();
        let mut card = Card::discover(&mut recorder, &[], &profiles)?;
        let credential = card.credential(Role::Authentication)?;
        if let Some(pin) = &credential.pin {
            card.pin_status(pin)?;
        }
        card.certificate(&credential)?;
        let mut scratch = [0; SCRATCH_LENGTH];
        let entry = PinEntry::Typed { pin: pins.pin.digits().as_bytes(), scratch: &mut scratch };
        let algorithm = SignatureAlgorithm::Ecdsa(Hash::Sha256);
        card.verify_and_sign(&credential, entry, algorithm, KeySize::Ec(32), &[1; 32]).map(|_| ())
    })();
    recorder.seed(&[kind])
}

/// The software card's word for a cipher.
fn cipher_of(cipher: Cipher) -> cipher::Cipher {
    match cipher {
        Cipher::TripleDes => cipher::Cipher::TripleDes,
        Cipher::Aes128 => cipher::Cipher::Aes128,
        Cipher::Aes192 => cipher::Cipher::Aes192,
        Cipher::Aes256 => cipher::Cipher::Aes256,
    }
}

/// Each kind of PACE, to the end.
fn pace_seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for (number, (key_agreement, mapping, cipher, id)) in PACE_VARIANTS.iter().copied().enumerate() {
        let domain = match key_agreement {
            KeyAgreement::Ecdh => Domain::Curve(Curve::from_parameter_id(u8::try_from(id).unwrap()).unwrap()),
            KeyAgreement::Dh => Domain::Group(Group::Rfc5114_1024_160),
        };
        let chip_mapping = match mapping {
            Mapping::Generic => chip::Mapping::Generic,
            Mapping::Integrated => chip::Mapping::Integrated,
            Mapping::ChipAuthentication => chip::Mapping::ChipAuthentication,
        };
        let offer = chip::Offer { mapping: chip_mapping, cipher: cipher_of(cipher), domain };
        // the key that the mapping proves
        let keys = (mapping == Mapping::ChipAuthentication)
            .then(|| vec![ChipAuthenticationOrder { cipher: offer.cipher, domain }]);
        let order =
            DocumentOrder { pace: Some(vec![offer]), chip_authentication: keys, ..DocumentOrder::default() };
        let spec = CardSpec::cnie_2(Hypothesis::IcaoOnly, 1).with_document(order);
        let mut recorder = Recorder::new(&spec, LONG.1);
        let mut channel = Channel::new(&mut recorder, LONG.0);
        let variant = PaceVariant {
            protocol: PaceProtocol { key_agreement, mapping, cipher },
            domain_parameters: DomainParameters::from_parameter_id(id).unwrap(),
            parameter_reference: None,
        };
        let can = can().unwrap();
        let outcome =
            pace::establish(&mut channel, &mut draws(), &variant, &Password::Can(&can), None).unwrap();
        assert!(matches!(outcome, pace::PaceVerdict::Open(_)), "{variant:?}: {outcome:?}");
        let name = format!("{number:02}-{key_agreement:?}-{mapping:?}-{cipher:?}").to_lowercase();
        seeds.push(("pace", name, recorder.seed(&[u8::try_from(number).unwrap(), 1])));
    }
    seeds
}

/// Chips, opened and read as far as it fits.
fn chip_seeds() -> Vec<Seed> {
    // one small group, so that its list of digests is small too
    let small = || DocumentOrder { groups: Some(vec![1]), ..DocumentOrder::default() };
    let passport = CardSpec::new(Personality::PassportBac).with_document(small());
    let card = CardSpec::cnie_2(Hypothesis::IcaoOnly, 1).with_document(small());
    // the zone of the target is that of these cards, else nothing of this would open
    let zone = zone().unwrap();
    assert_eq!(
        Mrz::parse(passport.mrz().unwrap().text().as_bytes()).unwrap().key().information(),
        zone.information()
    );
    let can = AccessKey::Can(can().unwrap());
    let mrz = AccessKey::Mrz(zone);
    let mut seeds = Vec::new();
    for (name, spec, key, options) in [
        ("bac", &passport, &mrz, 2_u8),
        ("bac-long", &passport, &mrz, 3),
        ("bac-proofs", &passport, &mrz, 7),
        ("pace", &card, &can, 1),
        ("pace-short", &card, &can, 0),
        ("pace-proofs", &card, &can, 5),
    ] {
        let (_, limits) = if options & 1 == 0 { SHORT } else { LONG };
        let mut recorder = Recorder::new(spec, limits);
        let _ = (|| -> Result<(), CardError> {
            let mut channel = Channel::new(&mut recorder, Link::CAUTIOUS);
            let mut selection = Selection::default();
            let access = ChipAccess::find(&mut channel, &mut selection)?.unwrap();
            let OpenVerdict::Open(mut session) = access.open(channel, selection, &mut draws(), key)? else {
                panic!("{name} stays closed")
            };
            if options & 4 == 0 {
                session.read(&[DataGroup::DG1], &mut |_| {}).map(|_| ())
            } else {
                let (_, sod) = session.sod(&mut |_| {})?;
                session.authenticate(&sod, &mut draws(), &mut |_| {}).map(|_| ())
            }
        })();
        seeds.push(("chip", name.to_owned(), recorder.seed(&[options])));
    }
    seeds
}

/// Active authentication with each kind of key: the key, what DG14 says of it, and what the chip answers.
fn proofs() -> Vec<Seed> {
    let kinds = [
        ("rsa-1024-sha1", ActiveAuthenticationKind::Rsa1024Sha1),
        ("rsa-2048-sha256", ActiveAuthenticationKind::Rsa2048Sha256),
        ("ecdsa-plain", ActiveAuthenticationKind::EcdsaPlain),
        ("ecdsa-der", ActiveAuthenticationKind::EcdsaDer),
    ];
    kinds
        .into_iter()
        .map(|(name, kind)| {
            let order = DocumentOrder { active_authentication: Some(kind), ..DocumentOrder::default() };
            let spec = CardSpec::new(Personality::PassportBac).with_document(order);
            let mut recorder = Recorder::new(&spec, LONG.1);
            let mut channel = Channel::new(&mut recorder, LONG.0);
            let mut selection = Selection::default();
            LdsReader::new(&mut channel, &mut selection).select_application().unwrap();
            bac::establish(&mut channel, &mut draws(), &zone().unwrap()).unwrap();
            let mut read = |group| {
                let file = ElementaryFile::Group(group);
                LdsReader::new(&mut channel, &mut selection)
                    .read(file, &mut |_| {})
                    .ok()
                    .map(|content| content.to_vec())
            };
            let dg15 = read(DataGroup::DG15).unwrap();
            let infos = read(DataGroup::DG14).and_then(|dg14| {
                let set = dg14.iter().position(|byte| *byte == 0x31)?;
                Some(dg14[set..].to_vec())
            });
            let key = ActiveAuthenticationKey::parse(&dg15).unwrap();
            let signatures =
                active_authentication::sign(&mut channel, &key, &Challenge::bound_to(b"a challenge"))
                    .unwrap();
            // as the chip would say it without a session
            let plain = signatures.map(|signature| [signature.as_slice(), &[0x90, 0x00]].concat());
            let parts = [vec![dg15, infos.unwrap_or_default()], plain.to_vec()].concat();
            ("active_authentication", name.to_owned(), [&[1], join(&parts).as_slice()].concat())
        })
        .collect()
}

/// The issuer's module of the tests.
struct TestIssuer;

impl IssuerKey for TestIssuer {
    fn answer(&mut self, challenge: &CardChallenge<'_>) -> Result<Zeroizing<Vec<u8>>, IssuerKeyError> {
        let mut mac = Cmac::<Aes128>::new((&cnie_1::TEST_ISSUER_KEY).into());
        mac.update(challenge.challenge);
        Ok(Zeroizing::new(mac.finalize().into_bytes().to_vec()))
    }

    fn accept(&mut self, _: &[u8]) -> Result<Option<bitaqa_card::SecureMessaging>, IssuerKeyError> {
        Ok(None)
    }
}
