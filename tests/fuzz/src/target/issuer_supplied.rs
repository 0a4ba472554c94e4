//! Cards as their issuer describes them: a profile, then any answers.

use bitaqa_card::{
    SecureMessaging,
    channel::Channel,
    issuer_supplied::{CardChallenge, IssuerKey, IssuerKeyError, IssuerProfile, read},
    symmetric::Cipher,
};
use zeroize::Zeroizing;

use super::{choice, lengths, written};
use crate::{SEPARATOR, answers::Answers};

/// An issuer's key that answers anything, and may begin a session.
struct AnyKey {
    begins_session: bool,
}

impl IssuerKey for AnyKey {
    fn answer(&mut self, challenge: &CardChallenge<'_>) -> Result<Zeroizing<Vec<u8>>, IssuerKeyError> {
        Ok(Zeroizing::new(challenge.challenge.to_vec()))
    }

    fn accept(&mut self, _: &[u8]) -> Result<Option<SecureMessaging>, IssuerKeyError> {
        let session = self.begins_session.then(|| SecureMessaging::from_secret(Cipher::Aes128, &[1]));
        session.transpose().map_err(|_| IssuerKeyError::CardNotGenuine)
    }
}

pub(crate) fn run(input: &[u8]) {
    let (kind, content) = choice(input);
    let end = content.windows(SEPARATOR.len()).position(|bytes| bytes == SEPARATOR);
    let (profile, answers) = content.split_at(end.unwrap_or(content.len()));
    let Ok(profile) = std::str::from_utf8(profile) else { return };
    let Ok(profile) = IssuerProfile::load("any", profile) else { return };
    let (link, limits) = lengths(kind);
    let mut card = Answers::new(answers.get(SEPARATOR.len()..).unwrap_or_default(), limits);
    let mut channel = Channel::new(&mut card, link);
    let outcome = read(&mut channel, &profile, &mut AnyKey { begins_session: kind & 2 != 0 });
    written(&outcome);
    if let Ok(claims) = outcome {
        assert_eq!(claims.len(), profile.claims.len());
    }
}
