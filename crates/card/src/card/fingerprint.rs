//! Signing after the card has compared a fingerprint, in place of the PIN.
//!
//! Whether a finger stands for a PIN is the card's own rule: one that does not want it refuses the signature. A card says which
//! fingers it compares; asking costs no try.

use super::{Card, Signed};
use crate::{
    biometric::{self, Biometric, BiometricInformation},
    error::CardError,
    layout::Credential,
    signature::{KeySize, SignatureAlgorithm, ToBeSigned},
};

impl Card<'_> {
    /// The biometric references that the card compares where this credential's key is; none where it has none.
    ///
    /// # Errors
    /// Misbehaviour, refusals and transport faults.
    pub fn biometric_references(
        &mut self,
        credential: &Credential,
    ) -> Result<Vec<BiometricInformation>, CardError> {
        self.demand_opening()?;
        self.selection.enter(&mut self.channel, &credential.key.directory)?;
        biometric::read(&mut self.channel)
    }

    /// Has the card compare a probe from `source` with this reference, once, and signs without a gap.
    ///
    /// # Errors
    /// Misbehaviour, refusals and transport faults. A finger that does not fit is no error: see [`Signed`].
    pub fn compare_and_sign(
        &mut self,
        credential: &Credential,
        (reference, source): (&BiometricInformation, &mut dyn Biometric),
        algorithm: SignatureAlgorithm,
        size: KeySize,
        digest: &[u8],
    ) -> Result<Signed, CardError> {
        let method = credential.key.method(algorithm);
        let what = ToBeSigned::Digest(digest);
        self.sign_after(credential, method, (algorithm, size), what, |channel| {
            biometric::verify(channel, reference, source)
        })
    }
}
