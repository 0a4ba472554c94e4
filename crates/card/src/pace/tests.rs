use bitaqa_curves::{Curve, modp::Group};
use proptest::prelude::*;
use zeroize::Zeroizing;

use super::*;
use crate::{
    apdu::{Command, ins},
    channel::Channel,
    chat::Chat,
    error::{CardError, Misbehaviour},
    kdf::{self, KeyUse},
    key_agreement::{DomainParameters, PublicKey},
    lds::{DocumentNumber, MrzDate, MrzKey},
    secure_messaging::{LengthForm, SecureMessaging},
    security_infos::{Mapping, PaceProtocol, SecurityInfos},
    symmetric::Cipher,
    test_hex::hex,
    test_script::{CHAINING, EXTENDED, Script},
};

/// A worked example: what both sides send and compute. Values in hexadecimal; empty where there is none.
struct Example {
    protocol: &'static str,
    password: PasswordKind,
    parameters: DomainParameters,
    k_pi: &'static str,
    z: &'static str,
    s: &'static str,
    /// Our random numbers: the first is the private key of the mapping, or the nonce of the integrated one.
    drawn: [&'static str; 2],
    mapping: &'static str,
    mapping_answer: &'static str,
    generator: &'static str,
    ephemeral: &'static str,
    ephemeral_answer: &'static str,
    secret: &'static str,
    k_enc: &'static str,
    k_mac: &'static str,
    token: &'static str,
    token_answer: &'static str,
    /// What follows the token in the chip's answer.
    more: &'static str,
}

const EXAMPLES: [Example; 7] = [
    GENERIC_ECDH,
    GENERIC_DH,
    INTEGRATED_ECDH,
    INTEGRATED_DH,
    CHIP_AUTHENTICATION,
    WORKED_EXAMPLE_ECDH,
    WORKED_EXAMPLE_DH,
];

fn date(year: u8, month: u8, day: u8) -> MrzDate {
    MrzDate::new(Some(year), Some(month), Some(day)).unwrap()
}

fn length(bytes: usize) -> String {
    match bytes {
        0..0x80 => format!("{bytes:02X}"),
        0x80..0x100 => format!("81{bytes:02X}"),
        _ => format!("82{bytes:04X}"),
    }
}

/// A data object, in hexadecimal.
fn object(tag: &str, value: &str) -> String {
    format!("{tag}{}{value}", length(value.len() / 2))
}

/// GENERAL AUTHENTICATE with short length.
fn general_authenticate(cla: &str, content: &str) -> String {
    let data = object("7C", content);
    format!("{cla}860000{:02X}{data}00", data.len() / 2)
}

/// Commands and answers.
type Exchanges = Vec<(String, String)>;

impl Example {
    fn variant(&self) -> PaceVariant {
        let protocol = PaceProtocol::from_oid(&hex(self.protocol)).unwrap();
        PaceVariant { protocol, domain_parameters: self.parameters, parameter_reference: None }
    }

    fn cipher(&self) -> Cipher {
        self.variant().protocol.cipher
    }

    /// The password of the example.
    fn with_password<T>(&self, run: impl FnOnce(&Password<'_>) -> T) -> T {
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

    fn exchanges(&self) -> Exchanges {
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
    fn random(&self) -> impl FnMut(&mut [u8]) {
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
    fn run(&self, exchanges: &Exchanges) -> Result<PaceVerdict, CardError> {
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

    fn open(&self) -> PaceSession {
        match self.run(&self.exchanges()) {
            Ok(PaceVerdict::Open(session)) => *session,
            other => panic!("{}: {other:?}", self.protocol),
        }
    }

    /// The verdict when the last answer is this instead.
    fn last_answer(&self, answer: &str) -> Result<PaceVerdict, CardError> {
        let mut exchanges = self.exchanges();
        exchanges[4].1 = answer.into();
        self.run(&exchanges)
    }
}

#[test]
fn the_nonce_is_that_of_every_worked_example() {
    for example in EXAMPLES {
        let key = example.with_password(|password| password.key(example.cipher())).unwrap();
        if !example.k_pi.is_empty() {
            assert_eq!(key[..], hex(example.k_pi), "{}", example.protocol);
        }
        let mut nonce = hex(example.z);
        example.cipher().decrypt_cbc(&key, &[0; 16], &mut nonce).unwrap();
        assert_eq!(nonce, hex(example.s), "{}", example.protocol);
    }
}

#[test]
fn the_generator_is_that_of_every_worked_example() {
    for example in EXAMPLES {
        let parameters = example.parameters;
        let generator = if example.mapping_answer.is_empty() {
            mapping::integrated(parameters, example.cipher(), &hex(example.s), &hex(example.mapping)).unwrap()
        } else {
            let own = parameters.private_key(&hex(example.drawn[0])).unwrap();
            assert_eq!(parameters.generator().agree(&own).unwrap().encode(), hex(example.mapping));
            let theirs = parameters.decode(&hex(example.mapping_answer)).unwrap();
            mapping::generic(parameters, &hex(example.s), &own, &theirs).unwrap()
        };
        if !example.generator.is_empty() {
            assert_eq!(generator.encode(), hex(example.generator), "{}", example.protocol);
        }
        let own = parameters.private_key(&hex(example.drawn[1])).unwrap();
        assert_eq!(generator.agree(&own).unwrap().encode(), hex(example.ephemeral), "{}", example.protocol);
    }
}

#[test]
fn keys_and_tokens_are_those_of_every_worked_example() {
    for example in EXAMPLES {
        let (parameters, cipher) = (example.parameters, example.cipher());
        let own = parameters.private_key(&hex(example.drawn[1])).unwrap();
        let theirs = parameters.decode(&hex(example.ephemeral_answer)).unwrap();
        let secret = theirs.agree(&own).unwrap().shared_secret();
        assert_eq!(secret[..], hex(example.secret), "{}", example.protocol);
        assert_eq!(kdf::derive(cipher, &secret, KeyUse::Encryption)[..], hex(example.k_enc));
        let k_mac = kdf::derive(cipher, &secret, KeyUse::Mac);
        assert_eq!(k_mac[..], hex(example.k_mac));
        let protocol = hex(example.protocol);
        let token = |key: &PublicKey| cipher.mac8(&k_mac, &key.data_object(&protocol)).unwrap();
        assert_eq!(token(&theirs)[..], hex(example.token), "{}", example.protocol);
        let ours = parameters.decode(&hex(example.ephemeral)).unwrap();
        assert_eq!(token(&ours)[..], hex(example.token_answer), "{}", example.protocol);
    }
}

#[test]
fn every_worked_example_opens_the_chip() {
    for example in EXAMPLES {
        let session = example.open();
        assert_eq!(session.password, example.password);
        assert_eq!(session.chip_key.encode(), hex(example.ephemeral_answer));
        assert!(session.certification_authorities.is_empty());
        let is_cam = session.variant.protocol.mapping == Mapping::ChipAuthentication;
        assert_eq!(session.chip_authentication.is_some(), is_cam);
    }
}

#[test]
fn what_follows_is_sent_under_the_keys_of_the_session() {
    for example in EXAMPLES {
        let [k_enc, k_mac] = [example.k_enc, example.k_mac].map(|key| Zeroizing::new(hex(key)));
        let mut session = SecureMessaging::new(example.cipher(), k_enc, k_mac, &[0; 16]).unwrap();
        let command = session.wrap([0x00, 0xB0, 0x9E, 0x00], &[], Some(4), LengthForm::Short).unwrap();
        let command: String = command.iter().map(|byte| format!("{byte:02X}")).collect();
        let mut exchanges = example.exchanges();
        exchanges.push((command, "6988".into()));
        let pairs: Vec<(&str, &str)> =
            exchanges.iter().map(|(command, answer)| (command.as_str(), answer.as_str())).collect();
        let mut script = Script::new(&pairs);
        let mut channel = Channel::new(&mut script, CHAINING);
        let outcome = example.with_password(|password| {
            establish(&mut channel, &mut example.random(), &example.variant(), password, None)
        });
        assert!(matches!(outcome, Ok(PaceVerdict::Open(_))));
        // the chip gives the session up, and so do we
        assert!(channel.send(&Command::new(ins::READ_BINARY, 0x9E, 0x00).le(4)).is_err());
        assert!(!channel.is_protected());
        assert!(script.is_done());
    }
}

/// 9303-11 appendix I.1: IV, CA_IC, and the chip's key in EF.CardSecurity.
#[test]
fn chip_authentication_mapping_proves_the_key_that_the_issuer_signed_and_no_other() {
    let data = CHIP_AUTHENTICATION.open().chip_authentication.unwrap();
    let factor = CHIP_AUTHENTICATION.parameters.private_key(&hex(CA_IC)).unwrap();
    let PrivateKeys(expected, found) = PrivateKeys::of(&factor, data.factor());
    assert_eq!(found, expected);
    assert_eq!(data.mapping_key().encode(), hex(CHIP_AUTHENTICATION.mapping_answer));
    assert_eq!(data.domain_parameters(), CHIP_AUTHENTICATION.parameters);

    let infos = |info: &str| SecurityInfos::parse("EF.CardSecurity", &hex(&format!("3164{info}"))).unwrap();
    let signed = infos(CARD_SECURITY_KEY);
    assert!(data.proves_one_of(signed.chip_authentication_public_keys()));
    // another key of the same curve: the one of the mapping itself
    let other = CARD_SECURITY_KEY.replace(&CARD_SECURITY_KEY[64..194], CHIP_AUTHENTICATION.mapping_answer);
    assert!(!data.proves_one_of(infos(&other).chip_authentication_public_keys()));
    // a key on another curve, and none
    let other = CARD_SECURITY_KEY.replace("02010D0342", "02010C0342");
    assert!(!data.proves_one_of(infos(&other).chip_authentication_public_keys()));
    assert!(!data.proves_one_of([]));
}

#[test]
fn chip_authentication_data_that_is_no_number_of_the_curve_is_misbehaviour() {
    let element = |name| Err(Misbehaviour::Element { what: "GENERAL AUTHENTICATE", element: name }.into());
    let example = CHIP_AUTHENTICATION;
    let token = format!("8608{}", example.token_answer);
    for wrong in
        ["", "8A00", "8A0100", &object("8A", &"00".repeat(48)), &format!("8A20{}", &example.more[4..68])]
    {
        let answer = format!("{}9000", object("7C", &format!("{token}{wrong}")));
        let outcome = example.last_answer(&answer).map(|verdict| format!("{verdict:?}"));
        assert_eq!(outcome, element("encrypted chip authentication data"), "{wrong}");
    }
}

/// A private key's bytes, for comparison only.
struct PrivateKeys(Vec<u8>, Vec<u8>);

impl PrivateKeys {
    fn of(left: &crate::key_agreement::PrivateKey, right: &crate::key_agreement::PrivateKey) -> Self {
        let bytes = |key: &crate::key_agreement::PrivateKey| match key {
            crate::key_agreement::PrivateKey::Scalar(scalar) => scalar.to_bytes().to_vec(),
            crate::key_agreement::PrivateKey::Exponent(exponent) => exponent.to_bytes().to_vec(),
        };
        Self(bytes(left), bytes(right))
    }
}

#[test]
fn the_failure_of_the_last_step_is_the_verdict() {
    for (status, tries) in
        [("6300", None), ("63C2", Some(2)), ("63C1", Some(1)), ("6982", None), ("6985", None), ("6F00", None)]
    {
        let outcome = GENERIC_ECDH.last_answer(status).unwrap();
        assert!(
            matches!(outcome, PaceVerdict::Wrong { tries_left } if tries_left == tries),
            "{status} {outcome:?}"
        );
    }
    for status in ["63C0", "6983"] {
        assert!(matches!(GENERIC_ECDH.last_answer(status), Ok(PaceVerdict::Blocked)), "{status}");
    }
    for status in ["6700", "6D00", "6E00", "6A86"] {
        assert!(matches!(GENERIC_ECDH.last_answer(status), Err(CardError::Refused { .. })), "{status}");
    }
}

#[test]
fn a_chip_that_does_not_know_the_password_itself_is_not_believed() {
    let example = GENERIC_ECDH;
    let proof = CardError::from(Misbehaviour::Proof { command: "GENERAL AUTHENTICATE" });
    for token in [
        "86080000000000000000",
        "8600",
        &format!("8607{}", &example.token_answer[2..]),
        &format!("8608{}", example.token),
    ] {
        let outcome = example.last_answer(&format!("{}9000", object("7C", token)));
        assert_eq!(outcome.err(), Some(proof.clone()), "{token}");
    }
    assert!(matches!(example.last_answer("9000"), Err(CardError::Misbehaved(_))));
    assert!(matches!(
        example.last_answer("7C009000"),
        Err(CardError::Misbehaved(Misbehaviour::Element { .. }))
    ));
}

#[test]
fn public_keys_that_are_none_or_our_own_are_refused() {
    let key = CardError::from(Misbehaviour::PublicKey { command: "GENERAL AUTHENTICATE" });
    for example in [GENERIC_ECDH, GENERIC_DH] {
        for (step, tag, own) in [(2, "82", example.mapping), (3, "84", example.ephemeral)] {
            let mut beside = own.to_owned();
            beside.replace_range(own.len() - 2.., "55");
            for wrong in [own, &beside, "", "00", "01", "04", "02"] {
                let mut exchanges = example.exchanges();
                exchanges[step].1 = format!("{}9000", object("7C", &object(tag, wrong)));
                exchanges.truncate(step + 1);
                assert_eq!(example.run(&exchanges).err(), Some(key.clone()), "{step} {wrong}");
            }
        }
    }
}

#[test]
fn an_order_two_element_of_the_field_is_refused() {
    let DomainParameters::Group(group) = GENERIC_DH.parameters else { panic!() };
    let mut last = group.prime();
    *last.last_mut().unwrap() -= 1;
    let last: String = last.iter().map(|byte| format!("{byte:02X}")).collect();
    let mut exchanges = GENERIC_DH.exchanges();
    exchanges[2].1 = format!("{}9000", object("7C", &object("82", &last)));
    exchanges.truncate(3);
    let key = Misbehaviour::PublicKey { command: "GENERAL AUTHENTICATE" };
    assert_eq!(GENERIC_DH.run(&exchanges).err(), Some(key.into()));
}

/// The verdict of MSE:Set AT with this status word; nothing more is sent.
fn state_of(example: &Example, status: &str) -> (Result<PaceVerdict, CardError>, bool) {
    let mut exchanges = example.exchanges();
    exchanges[0].1 = status.into();
    let pairs: Vec<(&str, &str)> =
        exchanges.iter().map(|(command, answer)| (command.as_str(), answer.as_str())).collect();
    let mut script = Script::new(&pairs);
    let mut channel = Channel::new(&mut script, CHAINING);
    let outcome = example.with_password(|password| {
        establish(&mut channel, &mut example.random(), &example.variant(), password, None)
    });
    (outcome, script.is_done())
}

#[test]
fn the_password_state_is_read_before_a_try() {
    for (status, tried) in [("9000", true), ("63C3", true), ("63C2", true)] {
        let (outcome, done) = state_of(&WORKED_EXAMPLE_ECDH, status);
        assert!(matches!(outcome, Ok(PaceVerdict::Open(_))), "{status}");
        assert_eq!(done, tried);
    }
    assert!(matches!(state_of(&WORKED_EXAMPLE_ECDH, "63C1"), (Ok(PaceVerdict::Suspended), false)));
    assert!(matches!(state_of(&WORKED_EXAMPLE_ECDH, "63C0"), (Ok(PaceVerdict::Blocked), false)));
    assert!(matches!(state_of(&WORKED_EXAMPLE_ECDH, "6983"), (Ok(PaceVerdict::Blocked), false)));
    assert!(matches!(state_of(&WORKED_EXAMPLE_ECDH, "6283"), (Ok(PaceVerdict::Deactivated), false)));
    // a card access number is never suspended
    assert!(matches!(state_of(&INTEGRATED_ECDH, "63C1"), (Ok(PaceVerdict::Open(_)), true)));
    for status in ["6A80", "6A88", "6D00", "6982"] {
        let (outcome, done) = state_of(&GENERIC_ECDH, status);
        assert!(matches!(outcome, Err(CardError::Refused { command: "MSE:Set AT", .. })), "{status}");
        assert!(!done);
    }
}

#[test]
fn asking_for_the_state_sends_one_command() {
    for (status, state) in [
        ("9000", PasswordState::Usable { tries_left: None }),
        ("63C3", PasswordState::Usable { tries_left: Some(3) }),
        ("63C1", PasswordState::Suspended),
        ("63C0", PasswordState::Blocked),
        ("6283", PasswordState::Deactivated),
    ] {
        let (command, _) = &WORKED_EXAMPLE_ECDH.exchanges()[0];
        let mut script = Script::new(&[(command, status)]);
        let mut channel = Channel::new(&mut script, CHAINING);
        let found = password_state(&mut channel, &WORKED_EXAMPLE_ECDH.variant(), PasswordKind::Pin);
        assert_eq!(found, Ok(state), "{status}");
        assert!(script.is_done());
    }
}

#[test]
fn parameters_and_rights_are_named_where_they_must_be() {
    let variant = PaceVariant { parameter_reference: Some(13), ..WORKED_EXAMPLE_ECDH.variant() };
    let chat = Chat::new(&hex("04007F000703010202"), &hex("000000001F"));
    let template = "800A04007F0007020204020283010384010D7F4C12060904007F0007030102025305000000001F";
    let mut exchanges = WORKED_EXAMPLE_ECDH.exchanges();
    exchanges[0].0 = format!("0022C1A4{:02X}{template}", template.len() / 2);
    let last = format!(
        "8608{}870E44455445535465494430303030348810{}",
        WORKED_EXAMPLE_ECDH.token_answer,
        "41".repeat(16)
    );
    exchanges[4].1 = format!("{}9000", object("7C", &last));
    let pairs: Vec<(&str, &str)> =
        exchanges.iter().map(|(command, answer)| (command.as_str(), answer.as_str())).collect();
    let mut script = Script::new(&pairs);
    let mut channel = Channel::new(&mut script, CHAINING);
    let outcome = establish(
        &mut channel,
        &mut WORKED_EXAMPLE_ECDH.random(),
        &variant,
        &Password::Pin(b"123456"),
        Some(&chat),
    );
    let Ok(PaceVerdict::Open(session)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(session.certification_authorities, [b"DETESTeID00004".to_vec(), b"AAAAAAAAAAAAAAAA".to_vec()]);
    // terminal authentication names the chip by the x coordinate of its key
    assert_eq!(session.chip_key.compressed(), hex(&WORKED_EXAMPLE_ECDH.ephemeral_answer[2..66]));
}

#[test]
fn an_undefined_variant_and_an_impossible_password_are_not_sent() {
    let mut script = Script::new(&[]);
    let mut channel = Channel::new(&mut script, CHAINING);
    let mut random = |_: &mut [u8]| panic!("nothing is drawn");
    let good = INTEGRATED_ECDH.variant();
    let on_p_224 = PaceVariant { domain_parameters: DomainParameters::Curve(Curve::P224), ..good };
    let in_a_field = PaceVariant { domain_parameters: GENERIC_DH.parameters, ..good };
    for variant in [on_p_224, in_a_field] {
        let outcome = establish(&mut channel, &mut random, &variant, &Password::Pin(b"123456"), None);
        assert!(matches!(outcome, Err(CardError::Unsupported(_))));
    }
    let outcome = establish(&mut channel, &mut random, &good, &Password::Pin(b""), None);
    assert!(matches!(outcome, Err(CardError::Unsupported(_))));
}

#[test]
fn nonces_of_another_length_than_the_cipher_asks_for_are_misbehaviour() {
    let nonce =
        CardError::from(Misbehaviour::Element { what: "GENERAL AUTHENTICATE", element: "encrypted nonce" });
    for example in [GENERIC_ECDH, INTEGRATED_ECDH] {
        for wrong in [0, 8, 17, 80] {
            let mut exchanges = example.exchanges();
            exchanges[1].1 = format!("{}9000", object("7C", &object("80", &"AA".repeat(wrong))));
            exchanges.truncate(2);
            assert_eq!(example.run(&exchanges).err(), Some(nonce.clone()), "{wrong}");
        }
    }
    // the integrated mapping takes no other
    let mut exchanges = INTEGRATED_ECDH.exchanges();
    exchanges[1].1 = format!("{}9000", object("7C", &object("80", &"AA".repeat(32))));
    exchanges.truncate(3);
    assert_eq!(INTEGRATED_ECDH.run(&exchanges).err(), Some(nonce));
    // and the chip has nothing to say to it
    let mut exchanges = INTEGRATED_ECDH.exchanges();
    exchanges[2].1 = format!("{}9000", object("7C", &object("82", "01")));
    exchanges.truncate(3);
    assert!(matches!(INTEGRATED_ECDH.run(&exchanges), Err(CardError::Misbehaved(_))));
    exchanges = INTEGRATED_ECDH.exchanges();
    exchanges[2].1 = "7C009000".into();
    assert!(matches!(INTEGRATED_ECDH.run(&exchanges), Ok(PaceVerdict::Open(_))));
}

#[test]
fn the_best_variant_that_can_be_spoken_is_chosen() {
    let choose = |entries: &[&str]| {
        let set = object("31", &entries.concat());
        PaceVariant::choose(&SecurityInfos::parse("EF.CardAccess", &hex(&set)).unwrap())
    };
    let info = |arcs: &str, version: u8, parameters: &str| {
        let reference = if parameters.is_empty() { String::new() } else { object("02", parameters) };
        object("30", &format!("060A04007F00070202 04{arcs}0201{version:02X}{reference}").replace(' ', ""))
    };
    // 9303-11 appendix G.1: one set of parameters needs no number
    let only = choose(&[&info("0202", 2, "0D")]).unwrap();
    assert_eq!(only, GENERIC_ECDH.variant());

    let des = info("0201", 2, "0C");
    let aes_128 = info("0202", 2, "0C");
    let aes_256 = info("0204", 2, "0C");
    let aes_256_larger = info("0204", 2, "11");
    let field = info("0104", 2, "02");
    let integrated = info("0404", 2, "11");
    let chip = info("0602", 2, "0D");
    let order = [&chip, &aes_256_larger, &integrated, &aes_256, &aes_128, &field, &des];
    for (at, best) in order.iter().enumerate() {
        let mut rest: Vec<&str> = order[at..].iter().map(|entry| entry.as_str()).collect();
        rest.reverse();
        let chosen = choose(&rest).unwrap();
        let alone = choose(&[best.as_str()]).unwrap();
        assert_eq!(
            (chosen.protocol, chosen.domain_parameters),
            (alone.protocol, alone.domain_parameters),
            "{at}"
        );
        let several = order[at..].iter().any(|entry| entry[entry.len() - 6..] != best[best.len() - 6..]);
        assert_eq!(chosen.parameter_reference.is_some(), several, "{at}");
    }

    // what cannot be spoken: other versions, unknown parameters, no parameters, the integrated mapping on P-224, a field for a curve
    for unusable in [
        info("0202", 1, "0D"),
        info("0202", 3, "0D"),
        info("0202", 2, "07"),
        info("0202", 2, "1F"),
        info("0202", 2, ""),
        info("0202", 2, "20"),
        info("0402", 2, "0A"),
        info("0202", 2, "00"),
        info("0102", 2, "0D"),
        info("0601", 2, "0D"),
    ] {
        assert_eq!(choose(&[&unusable]), None, "{unusable}");
    }
}

#[test]
fn parameters_of_the_chips_own_are_found_by_their_number() {
    // standardizedDomainParameters 16 as number 32 of the chip; number 33 is a curve that nobody knows
    let own = "301C060904007F000702020402300C060704007F00070102020110020120";
    let unknown = "301C060904007F000702020402300C060704007F00070102020163020121";
    let info = |id: &str| format!("3012060A04007F000702020402020201020201{id}");
    let parse = |entries: &[&str]| {
        SecurityInfos::parse("EF.CardAccess", &hex(&object("31", &entries.concat()))).unwrap()
    };
    let chosen = PaceVariant::choose(&parse(&[&info("20"), own, unknown])).unwrap();
    assert_eq!(chosen.domain_parameters, DomainParameters::Curve(Curve::BrainpoolP384r1));
    assert_eq!(chosen.parameter_reference, None);
    assert_eq!(PaceVariant::choose(&parse(&[&info("21"), own, unknown])), None);
    let offered = PaceVariant::offered(&parse(&[&info("20"), &info("21"), own, unknown]));
    assert_eq!(offered.iter().map(|variant| variant.parameter_reference).collect::<Vec<_>>(), [Some(32)]);
    // without a number on either side
    let unnumbered = "3019060904007F000702020402300C060704007F00070102020110";
    let info = "300F060A04007F00070202040202020102";
    let chosen = PaceVariant::choose(&parse(&[info, unnumbered])).unwrap();
    assert_eq!(chosen.domain_parameters, DomainParameters::Curve(Curve::BrainpoolP384r1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_damaged_answer_opens_the_chip_or_panics(
        which in 0..EXAMPLES.len(),
        step in 0..5usize,
        at in any::<prop::sample::Index>(),
        with in 1..=255u8,
        cut in any::<prop::sample::Index>(),
    ) {
        let example = &EXAMPLES[which];
        let original = hex(&example.exchanges()[step].1);
        let mut damaged = original.clone();
        *at.get_mut(&mut damaged) ^= with;
        for answer in [damaged, original[..cut.index(original.len())].to_vec()] {
            let answer: Vec<u8> = answer;
            let mut card = Damaged { exchanges: example.exchanges(), step, at: 0, answer };
            let mut channel = Channel::new(&mut card, CHAINING);
            let outcome = example.with_password(|password| {
                establish(&mut channel, &mut example.random(), &example.variant(), password, None)
            });
            // the status word may become another of those that let PACE go on
            if step != 0 {
                prop_assert!(!matches!(outcome, Ok(PaceVerdict::Open(_))), "{outcome:?}");
                prop_assert!(!channel.is_protected());
            }
        }
    }
}

/// A chip that gives one answer other than the example's. It does not look at commands: after a damaged answer they are others.
struct Damaged {
    exchanges: Exchanges,
    step: usize,
    at: usize,
    answer: Vec<u8>,
}

impl crate::transport::Transport for Damaged {
    fn transmit(&mut self, _: &[u8], answer: &mut Vec<u8>) -> Result<(), crate::transport::TransportError> {
        let given = match self.exchanges.get(self.at) {
            Some(_) if self.at == self.step => self.answer.clone(),
            Some((_, given)) => hex(given),
            None => return Err(crate::transport::TransportError::Removed),
        };
        self.at += 1;
        answer.clear();
        answer.extend_from_slice(&given);
        Ok(())
    }
}

/// 9303-11 appendix G.1.
const GENERIC_ECDH: Example = Example {
    protocol: "04007F00070202040202",
    password: PasswordKind::Mrz,
    parameters: DomainParameters::Curve(Curve::BrainpoolP256r1),
    k_pi: "89DED1B26624EC1E634C1989302849DD",
    z: "95A3A016522EE98D01E76CB6B98B42C3",
    s: "3F00C4D39D153F2B2A214A078D899B22",
    drawn: [
        "7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99",
        "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
    ],
    mapping: "047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115\
            B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D",
    mapping_answer: "04824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E6\
            1B58F4D52EB87A0A0C709A49DC63719363CCD13C54",
    generator: "048CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E28C879506743F8611AC3364\
            5C5B985C80B5F09A0B83407C1B6A4D857AE76FE522",
    ephemeral: "042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B5\
            8F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462",
    ephemeral_answer: "049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A\
            9F018F9CB852E111B768B326904B59A0193776F094",
    secret: "28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925",
    k_enc: "F5F0E35C0D7161EE6724EE513A0D9A7F",
    k_mac: "FE251C7858B356B24514B3BD5F4297D1",
    token: "C2B0BD78D94BA866",
    token_answer: "3ABB9674BCE93C08",
    more: "",
};

/// 9303-11 appendix G.2.
const GENERIC_DH: Example = Example {
    protocol: "04007F00070202040102",
    password: PasswordKind::Mrz,
    parameters: DomainParameters::Group(Group::Rfc5114_1024_160),
    k_pi: "89DED1B26624EC1E634C1989302849DD",
    z: "854D8DF5827FA6852D1A4FA701CDDDCA",
    s: "FA5B7E3E49753A0DB9178B7B9BD898C8",
    drawn: ["5265030F751F4AD18B08AC565FC7AC952E41618D", "89CCD99B0E8D3B1F11E1296DCA68EC53411CF2CA"],
    mapping: "23FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3EB71C343DB13D1DEBCE9A3666\
            DBCFC920B49174A602CB47965CAA73DC702489A44D41DB914DE9613DC5E98C94160551C0DF86274B9359BC04\
            90D01B03AD54022DCB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C",
    mapping_answer: "78879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B26381E4DA19E004\
            706FACE7B235C2DBF2F38748312F3C98C2DD4882A41947B324AA1259AC22579DB93F7085655AF30889DBB845\
            D9E6783FE42C9F2449400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6",
    generator: "7C9CBFE98F9FBDDA8D143506FA7D9306F4CB17E3C71707AFF5E1C1A12370249684D64EE37AF44B8DBD9D45BF\
            6023919CBAA027AB97ACC771666C8E98FF483301BFA4872DEDE9034EDFACB70814166B7F360676829B826BEA\
            57291B5AD69FBC84EF1E779032A305803F74341793E869742D401325B37EE8565FFCDEE618342DC5",
    ephemeral: "907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD911551B9AE4D04369F29A02626C86\
            FBC6747CC7BC352645B6161A2A42D44EDA80A08FA8D61B76D3A154AD8A5A51786B0BC07147057871A922212C\
            5F67F43173172236B7747D1671E6D692A3C7D40A0C3C5CE397545D015C175EB5130551EDBC2EE5D4",
    ephemeral_answer: "075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152BD8B3A213F53820C42ADC79AB\
            5D0AEEC3AEFB91394DA476BD97B9B14D0A65C1FC71A0E019CB08AF55E1F729005FBA7E3FA5DC41899238A250\
            767A6D46DB974064386CD456743585F8E5D90CC8B4004B1F6D866C79CE0584E49687FF61BC29AEA1",
    secret: "6BABC7B3A72BCD7EA385E4C62DB2625BD8613B24149E146A629311C4CA6698E38B834B6A9E9CD7184BA8834A\
            FF5043D436950C4C1E7832367C10CB8C314D40E5990B0DF7013E64B4549E2270923D06F08CFF6BD3E977DDE6\
            ABE4C31D55C0FA2E465E553E77BDF75E3193D3834FC26E8EB1EE2FA1E4FC97C18C3F6CFFFE2607FD",
    k_enc: "2F7F46ADCC9E7E521B45D192FAFA9126",
    k_mac: "805A1D27D45A5116F73C54469462B7D8",
    token: "B46DD9BD4D98381F",
    token_answer: "917F37B5C0E6D8D1",
    more: "",
};

/// 9303-11 appendix H.1.
const INTEGRATED_ECDH: Example = Example {
    protocol: "04007F00070202040402",
    password: PasswordKind::Can,
    parameters: DomainParameters::Curve(Curve::BrainpoolP256r1),
    k_pi: "591468CDA83D65219CCCB8560233600F",
    z: "143DC40C08C8E891FBED7DEDB92B64AD",
    s: "2923BE84E16CD6AE529049F1F1BBE9EB",
    drawn: [
        "5DD4CBFC96F5453B130D890A1CDBAE32",
        "A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595",
    ],
    mapping: "5DD4CBFC96F5453B130D890A1CDBAE32",
    mapping_answer: "",
    generator: "048E82D31559ED0FDE92A4D0498ADD3C23BABA94FB77691E31E90AEA77FB17D4274C1AE14BD0C3DBAC0C871B\
            7F3608169364437CA30AC243A089D3F266C1E60FAD",
    ephemeral: "0489CBA23FFE96AA18D824627C3E934E54A9FD0B87A95D1471DC1C0ABFDCD640D46755DE9B7B778280B6BEBD\
            57439ADFEB0E21FD4ED6DF42578C13418A59B34C37",
    ephemeral_answer: "0467F78E5F7F7686082B293E8D087E056916D0F74BC01A5F8957D0DE45691E51E8932B69A962B52A0985AD2C\
            0A271EE6A13A8ADDDCD1A3A994B9DED257F4D22753",
    secret: "4F150FDE1D4F0E38E95017B891BAE17133A0DF45B0D3E18B60BA7BEAFDC2C713",
    k_enc: "0D3FEB33251A6370893D62AE8DAAF51B",
    k_mac: "B01E89E3D9E8719E586B50B4A7506E0B",
    token: "450F02B86F6A0909",
    token_answer: "75D4D96E8D5B0308",
    more: "",
};

/// 9303-11 appendix H.2.
const INTEGRATED_DH: Example = Example {
    protocol: "04007F00070202040302",
    password: PasswordKind::Can,
    parameters: DomainParameters::Group(Group::Rfc5114_1024_160),
    k_pi: "591468CDA83D65219CCCB8560233600F",
    z: "9ABB8864CA0FF1551E620D1EF4E13510",
    s: "FA5B7E3E49753A0DB9178B7B9BD898C8",
    drawn: [
        "B3A6DB3C870C3E99245E0D1C06B747DE",
        "4BD0E54740F9A028E6A515BFDAF967848C4F5F5FFF65AA0915947FFD1A0DF2FA6981271BC905F3551457B7E0\
            3AC3B8066DE4AA406C1171FB43DD939C4BA16175103BA3DEE16419AA248118F90CC36A3D6F4C373652E0C3CC\
            E7F0F1D0C5425B3600F0F0D6A67F004C8BBA33F2B4733C7252445C1DFC4F1107203F71D2EFB28161",
    ],
    mapping: "B3A6DB3C870C3E99245E0D1C06B747DE",
    mapping_answer: "",
    generator: "1D7D767F11E333BCD6DBAEF40E799E7A926B96973550656FF3C830726D118D61C276CDCC61D475CF03A98E0C\
            0E79CAEBA5BE25578BD4551D0B10903236F0B0F976852FA78EEA14EA0ACA87D1E91F688FE0DFF897BBE35A47\
            2621D343564B262F34223AE8FC59B664BFEDFA2BFE7516CA5510A6BBB633D517EC25D4E0BBAA16C2",
    ephemeral: "0F0CC62945A8029251FB7EF3C094E12EC68E4EF07F27CB9D9CD04C5C4250FAE0E4F8A951557E929AEB48E5C6\
            DD47F2F5CD7C351A9BD2CD722C07EDE166770F08FFCB370262CF308DD7B07F2E0DA9CAAA1492344C85290691\
            9538C98A4BA4187E76CE9D87832386D319CE2E043C3343AEAE6EDBA1A9894DC5094D22F7FE1351D5",
    ephemeral_answer: "928D9A0F9DBA450F13FC859C6F290D1D36E42431138A4378500BEB4E0401854CFF111F71CB6DC1D0335807A1\
            1388CC8EAA87B07907AAD9FBA6B169AF6D8C26AF8DDDC39ADC3AD2E3FF882B84D23E9768E95A80E4746FB07A\
            9767679FE92133B4D379935C771BD7FBED6C7BB4B1708B275EA75679524CDC9C6A91370CC662A2F3",
    secret: "419410D6C0A17A4C07C54872CE1CBCEB0A2705C1A434C8A89A4CFE41F1D78124CA7EC52BDE7615E5345E48AB\
            1ABB6E7D1D59A57F3174084D3CA4570397C1F62228BDFDB2DA191EA2239E2C060DBE3BBC23C2FCD0AF12E0F9\
            E0B99FCF91FF1959011D5798B2FCBC1F14FCC24E441F4C8F9B08D977E9498560E63E7FFAB3134EA7",
    k_enc: "01AFC10CF87BE36D8179E87370171F07",
    k_mac: "23F0FBD05FD6C7B8B88F4C8309669061",
    token: "55D61977CBF5307E",
    token_answer: "C2F04230187E1525",
    more: "",
};

/// 9303-11 appendix I.1; its generator is not printed.
const CHIP_AUTHENTICATION: Example = Example {
    protocol: "04007F00070202040602",
    password: PasswordKind::Mrz,
    parameters: DomainParameters::Curve(Curve::BrainpoolP256r1),
    k_pi: "4E6F6FBF7BE748B932C7B74161BBA9DF",
    z: "CB60E8E0D85B76A9BD304747C2AD42E2",
    s: "658B860BC94DF6F044FCE6D5C82CF8E5",
    drawn: [
        "5D8BB87BD74D985A4B7D4325B9F7B976FE835122773400798914AA22738135CC",
        "76ECFDAA9841C323A3F5FC5E88B88DB3EFF7E35EBF57A7E6946CB630006C2120",
    ],
    mapping: "047F1D410ADB7DDB3B84BF1030800981A9105D7457B4A3ADE002384F3086C67EDE1AB889104A27DB6D842B01\
            9020FBF3CEACB0DC627F7BDCAC29969E19D0E553C1",
    mapping_answer: "04A234236AA9B9621E8EFB73B5245C0E09D2576E5277183C1208BDD55280CAE8B304F365713A356E65A451E1\
            65ECC9AC0AC46E3771342C8FE5AEDD092685338E23",
    generator: "",
    ephemeral: "04446C934084D9DAB863944F219520076C29EE3F7AE6722B11FF319EC1C7728F955483400BFF60BF0C592927\
            0009277DC2A515E12575010AD9BA916CF1BF86FEFC",
    ephemeral_answer: "0402AD566F3C6EC7F9324509AD50A51FA52030782A4968FCFEDF737DAEA993333111C3B9B4C2287789BD137E\
            7F8AA882E2A3C633CCD6ECC2C63C57AD401A09C2E1",
    secret: "67950559D0C06B4D4B86972D14460837461087F8419FDBC36AAF6CEAAC462832",
    k_enc: "0A9DA4DB03BDDE39FC5202BC44B2E89E",
    k_mac: "4B1C06491ED5140CA2B537D344C6C0B1",
    token: "E86BD06018A1CD3B",
    token_answer: "8596CF055C67C1A3",
    more: "8A301EEA964DAAE372AC990E3EFDE6333353BFC89A6704D93DA8798CF77F5B7A54BD10CBA372B42BE0B9B5F2\
            8AA8DE2F4F92",
};

/// The worked example of TR-03110, ECDH; K_π is not printed.
const WORKED_EXAMPLE_ECDH: Example = Example {
    protocol: "04007F00070202040202",
    password: PasswordKind::Pin,
    parameters: DomainParameters::Curve(Curve::BrainpoolP256r1),
    k_pi: "",
    z: "CE834CDE69FFBB1D1EB21585CD709F18",
    s: "7D98C00FC6C9E9543BBF94A87073A123",
    drawn: [
        "752287F5B02DE3C4BC3E17945118C51B23C97278E4CD748048AC56BA5BDC3D46",
        "9D9A32DF93A57CCE33CA3CDD3457E33A976F293546C73550F397259C93BE0120",
    ],
    mapping: "043DD29BBE5907FD21A152ADA4895FAAE7ACC55F5E50EFBFDE5AB0C6EB54F198D615913635F0FDF5BEB383E0\
            0355F82D3C41ED0DF2E28363433DFB73856A15DC9F",
    mapping_answer: "049CFCF7582AC986D0DD52FA53123414C3E1B96B4D00ABA8E574679B70EFB5BC3B45D2F13729CC2AE178E7E2\
            41B443213533B77DBB44649A815DDC4A2384BA422A",
    generator: "043929D28BA1E5339D6C5DADE5E33BD3C2F0BD14DD77C7521532261659C918FA6014DD48FA84E62BDE438EDB\
            4C9771D042CDB24B7788BDBAB2031C45751E777F66",
    ephemeral: "04518BC4E532AD2A9BD6527804D5D665ABD51041037A0CC8AA922804EB501C222B3427388599AFAAE9FBACE2\
            DF93E13C3C4979CD12F0AE3E3C0126028391554582",
    ephemeral_answer: "04282CF38073036AFAC216AF135BD994DA0C357F10BD4C34AFEA1042B2EB0FD6804DF3658B835AC2E7133F13\
            691184542BB50B109963A4662ABDC08B9763AF4B5B",
    secret: "6E7D077CCD367C2EAA683F1E8EC534302E2D00B6ADAF8A87A6EDA78740F17606",
    k_enc: "68406B4162100563D9C901A6154D2901",
    k_mac: "73FF268784F72AF833FDC9464049AFC9",
    token: "A27AE7B36573C1D9",
    token_answer: "A2658C2F38600B0F",
    more: "",
};

/// The worked example of TR-03110, DH; K_π is not printed.
const WORKED_EXAMPLE_DH: Example = Example {
    protocol: "04007F00070202040102",
    password: PasswordKind::Pin,
    parameters: DomainParameters::Group(Group::Rfc5114_1024_160),
    k_pi: "",
    z: "9ABB8864CA0FF1551E620D1EF4E13510",
    s: "FA5B7E3E49753A0DB9178B7B9BD898C8",
    drawn: [
        "24C3C0E0A3280ECB943345D9DC2A7B72539FDA6FFDF99AB7B6CDDDD1BE425AF3D02C4ED0CDD73EBB4B2EDF8C\
            07FB3A35903F72B84F3771F4EBFB49520D61A8F7C7FB8C9E2ABC24BF4FF9D8DDF381A19380C85B623AB02ACB\
            F6D220F512BF40658322AD209AC0BF9E6F8DB602D5197D252BF6D148510CA1B740AF0F99F33CA5F1",
        "4BD0E54740F9A028E6A515BFDAF967848C4F5F5FFF65AA0915947FFD1A0DF2FA6981271BC905F3551457B7E0\
            3AC3B8066DE4AA406C1171FB43DD939C4BA16175103BA3DEE16419AA248118F90CC36A3D6F4C373652E0C3CC\
            E7F0F1D0C5425B3600F0F0D6A67F004C8BBA33F2B4733C7252445C1DFC4F1107203F71D2EFB28161",
    ],
    mapping: "23FB3749EA030D2A25B278D2A562047ADE3F01B74F17A15402CB7352CA7D2B3EB71C343DB13D1DEBCE9A3666\
            DBCFC920B49174A602CB47965CAA73DC702489A44D41DB914DE9613DC5E98C94160551C0DF86274B9359BC04\
            90D01B03AD54022DCB4F57FAD6322497D7A1E28D46710F461AFE710FBBBC5F8BA166F4311975EC6C",
    mapping_answer: "78879F57225AA8080D52ED0FC890A4B25336F699AA89A2D3A189654AF70729E623EA5738B26381E4DA19E004\
            706FACE7B235C2DBF2F38748312F3C98C2DD4882A41947B324AA1259AC22579DB93F7085655AF30889DBB845\
            D9E6783FE42C9F2449400306254C8AE8EE9DD812A804C0B66E8CAFC14F84D8258950A91B44126EE6",
    generator: "7C9CBFE98F9FBDDA8D143506FA7D9306F4CB17E3C71707AFF5E1C1A12370249684D64EE37AF44B8DBD9D45BF\
            6023919CBAA027AB97ACC771666C8E98FF483301BFA4872DEDE9034EDFACB70814166B7F360676829B826BEA\
            57291B5AD69FBC84EF1E779032A305803F74341793E869742D401325B37EE8565FFCDEE618342DC5",
    ephemeral: "907D89E2D425A178AA81AF4A7774EC8E388C115CAE67031E85EECE520BD911551B9AE4D04369F29A02626C86\
            FBC6747CC7BC352645B6161A2A42D44EDA80A08FA8D61B76D3A154AD8A5A51786B0BC07147057871A922212C\
            5F67F43173172236B7747D1671E6D692A3C7D40A0C3C5CE397545D015C175EB5130551EDBC2EE5D4",
    ephemeral_answer: "075693D9AE941877573E634B6E644F8E60AF17A0076B8B123D9201074D36152BD8B3A213F53820C42ADC79AB\
            5D0AEEC3AEFB91394DA476BD97B9B14D0A65C1FC71A0E019CB08AF55E1F729005FBA7E3FA5DC41899238A250\
            767A6D46DB974064386CD456743585F8E5D90CC8B4004B1F6D866C79CE0584E49687FF61BC29AEA1",
    secret: "6BABC7B3A72BCD7EA385E4C62DB2625BD8613B24149E146A629311C4CA6698E38B834B6A9E9CD7184BA8834A\
            FF5043D436950C4C1E7832367C10CB8C314D40E5990B0DF7013E64B4549E2270923D06F08CFF6BD3E977DDE6\
            ABE4C31D55C0FA2E465E553E77BDF75E3193D3834FC26E8EB1EE2FA1E4FC97C18C3F6CFFFE2607FD",
    k_enc: "2F7F46ADCC9E7E521B45D192FAFA9126",
    k_mac: "805A1D27D45A5116F73C54469462B7D8",
    token: "B46DD9BD4D98381F",
    token_answer: "917F37B5C0E6D8D1",
    more: "",
};

/// CA_IC of appendix I.1.
const CA_IC: &str = "85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3";

/// ChipAuthenticationPublicKeyInfo in EF.CardSecurity of appendix I.1.
const CARD_SECURITY_KEY: &str = "3062060904007F0007020201023052300C060704007F0007010202010D034200041872709494399E7470A643\
    1BE25E83EEE24FEA568C2ED28DB48E05DB3A610DC884D256A40E35EFCB59BF6753D3A489D28C7A4D973C2DA1\
    38A6E7A4A08F68E16F02010D";
