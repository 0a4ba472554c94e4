//! Signing after the card has compared a fingerprint, in place of the PIN.
//!
//! Whether a finger stands for a PIN is the card's own rule: one that does not want it refuses the signature. A card says which
//! fingers it compares, in its list of authentication objects (ISO/IEC 7816-15) or in biometric information templates
//! (ISO/IEC 7816-11); asking costs no try.

use super::{Card, Signed};
use crate::{
    biometric::{self, Biometric, BiometricInformation},
    error::CardError,
    layout::{BiometricObject, Credential},
    pin::PinStatus,
    pin_status,
    signature::{KeySize, SignatureAlgorithm, ToBeSigned},
};

/// Most bytes of a file with biometric information templates.
const MAX_INFORMATION: usize = 2 * 1024;

impl Card<'_> {
    /// The biometric references that the card compares before this credential's key is used; none where it has none. What kind they
    /// are and in which format they want a probe, the templates say that the card gives to GET DATA, or has in the file that its list
    /// names; else as much as the list itself says.
    ///
    /// # Errors
    /// Misbehaviour, refusals and transport faults.
    pub fn biometric_references(
        &mut self,
        credential: &Credential,
    ) -> Result<Vec<BiometricInformation>, CardError> {
        self.demand_opening()?;
        self.selection.enter(&mut self.channel, &credential.key.directory)?;
        let mut told = biometric::read(&mut self.channel)?;
        for object in &credential.biometrics {
            if told.iter().any(|information| information.reference == object.reference) {
                continue;
            }
            let in_file = self.information_in_file(object)?;
            let in_file = in_file.into_iter().find(|information| information.reference == object.reference);
            told.push(in_file.unwrap_or(BiometricInformation {
                reference: object.reference,
                biometric_type: object.biometric_type,
                subtype: object.subtype,
                ..BiometricInformation::default()
            }));
        }
        if credential.wants_fingerprint() {
            told.retain(|information| names(credential, information));
        }
        Ok(told)
    }

    /// What the file says that the list names; nothing where that is a directory, or not to be read.
    fn information_in_file(
        &mut self,
        object: &BiometricObject,
    ) -> Result<Vec<BiometricInformation>, CardError> {
        let Some(place) = &object.place else { return Ok(Vec::new()) };
        match self.selection.read(&mut self.channel, place, MAX_INFORMATION) {
            Ok(content) => biometric::parse(&content),
            Err(CardError::Refused { .. }) => {
                // a path that is refused, or leads to a directory, may have led elsewhere
                self.selection.forget();
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// Asks for the tries left of a biometric reference, where that is known to cost none.
    ///
    /// # Errors
    /// Misbehaviour, refusals and transport faults.
    pub fn biometric_status(
        &mut self,
        credential: &Credential,
        object: &BiometricObject,
    ) -> Result<PinStatus, CardError> {
        self.demand_opening()?;
        self.selection.enter(&mut self.channel, &credential.key.directory)?;
        pin_status::ask_by(&mut self.channel, &mut self.selection, &object.status, object.reference)
    }

    /// Has the card compare a probe from `source` with this reference, once, and signs without a gap.
    ///
    /// # Errors
    /// [`CardError::Unsupported`] for a reference other than the one that the key is bound to; misbehaviour, refusals and transport
    /// faults. A finger that does not fit is no error: see [`Signed`].
    pub fn compare_and_sign(
        &mut self,
        credential: &Credential,
        (reference, source): (&BiometricInformation, &mut dyn Biometric),
        algorithm: SignatureAlgorithm,
        size: KeySize,
        digest: &[u8],
    ) -> Result<Signed, CardError> {
        if credential.wants_fingerprint() && !names(credential, reference) {
            return Err(CardError::Unsupported("a fingerprint other than the one that the key is bound to"));
        }
        let method = credential.key.method(algorithm);
        let what = ToBeSigned::Digest(digest);
        let commands = super::commands(credential, method, (algorithm, size), what)?;
        self.sign_after(credential, &commands, size, |channel| biometric::verify(channel, reference, source))
    }
}

fn names(credential: &Credential, information: &BiometricInformation) -> bool {
    credential.biometrics.iter().any(|object| object.reference == information.reference)
}
