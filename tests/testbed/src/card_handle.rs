//! A card that a test holds on to, in a reader or out of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bitaqa_virtual_card::{
    Card, Certificates, Cost, Misbehaviour, card::RenewalError, command_log::LogEntry, pki::Certificate,
};

/// A card. Cloning gives another handle on the same card.
#[derive(Clone)]
pub struct CardHandle(Arc<Mutex<Card>>);

impl CardHandle {
    pub(crate) fn new(card: Card) -> Self {
        Self(Arc::new(Mutex::new(card)))
    }

    pub(crate) fn card(&self) -> MutexGuard<'_, Card> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was exchanged with the card: headers, lengths, status words, times.
    #[must_use]
    pub fn log(&self) -> Vec<LogEntry> {
        self.card().log().entries().to_vec()
    }

    /// Forgets what was exchanged.
    pub fn clear_log(&self) {
        self.card().clear_log();
    }

    /// VERIFY commands that presented a PIN or PUK.
    #[must_use]
    pub fn verify_count(&self) -> usize {
        self.card().log().verify_count()
    }

    /// Resets and cold starts.
    #[must_use]
    pub fn resets(&self) -> usize {
        self.card().log().resets()
    }

    /// Whether the card was reset after the last exchange: whatever a command opened on it is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.card().log().ends_with_reset()
    }

    /// Orders something to go wrong.
    pub fn misbehave(&self, misbehaviour: Misbehaviour) {
        self.card().misbehave(misbehaviour);
    }

    /// Takes back whatever was ordered and did not happen yet.
    pub fn behave(&self) {
        self.card().behave();
    }

    /// Says what commands cost from now on.
    pub fn set_cost(&self, cost: Cost) {
        self.card().set_cost(cost);
    }

    /// The certificates on the card.
    #[must_use]
    pub fn certificates(&self) -> Certificates {
        self.card().certificates().clone()
    }

    /// How often the card gave out these bytes as a whole since the log was cleared.
    #[must_use]
    pub fn times_given(&self, bytes: &[u8]) -> usize {
        self.card().times_given(bytes)
    }

    /// Puts another certificate for the same key in the place of the one for documents.
    ///
    /// # Errors
    /// [`RenewalError`]; then the card is as it was.
    pub fn renew_signature_certificate(&self, certificate: Certificate) -> Result<(), RenewalError> {
        self.card().renew_signature_certificate(certificate)
    }

    /// The answer to reset.
    #[must_use]
    pub fn atr(&self) -> Vec<u8> {
        self.card().atr().to_vec()
    }

    /// Tries left of a PIN, by its reference.
    #[must_use]
    pub fn tries_left(&self, reference: u8) -> Option<u8> {
        self.card().tries_left(reference)
    }
}
