//! Several signatures after one PIN entry, where the card allows it.

use super::{Card, Signed, commands};
use crate::{
    error::CardError,
    layout::Credential,
    pin::{PinEntry, PinVerdict},
    signature::{KeySize, SignatureAlgorithm, ToBeSigned, normalise},
    signature_commands::SignatureCommands,
};

/// Most signatures of one series.
pub const MAX_SERIES: usize = 500;

/// What came of [`Card::verify_and_sign_series`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedSeries {
    /// The PIN was accepted.
    Series(Series),
    /// The PIN was not accepted; nothing was signed. Never [`PinVerdict::Correct`].
    PinRefused(PinVerdict),
}

/// Signatures in the order of the messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// As many as there are; fewer than messages if the card stopped.
    pub signatures: Vec<Vec<u8>>,
    /// Why it stopped.
    pub stopped: Option<CardError>,
}

impl Card<'_> {
    /// Presents the PIN once and signs one message after the other, without a gap; for each no more is sent than for one
    /// signature alone. After each one `signed` is told how many there are. What was signed before the card stopped is kept.
    ///
    /// # Errors
    /// [`CardError::Unsupported`], before anything is sent, for more than [`MAX_SERIES`] messages, for none, and for a key that
    /// wants its PIN before each use: a PIN is never presented a second time from memory. Otherwise as
    /// [`verify_and_sign_message`](Self::verify_and_sign_message), up to the first signature.
    pub fn verify_and_sign_series(
        &mut self,
        credential: &Credential,
        entry: PinEntry<'_>,
        (algorithm, size): (SignatureAlgorithm, KeySize),
        messages: &[&[u8]],
        signed: &mut dyn FnMut(usize),
    ) -> Result<SignedSeries, CardError> {
        if messages.len() > MAX_SERIES {
            return Err(CardError::Unsupported("more than 500 signatures after one PIN entry"));
        }
        if messages.len() > 1 && credential.key.user_consent {
            return Err(CardError::Unsupported("several signatures after one PIN entry"));
        }
        let method = credential.key.method_for_message(algorithm);
        let all: Vec<SignatureCommands> = messages
            .iter()
            .map(|message| commands(credential, method, (algorithm, size), ToBeSigned::Message(message)))
            .collect::<Result<_, _>>()?;
        let Some((first, others)) = all.split_first() else {
            return Err(CardError::Unsupported("a series without messages"));
        };
        let mut series = match self.present_and_send(credential, entry, first, size)? {
            Signed::PinRefused(verdict) => return Ok(SignedSeries::PinRefused(verdict)),
            Signed::Signature(signature) => Series { signatures: vec![signature], stopped: None },
        };
        signed(1);
        for commands in others {
            match self.sign_again(commands, size) {
                Ok(signature) => series.signatures.push(signature),
                Err(error) => {
                    series.stopped = Some(error);
                    break;
                }
            }
            signed(series.signatures.len());
        }
        Ok(SignedSeries::Series(series))
    }

    /// Signs with a key whose directory is selected and whose PIN is verified.
    fn sign_again(&mut self, commands: &SignatureCommands, size: KeySize) -> Result<Vec<u8>, CardError> {
        commands.set_environment(&mut self.channel)?;
        normalise(commands.sign(&mut self.channel)?, size)
    }
}
