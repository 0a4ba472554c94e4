//! What a chip says of passwords, before a try and after it.

use super::{
    example::Example,
    values::{GENERIC_ECDH, INTEGRATED_ECDH, WORKED_EXAMPLE_ECDH},
};
use crate::{
    apdu::Response,
    channel::Channel,
    error::CardError,
    kdf::{self, KeyUse},
    pace::{PaceVerdict, Password, PasswordKind, PasswordState, establish, password_state},
    secure_messaging::{LengthForm, SecureMessaging},
    symmetric::Cipher,
    test_hex::hex,
    test_script::{CHAINING, Script},
};

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

/// A chip may say only when it is asked for the nonce that it does not give a try.
#[test]
fn a_try_that_the_chip_does_not_give_is_told_from_a_wrong_password() {
    let refused_nonce = |announced: &str, status: &str| {
        let mut exchanges = INTEGRATED_ECDH.exchanges();
        exchanges.truncate(2);
        exchanges[0].1 = announced.into();
        exchanges[1].1 = status.into();
        let pairs: Vec<(&str, &str)> =
            exchanges.iter().map(|(command, answer)| (command.as_str(), answer.as_str())).collect();
        let mut script = Script::new(&pairs);
        let mut channel = Channel::new(&mut script, CHAINING);
        let outcome = INTEGRATED_ECDH.with_password(|password| {
            let variant = INTEGRATED_ECDH.variant();
            establish(&mut channel, &mut INTEGRATED_ECDH.random(), &variant, password, None)
        });
        assert!(script.is_done());
        outcome
    };
    assert!(matches!(refused_nonce("63C1", "6985"), Ok(PaceVerdict::Suspended)));
    assert!(matches!(refused_nonce("63C1", "6983"), Ok(PaceVerdict::Blocked)));
    assert!(matches!(refused_nonce("9000", "6983"), Ok(PaceVerdict::Blocked)));
    for (announced, status) in [("9000", "6985"), ("63C2", "6985"), ("63C1", "6982")] {
        let outcome = refused_nonce(announced, status);
        assert!(matches!(outcome, Err(CardError::Refused { command: "GENERAL AUTHENTICATE", .. })));
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

/// An answer under session keys without data: 9303-11 section 9.8.
fn protected_status(cipher: Cipher, k_mac: &[u8], ssc: u8, status: &str) -> String {
    let object = format!("9902{status}");
    let counted = format!("{ssc:032X}{object}80");
    let mut blocks = hex(&counted);
    blocks.resize(blocks.len().next_multiple_of(16), 0);
    let mac: String =
        cipher.mac8_blocks(k_mac, &blocks).unwrap().iter().map(|byte| format!("{byte:02X}")).collect();
    format!("{object}8E08{mac}{status}")
}

#[test]
fn a_suspended_pin_gets_its_last_try_after_the_card_access_number() {
    let cipher = Cipher::Aes128;
    let k_mac = kdf::derive(cipher, b"secret of the first session", KeyUse::Mac);
    let session = || SecureMessaging::from_secret(cipher, b"secret of the first session").unwrap();
    let mut expected = session();
    let upper = |bytes: Vec<u8>| -> String { bytes.iter().map(|byte| format!("{byte:02X}")).collect() };

    let template = hex("800A04007F00070202040202830103");
    let first = upper(expected.wrap([0x00, 0x22, 0xC1, 0xA4], &template, None, LengthForm::Short).unwrap());
    let suspended = protected_status(cipher, &k_mac, 2, "63C1");
    expected.unwrap(&Response::parse(hex(&suspended)).unwrap()).unwrap();
    let second =
        upper(expected.wrap([0x10, 0x86, 0x00, 0x00], &[0x7C, 0x00], Some(256), LengthForm::Short).unwrap());
    let refused = protected_status(cipher, &k_mac, 4, "6A88");

    let mut script = Script::new(&[(&first, &suspended), (&second, &refused)]);
    let mut channel = Channel::new(&mut script, CHAINING);
    channel.protect(session());
    let example = &WORKED_EXAMPLE_ECDH;
    let pin = Password::Pin(b"123456");
    let outcome = establish(&mut channel, &mut example.random(), &example.variant(), &pin, None);
    assert!(
        matches!(outcome, Err(CardError::Refused { command: "GENERAL AUTHENTICATE", .. })),
        "{outcome:?}"
    );
    // the first session goes on
    assert!(channel.is_protected());
    assert!(script.is_done());
}
