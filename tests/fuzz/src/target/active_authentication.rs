//! Active authentication: a key of DG15, and what the chip answers.

use bitaqa_card::{
    active_authentication::{ActiveAuthenticationKey, Challenge, sign},
    channel::Channel,
    security_infos::SecurityInfos,
};

use super::{choice, lengths, written};
use crate::{SEPARATOR, answers::Answers, answers_of};

pub(crate) fn run(input: &[u8]) {
    let (kind, content) = choice(input);
    let mut parts = answers_of(content);
    let (dg15, infos) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let Ok(key) = ActiveAuthenticationKey::parse(dg15) else { return };
    let infos = SecurityInfos::parse("DG14", infos).unwrap_or_default();
    let answers: Vec<&[u8]> = parts.collect();
    let answers = answers.join(&SEPARATOR[..]);
    let (link, limits) = lengths(kind);
    let mut card = Answers::new(&answers, limits);
    let mut channel = Channel::new(&mut card, link);
    let challenge = Challenge::bound_to(b"a challenge");
    if let Ok(signatures) = sign(&mut channel, &key, &challenge) {
        assert!(signatures.iter().all(|signature| signature.len() <= key.max_signature()));
        written(&key.verify_rounds(&challenge, &signatures, infos.active_authentication()));
    }
}
