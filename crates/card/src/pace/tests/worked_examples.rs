//! Every value that the standards print, one step after the other, then the whole exchange.

use zeroize::Zeroizing;

use super::values::EXAMPLES;
use crate::{
    apdu::{Command, ins},
    channel::Channel,
    kdf::{self, KeyUse},
    key_agreement::PublicKey,
    pace::{PaceVerdict, establish, mapping},
    secure_messaging::{LengthForm, SecureMessaging},
    security_infos::Mapping,
    test_hex::hex,
    test_script::{CHAINING, Script},
};

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
