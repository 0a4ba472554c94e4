//! Chip authentication with the verifier's key, which a host passes on (9303-11, section 6.2): the verifier's side.
//!
//! The host has ended its own session with the chip by handing over what the verifier made: a public key, for MSE:Set AT and
//! GENERAL AUTHENTICATE (or MSE:Set KAT with 3DES), and one READ BINARY of DG14 under the keys that follow from it. The chip
//! answers under the same keys, which nobody has but the chip of DG14 and the verifier.

use std::fmt;

use bitaqa_card::{
    Random,
    chip_authentication::{ChipKey, RelayFault, RelayedChipAuthentication, Verifier},
    lds::DataGroup,
    symmetric::Cipher,
};
use bitaqa_protocol::{Challenge, Origin};
use sha2::{Digest as _, Sha512};
use zeroize::Zeroizing;

use super::{ChipProofFault, chip_key};
use crate::{identity::binding::joined, passive_authentication::GenuineDocument};

/// Bytes that a round's private key is made from: more than any group's order has, so that reducing them favours no key.
pub const ROUND_SECRET: usize = 96;

/// What the factor is for, so that no factor made for it is one of anything else.
const PURPOSE: &[u8] = b"bitaqa-ca-1";

/// Ties the proof to one request: the chip gets the verifier's key times a factor, which host and verifier each make of the request
/// as they know it. A page that has another portal's challenge passed on, in a request to its own, gets an answer that opens for
/// nobody.
///
/// The factor is SHA-512 over five values, each behind its length in bytes as a big-endian number of four bytes: `bitaqa-ca-1`; the
/// origin as ASCII text; the challenge as the portal gave it, as text; the thumbprint of the key that the answer is encrypted to
/// (RFC 7638 with SHA-256, 32 bytes); and the verifier's key as it is sent. It is taken modulo the order of the group. The key is
/// among them, or from a wanted product a key could be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChipAuthenticationBinding(Vec<u8>);

impl ChipAuthenticationBinding {
    /// To the request of this origin with this challenge, whose answer is encrypted to the key with this thumbprint.
    #[must_use]
    pub fn of(origin: &Origin, challenge: &Challenge, recipient_thumbprint: &[u8; 32]) -> Self {
        let values =
            [PURPOSE, origin.as_str().as_bytes(), challenge.as_str().as_bytes(), recipient_thumbprint];
        Self(joined(&values))
    }

    fn factor(&self, ephemeral: &[u8]) -> [u8; 64] {
        let mut hash = Sha512::new_with_prefix(&self.0);
        hash.update(joined(&[ephemeral]));
        hash.finalize().into()
    }

    /// What a host passes on to the chip: the verifier's key and command, checked, and the key multiplied.
    ///
    /// # Errors
    /// [`RelayFault`]; nothing was sent then.
    pub fn relayed(
        &self,
        chip: &ChipKey,
        ephemeral: &[u8],
        protected_read: &[u8],
    ) -> Result<RelayedChipAuthentication, RelayFault> {
        RelayedChipAuthentication::bound(chip, ephemeral, &self.factor(ephemeral), protected_read)
    }
}

/// One round, for one document: made when the document has come, used when the chip's answer has. It must not be used for a
/// second answer.
pub struct ChipAuthenticationRound {
    verifier: Verifier,
    cipher: Cipher,
    binding: ChipAuthenticationBinding,
    secret: Zeroizing<[u8; ROUND_SECRET]>,
}

impl ChipAuthenticationRound {
    /// Makes a key on the curve, or in the group, of the document's DG14.
    ///
    /// # Errors
    /// [`ChipProofFault::KeyNotSigned`], [`ChipProofFault::Key`], [`ChipProofFault::NoKey`]: the chip cannot prove itself this
    /// way.
    pub fn begin(
        document: &GenuineDocument<'_, '_>,
        binding: &ChipAuthenticationBinding,
        random: &mut dyn Random,
    ) -> Result<Self, ChipProofFault> {
        let key = usable(document)?;
        let mut secret = Zeroizing::new([0; ROUND_SECRET]);
        loop {
            random.fill(&mut secret[..]);
            // a number that is zero in the group is drawn again
            if let Some(round) = Self::with(&key, binding, &secret)? {
                return Ok(round);
            }
        }
    }

    /// The same round again, for a server that keeps the secret and not the round. Whoever keeps it makes sure that it is
    /// used for one answer.
    ///
    /// # Errors
    /// As for [`begin`](Self::begin).
    pub fn resume(
        document: &GenuineDocument<'_, '_>,
        binding: &ChipAuthenticationBinding,
        secret: &[u8; ROUND_SECRET],
    ) -> Result<Self, ChipProofFault> {
        let secret = Zeroizing::new(*secret);
        Self::with(&usable(document)?, binding, &secret)?.ok_or(ChipProofFault::NoKey)
    }

    fn with(
        key: &ChipKey,
        binding: &ChipAuthenticationBinding,
        secret: &Zeroizing<[u8; ROUND_SECRET]>,
    ) -> Result<Option<Self>, ChipProofFault> {
        let parameters = key.public_key().domain_parameters();
        let Some(private) = parameters.reduced_private_key(&secret[..]) else { return Ok(None) };
        let factor = |ephemeral: &[u8]| binding.factor(ephemeral);
        let verifier = Verifier::bound(key, &private, factor).map_err(ChipProofFault::Key)?;
        Ok(Some(Self { verifier, cipher: key.cipher(), binding: binding.clone(), secret: secret.clone() }))
    }

    /// The public key for the host, which multiplies it for the chip.
    #[must_use]
    pub fn ephemeral_key(&self) -> &[u8] {
        self.verifier.ephemeral()
    }

    /// The one protected command for the chip.
    #[must_use]
    pub fn protected_read(&self) -> &[u8] {
        self.verifier.protected_read()
    }

    /// What [`resume`](Self::resume) needs. Whoever has it can answer in the chip's place.
    #[must_use]
    pub const fn secret(&self) -> &Zeroizing<[u8; ROUND_SECRET]> {
        &self.secret
    }

    /// Takes the chip's answer, as the host returned it: protected, with the status word at the end.
    #[must_use]
    pub const fn answered(self, answer: &[u8]) -> ChipAuthenticationProof<'_> {
        ChipAuthenticationProof { round: self, answer }
    }
}

impl fmt::Debug for ChipAuthenticationRound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChipAuthenticationRound").field("cipher", &self.cipher).finish_non_exhaustive()
    }
}

/// A round with its answer.
pub struct ChipAuthenticationProof<'e> {
    round: ChipAuthenticationRound,
    answer: &'e [u8],
}

impl fmt::Debug for ChipAuthenticationProof<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChipAuthenticationProof").field("round", &self.round).finish_non_exhaustive()
    }
}

impl ChipAuthenticationProof<'_> {
    pub(super) fn check(self, document: &GenuineDocument<'_, '_>) -> Result<Cipher, ChipProofFault> {
        let group = DataGroup::DG14;
        let content = document.group(group).ok_or(ChipProofFault::KeyNotSigned { group })?;
        // made again for this document: a round for another one has another key, and must not pass for it
        let round = ChipAuthenticationRound::resume(document, &self.round.binding, &self.round.secret)?;
        round.verifier.check(self.answer, content)?;
        Ok(round.cipher)
    }
}

fn usable(document: &GenuineDocument<'_, '_>) -> Result<ChipKey, ChipProofFault> {
    chip_key(document)?.ok_or(ChipProofFault::NoKey)
}
