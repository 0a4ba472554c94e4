//! Chip authentication in two calls of the portal's server: what goes to the page in between, and what the server keeps.

use std::fmt;

use bitaqa_protocol::{Base64Error, decode_base64, encode_base64, identity::ChipChallenge};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::result::{Check, VerifiedIdentity};
use crate::{
    DateTime,
    chip_proof::{ChipAuthenticationRound, ROUND_SECRET},
};

/// Longest time from the first step to the second, in seconds. A host waits thirty for the challenge; the rest is for the card
/// and the network.
pub const MAX_WAIT: u64 = 120;

/// Names the format of a state, and what it is.
const PREFIX: &str = "bitaqa-chip-state-1.";
const HASH: usize = 32;
const TIME: usize = 8;
const LENGTH: usize = ROUND_SECRET + HASH + TIME;
/// Characters of a state's text.
const TEXT_LENGTH: usize = PREFIX.len() + LENGTH.div_ceil(3) * 4;

/// What comes of the first step.
#[derive(Debug)]
pub enum FirstStep {
    /// The answer holds; there is no second call.
    Verified(Box<VerifiedIdentity>),
    /// Everything holds as far as can be known, and the chip has to prove itself by the server's key.
    ChipAuthenticationNeeded(ChipAuthenticationNeeded),
}

/// The answer holds but for the chip, which has yet to prove that it is no copy. Nothing of the answer is told before that.
#[derive(Debug)]
pub struct ChipAuthenticationNeeded {
    /// For the page, which gives it to the host. Nobody has to keep it secret.
    pub challenge: ChipChallenge,
    /// For the server, which keeps it in the person's session.
    pub state: ChipState,
    /// Every step with its outcome: [`Step::Chip`](super::result::Step::Chip) is not checked, and
    /// [`Step::Status`](super::result::Step::Status) not reached.
    pub checks: Vec<Check>,
}

/// What a server keeps between the two steps. Whoever has it can answer in the chip's place: it stays on the server, and it is
/// used for one answer, so the server removes it from its session before it goes on.
pub struct ChipState {
    secret: Zeroizing<[u8; ROUND_SECRET]>,
    answer: [u8; HASH],
    begun: u64,
}

impl ChipState {
    pub(super) fn new(round: &ChipAuthenticationRound, answer: &str, at: DateTime) -> Self {
        Self { secret: round.secret().clone(), answer: hash(answer), begun: at.unix_duration().as_secs() }
    }

    /// As text of ASCII characters without white space, for a session store. It is as secret as the state.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        let (secret, rest) = bytes.split_at_mut(ROUND_SECRET);
        let (answer, begun) = rest.split_at_mut(HASH);
        secret.copy_from_slice(&self.secret[..]);
        answer.copy_from_slice(&self.answer);
        begun.copy_from_slice(&self.begun.to_be_bytes());
        let encoded = Zeroizing::new(encode_base64(&bytes[..]));
        // of its whole length at once: a text that grows leaves copies behind
        let mut text = Zeroizing::new(String::with_capacity(TEXT_LENGTH));
        text.push_str(PREFIX);
        text.push_str(&encoded);
        text
    }

    /// Reads the text.
    ///
    /// # Errors
    /// [`ChipStateError`].
    pub fn parse(text: &str) -> Result<Self, ChipStateError> {
        if text.len() != TEXT_LENGTH {
            return Err(ChipStateError::Format);
        }
        let encoded = text.strip_prefix(PREFIX).ok_or(ChipStateError::Format)?;
        let bytes = Zeroizing::new(decode_base64(encoded)?);
        let (secret, rest) = bytes.split_first_chunk::<ROUND_SECRET>().ok_or(ChipStateError::Format)?;
        let (answer, rest) = rest.split_first_chunk::<HASH>().ok_or(ChipStateError::Format)?;
        let begun = <[u8; TIME]>::try_from(rest).map_err(|_| ChipStateError::Format)?;
        Ok(Self { secret: Zeroizing::new(*secret), answer: *answer, begun: u64::from_be_bytes(begun) })
    }

    pub(super) const fn secret(&self) -> &Zeroizing<[u8; ROUND_SECRET]> {
        &self.secret
    }

    /// Whether it was made for this encrypted answer.
    pub(super) fn is_of(&self, answer: &str) -> bool {
        self.answer == hash(answer)
    }

    /// Whether the second step comes soon enough.
    pub(super) fn is_fresh(&self, at: DateTime) -> bool {
        // clocks of servers that share a session may differ a little
        at.unix_duration().as_secs().abs_diff(self.begun) <= MAX_WAIT
    }
}

/// Nothing of it: it is a secret.
impl fmt::Debug for ChipState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChipState").finish_non_exhaustive()
    }
}

fn hash(answer: &str) -> [u8; HASH] {
    Sha256::digest(answer).into()
}

/// Why a text is no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChipStateError {
    /// Not of this form.
    #[error("this is no state of chip authentication")]
    Format,
    /// Not canonical base64.
    #[error(transparent)]
    Base64(#[from] Base64Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state() -> ChipState {
        let mut secret = Zeroizing::new([0; ROUND_SECRET]);
        for (byte, number) in secret.iter_mut().zip(0..) {
            *byte = number;
        }
        ChipState { secret, answer: hash("an answer"), begun: 1_700_000_000 }
    }

    #[test]
    fn a_state_survives_its_text() {
        let text = state().to_text();
        assert_eq!(text.len(), TEXT_LENGTH);
        let read = ChipState::parse(&text).unwrap();
        assert_eq!((&read.secret, read.begun), (&state().secret, 1_700_000_000));
        assert!(read.is_of("an answer") && !read.is_of("another"));
        assert_eq!(read.to_text(), text);
    }

    #[test]
    fn what_is_none_is_refused() {
        let text = state().to_text();
        let other_format = text.replace("state-1", "state-2");
        let other_padding = text.replace('=', "A");
        for text in ["", PREFIX, &text[1..], &other_format, &other_padding, &format!("{}=", &*text)] {
            assert!(ChipState::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_state_is_fresh_for_two_minutes_and_shows_nothing() {
        let at = |seconds| DateTime::from_unix_duration(std::time::Duration::from_secs(seconds)).unwrap();
        let state = state();
        assert!(state.is_fresh(at(1_700_000_000)) && state.is_fresh(at(1_700_000_120)));
        assert!(!state.is_fresh(at(1_700_000_121)));
        assert_eq!(format!("{state:?}"), "ChipState { .. }");
    }
}
