//! PACE, in every kind of it, with any answers. The first byte says which, the second with which password.

use bitaqa_card::{
    channel::Channel,
    chat::Chat,
    key_agreement::{DomainParameters, KeyAgreement},
    pace::{self, PaceVariant, PaceVerdict, Password, PasswordKind},
    security_infos::{Mapping, PaceProtocol},
    symmetric::Cipher,
};

use super::{can, choice, draws, lengths, written, zone};
use crate::answers::Answers;

/// Key agreement, mapping, cipher, and the number of the domain parameters: each of the former with the smallest there are, P-192 and
/// brainpoolP192r1. Arithmetic is nearly all that a run costs, and no other curve has code of its own here.
pub const VARIANTS: &[(KeyAgreement, Mapping, Cipher, u32)] = &[
    (KeyAgreement::Ecdh, Mapping::Generic, Cipher::TripleDes, 8),
    (KeyAgreement::Ecdh, Mapping::Generic, Cipher::Aes128, 8),
    (KeyAgreement::Ecdh, Mapping::Generic, Cipher::Aes192, 9),
    (KeyAgreement::Ecdh, Mapping::Generic, Cipher::Aes256, 8),
    (KeyAgreement::Ecdh, Mapping::Integrated, Cipher::TripleDes, 8),
    (KeyAgreement::Ecdh, Mapping::Integrated, Cipher::Aes128, 8),
    (KeyAgreement::Ecdh, Mapping::Integrated, Cipher::Aes256, 9),
    (KeyAgreement::Ecdh, Mapping::ChipAuthentication, Cipher::Aes128, 8),
    (KeyAgreement::Ecdh, Mapping::ChipAuthentication, Cipher::Aes256, 9),
    (KeyAgreement::Dh, Mapping::Generic, Cipher::TripleDes, 0),
    (KeyAgreement::Dh, Mapping::Integrated, Cipher::Aes128, 0),
];

pub(crate) fn run(input: &[u8]) {
    let (number, rest) = choice(input);
    let (options, answers) = choice(rest);
    let Some((key_agreement, mapping, cipher, id)) = VARIANTS.get(usize::from(number)).copied() else {
        return;
    };
    let Some(domain_parameters) = DomainParameters::from_parameter_id(id) else { return };
    let protocol = PaceProtocol { key_agreement, mapping, cipher };
    let parameter_reference = (options & 4 != 0).then_some(id);
    let variant = PaceVariant { protocol, domain_parameters, parameter_reference };
    let (Some(can), Some(zone)) = (can(), zone()) else { return };
    let password = match options >> 4 & 3 {
        0 => Password::Can(&can),
        1 => Password::Mrz(&zone),
        2 => Password::Pin(b"123456"),
        _ => Password::Puk(b"12345678"),
    };
    // an authentication terminal (TR-03110-4 section 2.2.3)
    let chat = (options & 8 != 0).then(|| Chat::new(&[0x04, 0, 0x7F, 0, 7, 3, 1, 2, 2], &[0; 5]));
    let (link, limits) = lengths(options);
    let mut card = Answers::new(answers, limits);
    let mut channel = Channel::new(&mut card, link);
    if options & 2 != 0 {
        for kind in [PasswordKind::Mrz, PasswordKind::Can, PasswordKind::Pin, PasswordKind::Puk] {
            written(&pace::password_state(&mut channel, &variant, kind));
        }
    }
    let outcome = pace::establish(&mut channel, &mut draws(), &variant, &password, chat.as_ref());
    written(&outcome);
    let is_open = matches!(outcome, Ok(PaceVerdict::Open(_)));
    assert_eq!(channel.is_protected(), is_open, "a session is there when PACE says so, and only then");
}
