//! A whole sign-in over any answers: what the card is, whose it is, PIN and signature; and the report of an unknown card.

use std::sync::LazyLock;

use bitaqa_card::{
    Card, CardError, Hash, PinEntry, Profile, Role, SignatureAlgorithm, Signed, UnknownCardReport,
    atr_pattern::AtrPattern, channel::Channel, pin::SCRATCH_LENGTH, profile::Link, signature::KeySize,
};

use super::{choice, lengths, written};
use crate::answers::Answers;

static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| Profile::compiled_in().unwrap_or_default());

/// A try with which the answers may be told apart: no sign-in takes this PIN for another.
const PIN: &[u8] = b"271828";

pub(crate) fn run(input: &[u8]) {
    let (kind, content) = choice(input);
    let atrs = PROFILES.iter().flat_map(|profile| &profile.recognise.atr_hints).map(AtrPattern::example);
    let atr = atrs.cycle().nth(usize::from(kind >> 2)).filter(|_| kind >> 2 != 0).unwrap_or_default();
    let (_, limits) = lengths(kind);
    let mut card = Answers::new(content, limits);
    if kind & 2 == 0 {
        let _ = sign_in(&mut card, &atr);
    } else {
        let mut channel = Channel::new(&mut card, Link::CAUTIOUS);
        if let Ok(report) = UnknownCardReport::collect(&mut channel, &atr) {
            written(&report);
            let stub = report.profile_stub();
            assert!(Profile::load("stub", &stub).is_ok() || stub.contains('#'), "{stub}");
        }
    }
}

fn sign_in(card: &mut Answers<'_>, atr: &[u8]) -> Result<(), CardError> {
    let mut card = Card::discover(card, atr, &PROFILES)?;
    written(card.layout());
    for role in [Role::Authentication, Role::Signature] {
        let Ok(credential) = card.credential(role) else { continue };
        if let Some(pin) = &credential.pin {
            card.pin_status(pin)?;
        }
        card.certificate(&credential)?;
        let (algorithm, size) = (SignatureAlgorithm::Ecdsa(Hash::Sha256), KeySize::Ec(32));
        let algorithm = match credential.key.method(algorithm) {
            Some(_) => algorithm,
            None => SignatureAlgorithm::RsaPkcs1(Hash::Sha256),
        };
        let size =
            if algorithm == SignatureAlgorithm::Ecdsa(Hash::Sha256) { size } else { KeySize::Rsa(256) };
        let mut scratch = [0; SCRATCH_LENGTH];
        let entry = PinEntry::Typed { pin: PIN, scratch: &mut scratch };
        let signed = card.verify_and_sign(&credential, entry, algorithm, size, &[1; 32]);
        assert_eq!(scratch, [0; SCRATCH_LENGTH], "the VERIFY command is overwritten");
        if let Signed::Signature(signature) = signed? {
            let expected = match size {
                KeySize::Ec(bytes) => 2 * bytes,
                KeySize::Rsa(bytes) => bytes,
            };
            assert_eq!(signature.len(), expected, "a signature has the length of its key");
        }
    }
    Ok(())
}
