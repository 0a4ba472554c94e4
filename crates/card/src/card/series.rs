//! Several signatures after one PIN entry, where the card allows it.

use std::ops::ControlFlow;

use super::{Card, Signed, commands};
use crate::{
    error::CardError,
    layout::Credential,
    pin::{PinEntry, PinVerdict},
    signature::{KeySize, SignatureAlgorithm, ToBeSigned, normalise},
    signature_commands::SignatureCommands,
    transport::TransportError,
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
        way: (SignatureAlgorithm, KeySize),
        messages: &[&[u8]],
        signed: &mut dyn FnMut(usize),
    ) -> Result<SignedSeries, CardError> {
        let (algorithm, size) = way;
        let all: Vec<_> = messages.iter().map(|message| (algorithm, ToBeSigned::Message(message))).collect();
        self.verify_and_sign_each(credential, entry, size, &all, &mut |count| {
            signed(count);
            ControlFlow::Continue(())
        })
    }

    /// The same for messages and digests, each with its algorithm; `signed` says after each one whether the series goes on. One that was given up has
    /// [`TransportError::Cancelled`] as its end.
    ///
    /// # Errors
    /// As [`verify_and_sign_series`](Self::verify_and_sign_series); for a digest, also a key that has to see the message.
    pub fn verify_and_sign_each(
        &mut self,
        credential: &Credential,
        entry: PinEntry<'_>,
        size: KeySize,
        all: &[(SignatureAlgorithm, ToBeSigned<'_>)],
        signed: &mut dyn FnMut(usize) -> ControlFlow<()>,
    ) -> Result<SignedSeries, CardError> {
        if all.len() > MAX_SERIES {
            return Err(CardError::Unsupported("more than 500 signatures after one PIN entry"));
        }
        if all.len() > 1 && credential.key.user_consent {
            return Err(CardError::Unsupported("several signatures after one PIN entry"));
        }
        let all: Vec<SignatureCommands> = all
            .iter()
            .map(|(algorithm, what)| {
                let method = match what {
                    ToBeSigned::Digest(_) => credential.key.method(*algorithm),
                    ToBeSigned::Message(_) => credential.key.method_for_message(*algorithm),
                };
                commands(credential, method, (*algorithm, size), *what)
            })
            .collect::<Result<_, _>>()?;
        let Some((first, others)) = all.split_first() else {
            return Err(CardError::Unsupported("a series without messages"));
        };
        let mut series = match self.present_and_send(credential, entry, first, size)? {
            Signed::PinRefused(verdict) => return Ok(SignedSeries::PinRefused(verdict)),
            Signed::Signature(signature) => Series { signatures: vec![signature], stopped: None },
        };
        for commands in others {
            let signature = match signed(series.signatures.len()) {
                ControlFlow::Continue(()) => self.sign_again(commands, size),
                ControlFlow::Break(()) => Err(TransportError::Cancelled.into()),
            };
            match signature {
                Ok(signature) => series.signatures.push(signature),
                Err(error) => {
                    series.stopped = Some(error);
                    return Ok(SignedSeries::Series(series));
                }
            }
        }
        let _ = signed(series.signatures.len());
        Ok(SignedSeries::Series(series))
    }

    /// Signs with a key whose directory is selected and whose PIN is verified.
    fn sign_again(&mut self, commands: &SignatureCommands, size: KeySize) -> Result<Vec<u8>, CardError> {
        commands.set_environment(&mut self.channel)?;
        normalise(commands.sign(&mut self.channel)?, size)
    }
}
